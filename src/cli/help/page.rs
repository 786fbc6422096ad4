//! `hivectl help`: the long help, and what `--help` leaves out: what the command changes, exit codes, files, variables.

use std::ffi::OsString;

use super::{EXIT_CODES, FILES, variables};
use crate::cli::verb_spec::changes;

/// The answer to a line such as `hivectl help ml train` or `hivectl ml help train`, with its colours; `None` for every
/// other line, and where there is no such command.
pub fn page(root: clap::Command, arguments: &[OsString]) -> Option<String> {
    let words: Vec<&str> = arguments.iter().skip(1).map(|word| word.to_str()).collect::<Option<_>>()?;
    let at = words.iter().position(|word| *word == "help")?;
    let path: Vec<&str> = words.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, word)| *word).collect();
    // The pointer to this page has no place on it.
    let mut root = root.after_help("");
    root.build();
    let mut command = &root;
    for (index, word) in path.iter().enumerate() {
        if index == at && !command.has_subcommands() {
            return None;
        }
        command = command.find_subcommand(word)?;
    }
    let is_group = |command: &clap::Command| command.has_subcommands();
    if at >= path.len() && !is_group(command) {
        return None;
    }
    let mut text = command.clone().render_long_help().ansi().to_string().trim_end().to_owned();
    if path.is_empty() {
        text.push_str("\n\nExit status:\n");
        for (code, meaning) in EXIT_CODES {
            text.push_str(&format!("  {code:<3} {meaning}\n"));
        }
    } else {
        text.push_str(&format!("\n\nWhat it changes:\n  {}\n", changes(&path.join(" "))));
    }
    text.push_str(&listed("Files", FILES.iter().copied()));
    text.push_str(&listed("Environment", variables(path.is_empty())));
    Some(text)
}

fn listed(heading: &str, items: impl Iterator<Item = (&'static str, &'static str)>) -> String {
    items.fold(format!("\n{heading}:\n"), |text, (name, about)| format!("{text}  {name}\n          {about}\n"))
}
