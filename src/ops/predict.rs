//! Using a registered model on tickets, as a stream: what is in memory does not grow with the input.
//!
//! Predictions use the history that travels with the model, which stands still.

use rayon::prelude::*;

use super::resolve::{Resolved, resolve};
use super::{Progress, load};
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::{Catalogue, Prediction, PredictionColumn, TypedInstructions};
use crate::lifecycle::ModelRef;
use crate::registry::ModelStore;
use crate::source::{TicketQuery, TicketSource};
use crate::ticket::{LabelRule, LabelWanted, Refusal, Ticket, TicketFilter, TicketOutcome, TicketStatus};

/// Tickets scored at a time.
const BATCH: usize = 4_096;

/// What is asked of the model.
#[derive(Clone, Debug)]
pub struct PredictRequest {
    pub reference: ModelRef,
    /// Reasons for every ticket, not only for those that are marked.
    pub explain: bool,
    /// What of fields was typed; the model's own instructions hold otherwise.
    pub typed: TypedInstructions,
}

/// What was done.
#[derive(Clone, Debug)]
pub struct PredictReport {
    pub model: Resolved,
    /// What each prediction holds.
    pub columns: &'static [PredictionColumn],
    pub read: u64,
    pub predicted: u64,
    pub anomalies: u64,
    pub sentence: String,
    /// What is to be told beside the predictions.
    pub notes: Vec<String>,
}

/// Takes predictions in batches, with the model and what each of them holds.
pub type Sink<'s> = dyn FnMut(&Resolved, &'static [PredictionColumn], &[Prediction]) -> Result<()> + 's;

/// Answers for every usable ticket, in the order of the source; `sink` gets them in batches.
///
/// Errors: those of the registry and the source; [`ErrorKind::NotEnoughData`] when no ticket could be
/// used.
pub fn run(
    registry: &dyn ModelStore,
    kinds: &Catalogue,
    request: &PredictRequest,
    source: &dyn TicketSource,
    sink: &mut Sink<'_>,
    progress: &dyn Progress,
) -> Result<PredictReport> {
    let model = resolve(registry, kinds, &request.reference)?;
    let loaded = load::model(registry, kinds, &model.version)?;
    let label = model.version.id().to_string();
    let (fields, _, notes) = loaded.info().settle(&label, (&LabelRule::default(), &request.typed), true)?;
    let told = fields.map(|fields| source.with_fields(fields));
    let source = told.as_deref().unwrap_or(source);
    let columns = loaded.info().kind.columns();
    progress.begin("predicting", progress.is_shown().then(|| source.expected(&TicketQuery::default())).flatten());
    let predictor = loaded.predictor(request.explain)?;
    let mut report = PredictReport { model, columns, read: 0, predicted: 0, anomalies: 0, sentence: String::new(), notes };
    let mut filter = TicketFilter::new(any_outcome(), None).trusting_ids(source.ids_are_unique());
    let mut batch: Vec<(Ticket, Option<TicketOutcome>)> = Vec::with_capacity(BATCH);
    let mut flush = |batch: &mut Vec<(Ticket, Option<TicketOutcome>)>, report: &mut PredictReport| -> Result<()> {
        let answers =
            batch.par_iter().map(|(ticket, outcome)| predictor.predict(ticket, outcome.as_ref())).collect::<Result<Vec<Prediction>>>()?;
        report.predicted += answers.len() as u64;
        report.anomalies += answers.iter().filter(|answer| answer.is_marked()).count() as u64;
        batch.clear();
        progress.advance_to(report.predicted);
        sink(&report.model, columns, &answers)
    };
    source.for_each(&TicketQuery::default(), &mut |ticket, _| {
        let admitted: std::result::Result<Option<TicketOutcome>, Refusal> =
            if loaded.needs_outcome() { filter.admit(&ticket).map(Some) } else { filter.admit_unlabelled(&ticket).map(|()| None) };
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
    LabelRule {
        wanted: LabelWanted::Auto,
        statuses: vec![TicketStatus::Completed, TicketStatus::Failed, TicketStatus::Compensated, TicketStatus::Compensating],
    }
}
