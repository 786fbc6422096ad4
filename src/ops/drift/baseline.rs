//! Baselines of versions: made at training, saved later, listed, chosen.

use super::predictions::{self, Whose};
use super::window::Tickets;
use crate::api::Timestamp;
use crate::api::baseline::{ListedBaseline, WrittenBaseline};
use crate::base::commands;
use crate::base::time::MS_PER_DAY;
use crate::drift::baseline::{BASELINE_DAYS, BASELINE_PATH, FEWEST_DAYS};
use crate::drift::error_ratio::MeanError;
use crate::drift::{Baseline, BaselineOrigin, Observations};
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::{Catalogue, Holdout, LoadedModel, ModelCard, Outcomes, TrainingData};
use crate::lifecycle::{ModelRef, ModelVersion, SavedBaseline};
use crate::ops::evaluation::EvaluationRequest;
use crate::ops::{Progress, Resolved, load, resolve};
use crate::registry::Registry;
use crate::source::{BaselineStore, PublishedBaseline, TicketSource};

/// The baseline that travels with a new version: its latest tickets, and its errors on those that judged it.
/// `None` where no ticket was completed in the last weeks.
pub fn of_training(name: &str, card: &ModelCard, judged: &Holdout, data: &TrainingData) -> Result<Option<Vec<u8>>> {
    let end = card.training.as_of;
    let from = end.saturating_sub((BASELINE_DAYS * MS_PER_DAY as f64) as i64);
    let completed = |row: u32| data.timeline.tickets()[row as usize].known_at;
    let rows: Vec<u32> = data.rows.iter().copied().filter(|&row| (from..=end).contains(&completed(row))).collect();
    if rows.is_empty() {
        return Ok(None);
    }
    let error = match &judged.said {
        Outcomes::DurationsMs(predictions) => {
            let holdout: Vec<u32> = data.split.holdout.iter().map(|&position| data.rows[position as usize]).collect();
            let judged = Observations::of(&data.timeline, &holdout)?;
            let pairs = judged.duration_ms.iter().zip(predictions);
            MeanError::measure(&judged, &pairs.map(|(actual, predicted)| (actual - predicted).abs()).collect::<Vec<_>>())
        }
        Outcomes::Marks(_) => None,
    };
    let origin = BaselineOrigin {
        model: name.to_owned(),
        schema_fingerprint: card.schema_fingerprint.clone(),
        made_at: end,
        synthetic: card.training.synthetic,
    };
    Baseline::learn(origin, Observations::of(&data.timeline, &rows)?, error)?.to_bytes().map(Some)
}

/// Which baseline to compare with.
#[derive(Clone, Debug)]
pub enum BaselineChoice {
    /// The version's current one.
    Current,
    /// A saved one by its number.
    Number(u32),
    /// The current one of another version.
    Of(ModelRef),
    /// The tickets of so many days before the window.
    Against { days: f64 },
}

/// A baseline and where it stood.
#[derive(Clone, Debug)]
pub struct Chosen {
    pub baseline: Baseline,
    /// `training of NAME@7`, `saved baseline 3 of NAME@7`, `the 30 days before`.
    pub origin: String,
    /// What should be known about it.
    pub warnings: Vec<String>,
}

impl Chosen {
    /// The version's own baseline where it covers a month, else the latest of an earlier version that does: after a
    /// retraining on a short window the calendar is still known, and the error stays the version's own. As it is where
    /// there is none, or where another was asked for by name.
    ///
    /// Errors: those of listing versions.
    pub fn or_former(self, registry: &Registry, version: &ModelVersion, choice: &BaselineChoice) -> Result<Chosen> {
        if !matches!(choice, BaselineChoice::Current) || self.baseline.covers_a_month() {
            return Ok(self);
        }
        let mut earlier = registry.store().versions(&version.name)?;
        earlier.retain(|earlier| earlier.version < version.version);
        earlier.sort_by_key(|earlier| std::cmp::Reverse(earlier.version));
        let origin = &self.baseline.origin;
        let fits = |former: &Baseline| {
            former.covers_a_month() && former.origin.schema_fingerprint == origin.schema_fingerprint && former.origin.model == origin.model
        };
        // One that is damaged is no help, and no reason not to look at an older one.
        let former = earlier.iter().find_map(|earlier| current(registry, earlier).ok().filter(|(former, _)| fits(former)));
        let Some((mut baseline, of_former)) = former else { return Ok(self) };
        let mut warnings = self.warnings;
        warnings.push(format!(
            "{} spans {:.1} days, {FEWEST_DAYS} are needed: compared with the former baseline, {of_former}",
            self.origin,
            self.baseline.days()
        ));
        baseline.error = self.baseline.error.or(baseline.error);
        Ok(Chosen { baseline, origin: of_former, warnings })
    }
}

/// Finds the baseline that checks of `version` compare with.
///
/// Errors: [`ErrorKind::NoBaseline`], [`ErrorKind::BadBaseline`] when it is damaged or of another model,
/// [`ErrorKind::DigestMismatch`].
pub fn find(registry: &Registry, kinds: &Catalogue, version: &ModelVersion, choice: &BaselineChoice) -> Result<Chosen> {
    let (baseline, origin, owner) = match choice {
        BaselineChoice::Number(number) => {
            let saved = numbered(registry, *number)?;
            let origin = format!("saved baseline {number} of {}@{}", saved.model, saved.version);
            (Baseline::from_bytes(&registry.drift_store()?.read_baseline(&saved)?)?, origin, (saved.model, saved.version))
        }
        BaselineChoice::Of(reference) => {
            let other = resolve(registry.store(), kinds, reference)?.version;
            let (baseline, origin) = current(registry, &other)?;
            (baseline, origin, (other.name, other.version))
        }
        BaselineChoice::Current | BaselineChoice::Against { .. } => {
            let (baseline, origin) = current(registry, version)?;
            (baseline, origin, (version.name.clone(), version.version))
        }
    };
    if baseline.origin.model != version.name || owner.0 != version.name {
        let message = format!("the baseline belongs to {}, and {} is checked", owner.0, version.name);
        return Err(Error::new(ErrorKind::BadBaseline, message).hint((
            "`",
            commands::baseline_list_of(&version.name),
            "` shows those that fit",
        )));
    }
    let mut warnings = Vec::new();
    if owner.1 != version.version {
        warnings.push(format!("the baseline is that of version {}, and version {} is checked", owner.1, version.version));
    }
    if baseline.origin.synthetic {
        warnings.push("the baseline was made from tickets that say of themselves that they were made up".into());
    }
    Ok(Chosen { baseline, origin, warnings })
}

/// The saved baseline that is current, else the one from training.
fn current(registry: &Registry, version: &ModelVersion) -> Result<(Baseline, String)> {
    let mut saved = registry.drift_store()?.baselines(Some(&version.name))?;
    saved.retain(|saved| saved.version == version.version && saved.is_current);
    if let [first, second, ..] = saved.as_slice() {
        let message = format!("{} has two current baselines, {} and {}", version.id(), first.number, second.number);
        let set = commands::baseline_set(version.id(), second.number);
        return Err(Error::new(ErrorKind::BadBaseline, message).hint(("choose one: `", set, "`")));
    }
    if let Some(saved) = saved.first() {
        let origin = format!("saved baseline {} of {}@{}", saved.number, saved.model, saved.version);
        return Ok((Baseline::from_bytes(&registry.drift_store()?.read_baseline(saved)?)?, origin));
    }
    let label = version.id().to_string();
    if !has_trained_baseline(version) {
        return Err(Error::new(ErrorKind::NoBaseline, format!("{label} has no drift baseline"))
            .hint(("make one: `", commands::baseline_save(&label), "`"))
            .hint(("or compare with earlier tickets: `", commands::drift_check_against_earlier(&label), "`")));
    }
    Ok((Baseline::from_bytes(&registry.store().read_artifact(version, BASELINE_PATH)?)?, format!("training of {label}")))
}

fn has_trained_baseline(version: &ModelVersion) -> bool {
    version.artifacts.iter().any(|artifact| artifact.path == BASELINE_PATH)
}

fn numbered(registry: &Registry, number: u32) -> Result<SavedBaseline> {
    registry.drift_store()?.baselines(None)?.into_iter().find(|saved| saved.number == number).ok_or_else(|| {
        Error::new(ErrorKind::NoBaseline, format!("there is no saved baseline {number}")).hint((
            "`",
            commands::baseline_list(),
            "` shows what there is",
        ))
    })
}

/// The tickets of `days` that end where the window begins, as a baseline.
///
/// Errors: [`ErrorKind::NotEnoughData`] when there are none.
pub fn before(
    version: &ModelVersion,
    tickets: &mut Tickets,
    model: &LoadedModel,
    window_start: i64,
    days: f64,
    threads: usize,
) -> Result<Chosen> {
    let baseline = learn(&version.name, tickets, model, window_start, days, threads)?;
    Ok(Chosen { baseline, origin: format!("the {days} days before the window"), warnings: Vec::new() })
}

fn learn(name: &str, tickets: &mut Tickets, model: &LoadedModel, end_ms: i64, days: f64, threads: usize) -> Result<Baseline> {
    let rows = tickets.rows(end_ms, days);
    let error = predictions::errors(model, tickets, &rows, threads)?;
    let error = error.and_then(|errors| MeanError::measure(&errors.tickets, &errors.absolute_ms));
    let origin = BaselineOrigin {
        model: name.to_owned(),
        schema_fingerprint: model.info().schema.fingerprint(),
        made_at: end_ms,
        synthetic: tickets.evaluation_set.synthetic,
    };
    Baseline::learn(origin, tickets.observe(&rows)?, error)
}

/// A baseline that was kept, and what is recorded of it.
#[derive(Clone, Debug)]
pub struct SaveReport {
    pub saved: SavedBaseline,
    pub baseline: Baseline,
}

/// Makes a baseline of a version from tickets and keeps it as the current one.
///
/// Errors: those of reading; [`ErrorKind::NotEnoughData`] without a ticket in the window.
pub fn save(
    registry: &Registry,
    kinds: &Catalogue,
    reference: &ModelRef,
    judging: &EvaluationRequest,
    (now_ms, reason): (i64, Option<&str>),
    source: &mut dyn TicketSource,
    progress: &dyn Progress,
) -> Result<SaveReport> {
    let Resolved { version, .. } = resolve(registry.store(), kinds, reference)?;
    let model = load::model(registry.store(), kinds, &version)?;
    let (judging, fields, _) = &judging.settled(model.info(), &version.id().to_string(), false)?;
    let mut told = fields.clone().map(|fields| source.with_fields(fields));
    let source = told.as_deref_mut().unwrap_or(source);
    let mut tickets = Tickets::read(judging, (now_ms, &Whose::of(&version, &registry.store().serving_rule())), source, progress)?;
    let end_ms = tickets.end_ms;
    let mut baseline = learn(&version.name, &mut tickets, &model, end_ms, judging.window_days, judging.threads)?;
    // Tickets that taught the trees say nothing of errors; those that judged them at training do.
    if baseline.error.is_none() && has_trained_baseline(&version) {
        baseline.error = Baseline::from_bytes(&registry.store().read_artifact(&version, BASELINE_PATH)?)?.error;
    }
    let saved = registry.drift_store()?.save_baseline(&version, &baseline.to_bytes()?, reason)?;
    Ok(SaveReport { saved, baseline })
}

/// Writes the current baselines of these versions beside the tickets, in the running system's shape. It
/// reads the latest of any model, so the last to be named is the one it compares with. Versions without a baseline
/// are left out.
///
/// Errors: those of reading and writing.
pub fn publish(registry: &Registry, versions: &[ModelVersion], store: &dyn BaselineStore) -> Result<Vec<WrittenBaseline>> {
    let mut published = Vec::new();
    for version in versions {
        match current(registry, version) {
            Ok((baseline, _)) => published.push(written(store.publish(&baseline, version.version)?)),
            Err(error) if error.kind() == ErrorKind::NoBaseline => {}
            Err(error) => return Err(error),
        }
    }
    Ok(published)
}

/// What was written beside the tickets, as reports tell it.
pub(super) fn written(published: PublishedBaseline) -> WrittenBaseline {
    let PublishedBaseline { model, version, namespace, size_bytes } = published;
    WrittenBaseline { model, version, collection: namespace, size_bytes }
}

/// The baselines of one model or of all, by model, version and number.
///
/// Errors: [`ErrorKind::ModelNotFound`] for a model that is not there.
pub fn list(registry: &Registry, kinds: &Catalogue, name: Option<&str>) -> Result<Vec<ListedBaseline>> {
    let names = match name {
        Some(name) => vec![crate::ops::resolve::versions_of(registry.store(), kinds, name)?.0],
        None => registry.store().list()?.into_iter().map(|summary| summary.name).collect(),
    };
    let mut listed = Vec::new();
    for name in names {
        let saved = registry.drift_store()?.baselines(Some(&name))?;
        let mut versions = registry.store().versions(&name)?;
        versions.sort_by_key(|version| version.version);
        for version in versions {
            let own: Vec<&SavedBaseline> = saved.iter().filter(|saved| saved.version == version.version).collect();
            if let Some(artifact) = version.artifacts.iter().find(|artifact| artifact.path == BASELINE_PATH) {
                listed.push(ListedBaseline {
                    model: name.clone(),
                    version: version.version,
                    number: None,
                    from_training: true,
                    is_current: own.iter().all(|saved| !saved.is_current),
                    made_at: Timestamp(version.created_at),
                    size_bytes: artifact.size_bytes,
                    by: None,
                    reason: None,
                });
            }
            listed.extend(own.into_iter().map(|saved| ListedBaseline {
                model: name.clone(),
                version: version.version,
                number: Some(saved.number),
                from_training: false,
                is_current: saved.is_current,
                made_at: Timestamp(saved.saved_at),
                size_bytes: saved.size_bytes,
                by: Some(saved.by.clone()),
                reason: saved.reason.clone(),
            }));
        }
    }
    Ok(listed)
}

/// Makes a saved baseline, or the one from training, the one that checks of a version compare with.
///
/// Errors: [`ErrorKind::NoBaseline`] when the version has no such one.
pub fn set(
    registry: &Registry,
    kinds: &Catalogue,
    reference: &ModelRef,
    number: Option<u32>,
    reason: Option<&str>,
) -> Result<ModelVersion> {
    let version = resolve(registry.store(), kinds, reference)?.version;
    let label = version.id().to_string();
    let is_there = match number {
        Some(number) => registry
            .drift_store()?
            .baselines(Some(&version.name))?
            .iter()
            .any(|saved| saved.number == number && saved.version == version.version),
        None => has_trained_baseline(&version),
    };
    if !is_there {
        let wanted = number.map_or("baseline from training".to_owned(), |number| format!("saved baseline {number}"));
        return Err(Error::new(ErrorKind::NoBaseline, format!("{label} has no {wanted}")).hint((
            "`",
            commands::baseline_list_of(&version.name),
            "` shows what there is",
        )));
    }
    registry.drift_store()?.use_baseline(&version, number, reason)?;
    Ok(version)
}
