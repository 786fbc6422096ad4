//! A real MLflow behind a proxy, a home for every test, and the state of a model as the server tells it.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::operations::{run, words};
pub use crate::common::home::{Home, Ran};

/// The MLflow of this program.
pub struct Server {
    pub url: String,
    /// Ends with this program, because its standard input does.
    _script: Child,
    _folder: tempfile::TempDir,
}

/// The server of this run, started by the first who asks.
pub fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let server = SERVER.get_or_init(|| {
        std::env::var("HIVECTL_TEST_PYTHON").ok().filter(|path| !path.is_empty()).map(|python| with_a_model_that_serves(start(&python)))
    });
    if server.is_none() {
        println!("SKIPPED: HIVECTL_TEST_PYTHON names no Python with MLflow; tests/run sets it");
    }
    server.as_ref()
}

/// A new model goes the way of its registry: with a model that serves by stage and alias, the first by name, every change
/// asks the same questions whatever other tests do.
fn with_a_model_that_serves(server: Server) -> Server {
    let home = Home::new();
    home.write_model();
    run(&home, &server.url, &words("ml models import model.tar --name a-model-that-serves")).expect(0);
    let promote = "ml models promote a-model-that-serves@1 --force-gate --reason r --confirm a-model-that-serves@1";
    run(&home, &server.url, &words(promote)).expect(0);
    server
}

fn start(python: &str) -> Server {
    let folder = tempfile::tempdir().expect("a folder");
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
    let script = format!(
        "'{python}' -m mlflow server --host 127.0.0.1 --port {port} --workers 1 --backend-store-uri sqlite:///m.db \
         --artifacts-destination ./artifacts >server.log 2>&1 & server=$!; cat >/dev/null; kill $server; wait $server; rm -rf artifacts m.db"
    );
    let child = Command::new("sh")
        .args(["-c", &script])
        .env("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false")
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .spawn()
        .expect("a shell");
    let server = Server { url: format!("http://127.0.0.1:{port}"), _script: child, _folder: folder };
    let patience = Instant::now();
    while get(&server.url, "/health").is_none_or(|text| text != "OK") {
        let log = || std::fs::read_to_string(server._folder.path().join("server.log")).unwrap_or_default();
        assert!(patience.elapsed() < Duration::from_secs(180), "MLflow did not start: {}", log());
        std::thread::sleep(Duration::from_millis(200));
    }
    server
}

/// How much is tried at once: most of the time is waiting for the next attempt.
const AT_ONCE: usize = 4;

/// Does the work for every item, several at once; the results in no order.
pub fn side_by_side<I: Send, T: Send>(items: impl IntoIterator<Item = I>, work: impl Fn(I) -> T + Sync) -> Vec<T> {
    let (items, results) = (Mutex::new(items.into_iter().collect::<Vec<I>>()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some(item) = items.lock().expect("no panic").pop() else { break };
                    let result = work(item);
                    results.lock().expect("no panic").push(result);
                }
            });
        }
    });
    results.into_inner().expect("no panic")
}

/// The body of an answer with status 200.
fn get(url: &str, path: &str) -> Option<String> {
    let host = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let is_chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    assert!(!is_chunked, "MLflow answers in one piece");
    head.split(' ').nth(1).filter(|status| *status == "200").map(|_| body.to_owned())
}

/// Sends a body as JSON; the answer must be status 200.
pub fn post(url: &str, path: &str, body: &str) {
    let host = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).expect("connected");
    let length = body.len();
    write!(stream, "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
        .expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

impl Home {
    /// Runs hivectl in this home against the server at `url`.
    #[must_use]
    pub fn run_against(&self, url: &str, arguments: &[&str]) -> Ran {
        self.run(&[arguments, &["--registry", url]].concat())
    }

    /// A model of XGBoost's that anybody can register, made of a training on a few tickets.
    pub fn write_model(&self) {
        let rows = ["ml", "dataset", "synthetic", "--rows", "400", "--seed", "7", "--out", "t.ndjson"];
        self.run(&rows).expect(0);
        let train = ["ml", "train", "--model", "duration", "--tickets", "t.ndjson", "--trees", "2", "--depth", "3", "--threads", "1"];
        self.run(&train).expect(0);
        self.run(&["ml", "models", "export", "duration@1", "model.tar"]).expect(0);
        self.run(&train.map(|word| if word == "2" { "3" } else { word })).expect(0);
        self.run(&["ml", "models", "export", "duration@2", "second.tar"]).expect(0);
    }
}

/// A version as the server tells it: stage, aliases and the tags that do not differ from run to run.
pub type State = BTreeMap<u64, (String, Vec<String>, BTreeMap<String, String>)>;

/// Every version of a model, asked of the server itself.
pub fn state(url: &str, model: &str) -> State {
    let path = format!("/api/2.0/mlflow/model-versions/search?filter=name%3D%27{model}%27&max_results=1000");
    let found: Value = serde_json::from_str(&get(url, &path).expect("an answer")).expect("a document");
    let owner = get(url, &format!("/api/2.0/mlflow/registered-models/get?name={model}")).unwrap_or_else(|| "{}".to_owned());
    let owner: Value = serde_json::from_str(&owner).expect("a document");
    let aliases: Vec<(String, String)> =
        list(&owner["registered_model"]["aliases"]).iter().map(|alias| (text(&alias["version"]), text(&alias["alias"]))).collect();
    list(&found["model_versions"])
        .iter()
        .map(|version| {
            let number = text(&version["version"]);
            let mine = aliases.iter().filter(|(of, _)| *of == number).map(|(_, alias)| alias.clone()).collect();
            let tags = list(&version["tags"]).iter().map(|tag| (text(&tag["key"]), text(&tag["value"])));
            let steady = tags.filter(|(key, _)| !key.starts_with("hivectl.")).collect();
            (number.parse().expect("a number"), (text(&version["current_stage"]), mine, steady))
        })
        .collect()
}

/// The leases of a model that the server still has.
pub fn leases(url: &str, model: &str) -> Vec<String> {
    let path = "/api/2.0/mlflow/registered-models/search?max_results=1000&filter=name%20LIKE%20%27hivectl-lease-%25%27";
    let found: Value = serde_json::from_str(&get(url, path).expect("an answer")).expect("a document");
    let names = list(&found["registered_models"]).iter().map(|lease| text(&lease["name"]));
    names.filter(|name| name.starts_with(&format!("hivectl-lease-{model}."))).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
