//! Where artifacts are: MLflow's location strings and the folders they mean.

use std::path::{Path, PathBuf};

use rusqlite::params;

use super::statements::default_workspace;
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::ModelVersion;
use crate::registry::folders::file_uri;
use crate::registry::journal::View;
use crate::registry::journal::absolute;

/// The folder beside the database that holds all artifacts.
const ARTIFACT_ROOT: &str = "mlruns";

/// How often a version may point at another version (`models:/NAME/3`) before this is taken for a circle.
const LONGEST_CHAIN: usize = 8;

/// The folder of all artifacts of the database at `database`, from the root.
pub(super) fn artifact_root(database: &Path) -> Result<PathBuf> {
    Ok(absolute(database)?.with_file_name(ARTIFACT_ROOT))
}

/// Where an experiment's runs and models are.
pub(super) fn experiment_folder(database: &Path, experiment_id: i64) -> Result<PathBuf> {
    Ok(artifact_root(database)?.join(experiment_id.to_string()))
}

/// The folder of one logged model; its files are in `artifacts` below it.
pub(super) fn model_folder(database: &Path, experiment_id: i64, model_id: &str) -> Result<PathBuf> {
    Ok(experiment_folder(database, experiment_id)?.join("models").join(model_id))
}

/// `path` as MLflow stores local places: the path itself, or a `file://` URI where the path has characters
/// that MLflow would take for an escape or the end of the path.
pub(super) fn location(path: &Path) -> String {
    let plain = path.to_string_lossy();
    let is_safe = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '/' | '.' | '_' | '-' | '~' | '+' | '=' | ',' | '@');
    if plain.chars().all(is_safe) { plain.into_owned() } else { file_uri(path) }
}

/// The folder that a path below some registry's artifacts means beside this database; `None` for a path that is
/// not below any.
pub(super) fn beside(database: &Path, folder: &Path) -> Result<Option<PathBuf>> {
    below_root(folder).map(|rest| artifact_root(database).map(|root| root.join(rest))).transpose()
}

/// The folder with the artifacts of `version`.
///
/// Errors: [`ErrorKind::BadInput`] for a place that is not on this machine's disk.
pub(super) fn artifact_folder(view: View<'_>, version: &ModelVersion) -> Result<PathBuf> {
    let stored = stored_location(view, version)?;
    let folder = local_path(&stored).ok_or_else(|| {
        Error::new(ErrorKind::BadInput, format!("the files of {} are not on this machine", version.id()))
            .because(format!("they are at {stored}"))
    })?;
    if folder.exists() {
        return Ok(folder);
    }
    // The database was moved together with its artifacts: the same place below the folder beside it.
    let moved = beside(view.path, &folder)?;
    Ok(moved.filter(|moved| moved.exists()).unwrap_or(folder))
}

/// Where the files were put: by the source of the version, and where that leads nowhere, because MLflow has collected what it
/// names, by the place that stands with the version itself.
fn stored_location(view: View<'_>, version: &ModelVersion) -> Result<String> {
    by_source(view, version).or_else(|dangling| own_location(view, version)?.ok_or(dangling))
}

/// The place that was written beside the source; schemas before MLflow 2.6 have none.
fn own_location(view: View<'_>, version: &ModelVersion) -> Result<Option<String>> {
    let known = "SELECT EXISTS (SELECT 1 FROM pragma_table_info('model_versions') WHERE name = 'storage_location')";
    if !view.first(known, [], |row| row.get::<_, bool>(0))?.unwrap_or(false) {
        return Ok(None);
    }
    let here = default_workspace(view.layout, "model_versions");
    let sql = format!("SELECT storage_location FROM model_versions WHERE name = ?1 AND version = ?2 AND {here}");
    text(view, &sql, params![version.name, version.version])
}

fn by_source(view: View<'_>, version: &ModelVersion) -> Result<String> {
    let mut source = version.source.clone();
    for _ in 0..LONGEST_CHAIN {
        let next = if let Some(model_id) = source.strip_prefix("models:/m-") {
            return logged_model_location(view, &format!("m-{model_id}"))?.ok_or_else(|| dangling(version, &source));
        } else if let Some(reference) = source.strip_prefix("models:/") {
            version_source(view, reference)?
        } else if let Some(reference) = source.strip_prefix("runs:/") {
            return run_location(view, reference)?.ok_or_else(|| dangling(version, &source));
        } else {
            return Ok(source);
        };
        source = next.ok_or_else(|| dangling(version, &source))?;
    }
    Err(dangling(version, &source))
}

fn dangling(version: &ModelVersion, source: &str) -> Error {
    Error::new(ErrorKind::BadModelFile, format!("{} points at files that the registry does not know", version.id()))
        .because(format!("its source is '{source}'"))
        .hint(("bring them back from an export: `", commands::models_import("FILE"), "`"))
        .hint(("see what would serve in its place: `", commands::models_rollback_dry_run(&version.name), "`"))
}

fn text(view: View<'_>, sql: &str, values: impl rusqlite::Params) -> Result<Option<String>> {
    view.first(sql, values, |row| row.get::<_, Option<String>>(0)).map(Option::flatten)
}

fn logged_model_location(view: View<'_>, model_id: &str) -> Result<Option<String>> {
    if !view.layout.logged_models {
        return Ok(None);
    }
    text(view, "SELECT artifact_location FROM logged_models WHERE model_id = ?1", [model_id])
}

/// `NAME/VERSION` of a version that another version was copied from.
fn version_source(view: View<'_>, reference: &str) -> Result<Option<String>> {
    let Some((name, number)) = reference.rsplit_once('/').and_then(|(name, number)| Some((name, number.parse::<u32>().ok()?))) else {
        return Ok(None);
    };
    text(view, "SELECT source FROM model_versions WHERE name = ?1 AND version = ?2", params![name, number])
}

/// `RUN_ID/PATH`: below the run's own folder, or a model that the run logged under that name.
fn run_location(view: View<'_>, reference: &str) -> Result<Option<String>> {
    let (run_id, path) = reference.split_once('/').unwrap_or((reference, ""));
    if view.layout.logged_models {
        let sql = "SELECT artifact_location FROM logged_models WHERE source_run_id = ?1 AND name = ?2 ORDER BY creation_timestamp_ms DESC LIMIT 1";
        if let Some(found) = text(view, sql, [run_id, path])? {
            return Ok(Some(found));
        }
    }
    let root = text(view, "SELECT artifact_uri FROM runs WHERE run_uuid = ?1", [run_id])?;
    Ok(root.map(|root| format!("{}/{path}", root.trim_end_matches('/'))))
}

/// The path that a location means, `None` for a place that is no local path.
fn local_path(location: &str) -> Option<PathBuf> {
    let encoded = match location.split_once("://") {
        None => location.strip_prefix("file:").unwrap_or(location),
        Some(("file", rest)) => rest.strip_prefix("localhost").unwrap_or(rest),
        Some(_) => return None,
    };
    // MLflow takes escapes for what they mean also where no scheme stands in front.
    Some(PathBuf::from(percent_decoded(encoded)))
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten().and_then(|hex| u8::from_str_radix(hex, 16).ok());
        decoded.push(escape.unwrap_or(bytes[at]));
        at += if escape.is_some() { 3 } else { 1 };
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

/// What follows the last folder of the name of the artifact root.
fn below_root(path: &Path) -> Option<PathBuf> {
    let parts: Vec<_> = path.components().collect();
    let root = parts.iter().rposition(|part| part.as_os_str() == ARTIFACT_ROOT)?;
    Some(parts[root + 1..].iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_means_the_path_it_was_made_from() {
        for path in ["/data/mlruns/1", "/with space/é#?%41/mlruns", "/a%20b"] {
            assert_eq!(local_path(&location(Path::new(path))).as_deref(), Some(Path::new(path)), "{path}");
        }
        assert_eq!(location(Path::new("/data/mlruns/1")), "/data/mlruns/1");
        assert_eq!(location(Path::new("/a b")), "file:///a%20b");
        assert_eq!(local_path("s3://bucket/x"), None);
        assert_eq!(local_path("file:/x").as_deref(), Some(Path::new("/x")));
    }

    #[test]
    fn the_part_below_the_root_moves_with_the_database() {
        assert_eq!(below_root(Path::new("/old/mlruns/1/models/m-1/artifacts")).as_deref(), Some(Path::new("1/models/m-1/artifacts")));
        assert_eq!(below_root(Path::new("/old/other")), None);
    }
}
