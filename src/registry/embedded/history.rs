//! The life of a model: from the audit log, and where that does not reach, from the registry's own times.

use super::observe::{self, no_such_model};
use super::read;
use crate::audit::{Phase, Success};
use crate::error::Result;
use crate::lifecycle::HistoryEntry;
use crate::lifecycle::life;
use crate::registry::journal::View;

/// All events, newest first.
pub(super) fn history(view: View<'_>, name: &str) -> Result<Vec<HistoryEntry>> {
    let versions = read::versions(view, name)?;
    let records = observe::records(view, name)?;
    if versions.is_empty() && records.is_empty() {
        return Err(no_such_model(view, name));
    }
    let outcomes = records.iter().filter(|(record, _)| record.phase == Phase::Outcome && record.success == Some(Success::Done));
    Ok(life(&versions, &outcomes.map(|(record, link)| (record, Some(link.id()))).collect::<Vec<_>>()))
}
