//! This machine: the folder for data, room on its disk, the clock, the terminal, and hivectl itself.

use std::path::{Path, PathBuf};

use super::runner::Family;
use super::{CheckOutcome, Finding, look};
use crate::api::CheckState as State;
use crate::api::doctor::TerminalDescription;
use crate::base::command_line::PROGRAM_VERSION;
use crate::base::commands;
use crate::config::data_directory;
use crate::error::{ErrorKind, Result};

const IDS: &[&str] = &["version", "data_folder", "disk_space", "clock", "terminal"];

/// Below this no registry can take a model in.
const LEAST_ROOM_BYTES: u64 = 64 << 20;
/// Below this it is time to look.
const LITTLE_ROOM_BYTES: u64 = 1 << 30;
/// No clock that is right shows a time before this hivectl was written: 2026-01-01.
const OLDEST_NOW_S: i64 = 1_767_225_600;

/// The checks of this machine; `registry` is the folder of an embedded registry.
pub fn family(terminal: TerminalDescription, registry: Option<PathBuf>) -> Family {
    Family { ids: IDS, late: State::Fail, work: Box::new(move |tell| checks(&terminal, registry.as_deref()).into_iter().for_each(tell)) }
}

fn checks(terminal: &TerminalDescription, registry: Option<&Path>) -> Vec<Finding> {
    vec![
        look("version", || Ok(CheckOutcome::pass(format!("{PROGRAM_VERSION}, {} {}", std::env::consts::OS, std::env::consts::ARCH)))),
        look("data_folder", || data_folder(registry)),
        look("disk_space", || disk_space(registry)),
        look("clock", clock),
        look("terminal", || Ok(shown(terminal))),
    ]
}

/// The folder that is meant, and the nearest above it that is there.
fn folder(registry: Option<&Path>) -> Result<(PathBuf, PathBuf)> {
    let meant = match registry {
        Some(folder) if folder.as_os_str().is_empty() => PathBuf::from("."),
        Some(folder) => folder.to_owned(),
        None => data_directory()?,
    };
    let there = meant.ancestors().find(|above| above.is_dir()).map_or_else(|| PathBuf::from("."), Path::to_owned);
    Ok((meant, there))
}

#[cfg(unix)]
fn data_folder(registry: Option<&Path>) -> Result<CheckOutcome> {
    let (meant, there) = folder(registry)?;
    match rustix::fs::access(&there, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK) {
        Ok(()) => Ok(CheckOutcome::pass(format!(
            "{} can be written{}",
            there.display(),
            if there == meant { "" } else { ", and the rest be made there" }
        ))),
        Err(error) => Ok(CheckOutcome::new(State::Fail, format!("{} cannot be written: {error}", there.display()))
            .remedy("set HIVECTL_HOME to a folder that you may write, or name a registry with `--registry PATH.db`")
            .meaning(ErrorKind::NotAllowed)),
    }
}

#[cfg(not(unix))]
fn data_folder(registry: Option<&Path>) -> Result<CheckOutcome> {
    let (meant, there) = folder(registry)?;
    Ok(CheckOutcome::skipped(format!("{} is in {}; whether it can be written was not tried", meant.display(), there.display())))
}

#[cfg(unix)]
fn disk_space(registry: Option<&Path>) -> Result<CheckOutcome> {
    let (_, there) = folder(registry)?;
    let Ok(room) = rustix::fs::statvfs(&there) else {
        return Ok(CheckOutcome::skipped(format!("the disk of {} does not tell", there.display())));
    };
    let free = room.f_bavail.saturating_mul(room.f_frsize);
    let evidence = format!("{} MiB free on the disk of {}", free >> 20, there.display());
    let remedy = ("make room: `", commands::models_archive_older_dry_run(), "` shows versions that nobody uses");
    Ok(match free {
        free if free < LEAST_ROOM_BYTES => CheckOutcome::new(State::Fail, evidence).remedy(remedy).meaning(ErrorKind::FileAccess),
        free if free < LITTLE_ROOM_BYTES => CheckOutcome::new(State::Warn, evidence).remedy(remedy),
        _ => CheckOutcome::pass(evidence),
    })
}

#[cfg(not(unix))]
fn disk_space(_: Option<&Path>) -> Result<CheckOutcome> {
    Ok(CheckOutcome::skipped("this system does not tell"))
}

fn clock() -> Result<CheckOutcome> {
    let now = jiff::Timestamp::now();
    let evidence = format!("it is {now:.0}");
    Ok(match now.as_second() {
        early if early < OLDEST_NOW_S => CheckOutcome::new(State::Fail, format!("{evidence}, which is before hivectl was written"))
            .remedy("set the clock: `timedatectl set-ntp true`")
            .meaning(ErrorKind::BadConfiguration),
        _ => CheckOutcome::pass(evidence),
    })
}

fn shown(terminal: &TerminalDescription) -> CheckOutcome {
    let asks = if terminal.can_ask { "questions can be asked" } else { "nobody can be asked: changes need --yes or --confirm" };
    match (terminal.columns, terminal.plain) {
        (None, _) => CheckOutcome::pass(format!("stdout is no terminal; {asks}")),
        (Some(columns), _) if columns < 40 => CheckOutcome::new(State::Warn, format!("{columns} columns are too few for tables; {asks}"))
            .remedy("widen the terminal to 80 columns, or use `-o json`"),
        (Some(columns), true) => CheckOutcome::pass(format!("{columns} columns, plain words; {asks}")),
        (Some(columns), false) => CheckOutcome::pass(format!("{columns} columns, every letter; {asks}")),
    }
}
