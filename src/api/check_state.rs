//! What a check came to.

use serde::{Deserialize, Serialize};

/// What a check came to; in documents `pass`, `warn`, `fail` or `skipped`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum CheckState {
    /// Nothing is wrong.
    Pass,
    /// Look at it; nothing is broken.
    Warn,
    /// Something is broken.
    Fail,
    /// It could not be checked, or there is nothing to check.
    Skipped,
}

impl CheckState {
    /// The word of documents and screens.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
