//! Zip archives: the folder inside a skops file.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write;

use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveWriter};

use super::inflate::{allowance, read_to_end};
use crate::error::{Error, ErrorKind, Result};

/// The files of an archive by name, verified against their checksums.
///
/// Errors: [`ErrorKind::BadModelFile`] for a damaged archive, another compression than none and
/// deflate, a name that occurs twice, or more data than an archive of its size may hold.
pub(super) fn unpack(bytes: &[u8]) -> Result<HashMap<String, Cow<'_, [u8]>>> {
    let bad = |cause: &dyn std::fmt::Display| {
        Error::new(ErrorKind::BadModelFile, format!("cannot read this zip archive of {} bytes", bytes.len())).because(cause)
    };
    let archive = ZipArchive::from_slice(bytes).map_err(|error| bad(&error))?;
    let mut left = allowance(bytes.len());
    let mut files = HashMap::new();
    let mut entries = archive.entries();
    while let Some(entry) = entries.next_entry().map_err(|error| bad(&error))? {
        let name = String::from_utf8_lossy(entry.file_path().as_ref()).into_owned();
        let found = archive.get_entry(entry.wayfinder()).map_err(|error| bad(&error))?;
        let (start, end) = found.compressed_data_range();
        let packed = usize::try_from(start).ok().zip(usize::try_from(end).ok()).and_then(|(start, end)| bytes.get(start..end));
        let packed = packed.ok_or_else(|| bad(&format_args!("{name} lies outside the file")))?;
        let data = match entry.compression_method() {
            CompressionMethod::STORE => {
                read_to_end(found.verifying_reader(packed), packed.len(), &name).map(drop)?;
                Cow::Borrowed(packed)
            }
            CompressionMethod::DEFLATE => Cow::Owned(read_to_end(found.verifying_reader(DeflateDecoder::new(packed)), left, &name)?),
            other => return Err(bad(&format_args!("{name} is compressed by {other:?}"))),
        };
        left = left.checked_sub(data.len()).ok_or_else(|| bad(&"more data than a model of this size holds"))?;
        if files.insert(name.clone(), data).is_some() {
            return Err(bad(&format_args!("{name} stands twice")));
        }
    }
    Ok(files)
}

/// An archive of uncompressed files, in the given order.
///
/// Errors: [`ErrorKind::Internal`] for a name that no archive takes.
pub(super) fn pack(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>> {
    let internal = |error: rawzip::Error| Error::new(ErrorKind::Internal, "cannot write a zip archive").because(error);
    let mut archive = ZipArchiveWriter::new(Vec::new());
    for (name, data) in files {
        let (mut entry, config) = archive.new_file(name).compression_method(CompressionMethod::STORE).start().map_err(internal)?;
        let mut writer = config.wrap(&mut entry);
        writer.write_all(data).map_err(|error| Error::new(ErrorKind::Internal, "cannot write a zip archive").because(error))?;
        let (_, descriptor) = writer.finish().map_err(internal)?;
        entry.finish(descriptor).map_err(internal)?;
    }
    archive.finish().map_err(internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked_and_damage_is_seen() {
        let files = vec![("a.npy".to_owned(), vec![1, 2, 3]), ("schema.json".to_owned(), b"{}".to_vec())];
        let bytes = pack(&files).unwrap();
        let unpacked = unpack(&bytes).unwrap();
        assert_eq!(unpacked["a.npy"].as_ref(), [1, 2, 3]);
        assert_eq!(unpacked.len(), 2);
        let place = bytes.windows(3).position(|window| window == [1, 2, 3]).unwrap();
        let mut damaged = bytes.clone();
        damaged[place] = 9;
        assert!(unpack(&damaged).is_err());
        assert!(unpack(&bytes[..bytes.len() - 1]).is_err());
        let twice = pack(&[files[0].clone(), files[0].clone()]).unwrap();
        assert!(unpack(&twice).unwrap_err().to_string().contains("a.npy stands twice"));
    }
}
