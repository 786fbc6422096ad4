//! More tickets than are held in memory are read again slice by slice, and get the same predictions.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use hivectl::kinds::Catalogue;
use hivectl::kinds::instructions::TypedInstructions;
use hivectl::ops::backfill::{self, BackfillOptions, BackfillPlan, BackfillSettings};
use hivectl::ops::resolve;
use hivectl::registry::embedded::{EmbeddedLocation, EmbeddedRegistry};
use hivectl::source::{SourceLocation, SourceUri, TicketSource};
use hivectl::ticket::{FieldPaths, LabelRule};
use mongodb::bson::{Bson, DateTime, Document, doc};

use super::support::{Database, FIRST_MS, Home, text, ticket, tickets};
use crate::common::silent::Silent;

const TICKETS: usize = 2_400;

/// Times of every shape, outcomes that are known days later, ids that come twice, and some that need nothing.
fn many() -> Vec<Document> {
    let mut documents = tickets(TICKETS);
    for (index, document) in documents.iter_mut().enumerate() {
        let created = FIRST_MS + index as i64 * 600_000;
        let shape = match index % 5 {
            0 => Bson::DateTime(DateTime::from_millis(created)),
            1 => Bson::Double(created as f64 / 1000.0),
            2 => Bson::String(jiff::Timestamp::from_millisecond(created).expect("a time").to_string()),
            _ => Bson::Int64(created),
        };
        document.insert("created_at", shape);
        if index % 11 == 0 {
            let days = 86_400_000 * (1 + index as i64 % 4);
            document.insert("completed_at", created + days);
            document.insert("actual_duration_ms", days - 1_000);
        }
        match index % 97 {
            1 => drop(document.insert("status", "RUNNING")),
            2 => drop(document.insert("predictions", "none")),
            3 => drop(document.insert("created_at", "yesterday")),
            4 => {
                let ours = doc! { "duration_ms": 5_000.0, "model_name": "ticket-duration-predictor", "model_version": "1" };
                drop(document.insert("predictions", ours));
            }
            // Read after the one whose id it has, and created before it.
            5 => drop(document.insert("ticket_id", format!("t-{:06}", (index * 7 + 900) % index.max(1)))),
            _ => {}
        }
    }
    let mut early = ticket(0);
    early.insert("_id", "t-999999");
    early.insert("ticket_id", "t-002000");
    documents.push(early);
    documents
}

fn prepared<'s>(folder: &Path, source: &'s dyn TicketSource, held_tickets: usize, as_of: Option<i64>) -> BackfillPlan<'s> {
    let place = EmbeddedLocation { database: folder.join("r.db"), named: true };
    let registry = EmbeddedRegistry::open(&place).expect("a registry");
    let kinds = Catalogue::all();
    let model = resolve(&registry, &kinds, &"duration".parse().expect("a reference")).expect("a model");
    let request = BackfillSettings {
        labels: LabelRule::default(),
        typed: TypedInstructions::default(),
        notes: Vec::new(),
        window_days: 12.0,
        as_of,
        window: None,
        threads: 1,
        replace: false,
        held_tickets,
    };
    backfill::prepare(&registry, &kinds, model, &request, source, &Silent).expect("a plan")
}

fn predictions(database: &Database) -> BTreeMap<String, String> {
    let mut all = database.all("execution_tickets");
    for document in &mut all {
        if let Ok(predictions) = document.get_document_mut("predictions") {
            predictions.remove("predicted_at");
        }
    }
    all.iter().map(|document| (text(document, "_id").to_owned(), format!("{:?}", document.get("predictions")))).collect()
}

#[test]
fn tickets_in_slices_get_the_predictions_that_they_get_at_once() {
    let Some(database) = Database::new() else { return };
    let home = Home::new();
    home.write_tickets("learn.ndjson", tickets(700));
    let words = ["ml", "train", "--model", "duration", "--tickets", "learn.ndjson", "--quiet", "--registry", "r.db"];
    home.run(&words).expect(0);
    let uri =
        SourceUri { database: Some(database.name.clone()), timeout: Some(Duration::from_secs(60)), ..SourceUri::new([&database.uri]) };
    let source = SourceLocation::parse(&uri).expect("a place").open(FieldPaths::default()).expect("a source");
    let store = source.require_predictions().expect("a store");
    let options =
        BackfillOptions { rate: None, errors_only: false, resumed: None, actor: "a test".into(), reason: None, retention_days: 1 };
    for as_of in [None, Some(FIRST_MS + 1_500 * 600_000)] {
        let mut seen = Vec::new();
        for held in [usize::MAX, 300, 30] {
            database.command(doc! { "delete": "execution_tickets", "deletes": [{ "q": {}, "limit": 0 }] });
            database.insert(many());
            let plan = prepared(home.path(), source.as_ref(), held, as_of);
            let errors = plan.all_errors(&Silent).expect("errors");
            let outcome = backfill::apply(&plan, store, &options, &Silent).expect("written");
            assert_eq!((outcome.predicted, outcome.conflicts, &outcome.errors), (plan.eligible(), 0, &errors), "{held} held");
            seen.push((plan.eligible(), plan.skipped.clone(), errors, predictions(&database)));
        }
        assert!(seen[0].0 > 900 && seen[0].1["duplicate_id"] > 10, "{:?}", (seen[0].0, &seen[0].1));
        for other in &seen[1..] {
            assert_eq!((other.0, &other.1, &other.2), (seen[0].0, &seen[0].1, &seen[0].2));
            assert!(other.3 == seen[0].3, "other predictions in slices than at once");
        }
    }
}
