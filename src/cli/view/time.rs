//! Points in time as text: RFC 3339 in UTC for machines, minutes for people.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Now, RFC 3339 in UTC with seconds.
pub fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// `milliseconds` since the epoch as RFC 3339 in UTC; empty when out of range.
pub fn rfc3339(milliseconds: i64) -> String {
    Timestamp::from_millisecond(milliseconds).map(|time| time.to_string()).unwrap_or_default()
}

/// `milliseconds` since the epoch as `2026-01-31 23:59` in UTC; `-` when out of range.
pub fn minute(milliseconds: i64) -> String {
    match Timestamp::from_millisecond(milliseconds) {
        Ok(time) => time.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M").to_string(),
        Err(_) => "-".into(),
    }
}

/// Reads a moment: RFC 3339, or a date (its first instant in UTC). Milliseconds since the epoch.
pub fn parse(text: &str) -> Result<i64, String> {
    let moment = text.parse::<Timestamp>().ok().or_else(|| {
        let date: jiff::civil::Date = text.parse().ok()?;
        date.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    });
    moment.map(|time| time.as_millisecond()).ok_or_else(|| format!("'{text}' is no moment; write 2026-01-31 or 2026-01-31T12:00:00Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_and_written() {
        assert_eq!(parse("2026-01-31T12:00:00+02:00").map(rfc3339), Ok("2026-01-31T10:00:00Z".into()));
        assert_eq!(parse("2026-01-31").map(minute), Ok("2026-01-31 00:00".into()));
        assert!(parse("yesterday").is_err());
        assert_eq!(minute(i64::MAX), "-");
    }
}
