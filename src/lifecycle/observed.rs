//! What is known about a model at one moment: everything that a plan looks at.

use super::{
    Archival, CHALLENGER, Changed, ModelVersion, Pointer, ProductionHistory, RegistryIdentity, Serving, ServingBy, ServingRule, Stage,
};
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
    /// How it is told what serves.
    pub serving_rule: ServingRule,
    /// What a promotion moves where no version is in Production and the alias alone tells nothing.
    pub usual: ServingBy,
    /// Who moved stages last, when and to what, for people.
    pub last_move: Option<String>,
}

impl Observed {
    /// What serves, by stage or alias.
    pub fn serving(&self) -> Serving {
        self.serving_rule.serving(&self.versions)
    }

    /// What a promotion to Staging or Production moves.
    pub fn pointer(&self, to: Stage) -> Pointer {
        self.serving().pointer(to, self.usual)
    }

    /// The version that serves, by stage or alias; where the two disagree, the one in Production.
    ///
    /// Errors: [`ErrorKind::InvariantBroken`] when there are several in Production and the alias is not set to decide.
    pub fn champion(&self) -> Result<Option<&ModelVersion>> {
        let serving = self.one_in_production()?;
        Ok(self.numbered(serving.champion()))
    }

    /// The version that ceases to serve when `version` does.
    ///
    /// Errors: as [`Observed::champion`].
    pub(crate) fn former(&self, version: u32) -> Result<Option<&ModelVersion>> {
        let serving = self.one_in_production()?;
        Ok(self.numbered(serving.former(version)))
    }

    fn one_in_production(&self) -> Result<Serving> {
        let serving = self.serving();
        match serving.several.is_empty() || self.serving_rule.by == Some(ServingBy::Alias) {
            true => Ok(serving),
            false => Err(several_in_production(&self.model, serving.several)),
        }
    }

    /// The version that serves, without counting `but`; the newest of several in Production where the alias names none of them.
    pub(crate) fn newest_serving(&self, but: Option<u32>) -> Option<&ModelVersion> {
        let left = self.versions.iter().filter(|version| Some(version.version) != but);
        self.numbered(self.serving_rule.serving_of(left).champion())
    }

    /// The version with an alias.
    pub(crate) fn with_alias(&self, alias: &str) -> Option<&ModelVersion> {
        self.versions.iter().find(|version| version.has_alias(alias))
    }

    fn numbered(&self, number: Option<u32>) -> Option<&ModelVersion> {
        self.versions.iter().find(|version| Some(version.version) == number)
    }

    /// Refuses a change while stage and alias name two versions; one to `settling`, which is one of the two, settles it.
    ///
    /// Errors: as [`Serving::agreed`].
    pub(crate) fn agreed(&self, settling: Option<u32>) -> Result<()> {
        let serving = self.serving();
        match settling {
            Some(version) if serving.names(version) => Ok(()),
            _ => serving.agreed(&self.model),
        }
    }

    /// The version is out of service already.
    pub(crate) fn nothing_to_archive(&self, target: &ModelVersion) -> Changed {
        Changed::nothing(target, self.newest_serving(None)).by(self.pointer(Stage::Production))
    }

    /// What taking a version out of service takes away: its stage, or where aliases alone tell what serves, the first of
    /// the serving alias and `challenger` that it has. `None` where it is out of service already.
    ///
    /// An archived version may have kept the serving alias: another tool, or a process that died, left it so.
    pub fn service_of(&self, target: &ModelVersion) -> Option<Pointer> {
        let (pointer, serving) = (self.pointer(Stage::Production), self.serving());
        match &pointer {
            Pointer::Alias { alias, .. } if target.has_alias(alias) => Some(pointer),
            // Several in Production are a fault whatever tells what serves: this one leaves by its stage, as the one that
            // serves by it while the alias that is set to decide names none.
            Pointer::Alias { .. } if serving.several.contains(&target.version) => Some(Pointer::Stage),
            Pointer::Alias { .. } if serving.production == Some(target.version) && serving.by() == Some(ServingBy::Stage) => {
                Some(Pointer::Stage)
            }
            Pointer::Alias { .. } if target.has_alias(CHALLENGER) => Some(Pointer::Alias { alias: CHALLENGER.to_owned(), serves: false }),
            Pointer::Alias { .. } => None,
            Pointer::Both { alias } => (target.stage != Stage::Archived || target.has_alias(alias)).then_some(pointer),
            // What serves by the alias, though the stage is set to decide, leaves by both.
            Pointer::Stage if serving.by() == Some(ServingBy::Alias) && serving.names(target.version) => {
                Some(Pointer::Both { alias: serving.alias })
            }
            Pointer::Stage => (target.stage != Stage::Archived).then_some(pointer),
        }
    }

    /// The versions in Staging that are older than the `keep` newest, of which [`FEWEST_IN_STAGING`] always stay.
    pub(crate) fn older_in_staging(&self, keep: usize) -> impl Iterator<Item = &ModelVersion> {
        // Where aliases alone tell what serves nothing gets a stage.
        let has_stages = self.pointer(Stage::Staging).moves_stage();
        let staged = self.versions.iter().filter(move |version| has_stages && version.stage == Stage::Staging);
        staged.skip(keep.max(FEWEST_IN_STAGING))
    }

    /// The version to archive, which may be out of service already ([`Observed::service_of`]).
    ///
    /// Errors: as [`Observed::live`]; [`ErrorKind::Conflict`] when its stage is not the one that was decided about.
    pub(crate) fn to_archive(&self, archival: &Archival) -> Result<&ModelVersion> {
        let target = self.live(archival.version)?;
        // Of several in Production one is kept by archiving the others.
        if self.serving().several.is_empty() {
            self.agreed(None)?;
        }
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
                true => error.hint(("the models: `", commands::models_list(), "`")),
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
        .hint(("archive all but one: `", commands::models_archive_confirmed(format!("{model}@VERSION")), "`"))
}
