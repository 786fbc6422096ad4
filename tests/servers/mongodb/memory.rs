//! A source of tickets in memory with every capability, to hold a server's behaviour against.

use std::sync::{Arc, Mutex, MutexGuard};

use hivectl::error::{Error, ErrorKind, Result};
use hivectl::source::{
    Aggregations, BackfillRecord, BackfillStatistics, BatchOutcome, DurationGroup, KeepReplaced, NewPrediction, PredictionStore,
    PredictionWriter, Selection, SourcePosition, TicketQuery, TicketRevision, TicketSource, UndoOutcome, Visit, VisitRevision,
};
use hivectl::ticket::{FieldPaths, LabelRule, Ticket, TicketSeed, TicketStatus, Window};
use mongodb::bson::{Bson, Document, doc};
use serde::de::DeserializeSeed;

/// Tickets and the record of the backfills, shared by the source and its writers.
#[derive(Clone, Default)]
pub struct MemorySource {
    contents: Arc<Mutex<Contents>>,
}

#[derive(Default)]
pub struct Contents {
    pub tickets: Vec<Document>,
    /// Each backfill, and whether it has ended.
    records: Vec<(BackfillRecord, bool)>,
    replaced: Vec<Replaced>,
}

impl MemorySource {
    pub fn contents(&self) -> MutexGuard<'_, Contents> {
        self.contents.lock().expect("nobody panicked")
    }

    fn selected(&self, query: &TicketQuery) -> Vec<(Ticket, Document)> {
        let paths = FieldPaths::default();
        let rows = self.contents().tickets.clone();
        let parsed = rows.into_iter().map(|document| {
            let value = serde_json::to_value(&document).expect("JSON");
            (TicketSeed::new(&paths).deserialize(value).expect("a ticket"), document)
        });
        parsed.filter(|(ticket, _)| is_selected(ticket, query.selection)).collect()
    }
}

fn is_selected(ticket: &Ticket, selection: Selection) -> bool {
    let created = |window: Window| ticket.created_at.map(|created_at| window.contains(created_at));
    let predicted = |window: Window| ticket.prediction.as_ref().map(|one| one.predicted_at.is_some_and(|at| window.contains(at)));
    match selection {
        Selection::All => true,
        Selection::Created(window) => created(window).unwrap_or(true),
        Selection::Dated(window) => created(window).unwrap_or(false),
        Selection::CreatedOrPredicted(window) => predicted(window).is_some_and(|then| then || created(window).unwrap_or(true)),
    }
}

fn id(document: &Document) -> String {
    document.get("_id").map(Bson::to_string).unwrap_or_default()
}

/// What has to be the same for a prediction to be written.
fn state(document: &Document) -> String {
    let predictions = document.get("predictions");
    let version = predictions.and_then(Bson::as_document).and_then(|predictions| predictions.get("model_version"));
    let is_null = predictions == Some(&Bson::Null);
    format!("{:?} {:?} {version:?} {is_null} {}", document.get("status"), document.get("actual_duration_ms"), is_writable(document))
}

fn is_writable(document: &Document) -> bool {
    matches!(document.get("predictions"), None | Some(Bson::Null | Bson::Document(_)))
}

impl TicketSource for MemorySource {
    fn name(&self) -> String {
        "memory".into()
    }

    fn places(&self) -> Vec<String> {
        vec![self.name()]
    }

    /// Its tickets name no other fields.
    fn with_fields(&self, _: FieldPaths) -> Box<dyn TicketSource> {
        Box::new(self.clone())
    }

    fn for_each(&self, query: &TicketQuery, visit: &mut Visit<'_>) -> Result<()> {
        let position = SourcePosition { file: "memory".into(), line: 0 };
        self.selected(query).into_iter().try_for_each(|(ticket, _)| visit(ticket, &position))
    }

    fn newest(&self) -> Result<Option<i64>> {
        Ok(self.selected(&TicketQuery::default()).iter().filter_map(|(ticket, _)| ticket.created_at).max())
    }

    fn expected(&self, query: &TicketQuery) -> Option<u64> {
        Some(self.selected(query).len() as u64)
    }

    fn survey(&self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    fn aggregations(&self) -> Option<&dyn Aggregations> {
        Some(self)
    }

    fn predictions(&self) -> Option<&dyn PredictionStore> {
        Some(self)
    }
}

impl Aggregations for MemorySource {
    fn durations(&self, window: &Window, statuses: &[TicketStatus]) -> Result<Option<Vec<DurationGroup>>> {
        let labels = LabelRule { statuses: statuses.to_vec(), ..LabelRule::default() };
        let mut groups: std::collections::BTreeMap<(String, String), Vec<f64>> = std::collections::BTreeMap::new();
        for (ticket, _) in self.selected(&TicketQuery::of(Selection::Dated(*window))) {
            if let Ok(outcome) = labels.outcome(&ticket) {
                groups.entry((ticket.task_type.to_string(), ticket.risk_band.to_string())).or_default().push(outcome.duration_ms);
            }
        }
        let group = |((task_type, risk_band), durations): ((String, String), Vec<f64>)| {
            let count = durations.len() as f64;
            let mean_ms = durations.iter().sum::<f64>() / count;
            let variance = durations.iter().map(|duration| (duration - mean_ms).powi(2)).sum::<f64>() / count;
            DurationGroup { task_type, risk_band, count: durations.len() as u64, mean_ms, deviation_ms: variance.sqrt() }
        };
        Ok(Some(groups.into_iter().map(group).collect()))
    }
}

impl PredictionStore for MemorySource {
    fn for_each_revision(&self, query: &TicketQuery, visit: &mut VisitRevision<'_>) -> Result<()> {
        self.selected(query).into_iter().try_for_each(|(ticket, document)| {
            visit(ticket, TicketRevision::new(id(&document).into_bytes(), state(&document).into_bytes(), is_writable(&document)))
        })
    }

    fn writer(&self, model_name: &str, model_version: &str, keep: Option<KeepReplaced>) -> Result<Box<dyn PredictionWriter>> {
        Ok(Box::new(MemoryWriter { source: self.clone(), model_name: model_name.into(), model_version: model_version.into(), keep }))
    }

    fn undo(&self, run: &str, write: bool) -> Result<UndoOutcome> {
        let mut contents = self.contents();
        let (kept, others): (Vec<Replaced>, Vec<Replaced>) = contents.replaced.drain(..).partition(|kept| kept.run == run);
        contents.replaced = others;
        let mut outcome = UndoOutcome { kept: kept.len() as u64, ..UndoOutcome::default() };
        for kept in kept {
            let ticket = contents.tickets.iter_mut().find(|document| id(document) == kept.id);
            let ticket = ticket.filter(|ticket| ticket.get_document("predictions").ok() == Some(&kept.written));
            match ticket {
                Some(ticket) => {
                    outcome.restored += 1;
                    if write {
                        ticket.insert("predictions", kept.former);
                        continue;
                    }
                }
                None => outcome.conflicts.push(kept.id.clone()),
            }
            contents.replaced.push(kept);
        }
        Ok(outcome)
    }

    fn new_record_id(&self) -> String {
        format!("{:06}", self.contents().records.len())
    }

    fn unfinished(&self) -> Result<Option<BackfillRecord>> {
        Ok(self.contents().records.iter().rev().find(|(_, ended)| !ended).map(|(record, _)| record.clone()))
    }

    fn begin(&self, record: &BackfillRecord) -> Result<()> {
        let mut contents = self.contents();
        if contents.records.iter().all(|(known, _)| known.id != record.id) {
            contents.records.push((record.clone(), false));
        }
        Ok(())
    }

    fn finish(&self, record: &BackfillRecord, _: &BackfillStatistics, _: i64) -> Result<()> {
        let over = |known: &BackfillRecord| {
            let within = known.window.from_ms >= record.window.from_ms && known.window.to_ms <= record.window.to_ms;
            known.id == record.id || (known.model_name == record.model_name && known.model_version == record.model_version && within)
        };
        self.contents().records.iter_mut().filter(|(known, _)| over(known)).for_each(|(_, ended)| *ended = true);
        Ok(())
    }
}

struct MemoryWriter {
    source: MemorySource,
    model_name: String,
    model_version: String,
    keep: Option<KeepReplaced>,
}

/// What was written over, and by what.
pub struct Replaced {
    run: String,
    id: String,
    former: Document,
    written: Document,
}

impl PredictionWriter for MemoryWriter {
    fn write(&self, batch: &[(&TicketRevision, NewPrediction)], predicted_at: i64) -> Result<BatchOutcome> {
        let mut contents = self.source.contents();
        let mut outcome = BatchOutcome::default();
        for (position, (revision, prediction)) in batch.iter().enumerate() {
            let ticket = contents.tickets.iter_mut().find(|document| id(document).as_bytes() == revision.id());
            let Some(ticket) = ticket else {
                outcome.conflicts += 1;
                continue;
            };
            if state(ticket).as_bytes() != revision.state() {
                let stored = ticket.get_document("predictions").ok();
                let stored = |key: &str| stored.and_then(|stored| stored.get_str(key).ok());
                let ours = stored("model_name") == Some(&self.model_name) && stored("model_version") == Some(&self.model_version);
                if ours {
                    outcome.written_elsewhere.insert(position);
                } else {
                    outcome.conflicts += 1;
                }
                continue;
            }
            let former = ticket.get_document("predictions").cloned();
            let mut predictions = former.clone().unwrap_or_default();
            predictions.extend(doc! {
                "duration_ms": prediction.duration_ms, "duration_confidence": prediction.confidence,
                "model_name": &self.model_name, "model_version": &self.model_version, "predicted_at": predicted_at,
                "error_ms": prediction.error_ms, "error_pct": prediction.error_pct,
            });
            let id = id(ticket);
            ticket.insert("predictions", predictions.clone());
            if let (Some(keep), Ok(former)) = (&self.keep, former)
                && former.contains_key("duration_ms")
            {
                contents.replaced.push(Replaced { run: keep.run.clone(), id, former, written: predictions });
            }
            outcome.written.insert(position);
        }
        Ok(outcome)
    }
}

/// A store that fails once so many batches were written.
pub struct FailingStore<'s> {
    pub store: &'s dyn PredictionStore,
    pub batches: u32,
}

struct FailingWriter {
    writer: Box<dyn PredictionWriter>,
    left: Mutex<u32>,
}

impl PredictionWriter for FailingWriter {
    fn write(&self, batch: &[(&TicketRevision, NewPrediction)], predicted_at: i64) -> Result<BatchOutcome> {
        let mut left = self.left.lock().expect("nobody panicked");
        if *left == 0 {
            return Err(Error::new(ErrorKind::Unreachable, "the store went away"));
        }
        *left -= 1;
        self.writer.write(batch, predicted_at)
    }
}

impl PredictionStore for FailingStore<'_> {
    fn for_each_revision(&self, query: &TicketQuery, visit: &mut VisitRevision<'_>) -> Result<()> {
        self.store.for_each_revision(query, visit)
    }

    fn writer(&self, model_name: &str, model_version: &str, keep: Option<KeepReplaced>) -> Result<Box<dyn PredictionWriter>> {
        Ok(Box::new(FailingWriter { writer: self.store.writer(model_name, model_version, keep)?, left: Mutex::new(self.batches) }))
    }

    fn undo(&self, run: &str, write: bool) -> Result<UndoOutcome> {
        self.store.undo(run, write)
    }

    fn new_record_id(&self) -> String {
        self.store.new_record_id()
    }

    fn unfinished(&self) -> Result<Option<BackfillRecord>> {
        self.store.unfinished()
    }

    fn begin(&self, record: &BackfillRecord) -> Result<()> {
        self.store.begin(record)
    }

    fn finish(&self, record: &BackfillRecord, statistics: &BackfillStatistics, retention_days: i64) -> Result<()> {
        self.store.finish(record, statistics, retention_days)
    }
}

/// A source without its capabilities: rows in order and nothing more.
pub struct RowsOnly<'s>(pub &'s dyn TicketSource);

impl TicketSource for RowsOnly<'_> {
    fn name(&self) -> String {
        self.0.name()
    }

    fn places(&self) -> Vec<String> {
        self.0.places()
    }

    fn with_fields(&self, fields: FieldPaths) -> Box<dyn TicketSource> {
        self.0.with_fields(fields)
    }

    fn for_each(&self, query: &TicketQuery, visit: &mut Visit<'_>) -> Result<()> {
        self.0.for_each(query, visit)
    }

    fn newest(&self) -> Result<Option<i64>> {
        self.0.newest()
    }

    fn expected(&self, query: &TicketQuery) -> Option<u64> {
        self.0.expected(query)
    }

    fn survey(&self) -> Result<Vec<String>> {
        self.0.survey()
    }
}
