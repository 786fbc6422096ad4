//! What serves: a pointer to a version, which is the stage Production, an alias, or both.
//!
//! MLflow deprecates stages, and many registries have aliases alone. Whoever asks which version serves asks
//! [`ServingRule::serving`], so that a model which is served by its alias is served in every command.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{CHAMPION, ModelVersion, Stage, several_in_production};
use crate::audit::{Phase, Record, Success};
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};

/// What `promote --to staging` moves where aliases tell what serves.
pub(crate) const CHALLENGER: &str = "challenger";

/// By what the version that serves is known.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::IntoStaticStr, strum::EnumString, strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", ascii_case_insensitive)]
pub enum ServingBy {
    /// The stage Production.
    Stage,
    /// The serving alias.
    Alias,
    /// The stage and the alias, which name the same version.
    Both,
}

/// How it is told what serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServingRule {
    /// What decides; `None` is what is observed of each model.
    pub by: Option<ServingBy>,
    /// The serving alias.
    pub alias: String,
}

impl Default for ServingRule {
    fn default() -> ServingRule {
        ServingRule { by: None, alias: CHAMPION.to_owned() }
    }
}

impl ServingRule {
    /// What serves of one model's versions; none of no version.
    pub fn serving(&self, versions: &[ModelVersion]) -> Serving {
        self.serving_of(versions.iter())
    }

    /// As [`ServingRule::serving`].
    pub(crate) fn serving_of<'a>(&self, versions: impl Iterator<Item = &'a ModelVersion> + Clone) -> Serving {
        let number = |version: &ModelVersion| version.version;
        let aliased = versions.clone().filter(|version| version.has_alias(&self.alias)).map(number).max();
        let mut several: Vec<u32> = versions.clone().filter(|version| version.stage == Stage::Production).map(number).collect();
        several.sort_unstable_by_key(|version| std::cmp::Reverse(*version));
        // Of several in Production the one that the alias names serves by all that tells so.
        let by_both = aliased.filter(|aliased| self.by != Some(ServingBy::Stage) && several.contains(aliased));
        let production = by_both.or(several.first().copied());
        if several.len() < 2 {
            several.clear();
        }
        let is_archived = |version: &ModelVersion| Some(version.version) == aliased && version.stage == Stage::Archived;
        Serving {
            with_stages: production.is_some() || versions.clone().any(is_archived),
            production,
            several,
            aliased,
            lost: None,
            alias: self.alias.clone(),
            decided_by: self.by,
        }
    }

    /// What a promotion moves of a model that does not tell it by what serves: what its last move moved, else what tells so in
    /// the registry, which `style` looks up.
    ///
    /// Errors: those of `style`.
    pub(crate) fn usual(
        &self,
        serving: &Serving,
        last: Option<&Record>,
        style: impl FnOnce() -> Result<RegistryStyle>,
    ) -> Result<ServingBy> {
        match (serving.production, serving.aliased) {
            // What is set decides, and both are observed.
            _ if self.by.is_some() => Ok(ServingBy::Both),
            (Some(_), None) => Ok(ServingBy::Stage),
            (Some(_), Some(_)) => Ok(ServingBy::Both),
            (None, Some(_)) => Ok(if serving.with_stages { ServingBy::Both } else { ServingBy::Alias }),
            (None, None) if last.is_some_and(moved_alias_without_stages) => Ok(ServingBy::Alias),
            (None, None) => style().map(RegistryStyle::usual),
        }
    }

    /// Whether an alias is the serving one: it moves by promotions.
    pub fn is_serving_alias(&self, alias: &str) -> bool {
        alias == self.alias && self.by != Some(ServingBy::Stage)
    }
}

/// Whether an alias moved of a model without stages, not beside the stage of a version in Production.
fn moved_alias_without_stages(last: &Record) -> bool {
    last.alias_alone().is_some() && last.after.stage.as_deref() != Some(Stage::Production.as_str())
}

/// What tells of a whole registry what serves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RegistryStyle {
    /// Whether versions are in Production.
    pub with_production: bool,
    /// Whether the serving alias names versions.
    pub with_alias: bool,
}

impl RegistryStyle {
    /// What a promotion moves of a model that does not tell it: what does in the registry, and both where nothing serves yet.
    pub(crate) fn usual(self) -> ServingBy {
        match (self.with_production, self.with_alias) {
            (true, false) => ServingBy::Stage,
            (false, true) => ServingBy::Alias,
            (true, true) | (false, false) => ServingBy::Both,
        }
    }
}

/// What serves of one model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Serving {
    /// The version in Production; where another tool left several the one that the serving alias names, else the highest.
    pub production: Option<u32>,
    /// All versions in Production where there are several, which is a fault; highest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub several: Vec<u32>,
    /// The version that the serving alias names.
    pub aliased: Option<u32>,
    /// The version that the serving alias names and that is not there; known only where it was looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<u32>,
    /// The serving alias.
    pub alias: String,
    /// Whether stages tell what serves: a version is in Production, or the alias was left at one that is Archived. That other
    /// versions are Archived tells nothing of a version that the alias names.
    pub with_stages: bool,
    /// What is set to decide; absent where what is observed does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<ServingBy>,
}

impl Serving {
    /// The version that serves, by whatever pointer tells so: what is set to decide counts first, and where that names no
    /// version, the other one, because services may go by it. Where stage and alias disagree and nothing decides, the one in
    /// Production.
    pub fn version(&self) -> Option<u32> {
        match self.decided_by {
            Some(ServingBy::Stage) => self.champion(),
            Some(ServingBy::Alias) => self.aliased.or(self.production),
            Some(ServingBy::Both) | None => self.production.or(self.aliased),
        }
    }

    /// The version that a new one has to beat: the one that serves, but for an alias that was left behind in a model with
    /// stages.
    pub fn champion(&self) -> Option<u32> {
        match self.decided_by {
            Some(ServingBy::Alias) => self.version(),
            _ if self.with_stages => self.production,
            _ => self.aliased,
        }
    }

    /// The version that ceases to serve when `version` does: the one that serves, or where stage and alias disagree, the one
    /// of the two that it is not.
    pub(crate) fn former(&self, version: u32) -> Option<u32> {
        match self.disagreement() {
            Some(_) if self.production == Some(version) => self.aliased,
            _ => self.champion(),
        }
    }

    /// By what the version that serves is known; `None` where none serves.
    pub fn by(&self) -> Option<ServingBy> {
        let serves = self.version()?;
        Some(match (self.production == Some(serves), self.aliased == Some(serves)) {
            (true, true) => self.decided_by.unwrap_or(ServingBy::Both),
            (true, false) => ServingBy::Stage,
            (false, _) => ServingBy::Alias,
        })
    }

    /// Whether somebody is served this version: it is in Production, or the serving alias names it.
    pub fn names(&self, version: u32) -> bool {
        match self.decided_by {
            Some(ServingBy::Stage | ServingBy::Alias) => self.version() == Some(version),
            Some(ServingBy::Both) | None => self.production == Some(version) || self.aliased == Some(version),
        }
    }

    /// Which versions stage and alias name, where they are two and no setting decides.
    pub fn disagreement(&self) -> Option<String> {
        let decided = matches!(self.decided_by, Some(ServingBy::Stage | ServingBy::Alias));
        let (production, aliased) = self.production.zip(self.aliased).filter(|(production, aliased)| !decided && production != aliased)?;
        Some(format!("Production @{production}, {} @{aliased}: they disagree", self.alias))
    }

    /// That the alias names a version though stages tell what serves and none is in Production, where it is so.
    pub fn stray_alias(&self) -> Option<String> {
        let aliased = self.aliased.filter(|_| self.decided_by.is_none() && self.with_stages && self.production.is_none())?;
        Some(format!("the alias {} names version {aliased}, which is Archived, and no version is in Production", self.alias))
    }

    /// That several versions are in Production, which is a fault whatever tells what serves.
    pub fn several_in_production(&self) -> Option<String> {
        let (highest, _) = self.several.split_first()?;
        let numbers: Vec<String> = self.several.iter().map(|version| format!("@{version}")).collect();
        let alias = match self.aliased {
            Some(aliased) if self.decided_by != Some(ServingBy::Stage) => format!(", and {} names @{aliased}", self.alias),
            _ => String::new(),
        };
        Some(format!("several versions are in Production: {}; services that go by the stage take @{highest}{alias}", numbers.join(", ")))
    }

    /// That the alias names a version that is not there, where it is so.
    pub fn lost_alias(&self) -> Option<String> {
        let lost = self.lost.filter(|_| self.decided_by != Some(ServingBy::Stage))?;
        Some(format!("the alias {} names version {lost}, which is not there: services that go by it find none", self.alias))
    }

    /// All that is wrong with what serves, in the words of a person.
    pub fn faults(&self) -> Vec<String> {
        [self.several_in_production(), self.disagreement(), self.stray_alias(), self.lost_alias()].into_iter().flatten().collect()
    }

    /// Refuses where stage and alias name two versions.
    ///
    /// Errors: [`ErrorKind::InvariantBroken`] with the two commands of which one settles it.
    pub fn agreed(&self, model: &str) -> Result<()> {
        let Some((disagreement, production, aliased)) = self.disagreement().and_then(|text| Some((text, self.production?, self.aliased?)))
        else {
            return Ok(());
        };
        let keep = |version: u32| commands::models_promote_confirmed(format!("{model}@{version}"));
        Err(Error::new(ErrorKind::InvariantBroken, format!("what serves of {model} is not certain: {disagreement}"))
            .because("another tool moved one of them, and services may go by either")
            .hint((format!("if {model}@{production} is the one, give it the alias: `"), keep(production), "`"))
            .hint((format!("if {model}@{aliased} is the one, put it into Production: `"), keep(aliased), "`"))
            .hint("if services go by one of them alone, set 'serving' to 'stage' or 'alias'"))
    }

    /// Refuses where it is not certain what serves.
    ///
    /// Errors: [`ErrorKind::InvariantBroken`] as [`Serving::agreed`], and where several versions are in Production.
    pub fn certain(&self, model: &str) -> Result<()> {
        match self.several.is_empty() {
            true => self.agreed(model),
            false => Err(several_in_production(model, self.several.iter().copied())),
        }
    }

    /// That another tool took the alias from the version in Production, to which these records of the model, oldest first, say
    /// that hivectl gave it.
    pub(crate) fn alias_taken_away<'a>(&self, records: impl DoubleEndedIterator<Item = &'a Record>) -> Option<String> {
        let production = self.production.filter(|_| self.aliased.is_none() && self.decided_by != Some(ServingBy::Stage))?;
        let is_done = |record: &&Record| record.phase == Phase::Outcome && record.success == Some(Success::Done);
        let given = records.rev().filter(is_done).find_map(|record| record.after.aliases.get(&self.alias).copied())?;
        let told = format!("another tool took the alias {} from version {production}: services that go by it find none", self.alias);
        (given == Some(production)).then_some(told)
    }

    /// Whether the alias alone tells what serves: no version is in Production, and the one that it names is not Archived.
    pub fn by_alias_alone(&self) -> bool {
        self.aliased.is_some() && !self.with_stages
    }

    /// Whether the model, or what is set, tells by itself what a promotion moves.
    pub(crate) fn tells_itself(&self) -> bool {
        self.decided_by.is_some() || self.production.is_some() || self.aliased.is_some()
    }

    /// What a promotion to Staging or Production moves; `usual` counts where the model itself does not tell.
    pub(crate) fn pointer(&self, to: Stage, usual: ServingBy) -> Pointer {
        let by = match (self.decided_by, self.production, self.aliased) {
            (Some(by), ..) => by,
            (None, None, _) if self.by_alias_alone() => ServingBy::Alias,
            (None, Some(_), Some(_)) => ServingBy::Both,
            (None, ..) => usual,
        };
        let serves = to == Stage::Production;
        match by {
            ServingBy::Stage => Pointer::Stage,
            ServingBy::Both => Pointer::Both { alias: self.alias.clone() },
            ServingBy::Alias => Pointer::Alias { alias: if serves { self.alias.clone() } else { CHALLENGER.to_owned() }, serves },
        }
    }
}

/// `@2 by alias champion`, `@2 by stage Production`, `none`; or how stage and alias disagree.
impl fmt::Display for Serving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = match self.by() {
            _ if self.disagreement().is_some() => return f.write_str(&self.disagreement().unwrap_or_default()),
            None => return f.write_str("none"),
            Some(ServingBy::Stage) => "stage Production".to_owned(),
            Some(ServingBy::Alias) => format!("alias {}", self.alias),
            Some(ServingBy::Both) => format!("stage Production and alias {}", self.alias),
        };
        write!(f, "@{} by {by}", self.version().unwrap_or_default())
    }
}

/// What a promotion or a rollback moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Pointer {
    /// The stage, and with Production this alias.
    Both { alias: String },
    /// The stage alone.
    Stage,
    /// This alias alone; no stage changes.
    Alias {
        alias: String,
        /// Whether what it names serves.
        serves: bool,
    },
}

/// The pointer of plans that say nothing of it.
impl Default for Pointer {
    fn default() -> Pointer {
        Pointer::Both { alias: CHAMPION.to_owned() }
    }
}

impl Pointer {
    /// Whether this is the pointer of plans that say nothing of it.
    pub(crate) fn is_default(&self) -> bool {
        *self == Pointer::default()
    }

    /// Whether stages move.
    pub fn moves_stage(&self) -> bool {
        !matches!(self, Pointer::Alias { .. })
    }

    /// Whether a version serves that this moves to `to`.
    pub fn makes_serving(&self, to: Stage) -> bool {
        match self {
            Pointer::Alias { serves, .. } => *serves,
            Pointer::Both { .. } | Pointer::Stage => to == Stage::Production,
        }
    }

    /// The alias that moves in the place of a stage.
    pub fn alias_alone(&self) -> Option<&str> {
        match self {
            Pointer::Alias { alias, .. } => Some(alias),
            Pointer::Both { .. } | Pointer::Stage => None,
        }
    }

    /// The alias that goes to a version which is moved to `to`.
    pub(crate) fn alias_to_move(&self, to: Stage) -> Option<&str> {
        match self {
            Pointer::Alias { alias, .. } => Some(alias),
            Pointer::Both { alias } => Some(alias.as_str()).filter(|_| to == Stage::Production),
            Pointer::Stage => None,
        }
    }

    /// The alias that a move brings to a version while its stage stays: it moves alone, or the version is in Production
    /// already and the alias joins it there.
    pub(crate) fn alias_without_stage(&self, from: Stage, to: Stage) -> Option<&str> {
        match self {
            Pointer::Both { alias } if (from, to) == (Stage::Production, Stage::Production) => Some(alias),
            _ => self.alias_alone(),
        }
    }

    /// The aliases that a version loses when it is archived by this: those that say that it serves or waits, where aliases say
    /// so beside stages.
    pub(crate) fn lost_by<'a>(&'a self, target: &ModelVersion) -> Vec<&'a str> {
        let Pointer::Both { alias } = self else { return Vec::new() };
        [alias.as_str(), CHALLENGER].into_iter().filter(|alias| target.has_alias(alias)).collect()
    }

    /// Whether a version is there already.
    pub(crate) fn is_at(&self, version: &ModelVersion, to: Stage) -> bool {
        let has_alias = self.alias_to_move(to).is_none_or(|alias| version.has_alias(alias));
        has_alias && (!self.moves_stage() || version.stage == to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::fixtures::version;

    fn serving(by: Option<ServingBy>, production: Option<u32>, aliased: Option<u32>) -> Serving {
        let mut versions: Vec<ModelVersion> = (1..=3).map(version).collect();
        for one in &mut versions {
            if production == Some(one.version) {
                one.stage = Stage::Production;
            }
            if aliased == Some(one.version) {
                one.aliases.push(CHAMPION.into());
            }
        }
        ServingRule { by, ..ServingRule::default() }.serving(&versions)
    }

    #[test]
    fn what_serves_is_observed_and_told() {
        for (production, aliased, version, told) in [
            (None, None, None, "none"),
            (Some(2), None, Some(2), "@2 by stage Production"),
            (None, Some(3), Some(3), "@3 by alias champion"),
            (Some(2), Some(2), Some(2), "@2 by stage Production and alias champion"),
            (Some(2), Some(3), Some(2), "Production @2, champion @3: they disagree"),
        ] {
            let found = serving(None, production, aliased);
            assert_eq!((found.version(), found.to_string().as_str()), (version, told));
        }
    }

    #[test]
    fn a_disagreement_is_refused_with_both_ways_out_unless_it_is_decided() {
        let refused = serving(None, Some(2), Some(3)).agreed("m").expect_err("two");
        assert_eq!(refused.kind(), ErrorKind::InvariantBroken);
        let hints: Vec<String> = refused.hints().iter().map(ToString::to_string).collect();
        assert!(hints[0].contains("promote m@2 --confirm m@2") && hints[1].contains("promote m@3 --confirm m@3"), "{hints:?}");
        assert!(serving(Some(ServingBy::Both), Some(2), Some(3)).agreed("m").is_err(), "both decides nothing between two");
        for (by, version) in [(ServingBy::Stage, 2), (ServingBy::Alias, 3)] {
            let decided = serving(Some(by), Some(2), Some(3));
            assert!(decided.agreed("m").is_ok());
            assert_eq!((decided.version(), decided.by()), (Some(version), Some(by)));
        }
    }

    #[test]
    fn of_several_in_production_the_one_with_the_alias_serves() {
        let mut versions: Vec<ModelVersion> = (1..=3).map(version).collect();
        for one in &mut versions[1..] {
            one.stage = Stage::Production;
        }
        let found = ServingRule::default().serving(&versions);
        assert_eq!((found.version(), found.several.as_slice()), (Some(3), [3, 2].as_slice()));
        versions[1].aliases.push(CHAMPION.into());
        let found = ServingRule::default().serving(&versions);
        assert_eq!((found.version(), found.by(), found.disagreement()), (Some(2), Some(ServingBy::Both), None));
        let told = "several versions are in Production: @3, @2; services that go by the stage take @3, and champion names @2";
        assert_eq!(found.faults(), [told]);
        let by = |by| ServingRule { by: Some(by), ..ServingRule::default() }.serving(&versions);
        assert_eq!(by(ServingBy::Stage).version(), Some(3));
        assert_eq!((by(ServingBy::Alias).version(), by(ServingBy::Alias).faults()), (Some(2), vec![told.to_owned()]));
    }

    #[test]
    fn an_alias_alone_is_moved_alone_and_nothing_served_goes_the_usual_way() {
        let moved = |by, production, aliased, usual| serving(by, production, aliased).pointer(Stage::Production, usual);
        let alias = Pointer::Alias { alias: CHAMPION.into(), serves: true };
        assert_eq!(moved(None, None, Some(1), ServingBy::Both), alias);
        assert_eq!(moved(None, None, None, ServingBy::Alias), alias);
        assert_eq!(moved(None, None, None, ServingBy::Both), Pointer::default());
        assert_eq!(moved(None, Some(1), Some(1), ServingBy::Alias), Pointer::default());
        assert_eq!(moved(None, Some(1), None, ServingBy::Stage), Pointer::Stage, "stages alone stay alone");
        let mut archived = version(1);
        (archived.stage, archived.aliases) = (Stage::Archived, vec![CHAMPION.into()]);
        let stray = ServingRule::default().serving(&[archived.clone()]);
        assert_eq!((stray.champion(), stray.pointer(Stage::Production, ServingBy::Both)), (None, Pointer::default()), "its stage counts");
        archived.aliases.clear();
        let mut serves = version(2);
        serves.aliases.push(CHAMPION.into());
        let beside = ServingRule::default().serving(&[archived, serves]);
        assert_eq!((beside.champion(), beside.by_alias_alone(), beside.stray_alias()), (Some(2), true, None));
        assert_eq!(beside.pointer(Stage::Production, ServingBy::Both), alias, "another version that is Archived tells nothing");
        assert_eq!(moved(Some(ServingBy::Stage), None, Some(1), ServingBy::Both), Pointer::Stage);
        let challenger = serving(None, None, Some(1)).pointer(Stage::Staging, ServingBy::Both);
        assert_eq!(challenger, Pointer::Alias { alias: CHALLENGER.into(), serves: false });
    }
}
