//! Our rule: four families of tests on blocks of tickets, with the calendar as weight, and the error ratio.
//!
//! Each family raises a false alarm in about 1.25 % of the windows (critical: 0.25 %), because its p-values are
//! adjusted together; an alarm must also be large. Measured on job logs whose order was shuffled in single
//! tickets and in whole bursts.
//!
//! The error is the alarm and the tests are the diagnosis: where the error is known and has not risen, the work may have
//! changed as much as it will, and the check warns; nothing has to be trained again for it.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::baseline::{Baseline, FEWEST_DAYS};
use super::blocks::{BinWeights, WeightedSample};
use super::error_ratio::ErrorRatio;
use super::novelty::{self, Novelty};
use super::observations::{Observations, feature_names};
use super::paired::{self, PairedShift};
use super::season::{self, Weights};
use super::segment::{self, Segment, SegmentKind};
use super::shape::{self, Shape, Variable};
use super::streamed::Durations;
use super::verdict::{DriftStatus, Threshold};
use crate::base::number::counted;
use crate::statistics::ks::{PValue, two_sample};

/// Tickets and requester-weeks that a window needs.
pub const FEWEST_ROWS: usize = 200;
pub const FEWEST_BLOCKS: usize = 10;
/// Tickets a side that are compared by bursts, at most: more of the same bursts add next to nothing.
const MOST_COMPARED: usize = 20_000;
/// The calendar is used as a weight and is therefore left out of the features.
const CALENDAR: &str = "hour_of_day";

/// How durations moved.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetDrift {
    /// Distance of the distribution functions, the baseline weighted to the calendar of now.
    pub ks_statistic: f64,
    /// Over bursts.
    pub p_value: f64,
    /// Distance and p-value as if each ticket came for itself, without the calendar.
    pub raw_ks_statistic: f64,
    pub raw_p_value: f64,
    /// Means in ms and how much the one of now is larger, in percent; the baseline weighted.
    pub baseline_mean: f64,
    pub recent_mean: f64,
    pub mean_shift_pct: f64,
    pub status: DriftStatus,
}

/// What part the calendar has in a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Season {
    /// Nothing large differs, with the calendar or without.
    None,
    /// Large without the calendar, small with it.
    Seasonal,
    /// As large with the calendar as without.
    Change,
    Both,
}

/// How much of a raw difference the calendar explains.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeasonReport {
    pub verdict: Season,
    /// Largest effect over its limit without weights, and with them.
    pub raw: f64,
    pub weighted: f64,
    /// Share of the raw difference that weights take away, 0–1.
    pub explained: f64,
    /// Share of the tickets now whose part of the week the baseline does not have.
    pub uncovered: f64,
}

/// How many tickets and blocks were compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SampleSizes {
    pub baseline_rows: usize,
    pub baseline_days: f64,
    pub baseline_blocks: usize,
    pub rows: usize,
    /// Those of them that were compared by bursts; distances and means count all.
    pub compared_rows: usize,
    pub blocks: usize,
    /// Tickets now that carry as much as they would one by one, judged by the duration.
    pub effective_rows: f64,
}

/// What the rule finds.
#[derive(Clone, Debug, PartialEq)]
pub struct RobustReport {
    pub shapes: Vec<Shape>,
    pub novelties: Vec<Novelty>,
    pub paired: Vec<PairedShift>,
    pub segments: Vec<Segment>,
    pub target: TargetDrift,
    pub season: SeasonReport,
    pub samples: SampleSizes,
    /// Features without any variation on one side or both.
    pub frozen: Vec<Frozen>,
    /// Why no conclusion is possible; empty where one is.
    pub obstacles: Vec<String>,
    /// Of the tests alone, without the error ratio.
    pub drift: DriftStatus,
    pub status: DriftStatus,
}

impl RobustReport {
    /// Adds reasons to doubt the numbers. A report that found nothing is then no longer ok; one that found drift
    /// stands.
    pub fn doubt(&mut self, reasons: impl Iterator<Item = String>) {
        let before = self.obstacles.len();
        self.obstacles.extend(reasons);
        if self.obstacles.len() > before && self.status == DriftStatus::Ok {
            self.status = DriftStatus::NotEnoughData;
        }
    }
}

/// A feature that does not vary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    pub name: String,
    pub kind: FrozenKind,
}

/// On which side a feature does not vary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FrozenKind {
    /// The same value in every ticket, then and now: there is nothing to compare.
    Constant,
    /// It varied, and is the same in every ticket now.
    Vanished,
    /// It was the same in every ticket, and now is another or varies.
    New,
}

impl Frozen {
    fn look(name: &str, then: &[f32], now: &[f32]) -> Option<Frozen> {
        let varies = |column: &[f32]| column.iter().any(|value| value.to_bits() != column[0].to_bits());
        let differ = then.first().zip(now.first()).is_some_and(|(then, now)| then.to_bits() != now.to_bits());
        let kind = match (varies(then), varies(now)) {
            (true, true) => return None,
            (true, false) => FrozenKind::Vanished,
            (false, false) if !differ => FrozenKind::Constant,
            (false, _) => FrozenKind::New,
        };
        Some(Frozen { name: name.to_owned(), kind })
    }

    /// What is to be known of it; nothing of a constant, which is no change.
    pub fn warning(&self) -> Option<String> {
        let name = &self.name;
        match self.kind {
            FrozenKind::Constant => None,
            FrozenKind::Vanished => Some(format!("{name} has vanished: it varied then and is the same in every ticket now")),
            FrozenKind::New => Some(format!("{name} is new: it was the same in every ticket then")),
        }
    }
}

/// The name under which ln duration less the requester's mean is reported.
pub const RESIDUAL: &str = "duration_residual";
/// The name of the duration itself.
pub const DURATION: &str = "duration_ms";

/// Compares the tickets of a window that ends at `end_ms` with a baseline. `None` for an empty window.
///
/// Of more than 20,000 tickets on a side so many are compared by bursts, drawn evenly: what a burst is of the whole
/// stays as it is. Means and the raw distance count all.
pub fn check(
    baseline: &Baseline,
    now: &Observations,
    end_ms: i64,
    error: Option<(&ErrorRatio, Threshold)>,
    limits: Threshold,
) -> Option<RobustReport> {
    if now.is_empty() {
        return None;
    }
    let (raw, mut report) = rayon::join(|| RawTarget::new(&baseline.observations, now), || by_bursts(baseline, now, end_ms, limits));
    raw.tell(&mut report.target);
    report.status = overall(&report, error);
    Some(report)
}

/// The verdict of both. A baseline that is too short for the tests leaves the error, whose interval says how sure it is.
fn overall(report: &RobustReport, error: Option<(&ErrorRatio, Threshold)>) -> DriftStatus {
    let ratio = error.map_or(DriftStatus::Ok, |(error, _)| error.status);
    let window_is_whole = window_obstacles(&report.samples).is_empty();
    match error {
        _ if !report.obstacles.is_empty() && window_is_whole && ratio.reaches(DriftStatus::Warning) => ratio,
        _ if !report.obstacles.is_empty() => DriftStatus::NotEnoughData,
        Some((error, limits)) if error.is_within(limits) => report.drift.min(DriftStatus::Warning),
        _ => report.drift.max(ratio),
    }
}

/// Everything but the error ratio and what single durations say.
fn by_bursts(baseline: &Baseline, all: &Observations, end_ms: i64, limits: Threshold) -> RobustReport {
    let then = &baseline.observations.thinned(MOST_COMPARED);
    let now = &all.thinned(MOST_COMPARED).recoded(then);
    let cells = |tickets: &Observations| tickets.completed_at.iter().map(|&at| season::cell(at)).collect::<Vec<usize>>();
    let Weights { baseline: weights, uncovered } = season::weights(&cells(then), &cells(now));
    let sides = (WeightedSample::new(then, baseline.to, weights), WeightedSample::new(now, end_ms, season::even(now.len())));
    let variables = variables(baseline, (then, now), &sides.0);
    let tallies: Vec<BinWeights> = variables.par_iter().map(|variable| variable.tally_now(&sides.1)).collect();
    let shapes = shape::compare(&variables, &tallies, &sides.0, &sides.1, limits);
    let unweighted = shape::compare(&variables, &tallies, &sides.0.unweighted(), &sides.1, limits);
    let novelties = novelty::look(&variables, &tallies, &sides.0, &sides.1);
    let workloads = baseline.workloads.as_ref().map(|workloads| rayon::join(|| workloads.of(then), || workloads.of(now)));
    let rows = all.len() as f64 * then.len() as f64 / baseline.tickets.max(1) as f64;
    let (paired, segments) = rayon::join(
        || paired::compare(then, now),
        || segment::look((then, now), (&sides.0, &sides.1), workloads.as_ref().map(|(then, now)| (then, now)), rows),
    );
    let samples = samples(baseline, (all.len(), now.len()), &sides, &shapes);
    let obstacles = obstacles(baseline, &samples);
    let columns = feature_names().into_iter().zip(then.features.iter().zip(&now.features));
    let frozen = columns.filter_map(|(name, (before, after))| Frozen::look(&name, before, after)).collect();
    let drift = worst(&shapes, &novelties, &paired, &segments);
    RobustReport {
        target: target(then, &sides.0, &shapes),
        season: season_report(&unweighted, &shapes, limits, uncovered),
        shapes,
        novelties,
        paired,
        segments,
        samples,
        frozen,
        obstacles,
        drift,
        status: drift,
    }
}

/// Every feature that is not the calendar's and not constant, the duration and its residual.
fn variables(baseline: &Baseline, (then, now): (&Observations, &Observations), side: &WeightedSample) -> Vec<Variable> {
    let bins = |name: &str| baseline.variables.get(name).map(|summary| summary.bins.clone());
    let names: Vec<String> = feature_names();
    let features = names.par_iter().zip(then.features.par_iter().zip(&now.features)).filter(|(name, _)| *name != CALENDAR);
    let mut variables: Vec<Variable> = features
        .filter_map(|(name, (before, after))| {
            let before = before.iter().map(|&value| f64::from(value)).collect();
            Variable::new(name, bins(name), before, after.iter().map(|&value| f64::from(value)).collect())
        })
        .collect();
    let (before, after) = segment::residuals((then, now), side, |tickets, row| tickets.requester.codes[row], |_, _| ());
    let (duration, residual) = rayon::join(
        || Variable::with_distance(DURATION, bins(DURATION), then.duration_ms.clone(), now.duration_ms.clone()),
        || Variable::with_distance(RESIDUAL, None, before, after),
    );
    variables.extend(duration.into_iter().chain(residual));
    variables.retain(|variable| !variable.is_constant);
    variables
}

fn samples(
    baseline: &Baseline,
    (rows, compared_rows): (usize, usize),
    sides: &(WeightedSample, WeightedSample),
    shapes: &[Shape],
) -> SampleSizes {
    let duration = shapes.iter().find(|shape| shape.name == DURATION);
    SampleSizes {
        baseline_rows: baseline.observations.len(),
        baseline_days: baseline.days(),
        baseline_blocks: sides.0.by_requester.count,
        rows,
        compared_rows,
        blocks: sides.1.by_requester.count,
        effective_rows: duration.map_or(f64::NAN, |shape| shape.effective_rows),
    }
}

fn obstacles(baseline: &Baseline, samples: &SampleSizes) -> Vec<String> {
    let mut obstacles = Vec::new();
    if !baseline.covers_a_month() {
        obstacles.push(format!("the baseline spans {:.1} days, {FEWEST_DAYS} are needed", samples.baseline_days));
    }
    obstacles.extend(window_obstacles(samples));
    obstacles
}

/// What the window lacks.
fn window_obstacles(samples: &SampleSizes) -> Vec<String> {
    let mut obstacles = Vec::new();
    if samples.rows < FEWEST_ROWS {
        obstacles.push(match samples.rows {
            1 => format!("the window holds a single ticket, {FEWEST_ROWS} are needed"),
            rows => format!("the window holds {}, {FEWEST_ROWS} are needed", counted(rows, "ticket")),
        });
    }
    if samples.blocks < FEWEST_BLOCKS {
        obstacles.push(format!("the window holds {} requester-weeks, {FEWEST_BLOCKS} are needed", samples.blocks));
    }
    obstacles
}

fn worst(shapes: &[Shape], novelties: &[Novelty], paired: &[PairedShift], segments: &[Segment]) -> DriftStatus {
    let alarms = ["task_type", "risk_band"];
    let slice = |segment: &Segment| segment.is_hit && segment.kind == SegmentKind::Behaviour && alarms.contains(&segment.dimension);
    let slices = if segments.iter().any(slice) { DriftStatus::Warning } else { DriftStatus::Ok };
    let all = shapes.iter().map(|shape| shape.status).chain(novelties.iter().map(|novelty| novelty.status));
    all.chain(paired.iter().map(|paired| paired.status)).fold(slices, DriftStatus::max)
}

/// What all durations of a window say, one by one.
struct RawTarget {
    mean: f64,
    statistic: f64,
    p_value: f64,
}

impl RawTarget {
    fn new(then: &Observations, now: &Observations) -> RawTarget {
        let mean = now.duration_ms.iter().sum::<f64>() / now.len().max(1) as f64;
        let (statistic, p_value) = if now.len().max(then.len()) <= MOST_COMPARED {
            two_sample(&then.duration_ms, &now.duration_ms, PValue::Auto).map(|test| (test.statistic, test.p_value))
        } else {
            let mut counted = Durations::new(&then.duration_ms);
            counted.add(&now.duration_ms);
            counted.distance().map(|distance| (distance.statistic, distance.p_value))
        }
        .unwrap_or((0.0, 1.0));
        RawTarget { mean, statistic, p_value }
    }

    fn tell(&self, target: &mut TargetDrift) {
        let then = target.baseline_mean;
        target.mean_shift_pct = if then > 0.0 { (self.mean / then - 1.0) * 100.0 } else { 0.0 };
        (target.recent_mean, target.raw_ks_statistic, target.raw_p_value) = (self.mean, self.statistic, self.p_value);
    }
}

/// What bursts of durations say; [`RawTarget::tell`] adds the rest.
fn target(then: &Observations, side: &WeightedSample, shapes: &[Shape]) -> TargetDrift {
    let shape = shapes.iter().find(|shape| shape.name == DURATION);
    TargetDrift {
        // Without a shape the duration is one constant, then and now.
        ks_statistic: shape.and_then(|shape| shape.distance).unwrap_or(0.0),
        p_value: shape.map_or(1.0, |shape| shape.p_value),
        baseline_mean: side.weights.iter().zip(&then.duration_ms).map(|(weight, value)| weight * value).sum::<f64>(),
        status: shape.map_or(DriftStatus::Ok, |shape| shape.status),
        raw_ks_statistic: 0.0,
        raw_p_value: 1.0,
        recent_mean: 0.0,
        mean_shift_pct: 0.0,
    }
}

fn season_report(raw: &[Shape], weighted: &[Shape], limits: Threshold, uncovered: f64) -> SeasonReport {
    let effect = |shapes: &[Shape]| {
        let size = |shape: &Shape| (shape.psi_adjusted / limits.warning).max(shape.distance.unwrap_or(0.0) / Threshold::DISTANCE.warning);
        shapes.iter().filter(|shape| shape.adjusted_p <= 0.05).map(size).fold(0.0, f64::max)
    };
    let (raw, weighted) = (effect(raw), effect(weighted));
    let explained = if raw > 0.0 { (1.0 - weighted / raw).clamp(0.0, 1.0) } else { 0.0 };
    let verdict = match (raw >= 1.0, weighted >= 1.0) {
        (false, false) => Season::None,
        (true, false) => Season::Seasonal,
        (_, true) if explained < 0.2 => Season::Change,
        (_, true) => Season::Both,
    };
    SeasonReport { verdict, raw, weighted, explained, uncovered }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::MS_PER_DAY;
    use crate::drift::BaselineOrigin;
    use crate::drift::error_ratio::{MeanError, ratio};
    use crate::statistics::random::SplitMix64;

    /// Tickets of forty requesters over so many days, whose first feature lies around a level.
    fn tickets(count: usize, days: i64, level: f64) -> Observations {
        let mut random = SplitMix64::new(17);
        let mut made = Observations {
            completed_at: (0..count as i64).map(|row| row * days * MS_PER_DAY / count as i64).collect(),
            duration_ms: (0..count).map(|_| 1_000.0 * (1.0 + random.unit())).collect(),
            estimated_duration_ms: vec![f64::NAN; count],
            features: vec![vec![0.5; count]; feature_names().len()],
            ..Observations::default()
        };
        made.features[1] = (0..count).map(|_| (level + random.unit()) as f32).collect();
        for words in [&mut made.requester, &mut made.task_type, &mut made.risk_band] {
            words.names = (0..40).map(|name| name.to_string()).collect();
            words.codes = (0..count as u32).map(|row| row % 40).collect();
        }
        made
    }

    fn error(mae: f64, standard_error: f64) -> MeanError {
        MeanError { mae, standard_error, rows: 1_000, bursts: 1_000.0 }
    }

    fn verdict((days, rows, level): (i64, usize, f64), now: Option<MeanError>) -> DriftStatus {
        let baseline = Baseline::learn(BaselineOrigin::default(), tickets(8_000, days, 0.0), None).unwrap();
        let limits = Threshold::ERROR_RATIO;
        let ratio = now.and_then(|now| ratio(now, error(100.0, 1.0), limits));
        let now = tickets(rows, 7, level);
        check(&baseline, &now, 7 * MS_PER_DAY, ratio.as_ref().map(|ratio| (ratio, limits)), Threshold::PSI).unwrap().status
    }

    #[test]
    fn what_comes_in_is_critical_only_where_the_error_has_risen_or_is_not_known() {
        let changed = (35, 1_000, 3.0);
        assert_eq!(verdict(changed, None), DriftStatus::Critical);
        assert_eq!(verdict(changed, Some(error(80.0, 1.0))), DriftStatus::Warning, "the error fell");
        assert_eq!(verdict(changed, Some(error(200.0, 1.0))), DriftStatus::Critical);
        let same = (35, 1_000, 0.0);
        assert_eq!(verdict(same, Some(error(80.0, 1.0))), DriftStatus::Ok);
        assert_eq!(verdict(same, Some(error(200.0, 1.0))), DriftStatus::Critical);
        assert_eq!(verdict(same, Some(error(130.0, 30.0))), DriftStatus::Ok, "its interval holds 1");
    }

    #[test]
    fn a_short_baseline_leaves_the_error_and_a_small_window_nothing() {
        let short = (22, 1_000, 0.0);
        assert_eq!(verdict(short, Some(error(2_200.0, 100.0))), DriftStatus::Critical);
        assert_eq!(verdict(short, Some(error(2_200.0, 6_000.0))), DriftStatus::NotEnoughData, "nobody knows how sure");
        assert_eq!(verdict(short, Some(error(90.0, 1.0))), DriftStatus::NotEnoughData);
        assert_eq!(verdict(short, None), DriftStatus::NotEnoughData);
        assert_eq!(verdict((22, 100, 0.0), Some(error(2_200.0, 100.0))), DriftStatus::NotEnoughData);
    }
}
