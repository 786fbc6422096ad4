//! What serves by an alias alone, by both, and where stage and alias disagree.

use std::path::Path;

use hivectl::audit::Action;
use hivectl::error::ErrorKind;
use hivectl::lifecycle::{Approval, Archival, PlanRequest, Planned, Pointer, ServingBy, ServingRule, Stage, planning};
use hivectl::registry::embedded::EmbeddedRegistry;
use hivectl::registry::{Annotations, AuditLog, ModelStore, Promotion, Registration};

use crate::support::{NAME, add, database, new_version, place, planned, promote, promotion, registry, request, rollback, somebody};

/// As a client of MLflow does it: no record, no check of what was there.
fn point(folder: &Path, alias: &str, version: u32) {
    let sql = "INSERT OR REPLACE INTO registered_model_aliases (alias, version, name) VALUES (?1, ?2, ?3)";
    database(folder).execute(sql, rusqlite::params![alias, version, NAME]).expect("set");
}

/// Three versions in no stage; `champion` names 2 and `challenger` names 3.
fn alias_only(folder: &Path) -> EmbeddedRegistry {
    let registry = registry(folder);
    for _ in 0..3 {
        add(&registry, NAME, Stage::None);
    }
    point(folder, "champion", 2);
    point(folder, "challenger", 3);
    registry
}

fn alias(registry: &EmbeddedRegistry, alias: &str) -> Option<u32> {
    let versions = registry.versions(NAME).expect("read");
    versions.iter().find(|version| version.aliases.iter().any(|known| known == alias)).map(|version| version.version)
}

fn no_stages(registry: &EmbeddedRegistry) {
    assert!(registry.versions(NAME).expect("read").iter().all(|version| version.stage == Stage::None));
}

fn by(folder: &Path, by: ServingBy) -> EmbeddedRegistry {
    let rule = ServingRule { by: Some(by), ..ServingRule::default() };
    EmbeddedRegistry::open(&place(folder)).expect("opened").on_behalf_of(somebody()).with_serving_rule(rule)
}

#[test]
fn an_alias_moves_alone_its_predecessor_is_known_and_no_stage_is_given() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = alias_only(folder.path());
    assert_eq!(registry.list().expect("listed")[0].serving.to_string(), "@2 by alias champion");
    assert_eq!(registry.verify(None).expect("verified").findings, []);
    let plan = promotion(&registry, NAME, 3);
    assert_eq!((plan.champion, plan.to_stage, plan.archives.len()), (Some(2), Stage::None, 0));
    let changed = registry.apply(&Approval::ConfirmFlag.given(plan)).expect("applied");
    assert_eq!((changed.previous_champion, changed.to_stage, changed.changed), (Some(2), Stage::None, true));
    assert_eq!(changed.pointer, Pointer::Alias { alias: "champion".into(), serves: true });
    assert_eq!(alias(&registry, "champion"), Some(3));
    let changed = rollback(&registry, NAME, None, None).expect("the predecessor is recorded");
    assert_eq!((changed.version, alias(&registry, "champion")), (2, Some(2)));
    no_stages(&registry);
    let history = registry.history(NAME).expect("history");
    let told: Vec<(&str, Option<u32>, Option<u32>)> =
        history.iter().take(2).map(|entry| (entry.event.as_str(), entry.previous_champion, entry.champion)).collect();
    assert_eq!(told, [("rollback", Some(3), Some(2)), ("promote", Some(2), Some(3))]);
    assert!(history.iter().take(2).all(|entry| entry.alias.as_deref() == Some("champion")));
    let registered: Vec<u32> = history.iter().filter(|entry| entry.event == "register").filter_map(|entry| entry.version).collect();
    assert_eq!(registered, [3, 2, 1]);
    let records = registry.records(Some(NAME)).expect("records");
    let last = records.last().expect("one").record().expect("read");
    assert_eq!((last.action, last.before.aliases["champion"], last.after.aliases["champion"]), (Action::Rollback, Some(3), Some(2)));
    assert!(last.sentence().contains("the alias champion went from version 3 to version 2"), "{}", last.sentence());
    registry.verify_chain().expect("whole");
}

#[test]
fn staging_is_the_challenger_and_archive_takes_the_alias_away() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = alias_only(folder.path());
    let observed = registry.observe(NAME).expect("observed");
    let serves = planning::promote(&observed, 2, Stage::Staging, request()).expect_err("it serves");
    assert_eq!(serves.kind(), ErrorKind::Usage);
    let plan = planned(planning::promote(&observed, 1, Stage::Staging, request()).expect("planned"));
    registry.apply(&Approval::Yes.given(plan)).expect("applied");
    assert_eq!((alias(&registry, "challenger"), alias(&registry, "champion")), (Some(1), Some(2)));
    let archival = |version| Archival { model: NAME.into(), version, from_stage: Stage::None, reason: None };
    let unused = registry.archive(&Approval::Typed.given(archival(3))).expect("nothing to do");
    assert!(!unused.changed);
    registry.archive(&Approval::Typed.given(archival(2))).expect("archived");
    assert_eq!((alias(&registry, "challenger"), alias(&registry, "champion")), (Some(1), None));
    no_stages(&registry);
    // What told last what serves goes on telling it.
    assert_eq!(rollback(&registry, NAME, None, None).expect("back").version, 2);
    assert_eq!(alias(&registry, "champion"), Some(2));
    no_stages(&registry);
}

#[test]
fn what_is_registered_where_aliases_tell_gets_an_alias() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = alias_only(folder.path());
    let register = |name: &str, stage: Stage, expected_champion: Option<u32>| {
        registry.register(hivectl::registry::NewVersion { stage, expected_champion, ..new_version(name) })
    };
    assert_eq!(register(NAME, Stage::Staging, None).expect("registered").aliases, ["challenger"]);
    assert_eq!(register(NAME, Stage::Production, None).expect_err("another serves").kind(), ErrorKind::Conflict);
    let version = register(NAME, Stage::Production, Some(2)).expect("registered");
    assert_eq!((version.version, version.stage, version.aliases), (5, Stage::None, vec!["champion".to_owned()]));
    assert_eq!(rollback(&registry, NAME, None, None).expect("back").version, 2);
    no_stages(&registry);
    // Also the first version of a model of its own.
    let other = register("other", Stage::Production, None).expect("registered");
    assert_eq!((other.stage, other.aliases), (Stage::None, vec!["champion".to_owned()]));
}

/// As another tool does it.
fn stage(folder: &Path, version: u32, stage: Stage) {
    let sql = "UPDATE model_versions SET current_stage = ?2 WHERE version = ?1";
    database(folder).execute(sql, rusqlite::params![version, stage.as_str()]).expect("moved");
}

#[test]
fn a_champion_by_alias_counts_beside_an_archived_version() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = alias_only(folder.path());
    stage(folder.path(), 1, Stage::Archived);
    assert_eq!(registry.verify(None).expect("verified").findings, []);
    let unseen = hivectl::registry::NewVersion { stage: Stage::Production, expected_champion: None, ..new_version(NAME) };
    assert_eq!(registry.register(unseen).expect_err("2 serves").kind(), ErrorKind::Conflict);
    let plan = promotion(&registry, NAME, 3);
    assert_eq!((plan.champion, &plan.pointer), (Some(2), &Pointer::Alias { alias: "champion".into(), serves: true }));
    registry.apply(&Approval::ConfirmFlag.given(plan)).expect("applied");
    assert_eq!(rollback(&registry, NAME, None, None).expect("back").version, 2);
    let stages: Vec<Stage> = registry.versions(NAME).expect("read").iter().map(|version| version.stage).collect();
    assert_eq!(stages, [Stage::None, Stage::None, Stage::Archived]);
    // An alias that was left at an archived version is another thing: its stage says that it is out of service.
    stage(folder.path(), 2, Stage::Archived);
    assert_eq!(promotion(&registry, NAME, 3).champion, None);
    assert_eq!(registry.verify(None).expect("verified").findings.len(), 1);
}

#[test]
fn a_registry_with_stages_alone_keeps_to_stages() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = registry(folder.path());
    for _ in 0..3 {
        add(&registry, NAME, Stage::None);
    }
    stage(folder.path(), 1, Stage::Production);
    let plan = promotion(&registry, NAME, 2);
    assert_eq!((plan.champion, &plan.pointer, plan.archives.as_slice()), (Some(1), &Pointer::Stage, [1].as_slice()));
    registry.apply(&Approval::ConfirmFlag.given(plan)).expect("applied");
    assert_eq!(alias(&registry, "champion"), None);
    assert_eq!(rollback(&registry, NAME, None, None).expect("back").version, 1);
    // Also a model of its own goes the registry's way.
    let new = hivectl::registry::NewVersion { stage: Stage::Production, ..new_version("other") };
    let other = registry.register(new).expect("registered");
    assert_eq!((other.stage, other.aliases.len(), alias(&registry, "champion")), (Stage::Production, 0, None));
}

#[test]
fn of_two_in_production_the_one_with_the_alias_is_kept_by_whatever_decides() {
    for decided in [None, Some(ServingBy::Alias), Some(ServingBy::Both)] {
        let folder = tempfile::tempdir().expect("temporary folder");
        let registry = alias_only(folder.path());
        database(folder.path()).execute("DROP INDEX IF EXISTS hivectl_one_production", []).expect("dropped");
        stage(folder.path(), 2, Stage::Production);
        stage(folder.path(), 3, Stage::Production);
        let registry = registry.with_serving_rule(ServingRule { by: decided, ..ServingRule::default() });
        let listed = registry.list().expect("listed").remove(0);
        assert_eq!((listed.serving.version(), listed.serving.faults().len()), (Some(2), 1), "{decided:?}");
        let archival = Archival { model: NAME.into(), version: 3, from_stage: Stage::Production, reason: None };
        registry.archive(&Approval::Typed.given(archival)).expect("repaired");
        assert_eq!(registry.observe(NAME).expect("observed").serving().version(), Some(2), "{decided:?}");
        assert_eq!((alias(&registry, "champion"), registry.verify(None).expect("verified").findings), (Some(2), vec![]), "{decided:?}");
    }
}

#[test]
fn an_alias_that_names_no_version_is_told() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = alias_only(folder.path());
    point(folder.path(), "champion", 9);
    let listed = registry.list().expect("listed").remove(0);
    let shown = registry.serving(NAME, &registry.versions(NAME).expect("read")).expect("read");
    assert_eq!((listed.serving.lost, shown.lost, listed.serving.version()), (Some(9), Some(9), None));
    assert!(shown.faults()[0].contains("names version 9, which is not there"), "{:?}", shown.faults());
}

#[test]
fn a_registry_in_which_nothing_serves_is_given_both() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = registry(folder.path());
    add(&registry, NAME, Stage::None);
    promote(&registry, NAME, 1);
    let version = registry.version(NAME, 1).expect("read").expect("there");
    assert_eq!((version.stage, version.aliases), (Stage::Production, vec!["champion".to_owned()]));
}

#[test]
fn stage_and_alias_that_disagree_stop_every_change_but_the_two_that_settle_it() {
    for keep in [1, 3] {
        let folder = tempfile::tempdir().expect("temporary folder");
        let registry = registry(folder.path());
        for _ in 0..3 {
            add(&registry, NAME, Stage::None);
        }
        promote(&registry, NAME, 1);
        point(folder.path(), "champion", 3);
        let observed = registry.observe(NAME).expect("observed");
        let refused = planning::promote(&observed, 2, Stage::Production, request()).expect_err("two");
        assert_eq!((refused.kind(), refused.kind().exit_code()), (ErrorKind::InvariantBroken, 13));
        assert!(refused.message().contains("Production @1, champion @3: they disagree"), "{refused}");
        for version in [1, 3] {
            let command = format!("hivectl ml models promote {NAME}@{version} --confirm {NAME}@{version}");
            assert!(refused.hints().iter().any(|hint| hint.to_string().contains(&command)), "{refused}");
        }
        assert_eq!(planning::rollback(&observed, None, request()).expect_err("two").kind(), ErrorKind::InvariantBroken);
        let archival = Archival { model: NAME.into(), version: 1, from_stage: Stage::Production, reason: None };
        assert_eq!(registry.archive(&Approval::Typed.given(archival)).expect_err("two").kind(), ErrorKind::InvariantBroken);
        assert_eq!(registry.verify(None).expect("verified").findings.len(), 1);
        // Whichever is kept, others get it who had the other one: its gate is asked.
        let not_judged = PlanRequest { gate: None, ..request() };
        let refused = planning::promote(&observed, keep, Stage::Production, not_judged).expect_err("not judged");
        assert_eq!(refused.kind(), ErrorKind::GateFailed);
        let plan = planned(planning::promote(&observed, keep, Stage::Production, request()).expect("settles"));
        let former = 4 - keep;
        let changed = registry.apply(&Approval::ConfirmFlag.given(plan)).expect("applied");
        assert_eq!(changed.previous_champion, Some(former));
        let back = planned(planning::rollback(&registry.observe(NAME).expect("observed"), None, request()).expect("planned"));
        assert_eq!(back.version, former);
        let version = registry.version(NAME, keep).expect("read").expect("there");
        assert_eq!((version.stage, version.aliases), (Stage::Production, vec!["champion".to_owned()]));
        assert_eq!(registry.verify(None).expect("verified").findings, []);
    }
}

#[test]
fn a_setting_decides_between_stage_and_alias() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let observing = registry(folder.path());
    for _ in 0..3 {
        add(&observing, NAME, Stage::None);
    }
    promote(&observing, NAME, 1);
    point(folder.path(), "champion", 3);
    let by_stage = by(folder.path(), ServingBy::Stage);
    promote(&by_stage, NAME, 2);
    assert_eq!((by_stage.observe(NAME).expect("observed").serving().version(), alias(&by_stage, "champion")), (Some(2), Some(3)));
    by_stage.set_alias(NAME, "champion", Some(1), None).expect("an alias like any other");
    let by_alias = by(folder.path(), ServingBy::Alias);
    assert_eq!(by_alias.set_alias(NAME, "champion", Some(2), None).expect_err("it tells what serves").kind(), ErrorKind::Usage);
    promote(&by_alias, NAME, 3);
    let stages: Vec<Stage> = by_alias.versions(NAME).expect("read").iter().map(|version| version.stage).collect();
    assert_eq!((alias(&by_alias, "champion"), stages), (Some(3), vec![Stage::None, Stage::Production, Stage::Archived]));
    let by_both = by(folder.path(), ServingBy::Both);
    let refused = planning::promote(&by_both.observe(NAME).expect("observed"), 1, Stage::Production, request());
    assert_eq!(refused.expect_err("both must agree").kind(), ErrorKind::InvariantBroken);
}

#[test]
fn an_alias_of_another_name_serves_where_it_is_set() {
    let folder = tempfile::tempdir().expect("temporary folder");
    drop(alias_only(folder.path()));
    point(folder.path(), "live", 1);
    let rule = ServingRule { alias: "live".into(), ..ServingRule::default() };
    let registry = EmbeddedRegistry::open(&place(folder.path())).expect("opened").with_serving_rule(rule);
    let changed = promote(&registry, NAME, 3);
    assert_eq!((changed.previous_champion, alias(&registry, "live"), alias(&registry, "champion")), (Some(1), Some(3), Some(2)));
    registry.set_alias(NAME, "champion", None, None).expect("an alias like any other");
}

#[test]
fn a_plan_for_an_alias_is_stale_once_another_tool_has_moved_it() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = alias_only(folder.path());
    let plan = promotion(&registry, NAME, 3);
    let text = plan.to_file().expect("written");
    point(folder.path(), "champion", 1);
    let plan = hivectl::lifecycle::Plan::from_file("p", &text).expect("read");
    assert_eq!(registry.apply(&Approval::PlanFile.given(plan)).expect_err("overtaken").kind(), ErrorKind::Conflict);
    let expecting = PlanRequest { expected_champion: Some(Some(2)), ..request() };
    let observed = registry.observe(NAME).expect("observed");
    assert_eq!(planning::promote(&observed, 3, Stage::Production, expecting).expect_err("moved").kind(), ErrorKind::Conflict);
    let again = planning::promote(&observed, 1, Stage::Production, request()).expect("planned");
    assert!(matches!(again, Planned::AlreadySo(changed) if !changed.changed));
}
