//! `hivectl ml apply`.

use std::path::PathBuf;

use clap::Args;

use super::planned::{cache_sentence, read_plan};
use crate::cli::prompt;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::view;
use crate::error::Result;
use crate::lifecycle::{Approval, Approved};
use crate::ops::change;

/// Apply a plan that `promote` or `rollback` kept in a file
///
/// Naming the file is the approval, so nothing is asked. Applied once, and only while what the plan saw
/// still is; otherwise it ends with exit code 6 and says who moved what.
#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// File that --plan-out wrote
    pub plan: PathBuf,
}

impl ApplyArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let settings = session.settings(&session.flags())?;
        let plan = read_plan(&self.plan)?;
        let mut registry = session.registry_to_change(&settings)?;
        if !session.global.quiet {
            let place = session.place_line(&settings, registry.as_ref());
            session.printer.note_block(view::change::plan_text(&plan, &place, session.printer.screen()).trim_end());
        }
        prompt::where_protected(session, &settings, &plan.model, "apply this plan")?;
        let changed = change::apply(registry.as_mut(), &Approved::new(plan, Approval::PlanFile))?;
        Ok(view::change::changed(changed, &cache_sentence(&settings)))
    }
}
