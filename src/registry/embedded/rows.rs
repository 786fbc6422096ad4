//! The rows that make a registered version: experiment, run, logged model, version, tags, digests.

use rusqlite::params;
use serde_json::Value;

use super::statements::{SHA256_TAG, default_workspace};
use super::{datasets, deleted, locations};
use crate::base::sha256_hex;
use crate::error::Result;
use crate::lifecycle::FINGERPRINT_TAG;
use crate::lifecycle::{Artifact, Stage};
use crate::registry::NewVersion;
use crate::registry::clock::now_ms;
use crate::registry::journal::Change;

/// MLflow's number for a logged model that is complete.
const LOGGED_MODEL_READY: i64 = 2;

/// The number of the experiment called `name`, made when it is absent.
///
/// The first one made in a file gets MLflow's "Default" as its number 0 beside it, as in a file that MLflow
/// makes: Python code that names no experiment looks for that number.
pub(super) fn experiment(change: &Change<'_>, name: &str) -> Result<i64> {
    deleted::check_experiment(change.view(), name)?;
    let here = default_workspace(&change.layout, "experiments");
    if let Some(found) =
        change.view().first(&format!("SELECT experiment_id FROM experiments WHERE name = ?1 AND {here}"), [name], |row| row.get(0))?
    {
        return Ok(found);
    }
    let highest: Option<i64> = change.view().first("SELECT max(experiment_id) FROM experiments", [], |row| row.get(0))?.flatten();
    if highest.is_none() {
        insert_experiment(change, 0, "Default")?;
    }
    let number = highest.unwrap_or(0) + 1;
    if highest.is_none() && name == "Default" {
        return Ok(0);
    }
    insert_experiment(change, number, name)?;
    Ok(number)
}

fn insert_experiment(change: &Change<'_>, number: i64, name: &str) -> Result<()> {
    let folder = locations::location(&locations::experiment_folder(&change.path, number)?);
    let sql = "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time)
               VALUES (?1, ?2, ?3, 'active', ?4, ?4)";
    change.execute(sql, params![number, name, folder, now_ms()]).map(drop)
}

/// The run with its parameters, metrics, tags and data sets. A run that is there already (it made several models)
/// keeps what it has and gains what is new.
pub(super) fn run(change: &Change<'_>, experiment_id: i64, new: &NewVersion) -> Result<()> {
    let run = &new.run;
    let folder = locations::location(&locations::experiment_folder(&change.path, experiment_id)?.join(&run.run_id).join("artifacts"));
    let user = run.tags.get("mlflow.user").map(String::as_str).unwrap_or_default();
    let sql =
        "INSERT OR IGNORE INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time,
                 source_version, lifecycle_stage, artifact_uri, experiment_id)
               VALUES (?1, ?2, 'LOCAL', 'hivectl', '', ?3, 'FINISHED', ?4, ?5, '', 'active', ?6, ?7)";
    change.execute(sql, params![run.run_id, run.run_name, user, run.started_at, run.ended_at, folder, experiment_id])?;
    for (key, value) in &run.params {
        change.execute("INSERT OR IGNORE INTO params (key, value, run_uuid) VALUES (?1, ?2, ?3)", params![key, value, run.run_id])?;
    }
    for (key, value) in run.metrics.iter().filter(|(_, value)| value.is_finite()) {
        let sql = "INSERT OR IGNORE INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?1, ?2, ?3, ?4, 0, 0)";
        change.execute(sql, params![key, value, run.ended_at, run.run_id])?;
        // MLflow reads the newest value of a metric from here, not from the table above.
        let sql = "INSERT OR IGNORE INTO latest_metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?1, ?2, ?3, ?4, 0, 0)";
        change.execute(sql, params![key, value, run.ended_at, run.run_id])?;
    }
    let defaults = [("mlflow.runName", run.run_name.as_str()), ("mlflow.source.name", "hivectl"), ("mlflow.source.type", "LOCAL")];
    let given = run.tags.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    for (key, value) in given.chain(defaults) {
        change.execute("INSERT OR IGNORE INTO tags (key, value, run_uuid) VALUES (?1, ?2, ?3)", params![key, value, run.run_id])?;
    }
    datasets::add(change, experiment_id, &run.run_id, &run.datasets)
}

/// The logged model: what MLflow 3 shows in the run and loads as `models:/m-…`.
pub(super) fn logged_model(change: &Change<'_>, experiment_id: i64, new: &NewVersion, number: u32, location: &str) -> Result<()> {
    // These letters are not allowed in the name of a logged model.
    let name = new.name.replace(['/', ':', '.', '%', '"', '\''], "-");
    let now = now_ms();
    let sql =
        "INSERT INTO logged_models (model_id, experiment_id, name, artifact_location, creation_timestamp_ms, last_updated_timestamp_ms,
                 status, lifecycle_stage, model_type, source_run_id)
               VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, 'active', '', ?7)";
    change.execute(sql, params![new.model_id, experiment_id, name, location, now, LOGGED_MODEL_READY, new.run.run_id])?;
    for (key, value) in &new.run.params {
        let sql = "INSERT INTO logged_model_params (model_id, experiment_id, param_key, param_value) VALUES (?1, ?2, ?3, ?4)";
        change.execute(sql, params![new.model_id, experiment_id, key, value])?;
    }
    for (key, value) in new.run.metrics.iter().filter(|(_, value)| value.is_finite()) {
        let sql = "INSERT INTO logged_model_metrics (model_id, metric_name, metric_timestamp_ms, metric_step, metric_value, experiment_id, run_id)
                   VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6)";
        change.execute(sql, params![new.model_id, key, new.run.ended_at, value, experiment_id, new.run.run_id])?;
    }
    // How MLflow links a logged model to the versions made of it.
    let versions = Value::from(vec![Value::from_iter([("name", Value::from(new.name.as_str())), ("version", number.into())])]).to_string();
    let sql = "INSERT INTO logged_model_tags (model_id, experiment_id, tag_key, tag_value) VALUES (?1, ?2, 'mlflow.modelVersions', ?3)";
    change.execute(sql, params![new.model_id, experiment_id, versions])?;
    let link_id = &sha256_hex(format!("{}\n{}", new.run.run_id, new.model_id).as_bytes())[..32];
    let sql = "INSERT INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id, step)
               VALUES (?1, 'RUN_OUTPUT', ?2, 'MODEL_OUTPUT', ?3, 0)";
    change.execute(sql, params![link_id, new.run.run_id, new.model_id]).map(drop)
}

/// The registered model, when it is new, and the number that its next version gets. Numbers of deleted
/// versions are not used again.
pub(super) fn next_number(change: &Change<'_>, name: &str) -> Result<u32> {
    let now = now_ms();
    let here = default_workspace(&change.layout, "registered_models");
    let touched =
        change.execute(&format!("UPDATE registered_models SET last_updated_time = ?2 WHERE name = ?1 AND {here}"), params![name, now])?;
    if touched == 0 {
        let sql = "INSERT INTO registered_models (name, creation_time, last_updated_time, description) VALUES (?1, ?2, ?2, '')";
        change.execute(sql, params![name, now])?;
    }
    let here = default_workspace(&change.layout, "model_versions");
    let highest = change.view().first(&format!("SELECT max(version) FROM model_versions WHERE name = ?1 AND {here}"), [name], |row| {
        row.get::<_, Option<u32>>(0)
    })?;
    Ok(highest.flatten().unwrap_or(0) + 1)
}

/// The version itself, with its tags and the digests of its files. Answers with the time it was made.
pub(super) fn version(
    change: &Change<'_>,
    (new, stage): (&NewVersion, Stage),
    number: u32,
    location: &str,
    files: &[Artifact],
) -> Result<i64> {
    let now = now_ms();
    let sql = "INSERT INTO model_versions (name, version, creation_time, last_updated_time, description, current_stage, source,
                 run_id, status, storage_location)
               VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7, 'READY', ?8)";
    let source = format!("models:/{}", new.model_id);
    change.execute(sql, params![new.name, number, now, new.description, stage.as_str(), source, new.run.run_id, location])?;
    let digests = files.iter().map(|file| (format!("{SHA256_TAG}{}", file.path), file.sha256.clone()));
    for (key, value) in new.tags.iter().map(|(key, value)| (key.clone(), value.clone())).chain(digests) {
        set_tag(change, &new.name, number, &key, &value)?;
    }
    for file in files {
        let sql = "INSERT INTO hivectl_artifacts (model_id, path, size_bytes, sha256) VALUES (?1, ?2, ?3, ?4)";
        change.execute(sql, params![new.model_id, file.path, file.size_bytes.cast_signed(), file.sha256])?;
    }
    Ok(now)
}

/// Moves one version to a stage.
pub(super) fn set_stage(change: &Change<'_>, name: &str, version: u32, stage: Stage) -> Result<()> {
    let here = default_workspace(&change.layout, "model_versions");
    let sql = format!("UPDATE model_versions SET current_stage = ?3, last_updated_time = ?4 WHERE name = ?1 AND version = ?2 AND {here}");
    change.execute(&sql, params![name, version, stage.as_str(), now_ms()]).map(drop)
}

/// Points an alias at a version.
pub(super) fn set_alias(change: &Change<'_>, name: &str, alias: &str, version: u32) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO registered_model_aliases (alias, version, name) VALUES (?1, ?2, ?3)";
    change.execute(sql, params![alias, version, name]).map(drop)
}

/// Where an alias points.
pub(super) fn alias(change: &Change<'_>, name: &str, alias: &str) -> Result<Option<u32>> {
    let here = default_workspace(&change.layout, "registered_model_aliases");
    let sql = format!("SELECT version FROM registered_model_aliases WHERE name = ?1 AND alias = ?2 AND {here}");
    change.view().first(&sql, params![name, alias], |row| row.get(0))
}

/// Removes an alias.
pub(super) fn remove_alias(change: &Change<'_>, name: &str, alias: &str) -> Result<()> {
    let here = default_workspace(&change.layout, "registered_model_aliases");
    change
        .execute(&format!("DELETE FROM registered_model_aliases WHERE name = ?1 AND alias = ?2 AND {here}"), params![name, alias])
        .map(drop)
}

/// Sets a tag of a version.
pub(super) fn set_tag(change: &Change<'_>, name: &str, version: u32, key: &str, value: &str) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO model_version_tags (key, value, name, version) VALUES (?1, ?2, ?3, ?4)";
    change.execute(sql, params![key, value, name, version]).map(drop)
}

/// Removes a tag of a version.
pub(super) fn remove_tag(change: &Change<'_>, name: &str, version: u32, key: &str) -> Result<()> {
    let here = default_workspace(&change.layout, "model_version_tags");
    change
        .execute(
            &format!("DELETE FROM model_version_tags WHERE key = ?1 AND name = ?2 AND version = ?3 AND {here}"),
            params![key, name, version],
        )
        .map(drop)
}

/// The version of `name` that was registered with this fingerprint.
pub(super) fn with_fingerprint(change: &Change<'_>, name: &str, fingerprint: &str) -> Result<Option<u32>> {
    let here = default_workspace(&change.layout, "v");
    let sql = format!(
        "SELECT v.version FROM model_versions v JOIN model_version_tags t ON t.name = v.name AND t.version = v.version
         WHERE v.name = ?1 AND t.key = '{FINGERPRINT_TAG}' AND t.value = ?2 AND coalesce(v.current_stage, '') <> 'Deleted_Internal' AND {here}
         ORDER BY v.version LIMIT 1"
    );
    change.view().first(&sql, params![name, fingerprint], |row| row.get(0))
}

/// Whether a logged model of this id is known, or being made.
pub(super) fn knows_model_id(change: &Change<'_>, model_id: &str) -> Result<bool> {
    let sql =
        "SELECT EXISTS (SELECT 1 FROM logged_models WHERE model_id = ?1) OR EXISTS (SELECT 1 FROM hivectl_pending WHERE model_id = ?1)";
    Ok(change.view().first(sql, [model_id], |row| row.get(0))?.unwrap_or(false))
}
