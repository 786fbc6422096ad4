//! `ml drift watch`: what it says and when, how it ends, and two at the same time.

use std::io::{BufRead, BufReader, Read as _};
use std::process::{Child, Stdio};

use crate::support::{Home, signal};

fn watch(home: &Home, more: &[&str]) -> Child {
    let line = [&["ml", "drift", "watch", "--tickets", "same.ndjson"], more].concat();
    home.command(&line).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("hivectl starts")
}

#[test]
fn a_signal_ends_the_watch_cleanly_with_its_own_code() {
    let home = Home::with_week(&["--model", "duration"]);
    for (name, code) in [("-TERM", 143), ("-INT", 130)] {
        let mut child = watch(&home, &["--interval", "6h"]);
        let mut lines = BufReader::new(child.stdout.take().expect("an output"));
        let mut first = String::new();
        lines.read_line(&mut first).expect("a line");
        assert!(first.contains("ticket-duration-predictor@1  ok"), "{first}");
        signal(&child, name);
        let (mut rest, mut said) = (String::new(), String::new());
        lines.read_to_string(&mut rest).expect("text");
        child.stderr.take().expect("an error output").read_to_string(&mut said).expect("text");
        assert_eq!(child.wait().expect("an end").code(), Some(code), "{said}");
        assert!(rest.is_empty() && said.contains("asked to end; the last status is ok"), "{rest}{said}");
    }
    let mut child = watch(&home, &["--interval", "6h", "-o", "json"]);
    // Its only look is over once it is kept.
    while home.run(&["ml", "drift", "history", "-o", "name"]).stdout.is_empty() {}
    std::thread::sleep(std::time::Duration::from_millis(300));
    signal(&child, "-TERM");
    let mut document = String::new();
    child.stdout.take().expect("an output").read_to_string(&mut document).expect("text");
    assert_eq!(child.wait().expect("an end").code(), Some(143));
    let document: serde_json::Value = serde_json::from_str(&document).expect("one document");
    assert_eq!(document["data"]["overall_status"], "ok");
    // Nothing is held: the next command that writes has its turn.
    home.run(&["ml", "drift", "check", "--tickets", "same.ndjson"]).expect(0);
}

#[test]
fn two_watches_at_once_keep_each_window_once() {
    let home = Home::with_week(&["--model", "duration"]);
    let watches: Vec<Child> = (0..2).map(|_| watch(&home, &["--interval", "1s", "--timeout", "4s", "-o", "json"])).collect();
    for watch in watches {
        let ended = watch.wait_with_output().expect("an end");
        assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
        let document: serde_json::Value = serde_json::from_slice(&ended.stdout).expect("one document");
        assert_eq!(document["data"]["items"].as_array().map(Vec::len), Some(1), "{document:#}");
    }
    let history = home.run(&["ml", "drift", "history", "-o", "json"]).json(0);
    assert_eq!(history["data"]["items"].as_array().map(Vec::len), Some(1), "{history:#}");
}

#[test]
fn watching_speaks_on_change_and_a_warning_that_stays_is_critical() {
    let home = Home::with_drift("6000");
    let line = ["ml", "drift", "watch", "--tickets", "same.ndjson", "--interval", "1s", "--timeout", "3s"];
    let watched = home.run(&line).expect(0).stdout;
    assert_eq!(watched.lines().count(), 1, "three looks, nothing changed: {watched}");
    let line =
        ["ml", "drift", "watch", "--tickets", "same.ndjson", "--interval", "1s", "--timeout", "1s", "--until", "critical", "-o", "json"];
    assert_eq!(home.run(&line).json(9)["error"]["code"], "HML-0902");
    let line = ["ml", "drift", "watch", "--tickets", "drifted.ndjson", "--until", "critical", "--exit-code", "-o", "json"];
    assert_eq!(home.run(&line).json(20)["data"]["overall_status"], "critical");
    let stdin = home.run_with_input(&["ml", "drift", "watch", "--tickets", "-"], b"");
    assert_eq!(stdin.code, 2, "{}", stdin.stderr);
}
