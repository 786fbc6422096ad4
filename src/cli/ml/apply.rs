//! `hivectl ml apply`.

use std::path::PathBuf;

use clap::Args;

use crate::api::change::ApplyRequest;
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::error::Result;

/// Apply a plan that `promote` or `rollback` kept in a file
///
/// Naming the file is the approval, so nothing is asked. Applied once, and only while what the plan saw
/// still is; otherwise it ends with exit code 6 and says who moved what.
#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// File that --plan-out wrote
    #[arg(add = complete::files(&["json"]))]
    pub plan: PathBuf,
}

impl VerbArgs for ApplyArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml apply",
        examples: &[
            ("Apply a plan", "hivectl ml apply plan.json"),
            ("The same plan cannot be applied twice", "hivectl ml models history ticket-duration-predictor"),
            ("See how it ended", "hivectl ml models show ticket-duration-predictor#production"),
        ],
        exit_codes: &[4, 6, 7, 9, 10, 11, 13],
        changes: "What the plan says: the stages of one model and its alias champion, all at once or not at all.",
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&ApplyRequest { plan: self.plan.clone() })
    }
}
