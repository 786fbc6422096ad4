//! What a command needs of its surroundings: the flags of every command, the printer, and the jobs it can ask for.

use super::arguments::GlobalArgs;
use super::interrupt::Interruption;
use super::printer::Printer;
use super::terminal::Terminal;
use crate::api::Operations;
use crate::ops::Workspace;

/// The surroundings of one command.
pub struct Session<'a> {
    pub global: &'a GlobalArgs,
    pub printer: &'a Printer,
    pub terminal: &'a Terminal<'a>,
    pub interruption: &'a Interruption,
    workspace: &'a Workspace<'a>,
}

impl<'a> Session<'a> {
    pub fn new(terminal: &'a Terminal<'a>, workspace: &'a Workspace<'a>, interruption: &'a Interruption) -> Session<'a> {
        Session { global: terminal.global, printer: terminal.printer, terminal, interruption, workspace }
    }

    /// The jobs that a command can ask for.
    pub fn operations(&self) -> &dyn Operations {
        self.workspace
    }

    /// What the registry wants the operator to know beside the result.
    pub fn remarks(&self) -> Vec<String> {
        self.workspace.warnings()
    }

    /// The context in force; `None` without one, or before the settings are resolved.
    pub fn context(&self) -> Option<String> {
        self.terminal.context()
    }
}
