//! Settings and contexts: shown, checked and changed.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Document, Request};
use crate::base::Hint;

/// Which setting to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetSettingRequest {
    /// Its name, such as `window_days`.
    pub key: String,
}

/// One setting, its value and where it comes from.
///
/// Errors: [`crate::error::ErrorKind::Usage`] for a name that is none.
impl Request for GetSettingRequest {
    type Report = SettingReport;
    const NAME: &'static str = "config.get";
}

/// A setting, whether it has a value or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingReport {
    /// Its name, such as `window_days`.
    pub key: String,
    /// Its value, with secrets masked.
    pub value: Option<String>,
    /// The flag, variable or line of a file that says so.
    pub origin: Option<String>,
    /// Variables that may say so.
    pub environment: Vec<String>,
    /// What it is.
    pub about: String,
}

impl Document for SettingReport {
    const SCHEMA: &'static str = "hivectl.config.get/v1";
}

/// List every setting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListSettingsRequest {}

/// Every setting, its value and where it comes from.
impl Request for ListSettingsRequest {
    type Report = SettingList;
    const NAME: &'static str = "config.list";
}

/// Every setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingList {
    /// One a setting, in the order of the table.
    pub items: Vec<SettingReport>,
    /// The context in force.
    pub current_context: Option<String>,
    /// The user's file.
    pub file: PathBuf,
}

impl Document for SettingList {
    const SCHEMA: &'static str = "hivectl.config.list/v1";
}

/// List the files of settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListSettingFilesRequest {}

/// The files of settings that are read.
impl Request for ListSettingFilesRequest {
    type Report = SettingFiles;
    const NAME: &'static str = "config.path";
}

/// The files that are read, the one that wins first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingFiles {
    /// One a file.
    pub items: Vec<SettingFile>,
}

impl Document for SettingFiles {
    const SCHEMA: &'static str = "hivectl.config.path/v1";
}

/// One file of settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingFile {
    /// `project` or `user`.
    pub layer: String,
    /// Where it stands.
    pub file: PathBuf,
    /// Whether it is there.
    pub exists: bool,
}

/// List the contexts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListContextsRequest {}

/// The contexts, and what people choose them by.
impl Request for ListContextsRequest {
    type Report = ContextList;
    const NAME: &'static str = "config.contexts";
}

/// The contexts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextList {
    /// One a context, by name.
    pub items: Vec<ContextSummary>,
}

impl Document for ContextList {
    const SCHEMA: &'static str = "hivectl.config.contexts/v1";
}

/// What a context says that people choose it by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextSummary {
    /// Its name.
    pub name: String,
    /// Whether it is in force.
    pub current: bool,
    /// Where model versions live.
    pub registry: Option<String>,
    /// Where tickets come from.
    pub tickets: Option<String>,
    /// The server with metrics.
    pub prometheus: Option<String>,
    /// The Kubernetes namespace.
    pub namespace: Option<String>,
    /// Whether changes want a typed confirmation.
    pub protected: bool,
    /// How the files say that, where they write neither `yes` nor `no`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protected_as_written: Option<String>,
}

/// Set or remove a setting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangeSettingRequest {
    /// Name of the setting; to remove also `current_context`, `contexts.NAME` or `contexts.NAME.KEY`.
    pub key: String,
    /// Its new value; `None` removes it.
    pub value: Option<String>,
    /// Change the project's file instead of the user's.
    pub project: bool,
    /// Show what would be changed and change nothing.
    pub dry_run: bool,
}

/// Sets or removes a setting; in a context where the scope names one.
impl Request for ChangeSettingRequest {
    type Report = SettingChange;
    const NAME: &'static str = "config.change";
}

/// Make a context the current one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseContextRequest {
    /// Its name.
    pub name: String,
}

/// Makes a context the current one, and tells what wins over that.
///
/// Errors: a name that no file knows.
impl Request for UseContextRequest {
    type Report = SettingChange;
    const NAME: &'static str = "config.use";
}

/// What a change of a file came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingChange {
    /// The file.
    pub file: PathBuf,
    /// `KEY`, or `contexts.NAME.KEY`.
    pub key: String,
    /// The value before, with secrets masked.
    pub before: Option<String>,
    /// The value after.
    pub after: Option<String>,
    /// Whether the file was changed.
    pub changed: bool,
    /// Whether it would be, where the change was only to be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub would_change: Option<bool>,
    /// What wins over the change.
    #[serde(skip)]
    pub overridden_by: Vec<String>,
}

impl Document for SettingChange {
    const SCHEMA: &'static str = "hivectl.config.change/v1";
}

/// Check the settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckSettingsRequest {}

/// Checks the files, every value in force, and that each secret can be read.
impl Request for CheckSettingsRequest {
    type Report = SettingCheck;
    const NAME: &'static str = "config.check";
}

/// Everything about the settings is as it should be, apart perhaps from the context in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingCheck {
    /// Files that were read.
    pub files: Vec<String>,
    /// Contexts that they name.
    pub contexts: Vec<String>,
    /// The context in force.
    pub current_context: Option<String>,
    /// The policy in force, where one is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<PathBuf>,
    /// What is right and perhaps not meant, such as a rule of the policy that names no model.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Why no other command goes on: the context in force is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<SettingFailure>,
}

/// Why the context in force cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingFailure {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hints: Vec<Hint>,
    /// The exit code of every command until then.
    pub exit_code: u8,
}

impl Document for SettingCheck {
    const SCHEMA: &'static str = "hivectl.config.check/v1";

    fn exit_code(&self) -> u8 {
        self.failure.as_ref().map_or(0, |failure| failure.exit_code)
    }
}

impl SettingChange {
    /// The key, its file, and its values before and after.
    pub fn described(&self) -> String {
        setting_change(&self.key, &self.file, self.before.as_deref(), self.after.as_deref())
    }
}

/// `KEY in FILE: BEFORE → AFTER`.
pub fn setting_change(key: &str, file: &Path, before: Option<&str>, after: Option<&str>) -> String {
    format!("{key} in {}: {} → {}", file.display(), before.unwrap_or("not set"), after.unwrap_or("not set"))
}
