//! Is what serves still sound? Every check on every live version, each with its evidence.
//!
//! [`standing`] looks at files, features, stages and age; [`quality`] at the answers on labelled tickets that
//! the version has not learned from; [`files`] judges model files that are not registered. What cannot be checked is skipped and said so, never passed.

mod file_reports;
mod files;
mod forecasts;
mod latency;
mod quality;
mod standing;

use self::latency::ServiceLatency;
use super::evaluation::{EvaluationRequest, EvaluationSet};
use super::workspace::{Intent, Workspace, judge_request, note_judging, policy};
use super::{AgeLimit, Progress, Resolved, TicketAge, load, resolve};
use crate::api::validate::{CheckResult, ValidateReport, ValidateRequest, ValidatedVersion};
use crate::api::{CheckState, Operations};
use crate::base::commands;
use crate::base::number::counted;
use crate::config::{Setting, Settings};
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::{Catalogue, ModelCard, SeriesModel};
use crate::lifecycle::{CHALLENGER, Measurement, ModelRef, ModelVersion, Policy, Serving, Stage};
use crate::registry::{ModelStore, Registry};
use crate::source::TicketSource;
use crate::ticket::{FieldPaths, LabelRule};

/// What is checked.
#[derive(Clone, Debug)]
struct ValidationSettings {
    /// Empty is every version in Production or Staging.
    pub references: Vec<ModelRef>,
    pub policy: Policy,
    /// Versions older than this are warned of.
    pub max_age_days: f64,
    /// Milliseconds since the epoch.
    pub now_ms: i64,
    /// Whether quality is checked at all.
    pub with_metrics: bool,
    /// From which age on the newest ticket is too old.
    pub max_ticket_age: AgeLimit,
    /// Why what was measured does not take the place of what was claimed; `None` where it does.
    pub unrecorded: Option<&'static str>,
    pub reason: Option<String>,
}

/// One look at one version or file.
#[derive(Clone, Debug, PartialEq)]
struct Check {
    /// As [`CheckResult::id`] names them.
    id: &'static str,
    state: CheckState,
    /// What was found, with its numbers.
    evidence: String,
    /// The numbers behind it.
    numbers: Vec<(&'static str, f64)>,
    /// What a failure, or a check that had to be skipped, means to the exit code.
    failure: Option<ErrorKind>,
}

impl Check {
    fn new(id: &'static str, state: CheckState, evidence: impl Into<String>) -> Check {
        let failure = match state {
            CheckState::Fail => Some(ErrorKind::GateFailed),
            CheckState::Pass | CheckState::Warn | CheckState::Skipped => None,
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

    /// What a report says of it.
    fn told(self) -> CheckResult {
        let numbers = self.numbers.into_iter().map(|(name, number)| (name.to_owned(), number)).collect();
        CheckResult { id: self.id.to_owned(), state: self.state, evidence: self.evidence, numbers }
    }
}

/// The exit code of the worst check: a broken invariant before a failed gate before missing data.
fn worst(failures: impl IntoIterator<Item = ErrorKind>) -> u8 {
    let rank = |kind: &ErrorKind| match kind.exit_code() {
        13 => 3,
        3 => 2,
        _ => 1,
    };
    failures.into_iter().max_by_key(rank).map_or(0, ErrorKind::exit_code)
}

impl Operations<ValidateRequest> for Workspace<'_> {
    fn run(&self, request: &ValidateRequest) -> Result<ValidateReport> {
        if !(request.max_age_days.is_finite() && request.max_age_days > 0.0) {
            let message = format!("--max-version-age is {} days, expected more than 0", request.max_age_days);
            return Err(Error::new(ErrorKind::Usage, message));
        }
        let mut flags = self.flags();
        note_judging(&request.judging, &mut flags);
        let settings = self.settings(&flags)?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let judging = judge_request(&settings, &request.judging)?;
        let max_ticket_age = AgeLimit::of(&settings, judging.window_days)?;
        let judging = EvaluationRequest { max_age: Some(max_ticket_age), ..judging };
        let validation = ValidationSettings {
            max_ticket_age,
            references: request.references.clone(),
            policy: policy(self.kinds(), &settings)?,
            max_age_days: request.max_age_days,
            now_ms: jiff::Timestamp::now().as_millisecond(),
            with_metrics: request.with_metrics,
            unrecorded: unrecorded(request, &settings),
            reason: self.reason(),
        };
        let tickets = match request.with_metrics {
            true => self.tickets_where_named(&settings, &request.judging.tickets)?,
            false => None,
        };
        let tickets = tickets.as_deref().map(|source| (&judging, source));
        let prometheus = settings.get("prometheus").map(Setting::revealed).transpose()?;
        let service = ServiceLatency::of(prometheus.as_ref().map(|setting| setting.value.as_str()));
        run(&registry, self.kinds(), &validation, tickets, service, self.progress())
    }
}

/// Why nothing is recorded.
fn unrecorded(request: &ValidateRequest, settings: &Settings) -> Option<&'static str> {
    let named = |given: &String| settings.context.as_ref() == Some(given) || request.references.iter().any(|one| one.name == *given);
    match (request.dry_run, settings.protected()) {
        (true, _) => Some("--dry-run"),
        (false, true) if !request.confirmed_name.as_ref().is_some_and(named) => {
            Some("the context is protected, add `--confirm NAME` with the model's name")
        }
        (false, _) => None,
    }
}

/// Checks every version that was named, or everything that is live. What it measures of a version whose metrics
/// are claimed is recorded with the version.
///
/// Errors: those of resolving and reading tickets; [`ErrorKind::ModelNotFound`] when nothing is live. What is
/// wrong with a version is no error but a check that failed.
fn run(
    registry: &Registry,
    kinds: &Catalogue,
    request: &ValidationSettings,
    tickets: Option<(&EvaluationRequest, &dyn TicketSource)>,
    mut service: ServiceLatency,
    progress: &dyn Progress,
) -> Result<ValidateReport> {
    let wanted = wanted(registry.store(), kinds, request)?;
    let mut readings = Readings::default();
    progress.begin("checking versions", Some(wanted.len() as u64));
    let (mut models, mut failures) = (Vec::with_capacity(wanted.len()), Vec::new());
    for resolved in wanted {
        let version = &resolved.version;
        let mut checks = standing::checks(registry.store(), kinds, version, request)?;
        if request.with_metrics {
            if let Some((model, card)) = forecaster(registry.store(), version) {
                let tickets = tickets.map(|(judging, source)| (judging, request.max_ticket_age, source));
                let (found, read) = forecasts::checks((registry.store(), kinds), version, (&model, &card), tickets, request, progress)?;
                checks.extend(found);
                checks.push(service.check(version));
                readings.of_forecasts(read);
                failures.extend(checks.iter().filter_map(|check| check.failure));
                models.push(validated(resolved, checks));
                progress.advance_to(models.len() as u64);
                continue;
            }
            let sound = checks.iter().all(|check| check.state != CheckState::Fail || check.id == "one_production");
            let evaluation_set = match tickets {
                Some((judging, source)) => Some(readings.of((registry.store(), kinds), version, judging, source, progress)?),
                None => None,
            };
            let threads = tickets.map_or(1, |(judging, _)| judging.threads);
            let (found, measurement) = quality::checks((registry.store(), kinds), version, evaluation_set, request, sound, threads)?;
            checks.extend(found);
            checks.push(service.check(version));
            if let Some(measurement) = measurement {
                checks.push(claimed(registry, version, &measurement, request)?);
            }
        }
        failures.extend(checks.iter().filter_map(|check| check.failure));
        models.push(validated(resolved, checks));
        progress.advance_to(models.len() as u64);
    }
    progress.finish(&format!("{} checked", counted(models.len(), "version")));
    Ok(ValidateReport {
        models,
        registry: registry.store().location(),
        tickets: readings.sentence(),
        newest_ticket_age_seconds: readings.age().map(|age| age.seconds()),
        synthetic: readings.read.iter().any(|(_, _, evaluation_set)| evaluation_set.synthetic)
            || readings.counted.iter().any(|read| read.synthetic),
        exit_code: worst(failures),
        notes: readings.notes,
    })
}

fn validated(resolved: Resolved, checks: Vec<Check>) -> ValidatedVersion {
    let Resolved { version, chosen_as } = resolved;
    let checks = checks.into_iter().map(Check::told).collect();
    ValidatedVersion { name: version.name, version: version.version, stage: version.stage, chosen_as, checks }
}

/// The forecaster of a version with its card; `None` for another version, and for one that cannot be read, which a check of its
/// files has told.
fn forecaster(registry: &dyn ModelStore, version: &ModelVersion) -> Option<(SeriesModel, ModelCard)> {
    load::series(registry, version).ok().flatten().zip(load::card(registry, version).ok().flatten())
}

/// The tickets, read once for each way in which versions want them read.
#[derive(Default)]
struct Readings {
    read: Vec<(LabelRule, Option<FieldPaths>, EvaluationSet)>,
    /// For versions that forecast.
    counted: Vec<forecasts::Read>,
    notes: Vec<String>,
}

impl Readings {
    /// The tickets as a version wants them read. What it was trained with holds, but for statuses and labels: those choose
    /// who judges. A version that cannot be loaded is judged by nobody, so any reading does.
    fn of(
        &mut self,
        (registry, kinds): (&dyn ModelStore, &Catalogue),
        version: &ModelVersion,
        judging: &EvaluationRequest,
        source: &dyn TicketSource,
        progress: &dyn Progress,
    ) -> Result<&EvaluationSet> {
        let (judging, fields, notes) = match load::model(registry, kinds, version) {
            Ok(model) => judging.settled(model.info(), &version.id().to_string(), true)?,
            Err(_) => (judging.clone(), None, Vec::new()),
        };
        self.note(notes);
        let found = self.read.iter().position(|(labels, known, _)| *labels == judging.labels && *known == fields);
        let place = match found {
            Some(place) => place,
            None => {
                let told = fields.clone().map(|fields| source.with_fields(fields));
                let evaluation_set = EvaluationSet::read(&judging, told.as_deref().unwrap_or(source), progress)?;
                self.note(evaluation_set.stale.clone());
                self.read.push((judging.labels, fields, evaluation_set));
                self.read.len() - 1
            }
        };
        Ok(&self.read[place].2)
    }

    /// What was read for a version that forecasts.
    fn of_forecasts(&mut self, read: Option<forecasts::Read>) {
        self.note(read.iter().flat_map(|read| read.notes.clone()));
        self.counted.extend(read);
    }

    /// Tells each once: what holds for one version often does for the next.
    fn note(&mut self, notes: impl IntoIterator<Item = String>) {
        for note in notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
    }

    /// Of the newest ticket that could be used; of several readings in the first that has one.
    fn age(&self) -> Option<TicketAge> {
        let of_rows = self.read.iter().find_map(|(_, _, evaluation_set)| evaluation_set.age);
        of_rows.or_else(|| self.counted.iter().find_map(|read| read.age))
    }

    /// What was read, in one line; of several readings the first.
    fn sentence(&self) -> Option<String> {
        let of_rows = self.read.first().map(|(_, _, evaluation_set)| evaluation_set.sentence.clone());
        of_rows.or_else(|| self.counted.first().map(|read| read.sentence.clone()))
    }
}

/// Records what was measured of a version whose metrics are claimed.
fn claimed(registry: &Registry, version: &ModelVersion, measurement: &Measurement, request: &ValidationSettings) -> Result<Check> {
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
    Ok(Check::new("claimed_metrics", CheckState::Pass, format!("measured on {}: {told}; {how}", measurement.sentence())).with(counts))
}

fn wanted(registry: &dyn ModelStore, kinds: &Catalogue, request: &ValidationSettings) -> Result<Vec<Resolved>> {
    if !request.references.is_empty() {
        return request.references.iter().map(|reference| resolve(registry, kinds, reference)).collect();
    }
    let mut live = Vec::new();
    for model in registry.list()? {
        let mut versions: Vec<ModelVersion> = registry.versions(&model.name)?;
        let serving = registry.serving_rule().serving(&versions);
        let waits = |version: &ModelVersion| version.stage == Stage::Staging || version.has_alias(CHALLENGER);
        versions.retain(|version| serving.names(version.version) || version.stage == Stage::Production || waits(version));
        versions.sort_by_key(|version| (!serving.names(version.version), std::cmp::Reverse(version.version)));
        live.extend(versions.into_iter().map(|version| Resolved { chosen_as: chosen_as(&version, &serving), version }));
    }
    if live.is_empty() {
        return Err(Error::new(ErrorKind::ModelNotFound, format!("no version is in Production or Staging in {}", registry.location()))
            .hint(("`", commands::models_list(), "` shows what there is"))
            .hint("name the versions to check, such as NAME@7"));
    }
    Ok(live)
}

/// Why a version that is live is checked.
fn chosen_as(version: &ModelVersion, serving: &Serving) -> String {
    match version.stage {
        Stage::Production | Stage::Staging => format!("in {}", version.stage.as_str()),
        Stage::None | Stage::Archived if serving.names(version.version) => format!("it serves by the alias {}", serving.alias),
        Stage::None | Stage::Archived => format!("the alias {CHALLENGER}"),
    }
}
