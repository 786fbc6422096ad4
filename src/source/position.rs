//! Where a ticket stood.

use std::fmt;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};

/// A line of a text file, or a row of a Parquet file, both counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourcePosition {
    /// The file as it was named; `-` is standard input.
    pub file: Arc<str>,
    pub line: u64,
}

impl fmt::Display for SourcePosition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.file, self.line)
    }
}

impl SourcePosition {
    /// A failure to read what stands here.
    pub(super) fn bad_input(&self, what: impl fmt::Display) -> Error {
        Error::new(ErrorKind::BadInput, format!("cannot read {self}: {what}"))
    }

    /// The command that shows the line.
    pub(super) fn look(&self) -> String {
        let SourcePosition { file, line } = self;
        if &**file == "-" {
            format!("save standard input to a file and look at line {line}")
        } else if file.ends_with(".gz") {
            format!("look at the line with `gzip -dc '{file}' | sed -n {line}p`")
        } else if file.ends_with(".zst") {
            format!("look at the line with `zstd -dc '{file}' | sed -n {line}p`")
        } else {
            format!("look at the line with `sed -n {line}p '{file}'`")
        }
    }
}
