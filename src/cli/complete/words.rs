//! Which argument takes which live words.

use std::ffi::OsStr;
use std::path::Path;

use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, PathCompleter};

use crate::error::ErrorKind;
use crate::lifecycle::Stage;
use crate::ops::{self, KnownNames, MeantRegistry, known_names};
use crate::runbook::{IDS, Language, read};

/// The tree with a completer at every argument that has live words; `words` are those of the line, which may name a
/// registry or a context.
pub fn attached(root: Command, words: &[String]) -> Command {
    let after = |flag: &str| {
        let pair = words.windows(2).find(|pair| pair[0] == flag).map(|pair| pair[1].clone());
        pair.or_else(|| words.iter().find_map(|word| word.strip_prefix(&format!("{flag}=")).map(str::to_owned)))
    };
    let meant = MeantRegistry { registry: after("--registry"), context: after("--context") };
    walk(root, "", &meant)
}

fn walk(command: Command, path: &str, meant: &MeantRegistry) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|child| child.get_name().to_owned()).collect();
    let command = command.mut_args(|arg| with_words(arg, path, meant));
    names.iter().fold(command, |command, name| command.mut_subcommand(name, |child| walk(child, &format!("{path} {name}"), meant)))
}

/// What an argument takes, by its name and command.
fn with_words(arg: Arg, path: &str, meant: &MeantRegistry) -> Arg {
    let of = |kind: fn(&KnownNames) -> Vec<(String, String)>| {
        let meant = meant.clone();
        ArgValueCompleter::new(move |typed: &OsStr| begin_with(typed, kind(&known_names(&meant))))
    };
    let id = arg.get_id().as_str().to_owned();
    let completer = match (path, id.as_str()) {
        (" runbook show" | " runbook run", "id") => fixed(runbooks),
        (" explain", "words") => fixed(codes),
        (" config get" | " config set" | " config unset", "key") => fixed(settings),
        (" config use", "name") | (_, "context") => fixed(contexts),
        (" ml models alias set" | " ml models alias unset", "alias") => of(KnownNames::aliases),
        (" ml models register" | " ml models import", "name") | (" ml train" | " ml retrain", "name") => return arg,
        (_, "name") if path.starts_with(" ml") || path.starts_with(" audit") => of(KnownNames::models),
        (_, "reference" | "references" | "first" | "second") => of(KnownNames::references),
        (" ml predict" | " ml drift check" | " ml drift watch" | " ml drift history" | " ml backfill", "model") => {
            of(KnownNames::references)
        }
        (_, "confirm") => of(KnownNames::references),
        (" ml models list", "filter") => of(KnownNames::models),
        (" ml models promote", "to") => fixed(|| stages(&[Stage::Production, Stage::Staging])),
        (" ml models list", "stage") => fixed(|| stages(&[Stage::Production, Stage::Staging, Stage::Archived, Stage::None])),
        (" ml models register", "metrics") => of(KnownNames::metrics),
        (_, "tickets") => files(&["ndjson", "jsonl", "json", "csv", "parquet", "gz", "zst"]),
        (_, "registry") => files(&["db"]),
        (_, "policy") => files(&["yaml", "yml"]),
        (" ml apply", "plan") => files(&["json"]),
        (" ml models import", "file") => files(&["hivectl-model"]),
        (_, "resume" | "transcript") if path == " runbook run" => files(&["md"]),
        _ => return arg,
    };
    arg.add(completer)
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

fn fixed(words: fn() -> Vec<(String, String)>) -> ArgValueCompleter {
    ArgValueCompleter::new(move |typed: &OsStr| begin_with(typed, words()))
}

/// Folders, and files with one of these suffixes.
fn files(suffixes: &'static [&'static str]) -> ArgValueCompleter {
    let fits = move |path: &Path| {
        path.is_dir() || path.extension().is_some_and(|extension| suffixes.iter().any(|suffix| extension.eq_ignore_ascii_case(suffix)))
    };
    ArgValueCompleter::new(PathCompleter::any().filter(fits))
}

fn runbooks() -> Vec<(String, String)> {
    IDS.iter().filter_map(|id| read(id, Language::English)).map(|book| (book.id, book.title)).collect()
}

fn stages(stages: &[Stage]) -> Vec<(String, String)> {
    stages.iter().map(|stage| (stage.name().to_ascii_lowercase(), String::new())).collect()
}

fn codes() -> Vec<(String, String)> {
    ErrorKind::ALL.iter().map(|kind| (kind.code().to_owned(), kind.name().replace('_', " "))).collect()
}

fn settings() -> Vec<(String, String)> {
    ops::settings::known().into_iter().map(|(key, about)| (key.to_owned(), about.to_owned())).collect()
}

/// The names of the contexts; none where a file of settings is wrong.
fn contexts() -> Vec<(String, String)> {
    ops::settings::contexts().unwrap_or_default().into_iter().map(|name| (name, String::new())).collect()
}
