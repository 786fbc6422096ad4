//! Reading: a handful of statements for any number of versions, all in one snapshot of the database.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rusqlite::{Row, ToSql, params};

use super::statements::{self, SHA256_TAG};
use super::{artifacts, datasets, locations};
use crate::error::Result;
use crate::kinds::{CARD_PATH, ModelCard};
use crate::lifecycle::{Artifact, CHALLENGER, ModelSummary, ModelVersion, Registration, RunRecord, ServingRule, Stage};
use crate::registry::journal::View;

/// Versions by name and number.
type Found = BTreeMap<(String, u32), ModelVersion>;

/// All models by name; prompts, which MLflow keeps in the same tables, are none.
pub(super) fn summaries(view: View<'_>, rule: &ServingRule) -> Result<Vec<ModelSummary>> {
    let choice = statements::listed_versions(view.layout);
    let mut found: BTreeMap<String, Vec<ModelVersion>> = BTreeMap::new();
    for version in load(view, &choice, params![rule.alias, CHALLENGER])?.into_values() {
        found.entry(version.name.clone()).or_default().push(version);
    }
    let mut tags: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    view.each(&statements::model_tags(view.layout), [], |row| {
        tags.entry(row.get(0)?).or_default().insert(row.get(1)?, row.get::<_, Option<String>>(2)?.unwrap_or_default());
        Ok(())
    })?;
    let lost = lost_aliases(view, &rule.alias)?;
    view.all(&statements::models(view.layout), [], |row| {
        let name: String = row.get(0)?;
        let (versions, lost) = (found.remove(&name).unwrap_or_default(), lost.get(&name).copied());
        let tags = tags.remove(&name).unwrap_or_default();
        Ok(ModelSummary { tags, ..ModelSummary::of(name, &versions, row.get(1)?, rule, lost) })
    })
}

/// By model the versions that an alias names and that are not there.
pub(super) fn lost_aliases(view: View<'_>, alias: &str) -> Result<BTreeMap<String, u32>> {
    let found = view.all(&statements::lost_aliases(view.layout), params![alias], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.into_iter().collect())
}

/// All versions of one model, newest first.
pub(super) fn versions(view: View<'_>, name: &str) -> Result<Vec<ModelVersion>> {
    Ok(load(view, statements::VERSIONS_OF_MODEL, params![name])?.into_values().rev().collect())
}

/// One version.
pub(super) fn version(view: View<'_>, name: &str, version: u32) -> Result<Option<ModelVersion>> {
    Ok(load(view, statements::ONE_VERSION, params![name, version])?.into_values().next())
}

/// One run with everything recorded about it.
pub(super) fn run(view: View<'_>, run_id: &str) -> Result<Option<RunRecord>> {
    let sql = "SELECT r.run_uuid, e.name, r.name, r.start_time, r.end_time FROM runs r LEFT JOIN experiments e USING (experiment_id) WHERE r.run_uuid = ?1";
    let found = view.first(sql, [run_id], |row| {
        let text = |column| row.get::<_, Option<String>>(column).map(Option::unwrap_or_default);
        let time = |column| row.get::<_, Option<i64>>(column).map(Option::unwrap_or_default);
        Ok(RunRecord {
            run_id: text(0)?,
            experiment: text(1)?,
            run_name: text(2)?,
            started_at: time(3)?,
            ended_at: time(4)?,
            ..RunRecord::default()
        })
    })?;
    let Some(mut run) = found else { return Ok(None) };
    let pair = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, Option<String>>(1)?.unwrap_or_default()));
    run.params = view.all("SELECT key, value FROM params WHERE run_uuid = ?1", [run_id], pair)?.into_iter().collect();
    run.tags = view.all("SELECT key, value FROM tags WHERE run_uuid = ?1", [run_id], pair)?.into_iter().collect();
    let sql = "SELECT key, value FROM latest_metrics WHERE run_uuid = ?1 AND is_nan = 0";
    run.metrics = view.all(sql, [run_id], |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect();
    run.datasets = datasets::of_run(view, run_id)?;
    Ok(Some(run))
}

/// The versions that `choice` (the body of a table expression with name and version) picks.
fn load(view: View<'_>, choice: &str, values: &[&dyn ToSql]) -> Result<Found> {
    let layout = view.layout;
    let mut found = Found::new();
    view.each(&statements::chosen(layout, choice, statements::VERSION_ROWS), values, |row| {
        let version = version_from(row)?;
        found.insert((version.name.clone(), version.version), version);
        Ok(())
    })?;
    let mut add = |select: &str, put: fn(&mut ModelVersion, &Row<'_>) -> rusqlite::Result<()>| -> Result<()> {
        view.each(&statements::chosen(layout, choice, select), values, |row| match found.entry((row.get(0)?, row.get(1)?)) {
            Entry::Occupied(mut entry) => put(entry.get_mut(), row),
            Entry::Vacant(_) => Ok(()),
        })
    };
    add(&statements::tag_rows(layout), put_tag)?;
    add(&statements::alias_rows(layout), |version, row| {
        version.aliases.push(row.get(2)?);
        Ok(())
    })?;
    add(&statements::metric_rows(layout), put_metric)?;
    add(&statements::param_rows(layout), put_param)?;
    if layout.own_tables {
        add(statements::ARTIFACT_ROWS, |version, row| {
            version.artifacts.push(Artifact { path: row.get(2)?, size_bytes: row.get::<_, i64>(3)?.unsigned_abs(), sha256: row.get(4)? });
            Ok(())
        })?;
    }
    for version in found.values_mut().filter(|version| version.metrics.is_empty()) {
        version.metrics = metrics_of_card(view, version).unwrap_or_default();
    }
    Ok(found)
}

/// The metrics that the version's own card holds, which outlive the run; `None` where it has no card that can be read.
fn metrics_of_card(view: View<'_>, version: &ModelVersion) -> Option<BTreeMap<String, f64>> {
    version.artifacts.iter().find(|artifact| artifact.path == CARD_PATH)?;
    let folder = locations::artifact_folder(view, version).ok()?;
    let card = artifacts::read_verified(&folder, version, CARD_PATH).ok()?;
    ModelCard::from_bytes(&card).ok().map(|card| card.metrics)
}

fn version_from(row: &Row<'_>) -> rusqlite::Result<ModelVersion> {
    let stage: String = row.get(2)?;
    let created_at: i64 = row.get::<_, Option<i64>>(3)?.unwrap_or_default();
    Ok(ModelVersion {
        name: row.get(0)?,
        version: row.get(1)?,
        // MLflow itself knows these four; a word of another tool is a version that serves nothing.
        stage: stage.parse().unwrap_or(Stage::None),
        aliases: Vec::new(),
        created_at,
        updated_at: row.get::<_, Option<i64>>(4)?.unwrap_or(created_at),
        description: row.get::<_, Option<String>>(5)?.unwrap_or_default(),
        run_id: row.get(6)?,
        source: row.get::<_, Option<String>>(7)?.unwrap_or_default(),
        metrics: BTreeMap::new(),
        params: BTreeMap::new(),
        tags: BTreeMap::new(),
        artifacts: Vec::new(),
        registration: Registration::from_word(&row.get::<_, Option<String>>(8)?.unwrap_or_default()),
    })
}

fn put_tag(version: &mut ModelVersion, row: &Row<'_>) -> rusqlite::Result<()> {
    let key: String = row.get(2)?;
    // The digests are told with the artifacts.
    if !key.starts_with(SHA256_TAG) {
        version.tags.insert(key, row.get::<_, Option<String>>(3)?.unwrap_or_default());
    }
    Ok(())
}

fn put_metric(version: &mut ModelVersion, row: &Row<'_>) -> rusqlite::Result<()> {
    if let Some(value) = row.get::<_, Option<f64>>(3)?.filter(|value| value.is_finite()) {
        version.metrics.insert(row.get(2)?, value);
    }
    Ok(())
}

fn put_param(version: &mut ModelVersion, row: &Row<'_>) -> rusqlite::Result<()> {
    version.params.insert(row.get(2)?, row.get::<_, Option<String>>(3)?.unwrap_or_default());
    Ok(())
}
