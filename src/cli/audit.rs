//! `hivectl audit`.

use clap::{Args, Subcommand};

use super::report::Report;
use super::session::Session;
use crate::api::audit::{AuditLogRequest, AuditShowRequest};
use crate::error::Result;

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// List what was changed, newest last
    Log(LogArgs),

    /// Show one record whole
    Show(ShowArgs),

    /// Check that no record was altered, removed or put in between
    Verify(VerifyArgs),
}

/// List what was changed, newest last
///
/// Every change leaves two records, the intent before and the outcome after. Changes nothing.
#[derive(Debug, Args)]
pub struct LogArgs {
    /// Model whose records to list; all without a name
    pub name: Option<String>,
}

/// Show one record whole
///
/// Who, where, with which words, before, after, evidence and reason. Changes nothing.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The record, as a change named it
    pub id: String,
}

/// Check that no record was altered, removed or put in between
///
/// Each record holds the digest of the one before. Ends with exit code 13 at the first that does not fit.
/// Changes nothing.
#[derive(Debug, Args)]
pub struct VerifyArgs {}

impl AuditCommand {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let operations = session.operations();
        match self {
            AuditCommand::Log(LogArgs { name }) => Report::of(operations.audit_log(&AuditLogRequest { name: name.clone() })?),
            AuditCommand::Show(ShowArgs { id }) => Report::of(operations.show_audit_record(&AuditShowRequest { id: id.clone() })?),
            AuditCommand::Verify(VerifyArgs {}) => Report::of(operations.verify_audit_log()?),
        }
    }
}
