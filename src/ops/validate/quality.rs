//! The answers of a version on labelled tickets that it has not learned from.

use std::collections::BTreeMap;
use std::time::Instant;

use super::{Check, ValidationSettings, latency};
use crate::api::CheckState;
use crate::base::number::{counted, plural};
use crate::error::{ErrorKind, Result};
use crate::kinds::{AnswerForm, Catalogue, DecidingMetric, LoadedModel, Outcomes, Scores};
use crate::lifecycle::{Gate, KIND_TAG, Measurement, ModelVersion};
use crate::ops::evaluation::{EvaluationSet, FEWEST_TICKETS, recorded_metrics};
use crate::ops::gates::Judge;
use crate::ops::load;
use crate::registry::ModelStore;

/// Worse than recorded by more than this factor is warned of, by more than the second fails: the running
/// system's steps for the error in production against the error at training (reference-system notes, §5.7).
const WARN_FACTOR: f64 = 1.5;
const FAIL_FACTOR: f64 = 2.0;

/// Shares may differ so much from what they are meant to be.
const TOLERANCE: f64 = 0.05;

/// The checks of quality, all of them skipped where nothing judges; and what was measured of a version whose
/// metrics are claimed.
pub(super) fn checks(
    (registry, kinds): (&dyn ModelStore, &Catalogue),
    version: &ModelVersion,
    evaluation_set: Option<&EvaluationSet>,
    request: &ValidationSettings,
    sound: bool,
    threads: usize,
) -> Result<(Vec<Check>, Option<Measurement>)> {
    let skipped = |why: &str| Ok((skipped(kinds, version, why), None));
    let Some(evaluation_set) = evaluation_set else { return skipped("no tickets were given") };
    if !sound {
        return skipped("the version itself is not sound");
    }
    let model = load::model(registry, kinds, version)?;
    let (rows, left_out) = model.unseen_rows(&evaluation_set.timeline, &evaluation_set.rows);
    if rows.len() < FEWEST_TICKETS {
        return skipped(&too_few(evaluation_set, rows.len(), &left_out));
    }
    let begun = Instant::now();
    let Scores { values: said, examples } = model.scores(&evaluation_set.timeline, &rows, threads)?;
    let latency = latency::here(&model, &examples, (begun.elapsed(), rows.len()))?;
    let actual = model.estimator().actual(&evaluation_set.timeline, &rows);
    let metrics = model.estimator().metrics(&actual, &said)?;
    let tickets = rows.len();
    let judge = Judge { registry, kinds, policy: &request.policy };
    let gate = judge.on_tickets(version, &model.info().kind, (&metrics, tickets), None)?;
    let gate = gate_check(&gate, &metrics, tickets, "tickets").with([("ticket_count", tickets as f64)]);
    let mut checks = vec![gate, recorded(&model, version, &metrics, tickets)];
    let doubtful = model.doubtful_rows(&evaluation_set.timeline, &rows);
    if doubtful > 0 {
        checks.iter_mut().for_each(|check| doubt(check, doubtful));
    }
    match &actual {
        Outcomes::DurationsMs(actual) => checks.extend([tails(&model, &said, actual), coverage(&metrics, tickets)]),
        Outcomes::Marks(_) => checks.push(marked_share(&model, &metrics, tickets)),
    }
    checks.push(latency);
    let measurement = version.metrics_are_claimed().then(|| Measurement {
        model: version.name.clone(),
        version: version.version,
        kind: model.info().kind.word().to_owned(),
        metrics,
        ticket_count: tickets as u64,
        doubtful_count: doubtful as u64,
        from: evaluation_set.window.from_ms,
        to: evaluation_set.window.to_ms,
    });
    Ok((checks, measurement))
}

/// A number that may flatter passes nothing.
fn doubt(check: &mut Check, tickets: usize) {
    match check.state {
        CheckState::Skipped => return,
        CheckState::Pass => check.state = CheckState::Warn,
        CheckState::Warn | CheckState::Fail => {}
    }
    check.evidence.push_str(&format!("; {tickets} of them are older than the version, which may have learned from them"));
    check.numbers.push(("doubtful_count", tickets as f64));
}

fn skipped(kinds: &Catalogue, version: &ModelVersion, why: &str) -> Vec<Check> {
    // A detector has no interval.
    let kind = version.tags.get(KIND_TAG).and_then(|word| kinds.get(word));
    let marks = kind.is_some_and(|kind| kind.answer_form() == AnswerForm::Mark);
    let claimed = version.metrics_are_claimed().then_some("claimed_metrics");
    let ids = ["gate", "recorded_metrics", "calibration"]
        .into_iter()
        .chain((!marks).then_some("interval_coverage"))
        .chain(["latency"])
        .chain(claimed);
    ids.map(|id| Check::new(id, CheckState::Skipped, why).meaning(ErrorKind::NotEnoughData)).collect()
}

fn too_few(evaluation_set: &EvaluationSet, tickets: usize, left_out: &BTreeMap<&'static str, usize>) -> String {
    let mut why = format!(
        "{} {} it, at least {FEWEST_TICKETS} are needed ({}",
        counted(tickets, "ticket"),
        plural(tickets, "judges", "judge"),
        evaluation_set.sentence
    );
    let reasons = [
        ("taught it", "learned_from"),
        ("are older than its training", "older_than_training"),
        ("are in its history, whose training tickets are not all here", "in_its_history"),
    ];
    for (words, reason) in reasons {
        if let Some(count) = left_out.get(reason) {
            why.push_str(&format!(", {count} {words}"));
        }
    }
    if evaluation_set.outside_window > 0 {
        why.push_str(&format!(", {} are older than the window", evaluation_set.outside_window));
    }
    why + ")"
}

/// A gate as a check: what is desired and missed is warned of.
pub(super) fn gate_check(gate: &Gate, metrics: &BTreeMap<String, f64>, count: usize, what: &str) -> Check {
    let told: Vec<String> = gate
        .criteria
        .iter()
        .map(|criterion| {
            let value = criterion.told_value(3).unwrap_or_else(|| "missing".into());
            let need = if criterion.required { "" } else { ", desired" };
            let rule = if criterion.rule.is_empty() { String::new() } else { format!("; {}", criterion.rule) };
            format!("{} {value} ({}{need}{rule})", criterion.metric, criterion.demand())
        })
        .collect();
    let missed = gate.criteria.iter().any(|criterion| !criterion.passed && criterion.skipped.is_none());
    let state = match (gate.passed, missed) {
        (true, false) => CheckState::Pass,
        (true, true) => CheckState::Warn,
        // What too few tickets say is no verdict.
        (false, _) if gate.lacks_evidence_alone() => CheckState::Skipped,
        (false, _) => CheckState::Fail,
    };
    let named = metrics.iter().filter_map(|(name, &value)| Some((known(name)?, value)));
    let check = Check::new("gate", state, format!("{} on {count} {what}", told.join(", "))).with(named);
    if state == CheckState::Skipped { check.meaning(ErrorKind::NotEnoughData) } else { check }
}

/// The metric's name for as long as the program runs.
pub(super) fn known(metric: &str) -> Option<&'static str> {
    const NAMES: [&str; 28] = [
        "mae",
        "rmse",
        "bias",
        "r2",
        "mae_pct",
        "median_absolute_error",
        "p90_absolute_error",
        "interval_coverage",
        "interval_nominal_coverage",
        "precision",
        "recall",
        "f1",
        "false_positive_rate",
        "anomaly_rate",
        "prevalence",
        "accuracy",
        "precision_macro",
        "recall_macro",
        "f1_macro",
        "lowest_class_precision",
        "lowest_class_recall",
        "confidence_mean",
        "mape",
        "wape",
        "mase",
        "skill",
        "coverage_80",
        "coverage_95",
    ];
    NAMES.into_iter().find(|name| *name == metric)
}

fn recorded(model: &LoadedModel, version: &ModelVersion, metrics: &BTreeMap<String, f64>, tickets: usize) -> Check {
    let decides = model.info().kind.recorded_metric();
    // What a package says of itself is a claim where it came by hand.
    let recorded = match &model.info().card_metrics {
        Some(metrics) if version.measured_on().is_none() => metrics.clone(),
        _ => recorded_metrics(version),
    };
    let source = match version.measured_on() {
        _ if version.metrics_are_claimed() => "as claimed",
        Some(_) => "when it was measured",
        None => "at training",
    };
    worsened(decides, (&recorded, source), metrics, &counted(tickets, "ticket"))
}

/// How much worse the deciding metric is than it was recorded.
pub(super) fn worsened(
    decides: DecidingMetric,
    (recorded, source): (&BTreeMap<String, f64>, &str),
    metrics: &BTreeMap<String, f64>,
    judged: &str,
) -> Check {
    let metric = decides.name;
    let (Some(&then), Some(&now)) = (recorded.get(metric), metrics.get(metric)) else {
        let missing = if metrics.contains_key(metric) { source } else { "on these tickets" };
        return Check::new("recorded_metrics", CheckState::Skipped, format!("{metric} is not known {missing}"))
            .meaning(ErrorKind::NotEnoughData);
    };
    // Errors grow, scores shrink: both are told as a factor by which the version got worse.
    let factor = decides.worsening(then, now);
    let state = match factor {
        factor if factor <= WARN_FACTOR => CheckState::Pass,
        factor if factor <= FAIL_FACTOR => CheckState::Warn,
        // Also where there is no number: nothing was found any more.
        _ => CheckState::Fail,
    };
    let evidence = format!("{metric} {now:.3} on {judged}, {then:.3} {source}: worse by a factor of {factor:.2}");
    Check::new("recorded_metrics", state, evidence).with([("recorded", then), ("measured", now), ("factor", factor)])
}

/// Whether as many tickets lie below and above the interval as are meant to.
fn tails(model: &LoadedModel, said: &[f64], actual: &[f64]) -> Check {
    let Some(interval) = model.estimator().interval() else {
        return Check::new("calibration", CheckState::Skipped, "the version has no interval").meaning(ErrorKind::NotEnoughData);
    };
    let share = |outside: &dyn Fn((f64, f64), f64) -> bool| {
        let outside = said.iter().zip(actual).filter(|&(&said, &actual)| outside(interval.interval(said), actual));
        outside.count() as f64 / actual.len() as f64
    };
    let (below, above) = (share(&|ends, actual| actual < ends.0), share(&|ends, actual| actual > ends.1));
    let meant = (1.0 - interval.nominal_coverage()) / 2.0;
    let off = (below - meant).abs().max((above - meant).abs());
    let state = if off <= TOLERANCE { CheckState::Pass } else { CheckState::Warn };
    let [below_percent, above_percent, meant_percent] = [below, above, meant].map(|share| share * 100.0);
    let evidence =
        format!("{below_percent:.1} % lie below and {above_percent:.1} % above their interval, {meant_percent:.0} % each are meant to");
    Check::new("calibration", state, evidence).with([("below_ratio", below), ("above_ratio", above), ("nominal_ratio", meant)])
}

/// Whether a detector marks as many tickets as it was set to.
fn marked_share(model: &LoadedModel, metrics: &BTreeMap<String, f64>, tickets: usize) -> Check {
    let (Some(meant), Some(&marked)) = (model.estimator().share_to_mark(), metrics.get("anomaly_rate")) else {
        return Check::new("calibration", CheckState::Skipped, "the share that the detector was set to mark is not known")
            .meaning(ErrorKind::NotEnoughData);
    };
    let state = if (marked - meant).abs() <= TOLERANCE { CheckState::Pass } else { CheckState::Warn };
    let evidence = format!("marks {:.1} % of {tickets} tickets, was set to {:.1} %", marked * 100.0, meant * 100.0);
    Check::new("calibration", state, evidence).with([("marked_ratio", marked), ("nominal_ratio", meant)])
}

fn coverage(metrics: &BTreeMap<String, f64>, tickets: usize) -> Check {
    let (Some(&held), Some(&meant)) = (metrics.get("interval_coverage"), metrics.get("interval_nominal_coverage")) else {
        return Check::new("interval_coverage", CheckState::Skipped, "the version has no interval").meaning(ErrorKind::NotEnoughData);
    };
    let state = if (held - meant).abs() <= TOLERANCE { CheckState::Pass } else { CheckState::Warn };
    let evidence = format!("the {:.0} % interval held {:.1} % of {tickets} tickets", meant * 100.0, held * 100.0);
    Check::new("interval_coverage", state, evidence).with([("measured_ratio", held), ("nominal_ratio", meant)])
}
