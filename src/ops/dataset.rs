//! Tables of tickets: the matrix that training sees, or that a model's predictions see.

use std::sync::Arc;

use super::reading::{ReadRequest, read};
use super::resolve::resolve;
use super::{Progress, load};
use crate::error::Result;
use crate::features::{FeatureFrame, FeatureSchema, HistoryPolicy, HoldoutSplit, build};
use crate::kinds::{Catalogue, TypedInstructions};
use crate::lifecycle::ModelRef;
use crate::registry::ModelStore;
use crate::source::{TicketQuery, TicketSource};
use crate::ticket::{LabelRule, TicketFilter};

/// A matrix with what belongs to each row.
pub struct Matrix {
    pub frame: FeatureFrame,
    /// Milliseconds since the epoch, one a row, ascending for a training matrix.
    pub created_at: Vec<i64>,
    /// Durations in ms; NaN where a ticket has none.
    pub actual_duration_ms: Vec<f64>,
    pub sentence: String,
}

/// The matrix that training sees: labelled tickets of the window by creation, features as known then.
/// The statistics learn from the first four fifths, as in training.
pub fn training_matrix(schema: FeatureSchema, request: &ReadRequest, source: &dyn TicketSource, progress: &dyn Progress) -> Result<Matrix> {
    let reading = read(request, source, progress)?;
    let rows = reading.timeline.labelled();
    let split = HoldoutSplit::by_time(rows.len(), super::train::HOLDOUT_SHARE);
    let frame = build(&Arc::new(schema), &reading.timeline, &rows, &HistoryPolicy::as_in_service(&split, &rows, &reading.timeline))?;
    let created_at = rows.iter().map(|&row| reading.timeline.tickets()[row as usize].created_at).collect();
    Ok(Matrix { frame, created_at, actual_duration_ms: reading.timeline.durations_ms(&rows), sentence: reading.quality.sentence() })
}

/// The matrix that a registered model's predictions see, in the order of the source.
pub fn serving_matrix(
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
