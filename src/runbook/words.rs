//! What else the running system calls the trouble that a runbook is about: alerts that the runbook does not list, under
//! every name that its rules and guides have for them, and the texts of its errors.

/// A runbook's other names.
struct Words {
    runbook: &'static str,
    alerts: &'static [&'static str],
    /// Parts of error texts and of alerts in words, in small letters.
    texts: &'static [&'static str],
}

const WORDS: &[Words] = &[
    Words {
        runbook: "drift-critical",
        alerts: &[
            "MLCriticalDriftDetected",
            "FlowCMLDriftCritical",
            "FlowCMLFeatureDriftSignificant",
            "FeatureDriftDetected",
            "NoRetrainWithDrift",
        ],
        texts: &["drift_detected"],
    },
    Words {
        runbook: "emergency-retraining",
        alerts: &[
            "MLHighPredictionErrors",
            "FlowCMLDurationPredictionInaccurate",
            "FlowCMLPredictionErrorsHigh",
            "PredictionErrorsHigh",
            "PredictionAccuracyLow",
            "ModelPerformanceDegraded",
            "QueuePredictionErrorHigh",
            "QueuePredictionErrorCritical",
            "HighForecastError",
            "CriticalForecastError",
            "LoadPredictionMAPEHigh",
            "MLModelF1ScoreSLOBreach",
            "MLModelF1ScoreSLOCritical",
            "MLModelF1ScoreErrorBudgetFastBurn",
            "MLModelF1ScoreErrorBudgetSlowBurn",
            "OverallSLONonCompliant",
            "MLOverallSLONonCompliant",
        ],
        texts: &["f1 score slo breach", "error budget fast burn", "error budget slow burn"],
    },
    Words {
        runbook: "anomalies-missed",
        alerts: &[
            "FlowCMLHighAnomalyRate",
            "FlowCMLAnomalyDetectorDegraded",
            "AnomalyRateHigh",
            "ModelPrecision",
            "ModelRecall",
            "ModelF1",
            "ModelPrecisionLow",
            "ModelRecallLow",
            "ModelF1Low",
            "MLModelLowF1Score",
            "ModelConfidenceCritical",
        ],
        texts: &[],
    },
    Words {
        runbook: "training-failed",
        alerts: &[
            "ModelTrainingFailed",
            "AutoRetrainFailed",
            "AutoRetrainLongDuration",
            "AutoRetrainDurationHigh",
            "ModelNotRetrainedRecently",
            "ModelStale",
            "StaleModel",
            "DatasetGenerationFailed",
        ],
        texts: &[],
    },
    Words {
        runbook: "insufficient-data",
        alerts: &[
            "InsufficientTrainingData",
            "FeedbackRateSLOBreach",
            "FeedbackRateSLOCritical",
            "MLFeedbackRateSLOBreach",
            "FeedbackAverageBelowThreshold",
        ],
        texts: &["insufficient training data", "insufficient_data", "samples: ", "feedback rate low"],
    },
    Words {
        runbook: "model-does-not-load",
        alerts: &[
            "MLModelLoadErrors",
            "ModelNotLoaded",
            "UptimeSLOBreach",
            "UptimeSLOCritical",
            "MLUptimeSLOBreach",
            "AvailabilityFastBurn",
        ],
        texts: &["failed to load model", "uptime critical"],
    },
    Words {
        runbook: "registry-unreachable",
        alerts: &["MLflowConnectionFailed"],
        texts: &["connection to mlflow failed", "connectionerror: http://mlflow"],
    },
    Words {
        runbook: "mongodb-slow",
        alerts: &["MongoDBCircuitBreakerOpen", "FeatureExtractionLatencyHigh", "ClickHouseQueryFailures"],
        texts: &["mongodb query timeout", "serverselectiontimeouterror"],
    },
    Words {
        runbook: "high-latency",
        alerts: &[
            "PredictionLatencyHigh",
            "MLOptimizationLatencyCritical",
            "HighLatency",
            "CacheHitRateLow",
            "CacheDegradation",
            "LatencySLOBreach",
            "LatencySLOCritical",
            "MLLatencySLOBreach",
            "MLModelLatencySLOBreach",
            "LatencyFastBurn",
        ],
        texts: &["latency slo breach"],
    },
];

/// The runbooks for an alert, in any case and with any sign between its words.
pub(super) fn of_alert(alert: &str) -> impl Iterator<Item = &'static str> {
    let wanted = plain(alert);
    WORDS.iter().filter(move |words| words.alerts.iter().any(|known| plain(known) == wanted)).map(|words| words.runbook)
}

/// The runbook for an error text, as an operator pastes it; `None` for a text without words that are known.
pub fn for_text(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    WORDS.iter().find(|words| words.texts.iter().any(|part| text.contains(part))).map(|words| words.runbook)
}

/// Every alert that is known beside those of the runbooks themselves.
pub(super) fn alerts() -> impl Iterator<Item = &'static str> {
    WORDS.iter().flat_map(|words| words.alerts.iter().copied())
}

/// Letters and digits alone, in small letters.
pub(super) fn plain(word: &str) -> String {
    word.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_runbook_that_is_named_is_one() {
        for words in WORDS {
            assert!(super::super::IDS.contains(&words.runbook), "{}", words.runbook);
        }
    }

    #[test]
    fn a_pasted_error_leads_to_its_runbook_and_an_unknown_one_nowhere() {
        assert_eq!(for_text("ERROR Insufficient training data. Samples: 45, Required: 100"), Some("insufficient-data"));
        assert_eq!(for_text("Connection to MLflow failed"), Some("registry-unreachable"));
        assert_eq!(for_text("all is well"), None);
    }
}
