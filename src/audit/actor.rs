//! Who does something.

use serde::{Deserialize, Serialize};

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

/// Parts of flag names whose values are never kept.
const SECRET_WORDS: [&str; 6] = ["password", "passwd", "token", "secret", "api-key", "credential"];

const MASK: &str = "***";

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
                (false, Some((flag, _))) if names_secret(flag) => format!("{flag}={MASK}"),
                (false, _) => without_password(&word),
            };
            next_is_secret = !next_is_secret && !word.contains('=') && names_secret(&word);
            self.command.push(kept);
        }
        self
    }
}

fn names_secret(flag: &str) -> bool {
    flag.starts_with('-') && SECRET_WORDS.iter().any(|word| flag.to_ascii_lowercase().contains(word))
}

/// `text` with the passwords of all URLs in it masked.
pub fn without_passwords(text: &str) -> String {
    text.split(' ').map(without_password).collect::<Vec<String>>().join(" ")
}

/// `word` with the password of a URL in it masked (`scheme://user:password@host`).
fn without_password(word: &str) -> String {
    let masked = || {
        let (scheme, rest) = word.split_once("://")?;
        let authority = rest.split(['/', '?', '#']).next()?;
        let (user, _) = authority.rsplit_once('@')?;
        let (name, _) = user.split_once(':')?;
        Some(format!("{scheme}://{name}:{MASK}{}", &rest[user.len()..]))
    };
    masked().unwrap_or_else(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(words: &[&str]) -> Vec<String> {
        Actor::default().with_command(words.iter().map(|word| (*word).to_owned())).command
    }

    #[test]
    fn passwords_in_a_text_are_masked_and_the_rest_stays() {
        let text = "moved  from mongodb://u:p@h/d to  http://v:q@h:80";
        assert_eq!(without_passwords(text), "moved  from mongodb://u:***@h/d to  http://v:***@h:80");
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
