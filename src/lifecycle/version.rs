//! A registered version: what is recorded about it, and how it is named.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::model_ref::check_known_name;
use super::{CHALLENGER, RunDataset, Serving, ServingRule};
use crate::audit::ProductionVersion;
use crate::base::commands;
use crate::base::sha256_hex;
use crate::error::{Error, ErrorKind, Result};

/// The serving alias where none is set.
pub const CHAMPION: &str = "champion";

/// The tag of a version that was promoted past its gate, or rolled back to though it never served: why.
pub const FORCED_TAG: &str = "hivectl.forced";

/// The tag of a version that an alias put into service: since when, RFC 3339. MLflow keeps no time with an alias.
pub(crate) const PROMOTED_AT_TAG: &str = "hivectl.promoted_at";

/// The tag in which a caller leaves the reason it was given.
pub(crate) const REASON_TAG: &str = "hivectl.reason";

/// The tag that tells whether the same version is registered already (`Submission::fingerprint` of a registry).
pub(crate) const FINGERPRINT_TAG: &str = "hivectl.fingerprint";

/// The name of one version, written `NAME@7`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VersionId {
    pub name: String,
    /// From 1.
    pub version: u32,
}

impl VersionId {
    pub fn new(name: impl Into<String>, version: u32) -> VersionId {
        VersionId { name: name.into(), version }
    }
}

impl fmt::Display for VersionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.name, self.version)
    }
}

impl FromStr for VersionId {
    type Err = Error;

    /// Reads `NAME@7`.
    ///
    /// Errors: [`ErrorKind::Usage`] for a name that no model can have, and without a version number from 1.
    fn from_str(text: &str) -> Result<VersionId> {
        let refuse = |why: &str| Error::new(ErrorKind::Usage, format!("'{text}' names no version: {why}")).hint("write NAME@7");
        let (name, number) = text.split_once('@').ok_or_else(|| refuse("it has no @"))?;
        check_known_name(name).map_err(|why| refuse(&why))?;
        let version = number.parse().ok().filter(|&number| number > 0).ok_or_else(|| refuse("after @ stands a version number"))?;
        Ok(VersionId::new(name, version))
    }
}

/// A version's place in its life. MLflow's four stages, written as MLflow does and read in any case.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    strum::Display,
    strum::IntoStaticStr,
    strum::EnumString,
)]
#[strum(ascii_case_insensitive, parse_err_ty = Error, parse_err_fn = no_stage)]
pub enum Stage {
    None,
    Staging,
    Production,
    Archived,
}

impl Stage {
    /// MLflow's spelling.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

fn no_stage(word: &str) -> Error {
    Error::new(ErrorKind::Usage, format!("'{word}' is no stage")).hint("the stages are none, staging, production, archived")
}

/// How far a registry came with registering a version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "UPPERCASE")]
pub enum Registration {
    /// It is whole.
    #[default]
    Ready,
    /// It was begun, and nobody knows whether it goes on.
    Pending,
    /// It broke off.
    Failed,
}

impl Registration {
    /// From MLflow's word; one that it does not know counts as ready, as does none.
    pub(crate) fn from_word(word: &str) -> Registration {
        match word {
            "PENDING_REGISTRATION" => Registration::Pending,
            "FAILED_REGISTRATION" => Registration::Failed,
            _ => Registration::Ready,
        }
    }

    /// Whether it is whole.
    pub fn is_ready(&self) -> bool {
        *self == Registration::Ready
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
    /// Whether it was registered whole.
    #[serde(default, skip_serializing_if = "Registration::is_ready")]
    pub registration: Registration,
}

impl ModelVersion {
    /// Its name, `NAME@7`.
    pub fn id(&self) -> VersionId {
        VersionId::new(self.name.as_str(), self.version)
    }

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
    /// Those of the model itself, not of a version.
    pub tags: BTreeMap<String, String>,
    /// The version in Production; where another tool left several the one that the serving alias names, else the highest.
    pub production: Option<ModelVersion>,
    /// The newest in Staging; where none is, the one with the alias `challenger`.
    pub staging: Option<ModelVersion>,
    /// The highest that was registered whole; where none was, the highest.
    pub latest: Option<ModelVersion>,
    /// What serves, by stage or alias.
    pub serving: Serving,
    /// That version.
    pub serves: Option<ModelVersion>,
    /// Versions that exist (deleted ones are not counted).
    pub version_count: u32,
}

impl ModelSummary {
    /// The summary of a model that has `version_count` versions; of these the newest of all and in Staging, those in
    /// Production and those that aliases name are enough.
    /// `lost` is the version that the serving alias names and that is not there.
    pub(crate) fn of(name: String, versions: &[ModelVersion], version_count: u32, rule: &ServingRule, lost: Option<u32>) -> ModelSummary {
        let newest = |is_wanted: &dyn Fn(&ModelVersion) -> bool| {
            versions.iter().filter(|version| is_wanted(version)).max_by_key(|version| version.version).cloned()
        };
        let serving = Serving { lost, ..rule.serving(versions) };
        ModelSummary {
            name,
            tags: BTreeMap::new(),
            production: newest(&|version| Some(version.version) == serving.production),
            staging: newest(&|version| version.stage == Stage::Staging).or_else(|| newest(&|version| version.has_alias(CHALLENGER))),
            latest: newest(&|version| version.registration.is_ready()).or_else(|| newest(&|_| true)),
            serves: newest(&|version| Some(version.version) == serving.version()),
            serving,
            version_count,
        }
    }
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
    /// What it took in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub datasets: Vec<RunDataset>,
}

impl ModelVersion {
    /// The version as the audit log names one that served.
    pub fn as_production_version(&self) -> ProductionVersion {
        ProductionVersion { version: self.version, created_at: self.created_at }
    }

    /// Since when an alias has it serve, milliseconds since the epoch; `None` where hivectl did not put it there.
    pub fn promoted_at(&self) -> Option<i64> {
        let at: jiff::Timestamp = self.tags.get(PROMOTED_AT_TAG)?.parse().ok()?;
        Some(at.as_millisecond())
    }

    /// The failure of a version whose files are gone.
    pub fn without_files(&self) -> Error {
        Error::new(ErrorKind::FileNotFound, format!("the files of {} are gone", self.id()))
            .because(format!("its source {} holds no file", crate::base::redact::without_passwords(&self.source)))
            .hint((
                "bring them back from an export: `",
                commands::models_import("FILE"),
                "`; the other versions: `",
                commands::models_list_of(&self.name),
                "`",
            ))
    }

    /// Whether an alias points here.
    pub fn has_alias(&self, alias: &str) -> bool {
        self.aliases.iter().any(|known| known == alias)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_version_is_read_as_it_is_written() {
        let id = VersionId::new("m", 7);
        assert_eq!(id.to_string().parse::<VersionId>().expect("a name"), id);
        assert_eq!("team/m@7".parse::<VersionId>().expect("a name of MLflow's"), VersionId::new("team/m", 7));
        for text in ["", "m", "m@", "m@0", "m@x", "@7", "a//b@7", "../b@7", "m@7@8"] {
            assert_eq!(text.parse::<VersionId>().expect_err(text).kind(), ErrorKind::Usage, "{text}");
        }
    }
}
