//! What tuning tried, as people read it.

use super::Screen;
use super::number::{counted, metric};
use super::table::{Column, table};
use crate::api::train::{TuningReport, TuningTrial};

/// Trials shown to people; scripts get all.
const SHOWN: usize = 10;

/// The best trials as a table, and how many there were.
pub fn text(report: &TuningReport, screen: &Screen) -> String {
    let mut best: Vec<&TuningTrial> = report.trials.iter().collect();
    let chosen = report.trials.iter().find(|trial| trial.number == report.chosen);
    let errors = chosen.is_some_and(|trial| trial.settings.has_error());
    let key = |trial: &TuningTrial| trial.score.map_or(f64::INFINITY, |score| if errors { score } else { -score });
    best.sort_by(|left, right| key(left).total_cmp(&key(right)));
    // Errors are kept in ms and shown in seconds.
    let shown = |value: Option<f64>| metric(value.map(|value| if errors { value / 1000.0 } else { value }));
    let rows: Vec<Vec<String>> = best
        .iter()
        .take(SHOWN)
        .map(|trial| {
            let chosen = if trial.number == report.chosen { "*" } else { "" };
            let fold = |place: usize| trial.folds.get(place).map_or("-".into(), |&value| shown(value));
            let score = trial.score.map_or("given up".into(), |score| shown(Some(score)));
            vec![format!("{chosen}{}", trial.number), trial.settings.summary(), fold(0), fold(1), score, format!("{:.1}", trial.seconds)]
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
    format!("{} on earlier tickets{resumed}{stopped}\n{}", counted(report.trials.len(), "trial"), table(&columns, &rows, screen))
}
