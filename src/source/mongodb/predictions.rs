//! Predictions back into the tickets: only the keys that hivectl owns, and only while the ticket is as it was read.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

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

/// Server codes of a ticket that would pass 16 MB with its prediction, or break a rule of its collection.
const CANNOT_BE_STORED: [i64; 4] = [10_334, 17_419, 17_420, 121];

/// Tickets of one statement. What a statement costs a server is then shared by fifty tickets, and it takes 0.7 of the
/// time of as many statements with a filter by `_id` and plain values; with more the search for a ticket's place in
/// the list costs what is saved.
const TOGETHER: usize = 50;

/// What `predictions` was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Before {
    /// An object or nothing: an object may come to be where there was none, but nothing that is hivectl's to throw away.
    Object,
    Null,
    /// A word, a number or a list: nothing can be written into it.
    Other,
}

/// What a document held when it was read, from which the conditions are made that hold while it is unchanged.
#[derive(Clone, Debug)]
pub struct Seen {
    /// `_id`, and `actual_duration_ms` where that is a value.
    own: RawDocumentBuf,
    /// What tickets have in common: `status`, `model_version`, and `actual_duration_ms` where that is null.
    common: RawDocumentBuf,
    before: Before,
}

impl Seen {
    /// Whether a prediction can be written at all: not where `predictions` is a word, a number or a list.
    pub fn is_writable(&self) -> bool {
        self.before != Before::Other
    }

    /// A number for the document, by its `_id`.
    pub fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let id = self.id();
        id.map(|id| format!("{id:?}")).hash(&mut hasher);
        hasher.finish()
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
        let (before, version) = match predictions {
            None => (Before::Object, None),
            Some(RawBsonRef::Document(predictions)) => (Before::Object, predictions.get("model_version").ok().flatten()),
            Some(RawBsonRef::Null) => (Before::Null, None),
            Some(_) => (Before::Other, None),
        };
        let (mut own, mut common) = (RawDocumentBuf::new(), RawDocumentBuf::new());
        own.append(cstr!("_id"), id);
        match actual {
            None => {}
            Some(RawBsonRef::Null) => common.append(ACTUAL, RawBsonRef::Null),
            Some(actual) => own.append(ACTUAL, actual),
        }
        status.into_iter().for_each(|status| common.append(STATUS, status));
        version.into_iter().for_each(|version| common.append(VERSION, version));
        Ok(Seen { own, common, before })
    }

    fn id(&self) -> Option<RawBsonRef<'_>> {
        self.own.get("_id").ok().flatten()
    }

    fn actual(&self) -> Option<RawBsonRef<'_>> {
        self.own.get(ACTUAL).ok().flatten()
    }

    /// Tickets of one kind are unchanged under the same conditions, but for the duration's value.
    fn kind(&self) -> (&[u8], bool, Before) {
        (self.common.as_bytes(), self.actual().is_some(), self.before)
    }

    /// The conditions that all tickets of this one's kind share.
    fn conditions(&self) -> RawArrayBuf {
        let common = |key: &CStr| self.common.get(key).ok().flatten();
        let mut conditions = RawArrayBuf::new();
        conditions.push(unchanged("$status", common(STATUS)));
        conditions.push(unchanged("$predictions.model_version", common(VERSION)));
        conditions.push(of_type("$predictions", if self.before == Before::Null { &["null"] } else { &["object", "missing"] }));
        if self.actual().is_none() {
            conditions.push(unchanged("$actual_duration_ms", common(ACTUAL)));
        }
        conditions
    }
}

const STATUS: &CStr = cstr!("status");
const ACTUAL: &CStr = cstr!("actual_duration_ms");
const VERSION: &CStr = cstr!("model_version");

/// A condition that holds while the value at `path` is what it was. Null and absent are not the same.
fn unchanged(path: &str, value: Option<RawBsonRef<'_>>) -> RawDocumentBuf {
    match value {
        None => of_type(path, &["missing"]),
        Some(RawBsonRef::Null) => of_type(path, &["null"]),
        Some(value) => document(cstr!("$eq"), list([path.into(), literal(value)])),
    }
}

/// A condition that holds while the value at `path` is of one of the types of these names.
fn of_type(path: &str, names: &[&str]) -> RawDocumentBuf {
    let known = list(names.iter().map(|name| RawBson::from(*name)));
    document(cstr!("$in"), list([document(cstr!("$type"), path).into(), known.into()]))
}

fn literal(value: impl Into<RawBson>) -> RawBson {
    document(cstr!("$literal"), value).into()
}

fn list(items: impl IntoIterator<Item = RawBson>) -> RawArrayBuf {
    let mut list = RawArrayBuf::new();
    items.into_iter().for_each(|item| list.push(item));
    list
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
    /// Places of tickets that the server cannot store with a prediction.
    pub refused: BTreeSet<usize>,
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
        let (mut written, mut together) = (Written::default(), TOGETHER);
        loop {
            let settled = |place: &usize| written.done.contains(place) || written.refused.contains(place);
            let rest: Vec<usize> = (0..batch.len()).filter(|place| !settled(place)).collect();
            match self.update(batch, &rest, together, predicted_at) {
                Ok(Answer { matched, refused }) if matched == rest.len() && refused.is_empty() => {
                    written.done.extend(rest);
                    return Ok(written);
                }
                // One ticket that cannot be written held back those with it: each by itself then.
                Ok(Answer { refused, .. }) if !refused.is_empty() && together > 1 => {
                    together = 1;
                    self.note_done(batch, &mut written, predicted_at)?;
                }
                Ok(Answer { refused, .. }) => {
                    written.refused.extend(refused);
                    self.note_done(batch, &mut written, predicted_at)?;
                    let settled = written.done.len() + written.elsewhere.len() + written.refused.len();
                    written.conflicts = (batch.len() - settled) as u64;
                    return Ok(written);
                }
                // Whether the lost command was carried out only the tickets can tell.
                Err(error) if patience.waits_after(&error) => self.note_done(batch, &mut written, predicted_at)?,
                Err(error) => return Err(error),
            }
        }
    }

    /// Sends the updates of these places, so many tickets in a statement at most.
    fn update(&self, batch: &[(&Seen, NewPrediction)], places: &[usize], together: usize, predicted_at: i64) -> Result<Answer> {
        if places.is_empty() {
            return Ok(Answer::default());
        }
        let mut kinds: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        places.iter().for_each(|&place| kinds.entry(batch[place].0.kind()).or_default().push(place));
        let statements: Vec<&[usize]> = kinds.values().flat_map(|places| places.chunks(together)).collect();
        let mut command = RawDocumentBuf::new();
        command.append(cstr!("update"), self.connection.place.collection.as_str());
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
                format!("cannot write predictions into {}: the server answered with an error", self.connection.place),
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
    fn statement(&self, batch: &[(&Seen, NewPrediction)], places: &[usize], predicted_at: i64) -> RawDocumentBuf {
        let tickets = places.iter().map(|&place| &batch[place]);
        let ids = list(tickets.clone().filter_map(|(seen, _)| Some(seen.id()?.into())));
        let values = list(tickets.map(|(seen, prediction)| {
            let actual = seen.actual().map_or(RawBson::Null, RawBson::from);
            list([actual, self.object(prediction, predicted_at).into()]).into()
        }));
        let item = |list_of: RawBson, place: RawBson| RawBson::from(document(cstr!("$arrayElemAt"), list([list_of, place])));
        let first = batch[places[0]].0;
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
