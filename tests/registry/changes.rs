//! Promoting, rolling back, archiving, naming: what each change does, refuses and records.

use std::collections::{BTreeMap, BTreeSet};

use hivectl::audit::{Action, Phase, Success};
use hivectl::error::ErrorKind;
use hivectl::lifecycle::{Approval, Approved, Archival, Plan, PlanRequest, Planned, ServingBy, ServingRule, Stage, planning};
use hivectl::registry::{Annotations, AuditLog, ModelStore, Promotion, Registration};

use crate::support::{self, NAME, add, database, gate, new_version, planned, production, promote, promotion, registry, request, rollback};

fn approved(plan: Plan) -> Approved<Plan> {
    Approval::PlanFile.given(plan)
}

#[test]
fn a_promotion_archives_the_former_version_moves_the_alias_and_leaves_staging_alone() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = registry(folder.path());
    let staging = add(&registry, NAME, Stage::Staging);
    let first = add(&registry, NAME, Stage::None);
    let second = add(&registry, NAME, Stage::None);
    let changed = promote(&registry, NAME, first);
    assert_eq!((changed.previous_champion, changed.archived.as_slice(), changed.from_stage), (None, &[][..], Stage::None));
    let changed = promote(&registry, NAME, second);
    assert_eq!((changed.previous_champion, changed.archived.as_slice(), changed.to_stage), (Some(first), &[first][..], Stage::Production));
    assert!(changed.changed && changed.audit_id.is_some() && changed.plan_digest.is_some());
    let stage = |number| registry.version(NAME, number).expect("read").expect("there").stage;
    assert_eq!((stage(staging), stage(first), stage(second)), (Stage::Staging, Stage::Archived, Stage::Production));
    assert_eq!(registry.version(NAME, second).expect("read").expect("there").aliases, ["champion"]);
    assert_eq!(registry.version(NAME, first).expect("read").expect("there").aliases, [""; 0]);
    let again = planning::promote(&registry.observe(NAME).expect("observed"), second, Stage::Production, request()).expect("planned");
    assert!(matches!(again, Planned::AlreadySo(changed) if !changed.changed && changed.version == second));
}

#[test]
fn a_version_in_production_without_an_alias_gets_one_where_both_are_wanted() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = registry(folder.path());
    add(&registry, NAME, Stage::Production);
    database(folder.path()).execute("DELETE FROM registered_model_aliases", []).expect("removed");
    let again = planning::promote(&registry.observe(NAME).expect("observed"), 1, Stage::Production, request()).expect("planned");
    assert!(matches!(again, Planned::AlreadySo(_)), "a stage alone is what tells so: {again:?}");
    let both = registry.with_serving_rule(ServingRule { by: Some(ServingBy::Both), ..ServingRule::default() });
    promote(&both, NAME, 1);
    assert_eq!(both.version(NAME, 1).expect("read").expect("there").aliases, ["champion"]);
    assert_eq!(production(&both, NAME), Some(1));
}

#[test]
fn the_gate_decides_and_force_needs_a_reason_and_stays_marked() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = registry(folder.path());
    add(&registry, NAME, Stage::None);
    let observed = registry.observe(NAME).expect("observed");
    let plan = |gate: Option<bool>, force: bool, reason: Option<&str>| {
        let request = PlanRequest { gate: gate.map(support::gate), force, reason: reason.map(str::to_owned), ..request() };
        planning::promote(&observed, 1, Stage::Production, request)
    };
    let refused = plan(Some(false), false, None).expect_err("gate");
    assert_eq!(refused.kind(), ErrorKind::GateFailed);
    assert!(refused.to_string().contains("mae_pct is 20.0000, required < 15"), "{refused}");
    assert_eq!(plan(None, false, None).expect_err("no gate is no pass").kind(), ErrorKind::GateFailed);
    assert_eq!(plan(Some(false), true, None).expect_err("no reason").kind(), ErrorKind::Usage);
    assert_eq!(plan(Some(false), true, Some("  ")).expect_err("an empty reason").kind(), ErrorKind::Usage);
    assert!(!planned(plan(Some(true), true, Some("to be sure")).expect("passes")).forced, "force on a pass changes nothing");
    let forced = planned(plan(Some(false), true, Some("the fleet is down")).expect("forced"));
    assert!(forced.forced);
    registry.apply(&approved(forced)).expect("applied");
    let version = registry.version(NAME, 1).expect("read").expect("there");
    assert_eq!(version.tags.get("hivectl.forced").map(String::as_str), Some("the fleet is down"));
    assert!(registry.history(NAME).expect("history")[0].forced);
}

#[test]
fn a_plan_is_applied_once_and_only_where_and_while_what_it_saw_still_is() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let here = registry(&folder.path().join("here"));
    let mut there = registry(&folder.path().join("there"));
    for registry in [&here, &mut there] {
        add(registry, NAME, Stage::Production);
        add(registry, NAME, Stage::Staging);
        add(registry, NAME, Stage::Staging);
    }
    let plan = promotion(&here, NAME, 2);
    let foreign = there.apply(&approved(plan.clone())).expect_err("foreign");
    assert_eq!(foreign.kind(), ErrorKind::Conflict);
    assert!(foreign.to_string().contains("another registry"), "{foreign}");

    // Neither another model nor a new version of this one spoils it.
    add(&here, "other", Stage::Production);
    add(&here, NAME, Stage::Staging);
    assert!(here.apply(&approved(plan.clone())).expect("applied").changed);
    let records = here.verify_chain().expect("whole");
    assert!(!here.apply(&approved(plan.clone())).expect("a second run finds it done").changed);
    assert_eq!(here.verify_chain().expect("whole"), records, "a second run records nothing");

    let stale = promotion(&here, NAME, 3);
    promote(&here, NAME, 4);
    let refused = here.apply(&approved(stale.clone())).expect_err("overtaken");
    assert_eq!(refused.kind(), ErrorKind::Conflict);
    assert!(refused.to_string().contains("ada@here") && refused.to_string().contains("from version 2 to version 4"), "{refused}");
    assert_eq!(here.apply(&approved(plan)).expect_err("applied long ago, and moved since").kind(), ErrorKind::Conflict);

    // There and back again is not as if nothing had happened.
    let before = promotion(&here, NAME, 3);
    promote(&here, NAME, 1);
    rollback(&here, NAME, None, None).expect("back");
    assert_eq!(production(&here, NAME), Some(4));
    assert_eq!(here.apply(&approved(before)).expect_err("moved and moved back").kind(), ErrorKind::Conflict);

    let mut expired = promotion(&here, NAME, 3);
    expired.expires_at.clone_from(&expired.created_at);
    let refused = here.apply(&approved(expired)).expect_err("expired");
    assert!(refused.to_string().contains("expired at") && refused.kind() == ErrorKind::Conflict, "{refused}");
    assert_eq!(production(&here, NAME), Some(4));
}

#[test]
fn a_stated_premise_that_does_not_hold_is_a_conflict() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = registry(folder.path());
    add(&registry, NAME, Stage::Production);
    add(&registry, NAME, Stage::Staging);
    let observed = registry.observe(NAME).expect("observed");
    let expecting =
        |champion| planning::promote(&observed, 2, Stage::Production, PlanRequest { expected_champion: Some(champion), ..request() });
    assert_eq!(expecting(None).expect_err("one is there").kind(), ErrorKind::Conflict);
    assert_eq!(expecting(Some(2)).expect_err("another is there").kind(), ErrorKind::Conflict);
    assert!(expecting(Some(1)).is_ok());
}

#[test]
fn what_cannot_be_promoted_has_its_answer() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = registry(folder.path());
    assert_eq!(registry.observe(NAME).expect_err("no model").kind(), ErrorKind::ModelNotFound);
    add(&registry, NAME, Stage::Production);
    add(&registry, NAME, Stage::None);
    add(&registry, NAME, Stage::None);
    database(folder.path()).execute("UPDATE model_versions SET current_stage = 'Deleted_Internal' WHERE version = 2", []).expect("deleted");
    let observed = registry.observe(NAME).expect("observed");
    let promote = |version, stage| planning::promote(&observed, version, stage, request()).expect_err("refused");
    assert!(promote(2, Stage::Production).message().contains("was deleted"));
    assert_eq!(promote(9, Stage::Production).kind(), ErrorKind::ModelNotFound);
    assert!(promote(9, Stage::Production).hints()[0].to_string().contains("ticket-duration-predictor@3 (None)"));
    assert_eq!(promote(3, Stage::Archived).kind(), ErrorKind::Usage);
    assert_eq!(promote(1, Stage::Staging).kind(), ErrorKind::Usage, "it would leave none in Production");
    // Files that are not what was registered.
    let plan = promotion(&registry, NAME, 3);
    let model_id = registry.version(NAME, 3).expect("read").expect("there").source.replace("models:/", "");
    let file = support::files_below(folder.path())
        .into_keys()
        .find(|path| path.ends_with(format!("{model_id}/artifacts/model.bin")))
        .expect("file");
    std::fs::write(file, "bytez").expect("altered");
    assert_eq!(registry.apply(&approved(plan)).expect_err("altered").kind(), ErrorKind::DigestMismatch);
    assert_eq!(production(&registry, NAME), Some(1));
    let found = registry.verify(None).expect("verified").findings;
    assert_eq!(found.iter().map(|finding| (finding.version, finding.problem.as_str())).collect::<Vec<_>>(), [(Some(3), "digest_mismatch")]);
}

#[test]
fn a_rollback_steps_back_along_what_served() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = registry(folder.path());
    for _ in 0..5 {
        add(&registry, NAME, Stage::None);
    }
    for version in [4, 1, 3] {
        promote(&registry, NAME, version);
    }
    let back = |registry: &_, to| rollback(registry, NAME, to, None);
    let changed = back(&registry, None).expect("back");
    assert_eq!((changed.previous_champion, changed.version), (Some(3), 1), "the version before by history, not by number");
    assert_eq!(back(&registry, None).expect("back again").version, 4);
    let end = back(&registry, None).expect_err("nothing before");
    assert_eq!(end.kind(), ErrorKind::ModelNotFound);
    assert_eq!(production(&registry, NAME), Some(4));
    // By name: what served, again and again; never what did not, unless a reason is given.
    assert!(back(&registry, Some(3)).expect("served once").changed);
    assert!(!back(&registry, Some(3)).expect("is there").changed);
    assert_eq!(back(&registry, Some(5)).expect_err("never served").kind(), ErrorKind::Usage);
    assert!(rollback(&registry, NAME, Some(5), Some("it is the one")).expect("with a reason").changed);
    assert_eq!(back(&registry, None).expect("back").version, 3);
}

#[test]
fn where_other_tools_promoted_a_person_chooses() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = registry(folder.path());
    for _ in 0..4 {
        add(&registry, NAME, Stage::None);
    }
    promote(&registry, NAME, 1);
    promote(&registry, NAME, 2);
    let sql = "UPDATE model_versions SET current_stage = CASE version WHEN 3 THEN 'Production' ELSE 'Archived' END, last_updated_time = 1760000000000 WHERE version > 1 AND version < 4";
    let connection = database(folder.path());
    connection.execute("UPDATE model_versions SET current_stage = 'Archived' WHERE version = 2", []).expect("moved");
    connection.execute(sql, []).expect("moved");
    connection.execute("UPDATE registered_model_aliases SET version = 3", []).expect("moved");
    let refused = rollback(&registry, NAME, None, None).expect_err("not recorded");
    assert_eq!(refused.kind(), ErrorKind::Waiting);
    assert!(refused.hints()[0].to_string().contains("ticket-duration-predictor@2 (2025-10-09T08:53:20Z)"), "{:?}", refused.hints());
    assert!(
        refused.hints()[1].to_string().contains("--to ") && refused.hints()[1].to_string().contains("--reason"),
        "{:?}",
        refused.hints()
    );
    // To one that served before the gap no reason is needed.
    assert_eq!(rollback(&registry, NAME, Some(1), None).expect("served").previous_champion, Some(3));
    let moved: Vec<(String, Option<u32>)> = registry
        .history(NAME)
        .expect("history")
        .into_iter()
        .filter(|entry| entry.source == "registry")
        .map(|entry| (entry.event, entry.version))
        .collect();
    assert!(moved.is_empty() || moved.iter().all(|(event, _)| event == "moved"), "{moved:?}");
}

#[test]
fn archiving_takes_out_of_service_and_older_keeps_three_in_staging() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = registry(folder.path());
    for _ in 0..6 {
        add(&registry, NAME, Stage::Staging);
    }
    promote(&registry, NAME, 6);
    let archival = |version, from_stage| Approval::Typed.given(Archival { model: NAME.into(), version, from_stage, reason: None });
    assert_eq!(registry.archive(&archival(6, Stage::Staging)).expect_err("moved").kind(), ErrorKind::Conflict);
    assert!(registry.archive(&archival(6, Stage::Production)).expect("archived").changed);
    assert!(!registry.archive(&archival(6, Stage::Production)).expect("is archived").changed);
    assert_eq!(production(&registry, NAME), None);
    assert_eq!(registry.version(NAME, 6).expect("read").expect("there").aliases, [""; 0]);
    assert_eq!(rollback(&registry, NAME, None, None).expect("back").version, 6, "what served last comes back");
    let archived = registry.archive_older(Some(NAME), 0, Some("spring cleaning")).expect("archived");
    assert_eq!(archived.iter().map(|changed| changed.version).collect::<Vec<_>>(), [2, 1]);
    assert!(registry.archive_older(None, 3, None).expect("nothing left to do").is_empty());
}

#[test]
fn aliases_and_tags_are_set_once_and_have_their_rules() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = registry(folder.path());
    add(&registry, NAME, Stage::None);
    add(&registry, NAME, Stage::None);
    let set =
        |registry: &hivectl::registry::embedded::EmbeddedRegistry, alias: &str, version| registry.set_alias(NAME, alias, version, None);
    let changed = set(&registry, "shadow", Some(1)).expect("set");
    assert_eq!((changed.from_version, changed.to_version, changed.changed), (None, Some(1), true));
    assert!(!set(&registry, "shadow", Some(1)).expect("is so").changed);
    assert_eq!(set(&registry, "shadow", Some(2)).expect("moved").from_version, Some(1));
    assert_eq!(registry.version(NAME, 2).expect("read").expect("there").aliases, ["shadow"]);
    assert!(set(&registry, "shadow", None).expect("removed").changed);
    assert!(!set(&registry, "shadow", None).expect("is gone").changed);
    assert_eq!(set(&registry, "shadow", Some(9)).expect_err("no version").kind(), ErrorKind::ModelNotFound);
    for alias in ["champion", "latest", "v7", "a b", "", "a/b"] {
        assert_eq!(set(&registry, alias, Some(1)).expect_err(alias).kind(), ErrorKind::Usage);
    }
    let tags = BTreeMap::from([("owner".to_owned(), "team a".to_owned())]);
    let changed = registry.set_tags(NAME, 1, &tags, &BTreeSet::new(), None).expect("set");
    assert_eq!(changed.before, BTreeMap::from([("owner".to_owned(), None)]));
    assert!(!registry.set_tags(NAME, 1, &tags, &BTreeSet::new(), None).expect("is so").changed);
    assert_eq!(registry.version(NAME, 1).expect("read").expect("there").tags.get("owner").map(String::as_str), Some("team a"));
    assert!(registry.set_tags(NAME, 1, &BTreeMap::new(), &BTreeSet::from(["owner".to_owned()]), None).expect("removed").changed);
    let own = BTreeMap::from([("hivectl.gate".to_owned(), "passed".to_owned())]);
    assert_eq!(registry.set_tags(NAME, 1, &own, &BTreeSet::new(), None).expect_err("own").kind(), ErrorKind::Usage);
}

#[test]
fn every_change_is_in_the_log_before_and_after_and_the_first_broken_record_is_named() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = registry(folder.path());
    add(&registry, NAME, Stage::None);
    promote(&registry, NAME, 1);
    registry.set_alias(NAME, "shadow", Some(1), Some("to compare")).expect("set");
    let records: Vec<_> = registry.records(Some(NAME)).expect("log").iter().map(|link| link.record().expect("record")).collect();
    let told: Vec<(Action, Phase, Option<Success>)> = records.iter().map(|record| (record.action, record.phase, record.success)).collect();
    let pair = |action| [(action, Phase::Intent, None), (action, Phase::Outcome, Some(Success::Done))];
    assert_eq!(told, [pair(Action::Register), pair(Action::Promote), pair(Action::SetAlias)].concat());
    assert_eq!(records[3].before.production, None);
    assert_eq!(records[3].after.production.map(|served| served.version), Some(1));
    assert_eq!(records[5].reason.as_deref(), Some("to compare"));
    assert_eq!(records[3].evidence["gate"]["passed"], true);
    assert_eq!(registry.verify_chain().expect("whole"), 6);

    let connection = database(folder.path());
    assert!(connection.execute("DELETE FROM hivectl_audit WHERE sequence = 6", []).is_err(), "the log only grows");
    connection.execute_batch("DROP TRIGGER hivectl_audit_keeps; DROP TRIGGER hivectl_audit_stays").expect("dropped");
    connection.execute("UPDATE hivectl_audit SET record = replace(record, 'ada', 'eve') WHERE sequence = 3", []).expect("altered");
    let broken = registry.verify_chain().expect_err("broken");
    assert_eq!((broken.kind(), broken.message()), (ErrorKind::InvariantBroken, "the audit log is broken at record 3"));
}

#[test]
fn two_in_production_are_found_refused_and_repaired() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = registry(folder.path());
    for _ in 0..3 {
        add(&registry, NAME, Stage::None);
    }
    promote(&registry, NAME, 1);
    let connection = database(folder.path());
    assert!(
        connection.execute("UPDATE model_versions SET current_stage = 'Production' WHERE version = 2", []).is_err(),
        "the database refuses"
    );
    connection.execute_batch("DROP INDEX hivectl_one_production").expect("dropped");
    connection.execute("UPDATE model_versions SET current_stage = 'Production' WHERE version = 2", []).expect("forced");
    assert_eq!(registry.verify(Some(NAME)).expect("verified").findings[0].problem, "several_in_production");
    let observed = registry.observe(NAME).expect("observed");
    assert_eq!(planning::promote(&observed, 3, Stage::Production, request()).expect_err("broken").kind(), ErrorKind::InvariantBroken);
    assert_eq!(registry.register(new_version(NAME)).expect_err("broken").kind(), ErrorKind::InvariantBroken);
    let archival = Archival { model: NAME.into(), version: 1, from_stage: Stage::Production, reason: Some("repair".into()) };
    registry.archive(&Approval::Typed.given(archival)).expect("repaired");
    assert_eq!(production(&registry, NAME), Some(2));
    assert!(registry.register(new_version(NAME)).is_ok());
    assert!(
        connection.execute("UPDATE model_versions SET current_stage = 'Production' WHERE version = 3", []).is_err(),
        "the index is back"
    );
}

#[test]
fn a_gate_that_passed_is_evidence_in_the_plan_file() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let registry = registry(folder.path());
    add(&registry, NAME, Stage::None);
    let plan = promotion(&registry, NAME, 1);
    let read = Plan::from_file("plan.json", &plan.to_file().expect("written")).expect("read");
    assert_eq!(read, plan);
    assert_eq!(read.gate, Some(gate(true)));
    assert!(registry.apply(&approved(read)).expect("applied").changed);
}
