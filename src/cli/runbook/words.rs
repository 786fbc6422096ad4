//! The words in braces of a runbook's commands, and where their values come from.

use crate::cli::prompt::{command_without, told};
use crate::cli::terminal::Terminal;
use crate::error::{Error, ErrorKind, Result};
use crate::runbook::Runbook;

/// What a run looks up before each step, because trainings change it.
const LATEST: &str = "latest";

/// What a word in braces means.
pub const WORDS: [(&str, &str); 10] = [
    ("model", "the name of the model"),
    ("tickets", "the file or server with tickets"),
    ("server", "the URI of the server with tickets, without a password"),
    ("namespace", "the Kubernetes namespace"),
    ("training_job", "the CronJob that trains"),
    ("drift_job", "the CronJob that checks drift"),
    ("reason", "why this is done"),
    ("backup", "the folder for exported models"),
    ("file", "an exported model"),
    (LATEST, "the number of the newest version"),
];

/// Values typed with `--set`.
pub fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if WORDS.iter().any(|(word, _)| *word == name) && !value.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(format!("'{text}' sets nothing; write NAME=VALUE, the names are {}", WORDS.map(|(word, _)| word).join(", "))),
    }
}

/// What a word stands for, as a person at the terminal says; `None` where nobody can be asked or nothing is said, and for
/// what a run finds out by itself.
pub fn asked(terminal: &Terminal<'_>, name: &str) -> Option<String> {
    let (_, about) = WORDS.iter().find(|(word, _)| *word == name && name != LATEST)?;
    told(terminal, &format!("{name}, {about}")).filter(|answer| !answer.is_empty())
}

/// Checks that everything is known that the commands of a runbook need.
///
/// Errors: [`ErrorKind::Usage`] naming what is missing, with the whole command to type.
pub fn check_complete(runbook: &Runbook, is_known: impl Fn(&str) -> bool) -> Result<()> {
    let missing: Vec<String> = runbook.variables().into_iter().filter(|name| name != LATEST && !is_known(name)).collect();
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
