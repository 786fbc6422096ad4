//! Tables of tickets that were written.

use super::number::count;
use super::{Screen, View};
use crate::api::dataset::{FeatureMatrixReport, SyntheticDatasetReport};
use crate::base::{Hint, commands};

impl View for SyntheticDatasetReport {
    fn text(&self, _: &Screen) -> String {
        format!("wrote {} synthetic tickets to {}\n", count(self.tickets), self.file.display())
    }

    fn next(&self) -> Vec<Hint> {
        vec![commands::train_on(self.file.display()).into()]
    }
}

impl View for FeatureMatrixReport {
    fn text(&self, _: &Screen) -> String {
        let (rows, schema) = (count(self.rows as u64), &self.schema);
        let (features, file) = (schema.features.len(), self.file.display());
        format!("wrote {rows} rows of {features} features ({}) to {file}\ntickets: {}\n", schema.name, self.tickets)
    }
}
