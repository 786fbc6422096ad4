//! What passes, what does not, and what then happens to the version.

use serde_json::Value;

use crate::support::{Home, Ran, ticket};

#[must_use]
fn train(home: &Home, more: &[&str]) -> Ran {
    let arguments: Vec<&str> =
        ["ml", "train", "--model", "duration", "--tickets", "t.ndjson", "-o", "json"].iter().chain(more).copied().collect();
    home.run(&arguments)
}

fn model(document: &Value) -> &Value {
    &document["data"]["models"][0]
}

#[test]
fn a_failed_gate_registers_without_a_stage_and_ends_with_3_only_when_asked() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 800);
    home.write("strict.yaml", "duration:\n  mae_pct: \"< 0.001\"\n");
    let document = train(&home, &["--policy", "strict.yaml"]).json(0);
    assert_eq!((&model(&document)["stage"], &model(&document)["gate"]["passed"]), (&Value::from("None"), &Value::from(false)));
    let document = train(&home, &["--policy", "strict.yaml", "--require-gate", "--promote-if-better"]).json(3);
    assert_eq!((&document["data"]["exit_code"], &model(&document)["stage"]), (&Value::from(3), &Value::from("None")));
    let shown = home.run(&["ml", "models", "show", "duration@2", "-o", "json"]).json(0);
    assert_eq!(shown["data"]["gate"]["criteria"][0]["threshold"], 0.001);
}

#[test]
fn the_guides_thresholds_are_ratios() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 400);
    let arguments = ["ml", "train", "--model", "duration", "--dry-run", "--tickets", "t.ndjson", "-o", "json"];
    let document = home.run_with(&arguments, &[("ML_DURATION_ERROR_THRESHOLD", "0.4")]).json(0);
    assert_eq!(model(&document)["gate"]["criteria"][0]["threshold"], 40.0);
    let ran = home.run_with(&arguments, &[("ML_DURATION_ERROR_THRESHOLD", "15")]).expect(11);
    assert!(ran.stderr.contains("0.15") && ran.stderr.contains("ML_DURATION_ERROR_THRESHOLD"), "{}", ran.stderr);
}

#[test]
fn without_a_champion_the_gate_decides_and_an_equal_model_does_not_replace_it() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 1_200);
    let first = train(&home, &["--promote-if-better"]).json(0);
    assert_eq!(
        (&model(&first)["stage"], &model(&first)["promoted"], &model(&first)["champion"]),
        (&Value::from("Production"), &Value::from(true), &Value::Null)
    );
    let second = train(&home, &["--promote-if-better"]).json(0);
    assert_eq!((&model(&second)["stage"], &model(&second)["promoted"]), (&Value::from("Staging"), &Value::from(false)));
    assert_eq!(model(&second)["champion"]["version"], 1);
    assert!(model(&second)["held_back"].is_string());
}

#[test]
fn a_better_model_takes_over_and_archives_the_champion() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 1_200);
    let weak = train(&home, &["--promote-if-better", "--trees", "1", "--depth", "2", "--policy", "lax.yaml"]);
    assert_eq!(weak.code, 4, "a policy that is not there is said so: {}", weak.stderr);
    home.write("lax.yaml", "duration:\n  mae_pct: \"< 500\"\n");
    let weak = train(&home, &["--promote-if-better", "--trees", "1", "--depth", "2", "--policy", "lax.yaml"]).json(0);
    assert_eq!(model(&weak)["stage"], "Production");
    let strong = train(&home, &["--promote-if-better"]).json(0);
    let strong = model(&strong);
    assert_eq!(
        (&strong["stage"], &strong["champion"]["version"], &strong["champion"]["better"]),
        (&Value::from("Production"), &Value::from(1), &Value::from(true)),
        "{strong:#}"
    );
    let versions = home.run(&["ml", "models", "list", "duration", "-o", "json"]).json(0);
    let stages: Vec<&str> = versions["data"]["items"].as_array().expect("items").iter().filter_map(|item| item["stage"].as_str()).collect();
    assert_eq!(stages, ["Production", "Archived"]);
    assert_eq!(versions["data"]["items"][0]["aliases"][0], "champion");
}

#[test]
fn one_kind_failing_leaves_the_other_and_ends_with_12() {
    let home = Home::new();
    // Equal outcomes throughout: nothing is an anomaly, but durations can be learned.
    let lines: String = (0..400)
        .map(|index| {
            let mut ticket = ticket(index);
            ticket["ticket_id"] = format!("same-{index}").into();
            format!("{ticket}\n")
        })
        .collect();
    home.write("t.ndjson", lines);
    let ran = home.run(&["ml", "train", "--tickets", "t.ndjson", "--max-samples", "0", "-o", "json"]);
    let document = ran.json(12);
    assert_eq!(document["data"]["exit_code"], 12);
    assert_eq!(document["data"]["models"].as_array().map(Vec::len), Some(1));
    assert_eq!(document["data"]["failures"][0]["model"], "anomaly");
}

#[test]
fn a_dry_run_writes_nothing_at_all() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 400);
    let before = listing(&home);
    let document = train(&home, &["--dry-run", "--promote-if-better"]).json(0);
    assert!(model(&document)["version"].is_null() && model(&document)["stage"].is_null());
    assert_eq!(listing(&home), before);
}

#[test]
fn a_protected_context_wants_the_name_before_it_promotes() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 400);
    std::fs::create_dir_all(home.path().join(".config/hivectl")).expect("a folder");
    home.write(".config/hivectl/config.yaml", "current_context: prod\ncontexts:\n  prod:\n    registry: prod.db\n    protected: yes\n");
    let refused = train(&home, &["--promote-if-better"]).json(5);
    assert!(refused["error"]["hints"][0].as_str().expect("a hint").contains("--confirm ticket-duration-predictor"));
    assert!(!home.path().join("prod.db").exists());
    train(&home, &["--promote-if-better", "--confirm", "ticket-duration-predictor"]).expect(0);
    assert!(home.path().join("prod.db").exists());
}

fn listing(home: &Home) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![home.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            found.push(path.display().to_string());
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    found.sort();
    found
}
