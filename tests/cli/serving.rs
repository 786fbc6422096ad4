//! What serves is a pointer: an alias alone, a stage, or both, in every command.

use std::path::Path;
use std::process::Command;

use rusqlite::Connection;
use serde_json::Value;

use crate::common::python::python;
use crate::support::{Home, MODEL, json, ran, registry_file};

/// As a client of MLflow does it.
fn point(home: &Home, alias: &str, version: u32) {
    let sql = "INSERT OR REPLACE INTO registered_model_aliases (alias, version, name) VALUES (?1, ?2, ?3)";
    let registry = Connection::open(registry_file(home)).expect("the registry");
    registry.execute(sql, rusqlite::params![alias, version, MODEL]).expect("set");
}

/// Three versions in no stage; `champion` names 2 and `challenger` names 3.
fn alias_only() -> Home {
    let home = Home::with_versions(3);
    let registry = Connection::open(registry_file(&home)).expect("the registry");
    registry.execute("UPDATE model_versions SET current_stage = 'None'", []).expect("moved");
    home.write("policy.yaml", "duration:\n  mae_pct: \"< 100000\"\n");
    home.write(".hivectl.yaml", "policy: policy.yaml\n");
    point(&home, "champion", 2);
    point(&home, "challenger", 3);
    home
}

fn serving(home: &Home) -> (Value, Value) {
    let list = json(home, "ml models list", 0);
    let item = &list["data"]["items"][0];
    (item["serving"]["version"].clone(), item["serving"]["by"].clone())
}

/// The stages of all versions, newest first.
fn stages(home: &Home) -> Vec<Value> {
    let list = json(home, &format!("ml models list {MODEL}"), 0);
    list["data"]["items"].as_array().expect("items").iter().map(|item| item["stage"].clone()).collect()
}

#[test]
fn every_command_sees_the_version_that_an_alias_serves() {
    let home = alias_only();
    assert_eq!(serving(&home), (2.into(), "alias".into()));
    assert!(ran(&home, "ml models list").expect(0).stdout.contains("2 (champion)"));
    let shown = json(&home, &format!("ml models show {MODEL}"), 0);
    assert_eq!((&shown["data"]["version"], &shown["data"]["serving"]["version"]), (&2.into(), &2.into()));
    let text = ran(&home, &format!("ml models show {MODEL}")).expect(0).stdout;
    assert!(text.contains("the version that serves by the alias champion") && !text.contains("Services do not use"), "{text}");
    for (reference, version) in [("#production", 2), ("#staging", 3), (":champion", 2)] {
        assert_eq!(json(&home, &format!("ml models show {MODEL}{reference}"), 0)["data"]["version"], version, "{reference}");
    }
    let other = ran(&home, &format!("ml models show {MODEL}@1")).expect(0).stdout;
    assert!(other.contains("Services do not use this version: the alias champion names version 2."), "{other}");
    let checked = json(&home, "ml validate --no-metrics", 0);
    let versions: Vec<&Value> = checked["data"]["models"].as_array().expect("models").iter().map(|model| &model["version"]).collect();
    assert_eq!(versions, [2, 3]);
    let doctor = ran(&home, "doctor --check registry").expect(0);
    assert!(doctor.stdout.contains("the alias champion tells what serves of 1 model"), "{}", doctor.stdout);
    assert!(!doctor.stdout.contains("archive"), "{}", doctor.stdout);
    let predicted = json(&home, "ml predict --model duration --tickets t.ndjson --out p.jsonl", 0);
    assert_eq!(predicted["data"]["model_version"], 2, "{predicted:#}");
}

#[test]
fn a_promotion_moves_the_alias_alone_and_a_rollback_returns_to_its_predecessor() {
    let home = alias_only();
    let plan = ran(&home, &format!("ml models promote {MODEL}@3 --dry-run")).expect(0).stdout;
    assert!(plan.contains("serves now: @2 by alias champion") && plan.contains(&format!("promote {MODEL}@3, alias champion")), "{plan}");
    assert_eq!(serving(&home), (2.into(), "alias".into()));
    let done = ran(&home, &format!("ml models promote {MODEL}@3 --confirm {MODEL}@3 --expect-champion 2")).expect(0);
    assert!(done.stdout.contains("in Production: version 2 → version 3, by the alias champion; no stage was changed"), "{}", done.stdout);
    assert_eq!(serving(&home), (3.into(), "alias".into()));
    let back = json(&home, &format!("ml models rollback {MODEL} --confirm {MODEL}"), 0);
    assert_eq!((&back["data"]["version"], &back["data"]["previous_champion"]), (&2.into(), &3.into()));
    assert_eq!(serving(&home), (2.into(), "alias".into()));
    assert_eq!(stages(&home), ["None"; 3]);
    let history = ran(&home, &format!("ml models history {MODEL}")).expect(0).stdout;
    assert!(history.contains("champion 2 → 3") && history.contains("champion 3 → 2"), "{history}");
    ran(&home, "audit verify").expect(0);
}

#[test]
fn to_set_or_unset_the_serving_alias_is_a_promotion_or_its_end() {
    let home = alias_only();
    let set = format!("ml models alias set {MODEL} champion 3");
    let plan = ran(&home, &format!("{set} --dry-run")).expect(0).stdout;
    assert!(plan.contains("serves now: @2 by alias champion") && plan.contains("nothing was changed"), "{plan}");
    ran(&home, &set).expect(5);
    home.write("policy.yaml", "duration:\n  mae_pct: \"< 0.000001\"\n");
    ran(&home, &format!("{set} --confirm {MODEL}@3")).expect(3);
    assert_eq!(serving(&home), (2.into(), "alias".into()));
    let forced = json(&home, &format!("{set} --confirm {MODEL}@3 --force-gate --reason test"), 0);
    assert_eq!(
        (&forced["data"]["from_version"], &forced["data"]["to_version"], &forced["data"]["changed"]),
        (&2.into(), &3.into(), &true.into())
    );
    assert_eq!(forced["data"]["change"]["previous_champion"], 2, "{forced:#}");
    assert!(forced["data"]["audit_id"].is_string(), "{forced:#}");
    let unset = format!("ml models alias unset {MODEL} champion");
    let refused = ran(&home, &unset).expect(10);
    assert!(refused.stderr.contains("nothing would serve after it"), "{}", refused.stderr);
    let unset = format!("{unset} --force --reason test");
    ran(&home, &format!("{unset} --dry-run")).expect(0);
    ran(&home, &unset).expect(5);
    assert_eq!(serving(&home), (3.into(), "alias".into()));
    ran(&home, &format!("{unset} --confirm {MODEL}@3")).expect(0);
    assert_eq!(serving(&home), (Value::Null, Value::Null));
    ran(&home, &format!("ml models rollback {MODEL} --confirm {MODEL}")).expect(0);
    assert_eq!((serving(&home), stages(&home)), ((3.into(), "alias".into()), vec![Value::from("None"); 3]));
}

#[test]
fn a_disagreement_is_told_and_settled_by_the_commands_that_it_prints() {
    for (place, keep) in [2, 3].into_iter().enumerate() {
        let home = alias_only();
        ran(&home, &format!("ml models promote {MODEL}@1 --confirm {MODEL}@1")).expect(0);
        let registry = Connection::open(registry_file(&home)).expect("the registry");
        registry.execute("UPDATE model_versions SET current_stage = 'Production' WHERE version = 2", []).expect("moved");
        point(&home, "champion", 3);
        let told = "Production @2, champion @3: they disagree";
        let list = ran(&home, "ml models list").expect(0);
        assert!(list.stderr.contains(told) && list.stdout.contains("2, champion 3"), "{} {}", list.stdout, list.stderr);
        assert!(ran(&home, &format!("ml models show {MODEL}")).expect(0).stderr.contains(told));
        for change in ["promote MODEL@1 --confirm MODEL@1", "rollback MODEL --confirm MODEL", "archive MODEL@2 --confirm MODEL@2"] {
            let refused = ran(&home, &format!("ml models {}", change.replace("MODEL", MODEL))).expect(13);
            assert!(refused.stderr.contains(told), "{}", refused.stderr);
        }
        let refused = json(&home, &format!("ml models rollback {MODEL} --confirm {MODEL}"), 13);
        let hints = refused["error"]["hints"].as_array().expect("hints").clone();
        let line = hints[place].as_str().and_then(|hint| hint.split('`').nth(1)).expect("a command").to_owned();
        home.type_line(&line).expect(0);
        assert_eq!(serving(&home), (keep.into(), "both".into()), "{line}");
        ran(&home, "doctor --check registry").expect(0);
    }
}

#[test]
fn the_setting_decides_by_context() {
    let home = alias_only();
    let registry = Connection::open(registry_file(&home)).expect("the registry");
    registry.execute("UPDATE model_versions SET current_stage = 'Production' WHERE version = 1", []).expect("moved");
    home.write_config("contexts:\n  stages:\n    serving: stage\n  aliases:\n    serving: alias\n");
    for (context, serves) in [("stages", 1), ("aliases", 2)] {
        let shown = json(&home, &format!("ml models show {MODEL} --context {context}"), 0);
        assert_eq!(shown["data"]["version"], serves, "{shown:#}");
    }
    let word = "ml models promote MODEL@3 --confirm MODEL@3 --context aliases".replace("MODEL", MODEL);
    ran(&home, &word).expect(0);
    assert_eq!(stages(&home), ["None", "None", "Production"]);
    home.write_config("serving: stages\n");
    let refused = ran(&home, "ml models list").expect(11);
    assert!(refused.stderr.contains("expected stage, alias or both"), "{}", refused.stderr);
}

#[test]
fn a_dry_run_of_every_change_changes_nothing() {
    let home = alias_only();
    home.run(&["ml", "models", "export", &format!("{MODEL}@1"), "one.hivectl-model"]).expect(0);
    let before = std::fs::read(registry_file(&home)).expect("the registry");
    let outside = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rooms/formats/fixtures/isolation.onnx").display().to_string();
    for (words, told) in [
        (format!("ml models alias set {MODEL} stable 1 --dry-run"), "would point at version 1"),
        (format!("ml models alias unset {MODEL} challenger --dry-run"), "would point at no version"),
        (format!("ml models tag {MODEL}@1 team=blue --dry-run"), "team: blue"),
        (format!("ml models register {outside} --name outside --dry-run"), "would register a new version of outside"),
        ("ml models import one.hivectl-model --name other --dry-run".to_owned(), "would register a new version of other"),
        (format!("ml models push {MODEL}@1 --destination other/models.db --dry-run"), "would copy"),
        (format!("ml models archive {MODEL}@2 --dry-run --force --reason test"), "would take the alias champion"),
        (format!("ml models rollback {MODEL} --to 1 --reason test --dry-run"), "serves now: @2 by alias champion"),
    ] {
        let ran = ran(&home, &words).expect(0);
        assert!(ran.stdout.contains(told) && ran.stdout.contains("nothing was changed"), "{words}: {}", ran.stdout);
        assert_eq!(std::fs::read(registry_file(&home)).expect("the registry"), before, "{words}");
    }
    assert!(!home.path().join("other").exists());
    // What is there already is said to be.
    ran(&home, &format!("ml models push {MODEL}@1 --destination other/models.db")).expect(0);
    let again = ran(&home, &format!("ml models push {MODEL}@1 --destination other/models.db --dry-run")).expect(0);
    assert!(again.stdout.contains("was already"), "{}", again.stdout);
    let pulled = ran(&home, &format!("ml models pull {MODEL}@1 --source other/models.db --name pulled --dry-run")).expect(0);
    assert!(pulled.stdout.contains("would copy"), "{}", pulled.stdout);
}

/// Runs the client of MLflow on this home's registry.
fn client(python: &str, home: &Home, words: &[&str]) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/registry_client.py");
    let output = Command::new(python).current_dir(home.path()).arg(script).arg(registry_file(home)).args(words).output().expect("Python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one document")
}

#[test]
fn a_registry_that_mlflow_made_with_aliases_alone_is_served_promoted_and_rolled_back() {
    let Some(python) = python("HIVECTL_TEST_PYTHON") else { return };
    let home = Home::new();
    std::fs::create_dir_all(registry_file(&home).parent().expect("a folder")).expect("made");
    let _ = client(&python, &home, &["aliases", "churn", "champion=2", "challenger=3"]);
    let list = json(&home, "ml models list", 0);
    assert_eq!(list["data"]["items"][0]["serving"]["version"], 2, "{list:#}");
    ran(&home, "doctor --check registry").expect(0);
    let forced = "--force-gate --reason test --confirm churn@3 --expect-champion 2";
    let promoted = json(&home, &format!("ml models promote churn@3 {forced}"), 0);
    assert_eq!(promoted["data"]["previous_champion"], 2, "{promoted:#}");
    let seen = |champion: u32| {
        let shown = client(&python, &home, &["show"]);
        assert_eq!(shown["models"]["churn"]["aliases"]["champion"], champion, "{shown:#}");
        let versions = shown["models"]["churn"]["versions"].as_array().expect("versions").clone();
        assert!(versions.iter().all(|version| version["stage"] == "None"), "{shown:#}");
    };
    seen(3);
    ran(&home, "ml models rollback churn --confirm churn --reason back").expect(0);
    seen(2);
    let history = json(&home, "ml models history churn", 0);
    let registered = history["data"]["items"].as_array().expect("items").iter().filter(|item| item["event"] == "registered");
    assert_eq!(registered.count(), 3, "no line is lost: {history:#}");
}
