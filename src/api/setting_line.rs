//! A setting as it may be shown.

use serde::{Deserialize, Serialize};

/// One setting in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingLine {
    /// Its name, such as `window_days`.
    pub key: String,
    /// Its value, with secrets masked.
    pub value: String,
    /// The flag, variable or line of a file that says so.
    pub origin: String,
}
