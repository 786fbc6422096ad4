//! What a kind learns that forecasts a series, and how that travels with a version.
//!
//! Such a kind sees no features of a ticket: it counts tickets over time. What it has learned is which ways of forecasting
//! count, in what proportion and with which errors ([`Forecaster`]); the ways themselves look at the newest history
//! whenever they forecast, so that a version forecasts from newer tickets without being trained again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::card::ModelCard;
use super::package::{Identity, card_part};
use crate::error::{Error, ErrorKind, Result};
use crate::forecast::{Candidate, CandidateErrors, Forecast, ForecastErrors, Forecaster, Measure, Series, Trial};
use crate::formats::forecast_package::{ForecastDescription, package_files};

/// Where the model stands in the package.
pub const SERIES_PATH: &str = "hivectl/forecast.json";

/// Version of the model's form; a reader refuses a newer one.
const FORMAT: u32 = 1;

/// A longer file is none of ours: the errors of a thousand moments of five thousand buckets.
const MOST_BYTES: usize = 128 << 20;

/// What a kind forecasts.
///
/// ```
/// use hivectl::kinds::{Catalogue, DataNeed};
///
/// let kinds = Catalogue::all();
/// let Some(DataNeed::Series(plan)) = kinds.get("load-60m").map(|kind| kind.needs()) else { panic!("no series") };
/// assert_eq!((plan.bucket_ms, plan.steps()), (300_000, 12));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesPlan {
    /// How far ahead, ms.
    pub horizon_ms: i64,
    /// Length of a bucket, ms; a divisor of the horizon.
    pub bucket_ms: i64,
}

impl SeriesPlan {
    /// Days that are looked back where nobody says otherwise: a season and a half of a year.
    pub const WINDOW_DAYS: f64 = 540.0;
    /// Fewest tickets where nobody says otherwise.
    pub const MIN_SAMPLES: usize = 1_000;
    /// Moments of the past at which forecasts are tried.
    pub const ORIGINS: usize = 60;

    /// Buckets up to the horizon.
    pub fn steps(&self) -> usize {
        (self.horizon_ms / self.bucket_ms).max(0) as usize
    }
}

/// How a forecaster was chosen, as its card says it.
///
/// ```
/// use hivectl::kinds::{Catalogue, ModelCard, SeriesSummary};
/// # use hivectl::features::FeatureSchema;
/// # use hivectl::kinds::{PACKAGE_FORMAT, Training};
/// # use hivectl::lifecycle::Gate;
/// # let schema = FeatureSchema::none();
/// # let training = Training {
/// #     from: 0, to: 9, as_of: 10, holdout_from: 8, samples: Default::default(), synthetic: false, seed: 42, split: "time".into(),
/// #     tickets_sha256: None,
/// # };
/// # let card = ModelCard {
/// #     format: PACKAGE_FORMAT, kind: "duration".into(), variant: "scheduling".into(), schema_fingerprint: schema.fingerprint(),
/// #     schema, metrics: Default::default(), gate: Gate::judge(&[], &Default::default()), training, importances: Vec::new(),
/// #     instructions: None, own: Default::default(),
/// # };
/// assert_eq!(SeriesSummary::of(&card)?, None, "the card of what learned from rows");
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesSummary {
    /// How far ahead, and in which buckets.
    pub plan: SeriesPlan,
    /// What is counted.
    pub measure: Measure,
    /// The better of the simple rules.
    pub simple_rule: Candidate,
    /// Moments that chose, and moments that judged.
    pub origins: [usize; 2],
    /// How each candidate did at the moments that judged.
    pub candidates: Vec<CandidateErrors>,
}

/// Where it stands in the card.
const SUMMARY: &str = "forecaster";

impl SeriesSummary {
    /// What a card says; `None` for one of a model that learned from rows.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] for another form.
    pub fn of(card: &ModelCard) -> Result<Option<SeriesSummary>> {
        card.part(SUMMARY)
    }
}

/// A trained forecaster of one series, as it stands in a package.
///
/// ```
/// use hivectl::forecast::{Measure, Series};
/// use hivectl::kinds::{SeriesModel, SeriesPlan};
///
/// let values = (0..24 * 14).map(|hour| if hour % 24 < 12 { 2.0 } else { 8.0 }).collect();
/// let series = Series { start_ms: 0, step_ms: 3_600_000, values };
/// let plan = SeriesPlan { horizon_ms: 6 * 3_600_000, bucket_ms: 3_600_000 };
/// let (learned, _) = SeriesModel::train(Measure::Arrivals, &series, plan, 10)?;
/// let read = SeriesModel::from_bytes("m@1", &learned.to_bytes()?)?;
/// assert_eq!((read.next.len(), read.known_until), (6, series.end_ms()));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesModel {
    format: u32,
    /// What is counted.
    pub measure: Measure,
    /// How far ahead, and in which buckets.
    pub plan: SeriesPlan,
    /// How far it looked back, ms: as far it looks when it forecasts.
    pub window_ms: i64,
    /// The end of the last bucket that it knew, milliseconds since the epoch.
    pub known_until: i64,
    /// What was learned.
    pub forecaster: Forecaster,
    /// What came next at the end of its training, for readers that cannot count tickets.
    pub next: Vec<Forecast>,
}

impl SeriesModel {
    /// Learns from a series in buckets of the plan, with what was said at the moments that judge.
    ///
    /// Errors: those of [`Forecaster::train`] and [`Forecaster::forecast`].
    pub fn train(measure: Measure, series: &Series, plan: SeriesPlan, origins: usize) -> Result<(SeriesModel, Trial)> {
        let (forecaster, tried) = Forecaster::train_and_try(series, plan.steps(), origins)?;
        let next = forecaster.forecast(series)?;
        let window_ms = series.end_ms().saturating_sub(series.start_ms);
        Ok((SeriesModel { format: FORMAT, measure, plan, window_ms, known_until: series.end_ms(), forecaster, next }, tried))
    }

    /// The model as it stands in the package.
    ///
    /// Errors: [`ErrorKind::Internal`] for what cannot be JSON.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self).map_err(|error| Error::new(ErrorKind::Internal, "cannot write the forecaster").because(error))
    }

    /// Reads the model of `label`.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] where it is damaged, of a newer form, or could not forecast.
    pub fn from_bytes(label: &str, bytes: &[u8]) -> Result<SeriesModel> {
        let bad = |why: String| Error::new(ErrorKind::BadModelFile, format!("{SERIES_PATH} of {label} is no forecaster")).because(why);
        if bytes.len() > MOST_BYTES {
            return Err(bad(format!("it has {} bytes, at most {MOST_BYTES} are read", bytes.len())));
        }
        let model: SeriesModel = serde_json::from_slice(bytes).map_err(|error| bad(error.to_string()))?;
        if model.format > FORMAT {
            let newer = bad(format!("it has format {}, this hivectl reads up to {FORMAT}", model.format));
            return Err(newer.hint("use the version of hivectl that trained the model"));
        }
        let SeriesPlan { horizon_ms, bucket_ms } = model.plan;
        if bucket_ms < 60_000 || horizon_ms < bucket_ms || model.window_ms < horizon_ms || model.plan.steps() != model.forecaster.steps() {
            return Err(bad("its buckets, its horizon and its window do not go together".into()));
        }
        match model.forecaster.fault() {
            Some(fault) => Err(bad(fault.into())),
            None => Ok(model),
        }
    }

    /// How far forecasts of the past were off, by the names of the field; what is not defined is not there.
    pub fn metrics(&self) -> BTreeMap<String, f64> {
        metrics(&self.forecaster.errors, self.forecaster.skill())
    }

    /// The parameters as a run records them.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        let shares = self.forecaster.blend.shares(self.plan.steps());
        let chosen: Vec<String> = shares.iter().map(|(candidate, share)| format!("{candidate} {:.0} %", 100.0 * share)).collect();
        vec![
            ("algorithm", "blend".into()),
            ("series", self.measure.to_string()),
            ("horizon_minutes", (self.plan.horizon_ms / 60_000).to_string()),
            ("bucket_minutes", (self.plan.bucket_ms / 60_000).to_string()),
            ("candidates", chosen.join(", ")),
            ("simple_rule", self.forecaster.simple.0.to_string()),
            ("origins", self.forecaster.origins.iter().sum::<usize>().to_string()),
        ]
    }

    /// How it was chosen.
    pub fn summary(&self) -> SeriesSummary {
        let Forecaster { candidates, simple, origins, .. } = &self.forecaster;
        SeriesSummary { plan: self.plan, measure: self.measure, simple_rule: simple.0, origins: *origins, candidates: candidates.clone() }
    }

    /// How it does on moments after its training, by the newest part of a series from `from_ms` on: metrics as
    /// [`SeriesModel::metrics`] names them, values judged, and moments. `None` where no moment is late enough.
    pub fn judge(&self, series: &Series, from_ms: i64) -> Option<(BTreeMap<String, f64>, u64, usize)> {
        let history = (self.window_ms / self.plan.bucket_ms).max(1) as usize;
        let standing = self.forecaster.judge(series, from_ms.max(self.known_until), SeriesPlan::ORIGINS / 2, history)?;
        Some((metrics(&standing.errors, standing.skill_pct), standing.errors.count, standing.moments))
    }

    /// The kind's own part of the card.
    ///
    /// Errors: [`ErrorKind::Internal`] for what cannot be JSON.
    pub fn card(&self) -> Result<Map<String, Value>> {
        card_part([
            // Readers of 0.1.0 want these keys.
            ("by_task_type", Ok(Value::Object(Map::new()))),
            ("interval", Ok(Value::Null)),
            (SUMMARY, serde_json::to_value(self.summary())),
        ])
    }

    /// The files of the package but the card: the model first, then MLflow's with a loader in Python.
    ///
    /// Errors: those of writing them.
    pub fn files(&self, identity: &Identity) -> Result<Vec<(String, Vec<u8>)>> {
        let description = ForecastDescription {
            model_id: &identity.model_id,
            run_id: &identity.run_id,
            artifact_path: &format!("models:/{}", identity.model_id),
            created_at: identity.created_at,
            path: SERIES_PATH,
        };
        let model = [(SERIES_PATH.to_owned(), self.to_bytes()?)];
        Ok(model.into_iter().chain(package_files(&description)?).collect())
    }
}

fn metrics(errors: &ForecastErrors, skill_pct: Option<f64>) -> BTreeMap<String, f64> {
    let known = [
        ("mae", Some(errors.mae)),
        ("rmse", Some(errors.rmse)),
        ("bias", Some(errors.bias)),
        ("mape", errors.mape),
        ("zero_actuals", Some(errors.zero_actuals as f64)),
        ("wape", errors.wape),
        ("smape", Some(errors.smape)),
        ("mase", errors.mase),
        ("coverage_80", Some(errors.coverage_80)),
        ("coverage_95", Some(errors.coverage_95)),
        ("width_80", Some(errors.width_80)),
        ("width_95", Some(errors.width_95)),
        ("pinball", Some(errors.pinball)),
        ("skill", skill_pct),
    ];
    let finite = known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.filter(|value| value.is_finite())?)));
    finite.collect()
}
