//! The job: settings, registry and tickets; train, publish the baselines, report.

use std::time::Duration;

use super::keep::is_away;
use super::report::report;
use super::{SeriesSettings, TrainedModel, TrainingOutcome, TrainingSettings, Typed, check, run};
use crate::api::backfill::BackfillReport;
use crate::api::baseline::WrittenBaseline;
use crate::api::train::{Split, TrainReport, TrainRequest, TuningRequest};
use crate::api::{Operations, Tickets};
use crate::base::duration;
use crate::config::{Origin, Settings, data_directory};
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::{
    AnswerForm, Catalogue, DataNeed, FitRequest, FixedSettings, Hyperparameters, Kind, SeriesPlan, TypedInstructions, USUAL_VARIANT,
};
use crate::lifecycle::ModelVersion;
use crate::ops::backfill::{self, BackfillSettings, HELD_TICKETS};
use crate::ops::drift::baseline;
use crate::ops::tune::TuningSettings;
use crate::ops::workspace::{Intent, Workspace, field_paths, note, number, place_of, policy};
use crate::ops::{AgeLimit, Resolved, champion};
use crate::registry::{ModelStore, Registry};
use crate::source::TicketSource;

impl Operations<TrainRequest> for Workspace<'_> {
    fn run(&self, request: &TrainRequest) -> Result<TrainReport> {
        let settings = in_force(self, request)?;
        let training = settled(self, &settings, request)?;
        check(&training)?;
        let registry = self.registry(&settings, Intent::Create)?;
        confirm(self, &settings, &training)?;
        // A server that is away is told before anything is read and learned.
        self.check_serving(registry.store(), &training)?;
        if !training.dry_run {
            registry.registration()?.check_experiment(&training.experiment)?;
        }
        let beside = self.source_for_baselines(&settings, &request.tickets)?;
        let tickets = self.tickets(&settings, &request.tickets)?;
        let keeper = || keeper(self, &settings, request);
        let outcome = run(&training, tickets.as_ref(), (registry.registration()?, &keeper), self.progress())?;
        outcome.notes.iter().for_each(|note| self.warn(note.clone()));
        let idle = idle_names(&training, registry.store(), &outcome)?;
        let models = match registry.store().list() {
            // It went away meanwhile: what it has taken is told all the same.
            Err(error) if is_away(&training, registry.store(), &error) => Vec::new(),
            listed => listed?,
        };
        let measured = measure(self, &settings, &training, (&registry, &request.tickets), &outcome)?;
        let published = publish(&registry, beside.as_deref(), &outcome)?;
        let place = request.dry_run.then(|| place_of(&settings, registry.store().location()));
        Ok(TrainReport { backfill_errors: measured, ..report(outcome, &models, (published, idle), place, request.require_gate) })
    }
}

/// The settings in force, with what was typed.
///
/// Errors: those of resolving them; [`ErrorKind::Usage`] where standard input would have to be read twice.
pub(in crate::ops) fn in_force(workspace: &Workspace<'_>, request: &TrainRequest) -> Result<Settings> {
    let mut flags = workspace.flags();
    note(&request.tickets, &mut flags);
    flags.set("window_days", "--window-days", request.window_days);
    flags.set("min_samples", "--min-samples", request.min_samples);
    flags.set("experiment", "--experiment", request.experiment.as_ref());
    flags.set("contamination", "--contamination", request.hyperparameters.contamination);
    flags.set("policy", "--policy", request.policy.as_ref());
    flags.set("backfill_errors", "--backfill-errors", request.backfill_errors.then_some("yes"));
    flags.set("baseline_to_mongodb", "--baseline-to-mongodb", request.baseline_to_mongodb.then_some("yes"));
    let settings = workspace.settings(&flags)?;
    if settings.is_on("backfill_errors")? && settings.text("tickets").is_some_and(|places| places.split(' ').any(|place| place == "-")) {
        return Err(Error::new(ErrorKind::Usage, "--backfill-errors reads the tickets a second time, and standard input is gone by then")
            .hint("name a file: `--tickets FILE`"));
    }
    Ok(settings)
}

/// What is asked of the training, with every setting read.
///
/// Errors: [`ErrorKind::Usage`] for words that do not go together; those of reading settings and the policy.
pub(in crate::ops) fn settled(workspace: &Workspace<'_>, settings: &Settings, request: &TrainRequest) -> Result<TrainingSettings> {
    if let Some(path) = request.keep.as_deref().filter(|path| !path.ends_with(".db")) {
        return Err(Error::new(ErrorKind::Usage, format!("--keep names the file of a registry, which ends in .db, not {path}"))
            .hint("leave it out for the registry of this machine, or write `--keep kept.db`"));
    }
    let catalogue = workspace.kinds().clone();
    let kinds = kinds(&catalogue, request)?;
    if request.name.is_some() && kinds.len() > 1 {
        return Err(Error::new(ErrorKind::Usage, "--name names one model, but several kinds are trained")
            .hint(format!("add {}", catalogue.model_flags())));
    }
    if let Some(name) = &request.name {
        crate::lifecycle::check_name(name)
            .map_err(|why| Error::new(ErrorKind::Usage, format!("'{name}' cannot be a model's name: {why}")))?;
    }
    let fields = field_paths(settings)?;
    Ok(TrainingSettings {
        fit: FitRequest {
            features: request.features.clone().unwrap_or_else(|| FitRequest::default().features),
            fields: fields.configuration(),
            variant: request.variant.clone().unwrap_or_else(|| USUAL_VARIANT.to_owned()),
            hyperparameters: Hyperparameters { contamination: settings.parse("contamination")?, ..request.hyperparameters.clone() },
            tuned: None,
        },
        series: series_settings(settings, request)?,
        are_named: !request.models.is_empty(),
        typed: Typed {
            hyperparameters: request.hyperparameters.clone(),
            variant: request.variant.is_some(),
            permutation: request.permutation,
            backfill_errors: request.backfill_errors,
            features: request.features.is_some(),
            split: request.split != Split::default(),
            tuning: request.tuning.is_some(),
            labels: request.typed.label.is_some() || request.typed.status.is_some() || request.typed.zero_durations.is_some(),
        },
        fixed: FixedSettings { features: request.features.is_some(), algorithm: request.hyperparameters.algorithm.is_some() },
        catalogue,
        kinds,
        name: request.name.clone(),
        experiment: settings.text("experiment").unwrap_or_default().to_owned(),
        window_days: number(settings, "window_days")?,
        as_of: request.as_of.map(|time| time.0),
        min_samples: settings.parse("min_samples")?.unwrap_or(100),
        max_age: AgeLimit::of(settings, number(settings, "window_days")?)?,
        labels: request.labels.clone(),
        permutation: request.permutation,
        tuning: request.tuning.as_ref().map(|tuning| tuning_settings(tuning, request.dry_run)).transpose()?,
        split: request.split,
        seed: request.seed,
        threads: crate::ops::threads(request.threads),
        policy: policy(workspace.kinds(), settings)?,
        promote_if_better: request.promote_if_better,
        dry_run: request.dry_run,
        fields,
        actor: workspace.actor(),
        reason: workspace.reason(),
    })
}

/// The kinds that are asked for, each once, in the order in which they are named; of kinds that forecast those of the horizons
/// that are named.
///
/// Errors: [`ErrorKind::Usage`] for a word that is none, and for a horizon of no kind that is named.
fn kinds(catalogue: &Catalogue, request: &TrainRequest) -> Result<Vec<Kind>> {
    let mut kinds = if request.models.is_empty() { catalogue.usual() } else { Vec::new() };
    for word in &request.models {
        let behind = catalogue.trained_as(word);
        if behind.is_empty() {
            let error = Error::new(ErrorKind::Usage, format!("'{word}' is no kind of model"));
            return Err(error.hint(format!("add {}", catalogue.model_flags())));
        }
        let new: Vec<Kind> = behind.into_iter().filter(|kind| !kinds.contains(kind)).collect();
        kinds.extend(new);
    }
    let horizon = |kind: &Kind| match kind.needs() {
        DataNeed::Series(plan) => Some(Duration::from_millis(plan.horizon_ms.unsigned_abs())),
        DataNeed::LabelledTickets | DataNeed::NotTrained => None,
    };
    let known: Vec<Duration> = kinds.iter().filter_map(horizon).collect();
    if let Some(unknown) = request.horizons.iter().find(|asked| !known.contains(asked)) {
        let unknown = duration::in_words(*unknown);
        return Err(match known.is_empty() {
            true => {
                let forecasting = catalogue.trained().find(|kind| horizon(kind).is_some()).and_then(|kind| kind.family());
                let add = forecasting.map_or_else(String::new, |word| format!(", or add `--model {word}`"));
                let message = format!("--horizon {unknown} does nothing: no model that forecasts is trained");
                Error::new(ErrorKind::Usage, message).hint(format!("leave it out{add}"))
            }
            false => {
                let known: Vec<String> = known.iter().map(|length| format!("`--horizon {}m`", length.as_secs() / 60)).collect();
                let message = format!("no model that is trained forecasts {unknown} ahead");
                Error::new(ErrorKind::Usage, message).hint(format!("there are {}", known.join(", ")))
            }
        });
    }
    if !request.horizons.is_empty() {
        kinds.retain(|kind| horizon(kind).is_none_or(|horizon| request.horizons.contains(&horizon)));
    }
    let idle = [("--bucket", request.bucket.is_some()), ("--exclude", !request.exclude.is_empty())];
    if let Some((flag, _)) = idle.into_iter().find(|(_, is_typed)| *is_typed && known.is_empty()) {
        let message = format!("{flag} does nothing: no model that forecasts is trained");
        return Err(Error::new(ErrorKind::Usage, message).hint("leave it out"));
    }
    Ok(kinds)
}

/// The usual value of a setting where nobody said anything else.
fn or_usual<T: std::str::FromStr>(settings: &Settings, key: &str, usual: T) -> Result<T> {
    match settings.get(key).filter(|setting| setting.origin != Origin::Default) {
        None => Ok(usual),
        Some(_) => Ok(settings.parse(key)?.unwrap_or(usual)),
    }
}

/// What kinds that forecast a series are asked for.
fn series_settings(settings: &Settings, request: &TrainRequest) -> Result<SeriesSettings> {
    let window_days = or_usual(settings, "window_days", SeriesPlan::WINDOW_DAYS)?;
    Ok(SeriesSettings {
        window_days,
        min_samples: or_usual(settings, "min_samples", SeriesPlan::MIN_SAMPLES)?,
        max_age: AgeLimit::of(settings, window_days)?,
        exclude: request.exclude.clone(),
        bucket_ms: request.bucket.map(|bucket| i64::try_from(bucket.as_millis()).unwrap_or(i64::MAX)),
    })
}

/// The names that are still without a version that serves, where several were named to be put into service.
///
/// Errors: those of the registry.
fn idle_names(training: &TrainingSettings, registry: &dyn ModelStore, outcome: &TrainingOutcome) -> Result<Vec<String>> {
    if !training.promote_if_better || !training.are_named || training.kinds.len() < 2 {
        return Ok(Vec::new());
    }
    let mut idle = Vec::new();
    for kind in &training.kinds {
        let name = training.name_of(kind);
        let would_serve = outcome.models.iter().any(|model| model.name == name && (model.promoted || model.would_be_promoted));
        let serves = || match champion::serving(registry, &name) {
            // What is not known is not said to serve.
            Err(error) if is_away(training, registry, &error) => Ok(false),
            serving => serving.map(|serving| serving.is_some()),
        };
        if !would_serve && !serves()? {
            idle.push(name);
        }
    }
    Ok(idle)
}

/// How tuning goes on; trials are kept unless nothing may be written.
fn tuning_settings(tuning: &TuningRequest, dry_run: bool) -> Result<TuningSettings> {
    let TuningRequest { trials, minutes } = *tuning;
    if !(minutes > 0.0 && minutes.is_finite()) || trials == 0 {
        let message = format!("{trials} trials in {minutes} minutes is no tuning; both are above 0");
        return Err(Error::new(ErrorKind::Usage, message));
    }
    let folder = if dry_run { None } else { Some(data_directory()?.join("tuning")) };
    Ok(TuningSettings { trials, minutes, folder })
}

/// The registry for what a server that went away could not take.
///
/// Errors: [`ErrorKind::Usage`] for a place that is no file of a registry; those of opening it.
pub(in crate::ops) fn keeper(workspace: &Workspace<'_>, settings: &Settings, request: &TrainRequest) -> Result<Registry> {
    workspace.other_registry(settings, "--keep", request.keep.as_deref().unwrap_or("embedded"), Intent::Create)
}

/// In a protected context learning is a change like any other, and a promotion that may follow an approval that has to be
/// repeated: by the model's name, or by the context's where several models are trained.
///
/// Errors: [`ErrorKind::NotConfirmed`].
pub(in crate::ops) fn confirm(workspace: &Workspace<'_>, settings: &Settings, training: &TrainingSettings) -> Result<()> {
    if training.dry_run {
        return Ok(());
    }
    let names: Vec<String> = training.kinds.iter().map(|kind| training.name_of(kind)).collect();
    let mut days: Vec<String> = Vec::new();
    for kind in &training.kinds {
        let window = if training.plan_of(kind).is_some() { training.series.window_days } else { training.window_days }.to_string();
        if !days.contains(&window) {
            days.push(window);
        }
    }
    let what = format!(
        "train {} on the tickets of {} days and register a version of each{}",
        names.join(" and "),
        days.join(" and "),
        if training.promote_if_better { ", in Production where it is better" } else { "" }
    );
    let word = match (names.as_slice(), &settings.context) {
        ([_, _, ..], Some(context)) => context,
        ([name, ..], _) => name,
        ([], _) => return Ok(()),
    };
    workspace.confirm_where_protected(settings, word, &what).map(drop)
}

/// The errors of the duration model that was registered, on the tickets of the window, where they are asked for.
fn measure(
    workspace: &Workspace<'_>,
    settings: &Settings,
    training: &TrainingSettings,
    (registry, tickets): (&Registry, &Tickets),
    outcome: &TrainingOutcome,
) -> Result<Option<BackfillReport>> {
    if !settings.is_on("backfill_errors")? {
        return Ok(None);
    }
    let registered = |model: &TrainedModel| model.registered.clone().filter(|_| model.kind.answer_form() == AnswerForm::DurationMs);
    let Some(version) = outcome.models.iter().find_map(registered) else { return Ok(None) };
    let backfill = BackfillSettings {
        labels: training.labels.clone(),
        typed: TypedInstructions::default(),
        notes: Vec::new(),
        window_days: training.window_days,
        as_of: training.as_of,
        window: None,
        threads: training.threads,
        replace: true,
        held_tickets: HELD_TICKETS,
    };
    let version = Resolved { version, chosen_as: "just trained".into() };
    let source = workspace.tickets(settings, tickets)?;
    let place = place_of(settings, registry.store().location());
    let models = (registry.store(), workspace.kinds());
    backfill::measure(models, place, source, version, &backfill, workspace.reason(), workspace.progress()).map(Some)
}

/// Writes the baselines of the new versions beside the tickets, where that is asked for. The duration model's comes
/// last: the running system reads the latest, and wants an error in it.
fn publish(registry: &Registry, beside: Option<&dyn TicketSource>, outcome: &TrainingOutcome) -> Result<Vec<WrittenBaseline>> {
    let Some(source) = beside else { return Ok(Vec::new()) };
    let mut models: Vec<&TrainedModel> = outcome.models.iter().collect();
    models.sort_by_key(|model| model.kind.answer_form() == AnswerForm::DurationMs);
    let versions: Vec<ModelVersion> = models.into_iter().filter_map(|model| model.registered.clone()).collect();
    baseline::publish(registry, &versions, source.require_baselines()?)
}
