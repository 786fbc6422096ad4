//! What MLflow's own housekeeping took, or will take, from versions on a server: it marks experiments and runs as deleted,
//! hides logged models, and its garbage collection removes what is marked.

use super::api::{Asking, absent_is_none, unknown_is_none};
use super::client::Client;
use super::dto;
use crate::base::command_line::quoted;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{ModelVersion, Standing, VerificationFinding};

/// How MLflow marks what is deleted and not collected yet.
pub(super) const DELETED: &str = "deleted";

/// How a version stands with the server.
pub(super) fn standing(client: &Client, version: &ModelVersion) -> Result<Standing> {
    let run = match version.run_id.as_deref().filter(|run_id| !run_id.is_empty()) {
        None => None,
        Some(run_id) => match client.run(run_id)? {
            // With the run its logged models were collected; what files are left is looked at apart.
            None => return Ok(Standing::Forgotten),
            found => found,
        },
    };
    if let Some(run) = &run
        && let Some(experiment) = client.experiment(&run.info.experiment_id)?
        && experiment.lifecycle_stage == DELETED
    {
        let restore = restore(client, "experiments", &format!("--experiment-id {}", experiment.experiment_id));
        return Ok(Standing::Marked(VerificationFinding::experiment_deleted(version, &experiment.name, &restore)));
    }
    if let Some(model_id) = version.model_id()
        && client.is_logged_model_deleted(model_id)?
    {
        return Ok(Standing::Marked(VerificationFinding::logged_model_deleted(version)));
    }
    Ok(match run.filter(|run| run.info.lifecycle_stage == DELETED) {
        Some(run) => {
            let restore = restore(client, "runs", &format!("--run-id {}", run.info.run_id));
            Standing::Marked(VerificationFinding::run_deleted(version, &restore))
        }
        None => Standing::Whole,
    })
}

/// Refuses an experiment that was deleted: what is put into it goes with it.
///
/// Errors: [`ErrorKind::Conflict`] with the command that brings it back; those of asking.
pub(super) fn check_experiment(client: &Client, name: &str) -> Result<()> {
    match client.experiment_named(name)?.filter(|experiment| experiment.lifecycle_stage == DELETED) {
        None => Ok(()),
        Some(experiment) => Err(refused(client, &experiment)),
    }
}

/// The failure of who needs a deleted experiment.
pub(super) fn refused(client: &Client, experiment: &dto::Experiment) -> Error {
    let restore = restore(client, "experiments", &format!("--experiment-id {}", experiment.experiment_id));
    Error::new(ErrorKind::Conflict, format!("the experiment '{}' was deleted at {}", experiment.name, client.shown()))
        .because("what is put into it goes with it at the next `mlflow gc`")
        .hint(format!("bring it back: `{restore}`"))
        .hint("or name another one: add `--experiment NAME`")
}

/// The command of MLflow's that brings something back at this server.
fn restore(client: &Client, what: &str, which: &str) -> String {
    format!("MLFLOW_TRACKING_URI={} mlflow {what} restore {which}", quoted(client.shown()))
}

impl Client {
    /// Whether the server keeps logged models and this one no more. Servers before 3 keep none.
    fn is_logged_model_deleted(&self, id: &str) -> Asking<bool> {
        match self.get::<dto::LoggedModelAnswer>(&format!("logged-models/{id}"), Vec::new(), &format!("read the logged model {id}")) {
            Err(failure) if failure.is_no_route() => Ok(false),
            found => absent_is_none(found).map(|found| found.is_none()),
        }
    }

    /// A logged model; `None` for one that was deleted, and on servers before 3.
    pub(super) fn logged_model(&self, id: &str) -> Result<Option<dto::LoggedModel>> {
        let found = self.get(&format!("logged-models/{id}"), Vec::new(), &format!("read the logged model {id}"));
        Ok(unknown_is_none(found)?.map(|answer: dto::LoggedModelAnswer| answer.model))
    }

    /// Where the files of a version were put, as its own record says; `None` where it says nothing of it.
    pub(super) fn place_of(&self, version: &ModelVersion) -> Result<Option<String>> {
        let query = vec![("name", version.name.clone()), ("version", version.version.to_string())];
        let found = self.get("model-versions/get-download-uri", query, &format!("ask where the files of {} are", version.id()));
        Ok(absent_is_none(found)?.map(|answer: dto::DownloadUri| answer.artifact_uri).filter(|uri| !uri.is_empty()))
    }
}
