//! The audit log.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Document;
use crate::audit::Record;

/// Which records to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLogRequest {
    /// The model; `None` for all.
    pub name: Option<String>,
}

/// Which record to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditShowRequest {
    /// As a change named it, or its number.
    pub id: String,
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
