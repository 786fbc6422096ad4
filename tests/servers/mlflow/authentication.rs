//! Servers that want to know who asks: certificates, passwords, workspaces, hosts.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;

use super::support::{Home, Server, servers, small_model, start_newest};

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
    let create = server.ask_as(
        "admin",
        "s3cr3t-of-the-admin",
        "users/create",
        serde_json::json!({ "username": "reader", "password": "s3cr3t-of-the-reader" }),
    );
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
    let _ = server.ask_path("api/3.0/mlflow/workspaces", serde_json::json!({ "name": "team-a" }));
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
