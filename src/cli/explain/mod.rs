//! `hivectl explain`: error codes, alerts, and the commands of before.

pub mod former;
mod lines;
mod pages;
mod scripts;
mod settings;
mod text;
pub mod topics;
pub mod verbs;

use clap::Args;

use super::report::Report;
use crate::api::pages::{
    AlertExplanation, CauseExplanation, CodeExplanation, Explanation, OptionExplanation, RunbookTitle, ScriptExplanation,
};
use crate::base::similarity::nearest_of_all;
use crate::base::{CommandLine, commands};
use crate::cli::complete;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::error::{Error, ErrorKind, Result};
use crate::runbook::{Language, alerts, for_alert, for_code, for_text, read};

/// Say what an error code means
///
/// Takes codes such as HML-1400, exit codes, the words gate and policy, names of alerts and settings, or a script, job or endpoint of the running
/// system with its options, and prints the new command with the same options. Works without any server. Reads nothing
/// and changes nothing.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Codes, alerts, settings, or a script with its options
    #[arg(required = true, num_args = 1.., value_name = "WORD", allow_hyphen_values = true, trailing_var_arg = true)]
    #[arg(add = complete::codes())]
    pub words: Vec<String>,
}

impl VerbArgs for ExplainArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "explain",
        examples: &[
            ("What an error means", "hivectl explain HML-1400"),
            ("How a policy is written", "hivectl explain policy"),
            ("What to type instead of a script", "hivectl explain train_predictive_models.py --model-type anomaly"),
        ],
        exit_codes: &[],
        ..VerbSpec::READING
    };

    fn run(&self, _: &Session<'_>) -> Result<Report> {
        Report::of(self.explained().or_else(|unknown| self.split().and_then(|words| words.explained().ok()).ok_or(unknown))?)
    }
}

impl ExplainArgs {
    /// A whole line that was typed between quotes, word by word.
    fn split(&self) -> Option<ExplainArgs> {
        let [line] = self.words.as_slice() else { return None };
        let words = shlex::split(line).filter(|words| words.len() > 1)?;
        Some(ExplainArgs { words })
    }

    fn explained(&self) -> Result<Explanation> {
        let word = self.words.first().map(String::as_str).unwrap_or_default();
        let said = ["exit", "code", "status"];
        let is_said = |word: &String| said.iter().any(|said| word.eq_ignore_ascii_case(said));
        let of_success = self.words.last().filter(|last| *last == "0" && self.words.iter().rev().skip(1).all(is_said));
        if let Some(topic) =
            topics::topic(of_success.map_or(word, String::as_str)).filter(|_| self.words.len() == 1 || of_success.is_some())
        {
            return Ok(Explanation::Topic(topic));
        }
        if let Some(pages) = of_exit_code(&self.words) {
            return Ok(together(pages));
        }
        if of_code_or_alert(word).is_some() {
            let pages: Result<Vec<Explanation>> =
                self.words.iter().map(|word| of_code_or_alert(word).ok_or_else(|| unknown(word))).collect();
            return Ok(together(pages?));
        }
        if let Some(line) = lines::found(&self.words) {
            return Ok(of_line(line.what, (line.now.parse()?, Vec::new()), &self.words));
        }
        if let Some((verb, words)) = verbs::of_mlflow(&self.words) {
            return Ok(of_line("is a line of before", verbs::now(verb, words)?, &self.words));
        }
        // `POST /path`, `python script`, `kubectl … job` begin with a word that says nothing.
        let place = self.words.iter().position(|word| former::explained(word).is_some() || !for_alert(word).is_empty());
        let mut named = place.map(|place| self.words[place..].to_vec()).unwrap_or_default();
        // The options of curl stand before its URL as well as behind it.
        if let Some(place) = place.filter(|_| word == "curl") {
            named.extend_from_slice(&self.words[1..place]);
        }
        if let Some(found) = named.first().and_then(|word| former::explained(word)) {
            return of_script(found, &named);
        }
        if let Some(page) = named.first().and_then(|alert| of_code_or_alert(alert)) {
            return Ok(page);
        }
        let whole = self.words.join(" ");
        match for_text(&whole) {
            Some(runbook) => Ok(of_alert(&whole, &[runbook])),
            None => settings::explained(word)
                .map_or_else(|| Err(unknown(word)), |(what, now)| Ok(of_line(&what, (now, Vec::new()), &self.words))),
        }
    }
}

/// The pages of all that ends with this exit code: a number alone, or behind `exit`, `code`, `exit code`. `None` for other
/// words, and for a number that nothing ends with.
fn of_exit_code(words: &[String]) -> Option<Vec<Explanation>> {
    let (number, before) = words.split_last()?;
    let exit_code: u8 = number.parse().ok()?;
    let is_said = before.iter().all(|word| ["exit", "code", "status"].iter().any(|said| word.eq_ignore_ascii_case(said)));
    let pages: Vec<Explanation> =
        ErrorKind::ALL.iter().copied().filter(|kind| is_said && kind.exit_code() == exit_code).map(of_code).collect();
    (!pages.is_empty()).then_some(pages)
}

/// The page of a code or an alert; `None` for every other word.
fn of_code_or_alert(word: &str) -> Option<Explanation> {
    let code = ErrorKind::ALL.iter().copied().find(|kind| kind.code().eq_ignore_ascii_case(word));
    code.map(of_code).or_else(|| Some(for_alert(word)).filter(|runbooks| !runbooks.is_empty()).map(|runbooks| of_alert(word, &runbooks)))
}

/// Several pages as one, one page as itself.
fn together(mut pages: Vec<Explanation>) -> Explanation {
    match pages.len() {
        1 => pages.remove(0),
        _ => Explanation::Several { items: pages },
    }
}

fn unknown(word: &str) -> Error {
    let scripts = scripts::FORMER.iter().flat_map(|former| former.names.iter().copied());
    let known = ErrorKind::ALL.iter().map(|kind| kind.code()).chain(scripts).chain(crate::runbook::IDS.iter().copied());
    let alerts = alerts();
    let known: Vec<&str> = known.chain(settings::words()).chain(topics::WORDS).collect();
    let known = known.into_iter().chain(alerts.iter().map(String::as_str));
    let error = Error::new(
        ErrorKind::Usage,
        format!("'{word}' is no error code, exit code, alert, error text, setting or script that hivectl knows"),
    );
    let near = nearest_of_all(word, 3, known);
    let error = near.into_iter().fold(error, |error, near| match crate::runbook::IDS.contains(&near) {
        true => error.hint(("did you mean `", commands::runbook_show(near), "`?")),
        false => error.hint(("did you mean `", commands::explain(near), "`?")),
    });
    error.hint(("`", commands::runbook_list_of_alerts(), "` shows the alerts"))
}

fn of_code(kind: ErrorKind) -> Explanation {
    let page = pages::page(kind);
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let cause = |(cause, tell): &(&str, &str)| CauseExplanation { cause: (*cause).to_owned(), tell: (*tell).to_owned() };
    Explanation::Code(CodeExplanation {
        code: kind.code().to_owned(),
        kind: kind.name(),
        exit_code: kind.exit_code(),
        retryable: kind.retryable(),
        meaning: page.meaning.to_owned(),
        causes: page.causes.iter().map(cause).collect(),
        commands: owned(page.commands),
        remedy: page.remedy.to_owned(),
        runbooks: owned(&for_code(kind.code())),
    })
}

fn of_alert(alert: &str, runbooks: &[&'static str]) -> Explanation {
    let books = runbooks.iter().filter_map(|id| read(id, Language::English));
    Explanation::Alert(AlertExplanation {
        alert: alert.to_owned(),
        runbooks: runbooks.iter().map(|id| (*id).to_owned()).collect(),
        pages: books.map(|book| RunbookTitle { id: book.id, title: book.title, summary: book.summary }).collect(),
    })
}

/// A whole line of another tool, and its answer.
fn of_line(what: &str, (command, notes): (CommandLine, Vec<String>), words: &[String]) -> Explanation {
    Explanation::Script(ScriptExplanation {
        script: words[0].clone(),
        arguments: words[1..].to_vec(),
        what: what.to_owned(),
        command,
        options: Vec::new(),
        notes,
    })
}

fn of_script(former: &former::Former, words: &[String]) -> Result<Explanation> {
    let (command, notes) = former::filled(former, words)?;
    let option =
        |(old, new): &(&str, &str)| OptionExplanation { old: (*old).to_owned(), new: (!new.is_empty()).then(|| (*new).to_owned()) };
    Ok(Explanation::Script(ScriptExplanation {
        script: words[0].clone(),
        arguments: words[1..].to_vec(),
        what: former.what.to_owned(),
        command,
        options: former.options.iter().map(option).collect(),
        notes,
    }))
}
