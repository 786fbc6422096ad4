//! Lengths of time as people type them.

use std::time::Duration;

use jiff::SpanRelativeTo;
use jiff::fmt::friendly::SpanParser;

/// Nobody means more than ten years.
const LONGEST: Duration = Duration::from_secs(3_650 * 86_400);

/// Reads `90` (seconds), `90s`, `15m`, `6h`, `2d`, and what else the friendly format of `jiff` knows, such as
/// `1h30m`, `2 weeks` or `90 seconds`. A day has 24 hours.
///
/// # Errors
/// A sentence that says what to write: for what is no length of time, an unknown unit (months and years differ in
/// length and are none), and more than ten years.
pub fn parse(text: &str) -> Result<Duration, String> {
    let (number, unit) = text.split_at(text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len()));
    let number: u64 = number.parse().map_err(|_| format!("'{text}' is no length of time; write 30s, 15m, 6h or 2d"))?;
    let too_long = || format!("'{text}' is too long, 3650d is the most");
    let length = match unit {
        "" => Duration::from_secs(number),
        _ => {
            let span = SpanParser::new().parse_span(text);
            let length = span.and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()));
            let unread = |_| if ["s", "m", "h", "d"].contains(&unit) { too_long() } else { unknown_unit(unit) };
            length.map_err(unread)?.try_into().map_err(|_| unknown_unit(unit))?
        }
    };
    if length <= LONGEST { Ok(length) } else { Err(too_long()) }
}

/// A length of time in its largest unit: days from two on, then hours, minutes, seconds.
///
/// ```
/// use std::time::Duration;
/// use hivectl::base::duration::in_words;
/// let words = [1, 60, 7_200, 172_799, 172_800].map(|seconds| in_words(Duration::from_secs(seconds)));
/// assert_eq!(words, ["1 second", "1 minute", "2 hours", "47 hours", "2 days"]);
/// ```
pub fn in_words(length: Duration) -> String {
    let seconds = length.as_secs();
    let (number, unit) = match seconds {
        172_800.. => (seconds / 86_400, "day"),
        3_600.. => (seconds / 3_600, "hour"),
        60.. => (seconds / 60, "minute"),
        _ => (seconds, "second"),
    };
    super::number::counted(number, unit)
}

fn unknown_unit(unit: &str) -> String {
    format!("'{unit}' is no unit of time; write s, m, h or d")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_units_and_refuses_the_rest() {
        assert_eq!(parse("90"), Ok(Duration::from_secs(90)));
        assert_eq!(parse("2d"), Ok(Duration::from_secs(172_800)));
        assert_eq!(parse("1h30m"), parse("90 minutes"));
        assert_eq!((parse("2w"), parse("3650d")), (parse("14d"), Ok(LONGEST)));
        let refused = |text: &str| parse(text).expect_err(text);
        assert_eq!(refused("2x"), "'x' is no unit of time; write s, m, h or d");
        assert_eq!(refused("1y"), "'y' is no unit of time; write s, m, h or d");
        for text in ["", "-1s", "a day", "99999999999999999999d"] {
            assert_eq!(refused(text), format!("'{text}' is no length of time; write 30s, 15m, 6h or 2d"));
        }
        for text in ["3651d", "18446744073709551615d", "99999999999"] {
            assert_eq!(refused(text), format!("'{text}' is too long, 3650d is the most"));
        }
    }
}
