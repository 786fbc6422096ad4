//! What a file of settings or of a secret has to be before it is believed.

use std::path::Path;

use crate::error::{Error, ErrorKind, Result};

/// Refuses a named pipe, a device or a folder, of which reading may never end.
///
/// Errors: [`ErrorKind::BadConfiguration`]; those of looking at the path.
pub(super) fn ordinary(path: &Path, what: &str) -> Result<()> {
    let metadata = std::fs::metadata(path).map_err(|error| Error::file(&format!("read {what}"), path, &error))?;
    match metadata.is_file() {
        true => Ok(()),
        false => Err(Error::new(ErrorKind::BadConfiguration, format!("cannot read {what} {}", path.display()))
            .because("this is no ordinary file, but a folder, a pipe or a device")
            .hint(format!("see what it is: `ls -ld {}`; move it away, or name another file", path.display()))),
    }
}

/// Refuses a file of settings that others may write: what it says is then not the owner's word.
///
/// Errors: [`ErrorKind::NotAllowed`]; those of looking at the file.
#[cfg(unix)]
pub fn refuse_writable_by_others(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = std::fs::metadata(path).map_err(|error| Error::file("look at", path, &error))?;
    let mode = metadata.permissions().mode() & 0o777;
    match mode & 0o022 {
        0 => Ok(()),
        _ => Err(Error::new(ErrorKind::NotAllowed, format!("others may write {} (mode {mode:03o})", path.display()))
            .hint(format!("`chmod go-w {}`", path.display()))),
    }
}

/// This system has no modes of files.
#[cfg(not(unix))]
pub fn refuse_writable_by_others(_: &Path) -> Result<()> {
    Ok(())
}
