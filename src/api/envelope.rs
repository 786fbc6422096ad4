//! What stands around every document: the envelope of a report, and the one of a failure.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::Error;

/// Around every report that is written as JSON or YAML.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    /// Name and version of the form of `data` ([`super::Document::SCHEMA`]).
    pub schema: String,
    /// When it was written, RFC 3339 in UTC.
    pub generated_at: String,
    /// The context in force.
    pub context: Option<String>,
    /// The report.
    pub data: Value,
    /// What people should know beside the result.
    pub warnings: Vec<String>,
}

/// What is written in the place of a report where the job failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorDocument {
    /// [`ErrorDocument::SCHEMA`].
    pub schema: String,
    /// The failure.
    pub error: ErrorReport,
}

/// A failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorReport {
    /// The stable code, `HML-nnnn`.
    pub code: String,
    /// Its name, snake_case.
    pub kind: String,
    /// What failed, with numbers and units.
    pub message: String,
    /// Why, most specific last.
    pub causes: Vec<String>,
    /// What to do about it.
    pub hints: Vec<String>,
    /// The exit code of the process.
    pub exit_code: u8,
    /// Whether the same request may succeed later without any change by the operator.
    pub retryable: bool,
}

impl ErrorDocument {
    /// Name and version of the form.
    pub const SCHEMA: &'static str = "hivectl.error/v1";

    /// The document of a failure.
    pub fn of(error: &Error) -> ErrorDocument {
        let kind = error.kind();
        ErrorDocument {
            schema: ErrorDocument::SCHEMA.to_owned(),
            error: ErrorReport {
                code: kind.code().to_owned(),
                kind: kind.name(),
                message: error.message().to_owned(),
                causes: error.causes().to_vec(),
                hints: error.hints().iter().map(ToString::to_string).collect(),
                exit_code: kind.exit_code(),
                retryable: kind.retryable(),
            },
        }
    }
}
