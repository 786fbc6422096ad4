//! What was typed for a training and would do nothing: such a flag is refused, never dropped.

use crate::error::{Error, ErrorKind, Result};
use crate::kinds::{Algorithm, AnswerForm, Catalogue, DataNeed, FitRequest, Hyperparameters, Kind};

/// What was typed, of the flags that not every kind and algorithm uses. A setting of a file or of the environment is no
/// such flag: it holds for whatever uses it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::ops) struct Typed {
    pub hyperparameters: Hyperparameters,
    pub variant: bool,
    pub permutation: bool,
    pub backfill_errors: bool,
    pub features: bool,
    /// Another split than the usual one.
    pub split: bool,
    pub tuning: bool,
    /// What says whose duration is known.
    pub labels: bool,
}

/// Refuses a flag that none of the trained kinds uses, and says who would.
///
/// Errors: [`ErrorKind::Usage`].
pub(super) fn check(typed: &Typed, catalogue: &Catalogue, trained: &[Kind], fit: &FitRequest) -> Result<()> {
    for name in typed.hyperparameters.named() {
        if trained.iter().any(|kind| kind.hyperparameters(fit).contains(&name)) {
            continue;
        }
        return Err(refused(name, trained, advice(name, catalogue, trained, fit)));
    }
    let other = |uses: fn(&Kind) -> bool| -> Option<String> {
        let user = || catalogue.trained().find(|kind| uses(kind)).map(|kind| format!("`--model {}`", kind.word()));
        if trained.iter().any(uses) { None } else { Some(user().unwrap_or_default()) }
    };
    let answers_durations = |kind: &Kind| kind.answer_form() == AnswerForm::DurationMs;
    let learns_rows = |kind: &Kind| kind.needs() == DataNeed::LabelledTickets;
    let switches: [(&str, bool, fn(&Kind) -> bool); 7] = [
        ("variant", typed.variant, |kind| !kind.variants().is_empty()),
        ("features", typed.features, learns_rows),
        ("split", typed.split, learns_rows),
        ("tune", typed.tuning, learns_rows),
        ("label", typed.labels, learns_rows),
        ("permutation", typed.permutation, answers_durations),
        ("backfill_errors", typed.backfill_errors, answers_durations),
    ];
    for (name, _, uses) in switches.into_iter().filter(|(_, is_typed, _)| *is_typed) {
        if let Some(user) = other(uses) {
            return Err(refused(name, trained, Some(user).filter(|user| !user.is_empty())));
        }
    }
    Ok(())
}

fn refused(name: &str, trained: &[Kind], user: Option<String>) -> Error {
    let words: Vec<&str> = trained.iter().map(|kind| kind.word()).collect();
    let models = if words.len() == 1 { "model" } else { "models" };
    let message = format!("{} does nothing for the {} {models}", flag(name), words.join(" and "));
    let error = Error::new(ErrorKind::Usage, message);
    match user {
        Some(user) => error.hint(format!("leave it out, or add {user}")),
        None => error.hint("leave it out"),
    }
}

/// Flags that say the same of different learners.
const COUNTERPARTS: [(&str, &str); 3] =
    [("max_features", "colsample_bytree"), ("colsample_bytree", "max_features"), ("subsample", "max_samples")];

/// The flag that would make `name` mean something, in backticks.
fn advice(name: &str, catalogue: &Catalogue, trained: &[Kind], fit: &FitRequest) -> Option<String> {
    let uses = |kind: &Kind, fit: &FitRequest| kind.hyperparameters(fit).contains(&name);
    let counterpart = COUNTERPARTS.iter().find(|(one, _)| *one == name).map(|(_, other)| *other);
    if let Some(other) = counterpart.filter(|other| trained.iter().any(|kind| kind.hyperparameters(fit).contains(other))) {
        return Some(format!("`{}` in its place", flag(other)));
    }
    let by = |algorithm: Algorithm| {
        let hyperparameters = Hyperparameters { algorithm: Some(algorithm), ..fit.hyperparameters.clone() };
        FitRequest { hyperparameters, ..fit.clone() }
    };
    let learns = |algorithm: Algorithm| trained.iter().any(|kind| uses(kind, &by(algorithm)));
    let algorithm = Algorithm::ALL.into_iter().find(|&algorithm| learns(algorithm));
    let kind = || catalogue.trained().find(|kind| uses(kind, fit)).map(|kind| format!("`--model {}`", kind.word()));
    algorithm.map(|algorithm| format!("`--algorithm {}`", algorithm)).or_else(kind)
}

fn flag(name: &str) -> String {
    format!("--{}", name.replace('_', "-"))
}
