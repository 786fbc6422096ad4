//! Numbers of things, in words.

/// `1 model`, `2 models`; for nouns whose plural ends with an s.
pub fn counted(count: impl TryInto<u64>, noun: &str) -> String {
    match count.try_into().unwrap_or(u64::MAX) {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn one_is_no_plural() {
        assert_eq!([0u32, 1, 2].map(|count| super::counted(count, "model")), ["0 models", "1 model", "2 models"]);
    }
}
