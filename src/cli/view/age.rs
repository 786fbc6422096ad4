//! The age of tickets, as people read it.

use std::time::Duration;

use crate::base::duration::in_words;

/// The line of a report about the newest ticket, from its age in seconds; nothing without one.
pub fn line(age: Option<u64>) -> String {
    age.map(|age| format!("newest    {} old\n", in_words(Duration::from_secs(age)))).unwrap_or_default()
}
