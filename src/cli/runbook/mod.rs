//! `hivectl runbook`: the list, one to read, and one gone through step by step.

mod record;
mod run;
mod show;
mod steps;
mod words;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::base::commands;
use crate::cli::verb_spec::group;
use crate::error::{Error, ErrorKind, Result};
use crate::runbook::{IDS, Language, Runbook, for_alert, for_text, read};

group! {
    /// Show what to do about an alert, and go through it step by step
    pub enum RunbookCommand {
        List(show::ListRunbooksArgs),
        Show(show::ShowRunbookArgs),
        Run(run::RunArgs),
    }
}

/// The languages of the runbooks.
fn language_parser() -> impl TypedValueParser<Value = Language> {
    let value =
        |language: Language| PossibleValue::new(language.to_string()).help(language.endonym()).aliases(language.aliases().iter().copied());
    PossibleValuesParser::new(Language::ALL.map(value)).try_map(|word| word.parse::<Language>())
}

/// The language that was asked for, else that of the locale.
fn language(asked: Option<Language>) -> Language {
    asked.unwrap_or_else(|| {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|word| !word.is_empty()));
        Language::of_locale(&locale.unwrap_or_default())
    })
}

/// The runbook of this name, or the first one for an alert or an error text.
///
/// Errors: [`ErrorKind::Usage`] with the three nearest.
fn find(id: &str, language: Language) -> Result<Runbook> {
    let of_trouble = || for_alert(id).first().copied().or_else(|| for_text(id)).and_then(|id| read(id, language));
    read(id, language).or_else(of_trouble).ok_or_else(|| {
        let error = Error::new(ErrorKind::Usage, format!("there is no runbook '{id}'"));
        let near = crate::base::similarity::nearest_of_all(id, 3, IDS.iter().copied());
        let error = near.into_iter().fold(error, |error, near| error.hint(("did you mean `", commands::runbook_show(near), "`?")));
        error.hint(("`", commands::runbook_list(), "` shows all of them"))
    })
}
