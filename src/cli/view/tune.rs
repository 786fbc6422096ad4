//! What tuning tried, as people and scripts read it.

use serde_json::{Value, json};

use super::Screen;
use super::number::metric;
use super::table::{Column, table};
use crate::kinds::tuning::Trial;
use crate::ops::tune::TuneReport;

/// Trials shown to people; scripts get all.
const SHOWN: usize = 10;

/// The trials as the contract for scripts states them.
pub fn document(report: &TuneReport) -> Value {
    let trial = |trial: &Trial| {
        json!({
            "number": trial.number,
            "settings": trial.candidate,
            "folds": trial.folds,
            "score": trial.score,
            "seconds": trial.seconds,
        })
    };
    json!({
        "trials": report.trials.iter().map(trial).collect::<Vec<_>>(),
        "chosen": report.chosen().number,
        "resumed": report.resumed,
        "out_of_time": report.out_of_time,
    })
}

/// The best trials as a table, and how many there were.
pub fn text(report: &TuneReport, screen: &Screen) -> String {
    let mut best: Vec<&Trial> = report.trials.iter().collect();
    let errors = report.chosen().candidate.has_error();
    let key = |trial: &Trial| trial.score.map_or(f64::INFINITY, |score| if errors { score } else { -score });
    best.sort_by(|left, right| key(left).total_cmp(&key(right)));
    // Errors are kept in ms and shown in seconds.
    let shown = |value: f64| metric(Some(if errors { value / 1000.0 } else { value }));
    let rows: Vec<Vec<String>> = best
        .iter()
        .take(SHOWN)
        .map(|trial| {
            let chosen = if trial.number == report.chosen().number { "*" } else { "" };
            let fold = |place: usize| trial.folds.get(place).map_or("-".into(), |&value| shown(value));
            let score = trial.score.map_or("given up".into(), shown);
            vec![format!("{chosen}{}", trial.number), trial.candidate.summary(), fold(0), fold(1), score, format!("{:.1}", trial.seconds)]
        })
        .collect();
    let unit = if errors { "MAE S" } else { "F1" };
    let columns = [
        Column::Number("TRIAL"),
        Column::Text("SETTINGS"),
        Column::Number("FOLD 1"),
        Column::Number("FOLD 2"),
        Column::Number(unit),
        Column::Number("TOOK S"),
    ];
    let resumed = if report.resumed > 0 { format!(", {} of them by an earlier run", report.resumed) } else { String::new() };
    let stopped = if report.out_of_time { "; the time was up, the same command goes on" } else { "" };
    format!("{} trials on earlier tickets{resumed}{stopped}\n{}", report.trials.len(), table(&columns, &rows, screen))
}
