//! Model files in and out: the ensemble in the forms that other tools read and write.
//!
//! [`inspect`](inspect()) tells what a file is; each form has its room: [`pickle`] and [`skops`] hold
//! scikit-learn's forests ([`sklearn`]), [`onnx`], [`xgboost`] and [`lightgbm`] their own trees;
//! [`mlmodel`] writes what makes a folder an MLflow model, [`forecast_package`] the same of a forecaster, [`package`] reads it.
//!
//! Readers take what strangers wrote: nothing is executed, every length is checked before it is
//! believed, memory stays in proportion to the file, and what comes out has passed
//! [`check`](crate::trees::TreeEnsemble::check). A file that means something a
//! [`TreeEnsemble`](crate::trees::TreeEnsemble) cannot hold is refused, never approximated.

mod allow_list;
mod arrange;
pub mod catboost;
mod content;
mod cursor;
mod damage;
mod fold;
pub mod forecast_package;
mod inflate;
pub mod inspect;
pub mod lightgbm;
pub mod mlmodel;
mod npy;
mod numpy;
mod object;
pub mod onnx;
pub mod package;
mod path_length;
pub mod pickle;
mod prepared;
mod prophet;
mod read_model;
pub mod signature;
pub mod sklearn;
pub mod skops;
mod strangers;
mod unfold;
pub mod xgboost;
mod zip;

pub use damage::{container, whole};
pub use inspect::{Format, ModelFileInfo, inspect, read, recognize};
pub use prophet::ProphetFile;
pub use read_model::{BoostingRounds, ColumnCategories, Loader, ReadModel, ReadOptions, RefusedValues, Rounds};
pub use strangers::stranger_folder;
