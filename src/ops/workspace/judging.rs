//! The tickets that judge, from the words of a request and the settings; and the gates.

use std::path::{Path, PathBuf};

use crate::api::Judging;
use crate::base::commands;
use crate::config::{Flags, Origin, Setting, Settings};
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
    if let Some(setting) = settings.get("policy") {
        let path = place_of_policy(setting);
        let text = std::fs::read_to_string(&path).map_err(|error| unread(setting, &path, &error))?;
        policy = policy.with_file(&path.display().to_string(), &text)?;
    }
    for kind in kinds.iter() {
        let Some(moved) = kind.threshold_setting() else { continue };
        if let (Some(value), Some(setting)) = (settings.parse::<f64>(moved.key)?, settings.get(moved.key)) {
            policy.set_threshold(kind.word(), moved.metric, moved.factor * value, &setting.origin.to_string());
        }
    }
    Ok(policy)
}

/// Where the policy stands: a relative path counts from the file that names it, one that was typed or stands in the
/// environment from the current folder.
pub(in crate::ops) fn place_of_policy(setting: &Setting) -> PathBuf {
    match &setting.origin {
        Origin::File { path, .. } | Origin::Context { path, .. } => {
            path.parent().map_or_else(|| PathBuf::from(&setting.value), |folder| folder.join(&setting.value))
        }
        Origin::Flag(_) | Origin::Environment(_) | Origin::Default => PathBuf::from(&setting.value),
    }
}

/// A policy that cannot be read: typed it is a file that is not there, in a setting it is a wrong value.
fn unread(setting: &Setting, path: &Path, error: &std::io::Error) -> Error {
    let unread = Error::file("read the policy", path, error);
    match setting.origin {
        Origin::Flag(_) => unread,
        _ => Error::new(ErrorKind::BadConfiguration, format!("the policy cannot be read: {unread}"))
            .because(format!("set by {}", setting.origin))
            .hint(("what a policy says: `", commands::explain("policy"), "`")),
    }
}
