//! How fast a million tickets are compared with a stored baseline, beside numpy and scipy on both samples; and what a
//! stream of a hundred million needs.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use hivectl::drift::streamed::Streamed;
use hivectl::drift::{Baseline, BaselineOrigin, Observations, Threshold, robust};
use hivectl::statistics::random::SplitMix64;

use crate::{DAY, Log, Outcome, START, World, window};

const ROWS: usize = 1_000_000;
const RUNS: usize = 10;

/// The running system's rule on both samples, as its own code does it, except that it looks at all rows.
const PEER: &str = r#"
import sys, time, numpy as np
from scipy import stats
folder, runs = sys.argv[1], int(sys.argv[2])
then, now = [np.fromfile(f"{folder}/{name}.f32", dtype=np.float32).reshape(15, -1) for name in ("then", "now")]
ks_then, ks_now = [np.fromfile(f"{folder}/{name}.f64", dtype=np.float64) for name in ("then", "now")]
def psi(expected, actual):
    counts, edges = np.histogram(expected, bins=10)
    e, a = counts / len(expected), np.histogram(actual, bins=edges)[0] / len(actual)
    e, a = np.where(e == 0, 1e-4, e), np.where(a == 0, 1e-4, a)
    return float(np.sum((a - e) * np.log(a / e)))
def rule():
    indices = [psi(a, b) for a, b in zip(then, now)]
    test = stats.ks_2samp(ks_then, ks_now)
    shift = (ks_now.mean() - ks_then.mean()) / ks_then.mean() * 100, (ks_now.std() - ks_then.std()) / ks_then.std() * 100
    return indices, test, shift
def best(work):
    times = []
    for _ in range(runs):
        start = time.perf_counter(); work(); times.append(time.perf_counter() - start)
    return min(times)
print(best(lambda: [psi(a, b) for a, b in zip(then, now)]), best(lambda: stats.ks_2samp(ks_then, ks_now)), best(rule))
"#;

/// Prints both tables.
pub fn run(log: &Log, python: Option<&str>) -> Outcome<()> {
    let mut random = SplitMix64::new(77);
    let (then, _) = window(log, World::UserWeek, ROWS, START, 28, &mut random);
    let (now, _) = window(log, World::UserWeek, ROWS, START + 28 * DAY, 7, &mut random);
    let baseline = Baseline::learn(BaselineOrigin::default(), then.clone(), None)?;
    let end = START + 35 * DAY - 1;
    println!("\n{ROWS} tickets now against a stored baseline of as many, best of {RUNS} runs, {} threads", rayon::current_num_threads());
    let (mut check, mut stream, mut distance) = (f64::INFINITY, f64::INFINITY, f64::INFINITY);
    for _ in 0..RUNS {
        let mut streamed = Streamed::new(&baseline);
        let begun = Instant::now();
        std::hint::black_box(robust::check(&baseline, &now, end, None, Threshold::PSI));
        check = check.min(begun.elapsed().as_secs_f64());
        let begun = Instant::now();
        streamed.add(&now.features, &[]);
        std::hint::black_box(streamed.psi_by_feature());
        stream = stream.min(begun.elapsed().as_secs_f64());
        let mut streamed = Streamed::new(&baseline);
        let begun = Instant::now();
        streamed.add(&[], &now.duration_ms);
        std::hint::black_box(streamed.distance());
        distance = distance.min(begun.elapsed().as_secs_f64());
    }
    let peer = python.map(|python| peer(python, &then, &now)).transpose()?;
    let line = |name: &str, ours: f64, theirs: Option<f64>| {
        let theirs = theirs.map_or(String::new(), |theirs| format!("{theirs:>10.3} s numpy and scipy, {:>6.1} times", theirs / ours));
        println!("{name:<44} {ours:>10.3} s {theirs}");
    };
    line("PSI of 15 features", stream, peer.map(|peer| peer.0));
    line("K-S distance and p-value of durations", distance, peer.map(|peer| peer.1));
    line("whole check (the reference rule beside it)", check, peer.map(|peer| peer.2));
    memory(&baseline, &now);
    Ok(())
}

fn peer(python: &str, then: &Observations, now: &Observations) -> Outcome<(f64, f64, f64)> {
    let folder = tempfile::tempdir()?;
    for (name, tickets) in [("then", then), ("now", now)] {
        let place = |ending: &str| folder.path().join(format!("{name}.{ending}"));
        let mut file = std::io::BufWriter::new(std::fs::File::create(place("f32"))?);
        tickets.features.iter().flatten().try_for_each(|value| file.write_all(&value.to_le_bytes()))?;
        file.flush()?;
        let mut file = std::io::BufWriter::new(std::fs::File::create(place("f64"))?);
        tickets.duration_ms.iter().try_for_each(|value| file.write_all(&value.to_le_bytes()))?;
        file.flush()?;
    }
    let run = Command::new(python).args(["-c", PEER]).arg(folder.path()).arg(RUNS.to_string()).output()?;
    let text = String::from_utf8_lossy(&run.stdout).into_owned();
    let mut numbers = text.split_whitespace().map(str::parse::<f64>);
    match (numbers.next(), numbers.next(), numbers.next()) {
        (Some(psi), Some(ks), Some(rule)) => Ok((psi?, ks?, rule?)),
        _ => Err(format!("the peer failed: {}", String::from_utf8_lossy(&run.stderr)).into()),
    }
}

/// A stream in parts of a hundred thousand tickets, all made of those at hand; the memory after each power of ten.
fn memory(baseline: &Baseline, now: &Observations) {
    const PART: usize = 100_000;
    let part = now.select(&(0..PART).collect::<Vec<_>>());
    let mut streamed = Streamed::new(baseline);
    let begun = Instant::now();
    for round in 1..=1_000u64 {
        streamed.add(&part.features, &part.duration_ms);
        if [10, 100, 1_000].contains(&round) {
            let distance = streamed.distance().map_or(f64::NAN, |distance| distance.statistic);
            let seconds = begun.elapsed().as_secs_f64();
            println!("stream of {:>9} tickets: {seconds:>7.2} s, resident {} MB, D {distance:.6}", streamed.rows(), resident_mb());
        }
    }
}

/// Memory of this process, in MB; 0 where the operating system does not say.
fn resident_mb() -> u64 {
    let status = std::fs::read_to_string(Path::new("/proc/self/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).map_or(0, |kb| kb / 1_024)
}
