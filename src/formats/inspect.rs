//! What a model file is, known by its content, not by its name.

use super::content::Content;
use super::read_model::{BoostingRounds, ReadModel, ReadOptions, ReadTrees};
use super::signature::Signature;
use super::strangers::{stranger, stranger_module};
use super::{catboost, lightgbm, onnx, pickle, skops, xgboost};
use crate::error::{Error, ErrorKind, Result};
use crate::statistics::ClassLabel;
use crate::trees::{EnsembleTask, Tree, TreeEnsemble};

/// A form that a model file can have.
///
/// ```
/// use hivectl::formats::Format;
///
/// assert_eq!(Format::detect(b"tree\nversion=v4\n"), Some(Format::LightgbmText));
/// assert_eq!(Format::detect(b"ticket_id,created_at\n"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// A pickle, or joblib's form of it.
    Pickle,
    Skops,
    Onnx,
    XgboostJson,
    XgboostUbj,
    /// XGBoost's form up to version 1.7.
    XgboostBinary,
    LightgbmText,
    CatboostJson,
    /// CatBoost's own form, `.cbm`.
    CatboostBinary,
}

impl Format {
    /// Every form.
    pub const ALL: [Format; 9] = [
        Format::Pickle,
        Format::Skops,
        Format::Onnx,
        Format::XgboostJson,
        Format::XgboostUbj,
        Format::XgboostBinary,
        Format::LightgbmText,
        Format::CatboostJson,
        Format::CatboostBinary,
    ];

    /// The name for people and machines.
    pub fn name(self) -> &'static str {
        match self {
            Format::Pickle => "pickle",
            Format::Skops => "skops",
            Format::Onnx => "onnx",
            Format::XgboostJson => "xgboost-json",
            Format::XgboostUbj => "xgboost-ubj",
            Format::XgboostBinary => "xgboost-binary",
            Format::LightgbmText => "lightgbm-text",
            Format::CatboostJson => "catboost-json",
            Format::CatboostBinary => "catboost-binary",
        }
    }

    /// The MLflow flavor that loads it.
    pub fn flavor(self) -> &'static str {
        match self {
            Format::Pickle | Format::Skops => "sklearn",
            Format::Onnx => "onnx",
            Format::XgboostJson | Format::XgboostUbj | Format::XgboostBinary => "xgboost",
            Format::LightgbmText => "lightgbm",
            Format::CatboostJson | Format::CatboostBinary => "catboost",
        }
    }

    /// What the file claims to be by its first bytes; `None` for anything that no model begins with.
    pub fn detect(bytes: &[u8]) -> Option<Format> {
        match bytes {
            _ if bytes.starts_with(catboost::MAGIC) => Some(Format::CatboostBinary),
            // Before all others, because files of 0.90 begin with a number, which may look like anything.
            _ if xgboost::is_binary(bytes) => Some(Format::XgboostBinary),
            [b'P', b'K', 3, 4, ..] => Some(Format::Skops),
            [0x80, 2..=5, ..] => Some(Format::Pickle),
            // Protocols 0 and 1, which begin with what makes the object: a module and a name in it, a line each.
            [b'c', rest @ ..] if names_two(rest) => Some(Format::Pickle),
            // Compressed by joblib, which is told apart when it is read.
            [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..]
            | [0x1f, 0x8b, ..]
            | [b'B', b'Z', b'h', ..]
            | [0xfd, b'7', b'z', ..]
            | [0x5d, 0, 0, ..]
            | [0x04, 0x22, 0x4d, 0x18, ..] => Some(Format::Pickle),
            [b'{', b'i' | b'U' | b'I' | b'l' | b'L', ..] => Some(Format::XgboostUbj),
            [b'{', ..] if catboost::is_json(bytes) => Some(Format::CatboostJson),
            [b'{', ..] => Some(Format::XgboostJson),
            [b't', b'r', b'e', b'e', b'\n' | b'\r', ..] => Some(Format::LightgbmText),
            // The version of the format, field 1 of every ONNX model.
            [0x08, version, ..] if *version < 0x20 => Some(Format::Onnx),
            _ => None,
        }
    }

    /// Reads a file of this form.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] with the place, as the form's own reader says; several models that answer together,
    /// which [`read`](read()) takes.
    pub fn read(self, bytes: &[u8]) -> Result<TreeEnsemble> {
        self.read_as(bytes, ReadOptions::default())?.alone()
    }

    fn read_as(self, bytes: &[u8], options: ReadOptions) -> Result<ReadTrees> {
        match self {
            Format::Pickle => pickle::read_as(bytes, options),
            Format::Skops => skops::read_as(bytes, options),
            Format::Onnx => onnx::read_as(bytes),
            Format::XgboostJson => xgboost::read_json_as(bytes, options),
            Format::XgboostUbj => xgboost::read_ubj_as(bytes, options),
            Format::XgboostBinary => xgboost::read_binary_as(bytes, options),
            Format::CatboostJson => catboost::read_json_as(bytes, options),
            Format::CatboostBinary => catboost::read_binary_as(bytes, options),
            // A text is saved up to the best round, so that all that are in it answer.
            Format::LightgbmText => lightgbm::read_as(bytes, None, true),
        }
    }
}

/// Reads a model file of any known form.
///
/// Errors: [`ErrorKind::BadModelFile`] for a file that begins like none of them, and the errors of
/// [`Format::read`].
pub fn read(bytes: &[u8], options: ReadOptions) -> Result<ReadModel> {
    if let Some(error) = stranger(bytes) {
        return Err(error);
    }
    let Some(format) = Format::detect(bytes) else { return Err(begins_like_none(bytes)) };
    // What cannot be read may be no model at all, which is the better answer then.
    let read = format.read_as(bytes, options);
    let ReadTrees { ensemble, rounds, is_booster, categories, refuses, only_orders, committee, place, note } =
        read.map_err(|error| recognize(bytes).err().or_else(|| pickled_stranger(format, bytes)).unwrap_or(error))?;
    Ok(ReadModel {
        format,
        ensemble,
        committee,
        rounds,
        is_booster,
        categories,
        refuses,
        only_orders,
        place,
        note,
        signature: Signature::default(),
        tells_probabilities: false,
    })
}

/// What an object is that another tool of trees pickled.
fn pickled_stranger(format: Format, bytes: &[u8]) -> Option<Error> {
    let names = |module: &[u8]| memchr::memmem::find(bytes, module).is_some();
    if format != Format::Pickle || !(names(b"ydf.") || names(b"treelite")) {
        return None;
    }
    match pickle::content(bytes) {
        Ok(Some(Content::Object { module, .. })) => stranger_module(&module),
        _ => None,
    }
}

/// The form of a model file, also where what is in it cannot be read.
///
/// Errors: [`ErrorKind::BadModelFile`] for a file that begins like no form, and for JSON or text of another kind: settings, a
/// dump for people, another library's model.
///
/// ```
/// use hivectl::formats::recognize;
///
/// let error = recognize(b"{}").expect_err("no model");
/// assert!(error.causes()[0].contains("XGBoost"));
/// ```
pub fn recognize(bytes: &[u8]) -> Result<Format> {
    if let Some(error) = stranger(bytes) {
        return Err(error);
    }
    let format = Format::detect(bytes).ok_or_else(|| begins_like_none(bytes))?;
    let refused = match format {
        Format::XgboostJson | Format::XgboostUbj => xgboost::not_a_model(bytes),
        Format::LightgbmText => (!lightgbm::has_trees(bytes)).then(|| "it begins as LightGBM's text, and has no trees".to_owned()),
        _ => None,
    };
    refused.map_or(Ok(format), |what| Err(unknown(what)))
}

/// Whether two lines begin these bytes that can be names in Python.
fn names_two(bytes: &[u8]) -> bool {
    let mut lines = bytes.splitn(3, |&byte| byte == b'\n');
    let is_name = |line: &[u8]| {
        (1..200).contains(&line.len()) && line.iter().all(|&letter| letter.is_ascii_alphanumeric() || matches!(letter, b'_' | b'.'))
    };
    matches!((lines.next(), lines.next(), lines.next()), (Some(module), Some(name), Some(_)) if is_name(module) && is_name(name))
}

fn begins_like_none(bytes: &[u8]) -> Error {
    let text = bytes.trim_ascii_start();
    let others: [(&[u8], &str); 3] = [
        (
            b"[",
            "it is a list in JSON, as XGBoost's `get_dump` and `dump_model` write for people; the model is what `save_model('m.ubj')` writes",
        ),
        (
            b"<",
            "it is XML; save the model in its library's own form, as `booster.save_model('m.ubj')` or `pickle.dump(model, file)` writes it",
        ),
        (b"\x89HDF", "it is HDF5, in which no model of trees is kept"),
    ];
    if let Some((_, what)) = others.into_iter().find(|(begin, _)| text.starts_with(begin)) {
        return unknown(what.to_owned());
    }
    let begin: Vec<String> = bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    unknown(if bytes.is_empty() { "it is empty".to_owned() } else { format!("it begins with {}", begin.join(" ")) })
}

fn unknown(what: String) -> Error {
    Error::new(ErrorKind::BadModelFile, "this is no model file of a known form")
        .because(what)
        .hint(format!("the forms are {}", Format::ALL.map(Format::name).join(", ")))
}

/// What a model file holds.
///
/// ```
/// use hivectl::formats::{Format, ReadOptions, inspect, lightgbm};
/// use hivectl::trees::{Columns, RandomForestParams, fit_forest};
/// use linfa::ParamGuard;
///
/// let size = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
/// let duration = [10.0, 10.0, 10.0, 20.0, 20.0, 20.0];
/// let matrix = Columns::new(vec![&size[..]], 6)?;
/// let parameters = RandomForestParams::new().trees(5).bootstrap(false).min_split(2).min_leaf(1).check()?;
/// let forest = fit_forest(&parameters, &matrix, &duration, 1, &|_| ())?;
/// let info = inspect(&lightgbm::write(&forest.ensemble)?, ReadOptions::default())?;
/// assert_eq!((info.format, info.task, info.trees, info.depth), (Format::LightgbmText, "regression", 5, 1));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ModelFileInfo {
    pub format: Format,
    /// `regression`, `classification` or `isolation`.
    pub task: &'static str,
    pub trees: usize,
    pub features: usize,
    /// Names of the columns; made up as `feature_0`, … where the file has none.
    pub feature_names: Vec<String>,
    /// Nodes of all trees, leaves included.
    pub nodes: usize,
    /// Edges to the deepest leaf.
    pub depth: usize,
    /// Numbers a leaf gives: 1, or one a class.
    pub outputs: usize,
    /// Labels of the classes; empty for other tasks.
    pub classes: Vec<ClassLabel>,
    /// Whether any tree splits by category.
    pub has_categories: bool,
    /// Of a boosted model whose file notes its rounds.
    pub rounds: Option<BoostingRounds>,
}

/// Says what a model file is. Nothing in it is executed.
///
/// Errors: those of [`read`].
pub fn inspect(bytes: &[u8], options: ReadOptions) -> Result<ModelFileInfo> {
    let read = read(bytes, options)?;
    let ensembles = read.ensembles();
    let (task, classes) = match &read.ensemble.task {
        EnsembleTask::Regression | EnsembleTask::Transformed(_) => ("regression", Vec::new()),
        EnsembleTask::Classification { classes, .. } => ("classification", classes.clone()),
        EnsembleTask::Isolation(_) => ("isolation", Vec::new()),
    };
    Ok(ModelFileInfo {
        format: read.format,
        task,
        trees: read.tree_count(),
        features: read.ensemble.features(),
        nodes: ensembles.iter().map(|ensemble| ensemble.nodes()).sum(),
        depth: ensembles.iter().flat_map(|ensemble| &ensemble.trees).map(Tree::depth).max().unwrap_or(0),
        outputs: read.ensemble.outputs,
        classes,
        has_categories: ensembles.iter().any(|ensemble| ensemble.has_categories()),
        feature_names: read.ensemble.feature_names.clone(),
        rounds: read.rounds,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_no_model_is_said_so() {
        for bytes in [&b""[..], b"PAR1....", b"\x89HDF\r\n", b"hello", &[0x80, 1], &[0x80, 9]] {
            let error = read(bytes, ReadOptions::default()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::BadModelFile);
            assert!(error.hints()[0].to_string().contains("lightgbm-text"), "{error}");
        }
        assert!(read(b"PAR1", ReadOptions::default()).unwrap_err().to_string().contains("it begins with 50 41 52 31"));
    }

    #[test]
    fn each_form_is_told_by_its_first_bytes() {
        let begins: [(&[u8], Format); 10] = [
            (b"binf\0\0", Format::XgboostBinary),
            (b"CBM1\0", Format::CatboostBinary),
            (b"\x5d\0\0", Format::Pickle),
            (b"PK\x03\x04", Format::Skops),
            (b"\x80\x04\x95", Format::Pickle),
            (b"x\x9c\x00", Format::Pickle),
            (b"{\"learner\"", Format::XgboostJson),
            (b"{L\0\0", Format::XgboostUbj),
            (b"tree\nversion=v4", Format::LightgbmText),
            (b"\x08\x08\x12\x07hivectl", Format::Onnx),
        ];
        for (bytes, format) in begins {
            assert_eq!(Format::detect(bytes), Some(format));
        }
    }
}
