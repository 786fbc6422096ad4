//! What serves where it is not certain: told, refused and mended in every command, and never lost sight of.

use rusqlite::Connection;
use serde_json::Value;

use crate::support::{Home, MODEL, json, ran, registry_file};

/// As another tool does it.
fn sql(home: &Home, statement: &str) {
    let registry = Connection::open(registry_file(home)).expect("the registry");
    registry.execute_batch(statement).expect("a statement");
}

fn stage(home: &Home, version: u32, stage: &str) {
    sql(home, &format!("UPDATE model_versions SET current_stage = '{stage}' WHERE version = {version}"));
}

fn point(home: &Home, alias: &str, version: u32) {
    sql(home, &format!("INSERT OR REPLACE INTO registered_model_aliases (alias, version, name) VALUES ('{alias}', {version}, '{MODEL}')"));
}

/// Three versions in no stage, and a gate that all pass.
fn three() -> Home {
    let home = Home::with_versions(3);
    sql(&home, "UPDATE model_versions SET current_stage = 'None'");
    home.write("policy.yaml", "duration:\n  mae_pct: \"< 100000\"\n");
    home.write(".hivectl.yaml", "policy: policy.yaml\n");
    home
}

fn serving(home: &Home) -> (Value, Value) {
    let list = json(home, "ml models list", 0);
    let items = list["data"]["items"].as_array().expect("items").clone();
    let item = items.into_iter().find(|item| item["name"] == MODEL).expect("the model");
    (item["serving"]["version"].clone(), item["serving"]["by"].clone())
}

#[test]
fn a_champion_by_alias_is_what_a_new_version_has_to_beat() {
    let home = three();
    point(&home, "champion", 2);
    stage(&home, 1, "Archived");
    let trained = json(&home, "ml train --model duration --tickets t.ndjson --trees 3 --seed 2 --promote-if-better", 0);
    let model = &trained["data"]["models"][0];
    assert_eq!((&model["champion"]["version"], &model["promoted"]), (&2.into(), &false.into()), "{model:#}");
    assert_eq!(serving(&home), (2.into(), "alias".into()));
    let plan = json(&home, &format!("ml models promote {MODEL}@3 --dry-run"), 0)["data"]["plan"].clone();
    assert_eq!((&plan["champion"], &plan["pointer"]["by"]), (&2.into(), &"alias".into()), "{plan:#}");
}

#[test]
fn two_in_production_are_told_everywhere_and_doctor_keeps_what_serves_of_every_model() {
    let home = three();
    for seed in ["1", "2"] {
        ran(&home, &format!("ml train --model duration --name other --tickets t.ndjson --trees 3 --seed {seed}")).expect(0);
    }
    sql(&home, "DROP INDEX IF EXISTS hivectl_one_production");
    sql(
        &home,
        &format!("UPDATE model_versions SET current_stage = 'Production' WHERE name = 'other' OR (name = '{MODEL}' AND version > 1)"),
    );
    point(&home, "champion", 2);
    let told = format!("{MODEL}: several versions are in Production: @3, @2; services that go by the stage take @3, and champion names @2");
    assert!(ran(&home, "ml models list").expect(0).stderr.replace("\n  ", " ").contains(&told));
    assert!(ran(&home, &format!("ml models show {MODEL}")).expect(0).stderr.contains("several versions are in Production"));
    let refused = json(&home, "ml train --model duration --tickets t.ndjson --trees 3", 13);
    assert!(refused["error"]["message"].as_str().is_some_and(|message| message.contains("several versions in Production")), "{refused:#}");
    let doctor = json(&home, "doctor --check registry", 13);
    let check =
        doctor["data"]["checks"].as_array().expect("checks").iter().find(|check| check["id"] == "one_production").expect("it").clone();
    let remedy = check["remedy"].as_str().expect("a remedy");
    assert!(
        remedy.contains(&format!("to keep {MODEL}@2, which the alias champion names")) && remedy.contains("to keep other@2, the newest"),
        "{remedy}"
    );
    for line in remedy.split('`').filter(|part| part.starts_with("hivectl ")) {
        home.type_line(line).expect(0);
    }
    assert_eq!(serving(&home), (2.into(), "both".into()));
    ran(&home, "doctor --check registry").expect(0);
}

#[test]
fn a_disagreement_is_told_at_the_start_of_long_work_and_a_plan_says_what_it_takes_out() {
    let home = three();
    stage(&home, 2, "Production");
    point(&home, "champion", 3);
    let told = "Production @2, champion @3: they disagree";
    let trained = ran(&home, "ml train --model duration --tickets t.ndjson --trees 3 --seed 9").expect(0);
    assert!(trained.stderr.contains(told), "{}", trained.stderr);
    let before = json(&home, &format!("ml models list {MODEL}"), 0)["data"]["items"].as_array().map(Vec::len);
    let refused = ran(&home, "ml train --model duration --tickets t.ndjson --trees 3 --promote-if-better").expect(13);
    assert!(refused.stderr.contains(&format!("promote {MODEL}@2 --confirm {MODEL}@2")), "{}", refused.stderr);
    assert_eq!(json(&home, &format!("ml models list {MODEL}"), 0)["data"]["items"].as_array().map(Vec::len), before);
    let to_alias = ran(&home, &format!("ml models promote {MODEL}@3 --dry-run")).expect(0).stdout;
    assert!(to_alias.contains(&format!("will be archived: {MODEL}@2, which services that go by the stage use now")), "{to_alias}");
    let to_stage = ran(&home, &format!("ml models promote {MODEL}@2 --dry-run")).expect(0).stdout;
    assert!(
        to_stage.contains(&format!("will lose the alias champion: {MODEL}@3, which services that go by aliases"))
            || to_stage.contains(&format!("{MODEL}@3, which services that go by the alias use now")),
        "{to_stage}"
    );
}

#[test]
fn a_registry_with_stages_alone_is_given_an_alias_only_where_that_is_set() {
    let home = three();
    stage(&home, 1, "Production");
    let plan = ran(&home, &format!("ml models promote {MODEL}@2 --dry-run")).expect(0).stdout;
    assert!(!plan.contains("alias"), "{plan}");
    ran(&home, &format!("ml models promote {MODEL}@2 --confirm {MODEL}@2")).expect(0);
    assert_eq!(serving(&home), (2.into(), "stage".into()));
    home.write_config("serving: both\n");
    let plan = ran(&home, &format!("ml models promote {MODEL}@3 --dry-run")).expect(0).stdout;
    assert!(plan.contains("will get the alias champion, which names no version now"), "{plan}");
}

#[test]
fn an_alias_that_names_no_version_is_told() {
    let home = three();
    point(&home, "champion", 9);
    let told = "the alias champion names version 9, which is not there";
    assert!(ran(&home, "ml models list").expect(0).stderr.contains(told));
    assert!(ran(&home, &format!("ml models show {MODEL}")).expect(0).stderr.contains(told));
    let doctor = ran(&home, "doctor --check registry").expect(13);
    assert!(doctor.stdout.replace('\n', " ").contains("which is not"), "{}", doctor.stdout);
}

#[test]
fn a_dry_run_of_what_is_refused_shows_the_whole_plan() {
    let home = Home::with_a_weak_champion();
    home.write("strict.yaml", "duration:\n  mae_pct: \"< 0.001\"\n");
    let line = format!("ml models promote {MODEL}@2 --policy strict.yaml --tickets t.ndjson --dry-run");
    let shown = json(&home, &line, 3)["data"].clone();
    let rows = shown["plan"]["comparison"].as_array().map(Vec::len);
    assert!(rows.is_some_and(|rows| rows > 0) && shown["plan"]["gate"]["passed"] == false, "{shown:#}");
    assert_eq!((&shown["refused"]["exit_code"], &shown["plan"]["forced"]), (&3.into(), &false.into()), "{shown:#}");
    let text = ran(&home, &line).expect(3).stdout;
    assert!(text.contains("THIS VERSION") && text.contains("would be refused") && text.contains("mae_pct is"), "{text}");
    let alias = ran(&home, &format!("ml models alias set {MODEL} champion 2 --dry-run --context none")).code;
    assert_ne!(alias, 0, "an unknown context");
    home.write(".hivectl.yaml", "policy: strict.yaml\n");
    let alias = ran(&home, &format!("ml models alias set {MODEL} champion 2 --dry-run")).expect(3).stdout;
    assert!(alias.contains("plan: promote") && alias.contains("would be refused"), "{alias}");
    // A worse one is refused with its numbers where only a better one is wanted.
    home.write(".hivectl.yaml", "policy: lax.yaml\n");
    ran(&home, &format!("ml models promote {MODEL}@2 --confirm {MODEL}@2 --if-better --tickets t.ndjson")).expect(0);
    let back = format!("ml models promote {MODEL}@1 --confirm {MODEL}@1 --if-better --tickets t.ndjson");
    let refused = ran(&home, &back).expect(3);
    assert!(
        refused.stderr.contains("is not shown to be better than") && refused.stderr.contains("ms higher (worse; "),
        "{}",
        refused.stderr
    );
    assert_eq!(serving(&home).0, 2);
    ran(&home, &format!("ml models promote {MODEL}@1 --if-better")).expect(2);
}

#[test]
fn words_in_a_registry_with_aliases_alone_are_about_aliases() {
    let home = three();
    point(&home, "champion", 2);
    point(&home, "challenger", 3);
    let refused = ran(&home, &format!("ml models archive {MODEL}@2 --confirm {MODEL}@2")).expect(10);
    assert!(
        refused.stderr.contains("give the alias champion to its successor") && !refused.stderr.contains("archives it"),
        "{}",
        refused.stderr
    );
    let nobody = ran(&home, &format!("ml models archive {MODEL}@1 --yes")).expect(0).stdout;
    assert!(nobody.contains("serves nobody") && !nobody.contains("as wanted"), "{nobody}");
    let back = ran(&home, &format!("ml models rollback {MODEL} --confirm {MODEL}")).expect(8);
    assert!(back.stderr.contains("no hivectl has moved the alias yet") && back.stderr.contains("--to "), "{}", back.stderr);
    let checked = ran(&home, "ml validate --no-metrics").stdout;
    assert!(checked.contains(&format!("{MODEL}@2 (it serves by the alias champion)")), "{checked}");
    assert!(ran(&home, "ml models list").expect(0).stdout.contains("3 (challenger)"));
    assert!(ran(&home, &format!("ml models show {MODEL}")).expect(0).stdout.contains("none; the alias champion tells what serves"));
    home.write_config("serving_alias: live\n");
    let doctor = ran(&home, "doctor --check registry").expect(0).stdout;
    assert!(doctor.contains("no model has the alias live"), "{doctor}");
    ran(&home, &format!("ml models promote {MODEL}@3 --confirm {MODEL}@3")).expect(0);
    let stages = json(&home, &format!("ml models list {MODEL}"), 0)["data"]["items"].clone();
    assert!(stages.as_array().expect("items").iter().all(|item| item["stage"] == "None"), "{stages:#}");
    ran(&home, &format!("ml models alias set {MODEL} kept 1")).expect(0);
    ran(&home, &format!("ml models alias delete {MODEL} kept")).expect(0);
    let shown = json(&home, &format!("ml models show {MODEL}@1"), 0);
    assert_eq!(shown["data"]["aliases"], serde_json::json!([]));
}
