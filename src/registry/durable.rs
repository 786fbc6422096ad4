//! Writing a file so that it is there whole or not at all.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};

/// Writes `bytes` to `path`, replacing what is there. Whoever looks, also after a crash or on a full disk,
/// finds the old file or the new one: the bytes go to a file beside it, to the disk, and then get the name.
/// A link stays, and what it leads to is replaced. What is there and no file (a pipe, a device) is written into,
/// because a rename would put a file in its place.
///
/// Errors: [`ErrorKind::FileAccess`], [`ErrorKind::LockHeld`] when another process writes the same file.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    match fs::metadata(&target) {
        Ok(metadata) if !metadata.is_file() => {
            let written = OpenOptions::new().write(true).open(&target).and_then(|mut special| special.write_all(bytes));
            written.map_err(|source| Error::file("write", path, &source))
        }
        _ => replace(&target, bytes),
    }
}

fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let part = beside(path)?;
    let told = |action: &'static str| {
        move |source: std::io::Error| {
            Error::file(action, path, &source)
                .hint("nothing was changed; free some space or check the folder, then run the same command again")
        }
    };
    let mut file = OpenOptions::new().write(true).create(true).truncate(false).open(&part).map_err(told("write"))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(Error::new(ErrorKind::LockHeld, format!("another process is writing {}", path.display())));
        }
        Err(TryLockError::Error(source)) => return Err(told("lock")(source)),
    }
    let written = file
        .set_len(0)
        .and_then(|()| file.write_all(bytes))
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&part, path))
        .map_err(told("write"));
    if let Err(error) = written {
        // The disk may refuse this too; the next try writes over what is left.
        let _ = fs::remove_file(&part);
        return Err(error);
    }
    sync_folder(path)
}

/// `.NAME.part` in the same folder.
fn beside(path: &Path) -> Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| Error::new(ErrorKind::Usage, format!("{} names no file", path.display())))?;
    let mut part = std::ffi::OsString::from(".");
    part.push(name);
    part.push(".part");
    Ok(path.with_file_name(part))
}

#[cfg(unix)]
fn sync_folder(path: &Path) -> Result<()> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|source| Error::file("write", folder, &source))
}

/// Elsewhere folders cannot be opened to be synchronised.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_stays_beside_it() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("export");
        fs::write(folder.path().join(".export.part"), "left by a process that died").expect("written");
        for text in ["one", "another, longer", ""] {
            write_whole(&path, text.as_bytes()).expect("written");
            assert_eq!(fs::read(&path).expect("read"), text.as_bytes());
        }
        assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_written_into_and_a_link_stays() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let pipe = folder.path().join("pipe");
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR, 0)
            .expect("made");
        let reading = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read(pipe).expect("read")
        });
        write_whole(&pipe, b"plan").expect("written");
        assert_eq!(reading.join().expect("ended"), b"plan");
        assert!(!fs::metadata(&pipe).expect("there").is_file(), "a file took the place of the pipe");
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").expect("written");
        std::os::unix::fs::symlink(&file, &link).expect("linked");
        write_whole(&link, b"new").expect("written");
        assert_eq!(fs::read(&file).expect("read"), b"new");
        assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
        assert_eq!(write_whole(folder.path(), b"x").expect_err("a folder").kind(), ErrorKind::FileAccess);
    }

    #[test]
    fn two_processes_do_not_mix() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let held = File::create(folder.path().join(".export.part")).expect("made");
        held.try_lock().expect("locked");
        assert_eq!(write_whole(&folder.path().join("export"), b"x").expect_err("held").kind(), ErrorKind::LockHeld);
        assert!(!folder.path().join("export").exists());
    }
}
