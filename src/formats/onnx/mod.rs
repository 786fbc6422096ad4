//! ONNX: tree ensembles as `TreeEnsembleRegressor` and `TreeEnsembleClassifier` of the operator set
//! `ai.onnx.ml` 3, which every runtime of the last years knows.

mod graph;
mod inputs;
mod isolation;
mod outputs;
mod probe;
mod protobuf;
mod reading;
mod trees;
mod writing;

pub use reading::read;
pub use writing::write;
