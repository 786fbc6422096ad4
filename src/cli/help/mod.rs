//! What stands below the options in `--help` and on the manual pages: examples and exit codes.
//!
//! Kept as data, because a test runs every example and compares every exit code with the table of
//! [`crate::error`].

mod changes;
mod ml;
mod page;
mod shell;
mod surroundings;

pub use changes::changes;
pub use page::page;
pub use surroundings::{FILES, variables};

/// The footer of one command.
pub struct Footer {
    /// Words of the command, such as `ml train`.
    pub command: &'static str,
    /// What each does, and the line to type.
    pub examples: &'static [(&'static str, &'static str)],
    /// The codes it can end with, beside 0, 1 and 2.
    pub exit_codes: &'static [u8],
}

/// Every command's footer. The examples run in this order in an empty home, beside `examples/`.
pub fn footers() -> impl Iterator<Item = &'static Footer> {
    ml::FOOTERS.iter().chain(shell::FOOTERS)
}

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
    (14, "not enough data, no labels, no baseline"),
    (20, "a difference was found, only with --exit-code"),
    (130, "interrupted (143: terminated)"),
];

/// Adds the footers to the tree that clap has built.
pub fn with_footers(mut root: clap::Command) -> clap::Command {
    for footer in footers() {
        let words: Vec<&str> = footer.command.split(' ').collect();
        root = with_footer(root, &words, &text(footer));
    }
    root
}

fn with_footer(command: clap::Command, words: &[&str], text: &str) -> clap::Command {
    match words {
        [] => command.after_long_help(text.to_owned()),
        [first, rest @ ..] => command.mut_subcommand(*first, |child| with_footer(child, rest, text)),
    }
}

fn text(footer: &Footer) -> String {
    let mut text = String::from("Examples:\n");
    for (what, line) in footer.examples {
        text.push_str(&format!("  # {what}\n  {line}\n"));
    }
    text.push_str("\nExit status:\n");
    for (code, meaning) in EXIT_CODES.iter().filter(|(code, _)| *code <= 2 || footer.exit_codes.contains(code)) {
        text.push_str(&format!("  {code:<3} {meaning}\n"));
    }
    text.trim_end().to_owned()
}
