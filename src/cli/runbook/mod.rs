//! `hivectl runbook`: the list, one to read, and one gone through step by step.

mod record;
pub(super) mod run;
pub(super) mod show;
mod steps;
mod words;

use clap::{Subcommand, ValueEnum};

use super::report::Report;
use super::session::Session;
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};
use crate::runbook::{IDS, Language, Runbook};

#[derive(Debug, Subcommand)]
pub enum RunbookCommand {
    /// List the runbooks
    List(show::ListRunbooksArgs),

    /// Show a runbook
    Show(show::ShowRunbookArgs),

    /// Go through a runbook step by step, and keep a record
    Run(Box<run::RunArgs>),
}

/// What `--lang` can say.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LanguageWord {
    /// English
    En,
    /// Português do Brasil
    #[value(name = "pt-BR", alias = "pt", alias = "pt-br")]
    PtBr,
}

impl RunbookCommand {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        match self {
            RunbookCommand::List(arguments) => arguments.run(),
            RunbookCommand::Show(arguments) => arguments.run(session),
            RunbookCommand::Run(arguments) => arguments.run(session),
        }
    }
}

/// The language that was asked for, else that of the locale.
fn language(word: Option<LanguageWord>) -> Language {
    match word {
        Some(LanguageWord::En) => Language::English,
        Some(LanguageWord::PtBr) => Language::Portuguese,
        None => {
            let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|word| !word.is_empty()));
            Language::of_locale(&locale.unwrap_or_default())
        }
    }
}

fn find(id: &str, language: Language) -> Result<Runbook> {
    crate::runbook::read(id, language).ok_or_else(|| {
        let error = Error::new(ErrorKind::Usage, format!("there is no runbook '{id}'"));
        match crate::statistics::similarity::nearest(id, IDS.iter().copied()) {
            Some(near) => error.hint(("did you mean `", commands::runbook_show(near), "`?")),
            None => error.hint(("`", commands::runbook_list(), "` shows all of them")),
        }
    })
}
