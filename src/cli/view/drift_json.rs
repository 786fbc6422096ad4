//! What a drift check found, as scripts read it: the guides' keys, and beside them the evidence.

use serde_json::{Map, Value, json};

use super::time;
use crate::drift::novelty::NewKind;
use crate::drift::reference::ReferenceReport;
use crate::drift::robust::RobustReport;
use crate::drift::segment::Segment;
use crate::ops::drift::CheckReport;
use crate::ops::drift::check::Finding;

/// The `data` of `drift check`.
pub fn data(checked: &CheckReport) -> Value {
    let version = &checked.model.version;
    let mut data = json!({
        "model": version.name,
        "version": version.version,
        "method": checked.method.word(),
        "overall_status": checked.status.word(),
        "window_days": checked.window_days,
        "window": { "from": time::rfc3339(checked.window.0), "to": time::rfc3339(checked.window.1) },
        "baseline": baseline(checked),
        "tickets": checked.tickets,
        "prediction_drift": prediction(checked),
        "recommendations": [format!("{}: {}", checked.recommendation.why, checked.recommendation.command)],
        "next_command": checked.recommendation.command,
    });
    let more = match &checked.finding {
        Finding::Robust(report) => robust(report),
        Finding::Reference(report) => reference(report, checked.rows),
    };
    if let (Value::Object(data), Value::Object(more)) = (&mut data, more) {
        data.extend(more);
    }
    data
}

fn baseline(checked: &CheckReport) -> Value {
    let baseline = &checked.baseline.baseline;
    json!({
        "origin": checked.baseline.origin,
        "from": time::rfc3339(baseline.from),
        "to": time::rfc3339(baseline.to),
        "days": baseline.days(),
        "ticket_count": baseline.tickets,
    })
}

fn prediction(checked: &CheckReport) -> Value {
    let training = checked.baseline.baseline.error.map(|error| error.mae);
    let mut prediction = json!({
        "current_mae": checked.ratio.as_ref().map(|ratio| ratio.now.mae),
        "baseline_mae": training,
        "mae_training": training,
        "drift_ratio": checked.ratio.as_ref().map(|ratio| ratio.ratio),
        "mae_1d": checked.errors.mae_1d,
        "mae_3d": checked.errors.mae_3d,
        "mae_7d": checked.errors.mae_7d,
        "source": checked.predictions.word(),
        "stored_count": checked.predictions.stored,
        "recomputed_count": checked.predictions.recomputed,
        "stored_by_others_count": checked.predictions.of_others,
        "without": checked.without_ratio,
        "left_out": checked.left_out,
    });
    if let Some(ratio) = &checked.ratio {
        prediction["interval"] = json!({ "low": ratio.low, "high": ratio.high, "confidence": 0.95 });
        prediction["status"] = json!(ratio.status.word());
        prediction["ticket_count"] = json!(ratio.now.rows);
    }
    if let Finding::Reference(report) = &checked.finding {
        prediction["drift_ratio"] = json!(report.drift_ratio);
        prediction["current_mae"] = json!(checked.errors.current());
    }
    prediction
}

fn robust(report: &RobustReport) -> Value {
    let (mut indices, mut evidence) = (Map::new(), Map::new());
    for shape in &report.shapes {
        let new_of = |kind: NewKind| report.novelties.iter().find(|novelty| novelty.name == shape.name && novelty.kind == kind);
        let (new, between) = (new_of(NewKind::Outside), new_of(NewKind::Between));
        indices.insert(shape.name.clone(), json!(finite(shape.psi_adjusted.max(0.0))));
        evidence.insert(
            shape.name.clone(),
            json!({
                "psi": finite(shape.psi), "psi_adjusted": finite(shape.psi_adjusted), "distance": shape.distance,
                "p_value": finite(shape.p_value), "adjusted_p_value": finite(shape.adjusted_p),
                "effective_ticket_count": finite(shape.effective_rows), "then": shape.then, "now": shape.now,
                "status": shape.status.word(), "new_value_ratio": new.map(|novelty| novelty.share),
                "new_value_status": new.map(|novelty| novelty.status.word()), "unheard_value_ratio": between.map(|novelty| novelty.share),
                "unheard_value_status": between.map(|novelty| novelty.status.word()),
            }),
        );
    }
    for name in [crate::drift::robust::DURATION, crate::drift::robust::RESIDUAL] {
        indices.remove(name);
    }
    let (season, samples, target) = (&report.season, &report.samples, &report.target);
    let paired = report.paired.iter().map(|paired| {
        json!({
            "name": paired.name, "factor": finite(paired.shift.difference.exp()), "p_value": finite(paired.shift.p_value),
            "effective_pair_count": finite(paired.shift.effective_pairs), "status": paired.status.word(),
        })
    });
    json!({
        "feature_drift": indices,
        "target_drift": {
            "ks_statistic": target.ks_statistic, "p_value": finite(target.p_value), "mean_shift_pct": finite(target.mean_shift_pct),
            "baseline_mean": finite(target.baseline_mean), "recent_mean": finite(target.recent_mean), "status": target.status.word(),
            "raw_ks_statistic": target.raw_ks_statistic, "raw_p_value": finite(target.raw_p_value),
        },
        "season": {
            "verdict": season.verdict.word(), "explained_ratio": finite(season.explained), "raw_effect": finite(season.raw),
            "weighted_effect": finite(season.weighted), "uncovered_ratio": finite(season.uncovered),
        },
        "segments": report.segments.iter().map(segment).collect::<Vec<_>>(),
        "evidence": { "variables": evidence, "same_requesters": paired.collect::<Vec<_>>(), "tests_status": report.drift.word() },
        "samples": {
            "baseline_ticket_count": samples.baseline_rows, "baseline_days": samples.baseline_days,
            "baseline_block_count": samples.baseline_blocks, "ticket_count": samples.rows,
            "compared_ticket_count": samples.compared_rows, "block_count": samples.blocks,
            "effective_ticket_count": finite(samples.effective_rows), "missing": report.obstacles,
            "features_without_variation": report.frozen.iter().map(|frozen| json!({ "name": frozen.name, "kind": frozen.kind.word() })).collect::<Vec<_>>(),
        },
    })
}

fn segment(segment: &Segment) -> Value {
    json!({
        "dimension": segment.dimension, "value": segment.value, "kind": segment.kind.word(), "effect": finite(segment.effect),
        "evidence": finite(segment.evidence), "rank": segment.rank, "is_hit": segment.is_hit,
        "adjusted_p_value": finite(segment.adjusted_p), "baseline_ticket_count": segment.rows_then, "ticket_count": segment.rows_now,
    })
}

fn reference(report: &ReferenceReport, rows: usize) -> Value {
    json!({
        "feature_drift": report.feature_drift,
        "target_drift": report.target_drift.map(|target| json!({
            "ks_statistic": target.ks_statistic, "p_value": target.p_value, "mean_shift_pct": target.mean_shift_pct,
            "std_shift_pct": target.std_shift_pct, "baseline_mean": target.baseline_mean, "baseline_std": target.baseline_std,
            "recent_mean": target.recent_mean, "recent_std": target.recent_std,
        })),
        "samples": { "ticket_count": rows },
    })
}

/// Null for what is not finite.
fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
