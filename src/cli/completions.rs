//! `hivectl completions`.

use clap::{Args, ValueEnum};

use super::complete::{ShellName, install};
use super::report::Report;
use crate::api::pages::{CompletionScript, InstalledCompletions};
use crate::base::commands;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::cli::view::{Screen, View};
use crate::error::{Error, ErrorKind, Result};

/// Print the completion script of a shell
///
/// The script goes to stdout; `install` puts it where the shell looks and says so. The words come from hivectl itself:
/// models, versions with stage and gate, aliases, contexts, runbooks, error codes.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// Shell to print the script for, or install
    #[arg(value_enum)]
    pub what: What,

    /// Shell to install for; otherwise that of SHELL
    #[arg(long, value_enum)]
    pub shell: Option<ShellName>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum What {
    Bash,
    Elvish,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Zsh,
    /// Put the script where the shell looks
    Install,
}

impl VerbArgs for CompletionsArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "completions",
        examples: &[
            ("For bash", "hivectl completions bash"),
            ("For zsh", "hivectl completions zsh"),
            ("Put it where the shell looks", "hivectl completions install --shell fish"),
        ],
        exit_codes: &[],
        changes: "Nothing; install writes one file below the user's folders.",
        ..VerbSpec::READING
    };

    fn run(&self, _: &Session<'_>) -> Result<Report> {
        let shell = match self.what {
            What::Bash => ShellName::Bash,
            What::Elvish => ShellName::Elvish,
            What::Fish => ShellName::Fish,
            What::PowerShell => ShellName::PowerShell,
            What::Zsh => ShellName::Zsh,
            What::Install => return Report::of(install(self.shell)?),
        };
        if self.shell.is_some() {
            return Err(Error::new(ErrorKind::Usage, "--shell belongs to install").hint((
                "type `",
                commands::completions_install("SHELL"),
                "`",
            )));
        }
        Report::of(CompletionScript { text: shell.script().to_owned() })
    }
}

impl View for CompletionScript {
    fn text(&self, _: &Screen) -> String {
        self.text.clone()
    }

    fn is_verbatim(&self) -> bool {
        true
    }
}

impl View for InstalledCompletions {
    fn text(&self, _: &Screen) -> String {
        let file = self.file.display();
        match (self.changed, &self.left) {
            (true, None) => format!("wrote {file}; it works in the next shell\n"),
            (true, Some(left)) => format!("wrote {file}; it does not work yet:\n{left}; then it works in the next shell\n"),
            (false, None) => format!("{file} is so already; nothing was changed\n"),
            (false, Some(left)) => format!("{file} is so already; nothing was changed\nwhere it does not work: {left}\n"),
        }
    }

    fn is_verbatim(&self) -> bool {
        true
    }
}
