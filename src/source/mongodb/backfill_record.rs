//! What backfills leave behind: one document each in `ml_backfill_history`, which is also the plan that a later run
//! takes up.

use mongodb::bson::oid::ObjectId;
use mongodb::bson::{Bson, DateTime, Document, doc};

use super::connection::Connection;
use crate::base::time::MS_PER_DAY;
use crate::error::Result;
use crate::source::prediction_store::{BackfillRecord, BackfillStatistics};
use crate::ticket::Window;

/// The running system's own name.
pub(super) const COLLECTION: &str = "ml_backfill_history";

/// An id that no other backfill has.
pub(super) fn new_id() -> String {
    ObjectId::new().to_hex()
}

/// The latest backfill of this collection that was begun and has not ended.
pub(super) fn unfinished(connection: &Connection) -> Result<Option<BackfillRecord>> {
    let filter = doc! { "status": "running", "collection": &connection.target.collection };
    let command = doc! { "find": COLLECTION, "filter": filter, "sort": { "timestamp": -1 }, "limit": 1, "singleBatch": true };
    let reply = connection.command("read the history of backfills", &command)?;
    let rows = reply.get_document("cursor").and_then(|cursor| cursor.get_array("firstBatch"));
    Ok(rows.ok().and_then(|rows| rows.first()?.as_document()).and_then(record))
}

/// Notes that a backfill begins; again for one that goes on.
pub(super) fn begin(connection: &Connection, record: &BackfillRecord) -> Result<()> {
    let document = doc! {
        "timestamp": DateTime::from_millis(record.started_at),
        "status": "running",
        "collection": &connection.target.collection,
        "model_name": &record.model_name,
        "model_version": &record.model_version,
        "window": { "from": record.window.from_ms, "to": record.window.to_ms },
        "as_of": record.as_of,
        "eligible": record.eligible as i64,
        "actor": &record.actor,
        "reason": record.reason.as_deref(),
        "errors_only": record.errors_only,
        "replace": record.replace,
    };
    put(connection, &record.id, doc! { "$setOnInsert": document }, true)
}

/// Notes how a backfill ended; what was begun before it for the same version is over with it.
pub(super) fn finish(connection: &Connection, record: &BackfillRecord, statistics: &BackfillStatistics, retention_days: i64) -> Result<()> {
    let ended = doc! {
        "status": "completed",
        "finished_at": DateTime::now(),
        "retention_until": DateTime::from_millis(record.started_at + retention_days * MS_PER_DAY),
        "stats": stats(statistics),
    };
    put(connection, &record.id, doc! { "$set": ended }, false)?;
    let others = doc! {
        "status": "running", "collection": &connection.target.collection,
        "model_name": &record.model_name, "model_version": &record.model_version,
        "window.from": { "$gte": record.window.from_ms }, "window.to": { "$lte": record.window.to_ms },
    };
    let change = doc! { "$set": { "status": "superseded", "finished_at": DateTime::now(), "superseded_by": &record.id } };
    let command = doc! { "update": COLLECTION, "updates": [{ "q": others, "u": change, "multi": true }] };
    connection.command("write the history of backfills", &command).map(drop)
}

fn put(connection: &Connection, id: &str, change: Document, upsert: bool) -> Result<()> {
    let update = doc! { "q": { "_id": id }, "u": change, "upsert": upsert };
    let command = doc! { "update": COLLECTION, "updates": [update], "writeConcern": { "w": "majority" } };
    connection.command("write the history of backfills", &command).map(drop)
}

fn record(document: &Document) -> Option<BackfillRecord> {
    let text = |key: &str| document.get_str(key).ok().map(str::to_owned);
    let window = document.get_document("window").ok()?;
    Some(BackfillRecord {
        id: text("_id")?,
        started_at: document.get_datetime("timestamp").ok()?.timestamp_millis(),
        model_name: text("model_name")?,
        model_version: text("model_version")?,
        window: Window { from_ms: window.get_i64("from").ok()?, to_ms: window.get_i64("to").ok()? },
        as_of: document.get_i64("as_of").ok(),
        eligible: document.get_i64("eligible").ok()?.unsigned_abs(),
        actor: text("actor").unwrap_or_default(),
        reason: text("reason"),
        errors_only: document.get_bool("errors_only").unwrap_or(false),
        replace: document.get_bool("replace").unwrap_or(false),
    })
}

fn stats(statistics: &BackfillStatistics) -> Document {
    let skipped: Document = statistics.skipped.iter().map(|(name, count)| (name.clone(), Bson::Int64(*count as i64))).collect();
    let [mean, median, p95, p99] =
        statistics.error_ms.map_or([Bson::Null, Bson::Null, Bson::Null, Bson::Null], |all| all.map(Bson::Double));
    let extreme = statistics.extreme.iter().map(|(ticket, predicted, actual)| {
        let error = actual - predicted;
        doc! { "ticket_id": ticket, "predicted_ms": *predicted, "actual_ms": *actual, "error_ms": error, "error_ratio": error.abs() / predicted.max(f64::MIN_POSITIVE) }
    });
    doc! {
        "processed": statistics.processed as i64,
        "predicted": statistics.predicted as i64,
        "conflicts": statistics.conflicts as i64,
        "skipped": skipped,
        "total_tickets": statistics.total_tickets as i64,
        "mean_error_ms": mean,
        "median_error_ms": median.clone(),
        "p50_error_ms": median,
        "p95_error_ms": p95,
        "p99_error_ms": p99,
        "extreme_errors_count": statistics.extreme_count as i64,
        "extreme_errors": extreme.collect::<Vec<_>>(),
    }
}
