//! Prophet's own file: the JSON of `prophet.serialize`, also as MLflow's `prophet` flavor writes it (a text within JSON).
//!
//! Prophet 1.0 to 1.5 write the same members; what a version lacks has the value that it meant. Country holidays need tables
//! that are not in the file and are refused by name.

use serde::Deserialize;
use serde_json::Value;

use crate::error::{Error, ErrorKind, Result};
use crate::forecast::prophet::{Growth, HolidayColumn, Mode, ProphetModel, Regressor, Seasonality};

/// Seconds in a day.
const DAY_S: f64 = 86_400.0;
/// Columns of effects, at most; Prophet's largest models have some hundreds.
const MOST_COLUMNS: usize = 100_000;

/// A model of Prophet and what its file says besides.
///
/// ```
/// use hivectl::formats::ProphetFile;
///
/// assert!(ProphetFile::read("m.json", b"{}").is_err_and(|error| error.to_string().contains("growth")));
/// assert!(!ProphetFile::looks_like(b"{\"learner\": {}}"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ProphetFile {
    pub model: ProphetModel,
    /// The version that wrote it; `None` where it does not say.
    pub version: Option<String>,
    /// Newest time of training, milliseconds since the epoch, as if it were UTC.
    pub last_ms: i64,
    /// The usual distance of two rows of training.
    pub step_ms: i64,
    /// Rows of training.
    pub rows: usize,
}

#[derive(Deserialize)]
struct Raw {
    growth: String,
    y_scale: f64,
    #[serde(default)]
    y_min: f64,
    #[serde(default)]
    scaling: Option<String>,
    #[serde(default)]
    logistic_floor: bool,
    #[serde(default)]
    country_holidays: Option<Value>,
    #[serde(default)]
    holidays_mode: Option<String>,
    seasonality_mode: String,
    history_dates: Option<String>,
    #[serde(default)]
    train_holiday_names: Option<String>,
    #[serde(default)]
    holidays: Option<String>,
    start: f64,
    t_scale: f64,
    changepoints_t: Vec<f64>,
    seasonalities: (Vec<String>, serde_json::Map<String, Value>),
    extra_regressors: (Vec<String>, serde_json::Map<String, Value>),
    params: Params,
    #[serde(rename = "__prophet_version", default)]
    version: Option<String>,
}

#[derive(Deserialize)]
struct Params {
    k: Vec<Vec<f64>>,
    m: Vec<Vec<f64>>,
    delta: Vec<Vec<f64>>,
    beta: Vec<Vec<f64>>,
    sigma_obs: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
struct RawSeasonality {
    period: f64,
    fourier_order: usize,
    prior_scale: f64,
    mode: String,
    #[serde(default)]
    condition_name: Option<String>,
}

#[derive(Deserialize)]
struct RawRegressor {
    mu: f64,
    std: f64,
    mode: String,
    #[serde(default)]
    predictor_spec: Option<Value>,
}

#[derive(Deserialize)]
struct Index {
    data: Vec<String>,
}

#[derive(Deserialize)]
struct Holidays {
    data: Vec<Holiday>,
}

#[derive(Deserialize)]
struct Holiday {
    holiday: String,
    ds: String,
    #[serde(default)]
    lower_window: Option<f64>,
    #[serde(default)]
    upper_window: Option<f64>,
}

impl ProphetFile {
    /// Whether the content begins as such a file does: a JSON object with `growth`, or a text that holds one.
    pub fn looks_like(content: &[u8]) -> bool {
        let head = &content[..content.len().min(400)];
        let text = String::from_utf8_lossy(head);
        let text = text.trim_start().trim_start_matches('"').replace("\\\"", "\"");
        text.starts_with('{') && text.contains("\"growth\"") && text.contains("changepoint")
    }

    /// Reads the file called `name`.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] for what is no such file, is damaged, contradicts itself or needs what it does
    /// not hold.
    pub fn read(name: &str, content: &[u8]) -> Result<ProphetFile> {
        let bad = |why: String| Error::new(ErrorKind::BadModelFile, format!("{name} is no model of Prophet that can be read: {why}"));
        let text: Option<String> = serde_json::from_slice(content).ok();
        let raw = match &text {
            Some(text) => serde_json::from_str::<Raw>(text),
            None => serde_json::from_slice::<Raw>(content),
        };
        let raw = raw.map_err(|error| bad(error.to_string()))?;
        raw.file().map_err(bad)
    }
}

impl Raw {
    fn file(self) -> Result<ProphetFile, String> {
        if let Some(country) = self.country_holidays.as_ref().filter(|country| !country.is_null()) {
            return Err(format!(
                "it counts the holidays of {country}, whose dates are not in the file; give them with `holidays=` when it is trained"
            ));
        }
        let growth = match self.growth.as_str() {
            "linear" => Growth::Linear,
            "logistic" => Growth::Logistic,
            "flat" => Growth::Flat,
            other => return Err(format!("its growth '{other}' is not known")),
        };
        let deltas = means(&self.params.delta, "delta")?;
        let betas = means(&self.params.beta, "beta")?;
        let [rate, offset, sigma] =
            [("k", &self.params.k), ("m", &self.params.m), ("sigma_obs", &self.params.sigma_obs)].map(|(name, rows)| single(rows, name));
        let dates: Vec<i64> = match &self.history_dates {
            None => Vec::new(),
            Some(text) => serde_json::from_str::<Index>(text)
                .map_err(|error| format!("history_dates: {error}"))?
                .data
                .iter()
                .map(|date| milliseconds(date))
                .collect::<Result<_, _>>()?,
        };
        let last_ms = dates.last().copied().unwrap_or(((self.start + self.t_scale) * 1_000.0) as i64);
        let mut steps: Vec<i64> = dates.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).filter(|step| *step > 0).collect();
        steps.sort_unstable();
        let step_ms = steps.get(steps.len() / 2).copied().unwrap_or(DAY_S as i64 * 1_000);
        let mut model = ProphetModel {
            growth,
            start_s: self.start,
            time_scale_s: self.t_scale,
            value_scale: self.y_scale,
            floor: if self.scaling.as_deref() == Some("minmax") { self.y_min } else { 0.0 },
            floor_is_stated: self.logistic_floor,
            changepoints: self.changepoints_t.clone(),
            seasonalities: self.seasonalities()?,
            holidays: self.holiday_columns()?,
            regressors: self.regressors()?,
            rate: rate?,
            offset: offset?,
            deltas,
            betas,
            sigma: sigma?,
            spacing: step_ms as f64 / 1_000.0 / self.t_scale,
            last: (last_ms as f64 / 1_000.0 - self.start) / self.t_scale,
        };
        check(&mut model)?;
        Ok(ProphetFile { model, version: self.version, last_ms, step_ms, rows: dates.len() })
    }

    fn seasonalities(&self) -> Result<Vec<Seasonality>, String> {
        let (names, members) = &self.seasonalities;
        let of = |name: &String| {
            let raw: RawSeasonality = member(members, name, "seasonalities")?;
            if raw.fourier_order > MOST_COLUMNS || !raw.period.is_finite() || raw.period <= 0.0 {
                return Err(format!("the seasonality '{name}' has a period of {} and {} waves", raw.period, raw.fourier_order));
            }
            let mode = mode(&raw.mode)?;
            let (period_days, order, prior_scale, condition) = (raw.period, raw.fourier_order, raw.prior_scale, raw.condition_name);
            Ok(Seasonality { name: name.clone(), period_days, order, prior_scale, mode, condition })
        };
        names.iter().map(of).collect()
    }

    fn regressors(&self) -> Result<Vec<Regressor>, String> {
        let (names, members) = &self.extra_regressors;
        let of = |name: &String| {
            let raw: RawRegressor = member(members, name, "extra_regressors")?;
            if raw.std == 0.0 || !raw.std.is_finite() || !raw.mu.is_finite() {
                return Err(format!("the regressor '{name}' has a standard deviation of {}", raw.std));
            }
            if raw.predictor_spec.as_ref().is_some_and(|spec| !(spec.is_null() || spec.as_object().is_some_and(serde_json::Map::is_empty)))
            {
                return Err(format!("the regressor '{name}' is forecast by a model of its own, which the file does not hold"));
            }
            Ok(Regressor { name: name.clone(), mean: raw.mu, deviation: raw.std, mode: mode(&raw.mode)? })
        };
        names.iter().map(of).collect()
    }

    /// A column for each holiday and day around it, in the order of their names as Prophet sorts them.
    fn holiday_columns(&self) -> Result<Vec<HolidayColumn>, String> {
        let Some(text) = &self.holidays else { return Ok(Vec::new()) };
        let table: Holidays = serde_json::from_str(text).map_err(|error| format!("holidays: {error}"))?;
        let trained: Option<Index> = self.train_holiday_names.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let mode = mode(self.holidays_mode.as_deref().unwrap_or(&self.seasonality_mode))?;
        let mut columns: std::collections::BTreeMap<String, HolidayColumn> = std::collections::BTreeMap::new();
        for row in table.data.iter().filter(|row| trained.as_ref().is_none_or(|known| known.data.contains(&row.holiday))) {
            let day = (milliseconds(&row.ds)? as f64 / 1_000.0 / DAY_S).floor();
            let window = [row.lower_window, row.upper_window].map(|bound| bound.unwrap_or(0.0));
            if !(window[0] <= 0.0 && window[1] >= 0.0 && window[1] - window[0] < 1_000.0) {
                return Err(format!("the holiday '{}' is counted from day {} to {}", row.holiday, window[0], window[1]));
            }
            for offset in window[0] as i64..=window[1] as i64 {
                let sign = if offset >= 0 { '+' } else { '-' };
                let key = format!("{}_delim_{sign}{}", row.holiday, offset.abs());
                let column = columns.entry(key).or_insert_with(|| HolidayColumn { name: row.holiday.clone(), days_s: Vec::new(), mode });
                column.days_s.push((day + offset as f64) * DAY_S);
            }
        }
        Ok(columns.into_values().collect())
    }
}

/// What would make an answer that is none.
fn check(model: &mut ProphetModel) -> Result<(), String> {
    if model.columns() == 0 && model.betas.len() == 1 {
        // Without an effect Prophet fits one of a column of zeros.
        model.betas.clear();
    }
    if model.columns() != model.betas.len() || model.columns() > MOST_COLUMNS {
        return Err(format!("{} effects and {} weights for them", model.columns(), model.betas.len()));
    }
    // Without a changepoint Prophet keeps one at the beginning, whose change is 0.
    if model.changepoints.len() != model.deltas.len() {
        return Err(format!("{} changepoints and {} changes of the rate", model.changepoints.len(), model.deltas.len()));
    }
    let numbers = [model.start_s, model.time_scale_s, model.value_scale, model.floor, model.rate, model.offset, model.sigma];
    let all = numbers.iter().chain(&model.changepoints).chain(&model.deltas).chain(&model.betas);
    match all.clone().all(|number| number.is_finite()) && model.time_scale_s > 0.0 && model.value_scale != 0.0 {
        true => Ok(()),
        false => Err("a number in it is missing or not finite, or a scale is 0".into()),
    }
}

fn member<T: serde::de::DeserializeOwned>(members: &serde_json::Map<String, Value>, name: &str, of: &str) -> Result<T, String> {
    let value = members.get(name).ok_or_else(|| format!("{of} names '{name}' and does not say what it is"))?;
    serde_json::from_value(value.clone()).map_err(|error| format!("{of} '{name}': {error}"))
}

fn mode(word: &str) -> Result<Mode, String> {
    match word {
        "additive" => Ok(Mode::Additive),
        "multiplicative" => Ok(Mode::Multiplicative),
        other => Err(format!("its mode '{other}' is not known")),
    }
}

/// Column means of the draws; one draw is itself.
fn means(draws: &[Vec<f64>], name: &str) -> Result<Vec<f64>, String> {
    let first = draws.first().ok_or_else(|| format!("params hold no {name}"))?;
    if draws.iter().any(|draw| draw.len() != first.len()) {
        return Err(format!("params hold draws of {name} of different lengths"));
    }
    Ok((0..first.len()).map(|index| draws.iter().map(|draw| draw[index]).sum::<f64>() / draws.len() as f64).collect())
}

/// The mean of draws of one number, which stand in one row or one a row.
fn single(draws: &[Vec<f64>], name: &str) -> Result<f64, String> {
    let all: Vec<f64> = draws.iter().flatten().copied().collect();
    if all.is_empty() { Err(format!("params hold no {name}")) } else { Ok(all.iter().sum::<f64>() / all.len() as f64) }
}

/// A date as pandas writes it, without a zone.
fn milliseconds(text: &str) -> Result<i64, String> {
    let civil: jiff::civil::DateTime = text.trim_end_matches('Z').parse().map_err(|_| format!("'{text}' is no date"))?;
    let time = jiff::tz::TimeZone::UTC.to_timestamp(civil).map_err(|error| format!("'{text}': {error}"))?;
    Ok(time.as_millisecond())
}
