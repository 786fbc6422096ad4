//! Commands that are suggested: typed as they stand, they must mean the registry that the command before meant.

use super::arguments::GlobalArgs;
use super::report::Report;
use crate::base::command_line::PROGRAM;
use crate::base::redact::without_passwords;
use crate::base::{CommandLine, Hint};
use crate::error::Error;

/// What makes a suggested command the operator's own: the program as it was called, and the flags that say which
/// registry and context are meant.
#[derive(Clone, Debug)]
pub struct CommandPlace {
    program: String,
    flags: Vec<(&'static str, String)>,
}

impl CommandPlace {
    /// What was typed; what comes from the environment or a file holds for the next command by itself.
    pub fn typed(global: &GlobalArgs) -> CommandPlace {
        let named = [("--registry", &global.registry), ("--workspace", &global.workspace), ("--context", &global.context)];
        let flags = named.into_iter().filter_map(|(flag, value)| Some((flag, without_passwords(value.as_deref()?))));
        CommandPlace { program: program(), flags: flags.collect() }
    }

    /// `command` at this place.
    pub fn command(&self, command: CommandLine) -> CommandLine {
        command.placed(&self.program, &self.flags)
    }

    /// `hint` with each of its commands at this place.
    pub fn hint(&self, hint: Hint) -> Hint {
        hint.map_commands(|command| self.command(command))
    }

    /// `error` with the place in each command that it suggests.
    pub fn error(&self, error: Error) -> Error {
        error.map_hints(|hint| self.hint(hint))
    }

    /// `report` with the place in each command that it suggests.
    pub fn report(&self, report: &mut Report) {
        for hint in &mut report.next {
            *hint = self.hint(std::mem::take(hint));
        }
    }
}

/// The name that the program was called by, without its folder.
fn program() -> String {
    let called = std::env::args_os().next().map(std::path::PathBuf::from);
    let name = called.as_deref().and_then(|path| path.file_name()).map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| PROGRAM.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::commands;

    #[test]
    fn a_suggested_command_means_the_same_place() {
        let global = GlobalArgs { registry: Some("http://u:p4ss@h:5000".into()), context: Some("on call".into()), ..GlobalArgs::default() };
        let place = CommandPlace { program: PROGRAM.into(), ..CommandPlace::typed(&global) };
        let hint = ("look: `", commands::models_list_of("m"), "`, then `", commands::explain("HML-0400"), "`; see 'm'");
        let placed = place.hint(hint.into()).to_string();
        assert!(placed.starts_with("look: `hivectl ml models list m --registry "), "{placed}");
        assert!(placed.contains(" --context 'on call'`, then"), "{placed}");
        assert!(placed.ends_with("`hivectl explain HML-0400`; see 'm'"), "{placed}");
        assert!(!placed.contains("p4ss"), "{placed}");
    }
}
