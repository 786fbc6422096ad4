//! `hivectl completions`.

use clap::{Args, ValueEnum};
use serde_json::json;

use super::complete::{ShellName, install};
use super::report::Report;
use crate::base::commands;
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
            What::Install => return self.install(),
        };
        if self.shell.is_some() {
            return Err(Error::new(ErrorKind::Usage, "--shell belongs to install").hint((
                "type `",
                commands::completions_install("SHELL"),
                "`",
            )));
        }
        Ok(Report::verbatim("hivectl.completions/v1", shell.script()))
    }

    fn install(&self) -> Result<Report> {
        let installed = install(self.shell)?;
        let file = installed.file.display();
        let text = match (installed.changed, &installed.left) {
            (true, None) => format!("wrote {file}; it works in the next shell\n"),
            (true, Some(left)) => format!("wrote {file}; it does not work yet:\n{left}; then it works in the next shell\n"),
            (false, None) => format!("{file} is so already; nothing was changed\n"),
            (false, Some(left)) => format!("{file} is so already; nothing was changed\nwhere it does not work: {left}\n"),
        };
        let data = json!({ "file": installed.file, "changed": installed.changed, "left": installed.left });
        Ok(Report::verbatim("hivectl.completions.install/v1", text).with_data(data))
    }
}
