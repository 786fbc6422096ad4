//! What load comes: a series from tickets or a table, what was learned of it, and the next buckets.

mod prophet;
mod table;
mod tickets;

use std::path::Path;
use std::time::Duration;

use super::AgeLimit;
use super::workspace::{Workspace, note};
use crate::api::forecast::{CandidateRow, ForecastBucket, ForecastReport, ForecastRequest};
use crate::api::{Operations, TimeWindow, Timestamp};
use crate::base::duration::in_words;
use crate::base::number;
use crate::base::time::{MS_PER_DAY, rfc3339};
use crate::error::{Error, ErrorKind, Result};
use crate::forecast::{Forecaster, Series, outages};
use crate::source::tables::{Cells, TableWriter};

/// What a bucket may be.
const SHORTEST_BUCKET: Duration = Duration::from_secs(60);
const LONGEST_BUCKET: Duration = Duration::from_secs(86_400);
/// Up to which horizon buckets are five minutes unless said otherwise.
const SHORT_HORIZON: Duration = Duration::from_secs(6 * 3_600);
const LONGEST_HORIZON: Duration = Duration::from_secs(365 * 86_400);
const MOST_STEPS: u128 = 5_000;
/// Under this share of the better simple rule's error, percent, a forecast is worth little.
const LEAST_SKILL_PCT: f64 = 5.0;
/// How far the coverage of the 80 % interval may be off, percent.
const COVERAGE_BAND_PCT: f64 = 5.0;

/// The span of time that is read.
struct Span {
    bucket_ms: i64,
    window_ms: i64,
    as_of: Option<i64>,
}

impl Span {
    fn window(&self) -> Duration {
        Duration::from_millis(self.window_ms.unsigned_abs())
    }

    fn days(&self) -> f64 {
        self.window_ms as f64 / MS_PER_DAY as f64
    }
}

/// A series and what is told of where it came from.
struct Input {
    series: Series,
    name: String,
    unit: String,
    counted: u64,
    /// A value is a number of things that happened, each by itself.
    counts_events: bool,
    summary: String,
    notes: Vec<String>,
}

impl Operations<ForecastRequest> for Workspace<'_> {
    fn run(&self, request: &ForecastRequest) -> Result<ForecastReport> {
        let report = match &request.model {
            Some(reference) => prophet::run(self, request, reference)?,
            None => self.chosen(request)?,
        };
        if let Some(out) = &request.out {
            write(out, &report.items)?;
        }
        Ok(report)
    }
}

impl Workspace<'_> {
    /// Forecasts with what did best at moments of the past.
    fn chosen(&self, request: &ForecastRequest) -> Result<ForecastReport> {
        let span = span(request)?;
        let mut input = match &request.values {
            Some(table) => table::read(table, &span)?,
            None => {
                let mut flags = self.flags();
                note(&request.tickets, &mut flags);
                let settings = self.settings(&flags)?;
                let source = self.tickets(&settings, &request.tickets)?;
                tickets::read(request.measure, &span, AgeLimit::of(&settings, span.days())?, source.as_ref(), self.progress())?
            }
        };
        exclude(&mut input, &request.exclude)?;
        let steps = steps(request, input.series.step_ms)?;
        self.progress().begin("trying forecasts of the past", None);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(super::threads(request.threads)).build();
        let pool = pool.map_err(|error| Error::new(ErrorKind::Internal, "cannot start threads").because(error))?;
        let learned = pool.install(|| Forecaster::train(&input.series, steps, request.origins as usize));
        let learned = learned.map_err(|error| error.because(&input.summary))?;
        let report = report(request, input, &learned, steps)?;
        self.progress().finish(&report.model);
        Ok(report)
    }
}

fn span(request: &ForecastRequest) -> Result<Span> {
    let refused = |why: String, hint: &str| Err(Error::new(ErrorKind::Usage, why).hint(hint.to_owned()));
    let usual = if request.horizon <= SHORT_HORIZON { 300 } else { 3_600 };
    let bucket = request.bucket.unwrap_or(Duration::from_secs(usual));
    if !(SHORTEST_BUCKET..=LONGEST_BUCKET).contains(&bucket) {
        return refused(
            format!("--bucket is {}, and a bucket has a minute to a day", in_words(bucket)),
            "such as `--bucket 5m` or `--bucket 1h`",
        );
    }
    if request.horizon > LONGEST_HORIZON {
        return refused(format!("--horizon is {}, and a year is the most", in_words(request.horizon)), "such as `--horizon 24h`");
    }
    if request.values.is_none() && request.horizon < bucket {
        let why = format!("--horizon is {}, shorter than a bucket of {}", in_words(request.horizon), in_words(bucket));
        return refused(why, "look further ahead, `--horizon 24h`, or count shorter buckets, `--bucket 5m`");
    }
    if request.window.is_zero() {
        return refused("--window is 0, so that there is nothing to learn from".into(), "such as `--window 90d`");
    }
    let window_ms = i64::try_from(request.window.as_millis()).unwrap_or(i64::MAX);
    Ok(Span { bucket_ms: bucket.as_millis() as i64, window_ms, as_of: request.as_of.map(|moment| moment.0) })
}

fn steps(request: &ForecastRequest, step_ms: i64) -> Result<usize> {
    let steps = request.horizon.as_millis() / u128::from(step_ms.unsigned_abs());
    let bucket = in_words(Duration::from_millis(step_ms.unsigned_abs()));
    match steps {
        0 => Err(Error::new(ErrorKind::Usage, format!("--horizon is {}, shorter than a bucket of {bucket}", in_words(request.horizon)))
            .hint("look further ahead: `--horizon 7d`")),
        1..=MOST_STEPS => Ok(steps as usize),
        _ => Err(Error::new(ErrorKind::Usage, format!("{steps} buckets of {bucket} are asked for, and {MOST_STEPS} are the most"))
            .hint("look less far ahead, or count longer buckets: `--bucket 1h`")),
    }
}

/// Takes out what is not to be learned from, and tells of what looks like an outage.
fn exclude(input: &mut Input, spans: &[TimeWindow]) -> Result<()> {
    for span in spans {
        let (from, to) = (span.from.0, span.to.0);
        let mut hit = 0;
        for index in 0..input.series.values.len() {
            if (from..to).contains(&input.series.time_ms(index)) {
                input.series.values[index] = f64::NAN;
                hit += 1;
            }
        }
        if hit == 0 {
            let (first, end) = (rfc3339(input.series.start_ms), rfc3339(input.series.end_ms()));
            let message = format!("--exclude {}..{} takes nothing out: the series is from {first} to {end}", rfc3339(from), rfc3339(to));
            return Err(Error::new(ErrorKind::Usage, message));
        }
    }
    // Only what is counted by itself is hardly ever nothing where much is usual.
    let found = if input.counts_events { outages(&input.series) } else { Vec::new() };
    input.notes.extend(found.iter().map(|outage| {
        let (from, to) = (rfc3339(outage.from_ms), rfc3339(outage.to_ms));
        format!(
            "nothing was recorded from {from} to {to}, where about {} {} are usual; if that was an outage of the source: `--exclude {from}..{to}`",
            outage.expected.round(),
            input.unit
        )
    }));
    Ok(())
}

fn report(request: &ForecastRequest, input: Input, learned: &Forecaster, steps: usize) -> Result<ForecastReport> {
    let Input { series, name, unit, counted, summary, mut notes, .. } = input;
    let next = learned.forecast(&series)?;
    let items: Vec<ForecastBucket> = next
        .iter()
        .enumerate()
        .map(|(step, forecast)| ForecastBucket {
            time: Timestamp(series.time_ms(series.values.len() + step)),
            value: forecast.value,
            lower: forecast.bounds_80[0],
            upper: forecast.bounds_80[1],
            lower_95: forecast.bounds_95[0],
            upper_95: forecast.bounds_95[1],
            probability_above: request.above.map(|limit| learned.blend.probability_above(forecast.value, step + 1, limit)),
            trend: None,
            additive: None,
            multiplicative: None,
        })
        .collect();
    let highest = highest(&items)?;
    let skill_pct = learned.skill();
    notes.extend(doubts(learned, skill_pct));
    let shares = learned.blend.shares(steps);
    let model: Vec<String> = shares.iter().map(|(candidate, share)| format!("{} {} %", candidate, (100.0 * share).round())).collect();
    let recent = series.values.len().saturating_sub((2 * steps).max(48));
    Ok(ForecastReport {
        bucket_seconds: series.step_ms.unsigned_abs() / 1_000,
        as_of: Timestamp(series.end_ms()),
        window: TimeWindow { from: Timestamp(series.start_ms), to: Timestamp(series.end_ms()) },
        known_buckets: series.known() as u64,
        counted,
        input_summary: summary,
        model: model.join(", "),
        forecast: items.iter().map(|item| item.value).collect(),
        timestamps: items.iter().map(|item| item.time).collect(),
        lower: items.iter().map(|item| item.lower).collect(),
        upper: items.iter().map(|item| item.upper).collect(),
        items,
        highest,
        above: request.above,
        errors: Some(learned.errors.clone()),
        skill_pct,
        simple_rule: Some(learned.simple.0.to_string()),
        candidates: learned
            .candidates
            .iter()
            .map(|one| CandidateRow { name: one.candidate.to_string(), mae: one.mae, share_pct: 100.0 * one.share })
            .collect(),
        origins: learned.origins.map(|count| count as u64),
        history: series.values[recent..].iter().map(|value| value.is_finite().then_some(*value)).collect(),
        series: name,
        unit,
        notes,
    })
}

/// A row a bucket; the file appears as a whole.
fn write(out: &Path, items: &[ForecastBucket]) -> Result<()> {
    let numbers = |of: fn(&ForecastBucket) -> f64| Cells::Number(items.iter().map(|item| Some(of(item))).collect());
    let mut table = TableWriter::create(out)?;
    table.write(&[
        ("time", Cells::Time(items.iter().map(|item| item.time.0).collect())),
        ("value", numbers(|item| item.value)),
        ("lower", numbers(|item| item.lower)),
        ("upper", numbers(|item| item.upper)),
        ("lower_95", numbers(|item| item.lower_95)),
        ("upper_95", numbers(|item| item.upper_95)),
    ])?;
    table.finish()
}

/// The bucket with the largest value.
fn highest(items: &[ForecastBucket]) -> Result<ForecastBucket> {
    let highest = items.iter().max_by(|left, right| left.value.total_cmp(&right.value)).cloned();
    highest.ok_or_else(|| Error::new(ErrorKind::Internal, "a forecast of no bucket"))
}

/// Where the forecast does no better than a rule, or its interval does not hold what it says.
fn doubts(learned: &Forecaster, skill_pct: Option<f64>) -> Vec<String> {
    let mut doubts = Vec::new();
    if skill_pct.is_none_or(|skill| skill < LEAST_SKILL_PCT) {
        let skill = match skill_pct {
            None => "no better".to_owned(),
            Some(skill) if skill < 0.0 => format!("{} % worse", number::metric(Some(-skill))),
            Some(skill) => format!("only {} % better", number::metric(Some(skill))),
        };
        doubts.push(format!("forecasts of the past were {skill} than the simple rule {}: little is gained by them here", learned.simple.0));
    }
    let coverage = learned.errors.coverage_80;
    if (coverage - 80.0).abs() > COVERAGE_BAND_PCT {
        doubts.push(format!("the 80 % interval held {} % of what came", number::metric(Some(coverage))));
    }
    doubts
}
