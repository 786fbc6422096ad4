//! Whether a model file is whole, which can be told also of files whose model is not understood.

use super::inspect::Format;
use super::{inspect::recognize, lightgbm, onnx, pickle, xgboost, zip};
use crate::error::{Error, ErrorKind, Result};

/// The form of a model file that is whole: no part of it is missing, whether hivectl understands the model or not.
///
/// Errors: those of [`recognize`]; [`ErrorKind::BadModelFile`] with the place for a file that was cut off or whose
/// container is broken: a pickle without its end, JSON or UBJ that cannot be parsed, an archive without its list of files, a
/// text with fewer trees than it states.
///
/// ```
/// use hivectl::formats::{Format, whole};
///
/// assert_eq!(whole(b"\x80\x04N.")?, Format::Pickle);
/// assert!(whole(b"\x80\x04N").is_err() && whole(b"{\"learner\": {").is_err());
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
    };
    parts.map(|()| format).map_err(|error| Error::new(ErrorKind::BadModelFile, "this model file is broken").because(error))
}
