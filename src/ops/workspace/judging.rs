//! The tickets that judge, from the words of a request and the settings; and the gates.

use crate::api::Judging;
use crate::config::{Flags, Settings};
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::Catalogue;
use crate::lifecycle::Policy;
use crate::ops::evaluation::EvaluationRequest;

/// Adds the words of a request to the settings' flags.
pub(in crate::ops) fn note_judging(judging: &Judging, flags: &mut Flags) {
    super::note(&judging.tickets, flags);
    flags.set("window_days", "--window-days", judging.window_days);
    flags.set("policy", "--policy", judging.policy.as_ref());
}

/// How the tickets judge.
pub(in crate::ops) fn judge_request(settings: &Settings, judging: &Judging) -> Result<EvaluationRequest> {
    Ok(judge_request_over(judging, number(settings, "window_days")?))
}

/// The same over so many days.
pub(in crate::ops) fn judge_request_over(judging: &Judging, window_days: f64) -> EvaluationRequest {
    EvaluationRequest {
        labels: judging.labels.clone(),
        typed: judging.typed.clone(),
        window_days,
        as_of: judging.as_of.map(|time| time.0),
        threads: crate::ops::threads(judging.threads),
        max_age: None,
    }
}

/// A number that has a default.
pub(in crate::ops) fn number(settings: &Settings, key: &str) -> Result<f64> {
    let number = settings.parse(key)?;
    number.ok_or_else(|| Error::new(ErrorKind::Internal, format!("{key} has no value")))
}

/// The gates: defaults, then the policy file, then the environment variables of the guides.
pub(in crate::ops) fn policy(kinds: &Catalogue, settings: &Settings) -> Result<Policy> {
    let mut policy = kinds.policy();
    if let Some(path) = settings.text("policy") {
        let text = std::fs::read_to_string(path).map_err(|error| Error::file("read the policy", path.as_ref(), &error))?;
        policy = policy.with_file(path, &text)?;
    }
    for kind in kinds.iter() {
        let Some(moved) = kind.threshold_setting() else { continue };
        if let Some(value) = settings.parse::<f64>(moved.key)? {
            policy.set_threshold(kind.word(), moved.metric, moved.factor * value);
        }
    }
    Ok(policy)
}
