//! Large model files read, and a row answered behind a pipeline.
//!
//!     cargo bench --bench large_files -- [--python PYTHON] [--against BINARY] [--rounds 5]
//!
//! PYTHON (else HIVECTL_TEST_PYTHON) makes the files (`tests/bench/large_files.py`). BINARY is a hivectl of another
//! commit, which reads the same files in turn. Prints wall time, the process's own CPU time and its peak memory, and how
//! long one row takes behind scikit-learn's Pipeline and in its trees alone.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a bench prints its table")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Parser;
use hivectl::formats::{self, ReadOptions};
use hivectl::trees::Scorer;

/// Prints the tables.
#[derive(Debug, Parser)]
struct Arguments {
    /// The interpreter with the libraries.
    #[arg(long)]
    python: Option<String>,
    /// A hivectl to compare with.
    #[arg(long)]
    against: Option<PathBuf>,
    /// How often each file is read.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

/// Wall and CPU seconds, and peak memory in MB.
type Measure = [f64; 3];

fn main() {
    let arguments = Arguments::parse();
    let Some(python) = arguments.python.or_else(|| std::env::var("HIVECTL_TEST_PYTHON").ok()) else {
        println!("no Python with the libraries: eval \"$(tests/servers/mlflow.sh env)\", or --python");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/large_files.py");
    let made = Command::new(python).arg(script).arg(folder.path()).status().expect("Python starts");
    assert!(made.success(), "the files are made");
    let ours = PathBuf::from(env!("CARGO_BIN_EXE_hivectl"));
    println!("| file | hivectl | wall | own CPU | peak memory |\n|---|---|---|---|---|");
    for name in ["forest_model.pkl", "forest_model.onnx", "boosting_model.ubj"] {
        let path = folder.path().join(name);
        let megabytes = std::fs::metadata(&path).expect("a file").len() as f64 / 1e6;
        let binaries = [("this", Some(&ours)), ("the other", arguments.against.as_ref())];
        let binaries: Vec<(&str, &PathBuf)> = binaries.into_iter().filter_map(|(word, binary)| Some((word, binary?))).collect();
        let mut measured: Vec<Vec<Measure>> = vec![Vec::new(); binaries.len()];
        for _ in 0..arguments.rounds {
            binaries.iter().zip(&mut measured).for_each(|((_, binary), list)| list.push(read(binary, &path)));
        }
        for ((word, _), list) in binaries.iter().zip(&measured) {
            let [wall, cpu, peak] = [0, 1, 2].map(|place| median(list.iter().map(|one| one[place]).collect()));
            println!("| {name}, {megabytes:.0} MB | {word} | {wall:.2} s | {cpu:.2} s | {peak:.0} MB |");
        }
    }
    let [pipeline, trees] = ["pipeline.pkl", "trees.pkl"].map(|name| a_row(folder.path(), name));
    println!("\none row: {pipeline:.2} µs behind the pipeline, {trees:.2} µs in its trees, {:.2} µs more", pipeline - trees);
}

/// Reads a file in a process of its own.
fn read(binary: &Path, file: &Path) -> Measure {
    let started = Instant::now();
    let mut command = Command::new(binary);
    command.args(["ml", "models", "inspect"]).arg(file).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().expect("hivectl starts");
    let mut seen = [0.0; 2];
    loop {
        seen = used(child.id()).unwrap_or(seen);
        if let Some(status) = child.try_wait().expect("it ends") {
            assert!(status.success(), "{command:?}");
            return [started.elapsed().as_secs_f64(), seen[0], seen[1]];
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// CPU seconds and peak memory in MB of a process, by Linux; until it has ended.
fn used(process: u32) -> Option<[f64; 2]> {
    const TICKS_A_SECOND: f64 = 100.0;
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok()?;
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place)?.parse::<f64>().ok();
    Some([(ticks(11)? + ticks(12)?) / TICKS_A_SECOND, peak / 1e3])
}

/// Microseconds that one row takes of a model that is ready.
fn a_row(folder: &Path, name: &str) -> f64 {
    const ROUNDS: usize = 200;
    let model = formats::read(&std::fs::read(folder.join(name)).expect("a file"), ReadOptions::default()).expect("a model");
    assert!(model.committee.is_none(), "{name}: what stands before the trees is part of them");
    let scorer = Scorer::new(&model.ensemble).expect("a scorer");
    let rows: Vec<Vec<f32>> = serde_json::from_slice(&std::fs::read(folder.join("rows.json")).expect("rows")).expect("JSON");
    let round = || {
        let started = Instant::now();
        rows.iter().for_each(|row| {
            let _ = std::hint::black_box(scorer.score_row(row));
        });
        started.elapsed().as_secs_f64() * 1e6 / rows.len() as f64
    };
    median((0..ROUNDS).map(|_| round()).collect())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
