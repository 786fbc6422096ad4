//! Completion: what the scripts of the shells ask, and what is answered.
//!
//! A script hands over the line up to the cursor; the answer is the word as it stands, then a candidate a line, with a
//! tab and a few words about it where there are some. Words of live state come from [`crate::ops::known_names`], which
//! asks the registry within a budget. Nothing here ever fails, asks or prints an error: a TAB has no place for it.

mod install;
mod words;

use std::ffi::OsString;
use std::fmt::Write as _;

use clap::ValueEnum;
pub use install::install;
pub use words::{aliases, codes, contexts, files, metrics, models, references, runbooks, settings, stages};

/// The hidden first word that the scripts call.
pub const WORD: &str = "__complete";

/// The shells that have completion scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShellName {
    Bash,
    Elvish,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Zsh,
}

impl ShellName {
    /// The script that a packager installs.
    pub fn script(self) -> &'static str {
        match self {
            ShellName::Bash => include_str!("scripts/hivectl.bash"),
            ShellName::Elvish => include_str!("scripts/hivectl.elv"),
            ShellName::Fish => include_str!("scripts/hivectl.fish"),
            ShellName::PowerShell => include_str!("scripts/_hivectl.ps1"),
            ShellName::Zsh => include_str!("scripts/_hivectl"),
        }
    }
}

/// Answers a script: `arguments` are the shell's name and the line. Whatever is wrong, the answer is shorter.
pub fn answer(arguments: &[OsString]) -> String {
    std::panic::catch_unwind(|| candidates(arguments)).unwrap_or_default()
}

/// Whether the words before the cursor are commands, as far as they are plain words and commands are wanted.
fn is_known(tree: &clap::Command, words: &[String]) -> bool {
    let mut command = tree;
    for word in words.iter().skip(1).take_while(|word| !word.starts_with('-')) {
        match command.find_subcommand(word) {
            Some(child) => command = child,
            None => return !command.has_subcommands(),
        }
    }
    true
}

fn candidates(arguments: &[OsString]) -> String {
    let [_, line, ..] = arguments else { return String::new() };
    let line = line.to_string_lossy();
    let words = parted(&line);
    let current = words.last().cloned().unwrap_or_default();
    let mut text = format!("{}\n", harmless(&current));
    let mut tree = super::command();
    let folder = std::env::current_dir().ok();
    let index = words.len().saturating_sub(1);
    if !is_known(&tree, &words[..index]) {
        return text;
    }
    let typed: Vec<OsString> = words.iter().map(OsString::from).collect();
    let Ok(found) = clap_complete::engine::complete(&mut tree, typed, index, folder.as_deref()) else { return text };
    for candidate in found {
        let value = candidate.get_value().to_string_lossy();
        // A word that begins with a dash is offered to who typed a dash.
        if harmless(&value) != value || (value.starts_with('-') && !current.starts_with('-')) {
            continue;
        }
        let help = candidate.get_help().map(ToString::to_string).unwrap_or_default();
        let help = harmless(help.lines().next().unwrap_or_default());
        let _ = match help.is_empty() {
            true => writeln!(text, "{value}"),
            false => writeln!(text, "{value}\t{help}"),
        };
    }
    text
}

fn harmless(text: &str) -> String {
    super::sanitize::line(text)
}

/// The words of a line that may end within one, or within quotation marks; the last is the one at the cursor.
fn parted(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    let mut letters = line.chars();
    let mut within = false;
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(mark), _) if letter == mark => quote = None,
            (None, '\'' | '"') => (quote, within) = (Some(letter), true),
            (None | Some('"'), '\\') => words.last_mut().into_iter().for_each(|word| word.extend(letters.next())),
            (None, ' ' | '\t' | '\n') => {
                if within || words.last().is_some_and(|word| !word.is_empty()) {
                    words.push(String::new());
                }
                within = false;
            }
            _ => words.last_mut().into_iter().for_each(|word| word.push(letter)),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_parted_up_to_the_cursor() {
        assert_eq!(parted("hivectl ml  tr"), ["hivectl", "ml", "tr"]);
        assert_eq!(parted("hivectl ml "), ["hivectl", "ml", ""]);
        assert_eq!(parted("hivectl show 'a b"), ["hivectl", "show", "a b"]);
        assert_eq!(parted("hivectl a\\ b \"c\\\"d\" "), ["hivectl", "a b", "c\"d", ""]);
        assert_eq!(parted(""), [""]);
    }

    #[test]
    fn commands_and_flags_are_answered_and_nonsense_is_not() {
        let answered = |line: &str| answer(&["bash".into(), line.into()]);
        assert!(answered("hivectl ml tr").contains("\ntrain\t"), "{}", answered("hivectl ml tr"));
        assert!(!answered("hivectl ml ").contains("--"), "{}", answered("hivectl ml "));
        assert!(answered("hivectl explain HML-14").contains("HML-1400\t"), "{}", answered("hivectl explain HML-14"));
        assert!(answered("hivectl runbook show roll").contains("rollback\t"));
        assert_eq!(answered("hivectl nothing of the kind "), "\n");
        assert_eq!(answer(&[]), "");
    }
}
