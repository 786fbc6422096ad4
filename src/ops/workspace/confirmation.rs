//! Asking before a change.

use super::{Workspace, place_as_set};
use crate::api::{Proposal, Question};
use crate::config::Settings;
use crate::error::Result;
use crate::lifecycle::Approval;

impl Workspace<'_> {
    /// Asks to type the name of a model where the context in force is protected; elsewhere nothing. Where `about` is one
    /// version, `NAME@7`, that may be typed as well. Before that it says in which
    /// context, and what would be done. The context's name may be given as well, as a runbook does whose operator has
    /// typed it.
    ///
    /// Errors: [`crate::error::ErrorKind::NotConfirmed`].
    pub(in crate::ops) fn confirm_where_protected(&self, settings: &Settings, about: &str, what: &str) -> Result<Option<Approval>> {
        if !settings.protected() {
            return Ok(None);
        }
        self.interaction.propose(&Proposal::Change { place: place_as_set(settings), what: what.to_owned() });
        let name = about.split('@').next().unwrap_or(about);
        let version = (name != about).then(|| about.to_owned());
        let accepted = [name.to_owned()].into_iter().chain(version).chain(settings.context.clone()).collect();
        self.interaction.ask(&Question::Name { name: name.to_owned(), accepted }).map(Some)
    }
}
