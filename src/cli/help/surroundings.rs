//! Files and variables around the commands, for `hivectl help` and the manual pages.

use crate::ops::settings;

/// Variables that a command heeds, and what each is; with `whole` those of every setting, else of the usual ones.
pub fn variables(whole: bool) -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_settings = settings::variables().filter(move |(key, ..)| whole || ["registry", "tickets"].contains(key));
    VARIABLES.iter().copied().chain(of_settings.map(|(_, name, about)| (name, about)))
}

/// Files that every command knows, and what is in them.
pub const FILES: &[(&str, &str)] = &[
    ("~/.config/hivectl/config.yaml", "settings and contexts of the user"),
    (".hivectl.yaml", "settings of the project, in the working folder; they win over the user's"),
    ("~/.local/share/hivectl/registry.db", "the embedded registry, with its files in mlruns beside it"),
    ("~/.cache/hivectl/", "names for completion; may be removed at any time"),
];

const VARIABLES: &[(&str, &str)] = &[
    ("HIVECTL_HOME", "one folder for settings, data and cache"),
    ("HIVECTL_CONFIG", "the user's file of settings"),
    ("HIVECTL_CONTEXT", "the context in force"),
    ("ACCESSIBLE, HIVECTL_ACCESSIBLE", "plain words only, as with --accessible"),
    ("NO_COLOR", "no colour"),
    ("CI", "never ask, draw no bars"),
    ("LANG", "language of runbooks"),
];
