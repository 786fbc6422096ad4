//! From a judged model to a version: its gate, where it goes, and the registry that may have gone away meanwhile.

use std::collections::BTreeMap;

use super::TrainingSettings;
use super::keep::{self, Kept, OpenKeeper};
use crate::error::Result;
use crate::kinds::{Kind, ModelCard};
use crate::lifecycle::{Demand, Gate, ModelVersion, Stage, Subject};
use crate::ops::champion::{self, Comparison};
use crate::ops::gates::{self, Judge};
use crate::ops::register::{self, Registrable, RegistrationCandidate};
use crate::registry::{ModelStore, Registration};

/// A model that was trained and judged.
pub(super) struct Made<'a> {
    pub name: &'a str,
    pub kind: &'a Kind,
    pub card: &'a ModelCard,
    pub model: &'a dyn Registrable,
    pub window_days: f64,
    /// Milliseconds since the epoch.
    pub started_at: i64,
}

/// What became of it.
pub(super) struct Fate {
    pub comparison: Option<Comparison>,
    pub registered: Option<ModelVersion>,
    pub kept: Option<Kept>,
    pub promoted: bool,
    pub would_be_promoted: bool,
    pub held_back: Option<String>,
}

/// Registers what was made where its gate and the comparison with the version that serves put it; what a registry that went
/// away could not take is kept in that of `keeper`.
///
/// Errors: those of the comparison and of registering, apart from a registry that is away.
pub(super) fn conclude(
    request: &TrainingSettings,
    (registry, keeper): (&dyn Registration, OpenKeeper<'_>),
    made: &Made<'_>,
    compared: Result<Option<Comparison>>,
) -> Result<Fate> {
    let (comparison, away) = match compared {
        Ok(comparison) => (comparison, None),
        Err(error) if keep::is_away(request, registry, &error) => (None, Some(error)),
        Err(error) => return Err(error),
    };
    let Decision { stage, held_back } = decide(request, registry, &made.card.gate, comparison.as_ref(), made.card.training.synthetic);
    let candidate = RegistrationCandidate {
        name: made.name,
        kind: made.kind,
        card: made.card,
        model: made.model,
        comparison: comparison.as_ref(),
        stage,
        window_days: made.window_days,
        started_at: made.started_at,
    };
    let registered = match away {
        _ if request.dry_run => Ok(None),
        Some(error) => Err(error),
        None => register::register(request, registry, &candidate).map(Some),
    };
    let (registered, kept) = match registered {
        Ok(registered) => (registered, None),
        Err(error) if keep::is_away(request, registry, &error) => (None, Some(keep::keep(request, registry, keeper, &candidate, error)?)),
        Err(error) => return Err(error),
    };
    let promoted = registered.is_some() && stage == Stage::Production;
    let would_be_promoted = request.dry_run && stage == Stage::Production;
    Ok(Fate { comparison, registered, kept, promoted, would_be_promoted, held_back })
}

/// The verdict on a new model by its holdout. A registry that is away has no tags and no version that serves to tell.
pub(super) fn gate(
    request: &TrainingSettings,
    registry: &dyn Registration,
    kind: &Kind,
    (metrics, holdout): (&BTreeMap<String, f64>, u64),
) -> Result<Gate> {
    let name = request.name_of(kind);
    let judge = Judge { registry, kinds: &request.catalogue, policy: &request.policy };
    let numbers = gates::with_facts_of_new(gates::with_evidence(metrics.clone(), Some(holdout)));
    let asked = judge.criteria_of_new(&name, kind).and_then(|criteria| {
        let compares = criteria.iter().any(|criterion| !matches!(criterion.demand, Demand::Threshold(..)));
        let serving = if compares { champion::serving(registry, &name)? } else { None };
        let champion = serving.map(|serving| judge.numbers_of_champion(&serving, &criteria));
        Ok(Gate::judge_beside(&criteria, &numbers, champion.as_ref()))
    });
    match asked {
        Err(error) if keep::is_away(request, registry, &error) => {
            let subject = Subject { name: &name, tags: &BTreeMap::new(), kind: Some(kind.word()) };
            Ok(Gate::judge(&request.policy.criteria_for(&subject)?, &numbers))
        }
        asked => asked,
    }
}

struct Decision {
    stage: Stage,
    held_back: Option<String>,
}

/// Where the new version goes: nowhere without its gate, Staging with it, Production where that was
/// asked for and it beats the champion.
fn decide(
    request: &TrainingSettings,
    registry: &dyn ModelStore,
    gate: &Gate,
    comparison: Option<&Comparison>,
    synthetic: bool,
) -> Decision {
    if !gate.passed {
        return Decision { stage: Stage::None, held_back: request.promote_if_better.then(|| "its gate failed".into()) };
    }
    let staging = |held_back: Option<String>| Decision { stage: Stage::Staging, held_back };
    if !request.promote_if_better {
        return staging(None);
    }
    if synthetic && registry.is_shared() {
        return staging(Some("it learned from synthetic tickets, which never go into Production on a server".into()));
    }
    match comparison {
        None => Decision { stage: Stage::Production, held_back: None },
        Some(comparison) if comparison.challenger_is_better() => Decision { stage: Stage::Production, held_back: None },
        Some(comparison) => staging(Some(comparison.sentence())),
    }
}
