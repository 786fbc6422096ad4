//! Changing the files of settings: one line at a time, as a whole or not at all.

use std::path::PathBuf;

use super::gates::idle_rules;
use super::workspace::{Intent, Workspace, place_of_policy, policy};
use crate::api::settings::{
    ChangeSettingRequest, CheckSettingsRequest, ContextList, ContextSummary, GetSettingRequest, ListContextsRequest,
    ListSettingFilesRequest, ListSettingsRequest, SettingChange, SettingCheck, SettingFailure, SettingFile, SettingFiles, SettingList,
    SettingReport, UseContextRequest, setting_change,
};
use crate::api::{Operations, Question};
use crate::base::commands;
use crate::base::write_whole;
use crate::config::{
    ConfigFile, Flags, LayerFile, OF_MLFLOW, OF_SERVICES, SETTINGS, Setting, SettingSpec, Settings, config_path, edit, files, layers,
    parse_bool, protecting, refuse_writable_by_others, weakened,
};
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::Policy;

/// A change that is worked out and not written.
struct Change {
    file: PathBuf,
    key: String,
    /// The text that is there, which must be there still when the new one is written.
    old: String,
    new: String,
    before: Option<String>,
    after: Option<String>,
    /// What has to be confirmed first.
    guard: Option<Guard>,
}

/// The protection that a change touches or takes away.
struct Guard {
    /// The protected context; `None` where the top level protects what is done without a context.
    context: Option<String>,
    /// The place that protects it.
    protected_by: String,
}

impl Guard {
    /// The word to type: the context's name.
    fn name(&self) -> &str {
        self.context.as_deref().unwrap_or("protected")
    }
}

/// Works out the change of `path` (a key, or `contexts`, a name and a key) in the user's or the project's file.
///
/// Errors: [`ErrorKind::BadConfiguration`] for a file that is wrong, would become wrong, or is written in a way that
/// is not changed by lines; [`ErrorKind::Usage`] for a value of the wrong form.
fn prepare(project: bool, path: &[&str], value: Option<&str>) -> Result<Change> {
    let [of_project, of_user] = files()?;
    let file = if project { of_project } else { of_user };
    let name = file.path.display().to_string();
    if let (Some(value), Some(key)) = (value, path.last()) {
        fits(key, value)?;
    }
    let [project_layer, user_layer] = layers()?;
    let there = if project { &project_layer } else { &user_layer };
    if let (["contexts", context, ..], Some(_)) = (path, value)
        && !there.as_ref().is_some_and(|file| file.contexts.contains_key(*context))
    {
        check_context_name(context)?;
    }
    let old = match there {
        Some(_) => std::fs::read_to_string(&file.path).map_err(|error| Error::file("read the configuration", &file.path, &error))?,
        None => String::new(),
    };
    let new = edit::changed(&name, &old, path, value)?;
    let then = ConfigFile::parse(&file.path, &new)?;
    let before: Vec<&ConfigFile> = [&project_layer, &user_layer].into_iter().flatten().collect();
    let other = if project { &user_layer } else { &project_layer };
    let after: Vec<&ConfigFile> = match project {
        true => [Some(&then), other.as_ref()].into_iter().flatten().collect(),
        false => [other.as_ref(), Some(&then)].into_iter().flatten().collect(),
    };
    let guard = guard(path, &before, &after);
    let shown = |file: Option<&ConfigFile>| file.and_then(|file| file.shown(path));
    Ok(Change { key: path.join("."), before: shown(there.as_ref()), after: shown(Some(&then)), guard, file: file.path, old, new })
}

/// What has to be confirmed before the change: every one inside a protected context, in whichever file, and elsewhere one
/// that takes a context's protection or gives it another registry.
fn guard(path: &[&str], before: &[&ConfigFile], after: &[&ConfigFile]) -> Option<Guard> {
    let inside = match path {
        ["contexts", context, ..] => Some(Some((*context).to_owned())),
        _ => None,
    };
    inside.into_iter().chain(weakened(before, after)).find_map(|context| {
        let protected_by = protecting(before, context.as_deref())?.origin.to_string();
        Some(Guard { context, protected_by })
    })
}

/// A new context has a name that can be typed, and that stands in a file without quotation marks.
fn check_context_name(name: &str) -> Result<()> {
    let plain = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    match name.chars().next().is_some_and(char::is_alphanumeric) && name.chars().all(plain) {
        true => Ok(()),
        false => Err(Error::new(ErrorKind::Usage, format!("'{name}' cannot be a context's name"))
            .because("a name begins with a letter or a digit and goes on with those, -, _ and .")
            .hint(("for example: `", commands::config_set_registry("prod"), "`"))),
    }
}

/// A value typed at the command line has the form of its setting.
fn fits(key: &str, value: &str) -> Result<()> {
    let Ok(spec) = SettingSpec::named(key) else { return Ok(()) };
    match spec.value_type.fits(value) {
        true => Ok(()),
        false => Err(Error::new(ErrorKind::Usage, format!("'{value}' is no value of {key}, expected {}", spec.value_type.expected()))
            .hint(format!("{key} is {}", spec.about))),
    }
}

impl Change {
    /// Whether anything would change.
    fn differs(&self) -> bool {
        self.old != self.new
    }

    /// The key, its file, and its values before and after.
    fn described(&self) -> String {
        setting_change(&self.key, &self.file, self.before.as_deref(), self.after.as_deref())
    }

    /// What the change comes to.
    fn report(self, dry_run: bool) -> SettingChange {
        let differs = self.differs();
        SettingChange {
            changed: differs && !dry_run,
            would_change: dry_run.then_some(differs),
            file: self.file,
            key: self.key,
            before: self.before,
            after: self.after,
            overridden_by: Vec::new(),
        }
    }

    /// Writes the file, for its owner alone where it is new.
    ///
    /// Errors: [`ErrorKind::Conflict`] when the file is another one by now; those of writing.
    fn write(&self) -> Result<()> {
        if self.differs() {
            let now = std::fs::read_to_string(&self.file).unwrap_or_default();
            if now != self.old {
                return Err(Error::new(ErrorKind::Conflict, format!("{} was changed meanwhile; nothing was written", self.file.display())));
            }
            if let Some(folder) = self.file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                std::fs::create_dir_all(folder).map_err(|error| {
                    Error::file("make the folder", folder, &error).hint("set HIVECTL_HOME to a folder that hivectl may use")
                })?;
            }
            write_whole(&self.file, self.new.as_bytes())?;
        }
        Ok(())
    }
}

/// The contexts of all files, by name.
///
/// Errors: a file that cannot be read.
pub fn contexts() -> Result<Vec<String>> {
    let names: std::collections::BTreeSet<String> = layers()?.into_iter().flatten().flat_map(|file| file.contexts.into_keys()).collect();
    Ok(names.into_iter().collect())
}

/// Every setting, each with what it is.
pub fn known() -> Vec<(&'static str, &'static str)> {
    SETTINGS.iter().map(|spec| (spec.key, spec.about)).collect()
}

/// The settings, by the names that `config set` takes, and what each is.
pub fn keys() -> impl Iterator<Item = (&'static str, &'static str)> {
    SETTINGS.iter().map(|spec| (spec.key, spec.about))
}

/// The variables that settings are read from: the setting, the variable, and what the setting is.
pub fn variables() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    SETTINGS.iter().flat_map(|spec| spec.environment.iter().map(|name| (spec.key, *name, spec.about)))
}

/// Variables that only MLflow's clients or the running services read, and what each is about.
pub fn other_variables() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    OF_MLFLOW.iter().chain(OF_SERVICES)
}

impl Operations<ListSettingsRequest> for Workspace<'_> {
    fn run(&self, _: &ListSettingsRequest) -> Result<SettingList> {
        let settings = self.settings_to_show()?;
        let items = SETTINGS.iter().map(|spec| told(spec, &settings)).collect();
        Ok(SettingList { items, current_context: settings.context.clone(), file: config_path()? })
    }
}

impl Operations<GetSettingRequest> for Workspace<'_> {
    fn run(&self, request: &GetSettingRequest) -> Result<SettingReport> {
        let GetSettingRequest { key } = request;
        let spec = SettingSpec::named(key)?;
        Ok(told(spec, &self.settings_to_show()?))
    }
}

fn told(spec: &SettingSpec, settings: &Settings) -> SettingReport {
    let setting = settings.get(spec.key);
    SettingReport {
        key: spec.key.to_owned(),
        value: setting.map(Setting::shown),
        origin: setting.map(|setting| setting.origin.to_string()),
        environment: spec.environment.iter().map(|&name| name.to_owned()).collect(),
        about: spec.about.to_owned(),
    }
}

impl Operations<ListSettingFilesRequest> for Workspace<'_> {
    fn run(&self, _: &ListSettingFilesRequest) -> Result<SettingFiles> {
        let file = |file: LayerFile| SettingFile { layer: file.layer.to_owned(), file: file.path, exists: file.exists };
        Ok(SettingFiles { items: files()?.into_iter().map(file).collect() })
    }
}

impl Operations<ListContextsRequest> for Workspace<'_> {
    fn run(&self, _: &ListContextsRequest) -> Result<ContextList> {
        let current = self.settings_to_show()?.context;
        let mut items = Vec::new();
        for name in contexts()? {
            let inside = of_context(self, &name)?;
            let value = |key: &str| inside.get(key).map(Setting::shown);
            items.push(ContextSummary {
                current: current.as_ref() == Some(&name),
                name,
                registry: value("registry"),
                tickets: value("tickets"),
                prometheus: value("prometheus"),
                namespace: value("namespace"),
                protected: inside.protected(),
                protected_as_written: value("protected").filter(|word| word != "yes" && word != "no"),
            });
        }
        Ok(ContextList { items })
    }
}

/// The settings inside a context, whatever the command line says.
///
/// Errors: a name that no file knows.
pub(super) fn of_context(workspace: &Workspace<'_>, name: &str) -> Result<Settings> {
    let commands = workspace.state().commands();
    Settings::resolve(&Flags { values: Vec::new(), context: Some(name.to_owned()), commands })
}

impl Operations<ChangeSettingRequest> for Workspace<'_> {
    fn run(&self, request: &ChangeSettingRequest) -> Result<SettingChange> {
        let key = match (request.key.as_str(), &request.value) {
            ("current_context", None) => "current_context",
            (key, None) if key.starts_with("contexts.") => key,
            (key, _) => SettingSpec::named(key)?.key,
        };
        let context = self.context_of_scope();
        let path = match (context, key.strip_prefix("contexts.")) {
            (_, Some(inside)) => match inside.rsplit_once('.').filter(|(_, key)| SettingSpec::named(key).is_ok()) {
                Some((context, key)) => vec!["contexts", context, key],
                None => vec!["contexts", inside],
            },
            (Some(context), None) => vec!["contexts", context, key],
            (None, None) => vec![key],
        };
        let change = prepare(request.project, &path, request.value.as_deref())?;
        if let Some(guard) = change.guard.as_ref().filter(|_| change.differs()) {
            if let Some(context) = &guard.context {
                self.interaction().enter(context);
            }
            self.interaction().note(&protection_told(guard, &change));
            if !request.dry_run {
                let name = guard.name().to_owned();
                self.interaction().ask(&Question::Name { accepted: vec![name.clone()], name })?;
            }
        }
        if !request.dry_run {
            change.write()?;
        }
        Ok(change.report(request.dry_run))
    }
}

/// The line before the question: the context, what protects it, and what would change.
fn protection_told(guard: &Guard, change: &Change) -> String {
    let context = guard.context.as_ref().map_or_else(|| "without a context".to_owned(), |context| format!("context {context}"));
    format!("{context} [protected by {}]: would change {}", guard.protected_by, change.described())
}

impl Operations<UseContextRequest> for Workspace<'_> {
    fn run(&self, request: &UseContextRequest) -> Result<SettingChange> {
        let name = &request.name;
        of_context(self, name)?;
        let change = prepare(false, &["current_context"], Some(name))?;
        change.write()?;
        let mut report = change.report(false);
        if let Some(over) = std::env::var("HIVECTL_CONTEXT").ok().filter(|over| !over.is_empty() && over != name) {
            report.overridden_by.push(format!("HIVECTL_CONTEXT is set and wins: the context in force is still {over}"));
        }
        let of_project = layers()?.into_iter().next().flatten().and_then(|file| file.current_context);
        if let Some(over) = of_project.filter(|over| over.value != *name) {
            report.overridden_by.push(format!("{} wins here: the context in force is still {}", over.origin, over.value));
        }
        Ok(report)
    }
}

impl Operations<CheckSettingsRequest> for Workspace<'_> {
    fn run(&self, _: &CheckSettingsRequest) -> Result<SettingCheck> {
        let (current, unknown) = Settings::resolve_to_show(&self.flags())?;
        files()?.iter().filter(|file| file.exists).try_for_each(|file| refuse_writable_by_others(&file.path))?;
        check_values(&current)?;
        let kinds = self.kinds();
        let contexts = contexts()?;
        contexts.iter().try_for_each(|name| {
            let inside = of_context(self, name)?;
            check_values(&inside)?;
            policy(kinds, &inside).map(drop)
        })?;
        let in_force = policy(kinds, &current)?;
        let notes = match in_force.names_models() {
            true => check_rules(self, &current, &in_force)?,
            false => Vec::new(),
        };
        let read = files()?.iter().filter(|file| file.exists).map(|file| file.path.display().to_string()).collect();
        let failure = unknown.map(|error| SettingFailure {
            message: error.to_string(),
            hints: error.hints().to_vec(),
            exit_code: error.kind().exit_code(),
        });
        let current_context = current.context.clone().filter(|_| failure.is_none());
        let policy = current.get("policy").map(place_of_policy);
        Ok(SettingCheck { files: read, contexts, current_context, policy, notes, failure })
    }
}

/// Every value in its form, every secret readable.
fn check_values(settings: &Settings) -> Result<()> {
    for (spec, setting) in SETTINGS.iter().filter_map(|spec| Some((spec, settings.get(spec.key)?))) {
        setting.check(spec)?;
        setting.revealed()?;
    }
    Ok(())
}

/// The rules of a policy beside the models that there are: those that name none are told, and so is a registry that is away.
///
/// Errors: [`ErrorKind::BadConfiguration`] for two rules that contradict each other about a model.
fn check_rules(workspace: &Workspace<'_>, settings: &Settings, policy: &Policy) -> Result<Vec<String>> {
    let unseen = |error: &Error| vec![format!("whether each rule of the policy names a model is not known: {error}")];
    match workspace.registry(settings, Intent::Existing) {
        Ok(registry) => match idle_rules(registry.store(), policy) {
            Err(error) if error.kind() != ErrorKind::BadConfiguration => Ok(unseen(&error)),
            rules => rules,
        },
        Err(error) => Ok(unseen(&error)),
    }
}

/// Switches of the environment that are no settings.
const SWITCHES: [&str; 1] = ["HIVECTL_ACCESSIBLE"];

/// What a switch of the environment says; `None` where it is not set.
///
/// Errors: [`ErrorKind::BadConfiguration`] for a word that says neither yes nor no.
pub fn switch(variable: &str) -> Result<Option<bool>> {
    let Some(word) = std::env::var_os(variable).filter(|word| !word.is_empty()) else { return Ok(None) };
    let word = word.to_string_lossy();
    parse_bool(&word).map(Some).ok_or_else(|| {
        Error::new(ErrorKind::BadConfiguration, format!("{variable} is '{}', expected yes or no", word.escape_debug()))
            .because(format!("set by environment {variable}"))
    })
}

/// Refuses a switch that says neither yes nor no.
///
/// Errors: as [`switch`].
pub fn check_switches() -> Result<()> {
    SWITCHES.iter().try_for_each(|variable| switch(variable).map(drop))
}
