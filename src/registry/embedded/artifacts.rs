//! Files of versions on the disk: written to last, read with their digest checked.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use crate::base::commands;
use crate::base::sha256_hex;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{Artifact, ModelVersion};
use crate::registry::ArtifactFile;
use crate::registry::folders::{create_folders, file_error, sync_folder};
use crate::registry::package::check_path;

/// The folder of a new model is there already: two registries in one folder share their models' folders.
pub(super) fn taken(folder: &Path) -> Error {
    Error::new(ErrorKind::Conflict, format!("{} exists already", folder.display()))
        .because("a model id names one model for ever, and registries beside each other keep their models in one place")
        .hint("give the other registry a folder of its own, such as 'copies/models.db'")
}

/// Writes all files below `folder`, which must not exist yet, and brings them to the disk: every file and
/// every folder is synchronised before this returns.
///
/// Errors: [`ErrorKind::Conflict`] when the folder exists; [`ErrorKind::FileAccess`] when the disk is full.
pub(super) fn write_all(folder: &Path, files: &[ArtifactFile]) -> Result<Vec<Artifact>> {
    let parent = folder.parent().unwrap_or(folder);
    create_folders(parent)?;
    fs::create_dir(folder).map_err(|source| match source.kind() {
        std::io::ErrorKind::AlreadyExists => taken(folder),
        _ => file_error("make", folder, &source),
    })?;
    let mut folders = BTreeSet::from([folder.to_owned()]);
    let mut written = Vec::with_capacity(files.len());
    for file in files {
        let path = folder.join(file.path());
        for missing in path.ancestors().skip(1).take_while(|ancestor| !folders.contains(*ancestor)).collect::<Vec<_>>().into_iter().rev() {
            fs::create_dir(missing).map_err(|source| file_error("make", missing, &source))?;
            folders.insert(missing.to_owned());
        }
        write_file(&path, file)?;
        written.push(file.artifact().clone());
    }
    for folder in folders.iter().rev() {
        sync_folder(folder)?;
    }
    sync_folder(parent)?;
    Ok(written)
}

fn write_file(path: &Path, content: &ArtifactFile) -> Result<()> {
    let failed = |source: std::io::Error| file_error("write", path, &source);
    let mut file = File::create_new(path).map_err(failed)?;
    content.for_each_piece(|piece| file.write_all(piece).map_err(failed))?;
    file.sync_all().map_err(failed)
}

/// Reads one file of `version` below `folder`.
///
/// Errors: [`ErrorKind::DigestMismatch`] when the bytes are not those that were recorded,
/// [`ErrorKind::FileNotFound`] when the file is not there, [`ErrorKind::Usage`] for a path that leads out.
pub(super) fn read_verified(folder: &Path, version: &ModelVersion, path: &str) -> Result<Vec<u8>> {
    check_path(path)?;
    let place = folder.join(path);
    let recorded = version.artifacts.iter().find(|artifact| artifact.path == path);
    let bytes = fs::read(&place).map_err(|source| {
        let error = Error::file("read", &place, &source);
        match (source.kind(), recorded) {
            (std::io::ErrorKind::NotFound, Some(artifact)) => {
                Error::new(ErrorKind::FileNotFound, format!("{}: {path} is gone from {}", version.id(), folder.display()))
                    .because(format!("{} bytes with sha256 {} were registered", artifact.size_bytes, artifact.sha256))
                    .hint(("bring it back from an export: `", commands::models_import("FILE"), "`"))
                    .hint(("see what would serve in its place: `", commands::models_rollback_dry_run(&version.name), "`"))
            }
            _ => error,
        }
    })?;
    match recorded {
        Some(artifact) if artifact.sha256 != sha256_hex(&bytes) => {
            Err(Error::new(ErrorKind::DigestMismatch, format!("{}: {path} is not the file that was registered", version.id()))
                .because(format!("{} has {} bytes with sha256 {}", place.display(), bytes.len(), sha256_hex(&bytes)))
                .because(format!("{} bytes with sha256 {} were registered", artifact.size_bytes, artifact.sha256))
                .hint(("restore the file from an export, or roll back: `", commands::models_rollback(&version.name), "`")))
        }
        _ => Ok(bytes),
    }
}

/// The paths of all files below `folder`, sorted.
pub(super) fn paths_below(folder: &Path) -> Result<Vec<String>> {
    let mut paths = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(place) = open.pop() {
        for entry in fs::read_dir(&place).map_err(|source| Error::file("read", &place, &source))? {
            let path = entry.map_err(|source| Error::file("read", &place, &source))?.path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(inside) = path.strip_prefix(folder) {
                paths.push(inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"));
            }
        }
    }
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> ArtifactFile {
        ArtifactFile::new(path, path.as_bytes().to_vec())
    }

    #[test]
    fn what_was_written_is_read_and_what_was_changed_is_refused() {
        let place = tempfile::tempdir().expect("temporary folder");
        let folder = place.path().join("x/m-1/artifacts");
        let artifacts = write_all(&folder, &[file("MLmodel"), file("deep/er/file")]).expect("written");
        let version = ModelVersion {
            name: "n".into(),
            version: 1,
            stage: crate::lifecycle::Stage::None,
            aliases: vec![],
            created_at: 0,
            updated_at: 0,
            description: String::new(),
            run_id: None,
            source: String::new(),
            metrics: Default::default(),
            params: Default::default(),
            tags: Default::default(),
            artifacts,
            registration: Default::default(),
        };
        assert_eq!(read_verified(&folder, &version, "deep/er/file").expect("read"), b"deep/er/file");
        fs::write(folder.join("MLmodel"), b"MLmodeL").expect("changed");
        assert_eq!(read_verified(&folder, &version, "MLmodel").expect_err("changed").kind(), ErrorKind::DigestMismatch);
        fs::remove_file(folder.join("MLmodel")).expect("removed");
        assert_eq!(read_verified(&folder, &version, "MLmodel").expect_err("gone").kind(), ErrorKind::FileNotFound);
        assert_eq!(read_verified(&folder, &version, "other").expect_err("unknown").kind(), ErrorKind::FileNotFound);
        assert_eq!(write_all(&folder, &[file("a")]).expect_err("twice").kind(), ErrorKind::Conflict);
    }
}
