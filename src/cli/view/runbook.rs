//! Runbooks as people read them.

use super::table::{Column, table};
use super::{Screen, View};
use crate::api::runbook::{RunbookList, RunbookPage, RunbookRun, RunbookSummary};
use crate::base::number::counted;
use crate::base::{Hint, commands};
use crate::cli::sanitize;

impl View for RunbookList {
    fn text(&self, screen: &Screen) -> String {
        const COLUMNS: [Column; 4] = [Column::Text("ID"), Column::Number("STEPS"), Column::Text("TITLE"), Column::Text("ALERTS")];
        let shown = if screen.all_columns { 4 } else { 3 };
        let row = |book: &RunbookSummary| {
            let all = [book.id.clone(), book.step_count.to_string(), book.title.clone(), book.alerts.join(" ")];
            all.into_iter().take(shown).collect()
        };
        table(&COLUMNS[..shown], &self.items.iter().map(row).collect::<Vec<Vec<String>>>(), screen)
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(|book| book.id.clone()).collect()
    }

    fn next(&self) -> Vec<Hint> {
        vec![(commands::runbook_show("ID"), ", ", commands::runbook_run("ID")).into()]
    }
}

impl View for RunbookPage {
    fn text(&self, _: &Screen) -> String {
        self.markdown.clone()
    }

    fn is_verbatim(&self) -> bool {
        true
    }

    fn next(&self) -> Vec<Hint> {
        vec![commands::runbook_run(&self.id).into()]
    }
}

impl View for RunbookRun {
    fn text(&self, _: &Screen) -> String {
        let file = self.transcript.display();
        let mut text = match &self.stopped_because {
            Some(why) => format!("{why}\n{} left; the record is {file}\n", counted(self.left_count, "step")),
            None if self.all_well && self.open.is_empty() => format!("every step is done; the record is {file}\n"),
            None if self.all_well => format!("every step of hivectl is done; the record is {file}\n"),
            None => format!("the last step is behind, and this is open; the record is {file}\n"),
        };
        for told in &self.open {
            text.push_str(&format!("- {}\n", sanitize::line(told)));
        }
        text
    }

    fn next(&self) -> Vec<Hint> {
        self.next.iter().cloned().map(Hint::from).collect()
    }
}
