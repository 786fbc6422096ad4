//! The newest ticket, whatever shape its time has: by an index in no time, else in one look at every ticket.

use futures_util::TryStreamExt;
use futures_util::future::try_join_all;
use mongodb::bson::{Bson, Document, RawDocumentBuf, doc};

use super::connection::Connection;
use super::window;
use crate::error::Result;
use crate::ticket::Window;

/// Documents among which the newest is looked for where times are texts: with different offsets they do not stand in
/// the order of time.
const LOOKED_AT: i64 = 100;

const DOING: &str = "find the newest ticket";

/// How far back the newest is looked for, first in the shortest time: some servers do not walk an index downwards but
/// sort what the filter leaves.
pub(super) const DAYS_BACK: [f64; 5] = [1.0, 7.0, 30.0, 365.0, 36_500.0];

/// Documents with the largest `created_at` of each shape that is in `window`, by an index that begins with it.
pub(super) fn by_index(connection: &Connection, window: &Window) -> Result<Vec<RawDocumentBuf>> {
    let found = connection.ask(DOING, try_join_all(window::of_each_shape(window).into_iter().map(|filter| largest(connection, filter))))?;
    Ok(found.concat())
}

/// As [`by_index`], without one: sorting would be a look at every ticket for each shape.
pub(super) fn by_looking(connection: &Connection, now_ms: i64) -> Result<Vec<RawDocumentBuf>> {
    let [milliseconds, dates, seconds, texts] = window::until_bounds(now_ms);
    // Values of other types stand below or above both bounds.
    let largest_of = |[from, to]: [Bson; 2]| {
        let within = doc! { "$and": [{ "$gte": ["$created_at", from] }, { "$lte": ["$created_at", to] }] };
        doc! { "$max": { "$cond": [within, "$created_at", Bson::Null] } }
    };
    let names = ["milliseconds", "dates", "seconds", "texts"];
    let mut group = doc! { "_id": Bson::Null };
    names.into_iter().zip([milliseconds, dates, seconds, texts]).for_each(|(name, bounds)| drop(group.insert(name, largest_of(bounds))));
    let command = doc! { "aggregate": &connection.target.collection, "pipeline": [{ "$group": group }], "cursor": {} };
    let reply = connection.command(DOING, &command)?;
    let rows = reply.get_document("cursor").and_then(|cursor| cursor.get_array("firstBatch"));
    let Some(row) = rows.ok().and_then(|rows| rows.first()?.as_document()) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for name in names.iter().filter(|name| row.get(*name).is_some_and(|value| *value != Bson::Null)) {
        if *name == "texts" {
            let texts = window::of_each_shape(&Window { from_ms: 0, to_ms: now_ms }).pop().unwrap_or_default();
            found.extend(connection.ask(DOING, largest(connection, texts))?);
        } else {
            found.extend(row.get(name).and_then(|value| RawDocumentBuf::try_from(doc! { "created_at": value.clone() }).ok()));
        }
    }
    Ok(found)
}

async fn largest(connection: &Connection, filter: Document) -> Result<Vec<RawDocumentBuf>, mongodb::error::Error> {
    let tickets = connection.tickets();
    let found = tickets.find(filter).sort(doc! { "created_at": -1 }).limit(LOOKED_AT).projection(doc! { "created_at": 1 });
    found.await?.try_collect().await
}
