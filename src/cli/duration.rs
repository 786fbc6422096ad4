//! Lengths of time as people type them.

use std::time::Duration;

/// Nobody means more than ten years.
const LONGEST: Duration = Duration::from_secs(3_650 * 86_400);

/// Reads `90`, `90s`, `15m`, `6h`, `2d` (a bare number is seconds).
pub fn parse(text: &str) -> Result<Duration, String> {
    let split = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let number: u64 = number.parse().map_err(|_| format!("'{text}' is no length of time; write 30s, 15m, 6h or 2d"))?;
    let seconds = match unit {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(format!("'{unit}' is no unit of time; write s, m, h or d")),
    };
    let length = number.checked_mul(seconds).map(Duration::from_secs).filter(|length| *length <= LONGEST);
    length.ok_or_else(|| format!("'{text}' is too long, 3650d is the most"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_units_and_refuses_the_rest() {
        assert_eq!(parse("90"), Ok(Duration::from_secs(90)));
        assert_eq!(parse("2d"), Ok(Duration::from_secs(172_800)));
        assert!(parse("2w").is_err() && parse("").is_err() && parse("-1s").is_err());
        assert!(parse("99999999999999999999d").is_err() && parse("3651d").is_err());
    }
}
