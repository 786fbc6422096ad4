//! How far a predicted duration may be off: split-conformal intervals on actual / predicted.
//!
//! Calibration takes predictions of tickets that the predicting model had not learned from, with what
//! came of them. Ratios are kept apart by the size of the prediction ("Mondrian" bins of equal mass;
//! Vovk, Gammerman & Shafer, "Algorithmic Learning in a Random World", 2005), because a promise of
//! seconds errs by other factors than one of hours. Within a bin the quantile of rank p·(n + 1) covers
//! p of the tickets to come, as long as they resemble the calibration's (Papadopoulos et al., 2002).
//!
//! Work drifts, so they do not: on real job logs a calibration that stands still covers 70–84 % where
//! 80 % were meant. Therefore the two quantile levels move a little with every outcome that becomes
//! known (adaptive conformal inference; Gibbs & Candès, 2021): [`LiveInterval`]. Judged like that, the
//! coverage of a holdout is what a user of the interval would have seen.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// Bins by the size of the prediction, at most.
const MOST_BINS: usize = 10;
/// Calibration rows a bin needs.
const ROWS_A_BIN: usize = 100;
/// Fewer rows than this calibrate nothing.
const FEWEST_ROWS: usize = 20;
/// Share of the calibration rows that is used, the latest ones, ...
const LATEST_SHARE: f64 = 0.25;
/// ... but no fewer than this, as far as there are.
const LATEST_ROWS: usize = 2_000;
/// How far an outcome moves a level. Larger ones follow faster, but outcomes of short tickets become
/// known first and would pull the interval in.
const STEP: f64 = 0.002;
/// Beyond the calibration's smallest and largest ratio the interval grows by this power of e a level.
const STRETCH: f64 = 10.0;
/// Steps of the kept quantiles: every percent.
const STEPS: usize = 100;
/// Predictions below a millisecond are taken for one.
const SMALLEST_MS: f64 = 1.0;

/// Quantiles of actual / predicted by the size of the prediction.
///
/// ```
/// use hivectl::trees::interval::IntervalModel;
///
/// // Actual durations from 2 to 198 ms where 100 ms were predicted: 10 % lie below 20 ms, 10 % above 180 ms.
/// let actual: Vec<f64> = (1..100).map(|step| 2.0 * f64::from(step)).collect();
/// let model = IntervalModel::calibrate(&[100.0; 99], &actual)?.expect("enough rows");
/// let (low, high) = model.interval(100.0);
/// assert!((low - 20.0).abs() < 1e-9 && (high - 180.0).abs() < 1e-9);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IntervalModel {
    /// Shares of tickets meant to lie below the low and below the high end.
    nominal: (f64, f64),
    /// Quantile levels that are used for the two ends; below 0 and above 1 once the calibration's range
    /// has proved too small.
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
    /// Calibrates the 10–90 % interval on predicted and actual durations in ms, in the order of time: the
    /// latest quarter, at least 2,000 rows, is used. The predictions must be of tickets that the trees
    /// had not learned from (out-of-bag). Rows with a value that is not finite or not positive are left
    /// out. `None` for fewer than 20 rows.
    ///
    /// Errors: [`ErrorKind::Internal`] when the lengths differ.
    pub fn calibrate(predicted: &[f64], actual: &[f64]) -> Result<Option<Self>> {
        let mut pairs = usable(predicted, actual)?;
        let used = ((pairs.len() as f64 * LATEST_SHARE) as usize).max(LATEST_ROWS).min(pairs.len());
        pairs.drain(..pairs.len() - used);
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
        self.bin(predicted_ms).map_or(f64::NAN, |bin| {
            let edge = 0.5 / (bin.rows + 1) as f64;
            (1.0 - self.share(bin.level(limit_ms / predicted_ms))).clamp(edge, 1.0 - edge)
        })
    }

    /// Moves the levels by one outcome of a ticket that was given `interval`.
    fn adapt(&mut self, (low, high): (f64, f64), actual_ms: f64) {
        let missed = |missed: bool| f64::from(u8::from(missed));
        self.levels.0 = (self.levels.0 + STEP * (self.nominal.0 - missed(actual_ms < low))).clamp(-1.0, 0.5);
        self.levels.1 = (self.levels.1 + STEP * (missed(actual_ms > high) - (1.0 - self.nominal.1))).clamp(0.5, 2.0);
    }

    /// The share of tickets below a level of the calibration: straight lines through the two levels,
    /// which are where the nominal shares are now.
    fn share(&self, level: f64) -> f64 {
        let line = |(from, to): (f64, f64), (low, high): (f64, f64)| {
            if to > from { low + (high - low) * (level - from) / (to - from) } else { high }
        };
        let (lowest, highest) = (self.levels.0.min(0.0) - 1.0, self.levels.1.max(1.0) + 1.0);
        let ends = (if self.levels.0 > 0.0 { 0.0 } else { lowest }, if self.levels.1 < 1.0 { 1.0 } else { highest });
        if level < self.levels.0 {
            line((ends.0, self.levels.0), (0.0, self.nominal.0)).max(0.0)
        } else if level <= self.levels.1 {
            line(self.levels, self.nominal)
        } else {
            line((self.levels.1, ends.1), (self.nominal.1, 1.0)).min(1.0)
        }
    }

    /// Share of tickets (0–1) whose actual duration lies in their interval, ends included; `None` for no
    /// tickets or lists of different length. The levels stand still; see [`LiveInterval`].
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

    /// The ratio below which `level` of the tickets lie.
    fn ratio(&self, level: f64) -> f64 {
        let last = self.ratios.len() - 1;
        let inside = level.clamp(0.0, 1.0);
        let place = inside * last as f64;
        let below = (place.floor() as usize).min(last);
        let above = (below + 1).min(last);
        let ratio = self.ratios[below] + (self.ratios[above] - self.ratios[below]) * (place - below as f64);
        ratio * ((level - inside) * STRETCH).exp()
    }

    /// The level at which `ratio` stands: the inverse of [`Bin::ratio`].
    fn level(&self, ratio: f64) -> f64 {
        let last = self.ratios.len() - 1;
        match self.ratios.partition_point(|&kept| kept <= ratio) {
            0 => (ratio / self.ratios[0]).ln() / STRETCH,
            above if above > last => 1.0 + (ratio / self.ratios[last]).ln() / STRETCH,
            above => {
                let (low, high) = (self.ratios[above - 1], self.ratios[above]);
                (above as f64 - 1.0 + (ratio - low) / (high - low)) / last as f64
            }
        }
    }
}

/// A ticket as it is served: predicted at its creation, its outcome known later. Times are
/// milliseconds since the epoch, durations ms.
///
/// ```
/// use hivectl::trees::interval::{IntervalModel, ServedCoverage, ServedTicket};
///
/// // Actual durations from 2 to 198 ms where 100 ms were predicted: 10 % lie below 20 ms, 10 % above 180 ms.
/// let actual: Vec<f64> = (1..100).map(|step| 2.0 * f64::from(step)).collect();
/// let model = IntervalModel::calibrate(&[100.0; 99], &actual)?.expect("enough rows");
/// let ticket = ServedTicket { created_at: 0, predicted_ms: 100.0, outcome: Some((250, 250.0)) };
/// let served = ServedCoverage::measure(&model, &[ticket]).expect("an outcome");
/// assert_eq!(served.missed, (0.0, 1.0));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ServedTicket {
    pub created_at: i64,
    pub predicted_ms: f64,
    /// When the outcome becomes known, and the duration; `None` where it never does.
    pub outcome: Option<(i64, f64)>,
}

/// An interval in service: it learns from every outcome, each from the moment it is known.
///
/// ```
/// use hivectl::trees::interval::{IntervalModel, LiveInterval, ServedTicket};
///
/// // Actual durations from 2 to 198 ms where 100 ms were predicted: 10 % lie below 20 ms, 10 % above 180 ms.
/// let actual: Vec<f64> = (1..100).map(|step| 2.0 * f64::from(step)).collect();
/// let model = IntervalModel::calibrate(&[100.0; 99], &actual)?.expect("enough rows");
/// let mut live = LiveInterval::new(model);
/// let first = live.next(&ServedTicket { created_at: 0, predicted_ms: 100.0, outcome: Some((250, 250.0)) });
/// let later = live.next(&ServedTicket { created_at: 300, predicted_ms: 100.0, outcome: None });
/// // A ticket that took longer than its interval said widens those to come.
/// assert!(later.1 > first.1);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct LiveInterval {
    model: IntervalModel,
    /// Interval and outcome by the time that is known, and a number.
    waiting: BTreeMap<(i64, u64), ((f64, f64), f64)>,
    served: u64,
}

impl LiveInterval {
    /// Goes on from a calibration.
    pub fn new(model: IntervalModel) -> Self {
        LiveInterval { model, waiting: BTreeMap::new(), served: 0 }
    }

    /// Brings the calibration to the moment a ticket was created; tickets come in that order.
    pub fn advance(&mut self, created_at: i64) -> &IntervalModel {
        while let Some(entry) = self.waiting.first_entry().filter(|entry| entry.key().0 <= created_at) {
            let (interval, actual_ms) = entry.remove();
            self.model.adapt(interval, actual_ms);
        }
        &self.model
    }

    /// The interval of the next ticket, in ms; its outcome is learned from the moment it is known.
    pub fn next(&mut self, ticket: &ServedTicket) -> (f64, f64) {
        let interval = self.advance(ticket.created_at).interval(ticket.predicted_ms);
        if let Some((known_at, actual_ms)) = ticket.outcome {
            self.waiting.insert((known_at, self.served), (interval, actual_ms));
        }
        self.served += 1;
        interval
    }

    /// The calibration after every outcome that was given, whenever it becomes known.
    pub fn finish(mut self) -> IntervalModel {
        self.advance(i64::MAX);
        self.model
    }
}

/// How an interval did in service.
///
/// ```
/// use hivectl::trees::interval::{IntervalModel, ServedCoverage, ServedTicket};
///
/// // Actual durations from 2 to 198 ms where 100 ms were predicted: 10 % lie below 20 ms, 10 % above 180 ms.
/// let actual: Vec<f64> = (1..100).map(|step| 2.0 * f64::from(step)).collect();
/// let model = IntervalModel::calibrate(&[100.0; 99], &actual)?.expect("enough rows");
/// let ticket = ServedTicket { created_at: 0, predicted_ms: 100.0, outcome: Some((50, 50.0)) };
/// let served = ServedCoverage::measure(&model, &[ticket]).expect("an outcome");
/// assert_eq!((served.count, served.coverage), (1, 1.0));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ServedCoverage {
    /// Tickets with an outcome.
    pub count: usize,
    /// Share of them (0–1) inside their interval, ends included.
    pub coverage: f64,
    /// Share below the low end and share above the high end.
    pub missed: (f64, f64),
    /// Mean width of the intervals in ms.
    pub mean_width_ms: f64,
    /// The calibration afterwards: what a model takes along into service.
    pub model: IntervalModel,
}

impl ServedCoverage {
    /// Serves `tickets` in the order of creation; `None` when none has an outcome.
    pub fn measure(model: &IntervalModel, tickets: &[ServedTicket]) -> Option<Self> {
        let mut live = LiveInterval::new(model.clone());
        let (mut count, mut below, mut above, mut width) = (0usize, 0usize, 0usize, 0.0);
        for ticket in tickets {
            let (low, high) = live.next(ticket);
            if let Some((_, actual_ms)) = ticket.outcome {
                count += 1;
                below += usize::from(actual_ms < low);
                above += usize::from(actual_ms > high);
                width += high - low;
            }
        }
        let share = |part: usize| part as f64 / count as f64;
        (count > 0).then(|| ServedCoverage {
            count,
            coverage: share(count - below - above),
            missed: (share(below), share(above)),
            mean_width_ms: width / count as f64,
            model: live.finish(),
        })
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
    fn in_service_the_interval_follows_what_it_promised() {
        let (predicted, actual) = pairs(8_000, 5);
        let model = IntervalModel::calibrate(&predicted, &actual).unwrap().unwrap();
        let (predicted, actual) = pairs(20_000, 6);
        // Everything takes twice as long as it used to.
        let served: Vec<ServedTicket> = (0..predicted.len())
            .map(|place| ServedTicket {
                created_at: place as i64,
                predicted_ms: predicted[place],
                outcome: Some((place as i64 + 300, actual[place] * 2.0)),
            })
            .collect();
        let twice: Vec<f64> = actual.iter().map(|actual| actual * 2.0).collect();
        assert!(model.coverage(&predicted, &twice).unwrap() < 0.35);
        let measured = ServedCoverage::measure(&model, &served).unwrap();
        let settled = ServedCoverage::measure(&measured.model, &served).unwrap();
        assert!((measured.coverage - 0.8).abs() < 0.03 && measured.missed.1 > 0.0, "{} {:?}", measured.coverage, measured.missed);
        // Gibbs & Candès bound the distance by the way a level went, over step · tickets: here 1 / 40.
        assert!((settled.coverage - 0.8).abs() < 0.03, "{} {:?}", settled.coverage, settled.missed);
        let limit = settled.model.interval(50_000.0).1;
        assert!((settled.model.exceedance(50_000.0, limit * (1.0 + 1e-12)) - 0.1).abs() < 0.02);
    }

    #[test]
    fn an_outcome_moves_nothing_before_it_is_known() {
        let (predicted, actual) = pairs(3_000, 7);
        let model = IntervalModel::calibrate(&predicted, &actual).unwrap().unwrap();
        let ticket = |created_at, known_at| ServedTicket { created_at, predicted_ms: 5_000.0, outcome: Some((known_at, 1e9)) };
        let mut live = LiveInterval::new(model.clone());
        live.next(&ticket(0, 100));
        assert_eq!(live.advance(99), &model);
        assert!(live.advance(100).interval(5_000.0).1 > model.interval(5_000.0).1);
        assert_eq!(ServedCoverage::measure(&model, &[ServedTicket { created_at: 0, predicted_ms: 1.0, outcome: None }]), None);
    }

    #[test]
    fn only_the_latest_rows_calibrate() {
        let (mut predicted, mut actual) = (vec![1_000.0; 8_000], vec![9_000.0; 8_000]);
        predicted.extend(vec![1_000.0; 4_000]);
        actual.extend(vec![1_500.0; 4_000]);
        assert_eq!(IntervalModel::calibrate(&predicted, &actual).unwrap().unwrap().interval(1_000.0), (1_500.0, 1_500.0));
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
