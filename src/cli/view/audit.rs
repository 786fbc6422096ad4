//! The audit log as people and scripts read it.

use serde_json::{Value, json};

use super::Screen;
use super::number::count;
use super::table::{Column, table};
use crate::audit::chain::Link;
use crate::cli::report::Report;
use crate::error::Result;

/// The records, oldest first.
pub fn log(links: Vec<Link>) -> Result<Report> {
    let records = links.iter().map(|link| Ok((link.id(), link.record()?))).collect::<Result<Vec<_>>>()?;
    let items: Vec<Value> = links.iter().map(document).collect();
    let names = links.iter().map(Link::id).collect();
    let text = move |screen: &Screen| {
        const COLUMNS: [Column; 7] = [
            Column::Number("SEQ"),
            Column::Text("AT"),
            Column::Text("ACTION"),
            Column::Text("PHASE"),
            Column::Text("MODEL"),
            Column::Text("BY"),
            Column::Text("REASON"),
        ];
        let rows: Vec<Vec<String>> = records
            .iter()
            .map(|(_, record)| {
                let model = record.version.map_or(record.model.clone(), |version| format!("{}@{version}", record.model));
                let phase = match record.success {
                    None => "intent".to_owned(),
                    Some(success) => format!("{success:?}").to_lowercase(),
                };
                let by = format!("{}@{}", record.actor.user, record.actor.host);
                vec![
                    record.sequence.to_string(),
                    record.at.get(..19).unwrap_or(&record.at).replace('T', " "),
                    record.action.word().into(),
                    phase,
                    model,
                    by,
                    record.reason.clone().unwrap_or_default(),
                ]
            })
            .collect();
        table(&COLUMNS, &rows, screen)
    };
    Ok(Report { names, ..Report::new("hivectl.audit.log/v1", json!({ "items": items }), text) })
}

fn document(link: &Link) -> Value {
    let mut record: Value = serde_json::from_str(&link.text).unwrap_or(Value::Null);
    if let Some(fields) = record.as_object_mut() {
        fields.insert("id".into(), link.id().into());
        fields.insert("hash".into(), link.hash.clone().into());
    }
    record
}

/// One record whole.
pub fn show(link: &Link) -> Result<Report> {
    link.record()?;
    let data = document(link);
    let text = crate::formats::yaml::to_string(&data).unwrap_or_default();
    Ok(Report::verbatim("hivectl.audit.show/v1", text).with_data(data))
}

/// The chain is whole.
pub fn verified(records: u64) -> Report {
    let text = format!("{} records, each in its place and as it was written\n", count(records));
    Report::plain("hivectl.audit.verify/v1", text).with_data(json!({ "record_count": records, "whole": true }))
}
