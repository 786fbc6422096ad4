//! What tables have in common: which columns matter, and whether they are a ticket's at all.

use crate::error::Result;
use crate::ticket::{FieldPaths, known_field};

use super::position::SourcePosition;

/// The objects of a ticket that a column may hold as a whole.
const OBJECTS: [&str; 4] = ["qos", "sla", "predictions", "metadata"];
/// A ticket's table has at least one of these: without any, nothing can be learned or said.
const TELLING: [&str; 6] = ["task_type", "estimated_duration_ms", "created_at", "actual_duration_ms", "status", "completed_at"];

/// Whether a column of this name is looked at.
pub(super) fn is_wanted(column: &str, paths: &FieldPaths) -> bool {
    known_field(column).is_some() || OBJECTS.contains(&column) || paths.wants_column(column)
}

/// Errors: [`crate::error::ErrorKind::BadInput`] when none of the wanted columns says anything about a
/// ticket; the columns that are there are named.
pub(super) fn require_ticket_columns<'c>(
    mut wanted: impl Iterator<Item = &'c str>,
    all: impl Iterator<Item = &'c str>,
    place: &SourcePosition,
) -> Result<()> {
    if wanted.any(|column| TELLING.contains(&column)) {
        return Ok(());
    }
    let names: Vec<String> = all.take(8).map(|name| name.chars().take(40).collect()).collect();
    Err(place
        .bad_input("no column belongs to a ticket")
        .because(format!("the first columns are {}", names.join(", ")))
        .hint("name the columns as the tickets' fields: task_type, created_at, estimated_duration_ms, qos.delivery_mode, …"))
}
