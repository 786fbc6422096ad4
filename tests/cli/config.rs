//! Settings and where they come from.

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
fn a_wrong_file_is_refused_with_its_line() {
    let home = Home::new();
    home.write(".hivectl.yaml", "window_days: 60\nmin_sample: 1\n");
    let ran = home.run(&["config", "list"]).expect(11);
    assert!(ran.stderr.contains(".hivectl.yaml:2") && ran.stderr.contains("min_samples"), "{}", ran.stderr);
    home.write(".hivectl.yaml", "window_days: many\n");
    let ran = home.run(&["ml", "train", "--tickets", "t"]).expect(11);
    assert!(ran.stderr.contains(".hivectl.yaml:1"), "{}", ran.stderr);
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
