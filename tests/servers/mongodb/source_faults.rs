//! What goes wrong with servers and tickets: exit code, message, nothing lost, and no secret told.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use mongodb::bson::{Binary, Bson, DateTime, Decimal128, Regex, doc, oid::ObjectId, spec::BinarySubtype};

use super::fake::{self, ProxyAction};
use super::support::{Database, Home, OLD_ALLOWED, Ran, started, ticket, tickets};

const SECRET: &str = "s3cr3t-CANARY";

/// Commands that read or write at a server.
const COMMANDS: [&[&str]; 4] =
    [&["ml", "train", "--dry-run"], &["ml", "predict", "--model", "duration"], &["ml", "backfill", "--yes"], &["ml", "stats"]];

fn each(home: &Home, uri: &str, extra: &[&str], code: i32, words: &[&str]) {
    for command in COMMANDS {
        let arguments = [command, extra, &["-o", "json", "-v"]].concat();
        let ran = home.run_at(uri, &arguments);
        let error = ran.data(code).to_string();
        for word in words {
            assert!(error.contains(word), "{command:?}: {word} is not in {error}");
        }
        assert!(!ran.stdout.contains(SECRET) && !ran.stderr.contains(SECRET), "{command:?} tells the secret: {}{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn a_server_that_is_not_there_is_exit_9_and_no_secret_is_told() {
    let home = Home::with_model();
    each(&home, "mongodb://127.0.0.1:9/", &["--timeout", "1s"], 9, &["HML-0900", "cannot be reached", "127.0.0.1:9", "mongosh"]);
    each(&home, &format!("mongodb://tester:{SECRET}@127.0.0.1:9/"), &["--timeout", "1s"], 9, &["HML-0900"]);
    for broken in [format!("mongodb://u:{SECRET}:{SECRET}/x@h"), format!("mongodb://u:{SECRET}@h:99999")] {
        each(&home, &broken, &["--timeout", "1s"], 11, &["HML-1101", "USER:PASSWORD"]);
    }
    let names = format!("mongodb+srv://u:{SECRET}@cluster.example/db");
    each(
        &home,
        &names,
        &["--timeout", "1s"],
        11,
        &["HML-1101", "dig +short SRV _mongodb._tcp.cluster.example`", "mongodb://USER:PASSWORD@HOST1"],
    );
    let listed = home
        .run_at(&format!("mongodb://u:{SECRET}@h/?tlsCertificateKeyFilePassword={SECRET}"), &["config", "list", "-v", "-o", "json"])
        .expect(0);
    assert!(!listed.stdout.contains(SECRET) && !listed.stderr.contains(SECRET), "{}{}", listed.stdout, listed.stderr);
    assert!(listed.stdout.contains("mongodb://u:***@h"), "{}", listed.stdout);
    let typed = format!("mongodb://u:{SECRET}@h");
    let refused = home.run(&["ml", "train", "--tickets", &typed, "-o", "json", "-v"]);
    assert!(refused.data(2).to_string().contains("MONGODB_URI"));
    assert!(!refused.stdout.contains(SECRET) && !refused.stderr.contains(SECRET), "{}{}", refused.stdout, refused.stderr);
}

#[test]
fn a_wrong_password_and_a_missing_one_are_exit_10() {
    let Some(uri) = started("uri_authenticated") else { return };
    let home = Home::with_model();
    let with = |account: &str| uri.replace("mongodb://", &format!("mongodb://{account}@"));
    each(&home, &with(&format!("tester:{SECRET}")), &[], 10, &["HML-1000", "refuses the account"]);
    each(&home, uri, &[], 10, &["HML-1000"]);
    let right = home.run_at(&with("tester:s3cr3t"), &["ml", "train", "--database", "hivectl_test_empty", "-o", "json"]).data(14);
    assert!(right.to_string().contains("holds no ticket"), "{right}");
}

#[test]
fn tls_that_does_not_fit_says_which_setting_to_change() {
    let (Some(uri), Some(certificate)) = (started("uri_tls"), started("tls_certificate")) else { return };
    let home = Home::with_model();
    each(&home, &format!("{uri}?tls=true"), &["--timeout", "2s"], 9, &["HML-0900", "tlsCAFile"]);
    each(&home, uri, &["--timeout", "2s"], 9, &["HML-0900", "tls=true"]);
    each(&home, &format!("{uri}?tls=true&tlsCAFile=absent.pem"), &["--timeout", "2s"], 11, &["HML-1101", "tlsCAFile"]);
    let trusted = format!("{uri}?tls=true&tlsCAFile={certificate}");
    home.run_at(&trusted, &["ml", "train", "--database", "hivectl_test_empty"]).expect(14);
}

#[test]
fn an_account_that_may_only_read_is_told_which_role_it_lacks() {
    let Some(database) = Database::new() else { return };
    let home = Home::with_model();
    database.insert(tickets(50));
    let uri = fake::before(&database.uri, |command| match command {
        "update" => ProxyAction::Refuse(13, "not authorized on it to execute command"),
        _ => ProxyAction::Pass,
    });
    let error = home.run_at(&uri, &["ml", "backfill", "--yes", "--database", &database.name, "-o", "json"]).data(10).to_string();
    assert!(error.contains("HML-1000") && error.contains("readWrite"), "{error}");
    assert_eq!(database.count(doc! { "predictions": { "$exists": true } }), 0);
    home.run_at(&uri, &["ml", "backfill", "--dry-run", "--database", &database.name]).expect(0);
}

#[test]
fn a_server_that_goes_away_in_mid_cursor_fails_the_command_and_registers_nothing() {
    let Some(database) = Database::new() else { return };
    database.insert(tickets(20_000));
    for (fate, code, word) in [
        (ProxyAction::Cut, 9, "HML-0900"),
        (ProxyAction::Refuse(43, "cursor id 7 not found"), 9, "has lost the query"),
        (ProxyAction::Refuse(1, "out of disk"), 9, "HML-0901"),
    ] {
        let home = Home::new();
        let uri = fake::before(&database.uri, move |command| if command == "getMore" { fate } else { ProxyAction::Pass });
        let words = ["ml", "train", "--window-days", "4000", "--timeout", "3s", "--database", &database.name, "-o", "json"];
        let error = home.run_at(&uri, &words).data(code).to_string();
        assert!(error.contains(word), "{fate:?}: {error}");
        home.run(&["ml", "models", "show", "duration"]).expect(4);
    }
}

#[test]
fn a_query_without_an_answer_times_out_with_the_index_to_make() {
    let Some(database) = Database::new() else { return };
    let home = Home::with_model();
    database.insert(tickets(20));
    for fate in [ProxyAction::Stall, ProxyAction::Refuse(50, "operation exceeded time limit")] {
        let uri = fake::before(&database.uri, move |command| if command == "find" { fate } else { ProxyAction::Pass });
        let begun = Instant::now();
        each(
            &home,
            &uri,
            &["--timeout", "1s", "--database", &database.name],
            9,
            &["MongoDB query timeout", "createIndex({created_at: 1})", "--timeout"],
        );
        assert!(begun.elapsed() < Duration::from_secs(30), "{fate:?} took {:?}", begun.elapsed());
    }
}

#[test]
fn a_server_that_comes_back_in_time_is_waited_for_and_one_that_stays_away_loses_nothing() {
    let (Some(database), Some(postgresql)) = (Database::new(), started("postgresql_url")) else { return };
    let Ok(folder) = std::env::var("HIVECTL_TEST_MONGODB_SERVER") else { return };
    let home = Home::with_model();
    database.insert(tickets(6_000));
    let port = free_port();
    let start = || {
        let state = home.path().join("state");
        std::fs::create_dir_all(&state).expect("a folder");
        let server = Command::new(std::path::Path::new(&folder).join("ferretdb"))
            .args([
                &format!("--postgresql-url={postgresql}"),
                &format!("--listen-addr=127.0.0.1:{port}"),
                &format!("--state-dir={}", state.display()),
            ])
            .args(["--debug-addr=-", "--telemetry=disable", "--no-auth"])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("the server starts");
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(Duration::from_millis(20));
        }
        Ending(server)
    };
    let uri = format!("mongodb://127.0.0.1:{port}/");
    let words =
        ["ml", "backfill", "--yes", "--window-days", "400", "--rate", "2000", "--database", &database.name, "-o", "json", "--timeout"];
    for (timeout, comes_back) in [("30s", true), ("2s", false)] {
        database.update(doc! {}, doc! { "$unset": { "predictions": "" } });
        let mut server = start();
        let child = home
            .command(&[words.as_slice(), &[timeout]].concat())
            .env("MONGODB_URI", &uri)
            .envs([OLD_ALLOWED])
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("it starts");
        await_some(&database);
        server.end();
        let _server = comes_back.then(|| {
            std::thread::sleep(Duration::from_millis(700));
            start()
        });
        let ran = Ran::of(child.wait_with_output().expect("it ends"));
        let written = database.count(doc! { "predictions.model_version": "1" });
        if comes_back {
            assert_eq!((ran.data(0)["predicted"].as_u64(), written), (Some(6_000), 6_000));
        } else {
            let error = ran.data(9).to_string();
            assert!(error.contains("predictions were written before") && error.contains("--resume"), "{error}");
            assert!((1..6_000).contains(&written), "{written}");
            let data = home.on(&database, &["ml", "backfill", "--resume", "-o", "json"]).data(0);
            assert_eq!((data["resumed"].as_bool(), data["predicted"].as_i64()), (Some(true), Some(6_000 - written)));
        }
    }
}

/// A server that ends with the test, also when that panics.
struct Ending(std::process::Child);

impl Ending {
    fn end(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.end();
    }
}

fn await_some(database: &Database) {
    let begun = Instant::now();
    while database.count(doc! { "predictions.model_version": "1" }) == 0 {
        assert!(begun.elapsed() < Duration::from_secs(60), "no prediction is written");
        std::thread::sleep(Duration::from_millis(30));
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

#[test]
fn wrong_types_in_every_field_are_refused_by_name_and_nothing_panics() {
    let Some(database) = Database::new() else { return };
    let home = Home::with_model();
    let fields = [
        "ticket_id",
        "task_type",
        "risk_band",
        "status",
        "qos",
        "sla",
        "required_capabilities",
        "parameters",
        "estimated_duration_ms",
        "retry_count",
        "created_at",
        "started_at",
        "completed_at",
        "actual_duration_ms",
        "metadata",
        "predictions",
    ];
    let values = || {
        vec![
            Bson::Null,
            Bson::Boolean(true),
            Bson::Int32(-3),
            Bson::Int64(i64::MAX),
            Bson::Double(f64::NAN),
            Bson::Double(f64::INFINITY),
            Bson::String("wrong".into()),
            Bson::String("x".repeat(100_000)),
            Bson::Array(vec![Bson::Int32(1), Bson::Null]),
            Bson::Document(doc! { "a": { "b": [1, { "c": Bson::MinKey }] } }),
            Bson::DateTime(DateTime::MAX),
            Bson::DateTime(DateTime::MIN),
            Bson::ObjectId(ObjectId::new()),
            Bson::Decimal128("NaN".parse::<Decimal128>().expect("a number")),
            Bson::Binary(Binary { subtype: BinarySubtype::Generic, bytes: vec![0, 255, 0] }),
            Bson::MaxKey,
            Bson::RegularExpression(Regex {
                pattern: c"a.*".to_str().expect("text").try_into().expect("a pattern"),
                options: "i".to_owned().try_into().expect("options"),
            }),
        ]
    };
    let mut documents = tickets(100);
    for field in fields {
        for value in values() {
            let mut document = ticket(documents.len());
            document.insert(field, value);
            documents.push(document);
        }
    }
    documents.push(doc! { "_id": ObjectId::new() });
    documents.push(doc! { "_id": Bson::Null });
    documents.push(doc! { "_id": { "a": 1 }, "status": "SLEEPING" });
    let mut duplicate = ticket(3);
    duplicate.insert("_id", "another");
    documents.push(duplicate);
    let total = documents.len() as u64;
    database.insert(documents);
    let predicted = home.on(&database, &["ml", "predict", "--model", "duration", "-o", "jsonl"]).expect(0);
    assert!(predicted.stdout.lines().count() >= 100);
    let data = home.on(&database, &["ml", "backfill", "--yes", "--window-days", "4000", "-o", "json"]).data(0);
    assert_eq!(data["read"].as_u64(), Some(total), "{data}");
    let skipped: u64 = data["skipped"].as_object().expect("reasons").values().map(|count| count.as_u64().expect("a count")).sum();
    assert_eq!(skipped + data["predicted"].as_u64().expect("a count"), total, "every ticket has one fate: {data}");
    assert!(data["skipped"]["duplicate_id"].as_u64() >= Some(1), "{data}");
    for reason in ["unusable_sla", "unusable_qos", "unusable_estimated_duration_ms", "unusable_created_at", "not_finished"] {
        assert!(data["skipped"][reason].as_u64().is_some_and(|count| count > 0), "{reason}: {data}");
    }
}

#[test]
fn a_document_of_sixteen_megabytes_is_read() {
    let Some(database) = Database::new() else { return };
    let home = Home::with_model();
    let mut large = ticket(0);
    large.insert("parameters", doc! { "log": "ü".repeat(7_900_000) });
    database.insert(vec![large]);
    database.insert(tickets(50).split_off(1));
    let ran = home.on(&database, &["ml", "predict", "--model", "duration", "-o", "jsonl"]).expect(0);
    assert_eq!(ran.stdout.lines().count(), 50);
}

#[test]
fn a_document_without_room_for_a_prediction_is_counted_and_holds_no_other_back() {
    let Some(database) = Database::new() else { return };
    let home = Home::with_model();
    let mut documents = tickets(120);
    documents[60].insert("log", "");
    let size = mongodb::bson::serialize_to_vec(&documents[60]).expect("bytes").len();
    documents[60].insert("log", "x".repeat(16 * 1024 * 1024 - size - 60));
    database.insert(documents.split_off(60));
    database.insert(documents);
    let data = home.on(&database, &["ml", "backfill", "--yes", "-o", "json"]).data(12);
    assert_eq!((data["predicted"].as_u64(), data["conflicts"].as_u64()), (Some(119), Some(0)), "{data}");
    assert_eq!(data["skipped"]["refused_by_server"].as_u64(), Some(1), "{data}");
    assert_eq!(database.count(doc! { "predictions.model_version": "1" }), 119);
}

#[test]
fn a_read_that_nobody_waits_for_ends_with_the_reader() {
    let Some(database) = Database::new() else { return };
    let home = Home::with_model();
    database.insert(tickets(20_000));
    let killed = Arc::new(AtomicBool::new(false));
    let (seen, fetched) = (Arc::clone(&killed), Arc::new(AtomicU32::new(0)));
    let uri = fake::before(&database.uri, move |command| {
        if command == "getMore" && fetched.fetch_add(1, Ordering::SeqCst) == 0 {
            seen.store(true, Ordering::SeqCst);
        }
        ProxyAction::Pass
    });
    // A pipe whose reader leaves after the first line.
    let script = format!("'{}' ml predict --model duration -o jsonl --database {} | head -1", env!("CARGO_BIN_EXE_hivectl"), database.name);
    let output = Command::new("sh")
        .args(["-c", &script])
        .env("HOME", home.path())
        .env("MONGODB_URI", uri)
        .envs([OLD_ALLOWED])
        .output()
        .expect("it runs");
    assert!(output.status.success() && killed.load(Ordering::SeqCst), "{}", String::from_utf8_lossy(&output.stderr));
}
