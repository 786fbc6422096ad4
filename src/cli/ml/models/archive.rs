//! `hivectl ml models archive`.

use clap::Args;

use crate::api::change::{ArchiveOlderRequest, ArchiveRequest};
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::ModelRef;

/// Versions in Staging that `--older` always leaves.
const KEPT: usize = 3;

/// Take versions out of service
///
/// One version, or with --older every version in Staging but the three newest. Taking the version in
/// Production out of service asks to type the model's name, and is refused (exit code 10) where nothing would serve
/// after it, but for --force with a --reason; another stage asks y/N. In a protected context all
/// ask for a name: the model's, or for all models the context's. Nothing is deleted.
#[derive(Debug, Args)]
pub struct ArchiveArgs {
    /// Version to archive: NAME@7 or NAME@latest; with --older a model's name, or nothing for all models
    #[arg(required_unless_present = "older", add = complete::references())]
    pub reference: Option<ModelRef>,

    /// Archive the versions in Staging but the newest
    #[arg(long)]
    pub older: bool,

    /// How many of the newest to keep in Staging; at least 3
    #[arg(long, value_name = "COUNT", default_value_t = KEPT as u64, value_parser = clap::value_parser!(u64).range(KEPT as u64..), requires = "older")]
    pub keep: u64,

    /// Archive the version that serves although nothing would serve after it; needs --reason
    #[arg(long, conflicts_with = "older")]
    pub force: bool,

    /// Show what would be archived and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

impl VerbArgs for ArchiveArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml models archive",
        examples: &[
            ("See what would be archived", "hivectl ml models archive --older --dry-run"),
            ("See what taking one version out would change", "hivectl ml models archive outside@1 --dry-run"),
            ("Keep the five newest in Staging", "hivectl ml models archive --older --keep 5 --yes"),
        ],
        exit_codes: &[4, 5, 6, 7, 9, 10, 11, 13],
        changes: "The stage of one version, or of all the older ones in Staging. With --dry-run nothing.",
        questions: &[
            ("--yes", "ml models archive ticket-duration-predictor@4"),
            ("--yes", "ml models archive --older"),
            ("--confirm", "ml models archive ticket-duration-predictor@3 --force --reason retired"),
        ],
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        match &self.reference {
            reference if self.older => session.answer(&ArchiveOlderRequest {
                name: reference.as_ref().map(|reference| reference.name.clone()),
                keep: usize::try_from(self.keep).unwrap_or(usize::MAX),
                dry_run: self.dry_run,
            }),
            Some(reference) => session.answer(&ArchiveRequest { reference: reference.clone(), force: self.force, dry_run: self.dry_run }),
            // clap demands the reference without --older; this answers if it ever does not.
            None => Err(Error::new(ErrorKind::Usage, "no version was named").hint("name one, such as NAME@7, or add --older")),
        }
    }
}
