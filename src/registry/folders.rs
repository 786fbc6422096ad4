//! Folders on the disk: made, removed, their names brought to the disk, and paths as URIs.

use std::fs::{self, File};
use std::path::Path;

use crate::error::{Error, Result};

/// Makes `folder` and its missing parents, each of them on the disk before this returns.
pub(in crate::registry) fn create_folders(folder: &Path) -> Result<()> {
    let is_missing = |path: &Path| !path.as_os_str().is_empty() && !path.exists();
    let missing: Vec<&Path> = folder.ancestors().take_while(|path| is_missing(path)).collect();
    for path in missing.into_iter().rev() {
        match fs::create_dir(path) {
            Ok(()) => sync_parent(path)?,
            // Another process made it in the meantime.
            Err(source) if source.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(source) => return Err(file_error("make", path, &source)),
        }
    }
    Ok(())
}

/// Removes a folder with all it holds; one that is not there is no error.
pub(in crate::registry) fn remove_folder(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(file_error("remove", folder, &source)),
        _ => Ok(()),
    }
}

/// Brings the name of `path` in its folder to the disk.
pub(in crate::registry) fn sync_parent(path: &Path) -> Result<()> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => sync_folder(parent),
        _ => Ok(()),
    }
}

#[cfg(unix)]
pub(in crate::registry) fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder).and_then(|handle| handle.sync_all()).map_err(|source| file_error("write", folder, &source))
}

/// Elsewhere folders cannot be opened to be synchronised.
#[cfg(not(unix))]
pub(in crate::registry) fn sync_folder(_: &Path) -> Result<()> {
    Ok(())
}

/// A file operation that failed; a full disk is told as such.
pub(in crate::registry) fn file_error(action: &str, path: &Path, source: &std::io::Error) -> Error {
    let error = Error::file(action, path, source);
    match source.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
            error.hint("free some space and run the same command again; nothing was registered")
        }
        _ => error,
    }
}

/// `path` as a `file://` URI (RFC 8089).
pub(in crate::registry) fn file_uri(path: &Path) -> String {
    use std::fmt::Write as _;
    path.as_os_str().as_encoded_bytes().iter().fold(String::from("file://"), |mut uri, byte| {
        match byte {
            b'/' | b'.' | b'_' | b'-' | b'~' => uri.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(*byte)),
            // Writing to a String cannot fail.
            byte => drop(write!(uri, "%{byte:02X}")),
        }
        uri
    })
}
