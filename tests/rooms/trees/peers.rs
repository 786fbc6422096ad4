//! The engine judged by what other programs say of the same data.

use std::fs::File;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Int8Type};
use hivectl::formats::xgboost::read_json;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::support::*;
use hivectl::trees::*;
use linfa::ParamGuard;

/// What XGBoost 3.2 answers with `pred_contribs` for rows of `xgb_reg_pred.json`: five features, then the bias.
const CONTRIBUTIONS: [(usize, [f64; 6]); 5] = [
    (0, [-472.015_014_6, -378.212_585_4, -248.242_065_4, 0.0, 2.556_862_1, 2_347.479_003_9]),
    (11, [-147.088_455_2, -473.350_341_8, -239.817_886_4, 0.0, -1.573_453_5, 2_347.479_003_9]),
    (2, [289.175_903_3, -9.762_334_8, 432.149_444_6, 0.0, 2.556_862_1, 2_347.479_003_9]),
    (150, [1_883.614_502, 760.367_858_9, -350.439_453_1, 0.0, -1.573_453_5, 2_347.479_003_9]),
    (599, [26.366_333, -344.174_560_5, 433.883_331_3, 0.0, -1.573_453_5, 2_347.479_003_9]),
];

#[test]
fn contributions_are_xgboosts() {
    let (Some(model), Some(predictions)) = (oracle("xgb_reg.json"), oracle("xgb_reg_pred.json")) else { return };
    let ensemble = read_json(&serde_json::to_vec(&model).expect("JSON")).expect("a readable model");
    let explainer = Explainer::new(&ensemble).expect("weighted");
    let matrix = matrix(&predictions["X"]);
    for (row, theirs) in CONTRIBUTIONS {
        let values: Vec<f32> = matrix.iter().map(|column| column[row]).collect();
        let mut ours = explainer.contributions(&values).expect("contributions");
        ours.push(explainer.expectation()[0]);
        for (feature, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
            assert!((ours - theirs).abs() < 2e-3, "row {row}, feature {feature}: {ours} against {theirs}");
        }
    }
}

/// Area under the ROC curve of scikit-learn 1.9's isolation forest (100 trees of 256 rows), mean and standard
/// deviation over the seeds 0 to 9.
const AREAS: [(&str, f64, f64); 6] = [
    ("breastw", 0.987_26, 0.001_37),
    ("cardio", 0.932_86, 0.009_53),
    ("mammography", 0.861_48, 0.007_54),
    ("pendigits", 0.941_78, 0.019_59),
    ("shuttle", 0.997_04, 0.000_50),
    ("thyroid", 0.978_11, 0.003_96),
];

#[test]
fn isolation_forests_find_as_much_as_scikit_learns() {
    let Some(folder) = shared("data/anomaly") else { return };
    for (name, theirs, deviation) in AREAS {
        let (matrix, labels) = labelled(&folder.join(format!("{name}.parquet")));
        let columns = columns(&matrix);
        let area = |seed| {
            let parameters = IsolationForestParams::new().contamination(None).seed(seed).check().expect("valid");
            let forest = fit_isolation(&parameters, &columns, 2, &quiet).expect("a forest").ensemble;
            area_under_roc(&Scorer::new(&forest).expect("sound").score(&columns, 2).expect("scores"), &labels)
        };
        let mean = (0..5).map(area).sum::<f64>() / 5.0;
        assert!((mean - theirs).abs() <= 2.0 * deviation, "{name}: {mean:.5} against {theirs} ± {deviation}");
    }
}

/// The features of a set and which rows are anomalies.
fn labelled(path: &std::path::Path) -> (Vec<Vec<f32>>, Vec<bool>) {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).expect("a file")).expect("Parquet").build().expect("a reader");
    let batches: Vec<RecordBatch> = reader.map(|batch| batch.expect("rows")).collect();
    let schema = batches[0].schema();
    let (mut features, mut anomalies) = (vec![Vec::new(); schema.fields().len() - 1], Vec::new());
    for batch in &batches {
        let (labels, numbers): (Vec<_>, Vec<_>) =
            schema.fields().iter().zip(batch.columns()).partition(|(field, _)| field.name() == "label");
        anomalies.extend(labels[0].1.as_primitive::<Int8Type>().values().iter().map(|&label| label == 1));
        features
            .iter_mut()
            .zip(numbers)
            .for_each(|(feature, (_, numbers))| feature.extend_from_slice(numbers.as_primitive::<Float32Type>().values()));
    }
    (features, anomalies)
}

/// Share of the pairs of an anomaly and a normal row in which the anomaly has the lower score; ties count half.
fn area_under_roc(scores: &[f64], anomalies: &[bool]) -> f64 {
    let mut order: Vec<(f64, bool)> = scores.iter().copied().zip(anomalies.iter().copied()).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut area, mut found) = (0.0, 0.0);
    for ties in order.chunk_by(|a, b| a.0 == b.0) {
        let here = ties.iter().filter(|(_, anomaly)| *anomaly).count() as f64;
        area += (ties.len() as f64 - here) * (found + here / 2.0);
        found += here;
    }
    area / (found * (scores.len() as f64 - found))
}
