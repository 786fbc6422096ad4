//! `hivectl doctor`.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use strum::{EnumMessage as _, VariantArray as _};

use super::ml::TicketArgs;
use super::report::Report;
use super::session::Session;
use super::suggestion::CommandPlace;
use crate::api::doctor::{CheckFamily, DoctorRequest, TerminalDescription};
use crate::cli::verb_spec::VerbSpec;
use crate::error::Result;

/// Check what hivectl stands on, and say what to do about what is wrong
///
/// Looks at the settings and their origins, this machine, the registry (whether it answers, exactly one version in
/// Production, alias against stage, digests, locks and their holders, the audit log), the server with the tickets
/// (whether it answers, its version and clock, rights, indexes, types, labels) and Prometheus, all at once and within
/// five seconds, of which the commands of secrets may take three. What is not configured is skipped. The worst stands first; warnings end with 0, a failure with the code
/// of its kind. Changes nothing without --create-indexes.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// What to check (can be repeated, or parted by commas) [default: everything that is configured]
    #[arg(long, value_parser = family_parser(), value_delimiter = ',', value_name = "FAMILY")]
    pub check: Vec<CheckFamily>,

    /// Write what was found into this file, without secrets, to send to somebody
    #[arg(long, value_name = "FILE")]
    pub bundle: Option<PathBuf>,

    #[command(flatten)]
    pub source: TicketArgs,

    /// Make the indexes that are missing, after a confirmation
    #[arg(long)]
    pub create_indexes: bool,
}

pub const SPEC: VerbSpec = VerbSpec {
    words: "doctor",
    examples: &[
        ("Everything that is configured", "hivectl doctor"),
        ("The server that MONGODB_URI names", "hivectl doctor --check mongodb"),
        ("Make the indexes that queries need", "hivectl doctor --create-indexes --yes"),
    ],
    exit_codes: &[5, 9, 10, 11, 13, 14],
    changes: "Nothing; with --create-indexes the indexes that are missing, with --bundle it writes that file.",
    has_rows: true,
    questions: &[("--yes", "doctor --create-indexes --tickets mongodb://127.0.0.1:9")],
};

/// What can be checked, with what each family looks at.
fn family_parser() -> impl TypedValueParser<Value = CheckFamily> {
    let about = |family: &CheckFamily| family.get_documentation().unwrap_or_default().trim_end_matches('.');
    let value = |family: &CheckFamily| PossibleValue::new(family.to_string()).help(about(family));
    PossibleValuesParser::new(CheckFamily::VARIANTS.iter().map(value)).try_map(|word| word.parse::<CheckFamily>())
}

impl DoctorArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let mut report = session.operations().examine(&DoctorRequest {
            families: self.check.clone(),
            bundle: self.bundle.clone(),
            tickets: self.source.tickets(),
            create_indexes: self.create_indexes,
            terminal: terminal(session),
        })?;
        let place = CommandPlace::typed(session.global);
        for check in &mut report.checks {
            check.remedy = check.remedy.take().map(|remedy| place.hint(remedy));
        }
        Report::of(report)
    }
}

fn terminal(session: &Session<'_>) -> TerminalDescription {
    let screen = session.printer.screen();
    let can_ask = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    TerminalDescription { columns: screen.width, plain: screen.plain, can_ask }
}
