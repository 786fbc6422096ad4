//! The audit log.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Document, Request};
use crate::audit::Record;

/// Which records to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLogRequest {
    /// The model; `None` for all.
    pub name: Option<String>,
}

/// The records of the audit log, oldest first.
///
/// Errors: [`crate::error::ErrorKind::InvariantBroken`] for a text that is no record.
impl Request for AuditLogRequest {
    type Report = AuditLogReport;
    const NAME: &'static str = "audit.log";
}

/// Which record to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditShowRequest {
    /// As a change named it, or its number.
    pub id: String,
}

/// Check the whole log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditVerifyRequest {}

/// Checks that no record was altered, removed or put in between.
///
/// Errors: [`crate::error::ErrorKind::InvariantBroken`] naming the first that does not fit.
impl Request for AuditVerifyRequest {
    type Report = AuditVerifyReport;
    const NAME: &'static str = "audit.verify";
}

/// One record of the audit log.
///
/// Errors: [`crate::error::ErrorKind::ModelNotFound`] where the log has none of that name.
impl Request for AuditShowRequest {
    type Report = AuditRecordReport;
    const NAME: &'static str = "audit.show";
}

/// The records, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditLogReport {
    /// One a record.
    pub items: Vec<AuditItem>,
}

impl Document for AuditLogReport {
    const SCHEMA: &'static str = "hivectl.audit.log/v1";
}

/// A record with its name in the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditItem {
    /// A short name that also says what is in it: `42-9f86d081`.
    pub id: String,
    /// SHA-256 of its text, lower-case hexadecimal.
    pub hash: String,
    /// The record as it was written: another version of hivectl may have put more into it than [`Record`] knows.
    #[serde(flatten)]
    pub text: Value,
}

impl AuditItem {
    /// The parts that this version of hivectl knows.
    ///
    /// Errors: what is missing or of another type.
    pub fn record(&self) -> Result<Record, serde_json::Error> {
        serde_json::from_value(self.text.clone())
    }
}

/// One record whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuditRecordReport(pub AuditItem);

impl Document for AuditRecordReport {
    const SCHEMA: &'static str = "hivectl.audit.show/v1";
}

/// The chain is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditVerifyReport {
    /// Records, each in its place and as it was written.
    pub record_count: u64,
    /// Always `true`: a broken chain is a failure.
    pub whole: bool,
}

impl Document for AuditVerifyReport {
    const SCHEMA: &'static str = "hivectl.audit.verify/v1";
}
