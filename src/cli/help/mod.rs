//! What stands below the options in `--help` and on the manual pages: examples and exit codes.
//!
//! Kept as data beside each verb ([`super::verb_spec`]), because a test runs every example and compares every exit code with
//! the table of [`crate::error`].

mod page;
mod surroundings;

pub use page::page;
pub use surroundings::{FILES, variables};

use super::verb_spec::{VerbSpec, verbs};

/// What the codes mean, for the footers and the README.
pub const EXIT_CODES: &[(u8, &str)] = &[
    (0, "done, or already so"),
    (1, "a bug in hivectl"),
    (2, "the words typed do not make a command"),
    (3, "a gate or validation failed"),
    (4, "not found: model, version or file"),
    (5, "a confirmation is missing or refused"),
    (6, "the state moved; nothing was changed"),
    (7, "a lock is held"),
    (8, "waiting for a person"),
    (9, "unreachable or timed out"),
    (10, "not allowed"),
    (11, "bad input or configuration, with file and line"),
    (12, "partly done"),
    (13, "an invariant or a digest is broken"),
    (14, "not enough data, no labels, no baseline, tickets too old"),
    (20, "a difference was found, only with --exit-code"),
    (130, "interrupted (143: terminated)"),
];

/// Adds the footers to the tree that clap has built.
pub fn with_footers(mut root: clap::Command) -> clap::Command {
    for verb in verbs() {
        let words: Vec<&str> = verb.words.split(' ').collect();
        root = with_footer(root, &words, &text(verb));
    }
    root
}

fn with_footer(command: clap::Command, words: &[&str], text: &str) -> clap::Command {
    match words {
        [] => command.after_long_help(text.to_owned()),
        [first, rest @ ..] => command.mut_subcommand(*first, |child| with_footer(child, rest, text)),
    }
}

fn text(verb: &VerbSpec) -> String {
    let mut text = String::from("Examples:\n");
    for (what, line) in verb.examples {
        text.push_str(&format!("  # {what}\n  {line}\n"));
    }
    text.push_str("\nExit status:\n");
    for (code, meaning) in EXIT_CODES.iter().filter(|(code, _)| *code <= 2 || verb.exit_codes.contains(code)) {
        text.push_str(&format!("  {code:<3} {meaning}\n"));
    }
    text.trim_end().to_owned()
}
