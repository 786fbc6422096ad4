//! `hivectl runbook run`.

use std::path::PathBuf;

use clap::Args;

use super::steps::StepRun;
use super::{find, language, language_parser, record, words};
use crate::api::runbook::{RunbookContext, RunbookContextRequest, RunbookRun};
use crate::base::Hint;
use crate::base::number::counted;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::cli::view::{Screen, View};
use crate::cli::{complete, sanitize};
use crate::error::Result;
use crate::runbook::{Language, Runbook, Transcript, TranscriptPlace};

/// Go through a runbook step by step, and keep a record
///
/// Shows each command before it runs, and asks before those that change something; a line for another tool is shown, and
/// what came out is asked. With --yes it ends before the next change once a step did not come out as it says. The record
/// (Markdown, for the post-mortem) holds every output with its time; after Ctrl-C or a closed terminal the run goes on
/// with --resume, on the same registry.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Name of the runbook
    #[arg(add = complete::runbooks())]
    pub id: String,

    /// Language; otherwise that of LANG
    #[arg(long, value_parser = language_parser())]
    pub lang: Option<Language>,

    /// What a word of the commands stands for, such as tickets=logs.ndjson (can be repeated; also with --resume)
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = words::pair)]
    pub values: Vec<(String, String)>,

    /// File for the record, which must not exist yet [default: runbook-ID-TIME.md in the working folder]
    #[arg(long, value_name = "FILE", conflicts_with = "resume", add = complete::files(&["md"]))]
    pub transcript: Option<PathBuf>,

    /// Go on with the run that this record is of
    #[arg(long, value_name = "FILE", add = complete::files(&["md"]))]
    pub resume: Option<PathBuf>,
}

impl VerbArgs for RunArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "runbook run",
        examples: &[
            ("Step by step, with a record", "hivectl runbook run registry-unreachable --transcript outage.md"),
            ("Go on with it", "hivectl runbook run registry-unreachable --resume outage.md"),
            ("In a script, with every change agreed to", "hivectl runbook run monthly-export --yes --transcript export.md"),
        ],
        exit_codes: &[4, 5, 6, 11, 12],
        changes: "What its steps change, each after a question; it writes the record.",
        questions: &[("--yes", "runbook run rollback")],
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        let book = find(&self.id, language(self.lang))?;
        let context = session.run(&RunbookContextRequest { runs: true })?;
        let here = TranscriptPlace { registry: context.registry.clone().unwrap_or_default(), context: context.context.clone() };
        let (file, transcript) = match &self.resume {
            Some(file) => (file.clone(), self.taken_up(record::taken_up(&book.id, file, &here)?, &book)),
            None => self.begun(session, &book, &context, here)?,
        };
        StepRun { session, context, book, file, transcript, entries: Vec::new() }.finish()
    }
}

impl RunArgs {
    fn begun(
        &self,
        session: &Session<'_>,
        book: &Runbook,
        context: &RunbookContext,
        here: TranscriptPlace,
    ) -> Result<(PathBuf, Transcript)> {
        let values = self.known(session, book, context)?;
        let (now, actor) = (jiff::Timestamp::now(), crate::ops::actor_of_process());
        let by = format!("{}@{}", actor.user, actor.host);
        let begun = Transcript { id: book.id.clone(), place: here, values, ..Transcript::default() };
        let begun = begun.with_header(&book.title, &format!("{now:.0}"), &by, &context.place);
        let stem = format!("runbook-{}-{}", book.id, now.strftime("%Y%m%dT%H%M%SZ"));
        Ok((record::make(self.transcript.as_deref(), &stem)?, begun))
    }

    /// The record with the values that are typed now.
    fn taken_up(&self, mut record: Transcript, book: &Runbook) -> Transcript {
        for (name, value) in self.values.iter().filter(|(name, _)| book.variables().contains(name)) {
            record.values.retain(|(known, _)| known != name);
            record.values.push((name.clone(), value.clone()));
        }
        record
    }

    /// The values of a new run: typed, else as it is set, else as a person answers.
    fn known(&self, session: &Session<'_>, book: &Runbook, context: &RunbookContext) -> Result<Vec<(String, String)>> {
        let typed = |name: &str| self.values.iter().find(|(word, _)| word == name).map(|(_, value)| value.clone());
        let value = |name: &str| typed(name).or_else(|| context.word(name)).or_else(|| words::asked(session.terminal, name));
        let values: Vec<(String, String)> =
            book.variables().into_iter().filter_map(|name| value(&name).map(|value| (name, value))).collect();
        words::check_complete(book, |name| values.iter().any(|(known, _)| known == name))?;
        Ok(values)
    }
}

impl View for RunbookRun {
    fn text(&self, _: &Screen) -> String {
        let file = self.transcript.display();
        let mut text = match &self.stopped_because {
            Some(why) => format!("{why}\n{} left; the record is {file}\n", counted(self.left_count, "step")),
            None if self.all_well && self.open.is_empty() => format!("every step is done; the record is {file}\n"),
            None if self.all_well => format!("every step of hivectl is done; the record is {file}\n"),
            None => format!("the last step is behind, and this is open; the record is {file}\n"),
        };
        for told in &self.open {
            text.push_str(&format!("- {}\n", sanitize::line(told)));
        }
        text
    }

    fn next(&self) -> Vec<Hint> {
        self.next.iter().cloned().map(Hint::from).collect()
    }
}
