//! What all changes by plan have in common: the flags, and the way from a plan to its end.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use crate::cli::prompt::{self, Typed};
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::view;
use crate::config::Settings;
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::Policy;
use crate::lifecycle::{Approved, Plan, Planned, Stage};
use crate::ops::change::{self, ChangeRequest, Evidence};
use crate::registry::{Changes, write_whole};

/// Flags of every change by plan.
#[derive(Debug, Args)]
#[command(next_help_heading = "Plan")]
pub struct PlanArgs {
    /// Show the plan and change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Keep the plan in this file, for `hivectl ml apply`, and change nothing
    #[arg(long, value_name = "FILE")]
    pub plan_out: Option<PathBuf>,

    /// How long the plan may be applied, such as 8h
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = crate::cli::duration::parse)]
    pub expires: Duration,

    /// The version that must be in Production now, or none; another one there ends with exit code 6
    #[arg(long, value_name = "VERSION|none", value_parser = expected_champion)]
    pub expect_champion: Option<Expected>,
}

/// What `--expect-champion` says.
#[derive(Clone, Copy, Debug)]
pub struct Expected(Option<u32>);

fn expected_champion(word: &str) -> Result<Expected, String> {
    match word {
        "none" => Ok(Expected(None)),
        number => number.parse().map(|number| Expected(Some(number))).map_err(|_| format!("'{word}' is neither a version nor none")),
    }
}

/// What has to be agreed to before a plan is applied.
pub struct Consent<'a> {
    /// What `--confirm` accepts.
    pub accepted: Vec<String>,
    pub arguments: &'a PlanArgs,
    /// What the plan is to show beside the rest, and by which gates.
    pub evidence: Option<Evidence<'a>>,
    pub policy: &'a Policy,
}

impl PlanArgs {
    /// Whether the plan is only to be seen or kept.
    pub fn plans_only(&self) -> bool {
        self.dry_run || self.plan_out.is_some()
    }

    /// The request behind the flags.
    pub fn request(&self, session: &Session<'_>, settings: &Settings, force: bool) -> Result<ChangeRequest> {
        Ok(ChangeRequest {
            actor: crate::ops::actor_of_process(),
            reason: session.global.reason.clone(),
            expected_champion: self.expect_champion.map(|expected| expected.0),
            force,
            policy: crate::cli::ml::train::policy(settings)?,
            valid_for_ms: i64::try_from(self.expires.as_millis()).unwrap_or(i64::MAX),
        })
    }
}

/// Takes what planning came to, to its end: shown, kept, or agreed to and applied.
///
/// A refusal for lack of a confirmation comes before a gate's verdict: who cannot agree learns first how to.
pub fn conclude(
    session: &Session<'_>,
    settings: &Settings,
    registry: &mut dyn Changes,
    planned: Result<Planned>,
    mut consent: Consent<'_>,
) -> Result<Report> {
    let mut plan = match planned {
        Ok(Planned::AlreadySo(changed)) => return Ok(view::change::already_so(changed)),
        Ok(Planned::Change(plan)) => *plan,
        Err(error) => {
            if error.kind() == ErrorKind::GateFailed && !consent.arguments.plans_only() {
                prompt::can_be_answered(session, &prompt::PRODUCTION, &consent.typed(session, ""))?;
            }
            return Err(error);
        }
    };
    let plans_only = consent.arguments.plans_only();
    let by_name = plan.to_stage == Stage::Production || plan.from_stage == Stage::Production || plan.forced || settings.protected();
    // Before the tickets are read, which may take long.
    if by_name && !plans_only {
        prompt::can_be_answered(session, &prompt::PRODUCTION, &consent.typed(session, &plan.model))?;
    }
    if let Some(evidence) = consent.evidence.take() {
        plan = change::with_evidence(registry, plan, consent.policy, evidence)?;
    }
    let place = session.place_line(settings, registry);
    if plans_only {
        if let Some(path) = &consent.arguments.plan_out {
            write_whole(path, plan.to_file()?.as_bytes())?;
        }
        return Ok(view::change::plan(plan, place, consent.arguments.plan_out.as_deref()));
    }
    if !session.global.quiet {
        session.printer.note_block(view::change::plan_text(&plan, &place, session.printer.screen()).trim_end());
    }
    let approval = match by_name {
        true => prompt::typed(session, &prompt::PRODUCTION, &consent.typed(session, &plan.model))?,
        false => prompt::yes(session, &prompt::STAGE, &format!("Move {}@{} to {}?", plan.model, plan.version, plan.to_stage.name()))?,
    };
    let changed = change::apply(registry, &Approved::new(plan, approval))?;
    Ok(view::change::changed(changed, &cache_sentence(settings)))
}

impl Consent<'_> {
    fn typed<'a>(&self, session: &'a Session<'_>, name: &'a str) -> Typed<'a> {
        Typed { name, accepted: self.accepted.clone(), given: session.global.confirm.as_deref() }
    }
}

/// When services use what is in Production now.
pub fn cache_sentence(settings: &Settings) -> String {
    let seconds = settings.text("model_cache_ttl_seconds").unwrap_or("3600");
    format!("services pick it up within {seconds} s (ML_MODEL_CACHE_TTL_SECONDS)")
}

/// Reads a plan file.
pub fn read_plan(path: &Path) -> Result<Plan> {
    let hint = |error: Error| error.hint("a plan is made by `hivectl ml models promote NAME@VERSION --plan-out plan.json`");
    if path.is_dir() {
        return Err(hint(Error::new(ErrorKind::BadInput, format!("{} is a folder, and a plan is one file", path.display()))));
    }
    let text = std::fs::read_to_string(path).map_err(|error| hint(Error::file("read the plan", path, &error)))?;
    Plan::from_file(&path.display().to_string(), &text)
}
