//! FlatBuffers, as far as CatBoost's own form needs them: tables, whose parts are found by numbered slots, lists and texts.
//!
//! Places in the bytes are told by other places, so that a small file may name one part often: every list that is read is
//! counted, and all together are at most as long as the file. The crate `flatbuffers` wants `unsafe` code for tables that it did not
//! generate itself.

use std::cell::Cell;

use crate::error::{Error, ErrorKind, Result};

/// The bytes, and how many of them may still be read.
pub(super) struct Flat<'a> {
    bytes: &'a [u8],
    /// Offset of `bytes` in the file.
    start: usize,
    left: Cell<usize>,
}

/// A table: where it stands, and where its slots do.
#[derive(Clone, Copy)]
pub(super) struct Table<'f, 'a> {
    flat: &'f Flat<'a>,
    place: usize,
    slots: usize,
    count: usize,
}

impl<'a> Flat<'a> {
    /// Of bytes that stand at `start` of the file.
    pub(super) fn new(bytes: &'a [u8], start: usize) -> Self {
        Flat { bytes, start, left: Cell::new(bytes.len()) }
    }

    /// The table that all others hang on.
    ///
    /// Errors: as all here [`ErrorKind::BadModelFile`] with the byte where something stands outside.
    pub(super) fn root(&self) -> Result<Table<'_, 'a>> {
        self.table(self.target(0)?)
    }

    fn fail(&self, place: usize, what: &str) -> Error {
        Error::new(ErrorKind::BadModelFile, format!("cannot read this CatBoost model: byte {}: {what}", self.start.saturating_add(place)))
    }

    fn array<const N: usize>(&self, place: usize) -> Result<[u8; N]> {
        let found = self.bytes.get(place..).and_then(|bytes| bytes.first_chunk::<N>());
        found.copied().ok_or_else(|| self.fail(place, "the model ends before"))
    }

    /// The place that is told at `place`.
    fn target(&self, place: usize) -> Result<usize> {
        let ahead = u32::from_le_bytes(self.array(place)?) as usize;
        place.checked_add(ahead).filter(|target| *target < self.bytes.len()).ok_or_else(|| self.fail(place, "it leads out of the model"))
    }

    fn table(&self, place: usize) -> Result<Table<'_, 'a>> {
        let back = i64::from(i32::from_le_bytes(self.array(place)?));
        let slots = usize::try_from(place as i64 - back).map_err(|_| self.fail(place, "a table without slots"))?;
        let length = usize::from(u16::from_le_bytes(self.array(slots)?));
        if length < 4 || length % 2 != 0 {
            return Err(self.fail(slots, "slots of a strange length"));
        }
        Ok(Table { flat: self, place, slots, count: length / 2 - 2 })
    }

    /// Counts what is read.
    fn count(&self, place: usize, bytes: usize) -> Result<()> {
        let left = self.left.get().checked_sub(bytes);
        self.left.set(left.ok_or_else(|| self.fail(place, "its parts are named more often than the file is long"))?);
        Ok(())
    }
}

impl<'f, 'a> Table<'f, 'a> {
    /// Where the part in a slot stands; `None` where it is left out.
    fn part(&self, slot: usize) -> Result<Option<usize>> {
        if slot >= self.count {
            return Ok(None);
        }
        let ahead = u16::from_le_bytes(self.flat.array(self.slots + 4 + 2 * slot)?);
        Ok((ahead != 0).then(|| self.place + usize::from(ahead)))
    }

    /// The bytes of a number in a slot.
    pub(super) fn number<const N: usize>(&self, slot: usize) -> Result<Option<[u8; N]>> {
        self.part(slot)?.map(|place| self.flat.array(place)).transpose()
    }

    /// A table in a slot.
    pub(super) fn table(&self, slot: usize) -> Result<Option<Table<'f, 'a>>> {
        self.part(slot)?.map(|place| self.flat.table(self.flat.target(place)?)).transpose()
    }

    /// Where a list in a slot stands, and its length.
    fn list_at(&self, slot: usize, width: usize) -> Result<Option<(usize, &'a [u8])>> {
        let Some(place) = self.part(slot)? else { return Ok(None) };
        let place = self.flat.target(place)?;
        let count = u32::from_le_bytes(self.flat.array(place)?) as usize;
        let first = place + 4;
        let end = count.checked_mul(width).and_then(|length| first.checked_add(length));
        let bytes = end.and_then(|end| self.flat.bytes.get(first..end));
        let bytes = bytes.ok_or_else(|| self.flat.fail(place, "a list that is longer than the model"))?;
        self.flat.count(place, bytes.len())?;
        Ok(Some((first, bytes)))
    }

    /// The entries of a list of numbers, by their bytes; none where it is left out.
    pub(super) fn list<const N: usize>(&self, slot: usize) -> Result<&'a [[u8; N]]> {
        Ok(self.list_at(slot, N)?.map_or(&[], |(_, bytes)| bytes.as_chunks::<N>().0))
    }

    /// The entries of a list of tables.
    pub(super) fn tables(&self, slot: usize) -> Result<Vec<Table<'f, 'a>>> {
        let Some((first, bytes)) = self.list_at(slot, 4)? else { return Ok(Vec::new()) };
        (0..bytes.len() / 4).map(|entry| self.flat.table(self.flat.target(first + 4 * entry)?)).collect()
    }

    /// A text; empty where it is left out.
    pub(super) fn text(&self, slot: usize) -> Result<&'a str> {
        let Some((place, bytes)) = self.list_at(slot, 1)? else { return Ok("") };
        std::str::from_utf8(bytes).map_err(|_| self.flat.fail(place, "a text that is not UTF-8"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table with a number, a list of two numbers and a slot that is left out.
    fn example() -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend(14u32.to_le_bytes());
        // Slots: their length, the table's length, and three places in it.
        bytes.extend([10u16, 12, 4, 8, 0].iter().flat_map(|number| number.to_le_bytes()));
        bytes.extend(10i32.to_le_bytes());
        bytes.extend(7i32.to_le_bytes());
        bytes.extend(4u32.to_le_bytes());
        bytes.extend([2u32, 5, 6].iter().flat_map(|number| number.to_le_bytes()));
        bytes
    }

    #[test]
    fn parts_are_found_by_their_slots() {
        let bytes = example();
        let flat = Flat::new(&bytes, 8);
        let root = flat.root().unwrap();
        assert_eq!(root.number::<4>(0).unwrap().map(i32::from_le_bytes), Some(7));
        assert_eq!(root.list::<4>(1).unwrap(), [5u32.to_le_bytes(), 6u32.to_le_bytes()]);
        assert!(root.number::<4>(2).unwrap().is_none() && root.list::<8>(9).unwrap().is_empty());
    }

    #[test]
    fn what_is_cut_or_leads_out_is_told_with_its_byte() {
        let bytes = example();
        for length in 0..bytes.len() {
            let flat = Flat::new(&bytes[..length], 8);
            let read = flat.root().and_then(|root| root.number::<4>(0).and_then(|_| root.list::<4>(1).map(|_| ())));
            assert!(read.unwrap_err().to_string().contains("byte"), "{length}");
        }
        let mut longer = bytes.clone();
        longer[26] = 200;
        let flat = Flat::new(&longer, 8);
        assert!(flat.root().unwrap().list::<4>(1).unwrap_err().to_string().contains("byte 34: a list that is longer"));
    }

    #[test]
    fn a_list_that_is_named_often_is_counted_often() {
        let mut bytes = example();
        let count = bytes.len() - 26 - 4;
        bytes.extend(vec![0; 400]);
        bytes[26..30].copy_from_slice(&((count + 400) as u32).to_le_bytes());
        let flat = Flat::new(&bytes, 8);
        let root = flat.root().unwrap();
        let reads = (0..3).map(|_| root.text(1).map(|_| ())).collect::<Result<Vec<_>>>();
        assert!(reads.unwrap_err().to_string().contains("more often"));
    }
}
