//! What later tickets are compared with: made at training, kept with the version.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error_ratio::MeanError;
use super::observations::{Observations, feature_names};
use super::reference::ReferenceBaseline;
use super::workload::Workloads;
use crate::base::commands;
use crate::base::time::MS_PER_DAY;
use crate::error::{Error, ErrorKind, Result};
use crate::statistics::psi::Bins;

/// Version of the form; a reader refuses a newer one.
pub const BASELINE_FORMAT: u32 = 1;
/// Path of the baseline inside a model's package.
pub const BASELINE_PATH: &str = "hivectl/baseline.json";
/// Days of tickets that training keeps, the latest: five of each weekday.
pub const BASELINE_DAYS: f64 = 35.0;
/// Fewer days than this do not cover the calendar of a month.
pub const FEWEST_DAYS: f64 = 28.0;
/// Tickets kept one by one, at most: about 8 MB of JSON.
pub const MOST_ROWS: usize = 60_000;
/// A baseline with more bins was not written by hivectl: the number of a bin is one byte.
const MOST_BINS: usize = 64;

/// Where a baseline comes from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BaselineOrigin {
    /// The model's registered name.
    pub model: String,
    /// Fingerprint of the features that the model sees.
    pub schema_fingerprint: String,
    /// Milliseconds since the epoch.
    pub made_at: i64,
    pub synthetic: bool,
}

/// What later tickets are compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    pub format: u32,
    pub origin: BaselineOrigin,
    /// First and last completion, milliseconds since the epoch.
    pub from: i64,
    pub to: i64,
    /// Tickets that it was learned from; those kept one by one may be fewer.
    pub tickets: u64,
    /// Error of the model on tickets that it had not learned from; `None` where it predicts no durations.
    pub error: Option<MeanError>,
    /// Of every feature and of `duration_ms`, over all tickets.
    pub variables: BTreeMap<String, VariableSummary>,
    pub reference: ReferenceBaseline,
    /// Groups of similar tickets; `None` for few tickets, and in baselines of earlier versions of hivectl.
    #[serde(default)]
    pub workloads: Option<Workloads>,
    /// Drawn where there are more tickets than are kept.
    pub observations: Observations,
}

/// One variable in numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VariableSummary {
    pub bins: Bins,
    pub counts: Vec<u64>,
    pub mean: f64,
    /// At 0, 1, 5, 25, 50, 75, 95, 99 and 100 %, linear between neighbours.
    pub quantiles: Vec<f64>,
}

/// The shares of [`VariableSummary::quantiles`].
const QUANTILES: [f64; 9] = [0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0];

impl VariableSummary {
    fn of(values: &[f64]) -> Option<VariableSummary> {
        let bins = Bins::learn(values)?;
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let last = sorted.len().checked_sub(1)?;
        let quantile = |share: f64| {
            let place = share * last as f64;
            let below = place.floor() as usize;
            sorted[below] + (sorted[(below + 1).min(last)] - sorted[below]) * place.fract()
        };
        let mean = sorted.iter().sum::<f64>() / sorted.len() as f64;
        Some(VariableSummary { counts: bins.counts(values), bins, mean, quantiles: QUANTILES.map(quantile).to_vec() })
    }

    /// Whether there are bins, ascending, and a count of each.
    fn is_whole(&self) -> bool {
        let (Bins::Levels(edges) | Bins::Range(edges)) = &self.bins;
        !edges.is_empty() && edges.is_sorted() && self.counts.len() == self.bins.count() && self.counts.len() <= MOST_BINS
    }

    /// The quantile at `share` (0–1); `None` for a share that is not kept.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        self.quantiles.get(QUANTILES.iter().position(|&kept| kept == share)?).copied()
    }
}

impl Baseline {
    /// Learns from ended tickets.
    ///
    /// Errors: [`ErrorKind::NotEnoughData`] for no tickets.
    pub fn learn(origin: BaselineOrigin, tickets: Observations, error: Option<MeanError>) -> Result<Baseline> {
        let nothing = || Error::new(ErrorKind::NotEnoughData, "a baseline needs tickets, and there is none");
        let (from, to) = tickets.span().ok_or_else(nothing)?;
        let reference = ReferenceBaseline::learn(&tickets).ok_or_else(nothing)?;
        let wide = |column: &Vec<f32>| column.iter().map(|&value| f64::from(value)).collect::<Vec<f64>>();
        let columns = feature_names().into_iter().zip(tickets.features.iter().map(wide));
        let columns = columns.chain(std::iter::once(("duration_ms".to_owned(), tickets.duration_ms.clone())));
        let variables = columns.filter_map(|(name, values)| Some((name, VariableSummary::of(&values)?))).collect();
        Ok(Baseline {
            format: BASELINE_FORMAT,
            origin,
            from,
            to,
            tickets: tickets.len() as u64,
            error,
            variables,
            reference,
            workloads: Workloads::learn(&tickets)?,
            observations: tickets.thinned(MOST_ROWS),
        })
    }

    /// Days from the first to the last completion.
    pub fn days(&self) -> f64 {
        (self.to - self.from) as f64 / MS_PER_DAY as f64
    }

    /// Whether it holds four of each weekday; the first and the last ticket may lie off the edge of a month.
    pub fn covers_a_month(&self) -> bool {
        self.days() >= FEWEST_DAYS - 0.5
    }

    /// The baseline as JSON.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self).map_err(|error| Error::new(ErrorKind::Internal, "cannot write the baseline").because(error))
    }

    /// Reads a baseline.
    ///
    /// Errors: [`ErrorKind::BadBaseline`] when it is damaged, of a newer form or of other features.
    pub fn from_bytes(bytes: &[u8]) -> Result<Baseline> {
        let broken =
            |message: String| Error::new(ErrorKind::BadBaseline, message).hint(("make it anew: `", commands::baseline_save("REF"), "`"));
        let baseline: Baseline =
            serde_json::from_slice(bytes).map_err(|error| broken("the stored baseline cannot be read".into()).because(error))?;
        if baseline.format > BASELINE_FORMAT {
            return Err(broken(format!("the baseline has format {}, this hivectl reads up to {BASELINE_FORMAT}", baseline.format)));
        }
        if baseline.workloads.as_ref().is_some_and(|workloads| !workloads.is_whole()) {
            return Err(broken("the baseline's groups of alike tickets do not fit its columns".into()));
        }
        if let Some((name, _)) = baseline.variables.iter().find(|(_, summary)| !summary.is_whole()) {
            return Err(broken(format!("the baseline's bins of {name} do not fit together")));
        }
        let features = feature_names().len();
        if baseline.observations.features.len() != features || !baseline.observations.is_whole() || baseline.observations.is_empty() {
            let found = baseline.observations.features.len();
            return Err(broken(format!("the baseline's columns do not fit together: {found} features, {features} expected")));
        }
        Ok(baseline)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tickets(rows: usize) -> Observations {
        let mut made = Observations {
            completed_at: (0..rows as i64).map(|row| row * 60_000).collect(),
            duration_ms: (0..rows).map(|row| 1.0 + (row % 7) as f64).collect(),
            estimated_duration_ms: vec![f64::NAN; rows],
            features: vec![vec![0.5; rows]; feature_names().len()],
            ..Observations::default()
        };
        for words in [&mut made.requester, &mut made.task_type, &mut made.risk_band] {
            words.names = (0..50).map(|name| name.to_string()).collect();
            words.codes = (0..rows as u32).map(|row| row % 50).collect();
        }
        made
    }

    #[test]
    fn a_baseline_survives_the_journey_through_json() {
        let baseline = Baseline::learn(BaselineOrigin::default(), tickets(500), None).unwrap();
        let back = Baseline::from_bytes(&baseline.to_bytes().unwrap()).unwrap();
        assert!(back.observations.estimated_duration_ms.iter().all(|value| value.is_nan()));
        assert_eq!((back.tickets, back.observations.len(), &back.variables), (500, 500, &baseline.variables));
        assert_eq!(back.variables["duration_ms"].quantiles[4], 4.0);
        assert!((back.days() - 499.0 / 1440.0).abs() < 1e-9);
    }

    #[test]
    fn large_ones_keep_a_part_of_every_burst_and_count_everything() {
        let baseline = Baseline::learn(BaselineOrigin::default(), tickets(150_000), None).unwrap();
        assert_eq!(baseline.observations.len(), MOST_ROWS);
        let mut of_requester = [0usize; 50];
        baseline.observations.requester.codes.iter().for_each(|&code| of_requester[code as usize] += 1);
        assert!(of_requester.iter().all(|count| (1_050..1_350).contains(count)), "{of_requester:?}");
        assert_eq!((baseline.tickets, baseline.variables["duration_ms"].counts.iter().sum::<u64>()), (150_000, 150_000));
        assert!(baseline.to_bytes().unwrap().len() < 16_000_000);
        assert!(baseline.observations.is_whole());
    }

    #[test]
    fn what_is_damaged_is_told_apart() {
        let kind = |bytes: &[u8]| Baseline::from_bytes(bytes).unwrap_err().kind();
        let bytes = Baseline::learn(BaselineOrigin::default(), tickets(50), None).unwrap().to_bytes().unwrap();
        assert_eq!(kind(&bytes[..bytes.len() / 2]), ErrorKind::BadBaseline);
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(kind(text.replace("\"format\":1", "\"format\":9").as_bytes()), ErrorKind::BadBaseline);
        assert_eq!(kind(text.replace("\"codes\":[0,1,", "\"codes\":[0,").as_bytes()), ErrorKind::BadBaseline);
        let without_bins = text.replacen("\"bins\":{\"levels\":[", "\"bins\":{\"levels\":[],\"others\":[", 1);
        assert_eq!(kind(without_bins.as_bytes()), ErrorKind::BadBaseline);
        let unsorted = text.replacen("\"duration_ms\":{\"bins\":{\"levels\":[1.0,2.0", "\"duration_ms\":{\"bins\":{\"levels\":[2.0,1.0", 1);
        assert!(unsorted != text && kind(unsorted.as_bytes()) == ErrorKind::BadBaseline);
        assert_eq!(Baseline::learn(BaselineOrigin::default(), tickets(0), None).unwrap_err().kind(), ErrorKind::NotEnoughData);
    }
}
