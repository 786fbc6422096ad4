//! One file per operator's job: joins knowledge and doors, returns a typed report; prints nothing.

mod actor;
mod audit;
pub mod backfill;
mod champion;
pub mod change;
pub mod compare;
mod counted;
pub mod dataset;
pub mod described;
pub mod doctor;
pub mod drift;
pub mod durations;
pub mod judging;
mod load;
mod model_files;
pub mod models;
pub mod predict;
mod reading;
mod register;
mod resolve;
pub mod retrain;
pub mod settings;
pub mod stats;
pub mod train;
mod transfer;
pub mod tune;
pub mod validate;
pub mod workspace;

pub use crate::api::Progress;
pub use actor::{actor_of_process, threads};
pub use champion::Comparison;
pub use counted::counted;
pub use reading::{ReadRequest, Reading, read};
pub use resolve::{Resolved, resolve};
pub use workspace::Workspace;
