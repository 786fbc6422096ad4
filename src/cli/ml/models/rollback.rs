//! `hivectl ml models rollback`.

use clap::Args;

use crate::cli::ml::judged::JudgeArgs;
use crate::cli::ml::planned::{Consent, PlanArgs, conclude};
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::error::Result;
use crate::lifecycle::{ModelRef, Selector};
use crate::ops::change;

/// Put the version back into Production that served before
///
/// Steps back once, to the version that the history says was in Production before, whatever its number;
/// never to one that never served, unless --to names it and --reason says why. With --tickets the plan also
/// says how both do on the same tickets. Asks to type the model's name.
#[derive(Debug, Args)]
pub struct RollbackArgs {
    /// Model to roll back
    #[arg(value_parser = model_name)]
    pub name: String,

    /// Version to go back to; that it is there already is no failure
    #[arg(long, value_name = "VERSION")]
    pub to: Option<u32>,

    #[command(flatten)]
    pub plan: PlanArgs,

    #[command(flatten)]
    pub judged: JudgeArgs,
}

fn model_name(word: &str) -> Result<String, String> {
    match word.parse::<ModelRef>() {
        Ok(ModelRef { name, selector: Selector::Default }) => Ok(name),
        Ok(reference) => Err(format!("rollback takes a model's name; the version stands after --to: {} --to VERSION", reference.name)),
        Err(error) => Err(error.to_string()),
    }
}

impl RollbackArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let mut flags = session.flags();
        self.judged.note(&mut flags);
        let settings = session.settings(&flags)?;
        let mut registry = session.registry_to_change(&settings)?;
        let name = change::exact_name(registry.as_ref(), &self.name)?;
        let force = self.to.is_some() && session.global.reason.is_some();
        let request = self.plan.request(session, &settings, force)?;
        let progress = session.progress();
        let evidence = self.judged.evidence(&settings, &progress)?;
        let planned = change::plan_rollback(registry.as_ref(), &name, self.to, &request);
        let accepted = match self.to {
            Some(version) => vec![format!("{name}@{version}"), name.clone()],
            None => vec![name.clone()],
        };
        let consent = Consent { accepted, arguments: &self.plan, evidence, policy: &request.policy };
        conclude(session, &settings, registry.as_mut(), planned, consent)
    }
}
