//! Forecasts of a model that Prophet made, from its own file.

use std::collections::BTreeMap;

use super::{highest, table};
use crate::api::forecast::{ForecastBucket, ForecastReport, ForecastRequest};
use crate::api::{TimeWindow, Timestamp};
use crate::base::time::rfc3339;
use crate::error::{Error, ErrorKind, Result};
use crate::forecast::prophet::{Growth, Known, ProphetModel};
use crate::formats::ProphetFile;

/// Of the futures that are drawn for the intervals.
const SEED: u64 = 42;
/// What the caller states for each moment, by its time in ms.
type Stated = BTreeMap<i64, BTreeMap<String, f64>>;

impl Known for BTreeMap<String, f64> {
    fn value(&self, column: &str) -> Option<f64> {
        self.get(column).copied()
    }
}

/// Forecasts with a model of Prophet's.
///
/// Errors: [`ErrorKind::Usage`] for words that say nothing to it, and where it needs columns that are not stated.
pub fn run(request: &ForecastRequest, label: &str, file: ProphetFile) -> Result<ForecastReport> {
    let idle = [
        ("--tickets", !request.tickets.places.is_empty()),
        ("--series", request.measure.is_some()),
        ("--window", request.window.is_some()),
        ("--exclude", !request.exclude.is_empty()),
        ("--above", request.above.is_some()),
    ];
    if let Some((flag, _)) = idle.into_iter().find(|(_, is_typed)| *is_typed) {
        let message = format!("{flag} cannot be used with {label}, a model of Prophet's, which looks at no tickets");
        return Err(Error::new(ErrorKind::Usage, message).hint("leave it out, or leave out `--model` to have one chosen for your tickets"));
    }
    let ProphetFile { model, version, last_ms, step_ms, rows } = file;
    let step_ms = request.bucket.map_or(step_ms, |bucket| bucket.as_millis() as i64);
    let steps = super::steps(super::horizon(request), step_ms)?;
    let first = request.as_of.map_or(last_ms + step_ms, |moment| moment.0);
    let stated = match &request.regressors {
        Some(path) => stated(path, &model)?,
        None => Stated::new(),
    };
    let needed = model.needs();
    if request.regressors.is_none() && !needed.is_empty() {
        return Err(Error::new(ErrorKind::Usage, format!("{label} needs {} for every moment that it forecasts", needed.join(", ")))
            .hint("state them, a row a moment with its time: `--regressors FILE`"));
    }
    let nothing = BTreeMap::new();
    let items = (0..steps).map(|step| {
        let time = first + step_ms * step as i64;
        let known = stated.get(&time).unwrap_or(&nothing);
        let seconds = time as f64 / 1_000.0;
        let (Some(said), Some([middle, wide])) = (model.say(seconds, known), model.bounds(seconds, known, SEED)) else {
            let missing: Vec<&str> = needed.iter().copied().filter(|column| known.value(column).is_none()).collect();
            let message =
                format!("{} says nothing of {} at {}", request.regressors.as_deref().unwrap_or("-"), missing.join(", "), rfc3339(time));
            return Err(Error::new(ErrorKind::Usage, message).hint("state every moment up to the horizon, or ask for less: `--horizon 6h`"));
        };
        Ok(ForecastBucket {
            time: Timestamp(time),
            value: said.value,
            lower: middle[0],
            upper: middle[1],
            lower_95: wide[0],
            upper_95: wide[1],
            probability_above: None,
            trend: Some(said.trend),
            additive: Some(said.additive),
            multiplicative: Some(said.multiplicative),
        })
    });
    let items = items.collect::<Result<Vec<ForecastBucket>>>()?;
    let begun = Timestamp((model.start_s * 1_000.0) as i64);
    let written_by = version.map_or_else(|| "prophet".to_owned(), |version| format!("prophet {version}"));
    Ok(ForecastReport {
        series: label.to_owned(),
        unit: String::new(),
        bucket_seconds: step_ms.unsigned_abs() / 1_000,
        time_zone: None,
        as_of: Timestamp(first),
        window: TimeWindow { from: begun, to: Timestamp(last_ms) },
        known_buckets: rows as u64,
        counted: rows as u64,
        input_summary: format!("{rows} rows taught the model"),
        model: format!("{written_by}: {}", in_words(&model)),
        forecast: items.iter().map(|item| item.value).collect(),
        timestamps: items.iter().map(|item| item.time).collect(),
        lower: items.iter().map(|item| item.lower).collect(),
        upper: items.iter().map(|item| item.upper).collect(),
        highest: highest(&items)?,
        items,
        above: None,
        errors: None,
        skill_pct: None,
        simple_rule: None,
        candidates: Vec::new(),
        origins: [0, 0],
        by: None,
        groups: Vec::new(),
        history: Vec::new(),
        notes: vec!["a model from a file was not tried on anything here: its errors are not known".into()],
    })
}

fn in_words(model: &ProphetModel) -> String {
    let growth = match model.growth {
        Growth::Linear => "linear growth",
        Growth::Logistic => "logistic growth",
        Growth::Flat => "no growth",
    };
    let names = model.seasonalities.iter().map(|one| one.name.as_str());
    let names = names.chain(model.regressors.iter().map(|one| one.name.as_str()));
    let holidays = (!model.holidays.is_empty()).then_some("holidays");
    [growth].into_iter().chain(names).chain(holidays).collect::<Vec<_>>().join(", ")
}

/// The columns that the model needs, by moment.
fn stated(path: &str, model: &ProphetModel) -> Result<Stated> {
    let mut stated = Stated::new();
    table::read_moments(path, &model.needs(), &mut |moment, values| {
        stated.insert(moment, values);
    })?;
    Ok(stated)
}
