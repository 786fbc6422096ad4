//! Another client that knows no lease: what it does in the middle of a promotion is found by reading back.

use super::operations::{run, words};
use super::proxy::{Proxy, ProxyAction};
use super::support::{Home, State, post, server, state};

#[test]
fn a_second_production_by_another_client_is_exit_13_with_the_plan_that_repairs_it() {
    let Some(server) = server() else { return };
    let home = Home::new();
    home.write_model();
    for file in ["model.tar", "second.tar"] {
        run(&home, &server.url, &words(&format!("ml models import {file} --name racing"))).expect(0);
    }
    let proxy = Proxy::before(&server.url);
    let upstream = server.url.clone();
    proxy.decide(move |_, _| {
        let stage = |state: &State, version: u64| state[&version].0.clone();
        // Our stage has moved, and theirs has not.
        let now = state(&upstream, "racing");
        if stage(&now, 2) == "Production" && stage(&now, 1) != "Production" {
            let body = r#"{"name":"racing","version":"1","stage":"Production","archive_existing_versions":false}"#;
            post(&upstream, "/api/2.0/mlflow/model-versions/transition-stage", body);
        }
        ProxyAction::Pass
    });
    let promote = words("ml models promote racing@2 --force-gate --reason r --confirm racing@2 -o json");
    let error = &run(&home, &proxy.url, &promote).json(13)["error"];
    assert_eq!(error["code"], "HML-1300", "{error:#}");
    let hints = error["hints"].to_string();
    for repair in ["hivectl ml models archive racing@1 --confirm racing@1", "hivectl ml models archive racing@2 --confirm racing@2"] {
        assert!(hints.contains(repair), "{repair} is not in {hints}");
    }
    // Other tests leave findings of their own on this server, so the code of the whole is whichever comes first.
    let doctor = run(&home, &server.url, &words("doctor --check registry --timeout 60s -o json"));
    assert_ne!(doctor.code, 0, "{}", doctor.stdout);
    let doctor: serde_json::Value = serde_json::from_str(&doctor.stdout).expect("one document");
    let checks = doctor["data"]["checks"].as_array().cloned().unwrap_or_default();
    let told = |check: &serde_json::Value| ["racing", "Production"].iter().all(|word| check["evidence"].to_string().contains(word));
    assert!(checks.iter().any(|check| check["state"] == "fail" && told(check)), "{doctor:#}");
    run(&home, &server.url, &words("ml models archive racing@1 --confirm racing@1 --reason r")).expect(0);
    assert_eq!(run(&home, &server.url, &promote).code, 0);
    let repaired = state(&server.url, "racing");
    assert_eq!(repaired.values().filter(|(stage, ..)| stage == "Production").count(), 1, "{repaired:#?}");
}
