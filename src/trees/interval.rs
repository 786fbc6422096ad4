//! How far a predicted duration may be off: split-conformal intervals on actual / predicted.
//!
//! Calibration takes predictions of tickets that the predicting model had not learned from, with what
//! came of them. Ratios are kept apart by the size of the prediction ("Mondrian" bins of equal mass;
//! Vovk, Gammerman & Shafer, "Algorithmic Learning in a Random World", 2005), because a promise of
//! seconds errs by other factors than one of hours. Within a bin the quantile of rank p·(n + 1) covers
//! p of the tickets to come, as long as they resemble the calibration's (Vovk et al.; Papadopoulos et
//! al., 2002).

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// Bins by the size of the prediction, at most.
const MOST_BINS: usize = 10;
/// Calibration rows a bin needs.
const ROWS_A_BIN: usize = 100;
/// Fewer rows than this calibrate nothing.
const FEWEST_ROWS: usize = 20;
/// Steps of the kept quantiles: every percent.
const STEPS: usize = 100;
/// Predictions below a millisecond are taken for one.
const SMALLEST_MS: f64 = 1.0;

/// Quantiles of actual / predicted by the size of the prediction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IntervalModel {
    /// Shares of tickets meant to lie below the low and below the high end.
    nominal: (f64, f64),
    /// Quantile levels that are used for the two ends.
    levels: (f64, f64),
    bins: Vec<Bin>,
}

/// Ratios of the predictions up to `upper`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Bin {
    /// Largest prediction in ms; the last bin has none.
    upper: Option<f64>,
    rows: usize,
    /// Quantiles at 0, 1, … 100 %, ascending.
    ratios: Vec<f64>,
}

impl IntervalModel {
    /// Calibrates the 10–90 % interval on predicted and actual durations in ms; rows with a value that
    /// is not finite or not positive are left out. `None` for fewer than 20 rows.
    ///
    /// Errors: [`ErrorKind::Internal`] when the lengths differ.
    pub fn calibrate(predicted: &[f64], actual: &[f64]) -> Result<Option<Self>> {
        let pairs = usable(predicted, actual)?;
        if pairs.len() < FEWEST_ROWS {
            return Ok(None);
        }
        Ok(Some(IntervalModel { nominal: (0.1, 0.9), levels: (0.1, 0.9), bins: bins(pairs) }))
    }

    /// Share of tickets that the interval is meant to cover, 0–1.
    pub fn nominal_coverage(&self) -> f64 {
        self.nominal.1 - self.nominal.0
    }

    /// The interval around a prediction, in ms; low ≤ high, and neither is negative.
    pub fn interval(&self, predicted_ms: f64) -> (f64, f64) {
        let predicted_ms = predicted_ms.max(SMALLEST_MS);
        self.bin(predicted_ms)
            .map_or((predicted_ms, predicted_ms), |bin| (bin.ratio(self.levels.0) * predicted_ms, bin.ratio(self.levels.1) * predicted_ms))
    }

    /// Probability (0–1, never quite either) that a ticket of this prediction takes longer than `limit_ms`.
    pub fn exceedance(&self, predicted_ms: f64, limit_ms: f64) -> f64 {
        let predicted_ms = predicted_ms.max(SMALLEST_MS);
        self.bin(predicted_ms).map_or(f64::NAN, |bin| bin.share_above(limit_ms / predicted_ms))
    }

    /// Share of tickets (0–1) whose actual duration lies in their interval, ends included; `None` for no
    /// tickets or lists of different length.
    pub fn coverage(&self, predicted: &[f64], actual: &[f64]) -> Option<f64> {
        if predicted.is_empty() || predicted.len() != actual.len() {
            return None;
        }
        let inside = predicted.iter().zip(actual).filter(|&(&predicted, actual)| {
            let (low, high) = self.interval(predicted);
            (low..=high).contains(actual)
        });
        Some(inside.count() as f64 / predicted.len() as f64)
    }

    fn bin(&self, predicted_ms: f64) -> Option<&Bin> {
        let place = self.bins.partition_point(|bin| bin.upper.is_some_and(|upper| predicted_ms > upper));
        self.bins.get(place.min(self.bins.len().saturating_sub(1)))
    }
}

fn usable(predicted: &[f64], actual: &[f64]) -> Result<Vec<(f64, f64)>> {
    if predicted.len() != actual.len() {
        return Err(Error::new(ErrorKind::Internal, format!("{} predictions for {} tickets", predicted.len(), actual.len())));
    }
    let pairs = predicted.iter().zip(actual).filter(|(predicted, actual)| predicted.is_finite() && actual.is_finite() && **actual > 0.0);
    Ok(pairs.map(|(&predicted, &actual)| (predicted.max(SMALLEST_MS), actual)).collect())
}

/// Cuts by the size of the prediction; equal predictions stay together.
fn bins(mut pairs: Vec<(f64, f64)>) -> Vec<Bin> {
    pairs.sort_unstable_by(|left, right| left.0.total_cmp(&right.0).then(left.1.total_cmp(&right.1)));
    let count = (pairs.len() / ROWS_A_BIN).clamp(1, MOST_BINS);
    let mut bins = Vec::with_capacity(count);
    let mut start = 0;
    for number in 1..=count {
        let target = pairs.len() * number / count;
        let upper = pairs[target - 1].0;
        let end = if number == count { pairs.len() } else { pairs.partition_point(|pair| pair.0 <= upper) };
        if end > start {
            let upper = (end < pairs.len()).then_some(upper);
            bins.push(Bin::new(upper, pairs[start..end].iter().map(|(predicted, actual)| actual / predicted).collect()));
            start = end;
        }
    }
    bins
}

impl Bin {
    fn new(upper: Option<f64>, mut ratios: Vec<f64>) -> Self {
        ratios.sort_unstable_by(f64::total_cmp);
        let rows = ratios.len();
        // Rank p·(n + 1), counted from 1 (type 6 of Hyndman & Fan, 1996): what conformal prediction asks for.
        let quantile = |step: usize| {
            let rank = (step as f64 / STEPS as f64 * (rows + 1) as f64 - 1.0).clamp(0.0, (rows - 1) as f64);
            let (below, share) = (rank.floor() as usize, rank.fract());
            ratios[below] + (ratios[(below + 1).min(rows - 1)] - ratios[below]) * share
        };
        Bin { upper, rows, ratios: (0..=STEPS).map(quantile).collect() }
    }

    /// The ratio below which `level` (0–1) of the tickets lie.
    fn ratio(&self, level: f64) -> f64 {
        let last = self.ratios.len() - 1;
        let place = level.clamp(0.0, 1.0) * last as f64;
        let below = (place.floor() as usize).min(last);
        let above = (below + 1).min(last);
        self.ratios[below] + (self.ratios[above] - self.ratios[below]) * (place - below as f64)
    }

    fn share_above(&self, ratio: f64) -> f64 {
        let last = self.ratios.len() - 1;
        let above = self.ratios.partition_point(|&kept| kept <= ratio);
        let level = match above {
            0 => 0.0,
            above if above > last => 1.0,
            above => {
                let (low, high) = (self.ratios[above - 1], self.ratios[above]);
                (above as f64 - 1.0 + (ratio - low) / (high - low)) / last as f64
            }
        };
        let edge = 0.5 / (self.rows + 1) as f64;
        (1.0 - level).clamp(edge, 1.0 - edge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::random::SplitMix64;

    /// Predictions over three decades; small ones err by more than large ones.
    fn pairs(count: usize, seed: u64) -> (Vec<f64>, Vec<f64>) {
        let mut random = SplitMix64::new(seed);
        let one = |random: &mut SplitMix64| {
            let predicted = 1_000.0 * 1_000f64.powf(random.unit());
            let spread = if predicted < 30_000.0 { 2.0 } else { 0.5 };
            (predicted, predicted * ((random.unit() - 0.5) * spread).exp())
        };
        (0..count).map(|_| one(&mut random)).unzip()
    }

    #[test]
    fn coverage_is_nominal_in_every_size_of_prediction() {
        let (predicted, actual) = pairs(20_000, 1);
        let model = IntervalModel::calibrate(&predicted, &actual).unwrap().unwrap();
        assert!((model.nominal_coverage() - 0.8).abs() < 1e-12);
        let (predicted, actual) = pairs(20_000, 2);
        assert!((model.coverage(&predicted, &actual).unwrap() - 0.8).abs() < 0.01);
        for (from, to) in [(1_000.0, 10_000.0), (10_000.0, 25_000.0), (100_000.0, 1e6)] {
            let (low, high): (Vec<f64>, Vec<f64>) = predicted.iter().zip(&actual).filter(|(said, _)| (from..to).contains(*said)).unzip();
            assert!((model.coverage(&low, &high).unwrap() - 0.8).abs() < 0.03, "{from}");
        }
    }

    #[test]
    fn the_chance_to_exceed_agrees_with_the_interval() {
        let (predicted, actual) = pairs(20_000, 3);
        let model = IntervalModel::calibrate(&predicted, &actual).unwrap().unwrap();
        for predicted in [2_000.0, 400_000.0] {
            let (low, high) = model.interval(predicted);
            assert!(low < predicted && predicted < high);
            assert!((model.exceedance(predicted, low) - 0.9).abs() < 1e-9);
            assert!((model.exceedance(predicted, high) - 0.1).abs() < 1e-9);
            let never = model.exceedance(predicted, 1e12);
            let always = model.exceedance(predicted, 0.0);
            assert!(never > 0.0 && never < 0.001 && always < 1.0 && always > 0.999);
        }
    }

    #[test]
    fn little_or_broken_data_is_told_apart() {
        assert_eq!(IntervalModel::calibrate(&[1.0; 19], &[1.0; 19]).unwrap(), None);
        assert_eq!(IntervalModel::calibrate(&[f64::NAN; 50], &[1.0; 50]).unwrap(), None);
        assert!(IntervalModel::calibrate(&[1.0], &[]).is_err());
        let equal = IntervalModel::calibrate(&[500.0; 4_000], &[1_000.0; 4_000]).unwrap().unwrap();
        assert_eq!(equal.interval(500.0), (1_000.0, 1_000.0));
        assert_eq!(equal.interval(-3.0), (2.0, 2.0));
        assert_eq!(equal.coverage(&[], &[]), None);
    }

    #[test]
    fn a_calibration_survives_the_journey_through_json() {
        let (predicted, actual) = pairs(3_000, 4);
        let model = IntervalModel::calibrate(&predicted, &actual).unwrap().unwrap();
        let back: IntervalModel = serde_json::from_str(&serde_json::to_string(&model).unwrap()).unwrap();
        assert_eq!(back, model);
    }
}
