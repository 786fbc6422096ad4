//! `ml predict`: one object a ticket, and a reader that leaves early.

use serde_json::Value;

use crate::support::{Home, fields, trained};

#[test]
fn predict_answers_one_object_a_ticket() {
    let (home, _) = trained();
    let lines = home.run(&["ml", "predict", "--model", "duration", "--tickets", "t.ndjson", "-o", "jsonl"]).expect(0).stdout;
    let first: Value = serde_json::from_str(lines.lines().next().expect("a line")).expect("an object");
    fields(
        &first,
        &["ticket_id", "duration_ms", "duration_low_ms", "duration_high_ms", "sla_breach_probability", "model_name", "model_version"],
    );
    assert_eq!(lines.lines().count(), 1_200);
    assert!(
        first["duration_low_ms"].as_f64() <= first["duration_ms"].as_f64()
            && first["duration_ms"].as_f64() <= first["duration_high_ms"].as_f64()
    );

    let lines = home.run(&["ml", "predict", "--model", "anomaly", "--tickets", "t.ndjson", "-o", "jsonl"]).expect(0).stdout;
    let strange: Value = serde_json::from_str(lines.lines().nth(11).expect("a line")).expect("an object");
    fields(&strange, &["ticket_id", "anomaly_score", "is_anomaly", "anomaly_type", "reasons", "model_name", "model_version"]);
    assert_eq!(strange["is_anomaly"], true, "{strange:#}");
    let reasons: Vec<&str> =
        strange["reasons"].as_array().expect("reasons").iter().filter_map(|reason| reason["feature"].as_str()).collect();
    assert!(reasons.iter().any(|feature| ["capabilities_count", "parameters_size", "retry_count"].contains(feature)), "{reasons:?}");
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    use std::process::Stdio;
    let home = Home::new();
    home.write_tickets("t.ndjson", 20_000);
    home.run(&["ml", "train", "--model", "duration", "--trees", "5", "--window-days", "400", "--tickets", "t.ndjson"]).expect(0);
    let mut child = home
        .command(&["ml", "predict", "--model", "duration", "--tickets", "t.ndjson", "-o", "jsonl"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("hivectl starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("hivectl ends");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}
