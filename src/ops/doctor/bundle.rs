//! What was found as a file, to send to somebody.

use std::path::Path;

use crate::api::doctor::{BundledSetting, DoctorBundle, DoctorReport};
use crate::base::redact::without_passwords;
use crate::base::write_whole;
use crate::config::{SETTINGS, Settings};
use crate::error::{Error, ErrorKind, Result};

/// Writes the report with the settings, without passwords and without the name of the user's folder.
///
/// Errors: a file that cannot be written.
pub(super) fn write(path: &Path, report: &DoctorReport, settings: Option<&Settings>) -> Result<()> {
    let shown = SETTINGS.iter().filter_map(|spec| {
        let setting = settings?.get(spec.key)?;
        Some(BundledSetting { key: spec.key.to_owned(), value: setting.shown(), origin: setting.origin.to_string() })
    });
    let bundle = DoctorBundle {
        schema: DoctorBundle::SCHEMA.to_owned(),
        generated_at: jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        found: DoctorReport { exit_code: 0, ..report.clone() },
        settings: shown.collect(),
        context: settings.and_then(|settings| settings.context.clone()),
    };
    let text = serde_json::to_string_pretty(&bundle)
        .map_err(|error| Error::new(ErrorKind::Internal, "the bundle cannot be written").because(error))?;
    let mut text = without_passwords(&format!("{text}\n"));
    if let Some(home) = std::env::var("HOME").ok().filter(|home| home.len() > 1) {
        text = text.replace(&home, "~");
    }
    write_whole(path, text.as_bytes())
}
