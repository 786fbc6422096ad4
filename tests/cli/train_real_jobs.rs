//! Real job logs train end to end; their gates may rightly fail.

use crate::common::shared::shared;
use crate::support::Home;

#[test]
fn all_three_job_logs_train_and_their_models_answer() {
    let Some(folder) = shared("data/jobs") else { return };
    for (log, jobs) in [("kth-sp2", 28_468), ("ctc-sp2", 77_199), ("sdsc-blue", 232_536)] {
        let home = Home::new();
        let path = folder.join(format!("{log}.ndjson.gz")).display().to_string();
        let document = home.run(&["ml", "train", "--tickets", &path, "--window-days", "4000", "-o", "json"]).json(0);
        let models = document["data"]["models"].as_array().expect("models");
        assert_eq!(models.len(), 2, "{log}");
        for model in models {
            let samples = &model["samples"];
            let refused: u64 = samples["refused"].as_object().expect("reasons").values().filter_map(serde_json::Value::as_u64).sum();
            assert_eq!(samples["read"], jobs, "{log}");
            assert_eq!(samples["used"].as_u64().map(|used| used + refused), Some(jobs), "{log}");
            assert!(model["metrics"].as_object().is_some_and(|metrics| metrics.len() > 4), "{log}: {model:#}");
        }
        // The holdout is served in the order of time, each outcome teaching from the moment it is known.
        let metric = |name: &str| models[0]["metrics"][name].as_f64().unwrap_or(f64::NAN);
        assert_eq!(metric("interval_nominal_coverage"), 0.8, "{log}");
        assert!((0.78..=0.82).contains(&metric("interval_coverage")), "{log}: {}", metric("interval_coverage"));
        let mae = models[0]["metrics"]["mae"].as_f64().expect("an error");
        println!("{log}: MAE {:.0} s, {:.1} % of the mean", mae / 1000.0, models[0]["metrics"]["mae_pct"].as_f64().unwrap_or(f64::NAN));
        if log == "kth-sp2" {
            let predicted = home.run(&["ml", "predict", "--model", "duration", "--tickets", &path, "-o", "jsonl"]).expect(0).stdout;
            assert_eq!(predicted.lines().count() as u64, jobs);
        }
    }
}
