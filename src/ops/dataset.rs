//! Tables of tickets: the matrix that training sees, or that a model's predictions see.

use std::sync::Arc;

use super::reading::{ReadRequest, read};
use super::resolve::resolve;
use super::workspace::{Intent, Workspace, field_paths, note, number};
use super::{Progress, load};
use crate::api::dataset::{FeatureMatrixReport, FeatureMatrixRequest, SyntheticDatasetReport, SyntheticDatasetRequest};
use crate::api::models::FeatureList;
use crate::api::{Operations, Tickets};
use crate::error::Result;
use crate::features::{FeatureFrame, FeatureSchema, HistoryPolicy, HoldoutSplit, build};
use crate::kinds::{Catalogue, TypedInstructions};
use crate::lifecycle::ModelRef;
use crate::registry::ModelStore;
use crate::source::synthetic::SyntheticRequest;
use crate::source::tables::write_matrix;
use crate::source::{TicketQuery, TicketSource};
use crate::ticket::{LabelRule, TicketFilter};

impl Operations<SyntheticDatasetRequest> for Workspace<'_> {
    fn run(&self, request: &SyntheticDatasetRequest) -> Result<SyntheticDatasetReport> {
        let tickets = SyntheticRequest {
            rows: request.rows,
            seed: request.seed,
            anomaly_ratio: request.anomaly_ratio,
            drift: request.drift,
            start_ms: request.start.0,
            days: request.days,
        };
        crate::source::synthetic::write(&tickets, &request.file)?;
        Ok(SyntheticDatasetReport { file: request.file.clone(), tickets: request.rows, seed: request.seed, synthetic: true })
    }
}

impl Operations<FeatureMatrixRequest> for Workspace<'_> {
    fn run(&self, request: &FeatureMatrixRequest) -> Result<FeatureMatrixReport> {
        let mut flags = self.flags();
        note(&request.tickets, &mut flags);
        flags.set("window_days", "--window-days", request.window_days);
        let settings = self.settings(&flags)?;
        let tickets = self.tickets(&settings, &request.tickets)?;
        let matrix = match &request.model {
            Some(reference) => {
                let registry = self.registry(&settings, Intent::Load)?;
                let (store, typed) = (registry.store(), typed(&request.tickets));
                serving_matrix(store, self.kinds(), (reference, &typed), tickets.as_ref(), self.progress())?
            }
            None => {
                let schema = FeatureSchema::named(&request.features, field_paths(&settings)?.configuration())?;
                let labels = LabelRule { statuses: request.statuses.clone(), ..LabelRule::default() };
                let as_of = request.as_of.map(|time| time.0);
                let read = ReadRequest { labels, window_days: number(&settings, "window_days")?, as_of, min_samples: 1, max_age: None };
                training_matrix(schema, &read, tickets.as_ref(), self.progress())?
            }
        };
        let Matrix { frame, created_at, actual_duration_ms, sentence } = matrix;
        let schema = frame.schema();
        write_matrix(&request.file, &schema.names(), frame.columns()?, &created_at, &actual_duration_ms)?;
        Ok(FeatureMatrixReport {
            file: request.file.clone(),
            rows: frame.rows(),
            schema: FeatureList { name: schema.name.clone(), fingerprint: schema.fingerprint(), features: schema.names() },
            tickets: sentence,
        })
    }
}

/// What of the fields was typed.
fn typed(tickets: &Tickets) -> TypedInstructions {
    TypedInstructions {
        requester_field: tickets.requester_field.clone(),
        executable_field: tickets.executable_field.clone(),
        size_field: tickets.size_field.clone(),
        ..TypedInstructions::default()
    }
}

/// A matrix with what belongs to each row.
struct Matrix {
    frame: FeatureFrame,
    /// Milliseconds since the epoch, one a row, ascending for a training matrix.
    created_at: Vec<i64>,
    /// Durations in ms; NaN where a ticket has none.
    actual_duration_ms: Vec<f64>,
    sentence: String,
}

/// The matrix that training sees: labelled tickets of the window by creation, features as known then.
/// The statistics learn from the first four fifths, as in training.
fn training_matrix(schema: FeatureSchema, request: &ReadRequest, source: &dyn TicketSource, progress: &dyn Progress) -> Result<Matrix> {
    let reading = read(request, source, progress)?;
    let rows = reading.timeline.labelled();
    let split = HoldoutSplit::by_time(rows.len(), super::train::HOLDOUT_SHARE);
    let frame = build(&Arc::new(schema), &reading.timeline, &rows, &HistoryPolicy::as_in_service(&split, &rows, &reading.timeline))?;
    let created_at = rows.iter().map(|&row| reading.timeline.tickets()[row as usize].created_at).collect();
    Ok(Matrix { frame, created_at, actual_duration_ms: reading.timeline.durations_ms(&rows), sentence: reading.quality.sentence() })
}

/// The matrix that a registered model's predictions see, in the order of the source.
fn serving_matrix(
    registry: &dyn ModelStore,
    kinds: &Catalogue,
    (reference, typed): (&ModelRef, &TypedInstructions),
    source: &dyn TicketSource,
    progress: &dyn Progress,
) -> Result<Matrix> {
    let version = resolve(registry, kinds, reference)?.version;
    let model = load::model(registry, kinds, &version)?;
    let (fields, _, _) = model.info().settle(&version.id().to_string(), (&LabelRule::default(), typed), true)?;
    let told = fields.map(|fields| source.with_fields(fields));
    let source = told.as_deref().unwrap_or(source);
    progress.begin("reading tickets", progress.is_shown().then(|| source.expected(&TicketQuery::default())).flatten());
    let schema = Arc::new(model.info().schema.clone());
    let labels = LabelRule::default();
    let mut filter = TicketFilter::new(labels.clone(), None).trusting_ids(source.ids_are_unique());
    let mut columns: Vec<Vec<f32>> = vec![Vec::new(); schema.len()];
    let (mut created_at, mut durations) = (Vec::new(), Vec::new());
    source.for_each(&TicketQuery::default(), &mut |ticket, _| {
        let outcome = labels.outcome(&ticket).ok();
        let admitted = if model.needs_outcome() { filter.admit(&ticket).map(|_| ()) } else { filter.admit_unlabelled(&ticket) };
        if admitted.is_ok() {
            let row = model.row(&ticket, outcome.as_ref().filter(|_| model.needs_outcome()));
            columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
            created_at.push(ticket.created_at.unwrap_or(0));
            durations.push(outcome.map_or(f64::NAN, |outcome| outcome.duration_ms));
        }
        Ok(())
    })?;
    let sentence = filter.quality().sentence();
    progress.finish(&sentence);
    let frame = FeatureFrame::new(schema, created_at.len(), columns)?;
    Ok(Matrix { frame, created_at, actual_duration_ms: durations, sentence })
}
