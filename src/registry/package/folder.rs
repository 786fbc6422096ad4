//! A model from outside, as the files of a version: a folder that MLflow wrote, or a single model file.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::ArtifactFile;
use crate::error::{Error, ErrorKind, Result};
use crate::formats::xgboost;

/// What makes a folder an MLflow model.
const MLMODEL: &str = "MLmodel";

/// More than this in one model is taken for a mistake in the path.
const MOST_FILES: usize = 10_000;

/// Reads the files of a model at `path`.
///
/// A folder must hold an `MLmodel`. A single file gets one that says how MLflow loads it, by its suffix:
/// `.onnx`, `.ubj` or `.json` (XGBoost), `.txt` (LightGBM), `.pkl` or `.skops` (scikit-learn).
///
/// Errors: [`ErrorKind::FileNotFound`]; [`ErrorKind::BadModelFile`] for anything else.
pub fn read_model(path: &Path) -> Result<Vec<ArtifactFile>> {
    let metadata = fs::metadata(path).map_err(|source| Error::file("read", path, &source))?;
    if metadata.is_dir() { read_folder(path) } else { read_file(path) }
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
            // Follows links: what is stored is what they lead to.
            let metadata = fs::metadata(entry.path()).map_err(|source| Error::file("read", &entry.path(), &source))?;
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
        return Err(
            bad(folder, "it holds no file MLmodel").hint("give the folder that mlflow's save_model wrote, or the model file itself")
        );
    }
    files.sort_by(|one, other| one.path().cmp(other.path()));
    Ok(files)
}

fn read_file(path: &Path) -> Result<Vec<ArtifactFile>> {
    let suffix = path.extension().and_then(|suffix| suffix.to_str()).unwrap_or_default().to_ascii_lowercase();
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let mut document = describe(&suffix, name).ok_or_else(|| {
        bad(path, &format!("'.{suffix}' says nothing about how to load it"))
            .hint("models end in .onnx, .ubj, .json, .txt, .pkl or .skops; a folder must hold an MLmodel")
    })?;
    // A file of the scikit-learn wrapper answers as the wrapper does only where Python loads it as one.
    if matches!(suffix.as_str(), "ubj" | "json") {
        let bytes = fs::read(path).map_err(|source| Error::file("read", path, &source))?;
        document["flavors"]["xgboost"]["model_class"] = xgboost::wrapper_of(&bytes).unwrap_or("xgboost.core.Booster").into();
    }
    let mlmodel =
        serde_json::to_vec_pretty(&document).map_err(|source| Error::new(ErrorKind::Internal, "cannot write MLmodel").because(source))?;
    Ok(vec![ArtifactFile::new(MLMODEL, mlmodel), ArtifactFile::on_disk(name, path)?])
}

/// The least `MLmodel` with which MLflow loads a file, as JSON, which YAML contains.
fn describe(suffix: &str, file: &str) -> Option<Value> {
    let list = |words: &[&str]| Value::from(words.to_vec());
    let (flavor, entry, key) = match suffix {
        "onnx" => ("onnx", vec![("data", file.into()), ("providers", list(&["CPUExecutionProvider"]))], "data"),
        "ubj" | "json" => ("xgboost", vec![("data", file.into()), ("model_format", suffix.into())], "data"),
        "txt" => ("lightgbm", vec![("data", file.into()), ("model_class", "lightgbm.basic.Booster".into())], "data"),
        "pkl" | "pickle" => ("sklearn", vec![("pickled_model", file.into()), ("serialization_format", "pickle".into())], "model_path"),
        "skops" => {
            let trusted = ("skops_trusted_types", list(&["sklearn.tree._tree.Tree"]));
            ("sklearn", vec![("pickled_model", file.into()), ("serialization_format", "skops".into()), trusted], "model_path")
        }
        _ => return None,
    };
    let python_function = Value::from_iter([("loader_module", format!("mlflow.{flavor}")), (key, file.to_owned())]);
    let flavors = Value::from_iter([(flavor, Value::from_iter(entry)), ("python_function", python_function)]);
    Some(Value::from_iter([("flavors", flavors)]))
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
        assert_eq!(read_model(folder.path()).expect_err("no MLmodel").kind(), ErrorKind::BadModelFile);
        fs::write(folder.path().join(MLMODEL), "flavors: {}").expect("written");
        let paths: Vec<String> = read_model(folder.path()).expect("read").into_iter().map(|file| file.path().to_owned()).collect();
        assert_eq!(paths, ["MLmodel", "deep/file"]);
        assert_eq!(read_model(&folder.path().join("absent")).expect_err("absent").kind(), ErrorKind::FileNotFound);
    }

    #[test]
    fn a_file_is_described_by_its_suffix() {
        let folder = tempfile::tempdir().expect("temporary folder");
        for (file, loader) in
            [("m.onnx", "mlflow.onnx"), ("m.ubj", "mlflow.xgboost"), ("m.txt", "mlflow.lightgbm"), ("m.pkl", "mlflow.sklearn")]
        {
            fs::write(folder.path().join(file), "x").expect("written");
            let files = read_model(&folder.path().join(file)).expect("read");
            let document: Value = serde_json::from_slice(&files[0].bytes().expect("read")).expect("JSON");
            assert_eq!(document["flavors"]["python_function"]["loader_module"], loader);
            assert_eq!(files[1].path(), file);
        }
        fs::write(folder.path().join("m.zip"), "x").expect("written");
        assert_eq!(read_model(&folder.path().join("m.zip")).expect_err("unknown").kind(), ErrorKind::BadModelFile);
    }
}
