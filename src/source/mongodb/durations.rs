//! How long tickets took, counted by the server: one row a task type and risk band travels, and no ticket.

use mongodb::bson::{Bson, Document, doc};

use super::connection::Connection;
use super::predictions::count;
use super::tickets::MongoTickets;
use super::window;
use crate::error::Result;
use crate::source::contract::{Aggregations, DurationGroup};
use crate::ticket::time::{LATEST_MS, MILLISECONDS_FROM};
use crate::ticket::{TicketStatus, Window};

impl Aggregations for MongoTickets {
    /// `None` where some times are texts: not every server reads their fractions of a second rightly.
    fn durations(&self, window: &Window, statuses: &[TicketStatus]) -> Result<Option<Vec<DurationGroup>>> {
        let connection = Connection::open(self.target())?;
        let now_ms = jiff::Timestamp::now().as_millisecond();
        let words: Vec<&str> = statuses.iter().flat_map(|status| status.spellings()).collect();
        let took = doc! {
            "task_type": { "$ifNull": ["$task_type", ""] },
            "risk_band": { "$ifNull": ["$risk_band", ""] },
            "text": { "$in": ["string", [{ "$type": "$created_at" }, { "$type": "$started_at" }, { "$type": "$completed_at" }]] },
            "created": moment("$created_at"),
            "took": { "$cond": [
                { "$isNumber": "$actual_duration_ms" },
                { "$toDouble": "$actual_duration_ms" },
                { "$cond": [
                    { "$in": [{ "$type": "$actual_duration_ms" }, ["missing", "null", "undefined"]] },
                    { "$subtract": [moment("$completed_at"), moment("$started_at")] },
                    Bson::Null,
                ] },
            ] },
        };
        let within = doc! { "$gte": window.from_ms as f64, "$lte": window.to_ms as f64 };
        let usable = doc! { "$or": [{ "text": true }, { "created": within, "took": { "$gt": 0, "$lt": f64::INFINITY } }] };
        let group = doc! {
            "_id": { "task_type": "$task_type", "risk_band": "$risk_band" },
            "texts": { "$sum": { "$cond": ["$text", 1, 0] } },
            "count": { "$sum": 1 }, "mean": { "$avg": "$took" }, "deviation": { "$stdDevPop": "$took" },
        };
        let known = doc! { "$expr": { "$in": [{ "$toLower": { "$convert": { "input": "$status", "to": "string", "onError": "", "onNull": "" } } }, words] } };
        let pipeline = vec![
            doc! { "$match": window::filter(window, now_ms) },
            doc! { "$match": known },
            doc! { "$project": took },
            doc! { "$match": usable },
            doc! { "$group": group },
            doc! { "$sort": { "_id.task_type": 1, "_id.risk_band": 1 } },
        ];
        let command = doc! { "aggregate": &connection.target.collection, "pipeline": pipeline, "cursor": { "batchSize": 100_000 }, "allowDiskUse": true };
        let reply = connection.command("count the durations", &command)?;
        let rows = reply.get_document("cursor").and_then(|cursor| cursor.get_array("firstBatch"));
        let rows: Vec<&Document> = rows.map(|rows| rows.iter().filter_map(Bson::as_document).collect()).unwrap_or_default();
        let texts = rows.iter().any(|row| count(row.get("texts")) > 0);
        Ok((!texts).then(|| rows.into_iter().filter_map(row).collect()))
    }
}

/// Milliseconds since the epoch as the server computes them from dates and numbers; null for anything else.
fn moment(field: &str) -> Document {
    let scaled = doc! { "$cond": [{ "$lt": [{ "$abs": field }, MILLISECONDS_FROM] }, { "$multiply": [field, 1000] }, field] };
    let number = doc! { "$switch": {
        "branches": [
            { "case": { "$isNumber": field }, "then": { "$toDouble": scaled } },
            { "case": { "$eq": [{ "$type": field }, "date"] }, "then": { "$toDouble": { "$toLong": field } } },
        ],
        "default": Bson::Null,
    } };
    doc! { "$let": {
        "vars": { "ms": number },
        "in": { "$cond": [{ "$and": [{ "$gt": ["$$ms", 0] }, { "$lt": ["$$ms", LATEST_MS as f64] }] }, "$$ms", Bson::Null] },
    } }
}

fn row(row: &Document) -> Option<DurationGroup> {
    let key = row.get_document("_id").ok()?;
    let word = |name: &str| key.get_str(name).unwrap_or_default().to_owned();
    Some(DurationGroup {
        task_type: word("task_type"),
        risk_band: word("risk_band"),
        count: count(row.get("count")).unsigned_abs(),
        mean_ms: row.get_f64("mean").ok()?,
        deviation_ms: row.get_f64("deviation").ok()?,
    })
}
