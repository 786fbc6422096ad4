//! From the words typed to the exit code.

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use clap::{CommandFactory, FromArgMatches};

use super::arguments::Cli;
use super::interrupt::Interruption;
use super::printer::Printer;
use super::session::Session;
use super::terminal::Terminal;
use super::verb_spec::Runnable as _;
use super::{complete, explain, failure, help, rows};
use crate::base::commands;
use crate::error::{Error, ErrorKind};
use crate::ops::Workspace;
use crate::ops::settings::check_switches;

/// The command tree with help footers; what completions and manual pages are made from.
pub fn command() -> clap::Command {
    help::with_footers(Cli::command())
}

/// Runs one command line and answers with its exit code. Never panics on any input.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if arguments.get(1).is_some_and(|word| word == complete::WORD) {
        // Nobody reads an error at a TAB.
        // A TAB has no place for the report of a panic.
        std::panic::set_hook(Box::new(|_| {}));
        drop(std::io::Write::write_all(&mut std::io::stdout(), complete::answer(&arguments[2..]).as_bytes()));
        return ExitCode::SUCCESS;
    }
    if let Some(error) = explain::verbs::refused(&arguments) {
        return ExitCode::from(failure::print_plain(error, wants_json(&arguments)));
    }
    if let Some(page) = help::page(command(), &arguments) {
        let mut stdout = anstream::stdout().lock();
        return ExitCode::from(failure::help(stdout.write_all(page.as_bytes()).and_then(|()| stdout.flush())));
    }
    let (arguments, notes) = explain::former::renamed(&arguments);
    let parsed = command().try_get_matches_from(&arguments).and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, matches)));
    let (cli, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return ExitCode::from(failure::usage(&error, wants_json(&arguments))),
    };
    let printer = Printer::new(&cli.global);
    if let Err(error) = rows::check(printer.form, &matches) {
        return ExitCode::from(failure::print(error, &printer));
    }
    if let Err(error) = check_switches() {
        return ExitCode::from(failure::print(error, &printer));
    }
    for note in &notes {
        printer.note(&format!("note: {note}"));
    }
    // Libraries may panic on damaged input; who calls them turns that into an error, and what nobody turned
    // ends here, as a bug with its place.
    let panicked = Arc::new(Mutex::new(String::new()));
    let noted = Arc::clone(&panicked);
    std::panic::set_hook(Box::new(move |panic| {
        if let Ok(mut place) = noted.lock() {
            *place = panic.to_string();
        }
    }));
    let terminal = Terminal::new(&cli.global, &printer);
    let workspace = Workspace::new(terminal.scope(), &terminal);
    let interruption = Interruption::new(workspace.state().clone(), &printer);
    interruption.watch();
    let session = Session::new(&terminal, &workspace, &interruption);
    let acted = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| cli.command.run(&session)));
    terminal.rest();
    let code = match acted {
        Ok(Ok(mut report)) => {
            report.warnings.extend(session.remarks());
            printer.place().report(&mut report);
            printer.report(&report, session.context().as_deref())
        }
        Ok(Err(error)) => failure::print(error, &printer),
        Err(_) => {
            let noted = panicked.lock().map(|place| place.clone()).unwrap_or_default();
            let error = Error::new(ErrorKind::Internal, "hivectl met a state that should be impossible").because(noted);
            failure::print(error.hint(("report this with the output of `", commands::version(), "`")), &printer)
        }
    };
    ExitCode::from(code)
}

/// Whether the line asked for JSON, told before it was understood: a wrong line must still answer with
/// one document.
fn wants_json(arguments: &[OsString]) -> bool {
    let words: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).collect();
    words.windows(2).any(|pair| matches!(pair, ["-o" | "--output", "json"]))
        || words.iter().any(|word| matches!(*word, "-ojson" | "-o=json" | "--output=json"))
}
