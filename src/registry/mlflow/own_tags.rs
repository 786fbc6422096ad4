//! What hivectl keeps of a version in the version's tags, so that no other request is needed to read it.
//!
//! MLflow 2.19 keeps 5,000 letters of a tag, so long records are cut into numbered pieces.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::lifecycle::Artifact;

/// The longest value that every server keeps whole.
pub(super) const LONGEST_VALUE: usize = 5000;

/// Sizes and digests of the files.
const FILES: &str = "hivectl.files";

/// The metrics.
const METRICS: &str = "hivectl.recorded_metrics";

/// The parameters.
const PARAMS: &str = "hivectl.recorded_params";

/// The stages that the version went through ([`super::moves`]).
pub(super) const MOVES: &str = "hivectl.moves";

/// A move that was begun.
pub(super) const MOVING: &str = "hivectl.moving";

/// What made the version, so that a lost answer can be asked for again.
pub(super) const OPERATION: &str = "hivectl.operation";

/// What is recorded of a version in its tags.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    pub(super) artifacts: Vec<Artifact>,
    /// `None` for a version that another tool made.
    pub(super) metrics: Option<BTreeMap<String, f64>>,
    pub(super) params: Option<BTreeMap<String, String>>,
}

/// Takes hivectl's records out of a version's tags; what is left is for people.
pub(super) fn take(tags: &mut BTreeMap<String, String>) -> Recorded {
    let files: Option<BTreeMap<String, (u64, String)>> = take_record(tags, FILES);
    let artifacts = files.unwrap_or_default().into_iter().map(|(path, (size_bytes, sha256))| Artifact { path, size_bytes, sha256 });
    Recorded { artifacts: artifacts.collect(), metrics: take_record(tags, METRICS), params: take_record(tags, PARAMS) }
}

/// The tags that record files, metrics and parameters.
pub(super) fn record(artifacts: &[Artifact], metrics: &BTreeMap<String, f64>, params: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let files: BTreeMap<&str, (u64, &str)> =
        artifacts.iter().map(|file| (file.path.as_str(), (file.size_bytes, file.sha256.as_str()))).collect();
    [pieces(FILES, &files), metrics_record(metrics), pieces(PARAMS, params)].into_iter().flatten().collect()
}

/// The tags that record metrics.
pub(super) fn metrics_record(metrics: &BTreeMap<String, f64>) -> Vec<(String, String)> {
    let finite: BTreeMap<&str, f64> =
        metrics.iter().filter(|(_, value)| value.is_finite()).map(|(name, value)| (name.as_str(), *value)).collect();
    pieces(METRICS, &finite)
}

/// The first piece has the key itself, the others a number behind it.
fn piece_key(key: &str, piece: usize) -> String {
    if piece == 0 { key.to_owned() } else { format!("{key}.{piece}") }
}

fn pieces(key: &str, value: &impl Serialize) -> Vec<(String, String)> {
    // A record is made of texts and finite numbers, which always have a JSON form.
    let text = serde_json::to_string(value).unwrap_or_default();
    let mut rest = text.as_str();
    let mut found = Vec::new();
    while !rest.is_empty() {
        let mut end = rest.len().min(LONGEST_VALUE);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        found.push((piece_key(key, found.len()), rest[..end].to_owned()));
        rest = &rest[end..];
    }
    found
}

/// A record that is damaged reads as one that is not there: what it would say is then not claimed.
fn take_record<T: DeserializeOwned>(tags: &mut BTreeMap<String, String>, key: &str) -> Option<T> {
    let mut text = String::new();
    for piece in 0.. {
        match tags.remove(&piece_key(key, piece)) {
            Some(value) => text.push_str(&value),
            None => break,
        }
    }
    serde_json::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artifact(number: usize) -> Artifact {
        Artifact { path: format!("folder/ä file {number}"), size_bytes: number as u64, sha256: "a".repeat(64) }
    }

    #[test]
    fn records_of_any_length_are_read_as_they_were_written() {
        for count in [0, 1, 7, 200] {
            let artifacts: Vec<Artifact> = (100..100 + count).map(artifact).collect();
            let metrics = BTreeMap::from([("mae".to_owned(), 0.1), ("nothing".to_owned(), f64::NAN)]);
            let params = BTreeMap::from([("seed".to_owned(), "42".to_owned())]);
            let written = record(&artifacts, &metrics, &params);
            assert!(written.iter().all(|(_, value)| value.len() <= LONGEST_VALUE));
            let mut tags: BTreeMap<String, String> = written.into_iter().collect();
            tags.insert("team".to_owned(), "blue".to_owned());
            let read = take(&mut tags);
            assert_eq!(read.artifacts, artifacts);
            assert_eq!(read.metrics, Some(BTreeMap::from([("mae".to_owned(), 0.1)])));
            assert_eq!(read.params, Some(params));
            assert_eq!(tags.keys().collect::<Vec<_>>(), ["team"]);
        }
    }

    #[test]
    fn a_record_that_was_cut_is_none() {
        let mut tags: BTreeMap<String, String> =
            record(&(0..200).map(artifact).collect::<Vec<_>>(), &BTreeMap::new(), &BTreeMap::new()).into_iter().collect();
        tags.remove("hivectl.files.1");
        assert!(take(&mut tags).artifacts.is_empty());
        assert_eq!(take(&mut BTreeMap::new()).metrics, None);
    }
}
