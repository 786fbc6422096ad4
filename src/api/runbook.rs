//! Runbooks: listed, shown, gone through.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Document, Request};
use crate::base::CommandLine;
use crate::error::ErrorKind;
use crate::runbook::StepKind;

/// What a runbook has to know of the settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunbookContextRequest {
    /// Whether its commands are to be run, which wants a registry that can be named.
    pub runs: bool,
}

/// Ask for the newest version of a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewestVersionRequest {
    /// The model.
    pub model: String,
}

/// The number of a model's newest version, which changes while a runbook trains; `None` for a model without versions.
///
/// Errors: those of opening and reading the registry, and of a name that it does not know.
impl Request for NewestVersionRequest {
    type Report = Option<u32>;
    const NAME: &'static str = "runbook.newest_version";
}

/// Where a runbook works, and what its words stand for there.
///
/// Errors: those of the settings; where commands are to be run, a registry that hivectl cannot name.
impl Request for RunbookContextRequest {
    type Report = RunbookContext;
    const NAME: &'static str = "runbook.context";
}

/// Where a runbook works, and what its words stand for there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunbookContext {
    /// The registry, named so that two names of one place are equal; `None` where nothing is run.
    pub registry: Option<String>,
    /// The context in force.
    pub context: Option<String>,
    /// Whether changes want a typed confirmation here.
    pub protected: bool,
    /// The same for people.
    pub place: String,
    /// The words in braces that have a usual value here.
    pub words: Vec<RunbookWord>,
}

/// A word in braces, and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunbookWord {
    /// The word.
    pub name: String,
    /// What it stands for.
    pub value: String,
}

impl RunbookContext {
    /// What a word stands for; `None` for a word without a usual value.
    pub fn word(&self, name: &str) -> Option<String> {
        self.words.iter().find(|word| word.name == name).map(|word| word.value.clone())
    }
}

/// The runbooks, what is most urgent first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunbookList {
    /// One a runbook.
    pub items: Vec<RunbookSummary>,
}

impl Document for RunbookList {
    const SCHEMA: &'static str = "hivectl.runbook.list/v1";
}

/// A runbook in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunbookSummary {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub summary: String,
    /// How many steps it has.
    pub step_count: usize,
    /// Alerts that lead to it.
    pub alerts: Vec<String>,
    /// Error codes that lead to it.
    pub codes: Vec<String>,
    /// `en` or `pt-BR`.
    pub language: String,
}

/// A runbook with its words filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunbookPage {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub summary: String,
    /// `en` or `pt-BR`.
    pub language: String,
    /// Alerts that lead to it.
    pub alerts: Vec<String>,
    /// Error codes that lead to it.
    pub codes: Vec<String>,
    /// Its steps.
    pub items: Vec<RunbookStep>,
    /// The whole as Markdown.
    pub markdown: String,
}

impl Document for RunbookPage {
    const SCHEMA: &'static str = "hivectl.runbook.show/v1";
}

/// A step of a runbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunbookStep {
    /// Its title.
    pub title: String,
    /// What it is for.
    pub text: String,
    /// What its command does.
    pub kind: StepKind,
    /// The command; a word that stands for nothing known is in capitals.
    pub command: String,
    /// The exit codes that are expected; `None` for a line of another tool.
    pub exit_codes: Option<Vec<u8>>,
    /// The words of the output that are expected.
    pub words: Option<Vec<String>>,
}

/// What came of the steps that one process went through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunbookRun {
    /// Name of the runbook.
    pub id: String,
    /// Whether every step is behind.
    pub finished: bool,
    /// Whether every step is behind and came to what the runbook says.
    pub all_well: bool,
    /// Why the run stopped before its end.
    pub stopped_because: Option<String>,
    /// How many steps are left.
    pub left_count: usize,
    /// The file with the record.
    pub transcript: PathBuf,
    /// The steps behind that nobody can call done, with what is to be known of each.
    pub open: Vec<String>,
    /// The command that goes on with this run, or begins it anew.
    pub next: Option<CommandLine>,
    /// The steps of this process.
    pub items: Vec<RunbookRunStep>,
}

impl Document for RunbookRun {
    const SCHEMA: &'static str = "hivectl.runbook.run/v1";

    fn exit_code(&self) -> u8 {
        if self.all_well { 0 } else { ErrorKind::PartlyDone.exit_code() }
    }
}

/// What came of one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunbookRunStep {
    /// Its title.
    pub title: String,
    /// What its command does.
    pub kind: StepKind,
    /// The command as it was run or shown.
    pub command: String,
    /// When it began, RFC 3339 in UTC.
    pub at: String,
    /// How long it took.
    pub duration_ms: u64,
    /// `None` for a line of another tool, and for a step that was passed over.
    pub exit_code: Option<i32>,
    /// What it came to, for people.
    pub verdict: String,
    /// What it printed, or what was answered.
    pub output: String,
}
