//! Reading: every shape of a time, every spelling, the window, and what is said when it is empty.

use std::time::Duration;

use hivectl::source::{Selection, SourceLocation, SourceUri, TicketQuery};
use hivectl::ticket::{FieldPaths, Window};
use mongodb::bson::{Bson, DateTime, Document, doc};

use super::support::{Database, FIRST_MS, Home, ticket, tickets};

const DAY_MS: i64 = 86_400_000;

/// `at` in each shape found in the wild, and in some that are not.
fn shapes(at: i64) -> Vec<Bson> {
    let instant = jiff::Timestamp::from_millisecond(at).expect("a time");
    vec![
        Bson::Int64(at),
        Bson::Double(at as f64),
        Bson::DateTime(DateTime::from_millis(at)),
        Bson::Double(at as f64 / 1000.0),
        Bson::Int64(at / 1000),
        Bson::Int32((at / 1000) as i32),
        Bson::String(instant.to_string()),
        Bson::String(instant.strftime("%Y-%m-%d %H:%M:%S").to_string()),
        Bson::String(
            instant.to_zoned_datetime(jiff::tz::TimeZone::fixed(jiff::tz::offset(13))).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        ),
        Bson::String(
            instant.to_zoned_datetime(jiff::tz::TimeZone::fixed(jiff::tz::offset(-11))).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        ),
        Bson::String(format!(" {instant}")),
        Bson::String(instant.strftime("%Y%m%dT%H%M%SZ").to_string()),
    ]
}

/// One ticket a shape and hour of ten days around the window's ends, plus values that are no time.
fn all_shapes() -> Vec<Document> {
    let mut documents = Vec::new();
    for hour in 0..240 {
        let at = FIRST_MS + hour * 3_600_000;
        for (place, shape) in shapes(at).into_iter().enumerate() {
            let index = documents.len();
            let mut document = ticket(index);
            let status = ["COMPLETED", "completed", "Completed", "cOmPleted"][place % 4];
            document.insert("status", status);
            document.insert("created_at", shape);
            document.insert("started_at", Bson::Null);
            document.insert("completed_at", shapes(at + 90_000)[place].clone());
            documents.push(document);
        }
    }
    let odd = [
        Bson::Null,
        Bson::Boolean(true),
        Bson::String("yesterday".into()),
        Bson::String(String::new()),
        Bson::Int64(-5),
        Bson::Int64(1_767_225_600_000_000),
        Bson::Int64(9_999_999_999),
        Bson::DateTime(DateTime::from_millis(-1)),
        Bson::DateTime(DateTime::from_millis(4_102_444_800_000)),
        Bson::String("2100-01-01T00:00:00Z".into()),
        Bson::Int64(4_102_444_800_000),
        Bson::Array(vec![Bson::Int64(FIRST_MS)]),
        Bson::Document(doc! { "at": FIRST_MS }),
        Bson::MaxKey,
    ];
    for value in odd {
        let mut document = ticket(documents.len());
        document.insert("created_at", value);
        documents.push(document);
    }
    let mut without = ticket(documents.len());
    without.remove("created_at");
    documents.push(without);
    documents
}

#[test]
fn a_window_holds_the_same_tickets_whatever_shape_their_times_have() {
    let Some(database) = Database::new() else { return };
    let home = Home::new();
    database.insert(all_shapes());
    home.write_tickets("all.ndjson", all_shapes());
    let read = |source: &[&str], as_of: &str, days: &str| {
        let mut words = vec![
            "ml",
            "train",
            "--model",
            "duration",
            "--dry-run",
            "-o",
            "json",
            "--min-samples",
            "1",
            "--as-of",
            as_of,
            "--window-days",
            days,
        ];
        words.extend(source);
        let data = home.on(&database, &words).data(0);
        data["models"][0]["samples"].clone()
    };
    for (as_of, days) in
        [("2026-01-07T05:30:00Z", "2.5"), ("2026-01-03T00:00:00Z", "1"), ("2026-01-09T23:00:00Z", "7.125"), ("2026-01-08", "400")]
    {
        let from_server = read(&[], as_of, days);
        let from_file = read(&["--tickets", "all.ndjson"], as_of, days);
        assert_eq!(from_server["used"], from_file["used"], "{as_of} {days}: {from_server} {from_file}");
        assert_eq!(from_server["labels"], from_file["labels"]);
        let refused = |samples: &serde_json::Value| {
            let mut reasons = samples["refused"].as_object().expect("reasons").clone();
            // The server leaves out what is outside; what is no time at all it has to send.
            reasons.remove("outside_window");
            reasons.remove("not_yet_known");
            reasons
        };
        assert_eq!(refused(&from_server), refused(&from_file), "{as_of} {days}");
        assert!(from_server["used"].as_u64().expect("a count") >= 12 * 24, "{from_server}");
    }
}

#[test]
fn the_newest_ticket_that_is_not_in_the_future_ends_the_window() {
    let Some(database) = Database::new() else { return };
    let home = Home::new();
    for (place, shape) in shapes(FIRST_MS + 30 * DAY_MS).into_iter().enumerate() {
        database.command(doc! { "drop": "execution_tickets" });
        let mut documents = tickets(200);
        documents[7].insert("created_at", shape.clone());
        documents[7].remove("started_at");
        // The 32 bits of a whole number of seconds do not reach that far.
        let future = shapes(4_102_444_800_000)[if place == 5 { 4 } else { place }].clone();
        documents[8].insert("created_at", future);
        database.insert(documents);
        let words = ["ml", "train", "--model", "duration", "--dry-run", "-o", "json", "--window-days", "29.5", "--min-samples", "1"];
        let data = home.on(&database, &words).data(0);
        // A text that does not begin like a date is found only by reading everything.
        if place < 10 {
            assert_eq!(data["window"]["to"], "2026-01-31T00:00:00Z", "{shape:?}");
            assert_eq!(data["models"][0]["samples"]["refused"]["outside_window"], 1, "{shape:?}: {data}");
        }
    }
}

#[test]
fn an_empty_window_says_which_types_and_spellings_there_are() {
    let Some(database) = Database::new() else { return };
    let home = Home::new();
    let mut documents = tickets(30);
    for (index, document) in documents.iter_mut().enumerate() {
        document.insert("status", ["COMPLETED", "completed", "rejected"][index % 3]);
        if index % 2 == 0 {
            document.insert("created_at", DateTime::from_millis(FIRST_MS));
        }
    }
    database.insert(documents);
    for verb in [["ml", "train"].as_slice(), &["ml", "stats"]] {
        let words: Vec<&str> = verb.iter().copied().chain(["--as-of", "2025-06-01", "-o", "json"]).collect();
        let error = home.on(&database, &words).data(14);
        let causes = error["causes"].to_string();
        for fact in ["30 tickets", "date 15", "long 15", "COMPLETED", "rejected", "2026-01-01T00:00:00Z"] {
            assert!(causes.contains(fact), "{fact} is not in {causes}");
        }
        assert!(error["message"].as_str().expect("a message").contains("2025-06-01T00:00:00Z"), "{error}");
    }
    let error = home.on(&database, &["ml", "train", "--collection", "nothing_here", "-o", "json"]).data(14);
    assert!(error.to_string().contains("holds no ticket at all"), "{error}");
}

#[test]
fn every_command_reads_the_same_from_the_server_as_from_a_file() {
    let Some(database) = Database::new() else { return };
    let home = Home::with_model();
    database.insert(tickets(600));
    home.write_tickets("same.ndjson", tickets(600));
    for words in [
        vec!["ml", "predict", "--model", "duration", "-o", "jsonl"],
        vec!["ml", "validate", "-o", "json", "--dry-run"],
        vec!["ml", "dataset", "features", "--out", "matrix.parquet", "-o", "json"],
        vec!["ml", "backfill", "--errors-only", "-o", "json"],
    ] {
        let mut from_file = words.clone();
        from_file.extend(["--tickets", "same.ndjson"]);
        let (server, file) = (home.on(&database, &words).expect(0), home.on(&database, &from_file).expect(0));
        let strip = |ran: &str| {
            let times = ["of the answers within", "\"mean_ms\"", "p95_ms\""];
            let varying = ["generated_at", "history_id", "\"tickets\"", "measured_at", "age"].into_iter().chain(times);
            ran.lines().filter(|line| !varying.clone().any(|word| line.contains(word))).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(strip(&server.stdout), strip(&file.stdout), "{words:?}");
    }
}

/// The progress bar's length is the number of tickets that a window lets through.
#[test]
fn the_tickets_of_a_window_are_counted_before_they_are_read() {
    let Some(database) = Database::new() else { return };
    database.insert(tickets(1_200));
    let uri =
        SourceUri { database: Some(database.name.clone()), timeout: Some(Duration::from_secs(60)), ..SourceUri::new([&database.uri]) };
    let source = SourceLocation::parse(&uri).expect("a place").open(FieldPaths::default()).expect("a source");
    let newest = source.newest().expect("asked").expect("a ticket");
    assert_eq!(newest, FIRST_MS + 1_199 * 600_000);
    let within = TicketQuery::of(Selection::Created(Window::back_from(newest, 2.0)));
    for (query, expected) in [(within, 289), (TicketQuery::default(), 1_200)] {
        let mut visited = 0;
        let counted = source.for_each(&query, &mut |_, _| {
            visited += 1;
            Ok(())
        });
        counted.expect("read");
        // A server that is busy may leave the count out: it is not waited for long.
        let estimate = (0..50).find_map(|_| source.expected(&query));
        assert_eq!((visited, estimate), (expected, Some(expected)));
    }
}

#[test]
fn drift_is_checked_on_the_tickets_of_a_server_as_on_those_of_a_file() {
    let Some(database) = Database::new() else { return };
    let home = Home::new();
    for (name, rows, start, days, drift) in
        [("then.ndjson", "6000", "2026-01-01", "42", "0"), ("drifted.ndjson", "1000", "2026-02-12", "7", "0.8")]
    {
        let words = ["--rows", rows, "--start", start, "--days", days, "--seed", "5", "--drift", drift, "--out", name];
        home.run(&[["ml", "dataset", "synthetic"].as_slice(), &words].concat()).expect(0);
    }
    let drifted = std::fs::read_to_string(home.path().join("drifted.ndjson")).expect("a file");
    database.insert(drifted.lines().map(|line| serde_json::from_str(line).expect("a ticket")).collect());
    home.run(&["ml", "train", "--model", "duration", "--tickets", "then.ndjson", "--window-days", "60", "--quiet"]).expect(0);
    let check = ["ml", "drift", "check", "--no-record", "-o", "json"];
    let from_server = home.on(&database, &check).data(0);
    let from_file = home.run(&[check.as_slice(), &["--tickets", "drifted.ndjson"]].concat()).data(0);
    assert_eq!(from_server["overall_status"], "critical", "{from_server:#}");
    assert!(from_server["prediction_drift"]["drift_ratio"].as_f64() > Some(1.5), "{from_server:#}");
    assert_eq!(from_server["prediction_drift"], from_file["prediction_drift"]);
    assert_eq!((&from_server["feature_drift"], &from_server["segments"]), (&from_file["feature_drift"], &from_file["segments"]));
}

#[test]
fn a_server_that_refuses_second_ids_itself_is_taken_at_its_word() {
    let Some(database) = Database::new() else { return };
    let mut documents = tickets(60);
    database.insert(documents.clone());
    let uri =
        SourceUri { database: Some(database.name.clone()), timeout: Some(Duration::from_secs(60)), ..SourceUri::new([&database.uri]) };
    let source = SourceLocation::parse(&uri).expect("a place").open(FieldPaths::default()).expect("a source");
    // Without an index the second one is found by looking.
    documents[59].insert("_id", "another");
    documents[59].insert("ticket_id", "t-000003");
    database.insert(documents[59..].to_vec());
    let home = Home::new();
    let words = ["ml", "train", "--model", "duration", "--dry-run", "--min-samples", "1", "--window-days", "400", "-o", "json"];
    let data = home.on(&database, &words).data(0);
    assert_eq!(data["models"][0]["samples"]["refused"]["duplicate_id"].as_u64(), Some(1), "{data:#}");
    database.command(doc! { "delete": "execution_tickets", "deletes": [{ "q": { "_id": "another" }, "limit": 1 }] });
    let vouches_with = |name: &str, key: Document| {
        let index = doc! { "key": key, "name": name, "unique": true };
        database.command(doc! { "createIndexes": "execution_tickets", "indexes": [index] });
        source.ids_are_unique()
    };
    assert!(!source.ids_are_unique() && !vouches_with("both", doc! { "ticket_id": 1, "status": 1 }));
    assert!(vouches_with("alone", doc! { "ticket_id": 1 }));
}
