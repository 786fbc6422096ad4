//! What training did, as a face reads it.

use super::{Kept, TrainedModel, TrainingOutcome};
use crate::api::baseline::WrittenBaseline;
use crate::api::models::ModelListItem;
use crate::api::train::{
    ChampionComparison, ComparedDifference, KeptModel, ModelTraining, PermutationCost, SchemaName, TrainReport, TrainingFailure,
    TuningReport, TuningTrial,
};
use crate::api::{Place, TimeWindow, Timestamp};
use crate::base::commands;
use crate::base::number::{metric, milliseconds};
use crate::error::{Error, ErrorKind};
use crate::kinds::tuning::Trial;
use crate::kinds::{Kind, NumberFormat};
use crate::lifecycle::ModelSummary;
use crate::ops::champion::Comparison;
use crate::ops::tune::TuningOutcome;
use crate::ticket::Window;

/// The report; `models` is what the registry holds afterwards.
pub(super) fn report(
    outcome: TrainingOutcome,
    models: &[ModelSummary],
    (published_baselines, without_serving): (Vec<WrittenBaseline>, Vec<String>),
    place: Option<Place>,
    require_gate: bool,
) -> TrainReport {
    let gate_failed = outcome.models.iter().any(|model| !model.card.gate.passed);
    let exit_code = match () {
        () if !outcome.failures.is_empty() || outcome.models.iter().any(|model| model.kept.is_some()) || !without_serving.is_empty() => {
            ErrorKind::PartlyDone.exit_code()
        }
        () if require_gate && gate_failed => ErrorKind::GateFailed.exit_code(),
        () => 0,
    };
    TrainReport {
        models: outcome.models.into_iter().map(model).collect(),
        failures: outcome.failures.iter().flat_map(|(kinds, error)| kinds.iter().map(move |kind| failure(kind, error))).collect(),
        window: outcome.window.unwrap_or(Window { from_ms: 0, to_ms: 0 }).into(),
        tickets: outcome.sentences.join("; "),
        without_serving,
        newest_ticket_age_seconds: outcome.age.map(|age| age.seconds()),
        registry: outcome.registry,
        dry_run: outcome.dry_run,
        place,
        registered_models: if outcome.dry_run { Vec::new() } else { models.iter().map(ModelListItem::from).collect() },
        published_baselines,
        backfill_errors: None,
        exit_code,
    }
}

fn failure(kind: &Kind, error: &Error) -> TrainingFailure {
    TrainingFailure {
        model: kind.word().to_owned(),
        code: error.kind().code().to_owned(),
        message: error.to_string(),
        hints: error.hints().iter().map(ToString::to_string).collect(),
    }
}

fn model(model: TrainedModel) -> ModelTraining {
    let (card, registered) = (model.card, model.registered.as_ref());
    ModelTraining {
        sentences: model.kind.sentences(&card.metrics, &NumberFormat { milliseconds, metric }),
        by_task_type: card.part("by_task_type").ok().flatten().unwrap_or_default(),
        learner: card.own.get("learner").filter(|learner| !learner.is_null()).cloned(),
        name: model.name,
        kind: card.kind,
        version: registered.map(|version| version.version),
        stage: registered.map(|version| version.stage),
        run_id: registered.and_then(|version| version.run_id.clone()),
        metrics: card.metrics,
        gate: card.gate,
        training_window: TimeWindow { from: Timestamp(card.training.from), to: Timestamp(card.training.to) },
        synthetic: card.training.synthetic,
        samples: card.training.samples,
        schema: SchemaName { name: card.schema.name, fingerprint: card.schema_fingerprint },
        champion: model.comparison.as_ref().map(ChampionComparison::from),
        promoted: model.promoted,
        kept: model.kept.as_ref().map(kept),
        held_back: model.held_back,
        fit_seconds: model.fit_seconds,
        forecaster: model.series.as_ref().map(|model| model.summary().into()),
        permutation_importances: model
            .permutation
            .into_iter()
            .map(|(feature, cost)| PermutationCost { feature, mean_ms: cost.mean, standard_deviation_ms: cost.standard_deviation })
            .collect(),
        tuning: model.tuning.as_ref().map(tuning),
    }
}

fn kept(kept: &Kept) -> KeptModel {
    KeptModel {
        version: kept.version.version,
        path: kept.path.clone(),
        why: kept.why.clone(),
        register: commands::models_push_from(&kept.path, kept.version.id(), &kept.destination),
    }
}

impl From<&Comparison> for ChampionComparison {
    fn from(comparison: &Comparison) -> ChampionComparison {
        ChampionComparison {
            version: comparison.champion,
            metric: comparison.metric.name.to_owned(),
            samples: comparison.rows,
            difference: comparison.difference.as_ref().map(|difference| ComparedDifference {
                estimate: difference.estimate,
                low: difference.low,
                high: difference.high,
                confidence: difference.confidence,
                trees_standard_error: difference.trees_standard_error,
            }),
            better: comparison.challenger_is_better(),
            obstacle: comparison.obstacle.clone(),
            sentence: comparison.sentence(),
        }
    }
}

fn tuning(outcome: &TuningOutcome) -> TuningReport {
    let trial = |trial: &Trial| TuningTrial {
        number: trial.number,
        settings: trial.candidate.clone(),
        folds: trial.folds.iter().map(|fold| Some(*fold).filter(|fold| fold.is_finite())).collect(),
        score: trial.score.filter(|score| score.is_finite()),
        seconds: trial.seconds,
    };
    TuningReport {
        trials: outcome.trials.iter().map(trial).collect(),
        chosen: outcome.chosen().number,
        resumed: outcome.resumed,
        out_of_time: outcome.out_of_time,
    }
}
