//! Gates of models that another tool logged on a server: nothing but the metrics of a run.

use serde_json::json;

use super::support::{Home, servers, unique};

#[test]
fn a_model_that_hivectl_cannot_run_is_promoted_and_refused_on_the_metrics_of_its_run() {
    for server in servers() {
        let home = Home::new();
        let name = unique("boosted");
        server.post("registered-models/create", json!({ "name": name }));
        for metrics in [
            &[("rmse", 3.0), ("example_count", 30.0)][..],
            &[("rmse", 2.9), ("example_count", 29.0)],
            &[("rmse", 2.9), ("example_count", 30.0)],
        ] {
            let run = server.post("runs/create", json!({ "experiment_id": "0", "start_time": 1 }))["run"]["info"].clone();
            for (key, value) in metrics {
                server.post("runs/log-metric", json!({ "run_id": run["run_id"], "key": key, "value": value, "timestamp": 1 }));
            }
            let source = format!("{}/model", run["artifact_uri"].as_str().expect("an address"));
            let path = source.strip_prefix("mlflow-artifacts:/").expect("a server that hands out its files");
            server.put_file(&format!("{path}/model.bin"), b"a model of no known form");
            server.post("model-versions/create", json!({ "name": name, "source": source, "run_id": run["run_id"] }));
        }
        let policy = home.path().join("policy.yaml");
        std::fs::write(&policy, format!("globs:\n  \"{}*\":\n    rmse: \"< 3\"\n", &name[..8])).expect("written");
        let promote = |version: u32, code: i32| {
            let reference = format!("{name}@{version}");
            let words = ["ml", "models", "promote", &reference, "--policy", "policy.yaml", "--confirm", &reference, "-o", "json"];
            server.run(&home, &words).json(code).to_string()
        };
        assert!(promote(1, 3).contains("rmse is 3.0000, required < 3 (policy.yaml:3)"));
        assert!(promote(2, 3).contains("judged_tickets is 29, required >= 30 (default)"));
        let done = promote(3, 0);
        assert!(done.contains("\"changed\":true"), "{done}");
        assert_eq!(server.in_stage(&name, "Production"), [3]);
        let signed = format!("models:\n  {name}:\n    rmse: \"< 3\"\n    signature: present\n    digest: present\n");
        std::fs::write(&policy, signed).expect("written");
        let refused = promote(2, 3);
        assert!(refused.contains("signature is absent") && refused.contains("digest is absent"), "{refused}");
        server.remove_model(&name);
    }
}
