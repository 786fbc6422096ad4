//! Is what serves still sound? Every check on every live version, each with its evidence.
//!
//! [`standing`] looks at files, features, stages and age; [`quality`] at the answers on labelled tickets that
//! the version has not learned from; [`files`] judges model files that are not registered. What cannot be checked is skipped and said so, never passed.

pub mod files;
mod quality;
mod standing;

use super::judging::{JudgeRequest, Judges};
use super::{Progress, Resolved, load, resolve};
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::Catalogue;
use crate::lifecycle::{Measurement, ModelRef, ModelVersion, Policy, Stage};
use crate::registry::{ModelStore, Registry};
use crate::source::TicketSource;
use crate::ticket::{FieldPaths, LabelRule};

/// What is checked.
#[derive(Clone, Debug)]
pub struct ValidateRequest {
    /// Empty is every version in Production or Staging.
    pub references: Vec<ModelRef>,
    pub policy: Policy,
    /// Versions older than this are warned of.
    pub max_age_days: f64,
    /// Milliseconds since the epoch.
    pub now_ms: i64,
    /// Whether quality is checked at all.
    pub with_metrics: bool,
    /// Why what was measured does not take the place of what was claimed; `None` where it does.
    pub unrecorded: Option<&'static str>,
    pub reason: Option<String>,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Pass,
    /// Look at it; nothing is broken.
    Warn,
    Fail,
    /// It could not be checked.
    Skipped,
}

impl State {
    /// The word for scripts.
    pub fn word(self) -> &'static str {
        match self {
            State::Pass => "pass",
            State::Warn => "warn",
            State::Fail => "fail",
            State::Skipped => "skipped",
        }
    }
}

/// One look at one version.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// A word for scripts: `digest`, `schema`, `one_production`, `staleness`, `gate`, `recorded_metrics`,
    /// `calibration`, `interval_coverage`, `claimed_metrics`; of files `pair`, `model`, `labels`, `gate`, `classes`,
    /// `test_data`.
    pub id: &'static str,
    pub state: State,
    /// What was found, with its numbers.
    pub evidence: String,
    /// The numbers behind it.
    pub numbers: Vec<(&'static str, f64)>,
    /// What a failure, or a check that had to be skipped, means to the exit code.
    pub failure: Option<ErrorKind>,
}

impl Check {
    fn new(id: &'static str, state: State, evidence: impl Into<String>) -> Check {
        let failure = match state {
            State::Fail => Some(ErrorKind::GateFailed),
            State::Pass | State::Warn | State::Skipped => None,
        };
        Check { id, state, evidence: evidence.into(), numbers: Vec::new(), failure }
    }

    fn with(mut self, numbers: impl IntoIterator<Item = (&'static str, f64)>) -> Check {
        self.numbers.extend(numbers.into_iter().filter(|(_, number)| number.is_finite()));
        self
    }

    fn meaning(mut self, failure: ErrorKind) -> Check {
        self.failure = Some(failure);
        self
    }
}

/// One version and its checks.
#[derive(Clone, Debug)]
pub struct Validated {
    pub resolved: Resolved,
    pub checks: Vec<Check>,
}

/// What was looked at.
#[derive(Clone, Debug)]
pub struct ValidateReport {
    pub models: Vec<Validated>,
    pub registry: String,
    /// The tickets in one line; `None` without tickets.
    pub tickets: Option<String>,
    pub synthetic: bool,
    /// What is to be told beside the checks.
    pub notes: Vec<String>,
}

impl ValidateReport {
    /// What the worst check means.
    pub fn worst(&self) -> Option<ErrorKind> {
        worst(self.models.iter().flat_map(|model| &model.checks))
    }
}

/// What the worst check means: a broken invariant before a failed gate before missing data.
pub fn worst<'a>(checks: impl IntoIterator<Item = &'a Check>) -> Option<ErrorKind> {
    let rank = |kind: &ErrorKind| match kind.exit_code() {
        13 => 3,
        3 => 2,
        _ => 1,
    };
    checks.into_iter().filter_map(|check| check.failure).max_by_key(rank)
}

/// Checks every version that was named, or everything that is live. What it measures of a version whose metrics
/// are claimed is recorded with the version.
///
/// Errors: those of resolving and reading tickets; [`ErrorKind::ModelNotFound`] when nothing is live. What is
/// wrong with a version is no error but a check that failed.
pub fn run(
    registry: &Registry,
    kinds: &Catalogue,
    request: &ValidateRequest,
    tickets: Option<(&JudgeRequest, &dyn TicketSource)>,
    progress: &dyn Progress,
) -> Result<ValidateReport> {
    let wanted = wanted(registry.store(), kinds, request)?;
    let mut readings = Readings::default();
    progress.begin("checking versions", Some(wanted.len() as u64));
    let mut models = Vec::with_capacity(wanted.len());
    for resolved in wanted {
        let version = &resolved.version;
        let mut checks = standing::checks(registry.store(), kinds, version, request)?;
        if request.with_metrics {
            let sound = checks.iter().all(|check| check.state != State::Fail || check.id == "one_production");
            let judges = match tickets {
                Some((judging, source)) => Some(readings.of((registry.store(), kinds), version, judging, source, progress)?),
                None => None,
            };
            let threads = tickets.map_or(1, |(judging, _)| judging.threads);
            let (found, measurement) = quality::checks((registry.store(), kinds), version, judges, request, sound, threads)?;
            checks.extend(found);
            if let Some(measurement) = measurement {
                checks.push(claimed(registry, version, &measurement, request)?);
            }
        }
        models.push(Validated { resolved, checks });
        progress.advance_to(models.len() as u64);
    }
    progress.finish(&format!("{} checked", super::counted(models.len(), "version")));
    Ok(ValidateReport {
        models,
        registry: registry.store().location(),
        tickets: readings.sentence(),
        synthetic: readings.read.iter().any(|(_, _, judges)| judges.synthetic),
        notes: readings.notes,
    })
}

/// The tickets, read once for each way in which versions want them read.
#[derive(Default)]
struct Readings {
    read: Vec<(LabelRule, Option<FieldPaths>, Judges)>,
    notes: Vec<String>,
}

impl Readings {
    /// The tickets as a version wants them read. What it was trained with holds, but for statuses and labels: those choose
    /// who judges. A version that cannot be loaded is judged by nobody, so any reading does.
    fn of(
        &mut self,
        (registry, kinds): (&dyn ModelStore, &Catalogue),
        version: &ModelVersion,
        judging: &JudgeRequest,
        source: &dyn TicketSource,
        progress: &dyn Progress,
    ) -> Result<&Judges> {
        let (judging, fields, notes) = match load::model(registry, kinds, version) {
            Ok(model) => judging.settled(model.info(), &version.id().to_string(), true)?,
            Err(_) => (judging.clone(), None, Vec::new()),
        };
        self.notes.extend(notes);
        let found = self.read.iter().position(|(labels, known, _)| *labels == judging.labels && *known == fields);
        let place = match found {
            Some(place) => place,
            None => {
                let told = fields.clone().map(|fields| source.with_fields(fields));
                let judges = Judges::read(&judging, told.as_deref().unwrap_or(source), progress)?;
                self.read.push((judging.labels, fields, judges));
                self.read.len() - 1
            }
        };
        Ok(&self.read[place].2)
    }

    /// What was read, in one line; of several readings the first.
    fn sentence(&self) -> Option<String> {
        self.read.first().map(|(_, _, judges)| judges.sentence.clone())
    }
}

/// Records what was measured of a version whose metrics are claimed.
fn claimed(registry: &Registry, version: &ModelVersion, measurement: &Measurement, request: &ValidateRequest) -> Result<Check> {
    let told: Vec<String> = measurement
        .metrics
        .iter()
        .filter_map(|(metric, value)| Some(format!("{metric} {value:.3}, claimed {:.3}", version.metrics.get(metric)?)))
        .collect();
    let told = if told.is_empty() { "none of the measured metrics was claimed".to_owned() } else { told.join("; ") };
    let how = match request.unrecorded {
        Some(why) => format!("not recorded: {why}"),
        None => match registry.annotations()?.record_measurement(measurement, request.reason.as_deref())? {
            Some(audit_id) => format!("recorded with the version (audit {audit_id})"),
            None => "another process recorded its own meanwhile".to_owned(),
        },
    };
    let counts = [("ticket_count", measurement.ticket_count as f64), ("doubtful_count", measurement.doubtful_count as f64)];
    Ok(Check::new("claimed_metrics", State::Pass, format!("measured on {}: {told}; {how}", measurement.sentence())).with(counts))
}

fn wanted(registry: &dyn ModelStore, kinds: &Catalogue, request: &ValidateRequest) -> Result<Vec<Resolved>> {
    if !request.references.is_empty() {
        return request.references.iter().map(|reference| resolve(registry, kinds, reference)).collect();
    }
    let mut live = Vec::new();
    for model in registry.list()? {
        let mut versions: Vec<ModelVersion> = registry.versions(&model.name)?;
        versions.retain(|version| matches!(version.stage, Stage::Production | Stage::Staging));
        versions.sort_by_key(|version| (version.stage != Stage::Production, std::cmp::Reverse(version.version)));
        live.extend(versions.into_iter().map(|version| Resolved { chosen_as: format!("in {}", version.stage.name()), version }));
    }
    if live.is_empty() {
        return Err(Error::new(ErrorKind::ModelNotFound, format!("no version is in Production or Staging in {}", registry.location()))
            .hint(("`", commands::models_list(), "` shows what there is"))
            .hint("name the versions to check, such as NAME@7"));
    }
    Ok(live)
}
