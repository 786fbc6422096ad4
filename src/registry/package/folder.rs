//! A model from outside, as the files of a version: a folder that MLflow wrote, or a single model file.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::ArtifactFile;
use super::model_ids::MLMODEL;
use crate::error::{Error, ErrorKind, Result};
use crate::formats::{self, Format, ProphetFile, ReadOptions, catboost, package, pickle, skops, xgboost};

/// More than this in one model is taken for a mistake in the path.
const MOST_FILES: usize = 10_000;

/// The files of a model, and why hivectl cannot run it, where that is so: what serves it elsewhere may.
pub struct ModelFiles {
    pub files: Vec<ArtifactFile>,
    pub unreadable: Option<Error>,
    /// What is not stored as it was given or not served as it is read, and why.
    pub rewritten: Option<String>,
}

/// Reads the files of a model at `path`.
///
/// A folder must hold an `MLmodel`. A single file gets one that says how MLflow loads it, by what is in it: pickle, joblib
/// and skops (scikit-learn), ONNX, XGBoost, LightGBM's text, CatBoost's own form and its JSON. Where MLflow does not load a file as it is, its name gets the
/// ending that it wants, and what joblib wrote is written as a pickle.
///
/// Errors: [`ErrorKind::FileNotFound`]; [`ErrorKind::BadModelFile`] for what is no model of a known form or is broken, an `MLmodel` that is
/// none, and for a joblib
/// file that cannot be written as a pickle.
pub fn read_model(path: &Path) -> Result<ModelFiles> {
    let metadata = fs::metadata(path).map_err(|source| Error::file("read", path, &source))?;
    if !metadata.is_dir() {
        return read_file(path);
    }
    let files = read_folder(path)?;
    let bytes_of = |path: &str| files.iter().find(|file| file.path() == path).map_or(Ok(Default::default()), ArtifactFile::bytes);
    let paths: Vec<String> = files.iter().map(|file| file.path().to_owned()).collect();
    let mlmodel = bytes_of(MLMODEL)?;
    let broken = |error: Error| refused(path, &error.to_string(), &error);
    if let Some(file) = package::whole(&mlmodel, &paths).map_err(broken)? {
        // What prepares columns is served by its `transform`, where the package says so.
        let transforms = package::predict_function(&mlmodel).as_deref() == Some("transform");
        formats::whole(&bytes_of(&file)?)
            .map(|_| ())
            .or_else(|error| if transforms { Ok(()) } else { Err(refused(path, &format!("{file}: {error}"), &error)) })?;
    }
    let (place, unreadable) = match read_package(&mlmodel, &paths, &bytes_of) {
        Ok(place) => (place, None),
        Err(error) => (None, Some(error)),
    };
    Ok(ModelFiles { files, unreadable, rewritten: place.as_deref().map(not_alone) })
}

/// What is told of a model that is not what MLflow loads.
fn not_alone(place: &str) -> String {
    format!("{place}, and MLflow loads the whole, which cannot predict; save the model alone to have it served")
}

/// Reads the trees of a folder, as its `MLmodel` says, and tells where they stand, where that is in a container.
fn read_package<B: AsRef<[u8]>>(mlmodel: &[u8], paths: &[String], bytes_of: &impl Fn(&str) -> Result<B>) -> Result<Option<String>> {
    let model = package::model_of(mlmodel, paths)?;
    formats::read(bytes_of(&model.path)?.as_ref(), ReadOptions { loader: model.loader, rounds: None }).map(|read| read.place)
}

fn read_folder(folder: &Path) -> Result<Vec<ArtifactFile>> {
    let mut files = Vec::new();
    let mut open = vec![(folder.to_owned(), String::new())];
    while let Some((place, prefix)) = open.pop() {
        let entries = fs::read_dir(&place).map_err(|source| Error::file("read", &place, &source))?;
        for entry in entries {
            let entry = entry.map_err(|source| Error::file("read", &place, &source))?;
            let name = entry.file_name().into_string().map_err(|name| bad(folder, &format!("it holds {name:?}, whose name is no text")))?;
            let path = format!("{prefix}{name}");
            let metadata = fs::symlink_metadata(entry.path()).map_err(|source| Error::file("read", &entry.path(), &source))?;
            if metadata.is_symlink() {
                return Err(bad(folder, &format!("'{path}' is a link, and what it leads to is no part of the package"))
                    .hint("copy the folder with what its links lead to: `cp -rL FROM TO`"));
            }
            if metadata.is_dir() {
                open.push((entry.path(), format!("{path}/")));
            } else {
                files.push(ArtifactFile::on_disk(path, &entry.path())?);
            }
            if files.len() + open.len() > MOST_FILES {
                return Err(bad(folder, &format!("it holds more than {MOST_FILES} files")));
            }
        }
    }
    if !files.iter().any(|file| file.path() == MLMODEL) {
        if let Some(error) = formats::stranger_folder(files.iter().map(|file| file.path())) {
            return Err(refused(folder, &error.causes().join(": "), &error));
        }
        return Err(
            bad(folder, "it holds no file MLmodel").hint("give the folder that mlflow's save_model wrote, or the model file itself")
        );
    }
    files.sort_by(|one, other| one.path().cmp(other.path()));
    Ok(files)
}

fn read_file(path: &Path) -> Result<ModelFiles> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let bytes = fs::read(path).map_err(|source| Error::file("read", path, &source))?;
    if ProphetFile::looks_like(&bytes) {
        return prophet(path, &bytes);
    }
    let format = formats::whole(&bytes).map_err(|error| refused(path, &error.causes().join(": "), &error))?;
    let (place, unreadable) = match formats::read(&bytes, ReadOptions::default()) {
        Ok(read) => (read.place, None),
        Err(error) => (formats::container(&bytes).map(|kind| format!("it is a {kind}")), Some(error)),
    };
    // scikit-learn's way of loading suits no bare booster.
    let native = match format {
        _ if unreadable.is_some() || place.is_some() => None,
        Format::Pickle => pickle::native_booster(&bytes).map_err(|error| cannot_be_stored(path, &error))?,
        Format::Skops => skops::native_booster(&bytes).map_err(|error| cannot_be_stored(path, &error))?,
        _ => None,
    };
    if let Some((format, bytes)) = native {
        let stem = Path::new(name).file_stem().and_then(|stem| stem.to_str()).unwrap_or(name);
        let name = if format == Format::LightgbmText { format!("{stem}.txt") } else { named(stem, format) };
        let rewritten = format!(
            "it holds a bare {} booster: it is stored as {name}, its library's own file, which is what MLflow loads",
            format.flavor()
        );
        let mlmodel = mlmodel(&describe(format, &name, &bytes))?;
        let files = vec![ArtifactFile::new(MLMODEL, mlmodel), ArtifactFile::new(name, bytes)];
        return Ok(ModelFiles { files, unreadable, rewritten: Some(rewritten) });
    }
    let name = named(name, format);
    let mut rewritten = None;
    let file = match format {
        Format::Pickle if pickle::is_joblib(&bytes) => {
            rewritten = Some(format!("joblib wrote it: it is stored as {name}, a pickle of the same object, which is what MLflow loads"));
            let plain = pickle::without_joblib(&bytes).map_err(|error| cannot_be_stored(path, &error))?;
            ArtifactFile::new(name.clone(), plain)
        }
        _ => ArtifactFile::on_disk(name.clone(), path)?,
    };
    if let Some(place) = place {
        let told = not_alone(&place);
        rewritten = Some(rewritten.map_or(told.clone(), |rewritten| format!("{rewritten}; {told}")));
    }
    let mlmodel = mlmodel(&describe(format, &name, &bytes))?;
    Ok(ModelFiles { files: vec![ArtifactFile::new(MLMODEL, mlmodel), file], unreadable, rewritten })
}

/// The file that MLflow keeps a model of Prophet's in: its JSON as a text within JSON.
const PROPHET_FILE: &str = "model.pr";

/// A file of Prophet's, as MLflow's flavor of that name. It forecasts, and says nothing of a ticket.
fn prophet(path: &Path, bytes: &[u8]) -> Result<ModelFiles> {
    let label = path.display().to_string();
    let read = ProphetFile::read(&label, bytes).map_err(|error| refused(path, &error.to_string(), &error))?;
    let text: Value = serde_json::from_slice(bytes).map_err(|source| bad(path, "it is no JSON").because(source))?;
    let (content, rewritten) = match text {
        Value::String(_) => (bytes.to_vec(), None),
        _ => {
            let text = Value::String(String::from_utf8_lossy(bytes).into_owned());
            (
                mlmodel(&text)?,
                Some(format!(
                    "it is a model of Prophet's, stored as {PROPHET_FILE}, the form that MLflow loads; it forecasts, and says nothing of a ticket"
                )),
            )
        }
    };
    let version = read.version.unwrap_or_else(|| "1.5.0".into());
    let entry = [("data", PROPHET_FILE), ("model_type", "Prophet"), ("prophet_version", version.as_str())];
    let function = [("data", PROPHET_FILE), ("loader_module", "mlflow.prophet")];
    let flavors = Value::from_iter([("prophet", Value::from_iter(entry)), ("python_function", Value::from_iter(function))]);
    let document = mlmodel(&Value::from_iter([("flavors", flavors)]))?;
    let files = vec![ArtifactFile::new(MLMODEL, document), ArtifactFile::new(PROPHET_FILE, content)];
    Ok(ModelFiles { files, unreadable: None, rewritten })
}

fn mlmodel(document: &Value) -> Result<Vec<u8>> {
    serde_json::to_vec_pretty(document).map_err(|source| Error::new(ErrorKind::Internal, "cannot write MLmodel").because(source))
}

/// The file's name with an ending by which its library knows the form.
fn named(name: &str, format: Format) -> String {
    let endings: &[&str] = match format {
        // MLflow opens these by what MLmodel says, whatever they are called.
        Format::Onnx | Format::LightgbmText | Format::XgboostBinary | Format::CatboostJson => return name.to_owned(),
        // What MLflow itself calls it.
        Format::CatboostBinary => return "model.cb".to_owned(),
        Format::Pickle => &["pkl", "pickle"],
        Format::Skops => &["skops"],
        Format::XgboostJson => &["json"],
        Format::XgboostUbj => &["ubj"],
    };
    let has_one = Path::new(name).extension().is_some_and(|ending| endings.iter().any(|known| ending.eq_ignore_ascii_case(known)));
    if has_one { name.to_owned() } else { format!("{name}.{}", endings[0]) }
}

/// What is read and has no form in which MLflow loads it.
fn cannot_be_stored(path: &Path, error: &Error) -> Error {
    let refused = bad(path, "it cannot be stored in a form that MLflow loads").because(error);
    match error.hints() {
        [] => refused.hint("save it again: `pickle.dump(joblib.load('FILE'), open('model.pkl', 'wb'))`"),
        hints => hints.iter().fold(refused, |refused, hint| refused.hint(hint.to_string())),
    }
}

/// The least `MLmodel` with which MLflow loads a file, as JSON, which YAML contains.
fn describe(format: Format, file: &str, bytes: &[u8]) -> Value {
    let list = |words: &[&str]| Value::from(words.to_vec());
    // A file of the scikit-learn wrapper answers as the wrapper does only where Python loads it as one.
    let xgboost = |form: &str| {
        let class = xgboost::wrapper_of(bytes).unwrap_or("xgboost.core.Booster");
        vec![("data", file.into()), ("model_format", form.into()), ("model_class", class.into())]
    };
    let (entry, key) = match format {
        Format::Onnx => (vec![("data", file.into()), ("providers", list(&["CPUExecutionProvider"]))], "data"),
        Format::XgboostJson => (xgboost("json"), "data"),
        Format::XgboostUbj => (xgboost("ubj"), "data"),
        Format::XgboostBinary => (xgboost("xgb"), "data"),
        Format::LightgbmText => (vec![("data", file.into()), ("model_class", "lightgbm.basic.Booster".into())], "data"),
        Format::CatboostJson | Format::CatboostBinary => {
            let form = if format == Format::CatboostJson { "json" } else { "cbm" };
            (vec![("data", file.into()), ("model_type", catboost::python_class(bytes).into()), ("save_format", form.into())], "data")
        }
        Format::Pickle => (vec![("pickled_model", file.into()), ("serialization_format", "pickle".into())], "model_path"),
        Format::Skops => {
            let trusted = ("skops_trusted_types", skops::trusted_types(bytes).unwrap_or_default().into());
            (vec![("pickled_model", file.into()), ("serialization_format", "skops".into()), trusted], "model_path")
        }
    };
    let flavor = format.flavor();
    let python_function = Value::from_iter([("loader_module", format!("mlflow.{flavor}")), (key, file.to_owned())]);
    let flavors = Value::from_iter([(flavor, Value::from_iter(entry)), ("python_function", python_function)]);
    Value::from_iter([("flavors", flavors)])
}

/// The same with the remedies of what was found.
fn refused(path: &Path, why: &str, found: &Error) -> Error {
    found.hints().iter().fold(bad(path, why), |refused, hint| refused.hint(hint.to_string()))
}

fn bad(path: &Path, why: &str) -> Error {
    Error::new(ErrorKind::BadModelFile, format!("{} is no model that can be registered", path.display())).because(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_read_with_its_folders_and_needs_an_mlmodel() {
        let folder = tempfile::tempdir().expect("temporary folder");
        fs::create_dir(folder.path().join("deep")).expect("made");
        fs::write(folder.path().join("deep/file"), "x").expect("written");
        assert_eq!(read_model(folder.path()).err().expect("no MLmodel").kind(), ErrorKind::BadModelFile);
        fs::write(folder.path().join(MLMODEL), "flavors: {mine: {}}").expect("written");
        let paths: Vec<String> = read_model(folder.path()).expect("read").files.into_iter().map(|file| file.path().to_owned()).collect();
        assert_eq!(paths, ["MLmodel", "deep/file"]);
        assert_eq!(read_model(&folder.path().join("absent")).err().expect("absent").kind(), ErrorKind::FileNotFound);
    }

    #[test]
    fn a_file_is_described_by_what_is_in_it() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let model = b"{\"learner\": {\"gradient_booster\": {\"model\": {}, \"name\": \"gblinear\"}}}";
        for (file, bytes, loader, stored) in [
            ("m.onnx", &b"\x08\x08\x12\x07hivectl\x3a\x00"[..], "mlflow.onnx", "m.onnx"),
            ("m.xgb", model, "mlflow.xgboost", "m.xgb.json"),
            ("m.txt", b"tree\nversion=v4\n\nTree=0\n", "mlflow.lightgbm", "m.txt"),
            ("m", b"\x80\x04cmine\nModel\n)\x81.", "mlflow.sklearn", "m.pkl"),
        ] {
            fs::write(folder.path().join(file), bytes).expect("written");
            let model = read_model(&folder.path().join(file)).expect("read");
            let document: Value = serde_json::from_slice(&model.files[0].bytes().expect("read")).expect("JSON");
            assert_eq!(document["flavors"]["python_function"]["loader_module"], loader);
            assert_eq!(model.files[1].path(), stored);
            assert!(model.unreadable.is_some(), "{file} holds no trees");
        }
    }

    #[test]
    fn what_is_no_model_is_not_registered() {
        let folder = tempfile::tempdir().expect("temporary folder");
        for (text, told) in [
            ("", "it is empty"),
            ("x", "it begins with 78"),
            ("CBM1", "its length is cut off"),
            ("<?xml version='1.0'?><PMML/>", "PMML"),
            ("{}", "'learner' is missing"),
            ("{\"learner\": {\"generic_param\": {}}}", "XGBoost's configuration"),
            ("{\"name\": \"tree\", \"tree_info\": []}", "LightGBM's dump"),
            ("{\"oblivious_trees\": []}", "missing field `features_info`"),
            ("[{\"nodeid\": 0}]", "`get_dump`"),
            ("tree\nversion=v4\n", "has no trees"),
            ("tree\ntree_sizes=9 9\n\nTree=0\n", "states 2 trees and holds 1"),
            ("{\"learner\": {\"gradient_booster\": ", "cannot read this XGBoost model: line 1"),
        ] {
            fs::write(folder.path().join("m.json"), text).expect("written");
            let error = read_model(&folder.path().join("m.json")).err().expect(text);
            assert_eq!(error.kind(), ErrorKind::BadModelFile, "{text}");
            assert!(error.causes().join(": ").contains(told), "{text}: {:?}", error.causes());
        }
    }
}
