//! Model files in and out: the ensemble in the forms that other tools read and write.

mod cursor;
pub mod mlmodel;
mod numpy;
mod object;
pub mod onnx;
pub mod pickle;
pub mod sklearn;
pub mod yaml;
