//! What MLflow's own housekeeping took, or will take, from versions: it marks experiments, runs and logged models as
//! deleted, and its garbage collection removes what is marked.

use rusqlite::params;

use super::statements::default_workspace;
use crate::base::command_line::quoted;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{ModelVersion, Standing, VerificationFinding};
use crate::registry::journal::View;

/// How MLflow marks what is deleted and not collected yet.
const DELETED: &str = "deleted";

/// What MLflow still knows of where a version comes from; a mark is `None` for what is not there.
struct Origin {
    run: Option<String>,
    experiment: Option<(i64, String)>,
    experiment_mark: Option<String>,
    logged_model: Option<String>,
}

/// How a version stands with MLflow.
pub(super) fn standing(view: View<'_>, version: &ModelVersion) -> Result<Standing> {
    let origin = origin(view, version)?;
    let is_marked = |mark: &Option<String>| mark.as_deref() == Some(DELETED);
    if let Some((id, name)) = origin.experiment.as_ref().filter(|_| is_marked(&origin.experiment_mark)) {
        let restore = restore(view, "experiments", &format!("--experiment-id {id}"));
        return Ok(Standing::Marked(VerificationFinding::experiment_deleted(version, name, &restore)));
    }
    if is_marked(&origin.logged_model) {
        return Ok(Standing::Marked(VerificationFinding::logged_model_deleted(version)));
    }
    if let Some(run) = version.run_id.as_ref().filter(|_| is_marked(&origin.run)) {
        let restore = restore(view, "runs", &format!("--run-id {run}"));
        return Ok(Standing::Marked(VerificationFinding::run_deleted(version, &restore)));
    }
    let has_lost_run = version.run_id.as_ref().is_some_and(|run| !run.is_empty()) && origin.run.is_none();
    let has_lost_model = version.model_id().is_some() && view.layout.logged_models && origin.logged_model.is_none();
    Ok(if has_lost_run || has_lost_model { Standing::Forgotten } else { Standing::Whole })
}

fn origin(view: View<'_>, version: &ModelVersion) -> Result<Origin> {
    let text = |sql: &str, id: Option<&str>| -> Result<Option<String>> {
        let found = view.first(sql, [id.unwrap_or_default()], |row| row.get::<_, Option<String>>(0))?;
        // A row without a mark is there.
        Ok(found.map(Option::unwrap_or_default))
    };
    let (run_id, model_id) = (version.run_id.as_deref(), version.model_id());
    let run = text("SELECT lifecycle_stage FROM runs WHERE run_uuid = ?1", run_id)?;
    let logged_model = match view.layout.logged_models {
        true => text("SELECT lifecycle_stage FROM logged_models WHERE model_id = ?1", model_id)?,
        false => None,
    };
    let of_model = match view.layout.logged_models {
        true => "UNION SELECT experiment_id FROM logged_models WHERE model_id = ?2",
        false => "",
    };
    let sql = format!(
        "SELECT experiment_id, name, lifecycle_stage FROM experiments
         WHERE experiment_id IN (SELECT experiment_id FROM runs WHERE run_uuid = ?1 {of_model}) AND ?2 IS ?2 LIMIT 1"
    );
    let experiment = view.first(&sql, params![run_id, model_id], |row| {
        Ok(((row.get(0)?, row.get::<_, Option<String>>(1)?.unwrap_or_default()), row.get::<_, Option<String>>(2)?))
    })?;
    let (experiment, experiment_mark) = experiment.map_or((None, None), |(experiment, mark)| (Some(experiment), mark));
    Ok(Origin { run, experiment, experiment_mark, logged_model })
}

/// Refuses an experiment that MLflow has deleted: what is put into it goes with it.
///
/// Errors: [`ErrorKind::Conflict`] with the command that brings it back.
pub(super) fn check_experiment(view: View<'_>, name: &str) -> Result<()> {
    let here = default_workspace(view.layout, "experiments");
    let sql = format!("SELECT experiment_id FROM experiments WHERE name = ?1 AND lifecycle_stage = '{DELETED}' AND {here}");
    match view.first(&sql, [name], |row| row.get::<_, i64>(0))? {
        None => Ok(()),
        Some(id) => {
            let restore = restore(view, "experiments", &format!("--experiment-id {id}"));
            Err(Error::new(ErrorKind::Conflict, format!("the experiment '{name}' was deleted in {}", view.path.display()))
                .because("what is put into it goes with it at the next `mlflow gc`")
                .hint(format!("bring it back: `{restore}`"))
                .hint("or name another one: add `--experiment NAME`"))
        }
    }
}

/// The command of MLflow's that brings something back in this file.
fn restore(view: View<'_>, what: &str, which: &str) -> String {
    let uri = format!("sqlite:///{}", view.path.display());
    format!("MLFLOW_TRACKING_URI={} mlflow {what} restore {which}", quoted(&uri))
}
