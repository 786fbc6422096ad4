//! Tickets as a stream: the server's batches, decoded on all cores while the next one is on its way.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use mongodb::IndexModel;
use mongodb::bson::{Document as BsonDocument, RawDocument, RawDocumentBuf};
use mongodb::options::IndexOptions;
use mongodb::raw_batch_cursor::RawBatch;
use serde::de::DeserializeSeed;

use super::connection::{Connection, answer, failure};
use super::element::{Elements, Value};
use super::target::MongoTarget;
use super::value::BsonTicket;
use super::{newest, survey, window};
use crate::error::{Error, ErrorKind, Result};
use crate::source::contract::{Aggregations, BaselineStore, Selection, TicketQuery, TicketSource, Visit};
use crate::source::pipeline::{Give, in_order};
use crate::source::position::SourcePosition;
use crate::source::prediction_store::PredictionStore;
use crate::ticket::{FieldPaths, Ticket, TicketSeed, Window};

/// Documents that are asked for at a time; the server sends fewer where they pass 16 MB.
///
/// One cursor: two over halves of `_id` were 1.4 times as fast (100,000 tickets in 2.4 s and not 3.4 s, on a busy
/// machine of two cores that also ran the server), but their batches come in another order each time, and with the
/// order changes which of two tickets with one id is refused.
const BATCH_DOCUMENTS: u32 = 8_192;

/// A progress bar without an end is better than a longer wait for its length.
const LONGEST_COUNT: Duration = Duration::from_millis(500);

/// What a ticket's features and outcome need. Objects that may be of the wrong shape come whole: asked for by one of
/// its members, an object that is a number would look absent.
pub const TICKET_FIELDS: [&str; 15] = [
    "_id",
    "ticket_id",
    "task_type",
    "risk_band",
    "status",
    "qos",
    "sla",
    "required_capabilities",
    "parameters",
    "estimated_duration_ms",
    "retry_count",
    "created_at",
    "started_at",
    "completed_at",
    "actual_duration_ms",
];

/// Tickets of one collection.
#[derive(Clone, Debug)]
pub(super) struct MongoTickets {
    target: MongoTarget,
    paths: Arc<FieldPaths>,
    threads: usize,
}

impl MongoTickets {
    /// The tickets at `target`; nothing is sent yet.
    pub(super) fn new(target: MongoTarget, paths: FieldPaths) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        MongoTickets { target, paths: Arc::new(paths), threads }
    }

    /// The latest time of creation among these documents that is not later than `now_ms`.
    fn latest(&self, documents: &[RawDocumentBuf], now_ms: i64) -> Result<Option<i64>> {
        let mut latest = None;
        for document in documents {
            let ticket = TicketSeed { times: &self.target.times, ..TicketSeed::new(&self.paths) }
                .deserialize(BsonTicket(document.as_bytes()))
                .map_err(|source| damaged(&self.target, Some(document), source))?;
            latest = latest.max(ticket.created_at.filter(|&created_at| created_at <= now_ms));
        }
        Ok(latest)
    }

    /// Where they are.
    pub(super) fn target(&self) -> &MongoTarget {
        &self.target
    }

    /// Reads the query tickets and, of each document, what `more` takes out of it.
    pub(super) fn read<E: Send + 'static>(
        &self,
        query: &TicketQuery,
        more: impl Fn(&RawDocument) -> Result<E> + Send + Sync + 'static,
        mut visit: impl FnMut(Ticket, E) -> Result<()>,
    ) -> Result<()> {
        let (target, paths, named) = (self.target.clone(), Arc::clone(&self.paths), self.target.clone());
        let find = Find { filter: filter(query), projection: self.projection(query) };
        in_order(
            self.threads,
            move |give| fetch(&target, &find, give),
            move |batch: Result<RawBatch>| decode(&batch?, &named, &paths, &more),
            |tickets| tickets?.into_iter().try_for_each(|(ticket, more)| visit(ticket, more)),
        )
    }

    fn projection(&self, query: &TicketQuery) -> BsonDocument {
        let mut names: Vec<&str> = TICKET_FIELDS.to_vec();
        names.push("metadata.synthetic");
        if query.predictions {
            names.push("predictions");
        }
        let configured = [&self.paths.requester, &self.paths.executable, &self.paths.size];
        names.extend(configured.into_iter().flatten().map(|path| path.as_str()));
        // The server refuses a name together with a part of it.
        let part_of = |name: &str, whole: &str| name.strip_prefix(whole).is_some_and(|rest| rest.starts_with('.'));
        let wholes = names.iter().filter(|name| !names.iter().any(|whole| part_of(name, whole)));
        wholes.map(|name| ((*name).to_owned(), 1.into())).collect()
    }
}

struct Find {
    filter: BsonDocument,
    projection: BsonDocument,
}

fn filter(query: &TicketQuery) -> BsonDocument {
    let now_ms = jiff::Timestamp::now().as_millisecond();
    match query.selection {
        Selection::All => BsonDocument::new(),
        Selection::Created(window) => window::filter(&window, now_ms),
        Selection::Dated(window) => window::dated(&window),
        Selection::CreatedOrPredicted(window) => window::created_or_predicted(&window, now_ms),
    }
}

/// Fetches batch after batch until none is left or nobody wants one.
fn fetch(target: &MongoTarget, find: &Find, give: &mut Give<'_, Result<RawBatch>>) {
    let fetched = Connection::open(target).and_then(|connection| connection.block_on(fetch_from(&connection, find, give)));
    if let Err(error) = fetched {
        give(Err(error));
    }
}

async fn fetch_from(connection: &Connection, find: &Find, give: &mut Give<'_, Result<RawBatch>>) -> Result<()> {
    const DOING: &str = "read tickets";
    let tickets = connection.tickets();
    let found = tickets.find(find.filter.clone()).projection(find.projection.clone()).batch_size(BATCH_DOCUMENTS).batch();
    let mut cursor = answer(&connection.target, DOING, found).await?;
    loop {
        let Some(batch) = answer(&connection.target, DOING, async { cursor.next().await.transpose() }).await? else { return Ok(()) };
        if !give(Ok(batch)) {
            return Ok(());
        }
    }
}

fn decode<E>(
    batch: &RawBatch,
    target: &MongoTarget,
    paths: &FieldPaths,
    more: &(impl Fn(&RawDocument) -> Result<E> + Send + Sync),
) -> Result<Vec<(Ticket, E)>> {
    let mut tickets = Vec::with_capacity(BATCH_DOCUMENTS as usize);
    let documents = batch.doc_slices().map_err(|source| failure(target, "read tickets", &source))?;
    let mut documents = Elements::of(documents.as_bytes()).map_err(|damage| damaged(target, None, damage))?;
    while documents.advance().map_err(|damage| damaged(target, None, damage))? {
        let Ok(Value::Object(bytes)) = documents.current().value() else {
            return Err(damaged(target, None, "an item that is no document"));
        };
        let document = RawDocument::from_bytes(bytes).map_err(|source| damaged(target, None, source))?;
        let seed = TicketSeed { times: &target.times, ..TicketSeed::new(paths) };
        let ticket = seed.deserialize(BsonTicket(bytes)).map_err(|source| damaged(target, Some(document), source))?;
        tickets.push((ticket, more(document)?));
    }
    Ok(tickets)
}

fn damaged(target: &MongoTarget, document: Option<&RawDocument>, source: impl std::fmt::Display) -> Error {
    let id = document.and_then(|document| document.get("_id").ok().flatten());
    let id = id.map_or_else(|| "without a readable _id".to_owned(), |id| format!("{id:?}"));
    Error::new(ErrorKind::BadInput, format!("cannot read a ticket of {target}: {source}")).because(format!("the document {id}")).hint(
        format!(
            "look for damaged documents: `mongosh {} --eval 'db.getCollection(\"{}\").validate()'`",
            target.database, target.collection
        ),
    )
}

/// The indexes of the tickets; none where the server does not tell.
fn indexes(connection: &Connection) -> Vec<IndexModel> {
    let asked = connection.ask("list the indexes", async {
        let indexes = connection.tickets().list_indexes().await?;
        indexes.try_collect().await
    });
    asked.unwrap_or_default()
}

/// Whether an index lets no two tickets have one `ticket_id`. One that leaves some tickets out does not: their id is
/// `_id`, which may be another's `ticket_id`.
fn vouches_for_ids(index: &IndexModel) -> bool {
    let options = index.options.as_ref();
    let unique = options
        .is_some_and(|options| options.unique == Some(true) && options.sparse != Some(true) && options.partial_filter_expression.is_none());
    unique && index.keys.keys().eq(["ticket_id"])
}

/// Whether an index holds the creation time of every ticket in its order.
fn orders_creation(index: &IndexModel) -> bool {
    let whole = |options: &IndexOptions| options.sparse != Some(true) && options.partial_filter_expression.is_none();
    index.options.as_ref().is_none_or(whole) && index.keys.keys().next().is_some_and(|first| first == "created_at")
}

impl TicketSource for MongoTickets {
    fn with_fields(&self, fields: FieldPaths) -> Box<dyn TicketSource> {
        Box::new(MongoTickets { paths: Arc::new(fields), ..self.clone() })
    }

    fn name(&self) -> String {
        self.target.to_string()
    }

    fn places(&self) -> Vec<String> {
        vec![self.name()]
    }

    fn for_each(&self, query: &TicketQuery, visit: &mut Visit<'_>) -> Result<()> {
        let position = SourcePosition { file: Arc::from(self.target.to_string()), line: 0 };
        self.read(query, |_| Ok(()), |ticket, ()| visit(ticket, &position))
    }

    fn newest(&self) -> Result<Option<i64>> {
        let connection = Connection::open(&self.target)?;
        let now_ms = jiff::Timestamp::now().as_millisecond();
        if !indexes(&connection).iter().any(orders_creation) {
            return self.latest(&newest::by_looking(&connection, now_ms)?, now_ms);
        }
        for days in newest::DAYS_BACK {
            let window = Window::back_from(now_ms, days);
            if let Some(found) = self.latest(&newest::by_index(&connection, &window)?, now_ms)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn expected(&self, query: &TicketQuery) -> Option<u64> {
        let connection = Connection::open(&self.target).ok()?;
        let (tickets, filter) = (connection.tickets(), filter(query));
        connection.block_on(async {
            let counted = async {
                match filter.is_empty() {
                    true => tickets.estimated_document_count().max_time(LONGEST_COUNT).await,
                    false => tickets.count_documents(filter).max_time(LONGEST_COUNT).await,
                }
            };
            tokio::time::timeout(LONGEST_COUNT, counted).await.ok()?.ok()
        })
    }

    fn is_live(&self) -> bool {
        true
    }

    fn ids_are_unique(&self) -> bool {
        // A server that does not tell leaves the looking to us.
        Connection::open(&self.target).is_ok_and(|connection| indexes(&connection).iter().any(vouches_for_ids))
    }

    fn survey(&self) -> Result<Vec<String>> {
        survey::lines(&Connection::open(&self.target)?)
    }

    fn aggregations(&self) -> Option<&dyn Aggregations> {
        Some(self)
    }

    fn predictions(&self) -> Option<&dyn PredictionStore> {
        Some(self)
    }

    fn baselines(&self) -> Option<&dyn BaselineStore> {
        Some(self)
    }
}
