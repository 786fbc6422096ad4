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

/// The `most` candidates that are nearest to `word`, the nearest first, however far; ties in the order of the candidates.
/// Candidates that share a word of four letters with it come before others.
pub fn nearest_of_all<'a>(word: &str, most: usize, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = word.to_lowercase();
    let parts: Vec<&str> = word.split(|letter: char| !letter.is_alphanumeric()).filter(|part| part.len() >= 4).collect();
    let distance = |candidate: &str| {
        let candidate = candidate.to_lowercase();
        let shares = parts.iter().any(|part| candidate.contains(part));
        (!shares, strsim::levenshtein(&word, &candidate))
    };
    let mut all: Vec<((bool, usize), &str)> = candidates.into_iter().map(|candidate| (distance(candidate), candidate)).collect();
    all.sort_by_key(|(distance, _)| *distance);
    all.dedup_by_key(|(_, candidate)| *candidate);
    all.into_iter().take(most).map(|(_, candidate)| candidate).collect()
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

    #[test]
    fn there_are_always_as_many_near_ones_as_are_asked_for() {
        let names = ["rollback", "drift-critical", "false-drift", "restore"];
        assert_eq!(nearest_of_all("rolback", 2, names), ["rollback", "restore"]);
        assert_eq!(nearest_of_all("my drift", 2, names), ["false-drift", "drift-critical"]);
        assert_eq!(nearest_of_all("", 3, names).len(), 3);
    }
}
