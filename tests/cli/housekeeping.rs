//! After MLflow's own housekeeping each command says what is so and what mends it, or works.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::common::python::python;
use crate::support::{Home, Ran, json, ran, registry_file};

/// What MLflow does to version 2, which is in Production, of the model of the same name.
const ACTS: &[&str] = &["delete_experiment", "delete_run", "delete_version", "delete_logged_model", "delete_alias"];

/// A model for each act, of which version 1 served before version 2.
fn models() -> Home {
    let home = Home::new();
    home.write_tickets("t.ndjson", 400);
    home.write("lax.yaml", "duration:\n  mae_pct: \"< 100000\"\n");
    home.write(".hivectl.yaml", "policy: lax.yaml\n");
    for act in ACTS {
        for seed in 1..=2 {
            train(&home, act, seed).expect(0);
            ran(&home, &format!("ml models promote {act}@{seed} --confirm {act}@{seed}")).expect(0);
        }
    }
    home
}

fn train(home: &Home, name: &str, seed: u32) -> Ran {
    let experiment = if name == "delete_experiment" { " --experiment old" } else { "" };
    ran(home, &format!("ml train --model duration --name {name}{experiment} --tickets t.ndjson --trees 3 --seed {seed}"))
}

fn housekeeping(python: &str, home: &Home, acts: &[[&str; 2]]) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/housekeeping.py");
    let mut command = Command::new(python);
    let output = command.current_dir(home.path()).arg(script).arg(registry_file(home)).args(acts.iter().flatten()).output();
    let output = output.expect("Python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Types a command of MLflow's that stands between back quotes in `text` and holds `word`.
fn type_mlflow(python: &str, text: &str, word: &str) {
    let line = text.split('`').find(|part| part.contains(word)).unwrap_or_else(|| panic!("no {word} in {text}"));
    let folder = Path::new(python).parent().expect("a folder").display();
    let path = format!("{folder}:{}", std::env::var("PATH").unwrap_or_default());
    let output = Command::new("sh").args(["-c", line]).env("PATH", path).output().expect("a shell");
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Problems by model.
fn problems(home: &Home, code: i32) -> Vec<(String, String)> {
    let found = json(home, "ml models verify", code)["data"]["findings"].as_array().cloned().unwrap_or_default();
    let word = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    found.iter().map(|finding| (word(finding, "model"), word(finding, "problem"))).collect()
}

fn check(home: &Home, id: &str, code: i32) -> Value {
    let doctor = json(home, "doctor --check registry", code);
    doctor["data"]["checks"].as_array().expect("checks").iter().find(|check| check["id"] == id).expect("the check").clone()
}

#[test]
fn what_mlflow_deleted_and_collected_is_told_and_what_is_left_works() {
    let Some(python) = python("HIVECTL_TEST_PYTHON") else { return };
    let home = models();
    let acts: Vec<[&str; 2]> = ACTS.iter().map(|act| [*act, *act]).collect();
    housekeeping(&python, &home, &acts);
    marked(&python, &home);
    let again: Vec<[&str; 2]> = ["delete_experiment", "delete_run"].iter().map(|act| [*act, *act]).collect();
    housekeeping(&python, &home, &[again.as_slice(), &[["gc", ""]]].concat());
    collected(&home);
}

/// Before the garbage collection: each mark is told, with what takes it away.
fn marked(python: &str, home: &Home) {
    let told = |model: &str, problem: &str| (model.to_owned(), problem.to_owned());
    // Both versions of one model were trained in the experiment that is deleted.
    let all = [
        told("delete_experiment", "experiment_deleted"),
        told("delete_experiment", "experiment_deleted"),
        told("delete_logged_model", "logged_model_deleted"),
        told("delete_run", "run_deleted"),
    ];
    assert_eq!(problems(home, 13), all);
    let evidence = check(home, "digests", 13)["evidence"].to_string();
    assert!(evidence.contains("4 findings"), "{evidence}");
    let serves = check(home, "one_production", 13)["evidence"].to_string();
    assert!(serves.contains("no version serves: delete_version"), "{serves}");
    let alias = check(home, "champion_alias", 13);
    assert_eq!(alias["state"], "warn", "{alias:#}");
    assert!(alias["evidence"].to_string().contains("delete_alias: another tool took the alias champion from version 2"), "{alias:#}");
    let gives = alias["remedy"].as_str().and_then(|remedy| remedy.split('`').nth(1)).expect("what gives it back");
    // MLflow has migrated the file, so that its state from before the first change is kept, once.
    let given = home.type_line(gives).expect(0);
    assert!(given.stderr.contains("is kept in") && given.stderr.contains("registry.db.before-"), "{}", given.stderr);
    let version = check(home, "registry_version", 13)["evidence"].as_str().expect("evidence").to_owned();
    let copy = version.split(' ').find(|word| word.contains(".before-")).expect("the copy");
    let kept = json(home, &format!("ml models show delete_alias@2 --registry sqlite:///{copy}"), 0);
    assert_eq!(kept["data"]["aliases"], serde_json::json!([]), "the copy is from before the change: {kept:#}");
    let after = ran(home, "ml models alias set delete_alias kept 2").expect(0);
    assert!(!after.stderr.contains("is kept in"), "{}", after.stderr);
    let alias = check(home, "champion_alias", 13)["evidence"].to_string();
    assert!(!alias.contains("another tool"), "{alias}");
    // Nobody trains for an experiment that the next collection takes.
    let refused = train(home, "delete_experiment", 3).expect(6);
    assert!(!refused.stderr.contains("trained"), "{}", refused.stderr);
    type_mlflow(python, &refused.stderr.replace("\n  ", " "), "mlflow experiments restore");
    train(home, "delete_experiment", 3).expect(0);
    let run = json(home, "ml models verify delete_run", 13)["data"]["findings"][0]["detail"].as_str().expect("detail").to_owned();
    type_mlflow(python, &run, "mlflow runs restore");
    assert_eq!(problems(home, 13), [told("delete_logged_model", "logged_model_deleted")]);
}

/// After it: what the files hold still works, and what is gone is told with what mends it.
fn collected(home: &Home) {
    let listed = json(home, "ml models list", 0);
    let items = listed["data"]["items"].as_array().expect("items").clone();
    for item in items.iter().filter(|item| item["name"] != "delete_version") {
        assert!(item["serves"]["metrics"]["mae_pct"].is_number(), "{item:#}");
    }
    let problem = ("delete_logged_model".to_owned(), "file_missing".to_owned());
    let found = problems(home, 13);
    assert!(!found.is_empty() && found.iter().all(|found| *found == problem), "{found:?}");
    let text = ran(home, "ml models verify delete_run").expect(0).stdout;
    assert!(text.contains("delete_run@2") && text.contains("every file is as it was registered"), "{text}");
    for name in ["delete_experiment", "delete_run", "delete_alias"] {
        ran(home, &format!("ml models show {name}")).expect(0);
        ran(home, &format!("ml predict --model {name} --tickets t.ndjson --out p.jsonl")).expect(0);
        let compared = json(home, &format!("ml models compare {name}@1 {name}@2"), 0);
        let metrics = compared["data"]["metrics"].as_array().expect("metrics").clone();
        assert!(
            metrics.iter().filter(|row| row["metric"] == "mae_pct").all(|row| row["first"].is_number() && row["second"].is_number()),
            "{name}: {metrics:#?}"
        );
        ran(home, &format!("ml models rollback {name} --confirm {name}")).expect(0);
        train(home, name, 4).expect(0);
    }
    for words in ["ml predict --model delete_logged_model --tickets t.ndjson", "ml models show delete_logged_model"] {
        let refused = ran(home, words).expect(4).stderr;
        assert!(refused.contains("ml models import FILE"), "{words}: {refused}");
        let back = refused.split('`').find(|part| part.contains("rollback")).expect("what goes back");
        home.type_line(back).expect(0);
    }
    ran(home, "ml models rollback delete_logged_model --confirm delete_logged_model").expect(0);
    ran(home, "ml predict --model delete_logged_model --tickets t.ndjson --out p.jsonl").expect(0);
    let waits = ran(home, "ml models rollback delete_version --confirm delete_version").expect(8).stderr;
    assert!(waits.contains("delete_version --to 1"), "{waits}");
    ran(home, "audit verify").expect(0);
}
