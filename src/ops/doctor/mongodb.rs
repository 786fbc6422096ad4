//! The server with the tickets.

use super::{CheckOutcome, Finding, look};
use crate::api::CheckState as State;
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};
use crate::source::{AccountRights, QueryPlan, ServerInspection, SourceLocation};

/// A clock that is further off than this makes windows and as-of moments wrong.
const SKEW_MS: i64 = 5_000;

/// The checks of a server with tickets that it answers at once.
pub const MONGODB: &[&str] = &["mongodb_reachable", "mongodb_clock", "mongodb_rights", "mongodb_indexes"];

/// The checks for which it looks at every ticket.
pub const MONGODB_TICKETS: &[&str] = &["mongodb_labels", "mongodb_types"];

/// Looks at a server, and tells each finding as it comes: reachability, version, clock, rights, indexes. A server that
/// cannot be reached has one check alone.
///
/// Errors: a place that cannot be used at all.
pub fn mongodb(location: &SourceLocation, tell: &dyn Fn(Finding)) -> Result<()> {
    let inspection = open(location)?;
    let inspection = inspection.as_ref();
    let first = look("mongodb_reachable", || reachable(inspection, location));
    let answers = first.state != State::Fail;
    tell(first);
    if answers {
        tell(look("mongodb_clock", || clock(inspection)));
        tell(look("mongodb_rights", || rights(inspection)));
        tell(look("mongodb_indexes", || indexes(inspection)));
    }
    Ok(())
}

/// What stands in the place of the checks where no server is named, or which one cannot be told.
pub fn no_mongodb(error: Option<Error>) -> Finding {
    look(MONGODB[0], || match error {
        Some(error) => Err(error),
        None => Ok(CheckOutcome::skipped("no server with tickets is configured").remedy((
            "`",
            commands::config_set("tickets", "mongodb://HOST:27017/DATABASE"),
            "`, or set MONGODB_URI",
        ))),
    })
}

/// Looks at the tickets of a server, labels, types and spellings, and tells each finding as it comes; nothing where it
/// cannot be reached, which [`mongodb`] tells.
pub fn mongodb_tickets(location: &SourceLocation, tell: &dyn Fn(Finding)) {
    let Ok(inspection) = open(location) else { return };
    let inspection = inspection.as_ref();
    if inspection.version().is_ok() {
        tell(look("mongodb_labels", || labels(inspection)));
        tell(look("mongodb_types", || types(inspection)));
    }
}

/// Makes the indexes that are missing; answers their fields.
pub fn create_indexes(location: &SourceLocation) -> Result<Vec<&'static str>> {
    let inspection = open(location)?;
    let missing = missing(inspection.as_ref())?;
    missing.iter().try_for_each(|field| inspection.create_index(field))?;
    Ok(missing)
}

/// Prepares to look at the server.
///
/// Errors: [`ErrorKind::BadConfiguration`] for an address that cannot be used; [`ErrorKind::Internal`] for files, which
/// have no server.
fn open(location: &SourceLocation) -> Result<Box<dyn ServerInspection>> {
    location.inspection()?.ok_or_else(|| Error::new(ErrorKind::Internal, format!("{location} is no server")))
}

fn missing(inspection: &dyn ServerInspection) -> Result<Vec<&'static str>> {
    let there = inspection.indexed_fields()?;
    Ok(inspection.needed_indexes().iter().map(|index| index.field).filter(|field| !there.iter().any(|known| known == field)).collect())
}

fn reachable(inspection: &dyn ServerInspection, location: &SourceLocation) -> Result<CheckOutcome> {
    let version = inspection.version()?;
    let oldest = inspection.oldest_major_version();
    let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok());
    Ok(match major {
        Some(major) if major < oldest => {
            CheckOutcome::new(State::Fail, format!("{location} is version {version}, hivectl needs {oldest}.0 or later"))
                .remedy("let an administrator upgrade the server")
                .meaning(ErrorKind::ServerFailed)
        }
        _ => CheckOutcome::new(State::Pass, format!("{location} answers, version {version}")),
    })
}

fn clock(inspection: &dyn ServerInspection) -> Result<CheckOutcome> {
    Ok(match inspection.clock_ahead_ms()? {
        None => CheckOutcome::new(State::Skipped, "the server does not tell its time"),
        Some((ahead, uncertainty)) if ahead.abs() - uncertainty > SKEW_MS => {
            CheckOutcome::new(State::Warn, format!("the server's clock is {ahead} ms ahead of this machine's (± {uncertainty} ms)"))
                .remedy("look at both clocks with `timedatectl`; give the moment yourself with `--as-of`")
        }
        Some((ahead, uncertainty)) => CheckOutcome::new(State::Pass, format!("the clocks differ by {ahead} ms (± {uncertainty} ms)")),
    })
}

fn rights(inspection: &dyn ServerInspection) -> Result<CheckOutcome> {
    Ok(match inspection.rights()? {
        AccountRights::NotAsked => CheckOutcome::new(State::Warn, "the server asks nobody for a password: everybody may do everything")
            .remedy("let an administrator turn authentication on"),
        AccountRights::Unknown => CheckOutcome::new(State::Skipped, "the server does not tell what the account may do"),
        AccountRights::Missing(missing) if missing.is_empty() => {
            CheckOutcome::new(State::Pass, "the account may read, write predictions and note backfills")
        }
        AccountRights::Missing(missing) => {
            let look = CheckOutcome::new(State::Fail, format!("the account may not {}", missing.join(", ")));
            look.remedy(format!("`{}`", inspection.grant_command())).meaning(ErrorKind::NotAllowed)
        }
    })
}

fn indexes(inspection: &dyn ServerInspection) -> Result<CheckOutcome> {
    let missing = missing(inspection)?;
    let plans = inspection.needed_indexes().iter().map(|index| Ok((index.serves, inspection.plan(index)?))).collect::<Result<Vec<_>>>()?;
    let told = plans.iter().map(|(serves, plan)| match plan {
        QueryPlan::Index => format!("the server finds {serves} by an index"),
        QueryPlan::EveryDocument => format!("the server reads every document to find {serves}"),
        QueryPlan::Unknown => format!("the server does not say how it finds {serves}"),
    });
    let plan = told.collect::<Vec<_>>().join("; ");
    if missing.is_empty() {
        return Ok(CheckOutcome::new(State::Pass, format!("every index is there; {plan}")));
    }
    let served = inspection.needed_indexes().iter().filter(|index| missing.contains(&index.field));
    let named: Vec<String> = served.map(|index| format!("{} ({})", index.field, index.serves)).collect();
    let by_hand: Vec<String> = missing.iter().map(|field| format!("`{}`", inspection.index_command(field))).collect();
    Ok(CheckOutcome::new(State::Warn, format!("no index begins with {}; {plan}", named.join(", "))).remedy((
        "`",
        commands::doctor_create_indexes(),
        format!("`, or {}", by_hand.join(", ")),
    )))
}

fn types(inspection: &dyn ServerInspection) -> Result<CheckOutcome> {
    let facts = inspection.survey()?;
    let state = if facts.len() > 1 { State::Pass } else { State::Warn };
    Ok(CheckOutcome::new(state, facts.join("; ")))
}

fn labels(inspection: &dyn ServerInspection) -> Result<CheckOutcome> {
    let coverage = inspection.label_coverage()?;
    let evidence = format!("{} of {} completed tickets say how long they took", coverage.with_duration, coverage.completed);
    Ok(match coverage.with_duration {
        0 => CheckOutcome::new(State::Fail, evidence)
            .remedy(
                "nothing can be learned until completed_at or actual_duration_ms is written; see which values there are in mongodb_types",
            )
            .meaning(ErrorKind::NoLabels),
        some if some < coverage.completed => CheckOutcome::new(State::Warn, evidence),
        _ => CheckOutcome::new(State::Pass, evidence),
    })
}
