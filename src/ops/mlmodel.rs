//! What MLflow's own file in a version, `MLmodel`, says of it: for versions that other tools made.

use serde_json::Value;

use crate::base::command_line::quoted;
use crate::base::commands;
use crate::base::yaml;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::ModelVersion;
use crate::registry::ModelStore;

/// MLflow's file.
pub const MLMODEL: &str = "MLmodel";

/// No `MLmodel` is longer; with an input example it has some kilobytes.
const MOST_BYTES: usize = 4 << 20;

/// What every tool that reads `MLmodel` knows of a version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MlmodelSummary {
    /// With the module that loads it, such as `sklearn (mlflow.sklearn)`; the one that knows most first.
    pub flavors: Vec<String>,
    /// Names with types, such as `x double`; empty where no signature was recorded.
    pub inputs: Vec<String>,
    pub outputs: Vec<String>,
}

/// Reads the `MLmodel` of a version; `None` where there is none, or none that can be understood.
///
/// Errors: those of the registry, apart from a file that is not there.
pub fn summary_of(registry: &dyn ModelStore, version: &ModelVersion) -> Result<Option<MlmodelSummary>> {
    match registry.read_artifact(version, MLMODEL) {
        Ok(bytes) if bytes.len() <= MOST_BYTES => Ok(yaml::document(&bytes).ok().as_ref().and_then(from_document)),
        Ok(_) => Ok(None),
        Err(error) if matches!(error.kind(), ErrorKind::FileNotFound | ErrorKind::BadModelFile | ErrorKind::ModelNotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// `error`, which says that the trees of a version cannot be read, with what the version is and what would be needed.
pub fn unreadable(registry: &dyn ModelStore, version: &ModelVersion, error: Error) -> Error {
    if error.kind() != ErrorKind::BadModelFile {
        return error;
    }
    let error = match summary_of(registry, version) {
        Ok(Some(summary)) if summary.flavors.iter().any(|flavor| flavor == "prophet") => {
            return Error::new(
                ErrorKind::BadModelFile,
                format!("{} is a model of Prophet's, which forecasts and says nothing of a ticket", version.id()),
            )
            .hint(("forecast with it: `", commands::forecast_with(version.id()), "`"));
        }
        Ok(Some(summary)) if !summary.flavors.is_empty() => {
            error.because(format!("{} has the flavor {}", version.id(), summary.flavors.join(" and ")))
        }
        _ => error,
    };
    error
        .because("hivectl reads the trees of scikit-learn (pickle, skops), XGBoost, LightGBM, CatBoost and ONNX; another model needs its own Python")
        .hint(format!(
            "to use it with Python: `mlflow models predict --model-uri {} --input-path FILE`",
            quoted(&format!("models:/{}/{}", version.name, version.version))
        ))
}

fn from_document(document: &Value) -> Option<MlmodelSummary> {
    let flavors = document["flavors"].as_object()?;
    let named = |(name, entry): (&String, &Value)| match entry["loader_module"].as_str() {
        Some(module) => format!("{name} ({module})"),
        None => name.clone(),
    };
    let (general, special): (Vec<_>, Vec<_>) = flavors.iter().partition(|(name, _)| *name == "python_function");
    let flavors = if special.is_empty() { general } else { special }.into_iter().map(named).collect();
    let columns = |side: &str| -> Vec<String> {
        // The signature is JSON in a YAML string.
        let columns: Option<Vec<Value>> = document["signature"][side].as_str().and_then(|text| serde_json::from_str(text).ok());
        columns.unwrap_or_default().iter().map(column).collect()
    };
    Some(MlmodelSummary { flavors, inputs: columns("inputs"), outputs: columns("outputs") })
}

/// One column, or a tensor, which may have no name.
fn column(column: &Value) -> String {
    let kind = column["type"].as_str().unwrap_or_default();
    let shape = column["tensor-spec"].as_object().map(|tensor| {
        let lengths: Vec<String> = tensor.get("shape").and_then(Value::as_array).into_iter().flatten().map(Value::to_string).collect();
        format!("{} of {}", tensor.get("dtype").and_then(Value::as_str).unwrap_or_default(), lengths.join(" x "))
    });
    let words = [column["name"].as_str().unwrap_or_default(), kind, shape.as_deref().unwrap_or_default()];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(text: &str) -> Option<MlmodelSummary> {
        yaml::document(text.as_bytes()).ok().as_ref().and_then(from_document)
    }

    #[test]
    fn flavors_and_signature_are_read() {
        let text = "flavors:\n  python_function: {loader_module: mlflow.sklearn}\n  sklearn: {pickled_model: model.pkl}\nsignature:\n  \
                    inputs: '[{\"type\": \"double\", \"name\": \"x\"}]'\n  outputs: '[{\"type\": \"tensor\", \"tensor-spec\": {\"dtype\": \"float64\", \"shape\": [-1]}}]'\n";
        let found = summary(text).expect("a description");
        assert_eq!(found.flavors, ["sklearn"]);
        assert_eq!((found.inputs, found.outputs), (vec!["x double".to_owned()], vec!["tensor float64 of -1".to_owned()]));
        assert_eq!(summary("flavors:\n  python_function: {loader_module: mine}").expect("one").flavors, ["python_function (mine)"]);
    }

    #[test]
    fn what_is_no_mlmodel_says_nothing() {
        for text in ["", "[]", "flavors: 3", "a: b", "\u{0}"] {
            assert_eq!(summary(text), None, "{text:?}");
        }
    }
}
