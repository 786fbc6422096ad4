//! `hivectl doctor`.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use serde_json::Value;
use strum::{EnumMessage as _, VariantArray as _};

use super::ml::{AgeArgs, TicketArgs};
use super::report::Report;
use super::session::Session;
use super::suggestion::CommandPlace;
use crate::api::CheckState;
use crate::api::doctor::{CheckFamily, CheckReport, DoctorReport, DoctorRequest, TerminalDescription};
use crate::base::Hint;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::cli::view::table::{Column, table};
use crate::cli::view::{Screen, View};
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

    #[command(flatten)]
    pub age: AgeArgs,

    /// Make the indexes that are missing, after a confirmation
    #[arg(long)]
    pub create_indexes: bool,
}

/// What can be checked, with what each family looks at.
fn family_parser() -> impl TypedValueParser<Value = CheckFamily> {
    let about = |family: &CheckFamily| family.get_documentation().unwrap_or_default().trim_end_matches('.');
    let value = |family: &CheckFamily| PossibleValue::new(family.to_string()).help(about(family));
    PossibleValuesParser::new(CheckFamily::VARIANTS.iter().map(value)).try_map(|word| word.parse::<CheckFamily>())
}

impl VerbArgs for DoctorArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
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

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        let mut report = session.run(&DoctorRequest {
            families: self.check.clone(),
            bundle: self.bundle.clone(),
            tickets: self.age.limit(self.source.tickets()),
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

impl View for DoctorReport {
    fn text(&self, screen: &Screen) -> String {
        let row = |check: &CheckReport| {
            // As wide as the longest that the budget lets be.
            let took = format!("{:>4.0} ms", check.duration_ms);
            vec![check.id.clone(), check.state.to_string(), took, check.evidence.clone()]
        };
        let columns = [Column::Text("CHECK"), Column::Text("STATE"), Column::Number("TOOK"), Column::Text("EVIDENCE")];
        let mut text = table(&columns, &self.checks.iter().map(row).collect::<Vec<_>>(), screen);
        let count = |state| self.checks.iter().filter(|check| check.state == state).count();
        text.push_str(&format!(
            "{} pass, {} warn, {} fail, {} skipped\n",
            count(CheckState::Pass),
            count(CheckState::Warn),
            count(CheckState::Fail),
            count(CheckState::Skipped)
        ));
        text
    }

    fn names(&self) -> Vec<String> {
        self.checks.iter().map(|check| check.id.clone()).collect()
    }

    fn lines(&self) -> Option<Vec<Value>> {
        // Text and numbers can be written.
        Some(self.checks.iter().filter_map(|check| serde_json::to_value(check).ok()).collect())
    }

    fn next(&self) -> Vec<Hint> {
        let wrong = self.checks.iter().filter(|check| matches!(check.state, CheckState::Fail | CheckState::Warn));
        wrong.filter_map(|check| check.remedy.clone().map(|remedy| Hint::from((check.id.as_str(), ": ", remedy)))).collect()
    }
}
