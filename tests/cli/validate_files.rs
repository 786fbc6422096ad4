//! Model files that are not registered, judged on the test data beside them.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::Home;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/fixtures")
}

/// A home with the models and test data of these names.
fn with(names: &[&str]) -> Home {
    let home = Home::new();
    for folder in ["models", "data"] {
        std::fs::create_dir(home.path().join(folder)).expect("a folder");
    }
    for name in names {
        for (folder, file) in [("models", format!("{name}_model.pkl")), ("data", format!("{name}_test.csv"))] {
            std::fs::copy(fixtures().join(&file), home.path().join(folder).join(&file)).expect("a fixture");
        }
    }
    home
}

const WORDS: [&str; 6] = ["ml", "validate", "--models-dir", "models", "--test-data", "data"];

fn validate(home: &Home, more: &[&str], code: i32) -> Value {
    home.run(&[&WORDS, more, &["-o", "json"]].concat()).json(code)["data"]["models"].clone()
}

fn check<'a>(model: &'a Value, id: &str) -> &'a Value {
    model["checks"].as_array().expect("checks").iter().find(|check| check["id"] == id).unwrap_or_else(|| panic!("{id} in {model:#}"))
}

fn near(ours: &Value, theirs: &Value) -> bool {
    match (ours.as_f64(), theirs.as_f64()) {
        (Some(ours), Some(theirs)) => (ours - theirs).abs() <= 1e-9 * theirs.abs().max(1.0),
        _ => false,
    }
}

#[test]
fn scikit_learn_says_the_same_numbers() {
    let home = with(&["technical", "evolution", "runtime", "oddity"]);
    let expected: Value = serde_json::from_slice(&std::fs::read(fixtures().join("expected.json")).expect("a fixture")).expect("JSON");
    let models = validate(&home, &["--report", "reports"], 3);
    let of = |name: &str| models.as_array().expect("models").iter().find(|model| model["name"] == name).expect(name).clone();
    let technical = of("technical");
    for metric in ["accuracy", "precision_macro", "recall_macro", "f1_macro", "confidence_mean", "confidence_std"] {
        assert!(near(&technical["metrics"][metric], &expected["technical"][metric]), "{metric}: {technical:#}");
    }
    assert_eq!(technical["confusion_matrix"], expected["technical"]["confusion_matrix"]);
    for class in technical["classes"].as_array().expect("classes") {
        for metric in ["precision", "recall"] {
            let theirs = &expected["technical"][format!("{metric}_per_class")][class["class"].to_string().trim_end_matches(".0")];
            assert!(near(&class[metric], theirs), "{metric} of {class:#}");
        }
    }
    assert_eq!((&technical["passed"], &technical["kind"]), (&Value::from(true), &Value::from("classifier")));
    assert_eq!(of("evolution")["passed"], false);
    assert!(near(&of("runtime")["metrics"]["mae"], &expected["runtime"]["mae"]));
    assert_eq!((&of("runtime")["passed"], &of("runtime")["kind"]), (&Value::from(true), &Value::from("regression")));
    for metric in ["precision", "recall"] {
        assert!(near(&of("oddity")["metrics"][metric], &expected["oddity"][metric]), "{metric}");
    }
    let report: Value =
        serde_json::from_slice(&std::fs::read(home.path().join("reports/technical_validation_report.json")).expect("a report"))
            .expect("JSON");
    assert_eq!(report["validation_report"]["passed"], true);
    assert!(near(&report["validation_report"]["f1_macro"], &expected["technical"]["f1_macro"]), "{report:#}");
    let markdown = std::fs::read_to_string(home.path().join("reports/evolution_validation_report.md")).expect("a report");
    assert!(markdown.starts_with("# evolution: FAILED") && markdown.contains("| is 0 |"), "{markdown}");
    assert_eq!(std::fs::read_dir(home.path().join("reports")).expect("a folder").count(), 8, "four models, two reports each, nothing else");
    assert!(!home.has_registry());
}

#[test]
fn what_passes_ends_with_0_and_the_thresholds_are_the_systems() {
    let home = with(&["technical", "runtime"]);
    let models = validate(&home, &[], 0);
    let criteria: Vec<String> = models[1]["gate"]["criteria"]
        .as_array()
        .expect("criteria")
        .iter()
        .map(|one| {
            format!("{} {} {}", one["metric"].as_str().expect("a word"), one["operator"].as_str().expect("a sign"), one["threshold"])
        })
        .collect();
    assert_eq!(
        criteria,
        [
            "confidence_mean >= 0.7",
            "f1_macro >= 0.65",
            "lowest_class_precision >= 0.6",
            "lowest_class_recall >= 0.6",
            "accuracy >= 0.65",
            "judged_tickets >= 30.0",
            "positives >= 10.0"
        ]
    );
    home.write("strict.yaml", "specialist:\n  accuracy: \">= 0.99\"\n");
    let models = validate(&home, &["--policy", "strict.yaml"], 3);
    assert_eq!(check(&models[1], "gate")["state"], "fail");
}

#[test]
fn a_missing_pair_fails_and_missing_labels_pass_nothing() {
    let home = with(&["technical"]);
    home.write("models/lonely_model.pkl", std::fs::read(fixtures().join("runtime_model.pkl")).expect("a fixture"));
    home.write("data/orphan_test.csv", "label,a\n0,1\n");
    let models = validate(&home, &[], 3);
    for (place, word) in [(0, "there is no data/lonely_test.csv (or .parquet,"), (1, "there is no models/orphan_model.pkl (or .joblib,")] {
        let pair = check(&models[place], "pair");
        assert!(pair["state"] == "fail" && pair["evidence"].as_str().is_some_and(|why| why.contains(word)), "{pair:#}");
    }
    assert_eq!(models[2]["passed"], true);

    let home = with(&["technical"]);
    let table = std::fs::read_to_string(fixtures().join("technical_test.csv")).expect("a fixture");
    let without: String =
        table.lines().enumerate().map(|(row, line)| if row == 0 { line.to_owned() } else { line[1..].to_owned() } + "\n").collect();
    home.write("data/technical_test.csv", &without);
    let models = validate(&home, &[], 14);
    assert_eq!((&check(&models[0], "labels")["state"], &models[0]["passed"]), (&Value::from("skipped"), &Value::from(false)));

    // Labels that the model was never taught judge nothing, and are told beside its own.
    let renamed: String =
        table.lines().enumerate().map(|(row, line)| if row == 0 { line.to_owned() } else { format!("w{line}") } + "\n").collect();
    home.write("data/technical_test.csv", &renamed);
    let models = validate(&home, &[], 3);
    let gate = check(&models[0], "gate")["evidence"].as_str().unwrap_or_default().to_owned();
    assert!(gate.starts_with("no row is of a class that the model tells: it tells 0, 1, 2, the rows are of w0, w1, w2"), "{gate}");

    // A class that no row is of was not measured, so it does not pass.
    let two: String = table.lines().filter(|line| !line.starts_with("2,")).map(|line| format!("{line}\n")).collect();
    home.write("data/technical_test.csv", &two);
    let models = validate(&home, &[], 3);
    assert!(check(&models[0], "gate")["evidence"].as_str().is_some_and(|told| told.contains("lowest_class_recall missing")), "{models:#}");

    let few: String = table.lines().take(20).map(|line| format!("{line}\n")).collect();
    home.write("data/technical_test.csv", &few);
    let _ = validate(&home, &[], 14);
    home.write("data/technical_test.csv", table.replace("risk_score", "risk"));
    let models = validate(&home, &[], 3);
    assert!(check(&models[0], "test_data")["evidence"].as_str().is_some_and(|why| why.contains("'risk_score'")), "{models:#}");
    home.write("models/technical_model.pkl", "no model");
    let models = validate(&home, &[], 3);
    assert_eq!(check(&models[0], "model")["state"], "fail");
}

#[test]
fn the_words_belong_together() {
    let home = with(&[]);
    home.run(&["ml", "validate", "--models-dir", "models"]).expect(2);
    home.run(&["ml", "validate", "--test-data", "data"]).expect(2);
    home.run(&["ml", "validate", "--report", "reports"]).expect(2);
    home.run(&[&WORDS, ["--no-metrics"].as_slice()].concat()).expect(2);
    let nothing = home.run(&WORDS).expect(4);
    assert!(nothing.stderr.contains("NAME_test.csv"), "{}", nothing.stderr);
    home.run(&["ml", "validate", "--models-dir", "absent", "--test-data", "data"]).expect(4);
}

#[test]
fn a_version_is_told_apart_from_its_export() {
    let home = Home::new();
    home.write_tickets("tickets.ndjson", 300);
    home.run(&["ml", "train", "--model", "duration", "--tickets", "tickets.ndjson", "--trees", "3"]).expect(0);
    let inspected = home.run(&["ml", "models", "inspect", "duration@1", "-o", "json"]).json(0);
    assert_eq!(inspected["data"]["trees"], 3, "{inspected:#}");
    home.run(&["ml", "models", "export", "duration@1", "model.tar"]).expect(0);
    let export = home.run(&["ml", "models", "inspect", "model.tar", "-o", "json"]).json(11);
    assert!(export["error"]["hints"].to_string().contains("hivectl ml models import model.tar"), "{export:#}");
}
