//! How long one answer takes.

use std::time::Instant;

use crate::api::compare::Latency;
use crate::error::Result;
use crate::kinds::{LoadedModel, Scores};
use crate::statistics::percentile::percentile_of_sorted;

/// Rows that are scored before the clock runs.
const WARM_UP_ROWS: usize = 200;

/// Times single rows of both models in turn, so that neither has the quieter machine. Features are made
/// beforehand; only the score is timed.
pub fn latencies(models: [(&LoadedModel, &Scores); 2]) -> Result<[Option<Latency>; 2]> {
    let scorers = [models[0].0.estimator().row_scorer()?, models[1].0.estimator().row_scorer()?];
    let examples = models.map(|(_, scores)| &scores.examples);
    let rows = examples[0].len().min(examples[1].len());
    let mut times = [Vec::with_capacity(rows), Vec::with_capacity(rows)];
    for step in 0..rows + WARM_UP_ROWS.min(rows) {
        for model in 0..2 {
            let begun = Instant::now();
            std::hint::black_box(scorers[model](&examples[model][step % rows]));
            times[model].push(begun.elapsed().as_secs_f64() * 1e6);
        }
    }
    Ok(times.map(|mut times| {
        let mut timed = times.split_off(times.len() - rows);
        timed.sort_unstable_by(f64::total_cmp);
        let at = |percent| percentile_of_sorted(&timed, percent);
        Some(Latency { p50_us: at(50.0)?, p95_us: at(95.0)?, p99_us: at(99.0)?, rows })
    }))
}
