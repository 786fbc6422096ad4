//! `config list` and `get`: every value with the place it comes from.

use crate::support::Home;

#[test]
fn every_value_names_its_origin() {
    let home = Home::new();
    std::fs::create_dir_all(home.path().join(".config/hivectl")).expect("a folder");
    home.write(".config/hivectl/config.yaml", "min_samples: 250\ncontexts:\n  team:\n    registry: team.db\n");
    home.write(".hivectl.yaml", "window_days: 60\n");
    let document = home.run_with(&["config", "list", "--registry", "flag.db", "-o", "json"], &[("MLFLOW_EXPERIMENT_NAME", "mine")]).json(0);
    let origin = |key: &str| {
        let items = document["data"]["items"].as_array().expect("items");
        let item = items.iter().find(|item| item["key"] == key).expect("the key");
        (item["value"].as_str().unwrap_or_default().to_owned(), item["origin"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(origin("registry"), ("flag.db".into(), "--registry".into()));
    assert_eq!(origin("experiment"), ("mine".into(), "environment MLFLOW_EXPERIMENT_NAME".into()));
    assert_eq!(origin("window_days"), ("60".into(), ".hivectl.yaml:1".into()));
    assert!(origin("min_samples").1.ends_with(".config/hivectl/config.yaml:1"));
    assert_eq!(origin("contamination"), ("0.05".into(), "default".into()));
    let document = home.run(&["config", "list", "--context", "team", "-o", "json"]).json(0);
    assert_eq!(document["data"]["current_context"], "team");
}

#[test]
fn registries_are_named_in_every_way_and_absent_ones_answer_rightly() {
    let home = Home::new();
    let ran = home.run(&["ml", "models", "list"]).expect(0);
    assert!(ran.stderr.contains("no models match"), "{}", ran.stderr);
    assert!(!home.has_registry());
    for place in ["absent.db", "sqlite:///absent.db"] {
        let ran = home.run(&["ml", "models", "list", "--registry", place]).expect(4);
        assert!(ran.stderr.contains("absent.db"), "{}", ran.stderr);
    }
    let ran = home.run(&["ml", "models", "list", "--registry", "ftp://x"]).expect(2);
    assert!(ran.stderr.contains("embedded"), "{}", ran.stderr);
    let ran = home.run(&["ml", "models", "list", "--registry", "http://user:canary@host"]).expect(2);
    assert!(!ran.stderr.contains("canary") && ran.stderr.contains("MLFLOW_TRACKING_PASSWORD"), "{}", ran.stderr);
    home.write_tickets("t.ndjson", 200);
    let deep = home.path().join("a/b/c.db").display().to_string();
    let _ =
        home.run(&["ml", "train", "--model", "duration", "--tickets", "t.ndjson", "--registry", &format!("sqlite:///{deep}")]).expect(0);
    assert!(home.path().join("a/b/c.db").exists());
}

#[test]
fn the_context_in_force_stands_in_every_document_and_v_says_what_is_set() {
    let home = Home::new();
    std::fs::create_dir_all(home.path().join(".config/hivectl")).expect("a folder");
    home.write(".config/hivectl/config.yaml", "current_context: team\ncontexts:\n  team:\n    window_days: 7\n");
    let ran = home.run(&["ml", "models", "list", "-v", "-o", "json"]);
    assert!(ran.stderr.contains("window_days = 7 (context team"), "{}", ran.stderr);
    assert_eq!(ran.json(0)["context"], "team");
}

pub const FILE: &str = "# ours\ncurrent_context: test\nwindow_days: 90 # a season\ncontexts:\n  prod:\n    registry: prod.db\n    protected: yes\n  test:\n    registry: test.db\n    prometheus: http://metrics:9090\n    namespace: ml\n";

#[test]
fn every_layer_wins_over_the_one_below_and_names_itself() {
    let home = Home::new();
    home.write_config(FILE);
    home.write(".hivectl.yaml", "window_days: 30\n");
    let get = |words: &[&str], variables: &[(&str, &str)]| {
        let data = home.run_with(&[&["config", "get", "registry", "-o", "json"], words].concat(), variables).json(0)["data"].clone();
        (data["value"].as_str().unwrap_or_default().to_owned(), data["origin"].as_str().unwrap_or_default().to_owned())
    };
    let ends = |found: (String, String), value: &str, origin: &str| assert!(found.0 == value && found.1.contains(origin), "{found:?}");
    ends(get(&[], &[]), "test.db", "context test, ");
    ends(get(&["--context", "prod"], &[]), "prod.db", "config.yaml:6");
    ends(get(&[], &[("MLFLOW_TRACKING_URI", "e.db")]), "e.db", "environment MLFLOW_TRACKING_URI");
    ends(get(&[], &[("MLFLOW_TRACKING_URI", "e.db"), ("HIVECTL_REGISTRY", "h.db")]), "h.db", "environment HIVECTL_REGISTRY");
    ends(get(&["--registry", "f.db"], &[("HIVECTL_REGISTRY", "h.db")]), "f.db", "--registry");
    ends(get(&[], &[("HIVECTL_CONTEXT", "prod")]), "prod.db", "context prod");
    let window = home.run(&["config", "get", "window_days", "-o", "json"]).json(0);
    assert_eq!((window["data"]["value"].as_str(), window["data"]["origin"].as_str()), (Some("30"), Some(".hivectl.yaml:1")));
    let namespace = home.run(&["config", "get", "namespace"]).expect(0);
    assert_eq!(namespace.stdout, "ml\n");
    let error = home.run(&["config", "get", "registri"]).expect(2);
    assert!(error.stderr.contains("did you mean 'registry'?"), "{}", error.stderr);
}
