//! `hivectl ml models inspect`.

use std::path::PathBuf;

use clap::Args;

use crate::api::transfer::InspectRequest;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::VerbSpec;
use crate::error::Result;

/// Tell what a model file or a registered version is, without Python and without executing anything
///
/// Knows scikit-learn's forests (pickle, joblib, skops), ONNX, XGBoost (JSON, UBJ) and LightGBM's text, whoever wrote
/// them. What is no file is looked for in the registry. Changes nothing.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// Model file; or a version: NAME@7, NAME#production or models:/NAME/Production
    #[arg(value_name = "FILE|REFERENCE")]
    pub model: PathBuf,
}

pub const SPEC: VerbSpec = VerbSpec {
    words: "ml models inspect",
    examples: &[
        ("What a file is", "hivectl ml models inspect outside.onnx"),
        ("For a script", "hivectl ml models inspect outside.onnx -o json"),
        ("A registered version", "hivectl ml models inspect duration@latest"),
    ],
    exit_codes: &[4, 9, 10, 11],
    ..VerbSpec::READING
};

impl InspectArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        Report::of(session.operations().inspect(&InspectRequest { model: self.model.clone() })?)
    }
}
