//! A cursor over the bytes of a model file: every read is checked, every failure knows its place.

use crate::error::{Error, ErrorKind, Result};

/// Reads forward through borrowed bytes.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    /// Offset of `bytes` in the file.
    start: usize,
    position: usize,
    /// What the bytes are, for messages: `"pickle"`.
    format: &'static str,
}

impl<'a> Cursor<'a> {
    /// Starts at the first byte.
    pub(super) fn new(bytes: &'a [u8], format: &'static str) -> Self {
        Cursor { bytes, start: 0, position: 0, format }
    }

    /// Offset of the next byte in the file.
    pub(super) fn position(&self) -> usize {
        self.start + self.position
    }

    /// All bytes that are not read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        &self.bytes[self.position..]
    }

    /// What was read since the byte at `offset` of the file.
    pub(super) fn since(&self, offset: usize) -> &'a [u8] {
        self.bytes.get(offset.saturating_sub(self.start)..self.position).unwrap_or_default()
    }

    /// A cursor over the next `count` bytes, which are read.
    pub(super) fn part(&mut self, count: u64) -> Result<Cursor<'a>> {
        let start = self.position();
        Ok(Cursor { bytes: self.take_stated(count)?, start, position: 0, format: self.format })
    }

    /// Bytes not read yet.
    pub(super) fn remaining(&self) -> usize {
        self.bytes.len() - self.position
    }

    /// A failure at the current place.
    pub(super) fn fail(&self, what: impl std::fmt::Display) -> Error {
        self.fail_at(self.position(), what)
    }

    /// A failure at `offset`.
    pub(super) fn fail_at(&self, offset: usize, what: impl std::fmt::Display) -> Error {
        Error::new(ErrorKind::BadModelFile, format!("cannot read this {}: byte {offset}: {what}", self.format))
    }

    /// The next `count` bytes.
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        if count > self.remaining() {
            return Err(self.fail(format_args!("{count} bytes wanted, the file ends after {}", self.remaining())));
        }
        let taken = &self.bytes[self.position..self.position + count];
        self.position += count;
        Ok(taken)
    }

    /// The next `count` bytes, where the file itself states the count.
    pub(super) fn take_stated(&mut self, count: u64) -> Result<&'a [u8]> {
        match usize::try_from(count) {
            Ok(count) => self.take(count),
            Err(_) => Err(self.fail(format_args!("{count} bytes wanted, the file ends after {}", self.remaining()))),
        }
    }

    /// The next `N` bytes as an array, for the `from_le_bytes` and `from_be_bytes` of numbers.
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    /// The next byte, which stays unread; `None` at the end.
    pub(super) fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    /// The next byte.
    pub(super) fn byte(&mut self) -> Result<u8> {
        Ok(self.array::<1>()?[0])
    }

    /// The bytes up to the next line feed, which is read and left out.
    pub(super) fn line(&mut self) -> Result<&'a [u8]> {
        match self.bytes[self.position..].iter().position(|&byte| byte == b'\n') {
            Some(length) => {
                let line = self.take(length)?;
                self.position += 1;
                Ok(line)
            }
            None => Err(self.fail("a line without end")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_forward_and_names_the_place_of_the_end() {
        let mut cursor = Cursor::new(b"\x01\x02\x00ab\nrest", "test file");
        assert_eq!(cursor.byte().unwrap(), 1);
        assert_eq!(u16::from_le_bytes(cursor.array().unwrap()), 2);
        assert_eq!(cursor.line().unwrap(), b"ab");
        assert_eq!(cursor.remaining(), 4);
        let error = cursor.take(5).unwrap_err();
        assert_eq!(error.to_string(), "cannot read this test file: byte 6: 5 bytes wanted, the file ends after 4");
        assert!(cursor.take_stated(u64::MAX).is_err());
        assert!(cursor.line().unwrap_err().to_string().contains("without end"));
        assert_eq!(cursor.take(4).unwrap(), b"rest");
    }
}
