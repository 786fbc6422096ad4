//! The files of settings, the values in force, and where they come from.

use super::runner::Family;
use super::{CheckOutcome, Finding, look};
use crate::api::CheckState as State;
use crate::config::{ConfigFile, Flags, Origin, SETTINGS, Settings, files, refuse_writable_by_others, unknown};
use crate::error::{Error, Result};
use crate::kinds::Catalogue;
use crate::ops::workspace::{place_of_policy, policy};

const IDS: &[&str] = &[
    "config_files",
    "config_permissions",
    "config_values",
    "config_origins",
    "config_variables",
    "config_secrets",
    "config_policy",
    "context",
];

/// The checks of the settings that these flags lead to.
pub fn family(flags: Flags) -> Family {
    Family { ids: IDS, late: State::Fail, work: Box::new(move |tell| checks(&flags).into_iter().for_each(tell)) }
}

fn checks(flags: &Flags) -> Vec<Finding> {
    let settings = Settings::resolve(flags);
    let resolved = || settings.as_ref().map_err(|error| Error::new(error.kind(), error.to_string()));
    vec![
        look("config_files", read),
        look("config_permissions", permissions),
        look("config_values", || values(resolved()?)),
        look("config_origins", || origins(resolved()?)),
        look("config_variables", || Ok(variables())),
        look("config_secrets", || secrets(resolved()?)),
        look("config_policy", || gates(resolved()?)),
        look("context", || context(resolved()?)),
    ]
}

fn read() -> Result<CheckOutcome> {
    let mut there = Vec::new();
    for file in files()? {
        if ConfigFile::read_if_there(&file.path)?.is_some() {
            there.push(format!("{} ({})", file.path.display(), file.layer));
        }
    }
    Ok(match there.as_slice() {
        [] => CheckOutcome::pass("there is no file of settings; environment and defaults are in force"),
        files => CheckOutcome::pass(format!("read {}", files.join(", "))),
    })
}

fn permissions() -> Result<CheckOutcome> {
    files()?.iter().filter(|file| file.exists).try_for_each(|file| refuse_writable_by_others(&file.path))?;
    Ok(if cfg!(unix) {
        CheckOutcome::pass("nobody else may write the files of settings")
    } else {
        CheckOutcome::skipped("this system has no modes of files")
    })
}

fn values(settings: &Settings) -> Result<CheckOutcome> {
    SETTINGS.iter().filter_map(|spec| Some((spec, settings.get(spec.key)?))).try_for_each(|(spec, setting)| setting.check(spec))?;
    Ok(CheckOutcome::pass(format!("{} settings have values of the right form", settings.all().count())))
}

/// A variable that wins over the current context surprises people most.
fn origins(settings: &Settings) -> Result<CheckOutcome> {
    let count = |is: fn(&Origin) -> bool| settings.all().filter(|(_, setting)| is(&setting.origin)).count();
    let from_environment = count(|origin| matches!(origin, Origin::Environment(_)));
    let from_files = count(|origin| matches!(origin, Origin::File { .. } | Origin::Context { .. }));
    let over = settings.get("registry").map(|setting| setting.origin.clone());
    if let (Some(Origin::Environment(name)), Some(context)) = (over, &settings.context) {
        return Ok(CheckOutcome::new(
            State::Warn,
            format!("the registry comes from the environment variable {name} and not from context {context}"),
        )
        .remedy(format!("`unset {name}`, or name the context in the command: `--context {context}`")));
    }
    Ok(CheckOutcome::pass(format!("{from_files} from files, {from_environment} from the environment, the rest are defaults")))
}

/// A misspelt variable sets nothing, and nothing else would say so.
fn variables() -> CheckOutcome {
    let found = unknown(std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()));
    let Some(first) = found.first() else {
        return CheckOutcome::pass("every variable that begins with HIVECTL_ or ML_ is one that is read");
    };
    let names: Vec<String> = found
        .iter()
        .map(|unknown| match unknown.near {
            Some(near) => format!("{} (is {near} meant?)", unknown.name.escape_debug()),
            None => unknown.name.escape_debug().to_string(),
        })
        .collect();
    CheckOutcome::new(State::Warn, format!("variables that nothing reads: {}", names.join(", ")))
        .remedy(format!("`unset {}`, or spell it as it is read", first.name.escape_debug()))
}

fn secrets(settings: &Settings) -> Result<CheckOutcome> {
    let mut read = 0;
    for (_, setting) in settings.all().filter(|(_, setting)| setting.secret.is_some()) {
        setting.revealed()?;
        read += 1;
    }
    Ok(match read {
        0 => CheckOutcome::pass("the files of settings name no secret"),
        read => CheckOutcome::pass(format!("{read} secrets can be read, and only by this user")),
    })
}

fn gates(settings: &Settings) -> Result<CheckOutcome> {
    policy(&Catalogue::all(), settings)?;
    Ok(match settings.get("policy") {
        None => CheckOutcome::pass("no policy is named, so the usual gates hold"),
        Some(setting) => CheckOutcome::pass(format!("the policy {} can be read", place_of_policy(setting).display())),
    })
}

fn context(settings: &Settings) -> Result<CheckOutcome> {
    Ok(match &settings.context {
        None => CheckOutcome::pass("no context is in force"),
        Some(name) if settings.protected() => CheckOutcome::pass(format!("context {name} is in force and protected")),
        Some(name) => CheckOutcome::pass(format!("context {name} is in force, not protected")),
    })
}
