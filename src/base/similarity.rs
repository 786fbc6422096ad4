//! Which known name a mistyped one means.

/// The candidate with the smallest edit distance to `word`, where that is at most a third of the
/// word's length (and at least one letter agrees); `None` when none is near. Ties: the first.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::levenshtein(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= limit || (word.len() >= 4 && candidate.starts_with(word)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_nearest_and_nothing_when_none_is_near() {
        let names = ["ticket-duration-predictor", "ticket-anomaly-detector"];
        assert_eq!(nearest("ticket-duration-predicter", names), Some("ticket-duration-predictor"));
        assert_eq!(nearest("ticket-anomaly", names), Some("ticket-anomaly-detector"));
        assert_eq!(nearest("load", names), None);
        assert_eq!(nearest("", names), None);
    }
}
