//! `hivectl ml models register`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

use crate::cli::prompt;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::view;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::check_name;
use crate::registry::read_model;
use crate::registry::transfer::{Stated, register_by_hand};

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
    #[arg(long, value_name = "JSON|@FILE")]
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
}

fn pair(word: &str) -> Result<(String, String), String> {
    match word.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err(format!("'{word}' is not KEY=VALUE")),
    }
}

impl RegisterArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        check_name(&self.name).map_err(|why| Error::new(ErrorKind::Usage, format!("'{}' cannot be a model's name: {why}", self.name)))?;
        let files = read_model(&self.path).map_err(|error| match error.kind() {
            ErrorKind::FileNotFound => {
                error.hint(format!("name a model file or a folder with an MLmodel: `hivectl ml models register PATH --name {}`", self.name))
            }
            _ => error,
        })?;
        let stated = Stated {
            name: self.name.clone(),
            run_id: self.run_id.clone(),
            description: self.description.clone(),
            metrics: self.claimed()?,
            params: self.params.iter().cloned().collect(),
            tags: self.tags.iter().cloned().collect(),
            reason: session.global.reason.clone(),
            user: crate::ops::actor_of_process().user,
        };
        let settings = session.settings(&session.flags())?;
        prompt::where_protected(
            session,
            &settings,
            &self.name,
            &format!("register {} as a version of {}", self.path.display(), self.name),
        )?;
        let mut registry = session.registry_to_take_in(&settings)?;
        let (version, is_new) = register_by_hand(registry.as_mut(), stated, files)?;
        Ok(view::change::taken_in("hivectl.ml.models.register/v1", &version, is_new))
    }

    fn claimed(&self) -> Result<BTreeMap<String, f64>> {
        let Some(word) = &self.metrics else { return Ok(BTreeMap::new()) };
        let (place, text) = match word.strip_prefix('@') {
            None => ("--metrics", word.clone()),
            Some(path) => (path, std::fs::read_to_string(path).map_err(|error| Error::file("read the metrics", path.as_ref(), &error))?),
        };
        serde_json::from_str(&text).map_err(|error| {
            Error::new(ErrorKind::BadInput, format!("{place}:{}: this is no JSON object of numbers", error.line())).because(error)
        })
    }
}
