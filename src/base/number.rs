//! Numbers as people read them.

use super::time::{MS_PER_DAY, MS_PER_HOUR};

/// With thousands separated: `1,234,567`.
pub fn count(number: impl TryInto<i64>) -> String {
    let number: i64 = number.try_into().unwrap_or(i64::MAX);
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

/// `1 model`, `2 models`; for nouns whose plural ends with an s.
pub fn counted(number: impl TryInto<u64>, noun: &str) -> String {
    match number.try_into().unwrap_or(u64::MAX) {
        1 => format!("1 {noun}"),
        number => format!("{number} {noun}s"),
    }
}

/// `one` or `many`, as the number before it wants it: `1 ticket judges`, `2 tickets judge`.
pub fn plural<'t>(number: impl TryInto<u64>, one: &'t str, many: &'t str) -> &'t str {
    if number.try_into().is_ok_and(|number| number == 1) { one } else { many }
}

/// Four significant figures at most, `-` when absent or not finite.
pub fn metric(value: Option<f64>) -> String {
    match value {
        Some(value) if value.is_finite() => match value.abs() {
            size if size >= 100.0 && value.fract() == 0.0 => count(value as i64),
            size if size >= 10_000.0 => count(value.round() as i64),
            size if size >= 100.0 => format!("{value:.1}"),
            size if size >= 10.0 => format!("{value:.2}"),
            _ => format!("{value:.3}"),
        },
        _ => "-".into(),
    }
}

/// A length of time: `850 ms`, `12.3 s`, `4 m 10 s`, `3 h 25 m`, `2 d 4 h`.
pub fn milliseconds(value: f64) -> String {
    if !value.is_finite() {
        return "-".into();
    }
    let seconds = (value / 1000.0).round() as i64;
    match value.abs() {
        size if size < 1_000.0 => format!("{value:.0} ms"),
        size if size < 60_000.0 => format!("{:.1} s", value / 1000.0),
        size if size < MS_PER_HOUR as f64 => format!("{} m {} s", seconds / 60, seconds.abs() % 60),
        size if size < MS_PER_DAY as f64 => format!("{} h {} m", seconds / 3600, seconds.abs() / 60 % 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds.abs() / 3600 % 24),
    }
}

/// Bytes: `512 B`, `6.4 MB` (powers of 1000).
pub fn bytes(size: u64) -> String {
    match size {
        0..1_000 => format!("{size} B"),
        1_000..1_000_000 => format!("{:.1} kB", size as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", size as f64 / 1e6),
        _ => format!("{:.1} GB", size as f64 / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!((count(1_234_567), count(-1234), count(999)), ("1,234,567".into(), "-1,234".into(), "999".into()));
        assert_eq!(metric(Some(4105.0)), "4,105");
        assert_eq!((metric(Some(0.70441)), metric(Some(12.345)), metric(Some(f64::NAN))), ("0.704".into(), "12.35".into(), "-".into()));
        assert_eq!(
            (milliseconds(850.0), milliseconds(250_000.0), milliseconds(12_300_000.0)),
            ("850 ms".into(), "4 m 10 s".into(), "3 h 25 m".into())
        );
        assert_eq!(bytes(6_400_000), "6.4 MB");
    }

    #[test]
    fn one_is_no_plural() {
        assert_eq!([0u32, 1, 2].map(|number| counted(number, "model")), ["0 models", "1 model", "2 models"]);
        assert_eq!([0i64, 1, 2, -1].map(|number| plural(number, "judges", "judge")), ["judge", "judges", "judge", "judge"]);
    }
}
