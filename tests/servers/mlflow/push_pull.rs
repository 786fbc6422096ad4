//! From registry to registry: the same files, the same numbers, once.

use serde_json::Value;

use super::support::{Home, servers, unique};

#[test]
fn a_version_goes_to_a_server_and_back_and_stays_the_same() {
    for server in servers() {
        let home = Home::new();
        let name = unique("copied");
        home.write_synthetic("tickets.ndjson", 1200);
        home.run(&["ml", "train", "--model", "duration", "--tickets", "tickets.ndjson"]).expect(0);
        let trained = home.run(&["ml", "models", "show", "duration", "-o", "json"]).json(0);
        let push = ["ml", "models", "push", "duration@latest", "--destination", &server.url, "--name", &name, "-o", "json"];
        let pushed = home.run(&push).json(0);
        assert_eq!(pushed["data"]["changed"], true, "{pushed:#}");
        let again = home.run(&push).json(0);
        assert_eq!((&again["data"]["changed"], &again["data"]["version"]), (&false.into(), &1.into()), "{again:#}");
        let shown = server.run(&home, &["ml", "models", "show", &name, "-o", "json"]).json(0);
        for part in ["metrics", "params"] {
            assert_eq!(shown["data"][part], trained["data"][part], "{part}");
        }
        let pull = ["ml", "models", "pull", &format!("{name}@1"), "--source", &server.url, "--registry", "other.db", "-o", "json"];
        let pulled = home.run(&pull).json(0);
        assert_eq!(pulled["data"]["package_digest"], pushed["data"]["package_digest"], "{pulled:#}");
        let back = home.run(&["ml", "models", "show", &name, "--registry", "other.db", "-o", "json"]).json(0);
        // `MLmodel` names the run and the logged model of where it is kept, and MLflow asks for them there.
        let files = |shown: &Value| {
            let mut files = shown["data"]["artifacts"].as_array().expect("files").clone();
            files.retain(|file| file["path"] != "MLmodel");
            files
        };
        assert_eq!(files(&back), files(&trained));
        assert!(files(&back).len() + 1 == back["data"]["artifacts"].as_array().map_or(0, Vec::len), "{back:#}");
        assert_eq!(back["data"]["metrics"], trained["data"]["metrics"]);
    }
}

#[test]
fn a_file_that_somebody_replaced_is_not_used() {
    for server in servers() {
        let home = Home::new();
        let name = unique("replaced");
        server.register(&home, &name, 1);
        let version = server.get("model-versions/get", &[("name", &name), ("version", "1")])["model_version"].clone();
        let source = version["source"].as_str().expect("a source");
        let folder = match source.strip_prefix("models:/") {
            Some(model_id) => {
                let model = server.get(&format!("logged-models/{model_id}"), &[]);
                model["model"]["info"]["artifact_uri"].as_str().expect("a place").to_owned()
            }
            None => {
                let run = server.get("runs/get", &[("run_id", version["run_id"].as_str().expect("a run"))]);
                format!("{}/model", run["run"]["info"]["artifact_uri"].as_str().expect("a place"))
            }
        };
        server.put_file(&format!("{}/isolation.onnx", folder.trim_start_matches("mlflow-artifacts:/")), b"something else");
        let refused = server.promote(&home, &name, 1, &[]).json(13);
        assert!(refused.to_string().contains("HML-1301"), "{refused:#}");
        let found = server.run(&home, &["ml", "models", "verify", &name, "-o", "json"]).json(13);
        assert!(found.to_string().contains("digest_mismatch"), "{found:#}");
        assert_eq!(server.in_stage(&name, "Production"), Vec::<u64>::new());
    }
}
