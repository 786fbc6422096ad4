//! Servers that are not there, are something else, or do not want us.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use super::support::Home;

/// A server that gives the same answer to everything.
fn answering(status: &'static str, headers: &'static str, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let answer = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    url
}

fn refused(url: &str, variables: &[(&str, &str)], code: i32) -> String {
    let home = Home::new();
    let ran = home.run_with(&["ml", "models", "list", "--registry", url, "--timeout", "5s", "-o", "json"], variables);
    assert!(!ran.stderr.contains("canary"));
    ran.json(code).to_string()
}

#[test]
fn a_dead_server_is_told_by_its_address() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let told = refused(&url, &[], 9);
    for part in ["HML-0900", &url, "attempts", "list the models", "/health"] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn a_server_that_says_nothing_is_given_up_when_the_time_is_over() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let home = Home::new();
    let told = home.run(&["ml", "models", "list", "--registry", &url, "--timeout", "1s", "-o", "json"]).json(9).to_string();
    assert!(told.contains("HML-0902") && told.contains("--timeout"), "{told}");
}

#[test]
fn what_is_no_mlflow_is_told_as_that() {
    let page = refused(&answering("200 OK", "Content-Type: text/html\r\n", "<html></html>"), &[], 9);
    assert!(page.contains("HML-0901") && page.contains("something else than JSON"), "{page}");
    let shape =
        refused(&answering("200 OK", "Content-Type: application/json\r\n", "{\"registered_models\":true,\"model_versions\":7}"), &[], 9);
    assert!(shape.contains("form of MLflow"), "{shape}");
    // Nothing that says something of models is no registry without models.
    for body in ["", "[]", " ", "null"] {
        let nothing = refused(&answering("200 OK", "Content-Type: application/json\r\n", body), &[], 9);
        assert!(nothing.contains("HML-0901"), "{body:?}: {nothing}");
    }
    let circle = refused(&answering("302 Found", "Location: /again\r\n", ""), &[], 9);
    assert!(circle.contains("from one address to the next"), "{circle}");
    let elsewhere = refused(&answering("302 Found", "Location: http://elsewhere.invalid/\r\n", ""), &[], 9);
    assert!(elsewhere.contains("does not follow"), "{elsewhere}");
}

#[test]
fn refusals_are_explained() {
    let secret = [("MLFLOW_TRACKING_USERNAME", "me"), ("MLFLOW_TRACKING_PASSWORD", "canary")];
    let unknown = refused(&answering("401 UNAUTHORIZED", "Content-Type: text/html\r\n", "nope"), &secret, 10);
    assert!(unknown.contains("MLFLOW_TRACKING_PASSWORD") && !unknown.contains("canary"), "{unknown}");
    assert!(unknown.contains("the user me"), "{unknown}");
    let nobody = refused(&answering("401 UNAUTHORIZED", "Content-Type: text/html\r\n", "nope"), &[], 10);
    assert!(nobody.contains("set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD"), "{nobody}");
    let busy = refused(&answering("429 Too Many Requests", "Retry-After: 3\r\n", "slow down"), &[], 9);
    assert!(busy.contains("429") && busy.contains("fewer requests"), "{busy}");
    let host = refused(&answering("403 Forbidden", "Content-Type: text/plain\r\n", "Invalid Host header - possible"), &[], 10);
    assert!(host.contains("--allowed-hosts 127.0.0.1:"), "{host}");
}

#[test]
fn names_of_leases_are_not_for_models() {
    let home = Home::new();
    let model = super::support::small_model();
    let words = ["ml", "models", "register", &model, "--name", "hivectl-lease-m.1", "--registry", "http://127.0.0.1:9", "-o", "json"];
    let told = home.run(&words).json(2).to_string();
    assert!(told.contains("hivectl's own"), "{told}");
}
