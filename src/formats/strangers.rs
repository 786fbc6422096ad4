//! Models of trees that other tools wrote in forms of their own, which are not read: told by name, so that none of them is
//! taken for something else, with what to save in their place.

use std::fmt::Display;

use crate::error::{Error, ErrorKind};

/// How far into a file its own words are looked for.
const BEGIN: usize = 64 << 10;

/// Tools whose files are told by name, with what is done instead.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tool {
    Pmml,
    Treelite,
    Ydf,
}

/// What a file of a form that is not read is; `None` for any other file.
pub(super) fn stranger(bytes: &[u8]) -> Option<Error> {
    if let Some(model) = pmml(bytes) {
        return Some(refused(Tool::Pmml, model));
    }
    if let Some([major, minor, patch]) = treelite_version(bytes) {
        return Some(refused(Tool::Treelite, format_args!("it is a checkpoint of treelite {major}.{minor}.{patch}")));
    }
    is_ydf(bytes).then(|| refused(Tool::Ydf, "it is a file of a YDF model (Yggdrasil Decision Forests)"))
}

/// What a folder with files of these names is, where such a tool saved it; `None` for any other.
///
/// ```
/// use hivectl::formats::stranger_folder;
///
/// let error = stranger_folder(["header.pb", "data_spec.pb", "done"]).expect("a model of YDF");
/// assert!(error.causes()[0].contains("YDF"));
/// assert!(stranger_folder(["MLmodel", "model.pkl"]).is_none());
/// ```
pub fn stranger_folder<'n>(names: impl IntoIterator<Item = &'n str>) -> Option<Error> {
    let (mut columns, mut header) = (false, false);
    for name in names {
        // Where several models share a folder each has a prefix.
        columns |= name.ends_with("data_spec.pb");
        header |= name.ends_with("header.pb");
    }
    (columns && header).then(|| refused(Tool::Ydf, "it is the folder of a YDF model (Yggdrasil Decision Forests)"))
}

/// What a pickled object of this module is, where it is of such a tool.
pub(super) fn stranger_module(module: &str) -> Option<Error> {
    match module.split('.').next().unwrap_or_default() {
        "ydf" => Some(refused(Tool::Ydf, "it is a pickled YDF model (Yggdrasil Decision Forests)")),
        "treelite" => Some(refused(Tool::Treelite, "it is a pickled model of treelite")),
        _ => None,
    }
}

fn refused(tool: Tool, what: impl Display) -> Error {
    let (name, way_out) = match tool {
        Tool::Pmml => (
            "PMML",
            "PMML is written of a model that its own library keeps: save that one, as `pickle.dump(pipeline, file)` of scikit-learn, \
             `booster.save_model('m.ubj')` of XGBoost or `booster.save_model('m.txt')` of LightGBM does",
        ),
        Tool::Treelite => (
            "treelite",
            "treelite keeps what it was given by another library and writes no form that is read: save that one, as \
             `booster.save_model('m.ubj')` of XGBoost, `booster.save_model('m.txt')` of LightGBM or `pickle.dump(model, file)` of \
             scikit-learn does",
        ),
        Tool::Ydf => (
            "YDF",
            "YDF writes no form that is read: train the same trees with `lightgbm.LGBMRegressor` or `LGBMClassifier` and keep \
             `model.booster_.save_model('m.txt')`, or have YDF's own `ydf.load_model('FOLDER')` answer",
        ),
    };
    Error::new(ErrorKind::BadModelFile, format!("this is a model of {name}, which is not read")).because(what).hint(way_out)
}

/// What an XML document in PMML holds.
fn pmml(bytes: &[u8]) -> Option<String> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let begin = &text[..text.len().min(BEGIN)];
    let place = |word: &[u8]| memchr::memmem::find(begin, word);
    if !text.starts_with(b"<") {
        return None;
    }
    place(b"<PMML").or_else(|| place(b":PMML"))?;
    let models = ["MiningModel", "TreeModel", "RegressionModel", "AnomalyDetectionModel", "Scorecard", "NeuralNetwork"];
    // The outermost one stands first.
    let found = models.iter().filter_map(|name| Some((memchr::memmem::find(text, format!("<{name}").as_bytes())?, *name))).min();
    Some(match found {
        Some((_, name)) => format!("it is PMML, a {name}"),
        None => "it is PMML".to_owned(),
    })
}

/// The version that a checkpoint of treelite begins with, three numbers of 32 bits; the types of thresholds and leaves
/// follow.
fn treelite_version(bytes: &[u8]) -> Option<[u32; 3]> {
    let number = |place: usize| Some(u32::from_le_bytes(bytes.get(4 * place..4 * place + 4)?.try_into().ok()?));
    let version = [number(0)?, number(1)?, number(2)?];
    // 32-bit floats, 64-bit floats, and whole numbers of 32 bits in leaves.
    let types = [*bytes.get(12)?, *bytes.get(13)?];
    ((3..10).contains(&version[0]) && version[1] < 100 && version[2] < 100 && (2..=3).contains(&types[0]) && (1..=3).contains(&types[1]))
        .then_some(version)
}

/// Whether it is one of the files that YDF saves.
fn is_ydf(bytes: &[u8]) -> bool {
    let begin = &bytes[..bytes.len().min(BEGIN)];
    let holds = |word: &[u8]| memchr::memmem::find(begin, word).is_some();
    match bytes {
        // The nodes, or a whole model in bytes.
        [b'B', b'S', 0..=9, 0, ..] => true,
        // The header, which begins with what the model is called.
        [0x0a, length, rest @ ..] => rest
            .get(..usize::from(*length))
            .is_some_and(|name| [&b"GRADIENT_BOOSTED_TREES"[..], b"RANDOM_FOREST", b"ISOLATION_FOREST", b"CART"].contains(&name)),
        // That of a kind of model, which names the form of the nodes.
        [0x08, ..] => bytes.len() < BEGIN && (holds(b"BLOB_SEQUENCE") || holds(b"TFE_RECORDIO")),
        [b'P', b'K', 3, 4, ..] => holds(b"data_spec.pb"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(error: &Error) -> String {
        format!("{error}: {} / {}", error.causes().join(": "), error.hints().iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn each_is_called_by_its_name_with_a_way_out() {
        let treelite = [4u32, 8, 1].iter().flat_map(|number| number.to_le_bytes()).chain([2, 2, 5, 0, 0, 0]).collect::<Vec<u8>>();
        let pmml = b"\xef\xbb\xbf<?xml version=\"1.0\"?>\n<PMML xmlns=\"http://www.dmg.org/PMML-4_4\"><MiningModel><TreeModel/></MiningModel></PMML>";
        for (bytes, name, way_out) in [
            (&pmml[..], "a MiningModel", "pickle.dump"),
            (&treelite, "treelite 4.8.1", "save_model('m.ubj')"),
            (b"BS\x01\0\0\0\0\0\x52\0\0\0", "YDF", "save_model('m.txt')"),
            (b"\x0a\x16GRADIENT_BOOSTED_TREES\x10\x02", "YDF", "save_model('m.txt')"),
            (b"\x08\x01\x10\x05\x3a\x0dBLOB_SEQUENCE", "YDF", "save_model('m.txt')"),
        ] {
            let error = stranger(bytes).expect(name);
            assert!(error.kind() == ErrorKind::BadModelFile && told(&error).contains(name), "{name}: {}", told(&error));
            assert!(told(&error).contains(way_out), "{name}: {}", told(&error));
        }
    }

    #[test]
    fn nothing_else_is_taken_for_one() {
        for bytes in [
            &b""[..],
            b"<html><body>no model</body></html>",
            b"BS and more text",
            b"\x08\x08\x12\x07hivectl",
            b"\x04\0\0\0\x01\0\0\0\x01\0\0\0\x09\x09",
            b"\x04\x22\x4d\x18\0\0\0\0\0\0\0\0\x02\x02",
            b"PK\x03\x04schema.json",
        ] {
            assert!(stranger(bytes).is_none(), "{bytes:?}");
        }
    }
}
