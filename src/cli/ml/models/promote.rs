//! `hivectl ml models promote`.

use clap::Args;

use crate::api::change::PromoteRequest;
use crate::cli::ml::judged::JudgeArgs;
use crate::cli::ml::planned::PlanArgs;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::error::Result;
use crate::lifecycle::{ModelRef, Stage};

/// Put a version into Production or Staging
///
/// Makes a plan, shows it, asks, and applies it: the version moves, the former Production version is
/// archived and the alias champion moves, all at once or not at all. The gate judges the version by its
/// own recorded metrics. With --tickets the plan also says how it does beside the version in Production on
/// tickets that neither has learned from. Production asks to type the model's name; Staging asks y/N.
#[derive(Debug, Args)]
pub struct PromoteArgs {
    /// Version to promote: NAME@7, NAME@latest or NAME#staging
    pub reference: ModelRef,

    /// Stage to put it into: production or staging
    #[arg(long, value_name = "STAGE", default_value = "production", value_parser = super::stage)]
    pub to: Stage,

    /// Promote although the gate does not pass; needs --reason and is marked for ever
    #[arg(long)]
    pub force_gate: bool,

    #[command(flatten)]
    pub plan: PlanArgs,

    #[command(flatten)]
    pub judged: JudgeArgs,
}

impl PromoteArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        Report::of(session.operations().promote(&PromoteRequest {
            reference: self.reference.clone(),
            to: self.to,
            force_gate: self.force_gate,
            plan: self.plan.options(),
            judging: self.judged.judging(),
        })?)
    }
}
