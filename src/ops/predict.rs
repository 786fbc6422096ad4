//! Using a registered model on tickets, as a stream: what is in memory does not grow with the input.
//!
//! Predictions use the history that travels with the model, which stands still.

use rayon::prelude::*;

use super::judging::foreign::{self, Foreign};
use super::resolve::{Resolved, resolve};
use super::{Progress, load};
use crate::error::{Error, ErrorKind, Result};
use crate::features::{EncodedTicket, FeatureSchema, History, row_of};
use crate::kinds::ModelKind;
use crate::kinds::anomaly_rules::AnomalyType;
use crate::kinds::duration::at_least_nothing;
use crate::lifecycle::ModelRef;
use crate::registry::ModelStore;
use crate::source::{TicketSource, Wanted};
use crate::ticket::{LabelRule, LabelWanted, Refusal, Ticket, TicketFilter, TicketOutcome};
use crate::trees::interval::IntervalModel;
use crate::trees::{EnsembleTask, Explainer, PathReasons, Scorer, TreeEnsemble};

/// Tickets scored at a time.
const BATCH: usize = 4_096;

/// Reasons given for an anomaly, at most.
const REASONS: usize = 3;

/// What is asked of the model.
#[derive(Clone, Debug)]
pub struct PredictRequest {
    pub reference: ModelRef,
    /// Reasons for every ticket, not only for those that are marked.
    pub explain: bool,
}

/// What a model says of one ticket.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    pub ticket_id: String,
    pub answer: Answer,
    /// The features that moved the answer most, strongest first, with their effect in the answer's unit
    /// (ms, or edges of the path by which it got shorter).
    pub reasons: Vec<Reason>,
}

/// The answer by kind of model.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Duration {
        duration_ms: f64,
        /// The interval's ends; `None` where the model has no interval.
        low_ms: Option<f64>,
        high_ms: Option<f64>,
        /// Chance that the ticket takes longer than its SLA allows; `None` without interval or SLA.
        sla_breach_probability: Option<f64>,
    },
    Anomaly {
        /// scikit-learn's `score_samples`, in (-1, 0): the lower, the stranger.
        score: f64,
        is_anomaly: bool,
        /// Only of marked tickets.
        anomaly_type: Option<AnomalyType>,
    },
}

/// One feature's part in an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    pub feature: String,
    pub value: f32,
    pub effect: f64,
}

/// What was done.
#[derive(Clone, Debug)]
pub struct PredictReport {
    pub model: Resolved,
    pub kind: ModelKind,
    pub read: u64,
    pub predicted: u64,
    pub anomalies: u64,
    pub sentence: String,
}

/// A model ready to answer.
pub struct Predictor {
    pub kind: ModelKind,
    pub schema: FeatureSchema,
    interval: Option<IntervalModel>,
    ensemble: TreeEnsemble,
    history: History,
    scorer: Scorer,
    explain: bool,
}

impl Predictor {
    /// Loads the version that `request` names, hivectl's own by its card, another by its trees.
    ///
    /// Errors: those of [`load::package`] and [`foreign::load`].
    pub fn load(registry: &dyn ModelStore, request: &PredictRequest) -> Result<(Resolved, Predictor)> {
        let resolved = resolve(registry, &request.reference)?;
        let explain = request.explain;
        let predictor = match load::is_own(&resolved.version) {
            true => {
                let load::Package { card, ensemble } = load::package(registry, &resolved.version)?;
                let history = load::history(registry, &resolved.version)?;
                let scorer = Scorer::new(&ensemble)?;
                Predictor { kind: card.kind, schema: card.schema, interval: card.interval, ensemble, history, scorer, explain }
            }
            // What it had learned of earlier tickets is not recorded, so its features say that nothing is known.
            false => {
                let Foreign { kind, schema, ensemble, .. } = foreign::load(registry, &resolved.version)?;
                let (history, scorer) = (History::new(&schema), Scorer::new(&ensemble)?);
                Predictor { kind, schema, interval: None, ensemble, history, scorer, explain }
            }
        };
        Ok((resolved, predictor))
    }

    /// The features the model sees of a ticket: what its history knew at the end of training.
    pub fn row(&self, ticket: &Ticket, outcome: Option<&TicketOutcome>) -> Vec<f32> {
        let mut encoded = EncodedTicket::look_up(ticket, self.history.vocabulary());
        if let Some(outcome) = outcome {
            encoded.duration_ms = outcome.duration_ms;
        }
        row_of(&self.schema, &self.history, &encoded)
    }

    /// Whether the model asks for tickets that have ended.
    pub fn needs_outcome(&self) -> bool {
        self.schema.needs_outcome()
    }

    /// What reasons are made with, prepared once.
    fn why(&self) -> Result<Why<'_>> {
        Ok(match (&self.ensemble.task, self.explain) {
            (EnsembleTask::Isolation(_), _) => Why::Path(PathReasons::new(&self.ensemble)),
            (_, true) => Why::Shares(Explainer::new(&self.ensemble)?),
            (_, false) => Why::Nothing,
        })
    }

    fn answer(&self, ticket: &Ticket, outcome: Option<&TicketOutcome>, why: &Why<'_>) -> Result<Prediction> {
        let row = self.row(ticket, outcome);
        let raw = self.scorer.score_row(&row);
        let ticket_id = ticket.ticket_id.to_string();
        match (&self.ensemble.task, why) {
            (EnsembleTask::Isolation(isolation), Why::Path(path)) => {
                let is_anomaly = raw - isolation.offset < 0.0;
                let reasons = if is_anomaly || self.explain { strongest(&self.schema, &row, &path.shortening(&row)) } else { Vec::new() };
                let anomaly_type = is_anomaly.then(|| AnomalyType::of(&self.schema, &row));
                Ok(Prediction { ticket_id, answer: Answer::Anomaly { score: raw, is_anomaly, anomaly_type }, reasons })
            }
            (_, why) => {
                let raw = at_least_nothing(raw);
                let interval = self.interval.as_ref();
                let ends = interval.map(|interval| interval.interval(raw));
                let breach = interval.zip(ticket.sla_timeout_ms).map(|(interval, limit_ms)| interval.exceedance(raw, limit_ms));
                let reasons = match why {
                    Why::Shares(explainer) => strongest(&self.schema, &row, &explainer.contributions(&row)?),
                    Why::Path(_) | Why::Nothing => Vec::new(),
                };
                let answer = Answer::Duration {
                    duration_ms: raw,
                    low_ms: ends.map(|ends| ends.0),
                    high_ms: ends.map(|ends| ends.1),
                    sla_breach_probability: breach,
                };
                Ok(Prediction { ticket_id, answer, reasons })
            }
        }
    }
}

/// What reasons are made with.
enum Why<'a> {
    /// The splits that shortened an anomaly's path.
    Path(PathReasons<'a>),
    /// SHAP values.
    Shares(Explainer<'a>),
    Nothing,
}

/// The strongest effects, by size.
fn strongest(schema: &FeatureSchema, row: &[f32], effects: &[f64]) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = schema
        .names()
        .into_iter()
        .zip(row)
        .zip(effects)
        .filter(|(_, effect)| **effect != 0.0)
        .map(|((feature, &value), &effect)| Reason { feature, value, effect })
        .collect();
    reasons.sort_by(|left, right| right.effect.abs().total_cmp(&left.effect.abs()));
    reasons.truncate(REASONS);
    reasons
}

/// Answers for every usable ticket, in the order of the source; `sink` gets them in batches.
///
/// Errors: those of the registry and the source; [`ErrorKind::NotEnoughData`] when no ticket could be
/// used.
pub fn run(
    registry: &dyn ModelStore,
    request: &PredictRequest,
    source: &dyn TicketSource,
    sink: &mut dyn FnMut(&Resolved, &[Prediction]) -> Result<()>,
    progress: &dyn Progress,
) -> Result<PredictReport> {
    let (model, predictor) = Predictor::load(registry, request)?;
    progress.begin("predicting", progress.is_shown().then(|| source.expected(&Wanted::default())).flatten());
    let why = predictor.why()?;
    let mut report = PredictReport { model, kind: predictor.kind, read: 0, predicted: 0, anomalies: 0, sentence: String::new() };
    let mut filter = TicketFilter::new(any_outcome(), None).trusting_ids(source.ids_are_unique());
    let mut batch: Vec<(Ticket, Option<TicketOutcome>)> = Vec::with_capacity(BATCH);
    let mut flush = |batch: &mut Vec<(Ticket, Option<TicketOutcome>)>, report: &mut PredictReport| -> Result<()> {
        let answers = batch
            .par_iter()
            .map(|(ticket, outcome)| predictor.answer(ticket, outcome.as_ref(), &why))
            .collect::<Result<Vec<Prediction>>>()?;
        report.predicted += answers.len() as u64;
        report.anomalies +=
            answers.iter().filter(|answer| matches!(answer.answer, Answer::Anomaly { is_anomaly: true, .. })).count() as u64;
        batch.clear();
        progress.advance_to(report.predicted);
        sink(&report.model, &answers)
    };
    source.for_each(&Wanted::default(), &mut |ticket, _| {
        let admitted: std::result::Result<Option<TicketOutcome>, Refusal> =
            if predictor.needs_outcome() { filter.admit(&ticket).map(Some) } else { filter.admit_unlabelled(&ticket).map(|()| None) };
        if let Ok(outcome) = admitted {
            batch.push((ticket, outcome));
        }
        if batch.len() == BATCH { flush(&mut batch, &mut report) } else { Ok(()) }
    })?;
    flush(&mut batch, &mut report)?;
    report.read = filter.quality().read();
    report.sentence = filter.quality().sentence();
    progress.finish(&format!("{}, {} predicted", report.sentence, report.predicted));
    if report.predicted == 0 {
        let error = Error::new(ErrorKind::NotEnoughData, "no ticket could be used").because(report.sentence);
        return Err(source.survey()?.into_iter().fold(error, Error::because));
    }
    Ok(report)
}

/// An ended ticket of any status has an outcome for a detector that looks back.
fn any_outcome() -> LabelRule {
    use crate::ticket::TicketStatus;
    LabelRule {
        wanted: LabelWanted::Auto,
        statuses: vec![TicketStatus::Completed, TicketStatus::Failed, TicketStatus::Compensated, TicketStatus::Compensating],
    }
}
