//! The copies of a server's models on this machine, for people and scripts.

use serde_json::{Value, json};

use super::Screen;
use super::number::{bytes, count};
use super::table::{Column, table};
use super::time::{minute, rfc3339};
use crate::cli::report::Report;
use crate::lifecycle::ModelVersion;
use crate::ops::counted;
use crate::registry::{Cleared, ModelCache, Remembered};

/// The versions of which there are copies.
pub fn list(cache: &ModelCache, said: &[Remembered]) -> Report {
    let (mut items, mut rows): (Vec<Value>, Vec<Vec<String>>) = (Vec::new(), Vec::new());
    for model in said {
        let is_fresh = cache.is_fresh(model.said_at_ms);
        for copied in cache.copies(model) {
            let version = copied.version;
            items.push(json!({
                "server": model.server,
                "model": version.name,
                "version": version.version,
                "stage": version.stage,
                "files": copied.file_count,
                "recorded_files": copied.recorded_count,
                "size_bytes": copied.size_bytes,
                "said_at": rfc3339(model.said_at_ms),
                "fresh": is_fresh,
            }));
            rows.push(vec![
                format!("{}@{}", version.name, version.version),
                version.stage.name().to_owned(),
                format!("{}/{}", copied.file_count, copied.recorded_count),
                bytes(copied.size_bytes),
                minute(model.said_at_ms),
                if is_fresh { "yes" } else { "no" }.to_owned(),
                model.server.clone(),
            ]);
        }
    }
    let seconds = cache.time_to_live().as_secs();
    let text = move |screen: &Screen| {
        if rows.is_empty() {
            return "no copies of models are on this machine\n".to_owned();
        }
        const COLUMNS: [Column; 7] = [
            Column::Text("VERSION"),
            Column::Text("STAGE"),
            Column::Number("FILES"),
            Column::Number("SIZE"),
            Column::Text("SAID AT"),
            Column::Text("COUNTS"),
            Column::Text("SERVER"),
        ];
        format!("{}what a server said counts for {} s while it is away\n", table(&COLUMNS, &rows, screen), count(seconds))
    };
    let mut report = Report::new("hivectl.ml.models.cache.list/v1", json!({ "items": items, "ttl_seconds": seconds }), text);
    if said.is_empty() {
        report.next.push("hivectl ml models cache warm NAME#production".to_owned());
    }
    report
}

/// A version that is here whole now.
pub fn warmed(version: &ModelVersion, files: u64, size: u64) -> Report {
    let reference = format!("{}@{}", version.name, version.version);
    let data = json!({ "model": version.name, "version": version.version, "files": files, "size_bytes": size });
    let line = format!("{reference} is on this machine: {}, {}\n", counted(files, "file"), bytes(size));
    let mut report = Report::new("hivectl.ml.models.cache.warm/v1", data, move |_| line.clone());
    report.names.push(reference);
    report.next.push("hivectl ml models cache list".to_owned());
    report
}

/// A version that needs no copy: its registry is on this machine.
pub fn local(version: &ModelVersion, location: &str) -> Report {
    let data = json!({ "model": version.name, "version": version.version, "files": 0, "size_bytes": 0 });
    let line = format!("{}@{} needs no copy: {location} is on this machine\n", version.name, version.version);
    let mut report = Report::new("hivectl.ml.models.cache.warm/v1", data, move |_| line.clone());
    report.names.push(format!("{}@{}", version.name, version.version));
    report
}

/// What was removed.
pub fn cleared(cleared: Cleared) -> Report {
    let line = format!("{} removed, {}\n", counted(cleared.files, "file"), bytes(cleared.bytes));
    Report::new("hivectl.ml.models.cache.clear/v1", json!(cleared), move |_| line.clone())
}
