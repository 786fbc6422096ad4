//! `hivectl ml models promote`.

use clap::Args;

use crate::cli::ml::judged::JudgeArgs;
use crate::cli::ml::planned::{Consent, PlanArgs, conclude};
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::error::Result;
use crate::lifecycle::{ModelRef, Stage};
use crate::ops::change;

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
        let mut flags = session.flags();
        self.judged.note(&mut flags);
        let settings = session.settings(&flags)?;
        let mut registry = session.registry_to_change(&settings)?;
        let version = change::version_to_change(registry.as_ref(), &self.reference)?;
        let request = self.plan.request(session, &settings, self.force_gate)?;
        let progress = session.progress();
        let evidence = self.judged.evidence(&settings, &progress)?;
        let planned = change::plan_promotion(registry.as_ref(), &version, self.to, &request);
        let named = format!("{}@{}", version.name, version.version);
        let consent = Consent { accepted: vec![named], arguments: &self.plan, evidence, policy: &request.policy };
        conclude(session, &settings, registry.as_mut(), planned, consent)
    }
}
