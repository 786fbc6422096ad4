//! Looking into the audit log.

use super::workspace::{Intent, Workspace};
use crate::api::audit::{AuditItem, AuditLogReport, AuditLogRequest, AuditRecordReport, AuditShowRequest, AuditVerifyReport};
use crate::audit::chain::Link;
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};

/// The records, oldest first.
///
/// Errors: [`ErrorKind::InvariantBroken`] for a text that is no record.
pub fn log(workspace: &Workspace<'_>, request: &AuditLogRequest) -> Result<AuditLogReport> {
    let settings = workspace.settings(&workspace.flags())?;
    let registry = workspace.registry(&settings, Intent::Existing)?;
    let links = registry.audit_log()?.records(request.name.as_deref())?;
    Ok(AuditLogReport { items: links.iter().map(item).collect::<Result<_>>()? })
}

/// One record whole.
///
/// Errors: [`ErrorKind::ModelNotFound`] where the log has none of that name.
pub fn show(workspace: &Workspace<'_>, request: &AuditShowRequest) -> Result<AuditRecordReport> {
    let settings = workspace.settings(&workspace.flags())?;
    let registry = workspace.registry(&settings, Intent::Existing)?;
    let links = registry.audit_log()?.records(None)?;
    let link = links.iter().find(|link| link.id() == request.id || link.sequence.to_string() == request.id);
    let link = link.ok_or_else(|| {
        Error::new(ErrorKind::ModelNotFound, format!("the audit log has no record '{}'", request.id)).hint((
            "`",
            commands::audit_log(),
            "` lists them",
        ))
    })?;
    item(link).map(AuditRecordReport)
}

/// Checks that no record was altered, removed or put in between.
///
/// Errors: [`ErrorKind::InvariantBroken`] naming the first that does not fit.
pub fn verify(workspace: &Workspace<'_>) -> Result<AuditVerifyReport> {
    let settings = workspace.settings(&workspace.flags())?;
    let registry = workspace.registry(&settings, Intent::Existing)?;
    Ok(AuditVerifyReport { record_count: registry.audit_log()?.verify_chain()?, whole: true })
}

fn item(link: &Link) -> Result<AuditItem> {
    link.record()?;
    let text = serde_json::from_str(&link.text).unwrap_or_default();
    Ok(AuditItem { id: link.id(), hash: link.hash.clone(), text })
}
