//! scikit-learn's pipelines in pickles, and values that 32 bits do not hold: answered as the libraries answer.

use hivectl::formats::{self, ReadOptions};
use hivectl::trees::{EnsembleTask, Precision, TreeEnsemble, score_wide};
use serde_json::json;

use super::support::{Peer, assert_close, mixed_rows, numbers, rows};

impl Peer {
    /// A pickled pipeline; one column holds milliseconds since 1970, of which 32 bits know the nearest two minutes.
    fn pickled(&self, steps: &[&str], model: &str, rows: &[Vec<f64>]) -> std::path::PathBuf {
        let path = self.folder.path().join(format!("{}_{model}.pkl", steps.join("_")));
        let missing = steps.iter().any(|step| ["median", "constant"].contains(step));
        self.python.ask(&json!({
            "do": "pipe", "steps": steps, "model": model, "form": "pickle", "path": path, "missing": missing, "rows": rows,
            "target": self.golden["y"], "names": names(rows[0].len()), "remainder": "passthrough",
        }));
        path
    }
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|place| format!("c{place}")).collect()
}

fn with_moments(mut rows: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    for (place, row) in rows.iter_mut().enumerate() {
        row[0] = 1_767_225_600_000.0 + (place * 7919 % 50_000) as f64;
    }
    rows
}

fn told(ensemble: &TreeEnsemble, test: &[Vec<f64>]) -> Vec<f64> {
    let columns: Vec<Vec<f64>> = (0..ensemble.features()).map(|column| test.iter().map(|row| row[column]).collect()).collect();
    let scores = score_wide(ensemble, &columns, 2).unwrap();
    match &ensemble.task {
        EnsembleTask::Regression | EnsembleTask::Transformed(_) => scores,
        EnsembleTask::Isolation(score) => scores.iter().map(|&each| if score.marks(each) { -1.0 } else { 1.0 }).collect(),
        EnsembleTask::Classification { classes, .. } if ensemble.outputs == 1 => {
            scores.iter().map(|&second| classes[usize::from(second > 0.5)].number().expect("a number")).collect()
        }
        EnsembleTask::Classification { classes, .. } => {
            let best = |shares: &[f64]| (0..shares.len()).fold(0, |best, place| if shares[place] > shares[best] { place } else { best });
            scores.chunks(classes.len()).map(|shares| classes[best(shares)].number().expect("a number")).collect()
        }
    }
}

#[test]
fn pipelines_answer_as_scikit_learn_answers() {
    let Some(peer) = Peer::new() else { return };
    let given = with_moments(rows(&peer.golden["X"]));
    let steps: [&[&str]; 10] = [
        &[],
        &["standard"],
        &["minmax", "maxabs"],
        &["clipped"],
        &["robust", "best"],
        &["variance"],
        &["median", "standard"],
        &["constant"],
        &["columns"],
        &["nothing", "best"],
    ];
    for steps in steps {
        for model in ["forest", "votes", "isolation", "histogram", "lightgbm"] {
            let path = peer.pickled(steps, model, &given);
            let read = formats::read(&std::fs::read(&path).unwrap(), ReadOptions::default());
            let ensemble = read.unwrap_or_else(|error| panic!("{steps:?} {model}: {error}")).ensemble;
            let missing = steps.iter().any(|step| ["median", "constant"].contains(step));
            let test = with_moments(mixed_rows(&given, 500, missing));
            assert_eq!(ensemble.feature_names, names(given[0].len()), "{steps:?} {model}");
            let answer = peer.python.predict("pickle", &path, &ensemble.feature_names, &test);
            assert_close(&told(&ensemble, &test), &numbers(&answer["predict"]), 1e-10, &format!("{steps:?} {model}"));
        }
    }
}

#[test]
fn steps_that_are_not_understood_are_refused_by_name() {
    let Some(peer) = Peer::new() else { return };
    let given = rows(&peer.golden["X"]);
    for (step, name) in [("normalizer", "Normalizer"), ("polynomial", "PolynomialFeatures"), ("mean_of_absolute", "absolute")] {
        let path = peer.pickled(&[step], "forest", &given);
        let error = formats::read(&std::fs::read(&path).unwrap(), ReadOptions::default()).expect_err(name).to_string();
        assert!(error.contains(name), "{error}");
    }
}

/// Two milliseconds that are one 32-bit float go to different leaves of libraries that compare in 64 bits.
#[test]
fn wide_models_see_wide_values() {
    let Some(peer) = Peer::new() else { return };
    let given = with_moments(rows(&peer.golden["X"]));
    for model in ["lightgbm", "histogram"] {
        let path = peer.pickled(&["nothing"], model, &given);
        let ensemble = formats::read(&std::fs::read(&path).unwrap(), ReadOptions::default()).unwrap().ensemble;
        assert_eq!(ensemble.precision, Precision::Double);
        let narrow: Vec<Vec<f64>> = given.iter().map(|row| row.iter().map(|&value| f64::from(value as f32)).collect()).collect();
        assert_ne!(told(&ensemble, &given), told(&ensemble, &narrow), "{model}");
    }
}
