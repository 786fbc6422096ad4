//! `hivectl ml forecast`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::queue::QueueArgs;
use super::tickets::{AgeArgs, TicketArgs};
use crate::api::forecast::{ForecastBucket, ForecastReport, ForecastRequest, Grouping, ValuesTable};
use crate::api::words::{LocalTime, Measure};
use crate::api::{TimeWindow, Timestamp};
use crate::base::duration;
use crate::base::write_whole;
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::cli::view::chart::chart;
use crate::cli::view::number::{count, metric, milliseconds};
use crate::cli::view::svg::{Picture, picture};
use crate::cli::view::table::{Column, table};
use crate::cli::view::time::minute;
use crate::cli::view::{self, Screen, View};
use crate::error::Result;

/// Rows of buckets that a table for people shows; every one with `-o wide`.
const SHOWN: usize = 24;

/// Forecast how much load comes, with intervals
///
/// Counts tickets by the hour (or another bucket), tries several models at moments of the past from what was known then, and
/// forecasts with those that did best. Says how far off forecasts of the past were, how often the 80 % interval held, and how
/// much better that is than last week's value or the mean of that hour of the week. Too short a history is an error, never a
/// made-up series. Changes nothing; with --out and --svg it writes those files.
#[derive(Debug, Args)]
pub struct ForecastArgs {
    #[command(flatten)]
    pub source: TicketArgs,

    #[command(flatten)]
    pub age: AgeArgs,

    #[command(flatten)]
    pub table: ValuesArgs,

    #[command(flatten)]
    pub made: ModelArgs,

    #[command(flatten)]
    pub queue: QueueArgs,

    /// What is counted in a bucket: tickets created, tickets ended, tickets in progress when it begins, or the sum of the durations that ended [default: arrivals]
    #[arg(long, value_parser = measures())]
    pub series: Option<Measure>,

    /// Forecast each group by itself as well: the twenty with the most tickets, and the others together
    #[arg(long, value_name = "FIELD", value_parser = groupings(), conflicts_with_all = ["values", "model"])]
    pub by: Option<Grouping>,

    /// Time zone by whose clocks days and weeks repeat, also where they are put forward and back, such as America/Sao_Paulo [default: UTC]
    #[arg(long, value_name = "NAME", conflicts_with = "model", value_parser = zone)]
    pub time_zone: Option<String>,

    /// Length of a bucket, 1m to 1d [default: 5m up to 6h ahead, else 1h; with --model its own]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub bucket: Option<Duration>,

    /// How far ahead, such as 60m, 6h or 7d [default: 24h; with a trained model as far as it looks]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub horizon: Option<Duration>,

    /// How far to look back [default: 90d; with a trained model as far as it looked]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub window: Option<Duration>,

    /// The moment from which to forecast, such as 2026-01-31 [default: now; for files the newest moment in them]
    #[arg(long, value_name = "TIME", value_parser = view::time::parse)]
    pub as_of: Option<i64>,

    /// Span that counts as not known, such as an outage: 2026-01-31T08:00:00Z..2026-01-31T11:00:00Z (can be repeated)
    #[arg(long, value_name = "FROM..TO", value_parser = span)]
    pub exclude: Vec<TimeWindow>,

    /// Tell how probable it is that a bucket is above this
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true, value_parser = limit)]
    pub above: Option<f64>,

    /// Moments of the past at which forecasts are tried [default: 60]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(8..=1000))]
    pub origins: Option<u32>,

    /// Threads that try them [default: one a core]
    #[arg(long, value_name = "COUNT", default_value_t = 0, hide_default_value = true)]
    pub threads: usize,

    /// File to write the buckets to as well: .csv, .parquet, .jsonl or .ndjson
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// Draw the history, the forecast and the 80 % interval
    #[arg(long)]
    pub plot: bool,

    /// File to draw them into as a picture: .svg
    #[arg(long, value_name = "FILE", value_parser = picture_file, add = complete::files(&["svg"]))]
    pub svg: Option<PathBuf>,
}

/// Values of a table instead of tickets.
#[derive(Debug, Args)]
#[command(next_help_heading = "Values instead of tickets")]
pub struct ValuesArgs {
    /// Table with a time and a value a row (CSV, Parquet or JSON lines), - for stdin; the distance of its rows is the bucket
    #[arg(long, value_name = "FILE", conflicts_with_all = ["tickets", "database", "collection", "series", "bucket"], add = complete::files(&["csv", "parquet", "jsonl", "ndjson", "gz", "zst"]))]
    pub values: Option<String>,

    /// Column of times [default: ds, time, timestamp, date_time, datetime, date or created_at]
    #[arg(long, value_name = "NAME", requires = "values")]
    pub time_column: Option<String>,

    /// Column of values [default: y, value, values, count, users or load]
    #[arg(long, value_name = "NAME", requires = "values")]
    pub value_column: Option<String>,
}

/// A model that was made before.
#[derive(Debug, Args)]
#[command(next_help_heading = "A model that was made before")]
pub struct ModelArgs {
    /// Forecast with this model and try nothing: a version that was trained here, such as load-predictor-60m@7, on the tickets; or
    /// one of Prophet's, its JSON, a folder of MLflow's flavor or a version, from the end of its training on or from --as-of
    #[arg(long, value_name = "REF|FILE", conflicts_with_all = ["values", "origins"], add = complete::references())]
    pub model: Option<String>,

    /// Table of what a model of Prophet's needs to know of each moment beside its time: extra regressors, conditions, cap and floor
    #[arg(long, value_name = "FILE", requires = "model", add = complete::files(&["csv", "parquet", "jsonl", "ndjson", "gz", "zst"]))]
    pub regressors: Option<String>,
}

fn groupings() -> impl TypedValueParser<Value = Grouping> {
    PossibleValuesParser::new(Grouping::ALL.map(|by| by.to_string())).try_map(|word| word.parse::<Grouping>())
}

fn measures() -> impl TypedValueParser<Value = Measure> {
    PossibleValuesParser::new(Measure::ALL.map(|measure| measure.to_string())).try_map(|word| word.parse::<Measure>())
}

pub(super) fn span(text: &str) -> Result<TimeWindow, String> {
    let Some((from, to)) = text.split_once("..") else {
        return Err(format!("'{text}' is no span; write FROM..TO, such as 2026-01-31..2026-02-02"));
    };
    let (from, to) = (view::time::parse(from)?, view::time::parse(to)?);
    match from < to {
        true => Ok(TimeWindow { from: Timestamp(from), to: Timestamp(to) }),
        false => Err(format!("'{text}' ends before it begins")),
    }
}

fn zone(text: &str) -> Result<String, String> {
    match LocalTime::named(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(error.hints().iter().fold(error.to_string(), |told, hint| format!("{told}; {hint}"))),
    }
}

fn picture_file(text: &str) -> Result<PathBuf, String> {
    match text.to_ascii_lowercase().ends_with(".svg") {
        true => Ok(PathBuf::from(text)),
        false => Err(format!("'{text}' does not end in .svg, which is the form that is written")),
    }
}

fn limit(text: &str) -> Result<f64, String> {
    let number: Option<f64> = text.parse().ok();
    number.filter(|number| number.is_finite() && *number >= 0.0).ok_or_else(|| format!("'{text}' is no number from 0 on"))
}

impl VerbArgs for ForecastArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml forecast",
        examples: &[
            ("The next day, by the hour", "hivectl ml forecast --window 540d --tickets examples/tickets.ndjson.gz"),
            ("Whether it gets tight", "hivectl ml forecast --above 20 --plot --tickets examples/tickets.ndjson.gz"),
            ("Work of a week, for a script", "hivectl ml forecast --series work --horizon 7d --tickets tickets.parquet -o json"),
        ],
        exit_codes: &[4, 9, 10, 11, 14],
        changes: "Nothing in the registry; with --out and --svg it writes those files.",
        has_rows: true,
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        if self.queue.now {
            return self.queue.run(session, self.age.limit(self.source.tickets()), self.window, self.as_of.map(Timestamp));
        }
        let ValuesArgs { values, time_column, value_column } = &self.table;
        let values = values.clone().map(|path| ValuesTable { path, time_column: time_column.clone(), value_column: value_column.clone() });
        let report = session.run(&ForecastRequest {
            tickets: self.age.limit(self.source.tickets()),
            values,
            model: self.made.model.clone(),
            regressors: self.made.regressors.clone(),
            measure: self.series,
            by: self.by,
            time_zone: self.time_zone.clone(),
            bucket: self.bucket,
            horizon: self.horizon,
            window: self.window,
            as_of: self.as_of.map(Timestamp),
            exclude: self.exclude.clone(),
            above: self.above,
            origins: self.origins,
            threads: self.threads,
            out: self.out.clone(),
        })?;
        if let Some(path) = &self.svg {
            write_whole(path, painted(&report).as_bytes())?;
        }
        let drawn = self.plot.then(|| report.clone());
        let told = Report::of(report)?;
        Ok(match drawn {
            None => told,
            Some(report) => {
                let text = told.text;
                Report { text: Box::new(move |screen| format!("{}\n{}", drawing(&report, screen), text(screen))), ..told }
            }
        })
    }
}

/// A value with as many digits as say something.
fn amount(value: f64, unit: &str) -> String {
    match unit {
        "ms of work" => milliseconds(value),
        _ if value >= 1_000.0 => count(value.round() as i64),
        _ if value >= 100.0 => format!("{value:.0}"),
        _ => format!("{value:.1}"),
    }
}

fn between(low: f64, high: f64, unit: &str) -> String {
    format!("{} to {}", amount(low, unit), amount(high, unit))
}

/// How moments are told: by the clocks of the place that was named.
struct Clock {
    zone: Option<LocalTime>,
    /// What it is called.
    name: String,
}

impl Clock {
    fn of(report: &ForecastReport) -> Clock {
        let zone = report.time_zone.as_deref().and_then(|name| LocalTime::named(name).ok());
        let name = report.time_zone.clone().filter(|_| zone.is_some()).unwrap_or_else(|| "UTC".to_owned());
        Clock { zone, name }
    }

    fn minute(&self, moment: Timestamp) -> String {
        minute(self.zone.as_ref().map_or(moment.0, |zone| zone.local_ms(moment.0)))
    }
}

impl View for ForecastReport {
    fn text(&self, screen: &Screen) -> String {
        let unit = self.unit.as_str();
        let clock = Clock::of(self);
        let bucket = duration::in_words(Duration::from_secs(self.bucket_seconds));
        let highest = &self.highest;
        let mut text = format!(
            "series   {} in buckets of {bucket}, {} of them from {} to {} {}\ninput    {}\nmodel    {}\n",
            self.series,
            count(self.known_buckets),
            clock.minute(self.window.from),
            clock.minute(self.window.to),
            clock.name,
            self.input_summary,
            self.model
        );
        if let Some(errors) = &self.errors {
            let off = errors.wape.map(|wape| format!(", {} % of what came", metric(Some(wape)))).unwrap_or_default();
            text.push_str(&format!(
                "error    {} on average at {} moments of the past{off}; the 80 % interval held {} %\n",
                amount(errors.mae, unit),
                self.origins[1],
                metric(Some(errors.coverage_80))
            ));
        }
        if let (Some(skill), Some(rule)) = (self.skill_pct, &self.simple_rule) {
            let word = if skill < 0.0 { "larger" } else { "smaller" };
            text.push_str(&format!("skill    error {} % {word} than that of the simple rule {rule}\n", metric(Some(skill.abs()))));
        }
        text.push_str(&format!(
            "highest  {} {}: {}{}, 80 % interval {}{}\n",
            clock.minute(highest.time),
            clock.name,
            amount(highest.value, unit),
            match unit {
                "" => String::new(),
                "ms of work" => " of work".into(),
                _ => format!(" {unit}"),
            },
            between(highest.lower, highest.upper, unit),
            above(highest, self.above)
        ));
        text.push_str(&format!("\n{}", buckets(self, screen)));
        if !self.groups.is_empty() {
            text.push_str(&format!("\n{}", groups(self, screen)));
        }
        if !self.candidates.is_empty() {
            text.push_str(&format!("\n{}", candidates(self, screen)));
        }
        text
    }

    fn warnings(&self) -> Vec<String> {
        self.notes.clone()
    }
}

fn above(bucket: &ForecastBucket, limit: Option<f64>) -> String {
    match (limit, bucket.probability_above) {
        (Some(limit), Some(probability)) => format!("; above {limit} with probability {probability:.2}"),
        _ => String::new(),
    }
}

fn buckets(report: &ForecastReport, screen: &Screen) -> String {
    let unit = report.unit.as_str();
    let clock = Clock::of(report);
    let from = format!("FROM ({})", clock.name);
    let mut columns = vec![Column::Text(&from), Column::Number("FORECAST"), Column::Number("80 %"), Column::Number("95 %")];
    let limit = report.above.map(|limit| format!("ABOVE {limit}"));
    columns.extend(limit.as_deref().map(Column::Number));
    let shown = if screen.all_columns { report.items.len() } else { SHOWN };
    let rows = report.items.iter().take(shown).map(|item| {
        let bounds = [between(item.lower, item.upper, unit), between(item.lower_95, item.upper_95, unit)];
        let probability = item.probability_above.map(|probability| format!("{probability:.2}"));
        [clock.minute(item.time), amount(item.value, unit)].into_iter().chain(bounds).chain(probability).collect::<Vec<_>>()
    });
    let text = table(&columns, &rows.collect::<Vec<_>>(), screen);
    match report.items.len().saturating_sub(shown) {
        0 => text,
        left => format!("{text}… {} more; all of them with -o wide, csv or json\n", count(left as u64)),
    }
}

fn groups(report: &ForecastReport, screen: &Screen) -> String {
    let unit = report.unit.as_str();
    let name = report.by.map(|by| by.to_string().replace('_', " ").to_uppercase()).unwrap_or_default();
    let clock = Clock::of(report);
    let highest = format!("HIGHEST ({})", clock.name);
    // What is in progress at one moment and the next cannot be added up.
    let is_state = unit == Measure::Running.unit();
    let columns = [
        Column::Text(&name),
        Column::Number("SHARE"),
        Column::Number(if is_state { "MEAN" } else { "SUM" }),
        Column::Text(&highest),
        Column::Number("THERE"),
        Column::Number("80 %"),
        Column::Number("SKILL"),
    ];
    let rows = report.groups.iter().map(|group| {
        let share = format!("{} %", metric(Some(group.share_pct)));
        match (&group.highest, group.total) {
            (Some(highest), Some(total)) => vec![
                group.name.clone(),
                share,
                amount(if is_state { total / group.items.len().max(1) as f64 } else { total }, unit),
                clock.minute(highest.time),
                amount(highest.value, unit),
                between(highest.lower, highest.upper, unit),
                group.skill_pct.map_or_else(|| "-".to_owned(), |skill| format!("{} %", metric(Some(skill)))),
            ],
            _ => vec![group.name.clone(), share, "-".into(), "-".into(), "-".into(), "-".into(), "-".into()],
        }
    });
    let mut text = table(&columns, &rows.collect::<Vec<_>>(), screen);
    for group in &report.groups {
        if let Some(why) = &group.not_forecast {
            text.push_str(&format!("{} is not forecast: {why}\n", group.name));
        }
    }
    text
}

fn candidates(report: &ForecastReport, screen: &Screen) -> String {
    let columns = [Column::Text("CANDIDATE"), Column::Number("ERROR"), Column::Number("SHARE")];
    let rows = report.candidates.iter().map(|one| vec![one.name.clone(), amount(one.mae, &report.unit), format!("{:.0} %", one.share_pct)]);
    table(&columns, &rows.collect::<Vec<_>>(), screen)
}

/// The picture of a report.
fn painted(report: &ForecastReport) -> String {
    let band: Vec<[f64; 3]> = report.items.iter().map(|item| [item.lower, item.value, item.upper]).collect();
    let step_ms = i64::try_from(report.bucket_seconds.saturating_mul(1_000)).unwrap_or(i64::MAX);
    let first = report.as_of.0.saturating_sub(step_ms.saturating_mul(report.history.len() as i64));
    let last = report.items.last().map_or(report.as_of.0, |item| item.time.0);
    let clock = Clock::of(report);
    let moments = [first, report.as_of.0, last].map(|moment| clock.minute(Timestamp(moment)));
    let title = format!("{}: history, forecast and 80 % interval ({}), times of {}", report.series, report.unit, clock.name);
    picture(&Picture {
        title: &title,
        history: &report.history,
        forecast: &band,
        moments: moments.each_ref().map(String::as_str),
        limit: report.above,
        label: &|value| amount(value, &report.unit),
    })
}

fn drawing(report: &ForecastReport, screen: &Screen) -> String {
    let band: Vec<[f64; 3]> = report.items.iter().map(|item| [item.lower, item.value, item.upper]).collect();
    chart(&report.history, &band, &|value| amount(value, &report.unit), screen)
}
