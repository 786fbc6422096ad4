//! Training: read, fit, judge, gate, compare with the champion, register.

mod conclude;
mod job;
mod keep;
mod report;
mod rows;
mod series;
mod unused;

use std::sync::Arc;
use std::time::Instant;

use crate::api::TimeWindow;
use crate::api::train::Split;
use crate::audit::Actor;
use crate::error::{Error, Result};
use crate::features::{FeatureFrame, FeatureSchema, HoldoutSplit};
use crate::kinds::{
    Catalogue, DataNeed, FitRequest, FittedModel, FixedSettings, Instructions, Kind, ModelCard, Outcomes, PACKAGE_FORMAT, Samples,
    SeriesModel, SeriesPlan, Training, TrainingContext, TrainingData, known_tickets,
};
use crate::lifecycle::{ModelVersion, Policy};
use crate::ops::champion::{self, Comparison};
use crate::ops::reading::{self, ReadRequest, Reading};
use crate::ops::tune::{self, TuningOutcome, TuningSettings};
use crate::ops::{AgeLimit, Progress, TicketAge};
use crate::registry::Registration;
use crate::source::TicketSource;
use crate::ticket::{FieldPaths, LabelRule, LabelSource, Window};
use crate::trees::{PermutationImportance, permutation_importances};

use conclude::{Fate, Made, conclude, gate};
pub(in crate::ops) use job::{confirm, in_force, keeper, settled};
pub(in crate::ops) use keep::{Kept, OpenKeeper};
use rows::RowModel;
pub(in crate::ops) use unused::Typed;

/// The latest share of tickets that judges.
pub(in crate::ops) const HOLDOUT_SHARE: f64 = 0.2;

/// Everything that was asked for, the settings resolved.
#[derive(Clone, Debug)]
pub(in crate::ops) struct TrainingSettings {
    /// The kinds that there are.
    pub catalogue: Catalogue,
    /// Those to be trained, at least one.
    pub kinds: Vec<Kind>,
    pub name: Option<String>,
    pub experiment: String,
    pub window_days: f64,
    pub as_of: Option<i64>,
    pub min_samples: usize,
    /// From which age on the newest ticket is too old to learn from.
    pub max_age: AgeLimit,
    pub labels: LabelRule,
    /// What the kinds are asked for.
    pub fit: FitRequest,
    /// What was typed of that which not every kind and algorithm uses.
    pub typed: Typed,
    /// What kinds that forecast a series are asked for.
    pub series: SeriesSettings,
    /// Somebody named the kinds.
    pub are_named: bool,
    /// What of it was asked for by name, so that tuning keeps to it.
    pub fixed: FixedSettings,
    pub split: Split,
    pub seed: u64,
    pub threads: usize,
    pub policy: Policy,
    pub promote_if_better: bool,
    pub dry_run: bool,
    /// Also measure what shuffling each feature costs.
    pub permutation: bool,
    /// Search for better settings first.
    pub tuning: Option<TuningSettings>,
    pub fields: FieldPaths,
    pub actor: Actor,
    pub reason: Option<String>,
}

/// What is asked of kinds that forecast a series.
#[derive(Clone, Debug)]
pub(in crate::ops) struct SeriesSettings {
    pub window_days: f64,
    pub min_samples: usize,
    pub max_age: AgeLimit,
    /// `None` for that of the kind.
    pub bucket_ms: Option<i64>,
    /// Spans that count as not known.
    pub exclude: Vec<TimeWindow>,
}

impl TrainingSettings {
    /// What a kind forecasts; `None` for one that learns from rows.
    pub(in crate::ops) fn plan_of(&self, kind: &Kind) -> Option<SeriesPlan> {
        match kind.needs() {
            DataNeed::Series(plan) => Some(SeriesPlan { bucket_ms: self.series.bucket_ms.unwrap_or(plan.bucket_ms), ..plan }),
            DataNeed::LabelledTickets | DataNeed::NotTrained => None,
        }
    }

    /// The name that a kind is registered under.
    pub(in crate::ops) fn name_of(&self, kind: &Kind) -> String {
        self.name.clone().unwrap_or_else(|| kind.registered_name(&self.fit.variant).to_owned())
    }
}

/// What became of one kind of model.
#[derive(Clone, Debug)]
pub(in crate::ops) struct TrainedModel {
    pub name: String,
    pub kind: Kind,
    pub card: ModelCard,
    /// The champion and the comparison with it, where there is one and both saw the same holdout.
    pub comparison: Option<Comparison>,
    /// `None` in a dry run, and where it is kept elsewhere.
    pub registered: Option<ModelVersion>,
    /// Where it is kept, as its registry went away.
    pub kept: Option<Kept>,
    pub promoted: bool,
    /// A dry run found that it would go into Production.
    pub would_be_promoted: bool,
    /// Why a model that was to be promoted was not.
    pub held_back: Option<String>,
    pub fit_seconds: f64,
    /// What tuning tried; `None` without.
    pub tuning: Option<TuningOutcome>,
    /// What shuffling each feature costs on the tickets that judge, in ms, the dearest first; empty where it was
    /// not asked for, and for anomaly detectors.
    pub permutation: Vec<(String, PermutationImportance)>,
    /// What was learned of a series; `None` for what learned from rows.
    pub series: Option<SeriesModel>,
}

/// What training did.
#[derive(Debug)]
pub(in crate::ops) struct TrainingOutcome {
    pub models: Vec<TrainedModel>,
    /// Kinds that failed for one reason, and why.
    pub failures: Vec<(Vec<Kind>, Error)>,
    /// What was looked at, from the earliest to the latest; `None` where nothing could be read.
    pub window: Option<Window>,
    /// The tickets, a sentence a reading.
    pub sentences: Vec<String>,
    /// Of the newest ticket that was used.
    pub age: Option<TicketAge>,
    /// What is to be told of the tickets, such as that they are old.
    pub notes: Vec<String>,
    pub registry: String,
    pub dry_run: bool,
}

impl TrainingOutcome {
    /// Tells of one reading.
    fn learned_from(&mut self, window: Window, sentence: String, age: Option<TicketAge>, notes: impl IntoIterator<Item = String>) {
        let so_far = self.window.unwrap_or(window);
        self.window = Some(Window { from_ms: so_far.from_ms.min(window.from_ms), to_ms: so_far.to_ms.max(window.to_ms) });
        self.sentences.push(sentence);
        self.age = self.age.or(age);
        for note in notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
    }
}

/// Trains every kind that is asked for. One kind failing leaves the others registered; what a server that went away
/// could not take is kept in the registry of `keeper`. Rows of tickets and a series of them are read apart, each once.
///
/// Errors: those of reading; the failure itself when every kind fails.
pub(in crate::ops) fn run(
    request: &TrainingSettings,
    source: &dyn TicketSource,
    (registry, keeper): (&dyn Registration, OpenKeeper<'_>),
    progress: &dyn Progress,
) -> Result<TrainingOutcome> {
    let mut outcome = TrainingOutcome {
        models: Vec::new(),
        failures: Vec::new(),
        window: None,
        sentences: Vec::new(),
        age: None,
        notes: Vec::new(),
        registry: registry.location(),
        dry_run: request.dry_run,
    };
    let (of_series, of_rows): (Vec<Kind>, Vec<Kind>) = request.kinds.iter().cloned().partition(|kind| request.plan_of(kind).is_some());
    type Group<'g> = (Vec<Kind>, &'g dyn Fn(&[Kind], &mut TrainingOutcome) -> Result<()>);
    let rows = |kinds: &[Kind], outcome: &mut TrainingOutcome| train_rows(request, kinds, source, (registry, keeper), progress, outcome);
    let series =
        |kinds: &[Kind], outcome: &mut TrainingOutcome| series::train_all(request, kinds, source, (registry, keeper), progress, outcome);
    let groups: [Group<'_>; 2] = [(of_rows, &rows), (of_series, &series)];
    for (kinds, train) in groups.into_iter().filter(|(kinds, _)| !kinds.is_empty()) {
        if let Err(error) = train(&kinds, &mut outcome) {
            outcome.failures.push((kinds, error));
        }
    }
    match (outcome.models.is_empty(), outcome.failures.pop()) {
        (true, Some((_, error))) => Err(error),
        (_, failure) => {
            outcome.failures.extend(failure);
            Ok(outcome)
        }
    }
}

/// Trains kinds that learn from rows of tickets.
///
/// Errors: those of reading.
fn train_rows(
    request: &TrainingSettings,
    kinds: &[Kind],
    source: &dyn TicketSource,
    (registry, keeper): (&dyn Registration, OpenKeeper<'_>),
    progress: &dyn Progress,
    outcome: &mut TrainingOutcome,
) -> Result<()> {
    let read = ReadRequest {
        labels: request.labels.clone(),
        window_days: request.window_days,
        as_of: request.as_of,
        min_samples: request.min_samples,
        max_age: Some(request.max_age),
    };
    let reading = reading::read(&read, source, progress)?;
    outcome.learned_from(reading.window, reading.quality.sentence(), reading.age, reading.stale.clone());
    let prepared = Prepared::new(request, reading);
    let mut frames = Frames::default();
    for kind in kinds {
        match train_kind(request, kind, &prepared, &mut frames, (registry, keeper), progress) {
            Ok(model) => outcome.models.push(model),
            Err(error) => outcome.failures.push((vec![kind.clone()], error)),
        }
    }
    Ok(())
}

/// The data of all kinds.
pub(in crate::ops) struct Prepared {
    pub(in crate::ops) data: TrainingData,
    /// Where the tickets are, without secrets.
    places: Vec<String>,
    samples: Samples,
    as_of: i64,
    synthetic: bool,
    /// Milliseconds since the epoch.
    started_at: i64,
}

impl Prepared {
    fn new(request: &TrainingSettings, reading: Reading) -> Prepared {
        let rows = reading.timeline.labelled();
        let split = match request.split {
            Split::Time => HoldoutSplit::by_time(rows.len(), HOLDOUT_SHARE),
            Split::Random => HoldoutSplit::random(rows.len(), HOLDOUT_SHARE, request.seed),
        };
        let samples = Samples {
            read: reading.quality.read(),
            used: reading.quality.used(),
            train: split.train.len() as u64,
            holdout: split.holdout.len() as u64,
            refused: reading.quality.refused().map(|(reason, count)| (reason.to_owned(), count)).collect(),
            labels: [LabelSource::Actual, LabelSource::Derived].map(|source| (source.to_string(), reading.quality.labels(source))).into(),
        };
        Prepared {
            started_at: jiff::Timestamp::now().as_millisecond(),
            as_of: reading.known_until,
            synthetic: reading.synthetic(),
            places: reading.places,
            data: TrainingData { timeline: reading.timeline, rows, split },
            samples,
        }
    }
}

/// Matrices by schema, so that two kinds with the same features share one.
#[derive(Default)]
pub(in crate::ops) struct Frames(Vec<Arc<FeatureFrame>>);

impl Frames {
    pub(in crate::ops) fn get(&mut self, data: &TrainingData, schema: FeatureSchema) -> Result<Arc<FeatureFrame>> {
        let fingerprint = schema.fingerprint();
        if let Some(frame) = self.0.iter().find(|frame| frame.schema().fingerprint() == fingerprint) {
            return Ok(Arc::clone(frame));
        }
        let frame = Arc::new(data.frame(&Arc::new(schema))?);
        self.0.push(Arc::clone(&frame));
        Ok(frame)
    }
}

fn train_kind(
    request: &TrainingSettings,
    kind: &Kind,
    prepared: &Prepared,
    frames: &mut Frames,
    (registry, keeper): (&dyn Registration, OpenKeeper<'_>),
    progress: &dyn Progress,
) -> Result<TrainedModel> {
    let name = request.name_of(kind);
    let tuning = request.tuning.as_ref().map(|tuning| tune::run(tuning, request, kind, &prepared.data, frames, progress)).transpose()?;
    let asked = tuning.as_ref().map_or_else(|| request.fit.clone(), |report| request.fit.with(&report.chosen().candidate));
    let frame = frames.get(&prepared.data, kind.schema(&asked)?)?;
    let started = Instant::now();
    let (step, trees) = kind.step(&asked);
    progress.begin(&step, Some(trees as u64));
    let done = |trees: usize| progress.advance_to(trees as u64);
    let context = TrainingContext { threads: request.threads, seed: request.seed, progress: &done };
    let fitted = kind.fit(&asked, &prepared.data, &frame, &context)?;
    let fit_seconds = started.elapsed().as_secs_f64();
    let permutation = if request.permutation { permutation(request, &prepared.data, &frame, fitted.as_ref())? } else { Vec::new() };
    let card = card(request, (kind, &asked), prepared, &frame, fitted.as_ref(), registry)?;
    progress.finish(&format!("trained {} on {} tickets in {fit_seconds:.1} s", kind.word(), card.training.samples.train));
    let compared = champion::compare(registry, &request.catalogue, (kind, &name), (&prepared.data, &frame), fitted.as_ref());
    let model = RowModel { name: &name, fitted: fitted.as_ref(), data: &prepared.data, places: &prepared.places, frame: &frame };
    let made = Made { name: &name, kind, card: &card, model: &model, window_days: request.window_days, started_at: prepared.started_at };
    let Fate { comparison, registered, kept, promoted, would_be_promoted, held_back } =
        conclude(request, (registry, keeper), &made, compared)?;
    Ok(TrainedModel {
        name,
        kind: kind.clone(),
        card,
        comparison,
        registered,
        kept,
        promoted,
        would_be_promoted,
        held_back,
        fit_seconds,
        tuning,
        permutation,
        series: None,
    })
}

/// Times that each feature is shuffled.
const SHUFFLES: usize = 5;

fn permutation(
    request: &TrainingSettings,
    data: &TrainingData,
    frame: &FeatureFrame,
    fitted: &dyn FittedModel,
) -> Result<Vec<(String, PermutationImportance)>> {
    let (Outcomes::DurationsMs(actual), Some(trees)) = (&fitted.holdout().actual, fitted.trees()) else { return Ok(Vec::new()) };
    let holdout = frame.select(&data.split.holdout);
    let measured = permutation_importances(trees, &holdout.columns()?, actual, SHUFFLES, request.seed, request.threads)?;
    let mut named: Vec<(String, PermutationImportance)> = frame.schema().names().into_iter().zip(measured).collect();
    named.sort_by(|left, right| right.1.mean.total_cmp(&left.1.mean));
    Ok(named)
}

fn card(
    request: &TrainingSettings,
    (kind, asked): (&Kind, &FitRequest),
    prepared: &Prepared,
    frame: &FeatureFrame,
    fitted: &dyn FittedModel,
    registry: &dyn Registration,
) -> Result<ModelCard> {
    let (from, to) = prepared.data.window();
    let mut training = Training {
        from,
        to,
        as_of: prepared.as_of,
        holdout_from: prepared.data.holdout_from(),
        samples: prepared.samples.clone(),
        synthetic: prepared.synthetic,
        seed: request.seed,
        split: request.split.to_string(),
        tickets_sha256: None,
    };
    training.tickets_sha256 = Some(known_tickets::digest(&prepared.data.timeline, from, training.trees_until()));
    Ok(ModelCard {
        format: PACKAGE_FORMAT,
        kind: kind.word().to_owned(),
        variant: asked.variant.clone(),
        schema: frame.schema().as_ref().clone(),
        schema_fingerprint: frame.schema().fingerprint(),
        metrics: fitted.metrics().clone(),
        gate: gate(request, registry, kind, (fitted.metrics(), prepared.samples.holdout))?,
        training,
        importances: fitted.importances().to_vec(),
        instructions: Some(Instructions::of(&asked.features, &request.fields, &request.labels)),
        own: fitted.card()?,
    })
}

/// Refuses a request whose numbers make no sense, or that asks for what nothing that is trained uses, before anything
/// is read.
///
/// Errors: [`ErrorKind::Usage`](crate::error::ErrorKind::Usage).
pub(in crate::ops) fn check(request: &TrainingSettings) -> Result<()> {
    request.kinds.iter().try_for_each(|kind| kind.check(&request.fit))?;
    // Also what no kind that is trained would use.
    request.catalogue.trained().try_for_each(|kind| kind.check(&request.fit))?;
    series::check(request)?;
    unused::check(&request.typed, &request.catalogue, &request.kinds, &request.fit)
}
