//! What hivectl stands on, checked.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use strum::VariantArray as _;

use super::{CheckState, Document, Request, Tickets};
use crate::base::Hint;
use crate::error::{Error, ErrorKind};

/// Check what hivectl stands on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DoctorRequest {
    /// What to check; empty for everything that is configured.
    pub families: Vec<CheckFamily>,
    /// Write what was found into this file, without secrets.
    pub bundle: Option<PathBuf>,
    /// Where the tickets are, and how long their server is waited for.
    pub tickets: Tickets,
    /// Make the indexes that are missing, after a confirmation.
    pub create_indexes: bool,
    /// What whoever asks can show.
    pub terminal: TerminalDescription,
}

/// Checks what hivectl stands on.
///
/// Errors: of making indexes alone; whatever else is wrong is a finding.
impl Request for DoctorRequest {
    type Report = DoctorReport;
    const NAME: &'static str = "doctor";
}

/// Checks that belong together.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::EnumString, strum::EnumMessage, strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", parse_err_ty = Error, parse_err_fn = no_family)]
pub enum CheckFamily {
    /// The files of settings, the values in force and their origins.
    Config,
    /// Folder, disk, clock, terminal.
    Machine,
    /// The registry and what must always hold in it.
    Registry,
    /// The server with the tickets.
    Mongodb,
    /// Tickets in files.
    Tickets,
    /// The server with the metrics.
    Prometheus,
}

fn no_family(word: &str) -> Error {
    let families: Vec<String> = CheckFamily::VARIANTS.iter().map(ToString::to_string).collect();
    Error::new(ErrorKind::Usage, format!("'{word}' is no family of checks")).hint(format!("the families are {}", families.join(", ")))
}

/// What a face knows of the terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TerminalDescription {
    /// Columns of stdout, where that is a terminal.
    pub columns: Option<u16>,
    /// Plain words only.
    pub plain: bool,
    /// Whether questions can be asked.
    pub can_ask: bool,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DoctorReport {
    /// The worst first.
    pub checks: Vec<CheckReport>,
    /// The fields of the tickets whose indexes were made.
    pub indexes_made: Vec<String>,
    /// The exit code of the worst failure; 0 without one.
    #[serde(default, skip_serializing_if = "is_success")]
    pub exit_code: u8,
}

fn is_success(exit_code: &u8) -> bool {
    *exit_code == 0
}

/// One check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckReport {
    /// A word for scripts, such as `mongodb_indexes`.
    pub id: String,
    /// What it came to.
    pub state: CheckState,
    /// What was found, with its numbers and without passwords.
    pub evidence: String,
    /// What to do: a sentence, or the command to type.
    pub remedy: Option<Hint>,
    /// How long it took.
    pub duration_ms: f64,
    /// Age of the newest usable ticket; only of the check `ticket_age`, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest_ticket_age_seconds: Option<u64>,
}

impl Document for DoctorReport {
    const SCHEMA: &'static str = "hivectl.doctor/v1";

    fn exit_code(&self) -> u8 {
        self.exit_code
    }
}

/// Everything somebody else needs to help: no secret, no folder of the user, no host's name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DoctorBundle {
    /// [`DoctorBundle::SCHEMA`].
    pub schema: String,
    /// When it was written, RFC 3339 in UTC.
    pub generated_at: String,
    /// The version of hivectl.
    pub version: String,
    /// Operating system and processor.
    pub system: String,
    /// What was found.
    pub found: DoctorReport,
    /// The settings that have a value.
    pub settings: Vec<BundledSetting>,
    /// The context in force.
    pub context: Option<String>,
}

impl DoctorBundle {
    /// Name and version of the form.
    pub const SCHEMA: &'static str = "hivectl.doctor.bundle/v1";
}

/// A setting in a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundledSetting {
    /// Its name.
    pub key: String,
    /// Its value, with secrets masked.
    pub value: String,
    /// The flag, variable or line of a file that says so.
    pub origin: String,
}
