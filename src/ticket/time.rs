//! Points in time as tickets write them, turned into milliseconds since the epoch.
//!
//! A plain number is seconds below 10¹¹ and milliseconds from there on: 10¹¹ seconds is the year
//! 5138 and 10¹¹ milliseconds is 3 March 1973, so no date of this platform is on the wrong side. A
//! number that lands outside 1970 to 2199 (microseconds, or milliseconds multiplied once more) is
//! refused: which mistake was made cannot be known, and a guess would move tickets in time.

use jiff::fmt::temporal::{DateTimeParser, PiecesOffset};
use jiff::tz::Offset;

use super::Problem;
use crate::base::time::MS_PER_HOUR;

/// Plain numbers from here on are milliseconds, smaller ones seconds.
pub const MILLISECONDS_FROM: f64 = 1e11;
/// The first millisecond that is too late: 2200-01-01T00:00:00Z.
pub const LATEST_MS: i64 = 7_258_118_400_000;

static PARSER: DateTimeParser = DateTimeParser::new();

/// A point in time and the hour its writer saw on the clock.
///
/// ```
/// use hivectl::ticket::time::Instant;
///
/// let noon = Instant::from_text("2026-01-01T12:00:00+01:00").expect("a date");
/// assert_eq!((noon.epoch_ms, noon.hour), (1_767_265_200_000, 12));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant {
    /// Milliseconds since the epoch, above 0 and below [`LATEST_MS`].
    pub epoch_ms: i64,
    /// Hour 0–23 in the offset it was written with, UTC where there was none.
    pub hour: u8,
}

impl Instant {
    /// From milliseconds since the epoch; the hour is UTC's.
    ///
    /// Errors: [`Problem::TimeOutOfRange`] outside 1970 to 2199.
    pub fn from_epoch_ms(epoch_ms: i64) -> Result<Instant, Problem> {
        Instant::checked(epoch_ms, epoch_ms.div_euclid(MS_PER_HOUR).rem_euclid(24) as u8)
    }

    /// From a plain number, seconds or milliseconds by its size (see the module).
    ///
    /// Errors: [`Problem::NotATime`] for NaN and infinity, [`Problem::TimeOutOfRange`].
    pub fn from_number(value: f64) -> Result<Instant, Problem> {
        Instant::from_epoch(if value.abs() < MILLISECONDS_FROM { value * 1000.0 } else { value })
    }

    /// From milliseconds since the epoch with any fraction.
    ///
    /// Errors: [`Problem::NotATime`] for NaN and infinity, [`Problem::TimeOutOfRange`].
    pub(super) fn from_epoch(epoch_ms: f64) -> Result<Instant, Problem> {
        if !epoch_ms.is_finite() {
            return Err(Problem::NotATime);
        }
        if epoch_ms.abs() >= LATEST_MS as f64 {
            return Err(Problem::TimeOutOfRange);
        }
        Instant::from_epoch_ms(epoch_ms.round() as i64)
    }

    /// What a clock of this offset shows.
    ///
    /// Errors: [`Problem::TimeOutOfRange`].
    pub(super) fn of(local: jiff::civil::DateTime, offset: Offset) -> Result<Instant, Problem> {
        let instant = offset.to_timestamp(local).map_err(|_| Problem::TimeOutOfRange)?;
        Instant::checked(instant.as_millisecond(), local.hour().unsigned_abs())
    }

    /// From a written-out time, in UTC where it has no offset: ISO 8601 and RFC 3339 with `T` or a space, RFC 2822, and what
    /// .NET (`/Date(1767265200000+0100)/`, a space before the offset) and Java (`Thu Jan 01 11:00:00 UTC 2026`) print.
    ///
    /// Errors: [`Problem::NotATime`], [`Problem::TimeOutOfRange`].
    pub fn from_text(text: &str) -> Result<Instant, Problem> {
        let text = text.trim();
        match Instant::from_iso(text) {
            Err(Problem::NotATime) => Instant::from_other_form(text),
            read => read,
        }
    }

    fn from_iso(text: &str) -> Result<Instant, Problem> {
        let pieces = PARSER.parse_pieces(text).map_err(|_| Problem::NotATime)?;
        let local = pieces.date().to_datetime(pieces.time().unwrap_or(jiff::civil::Time::midnight()));
        let offset = match pieces.offset() {
            Some(PiecesOffset::Numeric(numeric)) => numeric.offset(),
            Some(_) => Offset::UTC,
            // A zone's name without an offset would need a time-zone database to be read.
            None if pieces.time_zone_annotation().is_some() => return Err(Problem::NotATime),
            None => Offset::UTC,
        };
        Instant::of(local, offset)
    }

    /// What no ISO parser takes and some runtime prints.
    fn from_other_form(text: &str) -> Result<Instant, Problem> {
        if let Some(inner) = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")) {
            let sign = inner.bytes().skip(1).position(|byte| matches!(byte, b'+' | b'-')).map(|at| at + 1);
            let (number, zone) = inner.split_at(sign.unwrap_or(inner.len()));
            let instant = Instant::from_epoch_ms(number.parse().map_err(|_| Problem::NotATime)?)?;
            // The zone moves the clock, not the instant.
            let offset = if zone.is_empty() { Offset::UTC } else { offset_of(zone).ok_or(Problem::NotATime)? };
            return Instant::at(instant.epoch_ms, offset);
        }
        if let Ok(zoned) = jiff::fmt::rfc2822::DateTimeParser::new().parse_zoned_datetime(text) {
            return Instant::of(zoned.datetime(), zoned.offset());
        }
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        match words.as_slice() {
            // Java's Date: the zone stands before the year.
            [_, month, day, time, zone, year] => {
                let parsed = jiff::fmt::strtime::BrokenDownTime::parse("%b %d %H:%M:%S %Y", format!("{month} {day} {time} {year}"));
                let local = parsed.and_then(|parsed| parsed.to_datetime()).map_err(|_| Problem::NotATime)?;
                Instant::of(local, offset_of(zone).ok_or(Problem::NotATime)?)
            }
            [date, time, zone] => {
                offset_of(zone).ok_or(Problem::NotATime)?;
                let zone = if matches!(*zone, "UTC" | "GMT" | "Z") { "Z" } else { zone };
                Instant::from_iso(&format!("{date}T{time}{zone}"))
            }
            [date_time, zone] if date_time.contains(['T', 't']) => {
                offset_of(zone).ok_or(Problem::NotATime)?;
                let zone = if matches!(*zone, "UTC" | "GMT" | "Z") { "Z" } else { zone };
                Instant::from_iso(&format!("{date_time}{zone}"))
            }
            _ => Err(Problem::NotATime),
        }
    }

    fn at(epoch_ms: i64, offset: Offset) -> Result<Instant, Problem> {
        let local_ms = epoch_ms + i64::from(offset.seconds()) * 1000;
        Instant::checked(epoch_ms, local_ms.div_euclid(MS_PER_HOUR).rem_euclid(24) as u8)
    }

    fn checked(epoch_ms: i64, hour: u8) -> Result<Instant, Problem> {
        if epoch_ms <= 0 || epoch_ms >= LATEST_MS { Err(Problem::TimeOutOfRange) } else { Ok(Instant { epoch_ms, hour }) }
    }
}

/// `UTC`, `GMT`, `Z`, `+0100`, `+01:00` or `GMT+01:00`; a zone's name alone would need a time-zone database to be read.
fn offset_of(zone: &str) -> Option<Offset> {
    let numeric = zone.strip_prefix("GMT").or_else(|| zone.strip_prefix("UTC")).unwrap_or(zone);
    if matches!(numeric, "" | "Z") {
        return Some(Offset::UTC);
    }
    jiff::fmt::strtime::BrokenDownTime::parse(if numeric.contains(':') { "%:z" } else { "%z" }, numeric).ok()?.offset()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(epoch_ms: i64, hour: u8) -> Result<Instant, Problem> {
        Ok(Instant { epoch_ms, hour })
    }

    #[test]
    fn numbers_are_seconds_or_milliseconds_by_size() {
        assert_eq!(Instant::from_number(1_767_265_200_000.0), at(1_767_265_200_000, 11));
        assert_eq!(Instant::from_number(1_767_265_200.0), at(1_767_265_200_000, 11));
        assert_eq!(Instant::from_number(1_767_265_200.25), at(1_767_265_200_250, 11));
        assert_eq!(Instant::from_number(99_999_999_999.0), Err(Problem::TimeOutOfRange), "seconds of the year 5138");
        assert_eq!(Instant::from_number(1e11), at(100_000_000_000, 9), "the first number that is milliseconds");
    }

    #[test]
    fn dates_scaled_twice_or_before_the_epoch_are_refused() {
        for number in [1_767_265_200_000_000.0, 1.767e18, 0.0, -1.0, -1e300] {
            assert_eq!(Instant::from_number(number), Err(Problem::TimeOutOfRange), "{number}");
        }
        assert_eq!(Instant::from_number(f64::NAN), Err(Problem::NotATime));
    }

    #[test]
    fn text_keeps_the_hour_of_its_own_offset() {
        assert_eq!(Instant::from_text("2026-01-01T11:00:00Z"), at(1_767_265_200_000, 11));
        assert_eq!(Instant::from_text("2026-01-01T11:00:00"), at(1_767_265_200_000, 11));
        assert_eq!(Instant::from_text("2026-01-01 11:00:00+00:00"), at(1_767_265_200_000, 11));
        assert_eq!(Instant::from_text("2026-01-01T20:00:00.000001+09:00"), at(1_767_265_200_000, 20));
        assert_eq!(Instant::from_text("2026-01-01T05:30:00-0530"), at(1_767_265_200_000, 5));
        assert_eq!(Instant::from_text("2026-01-01"), at(1_767_225_600_000, 0));
    }

    #[test]
    fn what_net_and_java_print_is_read() {
        for (text, hour) in [
            ("2026-01-01T11:00:00+0000", 11),
            ("2026-01-01 11:00:00 +0000", 11),
            ("2026-01-01 11:00:00.0000000 +00:00", 11),
            ("2026-01-01 12:00:00 +0100", 12),
            ("2026-01-01 11:00:00 UTC", 11),
            ("2026-01-01T11:00:00.0000001Z", 11),
            ("2026-01-01T11:00:00.1230000Z", 11),
            ("2026-01-01T11:00Z", 11),
            ("2026-01-01T12:00:00+01:00[Europe/Paris]", 12),
            ("2026-01-01T11:00:00Z[UTC]", 11),
            ("/Date(1767265200000)/", 11),
            ("/Date(1767265200000+0200)/", 13),
            ("/Date(1767265200000-0500)/", 6),
            ("Thu Jan 01 11:00:00 UTC 2026", 11),
            ("Thu Jan 1 11:00:00 GMT+01:00 2026", 11),
            ("Thu, 1 Jan 2026 11:00:00 +0000", 11),
            ("Thu, 01 Jan 2026 11:00:00 GMT", 11),
        ] {
            let read = Instant::from_text(text);
            let moved = if text.contains("GMT+01:00") { -3_600_000 } else { i64::from(text.contains(".123")) * 123 };
            assert_eq!(read, at(1_767_265_200_000 + moved, hour), "{text}");
        }
        for text in
            ["Thu Jan 01 11:00:00 CET 2026", "/Date(soon)/", "/Date(1767265200000+x)/", "2026-01-01 11:00:00 noon", "a b c", "a b c d e f"]
        {
            assert_eq!(Instant::from_text(text), Err(Problem::NotATime), "{text}");
        }
    }

    #[test]
    fn text_that_is_no_date_is_refused() {
        for text in ["", "yesterday", "2026-13-01", "2026-01-01T25:00:00Z", "57000-01-01T00:00:00Z", "2026-01-01T11:00:00[Europe/Paris]"] {
            assert_eq!(Instant::from_text(text), Err(Problem::NotATime), "{text}");
        }
        assert_eq!(Instant::from_text("1969-12-31T23:59:59Z"), Err(Problem::TimeOutOfRange));
        assert_eq!(Instant::from_text("2200-01-01T00:00:00Z"), Err(Problem::TimeOutOfRange));
    }
}
