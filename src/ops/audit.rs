//! Looking into the audit log.

use super::resolve::versions_of;
use super::workspace::{Intent, Workspace};
use crate::api::Operations;
use crate::api::audit::{
    AuditItem, AuditLogReport, AuditLogRequest, AuditRecordReport, AuditShowRequest, AuditVerifyReport, AuditVerifyRequest,
};
use crate::audit::chain::Link;
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};

impl Operations<AuditLogRequest> for Workspace<'_> {
    fn run(&self, request: &AuditLogRequest) -> Result<AuditLogReport> {
        let settings = self.settings(&self.flags())?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let log = registry.audit_log()?;
        let mut links = log.records(request.name.as_deref())?;
        if let (Some(name), true) = (&request.name, links.is_empty()) {
            // A model that is gone still has its records; what has none is a model without changes, or none at all.
            links = log.records(Some(&versions_of(registry.store(), self.kinds(), name)?.0))?;
        }
        Ok(AuditLogReport { items: links.iter().map(item).collect::<Result<_>>()? })
    }
}

impl Operations<AuditShowRequest> for Workspace<'_> {
    fn run(&self, request: &AuditShowRequest) -> Result<AuditRecordReport> {
        let settings = self.settings(&self.flags())?;
        let registry = self.registry(&settings, Intent::Existing)?;
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
}

impl Operations<AuditVerifyRequest> for Workspace<'_> {
    fn run(&self, _: &AuditVerifyRequest) -> Result<AuditVerifyReport> {
        let settings = self.settings(&self.flags())?;
        let registry = self.registry(&settings, Intent::Existing)?;
        Ok(AuditVerifyReport { record_count: registry.audit_log()?.verify_chain()?, whole: true })
    }
}

fn item(link: &Link) -> Result<AuditItem> {
    link.record()?;
    let text = serde_json::from_str(&link.text).unwrap_or_default();
    Ok(AuditItem { id: link.id(), hash: link.hash.clone(), text })
}
