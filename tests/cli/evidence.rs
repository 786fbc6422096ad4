//! A classifier that was judged as a file is promoted on what was found, where the file is one of the version's.

use std::path::Path;

use serde_json::Value;

use crate::support::{Home, json, ran};

const REPORT: &str = "reports/technical_validation_report.json";

/// The technical specialist's classifier as version 1 of its model, and a report about the same file.
fn judged() -> Home {
    let home = Home::new();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/fixtures");
    for (file, folder) in [("technical_model.pkl", "models"), ("technical_test.csv", "data"), ("runtime_model.pkl", "other")] {
        home.write(&format!("{folder}/{file}"), std::fs::read(fixtures.join(file)).expect("a fixture"));
    }
    ran(&home, "ml models register models/technical_model.pkl --name technical-evaluator").expect(0);
    ran(&home, "ml validate --models-dir models --test-data data --report reports").expect(0);
    home
}

#[test]
fn a_classifier_is_promoted_on_the_evidence_of_its_own_file() {
    let home = judged();
    let named = "ml models promote technical-evaluator@1";
    // What was claimed at registration passes nothing.
    let claimed = json(&home, &format!("{named} --dry-run"), 3).to_string();
    assert!(claimed.contains("claimed"), "{claimed}");
    let plan = json(&home, &format!("{named} --evidence {REPORT} --dry-run"), 0)["data"]["plan"].clone();
    let report: Value = serde_json::from_slice(&std::fs::read(home.path().join(REPORT)).expect("a report")).expect("JSON");
    let criteria = plan["gate"]["criteria"].as_array().expect("criteria");
    let value = |metric: &str| criteria.iter().find(|one| one["metric"] == metric).expect(metric)["value"].clone();
    assert_eq!(value("f1_macro"), report["details"]["metrics"]["f1_macro"]);
    assert_eq!((value("judged_tickets"), value("positives")), (150.0.into(), 44.0.into()), "the rarest class has 44 of 150 rows");
    let sha256 = report["details"]["sha256"].as_str().expect("a digest");
    assert!(plan["measured_on"].as_str().is_some_and(|on| on.contains(sha256) && on.contains(REPORT)), "{plan:#}");
    let done = json(&home, &format!("{named} --evidence {REPORT} --confirm technical-evaluator"), 0)["data"].clone();
    let record = json(&home, &format!("audit show {}", done["audit_id"].as_str().expect("an id")), 0).to_string();
    assert!(record.contains(sha256), "{record}");
    assert_eq!(json(&home, "ml models show technical-evaluator@1", 0)["data"]["stage"], "Production");
}

#[test]
fn a_gate_is_not_passed_by_evidence_that_is_bad_or_of_another_file() {
    let home = judged();
    ran(&home, "ml models register other/runtime_model.pkl --name technical-evaluator").expect(0);
    let said = ran(&home, &format!("ml models promote technical-evaluator@2 --evidence {REPORT} --dry-run")).expect(11).stderr;
    assert!(said.contains("is about a file that technical-evaluator@2 does not hold"), "{said}");
    // Bad rows are bad evidence.
    let table = std::fs::read_to_string(home.path().join("data/technical_test.csv")).expect("a table");
    let turned: String =
        table.lines().map(|line| line.strip_prefix("0,").map_or(format!("{line}\n"), |rest| format!("2,{rest}\n"))).collect();
    home.write("data/technical_test.csv", turned);
    ran(&home, "ml validate --models-dir models --test-data data --report reports").expect(3);
    let causes = json(&home, &format!("ml models promote technical-evaluator@1 --evidence {REPORT} --dry-run"), 3).to_string();
    assert!(causes.contains("accuracy is "), "{causes}");
    for text in ["{}", "no JSON", "{\"details\": {}}"] {
        home.write("no.json", text);
        ran(&home, "ml models promote technical-evaluator@1 --evidence no.json --dry-run").expect(11);
    }
    ran(&home, "ml models promote technical-evaluator@1 --evidence absent.json --dry-run").expect(4);
    // The policy's rule for the name judges the evidence too.
    home.write("data/technical_test.csv", table);
    ran(&home, "ml validate --models-dir models --test-data data --report reports").expect(0);
    home.write("policy.yaml", "models:\n  technical-evaluator:\n    accuracy: \">= 0.999\"\n");
    let causes = json(&home, &format!("ml models promote technical-evaluator@1 --evidence {REPORT} --policy policy.yaml --dry-run"), 3);
    assert!(causes.to_string().contains("required >= 0.999 (policy.yaml:3)"), "{causes:#}");
}

#[test]
fn a_version_that_a_table_judged_is_promoted_on_that_report() {
    let home = judged();
    ran(&home, "ml validate technical-evaluator@1 --test-data data/technical_test.csv --report reports").expect(0);
    let report = "reports/technical-evaluator@1_validation_report.json";
    let plan = json(&home, &format!("ml models promote technical-evaluator@1 --evidence {report} --dry-run"), 0)["data"]["plan"].clone();
    assert_eq!(plan["gate"]["passed"], true, "{plan:#}");
}
