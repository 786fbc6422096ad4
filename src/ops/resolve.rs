//! From a reference to the version it names.

use crate::base::commands;
use crate::base::similarity::nearest;
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::Catalogue;
use crate::lifecycle::{CHALLENGER, ModelRef, ModelVersion, Selector, Serving, ServingBy, Stage};
use crate::registry::ModelStore;

/// A version, and the words by which it was chosen (`the version in Production`).
#[derive(Clone, Debug)]
pub struct Resolved {
    pub version: ModelVersion,
    pub chosen_as: String,
}

/// Finds the version that `reference` names, for reading.
///
/// A kind (`duration`) or a guide's name (`duration-predictor`) stands for the registered name where no
/// model of that exact name exists. Errors: [`ErrorKind::ModelNotFound`] with the nearest names or the
/// versions there are.
pub fn resolve(registry: &dyn ModelStore, kinds: &Catalogue, reference: &ModelRef) -> Result<Resolved> {
    let (name, versions) = versions_of(registry, kinds, &reference.name)?;
    let highest = |wanted: Stage| versions.iter().filter(|version| version.stage == wanted).max_by_key(|version| version.version);
    let with_alias = |alias: &str| versions.iter().find(|version| version.has_alias(alias));
    let serving = registry.serving_rule().serving(&versions);
    let in_stage = |wanted: Stage| match wanted {
        Stage::Production => versions.iter().find(|version| Some(version.version) == serving.production),
        Stage::Staging | Stage::None | Stage::Archived => highest(wanted),
    };
    // What was not registered whole may have no files; who wants it names its number.
    let latest = || versions.iter().filter(|version| version.registration.is_ready()).max_by_key(|version| version.version);
    let (found, chosen_as) = match &reference.selector {
        Selector::Version(number) => (versions.iter().find(|version| version.version == *number), format!("version {number}")),
        Selector::Latest => (latest(), "the latest version".into()),
        // Where aliases alone tell what serves, what a stage would hold goes by its alias.
        Selector::Stage(stage) => match (in_stage(*stage), alias_of(*stage, &serving)) {
            (None, Some(alias)) => (with_alias(alias), format!("the version with the alias {alias}, as no version has a stage")),
            (found, _) => (found, format!("the version in {}", stage.as_str())),
        },
        Selector::Alias(alias) => (with_alias(alias), format!("the version with the alias {alias}")),
        Selector::Default => {
            let serves = versions.iter().find(|version| Some(version.version) == serving.version());
            match (serves, highest(Stage::Staging)) {
                (Some(version), _) => (Some(version), chosen_to_serve(&serving)),
                (None, Some(version)) => (Some(version), "the newest in Staging, as none is in Production".into()),
                (None, None) => (latest(), "the latest version, as none is in Production or Staging".into()),
            }
        }
    };
    match found {
        Some(version) => Ok(Resolved { version: version.clone(), chosen_as }),
        None => Err(no_such_version(&name, &chosen_as, &versions)),
    }
}

/// The alias that stands for a stage, where aliases alone tell what serves.
fn alias_of(stage: Stage, serving: &Serving) -> Option<&str> {
    match stage {
        Stage::Production if serving.by_alias_alone() => Some(&serving.alias),
        Stage::Staging if serving.by_alias_alone() => Some(CHALLENGER),
        Stage::Production | Stage::Staging | Stage::None | Stage::Archived => None,
    }
}

/// Why a version that serves was chosen.
fn chosen_to_serve(serving: &Serving) -> String {
    match (serving.disagreement(), serving.by()) {
        (Some(disagreement), _) => format!("the version in Production; {disagreement}"),
        (None, Some(ServingBy::Alias)) => format!("the version that serves by the alias {}", serving.alias),
        (None, _) => "the version in Production".into(),
    }
}

/// The name as registered, and its versions.
///
/// Errors: [`ErrorKind::ModelNotFound`] when there is no such model.
pub fn versions_of(registry: &dyn ModelStore, kinds: &Catalogue, name: &str) -> Result<(String, Vec<ModelVersion>)> {
    for candidate in [Some(name), kinds.name_behind(name)].into_iter().flatten() {
        let versions = registry.versions(candidate)?;
        if !versions.is_empty() {
            return Ok((candidate.to_owned(), versions));
        }
    }
    Err(no_such_model(registry, kinds, name))
}

fn no_such_model(registry: &dyn ModelStore, kinds: &Catalogue, name: &str) -> Error {
    let error = Error::new(ErrorKind::ModelNotFound, format!("there is no model '{name}' in {}", registry.location()));
    let names: Vec<String> = registry.list().unwrap_or_default().into_iter().map(|summary| summary.name).collect();
    if names.is_empty() {
        return error.hint(("the registry is empty: `", commands::train_on("FILE"), "` makes the first models"));
    }
    // A kind or a guide's name may be mistyped too, where what it stands for is there.
    let words = kinds.words().filter(|(_, behind)| names.iter().any(|name| name == behind)).map(|(word, _)| word);
    match nearest(name, names.iter().map(String::as_str).chain(words)) {
        Some(similar) => error.hint(format!("did you mean '{similar}'?")),
        None => error.hint(format!("the models are {}", names.join(", "))),
    }
}

/// The stage, or that it was not registered whole.
fn standing(version: &ModelVersion) -> String {
    match version.registration.is_ready() {
        true => version.stage.as_str().to_owned(),
        false => format!("registration {}", version.registration),
    }
}

fn no_such_version(name: &str, chosen_as: &str, versions: &[ModelVersion]) -> Error {
    let there: Vec<String> = versions.iter().take(5).map(|version| format!("{name}@{} ({})", version.version, standing(version))).collect();
    let more = if versions.len() > 5 { format!(" and {} older", versions.len() - 5) } else { String::new() };
    Error::new(ErrorKind::ModelNotFound, format!("{name} has no such version: {chosen_as}"))
        .hint(format!("there are {}{more}", there.join(", ")))
}
