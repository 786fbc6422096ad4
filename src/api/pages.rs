//! What hivectl says of itself: versions, explanations, manual pages, completion scripts.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Document, Request};
use crate::base::CommandLine;

/// Ask for the version of hivectl.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRequest {}

/// The version of hivectl and of its formats.
impl Request for VersionRequest {
    type Report = VersionReport;
    const NAME: &'static str = "version";
}

/// The version of hivectl and of its formats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionReport {
    /// Of hivectl.
    pub version: String,
    /// How it was built.
    pub build: BuildReport,
    /// The oldest Rust that builds it.
    pub rust_version: String,
    /// The schema that an embedded registry is made in.
    pub registry_schema: String,
    /// The newest schema that is known.
    pub registry_schema_newest: String,
    /// The format of model packages.
    pub package_format: u32,
    /// The version of the documents.
    pub document_version: String,
}

/// How hivectl was built.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildReport {
    /// The commit, or `unknown`.
    pub commit: String,
    /// `debug` or `release`.
    pub profile: String,
    /// The operating system.
    pub system: String,
    /// The processor.
    pub processor: String,
}

impl Document for VersionReport {
    const SCHEMA: &'static str = "hivectl.version/v1";
}

/// The completion script of a shell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletionScript {
    /// The script.
    pub text: String,
}

impl Document for CompletionScript {
    const SCHEMA: &'static str = "hivectl.completions/v1";
}

/// A completion script was put where its shell looks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstalledCompletions {
    /// Where it stands.
    pub file: PathBuf,
    /// `false` where the same script was there already.
    pub changed: bool,
    /// What is left to do by hand, once.
    pub left: Option<String>,
}

impl Document for InstalledCompletions {
    const SCHEMA: &'static str = "hivectl.completions.install/v1";
}

/// A manual page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManualPage {
    /// The page in roff.
    pub text: String,
}

impl Document for ManualPage {
    const SCHEMA: &'static str = "hivectl.man/v1";
}

/// What a word means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Explanation {
    /// An error code.
    Code(CodeExplanation),
    /// An alert.
    Alert(AlertExplanation),
    /// A script, job or endpoint of the running system.
    Script(ScriptExplanation),
    /// A word of hivectl's own.
    Topic(TopicExplanation),
    /// Several codes and alerts.
    Several {
        /// One a word.
        items: Vec<Explanation>,
    },
}

impl Document for Explanation {
    const SCHEMA: &'static str = "hivectl.explain/v1";
}

/// What an error code means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeExplanation {
    /// `HML-nnnn`.
    pub code: String,
    /// Its name, snake_case.
    pub kind: String,
    /// The exit code of the process.
    pub exit_code: u8,
    /// Whether the same command may succeed later without any change by the operator.
    pub retryable: bool,
    /// What has happened.
    pub meaning: String,
    /// Why it happens.
    pub causes: Vec<CauseExplanation>,
    /// Commands that help, complete but for names in capitals.
    pub commands: Vec<String>,
    /// What to do.
    pub remedy: String,
    /// Runbooks that name the code.
    pub runbooks: Vec<String>,
}

/// One cause of a failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CauseExplanation {
    /// The cause.
    pub cause: String,
    /// How it is told from the others.
    pub tell: String,
}

/// What an alert means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertExplanation {
    /// Its name.
    pub alert: String,
    /// Runbooks that name it.
    pub runbooks: Vec<String>,
    /// The same with what they are about.
    pub pages: Vec<RunbookTitle>,
}

/// What a runbook is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunbookTitle {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub summary: String,
}

/// What a word of hivectl's own means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicExplanation {
    /// The word.
    pub topic: String,
    /// What it is, in one line.
    pub title: String,
    /// A text each.
    pub paragraphs: Vec<String>,
    /// The form of a file, complete.
    pub example: Option<String>,
    /// Commands that go on from here.
    pub commands: Vec<CommandLine>,
}

/// What to type in the place of a script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptExplanation {
    /// The script.
    pub script: String,
    /// The words behind it.
    pub arguments: Vec<String>,
    /// What it did.
    pub what: String,
    /// The new command with the same options.
    pub command: CommandLine,
    /// Its options.
    pub options: Vec<OptionExplanation>,
    /// What is different.
    pub notes: Vec<String>,
}

/// What became of an option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionExplanation {
    /// As the script had it.
    pub old: String,
    /// As it is now, or `{WORD}…` for the word whose place it takes; `None` where it is needed no more.
    pub new: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::commands;

    #[test]
    fn each_kind_of_explanation_is_read_back_as_it_was() {
        let text = |text: &str| text.to_owned();
        let code = Explanation::Code(CodeExplanation {
            code: text("HML-0400"),
            kind: text("model_not_found"),
            exit_code: 4,
            retryable: false,
            meaning: text("There is none."),
            causes: vec![CauseExplanation { cause: text("mistyped"), tell: text("the message names the nearest") }],
            commands: vec![text("hivectl ml models list")],
            remedy: text("name what is there"),
            runbooks: Vec::new(),
        });
        let alert = Explanation::Alert(AlertExplanation {
            alert: text("Alert"),
            runbooks: vec![text("rollback")],
            pages: vec![RunbookTitle { id: text("rollback"), title: text("Roll back"), summary: text("What it is.") }],
        });
        let script = Explanation::Script(ScriptExplanation {
            script: text("train.py"),
            arguments: vec![text("--days")],
            what: text("trained"),
            // Read back, a command counts as one that changes something.
            command: commands::typed([text("hivectl"), text("ml"), text("train")]),
            options: vec![OptionExplanation { old: text("--days"), new: None }],
            notes: Vec::new(),
        });
        let topic = Explanation::Topic(TopicExplanation {
            topic: text("gate"),
            title: text("What it is"),
            paragraphs: vec![text("A text.")],
            example: None,
            commands: Vec::new(),
        });
        let several = Explanation::Several { items: vec![code.clone(), alert.clone()] };
        for explanation in [code, alert, script, topic, several] {
            let written = serde_json::to_string(&explanation).expect("written");
            assert_eq!(serde_json::from_str::<Explanation>(&written).expect("read"), explanation, "{written}");
        }
    }
}
