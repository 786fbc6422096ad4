//! Predictions back into the tickets: only the keys that hivectl owns, and only while the ticket is as it was read.

use std::collections::{BTreeMap, BTreeSet};

use mongodb::bson::raw::{CStr, cstr};
use mongodb::bson::{Bson, Document, RawArrayBuf, RawBson, RawBsonRef, RawDocument, RawDocumentBuf, doc};

use super::connection::{Connection, Patience};
use super::place::MongoPlace;
use super::tickets::MongoTickets;
use crate::error::{Error, ErrorKind, Result};
use crate::source::ticket_source::Wanted;
use crate::ticket::Ticket;

/// The keys below `predictions` that are written, and no others.
pub const OWNED_KEYS: [&str; 7] =
    ["duration_ms", "duration_confidence", "model_name", "model_version", "predicted_at", "error_ms", "error_pct"];

/// Server code: a path leads through something that is no object.
const PATH_NOT_VIABLE: i32 = 28;

/// What a document held when it was read, as the conditions that hold while it is unchanged.
///
/// They stand in the update and not in its filter: found by `_id` alone and judged there, a ticket takes a server 0.6
/// of the time that it takes with the same conditions in the filter, and both happen at once.
#[derive(Clone, Debug)]
pub struct Seen {
    filter: RawDocumentBuf,
    unchanged: RawArrayBuf,
    writable: bool,
}

impl Seen {
    /// Whether a prediction can be written at all: not where `predictions` is a word, a number or a list.
    pub fn is_writable(&self) -> bool {
        self.writable
    }

    fn of(document: &RawDocument) -> Result<Seen> {
        let (mut id, mut status, mut actual, mut predictions) = (None, None, None, None);
        for element in document.iter_elements().flatten() {
            let member = match element.key().as_str() {
                "_id" => &mut id,
                "status" => &mut status,
                "actual_duration_ms" => &mut actual,
                "predictions" => &mut predictions,
                _ => continue,
            };
            *member = element.value().ok();
        }
        let id = id.ok_or_else(|| Error::new(ErrorKind::BadInput, "a ticket came without its _id"))?;
        let version = match predictions {
            Some(RawBsonRef::Document(predictions)) => predictions.get("model_version").ok().flatten(),
            _ => None,
        };
        let mut filter = RawDocumentBuf::new();
        filter.append(cstr!("_id"), id);
        let mut conditions = RawArrayBuf::new();
        conditions.push(unchanged("$status", status));
        conditions.push(unchanged("$actual_duration_ms", actual));
        conditions.push(unchanged("$predictions.model_version", version));
        // An object may come to be where there was none, but nothing that is hivectl's to throw away.
        let (kinds, writable): (&[&str], bool) = match predictions {
            None | Some(RawBsonRef::Document(_)) => (&["object", "missing"], true),
            Some(RawBsonRef::Null) => (&["null"], true),
            Some(_) => (&[], false),
        };
        conditions.push(of_type("$predictions", kinds));
        Ok(Seen { filter, unchanged: conditions, writable })
    }

    fn id(&self) -> Option<RawBsonRef<'_>> {
        self.filter.get("_id").ok().flatten()
    }
}

/// A condition that holds while the value at `path` is what it was. Null and absent are not the same.
fn unchanged(path: &str, value: Option<RawBsonRef<'_>>) -> RawDocumentBuf {
    match value {
        None => of_type(path, &["missing"]),
        Some(RawBsonRef::Null) => of_type(path, &["null"]),
        Some(value) => {
            let mut literal = RawDocumentBuf::new();
            literal.append(cstr!("$literal"), value);
            compared(cstr!("$eq"), path, literal)
        }
    }
}

/// A condition that holds while the value at `path` is of one of the types of these names.
fn of_type(path: &str, names: &[&str]) -> RawDocumentBuf {
    let mut known = RawArrayBuf::new();
    names.iter().for_each(|name| known.push(*name));
    compared(cstr!("$in"), document(cstr!("$type"), path), known)
}

fn compared(operator: &CStr, left: impl Into<RawBson>, right: impl Into<RawBson>) -> RawDocumentBuf {
    let mut both = RawArrayBuf::new();
    let (left, right): (RawBson, RawBson) = (left.into(), right.into());
    both.push(left);
    both.push(right);
    document(operator, both)
}

/// What a model says of one ticket, and how far it was off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NewPrediction {
    pub duration_ms: f64,
    /// 0 to 1.
    pub confidence: f64,
    /// Actual minus predicted.
    pub error_ms: f64,
    /// Size of the error in percent of the actual duration.
    pub error_pct: f64,
}

/// What became of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Places in the batch whose tickets have got their prediction now.
    pub done: BTreeSet<usize>,
    /// Places whose tickets have got this version's prediction from another run meanwhile.
    pub elsewhere: BTreeSet<usize>,
    /// Tickets that had otherwise changed since they were read, or were gone.
    pub conflicts: u64,
}

impl MongoTickets {
    /// Reads the wanted tickets with what is needed to write into them.
    ///
    /// Errors: as [`for_each`](crate::source::TicketSource::for_each).
    pub fn for_each_seen(&self, wanted: &Wanted, visit: impl FnMut(Ticket, Seen) -> Result<()>) -> Result<()> {
        self.read(wanted, Seen::of, visit)
    }
}

/// Writes the predictions of one version of a model.
pub struct PredictionWriter {
    connection: Connection,
    model_name: String,
    model_version: String,
}

impl PredictionWriter {
    /// Prepares to write at `place`; nothing is sent yet.
    pub fn open(place: &MongoPlace, model_name: &str, model_version: &str) -> Result<Self> {
        Ok(PredictionWriter { connection: Connection::open(place)?, model_name: model_name.into(), model_version: model_version.into() })
    }

    /// Writes a batch with one `update` command, `predicted_at` in milliseconds since the epoch. After a broken
    /// connection it looks at what was written and sends the rest, for as long as the place's time allows.
    ///
    /// Errors: [`ErrorKind::Unreachable`] when the server stays away; [`ErrorKind::NotAllowed`];
    /// [`ErrorKind::ServerFailed`]. What was written stays; the same batch may be written again.
    pub fn write(&self, batch: &[(&Seen, NewPrediction)], predicted_at: i64) -> Result<Written> {
        let mut patience = Patience::new(&self.connection.place);
        let mut written = Written::default();
        loop {
            let rest: Vec<usize> = (0..batch.len()).filter(|place| !written.done.contains(place)).collect();
            match self.update(batch, &rest, predicted_at) {
                Ok(matched) if matched == rest.len() => {
                    written.done.extend(rest);
                    return Ok(written);
                }
                Ok(_) => {
                    self.note_done(batch, &mut written, predicted_at)?;
                    written.conflicts = (batch.len() - written.done.len() - written.elsewhere.len()) as u64;
                    return Ok(written);
                }
                // Whether the lost command was carried out only the tickets can tell.
                Err(error) if patience.waits_after(&error) => self.note_done(batch, &mut written, predicted_at)?,
                Err(error) => return Err(error),
            }
        }
    }

    /// Sends the updates of these places; answers how many tickets were unchanged and so
    /// have got theirs.
    fn update(&self, batch: &[(&Seen, NewPrediction)], places: &[usize], predicted_at: i64) -> Result<usize> {
        if places.is_empty() {
            return Ok(0);
        }
        let mut updates = RawArrayBuf::new();
        for &place in places {
            let (seen, prediction) = &batch[place];
            let mut update = RawDocumentBuf::new();
            update.append(cstr!("q"), RawBsonRef::Document(&seen.filter));
            update.append(cstr!("u"), self.change(seen, prediction, predicted_at));
            updates.push(update);
        }
        let mut command = RawDocumentBuf::new();
        command.append(cstr!("update"), self.connection.place.collection.as_str());
        command.append(cstr!("updates"), updates);
        command.append(cstr!("ordered"), false);
        let mut concern = RawDocumentBuf::new();
        concern.append(cstr!("w"), "majority");
        command.append(cstr!("writeConcern"), concern);
        let database = self.connection.database();
        let reply = self.connection.ask("write predictions", async { database.run_raw_command(command).await })?;
        self.judge(&reply)?;
        Ok(usize::try_from(count(reply.get("nModified"))).unwrap_or(0))
    }

    fn judge(&self, reply: &Document) -> Result<()> {
        let failed = |text: String| {
            Error::new(
                ErrorKind::ServerFailed,
                format!("cannot write predictions into {}: the server answered with an error", self.connection.place),
            )
            .because(text)
        };
        for error in reply.get_array("writeErrors").into_iter().flatten().filter_map(Bson::as_document) {
            let code = count(error.get("code"));
            // Whoever made `predictions` something else since then has changed the ticket: a conflict.
            if code != i64::from(PATH_NOT_VIABLE) {
                return Err(failed(format!("{code}: {}", error.get_str("errmsg").unwrap_or("no reason given"))));
            }
        }
        match reply.get_document("writeConcernError") {
            Ok(error) => Err(failed(error.get_str("errmsg").unwrap_or("the write is not confirmed").to_owned())),
            Err(_) => Ok(()),
        }
    }

    /// The prediction beside what else `predictions` holds, while the ticket is as it was seen; else no change.
    fn change(&self, seen: &Seen, prediction: &NewPrediction, predicted_at: i64) -> RawArrayBuf {
        let mut object = RawDocumentBuf::new();
        object.append(cstr!("duration_ms"), prediction.duration_ms);
        object.append(cstr!("duration_confidence"), prediction.confidence);
        object.append(cstr!("model_name"), self.model_name.as_str());
        object.append(cstr!("model_version"), self.model_version.as_str());
        object.append(cstr!("predicted_at"), predicted_at);
        object.append(cstr!("error_ms"), prediction.error_ms);
        object.append(cstr!("error_pct"), prediction.error_pct);
        let mut merged = RawArrayBuf::new();
        merged.push("$predictions");
        merged.push(document(cstr!("$literal"), object));
        let mut choice = RawArrayBuf::new();
        choice.push(document(cstr!("$and"), seen.unchanged.clone()));
        choice.push(document(cstr!("$mergeObjects"), merged));
        choice.push("$predictions");
        let chosen = document(cstr!("predictions"), document(cstr!("$cond"), choice));
        let mut change = RawArrayBuf::new();
        change.push(document(cstr!("$set"), chosen));
        change
    }

    /// Looks which tickets of the batch carry this version's prediction, and whether this run made it.
    fn note_done(&self, batch: &[(&Seen, NewPrediction)], written: &mut Written, predicted_at: i64) -> Result<()> {
        let ids: Vec<Bson> = batch.iter().filter_map(|(seen, _)| Bson::try_from(seen.id()?).ok()).collect();
        let ours = doc! {
            "_id": { "$in": ids },
            "predictions.model_name": &self.model_name,
            "predictions.model_version": &self.model_version,
        };
        let command = doc! {
            "find": &self.connection.place.collection,
            "filter": ours,
            "projection": { "predictions.predicted_at": 1 },
            "batchSize": batch.len() as i32,
            "singleBatch": true,
        };
        let reply = self.connection.command("look at the predictions written", &command)?;
        let rows = reply.get_document("cursor").and_then(|cursor| cursor.get_array("firstBatch"));
        let found =
            rows.map(|rows| rows.iter().filter_map(Bson::as_document).filter_map(made_at).collect()).unwrap_or_else(|_| BTreeMap::new());
        for (place, (seen, _)) in batch.iter().enumerate() {
            let id = seen.id().and_then(|id| Bson::try_from(id).ok()).map(|id| id.to_string());
            match id.and_then(|id| found.get(&id)) {
                Some(at) if *at == predicted_at => drop(written.done.insert(place)),
                Some(_) => drop(written.elsewhere.insert(place)),
                None => {}
            }
        }
        Ok(())
    }
}

/// A document of one member.
fn document(key: &CStr, value: impl Into<RawBson>) -> RawDocumentBuf {
    let mut document = RawDocumentBuf::new();
    let value: RawBson = value.into();
    document.append(key, value);
    document
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
