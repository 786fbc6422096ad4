//! What a source with capabilities promises, over one in memory and over a server.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use hivectl::api::Tickets;
use hivectl::api::stats::{DurationsReport, StatsRequest};
use hivectl::kinds::Catalogue;
use hivectl::kinds::instructions::TypedInstructions;
use hivectl::ops::backfill::{self, BackfillOptions, BackfillOutcome, BackfillPlan, BackfillSettings};
use hivectl::ops::durations;
use hivectl::ops::resolve;
use hivectl::registry::embedded::{EmbeddedLocation, EmbeddedRegistry};
use hivectl::source::{BackfillRecord, PREDICTION_KEYS, SourceLocation, SourceUri, TicketSource};
use hivectl::ticket::{FieldPaths, LabelRule, TicketStatus};
use mongodb::bson::{Bson, Document, doc};

use crate::common::silent::Silent;

use super::memory::{FailingStore, MemorySource, RowsOnly};
use super::support::{Database, FIRST_MS, Home, text, tickets};

/// A place with tickets that a test can look into and change behind the source's back.
trait Place {
    fn source(&self) -> Box<dyn TicketSource>;
    fn insert(&self, documents: Vec<Document>);
    fn set(&self, id: &str, member: &str, value: Bson);
    fn all(&self) -> Vec<Document>;
}

impl Place for MemorySource {
    fn source(&self) -> Box<dyn TicketSource> {
        Box::new(self.clone())
    }

    fn insert(&self, documents: Vec<Document>) {
        self.contents().tickets.extend(documents);
    }

    fn set(&self, id: &str, member: &str, value: Bson) {
        let mut contents = self.contents();
        let found = contents.tickets.iter_mut().find(|document| text(document, "_id") == id);
        found.expect("a ticket").insert(member, value);
    }

    fn all(&self) -> Vec<Document> {
        self.contents().tickets.clone()
    }
}

impl Place for Database {
    fn source(&self) -> Box<dyn TicketSource> {
        let uri = SourceUri { database: Some(self.name.clone()), timeout: Some(Duration::from_secs(60)), ..SourceUri::new([&self.uri]) };
        SourceLocation::parse(&uri).expect("a place").open(FieldPaths::default()).expect("a source")
    }

    fn insert(&self, documents: Vec<Document>) {
        Database::insert(self, documents);
    }

    fn set(&self, id: &str, member: &str, value: Bson) {
        self.update(doc! { "_id": id }, doc! { "$set": { member: value } });
    }

    fn all(&self) -> Vec<Document> {
        Database::all(self, "execution_tickets")
    }
}

/// Runs a test over a source in memory and, where there is one, over a server.
fn over_each(test: impl Fn(&dyn Place, &Home)) {
    let home = Home::new();
    home.write_tickets("learn.ndjson", tickets(400));
    home.run(&["ml", "train", "--model", "duration", "--tickets", "learn.ndjson", "--quiet", "--registry", "r.db"]).expect(0);
    test(&MemorySource::default(), &home);
    if let Some(database) = Database::new() {
        test(&database, &home);
    }
}

fn planned<'s>(folder: &Path, source: &'s dyn TicketSource) -> BackfillPlan<'s> {
    planned_over(folder, source, false)
}

fn planned_over<'s>(folder: &Path, source: &'s dyn TicketSource, replace: bool) -> BackfillPlan<'s> {
    let place = EmbeddedLocation { database: folder.join("r.db"), named: true };
    let registry = EmbeddedRegistry::open(&place).expect("a registry");
    let kinds = Catalogue::all();
    let model = resolve(&registry, &kinds, &"duration".parse().expect("a reference")).expect("a model");
    let request = BackfillSettings {
        labels: LabelRule::default(),
        typed: TypedInstructions::default(),
        notes: Vec::new(),
        window_days: 30.0,
        as_of: None,
        window: None,
        threads: 1,
        replace,
        held_tickets: backfill::HELD_TICKETS,
    };
    backfill::prepare(&registry, &kinds, model, &request, source, &Silent).expect("a plan")
}

fn options() -> BackfillOptions {
    BackfillOptions { rate: None, errors_only: false, resumed: None, actor: "a test".into(), reason: None, retention_days: 1 }
}

fn applied(source: &dyn TicketSource, plan: &BackfillPlan<'_>, options: &BackfillOptions) -> BackfillOutcome {
    backfill::apply(plan, source.require_predictions().expect("a store"), options, &Silent).expect("written")
}

/// The tickets with the prediction of version 1, by id, with what was predicted.
fn predicted(place: &dyn Place) -> BTreeMap<String, Document> {
    let of = |document: Document| {
        let predictions = document.get_document("predictions").ok()?.clone();
        (text(&predictions, "model_version") == "1").then(|| (text(&document, "_id").to_owned(), predictions))
    };
    place.all().into_iter().filter_map(of).collect()
}

#[test]
fn tickets_that_are_due_get_their_prediction_and_no_other_changes() {
    over_each(|place, home| {
        let mut documents = tickets(300);
        documents[0].insert("predictions", Bson::Null);
        documents[1].insert("predictions", "none");
        let ours = doc! { "duration_ms": 5.0, "model_name": "ticket-duration-predictor", "model_version": "1", "predicted_at": 7_i64 };
        documents[2].insert("predictions", ours);
        documents[3].insert("predictions", doc! { "anomaly": { "is_anomaly": true }, "duration_ms": 4.0, "model_version": "9" });
        documents[4].insert("status", "RUNNING");
        documents[5].insert("created_at", FIRST_MS - 60 * 86_400_000);
        place.insert(documents.clone());
        let source = place.source();
        let plan = planned(home.path(), source.as_ref());
        assert_eq!(plan.eligible(), 295, "{:?}", plan.skipped);
        assert_eq!((plan.skipped.get("already_predicted"), plan.skipped.get("not_finished")), (Some(&1), Some(&1)), "{:?}", plan.skipped);
        assert_eq!(plan.skipped.get("predicted_by_others"), Some(&1), "{:?}", plan.skipped);
        assert_eq!(place.all(), documents, "a plan changes nothing");
        let outcome = applied(source.as_ref(), &plan, &options());
        assert_eq!((outcome.predicted, outcome.conflicts, outcome.refused), (295, 0, 0));
        // The prediction that was there already has an error too.
        assert_eq!(outcome.errors.count, 296);
        let after = predicted(place);
        for (before, now) in documents.iter().zip(place.all()) {
            let id = text(before, "_id");
            if matches!(id, "t-000001" | "t-000002" | "t-000003" | "t-000004" | "t-000005") {
                assert_eq!(before, &now, "{id}");
                continue;
            }
            let (predictions, actual) = (&after[id], before.get_i64("actual_duration_ms").expect("a duration") as f64);
            let number = |key: &str| predictions.get_f64(key).expect("a number");
            assert!(PREDICTION_KEYS.iter().all(|key| predictions.contains_key(key)), "{predictions}");
            assert!((actual - number("duration_ms") - number("error_ms")).abs() < 1e-6, "{predictions}");
        }
        assert_eq!(planned(home.path(), source.as_ref()).eligible(), 0, "a second run finds nothing to do");
    });
}

/// A prediction of the running system.
fn of_others(version: &str) -> Document {
    doc! { "duration_ms": 4.0, "model_name": "theirs", "model_version": version, "predicted_at": 7_i64, "anomaly": { "is_anomaly": true } }
}

#[test]
fn predictions_of_others_are_written_over_where_that_is_asked_and_put_back_where_nobody_changed_them_since() {
    over_each(|place, home| {
        let mut documents = tickets(60);
        for (index, version) in [(0, "9"), (1, "9"), (2, "8"), (3, "9")] {
            documents[index].insert("predictions", of_others(version));
        }
        place.insert(documents.clone());
        let source = place.source();
        let store = source.require_predictions().expect("a store");
        let kept = planned(home.path(), source.as_ref());
        assert_eq!((kept.eligible(), kept.replaces.len(), kept.skipped.get("predicted_by_others")), (56, 0, Some(&4)));
        let plan = planned_over(home.path(), source.as_ref(), true);
        let whose: Vec<(&str, u64)> = plan.replaces.iter().map(|(whose, count)| (whose.as_str(), *count)).collect();
        assert_eq!((plan.eligible(), whose), (60, vec![("theirs@8", 1), ("theirs@9", 3)]));
        let outcome = applied(source.as_ref(), &plan, &options());
        let run = outcome.history_id.expect("a run");
        assert_eq!((outcome.predicted, outcome.conflicts, predicted(place).len()), (60, 0, 60));
        assert_eq!(predicted(place)["t-000000"].get_document("anomaly").ok(), Some(&doc! { "is_anomaly": true }), "what is not ours stays");
        // Somebody else is at one of them since.
        place.set("t-000003", "predictions", of_others("10").into());
        let before = place.all();
        let looked = store.undo(&run, false).expect("a look");
        assert_eq!((looked.kept, looked.restored, looked.conflicts.len()), (4, 3, 1), "{looked:?}");
        assert_eq!(place.all(), before, "a look changes nothing");
        let done = store.undo(&run, true).expect("put back");
        assert_eq!((done.kept, done.restored, done.conflicts.len()), (4, 3, 1), "{done:?}");
        assert!(done.conflicts[0].contains("t-000003"), "{done:?}");
        let after = place.all();
        for index in 0..60 {
            match index {
                0..=2 => assert_eq!(after[index], documents[index], "{index} is as it was"),
                _ => assert_eq!(after[index], before[index], "{index} is left alone"),
            }
        }
        let again = store.undo(&run, true).expect("nothing is left");
        assert_eq!((again.kept, again.restored, again.conflicts.len()), (1, 0, 1), "{again:?}");
    });
}

#[test]
fn a_ticket_that_changed_after_it_was_read_is_a_conflict() {
    over_each(|place, home| {
        place.insert(tickets(40));
        let source = place.source();
        let plan = planned(home.path(), source.as_ref());
        place.set("t-000000", "status", "FAILED".into());
        place.set("t-000001", "actual_duration_ms", Bson::Int64(5));
        place.set("t-000002", "predictions", doc! { "duration_ms": 1.0, "model_version": "other" }.into());
        let before = place.all();
        let outcome = applied(source.as_ref(), &plan, &options());
        assert_eq!((outcome.eligible, outcome.predicted, outcome.conflicts, outcome.errors.count), (40, 37, 3, 37));
        assert_eq!(place.all()[..3], before[..3]);
    });
}

#[test]
fn what_was_interrupted_is_gone_on_with_and_nothing_is_written_twice() {
    over_each(|place, home| {
        place.insert(tickets(300));
        let source = place.source();
        let plan = planned(home.path(), source.as_ref());
        let store = source.require_predictions().expect("a store");
        assert_eq!(store.unfinished().expect("asked"), None);
        // With a rate a batch holds a quarter of a second's tickets.
        let slowly = BackfillOptions { rate: Some(400.0), ..options() };
        let failed = backfill::apply(&plan, &FailingStore { store, batches: 1 }, &slowly, &Silent).expect_err("the store went away");
        assert!(failed.causes().iter().any(|cause| cause.contains("100 of 300 predictions were written before")), "{failed}");
        let first = predicted(place);
        assert_eq!(first.len(), 100);
        let left: BackfillRecord = store.unfinished().expect("asked").expect("a record");
        assert_eq!((left.eligible, left.model_version.as_str(), left.window, left.errors_only), (300, "1", plan.window, false));
        let rest = planned(home.path(), source.as_ref());
        assert_eq!(rest.eligible(), 200);
        let outcome = applied(source.as_ref(), &rest, &BackfillOptions { resumed: Some(left.clone()), ..options() });
        assert_eq!((outcome.predicted, outcome.errors.count, outcome.history_id), (200, 300, Some(left.id)));
        let all = predicted(place);
        assert!(first.iter().all(|(id, predictions)| all[id] == *predictions), "a prediction was written twice");
        assert_eq!((all.len(), store.unfinished().expect("asked")), (300, None));
    });
}

#[test]
fn errors_alone_are_recorded_and_no_ticket_changes() {
    over_each(|place, home| {
        place.insert(tickets(120));
        let before = place.all();
        let source = place.source();
        let plan = planned(home.path(), source.as_ref());
        let outcome = applied(source.as_ref(), &plan, &BackfillOptions { errors_only: true, ..options() });
        assert_eq!((outcome.predicted, outcome.errors.count, outcome.history_id.is_some()), (0, 120, true));
        assert_eq!(outcome.errors, plan.all_errors(&Silent).expect("errors"));
        assert_eq!(place.all(), before);
    });
}

#[test]
fn aggregated_durations_are_those_of_the_rows() {
    over_each(|place, _| {
        let mut documents = tickets(300);
        documents[0].insert("actual_duration_ms", Bson::Null);
        documents[1].insert("status", "FAILED");
        documents[2].insert("status", "RUNNING");
        place.insert(documents);
        let source = place.source();
        for statuses in [vec![TicketStatus::Completed], vec![TicketStatus::Completed, TicketStatus::Failed]] {
            let labels = LabelRule { statuses, ..LabelRule::default() };
            let window = std::time::Duration::from_secs(36 * 3_600);
            let request = StatsRequest { tickets: Tickets::default(), window, as_of: None, labels };
            let aggregated = durations::run(&request, source.as_ref(), &Silent).expect("durations");
            let read = durations::run(&request, &RowsOnly(source.as_ref()), &Silent).expect("durations");
            assert!((aggregated.by_server, read.by_server) == (true, false) && aggregated.window == read.window);
            let key = |report: &DurationsReport| {
                report.items.iter().map(|group| (group.task_type.clone(), group.risk_band.clone(), group.count)).collect::<Vec<_>>()
            };
            assert_eq!(key(&aggregated), key(&read));
            for (one, other) in aggregated.items.iter().zip(&read.items) {
                assert!((one.mean_ms / other.mean_ms - 1.0).abs() < 1e-12, "{one:?} is not {other:?}");
                assert!((one.standard_deviation_ms - other.standard_deviation_ms).abs() < 1e-6 * other.mean_ms, "{one:?} is not {other:?}");
            }
        }
    });
}

#[test]
fn a_source_that_lacks_a_capability_is_named() {
    let source = MemorySource::default();
    let rows: &dyn TicketSource = &RowsOnly(&source);
    let error = rows.require_predictions().err().expect("no store");
    assert_eq!(error.message(), "predictions are written into tickets on a server, and memory were named");
}
