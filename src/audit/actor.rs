//! Who does something.

use serde::{Deserialize, Serialize};

use crate::base::redact::{MASK, names_secret, without_passwords};

/// The person or job behind a change, and how they came to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub user: String,
    pub host: String,
    /// A person at a terminal typed the command.
    pub terminal: bool,
    /// The continuous-integration system that ran it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ci: Option<String>,
    /// The command's words, without secrets.
    pub command: Vec<String>,
}

impl Actor {
    /// Takes the command's words as they were typed and keeps them without secrets: passwords inside URLs
    /// and the values of flags that are named for secrets are masked.
    #[must_use]
    pub fn with_command(mut self, words: impl IntoIterator<Item = String>) -> Self {
        self.command = Vec::new();
        let mut next_is_secret = false;
        for word in words {
            let kept = match (next_is_secret, word.split_once('=')) {
                (true, _) => MASK.to_owned(),
                (false, Some((flag, _))) if is_secret_flag(flag) => format!("{flag}={MASK}"),
                (false, _) => without_passwords(&word),
            };
            next_is_secret = !next_is_secret && !word.contains('=') && is_secret_flag(&word);
            self.command.push(kept);
        }
        self
    }
}

fn is_secret_flag(word: &str) -> bool {
    word.starts_with('-') && names_secret(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(words: &[&str]) -> Vec<String> {
        Actor::default().with_command(words.iter().map(|word| (*word).to_owned())).command
    }

    #[test]
    fn secrets_are_not_kept() {
        assert_eq!(kept(&["--token", "abc", "x"]), ["--token", "***", "x"]);
        assert_eq!(kept(&["--db-password=abc", "x"]), ["--db-password=***", "x"]);
        assert_eq!(kept(&["--tickets", "mongodb://u:p@ss@h/db?x=1"]), ["--tickets", "mongodb://u:***@h/db?x=1"]);
        assert_eq!(kept(&["--uri=mongodb://u:p@h"]), ["--uri=mongodb://u:***@h"]);
        assert_eq!(
            kept(&["--reason", "the token is late", "m@7", "http://h:5000/a@b"]),
            ["--reason", "the token is late", "m@7", "http://h:5000/a@b"]
        );
    }
}
