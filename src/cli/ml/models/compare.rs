//! `hivectl ml models compare`.

use std::fmt::Write as _;

use clap::Args;

use crate::api::compare::{
    Advice, Better, CompareReport, CompareRequest, ComparedGroup, ComparedVersion, ImportanceRow, Latency, MetricRow, TicketComparison,
};
use crate::base::{Hint, commands};
use crate::cli::ml::judged::JudgeArgs;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::cli::view::models::standing;
use crate::cli::view::number::{count, metric};
use crate::cli::view::table::{Column, table};
use crate::cli::view::time::minute;
use crate::cli::view::{Screen, View};
use crate::cli::{complete, sanitize};
use crate::error::Result;
use crate::lifecycle::ModelRef;
use crate::ops::compare::metric_rows;

/// Set two versions side by side, and run both on the same tickets
///
/// Metrics with their difference, parameters that differ, features, data and importances. With --tickets both
/// are run on the labelled tickets that neither has learned from: the interval of their difference, by task
/// type and risk band, latency, and whether to promote the second, keep the first, or neither can be said.
/// Changes nothing.
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// Version that stays unless the other is better: NAME, NAME@7, NAME#production or NAME:alias
    #[arg(value_name = "A", add = complete::references())]
    pub first: ModelRef,

    /// Version that may take its place
    #[arg(value_name = "B", add = complete::references())]
    pub second: ModelRef,

    #[command(flatten)]
    pub judged: JudgeArgs,
}

impl VerbArgs for CompareArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml models compare",
        examples: &[
            ("Two versions by what is recorded of them", "hivectl ml models compare duration@1 duration@2"),
            ("Both on the same tickets, and which to keep", "hivectl ml models compare duration@1 duration@2 --tickets later.ndjson.gz"),
            ("The challenger against the champion, for a script", "hivectl ml models compare duration duration#staging -o json"),
        ],
        exit_codes: &[4, 9, 10, 11, 13, 14],
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        let judging = self.judged.judging();
        session.answer(&CompareRequest { first: self.first.clone(), second: self.second.clone(), judging })
    }
}

/// Importances that a table for people shows.
const SHOWN: usize = 10;

impl View for CompareReport {
    fn text(&self, screen: &Screen) -> String {
        text(self, screen)
    }

    fn names(&self) -> Vec<String> {
        vec![self.first.id().to_string(), self.second.id().to_string()]
    }

    fn warnings(&self) -> Vec<String> {
        let foreign = [&self.first, &self.second].into_iter().filter(|side| !side.has_card);
        let unknown = foreign.map(|side| format!("{} was made by another tool: what it learned from is not recorded", side.id()));
        let synthetic = self.tickets.iter().filter(|tickets| tickets.synthetic);
        let uncertain = self.serving_faults.iter().map(|fault| format!("{}: {fault}", self.second.name));
        uncertain
            .chain(unknown)
            .chain(self.notes.iter().cloned())
            .chain(synthetic.map(|_| "the tickets say of themselves that they were made up".into()))
            .collect()
    }

    fn next(&self) -> Vec<Hint> {
        let (first, second) = (self.first.id().to_string(), self.second.id().to_string());
        match (self.recommendation.advice, &self.tickets) {
            // As long as it is not certain what serves, a promotion is refused.
            (Advice::Promote, _) if !self.serving_faults.is_empty() => vec![commands::models_show(&self.second.name).into()],
            (Advice::Promote, _) => vec![commands::models_promote(&second).into()],
            (Advice::Undecided, None) if self.first.kind == self.second.kind => {
                vec![commands::models_compare_on_tickets(&first, &second).into()]
            }
            _ => Vec::new(),
        }
    }
}

fn text(compared: &CompareReport, screen: &Screen) -> String {
    let mut text = String::new();
    for (letter, side) in [("A", &compared.first), ("B", &compared.second)] {
        let _ = writeln!(text, "{letter}  {}", sanitize::line(&side_line(side)));
    }
    text.push_str("\nRecorded metrics\n");
    text.push_str(&metrics_table(&compared.metrics, screen));
    if !compared.parameters.is_empty() {
        text.push_str("\nParameters that differ\n");
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".into());
        let rows: Vec<Vec<String>> =
            compared.parameters.iter().map(|row| vec![row.parameter.clone(), value(&row.first), value(&row.second)]).collect();
        text.push_str(&table(&[Column::Text("PARAMETER"), Column::Number("A"), Column::Number("B")], &rows, screen));
    }
    match &compared.schema {
        Some(schema) if schema.same => text.push_str("\nBoth see the same features.\n"),
        Some(schema) => {
            let all = |names: &[String]| if names.is_empty() { "none".into() } else { names.join(", ") };
            let _ = writeln!(text, "\nFeatures of A alone: {}\nFeatures of B alone: {}", all(&schema.only_first), all(&schema.only_second));
        }
        None => text.push_str("\nFeatures, data and importances are known only of versions that hivectl made.\n"),
    }
    text.push_str(&importances(&compared.importances, screen));
    if let Some(trial) = &compared.tickets {
        text.push_str(&trial_text(trial, screen));
    }
    let advice = match compared.recommendation.advice {
        Advice::Promote => "promote B",
        Advice::Keep => "keep A",
        Advice::Undecided => "undecided",
    };
    let _ = writeln!(text, "\nRecommendation: {advice}. {}", sanitize::line(&sentence(&compared.recommendation.reason)));
    text
}

fn sentence(fragment: &str) -> String {
    let mut letters = fragment.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    // A model's name keeps its spelling.
    if fragment.split(' ').next().is_some_and(|word| word.contains('@')) {
        format!("{fragment}.")
    } else {
        format!("{first}{}.", letters.as_str())
    }
}

fn side_line(side: &ComparedVersion) -> String {
    let trained = match (&side.samples, &side.training_window) {
        (Some(samples), Some(window)) => {
            format!("{} tickets {} to {} UTC", count(samples.used), minute(window.from.0), minute(window.to.0))
        }
        _ => "made by another tool".into(),
    };
    format!("{} ({}), created {} UTC, {trained}", side.id(), standing(side.stage, &side.chosen_as), minute(side.created_at.0))
}

fn metrics_table(rows: &[MetricRow], screen: &Screen) -> String {
    let verdict = |row: &MetricRow| match (row.better, row.improved) {
        (Better::Neither, _) => "",
        (_, Some(true)) => "B better",
        (_, Some(false)) => "A better",
        (_, None) if row.difference.is_some() => "equal",
        (_, None) => "-",
    };
    let signed = |value: Option<f64>| match value {
        Some(value) if value > 0.0 => format!("+{}", metric(Some(value))),
        value => metric(value),
    };
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| vec![row.metric.clone(), metric(row.first), metric(row.second), signed(row.difference), verdict(row).into()])
        .collect();
    let columns = [Column::Text("METRIC"), Column::Number("A"), Column::Number("B"), Column::Number("DIFFERENCE"), Column::Text("VERDICT")];
    table(&columns, &cells, screen)
}

fn importances(rows: &[ImportanceRow], screen: &Screen) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let percent = |value: Option<f64>| value.map_or("-".into(), |value| format!("{:.1} %", value * 100.0));
    let shown = if screen.all_columns { rows.len() } else { SHOWN };
    let cells: Vec<Vec<String>> =
        rows.iter().take(shown).map(|row| vec![row.feature.clone(), percent(row.first), percent(row.second)]).collect();
    format!("\nWhat they look at\n{}", table(&[Column::Text("FEATURE"), Column::Number("A"), Column::Number("B")], &cells, screen))
}

fn trial_text(trial: &TicketComparison, screen: &Screen) -> String {
    let mut text = format!(
        "\nOn the same tickets: {} of {} to {} UTC\n",
        count(trial.judged_count as u64),
        minute(trial.window.from.0),
        minute(trial.window.to.0)
    );
    for left in &trial.left_out {
        let _ = writeln!(text, "  {}", sanitize::line(&left_out(&left.reason, left.model.as_deref(), left.count)));
    }
    for doubtful in &trial.doubtful {
        let _ = writeln!(text, "  {} may have learned from {} of them", sanitize::line(&doubtful.model), count(doubtful.count as u64));
    }
    let Some(measured) = trial.measured() else { return text };
    if let Some(referee) = &trial.labelled_by {
        let _ = writeln!(text, "  anomalies by the rules of {}", sanitize::line(referee));
    }
    text.push_str(&metrics_table(&metric_rows(&measured[0].metrics, &measured[1].metrics), screen));
    if let Some(evidence) = trial.evidence() {
        let _ = writeln!(text, "\nFrom A to B {evidence}");
    }
    text.push_str(&latency_table(measured.map(|version| version.latency), screen));
    if let Some(test) = &trial.mcnemar {
        let _ = writeln!(
            text,
            "\nMcNemar: {} tickets only A gets right, {} only B; p = {}",
            count(test.only_first_right),
            count(test.only_second_right),
            probability(test.p_value)
        );
    }
    text.push_str(&groups_table(trial, screen));
    text
}

/// Why tickets do not judge, for people.
pub(super) fn left_out(reason: &str, model: Option<&str>, tickets: usize) -> String {
    let who = model.unwrap_or("the model");
    let why = match reason {
        "outside_window" => "are older than the window".into(),
        "learned_from" => format!("taught {who}"),
        "older_than_training" => format!("are older than the training of {who}"),
        _ => format!("are in the history of {who}, whose training tickets are not all here"),
    };
    format!("left out: {} {why}", count(tickets as u64))
}

fn probability(value: f64) -> String {
    if value < 0.0001 { "less than 0.0001".into() } else { format!("{value:.4}") }
}

fn latency_table(latencies: [Option<Latency>; 2], screen: &Screen) -> String {
    let [Some(first), Some(second)] = latencies else { return String::new() };
    let row = |name: &str, of: fn(&Latency) -> f64| vec![name.to_owned(), metric(Some(of(&first))), metric(Some(of(&second)))];
    let rows = vec![row("p50", |latency| latency.p50_us), row("p95", |latency| latency.p95_us), row("p99", |latency| latency.p99_us)];
    let columns = [Column::Text("ONE SCORE (µs)"), Column::Number("A"), Column::Number("B")];
    format!("\n{}", table(&columns, &rows, screen))
}

fn groups_table(trial: &TicketComparison, screen: &Screen) -> String {
    if trial.groups.is_empty() {
        return String::new();
    }
    let verdict = |group: &ComparedGroup| match &group.difference {
        Some(difference) if difference.is_positive() => "B better",
        Some(difference) if difference.is_negative() => "A better",
        Some(_) => "not clear",
        None if group.first.is_none() || group.second.is_none() => "-",
        None => "too few",
    };
    let rows: Vec<Vec<String>> = trial
        .groups
        .iter()
        .map(|group| {
            vec![
                group.by.replace('_', " "),
                group.value.clone(),
                count(group.count as u64),
                metric(group.first),
                metric(group.second),
                verdict(group).into(),
            ]
        })
        .collect();
    let columns = [
        Column::Text("PART"),
        Column::Text("VALUE"),
        Column::Number("TICKETS"),
        Column::Number("A"),
        Column::Number("B"),
        Column::Text("VERDICT"),
    ];
    format!("\n{} by part of the work\n{}", trial.metric, table(&columns, &rows, screen))
}
