//! What retraining did, as a face reads it.

use super::Retrained;
use crate::api::Place;
use crate::api::retrain::{DriftSummary, RetrainOutcome, RetrainReport, RetrainedModel};
use crate::api::train::ChampionComparison;
use crate::error::ErrorKind;
use crate::ops::drift::check::DriftCheck;

/// The report of one round; its exit code is the worst outcome's, or that of something partly done.
pub(super) fn report(models: Vec<Retrained>, place: Option<Place>, ignored_settings: Vec<String>) -> RetrainReport {
    let models: Vec<RetrainedModel> = models.into_iter().map(model).collect();
    let failed = models.iter().filter(|model| model.outcome == RetrainOutcome::Failed).count();
    let exit_code = match failed {
        0 => models.iter().map(|model| model.exit_code).max().unwrap_or(0),
        all if all == models.len() => models.first().map_or(0, |model| model.exit_code),
        _ => ErrorKind::PartlyDone.exit_code(),
    };
    RetrainReport { models, place, ignored_settings, exit_code }
}

fn model(model: Retrained) -> RetrainedModel {
    let exit_code = exit_code(model.outcome, model.failure);
    let trained = model.trained;
    let registered = trained.as_ref().and_then(|trained| trained.registered.as_ref());
    RetrainedModel {
        name: model.name,
        outcome: model.outcome,
        exit_code,
        steps: model.steps,
        attempt: model.attempts,
        window_days: model.window_days,
        newest_ticket_age_seconds: model.age.map(|age| age.seconds()),
        version: registered.map(|version| version.version),
        stage: registered.map(|version| version.stage),
        champion: trained.as_ref().and_then(|trained| trained.comparison.as_ref()).map(ChampionComparison::from),
        promoted: trained.as_ref().is_some_and(|trained| trained.promoted),
        drift_before: model.before.as_ref().map(summary),
        drift_after: model.after.as_ref().map(summary),
        metrics: trained.map(|trained| trained.card.metrics),
    }
}

fn exit_code(outcome: RetrainOutcome, failure: Option<ErrorKind>) -> u8 {
    match outcome {
        RetrainOutcome::NoDrift
        | RetrainOutcome::Skipped
        | RetrainOutcome::Staged
        | RetrainOutcome::Promoted
        | RetrainOutcome::WouldRegister => 0,
        RetrainOutcome::NotBetter | RetrainOutcome::GateFailed => ErrorKind::GateFailed.exit_code(),
        RetrainOutcome::CoolingDown => ErrorKind::Waiting.exit_code(),
        RetrainOutcome::NotEnoughData => ErrorKind::NotEnoughData.exit_code(),
        RetrainOutcome::Failed => failure.unwrap_or(ErrorKind::Internal).exit_code(),
    }
}

fn summary(report: &DriftCheck) -> DriftSummary {
    DriftSummary {
        overall_status: report.status,
        drift_ratio: report.ratio.as_ref().map(|ratio| ratio.ratio).filter(|ratio| ratio.is_finite()),
        baseline: report.baseline.origin.clone(),
    }
}
