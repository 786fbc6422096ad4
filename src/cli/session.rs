//! What a command needs of its surroundings: the flags of every command, the printer, and the jobs it can ask for.

use super::arguments::GlobalArgs;
use super::interrupt::Interruption;
use super::printer::Printer;
use super::report::Report;
use super::terminal::Terminal;
use super::view::View;
use crate::api::{Listener, Operations, Request, StreamingOperations, StreamingRequest};
use crate::error::Result;
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

    /// Has a job done.
    pub fn run<R: Request>(&self, request: &R) -> Result<R::Report>
    where
        Workspace<'a>: Operations<R>,
    {
        self.workspace.perform(request)
    }

    /// Has a job done, and answers with its report.
    pub fn answer<R: Request<Report: View + 'static>>(&self, request: &R) -> Result<Report>
    where
        Workspace<'a>: Operations<R>,
    {
        Report::of(self.run(request)?)
    }

    /// Has a job done that tells what it comes to while it runs.
    pub fn stream<R: StreamingRequest>(&self, request: &R, listener: &mut dyn Listener<R::Event>) -> Result<R::Report>
    where
        Workspace<'a>: StreamingOperations<R>,
    {
        self.workspace.perform_streaming(request, listener)
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
