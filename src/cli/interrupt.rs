//! Ctrl-C and termination: what is done, what is not, what to type; exit code 130 or 143.
//!
//! Every change is whole or not there at all, whenever the process ends, so nothing has to be rolled back here: the log of
//! the registry says what this process did. Where one JSON document was asked for and none stands on stdout yet, the
//! interrupt is that document.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::audit::{Phase, Record, Success};
use crate::base::{CommandLine, commands};
use crate::config::Settings;
use crate::error::{Error, ErrorKind};
use crate::registry::Timeouts;

/// The settings by which a registry was opened, when it was.
static OPENED: Mutex<Option<Settings>> = Mutex::new(None);

/// A runbook that is gone through, when one is.
static RUNBOOK: Mutex<Option<RunbookSoFar>> = Mutex::new(None);

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

/// Notes that a registry was opened by these settings.
pub fn opened(settings: &Settings) {
    if let Ok(mut opened) = OPENED.lock() {
        *opened = Some(settings.clone());
    }
}

/// Notes how far a runbook is.
pub fn runbook(so_far: RunbookSoFar) {
    if let Ok(mut runbook) = RUNBOOK.lock() {
        *runbook = Some(so_far);
    }
}

/// Waits for a signal beside the work. Where the system refuses, signals end the process as they always do. `json` says
/// that stdout owes one document.
pub fn watch(json: bool) {
    let begun = jiff::Timestamp::now();
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    std::thread::spawn(move || {
        for signal in signals.forever() {
            if !HEARD.load(Ordering::Relaxed) {
                end(signal, begun, json);
            }
        }
    });
}

#[expect(clippy::exit, reason = "a signal ends the process, whatever the other threads are at")]
fn end(signal: i32, begun: jiff::Timestamp, json: bool) {
    let error = told(signal, begun);
    let mut text = format!("\n{}", error.message());
    for hint in error.hints() {
        text.push_str(&format!("\nhint: {hint}"));
    }
    drop(std::io::Write::write_all(&mut anstream::stderr().lock(), format!("{text}\n").as_bytes()));
    if json {
        super::printer::write_unless_written(&format!("{:#}\n", super::failure::document(&error)));
    }
    // They are in groups of their own, to which the terminal sends no signal.
    crate::config::end_commands();
    std::process::exit(i32::from(error.kind().exit_code()));
}

/// What a signal came to: what is done, what is not, what to type.
fn told(signal: i32, begun: jiff::Timestamp) -> Error {
    let (kind, word) = match signal {
        SIGINT => (ErrorKind::Interrupted, "interrupted"),
        _ => (ErrorKind::Terminated, "terminated"),
    };
    if let Some(so_far) = RUNBOOK.lock().ok().and_then(|runbook| runbook.clone()) {
        let message = told_of_runbook(word, &so_far);
        return Error::new(kind, message).hint(("the record is kept; go on with `", so_far.resume, "`"));
    }
    let message = match done(begun).as_slice() {
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

/// What the steps of a runbook have done.
fn told_of_runbook(word: &str, so_far: &RunbookSoFar) -> String {
    let changed = match so_far.changed.as_slice() {
        [] => format!("{word}: no step has changed anything"),
        changed => format!("{word}: done: {}; what was not done yet is left out", changed.join(", ")),
    };
    match &so_far.under_way {
        Some(step) => format!("{changed}; {step} was under way, and `{}` says whether it was done", commands::audit_log()),
        None => changed,
    }
}

/// The changes that this process has completed, by the log.
fn done(begun: jiff::Timestamp) -> Vec<String> {
    let Some(settings) = OPENED.lock().ok().and_then(|opened| opened.clone()) else { return Vec::new() };
    let actor = crate::ops::actor_of_process();
    let links = crate::ops::workspace::open_registry(&settings, false, Timeouts { lock: AT_THE_END, server: Some(AT_THE_END) }, None)
        .and_then(|registry| registry.audit_log()?.records(None))
        .unwrap_or_default();
    let ours = |record: &Record| {
        let at: Option<jiff::Timestamp> = record.at.parse().ok();
        record.actor == actor && record.success == Some(Success::Done) && record.phase == Phase::Outcome && at.is_some_and(|at| at >= begun)
    };
    let records = links.iter().filter_map(|link| link.record().ok()).filter(ours);
    records
        .map(|record| {
            let version = record.version.map(|version| format!("@{version}")).unwrap_or_default();
            format!("{} {}{version}", record.action.word(), super::sanitize::line(&record.model))
        })
        .collect()
}
