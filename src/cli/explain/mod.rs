//! `hivectl explain`: error codes, alerts, and the commands of before.

pub mod former;
mod pages;
mod scripts;
pub mod verbs;

use std::fmt::Write as _;

use clap::Args;
use serde_json::json;

use super::report::Report;
use super::view::Screen;
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};
use crate::runbook::{Language, for_alert, for_code, read};
use crate::statistics::similarity::nearest;

/// Say what an error code or an alert means, or what to type instead of a script
///
/// Takes codes such as HML-1400, names of alerts, or a script, job or endpoint of the running system with its
/// options, and prints the new command with the same options. Works without any server. Reads nothing and changes
/// nothing.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Codes, alerts, or a script with its options
    #[arg(required = true, num_args = 1.., value_name = "WORD", allow_hyphen_values = true, trailing_var_arg = true)]
    pub words: Vec<String>,
}

impl ExplainArgs {
    pub fn run(&self) -> Result<Report> {
        let word = self.words.first().map(String::as_str).unwrap_or_default();
        if of_code_or_alert(word).is_some() {
            let pages: Result<Vec<Report>> = self.words.iter().map(|word| of_code_or_alert(word).ok_or_else(|| unknown(word))).collect();
            return Ok(together(pages?));
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
        match named.first().and_then(|alert| of_code_or_alert(alert)) {
            Some(report) => Ok(report),
            None => Err(unknown(word)),
        }
    }
}

/// The page of a code or an alert; `None` for every other word.
fn of_code_or_alert(word: &str) -> Option<Report> {
    let code = ErrorKind::ALL.iter().copied().find(|kind| kind.code().eq_ignore_ascii_case(word));
    code.map(of_code).or_else(|| Some(for_alert(word)).filter(|runbooks| !runbooks.is_empty()).map(|runbooks| of_alert(word, &runbooks)))
}

/// Several pages as one report, one page as itself.
fn together(mut pages: Vec<Report>) -> Report {
    let Some(first) = pages.pop() else { return Report::plain("hivectl.explain/v1", "") };
    if pages.is_empty() {
        return first;
    }
    pages.push(first);
    let data = json!({ "items": pages.iter().map(|page| page.data.clone()).collect::<Vec<_>>() });
    let next = pages.iter().flat_map(|page| page.next.clone()).collect();
    let text = move |screen: &Screen| pages.iter().map(|page| (page.text)(screen)).collect::<Vec<_>>().join("\n");
    Report { next, ..Report::new("hivectl.explain/v1", data, text) }
}

fn unknown(word: &str) -> Error {
    let scripts = scripts::FORMER.iter().flat_map(|former| former.names.iter().copied());
    let known = ErrorKind::ALL.iter().map(|kind| kind.code()).chain(scripts).chain(crate::runbook::IDS.iter().copied());
    let error = Error::new(ErrorKind::Usage, format!("'{word}' is no error code, no alert and no script that hivectl knows"));
    match nearest(word, known) {
        Some(near) if crate::runbook::IDS.contains(&near) => error.hint(("did you mean `", commands::runbook_show(near), "`?")),
        Some(near) => error.hint(("did you mean `", commands::explain(near), "`?")),
        None => {
            let codes: Vec<&str> = ErrorKind::ALL.iter().map(|kind| kind.code()).collect();
            error.hint((format!("the codes are {}; `", codes.join(" ")), commands::runbook_list_of_alerts(), "` shows the alerts"))
        }
    }
}

fn of_code(kind: ErrorKind) -> Report {
    let page = pages::page(kind);
    let runbooks = for_code(kind.code());
    let mut text = format!("{} (exit code {})\n\n{}\n\nWhy, and how to tell:\n", kind.code(), kind.exit_code(), page.meaning);
    for (cause, tell) in page.causes {
        let _ = writeln!(text, "- {cause}: {tell}");
    }
    let _ = writeln!(text, "\nWhat to do: {}", page.remedy);
    for command in page.commands {
        let _ = writeln!(text, "  {command}");
    }
    for runbook in &runbooks {
        let _ = writeln!(text, "  {}", commands::runbook_run(runbook));
    }
    let causes: Vec<_> = page.causes.iter().map(|(cause, tell)| json!({ "cause": cause, "tell": tell })).collect();
    let data = json!({
        "code": kind.code(),
        "kind": kind.name(),
        "exit_code": kind.exit_code(),
        "retryable": kind.retryable(),
        "meaning": page.meaning,
        "causes": causes,
        "commands": page.commands,
        "remedy": page.remedy,
        "runbooks": runbooks,
    });
    Report::plain("hivectl.explain/v1", text).with_data(data)
}

fn of_alert(alert: &str, runbooks: &[&'static str]) -> Report {
    let books: Vec<_> = runbooks.iter().filter_map(|id| read(id, Language::English)).collect();
    let mut text = String::new();
    for book in &books {
        let _ = writeln!(text, "{alert}: {}\n{}\n  {}", book.title, book.summary, commands::runbook_run(&book.id));
    }
    let data = json!({ "alert": alert, "runbooks": runbooks });
    let next = runbooks.iter().map(|id| commands::runbook_run(id).into()).collect();
    Report { next, ..Report::plain("hivectl.explain/v1", text).with_data(data) }
}

fn of_script(former: &former::Former, words: &[String]) -> Result<Report> {
    let (command, notes) = former::filled(former, words)?;
    let mut text = format!("{} {}\n\nType instead:\n  {command}\n", words[0], former.what);
    if words.len() == 1 && !former.options.is_empty() {
        text.push_str("\nIts options:\n");
        for (old, new) in former.options {
            let _ = match new.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
                Some((place, _)) => writeln!(text, "  {old:<28} in the place of {place}"),
                None => writeln!(text, "  {old:<28} {}", if new.is_empty() { "needed no more" } else { new }),
            };
        }
    }
    for note in &notes {
        let _ = writeln!(text, "note: {note}");
    }
    let options: Vec<_> = former.options.iter().map(|(old, new)| json!({ "old": old, "new": (!new.is_empty()).then_some(new) })).collect();
    let data = json!({ "script": words[0], "what": former.what, "command": command, "options": options, "notes": notes });
    Ok(Report { names: vec![command.to_string()], ..Report::plain("hivectl.explain/v1", text).with_data(data) })
}
