//! Points in time as a screen shows them, and the clock that a document is dated by.

use jiff::Timestamp;

pub use crate::base::time::{minute, parse_moment as parse, rfc3339};

/// Now, RFC 3339 in UTC with seconds.
pub fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
