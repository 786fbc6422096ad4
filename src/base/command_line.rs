//! One command of hivectl as a value: what is suggested can be checked, placed and run, and prints as it is typed.

use std::fmt::{self, Display};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, ErrorKind, Result};

/// How the program is called where nobody knows better.
pub const PROGRAM: &str = "hivectl";

/// The program and its version, as files say who wrote them.
pub const PROGRAM_VERSION: &str = concat!("hivectl ", env!("CARGO_PKG_VERSION"));

/// A whole command: program, verb and arguments.
///
/// Only [`super::commands`] makes new ones; text that holds one is read by its `FromStr`. Which registry and
/// which context it means is left open: the face says so with [`CommandLine::placed`] before it shows it.
///
/// ```
/// use hivectl::base::{CommandLine, commands};
/// let command = commands::models_show("nightly run@7");
/// assert_eq!(command.to_string(), "hivectl ml models show 'nightly run@7'");
/// assert_eq!(command.to_string().parse::<CommandLine>()?.words(), command.words());
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    program: String,
    /// The verb and its arguments, each as the program gets it.
    words: Vec<String>,
    changes: bool,
}

impl CommandLine {
    /// A command that only reads, by the words of its verb.
    pub(super) fn reading(verb: &str) -> CommandLine {
        CommandLine { program: PROGRAM.to_owned(), words: verb.split(' ').map(str::to_owned).collect(), changes: false }
    }

    /// A command that changes something, by the words of its verb.
    pub(super) fn changing(verb: &str) -> CommandLine {
        CommandLine { changes: true, ..CommandLine::reading(verb) }
    }

    /// A command of which the words are known, the program first.
    pub(super) fn of_words(words: impl IntoIterator<Item = String>) -> CommandLine {
        let mut words = words.into_iter();
        let program = words.next().unwrap_or_else(|| PROGRAM.to_owned());
        CommandLine { program, words: words.collect(), changes: true }
    }

    /// With one word more: a positional argument or a switch.
    pub(super) fn with(mut self, word: impl Display) -> CommandLine {
        self.words.push(word.to_string());
        self
    }

    /// With a flag and its value.
    pub(super) fn option(self, flag: &str, value: impl Display) -> CommandLine {
        self.with(flag).with(value)
    }

    /// The verb and its arguments, as the program gets them: without quotes and without the program.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether it changes something: a registry, tickets, settings, the log of checks.
    pub fn changes(&self) -> bool {
        self.changes
    }

    /// Whether what it does depends on the registry and the context.
    pub fn has_place(&self) -> bool {
        match (self.words.first().map(String::as_str), self.words.get(1).map(String::as_str)) {
            (Some("ml"), second) => second != Some("dataset"),
            (Some(first), _) => matches!(first, "audit" | "doctor"),
            (None, _) => false,
        }
    }

    /// The same command of `program`, with those of the `flags` that it does not hold, where it looks at a place at all.
    #[must_use]
    pub fn placed(mut self, program: &str, flags: &[(&str, String)]) -> CommandLine {
        if self.program == PROGRAM {
            program.clone_into(&mut self.program);
        }
        if !self.has_place() {
            return self;
        }
        for (flag, value) in flags {
            let holds = |word: &String| word == flag || word.strip_prefix(flag).is_some_and(|rest| rest.starts_with('='));
            if !self.words.iter().any(holds) {
                self.words.extend([(*flag).to_owned(), value.clone()]);
            }
        }
        self
    }
}

impl FromStr for CommandLine {
    type Err = Error;

    /// Reads a line such as `hivectl ml models show 'a b@1'`, as a runbook or a page holds it. Counts as one that changes
    /// something, because a text does not say that it does not.
    ///
    /// Errors: [`ErrorKind::Internal`] for a line that is no command of hivectl.
    fn from_str(line: &str) -> Result<CommandLine> {
        let words = shlex::split(line).filter(|words| words.first().is_some_and(|first| first == PROGRAM));
        let no_command = || Error::new(ErrorKind::Internal, format!("'{line}' is no command of {PROGRAM}"));
        words.map(CommandLine::of_words).ok_or_else(no_command)
    }
}

/// One line, each word as a shell reads it back.
impl Display for CommandLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&quoted(&self.program))?;
        self.words.iter().try_for_each(|word| write!(f, " {}", quoted(word)))
    }
}

/// The line.
impl Serialize for CommandLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Of a line of hivectl; what [`CommandLine::changes`] told is not in it.
impl<'de> Deserialize<'de> for CommandLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<CommandLine, D::Error> {
        let line = String::deserialize(deserializer)?;
        line.parse().map_err(serde::de::Error::custom)
    }
}

/// A word as a shell reads it back; one that needs no quotation marks stays as it is.
pub fn quoted(word: &str) -> String {
    // shlex quotes more than a shell asks for, and `duration#production` is read better without.
    let is_plain = |letter: char| letter.is_alphanumeric() || "_@%+=:,./-#".contains(letter);
    match !word.is_empty() && !word.starts_with('#') && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => shlex::Quoter::new().allow_nul(true).quote(word).map_or_else(|_| word.to_owned(), |quoted| quoted.into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_read_back_as_it_was() {
        for word in ["", "models/a@7", "it's late", "#x", "duration#production", "a\\b", "x=$HOME", "^!", "ação", "a\nb"] {
            assert_eq!(shlex::split(&quoted(word)), Some(vec![word.to_owned()]), "{word}");
        }
        assert_eq!(quoted("models/a@7#b"), "models/a@7#b");
        assert_eq!(quoted("two words"), "'two words'");
    }

    #[test]
    fn a_place_is_added_where_it_counts_and_is_not_named() {
        let flags = [("--registry", "r.db".to_owned()), ("--context", "on call".to_owned())];
        let placed = |line: &str| line.parse::<CommandLine>().expect("a command").placed("hivectl-2", &flags).to_string();
        assert_eq!(placed("hivectl ml models list"), "hivectl-2 ml models list --registry r.db --context 'on call'");
        assert_eq!(placed("hivectl doctor --registry=o.db"), "hivectl-2 doctor --registry=o.db --context 'on call'");
        assert_eq!(placed("hivectl ml models list --registry o.db --context c"), "hivectl-2 ml models list --registry o.db --context c");
        for line in ["hivectl explain HML-0400", "hivectl ml dataset synthetic", "hivectl runbook run rollback", "hivectl"] {
            assert_eq!(placed(line), line.replacen("hivectl", "hivectl-2", 1));
        }
    }

    #[test]
    fn only_a_command_of_hivectl_is_read() {
        for line in ["", "kubectl get pods", "hivectl 'ml", "the command hivectl ml"] {
            assert!(line.parse::<CommandLine>().is_err(), "{line}");
        }
        let read: CommandLine = serde_json::from_str("\"hivectl ml models tag m@1 'a=b c'\"").expect("a command");
        assert_eq!(read.words(), ["ml", "models", "tag", "m@1", "a=b c"]);
        assert_eq!(serde_json::to_string(&read).expect("text"), "\"hivectl ml models tag m@1 'a=b c'\"");
        assert!(serde_json::from_str::<CommandLine>("\"ls\"").is_err());
    }
}
