//! A registry on an MLflow server against MLflow's own client and against curl, each work in a process of its own,
//! alternately, on the same server.
//!
//!     cargo bench --bench registry -- [--python PYTHON] [--models 500] [--versions 20] [--rounds 5] [--megabytes 50]
//!
//! PYTHON (or HIVECTL_TEST_PYTHON) has MLflow; tests/servers/mlflow.sh starts its server and ends it. Prints medians.
#![allow(clippy::print_stdout, reason = "a bench prints its table")]

#[path = "../common/servers.rs"]
mod servers;

use std::io::Read as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::blocking::Client;
use serde_json::{Value, json};

use servers::Servers;

const BINARY: &str = env!("CARGO_BIN_EXE_hivectl");

struct Bench {
    url: String,
    python: String,
    rounds: usize,
    home: tempfile::TempDir,
    client: Client,
    _servers: Servers,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let value = |flag: &str| words.iter().position(|word| word == flag).and_then(|at| words.get(at + 1)).cloned();
    let count = |flag: &str, otherwise: usize| value(flag).and_then(|count| count.parse().ok()).unwrap_or(otherwise);
    let Some(python) = value("--python").or_else(|| std::env::var("HIVECTL_TEST_PYTHON").ok()) else {
        println!("give --python an interpreter with MLflow");
        return;
    };
    let bench = Bench::start(python, count("--rounds", 5));
    let (models, versions, megabytes) = (count("--models", 500), count("--versions", 20), count("--megabytes", 50));
    println!("{models} models with {versions} versions; {} rounds; medians\n", bench.rounds);
    println!("| work | hivectl | peer | ratio |\n|---|---|---|---|");
    bench.small();
    bench.upload(megabytes);
    bench.seed(models, versions);
    bench.compare(&format!("list {models} models with {versions} versions"), &["ml", "models", "list", "-o", "json"], &["list"]);
    println!("\nfirst byte sent {:.1} ms after the start", milliseconds(bench.first_byte()));
}

impl Bench {
    fn start(python: String, rounds: usize) -> Bench {
        let servers = Servers::start("mlflow.sh", &[&python]);
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().tls_certs_only([]).build().expect("a client");
        let home = tempfile::tempdir().expect("a folder");
        Bench { url: servers.started["url"].clone(), python, rounds, home, client, _servers: servers }
    }

    fn post(&self, route: &str, body: Value) -> Value {
        let url = format!("{}/api/2.0/mlflow/{route}", self.url);
        let answer = self.client.post(url).header("Content-Type", "application/json").body(body.to_string()).send();
        let text = answer.and_then(|answer| answer.error_for_status()?.text()).expect("an answer");
        serde_json::from_str(&text).unwrap_or_default()
    }

    fn hivectl(&self, words: &[&str]) -> Duration {
        timed(Command::new(BINARY).args(words).args(["--registry", &self.url]).env("HIVECTL_HOME", self.home.path()))
    }

    fn peer(&self, words: &[&str]) -> Duration {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/peer_registry.py");
        timed(Command::new(&self.python).arg(script).arg(&self.url).args(words))
    }

    fn compare(&self, what: &str, ours: &[&str], theirs: &[&str]) {
        let rounds: Vec<(Duration, Duration)> = (0..self.rounds).map(|_| (self.hivectl(ours), self.peer(theirs))).collect();
        row(what, rounds);
    }

    /// A registry of one model, as one asks it at three in the morning.
    fn small(&self) {
        let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rooms/formats/fixtures/isolation.onnx").display().to_string();
        for tag in ["n=1", "n=2"] {
            self.hivectl(&["ml", "models", "register", &model, "--name", "small", "--tag", tag]);
        }
        self.compare("list one model", &["ml", "models", "list", "-o", "json"], &["list"]);
        self.compare("show one version", &["ml", "models", "show", "small@1", "-o", "json"], &["show", "small", "1"]);
        let rounds = (0..self.rounds).map(|_| {
            let ours = |version: &str| {
                let reference = format!("small@{version}");
                self.hivectl(&["ml", "models", "promote", &reference, "--confirm", &reference, "--force-gate", "--reason", "bench"])
            };
            let one = (ours("1"), self.peer(&["promote", "small", "2"]));
            // The peer leaves no record of its move, which is told as another tool's and does no harm.
            ours("1");
            one
        });
        row("promote, with alias, tags and read-back", rounds.collect());
    }

    /// A large model: hivectl registers it, curl only brings the bytes.
    fn upload(&self, megabytes: usize) {
        let file = self.home.path().join("large.onnx");
        let mut state = 1u64;
        let bytes: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        })
        .take(megabytes * 1_000_000)
        .collect();
        std::fs::write(&file, bytes).expect("written");
        let path = file.display().to_string();
        let rounds = (0..self.rounds).map(|round| {
            let tag = format!("n={round}");
            let ours = self.hivectl(&["ml", "models", "register", &path, "--name", "large", "--tag", &tag]);
            let url = format!("{}/api/2.0/mlflow-artifacts/artifacts/bench/{round}/large.onnx", self.url);
            (ours, timed(Command::new("curl").args(["--silent", "--fail", "--upload-file", &path, &url])))
        });
        row(&format!("register {megabytes} MB (peer: curl uploads the file)"), rounds.collect());
    }

    fn seed(&self, models: usize, versions: usize) {
        for model in 0..models {
            let name = format!("bulk-{model:04}");
            self.post("registered-models/create", json!({ "name": name }));
            for version in 0..versions {
                let tags = json!([{ "key": "team", "value": "bench" }]);
                let source = format!("s3://bench/{name}/{version}");
                self.post("model-versions/create", json!({ "name": name, "source": source, "tags": tags }));
            }
        }
    }

    /// From the start of the process to the first byte of its first request.
    fn first_byte(&self) -> Duration {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let mut times: Vec<Duration> = (0..self.rounds.max(5))
            .map(|_| {
                let begun = Instant::now();
                let mut child = Command::new(BINARY)
                    .args(["ml", "models", "show", "m@1", "--registry", &url, "--timeout", "2s"])
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .spawn()
                    .expect("hivectl starts");
                let (mut stream, _) = listener.accept().expect("a connection");
                let mut byte = [0];
                stream.read_exact(&mut byte).expect("a byte");
                let taken = begun.elapsed();
                child.kill().expect("ended");
                let _ = child.wait();
                taken
            })
            .collect();
        median(&mut times)
    }
}

fn timed(command: &mut Command) -> Duration {
    let begun = Instant::now();
    let output = command.output().expect("it starts");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    begun.elapsed()
}

fn row(what: &str, rounds: Vec<(Duration, Duration)>) {
    let (mut ours, mut theirs): (Vec<Duration>, Vec<Duration>) = rounds.into_iter().unzip();
    let (ours, theirs) = (median(&mut ours), median(&mut theirs));
    let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
    println!("| {what} | {:.0} ms | {:.0} ms | {ratio:.2} |", milliseconds(ours), milliseconds(theirs));
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
