//! `hivectl ml models promote`.

use std::path::PathBuf;

use clap::Args;

use crate::api::change::PromoteRequest;
use crate::cli::complete;
use crate::cli::ml::judged::JudgeArgs;
use crate::cli::ml::planned::PlanArgs;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::error::Result;
use crate::lifecycle::{ModelRef, Stage};

/// Put a version into Production or Staging
///
/// Makes a plan, shows it, asks, and applies it: the version moves, the former Production version is
/// archived and the alias champion moves, all at once or not at all. The gate judges the version by its
/// own recorded metrics, or with --evidence by what `ml validate` found of one of its files. With --tickets the plan also says how it does beside the version in Production on
/// tickets that neither has learned from, and --if-better refuses one that is not better. Production asks to type
/// the model's name; Staging asks y/N.
#[derive(Debug, Args)]
pub struct PromoteArgs {
    /// Version to promote: NAME@7, NAME@latest or NAME#staging
    #[arg(add = complete::references())]
    pub reference: ModelRef,

    /// Stage to put it into: production or staging
    #[arg(long, value_name = "STAGE", default_value = "production", value_parser = super::stage)]
    #[arg(add = complete::stages(&[Stage::Production, Stage::Staging]))]
    pub to: Stage,

    /// Promote although the gate does not pass; needs --reason and is marked for ever
    #[arg(long)]
    pub force_gate: bool,

    /// Promote only where it is better than the version that serves, on the tickets of --tickets; else exit code 3
    #[arg(long, requires = "tickets", conflicts_with = "force_gate")]
    pub if_better: bool,

    /// Report that `ml validate --report` wrote about a file of this version: its numbers stand at the gate
    #[arg(long, value_name = "FILE", add = complete::files(&["json"]))]
    pub evidence: Option<PathBuf>,

    #[command(flatten)]
    pub plan: PlanArgs,

    #[command(flatten)]
    pub judged: JudgeArgs,
}

impl VerbArgs for PromoteArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml models promote",
        examples: &[
            (
                "See what a promotion would do, and how the version does beside the champion",
                "hivectl ml models promote ticket-anomaly-detector@1 --dry-run --tickets later.ndjson.gz",
            ),
            ("Promote in a script", "hivectl ml models promote ticket-anomaly-detector@1 --confirm ticket-anomaly-detector@1"),
            ("Keep the plan, for somebody else to apply", "hivectl ml models promote ticket-duration-predictor@1 --plan-out plan.json"),
        ],
        exit_codes: &[3, 4, 5, 6, 7, 9, 10, 11, 13],
        changes: "The stages of one model and its alias champion, all at once or not at all. With --dry-run nothing, with --plan-out one file.",
        questions: &[
            ("--yes", "ml models promote ticket-duration-predictor@1 --to staging"),
            ("--confirm", "ml models promote ticket-duration-predictor@2"),
            ("--confirm", "ml models promote ticket-duration-predictor@2 --to staging --force-gate --reason test --policy strict.yaml"),
        ],
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&PromoteRequest {
            reference: self.reference.clone(),
            to: self.to,
            force_gate: self.force_gate,
            if_better: self.if_better,
            evidence: self.evidence.clone(),
            plan: self.plan.options(),
            judging: self.judged.judging(),
        })
    }
}
