//! `-o csv`: rows where the result is rows, and a refusal before anything is done elsewhere.

use crate::support::{Home, MODEL};

#[test]
fn every_command_with_rows_answers_with_them() {
    let home = Home::with_models();
    home.write_config("contexts:\n  prod:\n    registry: p.db\n");
    for verb in hivectl::cli::verbs().iter().filter(|verb| verb.has_rows) {
        let words = verb.words;
        let more = match words {
            "ml predict" => " --model duration --tickets tickets.parquet".to_owned(),
            "ml stats" => " --durations --tickets tickets.parquet --window 30d".to_owned(),
            "ml forecast" => " --tickets tickets.parquet --origins 8 --horizon 6h --bucket 1h".to_owned(),
            "ml models history" => format!(" {MODEL}"),
            "ml drift baseline list" => format!(" {MODEL}"),
            _ => String::new(),
        };
        let ran = home.type_line(&format!("hivectl {words}{more} -o csv")).expect(0);
        let mut reader = csv::Reader::from_reader(ran.stdout.as_bytes());
        // As many cells in every row as there are headers, or the reader fails.
        let rows = reader.records().collect::<Result<Vec<_>, _>>().unwrap_or_else(|error| panic!("{words}: {error}\n{}", ran.stdout));
        for cell in rows.iter().flat_map(csv::StringRecord::iter) {
            let is_json = serde_json::from_str::<serde_json::Value>(cell).is_ok_and(|value| value.is_object() || value.is_array());
            assert!(!is_json, "{words}: {cell}");
        }
        let empty = matches!(words, "ml models cache list" | "ml drift history");
        assert!(empty || !rows.is_empty() && ran.stdout.lines().next().is_some_and(|line| line.contains(',')), "{words}: {}", ran.stdout);
    }
    let listed = home.run(&["ml", "models", "list", "-o", "csv"]).expect(0);
    assert!(listed.stdout.starts_with("name,") && listed.stdout.contains(&format!("\n{MODEL},")), "{}", listed.stdout);
}

#[test]
fn a_command_without_rows_refuses_csv_and_does_nothing() {
    let home = Home::with_models();
    let before = home.run(&["audit", "log", "-o", "json"]).json(0)["data"].to_string();
    for line in [
        format!("ml models promote {MODEL}@3 --confirm {MODEL}@3"),
        format!("ml models tag {MODEL}@1 a=b"),
        "ml train --tickets tickets.parquet --trees 3".to_owned(),
        "config set window_days 3".to_owned(),
        format!("ml models show {MODEL}@1"),
        "version".to_owned(),
    ] {
        let refused = home.type_line(&format!("hivectl {line} -o csv")).expect(2);
        assert!(
            refused.stderr.contains("no rows") && refused.stderr.contains("table, wide, json, yaml, name, jsonl"),
            "{}",
            refused.stderr
        );
        assert_eq!(refused.stdout, "");
    }
    assert_eq!((home.run(&["audit", "log", "-o", "json"]).json(0)["data"].to_string(), home.config()), (before, String::new()));
}
