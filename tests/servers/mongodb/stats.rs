//! Predictions counted, in both shapes that the platform writes.

use mongodb::bson::{Bson, Document, doc};
use serde_json::Value;

use super::support::{Database, FIRST_MS, Home, ticket};

const HOUR_MS: i64 = 3_600_000;

/// Two writers' shapes, one prediction that is older than its window says, and tickets that teach nothing.
fn predicted() -> Vec<Document> {
    let mut documents: Vec<Document> = (0..12).map(ticket).collect();
    for (index, document) in documents.iter_mut().enumerate() {
        document.insert("actual_duration_ms", 1_000_i64);
        document.insert("created_at", FIRST_MS + HOUR_MS / 2 + index as i64 % 2 * HOUR_MS);
        let predictions = match index {
            0..4 => doc! {
                "duration_ms": 900.0, "duration_confidence": 0.5, "model_name": "m", "model_version": "3",
                "anomaly": { "is_anomaly": index == 0, "anomaly_score": -0.5, "anomaly_type": Bson::Null },
            },
            4..8 => {
                doc! { "duration_ms": 1_300_i64, "confidence": 0.5, "model_type": "random_forest", "anomaly": { "is_anomaly": false, "score": -0.4 } }
            }
            8 => doc! { "duration_ms": 500.0, "model_name": "m", "model_version": "4", "predicted_at": FIRST_MS - 48 * HOUR_MS },
            9 => doc! { "is_anomaly": true },
            10 => doc! { "duration_confidence": 0.5 },
            _ => {
                document.insert("predictions", Bson::Null);
                continue;
            }
        };
        document.insert("predictions", predictions);
    }
    documents[1].insert("status", "RUNNING");
    // Created long ago, predicted within the window.
    let mut late = ticket(50);
    late.insert("created_at", FIRST_MS - 90 * 24 * HOUR_MS);
    late.insert("actual_duration_ms", 2_000_i64);
    late.insert(
        "predictions",
        doc! { "duration_ms": 1_000.0, "model_name": "m", "model_version": "4", "predicted_at": FIRST_MS + HOUR_MS },
    );
    documents.push(late);
    documents
}

#[test]
fn predictions_of_both_shapes_are_counted_with_their_outcomes() {
    let Some(database) = Database::new() else { return };
    let home = Home::new();
    database.insert(predicted());
    home.write_tickets("predicted.ndjson", predicted());
    let words = ["ml", "stats", "--window", "24h", "--as-of", "2026-01-01T12:00:00Z", "-o", "json"];
    let from_server = home.on(&database, &words).data(0);
    let from_file = home.on(&database, &[words.as_slice(), &["--tickets", "predicted.ndjson"]].concat()).data(0);
    let without_counts = |mut data: Value| {
        data["read"] = Value::Null;
        // The written account of the tickets counts the rows read too.
        data["ticket_summary"] = Value::Null;
        data
    };
    assert_eq!(without_counts(from_server.clone()), without_counts(from_file));
    // 4 + 4 + one that says anomaly + the late one; the old one and the two without a statement are not among them.
    assert_eq!((from_server["predictions"].as_u64(), from_server["with_outcome"].as_u64()), (Some(10), Some(8)));
    // Errors: 3 · 100 + 4 · 300 + 1,000 over 7 · 1,000 + 2,000.
    let percent = from_server["mae_pct"].as_f64().expect("a number");
    assert!((percent - 100.0 * 2_500.0 / 9_000.0).abs() < 1e-9, "{percent}");
    assert_eq!((from_server["anomalies"].as_u64(), from_server["anomalies_judged"].as_u64()), (Some(2), Some(9)));
    let of = |list: &str, key: &str, name: Value| {
        let items = from_server[list].as_array().expect("a list").clone();
        items.into_iter().find(|item| item[key] == name).unwrap_or_else(|| panic!("{list} has no {name}"))["predictions"].as_u64()
    };
    assert_eq!((of("by_model", "model_version", "3".into()), of("by_model", "model_version", "4".into())), (Some(4), Some(1)));
    assert_eq!(of("by_model", "model_version", Value::Null), Some(5));
    assert_eq!(of("by_hour", "hour", "2026-01-01T00:00:00Z".into()), Some(4));
    assert_eq!(of("by_task_type", "task_type", "DEPLOY".into()), Some(3));
    let text = home.on(&database, &words[..6]).expect(0);
    assert!(text.stdout.contains("m@3") && text.stdout.contains("(not named)"), "{}", text.stdout);
}

#[test]
fn the_server_counts_durations_as_the_tickets_themselves_do() {
    let Some(database) = Database::new() else { return };
    let home = Home::new();
    let mut documents: Vec<Document> = (0..400).map(ticket).collect();
    for (index, document) in documents.iter_mut().enumerate() {
        let time = |document: &Document, key: &str| document.get_i64(key).expect("a time");
        let (created, started, completed) = (time(document, "created_at"), time(document, "started_at"), time(document, "completed_at"));
        document.insert("status", ["COMPLETED", "completed", "SUCCESS", "FAILED", "RUNNING"][index % 5]);
        match index % 7 {
            0 => drop(document.remove("actual_duration_ms")),
            1 => {
                document.insert("actual_duration_ms", Bson::Null);
                document.insert("started_at", mongodb::bson::DateTime::from_millis(started));
                document.insert("completed_at", mongodb::bson::DateTime::from_millis(completed));
            }
            2 => drop(document.insert("created_at", created as f64 / 1000.0)),
            3 => drop(document.insert("created_at", mongodb::bson::DateTime::from_millis(created))),
            4 => drop(document.insert("actual_duration_ms", Bson::Int64(0))),
            _ => {}
        }
    }
    database.insert(documents.clone());
    home.write_tickets("same.ndjson", documents);
    let words = ["ml", "stats", "--durations", "--window", "40h", "-o", "json"];
    let by_server = home.on(&database, &words).data(0);
    let from_file = home.on(&database, &[words.as_slice(), &["--tickets", "same.ndjson"]].concat()).data(0);
    assert_eq!((by_server["by_server"].as_bool(), from_file["by_server"].as_bool()), (Some(true), Some(false)));
    assert_eq!(by_server["window"], from_file["window"]);
    let (ours, theirs) = (by_server["items"].as_array().expect("groups"), from_file["items"].as_array().expect("groups"));
    assert!(!ours.is_empty() && ours.len() == theirs.len(), "{by_server} {from_file}");
    for (one, other) in ours.iter().zip(theirs) {
        assert_eq!((&one["task_type"], &one["risk_band"], &one["count"]), (&other["task_type"], &other["risk_band"], &other["count"]));
        for number in ["mean_ms", "standard_deviation_ms"] {
            let (one, other) = (one[number].as_f64().expect("a number"), other[number].as_f64().expect("a number"));
            assert!((one - other).abs() <= 1e-9 * other.abs().max(1.0), "{number}: {one} {other}");
        }
    }
    // Texts are read by hivectl itself.
    database.update(doc! { "_id": "t-000396" }, doc! { "$set": { "started_at": "2026-01-03T18:30:01.040Z" } });
    assert_eq!(home.on(&database, &words).data(0)["by_server"], false);
    // What was known at a moment only the tickets can tell.
    let then = [words.as_slice(), &["--as-of", "2026-01-02T00:00:00Z"]].concat();
    let (known, file) =
        (home.on(&database, &then).data(0), home.on(&database, &[then.as_slice(), &["--tickets", "same.ndjson"]].concat()).data(0));
    assert_eq!((known["by_server"].as_bool(), &known["items"]), (Some(false), &file["items"]));
}
