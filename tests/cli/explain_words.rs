//! Every word that an operator may paste leads somewhere: alerts, error texts, settings and scripts.

use serde_json::Value;

use crate::support::Home;

/// Alerts of the guides and of the rules, as they are named and as they are said.
const ALERTS: &[(&str, &str)] = &[
    ("MLTrainingJobFailed", "training-failed"),
    ("MLCriticalDriftDetected", "drift-critical"),
    ("MLHighPredictionErrors", "emergency-retraining"),
    ("MLModelLoadErrors", "model-does-not-load"),
    ("MLModelF1ScoreSLOBreach", "emergency-retraining"),
    ("ml critical drift detected", "drift-critical"),
    ("ml-model-load-errors", "model-does-not-load"),
    ("MLPredictionHighErrorRate", "emergency-retraining"),
    ("MLPredictionLatencyHigh", "high-latency"),
    ("MLModelLoadFailure", "registry-unreachable"),
    ("MLAnomalyDetectionDegraded", "anomalies-missed"),
    ("MLHighAnomalyRate", "anomalies-missed"),
    ("MLTrainingStale", "training-failed"),
    ("MLInsufficientTrainingData", "insufficient-data"),
    ("MLFeatureExtractionErrors", "mongodb-slow"),
    ("MLFeatureDriftSignificant", "drift-critical"),
    ("MLPredictionDriftCritical", "rollback"),
    ("MLTargetDriftDetected", "drift-critical"),
    ("MLDriftStatusCritical", "drift-critical"),
    ("MLTrainingJobFailureRate", "training-failed"),
    ("MLTrainingDataVolumeDropped", "insufficient-data"),
    ("FlowCMLDriftCritical", "drift-critical"),
    ("FlowCMLHighAnomalyRate", "anomalies-missed"),
    ("FlowCMLDurationPredictionInaccurate", "emergency-retraining"),
    ("PredictionAccuracyLow", "emergency-retraining"),
    ("PredictionLatencyHigh", "high-latency"),
    ("ModelTrainingFailed", "training-failed"),
    ("FeatureDriftDetected", "drift-critical"),
    ("ModelPerformanceDegraded", "emergency-retraining"),
    ("AutoRetrainFailed", "training-failed"),
    ("ModelNotLoaded", "model-does-not-load"),
    ("MLflowConnectionFailed", "registry-unreachable"),
    ("MongoDBCircuitBreakerOpen", "mongodb-slow"),
    ("HighForecastError", "emergency-retraining"),
    ("StaleModel", "training-failed"),
    ("InsufficientTrainingData", "insufficient-data"),
    ("MLDriftCritical", "drift-critical"),
    ("MLDriftWarning", "drift-critical"),
    ("MLModelLowF1Score", "anomalies-missed"),
    ("NoRetrainWithDrift", "drift-critical"),
    ("MLDriftCronJobNotRunning", "drift-does-not-end"),
    ("LatencySLOBreach", "high-latency"),
    ("FeedbackRateSLOBreach", "insufficient-data"),
    ("UptimeSLOBreach", "model-does-not-load"),
    ("OverallSLONonCompliant", "emergency-retraining"),
];

/// Error texts as they stand in logs, and alerts in words.
const TEXTS: &[(&str, &str)] = &[
    ("Insufficient training data", "insufficient-data"),
    ("Insufficient training data: Samples: 45, Required: 100", "insufficient-data"),
    ("Samples: 45, Required: 100", "insufficient-data"),
    ("Connection to MLflow failed", "registry-unreachable"),
    ("ConnectionError: http://mlflow:5000", "registry-unreachable"),
    ("MongoDB query timeout", "mongodb-slow"),
    ("Failed to load model from MLflow", "model-does-not-load"),
    ("F1 score SLO breach", "emergency-retraining"),
    ("error budget fast burn", "emergency-retraining"),
    ("uptime critical", "model-does-not-load"),
    ("latency SLO breach", "high-latency"),
    ("feedback rate low", "insufficient-data"),
];

/// Settings of the guides, and what is typed to see them.
const SETTINGS: &[(&str, &str)] = &[
    ("ML_TRAINING_WINDOW_DAYS", "hivectl config get window_days"),
    ("ml_training_window_days", "hivectl config get window_days"),
    ("ML_MIN_TRAINING_SAMPLES=500", "hivectl config get min_samples"),
    ("ML_DRIFT_PSI_THRESHOLD", "hivectl config get drift_psi_threshold"),
    ("MLFLOW_TRACKING_URI", "hivectl config get registry"),
    ("MONGODB_URI", "hivectl config get tickets"),
    ("ML_PREDICTIONS_ENABLED", "hivectl config list"),
    ("ML_FEATURE_CACHE_TTL_SECONDS", "hivectl config list"),
    ("AB_TESTING_ENABLED", "hivectl config list"),
    ("KAFKA_BOOTSTRAP_SERVERS", "hivectl config list"),
];

fn explained(home: &Home, words: &[&str]) -> Value {
    home.run(&[&["explain", "-o", "json"], words].concat()).json(0)["data"].clone()
}

#[test]
fn alerts_and_error_texts_lead_to_a_runbook_that_opens_by_the_same_word() {
    let home = Home::new();
    for (word, runbook) in ALERTS.iter().chain(TEXTS) {
        let first = &explained(&home, &[*word])["runbooks"][0];
        assert_eq!(first, runbook, "{word}");
        let shown = home.run(&["runbook", "show", word]).expect(0);
        let by_name = home.run(&["runbook", "show", runbook]).expect(0);
        assert_eq!(shown.stdout, by_name.stdout, "{word}");
    }
    // A text that the shell has taken apart.
    assert_eq!(explained(&home, &["Connection", "to", "MLflow", "failed"])["runbooks"][0], "registry-unreachable");
    let begun = home.run(&["runbook", "run", "MLModelF1ScoreSLOBreach"]).expect(2);
    assert!(begun.stderr.contains("the runbook needs to know"), "{}", begun.stderr);
}

#[test]
fn settings_lead_to_where_they_are_seen() {
    let home = Home::new();
    for (word, command) in SETTINGS {
        assert_eq!(explained(&home, &[*word])["command"], *command, "{word}");
    }
}

#[test]
fn what_is_unknown_is_told_with_three_near_ones_and_no_wall() {
    let home = Home::new();
    for (words, near) in [
        (["explain", "MLDriftCritcal"].as_slice(), "MLDriftCritical"),
        (&["explain", "HML-1499"], "HML-1400"),
        (&["runbook", "show", "rolback"], "rollback"),
        (&["runbook", "run", "drift"], "drift-critical"),
    ] {
        let said = home.run(words).expect(2).stderr;
        assert_eq!(said.matches("did you mean").count(), 3, "{words:?}: {said}");
        assert!(said.contains(near) && said.lines().count() <= 8, "{words:?}: {said}");
    }
}

#[test]
fn settings_by_name_and_exit_codes_have_pages() {
    let home = Home::new();
    let shown = home.run(&["config", "list", "-o", "json"]).json(0);
    let keys: Vec<String> =
        shown["data"]["items"].as_array().expect("settings").iter().map(|item| item["key"].as_str().expect("a key").to_owned()).collect();
    assert!(keys.len() > 25, "{keys:?}");
    for key in &keys {
        let page = home.run(&["explain", key]).expect(0).stdout;
        // The running system has a function of this name, which asks for more than the setting.
        let leads = if key == "backfill_errors" { "ml backfill --errors-only".to_owned() } else { format!("config get {key}") };
        assert!(page.contains(&leads), "{key}: {page}");
    }
    for code in ["13", "14"] {
        let alone = home.run(&["explain", code]).expect(0).stdout;
        assert!(alone.contains(&format!("HML-{code}00")), "{alone}");
        assert_eq!(home.run(&["explain", "exit", "code", code]).expect(0).stdout, alone);
    }
    home.run(&["explain", "99"]).expect(2);
}

#[test]
fn words_of_hivectl_and_of_mlflow_have_pages() {
    let home = Home::new();
    for (words, told) in [
        (&["0"][..], "did what was asked"),
        (&["exit", "code", "0"], "did what was asked"),
        (&["champion"], "the alias of the version that serves"),
        (&["challenger"], "the alias of the version that waits"),
        (&["migrate"], "models migrate --to both --dry-run"),
        (&["MLFLOW_REGISTRY_URI"], "refused where it names another place"),
        (&["MLFLOW_WORKSPACE=team"], "workspace of an MLflow server"),
    ] {
        let page = home.run(&[&["explain"], words].concat()).expect(0).stdout.replace("\n", " ");
        assert!(page.contains(told), "{words:?}: {page}");
    }
}
