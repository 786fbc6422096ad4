//! Reports as people read them.

pub mod audit;
pub mod backfill;
pub mod bar;
pub mod baseline;
pub mod cache;
pub mod change;
pub mod compare;
pub mod doctor;
pub mod drift;
mod drift_json;
pub mod models;
pub mod number;
pub mod predict;
pub mod retrain;
pub mod screen;
pub mod stats;
pub mod table;
pub mod time;
pub mod train;
mod tune;
pub mod validate;
pub mod validated_files;
pub mod watch;

pub use screen::Screen;
