//! `hivectl ml models verify`.

use clap::Args;

use crate::api::change::VerifyRequest;
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::error::Result;

/// Compare the stored bytes with their digests, and the registry with its rules
///
/// Reads every recorded file. Ends with exit code 13 when something is not as it was registered. Changes
/// nothing.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Model to verify; all without a name
    #[arg(add = complete::models())]
    pub name: Option<String>,
}

impl VerbArgs for VerifyArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml models verify",
        examples: &[
            ("Compare all bytes with their digests", "hivectl ml models verify"),
            ("Of one model", "hivectl ml models verify ticket-duration-predictor"),
            ("For a script", "hivectl ml models verify -o json"),
        ],
        exit_codes: &[4, 9, 10, 11, 13],
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&VerifyRequest { name: self.name.clone() })
    }
}
