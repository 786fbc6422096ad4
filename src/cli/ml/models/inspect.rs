//! `hivectl ml models inspect`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::view::number::count;
use crate::error::{Error, ErrorKind, Result};
use crate::formats;
use crate::lifecycle::ModelRef;
use crate::ops::described::unreadable;
use crate::ops::judging::file_of_trees;
use crate::ops::resolve;

/// Larger than any model of trees; keeps a mistaken path from being read whole.
const LARGEST_BYTES: u64 = 4 << 30;

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

impl InspectArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let reference = self.model.to_str().filter(|_| !self.model.exists()).and_then(|word| word.parse::<ModelRef>().ok());
        match reference {
            Some(reference) => registered(session, &reference),
            None => told(&self.file()?),
        }
    }

    fn file(&self) -> Result<Vec<u8>> {
        let failed = |error: &std::io::Error| Error::file("read the model file", &self.model, error);
        let metadata = std::fs::metadata(&self.model).map_err(|error| failed(&error))?;
        if !metadata.is_file() || metadata.len() > LARGEST_BYTES {
            return Err(Error::new(ErrorKind::BadModelFile, format!("{} is no model file", self.model.display()))
                .because(if metadata.is_file() { format!("it has {} bytes", metadata.len()) } else { "it is no file".into() }));
        }
        let bytes = std::fs::read(&self.model).map_err(|error| failed(&error))?;
        if crate::registry::bundle::is_bundle(&bytes) {
            let path = self.model.display();
            return Err(Error::new(ErrorKind::BadModelFile, format!("{path} is an export of a registered version, no model file"))
                .hint(format!("register it: 'hivectl ml models import {path}'"))
                .hint(format!("or look at its files: 'tar -tf {path}'")));
        }
        Ok(bytes)
    }
}

fn registered(session: &Session<'_>, reference: &ModelRef) -> Result<Report> {
    let settings = session.settings(&session.flags())?;
    let registry = session.registry_to_load(&settings)?;
    let version = resolve(registry.as_ref(), reference)?.version;
    let path = file_of_trees(registry.as_ref(), &version)?;
    session.printer.note(&format!("{path} of {}@{}", version.name, version.version));
    told(&registry.read_artifact(&version, &path)?).map_err(|error| unreadable(registry.as_ref(), &version, error))
}

fn told(bytes: &[u8]) -> Result<Report> {
    let found = formats::inspect(bytes)?;
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
