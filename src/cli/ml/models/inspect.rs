//! `hivectl ml models inspect`.

use std::path::PathBuf;

use clap::Args;

use crate::api::transfer::{InspectReport, InspectRequest};
use crate::cli::ml::rounds::RoundsArgs;
use crate::cli::report::Report;
use crate::cli::sanitize;
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

    #[command(flatten)]
    pub rounds: RoundsArgs,
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
        session.answer(&InspectRequest { model: self.model.clone(), rounds: self.rounds.rounds })
    }
}

impl View for InspectReport {
    fn text(&self, _: &Screen) -> String {
        let mut text = format!("format    {} ({})\ntask      {}\n", self.format, self.flavor, self.task);
        if let Some(rounds) = &self.rounds_summary {
            text.push_str(&format!("rounds    {rounds}\n"));
        }
        if !self.classes.is_empty() {
            let classes: Vec<String> = self.classes.iter().map(|class| sanitize::line(&class.to_string())).collect();
            text.push_str(&format!("classes   {}\n", classes.join(", ")));
        }
        text.push_str(&format!(
            "trees     {}, {} nodes, at most {} edges deep\nfeatures  {}: {}\n",
            count(self.trees as u64),
            count(self.nodes as u64),
            self.depth,
            self.features,
            self.feature_names.join(", ")
        ));
        text
    }
}
