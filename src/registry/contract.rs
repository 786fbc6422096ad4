//! What every registry can do, in the words of the house.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ArtifactFile;
use crate::audit::sha256_hex;
use crate::error::{Error, ErrorKind, Result};

/// A version's place in its life. MLflow's four stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Stage {
    None,
    Staging,
    Production,
    Archived,
}

impl Stage {
    /// MLflow's spelling.
    pub fn name(self) -> &'static str {
        match self {
            Stage::None => "None",
            Stage::Staging => "Staging",
            Stage::Production => "Production",
            Stage::Archived => "Archived",
        }
    }

    /// Reads a stage in any case.
    pub fn parse(word: &str) -> Result<Stage> {
        match word.to_ascii_lowercase().as_str() {
            "none" => Ok(Stage::None),
            "staging" => Ok(Stage::Staging),
            "production" => Ok(Stage::Production),
            "archived" => Ok(Stage::Archived),
            _ => {
                Err(Error::new(ErrorKind::Usage, format!("'{word}' is no stage"))
                    .hint("the stages are none, staging, production, archived"))
            }
        }
    }
}

/// One stored file of a version, as recorded when it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artifact {
    /// Relative to the version's artifact folder, with `/`.
    pub path: String,
    pub size_bytes: u64,
    /// Lower-case hexadecimal.
    pub sha256: String,
}

/// A registered version with everything recorded about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelVersion {
    pub name: String,
    pub version: u32,
    pub stage: Stage,
    /// Aliases that point at this version, sorted.
    pub aliases: Vec<String>,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// Milliseconds since the epoch.
    pub updated_at: i64,
    pub description: String,
    pub run_id: Option<String>,
    /// Where the artifacts are, as the registry's own URI.
    pub source: String,
    pub metrics: BTreeMap<String, f64>,
    pub params: BTreeMap<String, String>,
    pub tags: BTreeMap<String, String>,
    /// Empty where nothing was recorded (a version that another tool made).
    pub artifacts: Vec<Artifact>,
}

impl ModelVersion {
    /// The logged model's id, where the version was made of one.
    pub fn model_id(&self) -> Option<&str> {
        self.source.strip_prefix("models:/").filter(|id| id.starts_with("m-"))
    }

    /// One digest over all recorded files, `None` where nothing was recorded: SHA-256 of a line
    /// `DIGEST  PATH` for each, sorted by path, as `sha256sum` prints them.
    pub fn package_digest(&self) -> Option<String> {
        let mut lines: Vec<(&str, &str)> =
            self.artifacts.iter().map(|artifact| (artifact.path.as_str(), artifact.sha256.as_str())).collect();
        lines.sort_unstable();
        let text: String = lines.iter().map(|(path, sha256)| format!("{sha256}  {path}\n")).collect();
        (!lines.is_empty()).then(|| sha256_hex(text.as_bytes()))
    }
}

/// One model name with its live versions.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelSummary {
    pub name: String,
    /// The version in Production; the highest where another tool left several.
    pub production: Option<ModelVersion>,
    pub staging: Option<ModelVersion>,
    pub latest: Option<ModelVersion>,
    /// Versions that exist (deleted ones are not counted).
    pub version_count: u32,
}

/// The run that made a version.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// 32 hexadecimal digits.
    pub run_id: String,
    pub experiment: String,
    pub run_name: String,
    /// Milliseconds since the epoch.
    pub started_at: i64,
    pub ended_at: i64,
    pub params: BTreeMap<String, String>,
    /// Finite numbers only.
    pub metrics: BTreeMap<String, f64>,
    pub tags: BTreeMap<String, String>,
}

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
    /// Another one there now is [`ErrorKind::Conflict`] and nothing is registered.
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
    /// Errors: [`ErrorKind::DigestMismatch`] when the bytes are not those that were registered.
    fn read_artifact(&self, version: &ModelVersion, path: &str) -> Result<Vec<u8>>;

    /// Stores files, run and version: all of it, or nothing that a reader can see.
    fn register(&mut self, version: NewVersion) -> Result<ModelVersion>;
}
