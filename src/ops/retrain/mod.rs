//! From drift to a better version: check, train on a window that is chosen, compare, promote, check again.

mod job;
mod report;

use std::time::{Duration, Instant};

use crate::api::Progress;
use crate::api::retrain::{RetrainOutcome, RetrainStep};
use crate::base::number::counted;
use crate::base::time::{MS_PER_DAY, MS_PER_HOUR};
use crate::drift::DriftStatus;
use crate::drift::baseline::FEWEST_DAYS;
use crate::drift::reference::ReferenceLimits;
use crate::drift::robust::Season;
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::{FitRequest, Kind, TypedInstructions};
use crate::lifecycle::{ModelRef, Selector};
use crate::ops::drift::check::{CheckRequest, DriftCheck, RuleFinding};
use crate::ops::drift::{BaselineChoice, Method, check, history, predictions::Whose, window::Tickets};
use crate::ops::evaluation::EvaluationRequest;
use crate::ops::models::with_card;
use crate::ops::resolve::versions_of;
use crate::ops::train::{self, OpenKeeper, TrainedModel, TrainingSettings};
use crate::ops::{AgeLimit, TicketAge};
use crate::registry::Registry;
use crate::source::TicketSource;

/// A window that holds only what came after a change needs so many times the fewest tickets.
const AMPLE: usize = 5;

/// What is done, and when not.
#[derive(Clone, Debug)]
struct RetrainingSettings {
    /// How to train; its kinds are retrained one after the other.
    pub train: TrainingSettings,
    /// Why no check is made; `None` where they are switched on.
    pub checks_off: Option<String>,
    /// Train only where there is drift above `threshold`.
    pub if_drift: bool,
    /// The larger of (error ratio - 1) and the largest PSI must be above it.
    pub threshold: f64,
    /// Train whatever the check says, also while cooling down.
    pub emergency: bool,
    /// What of labels and fields was typed: new instructions.
    pub typed: TypedInstructions,
    /// After a training the next one waits so long.
    pub cool_down: Duration,
    pub limits: ReferenceLimits,
    pub drift_window_days: f64,
    /// From which age on the newest ticket is too old for a check.
    pub drift_max_age: AgeLimit,
    pub now_ms: i64,
}

/// What became of one model.
#[derive(Clone, Debug)]
struct Retrained {
    pub name: String,
    pub outcome: RetrainOutcome,
    /// Why, of [`RetrainOutcome::Failed`].
    pub failure: Option<ErrorKind>,
    pub steps: Vec<RetrainStep>,
    /// How often this model was retrained from here on, this time included.
    pub attempts: u32,
    pub window_days: Option<f64>,
    pub before: Option<DriftCheck>,
    pub after: Option<DriftCheck>,
    pub trained: Option<TrainedModel>,
    /// Of the newest ticket that was used last.
    pub age: Option<TicketAge>,
}

/// Retrains every kind of the request.
///
/// `open` opens the tickets anew, because every step reads them. Of several models each is retrained whatever became
/// of the others ([`RetrainOutcome::Failed`]). Errors, of a model alone: those of checking and training;
/// [`ErrorKind::LockHeld`] while another process retrains the same model; [`ErrorKind::ModelNotFound`] for a model
/// that was never trained.
fn run(
    registry: &Registry,
    request: &RetrainingSettings,
    (open, keeper): (&dyn Fn() -> Result<Box<dyn TicketSource>>, OpenKeeper<'_>),
    progress: &dyn Progress,
) -> Result<Vec<Retrained>> {
    let is_alone = request.train.kinds.len() == 1;
    let one = |kind: &Kind| match Run::new(request, kind, (open, keeper), progress).model(registry) {
        Err(error) if !is_alone => Ok(Run::new(request, kind, (open, keeper), progress).failed(&error)),
        retrained => retrained,
    };
    request.train.kinds.iter().map(one).collect()
}

struct Run<'a> {
    request: &'a RetrainingSettings,
    kind: &'a Kind,
    open: &'a dyn Fn() -> Result<Box<dyn TicketSource>>,
    keeper: OpenKeeper<'a>,
    progress: &'a dyn Progress,
    done: Retrained,
}

impl<'a> Run<'a> {
    fn new(
        request: &'a RetrainingSettings,
        kind: &'a Kind,
        (open, keeper): (&'a dyn Fn() -> Result<Box<dyn TicketSource>>, OpenKeeper<'a>),
        progress: &'a dyn Progress,
    ) -> Self {
        let done = Retrained {
            name: request.train.name_of(kind),
            outcome: RetrainOutcome::NoDrift,
            failure: None,
            steps: Vec::new(),
            attempts: 0,
            window_days: None,
            before: None,
            after: None,
            trained: None,
            age: None,
        };
        Run { request, kind, open, keeper, progress, done }
    }

    fn model(mut self, registry: &Registry) -> Result<Retrained> {
        let newest = versions_of(registry.store(), &self.request.train.catalogue, &self.done.name)?
            .1
            .into_iter()
            .map(|version| version.created_at)
            .max();
        if let Some(outcome) = self.check(registry)? {
            return Ok(Retrained { outcome, ..self.done });
        }
        let rest_ms = self.request.cool_down.as_millis() as i64;
        if let Some(until) =
            newest.map(|at| at.saturating_add(rest_ms)).filter(|&until| until > self.request.now_ms && !self.request.emergency)
        {
            let minutes = (until - self.request.now_ms) / 60_000;
            self.step(
                "cool down",
                Instant::now(),
                format!("trained less than {} h ago: {minutes} minutes are left", rest_ms / MS_PER_HOUR),
            );
            return Ok(Retrained { outcome: RetrainOutcome::CoolingDown, ..self.done });
        }
        if self.request.train.dry_run {
            return self.train(registry);
        }
        let leases = registry.leases()?;
        self.done.attempts = leases.take(&self.done.name)?;
        let name = self.done.name.clone();
        let retrained = self.train(registry);
        let released = leases.release(&name);
        let retrained = retrained?;
        released.map(|()| retrained)
    }

    fn failed(mut self, error: &Error) -> Retrained {
        self.step("stop", Instant::now(), error.to_string());
        Retrained { outcome: RetrainOutcome::Failed, failure: Some(error.kind()), ..self.done }
    }

    fn step(&mut self, name: &'static str, since: Instant, result: impl Into<String>) {
        self.done.steps.push(RetrainStep { name: name.to_owned(), duration_seconds: since.elapsed().as_secs_f64(), result: result.into() });
    }

    fn look(&self, registry: &Registry, selector: Selector) -> Result<DriftCheck> {
        let request = CheckRequest {
            reference: ModelRef { name: self.done.name.clone(), selector },
            method: Method::Robust,
            baseline: BaselineChoice::Current,
            limits: self.request.limits,
            now_ms: self.request.now_ms,
        };
        let report =
            check::run(registry, &self.request.train.catalogue, &request, &self.judging(), (self.open)()?.as_mut(), self.progress)?;
        if !self.request.train.dry_run {
            history::record(registry.drift_store()?, &report, jiff::Timestamp::now().as_millisecond())?;
        }
        Ok(report)
    }

    fn judging(&self) -> EvaluationRequest {
        EvaluationRequest {
            labels: self.request.train.labels.clone(),
            typed: TypedInstructions::default(),
            window_days: self.request.drift_window_days,
            as_of: self.request.train.as_of,
            threads: self.request.train.threads,
            max_age: Some(self.request.drift_max_age),
        }
    }

    /// The check before; an outcome where nothing is to be trained.
    fn check(&mut self, registry: &Registry) -> Result<Option<RetrainOutcome>> {
        let since = Instant::now();
        if let Some(reason) = &self.request.checks_off {
            self.step("check", since, reason);
            return Ok((self.request.if_drift && !self.request.emergency).then_some(RetrainOutcome::Skipped));
        }
        let report = match self.look(registry, Selector::Default) {
            Ok(report) => report,
            // Without a question about drift a version without baseline can still be retrained.
            Err(error) if !self.request.if_drift && error.kind().exit_code() == 14 => {
                self.step("check", since, error.to_string());
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let (status, score, calls) = (report.status, score(&report), report.calls_for_training());
        let against = &report.baseline.origin;
        self.step("check", since, format!("{}, score {score:.2}, against {against}", status.as_str().replace('_', " ")));
        self.done.age = report.age;
        self.done.before = Some(report);
        let wanted = calls && score > self.request.threshold;
        Ok(match status {
            _ if self.request.emergency || !self.request.if_drift || wanted => None,
            DriftStatus::NotEnoughData => Some(RetrainOutcome::NotEnoughData),
            _ => Some(RetrainOutcome::NoDrift),
        })
    }

    /// Days to train on: what came after the change, where that is four weeks and ample; else what was asked for.
    fn window(&mut self, registry: &Registry) -> Result<f64> {
        let since = Instant::now();
        let usual = self.request.train.window_days;
        let Some(before) = &self.done.before else { return Ok(usual) };
        let changed =
            matches!(&before.finding, RuleFinding::Robust(report) if matches!(report.season.verdict, Season::Change | Season::Both));
        let days = (before.window.1 - before.baseline.baseline.to) as f64 / MS_PER_DAY as f64;
        let needed = AMPLE * self.request.train.min_samples;
        let (window, why) = if !changed {
            (usual, format!("the usual {usual} days: no lasting change of what comes in"))
        } else if days < FEWEST_DAYS {
            (usual, format!("the usual {usual} days: {days:.0} since the change, {FEWEST_DAYS} are needed"))
        } else {
            let whose = Whose::of(&before.model.version, &registry.store().serving_rule());
            let tickets = Tickets::read(&self.judging(), (self.request.now_ms, &whose), (self.open)()?.as_mut(), self.progress)?;
            let rows = tickets.rows(tickets.end_ms, days).len();
            match rows {
                rows if rows >= needed => (days, format!("{days:.0} days: the {rows} tickets that came after the change")),
                rows => (usual, format!("the usual {usual} days: {} since the change, {needed} are needed", counted(rows, "ticket"))),
            }
        };
        self.step("window", since, why);
        Ok(window)
    }

    fn train(mut self, registry: &Registry) -> Result<Retrained> {
        let window_days = self.window(registry)?;
        let request = self.instructed(registry)?;
        let request = TrainingSettings { kinds: vec![self.kind.clone()], window_days, ..request };
        let source = (self.open)()?.with_fields(request.fields.clone());
        let since = Instant::now();
        let mut report = train::run(&request, source.as_ref(), (registry.registration()?, self.keeper), self.progress)?;
        self.done.age = report.age;
        for note in std::mem::take(&mut report.notes) {
            self.step("tickets", since, note);
        }
        let trained = report.models.pop().ok_or_else(|| Error::new(ErrorKind::Internal, "training made no model"))?;
        if let Some(kept) = &trained.kept {
            return Err(kept.failure());
        }
        let samples = &trained.card.training.samples;
        self.step("train", since, format!("on {} tickets, judged on {} later ones", samples.train, samples.holdout));
        let outcome = match &trained {
            trained if !trained.card.gate.passed => RetrainOutcome::GateFailed,
            trained if trained.registered.is_none() => RetrainOutcome::WouldRegister,
            trained if trained.promoted => RetrainOutcome::Promoted,
            _ if request.promote_if_better => RetrainOutcome::NotBetter,
            _ => RetrainOutcome::Staged,
        };
        let why = match (outcome, &trained.held_back, &trained.comparison) {
            (RetrainOutcome::GateFailed, ..) => "it fails its gate; the champion stays".to_owned(),
            (_, Some(reason), _) => format!("{reason}; the champion stays"),
            (_, None, Some(comparison)) => comparison.sentence(),
            (_, None, None) => "there was no champion".to_owned(),
        };
        self.step("decide", Instant::now(), why);
        let version = trained.registered.as_ref().map(|version| version.version);
        self.done = Retrained { outcome, window_days: Some(window_days), trained: Some(trained), ..self.done };
        let version = version.filter(|_| self.request.checks_off.is_none());
        if let Some(version) = version.filter(|_| matches!(outcome, RetrainOutcome::Promoted | RetrainOutcome::Staged)) {
            self.check_again(registry, version);
        }
        Ok(self.done)
    }

    /// The training as the version before was told, but for what was typed: that is a new instruction, told beside the old.
    fn instructed(&mut self, registry: &Registry) -> Result<TrainingSettings> {
        let request = self.request.train.clone();
        let reference = ModelRef { name: self.done.name.clone(), selector: Selector::Default };
        let shown = with_card(registry.store(), &request.catalogue, &reference)?;
        let Some(old) = shown.card.and_then(|card| card.instructions) else { return Ok(request) };
        let new = old.with(&self.request.typed, self.request.train.fixed.features.then_some(request.fit.features.as_str()));
        let changes = old.changes(&new);
        if !changes.is_empty() {
            self.step("instructions", Instant::now(), changes.join("; "));
        }
        let fields = new.fields()?;
        let fit = FitRequest { features: new.features.clone(), fields: fields.configuration(), ..request.fit };
        Ok(TrainingSettings { fit, fields, labels: new.label_rule()?, ..request })
    }

    /// The check of the new version. That it cannot be made takes nothing of what was done back.
    fn check_again(&mut self, registry: &Registry, version: u32) {
        let since = Instant::now();
        match self.look(registry, Selector::Version(version)) {
            Ok(report) => {
                self.step("check again", since, format!("{} against {}", report.status.as_str().replace('_', " "), report.baseline.origin));
                self.done.after = Some(report);
            }
            Err(error) => self.step("check again", since, error.to_string()),
        }
    }
}

/// How strong drift is: the larger of (error ratio - 1) and the largest PSI; 0 where neither is known.
fn score(report: &DriftCheck) -> f64 {
    let ratio = report.ratio.as_ref().map_or(0.0, |ratio| ratio.ratio - 1.0);
    match &report.finding {
        RuleFinding::Robust(robust) => robust.shapes.iter().map(|shape| shape.psi_adjusted).fold(ratio.max(0.0), f64::max),
        RuleFinding::Reference(reference) => reference.feature_drift.values().copied().fold(ratio.max(0.0), f64::max),
    }
}
