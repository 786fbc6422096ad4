//! Every example in every `--help` runs and does what it says.

use std::path::Path;

use hivectl::cli::{VerbSpec, verbs};

use crate::support::{Home, Ran};

/// Verbs whose examples use what those of others left in the home, in the order in which they run; every other verb runs
/// after them.
const ORDER: &[&str] = &[
    "ml dataset synthetic",
    "ml train",
    "ml models register",
    "ml models list",
    "ml models show",
    "ml models compare",
    "ml validate",
    "ml drift check",
    "ml drift watch",
    "ml drift history",
    "ml drift baseline save",
    "ml drift baseline list",
    "ml drift baseline show",
    "ml drift baseline set",
    "ml retrain",
    "ml predict",
    "ml backfill",
    "ml backfill undo",
    "ml stats",
    "ml forecast",
    "ml dataset features",
    "ml models promote",
    "ml apply",
    "ml models rollback",
    "ml models history",
    "ml models alias set",
    "ml models alias unset",
    "ml models tag",
    "ml models archive",
    "ml models verify",
    "ml models migrate",
    "ml models export",
    "ml models import",
    "ml models push",
    "ml models pull",
    "config set",
    "config get",
    "config contexts",
    "config use",
    "config check",
    "config path",
    "config unset",
];

fn in_order() -> Vec<&'static VerbSpec> {
    let place = |words: &str| ORDER.iter().position(|named| *named == words);
    let named = verbs().iter().filter(|verb| place(verb.words).is_some()).count();
    assert_eq!(named, ORDER.len(), "the order names verbs that are not there");
    let mut verbs = verbs().to_vec();
    verbs.sort_by_key(|verb| place(verb.words).unwrap_or(ORDER.len()));
    verbs
}

#[test]
fn every_example_runs_in_order_in_an_empty_home() {
    let home = Home::new();
    std::fs::create_dir(home.path().join("examples")).expect("a folder");
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tickets.ndjson.gz");
    std::fs::copy(shipped, home.path().join("examples/tickets.ndjson.gz")).expect("the shipped example");
    let outside = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rooms/formats/fixtures/isolation.onnx");
    std::fs::copy(outside, home.path().join("outside.onnx")).expect("a model from outside");
    home.write("rows.csv", "first,second,third\n0.5,-1,2\n9,9,9\n");
    for verb in in_order() {
        assert_eq!(verb.examples.len(), 3, "{}", verb.words);
        for (what, line) in verb.examples {
            let words = shlex::split(line).expect("a line that a shell reads");
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            assert!(line.starts_with("hivectl ") && line.len() <= 98, "{line}");
            // Nobody answers at db.example, which need not be waited for.
            let hurry: &[&str] = if line.contains("mongodb://") { &["--timeout", "1s"] } else { &[] };
            let ran = home.run(&[&words[1..], hurry].concat());
            // tests/servers/mongodb runs those that take their tickets from a server.
            if needs_server(verb.words, line) {
                // A check of what is not configured is no failure.
                let is_skipped = verb.words == "doctor" && ran.code == 0 && ran.stdout.contains("1 skipped");
                assert!(is_skipped || matches!(ran.code, 2 | 9), "{what}: {line}\n{}\n{}", ran.stdout, ran.stderr);
                continue;
            }
            assert_eq!(ran.code, 0, "{what}: {line}\n{}\n{}", ran.stdout, ran.stderr);
            assert!(!ran.stdout.is_empty(), "{line} printed nothing");
        }
    }
}

/// Whether a line reads from the server that it, or MONGODB_URI, names.
fn needs_server(command: &str, line: &str) -> bool {
    line.contains("mongodb://")
        || ((matches!(command, "ml backfill" | "ml backfill undo" | "ml stats") && !line.contains("--tickets"))
            || (command == "doctor" && line != "hivectl doctor"))
}

#[test]
fn every_command_has_examples_and_help_shows_them() {
    let mut stack = vec![(String::new(), hivectl::cli::command())];
    while let Some((path, command)) = stack.pop() {
        let children: Vec<_> = command.get_subcommands().filter(|child| child.get_name() != "help").cloned().collect();
        if children.is_empty() {
            let verb = verbs().iter().find(|verb| verb.words == path).unwrap_or_else(|| panic!("{path} has no examples"));
            let help = command.clone().render_long_help().to_string();
            assert!(verb.examples.iter().all(|(_, line)| help.contains(line)), "{path}");
            assert!(help.contains("Exit status:"), "{path}");
        }
        stack.extend(children.into_iter().map(|child| (format!("{path} {}", child.get_name()).trim().to_owned(), child)));
    }
}

#[test]
fn help_that_cannot_be_written_is_a_failure() {
    let home = Home::new();
    for words in [&["--help"][..], &["ml", "train", "--help"], &["help"], &["help", "ml", "train"], &["--version"], &["version"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("a disk that is full");
        let ran = Ran::of(home.command(words).stdout(full).output().expect("hivectl runs")).expect(11);
        assert!(ran.stderr.contains("cannot write"), "{}", ran.stderr);
    }
}
