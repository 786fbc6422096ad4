//! What retraining did, step by step.

use std::fmt::Write as _;

use super::table::{Column, table};
use super::{Screen, View};
use crate::api::retrain::{RetrainOutcome, RetrainReport, RetrainStep, RetrainedModel};
use crate::base::{Hint, commands};
use crate::cli::sanitize;

impl View for RetrainReport {
    fn text(&self, screen: &Screen) -> String {
        let mut text = self.place.as_ref().map(|place| format!("{}\n", sanitize::line(&place.to_string()))).unwrap_or_default();
        for model in &self.models {
            let _ = writeln!(text, "{}: {}", sanitize::line(&model.name), sentence(model));
            let row = |step: &RetrainStep| vec![step.name.clone(), format!("{:.1} s", step.duration_seconds), step.result.clone()];
            let rows: Vec<Vec<String>> = model.steps.iter().map(row).collect();
            text.push_str(&table(&[Column::Text("STEP"), Column::Number("TIME"), Column::Text("RESULT")], &rows, screen));
        }
        text
    }

    fn names(&self) -> Vec<String> {
        self.models.iter().map(|model| format!("{} {}", model.name, model.outcome)).collect()
    }

    fn warnings(&self) -> Vec<String> {
        self.ignored_settings.clone()
    }

    fn next(&self) -> Vec<Hint> {
        let staged = self.models.iter().filter(|model| model.outcome == RetrainOutcome::Staged);
        staged.filter_map(|model| Some(commands::models_promote(format!("{}@{}", model.name, model.version?)).into())).collect()
    }
}

fn sentence(model: &RetrainedModel) -> String {
    let version = model.version.map_or(String::new(), |version| format!("version {version}"));
    match model.outcome {
        RetrainOutcome::NoDrift => "no drift that asks for training".into(),
        RetrainOutcome::NotEnoughData => "too few tickets to tell".into(),
        RetrainOutcome::CoolingDown => "cooling down; nothing was trained".into(),
        RetrainOutcome::Staged => format!("{version} is in Staging"),
        RetrainOutcome::Promoted => format!("{version} is in Production"),
        RetrainOutcome::NotBetter => format!("nothing better found: {version} is in Staging, the champion stays"),
        RetrainOutcome::GateFailed => "nothing better found: the gate failed, the champion stays".into(),
        RetrainOutcome::WouldRegister => "would be registered (dry run, nothing was written)".into(),
        RetrainOutcome::Failed => "was not retrained".into(),
    }
}
