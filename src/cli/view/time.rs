//! Points in time as a screen shows them, and the clock that a document is dated by.

use jiff::Timestamp;

use crate::base::duration;

pub use crate::base::time::{minute, parse_moment as parse, rfc3339};

/// A moment, or how long ago it was: `7d`. Milliseconds since the epoch.
///
/// # Errors
/// A sentence that says what to write.
pub fn parse_since(text: &str) -> Result<i64, String> {
    match duration::parse(text) {
        Ok(length) => Ok(Timestamp::now().as_millisecond().saturating_sub(i64::try_from(length.as_millis()).unwrap_or(i64::MAX))),
        Err(_) => parse(text).map_err(|why| format!("{why}, or a length of time such as 7d")),
    }
}

/// Now, RFC 3339 in UTC with seconds.
pub fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
