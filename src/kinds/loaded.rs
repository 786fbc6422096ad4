//! A model that can be run: what it is, what it says of tickets, and which tickets may judge it.
//!
//! A ticket later than everything that a version's history knows is judged as in service: the statistics that
//! travel with the version, last durations running on. A ticket of the holdout of its training is already in
//! that history; it is judged as it was then, with the statistics learned again from the version's training
//! tickets, which takes that they are among the tickets at hand. What a model of another tool has learned
//! from is not recorded: every ticket judges it, with what was known when the ticket was created, and those
//! from before it was registered are told as doubtful.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::answers::Answers;
use super::card::ModelCard;
use super::catalogue::{Catalogue, Kind};
use super::chunks::Chunks;
use super::estimator::{Estimator, RowPredictor};
use super::external::External;
use super::instructions::{Instructions, TypedInstructions, settle};
use super::known_tickets::digest;
use super::package::HISTORY_PATH;
use super::prediction::Prediction;
use crate::error::{Error, ErrorKind, Result};
use crate::features::{
    EncodedTicket, FeatureFrame, FeatureSchema, History, HistoryPolicy, Timeline, TrainingMask, build, build_from, row_of,
};
use crate::ticket::{FieldPaths, LabelRule, Ticket, TicketOutcome};
use crate::trees::WithoutPart;

/// Rows of features kept with answers, for the clock, at most.
const TIMED_ROWS: usize = 2_000;

/// The files of a package, wherever they are.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use hivectl::error::{Error, ErrorKind, Result};
/// use hivectl::kinds::PackageFiles;
///
/// struct InMemory(BTreeMap<String, Vec<u8>>);
///
/// impl PackageFiles for InMemory {
///     fn label(&self) -> String {
///         "m@1".into()
///     }
///
///     fn holds(&self, path: &str) -> bool {
///         self.0.contains_key(path)
///     }
///
///     fn read(&self, path: &str) -> Result<Vec<u8>> {
///         self.0.get(path).cloned().ok_or_else(|| Error::new(ErrorKind::FileNotFound, format!("no {path} in {}", self.label())))
///     }
/// }
///
/// let files = InMemory(BTreeMap::from([("model.pkl".into(), vec![0x80])]));
/// assert_eq!((files.read("model.pkl")?, files.holds("MLmodel")), (vec![0x80], false));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
pub trait PackageFiles {
    /// `NAME@VERSION`, for messages.
    fn label(&self) -> String;

    /// Whether a file was recorded under this path.
    fn holds(&self, path: &str) -> bool;

    /// The bytes, verified against their digest.
    ///
    /// Errors: those of the registry.
    fn read(&self, path: &str) -> Result<Vec<u8>>;
}

/// What a model is.
///
/// ```
/// use hivectl::kinds::{Catalogue, LoadedModel, external::adopt};
/// # use hivectl::features::FeatureSchema;
/// # use hivectl::trees::{EnsembleTask, Tree, TreeEnsemble};
/// # let leaf = Tree {
/// #     feature: vec![0], threshold: vec![0.0], left: vec![Tree::LEAF], right: vec![Tree::LEAF], missing_left: vec![false],
/// #     value: vec![60_000.0], rows: vec![1], weight: vec![1.0], impurity: vec![0.0], gain: vec![0.0], categorical: Vec::new(),
/// # };
/// # let trees = TreeEnsemble::averaged(EnsembleTask::Regression, FeatureSchema::reference().names(), 1, vec![leaf]);
/// # let model = LoadedModel::external(adopt(&Catalogue::all(), trees, "model.pkl of m@1")?, 0);
/// let info = model.info();
/// assert_eq!((info.kind.word(), info.schema.len(), info.trained_to), ("duration", 15, None));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ModelInfo {
    pub kind: Kind,
    pub schema: FeatureSchema,
    /// By the names of the field, as its card says; `None` for a model of another tool.
    pub card_metrics: Option<BTreeMap<String, f64>>,
    /// Last `created_at` of the training's tickets, milliseconds since the epoch; `None` where not recorded.
    pub trained_to: Option<i64>,
    /// The trees name no features; their number alone says what they are.
    pub features_assumed: bool,
    /// What training was told; `None` where that is not recorded.
    pub instructions: Option<Instructions>,
}

impl ModelInfo {
    /// What holds for the tickets of the model that is called `label`: its own word where it has one, else what was
    /// asked for. A model of another tool has none, and that is no news.
    ///
    /// Errors: those of [`Instructions::settle`].
    pub fn settle(
        &self,
        label: &str,
        asked: (&LabelRule, &TypedInstructions),
        labels_may_differ: bool,
    ) -> Result<(Option<FieldPaths>, LabelRule, Vec<String>)> {
        let recorded = self.card_metrics.as_ref().map(|_| self.instructions.as_ref());
        settle(recorded, label, asked, labels_may_differ)
    }
}

/// When a model learned.
#[derive(Clone, Debug)]
struct TrainingSpan {
    from: i64,
    /// The trees know tickets created before this, milliseconds since the epoch.
    until: i64,
    /// Tickets that taught the trees.
    tickets: usize,
    /// Their digest.
    sha256: Option<String>,
    /// The history knows outcomes up to this.
    history_until: i64,
}

/// How a ticket can judge a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exposure {
    /// The trees were grown on it.
    Learned,
    /// The history holds its outcome, and the training tickets are not at hand to make it anew.
    InHistory,
    /// As at training.
    Replayed,
    /// As in service.
    InService,
}

/// A model that can be run.
///
/// ```
/// use hivectl::kinds::{Catalogue, LoadedModel, PredictedValue, external::adopt};
/// use hivectl::ticket::Ticket;
/// # use hivectl::features::FeatureSchema;
/// # use hivectl::trees::{EnsembleTask, Tree, TreeEnsemble};
/// # let leaf = Tree {
/// #     feature: vec![0], threshold: vec![0.0], left: vec![Tree::LEAF], right: vec![Tree::LEAF], missing_left: vec![false],
/// #     value: vec![60_000.0], rows: vec![1], weight: vec![1.0], impurity: vec![0.0], gain: vec![0.0], categorical: Vec::new(),
/// # };
/// # let trees = TreeEnsemble::averaged(EnsembleTask::Regression, FeatureSchema::reference().names(), 1, vec![leaf]);
/// // The only leaf of the only tree holds a minute.
/// let model = LoadedModel::external(adopt(&Catalogue::all(), trees, "model.pkl of m@1")?, 0);
/// let prediction = model.predictor(false)?.predict(&Ticket::default(), None)?;
/// assert_eq!(prediction.values[0], PredictedValue::Number(Some(60_000.0)));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
pub struct LoadedModel {
    info: ModelInfo,
    history: History,
    span: Option<TrainingSpan>,
    /// Milliseconds since the epoch.
    registered_at: i64,
    estimator: Box<dyn Estimator>,
}

/// What a model says of tickets.
///
/// ```
/// use hivectl::features::TicketTable;
/// use hivectl::kinds::{Catalogue, LoadedModel, external::adopt};
/// use hivectl::ticket::Ticket;
/// # use hivectl::features::FeatureSchema;
/// # use hivectl::trees::{EnsembleTask, Tree, TreeEnsemble};
/// # let leaf = Tree {
/// #     feature: vec![0], threshold: vec![0.0], left: vec![Tree::LEAF], right: vec![Tree::LEAF], missing_left: vec![false],
/// #     value: vec![60_000.0], rows: vec![1], weight: vec![1.0], impurity: vec![0.0], gain: vec![0.0], categorical: Vec::new(),
/// # };
/// # let trees = TreeEnsemble::averaged(EnsembleTask::Regression, FeatureSchema::reference().names(), 1, vec![leaf]);
/// # let model = LoadedModel::external(adopt(&Catalogue::all(), trees, "model.pkl of m@1")?, 0);
/// let mut table = TicketTable::default();
/// table.push(&Ticket { created_at: Some(1_000), ..Ticket::default() }, None);
/// let scores = model.scores(&table.into_timeline(), &[0], 1)?;
/// assert_eq!((scores.values, scores.examples[0].len()), (vec![60_000.0], 15));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
pub struct Scores {
    /// Durations in ms, or scores of an anomaly detector; one a row.
    pub values: Vec<f64>,
    /// Rows of features, for the clock.
    pub examples: Vec<Vec<f32>>,
}

impl LoadedModel {
    /// Loads a package of hivectl's own.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] for a kind that the catalogue does not hold and for damage,
    /// [`ErrorKind::SchemaMismatch`], and those of reading.
    pub fn own(kinds: &Catalogue, card: ModelCard, files: &dyn PackageFiles, registered_at: i64) -> Result<LoadedModel> {
        let kind = kinds.require(&card.kind)?.clone();
        let estimator = kind.load(&card, files)?;
        let history: History = serde_json::from_slice(&files.read(HISTORY_PATH)?)
            .map_err(|error| Error::new(ErrorKind::BadModelFile, format!("{HISTORY_PATH} is no history")).because(error))?;
        let training = &card.training;
        let until = training.trees_until();
        let span = TrainingSpan {
            from: training.from,
            until,
            tickets: if training.split == "time" { training.samples.train } else { training.samples.used } as usize,
            sha256: training.tickets_sha256.clone(),
            history_until: history.known_until.unwrap_or(training.as_of),
        };
        let info = ModelInfo {
            kind,
            trained_to: Some(training.to),
            features_assumed: false,
            card_metrics: Some(card.metrics),
            schema: card.schema,
            instructions: card.instructions,
        };
        Ok(LoadedModel { info, history, span: Some(span), registered_at, estimator })
    }

    /// A model that another tool made. What it had learned of earlier tickets is not recorded, so its features say
    /// that nothing is known.
    pub fn external(external: External, registered_at: i64) -> LoadedModel {
        let External { kind, schema, estimator, features_assumed } = external;
        let history = History::new(&schema);
        let info = ModelInfo { kind, schema, card_metrics: None, trained_to: None, features_assumed, instructions: None };
        LoadedModel { info, history, span: None, registered_at, estimator }
    }

    /// What it is.
    pub fn info(&self) -> &ModelInfo {
        &self.info
    }

    /// What differs from kind to kind.
    pub fn estimator(&self) -> &dyn Estimator {
        self.estimator.as_ref()
    }

    /// Whether it asks for tickets that have ended.
    pub fn needs_outcome(&self) -> bool {
        self.info.schema.needs_outcome()
    }

    /// The features that it sees of a ticket: what its history knew at the end of training.
    pub fn row(&self, ticket: &Ticket, outcome: Option<&TicketOutcome>) -> Vec<f32> {
        let mut encoded = EncodedTicket::look_up(ticket, self.history.vocabulary());
        if let Some(outcome) = outcome {
            encoded.duration_ms = outcome.duration_ms;
        }
        row_of(&self.info.schema, &self.history, &encoded)
    }

    /// What it says of tickets, prepared once.
    ///
    /// Errors: those of preparing.
    pub fn predictor(&self, explain: bool) -> Result<Predictor<'_>> {
        Ok(Predictor { model: self, row: self.estimator.predictor(&self.info.schema, explain)? })
    }

    /// The features of the used tickets of a later training, as this model sees them.
    ///
    /// Errors: those of building features.
    pub fn frame_of(&self, data: &super::TrainingData) -> Result<FeatureFrame> {
        data.frame_continuing(&Arc::new(self.info.schema.clone()), &self.history)
    }

    /// How many of these rows it may have learned from, because what it learned from is not recorded and they are
    /// older than it.
    pub fn doubtful_rows(&self, timeline: &Timeline, rows: &[u32]) -> usize {
        if self.span.is_some() {
            return 0;
        }
        rows.iter().filter(|&&row| created_at(timeline, row) <= self.registered_at).count()
    }

    /// The rows that it has not learned from, and why the others were left out.
    pub fn unseen_rows(&self, timeline: &Timeline, rows: &[u32]) -> (Vec<u32>, BTreeMap<&'static str, usize>) {
        let replayable = self.can_be_replayed(timeline);
        let mut left_out = BTreeMap::new();
        let mut unseen = Vec::new();
        let mut older = None;
        for &row in rows {
            match self.exposure(created_at(timeline, row), replayable) {
                Exposure::Learned => {
                    let reason = older.get_or_insert_with(|| self.reason_of_older(timeline));
                    *left_out.entry(*reason).or_default() += 1;
                }
                Exposure::InHistory => *left_out.entry("in_its_history").or_default() += 1,
                Exposure::Replayed | Exposure::InService => unseen.push(row),
            }
        }
        (unseen, left_out)
    }

    /// Why tickets from the time of its training do not judge it: `learned_from` where the digest says that they taught
    /// it, else only that they are older. That the trees know others of that time is no less a reason.
    fn reason_of_older(&self, timeline: &Timeline) -> &'static str {
        let is_known = |span: &TrainingSpan| span.sha256.as_ref() == Some(&digest(timeline, span.from, span.until));
        if self.span.as_ref().is_some_and(is_known) { "learned_from" } else { "older_than_training" }
    }

    /// Whether the trees were grown on tickets as old as this row or older.
    pub fn has_learned_from(&self, timeline: &Timeline, row: u32) -> bool {
        self.exposure(created_at(timeline, row), true) == Exposure::Learned
    }

    fn exposure(&self, created_at: i64, replayable: bool) -> Exposure {
        let Some(span) = &self.span else { return Exposure::Replayed };
        match created_at {
            at if at < span.until => Exposure::Learned,
            at if at > span.history_until => Exposure::InService,
            _ if replayable => Exposure::Replayed,
            _ => Exposure::InHistory,
        }
    }

    /// Whether the tickets that taught the trees are at hand.
    fn can_be_replayed(&self, timeline: &Timeline) -> bool {
        let Some(span) = &self.span else { return true };
        let at_hand = timeline.tickets().iter().filter(|encoded| (span.from..span.until).contains(&encoded.created_at)).count();
        // Tickets created in the same millisecond as the holdout's first may stand on either side.
        span.tickets > 0 && at_hand * 100 >= span.tickets * 99
    }

    /// What it says of these rows, ascending, each as it could be said then.
    ///
    /// Errors: [`ErrorKind::Internal`] for a row that it has learned from.
    pub fn scores(&self, timeline: &Timeline, rows: &[u32], threads: usize) -> Result<Scores> {
        self.scores_of(&self.frames(timeline, rows)?, threads)
    }

    /// The same, and in the form that its kind answers in, with what each part of its trees has in it.
    ///
    /// Errors: those of [`LoadedModel::scores`].
    pub fn answers(&self, timeline: &Timeline, rows: &[u32], threads: usize) -> Result<(Scores, Answers)> {
        let frames = self.frames(timeline, rows)?;
        let scores = self.scores_of(&frames, threads)?;
        let mut without: Vec<WithoutPart> = Vec::new();
        for frame in frames.iter().filter(|frame| frame.rows() > 0) {
            let parts = self.estimator.scores_without_parts(&frame.columns()?, threads)?;
            if without.is_empty() {
                without = parts;
            } else {
                without.iter_mut().zip(parts).for_each(|(before, after)| before.answers.extend(after.answers));
            }
        }
        let answers = Answers::of(&scores.values, &without, |scores| self.estimator.outcomes(scores))?;
        Ok((scores, answers))
    }

    fn scores_of(&self, frames: &[FeatureFrame; 2], threads: usize) -> Result<Scores> {
        let mut values = Vec::with_capacity(frames.iter().map(FeatureFrame::rows).sum());
        for frame in frames {
            values.extend(self.estimator.scores(&frame.columns()?, threads)?);
        }
        let examples = (0..2).flat_map(|part| (0..frames[part].rows()).map(move |row| (part, row)));
        let examples: Vec<Vec<f32>> = examples.take(TIMED_ROWS).map(|(part, row)| frames[part].row(row)).collect();
        Ok(Scores { values, examples })
    }

    /// The features of rows that are replayed, and of those in service.
    fn frames(&self, timeline: &Timeline, rows: &[u32]) -> Result<[FeatureFrame; 2]> {
        let schema = Arc::new(self.info.schema.clone());
        let continued = timeline.continuing(&self.history);
        let replayable = self.can_be_replayed(timeline);
        let mut parts = [Vec::new(), Vec::new()];
        for &row in rows {
            match self.exposure(created_at(timeline, row), replayable) {
                Exposure::Replayed => parts[0].push(row),
                Exposure::InService => parts[1].push(row),
                Exposure::Learned | Exposure::InHistory => {
                    return Err(Error::new(ErrorKind::Internal, "a ticket judges a model that has learned from it"));
                }
            }
        }
        // Holdout and later tickets: every replayed row is earlier than every row in service.
        Ok([
            self.frame_as_trained(&schema, &continued, &parts[0])?,
            build_from(&schema, &self.history, &continued, &parts[1], &HistoryPolicy::in_service())?,
        ])
    }

    /// The last moment whose outcomes the history that travels with the model knows, milliseconds since the epoch;
    /// the end of time where that is not recorded.
    pub(super) fn history_until(&self) -> i64 {
        self.span.as_ref().map_or(i64::MAX, |span| span.history_until)
    }

    /// When the first ticket was created that it learned from, milliseconds since the epoch.
    pub fn learned_from(&self) -> Option<i64> {
        self.span.as_ref().map(|span| span.from)
    }

    /// Since when every ticket is new to the trees, milliseconds since the epoch; the beginning of time where that
    /// is not recorded.
    pub fn learned_until(&self) -> i64 {
        self.span.as_ref().map_or(i64::MIN, |span| span.until)
    }

    /// What it says of tickets that come chunk of time by chunk of time.
    pub fn chunks(&self) -> Chunks<'_> {
        let schema = &self.info.schema;
        Chunks { model: self, schema: Arc::new(schema.clone()), known: History::new(schema), served: self.history.clone() }
    }

    /// The features as the model's own training made them: statistics and last durations begin with its
    /// first ticket, and the statistics end with the last that taught the trees. Where that is not recorded,
    /// as they were known when each ticket was created.
    fn frame_as_trained(&self, schema: &Arc<FeatureSchema>, timeline: &Timeline, rows: &[u32]) -> Result<FeatureFrame> {
        let Some(&TrainingSpan { from, until, .. }) = self.span.as_ref() else {
            return build(schema, timeline, rows, &HistoryPolicy::default());
        };
        let marks = |unknown: &dyn Fn(i64) -> bool| {
            TrainingMask::Except(timeline.tickets().iter().map(|encoded| unknown(encoded.created_at)).collect())
        };
        let policy = HistoryPolicy { statistics: marks(&|at| !(from..until).contains(&at)), recency: marks(&|at| at < from) };
        build(schema, timeline, rows, &policy)
    }
}

fn created_at(timeline: &Timeline, row: u32) -> i64 {
    timeline.tickets()[row as usize].created_at
}

/// A model with all that its answers need.
///
/// ```
/// use hivectl::kinds::{Catalogue, LoadedModel, external::adopt};
/// use hivectl::ticket::Ticket;
/// # use hivectl::features::FeatureSchema;
/// # use hivectl::trees::{EnsembleTask, Tree, TreeEnsemble};
/// # let leaf = Tree {
/// #     feature: vec![0], threshold: vec![0.0], left: vec![Tree::LEAF], right: vec![Tree::LEAF], missing_left: vec![false],
/// #     value: vec![60_000.0], rows: vec![1], weight: vec![1.0], impurity: vec![0.0], gain: vec![0.0], categorical: Vec::new(),
/// # };
/// # let trees = TreeEnsemble::averaged(EnsembleTask::Regression, FeatureSchema::reference().names(), 1, vec![leaf]);
/// # let model = LoadedModel::external(adopt(&Catalogue::all(), trees, "model.pkl of m@1")?, 0);
/// let predictor = model.predictor(true)?;
/// let ticket = Ticket { ticket_id: "t-1".into(), ..Ticket::default() };
/// // A tree that asks nothing gives no reason.
/// let prediction = predictor.predict(&ticket, None)?;
/// assert_eq!((prediction.ticket_id.as_str(), prediction.reasons.len()), ("t-1", 0));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
pub struct Predictor<'a> {
    model: &'a LoadedModel,
    row: Box<RowPredictor<'a>>,
}

impl Predictor<'_> {
    /// What the model says of a ticket.
    ///
    /// Errors: those of explaining.
    pub fn predict(&self, ticket: &Ticket, outcome: Option<&TicketOutcome>) -> Result<Prediction> {
        let (values, reasons) = (self.row)(ticket, &self.model.row(ticket, outcome))?;
        Ok(Prediction { ticket_id: ticket.ticket_id.to_string(), values, reasons })
    }
}
