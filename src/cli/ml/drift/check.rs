//! `hivectl ml drift check`.

use std::fmt::Write as _;

use clap::Args;

use super::comparison::ComparisonArgs;
use super::status_parser;
use crate::api::drift::{
    CheckDriftRequest, DriftCheckAnswer, DriftCheckReport, DriftCheckSkipped, DriftFinding, DriftStatus, FrozenKind, ReferenceFinding,
    RobustFinding, Season, SeasonFinding, SegmentFinding, SegmentKind, VariableEvidence,
};
use crate::base::{Hint, commands};
use crate::cli::report::Report;
use crate::cli::sanitize;
use crate::cli::session::Session;
use crate::cli::suggestion::CommandPlace;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::cli::view::number::{count, metric, milliseconds};
use crate::cli::view::table::{Column, FIRM_BLANK, table};
use crate::cli::view::{Screen, View, age, time};
use crate::error::Result;

/// Compare recent tickets with a version's baseline
///
/// The error of the version now over the one of its baseline is the alarm, where its interval lies above 1; which
/// features, requesters and kinds of work changed is the diagnosis, and critical only where the error has risen too or
/// is not known. A baseline that is shorter than four weeks gives way to the former version's. Tickets come in bursts, so bursts are counted and not tickets, and the baseline
/// is weighted to the calendar of the window. Too little data ends with exit code 14, never as ok. The result is
/// kept for `drift history`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    pub comparison: ComparisonArgs,

    /// End with exit code 20 where there is drift
    #[arg(long)]
    pub exit_code: bool,

    /// As --exit-code, from this status on
    #[arg(long, value_name = "STATUS", value_parser = status_parser(&[DriftStatus::Warning, DriftStatus::Critical]))]
    pub fail_on: Option<DriftStatus>,

    /// Keep nothing for `drift history`
    #[arg(long)]
    pub no_record: bool,
}

impl VerbArgs for CheckArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml drift check",
        examples: &[
            ("Has the work changed since the duration model was trained?", "hivectl ml drift check --tickets later.ndjson.gz"),
            ("The running system's rule, for a script", "hivectl ml drift check --method reference --tickets later.ndjson.gz -o json"),
            (
                "Against the weeks before, without a stored baseline",
                "hivectl ml drift check --window-days 2 --against-days 28 --tickets examples/tickets.ndjson.gz",
            ),
        ],
        exit_codes: &[4, 9, 10, 11, 13, 14, 20],
        changes: "Adds the check to the history. With --no-record nothing.",
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        let request = CheckDriftRequest {
            comparison: self.comparison.comparison(),
            fail_on: self.fail_on.or(self.exit_code.then_some(DriftStatus::Warning)),
            record: !self.no_record,
        };
        let place = CommandPlace::typed(session.global);
        Report::of(match session.run(&request)? {
            DriftCheckAnswer::Checked(report) => DriftCheckAnswer::Checked(Box::new(report.map_command(|command| place.command(command)))),
            skipped @ DriftCheckAnswer::Skipped(_) => skipped,
        })
    }
}

/// Cells of a small histogram.
const HISTOGRAM: usize = 10;
/// Columns of a screen from which on means and histograms are shown.
const WIDE_ENOUGH: u16 = 80;
/// Letters beside the label that a screen of eighty columns holds.
const LONGEST_LINE: usize = 70;
/// Segments shown, at most.
const SEGMENTS: usize = 5;

impl View for DriftCheckAnswer {
    fn text(&self, screen: &Screen) -> String {
        match self {
            DriftCheckAnswer::Checked(report) => report.text(screen),
            DriftCheckAnswer::Skipped(skipped) => skipped.text(),
        }
    }

    fn names(&self) -> Vec<String> {
        match self {
            DriftCheckAnswer::Checked(report) => vec![report.overall_status.to_string()],
            DriftCheckAnswer::Skipped(skipped) => vec![skipped.overall_status.to_string()],
        }
    }

    fn next(&self) -> Vec<Hint> {
        match self {
            DriftCheckAnswer::Checked(report) if report.overall_status != DriftStatus::Ok => vec![report.next_command.clone().into()],
            DriftCheckAnswer::Checked(_) => Vec::new(),
            DriftCheckAnswer::Skipped(skipped) => skipped.next(),
        }
    }
}

impl DriftCheckSkipped {
    /// The line for people.
    pub(super) fn text(&self) -> String {
        format!("skipped: {}\n", sanitize::line(&self.reason))
    }

    /// What leads on.
    pub(super) fn next(&self) -> Vec<Hint> {
        vec![commands::config_get("drift_detection").into()]
    }
}

impl DriftCheckReport {
    fn text(&self, screen: &Screen) -> String {
        let mut text = format!("model     {}@{}\n          {}\n", sanitize::line(&self.model), self.version, self.chosen_as);
        let _ = writeln!(text, "baseline  {}", sanitize::line(&self.baseline.origin));
        let (from, to) = (time::minute(self.window.from.0), time::minute(self.window.to.0));
        let _ = writeln!(text, "window    {from} to {to}, {} tickets", count(ticket_count(&self.finding) as i64));
        text.push_str(&age::line(self.newest_ticket_age_seconds));
        error_text(&mut text, self);
        text.push('\n');
        match &self.finding {
            DriftFinding::Robust(finding) => robust_text(&mut text, finding, screen),
            DriftFinding::Reference(finding) => reference_text(&mut text, finding, self.prediction_drift.drift_ratio, screen),
        }
        let _ = writeln!(text, "\n{}: {}", shout(self.overall_status), sanitize::line(&self.reason));
        text
    }
}

fn ticket_count(finding: &DriftFinding) -> usize {
    match finding {
        DriftFinding::Robust(finding) => finding.samples.ticket_count,
        DriftFinding::Reference(finding) => finding.samples.ticket_count,
    }
}

fn error_text(text: &mut String, report: &DriftCheckReport) {
    let prediction = &report.prediction_drift;
    let Some(ratio) = &prediction.measured else {
        let _ = writeln!(text, "error     - ({})", prediction.without.as_deref().unwrap_or_default());
        return;
    };
    let _ = writeln!(
        text,
        "error     {} now, {} then  {}\n          {:.2} times what it was, 90 % interval {:.2} to {:.2}",
        milliseconds(ratio.window_mae),
        milliseconds(value(prediction.baseline_mae)),
        shout(ratio.status),
        ratio.error_ratio,
        value(ratio.interval.low),
        value(ratio.interval.high)
    );
    let (stored, recomputed) = (count(prediction.stored_count as i64), count(prediction.recomputed_count as i64));
    let _ = writeln!(text, "          {stored} predictions as stored, {recomputed} recomputed");
}

/// A number of a report; not a number where it has none.
fn value(number: Option<f64>) -> f64 {
    number.unwrap_or(f64::NAN)
}

/// The word, loud where something is to be done.
fn shout(status: DriftStatus) -> String {
    match status {
        DriftStatus::Warning | DriftStatus::Critical => status.as_str().to_uppercase(),
        _ => status.as_str().replace('_', " "),
    }
}

fn robust_text(text: &mut String, finding: &RobustFinding, screen: &Screen) {
    let mut variables: Vec<(&String, &VariableEvidence)> = finding.evidence.variables.iter().collect();
    variables.sort_by_key(|(_, variable)| variable.position);
    let rows: Vec<[String; 7]> = variables.iter().map(|(name, variable)| variable_row(name, variable, screen)).collect();
    let wanted = variable_columns(screen);
    let columns: Vec<Column> = wanted.iter().map(|&(_, column)| column).collect();
    let cells = |row: &[String; 7]| wanted.iter().map(|&(place, _)| row[place].clone()).collect();
    text.push_str(&table(&columns, &rows.iter().map(cells).collect::<Vec<_>>(), screen));
    for (name, variable) in variables {
        let outside = (variable.new_value_status, variable.new_value_ratio, "beyond all that there was");
        let between = (variable.unheard_value_status, variable.unheard_value_ratio, "that no ticket had");
        for (status, share, what) in [outside, between] {
            let Some(status) = status.filter(|&status| status != DriftStatus::Ok) else { continue };
            let _ = writeln!(text, "new       {name}: {:.1} % have a value {what}  {}", value(share) * 100.0, shout(status));
        }
    }
    let target = &finding.target_drift;
    let _ = writeln!(
        text,
        "\nduration  {} then, {} now ({:+.0} %), D {:.2}, p {:.3} over bursts",
        milliseconds(value(target.baseline_mean)),
        milliseconds(value(target.recent_mean)),
        value(target.mean_shift_pct),
        value(target.ks_statistic),
        value(target.p_value)
    );
    for paired in finding.evidence.same_requesters.iter().filter(|paired| paired.status != DriftStatus::Ok) {
        let factor = value(paired.factor);
        let _ = writeln!(text, "same requesters, same work: {} times {factor:.2}  {}", paired.name, shout(paired.status));
    }
    let frozen = &finding.samples.features_without_variation;
    let constant = frozen.iter().filter(|frozen| frozen.kind == FrozenKind::Constant).count();
    if constant > 0 {
        let _ = writeln!(text, "constant  {constant} features are the same in every ticket, then and now: not compared");
    }
    let _ = writeln!(text, "season    {}", season_line(&finding.season));
    for segment in shown(&finding.segments) {
        let _ = writeln!(text, "segment   {}", segment_line(segment));
    }
}

/// The columns that fit, by their place in a row.
fn variable_columns(screen: &Screen) -> Vec<(usize, Column<'_>)> {
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

fn variable_row(name: &str, variable: &VariableEvidence, screen: &Screen) -> [String; 7] {
    let new = [variable.new_value_status, variable.unheard_value_status].into_iter().flatten();
    let (then, now) = histograms(variable, screen);
    let number = |number: Option<f64>| if name.ends_with("_ms") { milliseconds(value(number)) } else { short(value(number)) };
    [
        name.to_owned(),
        number(variable.baseline_mean),
        number(variable.recent_mean),
        format!("{:.2}", value(variable.psi_adjusted).max(0.0)),
        format!("{then} {now}"),
        format!("{:.3}", value(variable.adjusted_p_value)),
        shout(new.fold(variable.status, DriftStatus::max)),
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

fn season_line(season: &SeasonFinding) -> String {
    let explained = value(season.explained_ratio) * 100.0;
    match season.verdict {
        Season::None => "no large difference, with the calendar or without".into(),
        Season::Seasonal => format!("what differs is the calendar: it explains {explained:.0} %"),
        Season::Change => "the calendar does not explain the difference".into(),
        Season::Both => format!("the calendar explains {explained:.0} % of the difference, the rest is change"),
    }
}

/// The segments that alarm, and where none does the strongest.
fn shown(segments: &[SegmentFinding]) -> impl Iterator<Item = &SegmentFinding> {
    segments.iter().filter(|segment| segment.is_hit).take(SEGMENTS)
}

fn segment_line(segment: &SegmentFinding) -> String {
    let name = format!("{} {}", segment.dimension, sanitize::line(&segment.value));
    let (effect, evidence) = (value(segment.effect), value(segment.evidence).abs());
    let what = match segment.kind {
        SegmentKind::Behaviour => format!("durations times {effect:.2} (evidence {evidence:.1})"),
        SegmentKind::Mix => format!("{:+.0} points of the work (evidence {evidence:.1})", effect * 100.0),
    };
    let line = format!("{name}: {what}");
    if line.chars().count() <= LONGEST_LINE { line } else { format!("{name}\n          {what}") }
}

/// Two small histograms on one scale, then and now.
fn histograms(variable: &VariableEvidence, screen: &Screen) -> (String, String) {
    let used: Vec<usize> = (0..variable.then.len()).filter(|&bin| variable.then[bin] + variable.now[bin] > 0.0).collect();
    let cells = used.len().clamp(1, HISTOGRAM);
    let (mut then, mut now) = (vec![0.0; cells], vec![0.0; cells]);
    for (place, &bin) in used.iter().enumerate() {
        let cell = place * cells / used.len();
        then[cell] += variable.then[bin];
        now[cell] += variable.now[bin];
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
        (0, false) => FIRM_BLANK,
        (steps, false) => ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'][steps - 1],
    }
}

fn reference_text(text: &mut String, finding: &ReferenceFinding, drift_ratio: Option<f64>, screen: &Screen) {
    let row = |(name, index): (&String, &Option<f64>)| {
        let verdict = finding.feature_status.get(name).map_or("-".into(), |&status| shout(status));
        vec![name.clone(), format!("{:.6}", value(*index)), verdict]
    };
    let rows: Vec<Vec<String>> = finding.feature_drift.iter().map(row).collect();
    text.push_str(&table(&[Column::Text("FEATURE"), Column::Number("PSI"), Column::Text("VERDICT")], &rows, screen));
    if let Some(target) = &finding.target_drift {
        let _ = writeln!(
            text,
            "\nduration  mean {} then, {} now ({:+.1} %), K-S {:.4}, p {:.4}  {}",
            metric(target.baseline_mean),
            metric(target.recent_mean),
            value(target.mean_shift_pct),
            value(target.ks_statistic),
            value(target.p_value),
            shout(target.status)
        );
    }
    if let Some(ratio) = drift_ratio {
        let _ = writeln!(text, "ratio     {ratio:.4}  {}", finding.ratio_status.map_or("-".into(), shout));
    }
}
