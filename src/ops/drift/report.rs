//! A check as the application tells it: the guides' keys, and beside them the evidence.

use std::collections::BTreeMap;

use super::check::{DriftCheck, RuleFinding};
use crate::api::Timestamp;
use crate::api::drift::{
    ComparedBaseline, DriftCheckReport, DriftEvidence, DriftFinding, DriftSamples, DriftWindow, FeatureWithoutVariation, MeasuredRatio,
    PredictionDrift, RatioInterval, ReferenceFinding, ReferenceSamples, ReferenceTarget, RobustFinding, RobustTargetDrift, SameRequesters,
    SeasonFinding, SegmentFinding, VariableEvidence,
};
use crate::drift::error_ratio::{CONFIDENCE, ErrorRatio};
use crate::drift::novelty::NewKind;
use crate::drift::paired::PairedShift;
use crate::drift::reference::{ReferenceLimits, ReferenceReport, ReferenceTargetDrift};
use crate::drift::robust::{DURATION, RESIDUAL, RobustReport, SampleSizes, SeasonReport, TargetDrift};
use crate::drift::segment::Segment;
use crate::drift::shape::Shape;

/// The report of a check that ends with `exit_code`.
pub fn told(checked: &DriftCheck, exit_code: u8) -> DriftCheckReport {
    let (version, baseline) = (&checked.model.version, &checked.baseline.baseline);
    let (why, command) = (&checked.recommendation.why, &checked.recommendation.command);
    DriftCheckReport {
        model: version.name.clone(),
        version: version.version,
        chosen_as: checked.model.chosen_as.clone(),
        overall_status: checked.status,
        window_days: checked.window_days,
        window: DriftWindow { from: Timestamp(checked.window.0), to: Timestamp(checked.window.1) },
        baseline: ComparedBaseline {
            origin: checked.baseline.origin.clone(),
            from: Timestamp(baseline.from),
            to: Timestamp(baseline.to),
            days: baseline.days(),
            ticket_count: baseline.tickets,
        },
        tickets: checked.tickets.clone(),
        newest_ticket_age_seconds: checked.age.map(|age| age.seconds()),
        prediction_drift: prediction(checked),
        reason: why.clone(),
        recommendations: vec![format!("{why}: {command}")],
        next_command: command.clone(),
        finding: match &checked.finding {
            RuleFinding::Robust(report) => DriftFinding::Robust(Box::new(robust(report))),
            RuleFinding::Reference(report) => DriftFinding::Reference(reference(report, checked.rows, &checked.limits)),
        },
        exit_code,
    }
}

fn prediction(checked: &DriftCheck) -> PredictionDrift {
    let training = checked.baseline.baseline.error.and_then(|error| finite(error.mae));
    let (current_mae, drift_ratio) = match &checked.finding {
        RuleFinding::Robust(_) => (checked.ratio.as_ref().map(|ratio| ratio.now.mae), checked.ratio.as_ref().map(|ratio| ratio.ratio)),
        RuleFinding::Reference(report) => (checked.errors.current(), report.drift_ratio),
    };
    PredictionDrift {
        current_mae: current_mae.and_then(finite),
        baseline_mae: training,
        mae_training: training,
        drift_ratio: drift_ratio.and_then(finite),
        mae_1d: checked.errors.mae_1d.and_then(finite),
        mae_3d: checked.errors.mae_3d.and_then(finite),
        mae_7d: checked.errors.mae_7d.and_then(finite),
        source: checked.predictions.as_str().to_owned(),
        stored_count: checked.predictions.stored,
        recomputed_count: checked.predictions.recomputed,
        stored_by_others_count: checked.predictions.of_others,
        without: checked.without_ratio.clone(),
        left_out: checked.left_out.iter().map(|(&reason, &count)| (reason.to_owned(), count)).collect(),
        measured: checked.ratio.as_ref().map(measured),
    }
}

fn measured(ratio: &ErrorRatio) -> MeasuredRatio {
    MeasuredRatio {
        error_ratio: ratio.ratio,
        window_mae: ratio.now.mae,
        interval: RatioInterval { low: finite(ratio.low), high: finite(ratio.high), confidence: CONFIDENCE },
        status: ratio.status,
        ticket_count: ratio.now.rows,
    }
}

fn robust(report: &RobustReport) -> RobustFinding {
    let features = report.shapes.iter().filter(|shape| shape.name != DURATION && shape.name != RESIDUAL);
    let variables = report.shapes.iter().enumerate();
    let frozen = report.frozen.iter().map(|frozen| FeatureWithoutVariation { name: frozen.name.clone(), kind: frozen.kind });
    RobustFinding {
        feature_drift: features.map(|shape| (shape.name.clone(), finite(shape.psi_adjusted.max(0.0)))).collect(),
        target_drift: target(&report.target),
        season: season(&report.season),
        segments: report.segments.iter().map(segment).collect(),
        evidence: DriftEvidence {
            variables: variables.map(|(place, shape)| (shape.name.clone(), variable(report, place + 1, shape))).collect(),
            same_requesters: report.paired.iter().map(same_requesters).collect(),
            tests_status: report.drift,
        },
        samples: DriftSamples {
            missing: report.obstacles.clone(),
            features_without_variation: frozen.collect(),
            ..samples(&report.samples)
        },
    }
}

fn target(target: &TargetDrift) -> RobustTargetDrift {
    RobustTargetDrift {
        ks_statistic: finite(target.ks_statistic),
        p_value: finite(target.p_value),
        mean_shift_pct: finite(target.mean_shift_pct),
        baseline_mean: finite(target.baseline_mean),
        recent_mean: finite(target.recent_mean),
        status: target.status,
        raw_ks_statistic: finite(target.raw_ks_statistic),
        raw_p_value: finite(target.raw_p_value),
    }
}

fn season(season: &SeasonReport) -> SeasonFinding {
    SeasonFinding {
        verdict: season.verdict,
        explained_ratio: finite(season.explained),
        raw_effect: finite(season.raw),
        weighted_effect: finite(season.weighted),
        uncovered_ratio: finite(season.uncovered),
    }
}

fn segment(segment: &Segment) -> SegmentFinding {
    SegmentFinding {
        dimension: segment.dimension.to_owned(),
        value: segment.value.clone(),
        kind: segment.kind,
        effect: finite(segment.effect),
        evidence: finite(segment.evidence),
        rank: segment.rank,
        is_hit: segment.is_hit,
        adjusted_p_value: finite(segment.adjusted_p),
        baseline_ticket_count: segment.rows_then,
        ticket_count: segment.rows_now,
    }
}

fn variable(report: &RobustReport, position: usize, shape: &Shape) -> VariableEvidence {
    let new_of = |kind: NewKind| report.novelties.iter().find(|novelty| novelty.name == shape.name && novelty.kind == kind);
    let (new, between) = (new_of(NewKind::Outside), new_of(NewKind::Between));
    VariableEvidence {
        position,
        psi: finite(shape.psi),
        psi_adjusted: finite(shape.psi_adjusted),
        distance: shape.distance.and_then(finite),
        p_value: finite(shape.p_value),
        adjusted_p_value: finite(shape.adjusted_p),
        effective_ticket_count: finite(shape.effective_rows),
        baseline_mean: finite(shape.mean_then),
        recent_mean: finite(shape.mean_now),
        then: shape.then.clone(),
        now: shape.now.clone(),
        status: shape.status,
        new_value_ratio: new.and_then(|novelty| finite(novelty.share)),
        new_value_status: new.map(|novelty| novelty.status),
        unheard_value_ratio: between.and_then(|novelty| finite(novelty.share)),
        unheard_value_status: between.map(|novelty| novelty.status),
    }
}

fn same_requesters(paired: &PairedShift) -> SameRequesters {
    SameRequesters {
        name: paired.name.to_owned(),
        factor: finite(paired.shift.difference.exp()),
        p_value: finite(paired.shift.p_value),
        effective_pair_count: finite(paired.shift.effective_pairs),
        status: paired.status,
    }
}

/// The counts; what is missing is added by who knows it.
fn samples(samples: &SampleSizes) -> DriftSamples {
    DriftSamples {
        baseline_ticket_count: samples.baseline_rows,
        baseline_days: samples.baseline_days,
        baseline_block_count: samples.baseline_blocks,
        ticket_count: samples.rows,
        compared_ticket_count: samples.compared_rows,
        block_count: samples.blocks,
        effective_ticket_count: finite(samples.effective_rows),
        missing: Vec::new(),
        features_without_variation: Vec::new(),
    }
}

fn reference(report: &ReferenceReport, rows: usize, limits: &ReferenceLimits) -> ReferenceFinding {
    let features: BTreeMap<String, Option<f64>> = report.feature_drift.iter().map(|(name, &index)| (name.clone(), finite(index))).collect();
    ReferenceFinding {
        feature_drift: features,
        feature_status: report.feature_drift.iter().map(|(name, &index)| (name.clone(), limits.of_psi(index))).collect(),
        ratio_status: report.drift_ratio.map(|ratio| limits.of_error_ratio(ratio)),
        target_drift: report.target_drift.as_ref().map(|target| reference_target(target, limits)),
        samples: ReferenceSamples { ticket_count: rows },
    }
}

fn reference_target(target: &ReferenceTargetDrift, limits: &ReferenceLimits) -> ReferenceTarget {
    ReferenceTarget {
        ks_statistic: finite(target.ks_statistic),
        p_value: finite(target.p_value),
        status: limits.of_p_value(target.p_value),
        mean_shift_pct: finite(target.mean_shift_pct),
        std_shift_pct: finite(target.std_shift_pct),
        baseline_mean: finite(target.baseline_mean),
        baseline_std: finite(target.baseline_std),
        recent_mean: finite(target.recent_mean),
        recent_std: finite(target.recent_std),
    }
}

/// `None` for what is not finite.
fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
