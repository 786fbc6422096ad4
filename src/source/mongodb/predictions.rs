//! Predictions back into the tickets: only the keys that hivectl owns, and only while the ticket is as it was read.

use std::collections::BTreeMap;

use mongodb::bson::raw::{CStr, cstr};
use mongodb::bson::{Bson, Document, RawBson, RawDocumentBuf, doc};

use super::connection::{Connection, RetryBackoff};
use super::revision::{Revision, document, list, literal};
use super::tickets::MongoTickets;
use super::{backfill_record, replaced, target::MongoTarget};
use crate::error::{Error, ErrorKind, Result};
use crate::source::contract::TicketQuery;
use crate::source::prediction_store::{
    BackfillRecord, BackfillStatistics, BatchOutcome, KeepReplaced, NewPrediction, PredictionStore, PredictionWriter, TicketRevision,
    UndoOutcome, VisitRevision,
};

/// Server codes of a ticket that would pass 16 MB with its prediction, or break a rule of its collection.
const CANNOT_BE_STORED: [i64; 4] = [10_334, 17_419, 17_420, 121];

/// Tickets of one statement. What a statement costs a server is then shared by fifty tickets, and it takes 0.7 of the
/// time of as many statements with a filter by `_id` and plain values; with more the search for a ticket's place in
/// the list costs what is saved.
const TOGETHER: usize = 50;

impl PredictionStore for MongoTickets {
    fn for_each_revision(&self, query: &TicketQuery, visit: &mut VisitRevision<'_>) -> Result<()> {
        self.read(query, Revision::of, visit)
    }

    fn writer(&self, model_name: &str, model_version: &str, keep: Option<KeepReplaced>) -> Result<Box<dyn PredictionWriter>> {
        Ok(Box::new(MongoWriter { keep, ..MongoWriter::open(self.target(), model_name, model_version)? }))
    }

    fn undo(&self, run: &str, write: bool) -> Result<UndoOutcome> {
        replaced::undo(&Connection::open(self.target())?, run, write)
    }

    fn new_record_id(&self) -> String {
        backfill_record::new_id()
    }

    fn unfinished(&self) -> Result<Option<BackfillRecord>> {
        backfill_record::unfinished(&Connection::open(self.target())?)
    }

    fn begin(&self, record: &BackfillRecord) -> Result<()> {
        let connection = Connection::open(self.target())?;
        replaced::forget_expired(&connection)?;
        backfill_record::begin(&connection, record)
    }

    fn finish(&self, record: &BackfillRecord, statistics: &BackfillStatistics, retention_days: i64) -> Result<()> {
        backfill_record::finish(&Connection::open(self.target())?, record, statistics, retention_days)
    }
}

/// Writes the predictions of one version of a model.
struct MongoWriter {
    connection: Connection,
    model_name: String,
    model_version: String,
    /// Where what is written over is kept.
    keep: Option<KeepReplaced>,
}

impl MongoWriter {
    /// Prepares to write at `target`; nothing is sent yet.
    fn open(target: &MongoTarget, model_name: &str, model_version: &str) -> Result<Self> {
        Ok(MongoWriter {
            connection: Connection::open(target)?,
            model_name: model_name.into(),
            model_version: model_version.into(),
            keep: None,
        })
    }

    /// Sends the updates of these places, so many tickets in a statement at most.
    fn update(&self, batch: &[(Revision<'_>, NewPrediction)], places: &[usize], together: usize, predicted_at: i64) -> Result<Answer> {
        if places.is_empty() {
            return Ok(Answer::default());
        }
        let mut kinds: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        places.iter().for_each(|&place| kinds.entry(batch[place].0.kind()).or_default().push(place));
        let statements: Vec<&[usize]> = kinds.values().flat_map(|places| places.chunks(together)).collect();
        let mut command = RawDocumentBuf::new();
        command.append(cstr!("update"), self.connection.target.collection.as_str());
        command.append(cstr!("updates"), list(statements.iter().map(|places| self.statement(batch, places, predicted_at).into())));
        command.append(cstr!("ordered"), false);
        command.append(cstr!("writeConcern"), document(cstr!("w"), "majority"));
        let database = self.connection.database();
        let reply = self.connection.ask("write predictions", async { database.run_raw_command(command).await })?;
        let refused =
            self.refused(&reply)?.into_iter().filter_map(|number| statements.get(number)).flat_map(|places| places.iter().copied());
        Ok(Answer { matched: usize::try_from(count(reply.get("nModified"))).unwrap_or(0), refused: refused.collect() })
    }

    /// The statements of which the server says that what they make of a ticket cannot be stored.
    fn refused(&self, reply: &Document) -> Result<Vec<usize>> {
        let failed = |text: String| {
            Error::new(
                ErrorKind::ServerFailed,
                format!("cannot write predictions into {}: the server answered with an error", self.connection.target),
            )
            .because(text)
        };
        let mut refused = Vec::new();
        for error in reply.get_array("writeErrors").into_iter().flatten().filter_map(Bson::as_document) {
            let (code, text) = (count(error.get("code")), error.get_str("errmsg").unwrap_or("no reason given"));
            // DocumentDB has a number of its own for what is too large.
            if !CANNOT_BE_STORED.contains(&code) && !text.contains("larger than MaxDocumentSize") {
                return Err(failed(format!("{code}: {text}")));
            }
            refused.extend(usize::try_from(count(error.get("index"))));
        }
        match reply.get_document("writeConcernError") {
            Ok(error) => Err(failed(error.get_str("errmsg").unwrap_or("the write is not confirmed").to_owned())),
            Err(_) => Ok(refused),
        }
    }

    /// One statement for tickets of one kind: each gets its prediction beside what else its `predictions` holds while
    /// it is as it was seen; else it stays as it is.
    fn statement(&self, batch: &[(Revision<'_>, NewPrediction)], places: &[usize], predicted_at: i64) -> RawDocumentBuf {
        let tickets = places.iter().map(|&place| &batch[place]);
        let ids = list(tickets.clone().filter_map(|(revision, _)| Some(revision.id()?.into())));
        let values = list(tickets.map(|(revision, prediction)| {
            let actual = revision.actual().map_or(RawBson::Null, RawBson::from);
            list([actual, self.object(prediction, predicted_at).into()]).into()
        }));
        let item = |list_of: RawBson, place: RawBson| RawBson::from(document(cstr!("$arrayElemAt"), list([list_of, place])));
        let first = &batch[places[0]].0;
        let mut conditions = first.conditions();
        // What the filter finds and the list does not hold would be the last of the list.
        conditions.push(document(cstr!("$gte"), list(["$$place".into(), 0.into()])));
        if first.actual().is_some() {
            conditions.push(document(cstr!("$eq"), list(["$actual_duration_ms".into(), item("$$mine".into(), 0.into())])));
        }
        let merged = document(cstr!("$mergeObjects"), list(["$predictions".into(), item("$$mine".into(), 1.into())]));
        let choice = list([document(cstr!("$and"), conditions).into(), merged.into(), "$predictions".into()]);
        let mine = named(cstr!("mine"), item(literal(values), "$$place".into()), document(cstr!("$cond"), choice));
        let place = document(cstr!("$indexOfArray"), list([literal(ids.clone()), "$_id".into()]));
        let chosen = document(cstr!("predictions"), named(cstr!("place"), place, mine));
        let mut statement = RawDocumentBuf::new();
        statement.append(cstr!("q"), document(cstr!("_id"), document(cstr!("$in"), ids)));
        statement.append(cstr!("u"), list([document(cstr!("$set"), chosen).into()]));
        statement.append(cstr!("multi"), true);
        statement
    }

    fn object(&self, prediction: &NewPrediction, predicted_at: i64) -> RawDocumentBuf {
        let mut object = RawDocumentBuf::new();
        object.append(cstr!("duration_ms"), prediction.duration_ms);
        object.append(cstr!("duration_confidence"), prediction.confidence);
        object.append(cstr!("model_name"), self.model_name.as_str());
        object.append(cstr!("model_version"), self.model_version.as_str());
        object.append(cstr!("predicted_at"), predicted_at);
        object.append(cstr!("error_ms"), prediction.error_ms);
        object.append(cstr!("error_pct"), prediction.error_pct);
        object
    }

    /// Keeps what the batch writes over.
    fn keep_former(&self, batch: &[(Revision<'_>, NewPrediction)], predicted_at: i64) -> Result<()> {
        let Some(keep) = &self.keep else { return Ok(()) };
        let (mut ids, mut written) = (Vec::new(), Vec::new());
        for (revision, prediction) in batch {
            if let (Some(Ok(id)), Ok(object)) =
                (revision.id().map(Bson::try_from), Document::try_from(self.object(prediction, predicted_at)))
            {
                ids.push(id);
                written.push(object);
            }
        }
        replaced::keep(&self.connection, keep, &ids, &written)
    }

    /// Forgets what was kept of tickets that were not written.
    fn forget_unwritten(&self, batch: &[(Revision<'_>, NewPrediction)], outcome: &BatchOutcome) -> Result<()> {
        let Some(keep) = &self.keep else { return Ok(()) };
        let unwritten = batch.iter().enumerate().filter(|(place, _)| !outcome.written.contains(place));
        let ids: Vec<Bson> = unwritten.filter_map(|(_, (revision, _))| Bson::try_from(revision.id()?).ok()).collect();
        replaced::forget(&self.connection, &keep.run, &ids)
    }

    /// Looks which tickets of the batch carry this version's prediction, and whether this run made it.
    fn note_done(&self, batch: &[(Revision<'_>, NewPrediction)], outcome: &mut BatchOutcome, predicted_at: i64) -> Result<()> {
        let ids: Vec<Bson> = batch.iter().filter_map(|(revision, _)| Bson::try_from(revision.id()?).ok()).collect();
        let ours = doc! {
            "_id": { "$in": ids },
            "predictions.model_name": &self.model_name,
            "predictions.model_version": &self.model_version,
        };
        let command = doc! {
            "find": &self.connection.target.collection,
            "filter": ours,
            "projection": { "predictions.predicted_at": 1 },
            "batchSize": batch.len() as i32,
            "singleBatch": true,
        };
        let reply = self.connection.command("look at the predictions written", &command)?;
        let rows = reply.get_document("cursor").and_then(|cursor| cursor.get_array("firstBatch"));
        let found =
            rows.map(|rows| rows.iter().filter_map(Bson::as_document).filter_map(made_at).collect()).unwrap_or_else(|_| BTreeMap::new());
        for (place, (revision, _)) in batch.iter().enumerate() {
            let id = revision.id().and_then(|id| Bson::try_from(id).ok()).map(|id| id.to_string());
            match id.and_then(|id| found.get(&id)) {
                Some(at) if *at == predicted_at => drop(outcome.written.insert(place)),
                Some(_) => drop(outcome.written_elsewhere.insert(place)),
                None => {}
            }
        }
        Ok(())
    }
}

impl PredictionWriter for MongoWriter {
    /// Writes a batch with one `update` command, `predicted_at` in milliseconds since the epoch. After a broken
    /// connection it looks at what was written and sends the rest, for as long as the target's time allows.
    ///
    /// Errors: [`ErrorKind::Unreachable`] when the server stays away; [`ErrorKind::NotAllowed`];
    /// [`ErrorKind::ServerFailed`]. What was written stays; the same batch may be written again.
    fn write(&self, batch: &[(&TicketRevision, NewPrediction)], predicted_at: i64) -> Result<BatchOutcome> {
        let batch = batch.iter().map(|(revision, prediction)| Ok((Revision::parse(revision)?, *prediction))).collect::<Result<Vec<_>>>()?;
        let batch = batch.as_slice();
        self.keep_former(batch, predicted_at)?;
        let mut backoff = RetryBackoff::new(&self.connection.target);
        let (mut outcome, mut together) = (BatchOutcome::default(), TOGETHER);
        loop {
            let settled = |place: &usize| outcome.written.contains(place) || outcome.refused.contains(place);
            let rest: Vec<usize> = (0..batch.len()).filter(|place| !settled(place)).collect();
            match self.update(batch, &rest, together, predicted_at) {
                Ok(Answer { matched, refused }) if matched == rest.len() && refused.is_empty() => {
                    outcome.written.extend(rest);
                    return Ok(outcome);
                }
                // One ticket that cannot be written held back those with it: each by itself then.
                Ok(Answer { refused, .. }) if !refused.is_empty() && together > 1 => {
                    together = 1;
                    self.note_done(batch, &mut outcome, predicted_at)?;
                }
                Ok(Answer { refused, .. }) => {
                    outcome.refused.extend(refused);
                    self.note_done(batch, &mut outcome, predicted_at)?;
                    let settled = outcome.written.len() + outcome.written_elsewhere.len() + outcome.refused.len();
                    outcome.conflicts = (batch.len() - settled) as u64;
                    self.forget_unwritten(batch, &outcome)?;
                    return Ok(outcome);
                }
                // Whether the lost command was carried out only the tickets can tell.
                Err(error) if backoff.waits_after(&error) => self.note_done(batch, &mut outcome, predicted_at)?,
                Err(error) => return Err(error),
            }
        }
    }
}

/// How the server answered.
#[derive(Default)]
struct Answer {
    /// Tickets that were unchanged and so have got theirs.
    matched: usize,
    /// Places of tickets in statements that it refused.
    refused: Vec<usize>,
}

/// `value` by the name `name` in `within`.
fn named(name: &CStr, value: impl Into<RawBson>, within: impl Into<RawBson>) -> RawDocumentBuf {
    let mut named = RawDocumentBuf::new();
    named.append(cstr!("vars"), document(name, value));
    named.append(cstr!("in"), within.into());
    document(cstr!("$let"), named)
}

/// The identifier of a ticket as text, and when its prediction was made.
fn made_at(row: &Document) -> Option<(String, i64)> {
    let at = row.get_document("predictions").ok().map_or(0, |predictions| count(predictions.get("predicted_at")));
    Some((row.get("_id")?.to_string(), at))
}

/// A whole number of any type; 0 where there is none.
pub(super) fn count(value: Option<&Bson>) -> i64 {
    match value {
        Some(Bson::Int32(count)) => i64::from(*count),
        Some(Bson::Int64(count)) => *count,
        Some(Bson::Double(count)) => *count as i64,
        _ => 0,
    }
}
