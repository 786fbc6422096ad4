//! Predictions back into tickets: which, what, and what is left alone.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use mongodb::bson::{Bson, DateTime, Document, doc};

use super::fake::{self, ProxyAction};
use super::support::{Database, FIRST_MS, Home, OLD_ALLOWED, number, text, ticket, tickets};

const OURS: [&str; 7] = ["duration_ms", "duration_confidence", "model_name", "model_version", "predicted_at", "error_ms", "error_pct"];

fn predictions_of(document: &Document) -> &Document {
    document.get_document("predictions").unwrap_or_else(|_| panic!("no predictions in {document}"))
}

#[test]
fn a_ticket_gets_its_prediction_and_nothing_else_changes() {
    let Some(database) = Database::new() else { return };
    let home = Home::with_model();
    let mut documents = tickets(300);
    let old = |version: &str| doc! { "duration_ms": 5.0, "model_name": "ticket-duration-predictor", "model_version": version, "predicted_at": 7_i64 };
    documents[0].insert("predictions", doc! { "anomaly": { "is_anomaly": true, "score": -0.7 }, "confidence": 0.9, "cpu_cores": 2 });
    documents[1].insert("predictions", Bson::Null);
    documents[2].insert("predictions", old("9"));
    documents[3].insert("predictions", old("1"));
    documents[4].insert("predictions", "none");
    documents[5].insert("status", "RUNNING");
    documents[6].insert("status", "completed");
    documents[7].insert("actual_duration_ms", Bson::Null);
    let completed_at = documents[8].get_i64("completed_at").expect("a time");
    documents[8].insert("completed_at", DateTime::from_millis(completed_at));
    documents[9].insert("created_at", FIRST_MS - 60 * 86_400_000);
    // An estimate, even one called a prediction, is no prediction.
    documents[10].insert("allocation_metadata", doc! { "predicted_duration_ms": 5_i64 });
    documents[11].insert("actual_duration_ms", "soon");
    database.insert(documents.clone());

    let planned = home.on(&database, &["ml", "backfill", "--dry-run", "-o", "json"]).data(0);
    assert_eq!(database.all("execution_tickets"), documents, "a dry run writes nothing");
    assert!(database.all("ml_backfill_history").is_empty());
    let done = home.on(&database, &["ml", "backfill", "--yes", "-o", "json", "--reason", "a test"]).data(0);
    assert_eq!((planned["eligible"].as_u64(), done["eligible"].as_u64(), done["predicted"].as_u64()), (Some(294), Some(294), Some(294)));
    assert_eq!((&done["skipped"]["already_predicted"], &done["skipped"]["predicted_by_others"]), (&1.into(), &1.into()));
    assert_eq!(done["skipped"]["not_finished"], 1);
    assert_eq!(done["skipped"]["unusable_predictions"].as_u64().or(done["skipped"]["predictions_no_object"].as_u64()), Some(1), "{done}");
    assert_eq!((&planned["error_ms"], &planned["extreme"]), (&done["error_ms"], &done["extreme"]));

    let after: BTreeMap<String, Document> = database
        .all("execution_tickets")
        .into_iter()
        .map(|document| (document.get_str("_id").expect("an id").to_owned(), document))
        .collect();
    for (index, before) in documents.iter().enumerate() {
        let now = &after[&format!("t-{index:06}")];
        let without_ours = |document: &Document| {
            let mut document = document.clone();
            let holder = document.get_document_mut("predictions");
            if let Ok(predictions) = holder {
                OURS.iter().for_each(|key| drop(predictions.remove(key)));
            }
            if document.get_document("predictions").is_ok_and(Document::is_empty) || document.get("predictions") == Some(&Bson::Null) {
                document.remove("predictions");
            }
            document
        };
        assert_eq!(without_ours(before), without_ours(now), "{index}");
        match index {
            2..=5 | 9 | 11 => assert_eq!(before, now, "{index}"),
            _ => {
                let predictions = predictions_of(now);
                assert_eq!(text(predictions, "model_version"), "1");
                let actual = number(before.get("actual_duration_ms").filter(|value| **value != Bson::Null).or(Some(&Bson::Int64(
                    number(before.get("completed_at").filter(|value| !matches!(value, Bson::DateTime(_))).or(Some(&Bson::Int64(0)))) as i64
                        - before.get_i64("started_at").expect("a time"),
                ))));
                let (predicted, error) = (number(predictions.get("duration_ms")), number(predictions.get("error_ms")));
                assert!((actual - predicted - error).abs() < 1e-6, "{index}: {predictions}");
                assert!((number(predictions.get("error_pct")) - 100.0 * error.abs() / actual).abs() < 1e-9, "{index}");
                assert!((0.1..=1.0).contains(&number(predictions.get("duration_confidence"))), "{index}");
                assert!(predictions.get_i64("predicted_at").expect("a time") > FIRST_MS, "{index}");
            }
        }
    }
    assert_eq!(predictions_of(&after["t-000000"]).get_document("anomaly").ok(), Some(&doc! { "is_anomaly": true, "score": -0.7 }));

    let history = database.all("ml_backfill_history");
    assert_eq!(history.len(), 1);
    assert_eq!((text(&history[0], "status"), text(&history[0], "reason")), ("completed", "a test"));
    assert_eq!(
        number(history[0].get_document("stats").expect("statistics").get("p95_error_ms")),
        done["error_ms"]["p95"].as_f64().expect("p95")
    );

    let again = home.on(&database, &["ml", "backfill", "--yes", "-o", "json"]).data(0);
    assert_eq!((again["eligible"].as_u64(), again["predicted"].as_u64()), (Some(0), Some(0)));
    assert_eq!(again["error_ms"], done["error_ms"], "the same predictions have the same errors");
    assert_eq!(database.all("ml_backfill_history").len(), 1);
}

#[test]
fn errors_alone_write_nothing_into_tickets_and_are_noted() {
    let Some(database) = Database::new() else { return };
    let home = Home::with_model();
    let mut documents = tickets(200);
    documents[20].insert("actual_duration_ms", 900_000_000_i64);
    database.insert(documents.clone());
    let data = home.on(&database, &["ml", "backfill", "--errors-only", "-o", "json"]).data(0);
    assert_eq!(database.all("execution_tickets"), documents);
    assert_eq!((data["predicted"].as_u64(), data["extreme_count"].as_u64()), (Some(0), Some(1)));
    assert_eq!(data["extreme"][0]["ticket_id"], "t-000020");
    assert_eq!(database.all("ml_backfill_history").len(), 1);
    // After a training, by flag and by the running system's variable.
    for (flags, variable) in [(vec!["--backfill-errors"], ""), (vec![], "true")] {
        let words = [vec!["ml", "train", "--model", "duration", "-o", "json", "--database", &database.name], flags].concat();
        let variables = [("MONGODB_URI", database.uri.as_str()), ("ML_BACKFILL_ERRORS", variable), OLD_ALLOWED];
        let trained = home.run_with(&words, &variables).data(0);
        assert_eq!(trained["backfill_errors"]["measured"], 200, "{trained}");
    }
    assert_eq!((database.all("ml_backfill_history").len(), database.all("execution_tickets")), (3, documents));
}

#[test]
fn features_are_those_of_the_tickets_creation() {
    let Some(database) = Database::new() else { return };
    let home = Home::new();
    // BUILD takes a minute until the middle, then an hour: a history that knew the end would tell the beginning.
    let build = |index: usize| {
        let mut document = ticket(4 * index);
        let created = FIRST_MS + index as i64 * 7_200_000;
        let duration = if index < 150 { 60_000_i64 } else { 3_600_000 } + (index % 7) as i64 * 100;
        document.insert("_id", format!("b-{index:03}"));
        document.insert("ticket_id", format!("b-{index:03}"));
        document.insert("risk_band", "low");
        document.insert("estimated_duration_ms", 600_000_i64);
        document.insert("created_at", created);
        document.insert("started_at", created);
        document.insert("completed_at", created + duration);
        document.insert("actual_duration_ms", duration);
        document
    };
    database.insert((0..300).map(build).collect());
    home.on(&database, &["ml", "train", "--model", "duration", "--quiet"]).expect(0);
    home.on(&database, &["ml", "backfill", "--yes"]).expect(0);
    let predicted = |index: usize| {
        let found = database.all("execution_tickets").into_iter().find(|document| text(document, "_id") == format!("b-{index:03}"));
        number(predictions_of(&found.expect("a ticket")).get("duration_ms"))
    };
    for index in [20, 80, 140] {
        let predicted = predicted(index);
        assert!(predicted < 200_000.0, "ticket {index}, of which nothing slow was known, is predicted to take {predicted} ms");
    }
}

#[test]
fn tickets_that_change_meanwhile_are_conflicts_and_stay_as_they_are() {
    let Some(database) = Database::new() else { return };
    let home = Home::with_model();
    let mut documents = tickets(40);
    documents[3].insert("predictions", Bson::Null);
    database.insert(documents);
    let other = Database::new().expect("a server");
    let (uri, name) = (other.uri.clone(), database.name.clone());
    let changed = AtomicU32::new(0);
    // Between reading and writing somebody else is quicker.
    let between = fake::before(&database.uri, move |command| {
        if command == "update" && changed.fetch_add(1, Ordering::SeqCst) == 1 {
            let update = |index: usize, change: Document| {
                other_update(&uri, &name, &format!("t-{index:06}"), change);
            };
            update(0, doc! { "$set": { "status": "FAILED" } });
            update(1, doc! { "$set": { "actual_duration_ms": 5_i64 } });
            update(2, doc! { "$set": { "predictions": { "duration_ms": 1.0, "model_version": "other" } } });
            update(3, doc! { "$set": { "predictions": "none" } });
            update(4, doc! { "$unset": { "actual_duration_ms": "" } });
            update(5, doc! { "$set": { "predictions": { "anomaly": { "is_anomaly": false } } } });
        }
        ProxyAction::Pass
    });
    let words = ["ml", "backfill", "--yes", "-o", "json", "--database", &database.name];
    let data = home.run_at(&between, &words).data(12);
    assert_eq!((data["eligible"].as_u64(), data["predicted"].as_u64(), data["conflicts"].as_u64()), (Some(40), Some(35), Some(5)));
    assert_eq!(database.count(doc! { "predictions.model_name": "ticket-duration-predictor" }), 35);
    let all = database.all("execution_tickets");
    assert_eq!(predictions_of(&all[2]), &doc! { "duration_ms": 1.0, "model_version": "other" });
    assert_eq!(text(&all[3], "predictions"), "none");
    assert_eq!(predictions_of(&all[5]).get_document("anomaly").ok(), Some(&doc! { "is_anomaly": false }), "what is not ours may change");
    // Looked at anew, two of them can have theirs: one failed, one holds a word, one a prediction of somebody else.
    let again = home.on(&database, &["ml", "backfill", "--yes", "-o", "json"]).data(0);
    assert_eq!(
        (again["eligible"].as_u64(), again["predicted"].as_u64(), again["conflicts"].as_u64()),
        (Some(2), Some(2), Some(0)),
        "{again}"
    );
}

fn other_update(uri: &str, database: &str, id: &str, change: Document) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let command = doc! { "update": "execution_tickets", "updates": [{ "q": { "_id": id }, "u": change }] };
    runtime.block_on(async {
        let client = mongodb::Client::with_uri_str(uri).await.expect("a client");
        client.database(database).run_command(command).await.expect("the update");
    });
}

#[test]
fn a_broken_connection_costs_no_prediction_and_writes_none_twice() {
    let Some(database) = Database::new() else { return };
    let home = Home::with_model();
    for fate in [ProxyAction::Cut, ProxyAction::CutAfter] {
        database.command(doc! { "drop": "execution_tickets" });
        database.insert(tickets(100));
        let updates = AtomicU32::new(0);
        let between = fake::before(&database.uri, move |command| match command {
            // The first is the note in the history.
            "update" if updates.fetch_add(1, Ordering::SeqCst) == 1 => fate,
            _ => ProxyAction::Pass,
        });
        let words = ["ml", "backfill", "--yes", "-o", "json", "--database", &database.name, "--timeout", "20s"];
        let data = home.run_at(&between, &words).data(0);
        assert_eq!((data["predicted"].as_u64(), data["conflicts"].as_u64()), (Some(100), Some(0)), "{fate:?}");
        assert_eq!(database.count(doc! { "predictions.model_version": "1" }), 100);
    }
}

#[test]
fn a_rate_slows_the_writing_down_and_changes_nothing_else() {
    let Some(database) = Database::new() else { return };
    let home = Home::with_model();
    database.insert(tickets(60));
    let started = std::time::Instant::now();
    let data = home.on(&database, &["ml", "backfill", "--yes", "--rate", "30", "-o", "json"]).data(0);
    assert_eq!(data["predicted"], 60);
    assert!(started.elapsed() >= std::time::Duration::from_millis(1_500), "60 tickets at 30 a second came in {:?}", started.elapsed());
}

#[test]
fn a_protected_context_asks_for_the_models_name() {
    let Some(database) = Database::new() else { return };
    let home = Home::with_model();
    database.insert(tickets(20));
    home.write(".config/hivectl/config.yaml", "current_context: team\ncontexts:\n  team:\n    protected: yes\n");
    let refused = home.on(&database, &["ml", "backfill", "--yes"]).expect(5);
    assert!(refused.stderr.contains("--confirm ticket-duration-predictor"), "{}", refused.stderr);
    home.on(&database, &["ml", "backfill", "--resume"]).expect(5);
    assert_eq!(database.count(doc! { "predictions": { "$exists": true } }), 0);
    home.on(&database, &["ml", "backfill", "--confirm", "another"]).expect(5);
    home.on(&database, &["ml", "backfill", "--confirm", "ticket-duration-predictor"]).expect(0);
    assert_eq!(database.count(doc! { "predictions.model_version": "1" }), 20);
}

#[test]
fn the_plan_says_whose_predictions_are_replaced_and_undo_is_a_command_that_asks() {
    let Some(database) = Database::new() else { return };
    let home = Home::with_model();
    let mut documents = tickets(40);
    let theirs = doc! { "duration_ms": 5.0, "model_name": "theirs", "model_version": "9", "predicted_at": 7_i64 };
    documents[0].insert("predictions", theirs.clone());
    documents[1].insert("predictions", theirs.clone());
    database.insert(documents.clone());
    let plan = home.on(&database, &["ml", "backfill", "--replace", "--dry-run"]).expect(0);
    assert!(plan.stdout.contains("2 of theirs@9"), "{}", plan.stdout);
    let done = home.on(&database, &["ml", "backfill", "--replace", "--yes", "-o", "json"]).data(0);
    assert_eq!((&done["replaces"]["theirs@9"], &done["predicted"]), (&2.into(), &40.into()));
    let run = done["history_id"].as_str().expect("a run").to_owned();
    home.on(&database, &["ml", "backfill", "undo", &run]).expect(5);
    let looked = home.on(&database, &["ml", "backfill", "undo", &run, "--dry-run", "-o", "json"]).data(0);
    assert_eq!((&looked["restored"], &looked["dry_run"]), (&2.into(), &true.into()));
    let tickets = database.all("execution_tickets");
    let back = home.on(&database, &["ml", "backfill", "undo", &run, "--yes", "-o", "json"]).data(0);
    assert_eq!((&back["kept"], &back["restored"]), (&2.into(), &2.into()));
    let now = database.all("execution_tickets");
    assert_eq!((&now[..2], &now[2..]), (&documents[..2], &tickets[2..]));
    assert_eq!(home.on(&database, &["ml", "backfill", "undo", &run, "--yes", "-o", "json"]).data(0)["kept"], 0);
    home.on(&database, &["ml", "backfill", "undo", "no-such-run", "--yes"]).expect(4);
    // What is kept says of what run and ticket, and until when.
    let kept = database
        .all("ml_backfill_history")
        .into_iter()
        .filter(|note| note.get_str("run").is_ok_and(|known| known == run))
        .collect::<Vec<_>>();
    assert_eq!(kept.len(), 2);
    for note in kept {
        assert_eq!(note.get_document("predictions").expect("what was there"), &theirs);
        let days =
            (note.get_datetime("retention_until").expect("a time").timestamp_millis() - DateTime::now().timestamp_millis()) / 86_400_000;
        assert!((89..=90).contains(&days), "{days}");
    }
}

#[test]
fn a_run_with_replacements_that_was_cut_off_and_one_with_conflicts_keep_only_what_was_replaced() {
    let Some(database) = Database::new() else { return };
    let home = Home::with_model();
    let mut documents = tickets(30);
    let theirs = doc! { "duration_ms": 5.0, "model_name": "theirs", "model_version": "9", "predicted_at": 7_i64 };
    documents.iter_mut().for_each(|document| drop(document.insert("predictions", theirs.clone())));
    for fate in [ProxyAction::Cut, ProxyAction::CutAfter] {
        database.command(doc! { "drop": "execution_tickets" });
        database.insert(documents.clone());
        let (uri, name, updates) = (database.uri.clone(), database.name.clone(), AtomicU32::new(0));
        let between = fake::before(&database.uri, move |command| match command {
            // The note of the run, what is kept, and then the predictions.
            "update" if updates.fetch_add(1, Ordering::SeqCst) == 2 => {
                other_update(&uri, &name, "t-000004", doc! { "$set": { "status": "FAILED" } });
                fate
            }
            _ => ProxyAction::Pass,
        });
        let words = ["ml", "backfill", "--replace", "--yes", "-o", "json", "--database", &database.name, "--timeout", "20s"];
        let data = home.run_at(&between, &words).data(12);
        assert_eq!((&data["predicted"], &data["conflicts"]), (&29.into(), &1.into()), "{fate:?}");
        let run = data["history_id"].as_str().expect("a run");
        let back = home.on(&database, &["ml", "backfill", "undo", run, "--yes", "-o", "json"]).data(0);
        assert_eq!((&back["kept"], &back["restored"]), (&29.into(), &29.into()), "{fate:?}");
        assert_eq!(database.count(doc! { "predictions.model_name": "theirs" }), 30);
    }
}
