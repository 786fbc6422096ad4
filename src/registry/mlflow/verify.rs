//! Bytes and invariants: is everything what was registered, and does everything hold that must?

use super::moves::Moved;
use super::observe::in_production;
use super::registry::MlflowRegistry;
use super::{deleted, dto, files, lease, read};
use crate::error::{ErrorKind, Result};
use crate::lifecycle::{ModelVersion, Standing, Verification, VerificationFinding};
use crate::registry::ModelStore;

/// Looks at everything, or at one model.
pub(super) fn verify(registry: &MlflowRegistry, name: Option<&str>) -> Result<Verification> {
    let names = match name {
        Some(name) => vec![name.to_owned()],
        None => registry.list()?.into_iter().map(|model| model.name).collect(),
    };
    let mut verification = Verification::default();
    for name in names {
        let Some(model) = registry.client.model(&name)? else { return Err(registry.no_model(&name)) };
        let versions = read::moved_versions(&registry.client, &name)?;
        verification.models += 1;
        invariants(&name, &model, &versions, &mut verification.findings);
        let known: Vec<ModelVersion> = versions.iter().map(|moved| moved.version.clone()).collect();
        verification.findings.extend(VerificationFinding::of_serving(&name, &registry.serving_rule.serving(&known)));
        for moved in &versions {
            check_files(registry, &moved.version, &mut verification)?;
            match deleted::standing(&registry.client, &moved.version)? {
                Standing::Whole => {}
                Standing::Forgotten => verification.forgotten.push(moved.version.id().to_string()),
                // Of files that are gone already that is told.
                Standing::Marked(finding) if verification.findings.iter().any(|found| found.is_about(&finding)) => {}
                Standing::Marked(finding) => verification.findings.push(finding),
            }
        }
    }
    for flag in lease::left_behind(&registry.client, name)? {
        let detail = format!(
            "the process that changed the model died; the next change by an account that may delete it takes this down, or `{}`",
            lease::removal(&registry.client, &flag)
        );
        verification.findings.push(VerificationFinding { model: flag, version: None, problem: "lease_left_behind".into(), detail });
    }
    Ok(verification)
}

fn invariants(name: &str, model: &dto::RegisteredModel, versions: &[Moved], findings: &mut Vec<VerificationFinding>) {
    let serving: Vec<u32> = in_production(versions).map(|version| version.version).collect();
    let mut find = |version: Option<u32>, problem: &str, detail: String| {
        findings.push(VerificationFinding { model: name.to_owned(), version, problem: problem.to_owned(), detail });
    };
    if serving.len() > 1 {
        find(None, "several_in_production", format!("versions {serving:?} are in Production"));
    }
    for alias in &model.aliases {
        let number = u32::try_from(alias.version).ok();
        if versions.iter().all(|moved| Some(moved.version.version) != number) {
            find(number, "dangling_alias", format!("the alias {} points at version {}, which is not there", alias.alias, alias.version));
        }
    }
    for moved in versions.iter().filter(|moved| moved.begun.is_some()) {
        let detail = "a move of it was begun and not ended; the next change of the model ends it".to_owned();
        find(Some(moved.version.version), "unfinished_move", detail);
    }
}

fn check_files(registry: &MlflowRegistry, version: &ModelVersion, verification: &mut Verification) -> Result<()> {
    verification.versions += 1;
    let mut find = |problem: &str, detail: String| {
        verification.findings.push(VerificationFinding {
            model: version.name.clone(),
            version: Some(version.version),
            problem: problem.to_owned(),
            detail,
        });
    };
    let is_about_files = |kind: ErrorKind| {
        matches!(kind, ErrorKind::FileNotFound | ErrorKind::BadModelFile | ErrorKind::ModelNotFound | ErrorKind::DigestMismatch)
    };
    let folder = match files::folder(&registry.client, version) {
        Ok(folder) => folder,
        Err(error) if is_about_files(error.kind()) => {
            find("files_not_found", error.to_string());
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    if version.artifacts.is_empty() {
        if files::paths(&registry.client, &folder)?.is_empty() {
            find("files_not_found", format!("its source {} holds no file", version.source));
        }
        verification.unrecorded.push(version.id().to_string());
        return Ok(());
    }
    for artifact in &version.artifacts {
        match files::get_verified(&registry.client, &folder, version, &artifact.path) {
            Ok(bytes) => {
                verification.files += 1;
                verification.bytes += bytes.len() as u64;
            }
            Err(error) if is_about_files(error.kind()) => {
                let problem = if error.kind() == ErrorKind::DigestMismatch { "digest_mismatch" } else { "file_missing" };
                verification.findings.push(VerificationFinding {
                    model: version.name.clone(),
                    version: Some(version.version),
                    problem: problem.to_owned(),
                    detail: error.to_string(),
                });
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
