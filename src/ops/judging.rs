//! Registered versions on labelled tickets, each judged only by tickets that it has not learned from.
//!
//! A ticket later than everything that a version's history knows is judged as in service: the statistics that
//! travel with the version, last durations running on. A ticket of the holdout of its training is already in
//! that history; it is judged as it was then, with the statistics learned again from the version's training
//! tickets, which takes that they are among the tickets at hand.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use super::Progress;
use super::load;
use super::reading::{self, ReadRequest};
use crate::error::{Error, ErrorKind, Result};
use crate::features::{FeatureFrame, FeatureSchema, History, Teachers, Teaching, Timeline, build, build_from};
use crate::models::anomaly_rules::RuleStatistics;
use crate::models::{CARD_PATH, ModelCard, ModelKind, anomaly, duration};
use crate::registry::{ModelVersion, Registry};
use crate::source::TicketFiles;
use crate::statistics::percentile::percentile_of_sorted;
use crate::ticket::{LabelRule, Window};
use crate::trees::interval::IntervalModel;
use crate::trees::{Scorer, Task, TreeEnsemble, score};

/// Fewer tickets than this decide nothing.
pub const FEWEST_TICKETS: usize = 30;

/// Rows whose scoring is timed, at most.
const TIMED_ROWS: usize = 2_000;

/// Rows that are scored before the clock runs.
const WARM_UP_ROWS: usize = 200;

/// Which tickets judge.
#[derive(Clone, Debug)]
pub struct JudgeRequest {
    pub labels: LabelRule,
    /// Days of tickets that judge, back from `as_of`; older ones only tell what was known by then.
    pub window_days: f64,
    /// Milliseconds since the epoch; `None` is the newest `created_at`.
    pub as_of: Option<i64>,
    pub threads: usize,
}

/// Labelled tickets, and those of them that are recent enough to judge.
pub struct Judges {
    pub timeline: Timeline,
    pub window: Window,
    /// Rows of the timeline, ascending.
    pub rows: Vec<u32>,
    /// Labelled tickets before the window.
    pub outside_window: usize,
    pub synthetic: bool,
    pub sentence: String,
}

impl Judges {
    /// Reads all tickets.
    ///
    /// Errors: the source's own. Tickets without any outcome are no error: nothing then judges.
    pub fn read(request: &JudgeRequest, source: &mut TicketFiles, progress: &dyn Progress) -> Result<Judges> {
        let everything = ReadRequest { labels: request.labels.clone(), window_days: f64::INFINITY, as_of: request.as_of, min_samples: 0 };
        let reading = reading::read(&everything, source, progress)?;
        let window = Window::back_from(reading.window.to_ms, request.window_days);
        let labelled = reading.timeline.labelled();
        let recent = |row: &u32| window.contains(reading.timeline.facts()[*row as usize].created_at);
        let rows: Vec<u32> = labelled.iter().copied().filter(recent).collect();
        let (synthetic, sentence) = (reading.synthetic(), reading.quality.sentence());
        Ok(Judges { outside_window: labelled.len() - rows.len(), timeline: reading.timeline, window, rows, synthetic, sentence })
    }

    /// Durations in ms of these rows.
    pub fn durations_ms(&self, rows: &[u32]) -> Vec<f64> {
        self.timeline.durations_ms(rows)
    }

    /// Whether each of these rows is an anomaly by the rules.
    pub fn anomalies(&self, rules: &RuleStatistics, rows: &[u32]) -> Vec<bool> {
        let vocabulary = self.timeline.vocabulary();
        rows.iter().map(|&row| rules.is_anomaly(&self.timeline.facts()[row as usize], vocabulary)).collect()
    }

    fn created_at(&self, row: u32) -> i64 {
        self.timeline.facts()[row as usize].created_at
    }
}

/// When a version learned.
#[derive(Clone, Copy, Debug)]
struct Learned {
    from: i64,
    /// The trees know tickets created before this, milliseconds since the epoch.
    until: i64,
    /// Tickets that taught the trees.
    tickets: usize,
    /// The history knows outcomes up to this.
    history_until: i64,
}

/// How a ticket can judge a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// The trees were grown on it.
    Learned,
    /// The history holds its outcome, and the training tickets are not at hand to make it anew.
    InHistory,
    /// As at training.
    Replayed,
    /// As in service.
    InService,
}

/// A version that can be run.
pub struct Runner {
    pub card: ModelCard,
    pub ensemble: TreeEnsemble,
    history: History,
    learned: Learned,
}

impl Runner {
    /// Loads a version that hivectl made.
    ///
    /// Errors: those of [`load::package`].
    pub fn load(registry: &dyn Registry, version: &ModelVersion) -> Result<Runner> {
        let package = load::package(registry, version)?;
        let history = load::history(registry, version)?;
        let training = &package.card.training;
        let by_time = training.split == "time";
        let learned = Learned {
            from: training.from,
            until: if by_time { training.holdout_from } else { training.to + 1 },
            tickets: if by_time { training.samples.train } else { training.samples.used } as usize,
            history_until: history.known_until.unwrap_or(training.as_of),
        };
        Ok(Runner { card: package.card, ensemble: package.ensemble, history, learned })
    }

    /// The rows among `judges` that this version has not learned from, and why the others were left out.
    pub fn fair_rows(&self, judges: &Judges) -> (Vec<u32>, BTreeMap<&'static str, usize>) {
        let replayable = self.can_be_replayed(judges);
        let mut left_out = BTreeMap::new();
        let mut fair = Vec::new();
        for &row in &judges.rows {
            match self.standing(judges.created_at(row), replayable) {
                Standing::Learned => *left_out.entry("learned_from").or_default() += 1,
                Standing::InHistory => *left_out.entry("in_its_history").or_default() += 1,
                Standing::Replayed | Standing::InService => fair.push(row),
            }
        }
        (fair, left_out)
    }

    fn standing(&self, created_at: i64, replayable: bool) -> Standing {
        match created_at {
            at if at < self.learned.until => Standing::Learned,
            at if at > self.learned.history_until => Standing::InService,
            _ if replayable => Standing::Replayed,
            _ => Standing::InHistory,
        }
    }

    /// Whether the tickets that taught the trees are at hand.
    fn can_be_replayed(&self, judges: &Judges) -> bool {
        let learned = &self.learned;
        let at_hand = judges.timeline.facts().iter().filter(|facts| (learned.from..learned.until).contains(&facts.created_at)).count();
        // Tickets created in the same millisecond as the holdout's first may stand on either side.
        learned.tickets > 0 && at_hand * 100 >= learned.tickets * 99
    }

    /// The version's answers for these rows, ascending: durations in ms, or anomaly scores.
    ///
    /// Errors: [`ErrorKind::Internal`] for a row that it has learned from.
    pub fn answers(&self, judges: &Judges, rows: &[u32], threads: usize) -> Result<Answers> {
        let schema = Arc::new(self.card.schema.clone());
        let timeline = judges.timeline.continuing(&self.history);
        let replayable = self.can_be_replayed(judges);
        let mut parts = [Vec::new(), Vec::new()];
        for &row in rows {
            match self.standing(judges.created_at(row), replayable) {
                Standing::Replayed => parts[0].push(row),
                Standing::InService => parts[1].push(row),
                Standing::Learned | Standing::InHistory => {
                    return Err(Error::new(ErrorKind::Internal, "a ticket judges a model that has learned from it"));
                }
            }
        }
        // Holdout and later tickets: every replayed row is earlier than every row in service.
        let frames = [self.frame_as_trained(&schema, &timeline, &parts[0])?, {
            let serving = Teaching::in_service();
            build_from(&schema, &self.history, &timeline, &parts[1], &serving)?
        }];
        let mut scores = Vec::with_capacity(rows.len());
        for frame in &frames {
            scores.extend(score(&self.ensemble, &frame.columns()?, threads)?);
        }
        let examples = (0..2).flat_map(|part| (0..frames[part].rows()).map(move |row| (part, row)));
        let examples: Vec<Vec<f32>> = examples.take(TIMED_ROWS).map(|(part, row)| frames[part].row(row)).collect();
        Ok(Answers { scores, examples })
    }

    /// The features as the version's own training made them: statistics and last durations begin with its
    /// first ticket, and the statistics end with the last that taught the trees.
    fn frame_as_trained(&self, schema: &Arc<FeatureSchema>, timeline: &Timeline, rows: &[u32]) -> Result<FeatureFrame> {
        let Learned { from, until, .. } = self.learned;
        let marks =
            |unknown: &dyn Fn(i64) -> bool| Teachers::Unmarked(timeline.facts().iter().map(|facts| unknown(facts.created_at)).collect());
        let teaching = Teaching { statistics: marks(&|at| !(from..until).contains(&at)), recency: marks(&|at| at < from) };
        build(schema, timeline, rows, &teaching)
    }

    /// The metrics of these answers, by the names of the field.
    pub fn metrics(&self, truth: &Truth, answers: &Answers) -> Result<BTreeMap<String, f64>> {
        match truth {
            Truth::Durations(actual) => {
                let mut metrics = duration::metrics(actual, &answers.scores)?;
                if let Some(coverage) = self.card.interval.as_ref().and_then(|interval| interval.coverage(&answers.scores, actual)) {
                    metrics.insert("interval_coverage".into(), coverage);
                    metrics.extend(
                        self.card.interval.iter().map(|interval| ("interval_nominal_coverage".into(), interval.nominal_coverage())),
                    );
                }
                Ok(metrics)
            }
            Truth::Anomalies(labels) => Ok(anomaly::judge(labels, &self.flags(answers)?)),
        }
    }

    /// Which rows the version marks; only of anomaly detectors.
    pub fn flags(&self, answers: &Answers) -> Result<Vec<bool>> {
        anomaly::flags(&self.ensemble, &answers.scores)
    }

    /// What became of these rows, in the sense of this version's kind; anomalies by its own rules.
    pub fn truth(&self, judges: &Judges, rows: &[u32]) -> Result<Truth> {
        match self.card.kind {
            ModelKind::Duration => Ok(Truth::Durations(judges.durations_ms(rows))),
            ModelKind::Anomaly => {
                let rules = self
                    .card
                    .anomaly
                    .as_ref()
                    .ok_or_else(|| Error::new(ErrorKind::BadModelFile, format!("{CARD_PATH} of an anomaly detector holds no rules")))?;
                Ok(Truth::Anomalies(judges.anomalies(rules, rows)))
            }
        }
    }

    /// Share of tickets that the detector's offset was set to mark, where that is known.
    pub fn contamination(&self) -> Option<f64> {
        match &self.ensemble.task {
            Task::Isolation(isolation) => isolation.contamination,
            _ => None,
        }
    }

    /// The prediction interval, where the version has one.
    pub fn interval(&self) -> Option<&IntervalModel> {
        self.card.interval.as_ref()
    }
}

/// What a version says of tickets.
pub struct Answers {
    /// Durations in ms, or anomaly scores; one a row.
    pub scores: Vec<f64>,
    /// Rows of features, for the clock.
    examples: Vec<Vec<f32>>,
}

/// What became of tickets.
pub enum Truth {
    /// In ms.
    Durations(Vec<f64>),
    /// By the platform's rules.
    Anomalies(Vec<bool>),
}

/// How long one row's score takes, in µs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Latency {
    pub p50_us: f64,
    pub p95_us: f64,
    pub p99_us: f64,
    pub rows: usize,
}

/// Times single rows of both models in turn, so that neither has the quieter machine. Features are made
/// beforehand; only the score is timed.
pub fn latencies(models: [(&Runner, &Answers); 2]) -> Result<[Option<Latency>; 2]> {
    let scorers = [Scorer::new(&models[0].0.ensemble)?, Scorer::new(&models[1].0.ensemble)?];
    let examples = models.map(|(_, answers)| &answers.examples);
    let rows = examples[0].len().min(examples[1].len());
    let mut times = [Vec::with_capacity(rows), Vec::with_capacity(rows)];
    for step in 0..rows + WARM_UP_ROWS.min(rows) {
        for model in 0..2 {
            let begun = Instant::now();
            std::hint::black_box(scorers[model].score_row(&examples[model][step % rows]));
            times[model].push(begun.elapsed().as_secs_f64() * 1e6);
        }
    }
    Ok(times.map(|mut times| {
        let mut timed = times.split_off(times.len() - rows);
        timed.sort_unstable_by(f64::total_cmp);
        let at = |percent| percentile_of_sorted(&timed, percent);
        Some(Latency { p50_us: at(50.0)?, p95_us: at(95.0)?, p99_us: at(99.0)?, rows })
    }))
}
