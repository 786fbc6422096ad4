//! Rows whose score is the offset itself, which a percentile of few different scores makes common: they
//! are normal here, and must be in every form.

use hivectl::formats::{onnx, pickle};
use hivectl::statistics::random::SplitMix64;
use hivectl::trees::isolation::{IsolationForestParams, fit_isolation};
use hivectl::trees::{Columns, EnsembleTask};
use linfa::ParamGuard;

use super::pickles::hyperparameters;
use super::support::{numbers, predict_all, pythons};

#[test]
fn rows_at_the_offset_are_normal_in_every_form() {
    let mut random = SplitMix64::new(5);
    let folder = tempfile::tempdir().unwrap();
    for python in pythons() {
        for (number, contamination) in [0.02, 0.05, 0.1, 0.2].into_iter().enumerate() {
            // A few hundred different rows, each several times.
            let columns: Vec<Vec<f32>> =
                [3, 4, 2, 7].iter().map(|&kinds| (0..2000).map(|_| random.below(kinds) as f32).collect()).collect();
            let matrix = Columns::new(columns.iter().map(Vec::as_slice).collect(), 2000).unwrap();
            let parameters = IsolationForestParams::new().trees(50).seed(number as u64).contamination(Some(contamination)).check().unwrap();
            let ensemble = fit_isolation(&parameters, &matrix, 1, &|_| ()).unwrap().ensemble;
            let rows: Vec<Vec<f64>> = (0..2000).map(|row| columns.iter().map(|column| f64::from(column[row])).collect()).collect();
            let EnsembleTask::Isolation(score) = &ensemble.task else { panic!("an isolation forest") };
            let scores = predict_all(&ensemble, &rows);
            let ties = scores.iter().filter(|each| (*each - score.offset).abs() < 1e-12).count();
            let labels: Vec<f64> = scores.iter().map(|&each| if score.marks(each) { -1.0 } else { 1.0 }).collect();
            assert!(ties > 0, "no row ties with the offset");
            let path = folder.path().join("model.pkl");
            std::fs::write(&path, pickle::write_forest(&ensemble, &hyperparameters()).unwrap()).unwrap();
            let theirs = numbers(&python.predict("pickle", &path, &ensemble.feature_names, &rows)["predict"]);
            let different = labels.iter().zip(&theirs).filter(|(ours, theirs)| ours != theirs).count();
            assert_eq!(different, 0, "{}: {ties} ties, {different} labels differ in the pickle", python.name);
            if python.is_new {
                let path = folder.path().join("model.onnx");
                std::fs::write(&path, onnx::write(&ensemble).unwrap()).unwrap();
                let answer = python.predict("onnx", &path, &ensemble.feature_names, &rows);
                let theirs: Vec<f64> = answer["label"].as_array().unwrap().iter().map(|row| row[0].as_f64().unwrap()).collect();
                assert_eq!(labels, theirs, "{ties} ties in ONNX");
            }
        }
    }
}
