//! `hivectl audit`.

use clap::Args;

use super::report::Report;
use super::session::Session;
use crate::api::audit::{
    AuditItem, AuditLogReport, AuditLogRequest, AuditRecordReport, AuditShowRequest, AuditVerifyReport, AuditVerifyRequest,
};
use crate::base::yaml;
use crate::cli::complete;
use crate::cli::verb_spec::{VerbArgs, VerbSpec, group};
use crate::cli::view::number::count;
use crate::cli::view::table::{Column, table};
use crate::cli::view::{Screen, View};
use crate::error::Result;

group! {
    /// Show what was changed, by whom and why
    pub enum AuditCommand {
        Log(LogArgs),
        Show(ShowRecordArgs),
        Verify(VerifyLogArgs),
    }
}

/// List what was changed, newest last
///
/// Every change leaves two records, the intent before and the outcome after. Changes nothing.
#[derive(Debug, Args)]
pub struct LogArgs {
    /// Model whose records to list; all without a name
    #[arg(add = complete::models())]
    pub name: Option<String>,
}

impl VerbArgs for LogArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "audit log",
        examples: &[
            ("Everything that was changed", "hivectl audit log"),
            ("Of one model", "hivectl audit log ticket-duration-predictor"),
            ("One record a line", "hivectl audit log -o jsonl"),
        ],
        exit_codes: &[4, 9, 10, 11, 13],
        has_rows: true,
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&AuditLogRequest { name: self.name.clone() })
    }
}

/// Show one record whole
///
/// Who, where, with which words, before, after, evidence and reason. Changes nothing.
#[derive(Debug, Args)]
pub struct ShowRecordArgs {
    /// The record, as a change named it
    pub id: String,
}

impl VerbArgs for ShowRecordArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "audit show",
        examples: &[
            ("One record whole", "hivectl audit show 1"),
            ("The same as JSON", "hivectl audit show 1 -o json"),
            ("The one after it", "hivectl audit show 2"),
        ],
        exit_codes: &[4, 9, 10, 11, 13],
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&AuditShowRequest { id: self.id.clone() })
    }
}

/// Check that no record was altered, removed or put in between
///
/// Each record holds the digest of the one before. Ends with exit code 13 at the first that does not fit.
/// Changes nothing.
#[derive(Debug, Args)]
pub struct VerifyLogArgs {}

impl VerbArgs for VerifyLogArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "audit verify",
        examples: &[
            ("Is the log whole?", "hivectl audit verify"),
            ("For a script", "hivectl audit verify -o json"),
            ("Of another registry", "hivectl audit verify --registry embedded"),
        ],
        exit_codes: &[4, 9, 10, 11, 13],
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&AuditVerifyRequest {})
    }
}

impl View for AuditLogReport {
    fn text(&self, screen: &Screen) -> String {
        const COLUMNS: [Column; 7] = [
            Column::Number("SEQ"),
            Column::Text("AT"),
            Column::Text("ACTION"),
            Column::Text("PHASE"),
            Column::Text("MODEL"),
            Column::Text("BY"),
            Column::Text("REASON"),
        ];
        table(&COLUMNS, &self.items.iter().filter_map(row).collect::<Vec<_>>(), screen)
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(|item| item.id.clone()).collect()
    }
}

fn row(item: &AuditItem) -> Option<Vec<String>> {
    let record = item.record().ok()?;
    let model = record.version.map_or(record.model.clone(), |version| format!("{}@{version}", record.model));
    let phase = match record.success {
        None => "intent".to_owned(),
        Some(success) => format!("{success:?}").to_lowercase(),
    };
    let by = format!("{}@{}", record.actor.user, record.actor.host);
    let at = record.at.get(..19).unwrap_or(&record.at).replace('T', " ");
    Some(vec![record.sequence.to_string(), at, record.action.to_string(), phase, model, by, record.reason.unwrap_or_default()])
}

impl View for AuditRecordReport {
    /// The document itself, for reading.
    fn text(&self, _: &Screen) -> String {
        serde_json::to_value(self).ok().and_then(|document| yaml::to_string(&document).ok()).unwrap_or_default()
    }

    fn is_verbatim(&self) -> bool {
        true
    }
}

impl View for AuditVerifyReport {
    fn text(&self, _: &Screen) -> String {
        format!("{} records, each in its place and as it was written\n", count(self.record_count))
    }
}
