//! The files that make a forecaster of hivectl an MLflow model: `MLmodel`, and a loader in plain Python.

use serde_json::{Value, json};

use super::mlmodel::{MLFLOW_VERSION, PYTHON_VERSION, conda, environment};
use crate::base::yaml;
use crate::error::{Error, ErrorKind, Result};

/// Folder of the package that Python looks for modules in.
const CODE: &str = "code";
/// The module that loads the model.
const MODULE: &str = "hivectl_forecast";
const LOADER: &str = include_str!("hivectl_forecast.py");
/// What has to be installed to load it.
const REQUIREMENTS: [&str; 2] = ["mlflow>=2.19", "pandas"];

/// Everything the files say.
///
/// ```
/// use hivectl::formats::forecast_package::{ForecastDescription, package_files};
///
/// let description = ForecastDescription {
///     model_id: "m-00000000000000000000000000000001",
///     run_id: "00000000000000000000000000000002",
///     artifact_path: "models:/m-00000000000000000000000000000001",
///     created_at: 1_767_225_600_000,
///     path: "hivectl/forecast.json",
/// };
/// let files = package_files(&description)?;
/// assert_eq!(files[0].0, "MLmodel");
/// assert!(files.iter().any(|(path, _)| path == "code/hivectl_forecast.py"));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ForecastDescription<'a> {
    /// `m-` and 32 hexadecimal digits.
    pub model_id: &'a str,
    /// 32 hexadecimal digits.
    pub run_id: &'a str,
    /// Where the folder is stored, as `MLmodel` repeats it.
    pub artifact_path: &'a str,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// The file of the forecaster within the package.
    pub path: &'a str,
}

/// The files beside the forecaster: path within the package and content.
///
/// Errors: [`ErrorKind::Internal`] for a time out of range.
pub fn package_files(description: &ForecastDescription<'_>) -> Result<Vec<(String, Vec<u8>)>> {
    let bad = |cause: String| Error::new(ErrorKind::Internal, "cannot describe this forecaster as an MLflow package").because(cause);
    let created = jiff::Timestamp::from_millisecond(description.created_at).map_err(|error| bad(error.to_string()))?;
    let yaml = |document: &Value| yaml::to_string(document).map(String::into_bytes).map_err(bad);
    Ok(vec![
        ("MLmodel".into(), yaml(&mlmodel(description, &created))?),
        ("conda.yaml".into(), yaml(&conda(&REQUIREMENTS))?),
        ("python_env.yaml".into(), yaml(&environment())?),
        ("requirements.txt".into(), REQUIREMENTS.iter().flat_map(|line| [line, "\n"]).collect::<String>().into_bytes()),
        (format!("{CODE}/{MODULE}.py"), LOADER.as_bytes().to_vec()),
    ])
}

fn mlmodel(description: &ForecastDescription<'_>, created: &jiff::Timestamp) -> Value {
    let column = |name: &str, kind: &str| json!({"type": kind, "name": name, "required": true});
    let inputs = json!([column("ds", "datetime")]);
    let numbers = ["yhat", "yhat_lower", "yhat_upper", "yhat_lower_95", "yhat_upper_95"];
    let outputs: Vec<Value> =
        [column("ds", "datetime")].into_iter().chain(numbers.into_iter().map(|name| column(name, "double"))).collect();
    json!({
        "artifact_path": description.artifact_path,
        "flavors": {
            "hivectl": {"code": CODE, "data": description.path, "hivectl_version": env!("CARGO_PKG_VERSION")},
            "python_function": {
                "code": CODE,
                "data": description.path,
                "env": {"conda": "conda.yaml", "virtualenv": "python_env.yaml"},
                "loader_module": MODULE,
                "python_version": PYTHON_VERSION,
            },
        },
        "mlflow_version": MLFLOW_VERSION,
        "model_id": description.model_id,
        "model_uuid": description.model_id,
        "run_id": description.run_id,
        "signature": {"inputs": inputs.to_string(), "outputs": Value::from(outputs).to_string(), "params": null},
        "utc_time_created": created.strftime("%Y-%m-%d %H:%M:%S%.6f").to_string(),
    })
}
