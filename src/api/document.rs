//! What every report has in common.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A report: what `-o json` holds under `data`.
///
/// `serde` reads back what it wrote. An absent value is null, a list of rows stands under `items`, and a number that is not
/// finite is null.
pub trait Document: Serialize + DeserializeOwned {
    /// Name and version of the form, such as `hivectl.ml.train/v1`.
    const SCHEMA: &'static str;

    /// The exit code of the process (README, "Exit codes"); 0 unless the report tells of something that scripts must see.
    fn exit_code(&self) -> u8 {
        0
    }
}
