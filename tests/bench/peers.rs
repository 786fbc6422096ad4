//! The engine and its peers on one file, alternately, each in its own process, and the ratios of medians.
//!
//!     cargo bench --bench peers -- --data FILE [--python PYTHON] [--scripts FOLDER] [--rounds 5] [--jobs forest,boosting]
//!
//! PYTHON needs the peers' packages; without them our own figures are printed and how to get the others.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a bench prints its table and its progress")]

mod data;
mod jobs;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Parser;
use data::Outcome;
use serde_json::Value;

/// Runs the engine's jobs and the peers' scripts alternately and prints the ratios.
#[derive(Debug, Parser)]
struct Arguments {
    /// Parquet file: a matrix of numbers, or flat tickets.
    #[arg(long)]
    data: PathBuf,
    /// Interpreter with the peers' packages.
    #[arg(long, env = "HIVECTL_PEERS_PYTHON", default_value = "python3")]
    python: String,
    /// Folder of the peers' scripts; by default ../shared/bench beside this crate.
    #[arg(long)]
    scripts: Option<PathBuf>,
    /// Times each program runs; odd numbers have a middle one.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    #[arg(long, value_delimiter = ',', default_value = "forest,boosting,isolation,score")]
    jobs: Vec<String>,
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Use the first rows only.
    #[arg(long)]
    rows: Option<usize>,
    /// Hold out the last fifth instead of a random one.
    #[arg(long)]
    by_time: bool,
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
    packages: &'static [&'static str],
}

const RIVALS: [Rivals; 4] = [
    Rivals {
        job: "forest",
        script: "bench_rf.py",
        peers: "lightgbm,xgboost,sklearnex",
        by_time: true,
        packages: &["lightgbm", "xgboost", "scikit-learn-intelex"],
    },
    Rivals { job: "boosting", script: "bench_gbdt.py", peers: "xgboost,lightgbm", by_time: true, packages: &["xgboost", "lightgbm"] },
    Rivals { job: "isolation", script: "bench_if.py", peers: "sklearn,isotree", by_time: false, packages: &["scikit-learn", "isotree"] },
    Rivals {
        job: "score",
        script: "bench_infer.py",
        peers: "",
        by_time: false,
        packages: &["scikit-learn", "onnxruntime", "skl2onnx", "treelite"],
    },
];

fn main() -> Outcome<()> {
    // An engine's job, in a process of its own.
    if std::env::args().nth(1).as_deref() == Some("job") {
        return jobs::Arguments::parse_from(std::env::args().skip(1)).run();
    }
    let arguments = Arguments::parse();
    let scripts = arguments.scripts.clone().unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/bench"));
    println!(
        "{}, {}, {} threads on {} cores, load {}",
        jiff::Timestamp::now().strftime("%Y-%m-%d"),
        arguments.data.file_name().unwrap_or_default().to_string_lossy(),
        arguments.threads,
        std::thread::available_parallelism()?,
        std::fs::read_to_string("/proc/loadavg").unwrap_or_default().split_whitespace().next().unwrap_or("unknown")
    );
    println!(
        "| job | program | version | rows | fit s | ratio | predict ns/row/tree | ratio | one row µs | peak MB | quality |\n|---|---|---|---|---|---|---|---|---|---|---|"
    );
    for job in &arguments.jobs {
        let rivals = RIVALS
            .iter()
            .find(|rivals| rivals.job == job)
            .ok_or_else(|| format!("no job {job:?}; there are forest, boosting, isolation, score"))?;
        let mut runs: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for round in 0..arguments.rounds {
            eprintln!("{job}, round {} of {}", round + 1, arguments.rounds);
            for line in ours(&arguments, job)?.into_iter().chain(theirs(&arguments, rivals, &scripts)?) {
                runs.entry(line["peer"].as_str().unwrap_or("?").to_owned()).or_default().push(line);
            }
        }
        print_rows(&arguments, rivals, &runs);
    }
    Ok(())
}

fn lines(output: &std::process::Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout).lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

fn ours(arguments: &Arguments, job: &str) -> Outcome<Vec<Value>> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["job", job, "--threads", &arguments.threads.to_string(), "--data"]).arg(&arguments.data);
    if let Some(rows) = arguments.rows {
        command.args(["--rows", &rows.to_string()]);
    }
    if arguments.by_time {
        command.arg("--by-time");
    }
    let output = command.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(lines(&output))
}

fn theirs(arguments: &Arguments, rivals: &Rivals, scripts: &Path) -> Outcome<Vec<Value>> {
    let folder = tempfile::tempdir()?;
    let mut command = Command::new(&arguments.python);
    command
        .current_dir(scripts)
        .arg(rivals.script)
        .args(["--threads", &arguments.threads.to_string(), "--data"])
        .arg(std::path::absolute(&arguments.data)?);
    if let Some(rows) = arguments.rows {
        command.args(["--rows", &rows.to_string()]);
    }
    if rivals.peers.is_empty() {
        command.arg("--out").arg(folder.path());
    } else {
        command.args(["--peers", rivals.peers]);
    }
    if arguments.by_time && rivals.by_time {
        command.arg("--by-time");
    }
    let output = match command.output() {
        Ok(output) => output,
        Err(source) => {
            eprintln!("no peers: {} cannot be run in {} ({source}); give --python and --scripts", arguments.python, scripts.display());
            return Ok(Vec::new());
        }
    };
    let (good, bad): (Vec<Value>, Vec<Value>) = lines(&output).into_iter().partition(|line| line["error"].is_null());
    if good.is_empty() || !bad.is_empty() {
        eprintln!("some peers did not run; they need: {} -m pip install {} pandas pyarrow", arguments.python, rivals.packages.join(" "));
        bad.iter().for_each(|line| eprintln!("{line}"));
    }
    // Of the scoring script's lines those count that score a forest with the threads asked for, or one row.
    let wanted = |line: &Value| {
        line["job"] != "infer_if" && (line["job"] != "infer_rf" || line["rows"] == 1 || line["threads"] == arguments.threads)
    };
    Ok(good.into_iter().filter(wanted).map(unify).collect())
}

/// The scoring script's names as ours.
fn unify(mut line: Value) -> Value {
    let single = line["us"].clone();
    if !single.is_null() {
        line["single_row_us"] = single;
    }
    let batch = line["ns_row_tree"].clone();
    if !batch.is_null() {
        line["predict_ns_row_tree"] = batch;
    }
    let isolation = line["score_ns_row_tree"].clone();
    if !isolation.is_null() {
        line["predict_ns_row_tree"] = isolation;
    }
    line
}

fn median(runs: &[Value], key: &str) -> Option<f64> {
    let mut values: Vec<f64> = runs.iter().filter_map(|line| line[key].as_f64()).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

fn print_rows(arguments: &Arguments, rivals: &Rivals, runs: &BTreeMap<String, Vec<Value>>) {
    let ours = runs.get("hivectl").map(Vec::as_slice).unwrap_or_default();
    let mut names: Vec<&String> = runs.keys().collect();
    names.sort_by_key(|name| *name != "hivectl");
    for name in names {
        let runs = &runs[name];
        let text = |key: &str, digits: usize| {
            median(runs, key)
                .or(if key == "predict_ns_row_tree" { median(runs, "score_ns_row_tree") } else { None })
                .map_or("".to_owned(), |value| format!("{value:.digits$}"))
        };
        let ratio = |key: &str| match (
            median(runs, key),
            median(ours, key).or(if key == "predict_ns_row_tree" { median(ours, "score_ns_row_tree") } else { None }),
        ) {
            (Some(theirs), Some(ours)) if name != "hivectl" => format!("{:.1} ×", theirs / ours),
            _ => String::new(),
        };
        let quality: Vec<String> = [("mae", 0), ("r2", 4), ("auc", 4), ("ap", 4)]
            .into_iter()
            .filter_map(|(key, digits)| median(runs, key).map(|value| format!("{key} {value:.digits$}")))
            .collect();
        println!(
            "| {} | {name} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            rivals.job,
            version(arguments, name),
            text("rows", 0),
            text("fit_s", 3),
            ratio("fit_s"),
            text("predict_ns_row_tree", 2),
            ratio("predict_ns_row_tree"),
            text("single_row_us", 2),
            text("rss_mb", 0),
            quality.join(", ")
        );
    }
}

/// The version of a program, as its package says.
fn version(arguments: &Arguments, name: &str) -> String {
    let package = match name {
        "hivectl" => return env!("CARGO_PKG_VERSION").to_owned(),
        "sklearn" => "scikit-learn",
        "sklearnex" => "scikit-learn-intelex",
        "treelite.gtil" => "treelite",
        other => other,
    };
    let script = format!("import importlib.metadata as m; print(m.version({package:?}))");
    Command::new(&arguments.python)
        .args(["-c", &script])
        .output()
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_default()
}
