//! Versions that come from a file and go to one.
//!
//! A copy keeps the bytes. `MLmodel` alone names the run and the logged model of the server that keeps it, because
//! MLflow asks that server for them.
//! Files are registered from the disk, in pieces, compared with the digest that was taken first; an export or a copy
//! between registries is held in memory.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::clock::now_ms;
use super::package::bundle::{Bundle, Manifest};
use super::package::{MLMODEL, declared, same_but_for_ids};
use super::{ArtifactFile, ModelStore, NewVersion, Registration, Registry, Submission, new_model_id, new_run_id};
use crate::audit::Action;
use crate::base::sha256_hex;
use crate::base::time::rfc3339;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{Artifact, CLAIMED, FINGERPRINT_TAG, METRICS_TAG, check_no_password, check_tag_is_free};
use crate::lifecycle::{HistoryEntry, ModelVersion, RegistryIdentity, RunRecord, Stage};

/// The experiment of versions that name none.
const EXPERIMENT: &str = "orchestrator-predictive-models";

/// What begins the tags about a version's life in one registry, which another registry begins anew.
const LIFE_TAGS: [&str; 3] = ["hivectl.promoted_", "hivectl.baselines", "hivectl.operation"];

/// Takes a version with everything known about it out of a registry. Every file is compared with its digest.
///
/// Errors: [`ErrorKind::DigestMismatch`]; an export of damaged files is not made.
pub fn export(registry: &Registry, version: &ModelVersion) -> Result<Bundle> {
    let store = registry.store();
    let files = store
        .file_paths(version)?
        .into_iter()
        .map(|path| store.read_artifact(version, &path).map(|bytes| ArtifactFile::new(path, bytes)))
        .collect::<Result<Vec<ArtifactFile>>>()?;
    if files.is_empty() {
        return Err(version.without_files());
    }
    // A registry that is only read keeps no history and has no name but its place.
    let identity = match registry.promotion() {
        Ok(promotion) => promotion.observe(&version.name)?.registry,
        Err(_) => RegistryIdentity { id: format!("place-{}", &sha256_hex(store.location().as_bytes())[..32]), location: store.location() },
    };
    let mut manifest = Manifest::new(identity, rfc3339(now_ms()), version, store.run_of(version)?, &files);
    let is_about = |entry: &HistoryEntry| [entry.version, entry.champion, entry.previous_champion].contains(&Some(version.version));
    let history = match registry.annotations() {
        Ok(annotations) => annotations.history(&version.name)?,
        Err(_) => Vec::new(),
    };
    manifest.history = history.iter().filter(|entry| is_about(entry)).filter_map(|entry| serde_json::to_value(entry).ok()).collect();
    Ok(Bundle { manifest, files })
}

/// Digest of everything that makes a version what it is, over its words as one JSON array.
fn fingerprint(words: &impl serde::Serialize) -> Result<String> {
    let text = serde_json::to_string(words);
    text.map(|text| sha256_hex(text.as_bytes()))
        .map_err(|error| Error::new(ErrorKind::Internal, "the version has no fingerprint").because(error))
}

/// The version that was registered by the same submission before, where there is one: what registering it would find.
///
/// Errors: those of reading the registry.
pub fn find(registry: &dyn ModelStore, submission: &Submission) -> Result<Option<ModelVersion>> {
    let is_same = |version: &ModelVersion| version.tags.get(FINGERPRINT_TAG) == Some(&submission.fingerprint);
    Ok(registry.versions(&submission.version.name)?.into_iter().rev().find(is_same))
}

/// Registers an exported version, in no stage, under its own name or another; says whether it was new.
///
/// The same export again finds the version that is there.
pub fn import(registry: &dyn Registration, bundle: Bundle, name: Option<&str>) -> Result<(ModelVersion, bool)> {
    registry.register_once(imported(bundle, name)?)
}

/// What [`import`] registers.
///
/// Errors: [`ErrorKind::Internal`] for words that have no fingerprint.
pub fn imported(bundle: Bundle, name: Option<&str>) -> Result<Submission> {
    let Bundle { manifest, files } = bundle;
    let origin = format!("{}@{} of {}", manifest.name, manifest.version, manifest.registry.id);
    let digests: Vec<(&str, &str)> = manifest.artifacts.iter().map(|artifact| (artifact.path.as_str(), artifact.sha256.as_str())).collect();
    let fingerprint = fingerprint(&("import", &origin, manifest.created_at, &digests))?;
    let evidence = Value::from_iter([
        ("origin", Value::from(origin.as_str())),
        ("exported_at", manifest.exported_at.into()),
        ("stage", manifest.stage.as_str().into()),
        ("history", manifest.history.into()),
    ]);
    let mut tags = manifest.tags;
    tags.retain(|key, _| !LIFE_TAGS.iter().any(|own| key.starts_with(own)));
    tags.insert("hivectl.imported_from".to_owned(), origin);
    let mut run = manifest.run.unwrap_or_default();
    run.metrics.extend(manifest.metrics);
    run.params.extend(manifest.params);
    if run.run_id.is_empty() {
        run = RunRecord {
            run_id: new_run_id(),
            run_name: "import".to_owned(),
            started_at: manifest.created_at,
            ended_at: manifest.created_at,
            ..run
        };
    }
    if run.experiment.is_empty() {
        run.experiment = EXPERIMENT.to_owned();
    }
    let version = NewVersion {
        name: name.unwrap_or(&manifest.name).to_owned(),
        model_id: manifest.model_id.unwrap_or_else(new_model_id),
        run,
        description: manifest.description,
        tags,
        files,
        stage: Stage::None,
        expected_champion: None,
    };
    Ok(Submission { version, action: Action::Import, fingerprint, evidence })
}

/// Copies a version from one registry into another, in no stage; says whether it was new there. What was copied is
/// read back and compared. Interrupted and repeated, it goes on with what is there.
///
/// Errors: [`ErrorKind::DigestMismatch`] when the source is damaged or the copy is not the same; those of both.
pub fn copy(source: &Registry, version: &ModelVersion, destination: &dyn Registration, name: Option<&str>) -> Result<(ModelVersion, bool)> {
    let bundle = export(source, version)?;
    let sent = bundle.manifest.artifacts.clone();
    let described = bundle.files.iter().find(|file| file.path() == MLMODEL).map(ArtifactFile::bytes).transpose()?;
    let (copied, is_new) = import(destination, bundle, name)?;
    destination.check_files(&copied)?;
    let is_described = match described {
        Some(sent) => says_the_same(&sent, &destination.read_artifact(&copied, MLMODEL)?),
        None => true,
    };
    let is_there = |file: &Artifact| match file.path == MLMODEL {
        true => is_described,
        false => copied.artifacts.iter().any(|there| there.path == file.path && there.sha256 == file.sha256),
    };
    match sent.iter().find(|file| !is_there(file)) {
        None => Ok((copied, is_new)),
        Some(file) => Err(Error::new(
            ErrorKind::DigestMismatch,
            format!("the file {} of {} is not the same in {}", file.path, copied.id(), destination.location()),
        )),
    }
}

/// Whether two descriptions are the same, but for the ids.
fn says_the_same(one: &[u8], other: &[u8]) -> bool {
    match (std::str::from_utf8(one), std::str::from_utf8(other)) {
        (Ok(one), Ok(other)) => same_but_for_ids(one, other),
        _ => one == other,
    }
}

/// What is said of a model that is registered by hand.
#[derive(Clone, Debug, Default)]
pub struct Stated {
    pub name: String,
    /// The run that made it; a new one where none is given.
    pub run_id: Option<String>,
    pub description: String,
    pub metrics: BTreeMap<String, f64>,
    pub params: BTreeMap<String, String>,
    pub tags: BTreeMap<String, String>,
    pub reason: Option<String>,
    /// For MLflow's own record of who made the run.
    pub user: String,
}

/// Registers files from outside ([`super::read_model`]), in no stage; says whether the version was new.
///
/// Metrics that come with it are marked as claimed until [`super::Annotations::record_measurement`]. The same files with
/// the same words again find the version that is there.
///
/// Errors: [`ErrorKind::Usage`] for a run id that is none, a metric that is no finite number and a tag of
/// hivectl's own.
pub fn register_by_hand(registry: &dyn Registration, stated: Stated, files: Vec<ArtifactFile>) -> Result<(ModelVersion, bool)> {
    registry.register_once(registered_by_hand(stated, files)?)
}

/// What [`register_by_hand`] registers.
///
/// Errors: as there.
pub fn registered_by_hand(stated: Stated, files: Vec<ArtifactFile>) -> Result<Submission> {
    if let Some((metric, value)) = stated.metrics.iter().find(|(_, value)| !value.is_finite()) {
        return Err(Error::new(ErrorKind::Usage, format!("the metric {metric} is {value}, which is no finite number")));
    }
    if let Some(run_id) = stated.run_id.as_deref().filter(|id| !is_id(id)) {
        return Err(Error::new(ErrorKind::Usage, format!("'{run_id}' is no run id")).because("a run id has 32 digits and letters a to f"));
    }
    stated.tags.keys().try_for_each(|key| check_tag_is_free(key))?;
    let texts = stated.tags.values().chain(stated.params.values()).chain([&stated.description]);
    texts.into_iter().try_for_each(|text| check_no_password("what is said of the model", text))?;
    let digests: Vec<(&str, &str)> = files.iter().map(|file| (file.path(), file.artifact().sha256.as_str())).collect();
    let words = ("register", &digests, &stated.run_id, &stated.description, &stated.metrics, &stated.params, &stated.tags);
    let fingerprint = fingerprint(&words)?;
    let now = now_ms();
    let mut tags = stated.tags;
    // Also without metrics in words: the files may hold a card that claims some.
    tags.insert(METRICS_TAG.to_owned(), CLAIMED.to_owned());
    tags.extend(stated.reason.map(|reason| ("hivectl.reason".to_owned(), reason)));
    let version = NewVersion {
        name: stated.name,
        model_id: declared_model_id(&files).unwrap_or_else(new_model_id),
        run: RunRecord {
            run_id: stated.run_id.unwrap_or_else(new_run_id),
            experiment: EXPERIMENT.to_owned(),
            run_name: "register".to_owned(),
            started_at: now,
            ended_at: now,
            params: stated.params,
            metrics: stated.metrics,
            tags: BTreeMap::from([("mlflow.user".to_owned(), stated.user)]),
            datasets: Vec::new(),
        },
        description: stated.description,
        tags,
        files,
        stage: Stage::None,
        expected_champion: None,
    };
    Ok(Submission { version, action: Action::Register, fingerprint, evidence: Value::Object(Map::new()) })
}

/// The id that the files say of themselves, so that MLflow finds the logged model that they name.
fn declared_model_id(files: &[ArtifactFile]) -> Option<String> {
    let mlmodel = files.iter().find(|file| file.path() == MLMODEL)?;
    let bytes = mlmodel.bytes().ok()?;
    let text = std::str::from_utf8(&bytes).ok()?;
    declared(text).filter(|id| id.strip_prefix("m-").is_some_and(is_id)).map(str::to_owned)
}

fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}
