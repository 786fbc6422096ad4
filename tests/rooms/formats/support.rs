//! What the tests of model files share: golden files, a plain scorer, and the peers in Python.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use hivectl::statistics::random::SplitMix64;
use hivectl::trees::{Aggregation, EnsembleTask, LinkFunction, Tree, TreeEnsemble};
use serde_json::{Value, json};

pub use crate::common::shared::shared;

/// A golden JSON document.
pub fn golden(path: &str) -> Option<Value> {
    let bytes = std::fs::read(shared(path)?).expect("the golden file can be read");
    Some(serde_json::from_slice(&bytes).expect("the golden file is JSON"))
}

/// Numbers of a JSON list; null is NaN.
pub fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().expect("a list").iter().map(|value| value.as_f64().unwrap_or(f64::NAN)).collect()
}

/// Rows of a JSON list of lists.
pub fn rows(list: &Value) -> Vec<Vec<f64>> {
    list.as_array().expect("a list").iter().map(numbers).collect()
}

/// A tree of the golden files, its values still those of scikit-learn.
pub fn golden_tree(tree: &Value) -> Tree {
    let column = |name: &str| numbers(&tree[name]);
    let child = |number: &f64| if *number < 0.0 { Tree::LEAF } else { *number as u32 };
    let leaf: Vec<bool> = column("left").iter().map(|&left| left < 0.0).collect();
    Tree {
        feature: column("feature").iter().map(|&feature| feature.max(0.0) as u32).collect(),
        threshold: column("threshold").iter().zip(&leaf).map(|(&threshold, &leaf)| if leaf { 0.0 } else { threshold }).collect(),
        left: column("left").iter().map(child).collect(),
        right: column("right").iter().map(child).collect(),
        missing_left: vec![false; leaf.len()],
        value: column("value"),
        rows: column("n").iter().map(|&rows| rows as u64).collect(),
        weight: column("wn"),
        impurity: column("impurity"),
        gain: vec![0.0; leaf.len()],
        categorical: Vec::new(),
    }
}

/// The outputs of one row, by the definition of [`TreeEnsemble`] and nothing clever.
/// Regression: the raw output. Classification: probabilities. Isolation: scikit-learn's score.
pub fn predict(ensemble: &TreeEnsemble, row: &[f64]) -> Vec<f64> {
    let base_first = ensemble.aggregation == Aggregation::SumFromBase;
    let mut raw = if base_first { ensemble.base.clone() } else { vec![0.0; ensemble.outputs] };
    for tree in &ensemble.trees {
        let leaf = leaf_of(ensemble, tree, row);
        for (output, raw) in raw.iter_mut().enumerate() {
            *raw = ensemble.precision.sum(*raw + tree.value[leaf * ensemble.outputs + output]);
        }
    }
    for (raw, base) in raw.iter_mut().zip(&ensemble.base) {
        if ensemble.aggregation == Aggregation::Mean {
            *raw = ensemble.precision.sum(*raw / ensemble.trees.len() as f64);
        }
        if !base_first {
            *raw = ensemble.precision.sum(*raw + base);
        }
    }
    match &ensemble.task {
        // One probability of two.
        EnsembleTask::Classification { link: LinkFunction::Identity, .. } if raw.len() == 1 => vec![1.0 - raw[0], raw[0]],
        EnsembleTask::Regression | EnsembleTask::Classification { link: LinkFunction::Identity, .. } => raw,
        EnsembleTask::Transformed(transformation) => vec![transformation.of(raw[0])],
        EnsembleTask::Classification { link: LinkFunction::Step, .. } => vec![f64::from(raw[0] <= 0.0), f64::from(raw[0] > 0.0)],
        EnsembleTask::Classification { link: LinkFunction::Margin, .. } => vec![1.0 - raw[0], raw[0]],
        EnsembleTask::Classification { link: LinkFunction::Logistic, .. } => {
            let probability = 1.0 / (1.0 + (-raw[0]).exp());
            vec![1.0 - probability, probability]
        }
        EnsembleTask::Classification { link: LinkFunction::Softmax, .. } => {
            let top = raw.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let powers: Vec<f64> = raw.iter().map(|raw| (raw - top).exp()).collect();
            let sum: f64 = powers.iter().sum();
            powers.iter().map(|power| power / sum).collect()
        }
        EnsembleTask::Isolation(score) => {
            let rows = score.subsample as f64;
            let average = 2.0 * ((rows - 1.0).ln() + 0.577_215_664_901_532_9) - 2.0 * (rows - 1.0) / rows;
            vec![-(2f64.powf(-raw[0] / average))]
        }
    }
}

fn leaf_of(ensemble: &TreeEnsemble, tree: &Tree, row: &[f64]) -> usize {
    let mut node = 0;
    while !tree.is_leaf(node) {
        node = tree.child(node, row[tree.feature[node] as usize], ensemble.comparison, ensemble.precision);
    }
    node
}

/// The predictions of many rows, first output only.
pub fn predict_all(ensemble: &TreeEnsemble, rows: &[Vec<f64>]) -> Vec<f64> {
    rows.iter().map(|row| predict(ensemble, row)[0]).collect()
}

/// Fails with the first pair that differs by more than `tolerance` of the larger one.
pub fn assert_close(ours: &[f64], theirs: &[f64], tolerance: f64, what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}: number of predictions");
    for (index, (&our, &their)) in ours.iter().zip(theirs).enumerate() {
        let scale = our.abs().max(their.abs()).max(f64::MIN_POSITIVE);
        assert!(
            (our - their).abs() <= tolerance * scale,
            "{what}: row {index}: {our} against {their}, relative {:e}",
            (our - their).abs() / scale
        );
    }
}

/// `count` rows that mix the columns of the given ones, so that they fall into many leaves; every
/// 13th value is missing where `missing` is set.
pub fn mixed_rows(given: &[Vec<f64>], count: usize, missing: bool) -> Vec<Vec<f64>> {
    let mut random = SplitMix64::new(0x9e37_79b9_7f4a_7c15);
    let columns = given[0].len();
    (0..count)
        .map(|_| {
            (0..columns)
                .map(|column| {
                    let value = given[random.below(given.len())][column];
                    let between = value + (random.below(1000) as f64 / 1000.0 - 0.5) * value.abs() * 0.1;
                    if missing && random.below(13) == 0 { f64::NAN } else { f64::from(between as f32) }
                })
                .collect()
        })
        .collect()
}

/// A Python with the real libraries, ready for questions.
pub struct Python {
    process: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
    child: Child,
    pub name: &'static str,
    pub is_new: bool,
}

/// The Python of scikit-learn 1.9, ONNX Runtime and MLflow 3.
pub fn python() -> Option<Python> {
    found("HIVECTL_TEST_PYTHON", "scikit-learn 1.9")
}

/// The Python of scikit-learn 1.5 and MLflow 2.19.
pub fn old_python() -> Option<Python> {
    found("HIVECTL_TEST_PYTHON_MLFLOW2", "scikit-learn 1.5")
}

/// Both.
pub fn pythons() -> impl Iterator<Item = Python> {
    [python(), old_python()].into_iter().flatten()
}

fn found(variable: &str, name: &'static str) -> Option<Python> {
    let Ok(program) = std::env::var(variable) else {
        eprintln!("SKIPPED: {variable} names no Python with {name}");
        return None;
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rooms/formats/peer.py");
    let mut child = Command::new(&program)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{program} does not start: {error}"));
    let pipes = (child.stdin.take().expect("a pipe"), BufReader::new(child.stdout.take().expect("a pipe")));
    Some(Python { process: Mutex::new(pipes), child, name, is_new: variable == "HIVECTL_TEST_PYTHON" })
}

impl Drop for Python {
    fn drop(&mut self) {
        // It is only listening; what it was asked is answered.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Python {
    /// Asks `peer.py`; the answer is its JSON.
    pub fn ask(&self, request: &Value) -> Value {
        let mut process = self.process.lock().expect("no test has failed while asking");
        let (stdin, stdout) = &mut *process;
        writeln!(stdin, "{request}").expect("the peer reads its request");
        let mut line = String::new();
        stdout.read_line(&mut line).expect("the peer answers");
        let answer: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{}: {error}: '{line}'", self.name));
        if let Some(error) = answer["error"].as_str() {
            panic!("{} ({} {}): {error}", self.name, request["do"], request["load"]);
        }
        answer
    }

    /// Predictions of a model file by the library `load` on rows (NaN as missing).
    pub fn predict(&self, load: &str, path: &std::path::Path, names: &[String], rows: &[Vec<f64>]) -> Value {
        self.ask(&json!({"do": "predict", "load": load, "path": path, "names": names, "rows": rows}))
    }
}

/// Python, the golden rows that it learns from, and a folder for what it makes.
pub struct Peer {
    pub python: Python,
    pub golden: Value,
    pub folder: tempfile::TempDir,
}

impl Peer {
    /// `None` with a word on why where one of them is not there.
    pub fn new() -> Option<Peer> {
        let (golden, python) = (golden("oracles/rf.json")?, python()?);
        Some(Peer { python, golden, folder: tempfile::tempdir().unwrap() })
    }
}
