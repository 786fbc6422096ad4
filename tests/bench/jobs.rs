//! The engine's jobs, each measured on one file and told as one JSON line in the form of the peers' scripts.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::{Parser, ValueEnum};
use hivectl::statistics::ks::{PValue, two_sample};
use hivectl::trees::{BoostingParams, Columns, IsolationForestParams, RandomForestParams, Scorer, fit_boosting, fit_forest, fit_isolation};
use linfa::ParamGuard;
use serde_json::{Map, Value, json};

use crate::data::{self, Matrix, Outcome};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Job {
    /// Random-forest regression: fit, predict, errors on the held-out fifth.
    Forest,
    /// Gradient boosting with squared error: the same.
    Boosting,
    /// Isolation forest: fit, score, area under the ROC curve and average precision.
    Isolation,
    /// Scoring alone: a forest's answers for all rows, and for one row at a time.
    Score,
    /// Two-sample Kolmogorov–Smirnov test of the target: the first half of the rows against the second.
    Ks,
    /// The whole main job on a ticket file, from the file to the registered versions.
    Train,
}

/// Measures one job of the engine on one file.
#[derive(Debug, Parser)]
pub struct Arguments {
    /// What to measure.
    pub job: Job,
    /// Parquet file: a matrix of numbers, or flat tickets. For `train` any ticket file.
    #[arg(long)]
    pub data: PathBuf,
    /// Use the first rows only.
    #[arg(long)]
    pub rows: Option<usize>,
    #[arg(long, default_value_t = 100)]
    pub trees: usize,
    /// Deepest leaf; by default 10, for boosting 6.
    #[arg(long)]
    pub depth: Option<usize>,
    /// Smallest leaf in rows.
    #[arg(long, default_value_t = 2)]
    pub leaf: usize,
    #[arg(long, default_value_t = 2)]
    pub threads: usize,
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Hold out the last fifth instead of a random one.
    #[arg(long)]
    pub by_time: bool,
    /// Column to learn.
    #[arg(long, default_value = "actual_duration_ms")]
    pub target: String,
    /// Column that marks anomalies.
    #[arg(long, default_value = "is_anomaly")]
    pub label: String,
    /// Features to keep, comma-separated; all by default.
    #[arg(long, value_delimiter = ',')]
    pub features: Vec<String>,
    /// Learn the logarithm of the target.
    #[arg(long)]
    pub log: bool,
    /// Tell processor seconds instead of elapsed ones: what counts on a machine that does other work too.
    #[arg(long)]
    pub cpu: bool,
    /// Given by cargo.
    #[arg(long, hide = true)]
    pub bench: bool,
}

impl Arguments {
    fn depth(&self) -> usize {
        self.depth.unwrap_or(if self.job == Job::Boosting { 6 } else { 10 })
    }

    /// Runs the job and prints its line.
    #[expect(clippy::print_stdout, reason = "a bench prints its measurement")]
    pub fn run(&self) -> Outcome<()> {
        let mut line = match self.job {
            Job::Train => self.train()?,
            Job::Ks => self.ks()?,
            job => {
                let matrix = data::load(&self.data, self.rows, &self.target, &self.label, &self.features)?;
                let mut line = match job {
                    Job::Forest => self.learn(matrix, "rf", &|columns, target| self.forest(columns, target))?,
                    Job::Boosting => self.learn(matrix, "gbdt", &|columns, target| self.boosting(columns, target))?,
                    Job::Isolation => self.isolation(matrix)?,
                    Job::Score | Job::Ks | Job::Train => self.score(&matrix)?,
                };
                line.insert("threads".into(), json!(self.threads));
                line
            }
        };
        line.entry("rss_mb").or_insert_with(|| json!(peak_memory_mb("self")));
        println!("{}", Value::Object(line));
        Ok(())
    }

    fn forest(&self, columns: &Columns<'_>, target: &[f64]) -> Outcome<Scorer> {
        let parameters = RandomForestParams::new().trees(self.trees).depth(self.depth()).min_leaf(self.leaf).seed(self.seed).check()?;
        Ok(Scorer::new(&fit_forest(&parameters, columns, target, self.threads, &|_| {})?.ensemble)?)
    }

    fn boosting(&self, columns: &Columns<'_>, target: &[f64]) -> Outcome<Scorer> {
        let parameters = BoostingParams::new().rounds(self.trees).depth(self.depth()).seed(self.seed).check()?;
        Ok(Scorer::new(&fit_boosting(&parameters, columns, target, self.threads, &|_| {})?.ensemble)?)
    }

    /// Fits on four fifths, predicts the last.
    fn learn(&self, matrix: Matrix, job: &str, fit: &dyn Fn(&Columns<'_>, &[f64]) -> Outcome<Scorer>) -> Outcome<Map<String, Value>> {
        let (train, holdout) = matrix.split(self.by_time);
        let target: Vec<f64> = if self.log { train.target.iter().map(|target| target.ln_1p()).collect() } else { train.target.clone() };
        let clock = self.clock()?;
        let scorer = fit(&columns(&train)?, &target)?;
        let fit_s = clock.seconds()?;
        let clock = self.clock()?;
        let mut predictions = scorer.score(&columns(&holdout)?, self.threads)?;
        let predict_s = clock.seconds()?;
        if self.log {
            predictions.iter_mut().for_each(|prediction| *prediction = prediction.exp_m1());
        }
        let mut line = self.start(job, &train);
        line.insert("fit_s".into(), json!(fit_s));
        line.insert("predict_s".into(), json!(predict_s));
        line.insert("predict_ns_row_tree".into(), json!(nanoseconds(predict_s, holdout.rows(), self.trees)));
        add_errors(&mut line, &holdout.target, &predictions);
        Ok(line)
    }

    fn isolation(&self, mut matrix: Matrix) -> Outcome<Map<String, Value>> {
        if !matrix.target.is_empty() {
            matrix.columns.push(matrix.target.iter().map(|&target| target as f32).collect());
        }
        let parameters = IsolationForestParams::new().trees(self.trees).contamination(None).seed(self.seed).check()?;
        let columns = columns(&matrix)?;
        let clock = self.clock()?;
        let scorer = Scorer::new(&fit_isolation(&parameters, &columns, self.threads, &|_| {})?.ensemble)?;
        let fit_s = clock.seconds()?;
        let clock = self.clock()?;
        let scores = scorer.score(&columns, self.threads)?;
        let score_s = clock.seconds()?;
        let mut line = self.start("if", &matrix);
        line.insert("psi".into(), json!(256));
        line.insert("fit_s".into(), json!(fit_s));
        line.insert("score_s".into(), json!(score_s));
        line.insert("score_ns_row_tree".into(), json!(nanoseconds(score_s, matrix.rows(), self.trees)));
        if let Some(label) = &matrix.label {
            let (area, precision) = ranking(&scores, label);
            line.insert("auc".into(), json!(area));
            line.insert("ap".into(), json!(precision));
        }
        Ok(line)
    }

    fn score(&self, matrix: &Matrix) -> Outcome<Map<String, Value>> {
        let columns = columns(matrix)?;
        let scorer = self.forest(&columns, &matrix.target)?;
        let batch = best_of(5, || scorer.score(&columns, self.threads).map(|scores| scores.len()))?;
        let rows: Vec<Vec<f32>> =
            (0..matrix.rows().min(1000)).map(|row| matrix.columns.iter().map(|column| column[row]).collect()).collect();
        let single = best_of(20, || Ok(rows.iter().map(|row| scorer.score_row(row)).sum::<f64>()))?;
        let mut line = self.start("infer_rf", matrix);
        line.insert("predict_s".into(), json!(batch));
        line.insert("predict_ns_row_tree".into(), json!(nanoseconds(batch, matrix.rows(), self.trees)));
        line.insert("single_row_us".into(), json!(single / rows.len() as f64 * 1e6));
        Ok(line)
    }

    fn ks(&self) -> Outcome<Map<String, Value>> {
        let target = data::target(&self.data, self.rows, &self.target)?;
        let (first, second) = target.split_at(target.len() / 2);
        let test = two_sample(first, second, PValue::Auto).ok_or("a sample is empty or holds NaN")?;
        let seconds = best_of(3, || Ok(two_sample(first, second, PValue::Auto)))?;
        let Value::Object(line) = json!({
            "job": "ks", "peer": "hivectl", "rows": target.len(), "n": [first.len(), second.len()], "s": seconds, "threads": 1,
            "D": test.statistic, "p": test.p_value, "exact": test.exact,
        }) else {
            return Err("not an object".into());
        };
        Ok(line)
    }

    /// Runs the shipped program in an empty home.
    fn train(&self) -> Outcome<Map<String, Value>> {
        let home = tempfile::tempdir()?;
        let data = std::path::absolute(&self.data)?;
        let began = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_hivectl"))
            .args(["ml", "train", "--model", "all", "--registry", "embedded", "--window-days", "40000", "-o", "json"])
            .args(["--trees", &self.trees.to_string(), "--threads", &self.threads.to_string()])
            .arg("--tickets")
            .arg(data)
            .env("HOME", home.path())
            .current_dir(home.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let process = child.id().to_string();
        let (sender, receiver) = std::sync::mpsc::channel::<()>();
        let watch = std::thread::spawn(move || {
            let mut most = 0.0f64;
            while receiver.recv_timeout(Duration::from_millis(5)).is_err_and(|error| error == std::sync::mpsc::RecvTimeoutError::Timeout) {
                most = most.max(peak_memory_mb(&process).unwrap_or(0.0));
            }
            most
        });
        let mut report = String::new();
        if let Some(stdout) = &mut child.stdout {
            std::io::Read::read_to_string(stdout, &mut report)?;
        }
        let status = child.wait()?;
        let seconds = began.elapsed().as_secs_f64();
        drop(sender);
        let memory = watch.join().map_err(|_| "the memory watch panicked")?;
        let report: Value = serde_json::from_str(&report).map_err(|_| format!("train ended with {status} and no report"))?;
        let models = report["data"]["models"].as_array().cloned().unwrap_or_default();
        let mut line = Map::new();
        line.insert("job".into(), json!("train"));
        line.insert("peer".into(), json!("hivectl"));
        line.insert("rows".into(), models.first().map_or(Value::Null, |model| model["samples"]["used"].clone()));
        line.insert("trees".into(), json!(self.trees));
        line.insert("threads".into(), json!(self.threads));
        line.insert("fit_s".into(), json!(seconds));
        line.insert("rss_mb".into(), json!(memory));
        line.insert(
            "models".into(),
            models.iter().map(|model| json!({"name": model["name"], "metrics": model["metrics"]})).collect::<Value>(),
        );
        Ok(line)
    }

    fn clock(&self) -> Outcome<Clock> {
        Ok(Clock { began: Instant::now(), processor_began: if self.cpu { Some(processor_seconds()?) } else { None } })
    }

    fn start(&self, job: &str, train: &Matrix) -> Map<String, Value> {
        let mut line = Map::new();
        line.insert("job".into(), json!(job));
        line.insert("peer".into(), json!("hivectl"));
        line.insert("rows".into(), json!(train.rows()));
        line.insert("feats".into(), json!(train.columns.len()));
        line.insert("trees".into(), json!(self.trees));
        line.insert("depth".into(), json!(self.depth()));
        line
    }
}

/// What a piece of work took.
struct Clock {
    began: Instant,
    /// Processor seconds of this process at the start, where those are asked for.
    processor_began: Option<f64>,
}

impl Clock {
    fn seconds(&self) -> Outcome<f64> {
        match self.processor_began {
            Some(began) => Ok(processor_seconds()? - began),
            None => Ok(self.began.elapsed().as_secs_f64()),
        }
    }
}

/// Processor seconds, user and system, that this process has used, in steps of a hundredth.
fn processor_seconds() -> Outcome<f64> {
    const TICKS_A_SECOND: f64 = 100.0;
    let status = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = status.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |index: usize| fields.get(index).and_then(|ticks| ticks.parse::<f64>().ok()).ok_or("no processor times in /proc/self/stat");
    Ok((ticks(11)? + ticks(12)?) / TICKS_A_SECOND)
}

fn columns(matrix: &Matrix) -> Outcome<Columns<'_>> {
    Ok(Columns::new(matrix.columns.iter().map(Vec::as_slice).collect(), matrix.rows())?)
}

fn nanoseconds(seconds: f64, rows: usize, trees: usize) -> f64 {
    seconds / rows as f64 / trees as f64 * 1e9
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

/// The shortest of several runs, in seconds.
fn best_of<T>(times: usize, mut work: impl FnMut() -> Result<T, hivectl::error::Error>) -> Outcome<f64> {
    let mut best = f64::INFINITY;
    for _ in 0..times {
        let began = Instant::now();
        std::hint::black_box(work()?);
        best = best.min(began.elapsed().as_secs_f64());
    }
    Ok(best)
}

/// Most memory a process has held, in MiB, where the system tells.
fn peak_memory_mb(process: &str) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kib| kib / 1024.0)
}
