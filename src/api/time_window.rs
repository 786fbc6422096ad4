//! A span of time as documents carry it.

use serde::{Deserialize, Serialize};

use super::Timestamp;
use crate::ticket::Window;

/// A span of creation times; both ends belong to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeWindow {
    /// First.
    pub from: Timestamp,
    /// Last.
    pub to: Timestamp,
}

impl From<Window> for TimeWindow {
    fn from(window: Window) -> TimeWindow {
        TimeWindow { from: Timestamp(window.from_ms), to: Timestamp(window.to_ms) }
    }
}
