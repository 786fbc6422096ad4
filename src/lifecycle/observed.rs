//! What is known about a model at one moment: everything that a plan looks at.

use super::{Archival, ModelVersion, ProductionHistory, RegistryIdentity, Stage};
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};

/// Versions in Staging that `archive --older` never touches.
pub(crate) const FEWEST_IN_STAGING: usize = 3;

/// Everything a plan about one model looks at, as of one moment.
#[derive(Clone, Debug)]
pub struct Observed {
    pub registry: RegistryIdentity,
    /// The sequence of the last record that moved this model's stages, 0 where there is none.
    pub revision: u64,
    pub model: String,
    /// Newest first.
    pub versions: Vec<ModelVersion>,
    /// Numbers of versions that were deleted.
    pub deleted: Vec<u32>,
    pub production_history: ProductionHistory,
    /// Who moved stages last, when and to what, for people.
    pub last_move: Option<String>,
}

impl Observed {
    /// The version in Production.
    ///
    /// Errors: [`ErrorKind::InvariantBroken`] when there are several.
    pub fn champion(&self) -> Result<Option<&ModelVersion>> {
        let mut found = self.versions.iter().filter(|version| version.stage == Stage::Production);
        let champion = found.next();
        match found.next() {
            None => Ok(champion),
            Some(_) => Err(several_in_production(
                &self.model,
                self.versions.iter().filter(|version| version.stage == Stage::Production).map(|version| version.version),
            )),
        }
    }

    /// The version in Production, the newest where another tool left several, without counting `but`.
    pub(crate) fn newest_in_production(&self, but: Option<u32>) -> Option<&ModelVersion> {
        self.versions.iter().find(|version| version.stage == Stage::Production && Some(version.version) != but)
    }

    /// The versions in Staging that are older than the `keep` newest, of which [`FEWEST_IN_STAGING`] always stay.
    pub(crate) fn older_in_staging(&self, keep: usize) -> impl Iterator<Item = &ModelVersion> {
        self.versions.iter().filter(|version| version.stage == Stage::Staging).skip(keep.max(FEWEST_IN_STAGING))
    }

    /// The version to archive, which may be archived already ([`ModelVersion::is_out_of_service`]).
    ///
    /// Errors: as [`Observed::live`]; [`ErrorKind::Conflict`] when its stage is not the one that was decided about.
    pub(crate) fn to_archive(&self, archival: &Archival) -> Result<&ModelVersion> {
        let target = self.live(archival.version)?;
        if target.stage == Stage::Archived || target.stage == archival.from_stage {
            return Ok(target);
        }
        let (was, is) = (archival.from_stage.as_str(), target.stage.as_str());
        Err(Error::new(ErrorKind::Conflict, format!("{} was in {was} and is in {is} now", target.id()))
            .because(self.last_move.clone().unwrap_or_else(|| "another tool moved it".to_owned()))
            .hint("look at it again, then repeat the command if it is still right"))
    }

    /// The version of this number.
    ///
    /// Errors: [`ErrorKind::ModelNotFound`], which says whether it was deleted and what there is.
    pub fn live(&self, version: u32) -> Result<&ModelVersion> {
        self.versions.iter().find(|live| live.version == version).ok_or_else(|| {
            let there: Vec<String> =
                self.versions.iter().take(5).map(|live| format!("{}@{} ({})", self.model, live.version, live.stage.as_str())).collect();
            let error = match self.deleted.contains(&version) {
                true => Error::new(ErrorKind::ModelNotFound, format!("{}@{version} was deleted", self.model)),
                false => Error::new(ErrorKind::ModelNotFound, format!("there is no version {version} of {}", self.model)),
            };
            match there.is_empty() {
                true => error.hint(("the models: '", commands::models_list(), "'")),
                false => error.hint(format!("there are {}", there.join(", "))),
            }
        })
    }
}

/// The failure of a model with several versions in Production.
pub fn several_in_production(model: &str, versions: impl IntoIterator<Item = u32>) -> Error {
    let numbers: Vec<String> = versions.into_iter().map(|version| version.to_string()).collect();
    Error::new(ErrorKind::InvariantBroken, format!("{model} has several versions in Production: {}", numbers.join(", ")))
        .because("another tool left them there")
        .hint(("archive all but one: '", commands::models_archive_confirmed(format!("{model}@VERSION")), "'"))
}
