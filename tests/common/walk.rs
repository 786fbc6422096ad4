//! What `tests/python/walk_model.py` and `run_inputs.py` found.

use std::path::Path;

use serde_json::Value;

/// Fewer steps than this are no walk.
const FEWEST_STEPS: usize = 50;

/// What a single file lacks: its package names neither what has to be installed nor a run.
const LACKING_IN_A_FILE: [&str; 2] = ["get_model_dependencies", "info.model_uri is loaded"];

/// Every step that works with the model that MLflow made and not with one of `versions`.
///
/// A model of a single file is called `bare…`; it has no input example and no logged model.
pub fn failures(found: &Value, versions: &[String]) -> Vec<String> {
    let of = |name: &str| found["walked"][name].as_object().unwrap_or_else(|| panic!("{name} in {found:#}"));
    let wanted: Vec<&String> = of("mlflow").iter().filter(|(_, outcome)| *outcome == "works").map(|(step, _)| step).collect();
    assert!(wanted.len() >= FEWEST_STEPS, "{found:#}");
    let mut failures = Vec::new();
    for version in versions {
        let outcomes = of(version);
        let is_file = version.starts_with("bare");
        let of_a_file = |step: &str| !step.starts_with("example") && !step.contains("logged") && !LACKING_IN_A_FILE.contains(&step);
        for step in wanted.iter().filter(|step| !is_file || of_a_file(step)) {
            let outcome = outcomes.get(*step).and_then(Value::as_str).unwrap_or("it cannot be tried");
            if outcome != "works" {
                failures.push(format!("{version}, {step}: {outcome}"));
            }
        }
    }
    failures
}

/// The run that made a version of 600 made-up tickets or less says where they are, what they are and for what they were taken.
pub fn names_tickets(seen: &Value, file: &Path) {
    let inputs = seen["inputs"].as_array().unwrap_or_else(|| panic!("{seen:#}"));
    let [input] = inputs.as_slice() else { panic!("{seen:#}") };
    assert_eq!((&input["name"], &input["context"]), (&"tickets.ndjson".into(), &"training".into()), "{seen:#}");
    assert_eq!(input["digest"].as_str().map(str::len), Some(32), "{seen:#}");
    let opened = input["opened"].as_str().map(std::fs::canonicalize).expect("MLflow opens it").expect("a file");
    assert_eq!(opened, file.canonicalize().expect("the tickets"), "{seen:#}");
    let profile = &input["profile"];
    let rows = |key: &str| profile[key].as_u64().unwrap_or_else(|| panic!("{key} in {seen:#}"));
    assert_eq!(rows("rows_that_taught") + rows("rows_that_judged"), rows("num_rows"), "{seen:#}");
    assert!((500..=600).contains(&rows("num_rows")) && profile["made_up"] == true, "{seen:#}");
    assert!(profile["first_created_at"].as_str() < profile["last_created_at"].as_str(), "{seen:#}");
}
