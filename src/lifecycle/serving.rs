//! What serves: a pointer to a version, which is the stage Production, an alias, or both.
//!
//! MLflow deprecates stages, and many registries have aliases alone. Whoever asks which version serves asks
//! [`ServingRule::serving`], so that a model which is served by its alias is served in every command.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{CHAMPION, ModelVersion, Stage};
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
        let newest = |is_wanted: &dyn Fn(&ModelVersion) -> bool| {
            versions.iter().filter(|version| is_wanted(version)).map(|version| version.version).max()
        };
        Serving {
            production: newest(&|version| version.stage == Stage::Production),
            aliased: newest(&|version| version.has_alias(&self.alias)),
            alias: self.alias.clone(),
            with_stages: versions.iter().any(|version| matches!(version.stage, Stage::Production | Stage::Archived)),
            decided_by: self.by,
        }
    }

    /// Whether an alias is the serving one: it moves by promotions.
    pub fn is_serving_alias(&self, alias: &str) -> bool {
        alias == self.alias && self.by != Some(ServingBy::Stage)
    }
}

/// What serves of one model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Serving {
    /// The version in Production; the highest where another tool left several.
    pub production: Option<u32>,
    /// The version that the serving alias names.
    pub aliased: Option<u32>,
    /// The serving alias.
    pub alias: String,
    /// Whether stages have told what serves: a version is in Production or Archived.
    pub with_stages: bool,
    /// What is set to decide; absent where what is observed does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<ServingBy>,
}

impl Serving {
    /// The version that serves; where stage and alias disagree and nothing decides, the one in Production.
    pub fn version(&self) -> Option<u32> {
        match self.decided_by {
            Some(ServingBy::Stage) => self.production,
            Some(ServingBy::Alias) => self.aliased,
            Some(ServingBy::Both) | None => self.production.or(self.aliased),
        }
    }

    /// The version that a new one has to beat: the one that serves, but for an alias that was left behind in a model with
    /// stages.
    pub fn champion(&self) -> Option<u32> {
        match self.decided_by {
            None if self.with_stages => self.production,
            _ => self.version(),
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
            Some(ServingBy::Stage) => self.production == Some(version),
            Some(ServingBy::Alias) => self.aliased == Some(version),
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
        Some(format!("the alias {} names version {aliased}, and no version is in Production", self.alias))
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
            .hint((format!("if {model}@{production} is the one, give it the alias: '"), keep(production), "'"))
            .hint((format!("if {model}@{aliased} is the one, put it into Production: '"), keep(aliased), "'"))
            .hint("if services go by one of them alone, set 'serving' to 'stage' or 'alias'"))
    }

    /// Whether the alias alone tells what serves: no version is or was in Production.
    pub fn by_alias_alone(&self) -> bool {
        self.aliased.is_some() && !self.with_stages
    }

    /// What a promotion to Staging or Production moves; `usual` counts where no version is in Production and the alias
    /// alone tells nothing.
    pub(crate) fn pointer(&self, to: Stage, usual: ServingBy) -> Pointer {
        let by = match (self.decided_by, self.production) {
            (Some(by), _) => by,
            (None, None) if self.by_alias_alone() => ServingBy::Alias,
            (None, None) => usual,
            // A version in Production without its alias was left so by another tool, or by a process that died.
            (None, Some(_)) => ServingBy::Both,
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
    fn an_alias_alone_is_moved_alone_and_nothing_served_goes_the_usual_way() {
        let moved = |by, production, aliased, usual| serving(by, production, aliased).pointer(Stage::Production, usual);
        let alias = Pointer::Alias { alias: CHAMPION.into(), serves: true };
        assert_eq!(moved(None, None, Some(1), ServingBy::Both), alias);
        assert_eq!(moved(None, None, None, ServingBy::Alias), alias);
        assert_eq!(moved(None, None, None, ServingBy::Both), Pointer::default());
        assert_eq!(moved(None, Some(1), None, ServingBy::Alias), Pointer::default());
        let mut archived = version(1);
        (archived.stage, archived.aliases) = (Stage::Archived, vec![CHAMPION.into()]);
        let stray = ServingRule::default().serving(&[archived]).pointer(Stage::Production, ServingBy::Both);
        assert_eq!(stray, Pointer::default(), "a model with stages keeps them");
        assert_eq!(moved(Some(ServingBy::Stage), None, Some(1), ServingBy::Both), Pointer::Stage);
        let challenger = serving(None, None, Some(1)).pointer(Stage::Staging, ServingBy::Both);
        assert_eq!(challenger, Pointer::Alias { alias: CHALLENGER.into(), serves: false });
    }
}
