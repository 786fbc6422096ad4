//! `hivectl ml models push` and `pull`.

use clap::Args;

use crate::api::transfer::{CopyRequest, PullRequest, PushRequest};
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::error::Result;
use crate::lifecycle::{ModelRef, check_name};

/// Copy a version into another registry
///
/// Artifacts, metrics, parameters, tags and lineage go along; every file is read back and compared with its
/// digest. The copy gets a new number, in no stage. Interrupted and repeated, it goes on; done and repeated, it
/// finds the copy. In a protected context, and into the registry of one, it asks to type a name. Where both registries
/// are servers, the credentials of the destination are in
/// HIVECTL_OTHER_TRACKING_USERNAME, _PASSWORD and _TOKEN.
#[derive(Debug, Args)]
pub struct PushArgs {
    /// Version to copy: NAME@7, NAME@latest or NAME#production
    #[arg(add = complete::references())]
    pub reference: ModelRef,

    /// Registry to copy into: a path that ends in .db, or the URL of an MLflow server
    #[arg(long, value_name = "REGISTRY")]
    pub destination: String,

    /// Another name to register under
    #[arg(long, value_name = "NAME", value_parser = name, add = complete::models())]
    pub name: Option<String>,

    /// Show what would be copied and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Copy a version from another registry
///
/// The opposite of push: from --source into the registry in use. Where both are servers, the credentials of the
/// source are in HIVECTL_OTHER_TRACKING_USERNAME, _PASSWORD and _TOKEN.
#[derive(Debug, Args)]
pub struct PullArgs {
    /// Version to copy: NAME@7, NAME@latest or NAME#production
    #[arg(add = complete::references())]
    pub reference: ModelRef,

    /// Registry to copy from: a path that ends in .db, or the URL of an MLflow server
    #[arg(long, value_name = "REGISTRY")]
    pub source: String,

    /// Another name to register under
    #[arg(long, value_name = "NAME", value_parser = name, add = complete::models())]
    pub name: Option<String>,

    /// Show what would be copied and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

impl VerbArgs for PushArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml models push",
        examples: &[
            ("Into another registry", "hivectl ml models push ticket-duration-predictor@1 --destination copies/models.db"),
            ("What is in Production", "hivectl ml models push duration#production --destination copies/models.db"),
            ("Under another name", "hivectl ml models push duration@latest --destination copies/models.db --name trial"),
        ],
        exit_codes: &[4, 7, 9, 10, 11, 13],
        changes: "Adds a version in no stage to the registry that --destination names. With --dry-run nothing.",
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        let request = CopyRequest {
            reference: self.reference.clone(),
            other: self.destination.clone(),
            name: self.name.clone(),
            dry_run: self.dry_run,
        };
        session.answer(&PushRequest(request))
    }
}

impl VerbArgs for PullArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml models pull",
        examples: &[
            ("From another registry", "hivectl ml models pull ticket-duration-predictor@1 --source copies/models.db"),
            ("The newest, under another name", "hivectl ml models pull duration@latest --source copies/models.db --name pulled"),
            ("For a script", "hivectl ml models pull duration@1 --source copies/models.db --name pulled -o json"),
        ],
        exit_codes: &[4, 7, 9, 10, 11, 13],
        changes: "Adds a version in no stage. With --dry-run nothing.",
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        let request =
            CopyRequest { reference: self.reference.clone(), other: self.source.clone(), name: self.name.clone(), dry_run: self.dry_run };
        session.answer(&PullRequest(request))
    }
}

fn name(word: &str) -> Result<String, String> {
    check_name(word).map(|()| word.to_owned())
}
