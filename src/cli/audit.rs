//! `hivectl audit`.

use clap::{Args, Subcommand};

use super::report::Report;
use super::session::Session;
use crate::api::audit::{AuditLogRequest, AuditShowRequest};
use crate::cli::complete;
use crate::cli::verb_spec::VerbSpec;
use crate::error::Result;

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// List what was changed, newest last
    Log(LogArgs),

    /// Show one record whole
    Show(ShowRecordArgs),

    /// Check that no record was altered, removed or put in between
    Verify(VerifyLogArgs),
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

pub const LOG_SPEC: VerbSpec = VerbSpec {
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

/// Show one record whole
///
/// Who, where, with which words, before, after, evidence and reason. Changes nothing.
#[derive(Debug, Args)]
pub struct ShowRecordArgs {
    /// The record, as a change named it
    pub id: String,
}

pub const SHOW_SPEC: VerbSpec = VerbSpec {
    words: "audit show",
    examples: &[
        ("One record whole", "hivectl audit show 1"),
        ("The same as JSON", "hivectl audit show 1 -o json"),
        ("The one after it", "hivectl audit show 2"),
    ],
    exit_codes: &[4, 9, 10, 11, 13],
    ..VerbSpec::READING
};

/// Check that no record was altered, removed or put in between
///
/// Each record holds the digest of the one before. Ends with exit code 13 at the first that does not fit.
/// Changes nothing.
#[derive(Debug, Args)]
pub struct VerifyLogArgs {}

pub const VERIFY_SPEC: VerbSpec = VerbSpec {
    words: "audit verify",
    examples: &[
        ("Is the log whole?", "hivectl audit verify"),
        ("For a script", "hivectl audit verify -o json"),
        ("Of another registry", "hivectl audit verify --registry embedded"),
    ],
    exit_codes: &[4, 9, 10, 11, 13],
    ..VerbSpec::READING
};

impl AuditCommand {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let operations = session.operations();
        match self {
            AuditCommand::Log(LogArgs { name }) => Report::of(operations.audit_log(&AuditLogRequest { name: name.clone() })?),
            AuditCommand::Show(ShowRecordArgs { id }) => Report::of(operations.show_audit_record(&AuditShowRequest { id: id.clone() })?),
            AuditCommand::Verify(VerifyLogArgs {}) => Report::of(operations.verify_audit_log()?),
        }
    }
}
