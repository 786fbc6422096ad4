//! The jobs: check, and make, list, show and choose baselines.

use std::collections::BTreeMap;

use super::baseline::{self, BaselineChoice, SaveReport};
use super::comparison::{DeliveredCheck, PreparedCheck, positive_days};
use super::{history, report};
use crate::api::Timestamp;
use crate::api::baseline::{
    BaselineDetails, BaselineError, BaselineInUse, BaselineList, BaselineSlices, BaselineSummary, BaselineWindow, KeptBaseline,
    ListBaselinesRequest, SaveBaselineRequest, SetBaselineRequest, ShowBaselineRequest, WorkloadShare,
};
use crate::api::drift::{CheckDriftRequest, DriftCheckReport, exit_code_of};
use crate::base::commands;
use crate::drift::Baseline;
use crate::drift::baseline::BASELINE_DAYS;
use crate::drift::observations::CategoricalColumn;
use crate::drift::season::{CELLS, cell};
use crate::error::{Error, ErrorKind, Result};
use crate::ops::resolve;
use crate::ops::workspace::{Intent, Workspace, judge_request_over, note};
use crate::source::TicketSource;

/// Compares recent tickets with a version's baseline.
///
/// Errors: those of [`super::check::run`].
pub fn check_drift(workspace: &Workspace<'_>, request: &CheckDriftRequest) -> Result<DriftCheckReport> {
    let comparison = PreparedCheck::resolve(workspace, &request.comparison)?;
    let registry = workspace.registry(&comparison.settings, Intent::Existing)?;
    let DeliveredCheck { report: checked, undelivered } = comparison.check(workspace, &registry)?;
    checked.warnings.iter().for_each(|warning| workspace.warn(warning.clone()));
    if request.record {
        // A registry that cannot be written still tells what was found.
        let kept = history::record(registry.drift_store()?, &checked, jiff::Timestamp::now().as_millisecond());
        kept.err().into_iter().for_each(|error| workspace.warn(format!("the check was not kept for `drift history`: {error}")));
    }
    undelivered.iter().for_each(|error| workspace.warn(format!("the metrics were not delivered: {error}")));
    let exit_code = match (exit_code_of(checked.status, request.fail_on), &undelivered) {
        (0, Some(_)) => ErrorKind::PartlyDone.exit_code(),
        (exit_code, _) => exit_code,
    };
    Ok(report::told(&checked, exit_code))
}

/// Makes a baseline of a version from tickets and keeps it as the current one.
///
/// Errors: those of [`baseline::save`].
pub fn save_baseline(workspace: &Workspace<'_>, request: &SaveBaselineRequest) -> Result<KeptBaseline> {
    let mut flags = workspace.flags();
    note(&request.judging.tickets, &mut flags);
    flags.set("baseline_to_mongodb", "--baseline-to-mongodb", request.beside_tickets.then_some("yes"));
    let settings = workspace.settings(&flags)?;
    let beside = workspace.source_for_baselines(&settings, &request.judging.tickets)?;
    let registry = workspace.registry(&settings, Intent::Existing)?;
    let reference = &request.reference;
    workspace.confirm_where_protected(&settings, &reference.name, &format!("save a drift baseline of {reference}"))?;
    let mut source = workspace.tickets(&settings, &request.judging.tickets)?;
    let days = positive_days("--window-days", request.judging.window_days.unwrap_or(BASELINE_DAYS))?;
    let judging = judge_request_over(&request.judging, days);
    let reason = workspace.reason();
    let when = (jiff::Timestamp::now().as_millisecond(), reason.as_deref());
    let SaveReport { saved, baseline } =
        baseline::save(&registry, workspace.kinds(), reference, &judging, when, source.as_mut(), workspace.progress())?;
    let publish = |source: Box<dyn TicketSource>| source.require_baselines()?.publish(&baseline, saved.version);
    let published = beside.map(publish).transpose()?;
    Ok(KeptBaseline {
        summary: summary(&baseline),
        model: saved.model,
        version: saved.version,
        number: saved.number,
        sha256: saved.sha256,
        size_bytes: saved.size_bytes,
        published_baselines: published.into_iter().map(baseline::written).collect(),
    })
}

/// The baselines of one model or of all.
///
/// Errors: those of [`baseline::list`].
pub fn list_baselines(workspace: &Workspace<'_>, request: &ListBaselinesRequest) -> Result<BaselineList> {
    let settings = workspace.settings(&workspace.flags())?;
    let registry = workspace.registry(&settings, Intent::Existing)?;
    Ok(BaselineList { items: baseline::list(&registry, workspace.kinds(), request.name.as_deref())? })
}

/// A baseline in numbers; by default the one that checks of the version compare with.
///
/// Errors: those of [`baseline::find`].
pub fn show_baseline(workspace: &Workspace<'_>, request: &ShowBaselineRequest) -> Result<BaselineDetails> {
    let settings = workspace.settings(&workspace.flags())?;
    let registry = workspace.registry(&settings, Intent::Existing)?;
    let version = resolve(registry.store(), workspace.kinds(), &request.reference)?.version;
    let choice = request.number.map_or(BaselineChoice::Current, BaselineChoice::Number);
    let chosen = baseline::find(&registry, workspace.kinds(), &version, &choice)?;
    chosen.warnings.into_iter().for_each(|warning| workspace.warn(warning));
    let groups = chosen.baseline.workloads.iter().flat_map(|workloads| &workloads.groups);
    let workloads: Vec<WorkloadShare> = groups.map(|group| WorkloadShare { name: group.name.clone(), share: group.share }).collect();
    Ok(BaselineDetails {
        summary: summary(&chosen.baseline),
        model: version.name,
        version: version.version,
        origin: chosen.origin,
        calendar_cells: cells(&chosen.baseline),
        slices: slices(&chosen.baseline, &workloads),
        variables: chosen.baseline.variables,
        workloads,
    })
}

/// Makes a saved baseline, or the one from training, the one that checks of a version compare with.
///
/// Errors: [`ErrorKind::Usage`] for a word that is no baseline; those of [`baseline::set`].
pub fn set_baseline(workspace: &Workspace<'_>, request: &SetBaselineRequest) -> Result<BaselineInUse> {
    let number = match request.baseline.as_str() {
        "training" => None,
        typed => Some(typed.parse::<u32>().map_err(|_| {
            Error::new(ErrorKind::Usage, format!("'{typed}' is no baseline")).hint((
                "give the number of a saved one, or the word training; `",
                commands::baseline_list(),
                "` shows them",
            ))
        })?),
    };
    let settings = workspace.settings(&workspace.flags())?;
    let registry = workspace.registry(&settings, Intent::Existing)?;
    let reference = &request.reference;
    workspace.confirm_where_protected(&settings, &reference.name, &format!("choose the drift baseline of {reference}"))?;
    let version = baseline::set(&registry, workspace.kinds(), reference, number, workspace.reason().as_deref())?;
    Ok(BaselineInUse { model: version.name, version: version.version, number })
}

fn summary(baseline: &Baseline) -> BaselineSummary {
    let error = baseline.error.map(|error| BaselineError {
        mae: error.mae,
        standard_error: Some(error.standard_error).filter(|error| error.is_finite()),
        ticket_count: error.rows,
    });
    BaselineSummary {
        window: BaselineWindow { from: Timestamp(baseline.from), to: Timestamp(baseline.to), days: baseline.days() },
        ticket_count: baseline.tickets,
        kept_ticket_count: baseline.observations.len(),
        schema_fingerprint: baseline.origin.schema_fingerprint.clone(),
        error,
        synthetic: baseline.origin.synthetic,
    }
}

/// Kept tickets by cell of the week.
fn cells(baseline: &Baseline) -> Vec<u64> {
    let mut cells = vec![0; CELLS];
    baseline.observations.completed_at.iter().for_each(|&at| cells[cell(at)] += 1);
    cells
}

fn slices(baseline: &Baseline, workloads: &[WorkloadShare]) -> BaselineSlices {
    let tickets = &baseline.observations;
    BaselineSlices {
        task_type: counted(&tickets.task_type),
        risk_band: counted(&tickets.risk_band),
        requester_count: tickets.requester.names.len(),
        workload: workloads.iter().map(|workload| (workload.name.clone(), workload.share)).collect(),
    }
}

/// How often each name stands in a column.
fn counted(column: &CategoricalColumn) -> BTreeMap<String, u64> {
    let mut counts = vec![0u64; column.names.len()];
    for &code in &column.codes {
        if let Some(count) = counts.get_mut(code as usize) {
            *count += 1;
        }
    }
    column.names.iter().cloned().zip(counts).collect()
}
