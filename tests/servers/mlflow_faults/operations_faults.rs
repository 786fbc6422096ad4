//! Every fault against every operation: the exit code is the documented one, the time is bounded, the message
//! says where and what; and a change done once more ends as if nothing had happened.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::operations::{CHANGES, Change, check_leases, run, words};
use super::proxy::{FAULTS, Proxy, ProxyAction};
use super::support::{Home, Ran, server, side_by_side, state};

/// What a command may take in all, in seconds; told to it by `--timeout`.
const TIMEOUT_SECONDS: u64 = 3;

/// What is added for the start of a process on a busy machine before a run counts as endless.
const GRACE: Duration = Duration::from_secs(20);

/// Reading operations.
const READS: [&str; 10] = [
    "ml models list",
    "ml models list read",
    "ml models show read@1",
    "ml models history read",
    "ml models compare read@1 read@2",
    "ml models verify read",
    "ml models inspect read@1",
    "ml models export read@1 out.tar",
    "ml models pull read@1 --registry copies.db",
    "ml predict --model read@1 --tickets t.ndjson",
];

pub fn is_full() -> bool {
    std::env::var("HIVECTL_FULL").is_ok_and(|value| !value.is_empty())
}

/// The requests of `count` that are disturbed: all of them, or the first, one in the middle and the last.
pub fn disturbed(count: usize) -> Vec<usize> {
    let mut numbers: Vec<usize> = if is_full() { (1..=count).collect() } else { vec![1, count.div_ceil(2), count] };
    numbers.dedup();
    numbers
}

/// As [`disturbed`]; without `HIVECTL_FULL` one of them, another one for the next `turn`.
fn disturbed_in_turn(turn: usize, count: usize) -> Vec<usize> {
    let numbers = disturbed(count);
    if is_full() { numbers } else { vec![numbers[turn % numbers.len()]] }
}

/// One request is disturbed; of a page that repeats, each one from there on, because that is what makes it a fault.
fn disturb(request: usize, number: usize, fault: ProxyAction) -> ProxyAction {
    let is_hit = if fault == ProxyAction::RepeatedPage { request >= number } else { request == number };
    if is_hit { fault } else { ProxyAction::Pass }
}

fn without_timeout(words: &str) -> Vec<String> {
    words.split(' ').chain(["-o", "json"]).map(str::to_owned).collect()
}

fn with_timeout(words: &str) -> Vec<String> {
    let mut words = without_timeout(words);
    words.extend(["--timeout".to_owned(), format!("{TIMEOUT_SECONDS}s")]);
    words
}

/// What a run printed and how long it took.
fn timed(work: impl FnOnce() -> Ran) -> (Ran, Duration) {
    let begun = Instant::now();
    (work(), begun.elapsed())
}

/// A failure of the server tells the host, what was asked and how often; no other failure comes of a fault.
fn check_failure((ran, took): &(Ran, Duration), url: &str, what: &str, fault: Option<ProxyAction>) {
    let limit = Duration::from_secs(TIMEOUT_SECONDS) + GRACE;
    assert!(*took < limit, "{what}: took {took:?}");
    let document = ran.json(ran.code);
    let error = &document["error"];
    let code = error["code"].as_str().unwrap_or_default();
    // Other bytes with status 200 in place of a file are what its digest is for.
    let other_bytes = matches!(fault, Some(ProxyAction::Html | ProxyAction::WrongTypes | ProxyAction::RepeatedPage));
    let is_a_finding = document["data"]["findings"].as_array().is_some_and(|findings| !findings.is_empty());
    if other_bytes && (code == "HML-1301" || is_a_finding) {
        assert_eq!(ran.code, 13, "{what}: {document}");
        return;
    }
    assert!(["HML-0900", "HML-0901", "HML-0902"].contains(&code), "{what}: {document}");
    assert_eq!(ran.code, 9, "{what}: {document}");
    let all = error.to_string();
    assert!(all.contains(url.trim_start_matches("http://")), "{what}: no host in {all}");
    assert!(all.contains("attempt"), "{what}: no attempts in {all}");
    assert!(error["hints"].as_array().is_some_and(|hints| !hints.is_empty()), "{what}: no hint in {all}");
}

/// The data of an answer; of a list only what it says of the model that no other test changes.
fn about_the_model(ran: &Ran) -> Value {
    let mut data = ran.json(0)["data"].clone();
    if let Some(items) = data.get_mut("items").and_then(Value::as_array_mut) {
        items.retain(|item| item.get("name").is_none_or(|name| name == "read"));
    }
    // Of a copy that was made anew.
    if let Some(fields) = data.as_object_mut() {
        fields.remove("audit_id");
    }
    data
}

/// Reads without what earlier runs fetched.
#[must_use]
fn read(home: &Home, url: &str, words: &[String]) -> Ran {
    for kept in [".cache/hivectl/models", "copies.db", "mlruns"] {
        let path = home.path().join(kept);
        // What is not there needs no removing.
        let _ = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
    }
    if words.iter().any(|word| word == "pull") {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        return home.run(&[&words[..], &["--source", url]].concat());
    }
    run(home, url, words)
}

#[test]
fn reading_from_a_server_that_misbehaves_ends_in_time_with_the_reason() {
    let Some(server) = server() else { return };
    let home = Home::new();
    home.write_model();
    for file in ["model.tar", "second.tar"] {
        home.run_against(&server.url, &["ml", "models", "import", file, "--name", "read"]).expect(0);
    }
    let (mut survived, mut failed) = (0, 0);
    for words in READS {
        let proxy = Proxy::before(&server.url);
        let words_with_timeout = with_timeout(words);
        proxy.decide(|_, _| ProxyAction::Pass);
        let undisturbed = read(&home, &proxy.url, &without_timeout(words)).expect(0);
        let count = proxy.requests();
        for (turn, fault) in FAULTS.into_iter().enumerate() {
            proxy.decide(move |_, _| fault);
            let ran = timed(|| read(&home, &proxy.url, &words_with_timeout));
            check_failure(&ran, &proxy.url, &format!("{words}: {fault:?} always"), Some(fault));
            for number in disturbed_in_turn(turn, count) {
                let what = format!("{words}: {fault:?} at request {number} of {count}");
                proxy.decide(move |request, _| disturb(request, number, fault));
                let ran = timed(|| read(&home, &proxy.url, &words_with_timeout));
                if ran.0.code == 0 {
                    survived += 1;
                    assert_eq!(about_the_model(&ran.0), about_the_model(&undisturbed), "{what}: another answer");
                } else {
                    failed += 1;
                    check_failure(&ran, &proxy.url, &what, Some(fault));
                }
            }
        }
    }
    println!("reading: {survived} single faults survived, {failed} told");
    assert!(survived > 0, "nothing is tried again");
}

#[test]
fn a_change_that_a_server_disturbed_is_done_whole_by_the_same_command() {
    let Some(server) = server() else { return };
    let home = Home::new();
    home.write_model();
    let counts = side_by_side(CHANGES, |change| disturb_change(&home, &server.url, change));
    let (survived, failed) = counts.iter().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    println!("changing: {survived} single faults survived, {failed} told and done again");
}

/// Disturbs one change by each fault; how many it survived and how many it told.
fn disturb_change(home: &Home, url: &str, change: Change) -> (usize, usize) {
    let (mut survived, mut failed) = (0, 0);
    let proxy = Proxy::before(url);
    let model = format!("fault-{}", change.name);
    change.prepare(home, url, &model);
    run(home, &proxy.url, &change.arguments(&model)).expect(0);
    let count = proxy.requests();
    let wanted = state(url, &model);
    for (index, fault) in FAULTS.into_iter().enumerate() {
        for number in disturbed_in_turn(index, count) {
            let what = format!("{}: {fault:?} at request {number} of {count}", change.name);
            let model = format!("fault-{}-{index}-{number}", change.name);
            change.prepare(home, url, &model);
            proxy.decide(move |request, _| disturb(request, number, fault));
            let mut words = change.arguments(&model);
            words.extend(with_timeout("")[1..].iter().cloned());
            let ran = timed(|| run(home, &proxy.url, &words));
            if ran.0.code == 0 {
                survived += 1;
                assert_eq!(state(url, &model), wanted, "{what}: said done");
            } else {
                failed += 1;
                check_failure(&ran, &proxy.url, &what, Some(fault));
            }
            let again = run(home, url, &change.arguments(&model));
            assert_eq!(again.code, 0, "{what}, again: {}", again.stderr);
            assert_eq!(state(url, &model), wanted, "{what}, again");
            check_leases(home, url, &model, &what);
        }
    }
    (survived, failed)
}

#[test]
fn a_dead_server_is_told_at_once() {
    let home = Home::new();
    // A port that nobody listens on any more.
    let url = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        format!("http://{}", listener.local_addr().expect("an address"))
    };
    let ran = timed(|| run(&home, &url, &words("ml models list -o json")));
    check_failure(&ran, &url, "a dead server", None);
    assert_eq!(ran.0.json(9)["error"]["code"], "HML-0900");
}
