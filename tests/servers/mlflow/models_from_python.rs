//! What Python registered before, read without Python.

use serde_json::json;

use super::support::{Home, servers, unique};

#[test]
fn a_version_whose_files_are_gone_is_told_as_that() {
    for server in servers() {
        let home = Home::new();
        let name = unique("gone");
        server.post("registered-models/create", json!({ "name": name }));
        let run = server.post("runs/create", json!({ "experiment_id": "0", "start_time": 1 }))["run"]["info"].clone();
        let source = format!("{}/model", run["artifact_uri"].as_str().expect("an address"));
        server.post("model-versions/create", json!({ "name": name, "source": source, "run_id": run["run_id"] }));
        server.transition(&name, 1, "Production", true);
        let reference = format!("{name}@1");
        for words in [&["ml", "models", "inspect", &reference][..], &["ml", "models", "export", &reference, "out.tar"]] {
            let told = server.run(&home, &[words, &["-o", "json"]].concat()).json(4).to_string();
            assert!(told.contains(&format!("the files of {reference} are gone")), "{words:?}: {told}");
        }
        let doctor = server.run(&home, &["doctor", "--check", "registry", "-o", "json"]);
        assert_eq!(doctor.code, 13, "{}", doctor.stdout);
        assert!(doctor.stdout.contains(&format!("the files of {reference} are gone")), "{}", doctor.stdout);
        server.remove_model(&name);
    }
}

#[test]
fn models_that_python_registered_are_shown_compared_and_validated() {
    for server in servers() {
        let home = Home::new();
        home.write_synthetic("tickets.ndjson", 300);
        let made = server.python(&home, "register_foreign.py", &[&server.url, &unique("python")]);
        let made = made.as_object().expect("names by kind");
        assert!(made.len() >= 2);
        for (kind, name) in made {
            let version = format!("{}@1", name.as_str().expect("a name"));
            let shown = server.run(&home, &["ml", "models", "show", &version, "-o", "json"]).json(0);
            assert_eq!(shown["data"]["metrics"]["mae_pct"], 12.5, "{kind}: {shown:#}");
            assert!(shown["data"]["flavors"].as_array().is_some_and(|flavors| !flavors.is_empty()), "{kind}: {shown:#}");
            let compare = ["ml", "models", "compare", &version, &version, "--tickets", "tickets.ndjson", "-o", "json"];
            let compared = server.run(&home, &compare);
            let validated = server.run(&home, &["ml", "validate", &version, "--tickets", "tickets.ndjson", "-o", "json"]);
            if kind == "linear" {
                assert!(
                    compared.stdout.contains("LinearRegression") || compared.stderr.contains("LinearRegression"),
                    "{}",
                    compared.stdout
                );
                let inspected = server.run(&home, &["ml", "models", "inspect", &version, "-o", "json"]).json(11).to_string();
                assert!(inspected.contains("has the flavor sklearn") && inspected.contains("mlflow models predict"), "{inspected}");
                continue;
            }
            assert_eq!(compared.code, 0, "{kind}: {}", compared.stderr);
            assert!(matches!(validated.code, 0 | 3), "{kind}: {}\n{}", validated.stdout, validated.stderr);
            assert!(validated.stdout.contains("mae_pct"), "{kind}: {}", validated.stdout);
            let predicted = server.run(&home, &["ml", "predict", "--model", &version, "--tickets", "tickets.ndjson", "-o", "jsonl"]);
            assert_eq!((predicted.code, predicted.stdout.lines().count()), (0, 300), "{kind}: {}", predicted.stderr);
            let inspected = server.run(&home, &["ml", "models", "inspect", &version, "-o", "json"]).json(0);
            assert!(inspected["data"]["trees"].as_u64().is_some_and(|trees| trees > 0), "{kind}: {inspected:#}");
        }
    }
}
