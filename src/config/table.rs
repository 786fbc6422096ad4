//! The table of what can be set.

use super::origin::Origin;
use crate::base::redact::masked_url;
use crate::base::{commands, duration};
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{CHALLENGER, check_alias};

/// What the value of a setting looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ValueType {
    Text,
    /// A path or a URL, which may be kept as a secret: `{file: …}`, `{command: …}` or `{env: …}`.
    Place,
    /// yes or no.
    Bool,
    /// A whole number, 0 or above.
    Count,
    /// A whole number, 1 or above.
    CountFromOne,
    /// A length of time, such as 30s, 6h or 2d.
    Length,
    /// A finite number within a range.
    Number(Range),
    /// One of a few words, in any case.
    Word(Words),
    /// An alias that MLflow takes, and not `challenger`, which waits.
    ServingAlias,
}

/// The words that a setting may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Words {
    known: &'static [&'static str],
    /// For a message.
    expected: &'static str,
}

/// The numbers that a setting may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    above: f64,
    /// The number above which it has to be is one of the range itself.
    with_above: bool,
    to: f64,
    with_to: bool,
    /// For a message.
    expected: &'static str,
}

/// Longer than any history of tickets; keeps moments within what a calendar can say.
const DAYS: ValueType = ValueType::Number(Range {
    above: 0.0,
    with_above: false,
    to: 1e6,
    with_to: true,
    expected: "a number of days above 0 and at most 1000000",
});

const MINUTES: ValueType = ValueType::Number(Range {
    above: 0.0,
    with_above: false,
    to: 1e6,
    with_to: true,
    expected: "a number of minutes above 0 and at most 1000000",
});

/// A ratio that may be nothing and is never the whole.
const RATIO: ValueType =
    ValueType::Number(Range { above: 0.0, with_above: true, to: 1.0, with_to: false, expected: "a ratio from 0 to below 1, such as 0.15" });

const CONTAMINATION: ValueType =
    ValueType::Number(Range { above: 0.0, with_above: false, to: 0.5, with_to: true, expected: "a ratio above 0 and at most 0.5" });

const PROBABILITY: ValueType =
    ValueType::Number(Range { above: 0.0, with_above: false, to: 1.0, with_to: false, expected: "a number above 0 and below 1" });

const fn above(above: f64, expected: &'static str) -> ValueType {
    ValueType::Number(Range { above, with_above: false, to: f64::MAX, with_to: true, expected })
}

impl Range {
    fn holds(&self, number: f64) -> bool {
        (number > self.above || self.with_above && number >= self.above) && (number < self.to || self.with_to && number <= self.to)
    }
}

impl ValueType {
    /// What is expected, for a message.
    pub fn expected(self) -> &'static str {
        match self {
            ValueType::Text | ValueType::Place => "a text",
            ValueType::Bool => "yes or no",
            ValueType::Count => "a whole number",
            ValueType::CountFromOne => "a whole number, 1 or above",
            ValueType::Length => "a length of time, such as 48h or 30d",
            ValueType::Number(range) => range.expected,
            ValueType::Word(words) => words.expected,
            ValueType::ServingAlias => "an alias of letters, digits, '_' and '-', and not latest, v with a number, or challenger",
        }
    }

    /// Whether `value` has this form.
    pub fn fits(self, value: &str) -> bool {
        let value = value.trim();
        match self {
            ValueType::Text | ValueType::Place => !value.is_empty(),
            ValueType::Bool => parse_bool(value).is_some(),
            ValueType::Count => value.parse::<u64>().is_ok(),
            ValueType::CountFromOne => value.parse::<u64>().is_ok_and(|count| count > 0),
            ValueType::Length => duration::parse(value).is_ok(),
            ValueType::Number(range) => value.parse::<f64>().is_ok_and(|number| range.holds(number)),
            ValueType::Word(words) => words.known.iter().any(|word| word.eq_ignore_ascii_case(value)),
            ValueType::ServingAlias => check_alias(value).is_ok() && value != CHALLENGER,
        }
    }
}

/// What a switch says: `yes`, `true`, `on`, `1` or their opposites, in any case; `None` for another word.
pub fn parse_bool(word: &str) -> Option<bool> {
    match word.trim().to_ascii_lowercase().as_str() {
        "yes" | "true" | "on" | "1" => Some(true),
        "no" | "false" | "off" | "0" => Some(false),
        _ => None,
    }
}

impl SettingSpec {
    /// Refuses a value that has not the setting's form; `value` is the setting itself, not the place of a secret.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where a flag set it, [`ErrorKind::BadConfiguration`] elsewhere; with the value, what is
    /// expected and where it stands.
    pub fn check(&self, value: &str, origin: &Origin) -> Result<()> {
        if self.value_type.fits(value) {
            return Ok(());
        }
        let message = format!("{} is '{}', expected {}", self.key, masked_url(value), self.value_type.expected());
        let error = match origin {
            Origin::Flag(flag) => Error::new(ErrorKind::Usage, message).because(format!("set by {flag}")),
            Origin::File { path, line } | Origin::Context { path, line, .. } => {
                Error::new(ErrorKind::BadConfiguration, format!("{}:{line}: {message}", path.display()))
            }
            origin => Error::new(ErrorKind::BadConfiguration, message).because(format!("set by {origin}")),
        };
        let percentage = value.trim().parse::<f64>().ok().filter(|number| self.value_type == RATIO && (1.0..=100.0).contains(number));
        Err(match percentage {
            Some(number) => error.hint(format!("a percentage is written as a ratio: {number} % is {}", number / 100.0)),
            None => error.hint(format!("{} is {}", self.key, self.about)),
        })
    }

    /// The setting of this name.
    ///
    /// Errors: [`ErrorKind::Usage`] with the nearest name.
    pub fn named(key: &str) -> Result<&'static SettingSpec> {
        SETTINGS.iter().find(|spec| spec.key == key).ok_or_else(|| {
            let error = Error::new(ErrorKind::Usage, format!("there is no setting '{key}'"));
            match crate::base::similarity::nearest(key, SETTINGS.iter().map(|spec| spec.key)) {
                Some(name) => error.hint(format!("did you mean '{name}'?")),
                None => error.hint(("`", commands::config_list(), "` shows every setting")),
            }
        })
    }
}

/// One thing that can be set.
pub struct SettingSpec {
    /// Name in files and in `hivectl config list`.
    pub key: &'static str,
    /// Environment variables, the first that is set wins.
    pub environment: &'static [&'static str],
    pub default: Option<&'static str>,
    /// What a value looks like.
    pub value_type: ValueType,
    pub about: &'static str,
}

/// Every setting, in the order of `hivectl config list`.
pub const SETTINGS: &[SettingSpec] = &[
    SettingSpec {
        key: "registry",
        value_type: ValueType::Place,
        environment: &["HIVECTL_REGISTRY", "MLFLOW_TRACKING_URI"],
        default: Some("embedded"),
        about: "where model versions live",
    },
    SettingSpec {
        key: "versions_registry",
        value_type: ValueType::Place,
        environment: &["MLFLOW_REGISTRY_URI"],
        default: None,
        about: "MLflow's word for versions apart from runs; refused where it names another place",
    },
    SettingSpec {
        key: "workspace",
        value_type: ValueType::Text,
        environment: &["HIVECTL_WORKSPACE", "MLFLOW_WORKSPACE"],
        default: None,
        about: "workspace of an MLflow server",
    },
    SettingSpec {
        key: "tickets",
        value_type: ValueType::Place,
        environment: &["HIVECTL_TICKETS", "MONGODB_URI"],
        default: None,
        about: "where tickets come from",
    },
    SettingSpec {
        key: "database",
        value_type: ValueType::Text,
        environment: &["HIVECTL_DATABASE", "MONGODB_DATABASE"],
        default: None,
        about: "database of a MongoDB with tickets",
    },
    SettingSpec {
        key: "collection",
        value_type: ValueType::Text,
        environment: &["HIVECTL_COLLECTION", "MONGODB_COLLECTION_TICKETS"],
        default: None,
        about: "collection of a MongoDB with tickets",
    },
    SettingSpec {
        key: "prometheus",
        value_type: ValueType::Place,
        environment: &["HIVECTL_PROMETHEUS", "PROMETHEUS_URL"],
        default: None,
        about: "where metrics are asked for",
    },
    SettingSpec {
        key: "namespace",
        value_type: ValueType::Text,
        environment: &["HIVECTL_NAMESPACE", "K8S_NAMESPACE"],
        default: Some("neural-hive"),
        about: "Kubernetes namespace that runbooks name",
    },
    SettingSpec {
        key: "training_job",
        value_type: ValueType::Text,
        environment: &["HIVECTL_TRAINING_JOB"],
        default: Some("orchestrator-ml-training"),
        about: "CronJob that trains, as runbooks name it",
    },
    SettingSpec {
        key: "drift_job",
        value_type: ValueType::Text,
        environment: &["HIVECTL_DRIFT_JOB"],
        default: Some("orchestrator-ml-drift-check"),
        about: "CronJob that checks drift, as runbooks name it",
    },
    SettingSpec {
        key: "protected",
        value_type: ValueType::Bool,
        environment: &[],
        default: Some("no"),
        about: "whether changes need a typed confirmation",
    },
    SettingSpec {
        key: "experiment",
        value_type: ValueType::Text,
        environment: &["MLFLOW_EXPERIMENT_NAME"],
        default: Some("orchestrator-predictive-models"),
        about: "experiment that training runs belong to",
    },
    SettingSpec {
        key: "window_days",
        value_type: DAYS,
        environment: &["ML_TRAINING_WINDOW_DAYS"],
        default: Some("30"),
        about: "days of tickets that training looks back",
    },
    SettingSpec {
        key: "max_ticket_age",
        value_type: ValueType::Length,
        environment: &["HIVECTL_MAX_TICKET_AGE"],
        default: None,
        about: "age of the newest ticket from which on nothing is learned from a server or judged by it; without it the window, 48h at least",
    },
    SettingSpec {
        key: "min_samples",
        value_type: ValueType::CountFromOne,
        environment: &["ML_MIN_TRAINING_SAMPLES"],
        default: Some("100"),
        about: "fewest usable tickets to train on",
    },
    SettingSpec {
        key: "duration_error_threshold",
        value_type: RATIO,
        environment: &["ML_DURATION_ERROR_THRESHOLD"],
        default: None,
        about: "duration gate: largest mean absolute error as a ratio of the mean (0.15 = 15 %)",
    },
    SettingSpec {
        key: "anomaly_precision_threshold",
        value_type: RATIO,
        environment: &["ML_VALIDATION_PRECISION_THRESHOLD"],
        default: None,
        about: "anomaly gate: precision to exceed",
    },
    SettingSpec {
        key: "contamination",
        value_type: CONTAMINATION,
        environment: &["ML_ANOMALY_CONTAMINATION"],
        default: Some("0.05"),
        about: "share of tickets that the anomaly detector marks in training",
    },
    SettingSpec {
        key: "policy",
        value_type: ValueType::Text,
        environment: &["HIVECTL_POLICY"],
        default: None,
        about: "file with what models must show at their gates",
    },
    SettingSpec {
        key: "requester_field",
        value_type: ValueType::Text,
        environment: &["HIVECTL_REQUESTER_FIELD"],
        default: Some("metadata.requested_by"),
        about: "ticket field that names who asked",
    },
    SettingSpec {
        key: "executable_field",
        value_type: ValueType::Text,
        environment: &["HIVECTL_EXECUTABLE_FIELD"],
        default: None,
        about: "ticket field that names what is run",
    },
    SettingSpec {
        key: "size_field",
        value_type: ValueType::Text,
        environment: &["HIVECTL_SIZE_FIELD"],
        default: None,
        about: "ticket field with the size of the work",
    },
    SettingSpec {
        key: "time_format",
        value_type: ValueType::Text,
        environment: &["HIVECTL_TIME_FORMAT"],
        default: None,
        about: "how tickets write times: auto, epoch-ms, epoch-s, iso or a pattern",
    },
    SettingSpec {
        key: "backfill_errors",
        value_type: ValueType::Bool,
        environment: &["ML_BACKFILL_ERRORS"],
        default: Some("no"),
        about: "whether training measures the errors of its duration model on past tickets",
    },
    SettingSpec {
        key: "baseline_to_mongodb",
        value_type: ValueType::Bool,
        environment: &["HIVECTL_BASELINE_TO_MONGODB"],
        default: Some("no"),
        about: "whether drift baselines are also written into ml_feature_baselines beside the tickets",
    },
    SettingSpec {
        key: "drift_detection",
        value_type: ValueType::Bool,
        environment: &["ML_DRIFT_DETECTION_ENABLED"],
        default: Some("yes"),
        about: "whether drift checks are made; with no they say so and end 0",
    },
    SettingSpec {
        key: "drift_window_days",
        value_type: DAYS,
        environment: &["ML_DRIFT_CHECK_WINDOW_DAYS"],
        default: Some("7"),
        about: "days of tickets that a drift check looks at",
    },
    SettingSpec {
        key: "drift_psi_threshold",
        value_type: above(0.0, "a number above 0"),
        environment: &["ML_DRIFT_PSI_THRESHOLD"],
        default: Some("0.25"),
        about: "drift of a feature: critical PSI (warning at two fifths of it)",
    },
    SettingSpec {
        key: "drift_mae_ratio_threshold",
        value_type: above(1.0, "a number above 1"),
        environment: &["ML_DRIFT_MAE_RATIO_THRESHOLD"],
        default: Some("1.5"),
        about: "drift of predictions: critical ratio of the error to the baseline's (warning at two fifths of the way from 1)",
    },
    SettingSpec {
        key: "drift_ks_p_value_threshold",
        value_type: PROBABILITY,
        environment: &["ML_DRIFT_KS_PVALUE_THRESHOLD"],
        default: Some("0.05"),
        about: "drift of durations by the running system's rule: p-value below which it warns (critical at a fifth of it)",
    },
    SettingSpec {
        key: "drift_threshold",
        value_type: ValueType::Number(Range {
            above: 0.0,
            with_above: true,
            to: f64::MAX,
            with_to: true,
            expected: "a number, 0 or above",
        }),
        environment: &["DRIFT_THRESHOLD"],
        default: Some("0.2"),
        about: "drift score above which `ml retrain --if-drift` trains",
    },
    SettingSpec {
        key: "drift_check_interval_minutes",
        value_type: MINUTES,
        environment: &["DRIFT_CHECK_INTERVAL_MINUTES"],
        default: Some("60"),
        about: "minutes between two looks of `ml retrain --watch`",
    },
    SettingSpec {
        key: "push_gateway",
        value_type: ValueType::Place,
        environment: &["HIVECTL_PUSH_GATEWAY"],
        default: None,
        about: "Pushgateway that drift checks send their metrics to",
    },
    SettingSpec {
        key: "serving",
        value_type: ValueType::Word(Words { known: &["stage", "alias", "both"], expected: "stage, alias or both" }),
        environment: &["HIVECTL_SERVING"],
        default: None,
        about: "by what it is told which version serves; without it, by what is observed of each model",
    },
    SettingSpec {
        key: "serving_alias",
        value_type: ValueType::ServingAlias,
        environment: &["HIVECTL_SERVING_ALIAS"],
        default: Some("champion"),
        about: "alias of the version that serves",
    },
    SettingSpec {
        key: "job_retention_days",
        value_type: DAYS,
        environment: &["HIVECTL_JOB_RETENTION_DAYS"],
        default: Some("90"),
        about: "days for which `ml jobs list` knows a training or a check",
    },
    SettingSpec {
        key: "model_cache_ttl_seconds",
        value_type: ValueType::Count,
        environment: &["ML_MODEL_CACHE_TTL_SECONDS"],
        default: Some("3600"),
        about: "how long a loaded model counts: for services, and for the cache of this machine",
    },
];
