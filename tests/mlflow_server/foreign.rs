//! What Python registered before, read without Python.

use crate::support::{Home, servers, unique};

#[test]
fn models_that_python_registered_are_shown_compared_and_validated() {
    for server in servers() {
        let home = Home::new();
        home.write_tickets("tickets.ndjson", 300);
        let made = server.python(&home, "register_foreign.py", &[&server.url, &unique("python")]);
        let made = made.as_object().expect("names by kind");
        assert!(made.len() >= 2);
        for (kind, name) in made {
            let version = format!("{}@1", name.as_str().expect("a name"));
            let shown = server.run(&home, &["ml", "models", "show", &version, "-o", "json"]).json(0);
            assert_eq!(shown["data"]["metrics"]["mae_pct"], 12.5, "{kind}: {shown:#}");
            let compare = ["ml", "models", "compare", &version, &version, "--tickets", "tickets.ndjson", "-o", "json"];
            let compared = server.run(&home, &compare);
            let validated = server.run(&home, &["ml", "validate", &version, "--tickets", "tickets.ndjson", "-o", "json"]);
            if kind == "linear" {
                assert!(
                    compared.stdout.contains("LinearRegression") || compared.stderr.contains("LinearRegression"),
                    "{}",
                    compared.stdout
                );
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
