//! LightGBM's own model file: text, a line a list, a block a tree.

mod reading;
mod writing;

pub use reading::read;
pub use writing::write;

/// Whether a text that begins as LightGBM's holds a tree.
pub(super) fn has_trees(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"\nTree=").is_some()
}

/// Flags of a split in `decision_type`.
const BY_CATEGORY: u32 = 1;
const DEFAULT_LEFT: u32 = 2;
/// What is missing, in the bits above: nothing (NaN counts as 0), zero and NaN, or NaN.
const MISSING_SHIFT: u32 = 2;
const MISSING_NONE: u32 = 0;
const MISSING_ZERO: u32 = 1;
const MISSING_NAN: u32 = 2;
