//! A file that is there whole or not at all.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};

/// A file being written beside its place, `.NAME.part`, under a lock. [`commit`](AtomicFile::commit) gives it the
/// name: whoever looks, also after a crash or on a full disk, finds the old file or the new one. Dropped without, it
/// leaves nothing behind and what was there before untouched.
///
/// A link stays, and what it leads to is replaced. What is there and no file (a pipe, a device) is written into,
/// because a rename would put a file in its place.
///
/// ```
/// use std::io::Write as _;
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("numbers");
/// let mut file = hivectl::base::AtomicFile::create(&path)?;
/// file.write_all(b"1 2 3")?;
/// assert!(!path.exists());
/// file.commit()?.settled()?;
/// assert_eq!(std::fs::read(&path)?, b"1 2 3");
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct AtomicFile {
    file: File,
    target: PathBuf,
    /// Where the bytes are until they get the name; `None` for what cannot be replaced, and once they have it.
    part: Option<PathBuf>,
}

impl AtomicFile {
    /// Begins to write what will be at `path`.
    ///
    /// # Errors
    /// The system's own; [`io::ErrorKind::ResourceBusy`] when another process writes the same file,
    /// [`io::ErrorKind::InvalidInput`] when `path` ends in no name.
    pub fn create(path: &Path) -> io::Result<AtomicFile> {
        AtomicFile::begin(path, "")
    }

    /// The same where several processes may write the same file: each writes bytes of its own, and the last to commit
    /// is the one that stands. What a process leaves behind that died is not written over by the next.
    ///
    /// # Errors
    /// Those of [`create`](AtomicFile::create), but for another process.
    pub fn create_beside_others(path: &Path) -> io::Result<AtomicFile> {
        match AtomicFile::create(path) {
            Err(held) if held.kind() == io::ErrorKind::ResourceBusy => AtomicFile::begin(path, &format!(".{}", std::process::id())),
            begun => begun,
        }
    }

    /// `distinction` sets this part apart from others of the same file.
    fn begin(path: &Path, distinction: &str) -> io::Result<AtomicFile> {
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if fs::metadata(&target).is_ok_and(|found| !found.is_file()) {
            let file = OpenOptions::new().write(true).open(&target)?;
            return Ok(AtomicFile { file, target, part: None });
        }
        let part = beside(&target, distinction)?;
        let file = loop {
            let file = OpenOptions::new().write(true).create(true).truncate(false).open(&part)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::ResourceBusy.into()),
                // A file system without locks still takes files.
                Err(TryLockError::Error(source)) if source.kind() == io::ErrorKind::Unsupported => {}
                Err(TryLockError::Error(source)) => return Err(source),
            }
            // Whoever held the lock may have committed since the file was opened: then it is no part any more.
            if is_at(&file, &part)? {
                break file;
            }
        };
        let begun = AtomicFile { file, target, part: Some(part) };
        // A process that died may have left bytes.
        begun.file.set_len(0)?;
        Ok(begun)
    }

    /// Where the bytes are until they get the name, for who writes files by their path; `None` for what cannot be replaced.
    pub fn part(&self) -> Option<&Path> {
        self.part.as_deref()
    }

    /// Brings the bytes to the disk and gives them the name.
    ///
    /// # Errors
    /// The system's own, such as a full disk; nothing is left behind then, and what was there before stands.
    pub fn commit(mut self) -> io::Result<Committed> {
        let Some(part) = &self.part else { return self.file.flush().map(|()| Committed { folder: Ok(()) }) };
        self.file.sync_all()?;
        fs::rename(part, &self.target)?;
        self.part = None;
        Ok(Committed { folder: sync_folder(&self.target) })
    }
}

/// The file has its name. Whether a power failure could still take it back is for [`settled`](Committed::settled) to say.
#[must_use = "the folder may not have reached the disk"]
pub struct Committed {
    folder: io::Result<()>,
}

impl Committed {
    /// Waits for nothing more: the folder was brought to the disk as well.
    ///
    /// # Errors
    /// The system's own of the folder; the new file is in place all the same.
    pub fn settled(self) -> io::Result<()> {
        self.folder
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        if let Some(part) = &self.part {
            // The disk may refuse this too; the next try writes over what is left.
            let _ = fs::remove_file(part);
        }
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Writes `bytes` to `path`, replacing what is there, as an [`AtomicFile`] does.
///
/// # Errors
/// [`ErrorKind::FileAccess`] and its siblings, [`ErrorKind::LockHeld`] when another process writes the same file.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let written = AtomicFile::create(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.commit()
    });
    let committed = written.map_err(|source| {
        let hint = "nothing was changed; free some space or check the folder, then run the same command again";
        match fs::metadata(path) {
            Ok(found) if !found.is_file() => Error::file("write", path, &source),
            _ if source.kind() == io::ErrorKind::ResourceBusy => lock_held(path),
            _ if path.file_name().is_none() => Error::new(ErrorKind::Usage, format!("{} names no file", path.display())),
            _ => Error::file("write", &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()), &source).hint(hint),
        }
    })?;
    committed.settled().map_err(|source| not_settled(path, &source))
}

/// `path` is in place, and its folder did not reach the disk.
pub fn not_settled(path: &Path, source: &io::Error) -> Error {
    Error::file("write", path, source).hint("the new file is in place, but a power failure could still take it back; check the disk")
}

/// Another process is writing `path`.
pub fn lock_held(path: &Path) -> Error {
    Error::new(ErrorKind::LockHeld, format!("another process is writing {}", path.display()))
}

/// `.NAME.part` in the same folder, with `distinction` before the ending.
fn beside(path: &Path, distinction: &str) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut part = std::ffi::OsString::from(".");
    part.push(name);
    part.push(distinction);
    part.push(".part");
    Ok(path.with_file_name(part))
}

/// Whether an open file still has this name.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let opened = file.metadata()?;
    match fs::metadata(path) {
        Ok(named) => Ok((opened.dev(), opened.ino()) == (named.dev(), named.ino())),
        Err(absent) if absent.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(source),
    }
}

/// Elsewhere a file that is open keeps its name.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}

#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all())
}

/// Elsewhere folders cannot be opened to be synchronised.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
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
    fn what_is_not_committed_leaves_nothing() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("table");
        fs::write(&path, "before").expect("written");
        let mut abandoned = AtomicFile::create(&path).expect("begun");
        abandoned.write_all(b"half").expect("written");
        drop(abandoned);
        assert_eq!(fs::read(&path).expect("read"), b"before");
        assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 1);
    }

    #[test]
    fn the_last_of_two_that_write_beside_each_other_stands() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("table");
        let mut first = AtomicFile::create_beside_others(&path).expect("begun");
        let mut second = AtomicFile::create_beside_others(&path).expect("begun beside it");
        first.write_all(b"first").expect("written");
        second.write_all(b"second").expect("written");
        second.commit().expect("committed").settled().expect("on the disk");
        assert_eq!(fs::read(&path).expect("read"), b"second");
        first.commit().expect("committed").settled().expect("on the disk");
        assert_eq!(fs::read(&path).expect("read"), b"first");
        assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_part_that_was_committed_while_it_was_opened_is_told_from_one_that_is_there() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let (part, path) = (folder.path().join(".table.part"), folder.path().join("table"));
        let file = File::create(&part).expect("made");
        assert!(is_at(&file, &part).expect("looked"));
        fs::rename(&part, &path).expect("committed");
        assert!(!is_at(&file, &part).expect("looked"), "nothing has the name");
        File::create(&part).expect("begun anew");
        assert!(!is_at(&file, &part).expect("looked"), "another file has the name");
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
