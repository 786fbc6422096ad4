//! What an MLflow client can do with a version that MLflow made it can do with one that hivectl made.

use serde_json::Value;

use super::support::{Home, Server, releases, small_model, unique};
use crate::common::walk::failures;

/// Versions of every way into a server: trained there, copied there from a file, and a single model file.
fn versions(server: &Server, home: &Home) -> Vec<String> {
    home.write_synthetic("tickets.ndjson", 600);
    let (trained, boosted, copied, bare) = (unique("trained"), unique("boosted"), unique("copied"), unique("bare"));
    let train = ["ml", "train", "--model", "duration", "--tickets", "tickets.ndjson", "--trees", "5"];
    server.run(home, &[&train[..], &["--name", &trained]].concat()).expect(0);
    server.run(home, &[&train[..], &["--name", &boosted, "--algorithm", "boosting"]].concat()).expect(0);
    home.run(&["ml", "train", "--model", "anomaly", "--tickets", "tickets.ndjson", "--trees", "5", "--name", &copied]).expect(0);
    home.run(&["ml", "models", "push", &format!("{copied}@1"), "--destination", &server.url]).expect(0);
    server.run(home, &["ml", "models", "register", &small_model(), "--name", &bare]).expect(0);
    // The older environment has no XGBoost.
    let loaded = if server.ask_version().starts_with("2.") { vec![trained, copied, bare] } else { vec![trained, boosted, copied, bare] };
    loaded.into_iter().map(|name| format!("{name}@1")).collect()
}

#[test]
fn whatever_an_mlflow_client_does_with_its_own_model_works_with_ours() {
    for server in releases() {
        let home = Home::new();
        let versions = versions(server, &home);
        let words: Vec<&str> = [server.url.as_str()].into_iter().chain(versions.iter().map(String::as_str)).collect();
        let walked = server.python(&home, "walk_model.py", &words);
        assert_eq!(failures(&walked, &versions), Vec::<String>::new(), "MLflow {}", walked["version"]);
    }
}

#[test]
fn the_run_of_a_training_names_its_tickets() {
    for server in releases() {
        let home = Home::new();
        // The same tickets from another place are the same data set, so other tests have others.
        home.write_synthetic("tickets.ndjson", 590);
        let name = unique("learned");
        server
            .run(&home, &["ml", "train", "--model", "duration", "--tickets", "tickets.ndjson", "--trees", "5", "--name", &name])
            .expect(0);
        let seen = server.python(&home, "run_inputs.py", &[&server.url, &format!("{name}@1")]);
        crate::common::walk::names_tickets(&seen, &home.path().join("tickets.ndjson"));
        // A copy takes along what its run learned from.
        let pull = ["ml", "models", "pull", &format!("{name}@1"), "--source", &server.url, "--registry", "other.db"];
        home.run(&pull).expect(0);
        let push = ["ml", "models", "push", &format!("{name}@1"), "--registry", "other.db", "--destination", &server.url, "--name"];
        let again = unique("learned");
        home.run(&[&push[..], &[&again]].concat()).expect(0);
        let copied = server.python(&home, "run_inputs.py", &[&server.url, &format!("{again}@1")]);
        let digest = |seen: &Value| seen["inputs"][0]["digest"].clone();
        assert_eq!(digest(&copied), digest(&seen), "{copied:#}");
    }
}
