//! The files that make a folder an MLflow model: `MLmodel` and what it points to.
//!
//! The model files themselves ([`Flavor::file`]) are written by the rooms of their formats; this one
//! says what they are. Nothing here depends on the machine or the clock.

use serde_json::{Value, json};

use super::sklearn::WRITTEN_VERSION;
use crate::base::yaml;
use crate::error::{Error, ErrorKind, Result};

/// The Python that written packages name. MLflow warns when it loads them under another minor version.
pub(super) const PYTHON_VERSION: &str = "3.11.7";
/// The MLflow whose form of `MLmodel` this is.
pub(super) const MLFLOW_VERSION: &str = "3.17.2";

/// One way to load the model.
///
/// ```
/// use hivectl::formats::mlmodel::Flavor;
///
/// assert_eq!((Flavor::SklearnSkops.name(), Flavor::SklearnSkops.file()), ("sklearn", "model.skops"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavor {
    /// scikit-learn, from a pickle.
    Sklearn,
    /// scikit-learn, from skops; MLflow 2 does not know it.
    SklearnSkops,
    /// XGBoost, from UBJ.
    Xgboost,
    /// ONNX.
    Onnx,
}

impl Flavor {
    /// The model file of the flavor, beside `MLmodel`.
    pub fn file(self) -> &'static str {
        match self {
            Flavor::Sklearn => "model.pkl",
            Flavor::SklearnSkops => "model.skops",
            Flavor::Xgboost => "model.ubj",
            Flavor::Onnx => "model.onnx",
        }
    }

    /// MLflow's name of the flavor.
    pub fn name(self) -> &'static str {
        match self {
            Flavor::Sklearn | Flavor::SklearnSkops => "sklearn",
            Flavor::Xgboost => "xgboost",
            Flavor::Onnx => "onnx",
        }
    }

    /// The flavor's own entry in `MLmodel`.
    fn entry(self) -> Value {
        let file = self.file();
        match self {
            Flavor::Sklearn => {
                json!({"code": null, "pickled_model": file, "serialization_format": "pickle", "sklearn_version": WRITTEN_VERSION})
            }
            Flavor::SklearnSkops => {
                json!({"code": null, "pickled_model": file, "serialization_format": "skops", "skops_trusted_types": ["sklearn.tree._tree.Tree"], "sklearn_version": WRITTEN_VERSION})
            }
            Flavor::Xgboost => {
                json!({"code": null, "data": file, "model_class": "xgboost.core.Booster", "model_format": "ubj", "xgb_version": "3.2.0"})
            }
            Flavor::Onnx => json!({"code": null, "data": file, "onnx_version": "1.17.0", "providers": ["CPUExecutionProvider"]}),
        }
    }

    /// The entry `python_function` that loads this flavor.
    fn python_function(self) -> Value {
        let (loader, key) = match self {
            Flavor::Sklearn | Flavor::SklearnSkops => ("mlflow.sklearn", "model_path"),
            Flavor::Xgboost => ("mlflow.xgboost", "data"),
            Flavor::Onnx => ("mlflow.onnx", "data"),
        };
        let mut entry = json!({"env": {"conda": "conda.yaml", "virtualenv": "python_env.yaml"}, "loader_module": loader, "python_version": PYTHON_VERSION});
        entry[key] = self.file().into();
        if loader == "mlflow.sklearn" {
            entry["predict_fn"] = "predict".into();
        }
        entry
    }

    /// What has to be installed to load it. Ranges, so that no working environment is warned about.
    fn requirements(self) -> &'static [&'static str] {
        match self {
            Flavor::Sklearn => &["scikit-learn>=1.5,<1.10"],
            Flavor::SklearnSkops => &["scikit-learn>=1.5,<1.10", "skops>=0.11"],
            Flavor::Xgboost => &["xgboost>=2.0"],
            Flavor::Onnx => &["onnx>=1.15", "onnxruntime>=1.17"],
        }
    }
}

/// What a prediction is made of.
///
/// ```
/// use hivectl::formats::mlmodel::{Flavor, PackageDescription, PredictionType, package_files};
///
/// let description = PackageDescription {
///     model_id: "m-00000000000000000000000000000001",
///     run_id: "00000000000000000000000000000002",
///     artifact_path: "file:///models/duration",
///     created_at: 1_767_225_600_000,
///     feature_names: &["size".to_owned()],
///     example_rows: &[vec![1.0]],
///     prediction: PredictionType::Integer,
///     flavors: &[Flavor::Onnx],
/// };
/// let (_, mlmodel) = package_files(&description)?.into_iter().find(|(path, _)| path == "MLmodel").expect("an MLmodel");
/// assert!(String::from_utf8_lossy(&mlmodel).contains("int64"));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PredictionType {
    /// 64-bit floats, one a row.
    Double,
    /// 32-bit floats, one a row.
    Float,
    /// 64-bit whole numbers, one a row.
    Integer,
}

/// Everything the files say.
///
/// ```
/// use hivectl::formats::mlmodel::{Flavor, PackageDescription, PredictionType, package_files};
///
/// let description = PackageDescription {
///     model_id: "m-00000000000000000000000000000001",
///     run_id: "00000000000000000000000000000002",
///     artifact_path: "file:///models/duration",
///     created_at: 1_767_225_600_000,
///     feature_names: &["size".to_owned()],
///     example_rows: &[vec![1.0]],
///     prediction: PredictionType::Double,
///     flavors: &[Flavor::Sklearn],
/// };
/// let files = package_files(&description)?;
/// assert!(files.iter().any(|(path, _)| path == "conda.yaml"));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct PackageDescription<'a> {
    /// `m-` and 32 hexadecimal digits.
    pub model_id: &'a str,
    /// 32 hexadecimal digits.
    pub run_id: &'a str,
    /// Where the folder is stored, as `MLmodel` repeats it; MLflow 3 looks there for the input example.
    pub artifact_path: &'a str,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Columns in the order the model takes them.
    pub feature_names: &'a [String],
    /// Some rows to try the model with; all of the columns, finite.
    pub example_rows: &'a [Vec<f64>],
    /// What `pyfunc` answers.
    pub prediction: PredictionType,
    /// The flavors present; `pyfunc` loads the first.
    pub flavors: &'a [Flavor],
}

/// The files beside the model files: path within the package and content.
///
/// Errors: [`ErrorKind::Internal`] without a flavor, for a time out of range, or for an example that
/// does not fit the columns.
pub fn package_files(description: &PackageDescription<'_>) -> Result<Vec<(String, Vec<u8>)>> {
    let bad = |cause: String| Error::new(ErrorKind::Internal, "cannot describe this model as an MLflow package").because(cause);
    if description.flavors.is_empty() {
        return Err(bad("it has no flavor".into()));
    }
    let columns = description.feature_names.len();
    if let Some(row) = description.example_rows.iter().find(|row| row.len() != columns || row.iter().any(|value| !value.is_finite())) {
        return Err(bad(format!("the example row {row:?} does not fit {columns} columns of finite numbers")));
    }
    let created = jiff::Timestamp::from_millisecond(description.created_at).map_err(|error| bad(error.to_string()))?;
    let requirements = requirements(description.flavors);
    let example = json!({"columns": description.feature_names, "data": description.example_rows});
    let yaml = |document: &Value| yaml::to_string(document).map(String::into_bytes).map_err(bad);
    let json = |document: &Value| document.to_string().into_bytes();
    Ok(vec![
        ("MLmodel".into(), yaml(&mlmodel(description, &created))?),
        ("conda.yaml".into(), yaml(&conda(&requirements))?),
        ("python_env.yaml".into(), yaml(&environment())?),
        ("requirements.txt".into(), requirements.iter().flat_map(|line| [line, "\n"]).collect::<String>().into_bytes()),
        ("input_example.json".into(), json(&example)),
        ("serving_input_example.json".into(), json(&json!({"dataframe_split": example}))),
    ])
}

fn requirements(flavors: &[Flavor]) -> Vec<&'static str> {
    let mut lines = vec!["mlflow>=2.19", "numpy", "pandas"];
    lines.extend(flavors.iter().flat_map(|flavor| flavor.requirements()));
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// What `python_env.yaml` says.
pub(super) fn environment() -> Value {
    json!({"python": PYTHON_VERSION, "build_dependencies": ["pip", "setuptools", "wheel"], "dependencies": ["-r requirements.txt"]})
}

/// What `conda.yaml` says.
pub(super) fn conda(requirements: &[&str]) -> Value {
    json!({"channels": ["conda-forge"], "dependencies": [format!("python={PYTHON_VERSION}"), "pip", {"pip": requirements}], "name": "mlflow-env"})
}

fn mlmodel(description: &PackageDescription<'_>, created: &jiff::Timestamp) -> Value {
    let mut flavors = serde_json::Map::new();
    for flavor in description.flavors {
        flavors.insert(flavor.name().into(), flavor.entry());
    }
    flavors.insert("python_function".into(), description.flavors[0].python_function());
    // 64-bit columns: with 32-bit ones MLflow refuses an ordinary data frame.
    let inputs: Vec<Value> =
        description.feature_names.iter().map(|name| json!({"type": "double", "name": name, "required": true})).collect();
    let element = match description.prediction {
        PredictionType::Double => "float64",
        PredictionType::Float => "float32",
        PredictionType::Integer => "int64",
    };
    let outputs = json!([{"type": "tensor", "tensor-spec": {"dtype": element, "shape": [-1]}}]);
    json!({
        "artifact_path": description.artifact_path,
        "flavors": flavors,
        "mlflow_version": MLFLOW_VERSION,
        "model_id": description.model_id,
        "model_uuid": description.model_id,
        "run_id": description.run_id,
        "saved_input_example_info": {
            "artifact_path": "input_example.json",
            "pandas_orient": "split",
            "serving_input_path": "serving_input_example.json",
            "type": "dataframe",
        },
        "signature": {"inputs": Value::from(inputs).to_string(), "outputs": outputs.to_string(), "params": null},
        "utc_time_created": created.strftime("%Y-%m-%d %H:%M:%S%.6f").to_string(),
    })
}
