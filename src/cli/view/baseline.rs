//! Baselines, as people read them.

use std::fmt::Write as _;

use super::number::{bytes, count, metric};
use super::table::{Column, table};
use super::{Screen, View, time};
use crate::api::baseline::{
    BaselineDetails, BaselineInUse, BaselineList, BaselineSummary, FEWEST_DAYS, KeptBaseline, ListedBaseline, VariableSummary,
    WrittenBaseline,
};
use crate::base::{Hint, commands};
use crate::cli::sanitize;

impl View for KeptBaseline {
    fn text(&self, _: &Screen) -> String {
        let BaselineSummary { window, ticket_count, .. } = &self.summary;
        let saved = format!(
            "saved baseline {} of {}: {} tickets over {:.1} days; checks compare with it from now on\n",
            self.number,
            label(self),
            count(*ticket_count),
            window.days
        );
        format!("{saved}{}", written_lines(&self.published_baselines))
    }

    fn names(&self) -> Vec<String> {
        vec![self.number.to_string()]
    }

    fn warnings(&self) -> Vec<String> {
        let days = self.summary.window.days;
        let short = (days < FEWEST_DAYS - 0.5).then(|| format!("the baseline spans {days:.1} days; checks need {FEWEST_DAYS}"));
        let unjudged = || "no ticket of the window can judge the version, so checks have no error ratio".to_owned();
        short.into_iter().chain(self.summary.error.is_none().then(unjudged)).collect()
    }

    fn next(&self) -> Vec<Hint> {
        vec![commands::drift_check_of(label(self)).into()]
    }
}

fn label(kept: &KeptBaseline) -> String {
    format!("{}@{}", kept.model, kept.version)
}

/// What was written beside the tickets, one line a baseline.
pub(super) fn written_lines(written: &[WrittenBaseline]) -> String {
    let line = |one: &WrittenBaseline| {
        format!("baseline of {}@{} written into {} ({})\n", one.model, one.version, one.collection, bytes(one.size_bytes))
    };
    written.iter().map(line).collect()
}

impl View for BaselineList {
    fn text(&self, screen: &Screen) -> String {
        list_text(&self.items, screen)
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(|listed| format!("{}@{} {}", listed.model, listed.version, name(listed))).collect()
    }

    fn next(&self) -> Vec<Hint> {
        if self.items.is_empty() { vec![commands::train_on("FILE").into()] } else { Vec::new() }
    }
}

fn name(listed: &ListedBaseline) -> String {
    listed.number.map_or("training".into(), |number| number.to_string())
}

fn list_text(listed: &[ListedBaseline], screen: &Screen) -> String {
    let columns = [
        Column::Text("MODEL"),
        Column::Number("VERSION"),
        Column::Text("BASELINE"),
        Column::Text("CURRENT"),
        Column::Text("MADE"),
        Column::Number("SIZE"),
    ];
    let row = |listed: &ListedBaseline| {
        let current = if listed.is_current { "yes" } else { "" };
        let (made, size) = (time::minute(listed.made_at.0), bytes(listed.size_bytes));
        vec![listed.model.clone(), listed.version.to_string(), name(listed), current.into(), made, size]
    };
    table(&columns, &listed.iter().map(row).collect::<Vec<_>>(), screen)
}

impl View for BaselineDetails {
    fn text(&self, screen: &Screen) -> String {
        show_text(self, screen)
    }
}

fn show_text(baseline: &BaselineDetails, screen: &Screen) -> String {
    let mut text = format!("baseline  {}\n", sanitize::line(&baseline.origin));
    let BaselineSummary { window, ticket_count, error, .. } = &baseline.summary;
    let (from, to) = (time::minute(window.from.0), time::minute(window.to.0));
    let _ = writeln!(text, "window    {from} to {to}, {:.1} days, {} tickets", window.days, count(*ticket_count));
    match error {
        Some(error) => {
            let _ = writeln!(
                text,
                "error     {:.0} ms (standard error {:.0}) on {} tickets",
                error.mae,
                error.standard_error.unwrap_or(f64::NAN),
                count(error.ticket_count as i64)
            );
        }
        None => text.push_str("error     -\n"),
    }
    let columns = [
        Column::Text("VARIABLE"),
        Column::Number("MEAN"),
        Column::Number("MIN"),
        Column::Number("P5"),
        Column::Number("MEDIAN"),
        Column::Number("P95"),
        Column::Number("MAX"),
    ];
    let row = |(name, variable): (&String, &VariableSummary)| {
        let quantile = |place: usize| metric(variable.quantiles.get(place).copied());
        vec![name.clone(), metric(Some(variable.mean)), quantile(0), quantile(2), quantile(4), quantile(6), quantile(8)]
    };
    text.push('\n');
    text.push_str(&table(&columns, &baseline.variables.iter().map(row).collect::<Vec<_>>(), screen));
    let groups = baseline.workloads.iter();
    let groups: Vec<Vec<String>> = groups.map(|group| vec![sanitize::line(&group.name), format!("{:.0} %", group.share * 100.0)]).collect();
    if !groups.is_empty() {
        text.push('\n');
        text.push_str(&table(&[Column::Text("KIND OF WORK"), Column::Number("SHARE")], &groups, screen));
    }
    text
}

impl View for BaselineInUse {
    fn text(&self, _: &Screen) -> String {
        let which = self.number.map_or("the baseline from training".to_owned(), |number| format!("saved baseline {number}"));
        format!("checks of {}@{} compare with {which} from now on\n", self.model, self.version)
    }
}
