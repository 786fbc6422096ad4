//! What every registry can do, in the words of the house.

use std::collections::BTreeMap;

use super::ArtifactFile;
use crate::error::Result;
use crate::lifecycle::{ModelSummary, ModelVersion, RunRecord, Stage};

/// A version to register. Ids are made by the caller, because they also stand inside the files.
#[derive(Clone, Debug)]
pub struct NewVersion {
    pub name: String,
    /// `m-` and 32 hexadecimal digits.
    pub model_id: String,
    pub run: RunRecord,
    pub description: String,
    pub tags: BTreeMap<String, String>,
    pub files: Vec<ArtifactFile>,
    /// Stage of the new version. With [`Stage::Production`] the former Production version is archived
    /// and the alias `champion` moves, in the same transaction.
    pub stage: Stage,
    /// With [`Stage::Production`]: the version that was in Production when the decision was made.
    /// Another one there now is [`crate::error::ErrorKind::Conflict`] and nothing is registered.
    pub expected_champion: Option<u32>,
}

/// A place where versions live.
pub trait Registry {
    /// Where this is, for people: a path or a URL without secrets.
    fn location(&self) -> String;

    /// Whether changes made here reach services that others run (a server), not this machine alone.
    fn is_shared(&self) -> bool;

    /// All models by name. A registry that does not exist yet is empty.
    fn list(&self) -> Result<Vec<ModelSummary>>;

    /// All versions of one model, newest first; empty when the model does not exist.
    fn versions(&self, name: &str) -> Result<Vec<ModelVersion>>;

    /// All versions of all models, by name, newest first.
    fn all_versions(&self) -> Result<Vec<ModelVersion>> {
        let mut all = Vec::new();
        for model in self.list()? {
            all.extend(self.versions(&model.name)?);
        }
        Ok(all)
    }

    /// One version, `None` when it does not exist or was deleted.
    fn version(&self, name: &str, version: u32) -> Result<Option<ModelVersion>>;

    /// The bytes of one artifact, verified against the recorded digest.
    ///
    /// Errors: [`crate::error::ErrorKind::DigestMismatch`] when the bytes are not those that were registered.
    fn read_artifact(&self, version: &ModelVersion, path: &str) -> Result<Vec<u8>>;

    /// Stores files, run and version: all of it, or nothing that a reader can see.
    fn register(&mut self, version: NewVersion) -> Result<ModelVersion>;
}
