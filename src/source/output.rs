//! A file of rows: its form and compression are read off its name, and it appears when it is whole.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::GzBuilder;
use flate2::write::GzEncoder;

use crate::base::AtomicFile;
use crate::base::atomic_file::{Committed, not_settled};
use crate::error::{Error, ErrorKind, Result};

use super::compression::Compression;

const BUFFER_BYTES: usize = 256 * 1024;
const GZIP_LEVEL: u32 = 6;
const ZSTD_LEVEL: i32 = 3;

/// What a file's name says it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// One JSON document a line: `.ndjson`, `.jsonl`.
    JsonLines,
    /// `.csv`
    Csv,
    /// `.parquet`
    Parquet,
}

/// Reads form and compression off a name: `tickets.ndjson.gz`.
///
/// Errors: [`ErrorKind::Usage`] when the form is none of `allowed`.
pub(super) fn table_format(path: &Path, allowed: &[TableFormat]) -> Result<(TableFormat, Compression)> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let (stem, compression) = match (name.strip_suffix(".gz"), name.strip_suffix(".zst")) {
        (Some(stem), _) => (stem, Compression::Gzip),
        (_, Some(stem)) => (stem, Compression::Zstd),
        _ => (name.as_str(), Compression::None),
    };
    let suffixes = [
        (".ndjson", TableFormat::JsonLines),
        (".jsonl", TableFormat::JsonLines),
        (".csv", TableFormat::Csv),
        (".parquet", TableFormat::Parquet),
    ];
    let known = || suffixes.iter().filter(|(_, form)| allowed.contains(form));
    known().find(|(suffix, _)| stem.ends_with(suffix)).map(|(_, form)| (*form, compression)).ok_or_else(|| {
        let endings: Vec<&str> = known().map(|(suffix, _)| *suffix).collect();
        Error::new(ErrorKind::Usage, format!("cannot tell from its name what {} is to hold", path.display())).hint(format!(
            "end the name with one of {}, and .gz or .zst behind it to compress: `--out tickets{}.gz`",
            endings.join(" "),
            endings[0]
        ))
    })
}

/// A file being written beside its place. [`commit`](Output::commit) moves it there; dropped without,
/// it leaves nothing behind and what was there before untouched.
pub(super) struct Output {
    encoder: Encoder,
    target: PathBuf,
}

/// Writers make many small writes, which cost the encoders much: they come in blocks.
enum Encoder {
    Plain(BufWriter<AtomicFile>),
    Gzip(BufWriter<GzEncoder<AtomicFile>>),
    Zstd(BufWriter<zstd::Encoder<'static, AtomicFile>>),
}

impl Output {
    /// Begins to write what will be at `path`.
    ///
    /// Errors: [`ErrorKind::FileNotFound`] when the folder is not there, [`ErrorKind::Usage`] when the
    /// path is a directory, [`ErrorKind::NotAllowed`], [`ErrorKind::FileAccess`].
    pub(super) fn create(path: &Path, compression: Compression) -> Result<Output> {
        let failed = |source: &io::Error| Error::file("write", path, source);
        if fs::metadata(path).is_ok_and(|found| found.is_dir()) {
            return Err(Error::new(ErrorKind::Usage, format!("{} is a directory, expected a file", path.display()))
                .hint("name a file in it with `--out FILE`"));
        }
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let sink = AtomicFile::create_beside_others(path).map_err(|source| {
            let refused = failed(&source);
            // A device that cannot be opened is not mended by a folder.
            if target.exists() && !target.is_file() {
                return refused;
            }
            refused.hint(format!("look at the folder with `ls -ld '{0}'`, or make it with `mkdir -p '{0}'`", folder_of(&target).display()))
        })?;
        let encoder = match compression {
            Compression::None => Encoder::Plain(in_blocks(sink)),
            // No time and no name inside: the same data gives the same bytes.
            Compression::Gzip => Encoder::Gzip(in_blocks(GzBuilder::new().write(sink, flate2::Compression::new(GZIP_LEVEL)))),
            Compression::Zstd => Encoder::Zstd(in_blocks(zstd::Encoder::new(sink, ZSTD_LEVEL).map_err(|source| failed(&source))?)),
        };
        Ok(Output { encoder, target })
    }

    /// Puts the finished file in its place.
    ///
    /// Errors: [`ErrorKind::FileAccess`] such as a full disk, [`ErrorKind::NotAllowed`]; nothing is left
    /// behind then.
    pub(super) fn commit(self) -> Result<()> {
        let Output { encoder, target } = self;
        let committed = settle(encoder).map_err(|source| Error::file("write", &target, &source))?;
        committed.settled().map_err(|source| not_settled(&target, &source))
    }

    /// A failed write as an error that names the file.
    pub(super) fn failure(&self, source: &io::Error) -> Error {
        Error::file("write", &self.target, source)
    }
}

fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn in_blocks<W: Write>(writer: W) -> BufWriter<W> {
    BufWriter::with_capacity(BUFFER_BYTES, writer)
}

fn settle(encoder: Encoder) -> io::Result<Committed> {
    let sink = match encoder {
        Encoder::Plain(blocks) => blocks.into_inner().map_err(io::IntoInnerError::into_error)?,
        Encoder::Gzip(blocks) => blocks.into_inner().map_err(io::IntoInnerError::into_error)?.finish()?,
        Encoder::Zstd(blocks) => blocks.into_inner().map_err(io::IntoInnerError::into_error)?.finish()?,
    };
    sink.commit()
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.encoder {
            Encoder::Plain(encoder) => encoder.write(bytes),
            Encoder::Gzip(encoder) => encoder.write(bytes),
            Encoder::Zstd(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.encoder {
            Encoder::Plain(encoder) => encoder.flush(),
            Encoder::Gzip(encoder) => encoder.flush(),
            Encoder::Zstd(encoder) => encoder.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_form_and_compression() {
        let all = [TableFormat::JsonLines, TableFormat::Csv, TableFormat::Parquet];
        for (name, expected) in [
            ("a.ndjson", (TableFormat::JsonLines, Compression::None)),
            ("a.jsonl.gz", (TableFormat::JsonLines, Compression::Gzip)),
            ("A.CSV.zst", (TableFormat::Csv, Compression::Zstd)),
            ("x/y.z.parquet", (TableFormat::Parquet, Compression::None)),
        ] {
            assert_eq!(table_format(Path::new(name), &all).unwrap(), expected, "{name}");
        }
        for name in ["a", "a.gz", "a.json", "parquet"] {
            assert_eq!(table_format(Path::new(name), &all).unwrap_err().kind(), ErrorKind::Usage, "{name}");
        }
        assert!(table_format(Path::new("a.csv"), &[TableFormat::Parquet]).is_err());
    }

    #[test]
    fn a_file_appears_only_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        fs::write(&path, "before").unwrap();
        let mut abandoned = Output::create(&path, Compression::None).unwrap();
        abandoned.write_all(b"half").unwrap();
        drop(abandoned);
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        let mut output = Output::create(&path, Compression::None).unwrap();
        output.write_all(b"whole").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        output.commit().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_place_that_cannot_hold_a_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let kind = |path: &Path| Output::create(path, Compression::None).map(drop).unwrap_err().kind();
        assert_eq!(kind(folder.path()), ErrorKind::Usage);
        assert_eq!(kind(&folder.path().join("absent/out.csv")), ErrorKind::FileNotFound);
    }

    #[cfg(unix)]
    #[test]
    fn devices_are_written_to_and_links_are_followed() {
        Output::create(Path::new("/dev/null"), Compression::None).unwrap().commit().unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file(), "the device was not replaced");
        let full = Output::create(Path::new("/dev/full"), Compression::None);
        if let Ok(mut full) = full {
            full.write_all(b"x").unwrap();
            assert_eq!(full.commit().unwrap_err().kind(), ErrorKind::FileAccess);
        }
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file.csv"), folder.path().join("link.csv"));
        fs::write(&file, "before").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let mut output = Output::create(&link, Compression::None).unwrap();
        output.write_all(b"after").unwrap();
        output.commit().unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "after");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }
}
