//! `hivectl ml models show`.

use clap::Args;

use crate::api::models::ShowModelRequest;
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::error::Result;
use crate::lifecycle::ModelRef;

/// Show everything known about one version
///
/// Metrics, gate with numbers, training window, features, artifacts with digests, and what the model
/// looks at. A bare name is the version in Production, else the newest in Staging, else the latest.
/// Changes nothing.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Version to show: NAME, NAME@7, NAME@latest, NAME#production or NAME:alias
    #[arg(add = complete::references())]
    pub reference: ModelRef,
}

impl VerbArgs for ShowArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml models show",
        examples: &[
            ("The version that services use", "hivectl ml models show ticket-duration-predictor"),
            ("One version, as JSON", "hivectl ml models show ticket-duration-predictor@1 -o json"),
            ("The same by kind and stage", "hivectl ml models show duration#production"),
        ],
        exit_codes: &[4, 9, 10, 11, 13],
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&ShowModelRequest { reference: self.reference.clone() })
    }
}
