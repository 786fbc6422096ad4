//! Compressed data of bounded size.

use std::io::Read;

use crate::error::{Error, ErrorKind, Result};

/// What any file may grow to.
const ALWAYS_ALLOWED: usize = 64 << 20;
/// How many times its size a larger file may grow to; tables of trees shrink less than eightfold.
const LARGEST_RATIO: usize = 16;

/// How much data a file of `size` bytes may hold in all.
pub(super) fn allowance(size: usize) -> usize {
    ALWAYS_ALLOWED.max(size.saturating_mul(LARGEST_RATIO))
}

/// Reads a decompressor to its end.
///
/// Errors: [`ErrorKind::BadModelFile`] when the data is damaged or larger than `limit` bytes.
pub(super) fn read_to_end(decompressor: impl Read, limit: usize, what: &str) -> Result<Vec<u8>> {
    let bad = |cause: String| Error::new(ErrorKind::BadModelFile, format!("cannot decompress {what}: {cause}"));
    let mut data = Vec::new();
    decompressor.take(limit as u64 + 1).read_to_end(&mut data).map_err(|error| bad(error.to_string()))?;
    if data.len() > limit {
        return Err(bad(format!("it holds more than {limit} bytes, which no model of this size does")));
    }
    Ok(data)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};

    use super::*;

    #[test]
    fn a_bomb_is_refused_before_it_fills_the_memory() {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&vec![0; 1 << 20]).unwrap();
        let packed = encoder.finish().unwrap();
        assert_eq!(read_to_end(ZlibDecoder::new(&packed[..]), 1 << 20, "a file").unwrap().len(), 1 << 20);
        assert!(
            read_to_end(ZlibDecoder::new(&packed[..]), (1 << 20) - 1, "a file")
                .unwrap_err()
                .to_string()
                .contains("more than 1048575 bytes")
        );
        assert!(read_to_end(ZlibDecoder::new(&packed[..packed.len() / 2]), 1 << 20, "a file").is_err());
        assert_eq!(allowance(10 << 20), 160 << 20);
    }
}
