//! Asking before a change.

use super::{Workspace, place_as_set};
use crate::api::{Proposal, Question};
use crate::config::Settings;
use crate::error::Result;
use crate::lifecycle::Approval;

impl Workspace<'_> {
    /// Asks to type `name` where the context in force is protected; elsewhere nothing. Before that it says in which
    /// context, and what would be done. The context's name may be given as well, as a runbook does whose operator has
    /// typed it.
    ///
    /// Errors: [`crate::error::ErrorKind::NotConfirmed`].
    pub(in crate::ops) fn confirm_where_protected(&self, settings: &Settings, name: &str, what: &str) -> Result<Option<Approval>> {
        if !settings.protected() {
            return Ok(None);
        }
        self.interaction.propose(&Proposal::Change { place: place_as_set(settings), what: what.to_owned() });
        let accepted = [name.to_owned()].into_iter().chain(settings.context.clone()).collect();
        self.interaction.ask(&Question::Name { name: name.to_owned(), accepted }).map(Some)
    }
}
