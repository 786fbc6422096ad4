//! `ml models list --filter`: globs, and the filters of MLflow with MLflow's answers.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::common::python::python;
use crate::support::{Home, trained};

/// Filters that MLflow and hivectl read alike, or refuse alike.
const FILTERS: [&str; 44] = [
    "name = 'load-predictor-60m'",
    "name='load-predictor-60m'",
    "  name   =   'Ticket-Upper' ",
    "name = \"Ticket-Upper\"",
    "name != 'load-predictor-60m'",
    "name LIKE 'ticket-%'",
    "name like 'ticket-%'",
    "name ILIKE 'ticket-%'",
    "name LIKE 'Ticket-%'",
    "name LIKE '%\\%%'",
    "name LIKE '100%'",
    "name LIKE '%_60m'",
    "name LIKE 'ticket'",
    "name LIKE ''",
    "name LIKE '%'",
    "name ILIKE '%É%'",
    "attribute.name = 'Ticket-Upper'",
    "tags.team = 'load'",
    "tag.team = 'load'",
    "tags.team != 'load'",
    "tags.missing != 'x'",
    "tags.none = ''",
    "tags.team LIKE 'Orch%'",
    "tags.team ILIKE 'orch%'",
    "tags.`my key` = 'a b'",
    "tags.\"my key\" = 'a b'",
    "tags.a.b = \"it's\"",
    "tags.`a.b` LIKE 'it%'",
    "tags.mlflow.note = 'x'",
    "tags.team = 'Orchestration' AND tags.tier = '1'",
    "tags.team='load'AND name LIKE 'l%'",
    "name LIKE 'ticket%' and tags.team ILIKE '%TRATION' AND name != 'ticket-anomaly-detector'",
    "name IN ('Ticket-Upper', 'load-predictor-60m')",
    "name NOT IN ('Ticket-Upper')",
    "tags.tier = '1' AND name LIKE '%duration%' AND tags.tier LIKE '_'",
    "attributes.name = 'Ticket-Upper'",
    "tags.tier = 1 AND name = 'x'",
    "name > 'a'",
    "name = 'a' OR name = 'b'",
    "NOT name = 'a'",
    "name == 'Ticket-Upper'",
    "name NOT LIKE 'ticket%'",
    "NAME = 'Ticket-Upper'",
    "(name = 'Ticket-Upper')",
];

fn answers_of_mlflow(python: &str, database: &Path) -> Vec<Option<Vec<String>>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/search_models.py");
    let mut child = Command::new(python)
        .current_dir(database.parent().expect("a folder"))
        .arg(script)
        .arg(database)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Python starts");
    child.stdin.take().expect("piped").write_all(&serde_json::to_vec(&FILTERS[..]).expect("JSON")).expect("written");
    let output = child.wait_with_output().expect("ended");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("a list")
}

#[test]
fn a_filter_finds_what_mlflow_finds_and_is_refused_where_mlflow_refuses_it() {
    let Some(python) = python("HIVECTL_TEST_PYTHON") else { return };
    let home = Home::new();
    let database = home.path().join("mlflow.db");
    let registry = format!("sqlite:///{}", database.display());
    let mut found = 0;
    for (filter, expected) in FILTERS.iter().zip(answers_of_mlflow(&python, &database)) {
        let ran = home.run(&["--registry", &registry, "ml", "models", "list", "--filter", filter, "-o", "name"]);
        let Some(expected) = expected else {
            let ran = ran.expect(2);
            assert!(ran.stderr.contains("at column "), "{filter}: {}", ran.stderr);
            continue;
        };
        // To MLflow nothing is an answer; here it is told.
        let ran = ran.expect(if expected.is_empty() { 4 } else { 0 });
        assert_eq!(ran.stdout.lines().collect::<Vec<_>>(), expected, "{filter}");
        found += usize::from(!expected.is_empty());
    }
    assert!(found >= 24, "{found} filters find something");
}

#[test]
fn what_matches_nothing_is_said_and_ends_4() {
    let (home, _) = trained();
    let names = home.run(&["ml", "models", "list", "--filter", "*-detector", "-o", "name"]).expect(0).stdout;
    assert_eq!(names, "ticket-anomaly-detector\n");
    let ran = home.run(&["ml", "models", "list", "--filter", "load-*"]).expect(4);
    assert!(ran.stderr.contains("matches load-*") && ran.stderr.contains("ticket-duration-predictor"), "{}", ran.stderr);
    // A kind stands for its model in the audit log as everywhere; what is no model at all is told.
    let by_kind = home.run(&["audit", "log", "duration", "-o", "json"]).json(0);
    let by_name = home.run(&["audit", "log", "ticket-duration-predictor", "-o", "json"]).json(0);
    assert_eq!(by_kind["data"]["items"], by_name["data"]["items"]);
    assert!(by_kind["data"]["items"].as_array().is_some_and(|items| !items.is_empty()), "{by_kind:#}");
    let ran = home.run(&["audit", "log", "ticket-duration-predicter"]).expect(4);
    assert!(ran.stderr.contains("did you mean 'ticket-duration-predictor'?"), "{}", ran.stderr);
}

#[test]
fn a_comparison_that_is_missing_beside_and_is_no_glob() {
    let (home, _) = trained();
    for filter in ["name = 'a' AND", "AND name = 'a'", "ticket-* AND", "and ticket-*", "name LIKE '%' and ", "AND"] {
        let refused = home.run(&["ml", "models", "list", "--filter", filter]).expect(2).stderr;
        assert!(refused.contains("the filter cannot be read at column "), "{filter}: {refused}");
    }
}
