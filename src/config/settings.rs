//! What can be set, and which layer wins.
//!
//! A flag wins over the environment, the environment over the context, the context over the top
//! level of the project's file, that over the user's file, that over the default. A context named
//! by `--context` counts as a flag.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::command::SecretCommands;
use super::file::ConfigFile;
use super::origin::Origin;
use super::place::{PROJECT_FILE, config_path};
use super::protection::protecting;
use super::setting::Setting;
use super::table::{SETTINGS, SettingSpec, parse_bool};
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};

/// Names the context for one shell.
const CONTEXT_VARIABLE: &str = "HIVECTL_CONTEXT";

/// What the command line said of settings: key, flag, value.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    pub values: Vec<(&'static str, &'static str, String)>,
    pub context: Option<String>,
    /// The commands of secrets of the job that asks.
    pub commands: SecretCommands,
}

impl Flags {
    /// Notes that `flag` set `key`, when it was given.
    pub fn set(&mut self, key: &'static str, flag: &'static str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.values.push((key, flag, value.to_string()));
        }
    }
}

/// All settings, resolved once.
#[derive(Clone, Debug)]
pub struct Settings {
    values: BTreeMap<&'static str, Setting>,
    /// The context in force, where one is.
    pub context: Option<String>,
}

impl Settings {
    /// Reads the files and the environment and lays the flags over them.
    ///
    /// Errors: a file that cannot be read or has an unknown key, a context that does not exist.
    pub fn resolve(flags: &Flags) -> Result<Settings> {
        match Settings::resolve_to_show(flags)? {
            (settings, None) => Ok(settings),
            (_, Some(error)) => Err(error),
        }
    }

    /// The same for commands that show and mend settings: a current context that does not exist is no failure, but
    /// stands beside the settings, which are those without a context.
    ///
    /// Errors: a file that cannot be read or has an unknown key, a context named by a flag that does not exist.
    pub fn resolve_to_show(flags: &Flags) -> Result<(Settings, Option<Error>)> {
        let environment = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        Settings::from_layers(flags, &layers()?, &environment)
    }

    fn from_layers(
        flags: &Flags,
        files: &[Option<ConfigFile>],
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<(Settings, Option<Error>)> {
        let files: Vec<&ConfigFile> = files.iter().flatten().collect();
        let by_flag = flags.context.is_some();
        let named = flags.context.as_ref().map(|name| Setting::plain(name, Origin::Flag("--context")));
        let chosen = named
            .or_else(|| environment(CONTEXT_VARIABLE).map(|name| Setting::plain(name, Origin::Environment(CONTEXT_VARIABLE))))
            .or_else(|| files.iter().find_map(|file| file.current_context.clone()));
        let unknown = chosen.as_ref().filter(|name| !files.iter().any(|file| file.contexts.contains_key(&name.value)));
        let unknown = unknown.map(|name| unknown_context(name, &files));
        let context = match unknown {
            Some(error) if by_flag => return Err(error),
            Some(_) => None,
            None => chosen.map(|name| name.value),
        };
        let mut values = BTreeMap::new();
        for spec in SETTINGS {
            let from_flag = || {
                flags
                    .values
                    .iter()
                    .find(|(key, ..)| *key == spec.key)
                    .map(|(_, flag, value)| Setting::plain(value.clone(), Origin::Flag(flag)))
            };
            let from_environment =
                || spec.environment.iter().find_map(|name| environment(name).map(|value| Setting::plain(value, Origin::Environment(name))));
            let from_context = || {
                let name = context.as_ref()?;
                files.iter().find_map(|file| file.context_setting(name, spec.key))
            };
            let from_file = || files.iter().find_map(|file| file.setting(spec.key));
            let from_default = || spec.default.map(|value| Setting::plain(value, Origin::Default));
            let found = if by_flag {
                from_flag().or_else(from_context).or_else(from_environment).or_else(from_file).or_else(from_default)
            } else {
                from_flag().or_else(from_environment).or_else(from_context).or_else(from_file).or_else(from_default)
            };
            if let Some(setting) = found {
                values.insert(spec.key, setting);
            }
        }
        if let Some(setting) = protecting(&files, context.as_deref()) {
            values.insert("protected", setting);
        }
        for setting in values.values_mut() {
            setting.secret = setting.secret.take().map(|secret| secret.among(&flags.commands));
        }
        Ok((Settings { values, context }, unknown))
    }

    /// The setting, where it has a value.
    pub fn get(&self, key: &str) -> Option<&Setting> {
        self.values.get(key)
    }

    /// Every setting that has a value, by name.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &Setting)> {
        self.values.iter().map(|(key, setting)| (*key, setting))
    }

    /// The value as text, where there is one.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).map(|setting| setting.value.as_str())
    }

    /// The value in its type, and in the setting's range.
    ///
    /// Errors: [`ErrorKind::BadConfiguration`] that names the place the value came from;
    /// [`ErrorKind::Usage`] when that place is a flag.
    pub fn parse<T: FromStr>(&self, key: &str) -> Result<Option<T>> {
        let Some(setting) = self.get(key) else { return Ok(None) };
        let spec = SettingSpec::named(key)?;
        setting.check(spec)?;
        let unread = || Error::new(ErrorKind::Internal, format!("'{}' has the form of {key} and cannot be read", setting.shown()));
        setting.value.trim().parse().map(Some).map_err(|_| unread())
    }

    /// Whether changes need a typed confirmation here; a word that says neither yes nor no protects.
    pub fn protected(&self) -> bool {
        self.text("protected").is_some_and(|word| parse_bool(word).unwrap_or(true))
    }

    /// Whether a switch is on; one without a value is off.
    ///
    /// Errors: those of [`Settings::parse`], for a word that says neither yes nor no.
    pub fn is_on(&self, key: &str) -> Result<bool> {
        let Some(setting) = self.get(key) else { return Ok(false) };
        setting.check(SettingSpec::named(key)?)?;
        Ok(parse_bool(&setting.value).unwrap_or(false))
    }
}

/// The files of settings as they are read, the one that wins first: the project's, the user's.
///
/// Errors: a file that cannot be read or has an unknown key.
pub fn layers() -> Result<[Option<ConfigFile>; 2]> {
    let user = ConfigFile::read_if_there(&config_path()?)?;
    Ok([ConfigFile::read_if_there(&PathBuf::from(PROJECT_FILE))?, user])
}

/// A context that no file knows: where it is named, and what to type there.
fn unknown_context(chosen: &Setting, files: &[&ConfigFile]) -> Error {
    let name = &chosen.value;
    let known: BTreeSet<&str> = files.iter().flat_map(|file| file.contexts.keys().map(String::as_str)).collect();
    let message = format!("there is no context '{name}'");
    let message = if let Origin::File { .. } = chosen.origin { format!("{}: {message}", chosen.origin) } else { message };
    let error = Error::new(ErrorKind::BadConfiguration, message).because(match &chosen.origin {
        Origin::File { .. } => "current_context names it".to_owned(),
        origin => format!("named by {origin}"),
    });
    let error = match &chosen.origin {
        Origin::Environment(variable) => error.hint(format!("go on without it: `unset {variable}`")),
        Origin::File { path, .. } if *path == Path::new(PROJECT_FILE) => {
            error.hint(("go on without it: `", commands::config_unset_project_context(), "`"))
        }
        Origin::File { .. } => error.hint(("go on without it: `", commands::config_unset_context(), "`")),
        _ => error,
    };
    let nearest = crate::base::similarity::nearest(name, known.iter().copied()).or_else(|| known.first().copied());
    match (nearest, &chosen.origin) {
        (None, _) => error.hint(("no file of settings has a context; make one: `", commands::config_set_registry(name), "`")),
        (Some(_), Origin::File { path, .. }) if *path == Path::new(PROJECT_FILE) => error.hint(contexts_are(&known)),
        (Some(nearest), Origin::File { .. }) => error.hint((contexts_are(&known), ": `", commands::config_use(nearest), "`")),
        (Some(nearest), Origin::Environment(variable)) => error.hint(format!("{}: `export {variable}={nearest}`", contexts_are(&known))),
        (Some(_), _) => error.hint((contexts_are(&known), "; `", commands::config_contexts(), "` shows them")),
    }
}

fn contexts_are(known: &BTreeSet<&str>) -> String {
    format!("the contexts are {}", known.iter().copied().collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> Option<ConfigFile> {
        Some(ConfigFile::parse(&PathBuf::from("config.yaml"), text).expect("a good file"))
    }

    fn resolve(flags: &Flags, text: &str, environment: &[(&str, &str)]) -> Settings {
        let look_up = |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Settings::from_layers(flags, &[file(text)], &look_up).expect("settings").0
    }

    const FILE: &str = "current_context: prod\nwindow_days: 90\ncontexts:\n  prod:\n    registry: http://prod\n    protected: yes\n  test:\n    registry: test.db\n";

    #[test]
    fn the_environment_wins_over_the_current_context_but_not_over_a_named_one() {
        let environment = [("MLFLOW_TRACKING_URI", "http://environment")];
        let current = resolve(&Flags::default(), FILE, &environment);
        assert_eq!(current.text("registry"), Some("http://environment"));
        let named = resolve(&Flags { context: Some("test".into()), ..Flags::default() }, FILE, &environment);
        assert_eq!(named.text("registry"), Some("test.db"));
        assert_eq!(named.get("registry").map(|setting| setting.origin.to_string()), Some("context test, config.yaml:8".into()));
    }

    #[test]
    fn a_flag_wins_over_everything_and_a_default_loses() {
        let mut flags = Flags::default();
        flags.set("registry", "--registry", Some("flag.db"));
        let settings = resolve(&flags, FILE, &[("HIVECTL_REGISTRY", "environment.db")]);
        assert_eq!(settings.text("registry"), Some("flag.db"));
        assert_eq!(settings.text("window_days"), Some("90"));
        assert_eq!(settings.text("min_samples"), Some("100"));
        assert!(settings.protected());
    }

    #[test]
    fn secrets_of_a_url_are_not_shown() {
        let shown = |value: &str| Setting::plain(value, Origin::Default).shown();
        assert_eq!(shown("mongodb://u:p@ss/w:x@h:1,i/d?tls=true"), "mongodb://u:***@h:1,i/d?tls=true");
        assert_eq!(shown("mongodb://h/?authMechanismProperties=AWS_SESSION_TOKEN:x&w=1"), "mongodb://h/?authMechanismProperties=***&w=1");
        assert_eq!((shown("http://u@h"), shown("a b.ndjson")), ("http://u@h".into(), "a b.ndjson".into()));
    }

    #[test]
    fn a_wrong_number_names_its_origin() {
        let settings = resolve(&Flags::default(), "", &[("ML_MIN_TRAINING_SAMPLES", "many")]);
        let error = settings.parse::<usize>("min_samples").expect_err("not a number");
        assert_eq!(
            error.to_string(),
            "min_samples is 'many', expected a whole number, 1 or above: set by environment ML_MIN_TRAINING_SAMPLES"
        );
    }

    #[test]
    fn a_context_that_is_not_there_lists_those_that_are() {
        let flags = Flags { context: Some("stage".into()), ..Flags::default() };
        let error = Settings::from_layers(&flags, &[file(FILE)], &|_| None).expect_err("unknown");
        assert!(error.hints()[0].to_string().contains("prod, test"), "{error:?}");
    }
}
