//! The forecasts of a version for moments after its training, beside what came.

use super::quality::{gate_check, worsened};
use super::{Check, ValidationSettings};
use crate::api::{CheckState, Progress};
use crate::base::number::counted;
use crate::base::time::MS_PER_DAY;
use crate::error::{ErrorKind, Result};
use crate::kinds::{Catalogue, ModelCard, SeriesModel};
use crate::lifecycle::ModelVersion;
use crate::ops::evaluation::EvaluationRequest;
use crate::ops::forecast::Span;
use crate::ops::forecast::tickets::{self, CountedTickets};
use crate::ops::gates::Judge;
use crate::ops::{AgeLimit, TicketAge};
use crate::registry::ModelStore;
use crate::source::TicketSource;

/// Fewer moments than this decide nothing.
const FEWEST_MOMENTS: usize = 10;

/// How far the coverage of the 80 % interval may be off, percent.
const TOLERANCE_PCT: f64 = 5.0;

/// What was read for it, to be told.
pub(super) struct Read {
    pub sentence: String,
    pub age: Option<TicketAge>,
    pub notes: Vec<String>,
    pub synthetic: bool,
}

/// The checks, all of them skipped where nothing judges, and what was read.
///
/// Errors: those of the policy. Tickets that cannot be counted are a check that was skipped.
pub(super) fn checks(
    (registry, kinds): (&dyn ModelStore, &Catalogue),
    version: &ModelVersion,
    (model, card): (&SeriesModel, &ModelCard),
    tickets: Option<(&EvaluationRequest, AgeLimit, &dyn TicketSource)>,
    request: &ValidationSettings,
    progress: &dyn Progress,
) -> Result<(Vec<Check>, Option<Read>)> {
    let skipped = |why: &str| -> Vec<Check> {
        let skip = |id| Check::new(id, CheckState::Skipped, why).meaning(ErrorKind::NotEnoughData);
        ["gate", "recorded_metrics", "interval_coverage"].into_iter().map(skip).collect()
    };
    let Some((judging, limit, source)) = tickets else { return Ok((skipped("no tickets were given"), None)) };
    // Every moment that judges looks back as far as the training did.
    let since = request.now_ms.saturating_sub(model.known_until).max(0);
    let span = Span { bucket_ms: model.plan.bucket_ms, window_ms: model.window_ms.saturating_add(since), as_of: judging.as_of };
    let counted_tickets = match tickets::read(model.measure, &span, limit, source, progress) {
        Ok(read) => read,
        Err(error) if error.kind() == ErrorKind::NotEnoughData => return Ok((skipped(&error.to_string()), None)),
        Err(error) => return Err(error),
    };
    let CountedTickets { input, quality, age, .. } = counted_tickets;
    let recent = input.series.end_ms().saturating_sub((judging.window_days * MS_PER_DAY as f64) as i64);
    let judged = model.judge(&input.series, recent);
    let read = Read { sentence: input.summary, age, notes: input.notes, synthetic: quality.synthetic() > 0 };
    let (metrics, values, moments) = match judged {
        Some(judged) if judged.2 >= FEWEST_MOMENTS => judged,
        judged => {
            let moments = judged.map_or(0, |(_, _, moments)| moments);
            let why = format!(
                "{} after its training, with a whole horizon known, can judge it; at least {FEWEST_MOMENTS} are needed ({})",
                counted(moments, "moment"),
                read.sentence
            );
            return Ok((skipped(&why), Some(read)));
        }
    };
    let kind = kinds.require(&card.kind)?;
    let judge = Judge { registry, kinds, policy: &request.policy };
    let gate = judge.on_tickets(version, kind, (&metrics, values as usize), None)?;
    let count = values as usize;
    let gate = gate_check(&gate, &metrics, count, "buckets").with([("bucket_count", values as f64), ("moment_count", moments as f64)]);
    let recorded = worsened(kind.recorded_metric(), (&card.metrics, "at training"), &metrics, &counted(count, "bucket"));
    let coverage = match metrics.get("coverage_80") {
        None => Check::new("interval_coverage", CheckState::Skipped, "nothing is known of it").meaning(ErrorKind::NotEnoughData),
        Some(&held) => {
            let state = if (held - 80.0).abs() <= TOLERANCE_PCT { CheckState::Pass } else { CheckState::Warn };
            let evidence = format!("the 80 % interval held {held:.1} % of {}", counted(count, "bucket"));
            Check::new("interval_coverage", state, evidence).with([("measured_ratio", held / 100.0), ("nominal_ratio", 0.8)])
        }
    };
    Ok((vec![gate, recorded, coverage], Some(read)))
}
