//! The one query of a window, right for every shape that times have.
//!
//! The server compares values of one type only: a date never matches a number, nor a number a text. So the query
//! names each shape (a date, milliseconds, seconds, ISO text) with its own bounds, each a range that an index on
//! `created_at` serves. It leaves out what is a well-formed time before now and outside the window, and nothing
//! else: a ticket whose time is absent, of another type, impossible or in the future comes along and is refused
//! and counted by the code that judges every ticket, so no shape can silently match nothing.

use mongodb::bson::{Bson, DateTime, Document, doc};

use crate::base::time::MS_PER_DAY;
use crate::ticket::Window;
use crate::ticket::time::MILLISECONDS_FROM;

const FIELD: &str = "created_at";

/// The filter for the tickets of `window`; `now_ms` is milliseconds since the epoch. Empty for a window that leaves
/// almost nothing out: comparing a field of every document costs a server up to a fifth of what sending it does, and
/// whoever reads looks at the times again.
pub(super) fn filter(window: &Window, now_ms: i64) -> Document {
    if window.from_ms <= 0 && window.to_ms >= now_ms - MS_PER_DAY {
        return Document::new();
    }
    let mut any = well_formed(window);
    any.extend(odd(now_ms));
    doc! { "$or": any.into_iter().map(|bounds| doc! { FIELD: bounds }).collect::<Vec<_>>() }
}

/// As [`filter`], without what is no time or a time not yet come.
pub(super) fn dated(window: &Window) -> Document {
    doc! { "$or": of_each_shape(window) }
}

/// A filter for the tickets of `window` of each shape: milliseconds, dates, seconds, texts; sorted downwards by
/// `created_at` the first of each is its newest.
pub(super) fn of_each_shape(window: &Window) -> Vec<Document> {
    well_formed(window).into_iter().map(|bounds| doc! { FIELD: bounds }).collect()
}

/// The filter for the tickets with predictions that were created in `window` or predicted in it.
pub(super) fn created_or_predicted(window: &Window, now_ms: i64) -> Document {
    let predicted = well_formed(window).into_iter().map(|bounds| doc! { "predictions.predicted_at": bounds });
    let any: Vec<Document> = predicted.chain([filter(window, now_ms)]).collect();
    doc! { "predictions": { "$type": "object" }, "$or": any }
}

/// The bounds of each shape.
fn well_formed(window: &Window) -> Vec<Document> {
    let (from, to) = (window.from_ms.max(0), window.to_ms.clamp(0, i64::MAX / 2));
    vec![
        // Plain numbers below the border are seconds.
        doc! { "$gte": Bson::Double((from as f64).max(MILLISECONDS_FROM)), "$lte": Bson::Int64(to) },
        doc! { "$gte": DateTime::from_millis(from), "$lte": DateTime::from_millis(to) },
        doc! { "$gte": seconds(from), "$lte": seconds(to).min(MILLISECONDS_FROM.next_down()) },
        // A text is compared letter by letter; its offset moves it by less than a day.
        doc! { "$gte": day(from - MS_PER_DAY), "$lt": day(to.saturating_add(2 * MS_PER_DAY)) },
    ]
}

/// Impossible or not yet: what no past window can hold.
fn odd(now_ms: i64) -> [Document; 10] {
    [
        doc! { "$lte": 0 },
        doc! { "$gt": seconds(now_ms), "$lt": MILLISECONDS_FROM },
        doc! { "$gt": Bson::Int64(now_ms) },
        doc! { "$eq": f64::NAN },
        doc! { "$lte": DateTime::from_millis(0) },
        doc! { "$gt": DateTime::from_millis(now_ms) },
        doc! { "$gte": day(now_ms + 2 * MS_PER_DAY) },
        doc! { "$type": "string", "$not": { "$regex": "^[0-9]{4}-[0-9]{2}-[0-9]{2}" } },
        doc! { "$not": { "$type": ["number", "date", "string"] } },
        doc! { "$type": "array" },
    ]
}

fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

/// For each shape the bounds, both of them part of it, of the times up to `now_ms`: milliseconds, dates, seconds,
/// texts. A text may be of the two days after it.
pub(super) fn until_bounds(now_ms: i64) -> [[Bson; 2]; 4] {
    [
        [Bson::Double(MILLISECONDS_FROM), Bson::Int64(now_ms)],
        [DateTime::from_millis(1).into(), DateTime::from_millis(now_ms).into()],
        [Bson::Double(f64::MIN_POSITIVE), Bson::Double(seconds(now_ms))],
        ["1970".into(), day(now_ms + 2 * MS_PER_DAY).into()],
    ]
}

/// The date as ISO text; texts of times begin with it.
fn day(epoch_ms: i64) -> String {
    match jiff::Timestamp::from_millisecond(epoch_ms) {
        // Four digits: the years that are understood end long before the fifth.
        Ok(instant) if epoch_ms > 0 => instant.strftime("%Y-%m-%d").to_string(),
        Ok(_) => "1970-01-01".into(),
        Err(_) => "9999-12-31".into(),
    }
}
