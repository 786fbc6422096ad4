//! How the times of tickets are written, where their looks alone do not settle it.

use std::str::FromStr;

use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::Offset;

use super::Problem;
use super::aside::EpochUnit;
use super::time::{Instant, MILLISECONDS_FROM};
use crate::error::{Error, ErrorKind, Result};

/// How times are read. Dates of a source's own type are what they are under each.
///
/// ```
/// use hivectl::ticket::TimeFormat;
///
/// assert_eq!("epoch-ms".parse::<TimeFormat>()?, TimeFormat::EpochMilliseconds);
/// assert_eq!("%d/%m/%Y %H:%M".parse::<TimeFormat>()?.to_string(), "%d/%m/%Y %H:%M");
/// assert!("yesterday".parse::<TimeFormat>().is_err());
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TimeFormat {
    /// Numbers are milliseconds or seconds by their size, texts are written-out times; a text of digits is none in a source
    /// that has numbers of its own.
    Typed,
    /// The same, and texts of digits are read like numbers where every value of a column is one of the same unit.
    #[default]
    Agreed,
    /// Each value by what it looks like.
    Auto,
    /// Milliseconds since the epoch, as numbers or texts, whatever their size.
    EpochMilliseconds,
    /// Seconds since the epoch, as numbers or texts, whatever their size.
    EpochSeconds,
    /// Written-out times alone.
    Iso,
    /// As [`strftime`](https://man7.org/linux/man-pages/man3/strftime.3.html) writes them; without an offset in UTC.
    Pattern(String),
}

/// Some time, to try patterns with.
const A_TIME: jiff::Timestamp = jiff::Timestamp::constant(1_795_437_296, 0);

impl FromStr for TimeFormat {
    type Err = Error;

    /// Reads `auto`, `epoch-ms`, `epoch-s`, `iso` or a pattern with `%`.
    ///
    /// Errors: [`ErrorKind::Usage`] for another word, and a pattern that no time can be read by.
    fn from_str(word: &str) -> Result<TimeFormat> {
        let none = |why: &str| {
            Error::new(ErrorKind::Usage, format!("'{}' is no form of times{why}", word.chars().take(60).collect::<String>().escape_debug()))
                .hint("the forms are auto, epoch-ms, epoch-s, iso, or a pattern such as '%d/%m/%Y %H:%M'")
        };
        Ok(match word {
            "auto" => TimeFormat::Auto,
            "epoch-ms" => TimeFormat::EpochMilliseconds,
            "epoch-s" => TimeFormat::EpochSeconds,
            "iso" => TimeFormat::Iso,
            pattern if pattern.contains('%') => {
                // Written and read again: what reads its own writing can be read by.
                let written = BrokenDownTime::from(A_TIME).to_string(pattern);
                match written.is_ok_and(|written| by_pattern(pattern, &written).is_ok()) {
                    true => TimeFormat::Pattern(pattern.to_owned()),
                    false => return Err(none(": no date can be read by it")),
                }
            }
            _ => return Err(none("")),
        })
    }
}

impl std::fmt::Display for TimeFormat {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            TimeFormat::Typed | TimeFormat::Agreed | TimeFormat::Auto => "auto",
            TimeFormat::EpochMilliseconds => "epoch-ms",
            TimeFormat::EpochSeconds => "epoch-s",
            TimeFormat::Iso => "iso",
            TimeFormat::Pattern(pattern) => pattern,
        })
    }
}

impl TimeFormat {
    /// A number; `written` is how it stands in the source.
    pub(super) fn read_number(&self, number: f64, written: impl Fn() -> String) -> std::result::Result<Instant, Problem> {
        match self {
            TimeFormat::Typed | TimeFormat::Agreed | TimeFormat::Auto => Instant::from_number(number),
            TimeFormat::EpochMilliseconds => Instant::from_epoch(number),
            TimeFormat::EpochSeconds => Instant::from_epoch(number * 1000.0),
            TimeFormat::Iso => Err(Problem::NotATime),
            TimeFormat::Pattern(pattern) => by_pattern(pattern, &written()),
        }
    }

    /// A text of a source whose numbers are texts.
    pub(super) fn read_cell(&self, text: &str) -> std::result::Result<Instant, Problem> {
        match (self, text.trim().parse()) {
            (TimeFormat::Iso, _) | (_, Err(_)) => self.read_text(text).map(|(instant, _)| instant),
            (_, Ok(number)) => self.read_number(number, || text.trim().to_owned()),
        }
    }

    /// A text of a source that has numbers of its own, and the unit where it is a number all the same.
    pub(super) fn read_text(&self, text: &str) -> std::result::Result<(Instant, Option<EpochUnit>), Problem> {
        match self {
            TimeFormat::Typed | TimeFormat::Iso => Ok((Instant::from_text(text)?, None)),
            TimeFormat::Pattern(pattern) => Ok((by_pattern(pattern, text.trim())?, None)),
            TimeFormat::Agreed | TimeFormat::Auto => match epoch(text) {
                // Eight digits are a day: seconds of that size are of the year 1973 and before.
                Some(number) if number.abs() >= 1e8 => {
                    let unit = if number.abs() < MILLISECONDS_FROM { EpochUnit::Seconds } else { EpochUnit::Milliseconds };
                    Ok((Instant::from_number(number)?, (*self == TimeFormat::Agreed).then_some(unit)))
                }
                _ => Ok((Instant::from_text(text)?, None)),
            },
            TimeFormat::EpochMilliseconds | TimeFormat::EpochSeconds => {
                let number = epoch(text).ok_or(Problem::NotATime)?;
                Ok((self.read_number(number, String::new)?, None))
            }
        }
    }
}

/// The number of a text of digits.
fn epoch(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') { text.parse().ok() } else { None }
}

fn by_pattern(pattern: &str, text: &str) -> std::result::Result<Instant, Problem> {
    let parsed = BrokenDownTime::parse(pattern, text).map_err(|_| Problem::NotATime)?;
    if let Some(timestamp) = parsed.timestamp() {
        return Instant::from_epoch_ms(timestamp.as_millisecond());
    }
    let date = parsed.to_date().map_err(|_| Problem::NotATime)?;
    let time = parsed.to_time().unwrap_or(jiff::civil::Time::midnight());
    Instant::of(date.to_datetime(time), parsed.offset().unwrap_or(Offset::UTC))
}

/// Patterns of written times that people use, the most frequent reading of each first.
const USUAL: [&str; 22] = [
    "%d/%m/%Y %H:%M:%S%.f",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S%.f",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%d.%m.%Y %H:%M:%S%.f",
    "%d.%m.%Y %H:%M",
    "%Y/%m/%d %H:%M:%S%.f",
    "%Y/%m/%d %H:%M",
    "%Y.%m.%d %H:%M:%S%.f",
    "%d-%m-%Y %H:%M:%S%.f",
    "%d-%m-%Y %H:%M",
    "%d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M",
    "%d-%b-%Y %H:%M:%S",
    "%b %d, %Y %I:%M:%S %p",
    "%b %d %Y %H:%M:%S",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%Y/%m/%d",
];

/// The usual patterns by which a text can be read, the likeliest first.
pub fn patterns_of(text: &str) -> impl Iterator<Item = &'static str> {
    let text = text.trim().to_owned();
    USUAL.into_iter().filter(move |pattern| by_pattern(pattern, &text).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_767_268_800_000;

    #[test]
    fn a_form_settles_what_looks_do_not() {
        let text = |form: &str, text: &str| form.parse::<TimeFormat>().expect(form).read_text(text).map(|(instant, _)| instant.epoch_ms);
        let number =
            |form: &str, number| form.parse::<TimeFormat>().expect(form).read_number(number, || number.to_string()).map(|at| at.epoch_ms);
        assert_eq!(text("%d/%m/%Y %H:%M", "01/01/2026 12:00"), Ok(NOON));
        assert_eq!(text("%d/%m/%Y %H:%M %z", "01/01/2026 13:00 +0100"), Ok(NOON));
        assert_eq!(text("%d/%m/%Y", "01/01/2026"), Ok(NOON - 12 * 3_600_000));
        assert_eq!(text("%d/%m/%Y", "2026-01-01"), Err(Problem::NotATime));
        assert_eq!((text("auto", "1767268800"), text("auto", "1767268800000")), (Ok(NOON), Ok(NOON)));
        assert_eq!((text("epoch-ms", "1767268800"), number("epoch-s", 1_767_268_800.0)), (Ok(1_767_268_800), Ok(NOON)));
        assert_eq!((text("epoch-s", "2026-01-01"), number("iso", 1e12)), (Err(Problem::NotATime), Err(Problem::NotATime)));
        assert_eq!(number("%Y%m%d", 20_260_101.0), Ok(NOON - 12 * 3_600_000));
        assert_eq!("%Y%m%d".parse::<TimeFormat>().expect("a form").read_cell("20260101").map(|at| at.hour), Ok(0));
        for word in ["", "ISO", "%H:%M", "%", "%Q", "%d/%m"] {
            assert_eq!(word.parse::<TimeFormat>().expect_err(word).kind(), ErrorKind::Usage);
        }
    }

    #[test]
    fn digits_in_a_text_are_told_with_their_unit() {
        let read = |text| TimeFormat::Agreed.read_text(text).map(|(at, unit)| (at.epoch_ms, unit));
        assert_eq!(read("1767268800000"), Ok((NOON, Some(EpochUnit::Milliseconds))));
        assert_eq!(read(" 1767268800.0 "), Ok((NOON, Some(EpochUnit::Seconds))));
        assert_eq!(read("20260101"), Ok((NOON - 12 * 3_600_000, None)), "a day");
        assert_eq!(TimeFormat::Typed.read_text("1767268800000"), Err(Problem::NotATime));
    }

    #[test]
    fn the_likeliest_pattern_is_found() {
        let found = |text| patterns_of(text).next();
        assert_eq!(found("03/04/2026 10:00"), Some("%d/%m/%Y %H:%M"));
        assert_eq!(found("03/14/2026 10:00"), Some("%m/%d/%Y %H:%M"));
        assert_eq!(found("3.4.2026 10:00:01"), Some("%d.%m.%Y %H:%M:%S%.f"));
        assert_eq!((found("soon"), found("")), (None, None));
    }
}
