//! Reading a million tickets from a server, and writing predictions back, against the server's own limit and the
//! same in Python; each in its own process, alternately, on the same documents.
//!
//!     cargo bench --bench mongodb -- [--uri URI] [--rows 1000000] [--backfill 100000] [--rounds 3] [--python PYTHON]
//!
//! Without --uri (or HIVECTL_TEST_MONGODB_URI) tests/servers/mongodb.sh starts a server and ends it. PYTHON needs
//! pymongo and pymongoarrow. Prints wall time, the process's own CPU time and its peak memory.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a bench prints its table and its progress")]

#[path = "../common/servers.rs"]
mod servers;
#[path = "../common/silent.rs"]
mod silent;

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use hivectl::features::{FeatureSchema, HistoryPolicy, build};
use hivectl::ops::{ReadRequest, read};
use hivectl::source::{SourceLocation, SourceUri, TICKET_FIELDS, TicketQuery, TicketSource};
use hivectl::ticket::{FieldPaths, LabelRule};
use mongodb::bson::{Document, RawDocumentBuf, doc};
use mongodb::options::IndexOptions;
use mongodb::{Client, Collection, IndexModel};

use servers::Servers;
use silent::Silent;

const DATABASE: &str = "hivectl_bench";
/// More tickets than these are copies that the server makes; their number is a multiple.
const MADE_ONE_BY_ONE: usize = 1_000_000;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let value = |flag: &str| words.iter().position(|word| word == flag).and_then(|at| words.get(at + 1)).cloned();
    let count = |flag: &str, otherwise: usize| value(flag).and_then(|count| count.parse().ok()).unwrap_or(otherwise);
    let named = value("--uri").or_else(|| std::env::var("HIVECTL_TEST_MONGODB_URI").ok());
    // Ends with this process.
    let servers = named.is_none().then(|| Servers::start("mongodb.sh", &[]));
    let uri = named.or_else(|| servers.as_ref().map(|servers| servers.started["uri"].clone())).expect("a server");
    if let Some(work) = value("--only") {
        return alone(&work, &uri, &value("--collection").unwrap_or_default());
    }
    let (rows, backfill, rounds) = (count("--rows", 1_000_000), count("--backfill", 100_000), count("--rounds", 3));
    let python = value("--python").or_else(|| std::env::var("HIVECTL_BENCH_PYTHON").ok());
    for (collection, rows) in [("tickets", rows), ("backfill", backfill), ("tenth", rows / 10)] {
        load(&uri, collection, rows);
    }
    println!("{rows} tickets, {rounds} rounds, {} cores; medians\n", std::thread::available_parallelism().map_or(0, usize::from));
    println!("| work | wall | own CPU | peak memory |\n|---|---|---|---|");
    reading(&uri, rounds, python.as_deref());
    writing(&uri, rounds);
    if python.is_none() {
        println!("no peer was run: give --python an interpreter with pymongo and pymongoarrow");
    }
}

fn reading(uri: &str, rounds: usize, python: Option<&str>) {
    let peer = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/peer_mongodb.py").display().to_string();
    let mut works: Vec<(&str, Vec<String>)> = vec![
        ("raw batches, thrown away", ours("raw", uri, "tickets")),
        ("hivectl: tickets to the feature frame", ours("frame", uri, "tickets")),
        ("hivectl: tickets as a stream", ours("stream", uri, "tickets")),
        ("hivectl: a tenth of them as a stream", ours("stream", uri, "tenth")),
    ];
    if let Some(python) = python {
        for (name, work) in [("PyMongoArrow find_arrow_all", "arrow"), ("pymongo and the features in Python", "features")] {
            works.push((name, [python, &peer, work, uri, DATABASE, "tickets"].map(str::to_owned).to_vec()));
        }
    }
    let mut measured: HashMap<&str, Vec<Measure>> = HashMap::new();
    for _ in 0..rounds {
        for (name, command) in &works {
            measured.entry(name).or_default().push(run(command));
        }
    }
    for (name, _) in &works {
        row(name, &measured[name]);
    }
}

fn ours(work: &str, uri: &str, collection: &str) -> Vec<String> {
    let program = std::env::current_exe().expect("this program").display().to_string();
    [&program, "--only", work, "--uri", uri, "--collection", collection].map(str::to_owned).to_vec()
}

/// Backfill against the bare updates of the same documents.
fn writing(uri: &str, rounds: usize) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let hivectl = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hivectl"));
        command.args(words).args(["--database", DATABASE, "--window-days", "40000", "--quiet"]);
        if !words.contains(&"--collection") {
            command.args(["--collection", "backfill"]);
        }
        command.env("HOME", home.path()).env("MONGODB_URI", uri).env("HIVECTL_MAX_TICKET_AGE", "3650d").stdout(Stdio::null());
        command
    };
    watched(hivectl(&["ml", "train", "--model", "duration"]));
    let (mut bare, mut backfill) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        forget(uri);
        bare.push(run(&ours("updates", uri, "backfill")));
        forget(uri);
        backfill.push(watched(hivectl(&["ml", "backfill", "--yes"])));
    }
    row("bare updates of the backfilled tickets", &bare);
    row("hivectl ml backfill, whole", &backfill);
    let errors_only = |collection: &str| watched(hivectl(&["ml", "backfill", "--errors-only", "--collection", collection]));
    row("hivectl ml backfill --errors-only of all", &[errors_only("tickets")]);
    row("hivectl ml backfill --errors-only of a tenth", &[errors_only("tenth")]);
}

/// Looks at a process of the shipped binary until it ends.
fn watched(mut command: Command) -> Measure {
    let started = Instant::now();
    let mut child = command.spawn().expect("hivectl starts");
    let mut seen = (0.0, 0.0);
    loop {
        seen = used(&child.id().to_string()).unwrap_or(seen);
        if let Some(status) = child.try_wait().expect("it ends") {
            assert!(status.success(), "{command:?}");
            return Measure { seconds: started.elapsed().as_secs_f64(), cpu_seconds: seen.0, peak_mb: seen.1 };
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// What a process took.
#[derive(Clone, Copy, Default)]
struct Measure {
    seconds: f64,
    cpu_seconds: f64,
    peak_mb: f64,
}

/// Runs a process that ends by printing its CPU seconds and its peak memory in MB.
fn run(command: &[String]) -> Measure {
    let started = Instant::now();
    let output = Command::new(&command[0]).args(&command[1..]).stderr(Stdio::inherit()).output().expect("the program starts");
    let seconds = started.elapsed().as_secs_f64();
    assert!(output.status.success(), "{command:?}");
    let text = String::from_utf8(output.stdout).expect("text");
    let numbers: Vec<f64> = text.lines().last().unwrap_or_default().split(' ').filter_map(|word| word.parse().ok()).collect();
    Measure { seconds, cpu_seconds: numbers[0], peak_mb: numbers[1] }
}

fn row(name: &str, measured: &[Measure]) {
    let median = |of: fn(&Measure) -> f64| {
        let mut values: Vec<f64> = measured.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let shown = |value: f64, unit: &str| if value > 0.0 { format!("{value:.2} {unit}") } else { "-".into() };
    let (wall, cpu, peak) = (median(|one| one.seconds), median(|one| one.cpu_seconds), median(|one| one.peak_mb));
    println!("| {name} | {} | {} | {} |", shown(wall, "s"), shown(cpu, "s"), shown(peak, "MB"));
}

fn on_runtime<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work)
}

async fn collection(uri: &str, name: &str) -> Collection<Document> {
    Client::with_uri_str(uri).await.expect("a client").database(DATABASE).collection(name)
}

fn load(uri: &str, name: &str, rows: usize) {
    on_runtime(async {
        let tickets = collection(uri, name).await;
        if tickets.estimated_document_count().await.expect("a count") == rows as u64 {
            return;
        }
        eprintln!("making {rows} tickets in {name}");
        tickets.drop().await.expect("dropped");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("t.ndjson");
        let made_one_by_one = rows.min(MADE_ONE_BY_ONE);
        let made = Command::new(env!("CARGO_BIN_EXE_hivectl"))
            .args(["ml", "dataset", "synthetic", "--days", "300", "--rows", &made_one_by_one.to_string(), "--out"])
            .arg(&file)
            .stdout(Stdio::null())
            .status();
        assert!(made.expect("hivectl starts").success());
        let mut batch: Vec<Document> = Vec::new();
        for line in BufReader::new(std::fs::File::open(file).expect("the file")).lines() {
            batch.push(serde_json::from_str(&line.expect("text")).expect("a ticket"));
            if batch.len() == 5_000 {
                tickets.insert_many(std::mem::take(&mut batch)).await.expect("inserted");
            }
        }
        if !batch.is_empty() {
            tickets.insert_many(batch).await.expect("inserted");
        }
        for copy in 1..rows / made_one_by_one {
            copied(&tickets, copy).await;
        }
        let unique = IndexModel::builder().keys(doc! { "ticket_id": 1 }).options(IndexOptions::builder().unique(true).build()).build();
        tickets.create_index(unique).await.expect("the running system's index");
        tickets.create_index(IndexModel::builder().keys(doc! { "created_at": 1 }).build()).await.expect("an index");
    });
}

/// Lets the server make another copy of the first tickets, with other ids and an hour later for each copy before it.
async fn copied(tickets: &Collection<Document>, copy: usize) {
    let id = doc! { "$concat": ["$ticket_id", format!("-{copy}")] };
    let later = |field: &str| doc! { "$add": [format!("${field}"), copy as i64 * 86_400_000 / 24] };
    let changed = doc! {
        "_id": id.clone(), "ticket_id": id, "created_at": later("created_at"), "started_at": later("started_at"),
        "completed_at": later("completed_at"),
    };
    let first = doc! { "$match": { "copied": { "$exists": false } } };
    let pipeline = [first, doc! { "$set": changed }, doc! { "$set": { "copied": true } }, doc! { "$merge": { "into": tickets.name() } }];
    tickets.aggregate(pipeline).await.expect("copied");
}

fn forget(uri: &str) {
    on_runtime(async {
        let tickets = collection(uri, "backfill").await;
        tickets.update_many(doc! {}, doc! { "$unset": { "predictions": "" } }).await.expect("updated");
    });
}

/// One piece of work in this process.
fn alone(work: &str, uri: &str, name: &str) {
    match work {
        "raw" => on_runtime(raw(uri, name)),
        "updates" => on_runtime(updates(uri, name)),
        "stream" => stream(uri, name),
        _ => frame(uri, name),
    }
    let (cpu_seconds, peak_mb) = used("self").unwrap_or_default();
    println!("{cpu_seconds} {peak_mb}");
}

/// What a running process has used: CPU seconds and its peak memory in MB.
fn used(process: &str) -> Option<(f64, f64)> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().split(' ').next()?.parse::<f64>().ok()?;
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let ticks: f64 = stat.rsplit(") ").next()?.split(' ').skip(11).take(2).filter_map(|word| word.parse::<f64>().ok()).sum();
    Some((ticks / 100.0, peak / 1024.0))
}

/// The same query as hivectl's, its batches dropped as they come.
async fn raw(uri: &str, name: &str) {
    let tickets = Client::with_uri_str(uri).await.expect("a client").database(DATABASE).collection::<RawDocumentBuf>(name);
    let fields = TICKET_FIELDS.into_iter().chain(["metadata.synthetic", "metadata.requested_by"]);
    let projection: Document = fields.map(|field| (field.to_owned(), 1.into())).collect();
    let mut cursor = tickets.find(doc! {}).projection(projection).batch_size(8_192).batch().await.expect("found");
    while let Some(batch) = cursor.next().await {
        drop(batch.expect("a batch"));
    }
}

/// As many updates as tickets, with the keys that a backfill writes.
async fn updates(uri: &str, name: &str) {
    let tickets = collection(uri, name).await;
    let database = Client::with_uri_str(uri).await.expect("a client").database(DATABASE);
    let ids = tickets.distinct("_id", doc! { "status": "COMPLETED" }).await.expect("identifiers");
    for chunk in ids.chunks(2_000) {
        let change = doc! { "$set": {
            "predictions.duration_ms": 1.5, "predictions.duration_confidence": 0.5, "predictions.model_name": "ticket-duration-predictor",
            "predictions.model_version": "1", "predictions.predicted_at": 1_i64, "predictions.error_ms": 1.5, "predictions.error_pct": 1.5,
        } };
        let updates: Vec<Document> = chunk.iter().map(|id| doc! { "q": { "_id": id.clone() }, "u": change.clone() }).collect();
        database.run_command(doc! { "update": name, "updates": updates, "ordered": false }).await.expect("updated");
    }
}

fn tickets(uri: &str, name: &str) -> Box<dyn TicketSource> {
    let uri = SourceUri {
        database: Some(DATABASE.into()),
        collection: Some(name.into()),
        timeout: Some(Duration::from_secs(300)),
        ..SourceUri::new([uri])
    };
    SourceLocation::parse(&uri).expect("a place").open(FieldPaths::default()).expect("a source")
}

fn stream(uri: &str, name: &str) {
    let mut completed = 0_u64;
    let visited = tickets(uri, name).for_each(&TicketQuery::default(), &mut |ticket, _| {
        completed += u64::from(ticket.completed_at.is_some());
        Ok(())
    });
    visited.expect("read");
    assert!(completed > 0);
}

fn frame(uri: &str, name: &str) {
    // Every ticket up to now, so that the server is asked the same as for the raw batches.
    let as_of = Some(jiff::Timestamp::now().as_millisecond());
    let request = ReadRequest { labels: LabelRule::default(), window_days: 40_000.0, as_of, min_samples: 1, max_age: None };
    let reading = read(&request, tickets(uri, name).as_ref(), &Silent).expect("read");
    let rows = reading.timeline.labelled();
    let frame =
        build(&std::sync::Arc::new(FeatureSchema::reference()), &reading.timeline, &rows, &HistoryPolicy::default()).expect("features");
    assert!(frame.rows() > 0);
}
