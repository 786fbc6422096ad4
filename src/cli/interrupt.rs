//! Ctrl-C and termination: what is done, what is not, what to type; exit code 130 or 143.
//!
//! Every change is whole or not there at all, whenever the process ends, so nothing has to be rolled back here: the log of
//! the registry says what this process did. Where one JSON document was asked for and none stands on stdout yet, the
//! interrupt is that document.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::arguments::OutputFormat;
use super::printer::{Printer, WrittenOutput};
use super::suggestion::CommandPlace;
use crate::base::{CommandLine, commands};
use crate::error::{Error, ErrorKind};
use crate::ops::{CompletedChange, JobState};

/// Where a runbook is: its commands are processes of their own, which the log does not tell as this one's.
#[derive(Clone)]
pub struct RunbookSoFar {
    /// The command that goes on with it.
    pub resume: CommandLine,
    /// The steps that were run and change something.
    pub changed: Vec<String>,
    /// The step that changes something and runs now.
    pub under_way: Option<String>,
}

/// Whether a loop of its own hears the signals and ends after the look under way.
static HEARD: AtomicBool = AtomicBool::new(false);

/// Who ends wants to know what is done, and not to wait for it.
const AT_THE_END: Duration = Duration::from_secs(2);

/// Leaves the signals to a loop that ends by itself.
pub fn stand_aside() {
    HEARD.store(true, Ordering::Relaxed);
}

/// What the thread that hears the signals knows of the work. Clones are about the same work.
#[derive(Clone)]
pub struct Interruption {
    job: JobState,
    written: WrittenOutput,
    /// Whether stdout owes one document.
    owes_document: bool,
    /// Where the commands that it suggests are meant to run.
    place: CommandPlace,
    /// A runbook that is gone through, when one is.
    runbook: Arc<Mutex<Option<RunbookSoFar>>>,
}

impl Interruption {
    /// About `job`, whose result `printer` writes.
    pub fn new(job: JobState, printer: &Printer) -> Interruption {
        let (owes_document, place) = (printer.form == OutputFormat::Json, printer.place().clone());
        Interruption { job, written: printer.written(), owes_document, place, runbook: Arc::default() }
    }

    /// Notes how far a runbook is.
    pub fn runbook(&self, so_far: RunbookSoFar) {
        *self.runbook.lock().unwrap_or_else(PoisonError::into_inner) = Some(so_far);
    }

    /// Waits for a signal beside the work. Where the system refuses, signals end the process as they always do.
    pub fn watch(&self) {
        let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
        let interruption = self.clone();
        std::thread::spawn(move || {
            for signal in signals.forever() {
                if !HEARD.load(Ordering::Relaxed) {
                    interruption.end(signal);
                }
            }
        });
    }

    #[expect(clippy::exit, reason = "a signal ends the process, whatever the other threads are at")]
    fn end(&self, signal: i32) {
        let error = self.place.error(self.told(signal));
        let mut text = format!("\n{}", error.message());
        for hint in error.hints() {
            text.push_str(&format!("\nhint: {hint}"));
        }
        drop(std::io::Write::write_all(&mut anstream::stderr().lock(), format!("{text}\n").as_bytes()));
        if self.owes_document {
            self.written.write_unless_written(&super::failure::document(&error));
        }
        self.job.end_commands();
        self.job.interrupted(&error);
        std::process::exit(i32::from(error.kind().exit_code()));
    }

    /// What a signal came to: what is done, what is not, what to type.
    fn told(&self, signal: i32) -> Error {
        let (kind, word) = match signal {
            SIGINT => (ErrorKind::Interrupted, "interrupted"),
            _ => (ErrorKind::Terminated, "terminated"),
        };
        if let Some(so_far) = self.runbook.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            let message = told_of_runbook(word, &so_far, &self.place);
            return Error::new(kind, message).hint(("the record is kept; go on with `", so_far.resume, "`"));
        }
        let message = match self.done().as_slice() {
            [] => format!("{word}: nothing was changed in the registry"),
            done => format!("{word}: done: {}; what was not done yet is left out, and nothing is half done", done.join(", ")),
        };
        let words = crate::ops::actor_of_process().command;
        let has = |word: &str| words.iter().any(|typed| typed == word);
        let hint = match () {
            () if has("backfill") && !has("--dry-run") => {
                ("what was written into tickets stays; go on with `", commands::backfill_resume(), "`")
            }
            () => ("to do it all the same: `", commands::typed(words), "`"),
        };
        Error::new(kind, message).hint(hint)
    }

    /// The changes that this process has completed.
    fn done(&self) -> Vec<String> {
        let changes = self.job.changes_done(AT_THE_END);
        let told = |change: &CompletedChange| {
            let version = change.version.map(|version| format!("@{version}")).unwrap_or_default();
            format!("{} {}{version}", change.action, super::sanitize::line(&change.model))
        };
        changes.iter().map(told).collect()
    }
}

/// What the steps of a runbook have done.
fn told_of_runbook(word: &str, so_far: &RunbookSoFar, place: &CommandPlace) -> String {
    let changed = match so_far.changed.as_slice() {
        [] => format!("{word}: no step has changed anything"),
        changed => format!("{word}: done: {}; what was not done yet is left out", changed.join(", ")),
    };
    match &so_far.under_way {
        Some(step) => format!("{changed}; {step} was under way, and `{}` says whether it was done", place.command(commands::audit_log())),
        None => changed,
    }
}
