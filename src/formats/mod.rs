//! Model files in and out: the ensemble in the forms that other tools read and write.

mod arrange;
mod cursor;
mod inflate;
pub mod mlmodel;
mod npy;
mod numpy;
mod object;
pub mod onnx;
mod path_length;
pub mod pickle;
pub mod sklearn;
pub mod skops;
pub mod yaml;
mod zip;
