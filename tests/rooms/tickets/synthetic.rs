//! Tickets that are made up: the same for the same request, marked, and learnable.

use std::fs;
use std::path::Path;

use hivectl::api::dataset::USUAL_ANOMALY_RATIO;
use hivectl::error::ErrorKind;
use hivectl::source::synthetic::{SyntheticRequest, write};
use hivectl::ticket::{Ticket, TicketStatus};

use super::support::{Folder, tickets};

/// 2026-01-01T00:00:00Z, where the command begins unless told otherwise.
const START_MS: i64 = 1_767_225_600_000;
const DAY_MS: i64 = 86_400_000;

fn request() -> SyntheticRequest {
    SyntheticRequest { rows: 7_000, seed: 42, anomaly_ratio: USUAL_ANOMALY_RATIO, drift: 0.0, start_ms: START_MS, days: 30 }
}

fn make(folder: &Folder, name: &str, request: &SyntheticRequest) -> String {
    let path = folder.path(name);
    write(request, &path).unwrap();
    path.display().to_string()
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / count
}

/// `hivectl ml dataset synthetic --rows 7000 --seed 42 --out examples/tickets.ndjson.gz`
#[test]
fn the_shipped_example_is_what_its_command_makes() {
    let folder = Folder::new();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tickets.ndjson.gz");
    assert!(fs::metadata(&shipped).unwrap().len() < 1_000_000);
    assert_eq!(tickets(&make(&folder, "made.ndjson.gz", &request())), tickets(&shipped.display().to_string()));
}

#[test]
fn the_same_request_gives_the_same_bytes_and_another_seed_other_ones() {
    let folder = Folder::new();
    let bytes = |name: &str, seed| fs::read(make(&folder, name, &SyntheticRequest { rows: 500, seed, ..request() })).unwrap();
    assert_eq!(bytes("a.ndjson", 1), bytes("b.ndjson", 1));
    assert_ne!(bytes("a.ndjson", 1), bytes("b.ndjson", 2));
}

#[test]
fn every_form_holds_the_same_tickets() {
    let folder = Folder::new();
    let request = SyntheticRequest { rows: 6_000, ..request() };
    let expected = tickets(&make(&folder, "t.ndjson", &request));
    assert_eq!(expected.len(), 6_000);
    for name in ["t.ndjson.zst", "t.parquet", "t.parquet.gz", "t.jsonl.gz"] {
        assert_eq!(tickets(&make(&folder, name, &request)), expected, "{name}");
    }
}

#[test]
fn tickets_are_marked_and_look_like_the_platform_s() {
    let folder = Folder::new();
    let file = make(&folder, "t.ndjson", &request());
    let all = tickets(&file);
    assert!(all.iter().all(|ticket| ticket.synthetic && ticket.unusable.is_none() && !ticket.requester.is_empty()));
    assert!(all.iter().all(|ticket| (START_MS..START_MS + 30 * DAY_MS).contains(&ticket.created_at.unwrap())));
    assert!(all.is_sorted_by_key(|ticket| ticket.created_at));
    assert!(all.iter().all(|ticket| ticket.prediction.as_ref().is_some_and(|prediction| prediction.duration_confidence.is_some())));
    let ids: std::collections::HashSet<&str> = all.iter().map(|ticket| ticket.ticket_id.as_str()).collect();
    assert_eq!(ids.len(), all.len());
    let share = |of: &dyn Fn(&Ticket) -> bool| all.iter().filter(|ticket| of(ticket)).count() as f64 / all.len() as f64;
    assert!(share(&|ticket| ticket.status == TicketStatus::Completed) > 0.97);
    assert!((0.05..0.2).contains(&share(&|ticket| ticket.actual_duration_ms.is_none() && ticket.completed_at.is_some())));
    let first: serde_json::Value = serde_json::from_str(fs::read_to_string(&file).unwrap().lines().next().unwrap()).unwrap();
    assert_eq!((&first["metadata"]["synthetic"], &first["_id"]), (&"true".into(), &first["ticket_id"]));
    assert!(first["status"].as_str().unwrap().chars().all(char::is_uppercase) && first["created_at"].is_i64());
}

/// Anomalies show at scheduling, in retries, capabilities or length of parameters, and take far longer.
#[test]
fn anomalies_show_before_and_after() {
    let folder = Folder::new();
    let visible = |ticket: &Ticket| ticket.retry_count >= Some(3) || ticket.capabilities_count > 6 || ticket.parameters_size > 400;
    let long = |ticket: &Ticket, mean: f64| ticket.actual_duration_ms.is_some_and(|actual| actual > 3.0 * mean);
    let all = tickets(&make(&folder, "t.ndjson", &request()));
    let ordinary = mean(all.iter().filter(|ticket| !visible(ticket)).filter_map(|ticket| ticket.actual_duration_ms));
    let anomalies = all.iter().filter(|ticket| visible(ticket)).count() as f64;
    assert!((0.05..0.07).contains(&(anomalies / all.len() as f64)), "{anomalies}");
    let both = all.iter().filter(|ticket| visible(ticket) && long(ticket, ordinary)).count() as f64;
    let only_long = all.iter().filter(|ticket| !visible(ticket) && long(ticket, ordinary)).count() as f64;
    assert!(both > 0.6 * anomalies, "{both} of {anomalies}");
    assert!(only_long < 0.02 * all.len() as f64, "{only_long}");
    let none = tickets(&make(&folder, "n.ndjson", &SyntheticRequest { anomaly_ratio: 0.0, ..request() }));
    assert!(!none.iter().any(visible));
}

#[test]
fn drift_moves_the_mix_the_estimates_and_the_durations() {
    let folder = Folder::new();
    let [before, after] =
        [0.0, 1.0].map(|drift| tickets(&make(&folder, "t.ndjson", &SyntheticRequest { drift, anomaly_ratio: 0.0, ..request() })));
    let share = |tickets: &[Ticket], word: &str| mean(tickets.iter().map(|ticket| f64::from(u8::from(ticket.task_type == word))));
    assert!(share(&before, "BUILD") - share(&after, "BUILD") > 0.05);
    assert!(share(&after, "EXECUTE") - share(&before, "EXECUTE") > 0.05);
    let builds = |tickets: &[Ticket], of: &dyn Fn(&Ticket) -> Option<f64>| {
        mean(tickets.iter().filter(|ticket| ticket.task_type == "BUILD").filter_map(of))
    };
    let estimate = |tickets: &[Ticket]| builds(tickets, &|ticket| ticket.estimated_duration_ms);
    let actual = |tickets: &[Ticket]| builds(tickets, &|ticket| ticket.actual_duration_ms);
    assert!(estimate(&after) > 1.3 * estimate(&before) && actual(&after) > 1.3 * actual(&before));
    let error = |tickets: &[Ticket]| {
        mean(tickets.iter().filter_map(|ticket| Some((ticket.prediction.as_ref()?.duration_ms? - ticket.actual_duration_ms?).abs())))
    };
    assert!(error(&after) > 1.5 * error(&before), "the earlier model knows of no drift");
}

#[test]
fn a_request_that_makes_no_sense_is_refused_and_writes_nothing() {
    let folder = Folder::new();
    for (name, wrong) in [
        ("t.ndjson", SyntheticRequest { anomaly_ratio: 1.5, ..request() }),
        ("t.ndjson", SyntheticRequest { drift: f64::NAN, ..request() }),
        ("t.ndjson", SyntheticRequest { start_ms: -1, ..request() }),
        ("t.ndjson", SyntheticRequest { days: u32::MAX, ..request() }),
        ("t.csv", request()),
    ] {
        assert_eq!(write(&wrong, &folder.path(name)).unwrap_err().kind(), ErrorKind::Usage, "{wrong:?}");
    }
    assert_eq!(fs::read_dir(folder.path("")).unwrap().count(), 0);
    write(&SyntheticRequest { rows: 0, ..request() }, &folder.path("none.parquet")).unwrap();
    assert!(tickets(&folder.path("none.parquet").display().to_string()).is_empty());
}
