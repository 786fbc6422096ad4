//! Reports as people read them.

pub mod audit;
pub mod bar;
pub mod baseline;
pub mod change;
pub mod compare;
pub mod drift;
mod drift_json;
pub mod models;
pub mod number;
pub mod predict;
pub mod retrain;
pub mod screen;
pub mod table;
pub mod time;
pub mod train;
mod tune;
pub mod validate;
pub mod validated_files;
pub mod watch;

pub use screen::Screen;
