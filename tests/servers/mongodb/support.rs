//! The server, a database of its own for every test, and the binary.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use mongodb::Client;
use mongodb::bson::{Bson, Document, doc};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

pub use crate::common::home::{Home, Ran};
use crate::common::servers::Servers;

/// Where the server answers.
pub struct Server {
    pub uri: String,
    /// What the script started; nothing for a server of the user's own.
    servers: Option<Servers>,
}

/// The server of this run, started by the first who asks.
pub fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let server = SERVER.get_or_init(|| match (variable("HIVECTL_TEST_MONGODB_URI"), variable("HIVECTL_TEST_MONGODB_SERVER")) {
        (Some(uri), _) => Some(Server { uri, servers: None }),
        (None, Some(_)) => {
            let servers = Servers::start("mongodb.sh", &[]);
            Some(Server { uri: servers.started["uri"].clone(), servers: Some(servers) })
        }
        (None, None) => None,
    });
    if server.is_none() {
        println!("SKIPPED: no server with MongoDB's protocol; 'eval \"$(tests/servers/mongodb.sh env)\"' makes one");
    }
    server.as_ref()
}

/// One of the addresses that only the script's own server has.
pub fn started(name: &str) -> Option<&'static str> {
    let found = server()?.servers.as_ref().and_then(|servers| servers.started.get(name)).map(String::as_str);
    if found.is_none() {
        println!("SKIPPED: a MongoDB of your own has no {name}; tests/servers/mongodb.sh starts one that has");
    }
    found
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A database that no other test uses, dropped at the end.
pub struct Database {
    runtime: Runtime,
    client: Client,
    pub uri: String,
    pub name: String,
}

impl Database {
    pub fn new() -> Option<Database> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let uri = server()?.uri.clone();
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let client = runtime.block_on(Client::with_uri_str(&uri)).expect("a client");
        Some(Database { runtime, client, uri, name: format!("hivectl_test_{}_{number}", std::process::id()) })
    }

    pub fn insert(&self, documents: Vec<Document>) {
        self.insert_into("execution_tickets", documents);
    }

    pub fn insert_into(&self, collection: &str, documents: Vec<Document>) {
        let collection = self.client.database(&self.name).collection::<Document>(collection);
        for chunk in documents.chunks(5_000) {
            self.runtime.block_on(async { collection.insert_many(chunk).await }).expect("inserted");
        }
    }

    pub fn command(&self, command: Document) -> Document {
        self.runtime.block_on(async { self.client.database(&self.name).run_command(command).await }).expect("the command")
    }

    pub fn count(&self, filter: Document) -> i64 {
        let pipeline = vec![doc! { "$match": filter }, doc! { "$count": "n" }];
        let reply = self.command(doc! { "aggregate": "execution_tickets", "pipeline": pipeline, "cursor": {} });
        let rows = reply.get_document("cursor").and_then(|cursor| cursor.get_array("firstBatch")).expect("rows").clone();
        rows.first().and_then(Bson::as_document).map_or(0, |row| number(row.get("n")) as i64)
    }

    /// Every document of a collection by its identifier.
    pub fn all(&self, collection: &str) -> Vec<Document> {
        let collection = self.client.database(&self.name).collection::<Document>(collection);
        self.runtime.block_on(async {
            let mut cursor = collection.find(doc! {}).sort(doc! { "_id": 1 }).await.expect("found");
            let mut all = Vec::new();
            while cursor.advance().await.expect("a batch") {
                all.push(cursor.deserialize_current().expect("a document"));
            }
            all
        })
    }

    pub fn update(&self, filter: Document, change: impl Into<Bson>) {
        self.command(doc! { "update": "execution_tickets", "updates": [{ "q": filter, "u": change, "multi": true }] });
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let database = self.client.database(&self.name);
        let _ = self.runtime.block_on(async { database.drop().await });
    }
}

/// A text; empty where there is none.
pub fn text<'d>(document: &'d Document, key: &str) -> &'d str {
    document.get_str(key).unwrap_or_default()
}

/// A number of any type.
pub fn number(value: Option<&Bson>) -> f64 {
    match value {
        Some(Bson::Int32(number)) => f64::from(*number),
        Some(Bson::Int64(number)) => *number as f64,
        Some(Bson::Double(number)) => *number,
        other => panic!("{other:?} is no number"),
    }
}

/// The ticket number `index`, created ten minutes after the one before; its duration follows from what is known.
pub fn ticket(index: usize) -> Document {
    let types = ["BUILD", "TEST", "DEPLOY", "VALIDATE"];
    let base = [180_000.0, 60_000.0, 95_000.0, 12_000.0][index % 4];
    let estimate = (base * (1.0 + (index * 7 % 13) as f64 / 6.0)).round();
    let created = FIRST_MS + index as i64 * 600_000;
    let duration = (estimate * (1.0 + (index * 31 % 17) as f64 / 200.0)).round() as i64;
    let risk = ["low", "medium", "high"][index % 3];
    doc! {
        "_id": format!("t-{index:06}"),
        "ticket_id": format!("t-{index:06}"),
        "task_type": types[index % 4],
        "status": "COMPLETED",
        "risk_band": risk,
        "qos": { "delivery_mode": "AT_LEAST_ONCE", "consistency": "EVENTUAL", "durability": "PERSISTENT" },
        "sla": { "timeout_ms": (estimate * 20.0) as i64, "max_retries": 1 },
        "parameters": { "n": index as i64, "text": "x".repeat(index % 30) },
        "required_capabilities": (0..1 + index % 4).map(|number| format!("cap-{number}")).collect::<Vec<_>>(),
        "created_at": created,
        "started_at": created + 1_000,
        "completed_at": created + 1_000 + duration,
        "estimated_duration_ms": estimate as i64,
        "actual_duration_ms": duration,
        "retry_count": 0,
        "metadata": { "requested_by": format!("user-{}", index % 5) },
        "description": "not read",
    }
}

/// The tickets of these tests are of one time, which is long ago.
pub const OLD_ALLOWED: (&str, &str) = ("HIVECTL_MAX_TICKET_AGE", "3650d");

/// When ticket 0 was created: 2026-01-01T00:00:00Z.
pub const FIRST_MS: i64 = 1_767_225_600_000;

pub fn tickets(count: usize) -> Vec<Document> {
    (0..count).map(ticket).collect()
}

impl Home {
    /// A home with a duration model trained on 400 tickets of the kind that [`ticket`] makes.
    pub fn with_model() -> Home {
        let home = Home::new();
        home.write_tickets("learn.ndjson", tickets(400));
        home.run(&["ml", "train", "--model", "duration", "--tickets", "learn.ndjson", "--quiet"]).expect(0);
        home
    }

    /// Tickets as NDJSON.
    pub fn write_tickets(&self, name: &str, documents: Vec<Document>) {
        let lines: String =
            documents.into_iter().map(|document| format!("{}\n", serde_json::to_string(&document).expect("JSON"))).collect();
        self.write(name, lines);
    }

    /// Runs with the URI in the environment; tickets may be as old as those of these tests are.
    #[must_use]
    pub fn run_at(&self, uri: &str, arguments: &[&str]) -> Ran {
        self.run_with(arguments, &[("MONGODB_URI", uri), OLD_ALLOWED])
    }

    /// As [`Home::run_at`] with the database by flag.
    #[must_use]
    pub fn on(&self, database: &Database, arguments: &[&str]) -> Ran {
        let words: Vec<&str> = arguments.iter().copied().chain(["--database", &database.name]).collect();
        self.run_at(&database.uri, &words)
    }
}

impl Ran {
    /// The data of the document on stdout, after checking the exit code.
    pub fn data(&self, code: i32) -> Value {
        let document = self.json(code);
        match code {
            0 | 12 => document["data"].clone(),
            _ => document["error"].clone(),
        }
    }
}
