//! Old tickets are told to be old, wherever something is learned, judged or checked, and nowhere else.

use serde_json::Value;

use crate::support::{Home, ticket};

/// Tickets whose newest was created so many days before now, one an hour.
fn write_aged(home: &Home, name: &str, days: i64, made_up: bool) {
    const COUNT: usize = 400;
    let now = jiff::Timestamp::now().as_millisecond();
    let newest = ticket(COUNT - 1)["created_at"].as_i64().expect("a time");
    let shift = now - days * 86_400_000 - newest;
    let aged = |index: usize| {
        let mut aged = ticket(index);
        for member in ["created_at", "started_at", "completed_at"] {
            if let Some(at) = aged[member].as_i64() {
                aged[member] = (at + shift).into();
            }
        }
        if made_up {
            aged["metadata"]["synthetic"] = true.into();
        }
        aged
    };
    home.write(name, (0..COUNT).map(|index| format!("{}\n", aged(index))).collect::<String>());
}

/// Every verb that learns, judges or checks, with its window in days.
const VERBS: [(&str, i64); 5] = [
    ("ml train --dry-run --model duration --trees 5", 30),
    ("ml validate --dry-run", 30),
    ("ml drift check --no-record", 7),
    ("ml retrain --emergency --reason old --dry-run --model duration --trees 5", 30),
    ("doctor --check tickets", 30),
];

/// Verbs that are asked about old tickets on purpose.
const OTHERS: [&str; 4] = ["ml predict --model duration", "ml backfill --errors-only", "ml stats", "ml dataset features --out f.parquet"];

fn run(home: &Home, line: &str, more: &[&str]) -> (i32, Value) {
    let words = [line.split(' ').collect::<Vec<&str>>(), more.to_vec(), vec!["-o", "json"]].concat();
    let ran = home.run(&words);
    (ran.code, serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{line}: {error}: {}{}", ran.stdout, ran.stderr)))
}

/// The member of this name, wherever in the document it stands first.
fn anywhere<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    match value {
        Value::Object(members) => {
            members.get(name).filter(|found| !found.is_null()).or_else(|| members.values().find_map(|member| anywhere(member, name)))
        }
        Value::Array(items) => items.iter().find_map(|item| anywhere(item, name)),
        _ => None,
    }
}

/// Whether the document warns of old tickets.
fn tells(document: &Value) -> bool {
    let text = document.to_string();
    text.contains("the newest ticket is") && text.contains("says little of today")
}

#[test]
fn each_verb_shows_the_age_of_the_newest_ticket_and_tells_one_older_than_its_window() {
    let home = Home::new();
    for (name, days) in [("new", 0), ("middling", 5), ("old", 303)] {
        write_aged(&home, &format!("{name}.ndjson"), days, false);
    }
    home.run(&["ml", "train", "--model", "duration", "--tickets", "new.ndjson", "--trees", "5"]).expect(0);
    for (line, window) in VERBS {
        for (name, days) in [("new", 0), ("middling", 5), ("old", 303)] {
            let (code, document) = run(&home, line, &["--tickets", &format!("{name}.ndjson")]);
            assert_ne!(code, 2, "{line}: {document:#}");
            let seconds =
                anywhere(&document, "newest_ticket_age_seconds").and_then(Value::as_i64).unwrap_or_else(|| panic!("{line}: {document:#}"));
            assert!((days * 86_400..days * 86_400 + 7_200).contains(&seconds), "{line}: {seconds} s of {days} days");
            assert_eq!(tells(&document), days > window, "{line} of {name}: {document:#}");
        }
    }
}

#[test]
fn the_flag_and_the_setting_move_the_limit_and_the_moment_at_hand_counts() {
    let home = Home::new();
    write_aged(&home, "old.ndjson", 303, false);
    let (line, _) = VERBS[0];
    let told = |more: &[&str]| tells(&run(&home, line, &[&["--tickets", "old.ndjson"], more].concat()).1);
    assert!(told(&[]) && told(&["--max-ticket-age", "302d"]) && !told(&["--max-ticket-age", "304d"]));
    let by_then = jiff::Timestamp::now().checked_sub(jiff::SignedDuration::from_hours(302 * 24)).expect("a moment");
    assert!(!told(&["--as-of", &by_then.to_string()]), "of that time they are new");
    home.write_config("max_ticket_age: 304d\n");
    assert!(!told(&[]) && told(&["--max-ticket-age", "2d"]), "the flag goes before the setting");
    home.write_config("max_ticket_age: soon\n");
    let refused = home.run(&["ml", "train", "--tickets", "old.ndjson"]).expect(11);
    assert!(refused.stderr.contains("max_ticket_age is 'soon', expected a length of time"), "{}", refused.stderr);
}

#[test]
fn a_short_window_makes_no_ticket_of_yesterday_old() {
    let home = Home::new();
    write_aged(&home, "yesterday.ndjson", 1, false);
    let (code, document) =
        run(&home, "ml train --dry-run --model duration --trees 5 --window-days 0.9 --min-samples 10", &["--tickets", "yesterday.ndjson"]);
    assert!(code == 0 && !tells(&document), "{document:#}");
}

#[test]
fn made_up_tickets_are_expected_to_be_old() {
    let home = Home::new();
    write_aged(&home, "made-up.ndjson", 303, true);
    home.run(&["ml", "train", "--model", "duration", "--tickets", "made-up.ndjson", "--trees", "5"]).expect(0);
    for (line, _) in VERBS {
        let (_, document) = run(&home, line, &["--tickets", "made-up.ndjson"]);
        assert!(!tells(&document), "{line}: {document:#}");
    }
}

#[test]
fn who_asks_about_old_tickets_is_not_told_that_they_are_old() {
    let home = Home::new();
    write_aged(&home, "old.ndjson", 303, false);
    home.run(&["ml", "train", "--model", "duration", "--tickets", "old.ndjson", "--trees", "5"]).expect(0);
    for line in OTHERS {
        let (_, document) = run(&home, line, &["--tickets", "old.ndjson"]);
        assert!(!tells(&document), "{line}: {document:#}");
        home.run(&[line.split(' ').collect::<Vec<&str>>(), vec!["--tickets", "old.ndjson", "--max-ticket-age", "1d"]].concat()).expect(2);
    }
}

#[test]
fn the_age_of_versions_has_its_own_word_and_the_old_one_still_counts() {
    let home = Home::with_models();
    for flag in ["--max-version-age", "--max-age-days"] {
        for (age, state) in [("0.0000001", "warn"), ("30", "pass")] {
            let (_, document) = run(&home, "ml validate --no-metrics", &[flag, age]);
            let checks = document["data"]["models"][0]["checks"].as_array().expect("checks");
            let staleness = checks.iter().find(|check| check["id"] == "staleness").expect("the check");
            assert_eq!(staleness["state"], state, "{flag} {age}");
        }
    }
    let (_, document) = run(&home, "ml validate --no-metrics", &["--max-version-age", "36h"]);
    assert_eq!(anywhere(&document, "max_age_days"), Some(&1.5.into()));
    home.run(&["ml", "validate", "--no-metrics", "--max-version-age", "-1"]).expect(2);
}
