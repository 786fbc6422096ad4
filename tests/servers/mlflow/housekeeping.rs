//! After MLflow's own housekeeping on a server each command says what is so and what mends it, or works.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::support::{Home, Server, start_own};

/// What MLflow does to version 2, which is in Production, of a model; version 1 served before it.
const ACTS: [&str; 5] = ["delete_experiment", "delete_run", "delete_version", "delete_logged_model", "delete_alias"];

/// The acts that this server has, each with the name of its model.
fn models(server: &Server, home: &Home) -> Vec<(&'static str, String)> {
    home.write_synthetic("t.ndjson", 600);
    home.write("lax.yaml", "duration:\n  mae_pct: \"< 100000\"\n");
    home.write(".hivectl.yaml", "policy: lax.yaml\n");
    let has_logged_models = !server.ask_version().starts_with("2.");
    let acts = ACTS.into_iter().filter(|act| has_logged_models || *act != "delete_logged_model");
    let models: Vec<(&str, String)> = acts.map(|act| (act, act.to_owned())).collect();
    for (act, name) in &models {
        for (version, seed) in [(1, "1"), (2, "2")] {
            train(server, home, act, name, seed, 0);
            server.promote(home, name, version, &[]).expect(0);
        }
    }
    models
}

fn train(server: &Server, home: &Home, act: &str, name: &str, seed: &str, code: i32) -> String {
    let words = ["ml", "train", "--model", "duration", "--name", name, "--tickets", "t.ndjson", "--trees", "3", "--seed", seed];
    let experiment = if act == "delete_experiment" { name } else { "of-housekeeping" };
    server.run(home, &[&words[..], &["--experiment", experiment]].concat()).expect(code).stderr
}

/// Has MLflow do something to a model.
fn housekeeping(server: &Server, home: &Home, acts: &[(&str, &str)]) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/housekeeping.py");
    let place = format!("{}={}", server.url, server.folder.display());
    let words = acts.iter().flat_map(|(act, name)| [*act, *name]);
    let output = Command::new(&server.python).current_dir(home.path()).arg(script).arg(place).args(words).output().expect("Python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Types a command of MLflow's that stands between back quotes in `text` and holds `word`.
fn type_mlflow(server: &Server, text: &str, word: &str) {
    let text = text.replace("\n  ", " ");
    let line = text.split('`').find(|part| part.contains(word)).unwrap_or_else(|| panic!("no {word} in {text}"));
    let (variables, words) = line.split_once(" mlflow ").expect("a command of MLflow's");
    let line = format!("{variables} '{}' -m mlflow {words}", server.python);
    let output = Command::new("sh").args(["-c", &line]).output().expect("a shell");
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Problems of a model, with their sentences.
fn problems(server: &Server, home: &Home, name: &str, code: i32) -> Vec<(String, String)> {
    let found = server.run(home, &["ml", "models", "verify", name, "-o", "json"]).json(code);
    let word = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let findings = found["data"]["findings"].as_array().cloned().unwrap_or_default();
    findings.iter().map(|finding| (word(finding, "problem"), word(finding, "detail"))).collect()
}

/// What the doctor says of the registry, however it ends.
fn doctor(server: &Server, home: &Home) -> String {
    server.run(home, &["doctor", "--check", "registry", "-o", "json"]).stdout
}

#[test]
fn what_mlflow_deleted_and_collected_on_a_server_is_told_and_what_is_left_works() {
    // Servers of its own: a collection takes whatever is marked.
    for server in &start_own(&["HIVECTL_TEST_PYTHON_MLFLOW2", "HIVECTL_TEST_PYTHON_NEWEST"]) {
        let home = Home::new();
        let models = models(server, &home);
        let acts: Vec<(&str, &str)> = models.iter().map(|(act, name)| (*act, name.as_str())).collect();
        housekeeping(server, &home, &acts);
        let of = |act: &str| models.iter().find(|(known, _)| *known == act).map(|(_, name)| name.as_str());
        marked(server, &home, &of);
        let again: Vec<(&str, &str)> = acts.iter().copied().filter(|(act, _)| ["delete_experiment", "delete_run"].contains(act)).collect();
        housekeeping(server, &home, &[&again[..], &[("gc", "")]].concat());
        collected(server, &home, &models);
    }
}

/// Before the garbage collection each mark is told, with what takes it away.
fn marked<'m>(server: &Server, home: &Home, of: &impl Fn(&str) -> Option<&'m str>) {
    let experiment = of("delete_experiment").expect("a model");
    let told = problems(server, home, experiment, 13);
    assert!(told.len() == 2 && told.iter().all(|(problem, _)| problem == "experiment_deleted"), "{told:?}");
    assert!(doctor(server, home).contains("was deleted, and the next `mlflow gc`"));
    // Nobody trains for an experiment that the next collection takes.
    let refused = train(server, home, "delete_experiment", experiment, "3", 6);
    assert!(!refused.contains("trained") && !refused.contains("read,"), "{refused}");
    type_mlflow(server, &refused, "mlflow experiments restore");
    train(server, home, "delete_experiment", experiment, "3", 0);
    assert_eq!(problems(server, home, experiment, 0), []);
    let run = of("delete_run").expect("a model");
    let told = problems(server, home, run, 13);
    let [(problem, detail)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(problem, "run_deleted");
    type_mlflow(server, detail, "mlflow runs restore");
    assert_eq!(problems(server, home, run, 0), []);
    if let Some(hidden) = of("delete_logged_model") {
        let told = problems(server, home, hidden, 13);
        let [(problem, detail)] = told.as_slice() else { panic!("{told:?}") };
        assert!(problem == "logged_model_deleted" && detail.contains("export it before that"), "{detail}");
        // Its files are there, and nothing on this machine stands in for them.
        let elsewhere = Home::new();
        server.run(&elsewhere, &["ml", "models", "export", &format!("{hidden}@2"), "kept.hivectl-model"]).expect(0);
    }
    let version = of("delete_version").expect("a model");
    let doctor = doctor(server, home);
    assert!(doctor.contains("no version serves") && doctor.contains(version), "{doctor}");
    let alias = of("delete_alias").expect("a model");
    assert!(doctor.contains(&format!("{alias}: another tool took the alias champion from version 2")), "{doctor}");
    let given = server.run(home, &["ml", "models", "alias", "set", alias, "champion", "2", "--confirm", &format!("{alias}@2")]);
    given.expect(0);
    assert_eq!(server.alias(alias, "champion"), Some(2));
}

/// After it what is there still works, and what is gone is told with what mends it.
fn collected(server: &Server, home: &Home, models: &[(&str, String)]) {
    // A server before 3 keeps the files in the run, which is gone with them.
    let keeps_files = |act: &str| {
        act != "delete_logged_model" && !(server.ask_version().starts_with("2.") && ["delete_experiment", "delete_run"].contains(&act))
    };
    let listed = server.run(home, &["ml", "models", "list", "-o", "json"]).json(0);
    for (act, name) in models {
        let fresh = Home::new();
        fresh.write_synthetic("t.ndjson", 600);
        fresh.write("lax.yaml", "duration:\n  mae_pct: \"< 100000\"\n");
        fresh.write(".hivectl.yaml", "policy: lax.yaml\n");
        let item = listed["data"]["items"].as_array().expect("items").iter().find(|item| item["name"] == name.as_str()).expect("listed");
        if *act == "delete_version" {
            let waits = server.run(&fresh, &["ml", "models", "rollback", name, "--confirm", name]).expect(8).stderr;
            assert!(waits.contains("--to 1"), "{waits}");
            continue;
        }
        assert!(item["serves"]["metrics"]["mae_pct"].is_number(), "{item:#}");
        let predict = ["ml", "predict", "--model", name, "--tickets", "t.ndjson", "--out", "p.jsonl"];
        if keeps_files(act) {
            server.run(&fresh, &["ml", "models", "show", name]).expect(0);
            server.run(&fresh, &predict).expect(0);
            let compared =
                server.run(&fresh, &["ml", "models", "compare", &format!("{name}@1"), &format!("{name}@2"), "-o", "json"]).json(0);
            let metrics = compared["data"]["metrics"].as_array().expect("metrics").clone();
            let of_both = |row: &Value| row["first"].is_number() && row["second"].is_number();
            assert!(metrics.iter().filter(|row| row["metric"] == "mae_pct").all(of_both), "{act}: {metrics:#?}");
            server.run(&fresh, &["ml", "models", "rollback", name, "--confirm", name]).expect(0);
        } else {
            let told = problems(server, &fresh, name, 13);
            assert!(told.iter().any(|(problem, _)| problem == "file_missing" || problem == "files_not_found"), "{act}: {told:?}");
            assert!(told.iter().all(|(_, detail)| !detail.contains("RESOURCE_DOES_NOT_EXIST")), "{act}: {told:?}");
            let refused = server.run(&fresh, &predict);
            assert!(refused.code != 0 && refused.stderr.contains("ml models import FILE"), "{act}: {}", refused.stderr);
            assert!(refused.stderr.contains(&format!("ml models rollback {name} --dry-run")), "{act}: {}", refused.stderr);
            assert!(!refused.stderr.contains("RESOURCE_DOES_NOT_EXIST"), "{act}: {}", refused.stderr);
            let compared = server.run(&fresh, &["ml", "models", "compare", &format!("{name}@1"), &format!("{name}@2")]);
            assert!(compared.code != 0 && compared.stderr.contains("ml models import FILE"), "{act}: {}", compared.stderr);
            // The version before has files of its own, but where its run was of the same experiment.
            if *act != "delete_experiment" {
                server.run(&fresh, &["ml", "models", "rollback", name, "--confirm", name]).expect(0);
                server.run(&fresh, &predict).expect(0);
            }
        }
        train(server, &fresh, act, name, "4", 0);
    }
}
