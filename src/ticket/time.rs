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
        if !value.is_finite() {
            return Err(Problem::NotATime);
        }
        let epoch_ms = if value.abs() < MILLISECONDS_FROM { value * 1000.0 } else { value };
        if epoch_ms.abs() >= LATEST_MS as f64 {
            return Err(Problem::TimeOutOfRange);
        }
        Instant::from_epoch_ms(epoch_ms.round() as i64)
    }

    /// From ISO 8601 / RFC 3339 text: a date, or date and time with `T` or a space, with any offset;
    /// without an offset it is UTC.
    ///
    /// Errors: [`Problem::NotATime`], [`Problem::TimeOutOfRange`].
    pub fn from_text(text: &str) -> Result<Instant, Problem> {
        let pieces = PARSER.parse_pieces(text.trim()).map_err(|_| Problem::NotATime)?;
        let local = pieces.date().to_datetime(pieces.time().unwrap_or(jiff::civil::Time::midnight()));
        let offset = match pieces.offset() {
            Some(PiecesOffset::Numeric(numeric)) => numeric.offset(),
            Some(_) => Offset::UTC,
            // A zone's name without an offset would need a time-zone database to be read.
            None if pieces.time_zone_annotation().is_some() => return Err(Problem::NotATime),
            None => Offset::UTC,
        };
        let instant = offset.to_timestamp(local).map_err(|_| Problem::TimeOutOfRange)?;
        Instant::checked(instant.as_millisecond(), local.hour().unsigned_abs())
    }

    fn checked(epoch_ms: i64, hour: u8) -> Result<Instant, Problem> {
        if epoch_ms <= 0 || epoch_ms >= LATEST_MS { Err(Problem::TimeOutOfRange) } else { Ok(Instant { epoch_ms, hour }) }
    }
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
    fn text_that_is_no_date_is_refused() {
        for text in ["", "yesterday", "2026-13-01", "2026-01-01T25:00:00Z", "57000-01-01T00:00:00Z", "2026-01-01T11:00:00[Europe/Paris]"] {
            assert_eq!(Instant::from_text(text), Err(Problem::NotATime), "{text}");
        }
        assert_eq!(Instant::from_text("1969-12-31T23:59:59Z"), Err(Problem::TimeOutOfRange));
        assert_eq!(Instant::from_text("2200-01-01T00:00:00Z"), Err(Problem::TimeOutOfRange));
    }
}
