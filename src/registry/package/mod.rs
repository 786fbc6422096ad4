//! A version's files: each with its digest, together as a folder, and with everything known of the version as one file.

mod artifact_file;
pub mod bundle;
mod folder;
mod model_ids;
mod paths;

pub use artifact_file::ArtifactFile;
pub(in crate::registry) use artifact_file::PIECE_BYTES;
pub use folder::{ModelFiles, read_model};
pub(in crate::registry) use model_ids::{MLMODEL, ModelIds, declared, same_but_for_ids, with_ids};
pub(in crate::registry) use paths::{check_files, check_path};
