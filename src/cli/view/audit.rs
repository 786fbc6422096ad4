//! The audit log as people read it.

use super::number::{count, plural};
use super::table::{Column, table};
use super::{Screen, View};
use crate::api::audit::{AuditItem, AuditLogReport, AuditRecordReport, AuditVerifyReport};
use crate::formats::yaml;

impl View for AuditLogReport {
    fn text(&self, screen: &Screen) -> String {
        const COLUMNS: [Column; 7] = [
            Column::Number("SEQ"),
            Column::Text("AT"),
            Column::Text("ACTION"),
            Column::Text("PHASE"),
            Column::Text("MODEL"),
            Column::Text("BY"),
            Column::Text("REASON"),
        ];
        table(&COLUMNS, &self.items.iter().filter_map(row).collect::<Vec<_>>(), screen)
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(|item| item.id.clone()).collect()
    }
}

fn row(item: &AuditItem) -> Option<Vec<String>> {
    let record = item.record().ok()?;
    let model = record.version.map_or(record.model.clone(), |version| format!("{}@{version}", record.model));
    let phase = match record.success {
        None => "intent".to_owned(),
        Some(success) => format!("{success:?}").to_lowercase(),
    };
    let by = format!("{}@{}", record.actor.user, record.actor.host);
    let at = record.at.get(..19).unwrap_or(&record.at).replace('T', " ");
    Some(vec![record.sequence.to_string(), at, record.action.to_string(), phase, model, by, record.reason.unwrap_or_default()])
}

impl View for AuditRecordReport {
    /// The document itself, for reading.
    fn text(&self, _: &Screen) -> String {
        serde_json::to_value(self).ok().and_then(|document| yaml::to_string(&document).ok()).unwrap_or_default()
    }

    fn is_verbatim(&self) -> bool {
        true
    }
}

impl View for AuditVerifyReport {
    fn text(&self, _: &Screen) -> String {
        format!(
            "{} {}, each in its place and as it was written\n",
            count(self.record_count),
            plural(self.record_count, "record", "records")
        )
    }
}
