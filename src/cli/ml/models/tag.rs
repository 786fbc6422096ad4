//! `hivectl ml models tag`.

use clap::Args;

use crate::api::change::TagRequest;
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::error::Result;
use crate::lifecycle::ModelRef;

/// Set and remove tags of a version
///
/// KEY=VALUE sets, KEY- removes. Keys that begin with hivectl. or mlflow. are not for hand.
#[derive(Debug, Args)]
pub struct TagArgs {
    /// Version to tag: NAME@7, NAME@latest or NAME#production
    #[arg(add = complete::references())]
    pub reference: ModelRef,

    /// KEY=VALUE to set, KEY- to remove
    #[arg(required = true, value_name = "KEY=VALUE|KEY-")]
    pub tags: Vec<String>,

    /// Show what would change and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

impl VerbArgs for TagArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml models tag",
        examples: &[
            ("Set a tag", "hivectl ml models tag ticket-duration-predictor@1 team=scheduling"),
            ("Set one and remove another", "hivectl ml models tag ticket-duration-predictor@1 owner=ops team-"),
            ("Say why", "hivectl ml models tag ticket-duration-predictor@1 owner- --reason moved"),
        ],
        exit_codes: &[4, 7, 9, 10, 11],
        changes: "Tags of one version. With --dry-run nothing.",
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&TagRequest { reference: self.reference.clone(), tags: self.tags.clone(), dry_run: self.dry_run })
    }
}
