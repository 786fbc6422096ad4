//! Bytes and invariants: is everything what was registered, and does everything hold that must?

use std::path::Path;

use super::statements::{SHA256_TAG, default_workspace};
use super::{artifacts, deleted, locations, read};
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{ModelVersion, ServingRule, Stage, Standing, Verification, VerificationFinding};
use crate::registry::journal::View;

/// Compares every recorded file with its digest.
pub(super) fn check_files(view: View<'_>, version: &ModelVersion) -> Result<()> {
    if version.artifacts.is_empty() {
        return there_at_all(view, version);
    }
    let folder = locations::artifact_folder(view, version)?;
    version.artifacts.iter().try_for_each(|artifact| artifacts::read_verified(&folder, version, &artifact.path).map(drop))
}

/// Of a version of another tool no digest is known; files that cannot be looked at here may be there.
fn there_at_all(view: View<'_>, version: &ModelVersion) -> Result<()> {
    let Ok(folder) = locations::artifact_folder(view, version) else { return Ok(()) };
    match artifacts::paths_below(&folder) {
        Ok(paths) if paths.is_empty() => Err(gone(version, &folder)),
        Err(error) if error.kind() == ErrorKind::FileNotFound => Err(gone(version, &folder)),
        _ => Ok(()),
    }
}

fn gone(version: &ModelVersion, folder: &Path) -> Error {
    Error::new(ErrorKind::FileNotFound, format!("the files of {} are gone from {}", version.id(), folder.display()))
        .hint("bring the folder back, or register the model again")
}

/// Looks at everything, or at one model.
pub(super) fn verify(view: View<'_>, rule: &ServingRule, name: Option<&str>) -> Result<Verification> {
    let here = default_workspace(view.layout, "registered_models");
    let names: Vec<String> = view.all(&format!("SELECT name FROM registered_models WHERE {here} ORDER BY name"), [], |row| row.get(0))?;
    let names: Vec<String> = names.into_iter().filter(|known| name.is_none_or(|name| name == known)).collect();
    if let (Some(name), true) = (name, names.is_empty()) {
        return Err(super::observe::no_such_model(view, name));
    }
    let mut verification = Verification::default();
    for name in names {
        let versions = read::versions(view, &name)?;
        verification.models += 1;
        one_production(&name, &versions, &mut verification.findings);
        aliases(view, &name, &versions, &mut verification.findings)?;
        verification.findings.extend(VerificationFinding::of_serving(&name, &rule.serving(&versions)));
        for version in &versions {
            files(view, version, &mut verification)?;
            match deleted::standing(view, version)? {
                Standing::Whole => {}
                Standing::Forgotten => verification.forgotten.push(version.id().to_string()),
                Standing::Marked(finding) => verification.findings.push(finding),
            }
        }
    }
    Ok(verification)
}

fn one_production(name: &str, versions: &[ModelVersion], findings: &mut Vec<VerificationFinding>) {
    let there: Vec<u32> = versions.iter().filter(|version| version.stage == Stage::Production).map(|version| version.version).collect();
    if there.len() > 1 {
        findings.push(VerificationFinding {
            model: name.to_owned(),
            version: None,
            problem: "several_in_production".into(),
            detail: format!("versions {there:?} are in Production"),
        });
    }
}

fn aliases(view: View<'_>, name: &str, versions: &[ModelVersion], findings: &mut Vec<VerificationFinding>) -> Result<()> {
    let here = default_workspace(view.layout, "registered_model_aliases");
    let sql = format!("SELECT alias, version FROM registered_model_aliases WHERE name = ?1 AND {here} ORDER BY alias");
    for (alias, number) in view.all(&sql, [name], |row| Ok((row.get::<_, String>(0)?, row.get::<_, u32>(1)?)))? {
        let finding =
            |problem: &str, detail| VerificationFinding { model: name.to_owned(), version: Some(number), problem: problem.into(), detail };
        if versions.iter().all(|version| version.version != number) {
            findings.push(finding("dangling_alias", format!("the alias {alias} points at version {number}, which is not there")));
        }
    }
    Ok(())
}

fn files(view: View<'_>, version: &ModelVersion, verification: &mut Verification) -> Result<()> {
    verification.versions += 1;
    if version.artifacts.is_empty() {
        verification.unrecorded.push(version.id().to_string());
        return Ok(());
    }
    let mut find = |problem: &str, error: &Error| {
        verification.findings.push(VerificationFinding {
            model: version.name.clone(),
            version: Some(version.version),
            problem: problem.to_owned(),
            detail: error.to_string(),
        });
    };
    let folder = match locations::artifact_folder(view, version) {
        Ok(folder) => folder,
        Err(error) => {
            find("files_not_found", &error);
            return Ok(());
        }
    };
    for artifact in &version.artifacts {
        match artifacts::read_verified(&folder, version, &artifact.path) {
            Ok(bytes) => {
                verification.files += 1;
                verification.bytes += bytes.len() as u64;
            }
            Err(error) => {
                let missing = !Path::new(&folder).join(&artifact.path).exists();
                find(if missing { "file_missing" } else { "digest_mismatch" }, &error);
            }
        }
    }
    for (path, tag) in digest_tags(view, version)? {
        if !version.artifacts.iter().any(|artifact| artifact.path == path && artifact.sha256 == tag) {
            let error = Error::new(ErrorKind::DigestMismatch, format!("the tag {SHA256_TAG}{path} is not the digest that was recorded"));
            find("digest_tag_altered", &error);
        }
    }
    Ok(())
}

fn digest_tags(view: View<'_>, version: &ModelVersion) -> Result<Vec<(String, String)>> {
    let here = default_workspace(view.layout, "model_version_tags");
    let sql = format!(
        "SELECT substr(key, ?3), coalesce(value, '') FROM model_version_tags WHERE name = ?1 AND version = ?2 AND key LIKE ?4 AND {here}"
    );
    let pattern = format!("{SHA256_TAG}%");
    view.all(&sql, rusqlite::params![version.name, version.version, (SHA256_TAG.len() + 1) as i64, pattern], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}
