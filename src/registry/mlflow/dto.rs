//! What MLflow's interface says, as it says it. Fields that are not needed are not named.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A whole number, which some answers write as text.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_i64().ok_or_else(|| serde::de::Error::custom("a number that is not whole")),
        Value::String(text) => text.parse().map_err(|_| serde::de::Error::custom("a text that is no whole number")),
        Value::Null => Ok(0),
        _ => Err(serde::de::Error::custom("something else than a whole number")),
    }
}

/// A metric's value: a number, or the word for one that is none.
fn measured<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Number(number) => Ok(number.as_f64().unwrap_or(f64::NAN)),
        _ => Ok(f64::NAN),
    }
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Pair {
    pub(super) key: String,
    #[serde(default)]
    pub(super) value: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Alias {
    pub(super) alias: String,
    #[serde(deserialize_with = "number")]
    pub(super) version: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct RegisteredModel {
    pub(super) name: String,
    #[serde(default, deserialize_with = "number")]
    pub(super) creation_timestamp: i64,
    #[serde(default)]
    pub(super) tags: Vec<Pair>,
    #[serde(default)]
    pub(super) aliases: Vec<Alias>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RegisteredModelAnswer {
    pub(super) registered_model: RegisteredModel,
}

#[derive(Debug, Deserialize)]
pub(super) struct RegisteredModels {
    #[serde(default)]
    pub(super) registered_models: Vec<RegisteredModel>,
    #[serde(default)]
    pub(super) next_page_token: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Version {
    pub(super) name: String,
    #[serde(deserialize_with = "number")]
    pub(super) version: i64,
    #[serde(default, deserialize_with = "number")]
    pub(super) creation_timestamp: i64,
    #[serde(default, deserialize_with = "number")]
    pub(super) last_updated_timestamp: i64,
    #[serde(default)]
    pub(super) current_stage: String,
    #[serde(default)]
    pub(super) description: String,
    #[serde(default)]
    pub(super) source: String,
    #[serde(default)]
    pub(super) run_id: String,
    #[serde(default)]
    pub(super) status: String,
    #[serde(default)]
    pub(super) tags: Vec<Pair>,
}

#[derive(Debug, Deserialize)]
pub(super) struct VersionAnswer {
    pub(super) model_version: Version,
}

#[derive(Debug, Deserialize)]
pub(super) struct Versions {
    #[serde(default)]
    pub(super) model_versions: Vec<Version>,
    #[serde(default)]
    pub(super) next_page_token: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Metric {
    pub(super) key: String,
    #[serde(default, deserialize_with = "measured")]
    pub(super) value: f64,
}

#[derive(Debug, Deserialize)]
pub(super) struct RunInfo {
    pub(super) run_id: String,
    #[serde(default)]
    pub(super) run_name: String,
    #[serde(default)]
    pub(super) experiment_id: String,
    #[serde(default)]
    pub(super) artifact_uri: String,
    #[serde(default)]
    pub(super) lifecycle_stage: String,
    #[serde(default, deserialize_with = "number")]
    pub(super) start_time: i64,
    #[serde(default, deserialize_with = "number")]
    pub(super) end_time: i64,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct RunData {
    #[serde(default)]
    pub(super) metrics: Vec<Metric>,
    #[serde(default)]
    pub(super) params: Vec<Pair>,
    #[serde(default)]
    pub(super) tags: Vec<Pair>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Run {
    pub(super) info: RunInfo,
    #[serde(default)]
    pub(super) data: RunData,
    #[serde(default)]
    pub(super) inputs: RunInputs,
    #[serde(default)]
    pub(super) outputs: RunOutputs,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct RunInputs {
    #[serde(default)]
    pub(super) dataset_inputs: Vec<DatasetInput>,
}

#[derive(Debug, Deserialize)]
pub(super) struct DatasetInput {
    pub(super) dataset: Dataset,
    #[serde(default)]
    pub(super) tags: Vec<Pair>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Dataset {
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) digest: String,
    #[serde(default)]
    pub(super) source_type: String,
    #[serde(default)]
    pub(super) source: String,
    #[serde(default)]
    pub(super) schema: Option<String>,
    #[serde(default)]
    pub(super) profile: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct RunOutputs {
    #[serde(default)]
    pub(super) model_outputs: Vec<ModelOutput>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ModelOutput {
    #[serde(default)]
    pub(super) model_id: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct RunAnswer {
    pub(super) run: Run,
}

#[derive(Debug, Deserialize)]
pub(super) struct Runs {
    #[serde(default)]
    pub(super) runs: Vec<Run>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Experiment {
    pub(super) experiment_id: String,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) lifecycle_stage: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Experiments {
    #[serde(default)]
    pub(super) experiments: Vec<Experiment>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ExperimentAnswer {
    pub(super) experiment: Experiment,
}

#[derive(Debug, Deserialize)]
pub(super) struct ExperimentMade {
    pub(super) experiment_id: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct LoggedModelInfo {
    pub(super) model_id: String,
    #[serde(default)]
    pub(super) artifact_uri: String,
    #[serde(default)]
    pub(super) tags: Vec<Pair>,
}

#[derive(Debug, Deserialize)]
pub(super) struct LoggedModel {
    pub(super) info: LoggedModelInfo,
}

#[derive(Debug, Deserialize)]
pub(super) struct LoggedModelAnswer {
    pub(super) model: LoggedModel,
}

#[derive(Debug, Deserialize)]
pub(super) struct LoggedModels {
    #[serde(default)]
    pub(super) models: Vec<LoggedModel>,
}

#[derive(Debug, Deserialize)]
pub(super) struct DownloadUri {
    #[serde(default)]
    pub(super) artifact_uri: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct FileInfo {
    pub(super) path: String,
    #[serde(default)]
    pub(super) is_dir: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct Files {
    #[serde(default)]
    pub(super) files: Vec<FileInfo>,
}

/// An answer of which nothing is needed.
#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_as_numbers_or_as_text_and_nothing_else() {
        let read = |text: &str| serde_json::from_str::<Alias>(text).map(|alias| alias.version);
        assert_eq!(read(r#"{"alias":"a","version":"7"}"#).expect("text"), 7);
        assert_eq!(read(r#"{"alias":"a","version":7}"#).expect("number"), 7);
        for wrong in ["true", "[7]", "7.5", r#""seven""#] {
            assert!(read(&format!(r#"{{"alias":"a","version":{wrong}}}"#)).is_err(), "{wrong}");
        }
        let metric: Metric = serde_json::from_str(r#"{"key":"m","value":"NaN"}"#).expect("a metric");
        assert!(metric.value.is_nan());
    }
}
