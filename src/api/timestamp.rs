//! A point in time as documents carry it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::base::time::{rfc3339, whole_second};

/// Milliseconds since the epoch; RFC 3339 in UTC in a document, the whole second in which it lies, so that every time of
/// every document has one form.
///
/// ```
/// use hivectl::api::Timestamp;
/// assert_eq!(serde_json::to_string(&Timestamp(1_999)).expect("text"), "\"1970-01-01T00:00:01Z\"");
/// assert_eq!(serde_json::from_str::<Timestamp>("\"1970-01-01T00:00:01Z\"").expect("a time"), Timestamp(1000));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub i64);

impl Serialize for Timestamp {
    /// A moment that no calendar can say is the empty text.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&rfc3339(whole_second(self.0)))
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        let time: jiff::Timestamp = text.parse().map_err(serde::de::Error::custom)?;
        Ok(Timestamp(time.as_millisecond()))
    }
}
