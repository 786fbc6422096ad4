//! `ml models list` and `show`: the fields for scripts, and names that are nearly right.

use crate::support::{Home, fields, trained};

#[test]
fn list_and_show_say_what_is_registered() {
    let (home, trained) = trained();
    let list = home.run(&["ml", "models", "list", "-o", "json"]).json(0);
    let items = list["data"]["items"].as_array().expect("items");
    assert_eq!(items.len(), 2);
    for item in items {
        fields(item, &["name", "production", "staging", "latest", "version_count"]);
        fields(&item["latest"], &["version", "stage", "created_at", "metrics"]);
        assert!(item["production"].is_null());
        assert_eq!(item["latest"]["version"], 1);
        // Too few anomalies judged the detector for a gate.
        let waits = item["name"] == "ticket-duration-predictor";
        assert_eq!(item["staging"]["version"].as_u64(), waits.then_some(1), "{item}");
    }
    let names = home.run(&["ml", "models", "list", "-o", "name"]).expect(0).stdout;
    assert_eq!(names, "ticket-anomaly-detector\nticket-duration-predictor\n");

    let shown = home.run(&["ml", "models", "show", "ticket-duration-predictor@1", "-o", "json"]).json(0);
    let data = &shown["data"];
    fields(data, &["name", "version", "stage", "aliases", "metrics", "gate", "artifacts", "schema", "importances", "training_window"]);
    fields(&data["schema"], &["name", "fingerprint", "features"]);
    assert_eq!(data["schema"]["features"].as_array().map(Vec::len), Some(15));
    assert_eq!(data["gate"], trained["data"]["models"][0]["gate"]);
    for artifact in data["artifacts"].as_array().expect("artifacts") {
        fields(artifact, &["path", "size_bytes", "sha256"]);
    }
    fields(&data["importances"][0], &["feature", "value"]);
    fields(&data["training_window"], &["from", "to"]);
}

#[test]
fn a_mistyped_name_gets_the_nearest_one() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 200);
    home.run(&["ml", "train", "--model", "duration", "--tickets", "t.ndjson"]).expect(0);
    let ran = home.run(&["ml", "models", "show", "ticket-duration-predicter"]).expect(4);
    assert!(ran.stderr.contains("did you mean 'ticket-duration-predictor'?"), "{}", ran.stderr);
    let ran = home.run(&["ml", "models", "show", "ticket-duration-predictor@9"]).expect(4);
    assert!(ran.stderr.contains("ticket-duration-predictor@1"), "{}", ran.stderr);
    assert!(ran.stdout.is_empty());
    let ran = home.run(&["ml", "models", "lits"]).expect(2);
    assert!(ran.stderr.contains("list"), "{}", ran.stderr);
}
