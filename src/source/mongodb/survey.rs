//! What types and spellings a collection holds: told when a window is empty and the collection is not.

use std::collections::BTreeMap;

use mongodb::bson::{Bson, Document, doc};

use super::connection::Connection;
use super::predictions;
use crate::base::number::plural;
use crate::error::Result;
use crate::ticket::quality::thousands;

/// More spellings than this are counted and not named.
const NAMED: usize = 8;

/// One line a field that decides whether a ticket is found and used; a single line for an empty collection.
pub(super) fn lines(connection: &Connection) -> Result<Vec<String>> {
    let namespace = connection.target.namespace();
    let created = types(connection, "created_at")?;
    let total: i64 = created.values().map(|found| found.count).sum();
    if total == 0 {
        return Ok(vec![format!("{namespace} holds no ticket at all")]);
    }
    let mut lines = vec![format!("{namespace} holds {} {}", thousands(total.unsigned_abs()), plural(total, "ticket", "tickets"))];
    lines.push(line("created_at", &created));
    lines.push(format!("status is {}", spellings(connection)?));
    for field in ["started_at", "completed_at", "actual_duration_ms"] {
        lines.push(line(field, &types(connection, field)?));
    }
    Ok(lines)
}

/// The values of one type.
struct Found {
    count: i64,
    least: Option<Bson>,
    most: Option<Bson>,
}

fn types(connection: &Connection, field: &str) -> Result<BTreeMap<String, Found>> {
    let value = format!("${field}");
    let group = doc! { "_id": { "$type": &value }, "count": { "$sum": 1 }, "least": { "$min": &value }, "most": { "$max": &value } };
    let rows = rows(connection, vec![doc! { "$group": group }])?;
    let found = |row: &Document| Found { count: count(row), least: row.get("least").cloned(), most: row.get("most").cloned() };
    Ok(rows.iter().map(|row| (row.get_str("_id").unwrap_or("unknown").to_owned(), found(row))).collect())
}

fn spellings(connection: &Connection) -> Result<String> {
    let grouped = doc! { "$group": { "_id": "$status", "count": { "$sum": 1 } } };
    let rows = rows(connection, vec![grouped, doc! { "$sort": { "count": -1 } }, doc! { "$limit": NAMED as i32 + 1 }])?;
    let named: Vec<String> = rows
        .iter()
        .take(NAMED)
        .map(|row| format!("{} {}", row.get("_id").map_or_else(|| "absent".into(), shown), thousands(count(row).unsigned_abs())))
        .collect();
    let rest = if rows.len() > NAMED { ", and others" } else { "" };
    Ok(format!("{}{rest}", named.join(", ")))
}

fn rows(connection: &Connection, pipeline: Vec<Document>) -> Result<Vec<Document>> {
    let command = doc! { "aggregate": &connection.target.collection, "pipeline": pipeline, "cursor": {}, "allowDiskUse": true };
    let reply = connection.command("look at the types", &command)?;
    let batch = reply.get_document("cursor").and_then(|cursor| cursor.get_array("firstBatch"));
    Ok(batch.map(|batch| batch.iter().filter_map(|row| row.as_document().cloned()).collect()).unwrap_or_default())
}

fn count(row: &Document) -> i64 {
    predictions::count(row.get("count"))
}

fn line(field: &str, types: &BTreeMap<String, Found>) -> String {
    let described = types.iter().map(|(name, found)| {
        let range = match (&found.least, &found.most) {
            (Some(least), Some(most)) if !matches!(name.as_str(), "missing" | "null" | "object" | "array") => {
                format!(" ({} to {})", shown(least), shown(most))
            }
            _ => String::new(),
        };
        format!("{name} {}{range}", thousands(found.count.unsigned_abs()))
    });
    format!("{field} is {}", described.collect::<Vec<_>>().join(", "))
}

/// A value in few words.
fn shown(value: &Bson) -> String {
    let text = match value {
        Bson::DateTime(date) => date.try_to_rfc3339_string().unwrap_or_else(|_| date.timestamp_millis().to_string()),
        Bson::Int64(number) => moment(*number as f64).unwrap_or_else(|| number.to_string()),
        Bson::Double(number) => moment(*number).unwrap_or_else(|| number.to_string()),
        other => other.to_string(),
    };
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A number that may be a time, as one.
fn moment(number: f64) -> Option<String> {
    let instant = crate::ticket::time::Instant::from_number(number).ok().filter(|instant| instant.epoch_ms > 100_000_000_000)?;
    jiff::Timestamp::from_millisecond(instant.epoch_ms).ok().map(|instant| instant.to_string())
}
