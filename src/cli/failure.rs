//! How a failure looks: what, why, what to type, and its code; as text on stderr, as JSON on stdout.

use std::fmt::Write as _;
use std::io::Write as _;

use clap::error::ErrorKind as ClapKind;

use super::arguments::{GlobalArgs, OutputFormat};
use super::printer::Printer;
use super::sanitize;
use crate::api::ErrorDocument;
use crate::base::{CommandLine, commands};
use crate::error::{Error, ErrorKind};

/// Exit code when the result exists but could not be written.
pub const STDOUT_FAILED: u8 = 11;

/// Prints a failure, each command in it at the printer's place, and answers with its exit code.
pub fn print(error: Error, printer: &Printer) -> u8 {
    let error = printer.place().error(error);
    // A hint holds a command, which is copied as it stands.
    let lines = text(&error, &printer.place().command(commands::explain(error.kind().code())));
    let lines =
        lines.lines().map(|line| if line.starts_with("error") || line.starts_with("  ") { printer.folded(line) } else { line.into() });
    printer.note_block(&lines.collect::<Vec<_>>().join("\n"));
    if printer.form == OutputFormat::Json {
        printer.write_stdout(&document(&error));
    }
    error.kind().exit_code()
}

/// Prints a failure that came before the flags were understood.
pub fn print_plain(error: Error, json: bool) -> u8 {
    let form = if json { OutputFormat::Json } else { OutputFormat::Table };
    print(error, &Printer::new(&GlobalArgs { output: Some(form), ..GlobalArgs::default() }))
}

/// The exit code of help that was written, or was not.
pub fn help(written: std::io::Result<()>) -> u8 {
    match written {
        Ok(()) => 0,
        // Help that nobody reads any more is no failure.
        Err(unwritten) if unwritten.kind() == std::io::ErrorKind::BrokenPipe => 0,
        Err(unwritten) => {
            drop(writeln!(std::io::stderr(), "error: cannot write the help: {unwritten}"));
            STDOUT_FAILED
        }
    }
}

/// Prints what clap found wrong (or the help that was asked for) and answers with the exit code.
pub fn usage(error: &clap::Error, json: bool) -> u8 {
    if matches!(error.kind(), ClapKind::DisplayHelp | ClapKind::DisplayVersion) {
        return help(error.print().and_then(|()| std::io::stdout().flush()));
    }
    if json && error.kind() != ClapKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let _ = std::io::Write::write_all(&mut std::io::stdout(), document(&misused(&error.to_string())).as_bytes());
    }
    let _ = error.print();
    ErrorKind::Usage.exit_code()
}

/// What clap says in several lines, as one failure: the arguments that it names under its first line belong to the
/// message, its tips are hints, how the command is used is left out.
fn misused(text: &str) -> Error {
    let mut lines = text.lines().map(str::trim).take_while(|line| !line.starts_with("Usage:")).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let (tips, named): (Vec<&str>, Vec<&str>) =
        lines.filter(|line| !line.starts_with("For more information")).partition(|line| line.starts_with("tip: "));
    let error = match (first.ends_with(':'), named.as_slice()) {
        (_, []) => Error::new(ErrorKind::Usage, first),
        (true, named) => Error::new(ErrorKind::Usage, format!("{first} {}", named.join(", "))),
        (false, named) => named.iter().fold(Error::new(ErrorKind::Usage, first), |error, line| error.because(line)),
    };
    tips.iter().fold(error, |error, tip| error.hint(tip.trim_start_matches("tip: ").to_owned()))
}

fn text(error: &Error, explain: &CommandLine) -> String {
    let mut text = format!("error: {}", sanitize::line(error.message()));
    for cause in error.causes() {
        let _ = write!(text, "\n  {}", sanitize::line(cause));
    }
    for hint in error.hints() {
        let _ = write!(text, "\nhint: {}", sanitize::line(&hint.to_string()));
    }
    let _ = write!(text, "\nsee: `{explain}` (exit code {})", error.kind().exit_code());
    text
}

/// The failure as the one document of `-o json`, with the end of its last line.
pub fn document(error: &Error) -> String {
    // Text, lists and numbers can be written.
    let document = serde_json::to_value(ErrorDocument::of(error)).unwrap_or_default();
    format!("{document:#}\n")
}
