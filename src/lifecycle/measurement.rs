//! Whether a version's metrics were measured or only claimed.
//!
//! What `register` is told passes no gate; `validate` measures it on labelled tickets, records the numbers in the
//! place of the claims, and says how many of the tickets the version may have learned from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ModelVersion;
use crate::base::number::counted;
use crate::base::redact::without_passwords;
use crate::error::{Error, ErrorKind, Result};

/// The tag of a version that was registered by hand: [`CLAIMED`] until it is measured, then [`MEASURED`].
pub(crate) const METRICS_TAG: &str = "hivectl.metrics";
pub(crate) const CLAIMED: &str = "claimed";
pub(crate) const MEASURED: &str = "measured";

/// The tag that says in words what measured it.
pub(crate) const MEASURED_ON_TAG: &str = "hivectl.measured_on";

/// The tag that says what a version answers (the word of its kind).
pub const KIND_TAG: &str = "hivectl.kind";

/// Begins the tags that hivectl itself writes, and that nobody sets by hand.
const OWN_TAGS: &str = "hivectl.";

/// What labelled tickets say of a version whose metrics were claimed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    pub model: String,
    pub version: u32,
    /// What the version answers, the word of its kind.
    pub kind: String,
    /// By the names of the field; finite numbers only.
    pub metrics: BTreeMap<String, f64>,
    /// Tickets that judged.
    pub ticket_count: u64,
    /// Those of them that the version may have learned from: they are older than it, and what it learned from
    /// is not recorded.
    pub doubtful_count: u64,
    /// First and last `created_at` that could judge, milliseconds since the epoch.
    pub from: i64,
    pub to: i64,
}

impl Measurement {
    /// What measured, in words.
    pub fn sentence(&self) -> String {
        match self.doubtful_count {
            0 => counted(self.ticket_count, "ticket"),
            doubtful => {
                format!(
                    "{}, {doubtful} of them older than the version, which may have learned from them",
                    counted(self.ticket_count, "ticket")
                )
            }
        }
    }
}

impl ModelVersion {
    /// Whether somebody stated the metrics and nobody measured them; such metrics pass no gate.
    pub fn metrics_are_claimed(&self) -> bool {
        self.tags.get(METRICS_TAG).is_some_and(|word| word != MEASURED)
    }

    /// How many tickets measured the metrics that were once claimed: what the words begin with.
    pub fn measured_tickets(&self) -> Option<u64> {
        self.measured_on()?.split(' ').next()?.parse().ok()
    }

    /// What measured the metrics that were once claimed, in words.
    pub fn measured_on(&self) -> Option<&str> {
        self.tags.get(MEASURED_ON_TAG).map(String::as_str)
    }
}

/// Refuses a tag that hivectl itself writes.
///
/// Errors: [`ErrorKind::Usage`].
pub(crate) fn check_tag_is_free(key: &str) -> Result<()> {
    if !key.starts_with(OWN_TAGS) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Usage, format!("the tag '{}' cannot be set by hand", key.escape_debug()))
        .because(format!("tags that begin with '{OWN_TAGS}' are hivectl's own records")))
}

/// Refuses a text with the password of a URL in it: what is registered is read by many and kept for ever.
///
/// Errors: [`ErrorKind::Usage`].
pub(crate) fn check_no_password(what: &str, text: &str) -> Result<()> {
    if without_passwords(text) == text {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Usage, format!("{what} holds a URL with a password, which would be kept for ever"))
        .hint("leave the password out"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubt_is_said_in_words() {
        let mut measurement = Measurement {
            model: "m".into(),
            version: 1,
            kind: "load".into(),
            metrics: BTreeMap::new(),
            ticket_count: 40,
            doubtful_count: 0,
            from: 0,
            to: 1,
        };
        assert_eq!(measurement.sentence(), "40 tickets");
        measurement.doubtful_count = 7;
        assert!(measurement.sentence().contains("7 of them older"));
    }

    #[test]
    fn own_tags_are_not_for_hand() {
        assert!(check_tag_is_free("hivectl.metrics").is_err() && check_tag_is_free("team").is_ok());
        assert!(check_no_password("a tag", "mongodb://u:p@h").is_err() && check_no_password("a tag", "http://h/a@b").is_ok());
    }
}
