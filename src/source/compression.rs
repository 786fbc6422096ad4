//! Takes gzip and zstd off a stream, told by its first bytes and not by its name.

use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::error::{Error, Result};

use super::position::SourcePosition;

const BUFFER_BYTES: usize = 256 * 1024;
const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// How a stream is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    Gzip,
    Zstd,
}

/// A stream without its compression.
pub(super) struct Decompressed {
    pub(super) reader: Box<dyn Read + Send>,
    pub(super) compression: Compression,
}

/// Removes the compression found at the start of `raw`.
pub(super) fn decompress(raw: impl Read + Send + 'static) -> io::Result<Decompressed> {
    let (head, raw) = peek(raw, ZSTD.len())?;
    if head.starts_with(&GZIP) {
        let reader = Box::new(MultiGzDecoder::new(BufReader::with_capacity(BUFFER_BYTES, raw)));
        Ok(Decompressed { reader, compression: Compression::Gzip })
    } else if head.starts_with(&ZSTD) {
        Ok(Decompressed { reader: Box::new(zstd::Decoder::new(raw)?), compression: Compression::Zstd })
    } else {
        Ok(Decompressed { reader: Box::new(raw), compression: Compression::None })
    }
}

/// The first `length` bytes (fewer at the end), and the stream with them still in front.
pub(super) fn peek<R: Read>(mut reader: R, length: usize) -> io::Result<(Vec<u8>, impl Read + use<R>)> {
    let mut head = Vec::with_capacity(length);
    reader.by_ref().take(length as u64).read_to_end(&mut head)?;
    Ok((head.clone(), Cursor::new(head).chain(reader)))
}

/// A failure while reading at `place`: the operating system's, or data that does not decompress.
pub(super) fn read_failure(place: &SourcePosition, compression: Compression, source: &io::Error) -> Error {
    let (name, test) = match compression {
        _ if source.raw_os_error().is_some() => return Error::file("read", Path::new(&*place.file), source),
        Compression::None => return place.bad_input("the file ends too early").because(source),
        Compression::Gzip => ("gzip", "gzip -t"),
        Compression::Zstd => ("zstd", "zstd -t"),
    };
    let what = match source.kind() {
        io::ErrorKind::UnexpectedEof => format!("the {name} data is cut off"),
        _ => format!("the {name} data is damaged"),
    };
    place.bad_input(what).because(source).hint(format!("check the file with `{test} '{}'`, and copy it again", place.file))
}

/// The same, as a result.
pub(super) fn readable<T>(result: io::Result<T>, place: &SourcePosition, compression: Compression) -> Result<T> {
    result.map_err(|source| read_failure(place, compression, &source))
}
