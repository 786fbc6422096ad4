//! What a server says of itself: version, clock, indexes, rights, and how it would run our queries.

use mongodb::bson::{Bson, Document, doc};

use super::connection::Connection;
use super::predictions::count;
use super::target::MongoTarget;
use super::{survey, window};
use crate::base::time::MS_PER_DAY;
use crate::error::Result;
use crate::source::inspection::{AccountRights, LabelCoverage, NeededIndex, QueryPlan, ServerInspection};
use crate::ticket::Window;

const CREATED_AT: &str = "created_at";

/// The indexes for the queries that hivectl runs.
const NEEDED_INDEXES: [NeededIndex; 2] = [
    NeededIndex { field: CREATED_AT, serves: "the window of train, validate, backfill and stats" },
    NeededIndex { field: "predictions.predicted_at", serves: "the predictions that stats looks for" },
];

/// The oldest major version whose commands suffice.
const OLDEST_MAJOR_VERSION: u32 = 5;

/// Looks at a server and its tickets.
pub(super) struct MongoInspection {
    connection: Connection,
}

impl MongoInspection {
    /// Prepares to look; nothing is sent yet.
    pub(super) fn open(target: &MongoTarget) -> Result<Self> {
        Ok(MongoInspection { connection: Connection::open(target)? })
    }
}

impl ServerInspection for MongoInspection {
    fn oldest_major_version(&self) -> u32 {
        OLDEST_MAJOR_VERSION
    }

    fn needed_indexes(&self) -> &'static [NeededIndex] {
        &NEEDED_INDEXES
    }

    fn grant_command(&self) -> String {
        self.connection.target.grant_command()
    }

    fn version(&self) -> Result<String> {
        let reply = self.connection.command("ask the version", &doc! { "buildInfo": 1 })?;
        Ok(reply.get_str("version").unwrap_or("unknown").to_owned())
    }

    fn clock_ahead_ms(&self) -> Result<Option<(i64, i64)>> {
        // The first answer pays for the connection.
        self.connection.command("ask the time", &doc! { "hello": 1 })?;
        let asked = jiff::Timestamp::now().as_millisecond();
        let reply = self.connection.command("ask the time", &doc! { "hello": 1 })?;
        let answered = jiff::Timestamp::now().as_millisecond();
        let told = reply.get_datetime("localTime").ok().map(|time| time.timestamp_millis());
        Ok(told.map(|told| (told - (asked + answered) / 2, (answered - asked) / 2 + 1)))
    }

    fn indexed_fields(&self) -> Result<Vec<String>> {
        let reply = self.connection.command("list the indexes", &doc! { "listIndexes": &self.connection.target.collection })?;
        let rows = reply.get_document("cursor").and_then(|cursor| cursor.get_array("firstBatch"));
        let first = |row: &Bson| row.as_document()?.get_document("key").ok()?.keys().next().cloned();
        Ok(rows.map(|rows| rows.iter().filter_map(first).collect()).unwrap_or_default())
    }

    fn plan(&self, index: &NeededIndex) -> Result<QueryPlan> {
        let now_ms = jiff::Timestamp::now().as_millisecond();
        let day = Window::back_from(now_ms - MS_PER_DAY, 1.0);
        let filter = match index.field {
            CREATED_AT => window::filter(&day, now_ms),
            _ => window::created_or_predicted(&day, now_ms),
        };
        let find = doc! { "find": &self.connection.target.collection, "filter": filter };
        let reply = self.connection.command("ask for the plan of a query", &doc! { "explain": find, "verbosity": "queryPlanner" })?;
        let text = reply.to_string();
        let mut used = Vec::new();
        indexes_used(&reply, &mut used);
        Ok(match used.as_slice() {
            // DocumentDB reads a whole collection by the index of its ids.
            _ if text.contains("COLLSCAN") || text.contains("Seq Scan") => QueryPlan::EveryDocument,
            [] => QueryPlan::Unknown,
            used if used.iter().all(|name| *name == "_id_") => QueryPlan::EveryDocument,
            _ => QueryPlan::Index,
        })
    }

    fn create_index(&self, field: &str) -> Result<()> {
        let name = format!("hivectl_{}", field.replace('.', "_"));
        let index = doc! { "key": { field: 1 }, "name": name };
        self.connection
            .command("make the index", &doc! { "createIndexes": &self.connection.target.collection, "indexes": [index] })
            .map(drop)
    }

    fn index_command(&self, field: &str) -> String {
        let MongoTarget { database, collection, .. } = &self.connection.target;
        format!("mongosh {database} --eval 'db.getCollection(\"{collection}\").createIndex({{\"{field}\": 1}})'")
    }

    fn survey(&self) -> Result<Vec<String>> {
        survey::lines(&self.connection)
    }

    fn label_coverage(&self) -> Result<LabelCoverage> {
        let present = |field: &str| doc! { "$in": [{ "$type": field }, ["int", "long", "double", "decimal", "date", "string"]] };
        let duration = doc! { "$or": [present("$actual_duration_ms"), { "$and": [present("$started_at"), present("$completed_at")] }] };
        let group = doc! { "_id": Bson::Null, "completed": { "$sum": 1 }, "labelled": { "$sum": { "$cond": [duration, 1, 0] } } };
        let pipeline = [doc! { "$match": { "status": { "$regex": "^completed$", "$options": "i" } } }, doc! { "$group": group }];
        let command = doc! { "aggregate": &self.connection.target.collection, "pipeline": pipeline.to_vec(), "cursor": {} };
        let reply = self.connection.command("count the labels", &command)?;
        let rows = reply.get_document("cursor").and_then(|cursor| cursor.get_array("firstBatch"));
        let row = rows.ok().and_then(|rows| rows.first()?.as_document());
        let number = |name: &str| count(row.and_then(|row| row.get(name))).unsigned_abs();
        Ok(LabelCoverage { completed: number("completed"), with_duration: number("labelled") })
    }

    fn rights(&self) -> Result<AccountRights> {
        let reply = self.connection.command("ask for the rights", &doc! { "connectionStatus": 1, "showPrivileges": true })?;
        let Ok(info) = reply.get_document("authInfo") else { return Ok(AccountRights::Unknown) };
        let Ok(privileges) = info.get_array("authenticatedUserPrivileges") else {
            let nobody = info.get_array("authenticatedUsers").is_ok_and(Vec::is_empty);
            return Ok(if nobody { AccountRights::NotAsked } else { AccountRights::Unknown });
        };
        if info.get_array("authenticatedUsers").is_ok_and(Vec::is_empty) {
            return Ok(AccountRights::NotAsked);
        }
        let target = &self.connection.target;
        let needed = [("find", target.collection.as_str()), ("update", target.collection.as_str()), ("insert", "ml_backfill_history")];
        let allowed = |action: &str, collection: &str| {
            privileges.iter().filter_map(Bson::as_document).any(|privilege| {
                covers(privilege.get_document("resource").ok(), &target.database, collection)
                    && privilege.get_array("actions").is_ok_and(|actions| actions.iter().any(|one| one.as_str() == Some(action)))
            })
        };
        Ok(AccountRights::Missing(
            needed.into_iter().filter(|(action, collection)| !allowed(action, collection)).map(|(action, _)| action).collect(),
        ))
    }
}

/// Whether a privilege's resource holds a collection; an empty name stands for all.
fn covers(resource: Option<&Document>, database: &str, collection: &str) -> bool {
    let Some(resource) = resource else { return false };
    let fits = |key: &str, name: &str| resource.get_str(key).is_ok_and(|value| value.is_empty() || value == name);
    resource.get_bool("anyResource").unwrap_or(false) || (fits("db", database) && fits("collection", collection))
}

/// The names of the indexes that a plan walks, as MongoDB and as PostgreSQL tell them.
fn indexes_used<'a>(plan: &'a Document, used: &mut Vec<&'a str>) {
    let text = |key: &str| plan.get_str(key).unwrap_or_default();
    if text("stage") == "IXSCAN" {
        used.push(text("indexName"));
    }
    if text("Node Type").contains("Index") {
        used.push(text("Index Name"));
    }
    for value in plan.values() {
        match value {
            Bson::Document(part) => indexes_used(part, used),
            Bson::Array(parts) => parts.iter().filter_map(Bson::as_document).for_each(|part| indexes_used(part, used)),
            _ => {}
        }
    }
}
