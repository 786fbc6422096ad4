//! Whether a model file is whole, which can be told also of files whose model is not understood.

use super::content::Content;
use super::inspect::Format;
use super::{catboost, inspect::recognize, lightgbm, onnx, pickle, skops, xgboost, zip};
use crate::error::{Error, ErrorKind, Result};

/// The form of a model file that is whole: it holds a model, and no part of it is missing, whether hivectl understands the
/// model or not.
///
/// Errors: those of [`recognize`]; [`ErrorKind::BadModelFile`] with the place for a file that was cut off, whose container is
/// broken or whose parts contradict each other: a pickle without its end, JSON or UBJ that cannot be parsed, trees that turn in
/// a circle, an archive without its list of files, a text with fewer trees than it states; and for an object that predicts
/// nothing: a dictionary of numbers, an array, a bare scaler.
///
/// ```
/// use hivectl::formats::{Format, whole};
///
/// assert_eq!(whole(b"\x80\x04cmine\nModel\n)\x81.")?, Format::Pickle);
/// assert!(whole(b"\x80\x04cmine\nModel\n)\x81").is_err() && whole(b"{\"learner\": {").is_err());
/// assert_eq!(whole(b"\x80\x04N.").unwrap_err().causes()[0], "it holds nothing (None), and no model");
/// # Ok::<(), hivectl::error::Error>(())
/// ```
pub fn whole(bytes: &[u8]) -> Result<Format> {
    let format = recognize(bytes)?;
    let parts = match format {
        Format::Pickle => pickle::ends(bytes),
        Format::Skops => zip::unpack(bytes).and_then(|files| match files.contains_key("schema.json") {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::BadModelFile, "it is a zip archive without the schema.json of skops")),
        }),
        Format::Onnx => onnx::ends(bytes),
        Format::XgboostJson | Format::XgboostUbj | Format::XgboostBinary => xgboost::ends(bytes),
        Format::LightgbmText => lightgbm::ends(bytes),
        Format::CatboostJson | Format::CatboostBinary => catboost::ends(bytes),
    };
    parts.map_err(|error| {
        Error::new(ErrorKind::BadModelFile, "this model file is broken")
            .because(error)
            .hint("copy it again from where it was saved, or save the model again")
    })?;
    let content = match format {
        Format::Pickle => pickle::content(bytes)?,
        Format::Skops => skops::content(bytes)?,
        _ => None,
    };
    content.map_or(Ok(format), |content| content.refuse().map(|()| format))
}

/// What a file holds around its models, where it does: a dictionary, list or tuple.
pub fn container(bytes: &[u8]) -> Option<&'static str> {
    let content = match Format::detect(bytes)? {
        Format::Pickle => pickle::content(bytes),
        Format::Skops => skops::content(bytes),
        _ => return None,
    };
    match content {
        Ok(Some(Content::Container(kind, _))) => Some(kind),
        _ => None,
    }
}
