//! The machine-readable answers: the fields that scripts may build on.

use serde_json::Value;

use crate::support::Home;

fn trained() -> (Home, Value) {
    let home = Home::new();
    home.write_tickets("t.ndjson", 1_200);
    let document = home.run(&["ml", "train", "--tickets", "t.ndjson", "-o", "json"]).json(0);
    (home, document)
}

fn fields(value: &Value, names: &[&str]) {
    for name in names {
        assert!(value.get(name).is_some(), "no field '{name}' in {value:#}");
    }
}

#[test]
fn train_says_what_became_of_each_model() {
    let (_, document) = trained();
    assert_eq!(document["schema"], "hivectl.ml.train/v1");
    fields(&document, &["generated_at", "context", "data", "warnings"]);
    let models = document["data"]["models"].as_array().expect("models");
    assert_eq!(models.len(), 2);
    for model in models {
        fields(model, &["name", "version", "stage", "metrics", "gate", "samples", "champion", "promoted", "fit_seconds"]);
        fields(&model["samples"], &["read", "used", "train", "holdout", "refused"]);
        for criterion in model["gate"]["criteria"].as_array().expect("criteria") {
            fields(criterion, &["metric", "operator", "threshold", "value", "passed", "required"]);
        }
        assert_eq!(model["gate"]["passed"], true, "{model:#}");
        assert_eq!(model["stage"], "Staging");
        let samples = &model["samples"];
        let refused: u64 = samples["refused"].as_object().expect("reasons").values().filter_map(Value::as_u64).sum();
        assert_eq!(samples["read"].as_u64(), Some(samples["used"].as_u64().expect("a count") + refused));
        assert_eq!(
            samples["used"].as_u64(),
            Some(samples["train"].as_u64().expect("a count") + samples["holdout"].as_u64().expect("a count"))
        );
    }
    let metrics = &models[0]["metrics"];
    fields(metrics, &["mae", "rmse", "bias", "r2", "mae_pct", "interval_coverage"]);
    fields(&models[1]["metrics"], &["precision", "recall", "f1", "false_positive_rate", "anomaly_rate"]);
}

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
        assert_eq!(item["staging"]["version"], 1);
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
fn predict_answers_one_object_a_ticket() {
    let (home, _) = trained();
    let lines = home.run(&["ml", "predict", "--model", "duration", "--tickets", "t.ndjson", "-o", "jsonl"]).expect(0).stdout;
    let first: Value = serde_json::from_str(lines.lines().next().expect("a line")).expect("an object");
    fields(
        &first,
        &["ticket_id", "duration_ms", "duration_low_ms", "duration_high_ms", "sla_breach_probability", "model_name", "model_version"],
    );
    assert_eq!(lines.lines().count(), 1_200);
    assert!(
        first["duration_low_ms"].as_f64() <= first["duration_ms"].as_f64()
            && first["duration_ms"].as_f64() <= first["duration_high_ms"].as_f64()
    );

    let lines = home.run(&["ml", "predict", "--model", "anomaly", "--tickets", "t.ndjson", "-o", "jsonl"]).expect(0).stdout;
    let strange: Value = serde_json::from_str(lines.lines().nth(11).expect("a line")).expect("an object");
    fields(&strange, &["ticket_id", "anomaly_score", "is_anomaly", "anomaly_type", "reasons", "model_name", "model_version"]);
    assert_eq!(strange["is_anomaly"], true, "{strange:#}");
    let reasons: Vec<&str> =
        strange["reasons"].as_array().expect("reasons").iter().filter_map(|reason| reason["feature"].as_str()).collect();
    assert!(reasons.iter().any(|feature| ["capabilities_count", "parameters_size", "retry_count"].contains(feature)), "{reasons:?}");
}

#[test]
fn every_answer_is_one_document_also_when_it_fails() {
    let home = Home::new();
    for (arguments, code, exit) in [
        (&["ml", "models", "show", "nobody", "-o", "json"][..], "HML-0400", 4),
        (&["ml", "train", "--tickets", "absent.ndjson", "-o", "json"][..], "HML-0401", 4),
        (&["ml", "train", "-o", "json"][..], "HML-0200", 2),
        (&["ml", "trian", "-o", "json"][..], "HML-0200", 2),
        (&["ml", "models", "show", "a@b", "-o", "json"][..], "HML-0200", 2),
    ] {
        let document = home.run(arguments).json(exit);
        assert_eq!(document["schema"], "hivectl.error/v1", "{arguments:?}");
        fields(&document["error"], &["code", "kind", "message", "causes", "hints", "exit_code", "retryable"]);
        assert_eq!(
            (document["error"]["code"].as_str(), document["error"]["exit_code"].as_i64()),
            (Some(code), Some(i64::from(exit))),
            "{arguments:?}"
        );
    }
    assert!(!home.has_registry());
}
