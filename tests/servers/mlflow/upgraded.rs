//! A server whose tables a newer MLflow took over, and one that has moved to workspaces: everything goes on as before.

use serde_json::{Value, json};

use super::support::{Home, Server, follow, start_own};

const NAME: &str = "kept-over-the-upgrade";

/// A registry of someone who has worked with it: two versions, the second serves, the first served before it.
fn work(home: &Home, server: &Server) {
    home.write_synthetic("t.ndjson", 600);
    home.write("lax.yaml", "duration:\n  mae_pct: \"< 100000\"\n");
    home.write(".hivectl.yaml", "policy: lax.yaml\n");
    for (version, seed) in [(1, "1"), (2, "2")] {
        train(home, server, seed, &[]);
        server.promote(home, NAME, version, &[]).expect(0);
    }
}

fn train(home: &Home, server: &Server, seed: &str, variables: &[(&str, &str)]) {
    let words = ["ml", "train", "--model", "duration", "--name", NAME, "--tickets", "t.ndjson", "--trees", "3", "--seed", seed];
    home.run_with(&[&words[..], &["--registry", &server.url]].concat(), variables).expect(0);
}

fn serving(home: &Home, server: &Server, variables: &[(&str, &str)]) -> Option<u64> {
    let words = ["ml", "models", "show", &format!("{NAME}#production"), "--registry", &server.url, "-o", "json"];
    home.run_with(&words, variables).json(0)["data"]["version"].as_u64()
}

/// Every command that looks at a registry or changes it, where `serves` serves and `before` served before it; afterwards
/// `before` serves.
fn everything_works(home: &Home, server: &Server, serves: u64, before: u64) {
    let json = |words: &[&str]| server.run(home, &[words, &["-o", "json"]].concat()).json(0)["data"].clone();
    let listed = json(&["ml", "models", "list"]);
    let items = listed["items"].as_array().expect("items");
    let item = items.iter().find(|item| item["name"] == NAME).unwrap_or_else(|| panic!("{listed:#}"));
    assert_eq!(item["serves"]["version"], serves, "{item:#}");
    assert_eq!(serving(home, server, &[]), Some(serves));
    let (first, second) = (format!("{NAME}@{before}"), format!("{NAME}@{serves}"));
    let shown = json(&["ml", "models", "show", &second]);
    assert!(shown["metrics"]["mae_pct"].is_number(), "{shown:#}");
    // Nothing that this machine keeps of models stands in for what the server has.
    let fresh = Home::new();
    fresh.write_synthetic("t.ndjson", 600);
    let predict = ["ml", "predict", "--model", &second, "--tickets", "t.ndjson", "--out", "p.jsonl"];
    server.run(&fresh, &predict).expect(0);
    assert_eq!(std::fs::read_to_string(fresh.path().join("p.jsonl")).expect("predictions").lines().count(), 600);
    let compared = json(&["ml", "models", "compare", &first, &second]);
    let metrics = compared["metrics"].as_array().expect("metrics");
    assert!(metrics.iter().any(|row| row["metric"] == "mae_pct" && row["first"].is_number() && row["second"].is_number()));
    assert_eq!(json(&["ml", "models", "verify", NAME])["findings"], json!([]));
    let doctor = server.run(home, &["doctor", "--check", "registry", "-o", "json"]).json(0);
    let checks = doctor["data"]["checks"].as_array().expect("checks");
    assert!(
        checks.len() > 5 && checks.iter().all(|check| ["pass", "skipped"].contains(&check["state"].as_str().unwrap_or_default())),
        "{doctor:#}"
    );
    let history = json(&["ml", "models", "history", NAME]);
    assert!(history["items"].as_array().is_some_and(|lines| lines.len() >= 2), "{history:#}");
    server.run(home, &["ml", "models", "rollback", NAME, "--confirm", NAME]).expect(0);
    assert_eq!(serving(home, server, &[]), Some(before));
    assert_eq!(server.in_stage(NAME, "Production"), [before]);
}

#[test]
fn tables_that_a_newer_mlflow_took_over_and_moved_to_workspaces_go_on_as_before() {
    for first in start_own(&["HIVECTL_TEST_PYTHON_MLFLOW2", "HIVECTL_TEST_PYTHON"]) {
        let home = Home::new();
        work(&home, &first);
        let former = first.ask_version();
        let Some(upgraded) = follow(first, "plain", &home) else { return };
        assert_ne!(upgraded.ask_version(), former);
        everything_works(&home, &upgraded, 2, 1);
        train(&home, &upgraded, "3", &[]);
        upgraded.promote(&home, NAME, 3, &[]).expect(0);
        let Some(moved) = follow(upgraded, "workspaces", &home) else { return };
        everything_works(&home, &moved, 3, 1);
        // A team's own model of that name is another model.
        let _ = moved.ask_path("api/3.0/mlflow/workspaces", json!({ "name": "team-a" }));
        let team = [("MLFLOW_WORKSPACE", "team-a")];
        train(&home, &moved, "4", &team);
        let promote = ["ml", "models", "promote", &format!("{NAME}@1"), "--confirm", NAME, "--force-gate", "--reason", "test"];
        let plan = home.run_with(&[&promote[..], &["--registry", &moved.url]].concat(), &team).expect(0);
        assert!(format!("{}{}", plan.stdout, plan.stderr).contains("team-a"), "{}{}", plan.stdout, plan.stderr);
        assert_eq!((serving(&home, &moved, &team), serving(&home, &moved, &[])), (Some(1), Some(1)));
        let versions = |variables: &[(&str, &str)]| -> Vec<Value> {
            let words = ["ml", "models", "list", NAME, "--registry", &moved.url, "-o", "json"];
            home.run_with(&words, variables).json(0)["data"]["items"].as_array().expect("items").clone()
        };
        assert_ne!(versions(&[]), versions(&team));
    }
}
