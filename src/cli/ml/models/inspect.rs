//! `hivectl ml models inspect`.

use std::path::PathBuf;

use clap::Args;

use crate::api::transfer::{InspectReport, InspectRequest};
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::cli::view::number::count;
use crate::cli::view::{Screen, View};
use crate::error::Result;

/// Tell what a model file is
///
/// Knows scikit-learn's forests (pickle, joblib, skops), ONNX, XGBoost (JSON, UBJ) and LightGBM's text, whoever wrote
/// them. What is no file is looked for in the registry. Changes nothing.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// Model file; or a version: NAME@7, NAME#production or models:/NAME/Production
    #[arg(value_name = "FILE|REFERENCE")]
    pub model: PathBuf,
}

impl VerbArgs for InspectArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml models inspect",
        examples: &[
            ("What a file is", "hivectl ml models inspect outside.onnx"),
            ("For a script", "hivectl ml models inspect outside.onnx -o json"),
            ("A registered version", "hivectl ml models inspect duration@latest"),
        ],
        exit_codes: &[4, 9, 10, 11],
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&InspectRequest { model: self.model.clone() })
    }
}

impl View for InspectReport {
    fn text(&self, _: &Screen) -> String {
        format!(
            "format    {} ({})\ntask      {}\ntrees     {}, {} nodes, at most {} edges deep\nfeatures  {}: {}\n",
            self.format,
            self.flavor,
            self.task,
            count(self.trees as u64),
            count(self.nodes as u64),
            self.depth,
            self.features,
            self.feature_names.join(", ")
        )
    }
}
