//! Training into a server, and Python on what was trained.

use std::path::Path;

use super::support::{Home, Server, servers, unique};

/// Python predicts from the server what hivectl predicts.
fn agrees(server: &Server, home: &Home, kind: &str, name: &str, field: &str) {
    let (matrix, predictions) = (format!("{kind}.parquet"), format!("{kind}.jsonl"));
    let reference = format!("models:/{name}/Staging");
    let predict = ["ml", "predict", "--model", &reference, "--tickets", "some.ndjson", "--out", &predictions];
    server.run(home, &predict).expect(0);
    let features = ["ml", "dataset", "features", "--model", &reference, "--tickets", "some.ndjson", "--out", &matrix];
    server.run(home, &features).expect(0);
    let compared = server.python(home, "compare_models.py", &[&server.url, &format!("{name}@Staging"), &matrix, &predictions, field]);
    for flavor in ["pyfunc", "sklearn", "onnx"] {
        let part = &compared["compared"][flavor];
        assert_eq!(part["rows"], 300, "{compared:#}");
        assert!(part["difference"].as_f64().is_some_and(|difference| difference <= 1e-6), "{flavor}: {compared:#}");
    }
}

#[test]
fn what_is_trained_into_a_server_is_listed_predicted_with_and_loaded_by_python() {
    for server in servers() {
        let home = Home::new();
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tickets.ndjson.gz").display().to_string();
        let trained = server.run(&home, &["ml", "train", "--tickets", &shipped, "-o", "json"]).json(0);
        assert_eq!(trained["data"]["models"].as_array().map(Vec::len), Some(2), "{trained:#}");
        assert!(!home.path().join(".local/share/hivectl/registry.db").exists(), "a registry was made on this machine");
        let listed = server.run(&home, &["ml", "models", "list", "-o", "json"]).json(0);
        let items = listed["data"]["items"].as_array().cloned().unwrap_or_default();
        let duration = items.into_iter().find(|item| item["name"] == "ticket-duration-predictor").unwrap_or_default();
        assert!(duration["staging"]["metrics"]["mae_pct"].is_number(), "{duration:#}");
        home.write_synthetic("some.ndjson", 300);
        agrees(server, &home, "duration", "ticket-duration-predictor", "duration_ms");
        agrees(server, &home, "anomaly", "ticket-anomaly-detector", "is_anomaly");
        let promote = ["ml", "models", "promote", "duration@1", "--confirm", "ticket-duration-predictor@1"];
        let refused = server.run(&home, &promote).expect(3).stderr;
        assert!(refused.contains("synthetic tickets"), "{refused}");
        server.run(&home, &[&promote[..], &["--force-gate", "--reason", "trial"]].concat()).expect(0);
        let better = ["ml", "train", "--model", "duration", "--tickets", &shipped, "--seed", "5", "--promote-if-better", "-o", "json"];
        server.run(&home, &better).expect(0);
        assert_eq!(server.in_stage("ticket-duration-predictor", "Production").len(), 1);
        let verified = server.run(&home, &["ml", "models", "verify", "ticket-duration-predictor", "-o", "json"]).json(0);
        assert_eq!(verified["data"]["findings"].as_array().map(Vec::len), Some(0), "{verified:#}");
    }
}

#[test]
fn a_model_of_load_goes_into_a_server_and_forecasts_from_it() {
    for server in servers() {
        let home = Home::new();
        home.write_synthetic("tickets.ndjson", 4_000);
        home.write("lenient.yaml", "load-1440m: {skill: \">= -100\", coverage_80: \">= 0\"}\n");
        let name = unique("load");
        let train = [
            "ml",
            "train",
            "--model",
            "load",
            "--horizon",
            "1440m",
            "--name",
            &name,
            "--policy",
            "lenient.yaml",
            "--tickets",
            "tickets.ndjson",
        ];
        let trained = server.run(&home, &[&train[..], &["-o", "json"]].concat()).json(0);
        assert_eq!(trained["data"]["models"][0]["stage"], "Staging", "{trained:#}");
        let reference = format!("{name}@1");
        let told = server.run(&home, &["ml", "forecast", "--model", &reference, "--tickets", "tickets.ndjson", "-o", "json"]).json(0);
        assert_eq!(told["data"]["forecast"].as_array().map(Vec::len), Some(24), "{told:#}");
        let shown = server.run(&home, &["ml", "models", "show", &reference, "-o", "json"]).json(0);
        assert_eq!(
            (&shown["data"]["params"]["horizon_minutes"], &shown["data"]["forecaster"]["bucket_seconds"]),
            (&"1440".into(), &3_600.into())
        );
        assert!(shown["data"]["metrics"]["wape"].is_number(), "{shown:#}");
        server.run(&home, &["ml", "models", "verify", &name]).expect(0);
        let refused = server.run(&home, &["ml", "predict", "--model", &reference, "--tickets", "tickets.ndjson"]).expect(11).stderr;
        assert!(refused.contains("hivectl ml forecast --model"), "{refused}");
        server.remove_model(&name);
    }
}
