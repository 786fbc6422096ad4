//! Metrics of `ml drift check`, as a file, and as promtool, a Pushgateway and a Prometheus take them.
//!
//! `tests/servers/prometheus.sh` fetches and starts Debian's; without it the tests that need them say so and are
//! skipped.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::common::servers::Servers;
use crate::support::Home;

#[test]
fn metrics_have_the_guides_names_and_appear_whole() {
    let home = Home::with_drift("6000");
    home.run(&["ml", "drift", "check", "--tickets", "drifted.ndjson", "--metrics-file", "drift.prom"]).expect(0);
    let text = std::fs::read_to_string(home.path().join("drift.prom")).expect("metrics");
    let model = "model_name=\"ticket-duration-predictor\"";
    let value = |start: &str| {
        let line = text.lines().find(|line| line.starts_with(start) && line.contains(model)).unwrap_or_else(|| panic!("{start}: {text}"));
        line.rsplit(' ').next().and_then(|number| number.parse::<f64>().ok()).expect("a number")
    };
    assert_eq!(value("orchestration_ml_drift_overall_status{"), 2.0);
    assert_eq!(value("orchestration_ml_drift_status{drift_type=\"prediction\""), 2.0);
    assert!(value("orchestration_ml_drift_score{drift_type=\"feature\",feature=\"estimated_duration_ms\"") > 0.25);
    assert!(value("orchestration_ml_drift_prediction_ratio{") > 1.5);
    let names: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    assert!(text.lines().all(|line| line.starts_with("# ") || names.iter().any(|name| line.starts_with(&format!("{name}{{")))), "{text}");
    let _ =
        home.run(&["ml", "drift", "check", "--tickets", "same.ndjson", "--window-days", "0.5", "--metrics-file", "thin.prom"]).expect(14);
    let thin = std::fs::read_to_string(home.path().join("thin.prom")).expect("metrics");
    assert!(!thin.contains("overall_status") && thin.contains("check_timestamp"), "{thin}");
}

/// Started by the first test that asks.
fn servers() -> Option<&'static Servers> {
    static SERVERS: OnceLock<Option<Servers>> = OnceLock::new();
    let servers = SERVERS.get_or_init(|| {
        std::env::var_os("HIVECTL_TEST_PROMETHEUS").filter(|value| !value.is_empty()).map(|_| Servers::start("prometheus.sh", &[]))
    });
    if servers.is_none() {
        println!("SKIPPED: no Prometheus; 'eval \"$(tests/servers/prometheus.sh env)\"' fetches one");
    }
    servers.as_ref()
}

/// The values of a query by their label `drift_type`, `feature` or nothing.
fn query(servers: &Servers, expression: &str) -> Vec<(String, f64)> {
    let mut url = reqwest::Url::parse(&servers.started["prometheus"]).expect("a URL").join("/api/v1/query").expect("a URL");
    url.query_pairs_mut().append_pair("query", expression);
    let answer: Value = serde_json::from_str(&get(url.as_str())).expect("JSON");
    assert_eq!(answer["status"], "success", "{expression}: {answer}");
    let results = answer["data"]["result"].as_array().expect("results");
    let told = |result: &Value| {
        let label = ["feature", "drift_type"].iter().find_map(|label| result["metric"][label].as_str()).unwrap_or_default();
        (label.to_owned(), result["value"][1].as_str().and_then(|value| value.parse().ok()).expect("a number"))
    };
    results.iter().map(told).collect()
}

/// Asks again until the answer is as expected: Prometheus looks five seconds after its start for the first time.
fn query_until(servers: &Servers, expression: &str, expected: impl Fn(&[(String, f64)]) -> bool) -> Vec<(String, f64)> {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let found = query(servers, expression);
        if expected(&found) {
            return found;
        }
        assert!(Instant::now() < until, "{expression} stays {found:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The body behind a URL of this machine.
fn get(url: &str) -> String {
    let place = url.strip_prefix("http://").expect("http");
    let (host, path) = place.split_once('/').unwrap_or((place, ""));
    let mut connection = std::net::TcpStream::connect(host).expect("connected");
    write!(connection, "GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n").expect("asked");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("text");
    answer.split_once("\r\n\r\n").expect("a body").1.to_owned()
}

#[test]
fn promtool_finds_nothing_to_say_about_the_metrics() {
    let Some(servers) = servers() else { return };
    let home = Home::with_drift("3000");
    let checks = [("drifted.ndjson", "robust", "7", 0), ("same.ndjson", "robust", "0.5", 14), ("drifted.ndjson", "reference", "7", 0)];
    for (tickets, method, days, code) in checks {
        let words = ["--tickets", tickets, "--method", method, "--window-days", days, "--metrics-file", "drift.prom"];
        let _ = home.run(&[&["ml", "drift", "check"], &words[..]].concat()).expect(code);
        let metrics = std::fs::File::open(home.path().join("drift.prom")).expect("metrics");
        let checked = Command::new(&servers.started["promtool"]).args(["check", "metrics"]).stdin(metrics).output().expect("promtool runs");
        let said = [checked.stdout, checked.stderr].concat();
        assert!(checked.status.success() && said.is_empty(), "{tickets} {method}: {}", String::from_utf8_lossy(&said));
    }
}

#[test]
fn what_is_pushed_is_fetched_and_answers_the_guides_alerts() {
    let Some(servers) = servers() else { return };
    let home = Home::with_drift("3000");
    let gateway = servers.started["push_gateway"].as_str();
    let push = |tickets: &str, days: &str, code: i32| {
        let words = ["--tickets", tickets, "--window-days", days, "--push-gateway", gateway, "-o", "json"];
        home.run(&[&["ml", "drift", "check"], &words[..]].concat()).json(code)["data"].clone()
    };
    let model = "{job=\"ml_drift_detection\",model_name=\"ticket-duration-predictor\"}";
    let found = push("drifted.ndjson", "7", 0);
    // As the alert MLDriftCritical asks.
    let alert = format!("orchestration_ml_drift_overall_status{model} == 2");
    assert_eq!(query_until(servers, &alert, |found| !found.is_empty()).len(), 1);
    let scores = query(servers, &format!("orchestration_ml_drift_score{model} > 0.25"));
    assert!(scores.iter().any(|(label, _)| label == "estimated_duration_ms"), "{scores:?}");
    let status = query(servers, "orchestration_ml_drift_status{drift_type=\"prediction\"}");
    assert_eq!(status, [("prediction".to_owned(), 2.0)]);
    let ratio = query(servers, &format!("orchestration_ml_drift_prediction_ratio{model}"));
    assert!((ratio[0].1 - found["prediction_drift"]["drift_ratio"].as_f64().expect("a ratio")).abs() < 1e-9, "{ratio:?}");
    // A week like the others takes the place of the drifted one, and one of too little data leaves no status at all.
    let _ = push("same.ndjson", "7", 0);
    assert_eq!(query_until(servers, &format!("orchestration_ml_drift_overall_status{model} == 0"), |found| !found.is_empty()).len(), 1);
    let _ = push("same.ndjson", "0.5", 14);
    let _ = query_until(servers, &format!("orchestration_ml_drift_overall_status{model}"), <[_]>::is_empty);
    let refusals = query_until(servers, "push_failure_time_seconds{job=\"ml_drift_detection\"}", |found| !found.is_empty());
    assert!(refusals.iter().all(|(_, time)| *time == 0.0), "the gateway refused something: {refusals:?}");
}

#[test]
fn the_time_that_the_service_measures_of_itself_is_judged_by_its_promise() {
    let Some(servers) = servers() else { return };
    let home = Home::new();
    home.write_tickets("t.ndjson", 800);
    home.run(&["ml", "train", "--model", "duration", "--promote-if-better", "--trees", "10", "--tickets", "t.ndjson"]).expect(0);
    let gateway = servers.started["push_gateway"].strip_prefix("http://").expect("a place").trim_end_matches('/').to_owned();
    // A histogram as the service has it: of so many answers up to each bound, in seconds.
    let push = |counts: [u32; 5]| {
        let bounds = ["0.01", "0.05", "0.1", "0.5", "+Inf"];
        let lines = bounds.iter().zip(counts).map(|(bound, count)| {
            format!("orchestration_ml_prediction_duration_seconds_bucket{{model_type=\"duration\",le=\"{bound}\"}} {count}\n")
        });
        let body: String = lines.collect();
        let mut connection = std::net::TcpStream::connect(&gateway).expect("connected");
        let head = format!("PUT /metrics/job/service HTTP/1.0\r\nHost: {gateway}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        connection.write_all(head.as_bytes()).expect("told");
        let mut answer = String::new();
        connection.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.0 200") || answer.starts_with("HTTP/1.1 200"), "{answer}");
        let newest = "orchestration_ml_prediction_duration_seconds_bucket{le=\"+Inf\"}";
        let _ = query_until(servers, newest, |found| found.iter().any(|(_, value)| (value - f64::from(counts[4])).abs() < 0.5));
    };
    let judged = || {
        let place = servers.started["prometheus"].as_str();
        let words = ["ml", "validate", "--tickets", "t.ndjson", "-o", "json"];
        let ran = home.run_with(&words, &[("HIVECTL_PROMETHEUS", place)]);
        let document: Value = serde_json::from_str(&ran.stdout).expect("JSON");
        let checks = document["data"]["models"][0]["checks"].as_array().expect("checks").clone();
        (ran.code, checks.into_iter().find(|check| check["id"] == "service_latency").expect("the check"))
    };
    let (_, unmeasured) = judged();
    assert!(unmeasured["state"] == "skipped" && unmeasured["evidence"].as_str().is_some_and(|why| why.contains("of the last 24 h")));
    push([0; 5]);
    push([900, 1_000, 1_000, 1_000, 1_000]);
    let (code, quick) = judged();
    let p95 = quick["numbers"]["service_p95_ms"].as_f64().expect("a number");
    // 95 of 100 lie halfway between 10 and 50 ms.
    assert!((code, &quick["state"]) == (0, &"pass".into()) && (p95 - 30.0).abs() < 1.0, "{quick}");
    push([900, 1_000, 1_000, 3_000, 3_000]);
    let (code, slow) = judged();
    assert!((code, &slow["state"]) == (3, &"fail".into()) && slow["numbers"]["service_p95_ms"].as_f64() > Some(100.0), "{slow}");
}

#[test]
fn a_gateway_that_does_not_take_them_leaves_the_check_as_it_is() {
    let home = Home::with_drift("3000");
    let check = |url: &str| home.run(&["ml", "drift", "check", "--tickets", "same.ndjson", "--push-gateway", url, "-o", "json"]);
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let unreachable = check(&format!("http://{nobody}")).json(12);
    assert_eq!(unreachable["data"]["overall_status"], "ok");
    let told =
        |document: &Value| document["warnings"].as_array().and_then(|all| all.last()?.as_str().map(str::to_owned)).expect("a warning");
    let why = told(&unreachable);
    assert!(why.contains("not delivered") && why.contains("cannot push metrics"), "{why}");
    let history = home.run(&["ml", "drift", "history", "-o", "json"]).json(0);
    assert_eq!(history["data"]["items"].as_array().map(Vec::len), Some(1), "the check is kept");
    let refusing = refusing_gateway();
    let refused = check(&refusing).json(12);
    assert!(told(&refused).contains("status 400: pushed metrics are invalid: one series twice"), "{refused:#}");
    assert_eq!(check("http://me:s3cret@127.0.0.1:1").json(2)["error"]["kind"], "usage");
    assert_eq!(check("gateway").json(11)["error"]["kind"], "bad_configuration");
    let secret = home.run_with(
        &["ml", "drift", "check", "--tickets", "same.ndjson", "-o", "json"],
        &[("HIVECTL_PUSH_GATEWAY", &format!("http://me:s3cret@{nobody}"))],
    );
    assert!(secret.stdout.contains("***") && !secret.stdout.contains("s3cret") && !secret.stderr.contains("s3cret"), "{}", secret.stdout);
}

/// A gateway that answers one push with a refusal, as the Pushgateway words it.
fn refusing_gateway() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let place = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        let (mut connection, _) = listener.accept().expect("a push");
        let mut reader = BufReader::new(connection.try_clone().expect("a connection"));
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).expect("a header");
            if let Some(told) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = told.trim().parse().expect("a length");
            }
            if line.trim().is_empty() {
                break;
            }
        }
        reader.read_exact(&mut vec![0; length]).expect("a body");
        let body = "pushed metrics are invalid: one series twice";
        write!(connection, "HTTP/1.1 400 Bad Request\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
            .expect("answered");
    });
    format!("http://{place}")
}
