//! Data that is not part of the project, where it is there.
#![allow(clippy::print_stdout, reason = "a skipped test says why")]

use std::path::{Path, PathBuf};

/// What is at `path` of the shared folder, or nothing with a word on why the test is skipped.
pub fn shared(path: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("HIVECTL_SHARED").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let found = Some(folder.join(path)).filter(|path| path.exists());
    if found.is_none() {
        println!("SKIPPED: {path} of the shared folder, which HIVECTL_SHARED names, is not there");
    }
    found
}
