//! What load comes: a series from tickets or a table, what was learned of it, and the next buckets.

mod groups;
mod model;
mod prophet;
mod queue;
mod table;
pub(in crate::ops) mod tickets;

use std::path::Path;
use std::time::Duration;

use model::Named;

use super::AgeLimit;
use super::workspace::{Workspace, note};
use crate::api::forecast::{CandidateRow, ForecastBucket, ForecastReport, ForecastRequest};
use crate::api::{Operations, TimeWindow, Timestamp};
use crate::base::duration::in_words;
use crate::base::number;
use crate::base::time::{MS_PER_DAY, rfc3339};
use crate::error::{Error, ErrorKind, Result};
use crate::forecast::{Forecast, Forecaster, LocalTime, MOST_STEPS, Measure, Series, outages};
use crate::kinds::{SeriesModel, SeriesPlan};
use crate::source::tables::{Cells, TableWriter};

/// What a bucket may be.
const SHORTEST_BUCKET: Duration = Duration::from_secs(60);
const LONGEST_BUCKET: Duration = Duration::from_secs(86_400);
/// Up to which horizon buckets are five minutes unless said otherwise.
const SHORT_HORIZON: Duration = Duration::from_secs(6 * 3_600);
const LONGEST_HORIZON: Duration = Duration::from_secs(365 * 86_400);
/// What holds where nobody says otherwise.
const USUAL_HORIZON: Duration = Duration::from_secs(86_400);
const USUAL_WINDOW: Duration = Duration::from_secs(90 * 86_400);
const USUAL_ORIGINS: u32 = 60;
/// From when on tickets are too old to say what comes now: the newest says whether they still come.
const FRESH_DAYS: f64 = 2.0;
/// Under this share of the better simple rule's error, percent, a forecast is worth little.
const LEAST_SKILL_PCT: f64 = 5.0;
/// What rows of all tickets are called beside those of groups.
const WHOLE: &str = "(all)";
/// How far the coverage of the 80 % interval may be off, percent.
const COVERAGE_BAND_PCT: f64 = 5.0;

/// The span of time that is read.
pub(in crate::ops) struct Span {
    pub bucket_ms: i64,
    pub window_ms: i64,
    pub as_of: Option<i64>,
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
pub(in crate::ops) struct Input {
    pub series: Series,
    name: String,
    unit: String,
    counted: u64,
    /// A value is a number of things that happened, each by itself.
    counts_events: bool,
    pub summary: String,
    pub notes: Vec<String>,
}

impl Operations<ForecastRequest> for Workspace<'_> {
    fn run(&self, request: &ForecastRequest) -> Result<ForecastReport> {
        let named = request.model.as_deref().map(|reference| model::find(self, reference)).transpose()?;
        let report = match named {
            None => self.chosen(request)?,
            Some(Named::Prophet(label, file)) => prophet::run(request, &label, *file)?,
            Some(Named::Trained(label, model)) => self.trained(request, &label, &model)?,
        };
        if let Some(out) = &request.out {
            write(out, &report)?;
        }
        Ok(report)
    }
}

impl Workspace<'_> {
    /// Forecasts with what did best at moments of the past.
    fn chosen(&self, request: &ForecastRequest) -> Result<ForecastReport> {
        let zone = request.time_zone.as_deref().map(LocalTime::named).transpose()?;
        let Span { bucket_ms, .. } = span(request)?;
        // Days by the clocks of a place are made of shorter buckets.
        let span = Span { bucket_ms: zone.as_ref().map_or(bucket_ms, |_| part_of(bucket_ms)), ..span(request)? };
        let measure = request.measure.unwrap_or_default();
        let (mut input, mut groups) = match &request.values {
            Some(table) => (table::read(table, &span)?, Vec::new()),
            None => self.counted(request, measure, &span, span.days())?,
        };
        exclude(&mut input, &request.exclude)?;
        groups.iter_mut().for_each(|group| groups::exclude(group, &request.exclude));
        if let Some(zone) = &zone {
            let parts = if request.values.is_some() { 1 } else { (bucket_ms / span.bucket_ms) as usize };
            let local = |series: &Series| zone.series(series, parts, request.values.is_none() && measure == Measure::Running);
            input.series = local(&input.series);
            groups.iter_mut().filter_map(|group| group.series.as_mut()).for_each(|series| *series = local(series));
        }
        let steps = steps(horizon(request), input.series.step_ms)?;
        self.progress().begin("trying forecasts of the past", None);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(super::threads(request.threads)).build();
        let pool = pool.map_err(|error| Error::new(ErrorKind::Internal, "cannot start threads").because(error))?;
        let origins = request.origins.unwrap_or(USUAL_ORIGINS) as usize;
        let learned = pool.install(|| Forecaster::train(&input.series, steps, origins));
        let learned = learned.map_err(|error| error.because(&input.summary))?;
        let next = learned.forecast(&input.series)?;
        let all = input.counted;
        let clock = Clock(zone.as_ref());
        let mut report = report(request, input, (&learned, None), &next, clock)?;
        report.by = request.by;
        report.time_zone.clone_from(&request.time_zone);
        report.groups = groups
            .into_iter()
            .map(|group| pool.install(|| groups::forecast(group, all, (steps, origins), (request.above, clock))))
            .collect();
        self.progress().finish(&report.model);
        Ok(report)
    }

    /// Forecasts with a model that was trained before, from the newest tickets.
    fn trained(&self, request: &ForecastRequest, label: &str, model: &SeriesModel) -> Result<ForecastReport> {
        let steps = trained_steps(request, label, model)?;
        let window_ms = request.window.map_or(model.window_ms, |window| i64::try_from(window.as_millis()).unwrap_or(i64::MAX));
        let span = Span { bucket_ms: model.plan.bucket_ms, window_ms, as_of: request.as_of.map(|moment| moment.0) };
        let (mut input, _) = self.counted(request, model.measure, &span, FRESH_DAYS)?;
        if input.series.end_ms() < model.known_until {
            let (end, known) = (rfc3339(input.series.end_ms()), rfc3339(model.known_until));
            input.notes.push(format!(
                "{label} learned from tickets up to {known}, later than {end}, from which it forecasts: how well it does here is no proof"
            ));
        }
        exclude(&mut input, &request.exclude)?;
        let next = model.forecaster.forecast_steps(&input.series, steps).map_err(|error| error.because(&input.summary))?;
        report(request, input, (&model.forecaster, Some(label)), &next, Clock(None))
    }

    /// The series of the tickets and of their groups; old ones are told, and those of a running system refused.
    fn counted(&self, request: &ForecastRequest, measure: Measure, span: &Span, fresh_days: f64) -> Result<(Input, Vec<tickets::Group>)> {
        let mut flags = self.flags();
        note(&request.tickets, &mut flags);
        let settings = self.settings(&flags)?;
        let source = self.tickets(&settings, &request.tickets)?;
        let limit = AgeLimit::of(&settings, fresh_days)?;
        let (whole, groups) = tickets::read_by(measure, span, request.by, (limit, source.as_ref(), self.progress()))?;
        Ok((whole.input, groups))
    }
}

/// The buckets of which those of a place are made: a quarter of an hour, by which clocks differ, or the whole.
fn part_of(bucket_ms: i64) -> i64 {
    const QUARTER_MS: i64 = 15 * 60_000;
    if bucket_ms % QUARTER_MS == 0 { QUARTER_MS } else { bucket_ms }
}

/// How far ahead, where no model says it.
fn horizon(request: &ForecastRequest) -> Duration {
    request.horizon.unwrap_or(USUAL_HORIZON)
}

/// How many buckets a trained model is asked for.
///
/// Errors: [`ErrorKind::Usage`] for what it did not learn.
fn trained_steps(request: &ForecastRequest, label: &str, model: &SeriesModel) -> Result<usize> {
    let SeriesPlan { horizon_ms, bucket_ms } = model.plan;
    let words = |ms: i64| in_words(Duration::from_millis(ms.unsigned_abs()));
    let refused = |why: String| {
        Err(Error::new(ErrorKind::Usage, why).hint("leave it out, or leave out `--model` to have one chosen for what you ask"))
    };
    if request.regressors.is_some() {
        return refused(format!("--regressors says nothing to {label}, which looks at nothing but tickets"));
    }
    if let Some(measure) = request.measure.filter(|measure| *measure != model.measure) {
        return refused(format!("--series is {measure}, and {label} forecasts {}", model.measure));
    }
    if let Some(bucket) = request.bucket.filter(|bucket| bucket.as_millis() as i64 != bucket_ms) {
        return refused(format!("--bucket is {}, and those of {label} are {}", in_words(bucket), words(bucket_ms)));
    }
    match request.horizon.map(|horizon| (horizon, steps(horizon, bucket_ms))) {
        None => Ok(model.plan.steps()),
        Some((_, Ok(steps))) if steps <= model.plan.steps() => Ok(steps),
        Some((_, Err(error))) if model.plan.steps() == 1 => Err(error),
        Some((horizon, _)) if horizon.as_millis() as i64 >= bucket_ms => {
            refused(format!("--horizon is {}, and {label} looks {} ahead", in_words(horizon), words(horizon_ms)))
        }
        Some((_, steps)) => steps,
    }
}

fn span(request: &ForecastRequest) -> Result<Span> {
    let refused = |why: String, hint: &str| Err(Error::new(ErrorKind::Usage, why).hint(hint.to_owned()));
    let (horizon, window) = (horizon(request), request.window.unwrap_or(USUAL_WINDOW));
    let usual = if horizon <= SHORT_HORIZON { 300 } else { 3_600 };
    let bucket = request.bucket.unwrap_or(Duration::from_secs(usual));
    if !(SHORTEST_BUCKET..=LONGEST_BUCKET).contains(&bucket) {
        return refused(
            format!("--bucket is {}, and a bucket has a minute to a day", in_words(bucket)),
            "such as `--bucket 5m` or `--bucket 1h`",
        );
    }
    if horizon > LONGEST_HORIZON {
        return refused(format!("--horizon is {}, and a year is the most", in_words(horizon)), "such as `--horizon 24h`");
    }
    if request.values.is_none() && horizon < bucket {
        let why = format!("--horizon is {}, shorter than a bucket of {}", in_words(horizon), in_words(bucket));
        return refused(why, "look further ahead, `--horizon 24h`, or count shorter buckets, `--bucket 5m`");
    }
    if window.is_zero() {
        return refused("--window is 0, so that there is nothing to learn from".into(), "such as `--window 90d`");
    }
    let window_ms = i64::try_from(window.as_millis()).unwrap_or(i64::MAX);
    Ok(Span { bucket_ms: bucket.as_millis() as i64, window_ms, as_of: request.as_of.map(|moment| moment.0) })
}

fn steps(horizon: Duration, step_ms: i64) -> Result<usize> {
    let steps = horizon.as_millis() / u128::from(step_ms.unsigned_abs());
    let bucket = in_words(Duration::from_millis(step_ms.unsigned_abs()));
    match steps {
        0 => Err(Error::new(ErrorKind::Usage, format!("--horizon is {}, shorter than a bucket of {bucket}", in_words(horizon)))
            .hint("look further ahead: `--horizon 7d`")),
        1.. if steps <= MOST_STEPS as u128 => Ok(steps as usize),
        _ => Err(Error::new(ErrorKind::Usage, format!("{steps} buckets of {bucket} are asked for, and {MOST_STEPS} are the most"))
            .hint("look less far ahead, or count longer buckets: `--bucket 1h`")),
    }
}

/// Takes out what is not to be learned from, and tells of what looks like an outage of the source.
pub(in crate::ops) fn exclude(input: &mut Input, spans: &[TimeWindow]) -> Result<()> {
    for span in spans {
        let (from, to) = (span.from.0, span.to.0);
        if input.series.forget(from, to) == 0 {
            let (first, end) = (rfc3339(input.series.start_ms), rfc3339(input.series.end_ms()));
            let message = format!("--exclude {}..{} takes nothing out: the series is from {first} to {end}", rfc3339(from), rfc3339(to));
            return Err(Error::new(ErrorKind::Usage, message));
        }
    }
    input.tell_outages();
    Ok(())
}

impl Input {
    /// Tells of what looks like an outage of the source.
    pub(in crate::ops) fn tell_outages(&mut self) {
        // Only what is counted by itself is hardly ever nothing where much is usual.
        let found = if self.counts_events { outages(&self.series) } else { Vec::new() };
        self.notes.extend(found.iter().map(|outage| {
        let (from, to) = (rfc3339(outage.from_ms), rfc3339(outage.to_ms));
        format!(
            "nothing was recorded from {from} to {to}, where about {} {} are usual; if that was an outage of the source: `--exclude {from}..{to}`",
            outage.expected.round(),
            self.unit
        )
    }));
    }
}

/// The report of what comes `next`, by a forecaster and, where it was trained before, its name.
fn report(
    request: &ForecastRequest,
    input: Input,
    (learned, label): (&Forecaster, Option<&str>),
    next: &[Forecast],
    clock: Clock<'_>,
) -> Result<ForecastReport> {
    let Input { series, name, unit, counted, summary, mut notes, .. } = input;
    let steps = next.len();
    let items = buckets(&series, learned, next, (request.above, clock));
    let highest = highest(&items)?;
    let skill_pct = learned.skill();
    notes.extend(doubts(learned, skill_pct));
    let shares = learned.blend.shares(steps);
    let model: Vec<String> = shares.iter().map(|(candidate, share)| format!("{} {} %", candidate, (100.0 * share).round())).collect();
    let recent = series.values.len().saturating_sub((2 * steps).max(48));
    Ok(ForecastReport {
        bucket_seconds: series.step_ms.unsigned_abs() / 1_000,
        time_zone: None,
        as_of: Timestamp(clock.utc_ms(series.end_ms())),
        window: TimeWindow { from: Timestamp(clock.utc_ms(series.start_ms)), to: Timestamp(clock.utc_ms(series.end_ms())) },
        known_buckets: series.known() as u64,
        counted,
        input_summary: summary,
        model: label.map(|label| format!("{label}: ")).unwrap_or_default() + &model.join(", "),
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
        by: None,
        groups: Vec::new(),
        history: series.values[recent..].iter().map(|value| value.is_finite().then_some(*value)).collect(),
        series: name,
        unit,
        notes,
    })
}

/// The clock by which a series counts: that of a place, or UTC.
#[derive(Clone, Copy)]
struct Clock<'z>(Option<&'z LocalTime>);

impl Clock<'_> {
    /// When its time is shown: never or twice where the clock is put forward or back.
    fn moments(self, shown: i64) -> Vec<i64> {
        self.0.map_or_else(|| vec![shown], |zone| zone.moments(shown))
    }

    fn utc_ms(self, shown: i64) -> i64 {
        self.0.map_or(shown, |zone| zone.utc_ms(shown))
    }
}

/// What comes after a series, bucket by bucket; one that comes twice by the clock stands twice, and one that never comes not.
fn buckets(series: &Series, learned: &Forecaster, next: &[Forecast], (above, clock): (Option<f64>, Clock<'_>)) -> Vec<ForecastBucket> {
    let bucket = |(step, forecast): (usize, &Forecast)| {
        let shown = series.time_ms(series.values.len() + step);
        let probability_above = above.map(|limit| learned.blend.probability_above(forecast.value, step + 1, limit));
        let forecast = *forecast;
        clock.moments(shown).into_iter().map(move |moment| ForecastBucket {
            time: Timestamp(moment),
            value: forecast.value,
            lower: forecast.bounds_80[0],
            upper: forecast.bounds_80[1],
            lower_95: forecast.bounds_95[0],
            upper_95: forecast.bounds_95[1],
            probability_above,
            trend: None,
            additive: None,
            multiplicative: None,
        })
    };
    next.iter().enumerate().flat_map(bucket).collect()
}

/// A row a bucket, of the whole and then of each group; the file appears as a whole.
fn write(out: &Path, report: &ForecastReport) -> Result<()> {
    let groups = report.groups.iter().flat_map(|group| group.items.iter().map(|item| (group.name.as_str(), item)));
    let rows: Vec<(&str, &ForecastBucket)> = report.items.iter().map(|item| (WHOLE, item)).chain(groups).collect();
    let numbers = |of: fn(&ForecastBucket) -> f64| Cells::Number(rows.iter().map(|(_, item)| Some(of(item))).collect());
    let mut columns = vec![
        ("time", Cells::Time(rows.iter().map(|(_, item)| item.time.0).collect())),
        ("value", numbers(|item| item.value)),
        ("lower", numbers(|item| item.lower)),
        ("upper", numbers(|item| item.upper)),
        ("lower_95", numbers(|item| item.lower_95)),
        ("upper_95", numbers(|item| item.upper_95)),
    ];
    if report.by.is_some() {
        columns.push(("group", Cells::Text(rows.iter().map(|(name, _)| (*name).to_owned()).collect())));
    }
    let mut table = TableWriter::create(out)?;
    table.write(&columns)?;
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
