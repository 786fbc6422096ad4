//! What a backfill replaced, kept beside the note of the run, and put back from there.

use mongodb::bson::{Bson, DateTime, Document, doc};

use super::backfill_record::COLLECTION;
use super::connection::Connection;
use crate::error::{Error, ErrorKind, Result};
use crate::source::prediction_store::{KeepReplaced, PREDICTION_KEYS, UndoOutcome};

/// Tickets of one command.
const TOGETHER: i32 = 500;

/// What tells a kept prediction from the note of a run.
const KIND: &str = "replaced_prediction";

/// What of a prediction tells whose it is.
const IDENTITY: [&str; 4] = ["model_name", "model_version", "predicted_at", "duration_ms"];

/// Keeps the `predictions` of those of these tickets that have one, before a run writes `written` into them; what was kept
/// for the same run before stays. `written` is one a ticket, in the order of `ids`.
pub(super) fn keep(connection: &Connection, keep: &KeepReplaced, ids: &[Bson], written: &[Document]) -> Result<()> {
    let command = doc! {
        "find": &connection.target.collection,
        "filter": { "_id": { "$in": ids }, "predictions.duration_ms": { "$exists": true } },
        "projection": { "predictions": 1 },
        "batchSize": ids.len() as i32,
        "singleBatch": true,
    };
    let found = rows(&connection.command("read what is to be replaced", &command)?);
    let mut updates = Vec::new();
    for document in found {
        let (Some(id), Ok(former)) = (document.get("_id"), document.get_document("predictions")) else { continue };
        let Some(place) = ids.iter().position(|known| known == id) else { continue };
        let first = doc! {
            "kind": KIND,
            "run": &keep.run,
            "collection": &connection.target.collection,
            "ticket_id": id,
            "predictions": former,
            "retention_until": DateTime::from_millis(keep.until_ms),
        };
        let change = doc! { "$set": { "written": identity(&written[place]) }, "$setOnInsert": first };
        updates.push(doc! { "q": { "_id": kept_id(&keep.run, id) }, "u": change, "upsert": true });
    }
    update(connection, "keep what is to be replaced", updates, COLLECTION)
}

/// Forgets what was kept of tickets that were not written after all, and what was kept long enough.
pub(super) fn forget(connection: &Connection, run: &str, ids: &[Bson]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let kept: Vec<Bson> = ids.iter().map(|id| Bson::Document(kept_id(run, id))).collect();
    delete(connection, doc! { "_id": { "$in": kept } })
}

/// Forgets what was kept long enough.
pub(super) fn forget_expired(connection: &Connection) -> Result<()> {
    delete(connection, doc! { "kind": KIND, "retention_until": { "$lt": DateTime::now() } })
}

/// Puts back what `run` replaced, where the ticket still holds what the run wrote; with `write` false it only counts.
///
/// Errors: [`ErrorKind::FileNotFound`] for a run of which nothing is known; those of reading and writing.
pub(super) fn undo(connection: &Connection, run: &str, write: bool) -> Result<UndoOutcome> {
    let note = one(connection, doc! { "_id": run })?;
    let mut outcome = UndoOutcome::default();
    let mut last: Option<Bson> = None;
    loop {
        let mut filter =
            doc! { "kind": KIND, "run": run, "collection": &connection.target.collection, "restored_at": { "$exists": false } };
        if let Some(last) = &last {
            filter.insert("_id", doc! { "$gt": last.clone() });
        }
        let command = doc! { "find": COLLECTION, "filter": filter, "sort": { "_id": 1 }, "limit": TOGETHER, "batchSize": TOGETHER, "singleBatch": true };
        let kept = rows(&connection.command("read what was replaced", &command)?);
        let Some(end) = kept.last().and_then(|kept| kept.get("_id")) else { break };
        last = Some(end.clone());
        undo_some(connection, &kept, write, &mut outcome)?;
    }
    match (&note, outcome.kept) {
        (None, 0) => Err(Error::new(ErrorKind::FileNotFound, format!("no backfill of {} is called {run}", connection.target))
            .because("or it is more than 90 days ago")
            .hint("the run's name is told at its end, as history_id in its JSON, and is the _id of its note in ml_backfill_history")),
        _ => Ok(outcome),
    }
}

fn undo_some(connection: &Connection, kept: &[Document], write: bool, outcome: &mut UndoOutcome) -> Result<()> {
    let ids: Vec<Bson> = kept.iter().filter_map(|kept| kept.get("ticket_id").cloned()).collect();
    let now = tickets(connection, &ids)?;
    outcome.kept += kept.len() as u64;
    let mut due = Vec::new();
    for kept in kept {
        let (Some(id), Ok(written)) = (kept.get("ticket_id"), kept.get_document("written")) else { continue };
        let holds = now.iter().find(|ticket| ticket.get("_id") == Some(id)).and_then(|ticket| ticket.get_document("predictions").ok());
        match holds.is_some_and(|holds| identity(holds) == identity(written)) {
            true => due.push(kept),
            false => outcome.conflicts.push(plain(id)),
        }
    }
    if !write {
        outcome.restored += due.len() as u64;
        return Ok(());
    }
    let statement = |kept: &&Document| {
        let (id, written, former) = (kept.get("ticket_id")?, kept.get_document("written").ok()?, kept.get_document("predictions").ok()?);
        Some(doc! { "q": guard(id, written), "u": back(former) })
    };
    update(connection, "put predictions back", due.iter().filter_map(statement).collect(), &connection.target.collection)?;
    // Each only while it was still as it was seen: which were, the tickets tell.
    let now = tickets(connection, &ids)?;
    let mut restored = Vec::new();
    for kept in due {
        let (Some(id), Ok(former)) = (kept.get("ticket_id"), kept.get_document("predictions")) else { continue };
        let holds = now.iter().find(|ticket| ticket.get("_id") == Some(id)).and_then(|ticket| ticket.get_document("predictions").ok());
        match holds.map_or_else(|| identity(&Document::new()), identity) == identity(former) {
            true => restored.extend(kept.get("_id").cloned()),
            false => outcome.conflicts.push(plain(id)),
        }
    }
    outcome.restored += restored.len() as u64;
    let done = doc! { "q": { "_id": { "$in": restored } }, "u": { "$set": { "restored_at": DateTime::now() } }, "multi": true };
    update(connection, "note what was put back", vec![done], COLLECTION)
}

/// The ticket while it holds what the run wrote.
fn guard(id: &Bson, written: &Document) -> Document {
    let mut guard = doc! { "_id": id.clone() };
    for key in IDENTITY {
        guard.insert(format!("predictions.{key}"), written.get(key).cloned().unwrap_or(Bson::Null));
    }
    guard
}

/// The keys that a backfill writes, as they were; whatever else a ticket's `predictions` holds stays.
fn back(former: &Document) -> Document {
    let (mut set, mut unset) = (Document::new(), Document::new());
    for key in PREDICTION_KEYS {
        match former.get(key) {
            Some(value) => drop(set.insert(format!("predictions.{key}"), value.clone())),
            None => drop(unset.insert(format!("predictions.{key}"), "")),
        }
    }
    let mut change = Document::new();
    if !set.is_empty() {
        change.insert("$set", set);
    }
    if !unset.is_empty() {
        change.insert("$unset", unset);
    }
    change
}

fn identity(prediction: &Document) -> Document {
    IDENTITY.iter().map(|key| ((*key).to_owned(), prediction.get(key).cloned().unwrap_or(Bson::Null))).collect()
}

fn kept_id(run: &str, ticket: &Bson) -> Document {
    doc! { "run": run, "ticket": ticket.clone() }
}

fn plain(id: &Bson) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

fn tickets(connection: &Connection, ids: &[Bson]) -> Result<Vec<Document>> {
    let command = doc! {
        "find": &connection.target.collection,
        "filter": { "_id": { "$in": ids } },
        "projection": { "predictions": 1 },
        "batchSize": TOGETHER,
        "singleBatch": true,
    };
    Ok(rows(&connection.command("read the tickets", &command)?))
}

fn one(connection: &Connection, filter: Document) -> Result<Option<Document>> {
    let command = doc! { "find": COLLECTION, "filter": filter, "limit": 1, "singleBatch": true };
    Ok(rows(&connection.command("read the history of backfills", &command)?).into_iter().next())
}

fn rows(reply: &Document) -> Vec<Document> {
    let batch = reply.get_document("cursor").and_then(|cursor| cursor.get_array("firstBatch"));
    batch.map(|rows| rows.iter().filter_map(Bson::as_document).cloned().collect()).unwrap_or_default()
}

/// Sends statements, all in one command.
fn update(connection: &Connection, doing: &str, updates: Vec<Document>, collection: &str) -> Result<()> {
    if updates.is_empty() {
        return Ok(());
    }
    let command = doc! { "update": collection, "updates": updates, "ordered": false, "writeConcern": { "w": "majority" } };
    let reply = connection.command(doing, &command)?;
    if let Some(error) = reply.get_array("writeErrors").ok().and_then(|errors| errors.first()?.as_document()) {
        let why = error.get_str("errmsg").unwrap_or("no reason given").to_owned();
        return Err(Error::new(
            ErrorKind::ServerFailed,
            format!("cannot {doing} of {}: the server answered with an error", connection.target),
        )
        .because(why));
    }
    Ok(())
}

fn delete(connection: &Connection, filter: Document) -> Result<()> {
    let command = doc! { "delete": COLLECTION, "deletes": [{ "q": filter, "limit": 0 }], "writeConcern": { "w": "majority" } };
    connection.command("tidy the history of backfills", &command).map(drop)
}
