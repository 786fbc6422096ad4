//! `hivectl completions`.

use clap::{Args, ValueEnum};
use clap_complete::Shell;

use super::report::Report;
use crate::error::Result;

/// Print the completion script of a shell
///
/// The script goes to stdout; put it where your shell looks, for instance
/// `hivectl completions bash > ~/.local/share/bash-completion/completions/hivectl`.
/// Reads nothing and changes nothing.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// Shell to print the script for
    #[arg(value_enum)]
    pub shell: ShellName,
}

/// The shells that have completion scripts.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ShellName {
    Bash,
    Elvish,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Zsh,
}

impl CompletionsArgs {
    pub fn run(&self) -> Result<Report> {
        Ok(Report::plain("hivectl.completions/v1", script(self.shell)))
    }
}

/// The completion script of a shell.
fn script(shell: ShellName) -> String {
    let shell = match shell {
        ShellName::Bash => Shell::Bash,
        ShellName::Elvish => Shell::Elvish,
        ShellName::Fish => Shell::Fish,
        ShellName::PowerShell => Shell::PowerShell,
        ShellName::Zsh => Shell::Zsh,
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut super::command(), "hivectl", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
