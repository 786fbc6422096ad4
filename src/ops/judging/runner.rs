//! A version that can be run, and what it answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::foreign;
use super::judges::Judges;
use super::latency::TIMED_ROWS;
use super::stretches::Stretches;
use crate::error::{Error, ErrorKind, Result};
use crate::features::{FeatureFrame, FeatureSchema, History, HistoryPolicy, Timeline, TrainingMask, build, build_from};
use crate::kinds::anomaly_rules::RuleStatistics;
use crate::kinds::{ModelKind, anomaly, duration};
use crate::lifecycle::ModelVersion;
use crate::ops::load;
use crate::registry::ModelStore;
use crate::trees::interval::IntervalModel;
use crate::trees::{EnsembleTask, TreeEnsemble, score};

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
    pub kind: ModelKind,
    pub schema: FeatureSchema,
    pub ensemble: TreeEnsemble,
    /// As recorded at training, by the names of the field.
    pub recorded: BTreeMap<String, f64>,
    /// Last `created_at` of the training's tickets, milliseconds since the epoch; `None` where not recorded.
    pub trained_to: Option<i64>,
    /// The trees name no features; their number alone says what they are.
    pub features_assumed: bool,
    interval: Option<IntervalModel>,
    rules: Option<RuleStatistics>,
    history: History,
    learned: Option<Learned>,
    /// Milliseconds since the epoch.
    registered_at: i64,
}

/// The recorded metrics of a version, each under one name: the running system calls some otherwise.
pub fn recorded_metrics(version: &ModelVersion) -> BTreeMap<String, f64> {
    let mut metrics = version.metrics.clone();
    for (ours, theirs) in [("mae_pct", "mae_percentage"), ("f1", "f1_score")] {
        if let Some(value) = metrics.remove(theirs) {
            metrics.entry(ours.into()).or_insert(value);
        }
    }
    metrics
}

impl Runner {
    /// Loads a version, hivectl's own by its card, another by its trees.
    ///
    /// Errors: those of [`load::package`] and of reading the trees; [`ErrorKind::SchemaMismatch`] for trees
    /// on features that hivectl does not make.
    pub fn load(registry: &dyn ModelStore, version: &ModelVersion) -> Result<Runner> {
        if load::is_own(version) {
            return Runner::own(registry, version);
        }
        let foreign = foreign::load(registry, version)?;
        Ok(Runner {
            kind: foreign.kind,
            recorded: recorded_metrics(version),
            trained_to: None,
            features_assumed: foreign.features_assumed,
            interval: None,
            rules: None,
            history: History::new(&foreign.schema),
            schema: foreign.schema,
            ensemble: foreign.ensemble,
            learned: None,
            registered_at: version.created_at,
        })
    }

    fn own(registry: &dyn ModelStore, version: &ModelVersion) -> Result<Runner> {
        let load::Package { card, ensemble } = load::package(registry, version)?;
        let history = load::history(registry, version)?;
        let training = &card.training;
        let by_time = training.split == "time";
        let learned = Learned {
            from: training.from,
            until: if by_time { training.holdout_from } else { training.to + 1 },
            tickets: if by_time { training.samples.train } else { training.samples.used } as usize,
            history_until: history.known_until.unwrap_or(training.as_of),
        };
        Ok(Runner {
            kind: card.kind,
            // What a package says of itself is a claim where it came by hand.
            recorded: if version.measured_on().is_some() { recorded_metrics(version) } else { card.metrics },
            trained_to: Some(training.to),
            features_assumed: false,
            interval: card.interval,
            rules: card.anomaly,
            history,
            schema: card.schema,
            ensemble,
            learned: Some(learned),
            registered_at: version.created_at,
        })
    }

    /// How many of these rows the version may have learned from, because what it learned from is not recorded
    /// and they are older than it.
    pub fn doubtful_rows(&self, judges: &Judges, rows: &[u32]) -> usize {
        if self.learned.is_some() {
            return 0;
        }
        rows.iter().filter(|&&row| judges.created_at(row) <= self.registered_at).count()
    }

    /// The rows among `judges` that this version has not learned from, and why the others were left out.
    pub fn unseen_rows(&self, judges: &Judges) -> (Vec<u32>, BTreeMap<&'static str, usize>) {
        let replayable = self.can_be_replayed(judges);
        let mut left_out = BTreeMap::new();
        let mut unseen = Vec::new();
        for &row in &judges.rows {
            match self.standing(judges.created_at(row), replayable) {
                Standing::Learned => *left_out.entry("learned_from").or_default() += 1,
                Standing::InHistory => *left_out.entry("in_its_history").or_default() += 1,
                Standing::Replayed | Standing::InService => unseen.push(row),
            }
        }
        (unseen, left_out)
    }

    /// Whether the trees were grown on this row.
    pub fn has_learned_from(&self, judges: &Judges, row: u32) -> bool {
        self.standing(judges.created_at(row), true) == Standing::Learned
    }

    fn standing(&self, created_at: i64, replayable: bool) -> Standing {
        let Some(learned) = &self.learned else { return Standing::Replayed };
        match created_at {
            at if at < learned.until => Standing::Learned,
            at if at > learned.history_until => Standing::InService,
            _ if replayable => Standing::Replayed,
            _ => Standing::InHistory,
        }
    }

    /// Whether the tickets that taught the trees are at hand.
    fn can_be_replayed(&self, judges: &Judges) -> bool {
        let Some(learned) = &self.learned else { return true };
        let at_hand =
            judges.timeline.tickets().iter().filter(|encoded| (learned.from..learned.until).contains(&encoded.created_at)).count();
        // Tickets created in the same millisecond as the holdout's first may stand on either side.
        learned.tickets > 0 && at_hand * 100 >= learned.tickets * 99
    }

    /// The version's answers for these rows, ascending: durations in ms, or anomaly scores.
    ///
    /// Errors: [`ErrorKind::Internal`] for a row that it has learned from.
    pub fn answers(&self, judges: &Judges, rows: &[u32], threads: usize) -> Result<Answers> {
        let schema = Arc::new(self.schema.clone());
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
            let serving = HistoryPolicy::in_service();
            build_from(&schema, &self.history, &timeline, &parts[1], &serving)?
        }];
        let mut scores = Vec::with_capacity(rows.len());
        for frame in &frames {
            scores.extend(match self.kind.tells_durations() {
                true => duration::predictions_ms(&self.ensemble, &frame.columns()?, threads)?,
                false => score(&self.ensemble, &frame.columns()?, threads)?,
            });
        }
        let examples = (0..2).flat_map(|part| (0..frames[part].rows()).map(move |row| (part, row)));
        let examples: Vec<Vec<f32>> = examples.take(TIMED_ROWS).map(|(part, row)| frames[part].row(row)).collect();
        Ok(Answers { scores, examples })
    }

    /// The last moment whose outcomes the history that travels with the version knows, milliseconds since the epoch;
    /// the end of time where that is not recorded.
    pub(super) fn history_until(&self) -> i64 {
        self.learned.map_or(i64::MAX, |learned| learned.history_until)
    }

    /// When the first ticket was created that this version learned from, milliseconds since the epoch.
    pub fn learned_from(&self) -> Option<i64> {
        self.learned.map(|learned| learned.from)
    }

    /// What the version says of tickets that come stretch of time by stretch of time.
    pub fn stretches(&self) -> Stretches<'_> {
        Stretches { runner: self, schema: Arc::new(self.schema.clone()), known: History::new(&self.schema), served: self.history.clone() }
    }

    /// The features as the version's own training made them: statistics and last durations begin with its
    /// first ticket, and the statistics end with the last that taught the trees. Where that is not recorded,
    /// as they were known when each ticket was created.
    fn frame_as_trained(&self, schema: &Arc<FeatureSchema>, timeline: &Timeline, rows: &[u32]) -> Result<FeatureFrame> {
        let Some(Learned { from, until, .. }) = self.learned else { return build(schema, timeline, rows, &HistoryPolicy::default()) };
        let marks = |unknown: &dyn Fn(i64) -> bool| {
            TrainingMask::Except(timeline.tickets().iter().map(|encoded| unknown(encoded.created_at)).collect())
        };
        let policy = HistoryPolicy { statistics: marks(&|at| !(from..until).contains(&at)), recency: marks(&|at| at < from) };
        build(schema, timeline, rows, &policy)
    }

    /// The metrics of these answers, by the names of the field.
    pub fn metrics(&self, truth: &Truth, answers: &Answers) -> Result<BTreeMap<String, f64>> {
        match truth {
            Truth::Durations(actual) => {
                let mut metrics = duration::metrics(actual, &answers.scores)?;
                if let Some(coverage) = self.interval.as_ref().and_then(|interval| interval.coverage(&answers.scores, actual)) {
                    metrics.insert("interval_coverage".into(), coverage);
                    metrics.extend(self.interval.iter().map(|interval| ("interval_nominal_coverage".into(), interval.nominal_coverage())));
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

    /// What became of these rows, in the sense of this version's kind; anomalies by its own rules, and where it
    /// has none by the platform's, learned from all tickets at hand.
    pub fn truth(&self, judges: &Judges, rows: &[u32]) -> Truth {
        match (self.kind, &self.rules) {
            (ModelKind::Duration | ModelKind::Scheduling, _) => Truth::Durations(judges.durations_ms(rows)),
            (ModelKind::Anomaly, Some(rules)) => Truth::Anomalies(judges.anomalies(rules, rows)),
            (ModelKind::Anomaly, None) => {
                let rules = RuleStatistics::learn(judges.timeline.tickets(), judges.timeline.vocabulary());
                Truth::Anomalies(judges.anomalies(&rules, rows))
            }
        }
    }

    /// Whether the version brings its own rules for what an anomaly is.
    pub fn has_rules(&self) -> bool {
        self.rules.is_some()
    }

    /// Share of tickets that the detector's offset was set to mark, where that is known.
    pub fn contamination(&self) -> Option<f64> {
        match &self.ensemble.task {
            EnsembleTask::Isolation(isolation) => isolation.contamination,
            _ => None,
        }
    }

    /// The prediction interval, where the version has one.
    pub fn interval(&self) -> Option<&IntervalModel> {
        self.interval.as_ref()
    }
}

/// What a version says of tickets.
pub struct Answers {
    /// Durations in ms, or anomaly scores; one a row.
    pub scores: Vec<f64>,
    /// Rows of features, for the clock.
    pub(super) examples: Vec<Vec<f32>>,
}

/// What became of tickets.
pub enum Truth {
    /// In ms.
    Durations(Vec<f64>),
    /// By the platform's rules.
    Anomalies(Vec<bool>),
}
