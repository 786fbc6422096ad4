//! `hivectl ml models inspect`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::report::Report;
use crate::cli::view::number::count;
use crate::error::{Error, ErrorKind, Result};
use crate::formats;

/// Larger than any model of trees; keeps a mistaken path from being read whole.
const LARGEST_BYTES: u64 = 4 << 30;

/// Tell what a model file is, without Python and without executing anything
///
/// Knows scikit-learn's forests (pickle, joblib, skops), ONNX, XGBoost (JSON, UBJ) and LightGBM's text.
/// Changes nothing.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// Model file
    pub file: PathBuf,
}

impl InspectArgs {
    pub fn run(&self) -> Result<Report> {
        let failed = |error: &std::io::Error| Error::file("read the model file", &self.file, error);
        let metadata = std::fs::metadata(&self.file).map_err(|error| failed(&error))?;
        if !metadata.is_file() || metadata.len() > LARGEST_BYTES {
            return Err(Error::new(ErrorKind::BadModelFile, format!("{} is no model file", self.file.display()))
                .because(if metadata.is_file() { format!("it has {} bytes", metadata.len()) } else { "it is no file".into() }));
        }
        let bytes = std::fs::read(&self.file).map_err(|error| failed(&error))?;
        let found = formats::inspect(&bytes)?;
        let flavor = found.format.flavor();
        let data = json!({
            "format": found.format.name(),
            "flavor": flavor,
            "task": found.task,
            "trees": found.trees,
            "features": found.features,
            "feature_names": found.feature_names,
            "nodes": found.nodes,
            "depth": found.depth,
            "outputs": found.outputs,
            "classes": found.classes,
            "categories": found.has_categories,
        });
        let text = format!(
            "format    {} ({flavor})\ntask      {}\ntrees     {}, {} nodes, at most {} edges deep\nfeatures  {}: {}\n",
            found.format.name(),
            found.task,
            count(found.trees as u64),
            count(found.nodes as u64),
            found.depth,
            found.features,
            found.feature_names.join(", ")
        );
        Ok(Report::plain("hivectl.ml.models.inspect/v1", text).with_data(data))
    }
}
