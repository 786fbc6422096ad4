//! ONNX: tree ensembles as `TreeEnsembleRegressor` and `TreeEnsembleClassifier` of the operator set
//! `ai.onnx.ml` 3, which every runtime of the last years knows.

mod graph;
mod inputs;
mod isolation;
mod outputs;
mod probe;
mod protobuf;
mod reading;
mod several;
mod targets;
mod trees;
mod writing;

pub use reading::read;
pub(super) use reading::read_as;
pub use writing::write;

/// Whether a file has one graph and ends where its parts end.
///
/// Errors: [`BadModelFile`](crate::error::ErrorKind::BadModelFile) with the byte.
pub(super) fn ends(bytes: &[u8]) -> crate::error::Result<()> {
    let place = super::cursor::Cursor::new(bytes, "ONNX model");
    let mut graphs = 0;
    protobuf::fields(place.clone(), |field| {
        if field.number == 7 {
            graphs += 1;
            protobuf::fields(field.bytes(&place)?, |_| Ok(()))?;
        }
        Ok(())
    })?;
    if graphs == 1 { Ok(()) } else { Err(place.fail_at(bytes.len(), format_args!("it ends with {graphs} graphs, expected 1"))) }
}
