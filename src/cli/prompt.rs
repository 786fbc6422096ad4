//! Questions to the operator: declared as data, asked in one place, and never where nobody can answer.
//!
//! An answer is a line as the terminal itself edits it: end of input (Ctrl-D) is no answer, an interrupt (Ctrl-C)
//! ends the program as it ends any other, and neither width nor screen reader matters.

use dialoguer::theme::{SimpleTheme, Theme as _};
use std::io::IsTerminal;

use super::terminal::Terminal;
use crate::api;
use crate::base::{CommandLine, Hint, commands};
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::Approval;

/// Answers that are none before that counts as a no.
const TRIES: usize = 3;

/// One kind of question.
pub struct Question {
    /// The flag that answers it in a script.
    pub flag: &'static str,
}

/// Putting a version into Staging, or taking one out of it.
pub const STAGE: Question = Question { flag: "--yes" };

/// Changing what is in Production.
pub const PRODUCTION: Question = Question { flag: "--confirm" };

/// A step of a runbook that changes something, and going on after one that did not come out as expected.
pub const RUNBOOK: Question = Question { flag: "--yes" };

/// Any other change in a protected context.
pub const PROTECTED: Question = Question { flag: "--confirm" };

/// What a typed confirmation is about.
pub struct Typed<'a> {
    /// The word to type at the prompt: the model's name.
    pub name: &'a str,
    /// What may be typed in its place, and what `--confirm` may repeat in a script.
    pub accepted: Vec<String>,
    /// What `--confirm` was given.
    pub given: Option<&'a str>,
}

impl Typed<'_> {
    /// What to type instead, for the refusal.
    fn remedy(&self) -> Hint {
        let wanted = self.accepted.first().map_or(self.name, String::as_str);
        ("type `", command_with(&["--confirm", wanted]), "`").into()
    }
}

/// The command as it was typed, without secrets, with these words behind it instead of an earlier `--confirm`.
fn command_with(more: &[&str]) -> CommandLine {
    command_without(&["--confirm"], more)
}

/// The command as it was typed, without secrets and without these flags and their values, with `more` behind it.
pub fn command_without(flags: &[&str], more: &[&str]) -> CommandLine {
    let is_flag = |word: &str| flags.contains(&word);
    let is_joined = |word: &str| word.split_once('=').is_some_and(|(flag, _)| is_flag(flag));
    let mut words = Vec::new();
    let mut typed = crate::ops::actor_of_process().command.into_iter();
    while let Some(word) = typed.next() {
        match () {
            () if is_flag(&word) => drop(typed.next()),
            () if is_joined(&word) => {}
            () => words.push(word),
        }
    }
    commands::typed(words.into_iter().chain(more.iter().map(|&word| word.to_owned())))
}

/// Asks for a yes. `--yes` answers it.
///
/// Errors: [`ErrorKind::NotConfirmed`] for a no, and where nobody can be asked.
pub fn yes(terminal: &Terminal<'_>, question: &Question, text: &str) -> Result<Approval> {
    can_say_yes(terminal, question)?;
    if terminal.global.yes {
        return Ok(Approval::Yes);
    }
    for _ in 0..TRIES {
        let question = shown(|theme, to| theme.format_confirm_prompt(to, &super::sanitize::line(text), Some(false)));
        match answer(terminal, &question)?.to_ascii_lowercase().as_str() {
            "y" | "yes" => return Ok(Approval::Yes),
            "n" | "no" | "" => return Err(Error::new(ErrorKind::NotConfirmed, "the answer was no; nothing was changed")),
            _ => terminal.printer.note("that is neither yes nor no"),
        }
    }
    Err(Error::new(ErrorKind::NotConfirmed, "the answer was neither yes nor no; nothing was changed"))
}

/// A question as dialoguer shows it.
fn shown(form: impl FnOnce(&SimpleTheme, &mut dyn std::fmt::Write) -> std::fmt::Result) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = form(&SimpleTheme, &mut text);
    text.trim_end().to_owned()
}

/// One line from the terminal, without blanks around it. Read as a line and not key by key, as dialoguer's own
/// inputs do: those do not see the end of the input (Ctrl-D), which is a refusal.
fn answer(terminal: &Terminal<'_>, question: &str) -> Result<String> {
    let unanswered = || Error::new(ErrorKind::NotConfirmed, "the question was not answered; nothing was changed");
    let context = terminal.context().map(|context| format!("[{}] ", super::sanitize::line(&context))).unwrap_or_default();
    terminal.printer.question(&format!("{context}{question}"));
    let mut line = String::new();
    match std::io::stdin().read_line(&mut line) {
        Ok(0) => {
            // The cursor still stands behind the question.
            terminal.printer.note("");
            Err(unanswered().because("the input ended"))
        }
        Ok(_) => Ok(line.trim().to_owned()),
        Err(error) => Err(unanswered().because(error)),
    }
}

/// Asks for a line of free text; `None` where nobody can be asked, or nobody answered.
pub fn told(terminal: &Terminal<'_>, text: &str) -> Option<String> {
    ask_only_people(terminal, &RUNBOOK, Hint::default).ok()?;
    answer(terminal, &shown(|theme, to| theme.format_input_prompt(to, text, None))).ok()
}

/// Checks that a y/N question is answered by `--yes`, or that somebody can be asked.
///
/// Errors: [`ErrorKind::NotConfirmed`].
pub fn can_say_yes(terminal: &Terminal<'_>, question: &Question) -> Result<()> {
    match terminal.global.yes {
        true => Ok(()),
        false => ask_only_people(terminal, question, || ("type `", command_with(&[question.flag]), "`").into()),
    }
}

/// Checks that a typed confirmation is given rightly by `--confirm`, or that somebody can be asked for it.
///
/// Errors: [`ErrorKind::NotConfirmed`] with the whole command to type.
pub fn can_be_answered(terminal: &Terminal<'_>, question: &Question, typed: &Typed<'_>) -> Result<()> {
    match typed.given {
        None => ask_only_people(terminal, question, || typed.remedy()),
        Some(given) if typed.accepted.iter().any(|accepted| accepted == given) => Ok(()),
        Some(given) => {
            let wanted = typed.accepted.first().map_or(typed.name, String::as_str);
            Err(Error::new(ErrorKind::NotConfirmed, format!("--confirm says '{given}', but the command is about '{wanted}'"))
                .hint(typed.remedy()))
        }
    }
}

/// Asks to type the model's name. `--confirm` answers it; `--yes` does not.
///
/// Errors: [`ErrorKind::NotConfirmed`] for another word, and where nobody can be asked.
pub fn typed(terminal: &Terminal<'_>, question: &Question, typed: &Typed<'_>) -> Result<Approval> {
    can_be_answered(terminal, question, typed)?;
    if typed.given.is_some() {
        return Ok(Approval::ConfirmFlag);
    }
    for _ in 0..TRIES {
        let name = super::sanitize::line(typed.name);
        let question = shown(|theme, to| theme.format_input_prompt(to, &format!("Type {name} to go on"), None));
        let answer = answer(terminal, &question)?;
        if answer == typed.name || typed.accepted.contains(&answer) {
            return Ok(Approval::Typed);
        }
        terminal.printer.note("that is another name");
    }
    Err(Error::new(ErrorKind::NotConfirmed, "the name was not typed; nothing was changed").hint(typed.remedy()))
}

/// Checks that a question of a job is answered by a flag, or that somebody can be asked.
///
/// Errors: [`ErrorKind::NotConfirmed`] with the whole command to type.
pub fn can_answer(terminal: &Terminal<'_>, question: &api::Question) -> Result<()> {
    match question {
        api::Question::YesNo { .. } => can_say_yes(terminal, &STAGE),
        api::Question::Name { name, accepted } => can_be_answered(terminal, &PRODUCTION, &word_of(terminal, name, accepted)),
    }
}

/// Asks a question of a job.
///
/// Errors: those of [`yes`] and [`typed`].
pub fn ask(terminal: &Terminal<'_>, question: &api::Question) -> Result<Approval> {
    match question {
        api::Question::YesNo { text } => yes(terminal, &STAGE, text),
        api::Question::Name { name, accepted } => typed(terminal, &PRODUCTION, &word_of(terminal, name, accepted)),
    }
}

fn word_of<'a>(terminal: &'a Terminal<'_>, name: &'a str, accepted: &[String]) -> Typed<'a> {
    Typed { name, accepted: accepted.to_vec(), given: terminal.global.confirm.as_deref() }
}

/// The confirmation by `name` alone.
pub fn by_name<'a>(terminal: &'a Terminal<'_>, name: &'a str) -> Typed<'a> {
    Typed { name, accepted: vec![name.to_owned()], given: terminal.global.confirm.as_deref() }
}

/// Refuses to ask where nobody sees the question or nobody can answer it.
fn ask_only_people(terminal: &Terminal<'_>, question: &Question, remedy: impl FnOnce() -> Hint) -> Result<()> {
    let ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
    let why = match () {
        () if terminal.global.no_input => "--no-input was given",
        () if ci => "this runs in CI",
        () if !std::io::stdin().is_terminal() => "stdin is no terminal",
        () if !std::io::stderr().is_terminal() => "stderr is no terminal",
        () => return Ok(()),
    };
    Err(Error::new(ErrorKind::NotConfirmed, format!("this change needs a confirmation ({}), and {why}", question.flag)).hint(remedy()))
}
