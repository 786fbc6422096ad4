//! One file per operator's job: joins knowledge and doors, returns a typed report; prints nothing.

mod actor;
mod audit;
pub mod backfill;
mod champion;
pub mod change;
pub mod compare;
mod dataset;
mod doctor;
pub mod drift;
pub mod durations;
pub mod evaluation;
mod known_names;
mod load;
pub mod mlmodel;
mod model_files;
pub mod models;
pub mod predict;
mod reading;
mod register;
mod resolve;
mod retrain;
mod runbook;
pub mod settings;
pub mod stats;
mod train;
mod transfer;
mod tune;
pub mod validate;
mod version;
pub mod workspace;

pub use crate::api::Progress;
pub use actor::{actor_of_process, threads};
pub use known_names::{KnownNames, MeantRegistry, known_names};
pub use reading::{ReadRequest, Reading, read};
pub use resolve::{Resolved, resolve};
pub use workspace::{CompletedChange, JobState, Workspace};
