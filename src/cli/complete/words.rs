//! The words that an argument takes: each flag names its own with `#[arg(add = …)]`.

use std::ffi::OsStr;
use std::path::Path;

use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, PathCompleter};

use super::parted;
use crate::error::ErrorKind;
use crate::lifecycle::Stage;
use crate::ops::{self, KnownNames, MeantRegistry, known_names};
use crate::runbook::{IDS, Language, read};

/// Names of models.
pub fn models() -> ArgValueCompleter {
    live(KnownNames::models)
}

/// Names, versions and aliases of models.
pub fn references() -> ArgValueCompleter {
    live(KnownNames::references)
}

/// Aliases by themselves.
pub fn aliases() -> ArgValueCompleter {
    live(KnownNames::aliases)
}

/// The beginning of an object that states a metric.
pub fn metrics() -> ArgValueCompleter {
    live(KnownNames::metrics)
}

/// Words of the registry that the line means.
fn live(kind: fn(&KnownNames) -> Vec<(String, String)>) -> ArgValueCompleter {
    ArgValueCompleter::new(move |typed: &OsStr| begin_with(typed, kind(&known_names(&meant()))))
}

/// The registry that the line at the cursor means, which a script hands over behind its own name.
fn meant() -> MeantRegistry {
    let line = std::env::args_os().nth(3).unwrap_or_default();
    let words = parted(&line.to_string_lossy());
    let after = |flag: &str| {
        let pair = words.windows(2).find(|pair| pair[0] == flag).map(|pair| pair[1].clone());
        pair.or_else(|| words.iter().find_map(|word| word.strip_prefix(&format!("{flag}=")).map(str::to_owned)))
    };
    MeantRegistry { registry: after("--registry"), workspace: after("--workspace"), context: after("--context") }
}

fn begin_with(typed: &OsStr, words: Vec<(String, String)>) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let fitting = words.into_iter().filter(|(word, _)| word.starts_with(&*typed));
    fitting
        .enumerate()
        .map(|(order, (word, about))| {
            let about = (!about.is_empty()).then(|| about.into());
            CompletionCandidate::new(word).help(about).display_order(Some(order))
        })
        .collect()
}

fn fixed(words: impl Fn() -> Vec<(String, String)> + Send + Sync + 'static) -> ArgValueCompleter {
    ArgValueCompleter::new(move |typed: &OsStr| begin_with(typed, words()))
}

/// Folders, and files with one of these suffixes.
pub fn files(suffixes: &'static [&'static str]) -> ArgValueCompleter {
    let fits = move |path: &Path| {
        path.is_dir() || path.extension().is_some_and(|extension| suffixes.iter().any(|suffix| extension.eq_ignore_ascii_case(suffix)))
    };
    ArgValueCompleter::new(PathCompleter::any().filter(fits))
}

/// Names of runbooks.
pub fn runbooks() -> ArgValueCompleter {
    fixed(|| IDS.iter().filter_map(|id| read(id, Language::English)).map(|book| (book.id, book.title)).collect())
}

/// Stages, as a flag writes them.
pub fn stages(stages: &'static [Stage]) -> ArgValueCompleter {
    fixed(move || stages.iter().map(|stage| (stage.as_str().to_ascii_lowercase(), String::new())).collect())
}

/// Error codes.
pub fn codes() -> ArgValueCompleter {
    fixed(|| ErrorKind::ALL.iter().map(|kind| (kind.code().to_owned(), kind.name().replace('_', " "))).collect())
}

/// Names of settings.
pub fn settings() -> ArgValueCompleter {
    fixed(|| ops::settings::known().into_iter().map(|(key, about)| (key.to_owned(), about.to_owned())).collect())
}

/// Names of contexts; none where a file of settings is wrong.
pub fn contexts() -> ArgValueCompleter {
    fixed(|| ops::settings::contexts().unwrap_or_default().into_iter().map(|name| (name, String::new())).collect())
}
