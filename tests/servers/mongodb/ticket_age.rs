//! Old tickets of a running system put nothing into service: something is wrong with whoever writes them.

use super::support::{Database, Home, tickets};

/// Every verb that learns, judges or checks.
const VERBS: [&str; 5] = [
    "ml train --model duration --trees 5 --promote-if-better",
    "ml retrain --emergency --reason old --model duration --promote-if-better",
    "ml drift check",
    "ml validate",
    "doctor --check mongodb",
];

/// Verbs that are asked about old tickets on purpose.
const OTHERS: [&str; 4] = ["ml predict --model duration", "ml backfill --errors-only", "ml backfill --yes", "ml stats"];

#[test]
fn a_verb_that_would_learn_or_judge_ends_with_14_and_names_the_age_and_the_flag() {
    let Some(database) = Database::new() else { return };
    let home = Home::with_model();
    database.insert(tickets(400));
    let run = |line: &str, more: &[&str]| {
        let words = [line.split(' ').collect::<Vec<&str>>(), more.to_vec(), vec!["--database", &database.name, "-o", "json"]].concat();
        home.run_with(&words, &[("MONGODB_URI", &database.uri)])
    };
    let models = || home.run(&["ml", "models", "list", "-o", "json"]).json(0)["data"].to_string();
    let (before, checks) = (models(), home.run(&["ml", "drift", "history", "-o", "json"]).json(0)["data"].to_string());
    for line in VERBS {
        let ran = run(line, &[]);
        ran.check(14);
        for part in ["days old", "--max-ticket-age", &database.name] {
            assert!(ran.stdout.contains(part), "{line}: {part}: {}", ran.stdout);
        }
    }
    assert_eq!((models(), home.run(&["ml", "drift", "history", "-o", "json"]).json(0)["data"].to_string()), (before, checks));
    for line in OTHERS {
        assert_ne!(run(line, &[]).code, 14, "{line}");
    }
    for line in VERBS {
        let ran = run(line, &["--max-ticket-age", "3650d"]);
        assert!(ran.code == 0 || !ran.stdout.contains("days old"), "{line}: {}", ran.stdout);
        assert!(ran.stdout.contains("newest_ticket_age_seconds"), "{line}: {}", ran.stdout);
    }
    // Of the time that they are of they are new.
    let by_then = ["--as-of", "2026-01-04T00:00:00Z"];
    let ran = run("ml train --model duration --trees 5 --dry-run", &by_then);
    ran.check(0);
}
