//! The main job against the same in Python, alternately, each in its own process.
//!
//!     cargo bench --bench job -- [--data FILE] [--python PYTHON] [--rounds 5]
//!
//! PYTHON needs scikit-learn; for the start-up row also MLflow. Without it our own times are printed and how
//! to get the peers. Prints a table with medians and their ratio.
#![allow(clippy::print_stdout, reason = "a bench prints its table")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

struct Bench {
    data: PathBuf,
    python: Option<String>,
    rounds: usize,
    home: tempfile::TempDir,
}

fn main() {
    let mut bench = Bench {
        data: Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tickets.ndjson.gz"),
        python: std::env::var("HIVECTL_TEST_PYTHON").ok(),
        rounds: 5,
        home: tempfile::tempdir().expect("a temporary folder"),
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--data" => bench.data = std::path::absolute(words.next().expect("a file")).expect("a path"),
            "--python" => bench.python = words.next(),
            "--rounds" => bench.rounds = words.next().and_then(|count| count.parse().ok()).expect("a number"),
            _ => {}
        }
    }
    bench.run();
}

impl Bench {
    fn run(&self) {
        let hivectl = env!("CARGO_BIN_EXE_hivectl");
        let data = self.data.display().to_string();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/peer_job.py").display().to_string();
        let folder = self.home.path().display().to_string();
        println!(
            "data {}, {} rounds, {} cores",
            self.data.file_name().unwrap_or_default().to_string_lossy(),
            self.rounds,
            std::thread::available_parallelism().map_or(0, usize::from)
        );
        println!("| work | hivectl | Python | ratio |");
        println!("|---|---|---|---|");
        let matrix = self.home.path().join("m.parquet").display().to_string();
        let read = ["ml", "dataset", "features", "--window-days", "40000", "--tickets", &data, "--out", &matrix];
        self.row("tickets to features", hivectl, &read, &[&script, "read", &data]);
        let train = ["ml", "train", "--window-days", "40000", "--tickets", &data];
        self.row("train --model all", hivectl, &train, &[&script, "train", &data, &folder]);
        self.row("models list", hivectl, &["ml", "models", "list"], &["-m", "mlflow", "--version"]);
        self.row("--version", hivectl, &["--version"], &["-m", "mlflow", "--version"]);
        if self.python.is_none() {
            println!("no peer was run: give --python an interpreter with scikit-learn and mlflow (tests/servers/mlflow.sh env makes one)");
        }
    }

    fn row(&self, work: &str, program: &str, ours: &[&str], theirs: &[&str]) {
        let (mut our_seconds, mut their_seconds) = (Vec::new(), Vec::new());
        for _ in 0..self.rounds {
            our_seconds.push(self.seconds(program, ours));
            if let Some(python) = &self.python {
                their_seconds.push(self.seconds(python, theirs));
            }
        }
        let ours = median(our_seconds);
        match their_seconds.is_empty() {
            true => println!("| {work} | {ours:.3} s | - | - |"),
            false => {
                let theirs = median(their_seconds);
                println!("| {work} | {ours:.3} s | {theirs:.3} s | {:.1} × |", theirs / ours);
            }
        }
    }

    fn seconds(&self, program: &str, arguments: &[&str]) -> f64 {
        let start = Instant::now();
        let status = Command::new(program)
            .args(arguments)
            .env("HOME", self.home.path())
            .current_dir(self.home.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("the program starts");
        assert!(status.success(), "{program} {arguments:?}");
        start.elapsed().as_secs_f64()
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
