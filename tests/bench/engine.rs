//! One job of the engine on one file, as one JSON line in the form of the peers' scripts.
//!
//!     cargo bench --bench engine -- forest --data tickets.parquet
#![allow(clippy::print_stdout, reason = "a bench prints its measurement")]

mod data;

use std::path::PathBuf;
use std::time::Instant;

use clap::{Parser, ValueEnum};
use data::{Matrix, Outcome};
use hivectl::trees::{Columns, IsolationForestParams, RandomForestParams, Scorer, fit_forest, fit_isolation};
use linfa::ParamGuard;
use serde_json::{Map, Value, json};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Job {
    /// Random-forest regression: fit, predict, errors on the held-out fifth.
    Forest,
    /// Isolation forest: fit, score, area under the ROC curve and average precision.
    Isolation,
    /// Scoring alone: a forest's answers for all rows, and for one row at a time.
    Score,
}

/// Measures one job of the engine on one file.
#[derive(Debug, Parser)]
struct Arguments {
    /// What to measure.
    job: Job,
    /// Parquet file: a matrix of numbers, or flat tickets.
    #[arg(long)]
    data: PathBuf,
    /// Use the first rows only.
    #[arg(long)]
    rows: Option<usize>,
    #[arg(long, default_value_t = 100)]
    trees: usize,
    #[arg(long, default_value_t = 10)]
    depth: usize,
    /// Smallest leaf in rows.
    #[arg(long, default_value_t = 2)]
    leaf: usize,
    #[arg(long, default_value_t = 2)]
    threads: usize,
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Hold out the last fifth instead of a random one.
    #[arg(long)]
    by_time: bool,
    /// Column to learn.
    #[arg(long, default_value = "actual_duration_ms")]
    target: String,
    /// Column that marks anomalies.
    #[arg(long, default_value = "is_anomaly")]
    label: String,
    /// Features to keep, comma-separated; all by default.
    #[arg(long, value_delimiter = ',')]
    features: Vec<String>,
    /// Learn the logarithm of the target.
    #[arg(long)]
    log: bool,
    #[arg(long)]
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Outcome<()> {
    let arguments = Arguments::parse();
    let matrix = data::load(&arguments.data, arguments.rows, &arguments.target, &arguments.label, &arguments.features)?;
    let mut line = match arguments.job {
        Job::Forest => forest(&arguments, &matrix)?,
        Job::Isolation => isolation(&arguments, matrix)?,
        Job::Score => score(&arguments, &matrix)?,
    };
    line.insert("rss_mb".into(), json!(peak_memory_mb()));
    println!("{}", Value::Object(line));
    Ok(())
}

fn columns(matrix: &Matrix) -> Outcome<Columns<'_>> {
    Ok(Columns::new(matrix.columns.iter().map(Vec::as_slice).collect(), matrix.rows())?)
}

fn start(arguments: &Arguments, job: &str, train: &Matrix) -> Map<String, Value> {
    let mut line = Map::new();
    line.insert("job".into(), json!(job));
    line.insert("peer".into(), json!("hivectl"));
    line.insert("rows".into(), json!(train.rows()));
    line.insert("feats".into(), json!(train.columns.len()));
    line.insert("trees".into(), json!(arguments.trees));
    line.insert("depth".into(), json!(arguments.depth));
    line.insert("threads".into(), json!(arguments.threads));
    line
}

fn forest(arguments: &Arguments, matrix: &Matrix) -> Outcome<Map<String, Value>> {
    let (train, holdout) = data::split(matrix.rows(), arguments.by_time);
    let (train, holdout) = (matrix.rows_of(&train), matrix.rows_of(&holdout));
    let target: Vec<f64> = if arguments.log { train.target.iter().map(|target| target.ln_1p()).collect() } else { train.target.clone() };
    let parameters =
        RandomForestParams::new().trees(arguments.trees).depth(arguments.depth).min_leaf(arguments.leaf).seed(arguments.seed).check()?;
    let began = Instant::now();
    let fitted = fit_forest(&parameters, &columns(&train)?, &target, arguments.threads, &|_| {})?;
    let fit_s = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let mut predictions = Scorer::new(&fitted.ensemble)?.score(&columns(&holdout)?, arguments.threads)?;
    let predict_s = began.elapsed().as_secs_f64();
    if arguments.log {
        predictions.iter_mut().for_each(|prediction| *prediction = prediction.exp_m1());
    }
    let mut line = start(arguments, "rf", &train);
    line.insert("fit_s".into(), json!(fit_s));
    line.insert("predict_s".into(), json!(predict_s));
    line.insert("predict_ns_row_tree".into(), json!(predict_s / holdout.rows() as f64 / arguments.trees as f64 * 1e9));
    add_errors(&mut line, &holdout.target, &predictions);
    Ok(line)
}

fn add_errors(line: &mut Map<String, Value>, target: &[f64], predictions: &[f64]) {
    let rows = target.len() as f64;
    let mean = target.iter().sum::<f64>() / rows;
    let absolute: f64 = target.iter().zip(predictions).map(|(target, prediction)| (target - prediction).abs()).sum();
    let squared: f64 = target.iter().zip(predictions).map(|(target, prediction)| (target - prediction).powi(2)).sum();
    let spread: f64 = target.iter().map(|target| (target - mean).powi(2)).sum();
    line.insert("mae".into(), json!(absolute / rows));
    line.insert("rmse".into(), json!((squared / rows).sqrt()));
    line.insert("r2".into(), json!(1.0 - squared / spread));
}

fn isolation(arguments: &Arguments, mut matrix: Matrix) -> Outcome<Map<String, Value>> {
    if !matrix.target.is_empty() {
        matrix.columns.push(matrix.target.iter().map(|&target| target as f32).collect());
    }
    let parameters = IsolationForestParams::new().trees(arguments.trees).contamination(None).seed(arguments.seed).check()?;
    let began = Instant::now();
    let fitted = fit_isolation(&parameters, &columns(&matrix)?, arguments.threads, &|_| {})?;
    let fit_s = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let scores = Scorer::new(&fitted.ensemble)?.score(&columns(&matrix)?, arguments.threads)?;
    let score_s = began.elapsed().as_secs_f64();
    let mut line = start(arguments, "if", &matrix);
    line.insert("psi".into(), json!(256));
    line.insert("fit_s".into(), json!(fit_s));
    line.insert("score_s".into(), json!(score_s));
    line.insert("score_ns_row_tree".into(), json!(score_s / matrix.rows() as f64 / arguments.trees as f64 * 1e9));
    if let Some(label) = &matrix.label {
        let (auc, precision) = ranking(&scores, label);
        line.insert("auc".into(), json!(auc));
        line.insert("ap".into(), json!(precision));
    }
    Ok(line)
}

/// Area under the ROC curve and average precision where low scores mark anomalies.
fn ranking(scores: &[f64], label: &[bool]) -> (f64, f64) {
    let mut order: Vec<(f64, bool)> = scores.iter().copied().zip(label.iter().copied()).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let positives = label.iter().filter(|&&label| label).count() as f64;
    let negatives = label.len() as f64 - positives;
    let (mut seen_positives, mut seen, mut area, mut precision) = (0.0, 0.0, 0.0, 0.0);
    for ties in order.chunk_by(|a, b| a.0 == b.0) {
        let hits = ties.iter().filter(|(_, label)| *label).count() as f64;
        let misses = ties.len() as f64 - hits;
        area += misses * (seen_positives + hits / 2.0);
        seen_positives += hits;
        seen += ties.len() as f64;
        precision += hits * seen_positives / seen;
    }
    (area / (positives * negatives), precision / positives)
}

fn score(arguments: &Arguments, matrix: &Matrix) -> Outcome<Map<String, Value>> {
    let parameters =
        RandomForestParams::new().trees(arguments.trees).depth(arguments.depth).min_leaf(arguments.leaf).seed(arguments.seed).check()?;
    let fitted = fit_forest(&parameters, &columns(matrix)?, &matrix.target, arguments.threads, &|_| {})?;
    let scorer = Scorer::new(&fitted.ensemble)?;
    let all = columns(matrix)?;
    let batch = best_of(5, || scorer.score(&all, arguments.threads).map(|scores| scores.len()))?;
    let rows: Vec<Vec<f32>> = (0..matrix.rows().min(1000)).map(|row| matrix.columns.iter().map(|column| column[row]).collect()).collect();
    let single = best_of(20, || Ok(rows.iter().map(|row| scorer.score_row(row)).sum::<f64>()))?;
    let mut line = start(arguments, "infer_rf", matrix);
    line.insert("predict_s".into(), json!(batch));
    line.insert("predict_ns_row_tree".into(), json!(batch / matrix.rows() as f64 / arguments.trees as f64 * 1e9));
    line.insert("single_row_us".into(), json!(single / rows.len() as f64 * 1e6));
    Ok(line)
}

fn best_of<T>(times: usize, mut work: impl FnMut() -> Result<T, hivectl::error::Error>) -> Outcome<f64> {
    let mut best = f64::INFINITY;
    for _ in 0..times {
        let began = Instant::now();
        std::hint::black_box(work()?);
        best = best.min(began.elapsed().as_secs_f64());
    }
    Ok(best)
}

/// Most memory this process has held, in MiB, where the system tells.
fn peak_memory_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kib| kib / 1024.0)
}
