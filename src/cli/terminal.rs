//! The terminal as whoever started a job: sees its progress, its notes and its plans, and answers its questions.

use std::cell::RefCell;

use super::arguments::GlobalArgs;
use super::printer::Printer;
use super::progress::TerminalProgress;
use super::{prompt, view};
use crate::api::{Interaction, Place, Progress, Proposal, Question, Scope, SettingLine};
use crate::error::Result;
use crate::lifecycle::Approval;

/// The person or script in front of this process.
pub struct Terminal<'a> {
    pub global: &'a GlobalArgs,
    pub printer: &'a Printer,
    progress: TerminalProgress,
    /// Where the job looks, once its settings are resolved.
    place: RefCell<Option<Place>>,
}

impl<'a> Terminal<'a> {
    pub fn new(global: &'a GlobalArgs, printer: &'a Printer) -> Terminal<'a> {
        let progress = TerminalProgress::new(printer.animated, global.quiet);
        Terminal { global, printer, progress, place: RefCell::default() }
    }

    /// What the global flags say of a job.
    pub fn scope(&self) -> Scope {
        Scope {
            registry: self.global.registry.clone(),
            workspace: self.global.workspace.clone(),
            context: self.global.context.clone(),
            lock_timeout: self.global.lock_timeout,
            timeout: self.global.timeout,
            reason: self.global.reason.clone(),
        }
    }

    /// Nothing goes on any more: what was shown of it makes place for the result.
    pub fn rest(&self) {
        self.progress.clear();
    }

    /// The context in force; `None` without one, or before the settings are resolved.
    pub fn context(&self) -> Option<String> {
        self.place.borrow().as_ref().and_then(|place| place.context.clone())
    }
}

impl Interaction for Terminal<'_> {
    fn progress(&self) -> &dyn Progress {
        &self.progress
    }

    fn resolved(&self, place: &Place, settings: &[SettingLine]) {
        *self.place.borrow_mut() = Some(place.clone());
        if self.global.verbose > 0 {
            for SettingLine { key, value, origin } in settings {
                self.printer.note(&format!("{key} = {value} ({origin})"));
            }
        }
    }

    fn enter(&self, context: &str) {
        self.place.borrow_mut().get_or_insert_default().context = Some(context.to_owned());
    }

    fn note(&self, note: &str) {
        self.progress.clear();
        self.printer.note(note);
    }

    fn propose(&self, proposal: &Proposal) {
        if self.global.quiet {
            return;
        }
        self.progress.clear();
        match proposal {
            Proposal::Change { place, what } => self.printer.note(&format!("{place}: would {what}")),
            Proposal::Backfill { plan } => {
                self.printer.note_block(&self.printer.folded(view::backfill::plan_text(plan).trim_end()));
            }
            Proposal::Plan { place, plan } => {
                self.printer.note_block(view::change::plan_text(plan, place, self.printer.screen()).trim_end());
            }
        }
    }

    fn can_answer(&self, question: &Question) -> Result<()> {
        prompt::can_answer(self, question)
    }

    fn ask(&self, question: &Question) -> Result<Approval> {
        self.progress.clear();
        prompt::ask(self, question)
    }
}
