//! SIGKILL in the middle of a backfill: whoever comes next finishes it, and no ticket is done twice.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use mongodb::bson::{Document, doc};

use super::support::{Database, Home, number, text, tickets};

/// What a ticket's prediction says, and when it was made.
type Made = ((u64, String), i64);

/// The predictions by ticket.
fn predictions(database: &Database) -> BTreeMap<String, Made> {
    let of = |document: &Document| {
        let predictions = document.get_document("predictions").ok()?;
        let said = (number(predictions.get("duration_ms")).to_bits(), predictions.get_str("model_version").ok()?.to_owned());
        Some((document.get_str("_id").ok()?.to_owned(), (said, predictions.get_i64("predicted_at").ok()?)))
    };
    database.all("execution_tickets").iter().filter_map(of).collect()
}

/// One ticket a minute: so many of them, ten minutes apart, would reach into the future.
fn close_together(count: usize) -> Vec<Document> {
    let mut documents = tickets(count);
    for (index, document) in documents.iter_mut().enumerate() {
        for time in ["created_at", "started_at", "completed_at"] {
            let at = document.get_i64(time).expect("a time");
            document.insert(time, at - index as i64 * 540_000);
        }
    }
    documents
}

#[test]
fn a_backfill_killed_at_any_moment_is_gone_on_with() {
    let Some(database) = Database::new() else { return };
    let (count, kills) = if std::env::var_os("HIVECTL_FULL").is_some() { (100_000, 50) } else { (12_000, 6) };
    let home = Home::with_model();
    let words = ["ml", "backfill", "--yes", "--window-days", "4000", "--quiet", "--database", database.name.as_str()];
    database.insert(close_together(count));
    let started = Instant::now();
    home.on(&database, &["ml", "backfill", "--yes", "--window-days", "4000", "--quiet"]).expect(0);
    let whole = started.elapsed();
    let expected = predictions(&database);
    assert_eq!(expected.len(), count);
    let (mut killed, mut interrupted) = (0, 0);
    for round in 0..kills {
        database.update(doc! {}, doc! { "$unset": { "predictions": "" } });
        database.command(doc! { "delete": "ml_backfill_history", "deletes": [{ "q": {}, "limit": 0 }] });
        let mut child =
            home.command(&words).env("MONGODB_URI", &database.uri).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        // Spread over the whole run, without a pattern that repeats.
        std::thread::sleep(whole.mul_f64((f64::from(round) * 0.618).fract() * 0.95) + Duration::from_millis(5));
        killed += i32::from(child.kill().is_ok() && child.wait().expect("it ends").code().is_none());
        let earlier = predictions(&database);
        let done = earlier.len();
        interrupted += i32::from(done > 0 && done < count);
        let data = home.on(&database, &["ml", "backfill", "--resume", "--window-days", "4000", "-o", "json"]).data(0);
        let now = predictions(&database);
        let said = |all: &BTreeMap<String, Made>| all.iter().map(|(id, (said, _))| (id.clone(), said.clone())).collect::<Vec<_>>();
        assert!(said(&now) == said(&expected), "other predictions after kill {round}");
        assert!(data["predicted"].as_u64() <= Some((count - done) as u64), "what was done is done again: {data}");
        assert_eq!((data["conflicts"].as_u64(), data["measured"].as_u64()), (Some(0), Some(count as u64)));
        assert!(earlier.iter().all(|(id, (_, at))| now[id].1 == *at), "a ticket was written twice");
        let running = database.all("ml_backfill_history").iter().filter(|record| text(record, "status") == "running").count();
        assert_eq!(running, 0, "a finished backfill leaves no plan behind");
        println!("kill {round}: {done} of {count} had their prediction");
    }
    println!("{killed} of {kills} runs were killed before they ended, {interrupted} of them between the first and the last prediction");
    assert!(killed > 0);
}
