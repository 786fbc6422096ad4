//! What `MLmodel` says of a package that another tool made: which file is the model, and how it is meant.
//!
//! Nothing is guessed from file names: a package of plain Python code has model files too, and they are not the model.

use serde_json::{Map, Value};

use super::read_model::Loader;
use super::signature::Signature;
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
    /// Names and types of the columns.
    pub signature: Signature,
    /// Whether its `predict` was declared to be `predict_proba`.
    pub tells_probabilities: bool,
}

/// Flavors whose files are read, with the keys that name the file, the surest first.
const READ: [(&str, &str, &[&str]); 5] = [
    ("sklearn", "mlflow.sklearn", &["pickled_model", "model_path"]),
    ("xgboost", "mlflow.xgboost", &["data"]),
    ("lightgbm", "mlflow.lightgbm", &["data"]),
    ("onnx", "mlflow.onnx", &["data"]),
    ("catboost", "mlflow.catboost", &["data"]),
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
    let (loader, tells_probabilities) = (loader(flavor, &flavors)?, tells_probabilities(&flavors)?);
    no_later(flavor, &flavors)?;
    Ok(PackagedModel { path: file.to_owned(), loader, signature: Signature::of(&document)?, tells_probabilities })
}

/// The file of the model in a package that is whole, of whatever flavor: `None` where it is of a flavor whose files are
/// not read.
///
/// Errors: [`ErrorKind::BadModelFile`] for an `MLmodel` that is none, or that names a file which is not in the package or
/// lies outside of it; a signature that is none or names a column twice.
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
    let (document, flavors) = document_of(mlmodel)?;
    Signature::check(&document)?;
    let entries = flavors.values().filter_map(Value::as_object);
    let named = entries.flat_map(|entry| ["data", "model_path", "pickled_model", "python_model", "code"].map(|key| entry.get(key)));
    if let Some(path) = named.flatten().filter_map(Value::as_str).find(|path| !is_inside(path)) {
        return Err(leads_out(path));
    }
    let Ok((_, file)) = file_of(&flavors) else { return Ok(None) };
    is_there(file, paths)?;
    Ok(Some(file.to_owned()))
}

/// The function of the model that its package answers by, where it declares one.
pub fn predict_function(mlmodel: &[u8]) -> Option<String> {
    document_of(mlmodel).ok()?.1.get("python_function")?["predict_fn"].as_str().map(str::to_owned)
}

/// The file of a model of Prophet's, a path within the package; `None` where the package is of other flavors.
///
/// Errors: [`ErrorKind::BadModelFile`] for an `MLmodel` that is none, or whose path leads out of the package.
pub fn prophet_of(mlmodel: &[u8]) -> Result<Option<String>> {
    let (_, flavors) = document_of(mlmodel)?;
    match flavors.get("prophet").and_then(|flavor| flavor["data"].as_str()) {
        Some(path) if !is_inside(path) => Err(leads_out(path)),
        path => Ok(path.map(str::to_owned)),
    }
}

/// What an `MLmodel` says, and its flavors.
fn document_of(mlmodel: &[u8]) -> Result<(Value, Map<String, Value>)> {
    if mlmodel.len() > MOST_BYTES {
        return Err(bad(format!("its MLmodel has {} bytes, at most {MOST_BYTES} are read", mlmodel.len())));
    }
    let document = yaml::document(mlmodel).map_err(|error| bad(format!("its MLmodel is not one YAML document: {error}")))?;
    match document["flavors"].as_object().cloned() {
        Some(flavors) if !flavors.is_empty() => Ok((document, flavors)),
        _ => Err(bad("its MLmodel names no flavors".into())
            .hint("save the model with its flavor: `mlflow.sklearn.save_model(model, 'FOLDER')`, `mlflow.xgboost.save_model`, …")),
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
    let general = flavors.get("python_function").map(|entry| entry["loader_module"].as_str().unwrap_or_default());
    // Of several flavors the one that Python would load by comes first.
    let (told, others): (Vec<_>, Vec<_>) = READ.into_iter().partition(|(_, loader, _)| general == Some(loader));
    for (flavor, loader, keys) in told.into_iter().chain(others) {
        // CatBoost saves other forms too, of which MLflow loads its own and JSON.
        let is_loaded = |entry: &&Value| ["json", "cbm"].iter().any(|form| entry["save_format"] == *form);
        let entry = flavors.get(flavor).filter(|entry| flavor != "catboost" || is_loaded(entry));
        if let Some(file) = entry.and_then(|entry| keys.iter().find_map(|key| entry[*key].as_str())) {
            return agreed(flavors, loader, file).map(|()| (flavor, file));
        }
    }
    // A package may say only how Python loads it.
    for (flavor, loader, _) in READ.into_iter().filter(|(flavor, ..)| *flavor != "catboost") {
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
        _ => {
            let refused = bad(format!("its flavors are {}, of which none is read", others.join(", ")));
            Err(match others.contains(&"catboost") {
                true => refused.hint(
                    "CatBoost's own form and its JSON are read: `model.save_model('m.cbm')`, `model.save_model('m.json', format='json')`",
                ),
                false => refused,
            })
        }
    }
}

/// Whether Python, asked for the package as a function, loads the same file in the flavor's own way.
///
/// Errors: another loader, which may make anything of the model; another file.
fn agreed(flavors: &Map<String, Value>, flavors_own: &str, file: &str) -> Result<()> {
    let Some(entry) = flavors.get("python_function") else { return Ok(()) };
    if let Some(loader) = entry["loader_module"].as_str().filter(|loader| !loader.is_empty() && *loader != flavors_own) {
        return Err(bad(format!(
            "Python loads it by code of its own (python_function, loaded by '{:.80}'), and what that makes of '{:.80}' is not known",
            loader.escape_debug().to_string(),
            file.escape_debug().to_string()
        ))
        .hint("log the model by its own flavor (`mlflow.sklearn.log_model`, `mlflow.xgboost.log_model`, …) to have it read"));
    }
    match ["model_path", "data"].iter().find_map(|key| entry[*key].as_str()) {
        Some(other) if other.trim_start_matches("./") != file.trim_start_matches("./") => Err(bad(format!(
            "its MLmodel names two files as the model: '{:.80}', and '{:.80}' for python_function",
            file.escape_debug().to_string(),
            other.escape_debug().to_string()
        ))
        .hint("have both name one file, or log the model again")),
        _ => Ok(()),
    }
}

/// The scikit-learn classes around a library's booster that are read, in the library's module.
const WRAPPERS: [(&str, &str, &[&str]); 2] = [
    ("xgboost", "xgboost.sklearn.", &["XGBModel", "XGBRegressor", "XGBClassifier", "XGBRanker", "XGBRFRegressor", "XGBRFClassifier"]),
    ("lightgbm", "lightgbm.sklearn.", &["LGBMModel", "LGBMRegressor", "LGBMClassifier", "LGBMRanker"]),
];

/// What loads the model in Python.
///
/// Errors: a class whose answers are not known.
fn loader(flavor: &str, flavors: &Map<String, Value>) -> Result<Loader> {
    let class = flavors.get(flavor).and_then(|entry| entry["model_class"].as_str()).unwrap_or_default();
    let wrapper = WRAPPERS.iter().find(|(name, ..)| *name == flavor);
    let is_wrapper = wrapper.is_some_and(|(_, module, classes)| class.strip_prefix(module).is_some_and(|name| classes.contains(&name)));
    match flavor {
        "xgboost" if is_wrapper => Ok(Loader::Wrapper),
        // MLflow loads a booster where nothing is said.
        "xgboost" if matches!(class, "" | "xgboost.core.Booster") => Ok(Loader::Booster),
        "lightgbm" if is_wrapper || matches!(class, "" | "lightgbm.basic.Booster") => Ok(Loader::Noted),
        "catboost" => catboost_loader(flavors),
        "xgboost" | "lightgbm" => Err(bad(format!(
            "its model_class is '{:.80}', and what such a class makes of the trees is not known",
            class.escape_debug().to_string()
        ))),
        _ => Ok(Loader::Noted),
    }
}

/// CatBoost's class decides whether sums or classes are answered.
///
/// Errors: a class whose answers are not known.
fn catboost_loader(flavors: &Map<String, Value>) -> Result<Loader> {
    match flavors.get("catboost").and_then(|entry| entry["model_type"].as_str()).unwrap_or_default() {
        "" | "CatBoostClassifier" => Ok(Loader::Noted),
        "CatBoostRegressor" => Ok(Loader::Wrapper),
        "CatBoost" | "CatBoostRanker" => Ok(Loader::Booster),
        other => Err(bad(format!(
            "its model_type is '{:.80}', and what such a class makes of the trees is not known",
            other.escape_debug().to_string()
        ))),
    }
}

/// Whether the package declared `predict_proba` for its `predict`.
///
/// Errors: another function than these two.
fn tells_probabilities(flavors: &Map<String, Value>) -> Result<bool> {
    match flavors.get("python_function").and_then(|entry| entry["predict_fn"].as_str()) {
        None | Some("predict") => Ok(false),
        Some("predict_proba") => Ok(true),
        Some(other) => Err(bad(format!("it answers by '{:.80}' (predict_fn), which is not known here", other.escape_debug().to_string()))),
    }
}

/// The versions that flavors name, with the last major one that is read.
const VERSIONS: [(&str, &str, u64); 5] = [
    ("sklearn", "sklearn_version", 1),
    ("xgboost", "xgb_version", 3),
    ("lightgbm", "lgb_version", 4),
    ("catboost", "catboost_version", 1),
    ("onnx", "onnx_version", 1),
];

/// Errors: a flavor of a version that is not out yet, whose files may mean something else.
fn no_later(flavor: &str, flavors: &Map<String, Value>) -> Result<()> {
    let Some((_, key, last)) = VERSIONS.iter().find(|(name, ..)| *name == flavor) else { return Ok(()) };
    // YAML takes `2.0` for a number.
    let told = flavors.get(flavor).map(|entry| &entry[*key]);
    let told = told.map(|version| version.as_str().map_or_else(|| version.to_string(), str::to_owned)).unwrap_or_default();
    match told.split('.').next().and_then(|major| major.parse::<u64>().ok()) {
        Some(major) if major > *last => Err(bad(format!(
            "its flavor {flavor} is of the version {:.40}, and versions up to {last} are read",
            told.escape_debug().to_string()
        ))),
        _ => Ok(()),
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
            PackagedModel { path: "m.json".into(), loader: Loader::Booster, signature: Signature::default(), tells_probabilities: false }
        );
        let both = "flavors:\n  sklearn: {pickled_model: a.pkl}\n  xgboost: {data: m.json}\n  python_function: {loader_module: mlflow.xgboost, data: m.json}\n";
        assert_eq!(found(both, &["MLmodel", "m.json", "a.pkl"]).unwrap().path, "m.json");
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
    fn what_a_package_declares_is_obeyed_or_refused_by_name() {
        let of = |flavor: &str, general: &str| found(&format!("flavors:\n  {flavor}\n  python_function: {{{general}}}\n"), &["m"]);
        assert!(of("sklearn: {pickled_model: m, sklearn_version: 1.9.1}", "predict_fn: predict_proba").unwrap().tells_probabilities);
        assert!(!of("sklearn: {pickled_model: m}", "predict_fn: predict").unwrap().tells_probabilities);
        for (flavor, general, reason) in [
            ("sklearn: {pickled_model: m}", "predict_fn: predict_log_proba", "predict_log_proba"),
            ("xgboost: {data: m, model_class: mine.Regressor}", "", "mine.Regressor"),
            ("xgboost: {data: m, model_class: xgboost.sklearn.Other}", "", "xgboost.sklearn.Other"),
            ("lightgbm: {data: m, model_class: lightgbm.dask.DaskLGBMRegressor}", "", "DaskLGBMRegressor"),
            ("xgboost: {data: m, xgb_version: 4.0.0}", "", "version 4.0.0"),
            ("catboost: {data: m, save_format: cbm, catboost_version: 2.0.0}", "", "version 2.0.0"),
            ("catboost: {data: m, save_format: cbm, model_type: Mine}", "", "its model_type is 'Mine'"),
            ("catboost: {data: m, save_format: onnx}", "", "of which none is read"),
            ("sklearn: {pickled_model: m, sklearn_version: 2.0}", "", "version 2.0"),
            ("sklearn: {pickled_model: m}", "loader_module: mine.loader", "mine.loader"),
            ("sklearn: {pickled_model: m}", "loader_module: mlflow.sklearn, model_path: other.pkl", "'other.pkl' for python_function"),
            ("xgboost: {data: m}", "loader_module: mlflow.sklearn, data: m", "mlflow.sklearn"),
        ] {
            let error = of(flavor, general).unwrap_err();
            assert!(told(&error).contains(reason), "{reason}: {}", told(&error));
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
            (
                "flavors: {pytorch: {}}\nsignature: {inputs: '[{\"type\": \"array\", \"items\": {\"type\": \"long\"}, \"name\": \"a\"}]'}\n",
                None,
            ),
        ] {
            assert_eq!(whole(text.as_bytes(), &paths).expect(text).as_deref(), place, "{text}");
        }
        for (text, reason) in [
            ("flavors: [\n", "not one YAML document"),
            ("flavors: {a: {}}\n---\nflavors: {}\n", "more than one document"),
            ("flavors: {a: {}}\nflavors: {b: {}}\n", "duplicate entry"),
            ("flavors: {a: {x: 1, x: 2}}\n", "duplicate entry"),
            ("- flavors\n", "names no flavors"),
            ("{}", "names no flavors"),
            ("flavors: {}\n", "names no flavors"),
            ("flavors: {a: {}}\nsignature: 5\n", "the signature in MLmodel is not understood: it is 5"),
            ("flavors: {a: {}}\nsignature: {inputs: [a]}\n", "'inputs' is no text"),
            ("flavors: {a: {}}\nsignature: {inputs: '[{'}\n", "line 1"),
            ("flavors: {a: {}}\nsignature: {inputs: '[{\"name\": \"a\"}]'}\n", "column 1 has no type"),
            ("flavors: {a: {}}\nsignature: {inputs: '[{\"name\": \"a\", \"type\": \"flot\"}]'}\n", "the type 'flot'"),
            ("flavors: {a: {}}\nsignature: {outputs: 'x'}\n", "'outputs'"),
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
        assert_eq!(found(&text(columns), &["m.lgb"]).unwrap().signature.names, ["b", "a"]);
        let tensor = r#"[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 2]}}]"#;
        assert_eq!(found(&text(tensor), &["m.lgb"]).unwrap().signature.names, Vec::<String>::new());
        let twice = r#"[{"type": "double", "name": "b"}, {"type": "double", "name": "b"}]"#;
        assert_eq!(found(&text(twice), &["m.lgb"]).unwrap_err().kind(), ErrorKind::Usage);
    }
}
