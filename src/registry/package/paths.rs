//! Which paths the files of a version may have.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::ArtifactFile;
use crate::error::{Error, ErrorKind, Result};

/// Checks what is to be stored: relative paths without `..`, each once, no file where a folder is needed.
pub(in crate::registry) fn check_files(files: &[ArtifactFile]) -> Result<()> {
    if files.is_empty() {
        return Err(Error::new(ErrorKind::BadInput, "a version without any file cannot be registered"));
    }
    let mut seen: BTreeSet<PathBuf> = BTreeSet::new();
    for file in files {
        check_path(file.path())?;
        if !seen.insert(PathBuf::from(file.path())) {
            return Err(Error::new(ErrorKind::BadInput, format!("the file {} is there twice", file.path())));
        }
    }
    match files.iter().find(|file| Path::new(file.path()).ancestors().skip(1).any(|folder| seen.contains(folder))) {
        Some(file) => Err(Error::new(ErrorKind::BadInput, format!("{} lies in a folder that is a file too", file.path()))),
        None => Ok(()),
    }
}

/// A path inside a version: relative, with `/`, without empty, `.` and `..` parts.
pub(in crate::registry) fn check_path(path: &str) -> Result<()> {
    let is_plain = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', '\0']);
    if path.split('/').all(is_plain) && !Path::new(path).has_root() {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Usage, format!("'{}' is no path inside a model", path.escape_debug()))
        .because("it must be relative, with '/', and without '..'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> ArtifactFile {
        ArtifactFile::new(path, path.as_bytes().to_vec())
    }

    #[test]
    fn paths_that_lead_out_are_refused() {
        for path in ["", "/etc/passwd", "..", "a/../b", "a//b", "./a", "a/", "a\\b", "a\0b"] {
            assert!(check_path(path).is_err(), "{path:?}");
        }
        for path in ["MLmodel", "estimators/0.bin", "a b/…"] {
            assert!(check_path(path).is_ok(), "{path:?}");
        }
    }

    #[test]
    fn files_that_exclude_each_other_are_refused() {
        assert!(check_files(&[]).is_err());
        assert!(check_files(&[file("a"), file("a")]).is_err());
        assert!(check_files(&[file("a/b"), file("a")]).is_err());
        assert!(check_files(&[file("a/b"), file("a/c"), file("d")]).is_ok());
    }
}
