//! Tickets from files: any number of them, by name or pattern, each read by what is in it.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::ticket::{FieldPaths, Ticket, TimeFormat};

use super::compression::{Compression, decompress, peek, readable};
use super::contract::{TicketQuery, TicketSource, Visit};
use super::json::{self, Records};
use super::json_shape::JsonShape;
use super::pipeline::{Give, in_order};
use super::position::SourcePosition;
use super::seeds::Seeds;
use super::table_rows::separator;
use super::time_columns::TimeColumns;
use super::{csv_rows, parquet_rows};

/// How much of the content decides what it is.
const HEAD_BYTES: usize = 65_536;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const STANDARD_INPUT: &str = "-";
/// What files are called as a source.
pub(super) const NAME: &str = "files";

/// Ticket files to be read one after the other.
#[derive(Clone, Debug)]
pub struct TicketFiles {
    files: Vec<Arc<str>>,
    seeds: Arc<Seeds>,
    threads: usize,
}

/// What a stream of bytes holds, told by its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Content {
    Empty,
    Json(JsonShape),
    Parquet,
    /// Text with this character between the cells.
    Table(u8),
}

impl TicketFiles {
    /// Finds the files that `patterns` name: a path, a pattern with `*`, `?` or `[…]`, or `-` for
    /// standard input. Nothing is read yet.
    ///
    /// Errors: [`ErrorKind::FileNotFound`] for a path that is not there or a pattern without a file;
    /// [`ErrorKind::Usage`] for a directory, a pattern that is none, standard input named twice, or no
    /// pattern at all; [`ErrorKind::NotAllowed`].
    pub fn open(patterns: &[String], paths: FieldPaths) -> Result<Self> {
        let mut files: Vec<Arc<str>> = Vec::new();
        for pattern in patterns {
            files.extend(find(pattern)?);
        }
        if files.is_empty() {
            return Err(Error::new(ErrorKind::Usage, "no ticket file was named")
                .hint("name one with `--tickets FILE`, or `--tickets -` for standard input"));
        }
        if files.iter().filter(|file| &***file == STANDARD_INPUT).count() > 1 {
            return Err(Error::new(ErrorKind::Usage, "standard input was named more than once, it can be read only once")
                .hint("give `--tickets -` a single time"));
        }
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(TicketFiles { files, seeds: Arc::new(Seeds { paths, times: TimeFormat::default() }), threads })
    }

    /// Reads with `threads` threads instead of one a core; the result is the same.
    #[must_use]
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// Reads times as `times` says.
    #[must_use]
    pub fn with_times(mut self, times: TimeFormat) -> Self {
        self.seeds = Arc::new(Seeds { times, ..(*self.seeds).clone() });
        self
    }

    /// The files, as named or found, in reading order.
    pub fn files(&self) -> &[Arc<str>] {
        &self.files
    }

    /// Calls `visit` with every ticket in the order of the files and of the lines in them.
    ///
    /// An empty file has no tickets, which is no error. Memory is bounded whatever the size, except for
    /// Parquet that is compressed once more or comes from standard input: that is held as a whole.
    ///
    /// Errors: `visit`'s; [`ErrorKind::BadInput`] with `file:line` for what cannot be read to its end, and for a column of
    /// times of which some rows are numbers in texts and others are not, unless the form of times was told;
    /// [`ErrorKind::FileNotFound`], [`ErrorKind::NotAllowed`], [`ErrorKind::FileAccess`].
    pub fn for_each(&self, visit: &mut Visit<'_>) -> Result<()> {
        self.files.iter().try_for_each(|file| {
            let mut times = TimeColumns::default();
            self.read_file(file, &mut |ticket, place| {
                times.see(&ticket);
                visit(ticket, place)
            })?;
            times.judge(file)
        })
    }

    fn read_file(&self, file: &Arc<str>, visit: &mut Visit<'_>) -> Result<()> {
        let start = SourcePosition { file: Arc::clone(file), line: 1 };
        let raw: Box<dyn Read + Send> = match &**file {
            STANDARD_INPUT => Box::new(io::stdin()),
            path => Box::new(File::open(path).map_err(|source| Error::file("read", Path::new(path), &source))?),
        };
        let plain = readable(decompress(raw), &start, Compression::None)?;
        let compression = plain.compression;
        let (head, mut reader) = readable(peek(plain.reader, HEAD_BYTES), &start, compression)?;
        if head.starts_with(BYTE_ORDER_MARK) {
            let mut mark = [0; BYTE_ORDER_MARK.len()];
            readable(reader.read_exact(&mut mark), &start, compression)?;
        }
        let reader: Box<dyn Read + Send> = Box::new(reader);
        match content(&head, &start)? {
            Content::Empty => Ok(()),
            Content::Json(JsonShape::Lines) => {
                self.read_json(file, visit, move |file, give| json::cut_lines(reader, compression, file, give))
            }
            Content::Json(shape) => {
                self.read_json(file, visit, move |file, give| json::cut_documents(reader, compression, file, shape, give))
            }
            Content::Table(separator) => csv_rows::read((reader, separator), compression, file, &self.seeds, self.threads, visit),
            Content::Parquet if compression == Compression::None && &**file != STANDARD_INPUT => {
                let source = File::open(&**file).map_err(|source| Error::file("read", Path::new(&**file), &source))?;
                parquet_rows::read(source, file, &self.seeds, self.threads, visit)
            }
            Content::Parquet => {
                let mut whole = Vec::new();
                let mut reader = reader;
                readable(reader.read_to_end(&mut whole), &start, compression)?;
                parquet_rows::read(bytes::Bytes::from(whole), file, &self.seeds, self.threads, visit)
            }
        }
    }

    fn read_json(
        &self,
        file: &Arc<str>,
        visit: &mut Visit<'_>,
        cut: impl FnOnce(Arc<str>, &mut Give<'_, Result<Records>>) + Send + 'static,
    ) -> Result<()> {
        let (name, named, seeds) = (Arc::clone(file), Arc::clone(file), Arc::clone(&self.seeds));
        in_order(
            self.threads,
            move |give| cut(name, give),
            move |records: Result<Records>| json::parse(&records?, &named, &seeds),
            |tickets| visit_all(tickets?, file, visit),
        )
    }
}

impl TicketSource for TicketFiles {
    fn with_fields(&self, fields: FieldPaths) -> Box<dyn TicketSource> {
        Box::new(TicketFiles { seeds: Arc::new(Seeds { paths: fields, ..(*self.seeds).clone() }), ..self.clone() })
    }

    fn name(&self) -> String {
        NAME.into()
    }

    fn places(&self) -> Vec<String> {
        let place = |file: &Arc<str>| match &**file {
            STANDARD_INPUT => STANDARD_INPUT.to_owned(),
            path => std::path::absolute(path).map_or_else(|_| path.to_owned(), |path| path.display().to_string()),
        };
        self.files.iter().map(place).collect()
    }

    fn for_each(&self, _: &TicketQuery, visit: &mut Visit<'_>) -> Result<()> {
        TicketFiles::for_each(self, visit)
    }

    fn newest(&self) -> Result<Option<i64>> {
        Ok(None)
    }

    fn expected(&self, _: &TicketQuery) -> Option<u64> {
        None
    }

    fn survey(&self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
}

/// Calls `visit` with tickets and the line each stood on.
pub(super) fn visit_all(tickets: Vec<(u64, Ticket)>, file: &Arc<str>, visit: &mut Visit<'_>) -> Result<()> {
    let mut place = SourcePosition { file: Arc::clone(file), line: 0 };
    for (line, ticket) in tickets {
        place.line = line;
        visit(ticket, &place)?;
    }
    Ok(())
}

fn content(head: &[u8], start: &SourcePosition) -> Result<Content> {
    let text = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head).trim_ascii_start();
    Ok(match text.first() {
        None if head.len() < HEAD_BYTES => Content::Empty,
        None => Content::Json(JsonShape::Lines),
        Some(b'{' | b'[') => Content::Json(JsonShape::of(text)),
        Some(_) if text.starts_with(b"PAR1") => Content::Parquet,
        Some(_) if text.contains(&0) => {
            return Err(start
                .bad_input("the content is neither JSON, CSV nor Parquet")
                .hint("give tickets as NDJSON, JSON, CSV or Parquet, plain or compressed with gzip or zstd, in UTF-8"));
        }
        Some(_) => Content::Table(separator(text)),
    })
}

fn find(pattern: &str) -> Result<Vec<Arc<str>>> {
    if pattern == STANDARD_INPUT {
        return Ok(vec![Arc::from(pattern)]);
    }
    let path = Path::new(pattern);
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => Err(Error::new(ErrorKind::Usage, format!("{pattern} is a directory, expected a file"))
            .hint(format!("name the files in it with a pattern: `--tickets '{}/*.ndjson.gz'`", pattern.trim_end_matches('/')))),
        Ok(_) => Ok(vec![Arc::from(pattern)]),
        Err(source) if source.kind() == io::ErrorKind::NotFound && pattern.contains(['*', '?', '[']) => find_all(pattern),
        Err(source) => Err(Error::file("read", path, &source).hint(format!("check the path with `ls -l '{pattern}'`"))),
    }
}

fn find_all(pattern: &str) -> Result<Vec<Arc<str>>> {
    let found = glob::glob(pattern)
        .map_err(|source| Error::new(ErrorKind::Usage, format!("{pattern:?} is no file and no pattern")).because(source.msg))?;
    let mut files = Vec::new();
    for path in found {
        let path = path.map_err(|source| Error::file("read", source.path(), source.error()))?;
        let name = path.to_str().ok_or_else(|| {
            Error::new(ErrorKind::Usage, format!("the name of {} is not UTF-8", path.display()))
                .hint("rename the file, or give it through standard input: `--tickets - < FILE`")
        })?;
        if !path.is_dir() {
            files.push(Arc::from(name));
        }
    }
    if files.is_empty() {
        return Err(Error::new(ErrorKind::FileNotFound, format!("no file matches {pattern:?}"))
            .hint(format!("put quotes around the pattern, and see what there is with `ls -l {pattern}`")));
    }
    Ok(files)
}
