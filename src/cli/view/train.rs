//! What training did, as people read it.

use std::fmt::Write as _;
use std::time::Duration;

use super::number::{count, metric};
use super::table::{Column, table};
use super::time::minute;
use super::{Screen, View};
use crate::api::forecast::CandidateRow;
use crate::api::train::{ModelTraining, TrainReport, TrainedForecaster};
use crate::base::duration::in_words;
use crate::base::{Hint, commands};
use crate::cli::sanitize;
use crate::lifecycle::{CriterionResult, Gate, Stage};

impl View for TrainReport {
    fn text(&self, screen: &Screen) -> String {
        // A plan has its registry in the line above.
        let mut text = match &self.place {
            Some(place) => format!("{}\n", sanitize::line(&place.to_string())),
            None => format!("registry  {}\n", self.registry),
        };
        let _ = write!(text, "window    {} to {} UTC\ntickets   {}\n", minute(self.window.from.0), minute(self.window.to.0), self.tickets);
        text.push_str(&super::age::line(self.newest_ticket_age_seconds));
        for model in &self.models {
            text.push('\n');
            text.push_str(&model_text(model, screen));
        }
        if !self.dry_run {
            text.push('\n');
            text.push_str(&super::models::list_table(&self.registered_models, screen));
        }
        text.push_str(&super::baseline::written_lines(&self.published_baselines));
        if let Some(measured) = &self.backfill_errors {
            text.push_str("\nerrors of the new duration model, on tickets that it may have learned from\n");
            text.push_str(&measured.text(screen));
        }
        text
    }

    fn names(&self) -> Vec<String> {
        self.models.iter().map(name_and_version).collect()
    }

    fn warnings(&self) -> Vec<String> {
        let failed = self.failures.iter().map(|failure| format!("the {} model was not trained: {}", failure.model, failure.message));
        let kept = self.models.iter().filter_map(|model| {
            let kept = model.kept.as_ref()?;
            Some(format!("{} is not registered: {}; it is kept as {}@{} in {}", model.name, kept.why, model.name, kept.version, kept.path))
        });
        let gates = self.models.iter().filter(|model| !model.gate.passed).map(|model| {
            let missed: Vec<String> = model.gate.failures().map(CriterionResult::sentence).collect();
            format!("{} {} its gate: {}", name_and_version(model), if self.dry_run { "would fail" } else { "failed" }, missed.join("; "))
        });
        let idle = self.without_serving.iter().map(|name| format!("no version of {name} serves"));
        failed.chain(gates).chain(kept).chain(idle).collect()
    }

    fn next(&self) -> Vec<Hint> {
        let waiting: Vec<Hint> = self.models.iter().filter_map(|model| Some(model.kept.as_ref()?.register.clone().into())).collect();
        if !waiting.is_empty() {
            return waiting;
        }
        let Some(model) = self.models.first() else { return Vec::new() };
        match model.version {
            None => vec!["the same command without --dry-run registers the models".into()],
            Some(_) => {
                let version = name_and_version(model);
                let use_it = match &model.forecaster {
                    None => commands::predict(&version),
                    Some(_) => commands::forecast_tickets_with(&version),
                };
                vec![commands::models_show(&version).into(), use_it.into()]
            }
        }
    }
}

fn name_and_version(model: &ModelTraining) -> String {
    match model.version {
        Some(version) => format!("{}@{version}", model.name),
        None => model.name.clone(),
    }
}

/// A gate as a table.
pub fn gate_table(gate: &Gate, screen: &Screen) -> String {
    let rows: Vec<Vec<String>> = gate
        .criteria
        .iter()
        .map(|criterion| {
            let verdict = match (criterion.passed, criterion.required) {
                _ if criterion.skipped.is_some() => "skipped",
                (true, _) => "pass",
                (false, true) => "FAIL",
                (false, false) => "missed",
            };
            let need = if criterion.required { "required" } else { "desired" };
            let (demand, rule) = (sanitize::line(&criterion.demand()), sanitize::line(&criterion.rule));
            let value = if criterion.has_words() { criterion.told_value(0).unwrap_or_else(|| "-".into()) } else { metric(criterion.value) };
            vec![sanitize::line(&criterion.metric), value, demand, need.into(), verdict.into(), rule]
        })
        .collect();
    table(
        &[
            Column::Text("CRITERION"),
            Column::Number("VALUE"),
            Column::Text("DEMAND"),
            Column::Text("NEED"),
            Column::Text("VERDICT"),
            Column::Text("RULE"),
        ],
        &rows,
        screen,
    )
}

/// Features told to people; scripts get all.
const PERMUTATIONS_SHOWN: usize = 5;

fn model_text(model: &ModelTraining, screen: &Screen) -> String {
    let mut text = format!("{}: {}\n", name_and_version(model), fate(model));
    for line in &model.sentences {
        let _ = writeln!(text, "  {line}");
    }
    let samples = &model.samples;
    let _ = match &model.forecaster {
        None => writeln!(text, "  trained on {} tickets, judged on the {} later ones", count(samples.train), count(samples.holdout)),
        Some(learned) => writeln!(
            text,
            "  learned from {} tickets in {} buckets of {}, judged on {} of the next {} at {} moments",
            count(samples.used),
            count(samples.train),
            in_words(Duration::from_secs(learned.bucket_seconds)),
            count(samples.holdout),
            in_words(Duration::from_secs(learned.horizon_seconds)),
            learned.origins[1]
        ),
    };
    if let Some(champion) = &model.champion {
        let _ = writeln!(text, "  {}", champion.sentence);
    }
    for cost in model.permutation_importances.iter().take(PERMUTATIONS_SHOWN) {
        let (mean, deviation) = (metric(Some(cost.mean_ms / 1000.0)), metric(Some(cost.standard_deviation_ms / 1000.0)));
        let _ = writeln!(text, "  without {} the error grows by {mean} s (± {deviation})", cost.feature);
    }
    if let Some(learned) = &model.forecaster {
        for line in candidates_table(learned, &screen.set_in(2)).lines() {
            let _ = writeln!(text, "  {line}");
        }
    }
    if let Some(tuning) = &model.tuning {
        super::tune::text(tuning, screen).lines().for_each(|line| {
            let _ = writeln!(text, "  {line}");
        });
    }
    for line in gate_table(&model.gate, &screen.set_in(2)).lines() {
        let _ = writeln!(text, "  {line}");
    }
    text
}

/// How the ways of forecasting did, by their errors at the moments that judged.
pub fn candidates_table(learned: &TrainedForecaster, screen: &Screen) -> String {
    let columns = [Column::Text("CANDIDATE"), Column::Number("ERROR"), Column::Number("SHARE")];
    let row = |one: &CandidateRow| vec![one.name.clone(), metric(Some(one.mae)), format!("{:.0} %", one.share_pct)];
    table(&columns, &learned.candidates.iter().map(row).collect::<Vec<_>>(), screen)
}

fn fate(model: &ModelTraining) -> String {
    let held_back = model.held_back.as_ref().map(|why| format!(", not Production: {why}")).unwrap_or_default();
    if let Some(kept) = &model.kept {
        let gate = if model.gate.passed { "passed its gate" } else { "FAILED its gate" };
        return format!("{gate} and is kept in {}: the registry is away", kept.path);
    }
    match model.stage {
        None if model.gate.passed => format!("would pass its gate{held_back}"),
        None => format!("would fail its gate{held_back}"),
        Some(Stage::Production) => "passed its gate and is in Production now".into(),
        Some(_) if model.promoted => "passed its gate and serves now".into(),
        Some(Stage::Staging) => format!("passed its gate and is in Staging now{held_back}"),
        Some(_) if model.gate.passed => format!("passed its gate and is the challenger now{held_back}"),
        Some(_) => "FAILED its gate; registered, in no stage".into(),
    }
}
