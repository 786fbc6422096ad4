//! Servers that want to know who asks: certificates, passwords, workspaces, hosts.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;

use serde_json::json;

use super::support::{Home, Server, client, servers, small_model, start_newest};

const LIST: [&str; 5] = ["ml", "models", "list", "-o", "json"];

/// Lists the models with these variables; the document and what stood on stderr.
fn list(server: &Server, home: &Home, variables: &[(&str, &str)], code: i32) -> String {
    let ran = home.run_with(&[&LIST[..], &["--registry", &server.url, "--timeout", "10s"]].concat(), variables);
    assert!(!ran.stderr.contains("s3cr3t") && !ran.stdout.contains("s3cr3t"), "{}{}", ran.stdout, ran.stderr);
    ran.json(code).to_string()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

#[test]
fn a_server_that_asks_for_a_certificate_is_known_and_knows_the_client() {
    let Some(server) = start_newest("tls") else { return };
    let home = Home::new();
    let (authority, client) = (server.folder.join("authority.pem"), server.folder.join("client.pem"));
    let trusted = ("MLFLOW_TRACKING_SERVER_CERT_PATH", text(&authority));
    let known = ("MLFLOW_TRACKING_CLIENT_CERT_PATH", text(&client));
    let unknown_authority = list(&server, &home, &[known], 9);
    assert!(unknown_authority.contains("MLFLOW_TRACKING_SERVER_CERT_PATH"), "{unknown_authority}");
    let no_client = list(&server, &home, &[trusted], 9);
    assert!(no_client.contains("MLFLOW_TRACKING_CLIENT_CERT_PATH"), "{no_client}");
    let plain = home.run(&[&LIST[..], &["--registry", &server.url.replace("https", "http"), "--timeout", "10s"]].concat());
    assert_eq!(plain.code, 9, "{}", plain.stdout);
    let _ = list(&server, &home, &[trusted, known], 0);
    let _ = list(&server, &home, &[("MLFLOW_TRACKING_INSECURE_TLS", "true"), known], 0);
    let both = list(&server, &home, &[("MLFLOW_TRACKING_INSECURE_TLS", "true"), trusted], 11);
    assert!(both.contains("contradict"), "{both}");
    let absent = list(&server, &home, &[("MLFLOW_TRACKING_SERVER_CERT_PATH", "absent.pem")], 4);
    assert!(absent.contains("absent.pem"), "{absent}");
    home.write("no.pem", "no certificate");
    let broken = list(&server, &home, &[("MLFLOW_TRACKING_SERVER_CERT_PATH", "no.pem")], 11);
    assert!(broken.contains("PEM"), "{broken}");
    let words = ["ml", "models", "register", &small_model(), "--name", "secured", "--registry", &server.url];
    home.run_with(&words, &[trusted, known]).expect(0);
    assert!(list(&server, &home, &[trusted, known], 0).contains("secured"));
}

#[test]
fn a_server_that_asks_for_a_password_gets_it_and_its_refusals_are_told_apart() {
    let Some(server) = start_newest("auth") else { return };
    let home = Home::new();
    let admin = [("MLFLOW_TRACKING_USERNAME", "admin"), ("MLFLOW_TRACKING_PASSWORD", "s3cr3t-of-the-admin")];
    let nobody = list(&server, &home, &[], 10);
    assert!(nobody.contains("HML-1000") && nobody.contains("MLFLOW_TRACKING_USERNAME"), "{nobody}");
    let wrong = list(&server, &home, &[("MLFLOW_TRACKING_USERNAME", "admin"), ("MLFLOW_TRACKING_PASSWORD", "s3cr3t-canary")], 10);
    assert!(wrong.contains("HML-1000"), "{wrong}");
    let _ = list(&server, &home, &admin, 0);
    home.write(".mlflow/credentials", "[mlflow]\nmlflow_tracking_username = admin\nmlflow_tracking_password = s3cr3t-of-the-admin\n");
    let _ = list(&server, &home, &[], 0);
    let words = ["ml", "models", "register", &small_model(), "--name", "guarded", "--registry", &server.url];
    home.run(&words).expect(0);
    // A user who may read and nothing else.
    let create =
        server.ask_as("admin", "s3cr3t-of-the-admin", "users/create", json!({ "username": "reader", "password": "s3cr3t-of-the-reader" }));
    assert_eq!(create["user"]["username"], "reader", "{create}");
    let reader = [("MLFLOW_TRACKING_USERNAME", "reader"), ("MLFLOW_TRACKING_PASSWORD", "s3cr3t-of-the-reader")];
    assert!(list(&server, &home, &reader, 0).contains("guarded"));
    let tag = ["ml", "models", "tag", "guarded@1", "colour=red", "--registry", &server.url, "-o", "json"];
    let refused = home.run_with(&tag, &reader).json(10).to_string();
    assert!(refused.contains("does not permit it"), "{refused}");
}

#[test]
fn each_workspace_has_its_own_models() {
    let Some(server) = start_newest("workspaces") else { return };
    let home = Home::new();
    let _ = server.ask_path("api/3.0/mlflow/workspaces", json!({ "name": "team-a" }));
    let team = [("MLFLOW_WORKSPACE", "team-a")];
    let model = small_model();
    let words = ["ml", "models", "register", &model, "--name", "of-the-team", "--registry", &server.url];
    home.run_with(&words, &team).expect(0);
    assert!(list(&server, &home, &team, 0).contains("of-the-team"));
    assert!(!list(&server, &home, &[], 0).contains("of-the-team"));
    let reference = "of-the-team@1";
    let promote =
        ["ml", "models", "promote", reference, "--confirm", reference, "--force-gate", "--reason", "t", "--registry", &server.url];
    home.run_with(&promote, &team).expect(0);
    let verified = home.run_with(&["ml", "models", "verify", "--registry", &server.url, "-o", "json"], &team).json(0);
    assert_eq!(verified["data"]["files"], 2, "{verified:#}");
    let unknown = list(&server, &home, &[("MLFLOW_WORKSPACE", "nobody")], 11);
    assert!(unknown.contains("MLFLOW_WORKSPACE"), "{unknown}");
}

#[test]
fn a_workspace_on_a_server_without_any_and_a_host_that_it_does_not_know_are_told() {
    let Some(server) = start_newest("other-host") else { return };
    let home = Home::new();
    let host = list(&server, &home, &[], 10);
    assert!(host.contains("--allowed-hosts"), "{host}");
    let Some(plain) = servers().into_iter().next() else { return };
    let disabled = list(plain, &home, &[("MLFLOW_WORKSPACE", "team-a")], 11);
    assert!(disabled.contains("MLFLOW_WORKSPACE"), "{disabled}");
}

#[test]
fn a_token_is_sent_as_one_and_a_name_with_password_wins_over_it() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let (heard, hearing) = std::sync::mpsc::channel::<String>();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = [0; 4096];
            let count = stream.read(&mut request).unwrap_or(0);
            let _ = heard.send(String::from_utf8_lossy(&request[..count]).into_owned());
            let _ = stream.write_all(b"HTTP/1.1 401 UNAUTHORIZED\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });
    let home = Home::new();
    let heard_with = |variables: &[(&str, &str)]| {
        let _ = home.run_with(&[&LIST[..], &["--registry", &url]].concat(), variables).json(10);
        let request = hearing.recv().expect("a request").to_ascii_lowercase();
        while hearing.try_recv().is_ok() {}
        request
    };
    assert!(heard_with(&[("MLFLOW_TRACKING_TOKEN", "abc")]).contains("authorization: bearer abc"));
    let both = [("MLFLOW_TRACKING_TOKEN", "abc"), ("MLFLOW_TRACKING_USERNAME", "me"), ("MLFLOW_TRACKING_PASSWORD", "pw")];
    assert!(heard_with(&both).contains("authorization: basic bwu6chc="));
}

/// A user of [`accounts`].
fn as_user(user: &'static str) -> [(&'static str, &'static str); 2] {
    let password = match user {
        "admin" => "s3cr3t-of-the-admin",
        "ana" => "s3cr3t-of-the-ana",
        _ => "s3cr3t-of-the-ben",
    };
    [("MLFLOW_TRACKING_USERNAME", user), ("MLFLOW_TRACKING_PASSWORD", password)]
}

/// Two versions of `shared`, which ana and ben may edit; on a server where `is_hidden`, nothing else of each other's is
/// seen by them.
fn accounts(home: &Home, server: &Server, is_hidden: bool) {
    for (model, reason) in [("tests/rooms/formats/fixtures/stopped.json", "one"), ("tests/rooms/formats/fixtures/stopped.ubj", "two")] {
        let path = format!("{}/{model}", env!("CARGO_MANIFEST_DIR"));
        let words = ["ml", "models", "register", &path, "--name", "shared", "--reason", reason, "--registry", &server.url];
        home.run_with(&words, &as_user("admin")).expect(0);
    }
    for user in ["ana", "ben"] {
        let body = json!({ "username": user, "password": as_user(user)[1].1 });
        let made = server.ask_as("admin", "s3cr3t-of-the-admin", "users/create", body);
        assert_eq!(made["user"]["username"], user, "{made}");
        let mut may = vec![("registered_model", "shared", "EDIT")];
        if is_hidden {
            may.extend([("experiment", "0", "READ"), ("experiment", "1", "READ")]);
        }
        for (kind, place, permission) in may {
            let body = json!({ "username": user, "resource_type": kind, "resource_id": place, "permission": permission });
            let granted = server.ask_as("admin", "s3cr3t-of-the-admin", "../../3.0/mlflow/users/permissions/grant", body);
            assert_eq!(granted, json!({}), "{user}, {kind}");
        }
    }
}

/// Puts up a lease as another account's process would, flag and mark, made at `made_at`.
fn lease_of_ana(server: &Server, number: u32, lasts_ms: i64) -> String {
    let flag = format!("hivectl-lease-shared.{number:032x}");
    let tag = |key: &str, value: String| json!({ "key": format!("hivectl.lease.{key}"), "value": value });
    let tags = [tag("holder", "ana@elsewhere".into()), tag("host", "elsewhere".into()), tag("lasts_ms", lasts_ms.to_string())];
    let [(_, user), (_, password)] = as_user("ana");
    let made = server.ask_as(user, password, "registered-models/create", json!({ "name": flag, "tags": tags }));
    let made_at = &made["registered_model"]["creation_timestamp"];
    assert!(made_at.is_i64(), "{made}");
    let mark = json!({
        "flag": flag, "made_at": made_at, "lasts_ms": lasts_ms, "holder": "ana@elsewhere", "host": "elsewhere", "process": "",
    });
    let body = json!({ "name": "shared", "key": format!("hivectl.lease.{number:032x}"), "value": mark.to_string() });
    assert_eq!(server.ask_as(user, password, "registered-models/set-tag", body), json!({}));
    flag
}

/// A route of registered models that removes something.
fn remove_as_ana(server: &Server, route: &str, body: &serde_json::Value) {
    let url = format!("{}/api/2.0/mlflow/registered-models/{route}", server.url);
    let [(_, user), (_, password)] = as_user("ana");
    let request = client().delete(url).basic_auth(user, Some(password)).header("Content-Type", "application/json");
    assert_eq!(request.body(body.to_string()).send().expect("an answer").status().as_u16(), 200, "{body}");
}

/// The keys of the model's tags.
fn tags_of_shared(server: &Server) -> Vec<String> {
    let url = format!("{}/api/2.0/mlflow/registered-models/get?name=shared", server.url);
    let answer = client().get(url).basic_auth("admin", Some("s3cr3t-of-the-admin")).send().expect("an answer").text().expect("text");
    let answer: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
    let tags = answer["registered_model"]["tags"].as_array().cloned().unwrap_or_default();
    tags.iter().filter_map(|tag| tag["key"].as_str().map(str::to_owned)).collect()
}

#[test]
fn another_accounts_lease_is_seen_though_the_server_hides_what_that_account_makes() {
    let Some(server) = start_newest("auth-hidden") else { return };
    let home = Home::new();
    accounts(&home, &server, true);
    let promote = |user: &'static str, number: u32, code: i32| {
        let reference = format!("shared@{number}");
        let words = ["ml", "models", "promote", &reference, "--confirm", &reference, "--force-gate", "--reason", "t"];
        let server = ["--registry", &server.url, "--lock-timeout", "1s", "-o", "json"];
        home.run_with(&[&words[..], &server[..]].concat(), &as_user(user)).json(code)
    };
    // With EDIT alone, to the end: the record of the move is emptied where it may not be deleted.
    let done = promote("ben", 1, 0);
    assert_eq!(done["data"]["changed"], true, "{done:#}");
    let living = lease_of_ana(&server, 1, 600_000);
    let refused = promote("ben", 2, 7).to_string();
    assert!(refused.contains("ana@elsewhere"), "{refused}");
    assert_eq!(promote("ben", 1, 0)["data"]["changed"], false);
    remove_as_ana(&server, "delete-tag", &json!({ "name": "shared", "key": format!("hivectl.lease.{:032x}", 1) }));
    // Over long before it was put up: ben cannot see the flag, and takes the mark away.
    let late = lease_of_ana(&server, 2, -600_000);
    let done = promote("ben", 2, 0);
    assert_eq!((&done["data"]["changed"], done["warnings"].as_array().map(Vec::len)), (&json!(true), Some(0)), "{done:#}");
    assert_eq!(tags_of_shared(&server), Vec::<String>::new());
    let verified = home.run_with(&["ml", "models", "verify", "shared", "--registry", &server.url, "-o", "json"], &as_user("ben")).json(0);
    assert_eq!(verified["data"]["findings"], json!([]), "{verified:#}");
    remove_as_ana(&server, "delete", &json!({ "name": living }));
    remove_as_ana(&server, "delete", &json!({ "name": late }));
    // Both at once, again and again: one after the other, or one is refused.
    for round in 0..4 {
        let codes: Vec<i32> = std::thread::scope(|scope| {
            let both = [("ana", 1 + round % 2), ("ben", 2 - round % 2)].map(|(user, number)| {
                let (home, server) = (&home, &server);
                scope.spawn(move || {
                    let reference = format!("shared@{number}");
                    let words = ["ml", "models", "promote", &reference, "--confirm", &reference, "--force-gate", "--reason", "t"];
                    home.run_with(&[&words[..], &["--registry", &server.url]].concat(), &as_user(user)).code
                })
            });
            both.map(|one| one.join().expect("it ends")).to_vec()
        });
        assert!(codes.iter().all(|code| [0, 6, 7].contains(code)) && codes.contains(&0), "round {round}: {codes:?}");
        let verified = home.run_with(&["ml", "models", "verify", "shared", "--registry", &server.url, "-o", "json"], &as_user("admin"));
        assert_eq!(verified.json(0)["data"]["findings"], json!([]), "round {round}");
    }
}

#[test]
fn a_stale_lease_of_another_account_is_told_with_the_line_that_removes_it() {
    let Some(server) = start_newest("auth") else { return };
    let home = Home::new();
    accounts(&home, &server, false);
    let flag = lease_of_ana(&server, 1, -600_000);
    let words = ["ml", "models", "promote", "shared@2", "--confirm", "shared@2", "--force-gate", "--reason", "t"];
    let done = home.run_with(&[&words[..], &["--registry", &server.url, "-o", "json"]].concat(), &as_user("ben")).json(0);
    let line = format!("registered-models/delete -H 'Content-Type: application/json' -d '{{\"name\": \"{flag}\"}}'");
    let warnings: Vec<&str> = done["warnings"].as_array().into_iter().flatten().filter_map(|told| told.as_str()).collect();
    assert!(warnings.iter().any(|told| told.contains(&line) && told.contains("ana@elsewhere")), "{done:#}");
    let verify = ["ml", "models", "verify", "--registry", &server.url, "-o", "json"];
    let verified = home.run_with(&verify, &as_user("ben")).json(13);
    assert!(verified.to_string().contains("lease_left_behind"), "{verified:#}");
    // The account that may delete it takes it down with its next change.
    let words = ["ml", "models", "promote", "shared@1", "--confirm", "shared@1", "--force-gate", "--reason", "t"];
    home.run_with(&[&words[..], &["--registry", &server.url]].concat(), &as_user("admin")).expect(0);
    assert_eq!(home.run_with(&verify, &as_user("ben")).json(0)["data"]["findings"], json!([]));
}
