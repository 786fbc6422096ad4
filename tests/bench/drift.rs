//! How often the drift rules alarm where nothing changed, and how often where something did; the running system's
//! rule beside ours.
//!
//! `cargo bench --bench drift -- [--repetitions 50] [--shared ../shared] [--only PART] [--python PROGRAM]` reads the
//! three job logs and prints a table: rows that are shuffled one by one, whole bursts drawn with replacement, changes
//! put in, a calendar, the real order of time, and how fast a million tickets are compared. PART is worlds, season,
//! weeks or speed; PROGRAM has numpy and scipy; `--rows TEXT` takes of the worlds the rows with this text. Seeds are its own. Alarms are
//! counted as `drift check` tells them, the error among them: predictions are the mean of the requester's last two durations
//! that were known. Where the check itself would say that there is not enough data its tests and its error are counted all
//! the same. In weeks an alarm is the error's.

#![allow(clippy::print_stdout, reason = "a bench prints its table")]

mod drift_season;
mod drift_speed;
#[path = "../common/silent.rs"]
mod silent;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use hivectl::drift::error_ratio::{MeanError, ratio};
use hivectl::drift::reference::RecentErrors;
use hivectl::drift::robust::RobustReport;
use hivectl::drift::segment::{Segment, SegmentKind};
use hivectl::drift::{Baseline, BaselineOrigin, DriftStatus, Observations, Threshold, reference, robust};
use hivectl::ops::{ReadRequest, read};
use hivectl::source::TicketFiles;
use hivectl::statistics::random::SplitMix64;
use hivectl::ticket::{FieldPaths, LabelRule};

use silent::Silent;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const DAY: i64 = 86_400_000;
/// A Monday, so that windows of whole weeks begin with one.
const START: i64 = 4 * DAY;
const BASELINE_DAYS: i64 = 28;
const SEED: u64 = 3_001;
/// The requester that a change puts in.
const NEWCOMER: &str = "a requester never seen";

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let value = |flag: &str| arguments.iter().position(|word| word == flag).and_then(|place| arguments.get(place + 1));
    let repetitions = value("--repetitions").map_or(Ok(50), |text| text.parse())?;
    let shared = value("--shared").map(PathBuf::from).or(std::env::var_os("HIVECTL_SHARED").map(PathBuf::from));
    let shared = shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    let logs: Vec<(&str, Log)> =
        ["kth-sp2", "ctc-sp2", "sdsc-blue"].into_iter().map(|log| Ok((log, load(&shared, log)?))).collect::<Outcome<_>>()?;
    let wanted = |part: &str| value("--only").is_none_or(|only| only == part);
    if wanted("worlds") {
        worlds(&logs, repetitions);
    }
    if wanted("season") {
        season(repetitions);
    }
    if wanted("weeks") {
        let mut all = Vec::new();
        for (log, tickets) in &logs {
            let seen = weeks(tickets);
            tell_weeks(log, &seen);
            all.extend(seen);
        }
        tell_weeks("all three", &all);
    }
    if wanted("speed") {
        drift_speed::run(&logs[1].1, value("--python").map(String::as_str))?;
    }
    Ok(())
}

/// Ended tickets in the order of completion, and what was predicted of each, in ms.
struct Log {
    tickets: Observations,
    predicted: Vec<f64>,
}

impl Log {
    fn new(tickets: &Observations) -> Log {
        let mut order: Vec<usize> = (0..tickets.len()).collect();
        order.sort_by_key(|&row| tickets.completed_at[row]);
        let tickets = tickets.select(&order);
        let mut last: HashMap<u32, [f64; 2]> = HashMap::new();
        let predicted = (0..tickets.len()).map(|row| {
            let actual = tickets.duration_ms[row];
            let known = last.entry(tickets.requester.codes[row]).or_insert([actual; 2]);
            let prediction = (known[0] + known[1]) / 2.0;
            *known = [actual, known[0]];
            prediction
        });
        let predicted = predicted.collect();
        Log { tickets, predicted }
    }
}

/// The error of predictions of these tickets.
fn error_of(tickets: &Observations, predicted: &[f64]) -> Option<MeanError> {
    let errors: Vec<f64> = tickets.duration_ms.iter().zip(predicted).map(|(actual, predicted)| (actual - predicted).abs()).collect();
    MeanError::measure(tickets, &errors)
}

fn worlds(logs: &[(&str, Log)], repetitions: usize) {
    println!("{repetitions} repetitions a log; share of windows with an alarm: warning or worse / critical [worst log]");
    println!("{:<44} {:>20} {:>20}", "world", "reference rule", "hivectl");
    for (world, draw) in [("one by one", World::Single), ("user-day", World::UserDay), ("user-week", World::UserWeek), ("day", World::Day)]
    {
        for rows in [50, 200, 1_000, 5_000] {
            row(&format!("nothing changed, {world}, n = {rows}"), logs, repetitions, draw, rows, &|_| ());
        }
    }
    let out_of_range = |tickets: &mut Observations| {
        let top = tickets.features[7].iter().copied().fold(0.0, f32::max);
        (0..tickets.len()).step_by(20).for_each(|row| tickets.features[7][row] = 1e3 * top);
    };
    row("5 % out of range, one by one, n = 200", logs, repetitions, World::Single, 200, &out_of_range);
    row("5 % out of range, user-week, n = 200", logs, repetitions, World::UserWeek, 200, &out_of_range);
    let estimates = |tickets: &mut Observations| {
        tickets.estimated_duration_ms.iter_mut().for_each(|estimate| *estimate *= 1.3);
        [7, 8].into_iter().for_each(|column| tickets.features[column].iter_mut().for_each(|value| *value *= 1.3));
    };
    row("estimate x 1.3, one by one, n = 200", logs, repetitions, World::Single, 200, &estimates);
    row("estimate x 1.3, user-week, n = 5000", logs, repetitions, World::UserWeek, 5_000, &estimates);
    for (factor, rows) in [(2.0, 5_000), (4.0, 1_000), (4.0, 5_000)] {
        let slow = |tickets: &mut Observations| slower(tickets, factor);
        row(&format!("commonest risk band x {factor}, one by one, n = {rows}"), logs, repetitions, World::Single, rows, &slow);
    }
    row("commonest risk band x 4, user-week, n = 5000", logs, repetitions, World::UserWeek, 5_000, &|tickets| slower(tickets, 4.0));
    for (name, draw, rows) in
        [("one by one", World::Single, 200), ("one by one", World::Single, 1_000), ("user-week", World::UserWeek, 5_000)]
    {
        row(&format!("a new requester, 20 %, {name}, n = {rows}"), logs, repetitions, draw, rows, &newcomer);
    }
}

/// Every fifth ticket becomes one of a requester who was never seen and works as one of the others does.
fn newcomer(tickets: &mut Observations) {
    let model = tickets.requester.codes[0];
    let rows: Vec<usize> = (0..tickets.len()).filter(|&row| tickets.requester.codes[row] == model).collect();
    let code = tickets.requester.names.len() as u32;
    tickets.requester.names.push(NEWCOMER.into());
    for row in (0..tickets.len()).step_by(5) {
        let own = rows[row % rows.len()];
        tickets.requester.codes[row] = code;
        tickets.duration_ms[row] = tickets.duration_ms[own];
        tickets.estimated_duration_ms[row] = tickets.estimated_duration_ms[own];
        tickets.task_type.codes[row] = tickets.task_type.codes[own];
        tickets.risk_band.codes[row] = tickets.risk_band.codes[own];
        tickets.features.iter_mut().for_each(|column| column[row] = column[own]);
    }
}

/// Windows of the made-up calendar against four of its weeks; nothing changes, or builds take longer.
fn season(repetitions: usize) {
    const MONDAY: i64 = 4 + 7 * 4;
    let windows: [(&str, i64, i64, f64); 7] = [
        ("season only, a Tuesday", MONDAY + 1, 24, 1.0),
        ("season only, a Friday", MONDAY + 4, 24, 1.0),
        ("season only, a weekend", MONDAY + 5, 48, 1.0),
        ("season only, six hours of a day", MONDAY + 2, 6, 1.0),
        ("season only, a week", MONDAY, 168, 1.0),
        ("builds x 1.5, a week", MONDAY, 168, 1.5),
        ("builds x 2, a week", MONDAY, 168, 2.0),
    ];
    println!("{repetitions} repetitions of a made-up calendar");
    for (name, first_day, hours, factor) in windows {
        let (mut counts, mut named, mut rows) = ([0usize; 4], 0, 0);
        for repetition in 0..repetitions {
            let mut random = SplitMix64::stream(SEED, 500_000 + repetition as u64);
            let then = drift_season::tickets(MONDAY - BASELINE_DAYS, BASELINE_DAYS, &mut random);
            let all = drift_season::tickets(first_day, hours.div_euclid(24).max(1), &mut random);
            let begin = if hours < 24 { first_day * DAY + 10 * DAY / 24 } else { first_day * DAY };
            let end = begin + hours * DAY / 24;
            let inside: Vec<usize> = (0..all.len()).filter(|&row| (begin..end).contains(&all.completed_at[row])).collect();
            let mut now = all.select(&inside);
            let builds: Vec<usize> = (0..now.len()).filter(|&row| now.task_type.name(now.task_type.codes[row]) == "BUILD").collect();
            builds.into_iter().for_each(|row| now.duration_ms[row] *= factor);
            rows += now.len();
            let Ok(baseline) = Baseline::learn(BaselineOrigin::default(), then, None) else { continue };
            let theirs =
                reference::check(&baseline.reference, &now, &RecentErrors::default(), None, &reference::ReferenceLimits::default());
            let Some(ours) = robust::check(&baseline, &now, end - 1, None, Threshold::PSI) else { continue };
            for (place, status) in [theirs.status, ours.drift].into_iter().enumerate() {
                counts[2 * place] += usize::from(status.reaches(DriftStatus::Warning));
                counts[2 * place + 1] += usize::from(status == DriftStatus::Critical);
            }
            named += usize::from(
                ours.segments.iter().any(|segment| segment.is_hit && segment.dimension == "task_type" && segment.value == "BUILD"),
            );
        }
        let share = |count: usize| count as f64 / repetitions as f64;
        let told = |place: usize| format!("{:.2} / {:.3}", share(counts[place]), share(counts[place + 1]));
        let name = format!("{name} (n = {})", rows / repetitions);
        println!("{name:<44} {:>20} {:>20}  named {:.2}", told(0), told(2), share(named));
    }
}

fn load(shared: &Path, log: &str) -> Outcome<Log> {
    let path = shared.join(format!("data/jobs/{log}.ndjson.gz")).display().to_string();
    let paths = FieldPaths::new(Some("metadata.requested_by"), None, None)?;
    let source = TicketFiles::open(&[path], paths)?;
    let request = ReadRequest { labels: LabelRule::default(), window_days: f64::INFINITY, as_of: None, min_samples: 0, max_age: None };
    let reading = read(&request, &source, &Silent)?;
    let rows = reading.timeline.labelled();
    Ok(Log::new(&Observations::of(&reading.timeline, &rows)?))
}

#[derive(Clone, Copy)]
enum World {
    Single,
    UserDay,
    UserWeek,
    Day,
}

/// Tickets of the log in a window of `days` that begins at `from`: blocks drawn with replacement, each at its own
/// time of the week; and what was predicted of them.
fn window(log: &Log, world: World, rows: usize, from: i64, days: i64, random: &mut SplitMix64) -> (Observations, Vec<f64>) {
    let tickets = &log.tickets;
    let key = |row: usize| {
        let (user, day) = (tickets.requester.codes[row], tickets.completed_at[row].div_euclid(DAY));
        match world {
            World::Single => (row as i64, 0),
            World::UserDay => (i64::from(user), day),
            World::UserWeek => (i64::from(user), (day - 4).div_euclid(7)),
            World::Day => (0, day),
        }
    };
    let mut blocks: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
    (0..tickets.len()).for_each(|row| blocks.entry(key(row)).or_default().push(row));
    let mut blocks: Vec<((i64, i64), Vec<usize>)> = blocks.into_iter().collect();
    blocks.sort_unstable_by_key(|block| block.0);
    let (mut chosen, mut times) = (Vec::new(), Vec::new());
    while chosen.len() < rows {
        let block = &blocks[random.below(blocks.len())].1;
        let week = from + 7 * DAY * random.below((days / 7) as usize) as i64;
        for &row in block.iter().take(rows - chosen.len()) {
            chosen.push(row);
            times.push(week + (tickets.completed_at[row] - START).rem_euclid(7 * DAY));
        }
    }
    let predicted = chosen.iter().map(|&row| log.predicted[row]).collect();
    (Observations { completed_at: times, ..tickets.select(&chosen) }, predicted)
}

/// The commonest risk band takes longer.
fn slower(tickets: &mut Observations, factor: f64) {
    let band = commonest(tickets);
    for row in (0..tickets.len()).filter(|&row| tickets.risk_band.codes[row] == band).collect::<Vec<_>>() {
        tickets.duration_ms[row] *= factor;
    }
}

fn commonest(tickets: &Observations) -> u32 {
    let mut counts: HashMap<u32, usize> = HashMap::new();
    tickets.risk_band.codes.iter().for_each(|&code| *counts.entry(code).or_default() += 1);
    counts.into_iter().max_by_key(|&(code, count)| (count, code)).map_or(0, |(code, _)| code)
}

fn row(name: &str, logs: &[(&str, Log)], repetitions: usize, world: World, rows: usize, change: &dyn Fn(&mut Observations)) {
    if std::env::args().skip_while(|word| word != "--rows").nth(1).is_some_and(|part| !name.contains(&part)) {
        return;
    }
    let mut shares = Vec::new();
    let (mut named, mut top, mut risen, mut by_error) = (0, 0, 0, 0);
    for (place, (_, log)) in logs.iter().enumerate() {
        let days = log.tickets.span().map_or(1, |(from, to)| (to - from) / DAY).max(1);
        let daily = log.tickets.len() as i64 / days;
        let mut counts = [0usize; 4];
        for repetition in 0..repetitions {
            let mut random = SplitMix64::stream(SEED, (place * 10_000 + repetition) as u64);
            let (then, predicted_then) = window(log, world, (daily * BASELINE_DAYS) as usize, START, BASELINE_DAYS, &mut random);
            let from = START + BASELINE_DAYS * DAY;
            let (mut now, predicted) = window(log, world, rows, from, 7, &mut random);
            change(&mut now);
            let band = now.risk_band.name(commonest(&now)).to_owned();
            let error = error_of(&then, &predicted_then);
            let Ok(baseline) = Baseline::learn(BaselineOrigin::default(), then, error) else { continue };
            let limits = Threshold::ERROR_RATIO;
            let ratio = error_of(&now, &predicted).zip(error).and_then(|(now, then)| ratio(now, then, limits));
            let measured = ratio.as_ref().map(|ratio| (ratio, limits));
            let Some(ours) = robust::check(&baseline, &now, from + 7 * DAY - 1, measured, Threshold::PSI) else { continue };
            let verdict = match (ours.status, &ratio) {
                (DriftStatus::NotEnoughData, ratio) => ratio.as_ref().map_or(ours.drift, |ratio| ours.drift.max(ratio.status)),
                (status, _) => status,
            };
            by_error += usize::from(ratio.is_some_and(|ratio| ratio.status.reaches(DriftStatus::Warning)));
            let theirs =
                reference::check(&baseline.reference, &now, &RecentErrors::default(), None, &reference::ReferenceLimits::default());
            for (place, status) in [theirs.status, verdict].into_iter().enumerate() {
                counts[2 * place] += usize::from(status.reaches(DriftStatus::Warning));
                counts[2 * place + 1] += usize::from(status == DriftStatus::Critical);
            }
            let (is_named, is_top) = names(&ours, &band);
            let is_newcomer = |segment: &Segment| segment.is_hit && segment.value == NEWCOMER;
            let is_named = is_named || ours.segments.iter().any(is_newcomer);
            named += usize::from(is_named);
            top += usize::from(is_top);
            let has_risen = |segment: &Segment| segment.is_hit && segment.dimension == "requester" && segment.kind == SegmentKind::Mix;
            risen += usize::from(ours.segments.iter().any(has_risen));
        }
        shares.push(counts.map(|count| count as f64 / repetitions as f64));
    }
    let mean = |place: usize| shares.iter().map(|share| share[place]).sum::<f64>() / shares.len() as f64;
    let worst = |place: usize| shares.iter().map(|share| share[place]).fold(0.0, f64::max);
    let told = |place: usize| format!("{:.2} / {:.3} [{:.2}]", mean(place), mean(place + 1), worst(place));
    let all = (repetitions * logs.len()) as f64;
    let slices = if name.contains("risk band") || name.contains("new requester") {
        format!("  named {:.2}, on top {:.2}", named as f64 / all, top as f64 / all)
    } else {
        format!("  by the error {:.3}, a requester named {:.2}", by_error as f64 / all, risen as f64 / all)
    };
    println!("{name:<44} {:>20} {:>20}{slices}", told(0), told(2));
}

/// Whether the slice is a hit, and whether it is the strongest of its dimension.
fn names(report: &RobustReport, band: &str) -> (bool, bool) {
    let slice = report
        .segments
        .iter()
        .find(|segment| segment.dimension == "risk_band" && segment.value == band && segment.kind == SegmentKind::Behaviour);
    slice.map_or((false, false), |slice| (slice.is_hit, slice.rank == 1))
}

/// A week of a log.
struct Week {
    /// Its error over that of the 30 days before.
    ratio: f64,
    /// Whether the check alarms by it.
    is_alarm: bool,
    /// Whether the next one's is above 1.2.
    is_next_bad: bool,
}

fn weeks(log: &Log) -> Vec<Week> {
    let Log { tickets, predicted } = log;
    let Some((from, to)) = tickets.span() else { return Vec::new() };
    let error = |end: i64, days: i64| {
        let inside = |at: &i64| *at > end - days * DAY && *at <= end;
        let rows: Vec<usize> = (0..tickets.len()).filter(|&row| inside(&tickets.completed_at[row])).collect();
        error_of(&tickets.select(&rows), &rows.iter().map(|&row| predicted[row]).collect::<Vec<_>>())
    };
    let mut seen = Vec::new();
    for end in (from + 37 * DAY..to - 7 * DAY).step_by(7 * DAY as usize) {
        let (Some(base), Some(now), Some(next)) = (error(end - 7 * DAY, 30), error(end, 7), error(end + 7 * DAY, 7)) else { continue };
        let is_alarm = ratio(now, base, Threshold::ERROR_RATIO).is_some_and(|ratio| ratio.status.reaches(DriftStatus::Warning));
        seen.push(Week { ratio: now.mae / base.mae, is_alarm, is_next_bad: next.mae / base.mae > 1.2 });
    }
    seen
}

/// What this week's ratio told of the next week's.
fn tell_weeks(log: &str, seen: &[Week]) {
    let count = |test: &dyn Fn(&Week) -> bool| seen.iter().filter(|week| test(week)).count() as f64;
    let (alarms, bad) = (count(&|week| week.is_alarm), count(&|week| week.is_next_bad));
    let hits = count(&|week| week.is_alarm && week.is_next_bad);
    let good = || seen.iter().filter(|week| !week.is_next_bad);
    let pairs = seen.iter().filter(|week| week.is_next_bad).flat_map(|bad| good().map(move |good| (bad.ratio, good.ratio)));
    let wins: Vec<f64> = pairs
        .map(|(bad, good)| {
            if bad > good {
                1.0
            } else if bad == good {
                0.5
            } else {
                0.0
            }
        })
        .collect();
    let area = wins.iter().sum::<f64>() / wins.len().max(1) as f64;
    println!(
        "{log}: next week's error ratio above 1.2: {} weeks, bad {:.2}; precision {:.2}, recall {:.2}, AUC {area:.2}",
        seen.len(),
        bad / seen.len() as f64,
        hits / alarms,
        hits / bad
    );
}
