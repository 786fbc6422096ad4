//! The files of a version on a server: where they are, what there is, and their bytes.

use reqwest::Method;

use super::api::{Asking, unknown_is_none};
use super::client::{Call, Client, Repeat, Sent};
use super::dto;
use crate::base::commands;
use crate::base::sha256_hex;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::ModelVersion;
use crate::registry::ArtifactFile;

/// No file of a model is longer.
const MOST_FILE_BYTES: u64 = 16 << 30;

/// More files than this in one model are a mistake.
const MOST_FILES: usize = 10_000;

/// Where MLflow's server keeps artifacts that it hands out itself.
const PROXY: &str = "api/2.0/mlflow-artifacts/artifacts";

/// A folder of artifacts on the server, below [`PROXY`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Folder(String);

impl Folder {
    /// From an artifact URI such as `mlflow-artifacts:/1/models/m-…/artifacts`.
    ///
    /// `None` for a URI that only the store itself can be asked for (`s3://…`).
    pub(super) fn from_uri(uri: &str) -> Option<Folder> {
        let rest = uri.strip_prefix("mlflow-artifacts:")?;
        let path = match rest.strip_prefix("//") {
            Some(with_host) => with_host.split_once('/').map(|(_, path)| path)?,
            None => rest,
        };
        Some(Folder(path.trim_matches('/').to_owned()))
    }

    pub(super) fn below(&self, path: &str) -> Folder {
        Folder(format!("{}/{}", self.0, path.trim_matches('/')))
    }
}

/// The folder of a version's files.
///
/// Errors: [`ErrorKind::BadModelFile`] where the files are in a store that the server does not hand out.
pub(super) fn folder(client: &Client, version: &ModelVersion) -> Result<Folder> {
    let (mut uri, mut below) = (version.source.clone(), String::new());
    for _ in 0..4 {
        if let Some(folder) = Folder::from_uri(&uri) {
            return Ok(if below.is_empty() { folder } else { folder.below(&below) });
        }
        if let Some(model_id) = uri.strip_prefix("models:/").filter(|id| id.starts_with("m-")) {
            let (id, rest) = model_id.split_once('/').unwrap_or((model_id, ""));
            rest.clone_into(&mut below);
            uri = match client.logged_model(id)? {
                Some(model) => model.info.artifact_uri,
                // MLflow hides a logged model that was deleted, and its files are there until they are collected.
                None => {
                    let place = client.place_of(version)?.filter(|place| place != &version.source);
                    place.ok_or_else(|| lost(version, &format!("its logged model {id} was deleted")))?
                }
            };
        } else if let Some(path) = uri.strip_prefix("runs:/") {
            let (run_id, rest) = path.split_once('/').unwrap_or((path, ""));
            let Some(run) = client.run(run_id)? else { return Err(lost(version, &format!("its run {run_id} was deleted"))) };
            let Some(folder) = Folder::from_uri(&run.info.artifact_uri) else { return Err(elsewhere(version, &run.info.artifact_uri)) };
            let named = folder.below(rest);
            if !list(client, &named)?.is_empty() {
                return Ok(named);
            }
            // MLflow 3 keeps a model that a run logged beside the run, under the model's name.
            match logged_by(client, &run.info, rest)? {
                Some(model) => uri = model.info.artifact_uri,
                None => return Ok(named),
            }
        } else {
            break;
        }
    }
    Err(elsewhere(version, &uri))
}

fn logged_by(client: &Client, run: &dto::RunInfo, name: &str) -> Result<Option<dto::LoggedModel>> {
    let body = serde_json::json!({
        "experiment_ids": [run.experiment_id],
        "filter": format!("source_run_id = '{}' AND name = '{name}'", run.run_id),
        "max_results": 1,
    });
    let found = client.write::<dto::LoggedModels>(Method::POST, "logged-models/search", body, "find the logged model of a run");
    // Servers before 3 have no such route.
    Ok(unknown_is_none(found)?.and_then(|answer| answer.models.into_iter().next()))
}

fn lost(version: &ModelVersion, why: &str) -> Error {
    with_remedies(Error::new(ErrorKind::FileNotFound, format!("the files of {} cannot be found", version.id())).because(why), version)
}

/// A failure of files that are gone, with what mends it.
fn with_remedies(error: Error, version: &ModelVersion) -> Error {
    error.hint(("bring it back from an export: `", commands::models_import("FILE"), "`")).hint((
        "see what would serve in its place: `",
        commands::models_rollback_dry_run(&version.name),
        "`",
    ))
}

fn elsewhere(version: &ModelVersion, uri: &str) -> Error {
    let shown = crate::base::redact::without_passwords(uri);
    Error::new(ErrorKind::BadModelFile, format!("the files of {} are not handed out by the server", version.id()))
        .because(format!("they are at {shown}"))
        .hint("start the server with '--serve-artifacts', or fetch them with that store's own tool and register the folder")
}

/// What is directly in a folder; empty for one that is not there.
fn list(client: &Client, folder: &Folder) -> Asking<Vec<dto::FileInfo>> {
    let call = Call {
        method: Method::GET,
        path: PROXY,
        query: vec![("path", folder.0.clone())],
        body: Sent::Nothing,
        repeat: Repeat::Safe,
        operation: "list the files of a version",
    };
    Ok(unknown_is_none(client.json::<dto::Files>(&call))?.map(|answer| answer.files).unwrap_or_default())
}

/// The paths of all files in a folder, sorted.
pub(super) fn paths(client: &Client, folder: &Folder) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![String::new()];
    while let Some(prefix) = open.pop() {
        let here = if prefix.is_empty() { folder.clone() } else { folder.below(&prefix) };
        for entry in list(client, &here)? {
            let name = entry.path.trim_matches('/');
            if name.is_empty() || name.split('/').any(|part| part == "..") {
                continue;
            }
            let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") };
            if entry.is_dir { &mut open } else { &mut found }.push(path);
            if found.len() + open.len() > MOST_FILES {
                return Err(Error::new(ErrorKind::BadModelFile, format!("the version has more than {MOST_FILES} files")));
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// The bytes of one file, `None` where it is not there.
pub(super) fn get(client: &Client, folder: &Folder, path: &str) -> Result<Option<Vec<u8>>> {
    let whole = format!("{PROXY}/{}", folder.below(path).0);
    let operation = format!("read the file {path}");
    let call =
        Call { method: Method::GET, path: &whole, query: Vec::new(), body: Sent::Nothing, repeat: Repeat::Safe, operation: &operation };
    match client.ask(&call, MOST_FILE_BYTES, false) {
        // Servers before 3 fail where they should say that the file is not there.
        Err(failure) if failure.status == Some(500) && is_unlisted(client, folder, path) => Ok(None),
        asked => Ok(unknown_is_none(asked)?.map(|answer| answer.bytes)),
    }
}

/// Whether the server lists the folder of a file, and the file is not in it.
fn is_unlisted(client: &Client, folder: &Folder, path: &str) -> bool {
    let (parent, name) = path.rsplit_once('/').map_or((folder.clone(), path), |(parent, name)| (folder.below(parent), name));
    list(client, &parent).is_ok_and(|found| found.iter().all(|entry| entry.path.trim_matches('/') != name))
}

/// Stores one file. The server writes it beside its place and renames it, so it is there whole or not at all.
pub(super) fn put(client: &Client, folder: &Folder, file: &ArtifactFile) -> Result<()> {
    let whole = format!("{PROXY}/{}", folder.below(file.path()).0);
    let operation = format!("store the file {}", file.path());
    let call = Call {
        method: Method::PUT,
        path: &whole,
        query: Vec::new(),
        body: Sent::File(file.clone()),
        repeat: Repeat::Safe,
        operation: &operation,
    };
    client.ask(&call, 1 << 20, false)?;
    Ok(())
}

/// The bytes of one file of a version, compared with what was recorded when it was registered.
///
/// Errors: [`ErrorKind::DigestMismatch`]; [`ErrorKind::FileNotFound`].
pub(super) fn get_verified(client: &Client, folder: &Folder, version: &ModelVersion, path: &str) -> Result<Vec<u8>> {
    let recorded = version.artifacts.iter().find(|artifact| artifact.path == path);
    if recorded.is_none() && !version.artifacts.is_empty() {
        return Err(Error::new(ErrorKind::FileNotFound, format!("{} has no file {path}", version.id())));
    }
    let Some(bytes) = get(client, folder, path)? else {
        return Err(with_remedies(Error::new(ErrorKind::FileNotFound, format!("the file {path} of {} is missing", version.id())), version));
    };
    let found = sha256_hex(&bytes);
    match recorded {
        Some(artifact) if artifact.sha256 != found => {
            Err(Error::new(ErrorKind::DigestMismatch, format!("the file {path} of {} is not the one that was registered", version.id()))
                .because(format!("registered with SHA-256 {}, found {found}", artifact.sha256))
                .hint(("look at all files: `", commands::models_verify_of(&version.name), "`")))
        }
        _ => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_files_is_read_from_every_form_of_their_address() {
        let folder = |uri: &str| Folder::from_uri(uri).map(|folder| folder.0);
        assert_eq!(folder("mlflow-artifacts:/1/r/artifacts").as_deref(), Some("1/r/artifacts"));
        assert_eq!(folder("mlflow-artifacts://h:5000/1/r").as_deref(), Some("1/r"));
        assert_eq!(folder("mlflow-artifacts:/workspaces/team-a/1/r/").as_deref(), Some("workspaces/team-a/1/r"));
        assert_eq!(folder("s3://bucket/1/r"), None);
    }
}
