//! A registry on an MLflow server, driven safely: the same contract over HTTP, where the server has no locks.
//!
//! [`MlflowRegistry`] is the registry, [`Access`] who asks. Requests are bounded in time and size and repeated only
//! where that is safe (`client`); what hivectl knows of a version stands in the version's tags (`own_tags`, `moves`), so
//! that reading asks no run one by one and every machine knows the history; a change takes the model's `lease` first.
//! Another client that takes no lease can still interfere: what was written is read back, and what it left is told.
//!
//! A move is announced on the version before it is made and its alias moves last, so the same command finishes what a
//! killed one began. What learned from synthetic tickets goes into Production on a server by force only, or once
//! measured on real ones. The audit log and the drift checks of a server are kept on this machine, under `servers` in
//! the data folder. The time limit bounds what a command waits for the server in all, not what it computes.

mod access;
mod annotations;
mod api;
mod apply;
mod body;
mod budget;
mod client;
mod deleted;
mod drift;
mod dto;
mod failure;
mod files;
mod lease;
mod leases;
mod marks;
mod migration;
mod moves;
mod observe;
mod own_tags;
mod promotion;
mod read;
mod registration;
mod registry;
mod upload;
mod verify;

pub use access::Access;
pub use registry::{MlflowOptions, MlflowRegistry};
