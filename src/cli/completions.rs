//! `hivectl completions`.

use clap::{Args, ValueEnum};

use super::complete::{ShellName, install};
use super::report::Report;
use crate::api::pages::CompletionScript;
use crate::base::commands;
use crate::cli::verb_spec::VerbSpec;
use crate::error::{Error, ErrorKind, Result};

/// Print the completion script of a shell, or install it
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

pub const SPEC: VerbSpec = VerbSpec {
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

impl CompletionsArgs {
    pub fn run(&self) -> Result<Report> {
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
