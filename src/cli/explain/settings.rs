//! Settings of the running system, by the names of their variables.

use crate::base::{CommandLine, commands};
use crate::ops::settings::{keys as known_keys, variables as known_variables};

/// Variables of the guides that only the running services read, and what they are about.
const OF_SERVICES: &[(&str, &str)] = &[
    ("ML_PREDICTIONS_ENABLED", "switches predictions in the service"),
    ("ML_TRAINING_INTERVAL_HOURS", "is how often the service trains; hivectl trains when a schedule of yours runs it"),
    ("ML_FEATURE_CACHE_TTL_SECONDS", "is how long the service keeps features"),
    ("CLICKHOUSE_HOST", "is where the service reads history; hivectl reads tickets from files and from a MongoDB"),
    ("AB_TESTING_ENABLED", "switches A/B tests of the service"),
    ("AB_TEST_DEFAULT_TRAFFIC", "is the share of traffic that an A/B test of the service gets"),
    ("KAFKA_BOOTSTRAP_SERVERS", "is where the service collects data"),
    ("DATA_COLLECTION_DAYS", "is how far back the service collects data"),
    ("MIN_CONFIDENCE", "is the least confidence of data that the service collects"),
];

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
    let (_, about) = OF_SERVICES.iter().find(|(variable, _)| variable.eq_ignore_ascii_case(name))?;
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
    known_variables().map(|(_, variable, _)| variable).chain(OF_SERVICES.iter().map(|(variable, _)| *variable))
}
