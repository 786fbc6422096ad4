//! `hivectl ml models register`.

use std::path::PathBuf;

use clap::Args;

use crate::api::transfer::RegisterRequest;
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::error::Result;

/// Register a model that another tool made
///
/// Takes one model file, or a folder with an MLmodel. The version is in no stage, and metrics that come
/// with it are marked as claimed: they pass no gate until somebody has measured them. The same files
/// with the same words again find the version that is there.
#[derive(Debug, Args)]
pub struct RegisterArgs {
    /// Model file, or folder with an MLmodel
    pub path: PathBuf,

    /// Name to register under
    #[arg(long, value_name = "NAME")]
    pub name: String,

    /// Run that made the model: 32 hexadecimal digits
    #[arg(long, value_name = "ID")]
    pub run_id: Option<String>,

    /// Metrics as a JSON object, or @FILE that holds one
    #[arg(long, value_name = "JSON|@FILE", add = complete::metrics())]
    pub metrics: Option<String>,

    /// Parameter, as KEY=VALUE (can be repeated)
    #[arg(long = "param", value_name = "KEY=VALUE", value_parser = pair)]
    pub params: Vec<(String, String)>,

    /// Tag, as KEY=VALUE (can be repeated)
    #[arg(long = "tag", value_name = "KEY=VALUE", value_parser = pair)]
    pub tags: Vec<(String, String)>,

    /// What the model is
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub description: String,

    /// Show what would be registered and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

fn pair(word: &str) -> Result<(String, String), String> {
    match word.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err(format!("'{word}' is not KEY=VALUE")),
    }
}

impl VerbArgs for RegisterArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml models register",
        examples: &[
            ("See first what a file is", "hivectl ml models inspect outside.onnx"),
            ("An ONNX model from Python", "hivectl ml models register outside.onnx --name outside"),
            (
                "With what its maker claims",
                "hivectl ml models register outside.onnx --name outside --metrics '{\"mae\":12.5}' --tag team=x",
            ),
        ],
        exit_codes: &[4, 7, 9, 10, 11],
        changes: "Adds a version in no stage. With --dry-run nothing.",
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&RegisterRequest {
            path: self.path.clone(),
            name: self.name.clone(),
            run_id: self.run_id.clone(),
            metrics: self.metrics.clone(),
            params: self.params.clone(),
            tags: self.tags.clone(),
            description: self.description.clone(),
            dry_run: self.dry_run,
        })
    }
}
