//! ONNX: tree ensembles as `TreeEnsembleRegressor` and `TreeEnsembleClassifier` of the operator set
//! `ai.onnx.ml` 3, which every runtime of the last years knows.

mod protobuf;
mod writing;

pub use writing::write;
