//! The flags of every change by plan.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::api::change::{ExpectedChampion, PlanOptions};

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
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = crate::base::duration::parse)]
    pub expires: Duration,

    /// The version that must be in Production now, or none; another one there ends with exit code 6
    #[arg(long, value_name = "VERSION|none", value_parser = expected_champion)]
    pub expect_champion: Option<ExpectedChampion>,
}

fn expected_champion(word: &str) -> Result<ExpectedChampion, String> {
    match word {
        "none" => Ok(ExpectedChampion::None),
        number => number.parse().map(ExpectedChampion::Version).map_err(|_| format!("'{word}' is neither a version nor none")),
    }
}

impl PlanArgs {
    /// What was typed.
    pub fn options(&self) -> PlanOptions {
        PlanOptions {
            dry_run: self.dry_run,
            plan_out: self.plan_out.clone(),
            expires: self.expires,
            expected_champion: self.expect_champion,
        }
    }
}
