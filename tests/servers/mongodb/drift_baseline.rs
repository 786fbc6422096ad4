//! Drift baselines beside the tickets, read as the running system reads them.

use mongodb::bson::{Bson, Document, doc};

use super::support::{Database, Home, OLD_ALLOWED, number, text, tickets};

/// The latest baseline of any model, which is the one that the running system takes.
fn latest(database: &Database) -> Document {
    let find = doc! { "find": "ml_feature_baselines", "sort": { "timestamp": -1 }, "limit": 1 };
    let reply = database.command(find);
    let rows = reply.get_document("cursor").and_then(|cursor| cursor.get_array("firstBatch")).expect("rows").clone();
    rows.into_iter().next().and_then(|row| row.as_document().cloned()).expect("a baseline")
}

fn values(holder: &Document) -> Vec<f64> {
    holder.get_array("values").expect("values").iter().map(|value| number(Some(value))).collect()
}

/// The ten equal bins of the running system's PSI, against the same tickets.
fn index_against_itself(values: &[f64]) -> f64 {
    let (least, most) = values.iter().fold((f64::MAX, f64::MIN), |(least, most), &value| (least.min(value), most.max(value)));
    let place = |value: f64| (((value - least) / (most - least).max(f64::MIN_POSITIVE) * 10.0) as usize).min(9);
    let shares = |values: &[f64]| {
        let mut counts = [0.0; 10];
        values.iter().for_each(|&value| counts[place(value)] += 1.0 / values.len() as f64);
        counts.map(|share: f64| share.max(1e-4))
    };
    let (expected, actual) = (shares(values), shares(&values[..values.len() / 2]));
    expected.iter().zip(actual).map(|(expected, actual)| (actual - expected) * (actual / expected).ln()).sum()
}

#[test]
fn a_baseline_is_written_beside_the_tickets_when_asked_for_and_the_running_system_can_read_it() {
    let Some(database) = Database::new() else { return };
    let home = Home::new();
    database.insert(tickets(1_500));
    let untold = home.on(&database, &["ml", "train", "--window-days", "400", "-o", "json"]).data(0);
    assert!(untold.get("published_baselines").is_none() && database.all("ml_feature_baselines").is_empty(), "{untold}");

    let told = home.on(&database, &["ml", "train", "--window-days", "400", "--baseline-to-mongodb", "-o", "json"]).data(0);
    assert_eq!(told["published_baselines"].as_array().map(Vec::len), Some(2), "{told}");
    let baseline = latest(&database);
    assert_eq!((text(&baseline, "model_name"), text(&baseline, "version")), ("ticket-duration-predictor", "2"));
    assert!(baseline.get_datetime("timestamp").is_ok() && number(baseline.get("training_mae")) > 0.0, "{baseline}");
    let (target, features) =
        (baseline.get_document("target_distribution").expect("a target"), baseline.get_document("features").expect("features"));
    let mut durations = values(target);
    assert_eq!(durations.len(), 1_000);
    let percentiles = target.get_document("percentiles").expect("percentiles");
    durations.sort_by(f64::total_cmp);
    let [p50, p95, p99] = ["p50", "p95", "p99"].map(|name| number(percentiles.get(name)));
    assert!(durations[0] < p50 && p50 < p95 && p95 < p99, "{percentiles}");
    assert!(number(target.get("std")) > 0.0 && (durations[0]..p99).contains(&number(target.get("mean"))), "{target}");
    assert_eq!(features.len(), 15);
    let samples = number(baseline.get("sample_count")) as usize;
    for (name, feature) in features {
        let feature = feature.as_document().expect("an object");
        let column = values(feature);
        assert_eq!(column.len(), samples, "{name}");
        let mean = column.iter().sum::<f64>() / column.len() as f64;
        assert!((mean - number(feature.get("mean"))).abs() <= 1e-9 * mean.abs().max(1.0), "{name}");
        let inside = |value: &f64| (number(feature.get("min"))..=number(feature.get("max"))).contains(value);
        assert!(column.iter().all(inside) && feature.get("std").is_some(), "{name}");
        assert!(index_against_itself(&column) < 0.25, "{name} drifts against its own tickets");
    }

    let words = ["ml", "drift", "baseline", "save", "duration@1", "--window-days", "400", "--baseline-to-mongodb", "-o", "json"];
    let saved = home.on(&database, &words).data(0);
    assert_eq!(saved["published_baselines"][0]["version"], 1, "{saved}");
    assert_eq!((text(&latest(&database), "version"), database.all("ml_feature_baselines").len()), ("1", 3));
}

#[test]
fn a_baseline_of_many_tickets_stays_far_below_what_a_document_may_have() {
    let Some(database) = Database::new() else { return };
    let home = Home::with_model();
    // As many in few days as the running system's own form could not hold.
    let crowded = tickets(30_000).into_iter().map(|mut document| {
        for field in ["created_at", "started_at", "completed_at"] {
            let at = document.get_i64(field).expect("a time");
            document.insert(field, super::support::FIRST_MS + (at - super::support::FIRST_MS) / 50);
        }
        document
    });
    database.insert(crowded.collect());
    let words = ["ml", "drift", "baseline", "save", "duration@1", "--window-days", "4000", "-o", "json"];
    let variables = [("MONGODB_URI", database.uri.as_str()), ("HIVECTL_BASELINE_TO_MONGODB", "yes"), OLD_ALLOWED];
    let saved = home.run_with(&[words.as_slice(), &["--database", &database.name]].concat(), &variables);
    let size = saved.data(0)["published_baselines"][0]["size_bytes"].as_u64().expect("a size");
    assert!((1_000_000..8_000_000).contains(&size), "{size} bytes");
    let baseline = latest(&database);
    let features = baseline.get_document("features").expect("features");
    let kept = |name: &str| features.get_document(name).map(values).expect("a feature").len();
    assert_eq!((kept("risk_weight"), number(baseline.get("sample_count"))), (20_000, 30_000.0));
    assert!(matches!(baseline.get("_id"), Some(Bson::ObjectId(_))), "{:?}", baseline.get("_id"));
}

#[test]
fn a_baseline_beside_tickets_in_files_is_refused_before_anything_is_trained() {
    let home = Home::new();
    home.write_tickets("t.ndjson", tickets(300));
    let error = home.run(&["ml", "train", "--tickets", "t.ndjson", "--baseline-to-mongodb", "-o", "json"]).data(2);
    assert!(error.to_string().contains("mongodb://HOST:PORT"), "{error}");
    home.run(&["ml", "models", "show", "duration"]).expect(4);
}
