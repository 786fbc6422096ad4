//! Python's pickle, protocols 0 to 5 and joblib's form of it, as data: read without executing anything,
//! written in protocol 4.
//!
//! [`read`] and the writers are the doors for tree models; what the objects mean is said in
//! [`super::sklearn`].

pub(super) mod boosters;
mod extent;
mod instances;
mod joblib;
mod lines;
mod machine;
mod printer;
mod rewrite;

use std::borrow::Cow;
use std::io::Read;

use bzip2::bufread::BzDecoder;
use flate2::bufread::{GzDecoder, ZlibDecoder};
use lz4_flex::frame::FrameDecoder;
use lzma_rust2::{LzmaReader, XzReader};

use super::content::{self, Content};
use super::inflate::{allowance, read_to_end};
use super::inspect::Format;
use super::read_model::{ReadOptions, ReadTrees};
use super::sklearn::{self, Forest, ForestHyperparameters};
use crate::error::{Error, ErrorKind, Result};
use crate::trees::TreeEnsemble;

use machine::{Unfollowed, parse};
use printer::print;

/// Reads a pickled tree model: scikit-learn's forests, single decision trees and histogram gradient
/// boosting without categories, alone or behind the steps of a pipeline; XGBoost's and LightGBM's boosters, bare or inside their scikit-learn
/// wrappers, cut to the best iteration as the wrapper's `predict` is.
///
/// Errors: [`BadModelFile`](crate::error::ErrorKind::BadModelFile) with the byte or the part of the
/// model where it stops to be one. Nothing in the file is executed; names outside the allow-list are
/// refused; memory stays in proportion to the file.
pub fn read(bytes: &[u8]) -> Result<TreeEnsemble> {
    read_as(bytes, ReadOptions::default())?.alone()
}

/// Like [`read`], as `options` say.
pub(super) fn read_as(bytes: &[u8], options: ReadOptions) -> Result<ReadTrees> {
    let bytes = decompressed(bytes)?;
    let (arena, root) = machine::parse_with_strangers(&bytes)?;
    sklearn::read_model(arena.view(root, "model"), bytes.len(), options)
}

/// Whether only joblib loads these bytes: they are compressed, or arrays stand between the opcodes.
pub fn is_joblib(bytes: &[u8]) -> bool {
    !matches!(bytes, [0x80 | b'c', ..]) || memchr::memmem::find(bytes, b"joblib.numpy_pickle").is_some()
}

/// What joblib wrote as a pickle that Python's own module loads, which means the same object: compression is taken off, and
/// arrays stand where numpy pickles them.
///
/// Errors: those of [`read`] that are about the file, not the model.
pub fn without_joblib(bytes: &[u8]) -> Result<Vec<u8>> {
    let plain = decompressed(bytes)?;
    if is_joblib(&plain) { machine::rewritten(&plain) } else { Ok(plain.into_owned()) }
}

/// The library's own file of a booster that stands alone in a pickle, with its form; `None` for anything else, which scikit-learn's
/// way of loading suits.
///
/// Errors: those of [`read`]; a booster whose own file would answer otherwise than the pickle.
pub fn native_booster(bytes: &[u8]) -> Result<Option<(Format, Vec<u8>)>> {
    let plain = decompressed(bytes)?;
    let (arena, root) = machine::parse_with_strangers(&plain)?;
    boosters::native(&arena.view(root, "model"))
}

/// Whether a pickle goes on to its own end, whatever it holds. Nothing of it is executed.
///
/// Errors: [`BadModelFile`](crate::error::ErrorKind::BadModelFile) with the byte; damaged compression.
pub(super) fn ends(bytes: &[u8]) -> Result<()> {
    extent::ends(&decompressed(bytes)?)
}

/// What a pickle holds, whoever made it; `None` where that cannot be told. Nothing of it is executed.
///
/// Errors: a name that runs commands as Python loads the file, with its byte; damaged compression.
pub(super) fn content(bytes: &[u8]) -> Result<Option<Content>> {
    let plain = decompressed(bytes)?;
    match machine::outlined(&plain) {
        Ok((arena, root)) => Ok(Some(content::of_object(&arena.view(root, "model")))),
        Err(Unfollowed::Runs(error)) => Err(Error::new(ErrorKind::BadModelFile, "this file runs commands when Python loads it")
            .because(error)
            .hint("nothing in it was executed; take models only from who made them, and have the model alone saved again")),
        Err(Unfollowed::Unknown) => Ok(None),
    }
}

/// Reads a forest with its hyperparameters: what [`write_forest`] writes again.
pub fn read_forest(bytes: &[u8]) -> Result<Forest> {
    let bytes = decompressed(bytes)?;
    let (arena, root) = parse(&bytes)?;
    sklearn::read_forest(arena.view(root, "model"), bytes.len())
}

/// Largest dictionary of LZMA, in KiB; its own highest preset has 64 MiB.
const MOST_DICTIONARY_KIB: u32 = 96 * 1024;

/// The pickle inside what joblib may have compressed.
fn decompressed(bytes: &[u8]) -> Result<Cow<'_, [u8]>> {
    let limit = allowance(bytes.len());
    let whole = |reader: &mut dyn Read| read_to_end(reader, limit, "this joblib file").map(Cow::Owned);
    let damaged = |error: std::io::Error| {
        Error::new(ErrorKind::BadModelFile, format!("cannot decompress this joblib file: {error}"))
            .hint("save it again with `joblib.dump(model, path, compress=('zlib', 3))`")
    };
    match bytes {
        [0x78, ..] => whole(&mut ZlibDecoder::new(bytes)),
        [0x1f, 0x8b, ..] => whole(&mut GzDecoder::new(bytes)),
        [b'B', b'Z', b'h', ..] => whole(&mut BzDecoder::new(bytes)),
        [0xfd, b'7', b'z', ..] => whole(&mut XzReader::new_mem_limit(bytes, false, MOST_DICTIONARY_KIB)),
        [0x5d, 0, 0, ..] => whole(&mut LzmaReader::new_mem_limit(bytes, MOST_DICTIONARY_KIB, None).map_err(damaged)?),
        // The decoder takes a frame without its end for a whole one.
        [0x04, 0x22, 0x4d, 0x18, flags, rest @ ..] => {
            let checksum = if flags & 0x04 != 0 { 4 } else { 0 };
            if rest.len() < 8 + checksum || rest[rest.len() - checksum - 4..rest.len() - checksum] != [0; 4] {
                return Err(damaged(std::io::ErrorKind::UnexpectedEof.into()));
            }
            whole(&mut FrameDecoder::new(bytes))
        }
        _ => Ok(Cow::Borrowed(bytes)),
    }
}

/// Writes the pickle of the fitted scikit-learn estimator that answers as `ensemble` does: the layout
/// that scikit-learn 1.5 to 1.9 share, with names that numpy 1 and 2 know. `RandomForestRegressor`,
/// `RandomForestClassifier`, their `ExtraTrees` twins or `IsolationForest`, as task and family say.
///
/// Errors: [`Usage`](crate::error::ErrorKind::Usage) when the ensemble is of a form that no such
/// estimator has (a boosted one, `<` comparisons).
pub fn write_forest(ensemble: &TreeEnsemble, hyperparameters: &ForestHyperparameters) -> Result<Vec<u8>> {
    let (arena, root) = sklearn::forest_object(ensemble, hyperparameters)?;
    Ok(print(&arena, root))
}
