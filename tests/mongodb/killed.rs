//! SIGKILL in the middle of a backfill: whoever comes next finishes it, and no ticket is done twice.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use mongodb::bson::{Document, doc};

use crate::support::{Database, Home, number, text, tickets};

/// The predictions by ticket, without the time at which they were made.
fn predictions(database: &Database) -> BTreeMap<String, (u64, String)> {
    let of = |document: &Document| {
        let predictions = document.get_document("predictions").expect("a prediction");
        (number(predictions.get("duration_ms")).to_bits(), predictions.get_str("model_version").expect("a version").to_owned())
    };
    database.all("execution_tickets").iter().map(|document| (document.get_str("_id").expect("an id").to_owned(), of(document))).collect()
}

#[test]
fn a_backfill_killed_at_any_moment_is_gone_on_with() {
    let Some(database) = Database::new() else { return };
    let (count, kills) = if std::env::var_os("HIVECTL_FULL").is_some() { (100_000, 50) } else { (12_000, 6) };
    let home = Home::with_model();
    let words = ["ml", "backfill", "--yes", "--window-days", "4000", "--quiet", "--database", database.name.as_str()];
    database.insert(tickets(count));
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
        let done = database.count(doc! { "predictions.model_version": "1" }) as usize;
        let earlier: BTreeMap<String, i64> = made_at(&database);
        interrupted += i32::from(done > 0 && done < count);
        // At once: the server may still be busy with the last command of the one that died.
        let data = home.on(&database, &["ml", "backfill", "--resume", "--window-days", "4000", "-o", "json"]).data(0);
        assert_eq!(predictions(&database), expected, "after kill {round}");
        assert!(data["predicted"].as_u64() <= Some((count - done) as u64), "what was done is done again: {data}");
        assert_eq!((data["conflicts"].as_u64(), data["measured"].as_u64()), (Some(0), Some(count as u64)));
        let now = made_at(&database);
        assert!(earlier.iter().all(|(id, at)| now[id] == *at), "a ticket was written twice");
        let running = database.all("ml_backfill_history").iter().filter(|record| text(record, "status") == "running").count();
        assert_eq!(running, 0, "a finished backfill leaves no plan behind");
    }
    println!("{killed} of {kills} runs were killed before they ended, {interrupted} of them between the first and the last prediction");
    assert!(killed > 0);
}

fn made_at(database: &Database) -> BTreeMap<String, i64> {
    let at = |document: &Document| document.get_document("predictions").ok()?.get_i64("predicted_at").ok();
    let all = database.all("execution_tickets");
    all.iter().filter_map(|document| Some((document.get_str("_id").ok()?.to_owned(), at(document)?))).collect()
}
