//! What `MLmodel` says of a package that another tool made: which file is the model, and how it is meant.
//!
//! Nothing is guessed from file names: a package of plain Python code has model files too, and they are not the model.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::read_model::Loader;
use crate::base::yaml;
use crate::error::{Error, ErrorKind, Result};

/// No `MLmodel` is longer; with an input example it has some kilobytes.
const MOST_BYTES: usize = 4 << 20;

/// The model of a package.
///
/// ```
/// use hivectl::formats::package;
///
/// let mlmodel = b"flavors:\n  xgboost: {data: model.ubj, model_class: xgboost.sklearn.XGBRegressor}\n";
/// let paths = ["MLmodel".to_owned(), "old.pkl".to_owned(), "model.ubj".to_owned()];
/// assert_eq!(package::model_of(mlmodel, &paths)?.path, "model.ubj");
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackagedModel {
    /// Its file, a path within the package.
    pub path: String,
    /// What loads it in Python.
    pub loader: Loader,
    /// Names of the columns in the order of the signature; empty where it has none.
    pub columns: Vec<String>,
}

/// Flavors whose files are read, with the keys that name the file, the surest first.
const READ: [(&str, &str, &[&str]); 4] = [
    ("sklearn", "mlflow.sklearn", &["pickled_model", "model_path"]),
    ("xgboost", "mlflow.xgboost", &["data"]),
    ("lightgbm", "mlflow.lightgbm", &["data"]),
    ("onnx", "mlflow.onnx", &["data"]),
];

/// The model of a package with these files, as its `MLmodel` says.
///
/// Errors: [`ErrorKind::BadModelFile`] for an `MLmodel` that is none, whose model needs Python code of its own, or
/// that names a file which is not in the package or lies outside of it; [`ErrorKind::Usage`] for a signature
/// that names a column twice.
pub fn model_of(mlmodel: &[u8], paths: &[String]) -> Result<PackagedModel> {
    let (document, flavors) = document_of(mlmodel)?;
    let (flavor, file) = file_of(&flavors)?;
    is_there(file, paths)?;
    let loader = match (flavor, flavors.get("xgboost").map(|entry| entry["model_class"].as_str().unwrap_or_default())) {
        ("xgboost", Some(class)) if class.starts_with("xgboost.sklearn.") => Loader::Wrapper,
        // MLflow loads a booster where nothing is said.
        ("xgboost", _) => Loader::Booster,
        _ => Loader::Noted,
    };
    Ok(PackagedModel { path: file.to_owned(), loader, columns: columns(&document)? })
}

/// The file of the model in a package that is whole, of whatever flavor: `None` where it is of a flavor whose files are
/// not read.
///
/// Errors: [`ErrorKind::BadModelFile`] for an `MLmodel` that is none, or that names a file which is not in the package or
/// lies outside of it.
///
/// ```
/// use hivectl::formats::package::whole;
///
/// let paths = ["MLmodel".to_owned(), "data/model.pth".to_owned()];
/// assert_eq!(whole(b"flavors: {pytorch: {model_data: data}}", &paths)?, None);
/// assert!(whole(b"flavors: {xgboost: {data: gone.ubj}}", &paths).is_err());
/// # Ok::<(), hivectl::error::Error>(())
/// ```
pub fn whole(mlmodel: &[u8], paths: &[String]) -> Result<Option<String>> {
    let (_, flavors) = document_of(mlmodel)?;
    let entries = flavors.values().filter_map(Value::as_object);
    let named = entries.flat_map(|entry| ["data", "model_path", "pickled_model", "python_model", "code"].map(|key| entry.get(key)));
    if let Some(path) = named.flatten().filter_map(Value::as_str).find(|path| !is_inside(path)) {
        return Err(leads_out(path));
    }
    let Ok((_, file)) = file_of(&flavors) else { return Ok(None) };
    is_there(file, paths)?;
    Ok(Some(file.to_owned()))
}

/// What an `MLmodel` says, and its flavors.
fn document_of(mlmodel: &[u8]) -> Result<(Value, Map<String, Value>)> {
    if mlmodel.len() > MOST_BYTES {
        return Err(bad(format!("its MLmodel has {} bytes, at most {MOST_BYTES} are read", mlmodel.len())));
    }
    let document = yaml::document(mlmodel).map_err(|error| bad(format!("its MLmodel is not one YAML document: {error}")))?;
    match document["flavors"].as_object().cloned() {
        Some(flavors) => Ok((document, flavors)),
        None => Err(bad("its MLmodel names no flavors".into())),
    }
}

/// Errors: a path that leads out of the package, or to none of its files.
fn is_there(file: &str, paths: &[String]) -> Result<()> {
    match paths.iter().any(|path| path == file) {
        _ if !is_inside(file) => Err(leads_out(file)),
        true => Ok(()),
        false => Err(bad(format!("its MLmodel names '{}' as the model, and its files are {}", file.escape_debug(), paths.join(", ")))),
    }
}

fn leads_out(path: &str) -> Error {
    bad(format!("its MLmodel names '{}', which leads out of the package", path.escape_debug()))
}

/// The flavor that is read, and the file that it names.
fn file_of(flavors: &Map<String, Value>) -> Result<(&'static str, &str)> {
    for (flavor, _, keys) in READ {
        if let Some(file) = flavors.get(flavor).and_then(|entry| keys.iter().find_map(|key| entry[*key].as_str())) {
            return Ok((flavor, file));
        }
    }
    let general = flavors.get("python_function").map(|entry| entry["loader_module"].as_str().unwrap_or_default());
    // A package may say only how Python loads it.
    for (flavor, loader, _) in READ {
        let entry = flavors.get("python_function").filter(|_| general == Some(loader));
        if let Some(file) = entry.and_then(|entry| entry["model_path"].as_str().or_else(|| entry["data"].as_str())) {
            return Ok((flavor, file));
        }
    }
    let others: Vec<&str> = flavors.keys().map(String::as_str).filter(|flavor| *flavor != "python_function").collect();
    match general {
        Some(loader) if others.is_empty() => Err(bad(format!(
            "it is Python code around its files (python_function, loaded by '{:.80}'): what it answers is what that code makes of them",
            loader.escape_debug().to_string()
        ))
        .hint("log the model inside by its own flavor (`mlflow.sklearn.log_model`, `mlflow.xgboost.log_model`, …) to have it read")),
        _ => Err(bad(format!("its flavors are {}", others.join(", ")))),
    }
}

/// Names of the signature's columns, in its order.
fn columns(document: &Value) -> Result<Vec<String>> {
    // The signature is JSON in a YAML string.
    let inputs: Option<Vec<Value>> = document["signature"]["inputs"].as_str().and_then(|text| serde_json::from_str(text).ok());
    let names: Option<Vec<String>> = inputs.unwrap_or_default().iter().map(|column| column["name"].as_str().map(str::to_owned)).collect();
    let names = names.unwrap_or_default();
    let mut seen = BTreeSet::new();
    match names.iter().find(|name| !seen.insert(name.as_str())) {
        Some(twice) => Err(Error::new(ErrorKind::Usage, format!("the signature names the column '{}' twice", twice.escape_debug()))
            .because(format!("its columns are {}", names.join(", ")))),
        None => Ok(names),
    }
}

/// Whether a path stays in the package: relative, without `..`.
fn is_inside(path: &str) -> bool {
    !path.is_empty() && !path.contains(['\\', '\0', ':']) && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

fn bad(what: String) -> Error {
    Error::new(ErrorKind::BadModelFile, "this package holds no model that is read").because(what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(mlmodel: &str, paths: &[&str]) -> Result<PackagedModel> {
        model_of(mlmodel.as_bytes(), &paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>())
    }

    fn told(error: &Error) -> String {
        format!("{error}: {}", error.causes().join(": "))
    }

    #[test]
    fn the_file_is_the_one_that_is_named() {
        let text =
            "flavors:\n  python_function: {loader_module: mlflow.sklearn, model_path: new.pkl}\n  sklearn: {pickled_model: new.pkl}\n";
        assert_eq!(found(text, &["MLmodel", "model.pkl", "new.pkl"]).unwrap().path, "new.pkl");
        let only = "flavors:\n  python_function: {loader_module: mlflow.xgboost, data: m.json}\n";
        assert_eq!(
            found(only, &["MLmodel", "m.json"]).unwrap(),
            PackagedModel { path: "m.json".into(), loader: Loader::Booster, columns: Vec::new() }
        );
        assert!(found(text, &["MLmodel", "model.pkl"]).unwrap_err().to_string().contains("no model that is read"));
    }

    #[test]
    fn the_class_tells_which_rounds_answer() {
        for (class, loader) in [
            (", model_class: xgboost.sklearn.XGBClassifier", Loader::Wrapper),
            (", model_class: xgboost.core.Booster", Loader::Booster),
            ("", Loader::Booster),
        ] {
            let text = format!("flavors:\n  xgboost: {{data: model.ubj{class}}}\n");
            assert_eq!(found(&text, &["model.ubj"]).unwrap().loader, loader, "{class}");
        }
    }

    #[test]
    fn code_around_a_pickle_is_refused_by_name() {
        let text = "flavors:\n  python_function: {loader_module: mlflow.pyfunc.model, python_model: python_model.pkl}\n";
        let error = found(text, &["MLmodel", "artifacts/rf.pkl", "python_model.pkl"]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadModelFile);
        assert!(told(&error).contains("mlflow.pyfunc.model"), "{}", told(&error));
        let error = found("flavors:\n  pytorch: {model_data: data}\n", &["data"]).unwrap_err();
        assert!(told(&error).contains("pytorch"), "{}", told(&error));
    }

    #[test]
    fn paths_that_lead_out_are_refused() {
        for path in ["/etc/passwd", "../model.pkl", "a/../../b.pkl", "C:\\m.pkl", "file:///m.pkl", ""] {
            let text = format!("flavors:\n  sklearn: {{pickled_model: '{path}'}}\n");
            assert_eq!(found(&text, &[path, "model.pkl"]).unwrap_err().kind(), ErrorKind::BadModelFile, "{path}");
        }
    }

    #[test]
    fn what_is_broken_is_told_from_what_is_foreign() {
        let paths = ["MLmodel".to_owned(), "m.ubj".to_owned()];
        let long = format!("flavors: {{}}\n# {}\n", "x".repeat(MOST_BYTES));
        for (text, place) in [
            ("flavors: {xgboost: {data: m.ubj}}\n", Some("m.ubj")),
            ("flavors: {python_function: {loader_module: mine, data: folder}}\n", None),
            ("flavors: {}\n", None),
        ] {
            assert_eq!(whole(text.as_bytes(), &paths).expect(text).as_deref(), place, "{text}");
        }
        for (text, reason) in [
            ("flavors: [\n", "not one YAML document"),
            ("flavors: {}\n---\nflavors: {}\n", "more than one document"),
            ("flavors: {a: {}}\nflavors: {b: {}}\n", "duplicate entry"),
            ("flavors: {a: {x: 1, x: 2}}\n", "duplicate entry"),
            ("- flavors\n", "names no flavors"),
            ("{}", "names no flavors"),
            ("flavors: {xgboost: {data: gone.ubj}}\n", "'gone.ubj' as the model"),
            ("flavors: {python_function: {data: ../m.ubj}}\n", "leads out"),
            (&long, "bytes, at most"),
        ] {
            let error = whole(text.as_bytes(), &paths).expect_err(reason);
            assert!(error.kind() == ErrorKind::BadModelFile && told(&error).contains(reason), "{reason}: {}", told(&error));
        }
    }

    #[test]
    fn the_signature_gives_names_and_order() {
        let text = |inputs: &str| format!("flavors:\n  lightgbm: {{data: m.lgb}}\nsignature:\n  inputs: '{inputs}'\n");
        let columns = r#"[{"type": "double", "name": "b"}, {"type": "double", "name": "a"}]"#;
        assert_eq!(found(&text(columns), &["m.lgb"]).unwrap().columns, ["b", "a"]);
        let tensor = r#"[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 2]}}]"#;
        assert_eq!(found(&text(tensor), &["m.lgb"]).unwrap().columns, Vec::<String>::new());
        let twice = r#"[{"type": "double", "name": "b"}, {"type": "double", "name": "b"}]"#;
        assert_eq!(found(&text(twice), &["m.lgb"]).unwrap_err().kind(), ErrorKind::Usage);
    }
}
