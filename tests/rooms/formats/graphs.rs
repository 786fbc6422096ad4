//! What stands before and behind the trees of an ONNX graph, as skl2onnx writes it: computed as ONNX Runtime does, or
//! refused with the operator's name.

use std::path::PathBuf;

use hivectl::error::ErrorKind;
use hivectl::formats::onnx;
use hivectl::trees::{EnsembleTask, Precision, TreeEnsemble};
use serde_json::json;

use super::support::{Peer, mixed_rows, numbers, predict, rows};

const SCALERS: [&[&str]; 12] = [
    &[],
    &["best"],
    &["variance"],
    &["standard"],
    &["minmax"],
    &["clipped"],
    &["robust"],
    &["maxabs"],
    &["median"],
    &["columns"],
    &["constant", "standard", "minmax", "best"],
    &["columns", "robust"],
];
const MODELS: [&str; 7] = ["forest", "boosting", "tree", "votes", "votes_of_three", "boosted_votes", "isolation"];

impl Peer {
    /// A pipeline that the libraries trained and converted; `None` where there is no converter.
    fn graph(&self, steps: &[&str], model: &str, wide: bool) -> Option<PathBuf> {
        let path = self.folder.path().join(format!("{}_{model}_{wide}.onnx", steps.join("_")));
        let missing = steps.iter().any(|step| ["median", "constant"].contains(step));
        let made = self.python.ask(&json!({
            "do": "pipe", "steps": steps, "model": model, "form": "onnx", "path": path, "wide": wide, "missing": missing,
            "rows": self.golden["X"], "target": self.golden["y"],
        }));
        (!made["absent"].is_string()).then_some(path)
    }

    /// Rows between those of the training, some of them with missing values where the model takes them.
    fn rows(&self, steps: &[&str]) -> Vec<Vec<f64>> {
        mixed_rows(&rows(&self.golden["X"]), 400, steps.iter().any(|step| ["median", "constant"].contains(step)))
    }
}

/// What the library's `predict` would answer.
fn told(ensemble: &TreeEnsemble, row: &[f64]) -> f64 {
    let outputs = predict(ensemble, row);
    match &ensemble.task {
        EnsembleTask::Regression | EnsembleTask::Transformed(_) => outputs[0],
        EnsembleTask::Isolation(score) => {
            if outputs[0] < score.offset {
                -1.0
            } else {
                1.0
            }
        }
        EnsembleTask::Classification { classes, .. } => {
            let mut best = 0;
            for (place, output) in outputs.iter().enumerate() {
                if *output > outputs[best] {
                    best = place;
                }
            }
            classes[best].number().expect("a number")
        }
    }
}

#[test]
fn what_stands_before_the_trees_is_computed_to_the_last_bit() {
    let Some(peer) = Peer::new() else { return };
    for model in MODELS {
        for steps in SCALERS {
            let Some(path) = peer.graph(steps, model, false) else { return };
            let ensemble = onnx::read(&std::fs::read(&path).unwrap()).unwrap_or_else(|error| panic!("{steps:?} {model}: {error}"));
            let test = peer.rows(steps);
            let answer = peer.python.predict("onnx", &path, &ensemble.feature_names, &test);
            let output = ["variable", "output_label", "label"].into_iter().find(|name| answer[*name].is_array()).unwrap();
            let mut seen = Vec::new();
            for (row, theirs) in test.iter().zip(answer[output].as_array().unwrap()) {
                let theirs = theirs.as_f64().unwrap_or_else(|| numbers(theirs)[0]);
                assert_eq!(told(&ensemble, row), theirs, "{steps:?} {model}");
                seen.push(theirs.to_bits());
            }
            seen.sort_unstable();
            seen.dedup();
            assert!(seen.len() > 1, "{steps:?} {model}: all answers are the same, so that nothing was judged");
        }
    }
}

/// With 64-bit inputs ONNX Runtime loads only graphs without a scaler; what it loads is answered in 64 bits.
#[test]
fn columns_are_those_that_are_given_and_wide_ones_stay_wide() {
    let Some(peer) = Peer::new() else { return };
    for wide in [false, true] {
        let Some(path) = peer.graph(&["best"], "forest", wide) else { return };
        let ensemble = onnx::read(&std::fs::read(&path).unwrap()).unwrap();
        assert_eq!((ensemble.feature_names.len(), ensemble.precision == Precision::Double), (rows(&peer.golden["X"])[0].len(), wide));
    }
}

#[test]
fn what_is_not_understood_is_refused_by_its_name() {
    let Some(peer) = Peer::new() else { return };
    for (steps, model, operator) in [
        (&["normalizer"][..], "forest", "before the trees it computes Normalizer"),
        (&["polynomial"], "forest", "before the trees it computes "),
        (&["bins"], "isolation", "before the trees it computes "),
        (&["standard"], "voting", "2 models that answer together"),
    ] {
        let Some(path) = peer.graph(steps, model, false) else { return };
        let error = onnx::read(&std::fs::read(&path).unwrap()).expect_err(operator);
        assert_eq!(error.kind(), ErrorKind::BadModelFile);
        assert!(error.to_string().contains(operator), "{error}");
    }
}
