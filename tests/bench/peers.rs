//! The engine and its peers on one file, alternately, each in its own process, and the ratios of medians.
//!
//!     cargo bench --bench peers -- --data FILE [--python PYTHON] [--scripts FOLDER] [--rounds 5] [--jobs forest,boosting]
//!
//! PYTHON needs the peers' packages; without them our own figures are printed and how to get the others.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a bench prints its table and its progress")]

mod data;
mod jobs;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch};
use clap::Parser;
use data::Outcome;
use parquet::arrow::ArrowWriter;
use serde_json::Value;

/// Runs the engine's jobs and the peers' scripts alternately and prints the ratios.
#[derive(Debug, Parser)]
struct Arguments {
    /// Parquet file: a matrix of numbers, or flat tickets. For `train` NDJSON tickets.
    #[arg(long)]
    data: PathBuf,
    /// Interpreter with the peers' packages.
    #[arg(long, env = "HIVECTL_PEERS_PYTHON", default_value = "python3")]
    python: String,
    /// Folder of the peers' scripts; by default `bench` in HIVECTL_SHARED, or in ../shared beside this crate.
    #[arg(long)]
    scripts: Option<PathBuf>,
    /// Times each program runs, with seeds 0, 1, …; odd numbers have a middle one.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// forest, boosting, isolation, score, ks, train
    #[arg(long, value_delimiter = ',', default_value = "forest,boosting,isolation,score,ks")]
    jobs: Vec<String>,
    /// Of the peers only these; by default all that the job knows.
    #[arg(long)]
    peers: Option<String>,
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Use the first rows only.
    #[arg(long)]
    rows: Option<usize>,
    /// Hold out the last fifth instead of a random one.
    #[arg(long)]
    by_time: bool,
    /// Column that marks anomalies, in a matrix without a target.
    #[arg(long)]
    label: Option<String>,
    /// Compare processor seconds instead of elapsed ones: what counts on a machine that does other work too.
    /// Threads that wait by spinning count; give --threads 1 with it.
    #[arg(long)]
    cpu: bool,
    /// Processor cores that a neighbour keeps busy meanwhile.
    #[arg(long, default_value_t = 0)]
    busy: usize,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

/// One job's peers: their script, who they are, and what the script wants besides.
struct Rivals {
    job: &'static str,
    script: &'static str,
    peers: &'static str,
    by_time: bool,
    seed: bool,
    packages: &'static [&'static str],
}

const RIVALS: [Rivals; 6] = [
    Rivals {
        job: "forest",
        script: "bench_rf.py",
        peers: "lightgbm,xgboost,sklearnex",
        by_time: true,
        seed: true,
        packages: &["lightgbm", "xgboost", "scikit-learn-intelex"],
    },
    Rivals {
        job: "boosting",
        script: "bench_gbdt.py",
        peers: "xgboost,lightgbm",
        by_time: true,
        seed: true,
        packages: &["xgboost", "lightgbm"],
    },
    Rivals {
        job: "isolation",
        script: "bench_if.py",
        peers: "sklearn,isotree",
        by_time: false,
        seed: true,
        packages: &["scikit-learn", "isotree"],
    },
    Rivals {
        job: "score",
        script: "bench_infer.py",
        peers: "",
        by_time: false,
        seed: false,
        packages: &["scikit-learn", "onnxruntime", "skl2onnx", "treelite"],
    },
    Rivals { job: "ks", script: "bench_drift.py", peers: "", by_time: false, seed: false, packages: &["scipy"] },
    Rivals { job: "train", script: "peer_job.py", peers: "", by_time: false, seed: false, packages: &["scikit-learn"] },
];

/// Runs a script with the process' own clock in place of the wall's.
const CPU_CLOCK: &str = "import os, runpy, sys, time; time.perf_counter = time.process_time; \
                         del sys.argv[0]; sys.path.insert(0, os.getcwd()); runpy.run_path(sys.argv[0], run_name='__main__')";

fn main() -> Outcome<()> {
    // An engine's job, in a process of its own.
    if std::env::args().nth(1).as_deref() == Some("job") {
        return jobs::Arguments::parse_from(std::env::args().skip(1)).run();
    }
    if std::env::args().skip(1).all(|word| word == "--bench") {
        eprintln!("nothing to compare; try: cargo bench --bench peers -- --data FILE.parquet --python PYTHON");
        return Ok(());
    }
    let arguments = Arguments::parse();
    for _ in 0..arguments.busy {
        std::thread::spawn(|| {
            loop {
                std::hint::spin_loop();
            }
        });
    }
    println!(
        "{}, {}, {} seconds with {} threads on {} cores, {} of them kept busy, load {}, medians of {}\n",
        jiff::Timestamp::now().strftime("%Y-%m-%d"),
        arguments.data.file_name().unwrap_or_default().to_string_lossy(),
        if arguments.cpu { "processor" } else { "elapsed" },
        arguments.threads,
        std::thread::available_parallelism()?,
        arguments.busy,
        std::fs::read_to_string("/proc/loadavg").unwrap_or_default().split_whitespace().next().unwrap_or("unknown"),
        arguments.rounds
    );
    println!(
        "| job | program | version | rows | s | ratio | predict ns/row/tree | ratio | one row µs | peak MB | quality |\n|---|---|---|---|---|---|---|---|---|---|---|"
    );
    for job in &arguments.jobs {
        let rivals = RIVALS
            .iter()
            .find(|rivals| rivals.job == job)
            .ok_or_else(|| format!("no job {job:?}; there are {}", RIVALS.each_ref().map(|rivals| rivals.job).join(", ")))?;
        let contest = Contest::new(&arguments, rivals)?;
        let mut runs: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for round in 0..arguments.rounds {
            eprintln!("{job}, round {} of {}", round + 1, arguments.rounds);
            for line in contest.ours(round)?.into_iter().chain(contest.theirs(round)) {
                runs.entry(line["peer"].as_str().unwrap_or("?").to_owned()).or_default().push(line);
            }
        }
        contest.print(&runs);
    }
    Ok(())
}

/// One job, ours and theirs.
struct Contest<'a> {
    arguments: &'a Arguments,
    rivals: &'a Rivals,
    scripts: PathBuf,
    /// Where the scripts may write, and find the data in the form that they read.
    folder: tempfile::TempDir,
    data: PathBuf,
}

impl<'a> Contest<'a> {
    fn new(arguments: &'a Arguments, rivals: &'a Rivals) -> Outcome<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let scripts = match &arguments.scripts {
            _ if rivals.job == "train" => here.join("tests/bench"),
            Some(scripts) => scripts.clone(),
            None => std::env::var_os("HIVECTL_SHARED").map_or_else(|| here.join("../shared"), PathBuf::from).join("bench"),
        };
        let contest = Contest { arguments, rivals, scripts, folder: tempfile::tempdir()?, data: std::path::absolute(&arguments.data)? };
        if rivals.job == "ks" {
            contest.write_halves()?;
        }
        if let Some(label) = &arguments.label {
            let script = "import sys, numpy, pandas; d = pandas.read_parquet(sys.argv[1]); \
                          numpy.savez(sys.argv[3], X=d.drop(columns=sys.argv[2]).to_numpy(), y=d[sys.argv[2]].to_numpy())";
            // Without the packages it fails as the script itself will, which is told there.
            let _ = Command::new(&arguments.python)
                .args(["-c", script])
                .arg(&contest.data)
                .arg(label)
                .arg(contest.folder.path().join("labelled.npz"))
                .stderr(Stdio::null())
                .status();
        }
        Ok(contest)
    }

    /// The target's first and second half as files, for a script that compares files.
    fn write_halves(&self) -> Outcome<()> {
        const TARGET: &str = "actual_duration_ms";
        let target = data::target(&self.data, self.arguments.rows, TARGET)?;
        let (first, second) = target.split_at(target.len() / 2);
        for (name, half) in [("first.parquet", first), ("second.parquet", second)] {
            let column: ArrayRef = Arc::new(Float64Array::from(half.to_vec()));
            let batch = RecordBatch::try_from_iter([(TARGET, column)])?;
            let mut writer = ArrowWriter::try_new(File::create(self.folder.path().join(name))?, batch.schema(), None)?;
            writer.write(&batch)?;
            writer.close()?;
        }
        Ok(())
    }

    fn ours(&self, round: usize) -> Outcome<Vec<Value>> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["job", self.rivals.job, "--threads", &self.arguments.threads.to_string(), "--data"]).arg(&self.data);
        command.args(["--seed", &round.to_string()]);
        if self.arguments.cpu {
            command.arg("--cpu");
        }
        if let Some(label) = &self.arguments.label {
            command.args(["--label", label]);
        }
        if let Some(rows) = self.arguments.rows {
            command.args(["--rows", &rows.to_string()]);
        }
        if self.arguments.by_time {
            command.arg("--by-time");
        }
        let output = command.output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        Ok(lines(&output).into_iter().map(unify).collect())
    }

    fn command(&self, round: usize) -> Command {
        let (arguments, folder) = (self.arguments, self.folder.path());
        let mut command = Command::new(&arguments.python);
        command.current_dir(&self.scripts);
        if arguments.cpu {
            command.args(["-c", CPU_CLOCK]);
        }
        command.arg(self.rivals.script);
        match self.rivals.job {
            "ks" => {
                command.arg("--ref").arg(folder.join("first.parquet")).arg("--cur").arg(folder.join("second.parquet"));
                return command;
            }
            "train" => {
                command.arg("train").arg(&self.data).arg(folder);
                return command;
            }
            _ => command.args(["--threads", &arguments.threads.to_string(), "--data"]),
        };
        command.arg(if arguments.label.is_some() { folder.join("labelled.npz") } else { self.data.clone() });
        if let Some(rows) = arguments.rows {
            command.args(["--rows", &rows.to_string()]);
        }
        if self.rivals.peers.is_empty() {
            command.arg("--out").arg(folder);
        } else {
            command.args(["--peers", arguments.peers.as_deref().unwrap_or(self.rivals.peers)]);
        }
        if self.rivals.seed {
            command.args(["--seed", &round.to_string()]);
        }
        if arguments.by_time && self.rivals.by_time {
            command.arg("--by-time");
        }
        command
    }

    /// What the peers that are installed say; on stderr how to get the others.
    fn theirs(&self, round: usize) -> Vec<Value> {
        let output = match self.command(round).output() {
            Ok(output) => output,
            Err(source) => {
                let (python, scripts) = (&self.arguments.python, self.scripts.display());
                eprintln!(
                    "no peers: {python} cannot be run in {scripts} ({source}); give --python and --scripts, and make the former with:"
                );
                self.tell_packages("python3");
                return Vec::new();
            }
        };
        let (good, bad): (Vec<Value>, Vec<Value>) = lines(&output).into_iter().partition(|line| line["error"].is_null());
        if good.is_empty() || !bad.is_empty() {
            eprintln!("some peers did not run; what they need comes with:");
            self.tell_packages(&self.arguments.python);
            bad.iter().for_each(|line| eprintln!("{line}"));
            String::from_utf8_lossy(&output.stderr).lines().rev().take(1).for_each(|line| eprintln!("{line}"));
        }
        // Of the scoring script's lines those count that score a forest with the threads asked for, or one row.
        let wanted = |line: &Value| match line["job"].as_str() {
            Some("infer_rf") => line["rows"] == 1 || line["threads"] == self.arguments.threads,
            job => !matches!(job, Some("infer_if" | "psi" | "mae_ratio")),
        };
        good.into_iter().filter(wanted).map(unify).collect()
    }

    fn tell_packages(&self, python: &str) {
        eprintln!("    {python} -m venv peers && peers/bin/pip install {} pandas pyarrow", self.rivals.packages.join(" "));
        eprintln!("    cargo bench --bench peers -- --python peers/bin/python --data FILE");
    }

    fn print(&self, runs: &BTreeMap<String, Vec<Value>>) {
        let ours = runs.get("hivectl").map(Vec::as_slice).unwrap_or_default();
        let mut names: Vec<&String> = runs.keys().collect();
        names.sort_by_key(|name| *name != "hivectl");
        for name in names {
            let runs = &runs[name];
            let text = |key: &str, digits: usize| {
                median(runs, key).filter(|&value| value > 0.0).map_or(String::new(), |value| format!("{value:.digits$}"))
            };
            let ratio = |key: &str| match (median(runs, key), median(ours, key)) {
                (Some(theirs), Some(ours)) if name != "hivectl" && ours > 0.0 => format!("{:.1} ×", theirs / ours),
                _ => String::new(),
            };
            let quality: Vec<String> = [("mae", 0), ("r2", 4), ("auc", 4), ("ap", 4), ("D", 6), ("p", 4)]
                .into_iter()
                .filter_map(|(key, digits)| spread(runs, key, digits))
                .collect();
            println!(
                "| {} | {name} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
                self.rivals.job,
                self.version(name),
                text("rows", 0),
                text("seconds", 3),
                ratio("seconds"),
                text("predict_ns_row_tree", 2),
                ratio("predict_ns_row_tree"),
                text("single_row_us", 2),
                text("rss_mb", 0),
                quality.join(", ")
            );
        }
    }

    /// The version of a program, as its package says.
    fn version(&self, name: &str) -> String {
        let package = match name {
            "hivectl" => return env!("CARGO_PKG_VERSION").to_owned(),
            "sklearn" | "python" => "scikit-learn",
            "sklearnex" => "scikit-learn-intelex",
            other => other.split(['.', ' ']).next().unwrap_or(other),
        };
        let script = format!("import importlib.metadata as m; print(m.version({package:?}))");
        Command::new(&self.arguments.python)
            .args(["-c", &script])
            .output()
            .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
            .unwrap_or_default()
    }
}

fn lines(output: &std::process::Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout).lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// One name for what the programs call differently: `seconds` is what the job is about.
fn unify(mut line: Value) -> Value {
    let names = [
        ("us", "single_row_us"),
        ("ns_row_tree", "predict_ns_row_tree"),
        ("score_ns_row_tree", "predict_ns_row_tree"),
        ("fit_s", "seconds"),
        ("total_s", "seconds"),
    ];
    for (theirs, ours) in names {
        if !line[theirs].is_null() {
            line[ours] = line[theirs].clone();
        }
    }
    if line["job"] == "ks" {
        line["seconds"] = line["s"].clone();
    }
    line
}

fn values(runs: &[Value], key: &str) -> Vec<f64> {
    runs.iter().filter_map(|line| line[key].as_f64()).collect()
}

fn median(runs: &[Value], key: &str) -> Option<f64> {
    let mut values = values(runs, key);
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Mean and standard deviation over the rounds, which have different seeds.
fn spread(runs: &[Value], key: &str, digits: usize) -> Option<String> {
    let values = values(runs, key);
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let deviation = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0)).sqrt();
    let noise = if deviation > 0.0 { format!(" ± {deviation:.digits$}") } else { String::new() };
    (!values.is_empty()).then(|| format!("{key} {mean:.digits$}{noise}"))
}
