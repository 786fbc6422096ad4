//! Tickets as JSON: one document a line, one after the other over several lines, an array, or a list in an object.
//!
//! All are cut into records by one thread that knows only line ends, brackets and strings ([`super::json_shape`]); what is
//! in a record is parsed, and judged, by the threads behind it.

use std::io::Read;
use std::ops::Range;
use std::sync::Arc;

use memchr::{memchr, memchr_iter, memrchr};
use serde::de::DeserializeSeed;

use crate::error::{Error, Result};
use crate::ticket::{TextMeaning, Ticket};

use super::compression::{Compression, read_failure};
use super::json_shape::{Cutter, JsonShape, Step, text_end};
use super::pipeline::Give;
use super::plain_json::{PlainJson, TICKETS};
use super::position::SourcePosition;
use super::seeds::Seeds;

/// The longest document that is read; anything longer is no ticket.
pub(super) const LONGEST_RECORD_BYTES: usize = 16 * 1024 * 1024;
/// The deepest nesting that is read, which is serde_json's own limit.
const DEEPEST_NESTING: usize = 128;
/// Below this length no document is nested deep enough to do harm, and its depth is not counted.
const SHALLOW_BYTES: usize = 4096;
const BLOCK_BYTES: usize = 1024 * 1024;

/// Documents that were read together.
pub(super) struct Records {
    bytes: Vec<u8>,
    /// Where in `bytes` each document is, and the line it begins on.
    spans: Vec<(Range<usize>, u64)>,
}

/// Parses documents in order.
///
/// Errors: [`crate::error::ErrorKind::BadInput`] at the first that is no ticket.
pub(super) fn parse(records: &Records, file: &Arc<str>, seeds: &Seeds) -> Result<Vec<(u64, Ticket)>> {
    let mut tickets = Vec::with_capacity(records.spans.len());
    for (span, line) in &records.spans {
        let document = &records.bytes[span.clone()];
        if !document.trim_ascii().is_empty() {
            tickets.push((*line, parse_document(document, *line, file, seeds)?));
        }
    }
    Ok(tickets)
}

fn parse_document(document: &[u8], first_line: u64, file: &Arc<str>, seeds: &Seeds) -> Result<Ticket> {
    let place = |line| SourcePosition { file: Arc::clone(file), line };
    if document.len() > LONGEST_RECORD_BYTES {
        return Err(too_long(&place(first_line)));
    }
    if document.len() > SHALLOW_BYTES && deeper_than(document, DEEPEST_NESTING) {
        return Err(place(first_line).bad_input(format!("nested deeper than {DEEPEST_NESTING} levels")).hint(place(first_line).look()));
    }
    read(document, seeds).or_else(|source| in_python_s_words(document, seeds).unwrap_or(Err(source))).map_err(|source| {
        let place = place(first_line + (source.line() as u64).saturating_sub(1));
        let what = source.to_string();
        // The text ends with " at line 1 column 7", counted from the record's beginning.
        let what = what.split(" at line ").next().unwrap_or_default();
        place.bad_input(format!("{what} at column {}", source.column())).hint(place.look())
    })
}

fn read(document: &[u8], seeds: &Seeds) -> serde_json::Result<Ticket> {
    let mut deserializer = serde_json::Deserializer::from_slice(document);
    seeds.of(TextMeaning::Word).deserialize(&mut deserializer).and_then(|ticket| deserializer.end().map(|()| ticket))
}

/// A document with `NaN` or `Infinity`, which no JSON has and Python writes; `None` for one without.
fn in_python_s_words(document: &[u8], seeds: &Seeds) -> Option<serde_json::Result<Ticket>> {
    let mut plain = Vec::with_capacity(document.len() + 64);
    PlainJson::new(document, TICKETS).read_to_end(&mut plain).ok()?;
    (plain != document).then(|| read(&plain, seeds))
}

fn too_long(place: &SourcePosition) -> Error {
    place
        .bad_input("the document is longer than 16 MiB (16,777,216 bytes)")
        .hint("write one ticket a line, for example with `jq -c . FILE > tickets.ndjson`")
}

/// Whether brackets outside of texts are nested deeper than `limit`.
fn deeper_than(document: &[u8], limit: usize) -> bool {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(&byte) = document.get(at) {
        match byte {
            b'"' => match text_end(document, at + 1) {
                Some(end) => at = end,
                None => return false,
            },
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limit {
            return true;
        }
        at += 1;
    }
    false
}

/// The input, read block by block; what a block leaves over stands at the beginning of the next.
struct Blocks {
    reader: Box<dyn Read + Send>,
    compression: Compression,
    file: Arc<str>,
    rest: Vec<u8>,
    /// The line on which the rest begins.
    line: u64,
    ended: bool,
}

impl Blocks {
    fn new(reader: Box<dyn Read + Send>, compression: Compression, file: Arc<str>) -> Self {
        Blocks { reader, compression, file, rest: Vec::new(), line: 1, ended: false }
    }

    fn place(&self) -> SourcePosition {
        SourcePosition { file: Arc::clone(&self.file), line: self.line }
    }

    /// The rest and what comes after it; longer than the rest unless the input has ended.
    fn next(&mut self) -> Result<Vec<u8>> {
        let mut block = std::mem::take(&mut self.rest);
        if block.len() > LONGEST_RECORD_BYTES {
            return Err(too_long(&self.place()));
        }
        block.reserve(BLOCK_BYTES);
        match self.reader.by_ref().take(BLOCK_BYTES as u64).read_to_end(&mut block) {
            Ok(read) => self.ended = read == 0,
            Err(source) => {
                self.line += count_lines(&block);
                return Err(read_failure(&self.place(), self.compression, &source));
            }
        }
        Ok(block)
    }
}

fn count_lines(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}

/// Cuts one document a line.
pub(super) fn cut_lines(reader: Box<dyn Read + Send>, compression: Compression, file: Arc<str>, give: &mut Give<'_, Result<Records>>) {
    let mut blocks = Blocks::new(reader, compression, file);
    while !blocks.ended {
        let mut bytes = match blocks.next() {
            Ok(bytes) => bytes,
            Err(error) => {
                give(Err(error));
                return;
            }
        };
        if !blocks.ended {
            let whole = memrchr(b'\n', &bytes).map_or(0, |last| last + 1);
            blocks.rest = bytes.split_off(whole);
        }
        let mut spans = Vec::with_capacity(bytes.len() / 512);
        let mut begin = 0;
        while begin < bytes.len() {
            let end = memchr(b'\n', &bytes[begin..]).map_or(bytes.len(), |length| begin + length);
            spans.push((begin..end, blocks.line));
            blocks.line += u64::from(end < bytes.len());
            begin = end + 1;
        }
        if !spans.is_empty() && !give(Ok(Records { bytes, spans })) {
            return;
        }
    }
}

/// Cuts documents that stand between whatever else there is: an array's, those one after the other, or those in the list of
/// an object around them.
pub(super) fn cut_documents(
    reader: Box<dyn Read + Send>,
    compression: Compression,
    file: Arc<str>,
    shape: JsonShape,
    give: &mut Give<'_, Result<Records>>,
) {
    let mut blocks = Blocks::new(reader, compression, file);
    let mut cutter = Cutter::new(shape);
    while !blocks.ended {
        let cut = blocks.next().and_then(|bytes| cut(bytes, &mut blocks, &mut cutter));
        let failed = cut.is_err();
        if !give(cut) || failed {
            return;
        }
    }
    let (place, rest) = (blocks.place(), blocks.rest.trim_ascii_end().len());
    if rest > 0 && cutter.is_sequence() {
        // What is there of the last document says best what is wrong with it.
        give(Ok(Records { spans: vec![(0..rest, blocks.line)], bytes: blocks.rest }));
    } else if let Some(what) = cutter.missing() {
        give(Err(place.bad_input(what).hint(place.look())));
    }
}

/// Cuts the whole documents out of `bytes` and leaves the begun one to the next block.
fn cut(mut bytes: Vec<u8>, blocks: &mut Blocks, cutter: &mut Cutter) -> Result<Records> {
    let mut spans = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let from = at;
        match cutter.step(&bytes, at) {
            Step::Document(end) => {
                spans.push((at..end, blocks.line));
                at = end;
            }
            Step::Over(end) => at = end,
            Step::NeedsMore => break,
            Step::Unexpected(expected) => {
                let found = char::from(bytes[at]).escape_default().to_string();
                let place = blocks.place();
                return Err(place.bad_input(format!("found {found:?}, expected {expected}")).hint(place.look()));
            }
        }
        blocks.line += count_lines(&bytes[from..at]);
    }
    blocks.rest = bytes.split_off(at);
    Ok(Records { bytes, spans })
}
