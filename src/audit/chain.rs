//! The chain: each record carries the digest of the one before it.

use super::Record;
use crate::base::number::{counted, plural};
use crate::base::sha256_hex;
use crate::error::{Error, ErrorKind, Result};

/// What the first record carries in place of a digest.
pub const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A record as it is stored: its text, and the digest of that text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub sequence: u64,
    /// The record as JSON.
    pub text: String,
    /// SHA-256 of `text`, lower-case hexadecimal.
    pub hash: String,
}

impl Link {
    /// The stored form of a record.
    pub fn of(record: &Record) -> Result<Link> {
        let text = serde_json::to_string(record)
            .map_err(|source| Error::new(ErrorKind::Internal, "cannot write an audit record").because(source))?;
        Ok(Link { sequence: record.sequence, hash: sha256_hex(text.as_bytes()), text })
    }

    /// A short name for the record that also says what is in it: `42-9f86d081`.
    pub fn id(&self) -> String {
        format!("{}-{}", self.sequence, &self.hash[..self.hash.len().min(8)])
    }

    /// The record inside.
    pub fn record(&self) -> Result<Record> {
        serde_json::from_str(&self.text).map_err(|source| broken(self.sequence, &format!("its text is no record: {source}")))
    }
}

/// The end of the chain, kept apart from it, so that records cut off its end are missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub sequence: u64,
    pub hash: String,
}

impl Head {
    /// The end of an empty chain.
    pub fn none() -> Head {
        Head { sequence: 0, hash: BEGINNING.to_owned() }
    }
}

/// Checks every link from the first to `head`; answers with the number of records.
///
/// Errors: [`ErrorKind::InvariantBroken`] naming the first record that is not what was written.
pub fn verify(links: impl IntoIterator<Item = Link>, head: &Head) -> Result<u64> {
    let mut last = Head::none();
    for link in links {
        let expected = last.sequence + 1;
        if link.sequence != expected {
            return Err(broken(expected, &format!("it is missing, record {} follows", link.sequence)));
        }
        if sha256_hex(link.text.as_bytes()) != link.hash {
            return Err(broken(expected, "its text is not the one that its digest was made of"));
        }
        let record = link.record()?;
        if record.sequence != expected {
            return Err(broken(expected, &format!("it says of itself that it is record {}", record.sequence)));
        }
        if record.previous != last.hash {
            return Err(broken(expected, "the record before it is not the one it was written after"));
        }
        last = Head { sequence: link.sequence, hash: link.hash };
    }
    if last.sequence < head.sequence {
        return Err(broken(
            last.sequence + 1,
            &format!("it is missing, {} {} written", counted(head.sequence, "record"), plural(head.sequence, "was", "were")),
        ));
    }
    if last != *head {
        return Err(broken(last.sequence, "it is not the record that the log was ended with"));
    }
    Ok(last.sequence)
}

fn broken(sequence: u64, how: &str) -> Error {
    Error::new(ErrorKind::InvariantBroken, format!("the audit log is broken at record {sequence}"))
        .because(how)
        .hint("compare with a backup of the registry; what stands before this record is as it was written")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{Action, Actor, Phase, RecordedState};

    fn chain(length: u64) -> (Vec<Link>, Head) {
        let mut head = Head::none();
        let links = (1..=length)
            .map(|sequence| {
                let link = Link::of(&Record {
                    sequence,
                    previous: head.hash.clone(),
                    at: "2026-01-01T00:00:00Z".into(),
                    phase: Phase::Intent,
                    intent: None,
                    action: Action::Tag,
                    model: "m".into(),
                    version: Some(1),
                    before: RecordedState::default(),
                    after: RecordedState::default(),
                    reason: None,
                    evidence: serde_json::Value::Null,
                    actor: Actor::default(),
                    success: None,
                    failure: None,
                    duration_ms: None,
                    tool: "0".into(),
                })
                .expect("written");
                head = Head { sequence, hash: link.hash.clone() };
                link
            })
            .collect();
        (links, head)
    }

    #[test]
    fn a_chain_as_written_holds() {
        for length in [0, 1, 5] {
            let (links, head) = chain(length);
            assert_eq!(verify(links, &head).expect("whole"), length);
        }
    }

    #[test]
    fn the_first_broken_link_is_named() {
        let (links, head) = chain(5);
        let broken_at = |links: Vec<Link>| verify(links, &head).expect_err("broken").message().to_owned();
        for at in 0..5 {
            let mut altered = links.clone();
            altered[at].text = altered[at].text.replace("\"m\"", "\"n\"");
            assert_eq!(broken_at(altered.clone()), format!("the audit log is broken at record {}", at + 1));
            // With its digest made anew the next record, or the end, gives it away.
            altered[at].hash = sha256_hex(altered[at].text.as_bytes());
            assert_eq!(broken_at(altered), format!("the audit log is broken at record {}", (at + 2).min(5)));
            let mut removed = links.clone();
            removed.remove(at);
            assert_eq!(broken_at(removed), format!("the audit log is broken at record {}", at + 1));
        }
        let mut swapped = links.clone();
        swapped.swap(1, 2);
        assert_eq!(broken_at(swapped), "the audit log is broken at record 2");
    }
}
