//! Forecasts at rolling origins, and Prophet's at the same ones, in the same run.
//!
//!     cargo bench --bench forecast -- [--shared FOLDER] [--python PYTHON] [--origins 60] [--methods prophet,sf_mstl]
//!
//! Hourly series, 90 days before each origin, the next 24 hours judged, the last 30 % of the series alone. Which candidates
//! count is chosen on the first 70 % alone. PYTHON needs prophet, statsforecast and pandas; without them our own figures are
//! printed and how to get the others.
#![allow(clippy::print_stdout, reason = "a bench prints its table")]

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use clap::Parser;
use hivectl::forecast::prophet::{FitOptions, fit};
use hivectl::forecast::{Backtest, Blend, Collector, ForecastErrors, Judged, Measure, Moments, Series};
use serde_json::Value;

const HOUR: i64 = 3_600_000;
const STEPS: usize = 24;
const HISTORY: usize = 90 * 24;
const LEAST: usize = 400;
const HORIZONS: [usize; 3] = [1, 6, 24];

/// Prints a row a series and method.
#[derive(Debug, Parser)]
struct Arguments {
    /// Folder with `data` and `bench`.
    #[arg(long, env = "HIVECTL_SHARED", default_value = "../shared")]
    shared: PathBuf,
    /// Interpreter with the peers' packages.
    #[arg(long, env = "HIVECTL_PEERS_PYTHON", default_value = "python3")]
    python: String,
    #[arg(long, default_value_t = 60)]
    origins: usize,
    /// The peers' methods; none for ours alone.
    #[arg(long, value_delimiter = ',', default_value = "prophet,sf_mstl,hourofweek,snaive")]
    methods: Vec<String>,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let arguments = Arguments::parse();
    println!(
        "| series | method | WAPE at 1, 6, 24 h, % | 80 % interval held | below zero | a fit and forecast, ms |\n|---|---|---|---|---|---|"
    );
    for (name, path) in [
        ("bike", "data/load/bike_sharing_dataset_clean.csv"),
        ("ctc-sp2", "data/jobs/ctc-sp2.ndjson.gz"),
        ("sdsc-blue", "data/jobs/sdsc-blue.ndjson.gz"),
        ("kth-sp2", "data/jobs/kth-sp2.ndjson.gz"),
        ("sdsc-sp2", "data/jobs/sdsc-sp2.ndjson.gz"),
        ("llnl-thunder", "data/jobs/llnl-thunder.ndjson.gz"),
    ] {
        let path = arguments.shared.join(path);
        let series = if name == "bike" { rentals(&path) } else { arrivals(&path) };
        ours(name, &series, arguments.origins);
        for method in &arguments.methods {
            theirs(name, method, &path, &arguments);
        }
    }
}

/// The origins of the peers' script.
fn origins(length: usize, count: usize) -> Vec<usize> {
    let (first, last) = (length as f64 * 0.7, (length - STEPS - 1) as f64);
    (0..count).map(|index| (first + (last - first) * index as f64 / (count - 1).max(1) as f64) as usize).collect()
}

fn ours(name: &str, series: &Series, count: usize) {
    let origins = origins(series.values.len(), count);
    let earlier = series.before(origins[0], usize::MAX);
    let chosen = Instant::now();
    let blend = Blend::choose(&Backtest::run(&earlier, STEPS, 60, HISTORY, LEAST)).expect("a long series");
    let chosen = chosen.elapsed();
    let mut sums = [[0.0; 2]; HORIZONS.len()];
    let mut judged = Vec::new();
    let begun = Instant::now();
    for &origin in &origins {
        let history = series.before(origin, HISTORY);
        let said = blend.forecast(&history, STEPS).expect("a long series");
        for (step, forecast) in said.iter().enumerate() {
            let actual = series.values[origin + step];
            for (sum, _) in sums.iter_mut().zip(HORIZONS).filter(|(_, horizon)| step < *horizon) {
                sum[0] += (forecast.value - actual).abs();
                sum[1] += actual;
            }
            judged.push(Judged { actual, forecast: forecast.value, bounds_80: forecast.bounds_80, bounds_95: forecast.bounds_95 });
        }
    }
    let each = begun.elapsed().as_secs_f64() * 1e3 / origins.len() as f64;
    let errors = ForecastErrors::measure(&judged, None).expect("values");
    let wape = sums.map(|[error, actual]| format!("{:.1}", 100.0 * error / actual)).join(" / ");
    let below = judged.iter().filter(|one| one.forecast < 0.0).count();
    println!("| {name} | hivectl | {wape} | {:.1} % | {below} | {each:.1} |", errors.coverage_80);
    let times: Vec<f64> = (0..HISTORY.min(series.values.len())).map(|index| series.time_ms(index) as f64 / 1e3).collect();
    let begun = Instant::now();
    let model = fit(&times, &series.values[..times.len()], &FitOptions::default()).expect("a fit").model;
    let bounds = (0..STEPS).filter_map(|step| model.bounds(times[0] + (times.len() + step) as f64 * 3_600.0, &(), 1)).count();
    let took = begun.elapsed().as_secs_f64() * 1e3;
    println!("| {name} | hivectl, Prophet's model alone, with {bounds} intervals | | | | {took:.1} |");
    println!("| {name} | hivectl, the choice of candidates by 60 origins | | | | {:.0} |", chosen.as_secs_f64() * 1e3);
}

fn theirs(name: &str, method: &str, path: &Path, arguments: &Arguments) {
    let script = arguments.shared.join("bench/bench_forecast.py");
    let ran = Command::new(&arguments.python).arg(script).arg(method).arg(path).arg(arguments.origins.to_string()).output();
    let answer = ran.ok().filter(|ran| ran.status.success()).and_then(|ran| {
        let text = String::from_utf8_lossy(&ran.stdout).into_owned();
        serde_json::from_str::<Value>(text.lines().last()?).ok()
    });
    match answer {
        None => println!("| {name} | {method} | not run: it needs prophet, statsforecast and pandas in {} | | | |", arguments.python),
        Some(row) => println!(
            "| {name} | {method} | {} / {} / {} | {:.1} % | {} | {:.1} |",
            row["wape"]["1"],
            row["wape"]["6"],
            row["wape"]["24"],
            100.0 * row["cover80"].as_f64().unwrap_or(f64::NAN),
            row["neg_points"],
            1e3 * row["cpu_per_fit"].as_f64().unwrap_or(f64::NAN)
        ),
    }
}

fn arrivals(path: &Path) -> Series {
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(path).expect("the log")).read_to_string(&mut text).expect("text");
    let mut collector = Collector::new(Measure::Arrivals, HOUR);
    for line in text.lines() {
        let ticket: Value = serde_json::from_str(line).expect("a ticket");
        collector.add(&Moments { created: ticket["created_at"].as_i64(), ..Moments::default() });
    }
    collector.finish(0, 4_000_000_000_000).map(trimmed).expect("tickets")
}

/// Without the hours after the last ticket.
fn trimmed(mut series: Series) -> Series {
    let last = series.values.iter().rposition(|value| *value > 0.0).map_or(0, |last| last + 1);
    series.values.truncate(last);
    series
}

fn rentals(path: &Path) -> Series {
    let mut collector = Collector::new(Measure::Work, HOUR);
    let mut reader = csv::Reader::from_path(path).expect("the table");
    let headers = reader.headers().expect("headers").clone();
    let place = |name: &str| headers.iter().position(|header| header == name).expect("the column");
    let (time, users) = (place("date_time"), place("users"));
    for record in reader.records() {
        let record = record.expect("a row");
        let moment: jiff::Timestamp = format!("{}Z", record[time].replace(' ', "T")).parse().expect("a time");
        let duration_ms = record[users].parse().ok();
        collector.add(&Moments { completed: Some(moment.as_millisecond()), duration_ms, ..Moments::default() });
    }
    collector.finish(0, 4_000_000_000_000).map(trimmed).expect("rows")
}
