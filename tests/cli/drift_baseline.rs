//! `ml drift baseline`: saved, listed, shown and chosen.

use crate::support::{Home, check_drift, number};

#[test]
fn baselines_are_saved_listed_shown_and_chosen() {
    let home = Home::with_drift("6000");
    let current = |home: &Home| check_drift(home, &["--tickets", "same.ndjson"], 0)["baseline"]["origin"].as_str().map(str::to_owned);
    assert_eq!(current(&home).as_deref(), Some("training of ticket-duration-predictor@1"));
    let saved =
        home.run(&["ml", "drift", "baseline", "save", "duration", "--tickets", "then.ndjson", "-o", "json", "--reason", "monthly"]).json(0);
    assert_eq!((saved["data"]["number"].as_u64(), saved["data"]["version"].as_u64()), (Some(1), Some(1)));
    assert_eq!(current(&home).as_deref(), Some("saved baseline 1 of ticket-duration-predictor@1"));
    let list = home.run(&["ml", "drift", "baseline", "list", "duration", "-o", "json"]).json(0);
    let items = list["data"]["items"].as_array().expect("items");
    let told: Vec<_> = items.iter().map(|item| (item["number"].as_u64(), item["is_current"].as_bool())).collect();
    assert_eq!(told, [(None, Some(false)), (Some(1), Some(true))]);
    assert_eq!(items[1]["reason"], "monthly");
    home.run(&["ml", "drift", "baseline", "set", "duration", "training"]).expect(0);
    assert_eq!(current(&home).as_deref(), Some("training of ticket-duration-predictor@1"));
    let shown = home.run(&["ml", "drift", "baseline", "show", "duration", "--number", "1", "-o", "json"]).json(0)["data"].clone();
    assert_eq!(shown["variables"].as_object().map(serde_json::Map::len), Some(16));
    assert!(number(&shown["error"]["mae"]) > 0.0 && number(&shown["window"]["days"]) > 30.0, "{shown:#}");
    let log = home.run(&["audit", "verify"]).expect(0).stdout;
    assert!(log.contains("as it was written"), "{log}");
    for (line, code) in [("set duration 7", 14), ("set duration soon", 2), ("show duration --number 9", 14), ("list nothing", 4)] {
        let words: Vec<&str> = ["ml", "drift", "baseline"].into_iter().chain(line.split(' ')).collect();
        let _ = home.run(&words).expect(code);
    }
}

#[test]
fn a_baseline_of_another_model_and_a_version_without_one_are_refused() {
    let home = Home::with_drift("6000");
    let other = home.run(&["ml", "drift", "check", "--tickets", "same.ndjson", "--baseline", "anomaly", "-o", "json"]).json(11);
    assert_eq!(other["error"]["code"], "HML-1105");
    let fixture = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rooms/formats/fixtures/isolation.onnx");
    std::fs::copy(fixture, home.path().join("outside.onnx")).expect("a model from outside");
    home.run(&["ml", "models", "register", "outside.onnx", "--name", "outside"]).expect(0);
    let none = home.run(&["ml", "drift", "baseline", "show", "outside", "-o", "json"]).json(14);
    assert_eq!(none["error"]["code"], "HML-1402");
    assert!(none["error"]["hints"][0].as_str().is_some_and(|hint| hint.contains("hivectl ml drift baseline save outside@1")), "{none:#}");
}
