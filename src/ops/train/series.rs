//! Training of kinds that forecast a series: count the tickets once, try forecasts of the past, judge, compare, register.

use std::time::{Duration, Instant};

use super::{Made, TrainedModel, TrainingOutcome, TrainingSettings, conclude, gate};
use crate::api::Progress;
use crate::base::duration::in_words;
use crate::base::time::MS_PER_DAY;
use crate::base::{number, sha256_hex};
use crate::error::{Error, ErrorKind, Result};
use crate::features::FeatureSchema;
use crate::forecast::{MOST_STEPS, Measure, Series, Trial};
use crate::kinds::{Identity, Kind, ModelCard, PACKAGE_FORMAT, Samples, SeriesModel, SeriesPlan, Training, package};
use crate::lifecycle::RunDataset;
use crate::ops::forecast::tickets::{self, CountedTickets};
use crate::ops::forecast::{Span, exclude};
use crate::ops::register::Registrable;
use crate::ops::train::OpenKeeper;
use crate::ops::{champion, learned_from};
use crate::registry::Registration;
use crate::source::TicketSource;
use crate::ticket::Window;

/// What these kinds count.
const MEASURE: Measure = Measure::Arrivals;

/// Refuses buckets that make no horizon, before anything is read.
///
/// Errors: [`ErrorKind::Usage`].
pub(super) fn check(request: &TrainingSettings) -> Result<()> {
    let words = |ms: i64| in_words(Duration::from_millis(ms.unsigned_abs()));
    for plan in request.kinds.iter().filter_map(|kind| request.plan_of(kind)) {
        let SeriesPlan { horizon_ms, bucket_ms } = plan;
        let refused = |why: &str| {
            let message = format!("--bucket is {}, {why} a horizon of {}", words(bucket_ms), words(horizon_ms));
            Err(Error::new(ErrorKind::Usage, message)
                .hint("such as `--bucket 5m`, or train one horizon by itself: `--horizon 1440m --bucket 1h`"))
        };
        if !(60_000..=MS_PER_DAY).contains(&bucket_ms) || bucket_ms % 60_000 != 0 {
            let message = format!("--bucket is {}, and a bucket has whole minutes, from one to a day", words(bucket_ms));
            return Err(Error::new(ErrorKind::Usage, message).hint("such as `--bucket 5m` or `--bucket 1h`"));
        }
        if bucket_ms > horizon_ms {
            return refused("longer than");
        }
        if horizon_ms % bucket_ms != 0 {
            return refused("and no number of them make");
        }
        if plan.steps() > MOST_STEPS {
            return refused("and too many of them make");
        }
    }
    Ok(())
}

/// The tickets of all kinds, counted.
struct Counted {
    tickets: CountedTickets,
    /// Milliseconds since the epoch.
    started_at: i64,
}

/// Trains these kinds on the same tickets.
///
/// Errors: those of reading; [`ErrorKind::NotEnoughData`] for fewer tickets than are wanted.
pub(super) fn train_all(
    request: &TrainingSettings,
    kinds: &[Kind],
    source: &dyn TicketSource,
    (registry, keeper): (&dyn Registration, OpenKeeper<'_>),
    progress: &dyn Progress,
    outcome: &mut TrainingOutcome,
) -> Result<()> {
    let plans: Vec<(&Kind, SeriesPlan)> = kinds.iter().filter_map(|kind| Some((kind, request.plan_of(kind)?))).collect();
    let counted = count(request, &plans, source, progress)?;
    let CountedTickets { input, age, .. } = &counted.tickets;
    let window = Window { from_ms: input.series.start_ms, to_ms: input.series.end_ms() };
    outcome.learned_from(window, input.summary.clone(), *age, input.notes.iter().cloned());
    for (kind, plan) in plans {
        match train(request, (kind, plan), &counted, (registry, keeper), progress) {
            Ok(model) => outcome.models.push(model),
            Err(error) => outcome.failures.push((vec![kind.clone()], error)),
        }
    }
    Ok(())
}

/// Counts in the longest buckets of which all plans have whole numbers.
fn count(request: &TrainingSettings, plans: &[(&Kind, SeriesPlan)], source: &dyn TicketSource, progress: &dyn Progress) -> Result<Counted> {
    let started_at = jiff::Timestamp::now().as_millisecond();
    let bucket_ms = plans.iter().map(|(_, plan)| plan.bucket_ms).fold(0, common_divisor);
    let settings = &request.series;
    let window_ms = (settings.window_days * MS_PER_DAY as f64) as i64;
    let span = Span { bucket_ms, window_ms, as_of: request.as_of };
    let mut tickets = tickets::read(MEASURE, &span, settings.max_age, source, progress)?;
    exclude(&mut tickets.input, &settings.exclude)?;
    let used = arrived(&tickets.input.series);
    if used < settings.min_samples as u64 {
        let few = Error::new(ErrorKind::NotEnoughData, format!("Samples: {used}, required: {}", settings.min_samples));
        return Err(few
            .because(&tickets.input.summary)
            .hint(format!("look further back: `--window-days {}`", (settings.window_days * 4.0).ceil()))
            .hint(format!("or accept a weaker model: `--min-samples {}`", used.max(1))));
    }
    Ok(Counted { tickets, started_at })
}

fn common_divisor(left: i64, right: i64) -> i64 {
    if right == 0 { left } else { common_divisor(right, left % right) }
}

/// The tickets in the buckets of a series.
fn arrived(series: &Series) -> u64 {
    series.values.iter().filter(|value| value.is_finite()).sum::<f64>() as u64
}

fn train(
    request: &TrainingSettings,
    (kind, plan): (&Kind, SeriesPlan),
    counted: &Counted,
    (registry, keeper): (&dyn Registration, OpenKeeper<'_>),
    progress: &dyn Progress,
) -> Result<TrainedModel> {
    let name = request.name_of(kind);
    let fine = &counted.tickets.input.series;
    let series = fine.summed((plan.bucket_ms / fine.step_ms) as usize);
    let started = Instant::now();
    progress.begin(&kind.step(&request.fit).0, None);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(request.threads).build();
    let pool = pool.map_err(|error| Error::new(ErrorKind::Internal, "cannot start threads").because(error))?;
    let learned = pool.install(|| SeriesModel::train(MEASURE, &series, plan, SeriesPlan::ORIGINS));
    let (model, tried) = learned.map_err(|error| error.because(&counted.tickets.input.summary))?;
    let fit_seconds = started.elapsed().as_secs_f64();
    let samples = samples(&series, &model, &tried, counted);
    let metrics = model.metrics();
    let card = ModelCard {
        format: PACKAGE_FORMAT,
        kind: kind.word().to_owned(),
        variant: request.fit.variant.clone(),
        schema: FeatureSchema::none(),
        schema_fingerprint: FeatureSchema::none().fingerprint(),
        gate: gate(request, registry, kind, (&metrics, samples.holdout))?,
        metrics,
        training: Training {
            from: series.start_ms,
            to: series.end_ms(),
            as_of: series.end_ms(),
            holdout_from: tried.times.first().copied().unwrap_or(series.end_ms()),
            samples,
            synthetic: counted.tickets.quality.synthetic() > 0,
            seed: request.seed,
            split: "time".into(),
            tickets_sha256: None,
        },
        importances: Vec::new(),
        instructions: None,
        own: model.card()?,
    };
    progress.finish(&format!("trained {name} in {fit_seconds:.1} s"));
    let compared = champion::compare_series(registry, (kind, &name), &model, &tried);
    let registrable = RegistrableSeries { model: &model, places: &counted.tickets.places, series: &series };
    let window_days = request.series.window_days;
    let made = Made { name: &name, kind, card: &card, model: &registrable, window_days, started_at: counted.started_at };
    let fate = conclude(request, (registry, keeper), &made, compared)?;
    Ok(TrainedModel {
        kind: kind.clone(),
        card,
        comparison: fate.comparison,
        registered: fate.registered,
        kept: fate.kept,
        promoted: fate.promoted,
        would_be_promoted: fate.would_be_promoted,
        held_back: fate.held_back,
        fit_seconds,
        tuning: None,
        permutation: Vec::new(),
        series: Some(model),
        name,
    })
}

/// Tickets as they were read and counted; what taught and what judged are buckets.
fn samples(series: &Series, model: &SeriesModel, tried: &Trial, counted: &Counted) -> Samples {
    let quality = &counted.tickets.quality;
    let judged_from = tried.times.first().copied().unwrap_or(series.end_ms());
    let taught = series.values.iter().enumerate().filter(|(index, value)| value.is_finite() && series.time_ms(*index) < judged_from);
    Samples {
        read: quality.read(),
        used: arrived(series),
        train: taught.count() as u64,
        holdout: model.forecaster.errors.count,
        refused: quality.refused().map(|(reason, count)| (reason.to_owned(), count)).collect(),
        labels: Default::default(),
    }
}

/// A forecaster with the series that taught it, as it is registered.
struct RegistrableSeries<'a> {
    model: &'a SeriesModel,
    /// Where the tickets are, without secrets.
    places: &'a [String],
    series: &'a Series,
}

impl Registrable for RegistrableSeries<'_> {
    fn params(&self) -> Vec<(&'static str, String)> {
        self.model.params()
    }

    fn files(&self, card: &ModelCard, identity: &Identity) -> Result<Vec<(String, Vec<u8>)>> {
        package::series_files(self.model, card, identity)
    }

    fn dataset(&self, card: &ModelCard) -> Result<RunDataset> {
        let counts = self.series.values.iter().flat_map(|value| value.to_bits().to_le_bytes());
        let bytes: Vec<u8> = self.series.start_ms.to_le_bytes().into_iter().chain(counts).collect();
        learned_from::dataset_of(self.places, sha256_hex(&bytes), &card.training)
    }

    fn learned_from(&self, card: &ModelCard) -> String {
        let samples = &card.training.samples;
        let (used, buckets) = (number::count(samples.used), number::count(samples.train));
        format!("{used} tickets in {buckets} buckets, judged on {}", number::count(samples.holdout))
    }
}
