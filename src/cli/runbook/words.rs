//! The words in braces of a runbook's commands, and where their values come from.

use crate::cli::prompt::command_without;
use crate::error::{Error, ErrorKind, Result};
use crate::runbook::Runbook;

/// What a word in braces means.
pub const WORDS: [(&str, &str); 8] = [
    ("model", "the name of the model"),
    ("tickets", "the file or server with tickets"),
    ("server", "the URI of the server with tickets, without a password"),
    ("namespace", "the Kubernetes namespace"),
    ("reason", "why this is done"),
    ("backup", "the folder for exported models"),
    ("file", "an exported model"),
    ("latest", "the number of the newest version"),
];

/// Values typed with `--set`.
pub fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if WORDS.iter().any(|(word, _)| *word == name) && !value.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(format!("'{text}' sets nothing; write NAME=VALUE, the names are {}", WORDS.map(|(word, _)| word).join(", "))),
    }
}

/// What the commands of a runbook need and nobody gave.
pub fn missing(runbook: &Runbook, known: impl Fn(&str) -> Option<String>) -> Result<()> {
    let missing: Vec<String> = runbook.variables().into_iter().filter(|name| name != "latest" && known(name).is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let told: Vec<String> = WORDS
        .iter()
        .filter(|(word, _)| missing.iter().any(|name| name == word))
        .map(|(word, about)| format!("{word} is {about}"))
        .collect();
    let set: Vec<String> = missing.iter().map(|name| format!("{name}={}", name.to_uppercase())).collect();
    let set: Vec<&str> = set.iter().flat_map(|pair| ["--set", pair]).collect();
    Err(Error::new(ErrorKind::Usage, format!("the runbook needs to know {}", missing.join(", "))).because(told.join("; ")).hint((
        "type `",
        command_without(&[], &set),
        "`",
    )))
}
