//! `hivectl audit`.

use clap::{Args, Subcommand};

use super::report::Report;
use super::session::Session;
use super::view;
use crate::error::{Error, ErrorKind, Result};

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
        let settings = session.settings(&session.flags())?;
        let registry = session.registry_to_change(&settings)?;
        match self {
            AuditCommand::Log(arguments) => view::audit::log(registry.audit_log(arguments.name.as_deref())?),
            AuditCommand::Show(arguments) => {
                let links = registry.audit_log(None)?;
                let link = links.iter().find(|link| link.id() == arguments.id || link.sequence.to_string() == arguments.id);
                let link = link.ok_or_else(|| {
                    Error::new(ErrorKind::ModelNotFound, format!("the audit log has no record '{}'", arguments.id))
                        .hint("`hivectl audit log` lists them")
                })?;
                view::audit::show(link)
            }
            AuditCommand::Verify(VerifyArgs {}) => Ok(view::audit::verified(registry.verify_audit()?)),
        }
    }
}
