//! Which layer said a value.

use std::fmt;
use std::path::PathBuf;

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Flag(&'static str),
    Environment(&'static str),
    File { path: PathBuf, line: usize },
    Context { name: String, path: PathBuf, line: usize },
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Flag(name) => write!(f, "{name}"),
            Origin::Environment(name) => write!(f, "environment {name}"),
            Origin::File { path, line } => write!(f, "{}:{line}", path.display()),
            Origin::Context { name, path, line } => write!(f, "context {name}, {}:{line}", path.display()),
            Origin::Default => write!(f, "default"),
        }
    }
}
