//! The registry: whether it answers, and whether what must always hold does.
//!
//! Everything here goes through [`Registry`], so a registry on a server is checked the same way; what only an embedded
//! one has ([`EmbeddedRegistry::condition`]) is added to it.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::runner::Family;
use super::{CheckOutcome, Finding, look};
use crate::api::CheckState as State;
use crate::audit::Record;
use crate::base::number::{counted, plural};
use crate::base::{Hint, commands};
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{
    CHAMPION, ModelSummary, ModelVersion, Policy, Serving, ServingBy, ServingRule, Stage, Standing, VerificationFinding,
};
use crate::ops::gates::idle_rules;
use crate::registry::embedded::{Condition, EmbeddedLocation, EmbeddedRegistry};
use crate::registry::{AuditLog, ModelStore, Promotion, Registry};

const IDS: &[&str] = &["registry_reachable", "one_production", "champion_alias", "audit_chain", "clock_skew", "policy_rules"];
const EMBEDDED_IDS: &[&str] = &["registry_version", "registry_permissions", "locks", "unreferenced_artifacts"];
const DIGEST_IDS: &[&str] = &["digests"];

/// How long files of a server are looked at; all checks have five seconds.
const ENOUGH: Duration = Duration::from_millis(2500);

/// Further ahead than this a record of the log was written by another clock.
const SKEW_MS: i64 = 60_000;

/// Opens the registry, in the thread that looks at it.
pub type Open = Box<dyn Fn() -> Result<Registry> + Send>;

/// The families of one registry: what every registry answers, what takes long, and what an embedded one has.
///
/// `policy` is the one that the settings name, where it can be read.
pub fn families(open: Open, open_again: Open, embedded: Option<EmbeddedLocation>, policy: Option<Policy>) -> Vec<Family> {
    let shared = Family { ids: IDS, late: State::Fail, work: Box::new(move |tell| checks(open(), policy.as_ref(), tell)) };
    let digests = Family {
        ids: DIGEST_IDS,
        late: State::Warn,
        work: Box::new(move |tell| tell(look("digests", || digests(open_again()?.promotion()?)))),
    };
    let own = embedded.map(|place| Family {
        ids: EMBEDDED_IDS,
        late: State::Fail,
        // One that cannot be opened is told as not reachable.
        work: Box::new(move |tell| {
            if let Ok(registry) = EmbeddedRegistry::open(&place) {
                embedded_checks(&registry, tell);
            }
        }),
    });
    [Some(shared), own, Some(digests)].into_iter().flatten().collect()
}

fn checks(registry: Result<Registry>, policy: Option<&Policy>, tell: &dyn Fn(Finding)) {
    let registry = match registry {
        Ok(registry) => registry,
        Err(error) => return tell(look("registry_reachable", || Err(error))),
    };
    let store = registry.store();
    let mut models = Vec::new();
    let reachable = look("registry_reachable", || {
        models = store.list()?;
        Ok(reachable(store, &models))
    });
    let answered = reachable.state != State::Fail;
    tell(reachable);
    if answered {
        let versions = store.all_versions();
        let known = |look: &dyn Fn(&[ModelVersion]) -> CheckOutcome| match &versions {
            Ok(versions) => Ok(look(versions)),
            Err(error) => Err(Error::new(error.kind(), error.to_string())),
        };
        let rule = store.serving_rule();
        let empty: Vec<&str> = models.iter().filter(|model| model.version_count == 0).map(|model| model.name.as_str()).collect();
        tell(look("one_production", || known(&|versions| one_production(versions, &rule, &empty))));
        let taken = versions.as_ref().map(|versions| taken_away(&registry, versions, &rule)).unwrap_or_default();
        let lost: Vec<(String, String)> = models.into_iter().filter_map(|model| Some((model.name, model.serving.lost_alias()?))).collect();
        tell(look("champion_alias", || known(&|versions| champion_alias(versions, &rule, &lost, &taken))));
        tell(look("audit_chain", || registry.audit_log().and_then(audit_chain)));
        tell(look("clock_skew", || clock_skew(store)));
        tell(look("policy_rules", || policy.map_or_else(|| Ok(no_rules()), |policy| policy_rules(store, policy))));
    }
}

fn no_rules() -> CheckOutcome {
    CheckOutcome::skipped("no policy is named that can be read")
}

/// A rule whose name is misspelt lets pass what it was written against.
fn policy_rules(registry: &dyn ModelStore, policy: &Policy) -> Result<CheckOutcome> {
    Ok(match idle_rules(registry, policy)?.as_slice() {
        [] => CheckOutcome::pass("every rule of the policy names a model that there is"),
        idle => CheckOutcome::new(State::Warn, idle.join("; ")).remedy((
            "correct the name in the policy (`",
            commands::models_list(),
            "` shows those that there are), or leave the rule for a model that comes later",
        )),
    })
}

fn reachable(registry: &dyn ModelStore, models: &[ModelSummary]) -> CheckOutcome {
    let serving = models.iter().filter(|model| model.serves.is_some()).count();
    match models.len() {
        0 => CheckOutcome::pass(format!("{} has no models yet", registry.location())).remedy((
            "`",
            commands::train_on("FILE"),
            "` makes the first ones",
        )),
        count => CheckOutcome::pass(format!(
            "{} answers: {}, {serving} with a version that serves",
            registry.location(),
            counted(count, "model")
        )),
    }
}

/// The versions of each model.
fn of_each<'a>(versions: &'a [ModelVersion], rule: &ServingRule) -> impl Iterator<Item = (&'a str, Serving)> {
    let models = versions.chunk_by(|one, other| one.name == other.name);
    models.filter_map(|of_one| Some((of_one.first()?.name.as_str(), rule.serving(of_one))))
}

/// One check of all models: what is wrong with each, and what to type for each.
fn of_all(faults: Vec<(String, Hint)>) -> Option<CheckOutcome> {
    let evidence: Vec<&str> = faults.iter().map(|(fault, _)| fault.as_str()).collect();
    let outcome = CheckOutcome::new(State::Fail, evidence.join("; ")).meaning(ErrorKind::InvariantBroken);
    let remedy = faults.iter().map(|(_, remedy)| remedy.clone()).reduce(|all, one| all.and("; ").and(one))?;
    Some(outcome.remedy(remedy))
}

/// The models of which another tool took the alias away that hivectl gave to the version in Production.
fn taken_away(registry: &Registry, versions: &[ModelVersion], rule: &ServingRule) -> Vec<(String, Hint)> {
    let records = registry.audit_log().and_then(|log| log.records(None)).unwrap_or_default();
    let records: Vec<Record> = records.iter().filter_map(|link| link.record().ok()).collect();
    let of_model = |(name, serving): (&str, Serving)| {
        let fault = serving.alias_taken_away(records.iter().filter(|record| record.model == name))?;
        let again = commands::models_alias_set_confirmed(name, &rule.alias, serving.production?);
        Some((format!("{name}: {fault}"), Hint::from(("`", again, "` gives it back"))))
    };
    of_each(versions, rule).filter_map(of_model).collect()
}

/// `empty` are models without any version.
fn one_production(versions: &[ModelVersion], rule: &ServingRule, empty: &[&str]) -> CheckOutcome {
    let several = of_each(versions, rule).filter_map(|(name, serving)| {
        let (fault, kept) = serving.several_in_production().zip(serving.production)?;
        Some((format!("{name}: {fault}"), keep_one_in_production(name, &serving, kept)))
    });
    if let Some(outcome) = of_all(several.collect()) {
        return outcome;
    }
    let without: Vec<&str> = of_each(versions, rule).filter(|(_, serving)| serving.by().is_none()).map(|(name, _)| name).collect();
    let by_alias = of_each(versions, rule).filter(|(_, serving)| serving.by() == Some(ServingBy::Alias)).count();
    let remedy = |name: &str| ("`", commands::models_promote_dry_run(format!("{name}@latest")), "` shows what would");
    match without.as_slice() {
        [] if !empty.is_empty() => CheckOutcome::new(State::Warn, format!("without any version: {}", empty.join(", "))).remedy((
            "`",
            commands::train_on("FILE"),
            "` or a registration makes one; a name that nobody wants is deleted with MLflow",
        )),
        [] if versions.is_empty() => CheckOutcome::pass("there are no models yet"),
        [] if by_alias > 0 => CheckOutcome::pass(format!(
            "of every model one version serves; of {} by the alias {} alone",
            counted(by_alias, "model"),
            rule.alias
        )),
        [] => CheckOutcome::pass("every model has exactly one version in Production"),
        [name, ..] => {
            let all: Vec<&str> = without.iter().chain(empty).copied().collect();
            CheckOutcome::new(State::Warn, format!("no version serves: {}", all.join(", "))).remedy(remedy(name))
        }
    }
}

/// What leaves the version in Production that serves, and takes the others out.
fn keep_one_in_production(name: &str, serving: &Serving, kept: u32) -> Hint {
    let why = match serving.aliased == Some(kept) {
        true => format!("which the alias {} names", serving.alias),
        false => "the newest, which services use".to_owned(),
    };
    let others = serving.several.iter().filter(|other| **other != kept).enumerate();
    others.fold(Hint::from(format!("to keep {name}@{kept}, {why}: ")), |hint, (index, other)| {
        hint.and((if index == 0 { "`" } else { ", then `" }, commands::models_archive_confirmed(format!("{name}@{other}")), "`"))
    })
}

/// Where what is set to decide names no version and the other pointer does.
fn other_pointer(versions: &[ModelVersion], rule: &ServingRule) -> Option<CheckOutcome> {
    let (set, other) = match rule.by? {
        ServingBy::Stage => ("stage", ServingBy::Alias),
        ServingBy::Alias => ("alias", ServingBy::Stage),
        ServingBy::Both => return None,
    };
    let served: Vec<String> = of_each(versions, rule)
        .filter(|(_, serving)| serving.by() == Some(other))
        .map(|(name, serving)| format!("{name} {serving}"))
        .collect();
    (!served.is_empty()).then(|| {
        CheckOutcome::new(State::Warn, format!("'serving' is set to '{set}', and there serves {}", served.join(", "))).remedy((
            "`",
            commands::models_migrate_dry_run("both"),
            "` shows what would let both tell it",
        ))
    })
}

/// `lost` are models of which the alias names a version that is not there, with the sentence about it; `taken` those of which
/// another tool took it away.
fn champion_alias(versions: &[ModelVersion], rule: &ServingRule, lost: &[(String, String)], taken: &[(String, Hint)]) -> CheckOutcome {
    let alias = &rule.alias;
    if let Some(outcome) = other_pointer(versions, rule) {
        return outcome;
    }
    if rule.by == Some(ServingBy::Stage) {
        return CheckOutcome::skipped("stages alone tell what serves ('serving' is set to 'stage')");
    }
    let lost = lost.iter().map(|(name, fault)| {
        let promote = commands::models_promote_dry_run(format!("{name}@latest"));
        (format!("{name}: {fault}"), Hint::from(("`", promote, "` shows what would give it to a version that is there")))
    });
    let faults = of_each(versions, rule).filter_map(|(name, serving)| {
        let (problem, aliased) = serving.disagreement().or_else(|| serving.stray_alias()).zip(serving.aliased)?;
        let keep = |version: u32| commands::models_promote_confirmed(format!("{name}@{version}"));
        let to_the_alias = ("`", keep(aliased), "` puts the version of the alias into Production");
        let remedy = match serving.production {
            // As long as several are in Production nothing else can be changed.
            Some(_) if !serving.several.is_empty() => Hint::from("once one version of it is in Production, look again"),
            Some(production) => Hint::from(("`", keep(production), "` gives the alias to the version in Production, or "))
                .and(to_the_alias)
                .and(": one of them settles it"),
            // Services that go by the alias use it now: to archive it would take it from them.
            None => Hint::from(to_the_alias),
        };
        Some((format!("{name}: {problem}"), remedy))
    });
    let broken: Vec<(String, Hint)> = faults.chain(lost).collect();
    if !broken.is_empty()
        && let Some(outcome) = of_all([broken, taken.to_vec()].concat())
    {
        return outcome;
    }
    if let Some(outcome) = of_all(taken.to_vec()) {
        return CheckOutcome { state: State::Warn, failure: None, ..outcome };
    }
    let others: BTreeSet<&str> = versions.iter().flat_map(|version| &version.aliases).map(String::as_str).collect();
    if !others.is_empty() && !others.contains(alias.as_str()) && *alias != CHAMPION {
        let there: Vec<&str> = others.into_iter().collect();
        let told = format!("no model has the alias {alias}, which 'serving_alias' is set to; there are {}", there.join(", "));
        return CheckOutcome::new(State::Warn, told).remedy("set 'serving_alias' to the alias that services go by");
    }
    let by = |wanted: ServingBy| of_each(versions, rule).filter(|(_, serving)| serving.by() == Some(wanted)).count();
    let told = match (by(ServingBy::Both), by(ServingBy::Alias)) {
        (0, 0) => return CheckOutcome::pass(format!("no model has the alias {alias}")),
        (_, 0) => format!("the alias {alias} follows Production"),
        (0, alone) => format!("the alias {alias} tells what serves of {}", counted(alone, "model")),
        (_, alone) => format!("the alias {alias} follows Production, and tells what serves of {} without stages", counted(alone, "model")),
    };
    CheckOutcome::pass(match by(ServingBy::Stage) {
        0 => told,
        staged => format!("{told}; of {} the stage alone tells it, and the alias names no version", counted(staged, "model")),
    })
}

fn audit_chain(log: &dyn AuditLog) -> Result<CheckOutcome> {
    let records = log.verify_chain()?;
    Ok(CheckOutcome::pass(format!("{}, the chain is whole", counted(records, "record"))))
}

/// The newest record against this machine's clock.
fn clock_skew(registry: &dyn ModelStore) -> Result<CheckOutcome> {
    let now = jiff::Timestamp::now().as_millisecond();
    let newest =
        registry.list()?.iter().filter_map(|model| model.latest.as_ref().map(|latest| latest.updated_at.max(latest.created_at))).max();
    Ok(match newest {
        None => CheckOutcome::skipped("the registry has no times to compare with"),
        Some(newest) if newest - now > SKEW_MS => {
            CheckOutcome::new(State::Warn, format!("the newest change is {} s in the future: two clocks differ", (newest - now) / 1000))
                .remedy("compare the clocks of this machine and of the one that changed it: `timedatectl`")
        }
        Some(_) => CheckOutcome::pass("no change lies in the future"),
    })
}

/// All files of a registry on this machine; of a server those of as many versions as there is time for, what is in
/// Production first.
fn digests(registry: &dyn Promotion) -> Result<CheckOutcome> {
    let differing = |count: usize, first: &str| {
        Err(Error::new(ErrorKind::DigestMismatch, format!("{}, the first: {first}", counted(count, "finding"))).hint((
            "`",
            commands::models_verify(),
            "` shows all of them",
        )))
    };
    if !registry.is_shared() {
        let mut found = registry.verify(None)?;
        // What serves is looked at by checks of its own.
        let of_serving = ["several_in_production", VerificationFinding::OF_SERVING];
        found.findings.retain(|finding| !of_serving.contains(&finding.problem.as_str()));
        return match found.findings.first() {
            None if found.versions == 0 => Ok(CheckOutcome::skipped("there are no files yet")),
            None if found.unrecorded.len() as u64 == u64::from(found.versions) => {
                Ok(CheckOutcome::skipped("other tools registered all versions, so there are no digests to compare with"))
            }
            None => {
                let compared = found.versions as usize - found.unrecorded.len();
                let forgotten = match found.forgotten.len() {
                    0 => String::new(),
                    some => format!("; MLflow knows the run or the logged model of {some} no more"),
                };
                let files = format!("{} of {}, as registered", counted(found.files, "file"), counted(compared, "version"));
                Ok(CheckOutcome::pass(format!("{files}{forgotten}")))
            }
            Some(first) => differing(found.findings.len(), &first.detail),
        };
    }
    let begun = Instant::now();
    let mut versions = registry.all_versions()?;
    let rule = registry.serving_rule();
    versions.sort_by_key(|version| {
        let serves = version.stage == Stage::Production || version.has_alias(&rule.alias);
        (!serves, version.stage != Stage::Staging, std::cmp::Reverse(version.updated_at))
    });
    let (mut looked, mut problems) = (0, Vec::new());
    for version in versions.iter().take_while(|_| begun.elapsed() < ENOUGH) {
        looked += 1;
        let whole = registry.file_paths(version).and_then(|paths| match paths.is_empty() {
            true => Err(version.without_files()),
            false => registry.check_files(version),
        });
        let whole = whole.and_then(|()| registry.standing(version));
        match whole {
            Ok(Standing::Marked(finding)) => problems.push(format!("{}: {}", version.id(), finding.detail)),
            Err(error) if matches!(error.kind(), ErrorKind::FileNotFound | ErrorKind::DigestMismatch | ErrorKind::BadModelFile) => {
                problems.push(error.to_string());
            }
            looked => drop(looked?),
        }
    }
    match (problems.first(), versions.len()) {
        (Some(first), _) => differing(problems.len(), first),
        (None, 0) => Ok(CheckOutcome::skipped("there are no files yet")),
        (None, all) if all == looked => Ok(CheckOutcome::pass(format!("all files of {}, as registered", counted(all, "version")))),
        (None, all) => {
            Ok(CheckOutcome::pass(format!("all files of {looked} of {}, as registered; those that serve first", counted(all, "version")))
                .remedy(("`", commands::models_verify(), "` looks at all of them")))
        }
    }
}

fn embedded_checks(registry: &EmbeddedRegistry, tell: &dyn Fn(Finding)) {
    let condition = registry.condition();
    let known = |look: fn(&Condition) -> CheckOutcome| match &condition {
        Ok(Some(condition)) => Ok(look(condition)),
        Ok(None) => Ok(CheckOutcome::skipped("there is no registry yet")),
        Err(error) => Err(Error::new(error.kind(), error.to_string())),
    };
    tell(look("registry_version", || known(version)));
    tell(look("registry_permissions", || known(permissions)));
    tell(look("locks", || known(locks)));
    tell(look("unreferenced_artifacts", || known(unreferenced)));
}

fn version(condition: &Condition) -> CheckOutcome {
    let revision = condition.revision.as_deref().unwrap_or("none");
    match &condition.obstacle {
        None if !condition.copies.is_empty() => {
            let copies: Vec<String> = condition.copies.iter().map(|copy| copy.display().to_string()).collect();
            CheckOutcome::pass(format!("MLflow schema {revision}, which hivectl writes; copies from before it did: {}", copies.join(", ")))
        }
        None => CheckOutcome::pass(format!("MLflow schema {revision}, which hivectl writes")),
        Some(obstacle) => CheckOutcome::new(State::Warn, format!("MLflow schema {revision}, which this hivectl only reads: {obstacle}"))
            .remedy(("use a newer hivectl to change it; `", commands::version(), "` tells what this one writes")),
    }
}

fn permissions(condition: &Condition) -> CheckOutcome {
    match &condition.not_writable {
        None => CheckOutcome::pass("the database and its folder can be written"),
        Some(path) => CheckOutcome::new(State::Warn, format!("{} cannot be written: this registry is read-only for you", path.display()))
            .remedy(format!("`ls -l {}` shows whose it is", path.display())),
    }
}

fn locks(condition: &Condition) -> CheckOutcome {
    let holders: Vec<String> =
        condition.holders.iter().map(|holder| format!("process {} on {} since {}", holder.process_id, holder.host, holder.since)).collect();
    match (condition.locked, holders.as_slice()) {
        (false, []) => CheckOutcome::pass("nobody is changing the registry"),
        (false, holders) => CheckOutcome::new(State::Warn, format!("registrations that were begun and not ended: {}", holders.join(", ")))
            .remedy("wait for them; those of dead processes are taken back by the next change"),
        (true, []) => CheckOutcome::new(State::Warn, "another process is writing the registry now")
            .remedy("wait, or repeat with a longer `--lock-timeout`"),
        (true, holders) => CheckOutcome::new(State::Warn, format!("the registry is being changed: {}", holders.join(", ")))
            .remedy("wait, or repeat with a longer `--lock-timeout`"),
    }
}

fn unreferenced(condition: &Condition) -> CheckOutcome {
    match condition.unreferenced.as_slice() {
        [] => CheckOutcome::pass("every folder of files belongs to a version"),
        [first, ..] => CheckOutcome::new(
            State::Warn,
            format!(
                "{} {} to no version, such as {}",
                counted(condition.unreferenced.len(), "folder"),
                plural(condition.unreferenced.len(), "belongs", "belong"),
                first.display()
            ),
        )
        .remedy("they are models that were logged and not registered; `mlflow ui` shows them"),
    }
}
