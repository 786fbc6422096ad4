//! Using a registered model on tickets, as a stream: what is in memory does not grow with the input.
//!
//! Predictions use the history that travels with the model, which stands still.

mod rows;
mod table;

use rayon::prelude::*;

use rows::{RowWriter, cells, row};

use super::no_ticket::why_none;
use super::resolve::{Resolved, resolve};
use super::workspace::{Intent, Workspace, note};
use super::{Progress, load};
use crate::api::predict::{PredictReport, PredictRequest, PredictedRows, PredictedSamples, ReportedColumn};
use crate::api::{Listener, StreamingOperations};
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::{Catalogue, Prediction, PredictionColumn};
use crate::registry::ModelStore;
use crate::source::{TicketQuery, TicketSource};
use crate::ticket::{LabelRule, LabelWanted, Refusal, Ticket, TicketFilter, TicketOutcome, TicketStatus, ZeroDurations};

/// Tickets scored at a time.
const BATCH: usize = 4_096;

impl StreamingOperations<PredictRequest> for Workspace<'_> {
    fn stream(&self, request: &PredictRequest, listener: &mut dyn Listener<PredictedRows>) -> Result<PredictReport> {
        let mut flags = self.flags();
        note(&request.tickets, &mut flags);
        let settings = self.settings(&flags)?;
        let registry = self.registry(&settings, Intent::Load)?;
        let source = self.tickets(&settings, &request.tickets)?;
        let mut rows = RowWriter::new(request.out.as_deref(), request.rows, listener)?;
        let (registry, progress) = (registry.store(), self.progress());
        let take = &mut |model: &Resolved, columns: &'static [PredictionColumn], answers: &[Prediction]| {
            rows.take(answers.iter().map(|answer| row(model, columns, answer)), || cells(model, columns, answers))
        };
        let report = run(registry, self.kinds(), request, source.as_ref(), take, progress)?;
        Ok(PredictReport { items: rows.finish()?, ..report })
    }
}

/// Takes predictions in batches, with the model and what each of them holds.
type Taker<'s> = dyn FnMut(&Resolved, &'static [PredictionColumn], &[Prediction]) -> Result<()> + 's;

/// Answers for every usable ticket, in the order of the source; `sink` gets them in batches.
///
/// Errors: those of the registry and the source; [`ErrorKind::NotEnoughData`] when no ticket could be
/// used.
fn run(
    registry: &dyn ModelStore,
    kinds: &Catalogue,
    request: &PredictRequest,
    source: &dyn TicketSource,
    sink: &mut Taker<'_>,
    progress: &dyn Progress,
) -> Result<PredictReport> {
    let model = resolve(registry, kinds, &request.model)?;
    let loaded = load::model_with(registry, kinds, &model.version, request.rounds)?;
    let label = model.version.id().to_string();
    let (fields, labels, notes) = loaded.info().settle(&label, (&LabelRule::default(), &request.typed), true)?;
    let told = fields.map(|fields| source.with_fields(fields));
    let source = told.as_deref().unwrap_or(source);
    let columns = loaded.info().kind.columns();
    progress.begin("predicting", progress.is_shown().then(|| source.expected(&TicketQuery::default())).flatten());
    let predictor = loaded.predictor(request.explain)?;
    let mut counts = Counts::default();
    let mut filter = TicketFilter::new(any_outcome(labels.zero_durations), None).trusting_ids(source.ids_are_unique());
    let mut batch: Vec<(Ticket, Option<TicketOutcome>)> = Vec::with_capacity(BATCH);
    let mut flush = |batch: &mut Vec<(Ticket, Option<TicketOutcome>)>, counts: &mut Counts| -> Result<()> {
        let answers =
            batch.par_iter().map(|(ticket, outcome)| predictor.predict(ticket, outcome.as_ref())).collect::<Result<Vec<Prediction>>>()?;
        counts.predicted += answers.len() as u64;
        counts.anomalies += answers.iter().filter(|answer| answer.is_marked()).count() as u64;
        batch.clear();
        progress.advance_to(counts.predicted);
        sink(&model, columns, &answers)
    };
    source.for_each(&TicketQuery::default(), &mut |ticket, _| {
        let admitted: std::result::Result<Option<TicketOutcome>, Refusal> =
            if loaded.needs_outcome() { filter.admit(&ticket).map(Some) } else { filter.admit_unlabelled(&ticket).map(|()| None) };
        if let Ok(outcome) = admitted {
            batch.push((ticket, outcome));
        }
        if batch.len() == BATCH { flush(&mut batch, &mut counts) } else { Ok(()) }
    })?;
    flush(&mut batch, &mut counts)?;
    let (read, ticket_summary) = (filter.quality().read(), filter.quality().sentence());
    let refused = filter.quality().refused().map(|(reason, count)| (reason.to_owned(), count)).collect();
    progress.finish(&format!("{ticket_summary}, {} predicted", counts.predicted));
    if counts.predicted == 0 {
        let error = Error::new(ErrorKind::NotEnoughData, "no ticket could be used").because(ticket_summary);
        let error = source.survey()?.into_iter().fold(error, Error::because);
        return Err(why_none(filter.quality()).into_iter().fold(error, Error::hint));
    }
    let told = |column: &PredictionColumn| ReportedColumn { name: column.name.into(), heading: column.heading.into(), form: column.form };
    Ok(PredictReport {
        model_name: model.version.name,
        model_version: model.version.version,
        chosen_as: model.chosen_as,
        samples: PredictedSamples { read, predicted: counts.predicted, refused },
        ticket_summary,
        anomaly_count: counts.anomalies,
        columns: columns.iter().map(told).collect(),
        file: request.out.clone(),
        items: None,
        notes,
    })
}

/// What was predicted so far.
#[derive(Default)]
struct Counts {
    predicted: u64,
    anomalies: u64,
}

/// An ended ticket of any status has an outcome for a detector that looks back.
fn any_outcome(zero_durations: ZeroDurations) -> LabelRule {
    LabelRule {
        wanted: LabelWanted::Auto,
        statuses: vec![TicketStatus::Completed, TicketStatus::Failed, TicketStatus::Compensated, TicketStatus::Compensating],
        zero_durations,
    }
}
