//! The audit log in its table: an intent before each change and an outcome after it, in the change's own
//! transaction wherever there is one.

use rusqlite::{Row, params};

use super::change::Change;
use super::view::View;
use crate::audit::chain::{Head, Link};
use crate::audit::{Actor, Phase, Record, Success};
use crate::base::command_line::PROGRAM_VERSION;
use crate::base::time::{rfc3339, rfc3339_or_number};
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::AuditEntry;
use crate::registry::clock::now_ms;

/// A change that was announced.
#[derive(Clone, Copy, Debug)]
pub(in crate::registry) struct Intent {
    pub(in crate::registry) sequence: u64,
    at_ms: i64,
}

/// Announces a change.
pub(in crate::registry) fn intent(change: &Change<'_>, actor: &Actor, entry: &AuditEntry) -> Result<Intent> {
    let at_ms = now_ms();
    let link = append(change, |head| record(head, at_ms, actor, entry))?;
    Ok(Intent { sequence: link.sequence, at_ms })
}

/// Says that an announced change was done.
pub(in crate::registry) fn outcome(change: &Change<'_>, actor: &Actor, intent: Intent, entry: &AuditEntry) -> Result<Link> {
    let at_ms = now_ms();
    append(change, |head| Record {
        phase: Phase::Outcome,
        intent: Some(intent.sequence),
        success: Some(Success::Done),
        duration_ms: Some(at_ms.saturating_sub(intent.at_ms).max(0).unsigned_abs()),
        ..record(head, at_ms, actor, entry)
    })
}

/// A change that is one transaction: intent, the change itself, outcome.
pub(in crate::registry) fn recorded(
    change: &Change<'_>,
    actor: &Actor,
    entry: &AuditEntry,
    make: impl FnOnce() -> Result<()>,
) -> Result<Link> {
    let announced = intent(change, actor, entry)?;
    make()?;
    outcome(change, actor, announced, entry)
}

/// Says that an announced change was taken back: everything is as it was before.
pub(in crate::registry) fn taken_back(change: &Change<'_>, actor: &Actor, intent: u64, success: Success, failure: &str) -> Result<()> {
    let sql = "SELECT sequence, record, hash FROM hivectl_audit WHERE sequence = ?1";
    let Some(announced) = change.view().first(sql, [intent.cast_signed()], link_from)? else { return Ok(()) };
    let announced = announced.record()?;
    let now = jiff::Timestamp::from_millisecond(now_ms()).unwrap_or_default();
    let duration_ms = announced.at.parse::<jiff::Timestamp>().map(|at| now.duration_since(at).as_millis().max(0).unsigned_abs());
    append(change, |head| Record {
        sequence: head.sequence + 1,
        previous: head.hash.clone(),
        at: rfc3339(now.as_millisecond()),
        phase: Phase::Outcome,
        intent: Some(intent),
        after: announced.before.clone(),
        actor: actor.clone(),
        success: Some(success),
        failure: Some(failure.to_owned()),
        duration_ms: duration_ms.ok().and_then(|duration| u64::try_from(duration).ok()),
        ..announced
    })
    .map(drop)
}

fn record(head: &Head, at_ms: i64, actor: &Actor, entry: &AuditEntry) -> Record {
    Record {
        sequence: head.sequence + 1,
        previous: head.hash.clone(),
        at: rfc3339_or_number(at_ms),
        phase: Phase::Intent,
        intent: None,
        action: entry.action,
        model: entry.model.clone(),
        version: entry.version,
        before: entry.before.clone(),
        after: entry.after.clone(),
        reason: entry.reason.clone(),
        evidence: entry.evidence.clone(),
        actor: actor.clone(),
        success: None,
        failure: None,
        duration_ms: None,
        tool: PROGRAM_VERSION.to_owned(),
    }
}

fn append(change: &Change<'_>, make: impl FnOnce(&Head) -> Record) -> Result<Link> {
    let record = make(&head(change.view())?);
    let link = Link::of(&record)?;
    let sql = "INSERT INTO hivectl_audit (sequence, model, record, hash) VALUES (?1, ?2, ?3, ?4)";
    change.execute(sql, params![link.sequence.cast_signed(), record.model, link.text, link.hash])?;
    let sql = "INSERT OR REPLACE INTO hivectl_meta (key, value) VALUES ('audit_head', ?1)";
    change.execute(sql, [format!("{} {}", link.sequence, link.hash)])?;
    Ok(link)
}

/// Where the log ends.
pub(in crate::registry) fn head(view: View<'_>) -> Result<Head> {
    if !view.layout.own_tables {
        return Ok(Head::none());
    }
    let stored = view.first("SELECT value FROM hivectl_meta WHERE key = 'audit_head'", [], |row| row.get::<_, String>(0))?;
    let Some(stored) = stored else { return Ok(Head::none()) };
    stored.split_once(' ').and_then(|(sequence, hash)| Some(Head { sequence: sequence.parse().ok()?, hash: hash.to_owned() })).ok_or_else(
        || Error::new(ErrorKind::InvariantBroken, "the end of the audit log cannot be read").because(format!("it says '{stored}'")),
    )
}

/// The log of one model or of all, oldest first.
pub(in crate::registry) fn links(view: View<'_>, model: Option<&str>) -> Result<Vec<Link>> {
    if !view.layout.own_tables {
        return Ok(Vec::new());
    }
    match model {
        Some(model) => view.all("SELECT sequence, record, hash FROM hivectl_audit WHERE model = ?1 ORDER BY sequence", [model], link_from),
        None => view.all("SELECT sequence, record, hash FROM hivectl_audit ORDER BY sequence", [], link_from),
    }
}

fn link_from(row: &Row<'_>) -> rusqlite::Result<Link> {
    Ok(Link { sequence: row.get::<_, i64>(0)?.cast_unsigned(), text: row.get(1)?, hash: row.get(2)? })
}
