//! A file to store: bytes that are held, or the place on the disk where they lie.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;

use crate::base::{RunningDigest, sha256_hex};
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::Artifact;

/// How much of a file is in memory at once.
pub(in crate::registry) const PIECE_BYTES: usize = 256 << 10;

/// One file to store, with its digest, which is taken once.
///
/// One that lies on the disk is read piece by piece, however long it is, and compared with its digest each time.
#[derive(Clone, Debug)]
pub struct ArtifactFile {
    artifact: Artifact,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    Held(Bytes),
    OnDisk(PathBuf),
}

impl ArtifactFile {
    /// Holds `bytes`; `path` is relative, with `/`, without `..`, which registering checks.
    pub fn new(path: impl Into<String>, bytes: impl Into<Bytes>) -> ArtifactFile {
        let bytes = bytes.into();
        let artifact = Artifact { path: path.into(), size_bytes: bytes.len() as u64, sha256: sha256_hex(&bytes) };
        ArtifactFile { artifact, content: Content::Held(bytes) }
    }

    /// The file at `place`, which is read for its digest and must stay as it is until it is stored.
    ///
    /// Errors: those of reading.
    pub fn on_disk(path: impl Into<String>, place: &Path) -> Result<ArtifactFile> {
        let unreadable = |source: io::Error| Error::file("read", place, &source);
        let mut file = File::open(place).map_err(unreadable)?;
        let (mut digest, mut size_bytes, mut piece) = (RunningDigest::default(), 0, vec![0; PIECE_BYTES]);
        loop {
            match file.read(&mut piece).map_err(unreadable)? {
                0 => break,
                length => {
                    digest.update(&piece[..length]);
                    size_bytes += length as u64;
                }
            }
        }
        let artifact = Artifact { path: path.into(), size_bytes, sha256: digest.hex() };
        Ok(ArtifactFile { artifact, content: Content::OnDisk(place.to_owned()) })
    }

    /// Inside the version.
    pub fn path(&self) -> &str {
        &self.artifact.path
    }

    /// Path, size and digest, as they are recorded.
    pub fn artifact(&self) -> &Artifact {
        &self.artifact
    }

    /// The whole file.
    ///
    /// Errors: [`ErrorKind::Conflict`] for a file that is not what it was when its digest was taken.
    pub fn bytes(&self) -> Result<Bytes> {
        if let Content::Held(bytes) = &self.content {
            return Ok(bytes.clone());
        }
        let mut bytes = Vec::new();
        self.open()?.read_to_end(&mut bytes).map_err(|source| self.unreadable(&source))?;
        Ok(bytes.into())
    }

    /// A reader that gives `size_bytes` bytes and ends with [`io::ErrorKind::InvalidData`] if they are not those of
    /// the digest.
    pub(in crate::registry) fn open(&self) -> Result<Box<dyn Read + Send + Sync>> {
        match &self.content {
            Content::Held(bytes) => Ok(Box::new(Cursor::new(bytes.clone()))),
            Content::OnDisk(place) => {
                let file = File::open(place).map_err(|source| Error::file("read", place, &source))?;
                Ok(Box::new(Compared {
                    file,
                    digest: RunningDigest::default(),
                    left: self.artifact.size_bytes,
                    wanted: self.artifact.sha256.clone(),
                }))
            }
        }
    }

    /// Gives the file in pieces, the first bytes first.
    ///
    /// Errors: as [`ArtifactFile::bytes`]; those of `take`.
    pub(in crate::registry) fn for_each_piece(&self, mut take: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let mut reader = self.open()?;
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            match reader.read(&mut piece).map_err(|source| self.unreadable(&source))? {
                0 => return Ok(()),
                length => take(&piece[..length])?,
            }
        }
    }

    /// What a reader of [`ArtifactFile::open`] failed with.
    pub(in crate::registry) fn unreadable(&self, source: &io::Error) -> Error {
        let place = match &self.content {
            Content::Held(_) => Path::new(&self.artifact.path),
            Content::OnDisk(place) => place,
        };
        if source.kind() != io::ErrorKind::InvalidData {
            return Error::file("read", place, source);
        }
        Error::new(ErrorKind::Conflict, format!("{} changed while it was read", place.display()))
            .because(format!("{} bytes with sha256 {} were there at first", self.artifact.size_bytes, self.artifact.sha256))
            .hint("repeat the command when nobody writes the file any more")
    }
}

/// A file that is compared with what it was.
struct Compared {
    file: File,
    digest: RunningDigest,
    left: u64,
    wanted: String,
}

impl Read for Compared {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let length = self.file.read(&mut buffer[..most])?;
        self.digest.update(&buffer[..length]);
        self.left -= length as u64;
        let is_short = length == 0 && most > 0;
        // Told with the last bytes and not after them: who knows the length asks for no more.
        if is_short || (self.left == 0 && length > 0 && self.digest.hex() != self.wanted) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the file changed while it was read"));
        }
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_on_the_disk_is_as_one_that_is_held() {
        let folder = tempfile::tempdir().expect("a folder");
        for content in [vec![], vec![7; 3 * PIECE_BYTES + 1]] {
            let place = folder.path().join("f");
            std::fs::write(&place, &content).expect("written");
            let (held, lying) = (ArtifactFile::new("a/f", content), ArtifactFile::on_disk("a/f", &place).expect("read"));
            assert_eq!(held.artifact(), lying.artifact());
            assert_eq!(held.bytes().expect("held"), lying.bytes().expect("lying"));
        }
        assert_eq!(ArtifactFile::on_disk("f", &folder.path().join("absent")).expect_err("absent").kind(), ErrorKind::FileNotFound);
    }

    #[test]
    fn a_file_that_changed_is_refused_and_what_was_added_is_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("f");
        let with = |now: &[u8]| {
            std::fs::write(&place, b"first").expect("written");
            let file = ArtifactFile::on_disk("f", &place).expect("read");
            std::fs::write(&place, now).expect("written");
            file.bytes()
        };
        assert_eq!(with(b"first and more").expect("the beginning"), Bytes::from_static(b"first"));
        for now in [b"other".as_slice(), b"fir", b""] {
            assert_eq!(with(now).expect_err("changed").kind(), ErrorKind::Conflict);
        }
    }
}
