//! Settings of the running system, by the names of their variables.

use crate::base::{CommandLine, commands};
use crate::ops::settings::{keys as known_keys, other_variables, variables as known_variables};

/// What a setting or a variable sets, and the command that shows it; `None` for one that is not known.
pub fn explained(word: &str) -> Option<(String, CommandLine)> {
    let name = word.split(['=', ':']).next().unwrap_or(word);
    if let Some((key, about)) = known_keys().find(|(key, _)| key.eq_ignore_ascii_case(name)) {
        return Some((format!("is a setting: {about}"), commands::config_get(key)));
    }
    if let Some((key, about)) =
        known_variables().find(|(_, variable, _)| variable.eq_ignore_ascii_case(name)).map(|(key, _, about)| (key, about))
    {
        return Some((format!("sets {key}: {about}"), commands::config_get(key)));
    }
    let (_, about) = other_variables().find(|(variable, _)| variable.eq_ignore_ascii_case(name))?;
    Some(((*about).to_owned(), commands::config_list()))
}

/// Whether a setting has this name.
pub fn is_key(word: &str) -> bool {
    known_keys().any(|(key, _)| key.eq_ignore_ascii_case(word))
}

/// Every setting and every variable that is known.
pub fn words() -> impl Iterator<Item = &'static str> {
    known_keys().map(|(key, _)| key).chain(variables())
}

fn variables() -> impl Iterator<Item = &'static str> {
    known_variables().map(|(_, variable, _)| variable).chain(other_variables().map(|(variable, _)| *variable))
}
