//! The job: settings, registry and tickets; one round, or one after the other until somebody asks to end.

use std::time::Duration;

use super::report::report;
use super::{RetrainingSettings, run};
use crate::api::retrain::{RetrainReport, RetrainRequest};
use crate::api::{Listener, StreamingOperations};
use crate::base::commands;
use crate::config::Settings;
use crate::error::{Error, ErrorKind, Result};
use crate::ops::AgeLimit;
use crate::ops::drift::{DriftSettings, switched_off};
use crate::ops::train;
use crate::ops::workspace::{Intent, Workspace, location, number, place_of};

/// A watch answers with its last round.
impl StreamingOperations<RetrainRequest> for Workspace<'_> {
    fn stream(&self, request: &RetrainRequest, listener: &mut dyn Listener<RetrainReport>) -> Result<RetrainReport> {
        check_words(self, request)?;
        let settings = train::in_force(self, &request.train)?;
        let mut retraining = settled(self, &settings, request)?;
        train::check(&retraining.train)?;
        train::confirm(self, &settings, &retraining.train)?;
        let interval = match request.interval {
            Some(interval) => interval,
            None => Duration::from_secs_f64(60.0 * number(&settings, "drift_check_interval_minutes")?),
        };
        let registry = self.registry(&settings, Intent::Existing)?;
        self.check_serving(registry.store(), &retraining.train)?;
        if !retraining.train.dry_run {
            registry.registration()?.check_experiment(&retraining.train.experiment)?;
        }
        if request.watch {
            listener.begin()?;
        }
        let keeper = || train::keeper(self, &settings, &request.train);
        let place = request.train.dry_run.then(|| place_of(&settings, registry.store().location()));
        let ignored = ignored_settings(&settings)?;
        loop {
            retraining.now_ms = jiff::Timestamp::now().as_millisecond();
            // One place for all models and steps of a round.
            let tickets = location(&settings, &request.train.tickets)?;
            let open = || self.tickets_at(&tickets, &settings);
            let models = run(&registry, &retraining, (&open, &keeper), self.progress())?;
            let report = report(models, place.clone(), ignored.clone());
            // What is switched off for this process stays so.
            if !request.watch || retraining.checks_off.is_some() {
                return Ok(report);
            }
            listener.tell(&report)?;
            if listener.pause(interval) {
                return Ok(report);
            }
        }
    }
}

fn check_words(workspace: &Workspace<'_>, request: &RetrainRequest) -> Result<()> {
    if request.emergency && workspace.reason().is_none() {
        return Err(Error::new(ErrorKind::Usage, "--emergency needs a reason")
            .hint("add `--reason TEXT`; it is kept with the version and in the audit log"));
    }
    if request.train.tickets.places.iter().any(|place| place == "-") {
        return Err(Error::new(ErrorKind::Usage, "stdin can be read once only, and retraining reads the tickets for each step")
            .hint("name a file with `--tickets FILE`"));
    }
    if request.train.backfill_errors || request.train.baseline_to_mongodb {
        let message = format!("--backfill-errors and --baseline-to-mongodb belong to `{}`", commands::train());
        let save = commands::baseline_save_to_mongodb("REF");
        return Err(Error::new(ErrorKind::Usage, message).hint(("afterwards run `", commands::backfill_errors(), "`, or `", save, "`")));
    }
    Ok(())
}

fn settled(workspace: &Workspace<'_>, settings: &Settings, request: &RetrainRequest) -> Result<RetrainingSettings> {
    let train = train::settled(workspace, settings, &request.train)?;
    if let Some(kind) = train.kinds.iter().find(|kind| train.plan_of(kind).is_some()) {
        let message = format!("no drift of {} models is known here, so that they are trained by the clock", kind.word());
        return Err(Error::new(ErrorKind::Usage, message).hint((
            "train them, and put into service what is better: `",
            commands::train_and_promote(kind.family().unwrap_or(kind.word()), None, None),
            "`",
        )));
    }
    let drift = DriftSettings::of(settings)?;
    Ok(RetrainingSettings {
        train,
        checks_off: switched_off(settings)?,
        if_drift: request.if_drift || request.watch,
        threshold: request.threshold.map_or_else(|| settings.parse("drift_threshold").map(Option::unwrap_or_default), Ok)?,
        emergency: request.emergency,
        typed: request.train.typed.clone(),
        cool_down: request.cool_down,
        limits: drift.limits,
        drift_window_days: drift.window_days,
        drift_max_age: AgeLimit::of(settings, drift.window_days)?,
        now_ms: 0,
    })
}

/// What the environment or a configuration file asks of training and retraining does not do.
fn ignored_settings(settings: &Settings) -> Result<Vec<String>> {
    let instead = [("backfill_errors", commands::backfill_errors()), ("baseline_to_mongodb", commands::baseline_save_to_mongodb("REF"))];
    let (train, mut ignored) = (commands::train(), Vec::new());
    for (key, instead) in instead {
        if settings.is_on(key)? {
            ignored.push(format!("the setting {key} holds for `{train}` and not here; afterwards run `{instead}`"));
        }
    }
    Ok(ignored)
}
