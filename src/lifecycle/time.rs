//! How a time is written.

/// A time in milliseconds since the epoch, as RFC 3339 in UTC.
pub(crate) fn rfc3339(milliseconds: i64) -> String {
    jiff::Timestamp::from_millisecond(milliseconds).map_or_else(|_| format!("{milliseconds} ms"), |time| time.to_string())
}
