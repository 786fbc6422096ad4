//! What a drift check found, as people read it.

use std::fmt::Write as _;

use super::drift_json::data;
use super::number::{count, metric, milliseconds};
use super::table::{Column, table};
use super::{Screen, time};
use crate::cli::report::Report;
use crate::cli::sanitize;
use crate::drift::DriftStatus;
use crate::drift::novelty::NewKind;
use crate::drift::reference::ReferenceReport;
use crate::drift::robust::{FrozenKind, RobustReport, Season};
use crate::drift::segment::{Segment, SegmentKind};
use crate::drift::shape::Shape;
use crate::ops::drift::CheckReport;
use crate::ops::drift::check::Finding;

/// Cells of a small histogram.
const HISTOGRAM: usize = 10;
/// Columns of a screen from which on means and histograms are shown.
const WIDE_ENOUGH: u16 = 80;
/// Letters beside the label that a screen of eighty columns holds.
const LONGEST_LINE: usize = 70;
/// Segments shown, at most.
const SEGMENTS: usize = 5;

/// The report of `drift check`; exit code 14 without enough data, 20 where drift reaches `least`.
pub fn report(checked: CheckReport, least: Option<DriftStatus>) -> Report {
    let exit_code = match (checked.status, least) {
        (DriftStatus::NotEnoughData, _) => 14,
        (status, Some(least)) if status.reaches(least) => 20,
        _ => 0,
    };
    let names = vec![checked.status.word().to_owned()];
    let next = if checked.status == DriftStatus::Ok { Vec::new() } else { vec![checked.recommendation.command.clone().into()] };
    let warnings = checked.warnings.clone();
    let document = data(&checked);
    Report { exit_code, names, warnings, next, ..Report::new("hivectl.ml.drift.check/v1", document, move |screen| text(&checked, screen)) }
}

fn text(checked: &CheckReport, screen: &Screen) -> String {
    let version = &checked.model.version;
    let mut text = format!("model     {}@{}\n          {}\n", sanitize::line(&version.name), version.version, checked.model.chosen_as);
    let _ = writeln!(text, "baseline  {}", sanitize::line(&checked.baseline.origin));
    let (from, to) = (time::minute(checked.window.0), time::minute(checked.window.1));
    let _ = writeln!(text, "window    {from} to {to}, {} tickets", count(checked.rows as i64));
    match &checked.ratio {
        Some(ratio) => {
            let _ = writeln!(
                text,
                "error     {} now, {} then  {}\n          {:.2} times what it was, 95 % interval {:.2} to {:.2}",
                milliseconds(ratio.now.mae),
                milliseconds(ratio.baseline.mae),
                shout(ratio.status),
                ratio.ratio,
                ratio.low,
                ratio.high
            );
            let sources = &checked.predictions;
            let (stored, recomputed) = (count(sources.stored as i64), count(sources.recomputed as i64));
            let _ = writeln!(text, "          {stored} predictions as stored, {recomputed} recomputed");
        }
        None => {
            let _ = writeln!(text, "error     - ({})", checked.without_ratio.as_deref().unwrap_or_default());
        }
    }
    text.push('\n');
    match &checked.finding {
        Finding::Robust(report) => robust_text(&mut text, report, screen),
        Finding::Reference(report) => reference_text(&mut text, report, screen),
    }
    let _ = writeln!(text, "\n{}: {}", shout(checked.status), sanitize::line(&checked.recommendation.why));
    text
}

/// The word, loud where something is to be done.
fn shout(status: DriftStatus) -> String {
    match status {
        DriftStatus::Warning | DriftStatus::Critical => status.word().to_uppercase(),
        _ => status.word().replace('_', " "),
    }
}

fn robust_text(text: &mut String, report: &RobustReport, screen: &Screen) {
    let rows: Vec<[String; 7]> = report.shapes.iter().map(|shape| shape_row(report, shape, screen)).collect();
    let wanted = shape_columns(screen);
    let columns: Vec<Column> = wanted.iter().map(|&(_, column)| column).collect();
    let cells = |row: &[String; 7]| wanted.iter().map(|&(place, _)| row[place].clone()).collect();
    text.push_str(&table(&columns, &rows.iter().map(cells).collect::<Vec<_>>(), screen));
    for novelty in report.novelties.iter().filter(|novelty| novelty.status != DriftStatus::Ok) {
        let what = match novelty.kind {
            NewKind::Outside => "beyond all that there was",
            NewKind::Between => "that no ticket had",
        };
        let (name, share) = (&novelty.name, novelty.share * 100.0);
        let _ = writeln!(text, "new       {name}: {share:.1} % have a value {what}  {}", shout(novelty.status));
    }
    let target = &report.target;
    let _ = writeln!(
        text,
        "\nduration  {} then, {} now ({:+.0} %), D {:.2}, p {:.3} over bursts",
        milliseconds(target.baseline_mean),
        milliseconds(target.recent_mean),
        target.mean_shift_pct,
        target.ks_statistic,
        target.p_value
    );
    for paired in report.paired.iter().filter(|paired| paired.status != DriftStatus::Ok) {
        let factor = paired.shift.difference.exp();
        let _ = writeln!(text, "same requesters, same work: {} times {factor:.2}  {}", paired.name, shout(paired.status));
    }
    let constant = report.frozen.iter().filter(|frozen| frozen.kind == FrozenKind::Constant).count();
    if constant > 0 {
        let _ = writeln!(text, "constant  {constant} features are the same in every ticket, then and now: not compared");
    }
    let _ = writeln!(text, "season    {}", season_line(report));
    for segment in shown(&report.segments) {
        let _ = writeln!(text, "segment   {}", segment_line(segment));
    }
}

/// The columns that fit, by their place in a row.
fn shape_columns(screen: &Screen) -> Vec<(usize, Column)> {
    let all = [
        Column::Text("FEATURE"),
        Column::Number("THEN"),
        Column::Number("NOW"),
        Column::Number("PSI"),
        Column::Text("SHAPE"),
        Column::Number("P"),
        Column::Text("VERDICT"),
    ];
    let is_narrow = screen.width.is_some_and(|width| width < WIDE_ENOUGH);
    let hidden: &[usize] = match (screen.all_columns, is_narrow) {
        (true, _) => &[],
        (false, false) => &[5],
        (false, true) => &[1, 2, 4, 5],
    };
    all.into_iter().enumerate().filter(|(place, _)| !hidden.contains(place)).collect()
}

fn shape_row(report: &RobustReport, shape: &Shape, screen: &Screen) -> [String; 7] {
    let new = report.novelties.iter().filter(|novelty| novelty.name == shape.name).map(|novelty| novelty.status);
    let (then, now) = histograms(shape, screen);
    let number = |value: f64| if shape.name.ends_with("_ms") { milliseconds(value) } else { short(value) };
    [
        shape.name.clone(),
        number(shape.mean_then),
        number(shape.mean_now),
        format!("{:.2}", shape.psi_adjusted.max(0.0)),
        format!("{then} {now}"),
        format!("{:.3}", shape.adjusted_p),
        shout(new.fold(shape.status, DriftStatus::max)),
    ]
}

/// A mean in at most seven letters.
fn short(value: f64) -> String {
    match value.abs() {
        _ if !value.is_finite() => "-".into(),
        size if size >= 1e9 => format!("{:.1}G", value / 1e9),
        size if size >= 1e6 => format!("{:.1}M", value / 1e6),
        size if size >= 1e3 => format!("{:.1}k", value / 1e3),
        size if size >= 100.0 => format!("{value:.0}"),
        _ => format!("{value:.2}"),
    }
}

fn season_line(report: &RobustReport) -> String {
    let season = &report.season;
    let explained = season.explained * 100.0;
    match season.verdict {
        Season::None => "no large difference, with the calendar or without".into(),
        Season::Seasonal => format!("what differs is the calendar: it explains {explained:.0} %"),
        Season::Change => "the calendar does not explain the difference".into(),
        Season::Both => format!("the calendar explains {explained:.0} % of the difference, the rest is change"),
    }
}

/// The segments that alarm, and where none does the strongest.
fn shown(segments: &[Segment]) -> impl Iterator<Item = &Segment> {
    segments.iter().filter(|segment| segment.is_hit).take(SEGMENTS)
}

fn segment_line(segment: &Segment) -> String {
    let name = format!("{} {}", segment.dimension, sanitize::line(&segment.value));
    let evidence = segment.evidence.abs();
    let what = match segment.kind {
        SegmentKind::Behaviour => format!("durations times {:.2} (evidence {evidence:.1})", segment.effect),
        SegmentKind::Mix => format!("{:+.0} points of the work (evidence {evidence:.1})", segment.effect * 100.0),
    };
    let line = format!("{name}: {what}");
    if line.chars().count() <= LONGEST_LINE { line } else { format!("{name}\n          {what}") }
}

/// Two small histograms on one scale, then and now.
fn histograms(shape: &Shape, screen: &Screen) -> (String, String) {
    let used: Vec<usize> = (0..shape.then.len()).filter(|&bin| shape.then[bin] + shape.now[bin] > 0.0).collect();
    let cells = used.len().clamp(1, HISTOGRAM);
    let (mut then, mut now) = (vec![0.0; cells], vec![0.0; cells]);
    for (place, &bin) in used.iter().enumerate() {
        let cell = place * cells / used.len();
        then[cell] += shape.then[bin];
        now[cell] += shape.now[bin];
    }
    let largest = then.iter().chain(&now).fold(0.0f64, |largest, &share| largest.max(share));
    let draw = |shares: &[f64]| shares.iter().map(|&share| level(share / largest, screen)).collect();
    (draw(&then), draw(&now))
}

/// A share of the largest as one cell.
fn level(part: f64, screen: &Screen) -> char {
    let steps = (part * 8.0).ceil().clamp(0.0, 8.0) as usize;
    match (steps, screen.plain) {
        (0, true) => '.',
        (steps, true) => char::from_digit(steps as u32, 10).unwrap_or('8'),
        (0, false) => super::table::FIRM_BLANK,
        (steps, false) => ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'][steps - 1],
    }
}

fn reference_text(text: &mut String, report: &ReferenceReport, screen: &Screen) {
    let rows: Vec<Vec<String>> = report.feature_drift.iter().map(|(name, index)| vec![name.clone(), format!("{index:.6}")]).collect();
    text.push_str(&table(&[Column::Text("FEATURE"), Column::Number("PSI")], &rows, screen));
    if let Some(target) = &report.target_drift {
        let _ = writeln!(
            text,
            "\nduration  mean {} then, {} now ({:+.1} %), K-S {:.4}, p {:.4}",
            metric(Some(target.baseline_mean)),
            metric(Some(target.recent_mean)),
            target.mean_shift_pct,
            target.ks_statistic,
            target.p_value
        );
    }
    if let Some(ratio) = report.drift_ratio {
        let _ = writeln!(text, "ratio     {ratio:.4}");
    }
}
