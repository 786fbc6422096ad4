//! Predictions as people read them.

use super::number::{count, metric, milliseconds, plural};
use super::table::{Column, table};
use super::{Screen, View};
use crate::api::predict::{PredictReport, PredictionRow, ReportedColumn};
use crate::kinds::{PredictedValue, ValueForm};

impl View for PredictReport {
    fn text(&self, screen: &Screen) -> String {
        let (id, samples) = (self.version(), &self.samples);
        if let Some(file) = &self.file {
            return format!(
                "wrote {} {} of {id} to {}\n",
                count(samples.predicted),
                plural(samples.predicted, "prediction", "predictions"),
                file.display()
            );
        }
        let first = self.items.as_deref().unwrap_or_default();
        let mut text = format!("model    {id} ({})\ntickets  {}\n", self.chosen_as, self.ticket_summary);
        if self.marks() {
            text.push_str(&format!("marked   {} of {}\n", count(self.anomaly_count), count(samples.predicted)));
        }
        text.push('\n');
        text.push_str(&rows(&self.columns, first, screen));
        let more = samples.predicted.saturating_sub(first.len() as u64);
        if more > 0 {
            text.push_str(&format!("… and {} more: -o jsonl prints all, --out FILE writes them\n", count(more)));
        }
        text
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().flatten().map(|row| row.ticket_id.clone()).collect()
    }

    fn warnings(&self) -> Vec<String> {
        self.notes.clone()
    }
}

fn rows(held: &[ReportedColumn], predictions: &[PredictionRow], screen: &Screen) -> String {
    let features = |row: &PredictionRow| {
        let features = row.reasons.iter().flatten().map(|reason| reason.feature.as_str());
        features.collect::<Vec<_>>().join(", ")
    };
    let explained = predictions.iter().any(|row| row.reasons.as_ref().is_some_and(|reasons| !reasons.is_empty()));
    let mut columns = vec![("TICKET".to_owned(), false)];
    columns.extend(held.iter().map(|column| (column.heading.clone(), is_number(column.form))));
    if explained {
        columns.push(("WHY".to_owned(), false));
    }
    let row = |row: &PredictionRow| {
        let mut cells = vec![row.ticket_id.clone()];
        cells.extend(held.iter().map(|column| row.values.get(&column.name).map_or_else(|| "-".into(), |value| cell(value, column.form))));
        if explained {
            cells.push(features(row));
        }
        cells
    };
    let heads: Vec<Column<'_>> =
        columns.iter().map(|(head, number)| if *number { Column::Number(head) } else { Column::Text(head) }).collect();
    table(&heads, &predictions.iter().map(row).collect::<Vec<_>>(), screen)
}

fn is_number(form: ValueForm) -> bool {
    matches!(form, ValueForm::Milliseconds | ValueForm::Chance | ValueForm::Number)
}

fn cell(value: &PredictedValue, form: ValueForm) -> String {
    match (value, form) {
        (PredictedValue::Number(None), _) => "-".into(),
        (PredictedValue::Number(Some(value)), ValueForm::Milliseconds) => milliseconds(*value),
        (PredictedValue::Number(Some(value)), ValueForm::Chance) => format!("{:.0} %", value * 100.0),
        (PredictedValue::Number(value), _) => metric(*value),
        (PredictedValue::Flag(flag), _) => if *flag { "yes" } else { "no" }.into(),
        (PredictedValue::Word(word), _) => word.clone().unwrap_or_else(|| "-".into()),
    }
}
