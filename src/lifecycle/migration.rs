//! From stages to aliases and back: what changes of a registry so that it tells otherwise what serves, version by version.
//!
//! What serves and what waits goes on serving and waiting; only what says so changes.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{CHALLENGER, ModelVersion, RegistryIdentity, Serving, Stage};
use crate::base::{commands, sha256_hex};
use crate::error::{Error, ErrorKind, Result};

/// The tag that keeps the stage which a version lost to a migration and no alias tells; or that it had the alias
/// `challenger`, where it is not the newest in Staging.
pub(crate) const STAGE_BEFORE_TAG: &str = "stage_before";

/// The form of migration files.
pub(super) const SCHEMA: &str = "hivectl.migration/v1";

/// What shall tell what serves.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::IntoStaticStr, strum::EnumString, strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum MigrationTarget {
    /// The serving alias and `challenger`; no version keeps a stage.
    Aliases,
    /// Production and Staging; the two aliases are taken away.
    Stages,
    /// All of them.
    Both,
}

/// What changes of one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VersionMigration {
    pub version: u32,
    pub from_stage: Stage,
    pub to_stage: Stage,
    /// Aliases that it gets.
    pub gains: Vec<String>,
    /// Aliases that it loses.
    pub loses: Vec<String>,
    /// The tag `stage_before` before it.
    pub tag_before: Option<String>,
    /// The same after it.
    pub tag_after: Option<String>,
}

impl VersionMigration {
    fn changes(&self) -> bool {
        self.from_stage != self.to_stage || self.tag_before != self.tag_after || !self.gains.is_empty() || !self.loses.is_empty()
    }
}

/// What changes of one model; nothing where it is as wanted already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelMigration {
    pub model: String,
    /// The version that serves, before and after.
    pub serves: Option<u32>,
    /// Those that change, newest first.
    pub versions: Vec<VersionMigration>,
}

impl ModelMigration {
    /// What a migration changes of a model, of which these are all versions, newest first.
    ///
    /// Errors: [`ErrorKind::InvariantBroken`] where it is not certain what serves.
    pub fn of(model: &str, versions: &[ModelVersion], serving: &Serving, to: MigrationTarget) -> Result<ModelMigration> {
        // What is there goes on serving, whatever is set to decide: services may go by either.
        let serving = &Serving { decided_by: None, ..serving.clone() };
        serving.certain(model)?;
        if let Some(fault) = serving.faults().first() {
            let error = Error::new(ErrorKind::InvariantBroken, format!("what serves of {model} is not certain: {fault}"));
            return Err(error.hint(("what mends it: `", commands::doctor(), "`")));
        }
        let serves = serving.version();
        // The one that the alias names, or named before, goes on waiting, of several in Staging too; else the newest there.
        let others = || versions.iter().filter(|version| Some(version.version) != serves);
        let is_staged = |version: &&ModelVersion| version.stage == Stage::Staging;
        let was_named = |version: &&ModelVersion| version.tags.get(STAGE_BEFORE_TAG).is_some_and(|before| before == CHALLENGER);
        let is_named = |version: &&ModelVersion| version.has_alias(CHALLENGER);
        let waits = others().find(is_named).or_else(|| others().filter(is_staged).find(was_named)).or_else(|| others().find(is_staged));
        let waits = waits.or_else(|| versions.iter().find(is_named)).map(|version| version.version);
        let place = Place { serves, waits, alias: &serving.alias, to };
        let mut changes: Vec<VersionMigration> = versions.iter().map(|version| place.of(version)).collect();
        place.remember(&mut changes);
        changes.retain(VersionMigration::changes);
        Ok(ModelMigration { model: model.to_owned(), serves, versions: changes })
    }
}

/// What serves and what waits of a model that is migrated.
struct Place<'a> {
    serves: Option<u32>,
    waits: Option<u32>,
    alias: &'a str,
    to: MigrationTarget,
}

impl Place<'_> {
    /// Of several in Staging the newest is taken to wait: where it is another one, and no alias says so any more, a tag does.
    fn remember(&self, changes: &mut [VersionMigration]) {
        if self.to != MigrationTarget::Stages {
            return;
        }
        let is_waiting = |one: &VersionMigration| Some(one.version) == self.waits;
        let mut staged = changes.iter_mut().filter(|one| one.to_stage == Stage::Staging);
        if staged.next().is_some_and(|newest| !is_waiting(newest))
            && let Some(waits) = staged.find(|one| is_waiting(one))
        {
            waits.tag_after = Some(CHALLENGER.to_owned());
        }
    }

    fn of(&self, version: &ModelVersion) -> VersionMigration {
        let number = Some(version.version);
        let (serves, waits) = (number == self.serves, number == self.waits);
        // No migration leaves Production there: what serves is told by its alias.
        let before = version.tags.get(STAGE_BEFORE_TAG).and_then(|word| word.parse::<Stage>().ok());
        let before = before.filter(|stage| matches!(stage, Stage::Archived | Stage::Staging));
        let to_stage = match (self.to, version.stage) {
            (MigrationTarget::Aliases, _) => Stage::None,
            _ if serves => Stage::Production,
            (_, Stage::None) if waits => Stage::Staging,
            (_, Stage::None) => before.unwrap_or(Stage::None),
            (_, stage) => stage,
        };
        let tag_before = version.tags.get(STAGE_BEFORE_TAG).cloned();
        let tag_after = match (self.to, version.stage) {
            (MigrationTarget::Aliases, Stage::Archived | Stage::Staging) if !serves && !waits => Some(version.stage.as_str().to_owned()),
            (MigrationTarget::Aliases, _) => tag_before.clone().filter(|_| !serves && !waits),
            (MigrationTarget::Stages | MigrationTarget::Both, _) => None,
        };
        let with_aliases = self.to != MigrationTarget::Stages;
        let wanted = [(self.alias, serves && with_aliases), (CHALLENGER, waits && with_aliases)];
        let names = |is_gained: bool| {
            let differing = wanted.iter().filter(|(alias, wanted)| *wanted == is_gained && version.has_alias(alias) != *wanted);
            differing.map(|(alias, _)| (*alias).to_owned()).collect()
        };
        VersionMigration {
            version: version.version,
            from_stage: version.stage,
            to_stage,
            gains: names(true),
            loses: names(false),
            tag_before,
            tag_after,
        }
    }
}

/// What a migration changes, and of which registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Migration {
    pub registry: RegistryIdentity,
    pub to: MigrationTarget,
    /// Those that change, by name.
    pub models: Vec<ModelMigration>,
    pub reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MigrationFile {
    schema: String,
    digest: String,
    migration: Migration,
}

impl Migration {
    /// Whether services that go by stages find none afterwards.
    pub fn ends_stages(&self) -> bool {
        self.to == MigrationTarget::Aliases
            && self.models.iter().any(|model| model.versions.iter().any(|one| one.from_stage != one.to_stage))
    }

    /// Whether services that go by aliases find none afterwards.
    pub fn ends_aliases(&self) -> bool {
        self.to == MigrationTarget::Stages && self.models.iter().any(|model| model.versions.iter().any(|one| !one.loses.is_empty()))
    }

    /// SHA-256 of the migration as compact JSON, lower-case hexadecimal.
    pub fn digest(&self) -> String {
        sha256_hex(serde_json::to_string(self).unwrap_or_default().as_bytes())
    }

    /// The migration as a file: JSON with its digest.
    pub fn to_file(&self) -> Result<String> {
        let unwritten = |source| Error::new(ErrorKind::Internal, "cannot write the migration").because(source);
        let migration = serde_json::to_value(self).map_err(unwritten)?;
        let document = Value::from_iter([("schema", Value::from(SCHEMA)), ("digest", self.digest().into()), ("migration", migration)]);
        serde_json::to_string_pretty(&document).map(|text| text + "\n").map_err(unwritten)
    }

    /// Reads a migration file; `name` is its path, for messages.
    ///
    /// Errors: [`ErrorKind::BadInput`] for a file that is no migration, or not the one that was written.
    pub fn from_file(name: &str, text: &str) -> Result<Migration> {
        let again = || ("see what a new one would change: `", commands::models_migrate_dry_run("both"), "`");
        let file: MigrationFile = serde_json::from_str(text).map_err(|source| {
            Error::new(ErrorKind::BadInput, format!("{name}:{}: this is no migration", source.line())).because(source).hint(again())
        })?;
        if file.schema != SCHEMA || file.digest != file.migration.digest() {
            return Err(Error::new(ErrorKind::BadInput, format!("{name} was altered after it was made")).hint(again()));
        }
        Ok(file.migration)
    }

    /// The refusal of a migration of which a model is not as it was seen any more.
    pub(crate) fn stale(&self, model: &str) -> Error {
        Error::new(ErrorKind::Conflict, format!("{model} was changed since the migration was planned, so it is not migrated")).hint((
            "plan it anew: `",
            commands::models_migrate_dry_run(self.to.into()),
            "`",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::fixtures::version;
    use crate::lifecycle::{CHAMPION, ServingRule};

    /// 1 is archived, 2 in Production, 3 and 4 in Staging, newest first.
    fn with_stages() -> Vec<ModelVersion> {
        let stages = [Stage::Archived, Stage::Production, Stage::Staging, Stage::Staging];
        let staged = (1..=4).zip(stages).map(|(number, stage)| ModelVersion { stage, ..version(number) });
        let mut staged: Vec<ModelVersion> = staged.collect();
        staged.reverse();
        staged
    }

    fn migrated(versions: &[ModelVersion], to: MigrationTarget) -> Vec<ModelVersion> {
        let serving = ServingRule::default().serving(versions);
        let migration = ModelMigration::of("m", versions, &serving, to).expect("certain");
        let mut after = versions.to_vec();
        for one in &migration.versions {
            let version = after.iter_mut().find(|version| version.version == one.version).expect("there");
            version.stage = one.to_stage;
            version.aliases.retain(|alias| !one.loses.contains(alias));
            version.aliases.extend(one.gains.iter().cloned());
            version.tags.remove(STAGE_BEFORE_TAG);
            version.tags.extend(one.tag_after.clone().map(|stage| (STAGE_BEFORE_TAG.to_owned(), stage)));
        }
        assert_eq!(ServingRule::default().serving(&after).version(), serving.version(), "what serves goes on serving: {to:?}");
        after
    }

    #[test]
    fn every_migration_can_be_taken_back_and_a_second_one_finds_nothing() {
        use MigrationTarget::{Aliases, Both, Stages};
        let stages = with_stages();
        let aliases = migrated(&stages, Aliases);
        assert!(aliases.iter().all(|version| version.stage == Stage::None));
        let told: Vec<(u32, Vec<String>, Option<&String>)> =
            aliases.iter().map(|version| (version.version, version.aliases.clone(), version.tags.get(STAGE_BEFORE_TAG))).collect();
        let (staging, archived) = ("Staging".to_owned(), "Archived".to_owned());
        let wanted = [
            (4, vec![CHALLENGER.to_owned()], None),
            (3, vec![], Some(&staging)),
            (2, vec![CHAMPION.to_owned()], None),
            (1, vec![], Some(&archived)),
        ];
        assert_eq!(told, wanted);
        let both = migrated(&stages, Both);
        for (from, to, after) in [
            (&aliases, Stages, &stages),
            (&aliases, Both, &both),
            (&both, Stages, &stages),
            (&both, Aliases, &aliases),
            (&stages, Stages, &stages),
            (&both, Both, &both),
        ] {
            assert_eq!(&migrated(from, to), after, "{to:?}");
        }
    }

    #[test]
    fn of_several_that_wait_the_one_with_the_alias_goes_on_waiting() {
        use MigrationTarget::{Aliases, Both, Stages};
        let mut held = migrated(&with_stages(), Both);
        held[0].aliases.clear();
        held[1].aliases.push(CHALLENGER.into());
        let stages = migrated(&held, Stages);
        assert!(stages.iter().all(|version| version.aliases.is_empty()));
        let aliases = migrated(&held, Aliases);
        assert!(aliases[1].has_alias(CHALLENGER) && !aliases[0].has_alias(CHALLENGER));
        for (from, to, after) in [
            (&stages, Both, &held),
            (&stages, Aliases, &aliases),
            (&aliases, Stages, &stages),
            (&aliases, Both, &held),
            (&stages, Stages, &stages),
            (&held, Both, &held),
        ] {
            assert_eq!(&migrated(from, to), after, "{to:?}");
        }
    }

    #[test]
    fn what_is_not_certain_is_not_migrated() {
        let mut versions = with_stages();
        versions[0].aliases.push(CHAMPION.into());
        let serving = ServingRule::default().serving(&versions);
        let refused = ModelMigration::of("m", &versions, &serving, MigrationTarget::Aliases).expect_err("two");
        assert_eq!(refused.kind(), ErrorKind::InvariantBroken);
    }

    #[test]
    fn a_migration_is_read_as_it_was_written_and_an_altered_one_is_not() {
        let versions = with_stages();
        let serving = ServingRule::default().serving(&versions);
        let model = ModelMigration::of("m", &versions, &serving, MigrationTarget::Aliases).expect("certain");
        let registry = RegistryIdentity { id: "r".into(), location: "/r.db".into() };
        let migration = Migration { registry, to: MigrationTarget::Aliases, models: vec![model], reason: None };
        let text = migration.to_file().expect("written");
        assert_eq!(Migration::from_file("m.json", &text).expect("read"), migration);
        let altered = Migration::from_file("m.json", &text.replace("\"Archived\"", "\"Staging\"")).expect_err("altered");
        assert_eq!(altered.kind(), ErrorKind::BadInput);
    }
}
