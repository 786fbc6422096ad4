//! Servers that are away: told within the time that is given, in plain words, and with nothing lost that was learned.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::common::terminal::Terminal;
use crate::support::{Home, MODEL, Ran, ticket};

/// Every verb that reads tickets, from wherever.
const TICKETS: [&str; 15] = [
    "ml train --dry-run",
    "ml train --as-of 2026-01-31 --dry-run",
    "ml predict --model duration",
    "ml backfill --yes",
    "ml backfill --errors-only",
    "ml stats",
    "ml forecast",
    "ml drift check",
    "ml drift check --against-days 7",
    "ml drift watch --interval 1s",
    "ml drift baseline save duration",
    "ml validate",
    "ml models compare duration@1 duration@2",
    "ml dataset features --out features.parquet",
    "ml retrain --emergency --reason away --dry-run",
];

/// Verbs that ask a registry.
const REGISTRY: [&str; 7] = [
    "ml models list",
    "ml models show duration",
    "ml models verify",
    "ml models history duration",
    "ml train --tickets tickets.parquet",
    "ml validate --no-metrics",
    "ml predict --model duration --tickets tickets.parquet",
];

/// What only a program could have written.
const DUMPS: [&str; 7] = ["Topology", "labels:", "Kind:", "Some(", "None,", "source:", "Os {"];

/// The time that is given, and what a busy machine may need beside it: less than the time itself, so that nothing can be
/// waited for twice.
const GIVEN: Duration = Duration::from_secs(4);
const BESIDE: Duration = Duration::from_millis(3_500);

fn timed(home: &Home, words: &str, variables: &[(&str, &str)]) -> (Ran, Duration) {
    let begun = Instant::now();
    let ran = home.run_with(&words.split(' ').collect::<Vec<&str>>(), variables);
    (ran, begun.elapsed())
}

/// Runs each line twice, with and without a time that is given, and looks at what is said.
fn each_ends_in_time(home: &Home, lines: &[&str], variables: &[(&str, &str)], server: &str) {
    let given = format!("{}s", GIVEN.as_secs());
    for line in lines {
        let (ran, took) = timed(home, &format!("{line} --timeout {given}"), variables);
        ran.check(9);
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(took < GIVEN + BESIDE, "{line}: took {took:?} of {given}");
        assert!(said.contains(server), "{line}: {said}");
        for dump in DUMPS {
            assert!(!said.contains(dump), "{line}: {dump} in {said}");
        }
    }
}

#[test]
fn no_verb_waits_longer_for_a_dead_server_with_tickets_than_is_given() {
    let home = Home::with_models();
    each_ends_in_time(&home, &TICKETS, &[("MONGODB_URI", "mongodb://127.0.0.1:9/orchestrator")], "127.0.0.1:9");
}

#[test]
fn no_verb_waits_longer_for_a_silent_server_with_tickets_than_is_given() {
    // Takes connections and never answers.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let uri = format!("mongodb://{address}/orchestrator");
    let home = Home::with_models();
    each_ends_in_time(&home, &TICKETS[..6], &[("MONGODB_URI", &uri)], &address);
}

#[test]
fn without_a_time_a_dead_server_is_given_five_seconds() {
    let home = Home::with_models();
    let variables = [("MONGODB_URI", "mongodb://127.0.0.1:9/orchestrator")];
    for line in ["ml train --dry-run", "ml stats", "ml backfill --yes"] {
        let (ran, took) = timed(&home, line, &variables);
        ran.check(9);
        assert!(took < Duration::from_secs(5) + BESIDE, "{line}: took {took:?}");
        assert!(ran.stderr.contains("127.0.0.1:9: ") && ran.stderr.contains("refused"), "{line}: {}", ran.stderr);
    }
}

#[test]
fn no_verb_waits_longer_for_a_dead_registry_than_is_given() {
    let home = Home::with_models();
    each_ends_in_time(&home, &REGISTRY, &[("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")], "127.0.0.1:9");
}

#[test]
fn on_a_terminal_the_server_is_named_while_it_is_waited_for() {
    let home = Home::with_models();
    for (words, named) in [
        ("ml stats --timeout 8s --tickets mongodb://127.0.0.1:9/orchestrator", "asking mongodb://127.0.0.1:9"),
        ("ml train --dry-run --timeout 8s --tickets mongodb://127.0.0.1:9/orchestrator", "asking mongodb://127.0.0.1:9"),
    ] {
        let begun = Instant::now();
        let words: Vec<&str> = words.split(' ').collect();
        let terminal = Terminal::start(&home, env!("CARGO_BIN_EXE_hivectl"), &words, 100, &[]);
        terminal.wait_for(named, 1);
        // A second, and what a busy machine needs to start a program; long before the eight are over.
        assert!(begun.elapsed() < Duration::from_secs(4), "{words:?}: first word after {:?}", begun.elapsed());
        let (status, _) = terminal.end();
        assert_eq!(status.code(), Some(9), "{words:?}");
    }
}

/// Answers as an MLflow server without any model, until it is gone.
struct EmptyServer {
    url: String,
    asked: Arc<AtomicUsize>,
    gone: Arc<std::sync::atomic::AtomicBool>,
    thread: std::thread::JoinHandle<()>,
}

impl EmptyServer {
    fn start() -> EmptyServer {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a listener");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (asked, gone) = (Arc::new(AtomicUsize::new(0)), Arc::new(std::sync::atomic::AtomicBool::new(false)));
        let (count, end) = (Arc::clone(&asked), Arc::clone(&gone));
        let thread = std::thread::spawn(move || {
            while !end.load(Ordering::SeqCst) {
                match listener.accept() {
                    Ok((client, _)) => {
                        answer(client);
                        count.fetch_add(1, Ordering::SeqCst);
                    }
                    Err(_) => std::thread::sleep(Duration::from_millis(5)),
                }
            }
        });
        EmptyServer { url, asked, gone, thread }
    }

    fn wait_until_asked(&self) {
        while self.asked.load(Ordering::SeqCst) == 0 {
            std::thread::sleep(Duration::from_millis(5));
        }
        // Whatever else is asked at the beginning.
        std::thread::sleep(Duration::from_secs(1));
    }

    fn go_away(self) {
        self.gone.store(true, Ordering::SeqCst);
        self.thread.join().expect("it ends");
    }
}

fn answer(mut client: TcpStream) {
    client.set_nonblocking(false).expect("a socket");
    client.set_read_timeout(Some(Duration::from_secs(5))).expect("a socket");
    let mut request = Vec::new();
    let mut bytes = [0; 4096];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match client.read(&mut bytes) {
            Ok(count @ 1..) => request.extend_from_slice(&bytes[..count]),
            _ => return,
        }
    }
    let path = String::from_utf8_lossy(&request);
    let (status, body) = match path.contains("/search") {
        true => ("200 OK", "{}"),
        false => ("404 Not Found", r#"{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"not there"}"#),
    };
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    let _ = client.write_all(format!("{head}{body}").as_bytes());
}

/// Trains from standard input, which gets its tickets once the registry has been asked and is gone.
fn train_while_the_server_goes_away(home: &Home, words: &str) -> (Ran, String) {
    let server = EmptyServer::start();
    let url = server.url.clone();
    let words = format!("{words} --tickets - --registry {url} --trees 10 --timeout 3s");
    let mut command = home.command(&words.split(' ').collect::<Vec<&str>>());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("hivectl runs");
    server.wait_until_asked();
    server.go_away();
    let lines: String = (0..400).map(|index| format!("{}\n", ticket(index))).collect();
    child.stdin.take().expect("a pipe").write_all(lines.as_bytes()).expect("written");
    (Ran::of(child.wait_with_output().expect("it ends")), url)
}

#[test]
fn train_asks_its_registry_before_it_reads_a_ticket() {
    let home = Home::new();
    let words = ["ml", "train", "--tickets", "-", "--registry", "http://127.0.0.1:9", "--timeout", "2s"];
    // Nothing is ever written into the pipe: who reads first waits for ever.
    let child = home.command(&words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("hivectl runs");
    let begun = Instant::now();
    let ran = Ran::of(wait(child));
    ran.check(9);
    assert!(begun.elapsed() < Duration::from_secs(8) && ran.stderr.contains("http://127.0.0.1:9"), "{}", ran.stderr);
}

/// Waits without closing the pipe, as [`std::process::Child::wait_with_output`] does.
fn wait(mut child: std::process::Child) -> std::process::Output {
    let _held = child.stdin.take();
    child.wait_with_output().expect("it ends")
}

#[test]
fn a_model_whose_server_went_away_is_kept_and_the_line_that_registers_it_works() {
    for (keep, place) in [("", ".local/share/hivectl"), (" --keep mine/kept.db", "mine/kept.db")] {
        let home = Home::new();
        let (ran, url) = train_while_the_server_goes_away(&home, &format!("ml train --model duration -o json{keep}"));
        let document = ran.json(12);
        let kept = &document["data"]["models"][0]["kept"];
        assert!(kept["path"].as_str().is_some_and(|path| path.contains(place)), "{document:#}");
        assert_eq!((&document["data"]["models"][0]["version"], &kept["version"]), (&serde_json::Value::Null, &1.into()));
        let line = kept["register"].as_str().expect("a line").to_owned();
        assert!(line.contains("models push") && line.contains(&url), "{line}");
        // The same line into a registry that is there.
        let there = line.replace(&url, "there.db");
        home.type_line(&there).expect(0);
        let shown = home.run(&["ml", "models", "show", &format!("{MODEL}@1"), "--registry", "there.db"]).expect(0);
        assert!(shown.stdout.contains(MODEL), "{}", shown.stdout);
    }
}

#[test]
fn people_read_where_the_model_is_kept_and_every_kind_is() {
    let home = Home::new();
    let (ran, url) = train_while_the_server_goes_away(&home, "ml train");
    ran.check(12);
    for part in ["is kept in", "ticket-duration-predictor@1", "ticket-anomaly-detector@1", &url] {
        assert!(format!("{}{}", ran.stdout, ran.stderr).contains(part), "{part}: {}{}", ran.stdout, ran.stderr);
    }
    let listed = home.run(&["ml", "models", "list"]).expect(0);
    assert!(listed.stdout.contains("ticket-anomaly-detector") && listed.stdout.contains(MODEL), "{}", listed.stdout);
}

#[test]
fn a_place_that_keeps_no_model_is_refused_before_anything_is_learned() {
    let home = Home::new();
    let ran = home.run(&["ml", "train", "--tickets", "absent.ndjson", "--keep", "model.bin"]).expect(2);
    assert!(ran.stderr.contains("--keep kept.db"), "{}", ran.stderr);
}
