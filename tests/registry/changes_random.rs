//! Random sequences of changes, by hivectl and by other tools, against a small model of what must come out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use hivectl::error::{Error, ErrorKind};
use hivectl::lifecycle::{Approval, Archival, Plan, PlanRequest, Planned, Stage, planning};
use hivectl::registry::embedded::EmbeddedRegistry;
use hivectl::registry::{Annotations, AuditLog, ModelStore, Promotion, Registration};
use hivectl::statistics::random::SplitMix64;

use crate::support::{self, NAME, database, new_version, registry, request};

/// One thing that is done. Versions are counted round, so that every number means one.
#[derive(Clone, Copy, Debug)]
enum Step {
    Register(Stage),
    Promote {
        version: u32,
        to: Stage,
        passes: bool,
        force: bool,
    },
    /// Makes a plan and keeps it.
    Plan(u32),
    /// Applies the plan that was kept last.
    ApplyKept,
    Rollback,
    RollbackTo {
        version: u32,
        reason: bool,
    },
    Archive(u32),
    ArchiveOlder,
    Alias {
        version: u32,
        set: bool,
    },
    /// As MLflow does it: no record, no check of what was there.
    ForeignMove {
        version: u32,
        to: Stage,
    },
    ForeignDelete(u32),
    /// As MLflow does it: the serving alias, without a record.
    ForeignAlias(u32),
}

/// What served, as seen from outside: pushed by moves, popped by rollbacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Version(u32),
    Nobody,
    Gap,
}

#[derive(Clone, Debug, Default)]
struct Model {
    /// By number; `None` for a deleted one.
    stages: BTreeMap<u32, Option<Stage>>,
    aliases: BTreeMap<String, u32>,
    seen: Vec<Seen>,
    served: BTreeSet<u32>,
    moves: u32,
    /// Whether the last recorded move was one of an alias alone.
    last_by_alias: bool,
    kept: Option<Kept>,
}

/// What tells what serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Stage,
    Alias,
    Both,
}

#[derive(Clone, Debug)]
struct Kept {
    by: By,
    version: u32,
    from: Stage,
    champion: Option<u32>,
    moves: u32,
    applied_at: Option<u32>,
}

impl Model {
    fn champion(&self) -> Option<u32> {
        self.stages.iter().find(|(_, stage)| **stage == Some(Stage::Production)).map(|(number, _)| *number)
    }

    /// Whether aliases alone tell what serves: nothing is in Production, and what the alias names was not archived.
    fn by_alias(&self) -> bool {
        let aliased = self.aliases.get("champion").and_then(|version| self.stage(*version));
        let stages_tell = self.champion().is_some() || aliased == Some(Stage::Archived);
        !stages_tell && (self.aliases.contains_key("champion") || self.last_by_alias)
    }

    /// Whether a stage alone tells what serves: a version is in Production, and the alias names none.
    fn by_stage(&self) -> bool {
        self.champion().is_some() && !self.aliases.contains_key("champion")
    }

    fn by(&self) -> By {
        match (self.by_alias(), self.by_stage()) {
            (true, _) => By::Alias,
            (false, true) => By::Stage,
            (false, false) => By::Both,
        }
    }

    /// The version that serves.
    fn serves(&self) -> Option<u32> {
        if self.by_alias() { self.aliases.get("champion").copied() } else { self.champion() }
    }

    /// Whether stage and alias name two versions, and `version` is none of them.
    fn disagrees(&self, version: Option<u32>) -> bool {
        let (stage, alias) = (self.champion(), self.aliases.get("champion").copied());
        stage.is_some() && alias.is_some() && stage != alias && (version.is_none() || version != stage && version != alias)
    }

    fn stage(&self, version: u32) -> Option<Stage> {
        self.stages.get(&version).copied().flatten()
    }

    /// A recorded move that leaves `to` serving (or nobody).
    fn moved(&mut self, before: Option<u32>, to: Option<u32>, back: bool, by_alias: bool) {
        let slot = |version: Option<u32>| version.map_or(Seen::Nobody, Seen::Version);
        self.moves += 1;
        self.last_by_alias = by_alias;
        if self.seen.last() != Some(&slot(before)) {
            if !(self.seen.is_empty() && before.is_none()) {
                self.seen.push(Seen::Gap);
            }
            self.seen.push(slot(before));
        }
        self.served.extend(before);
        self.served.extend(to);
        if before == to {
            return;
        }
        match self.seen.iter().rposition(|seen| *seen == slot(to)) {
            Some(at) if back => self.seen.truncate(at + 1),
            _ => self.seen.push(slot(to)),
        }
    }

    /// The version that ceases to serve when `version` does: of two that stage and alias name, the other.
    fn former(&self, version: u32) -> Option<u32> {
        match self.disagrees(None) && self.champion() == Some(version) {
            true => self.aliases.get("champion").copied(),
            false => self.serves(),
        }
    }

    fn enter_production(&mut self, version: u32, back: bool) {
        let before = self.former(version);
        if self.by_alias() {
            self.aliases.insert("champion".into(), version);
            return self.moved(before, Some(version), back, true);
        }
        let by_stage = self.by_stage();
        if let Some(former) = self.champion().filter(|former| *former != version) {
            self.stages.insert(former, Some(Stage::Archived));
            if !by_stage {
                self.waits_no_longer(former);
            }
        }
        self.stages.insert(version, Some(Stage::Production));
        if !by_stage {
            self.aliases.insert("champion".into(), version);
        }
        self.moved(before, Some(version), back, false);
    }

    fn archive(&mut self, version: u32) {
        if self.by_alias() {
            let before = self.serves();
            let alias = if before == Some(version) { "champion" } else { "challenger" };
            if self.aliases.get(alias) == Some(&version) {
                self.aliases.remove(alias);
                self.moved(before, before.filter(|serves| *serves != version), false, true);
            }
            return;
        }
        let (before, by_stage) = (self.champion(), self.by_stage());
        self.stages.insert(version, Some(Stage::Archived));
        let after = self.champion();
        if !by_stage {
            self.waits_no_longer(version);
        }
        if self.has_alias(version) {
            match after {
                Some(champion) => self.aliases.insert("champion".into(), champion),
                None => self.aliases.remove("champion"),
            };
        }
        self.moved(before, after, false, false);
    }

    fn waits_no_longer(&mut self, version: u32) {
        self.aliases.retain(|alias, owner| alias != "challenger" || *owner != version);
    }

    fn has_alias(&self, version: u32) -> bool {
        self.aliases.get("champion") == Some(&version)
    }

    /// What must come of a step: the kind of refusal, or that it went well.
    fn expect(&mut self, step: Step, highest: u32) -> Result<(), ErrorKind> {
        match step {
            Step::Register(stage) => {
                if stage == Stage::Production && self.disagrees(None) {
                    return Err(ErrorKind::InvariantBroken);
                }
                let number = highest + 1;
                let by_alias = self.by_alias();
                self.stages.insert(number, Some(Stage::None));
                match stage {
                    Stage::Staging if by_alias => drop(self.aliases.insert("challenger".into(), number)),
                    Stage::Production => self.enter_production(number, false),
                    stage => drop(self.stages.insert(number, Some(stage))),
                }
                Ok(())
            }
            Step::Promote { version, to, passes, force } => self.expect_promotion(version, to, passes || force),
            Step::Plan(version) => {
                let Some(from) = self.stage(version) else { return Err(ErrorKind::ModelNotFound) };
                if self.disagrees(Some(version)) {
                    return Err(ErrorKind::InvariantBroken);
                }
                if !self.is_settled(version) {
                    let (by, champion) = (self.by(), self.former(version));
                    self.kept = Some(Kept { by, version, from, champion, moves: self.moves, applied_at: None });
                }
                Ok(())
            }
            Step::ApplyKept => self.expect_apply(),
            Step::Rollback => self.expect_rollback(),
            Step::RollbackTo { version, reason } => {
                if self.disagrees(None) {
                    return Err(ErrorKind::InvariantBroken);
                }
                let Some(_) = self.stage(version) else { return Err(ErrorKind::ModelNotFound) };
                if self.is_settled(version) {
                    return Ok(());
                }
                if !(self.served.contains(&version) || self.serves() == Some(version) || reason) {
                    return Err(ErrorKind::Usage);
                }
                self.enter_production(version, true);
                Ok(())
            }
            Step::Archive(version) => match self.stage(version) {
                None => Err(ErrorKind::ModelNotFound),
                Some(_) if self.disagrees(None) => Err(ErrorKind::InvariantBroken),
                Some(Stage::Archived) if !self.has_alias(version) => Ok(()),
                Some(_) => {
                    self.archive(version);
                    Ok(())
                }
            },
            Step::ArchiveOlder if self.by_alias() => Ok(()),
            Step::ArchiveOlder => {
                let staging: Vec<u32> =
                    self.stages.iter().rev().filter(|(_, stage)| **stage == Some(Stage::Staging)).map(|(number, _)| *number).collect();
                staging.into_iter().skip(3).for_each(|version| self.archive(version));
                Ok(())
            }
            Step::Alias { version, set: true } => match self.stage(version) {
                None => Err(ErrorKind::ModelNotFound),
                Some(_) if self.disagrees(None) => Err(ErrorKind::InvariantBroken),
                Some(_) => {
                    self.aliases.insert("shadow".into(), version);
                    Ok(())
                }
            },
            Step::Alias { set: false, .. } if self.aliases.contains_key("shadow") && self.disagrees(None) => {
                Err(ErrorKind::InvariantBroken)
            }
            Step::Alias { set: false, .. } => {
                self.aliases.remove("shadow");
                Ok(())
            }
            Step::ForeignMove { version, to } => {
                let second = to == Stage::Production && self.champion().is_some_and(|champion| champion != version);
                if self.stage(version).is_some() && !second {
                    self.stages.insert(version, Some(to));
                }
                Ok(())
            }
            Step::ForeignDelete(version) => {
                if let Some(stage) = self.stages.get_mut(&version) {
                    *stage = None;
                    self.aliases.retain(|_, owner| *owner != version);
                }
                Ok(())
            }
            Step::ForeignAlias(version) => {
                if self.stage(version).is_some() {
                    self.aliases.insert("champion".into(), version);
                }
                Ok(())
            }
        }
    }

    fn expect_promotion(&mut self, version: u32, to: Stage, may: bool) -> Result<(), ErrorKind> {
        let Some(stage) = self.stage(version) else { return Err(ErrorKind::ModelNotFound) };
        if self.disagrees(Some(version).filter(|_| to == Stage::Production)) {
            return Err(ErrorKind::InvariantBroken);
        }
        if self.by_alias() {
            return self.expect_alias(version, to, may);
        }
        match (stage, to) {
            (Stage::Production, Stage::Staging) => return Err(ErrorKind::Usage),
            (Stage::Staging, Stage::Staging) => return Ok(()),
            (Stage::Production, Stage::Production) if self.by_stage() || self.has_alias(version) => return Ok(()),
            _ if !may => return Err(ErrorKind::GateFailed),
            (_, Stage::Staging) => {
                let champion = self.champion();
                self.stages.insert(version, Some(Stage::Staging));
                self.moved(champion, champion, false, false);
            }
            _ => self.enter_production(version, false),
        }
        Ok(())
    }

    fn expect_alias(&mut self, version: u32, to: Stage, may: bool) -> Result<(), ErrorKind> {
        let serves = self.serves();
        match to {
            Stage::Staging if serves == Some(version) => return Err(ErrorKind::Usage),
            Stage::Staging if self.aliases.get("challenger") == Some(&version) => {}
            Stage::Production if serves == Some(version) => {}
            _ if !may => return Err(ErrorKind::GateFailed),
            Stage::Staging => {
                self.aliases.insert("challenger".into(), version);
                self.moved(serves, serves, false, true);
            }
            _ => self.enter_production(version, false),
        }
        Ok(())
    }

    /// Whether a version serves by all that tells so here.
    fn is_settled(&self, version: u32) -> bool {
        let in_production = self.stage(version) == Some(Stage::Production);
        (self.by_stage() || self.has_alias(version)) && (self.by_alias() || in_production)
    }

    fn expect_apply(&mut self) -> Result<(), ErrorKind> {
        let Some(kept) = self.kept.clone() else { return Ok(()) };
        if kept.applied_at == Some(self.moves) {
            return Ok(());
        }
        if self.stage(kept.version).is_none() {
            return Err(ErrorKind::ModelNotFound);
        }
        if self.disagrees(Some(kept.version)) {
            return Err(ErrorKind::InvariantBroken);
        }
        if kept.by != self.by() {
            return Err(ErrorKind::Conflict);
        }
        if kept.moves != self.moves || self.former(kept.version) != kept.champion || self.stage(kept.version) != Some(kept.from) {
            return Err(ErrorKind::Conflict);
        }
        self.enter_production(kept.version, false);
        self.kept = Some(Kept { applied_at: Some(self.moves), ..kept });
        Ok(())
    }

    fn expect_rollback(&mut self) -> Result<(), ErrorKind> {
        if self.disagrees(None) {
            return Err(ErrorKind::InvariantBroken);
        }
        let is_untouched = |stage: &Option<Stage>| matches!(stage, Some(Stage::None | Stage::Staging));
        if !self.by_alias() && self.seen.is_empty() && self.stages.values().all(is_untouched) {
            return Err(ErrorKind::ModelNotFound);
        }
        let now = self.serves().map_or(Seen::Nobody, Seen::Version);
        if self.seen.last() != Some(&now) {
            return Err(ErrorKind::Waiting);
        }
        let earlier = self.seen[..self.seen.len() - 1].iter().rev().find(|seen| **seen != Seen::Nobody);
        match earlier {
            None => Err(ErrorKind::ModelNotFound),
            Some(Seen::Version(version)) if self.stage(*version).is_some() => {
                let version = *version;
                if !self.is_settled(version) {
                    self.enter_production(version, true);
                }
                Ok(())
            }
            Some(_) => Err(ErrorKind::Waiting),
        }
    }
}

/// Does a step for real.
fn act(registry: &EmbeddedRegistry, folder: &Path, step: Step, kept: &mut Option<Plan>) -> Result<(), Error> {
    let apply = |registry: &EmbeddedRegistry, planned: Planned| match planned {
        Planned::AlreadySo(_) => Ok(()),
        Planned::Change(plan) => registry.apply(&Approval::Typed.given(*plan)).map(drop),
    };
    match step {
        Step::Register(stage) => {
            let mut new = new_version(NAME);
            new.files.truncate(1);
            let serving = registry.serving_rule().serving(&registry.versions(NAME)?);
            (new.stage, new.expected_champion) = (stage, serving.champion());
            registry.register(new).map(drop)
        }
        Step::Promote { version, to, passes, force } => {
            let reason = force.then(|| "a test".to_owned());
            let planned = planning::promote(
                &registry.observe(NAME)?,
                version,
                to,
                PlanRequest { gate: Some(support::gate(passes)), force, reason, ..request() },
            )?;
            apply(registry, planned)
        }
        Step::Plan(version) => {
            if let Planned::Change(plan) = planning::promote(&registry.observe(NAME)?, version, Stage::Production, request())? {
                *kept = Some(*plan);
            }
            Ok(())
        }
        Step::ApplyKept => match kept {
            Some(plan) => registry.apply(&Approval::PlanFile.given(plan.clone())).map(drop),
            None => Ok(()),
        },
        Step::Rollback => support::rollback(registry, NAME, None, None).map(drop),
        Step::RollbackTo { version, reason } => support::rollback(registry, NAME, Some(version), reason.then_some("a test")).map(drop),
        Step::Archive(version) => {
            let from_stage = registry.observe(NAME)?.live(version)?.stage;
            registry.archive(&Approval::Typed.given(Archival { model: NAME.into(), version, from_stage, reason: None })).map(drop)
        }
        Step::ArchiveOlder => registry.archive_older(Some(NAME), 3, None).map(drop),
        Step::Alias { version, set } => registry.set_alias(NAME, "shadow", set.then_some(version), None).map(drop),
        Step::ForeignMove { version, to } => {
            let sql = "UPDATE model_versions SET current_stage = ?2 WHERE version = ?1 AND current_stage <> 'Deleted_Internal'";
            // The database itself refuses a second version in Production.
            let _ = database(folder).execute(sql, rusqlite::params![version, to.as_str()]);
            Ok(())
        }
        Step::ForeignDelete(version) => {
            let connection = database(folder);
            connection
                .execute("UPDATE model_versions SET current_stage = 'Deleted_Internal', source = 'REDACTED' WHERE version = ?1", [version])
                .expect("deleted");
            connection.execute("DELETE FROM registered_model_aliases WHERE version = ?1", [version]).expect("deleted");
            Ok(())
        }
        Step::ForeignAlias(version) => {
            let sql = "INSERT OR REPLACE INTO registered_model_aliases (alias, version, name)
                       SELECT 'champion', version, name FROM model_versions WHERE version = ?1 AND current_stage <> 'Deleted_Internal'";
            database(folder).execute(sql, [version]).expect("set");
            Ok(())
        }
    }
}

/// Runs a sequence; the first difference between the registry and the model, if any.
fn run(steps: &[Step]) -> Result<(), String> {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.expect("temporary folder");
    let registry = registry(folder.path());
    let (mut model, mut kept) = (Model::default(), None);
    for (index, step) in [Step::Register(Stage::None)].iter().chain(steps).enumerate() {
        let highest = model.stages.keys().max().copied().unwrap_or(0);
        let expected = model.expect(*step, highest);
        let got = act(&registry, folder.path(), *step, &mut kept).map_err(|error| error.kind());
        let what = format!("step {index}, {step:?}");
        if got != expected {
            return Err(format!("{what}: {got:?} instead of {expected:?}"));
        }
        let versions = registry.versions(NAME).map_err(|error| format!("{what}: {error}"))?;
        let stages: BTreeMap<u32, Stage> = versions.iter().map(|version| (version.version, version.stage)).collect();
        let wanted: BTreeMap<u32, Stage> = model.stages.iter().filter_map(|(number, stage)| Some((*number, (*stage)?))).collect();
        let aliases: BTreeMap<String, u32> =
            versions.iter().flat_map(|version| version.aliases.iter().map(|alias| (alias.clone(), version.version))).collect();
        if (&stages, &aliases) != (&wanted, &model.aliases) {
            return Err(format!("{what}: {stages:?} {aliases:?} instead of {wanted:?} {:?}", model.aliases));
        }
    }
    registry.verify_chain().map_err(|error| error.to_string())?;
    let broken = registry.verify(None).map_err(|error| error.to_string())?.findings;
    let is_stray = model.aliases.contains_key("champion") && !model.by_alias() && model.champion().is_none();
    let expected: &[&str] = if model.disagrees(None) || is_stray { &["champion_not_in_production"] } else { &[] };
    let found: Vec<&str> = broken.iter().map(|finding| finding.problem.as_str()).collect();
    if found == expected { Ok(()) } else { Err(format!("{broken:?} instead of {expected:?}")) }
}

/// One step that a seed leads to, which is all that a failure needs to tell.
fn random_step(random: &mut SplitMix64) -> Step {
    let version = u32::try_from(random.below(5)).expect("small") + 1;
    let coin = random.below(2) == 0;
    let stage = [Stage::None, Stage::Staging, Stage::Staging, Stage::Production][random.below(4)];
    match random.below(21) {
        0..=3 => Step::Register(stage),
        4..=7 => Step::Promote {
            version,
            to: if random.below(4) == 0 { Stage::Staging } else { Stage::Production },
            passes: random.below(5) > 0,
            force: coin,
        },
        8 | 9 => Step::Plan(version),
        10 | 11 => Step::ApplyKept,
        12 | 13 => Step::Rollback,
        14 | 15 => Step::RollbackTo { version, reason: coin },
        16 => Step::Archive(version),
        17 => {
            if coin {
                Step::ArchiveOlder
            } else {
                Step::Alias { version, set: random.below(3) > 0 }
            }
        }
        20 => Step::ForeignAlias(version),
        18 => Step::ForeignMove { version, to: if coin { Stage::Archived } else { stage } },
        _ => {
            if random.below(3) == 0 {
                Step::ForeignDelete(version)
            } else {
                Step::Alias { version, set: true }
            }
        }
    }
}

/// Leaves out steps as long as the failure stays.
fn shortest(mut steps: Vec<Step>) -> Vec<Step> {
    let mut at = 0;
    while at < steps.len() {
        let mut fewer = steps.clone();
        fewer.remove(at);
        if run(&fewer).is_err() { steps = fewer } else { at += 1 }
    }
    steps
}

#[test]
fn random_sequences_end_where_the_model_says() {
    let sequences = if support::full() { 10_000 } else { 300 };
    for seed in 0..sequences {
        let mut random = SplitMix64::new(seed);
        let steps: Vec<Step> = (0..12).map(|_| random_step(&mut random)).collect();
        if run(&steps).is_err() {
            let steps = shortest(steps);
            panic!("seed {seed}: {:?}\n{steps:#?}", run(&steps));
        }
    }
    eprintln!("{sequences} sequences of 12 steps");
}

/// A step that somebody takes in a registry that knows aliases alone.
fn alias_step(random: &mut SplitMix64) -> Step {
    match random_step(random) {
        // That another version was archived once is no stage that tells what serves.
        step @ Step::ForeignMove { to: Stage::Archived, .. } => step,
        Step::ForeignMove { version, .. } => Step::ForeignAlias(version),
        Step::ArchiveOlder => Step::Rollback,
        step => step,
    }
}

#[test]
fn where_aliases_alone_tell_what_serves_nothing_gets_a_stage_and_rollback_returns() {
    let sequences = if support::full() { 10_000 } else { 200 };
    for seed in 0..sequences {
        let mut random = SplitMix64::new(seed);
        // Somebody's client has pointed the alias at the first version.
        let steps: Vec<Step> = [Step::ForeignAlias(1)].into_iter().chain((0..14).map(|_| alias_step(&mut random))).collect();
        if let Err(wrong) = run(&steps) {
            let steps = shortest(steps);
            panic!("seed {seed}: {wrong}: {:?}\n{steps:#?}", run(&steps));
        }
    }
    eprintln!("{sequences} histories of 15 steps");
}
