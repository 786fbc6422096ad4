//! Units of time, and points in time as text: RFC 3339 in UTC for machines, minutes for people.
//!
//! Points in time are milliseconds since the epoch; nothing here reads the clock.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Milliseconds in an hour.
pub const MS_PER_HOUR: i64 = 3_600_000;
/// Milliseconds in a day of 24 hours; UTC has no other.
pub const MS_PER_DAY: i64 = 24 * MS_PER_HOUR;

/// `milliseconds` since the epoch as RFC 3339 in UTC, with the fraction of a second only where there is one; empty
/// when out of range (years -9999 to 9999).
pub fn rfc3339(milliseconds: i64) -> String {
    Timestamp::from_millisecond(milliseconds).map(|time| time.to_string()).unwrap_or_default()
}

/// As [`rfc3339`]; the number with its unit, `9223372036854775807 ms`, when out of range. For times that another
/// program wrote, where what it wrote tells more than nothing.
pub fn rfc3339_or_number(milliseconds: i64) -> String {
    match rfc3339(milliseconds) {
        text if text.is_empty() => format!("{milliseconds} ms"),
        text => text,
    }
}

/// As [`rfc3339`] with three digits of the second always, which makes a column of one width; `None` when out of range.
pub fn rfc3339_milliseconds(milliseconds: i64) -> Option<String> {
    Timestamp::from_millisecond(milliseconds).ok().map(|time| format!("{time:.3}"))
}

/// The beginning of the second in which `milliseconds` since the epoch lie, in the same unit; of a moment before the epoch too.
pub fn whole_second(milliseconds: i64) -> i64 {
    milliseconds.saturating_sub(milliseconds.rem_euclid(1000))
}

/// `milliseconds` since the epoch as `2026-01-31 23:59` in UTC; `-` when out of range.
pub fn minute(milliseconds: i64) -> String {
    match Timestamp::from_millisecond(milliseconds) {
        Ok(time) => time.to_zoned_datetime(TimeZone::UTC).strftime("%Y-%m-%d %H:%M").to_string(),
        Err(_) => "-".into(),
    }
}

/// Reads a moment: RFC 3339, or a date (its first instant in UTC). Milliseconds since the epoch.
///
/// # Errors
/// A sentence that says what to write.
pub fn parse_moment(text: &str) -> Result<i64, String> {
    let moment = text.parse::<Timestamp>().ok().or_else(|| {
        let date: jiff::civil::Date = text.parse().ok()?;
        date.to_zoned_datetime(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    });
    moment.map(|time| time.as_millisecond()).ok_or_else(|| format!("'{text}' is no moment; write 2026-01-31 or 2026-01-31T12:00:00Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_and_written() {
        assert_eq!(parse_moment("2026-01-31T12:00:00+02:00").map(rfc3339), Ok("2026-01-31T10:00:00Z".into()));
        assert_eq!(parse_moment("2026-01-31").map(minute), Ok("2026-01-31 00:00".into()));
        assert!(parse_moment("yesterday").is_err());
    }

    #[test]
    fn a_moment_that_no_calendar_has_is_told_in_each_way() {
        assert_eq!((rfc3339(i64::MAX), minute(i64::MAX)), (String::new(), "-".into()));
        assert_eq!(rfc3339_or_number(i64::MIN), "-9223372036854775808 ms");
        assert_eq!(rfc3339_milliseconds(i64::MAX), None);
    }

    #[test]
    fn a_fraction_is_written_where_there_is_one_or_always() {
        assert_eq!((rfc3339(0), rfc3339(1_500)), ("1970-01-01T00:00:00Z".into(), "1970-01-01T00:00:01.5Z".into()));
        assert_eq!(rfc3339_milliseconds(1_500).as_deref(), Some("1970-01-01T00:00:01.500Z"));
        assert_eq!(rfc3339_or_number(MS_PER_DAY), "1970-01-02T00:00:00Z");
        assert_eq!([1_999, -1, 0, i64::MIN].map(whole_second), [1_000, -1_000, 0, i64::MIN]);
    }
}
