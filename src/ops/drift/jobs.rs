//! The jobs: check, and make, list, show and choose baselines.

use std::collections::BTreeMap;

use super::baseline::{self, BaselineChoice, SaveReport};
use super::comparison::{DeliveredCheck, PreparedCheck, positive_days, switched_off};
use super::{history, report};
use crate::api::baseline::{
    BaselineDetails, BaselineError, BaselineInUse, BaselineList, BaselineSlices, BaselineSummary, BaselineWindow, KeptBaseline,
    ListBaselinesRequest, SaveBaselineRequest, SetBaselineRequest, ShowBaselineRequest, WorkloadShare,
};
use crate::api::drift::{CheckDriftRequest, DriftCheckAnswer, DriftCheckSkipped, exit_code_of};
use crate::api::{CheckState, Operations, Timestamp};
use crate::base::commands;
use crate::drift::Baseline;
use crate::drift::baseline::BASELINE_DAYS;
use crate::drift::observations::CategoricalColumn;
use crate::drift::season::{CELLS, cell};
use crate::error::{Error, ErrorKind, Result};
use crate::ops::resolve;
use crate::ops::workspace::{Intent, Workspace, judge_request_over, note};
use crate::source::TicketSource;

impl Operations<CheckDriftRequest> for Workspace<'_> {
    fn run(&self, request: &CheckDriftRequest) -> Result<DriftCheckAnswer> {
        let comparison = PreparedCheck::resolve(self, &request.comparison)?;
        if let Some(reason) = switched_off(&comparison.settings)? {
            return Ok(DriftCheckAnswer::Skipped(DriftCheckSkipped { overall_status: CheckState::Skipped, reason }));
        }
        let registry = self.registry(&comparison.settings, Intent::Existing)?;
        let DeliveredCheck { report: checked, undelivered } = comparison.check(self, &registry)?;
        checked.warnings.iter().for_each(|warning| self.warn(warning.clone()));
        if request.record {
            // A registry that cannot be written still tells what was found.
            let kept = history::record(registry.drift_store()?, &checked, jiff::Timestamp::now().as_millisecond());
            kept.err().into_iter().for_each(|error| self.warn(format!("the check was not kept for `drift history`: {error}")));
        }
        undelivered.iter().for_each(|error| self.warn(format!("the metrics were not delivered: {error}")));
        let exit_code = match (exit_code_of(checked.status, request.fail_on), &undelivered) {
            (0, Some(_)) => ErrorKind::PartlyDone.exit_code(),
            (exit_code, _) => exit_code,
        };
        Ok(DriftCheckAnswer::Checked(Box::new(report::told(&checked, exit_code))))
    }
}

impl Operations<SaveBaselineRequest> for Workspace<'_> {
    fn run(&self, request: &SaveBaselineRequest) -> Result<KeptBaseline> {
        let mut flags = self.flags();
        note(&request.judging.tickets, &mut flags);
        flags.set("baseline_to_mongodb", "--baseline-to-mongodb", request.beside_tickets.then_some("yes"));
        let settings = self.settings(&flags)?;
        let beside = self.source_for_baselines(&settings, &request.judging.tickets)?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let reference = &request.reference;
        self.confirm_where_protected(&settings, &reference.name, &format!("save a drift baseline of {reference}"))?;
        let mut source = self.tickets(&settings, &request.judging.tickets)?;
        let days = positive_days("--window-days", request.judging.window_days.unwrap_or(BASELINE_DAYS))?;
        let judging = judge_request_over(&request.judging, days);
        let reason = self.reason();
        let when = (jiff::Timestamp::now().as_millisecond(), reason.as_deref());
        let SaveReport { saved, baseline } =
            baseline::save(&registry, self.kinds(), reference, &judging, when, source.as_mut(), self.progress())?;
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
}

impl Operations<ListBaselinesRequest> for Workspace<'_> {
    fn run(&self, request: &ListBaselinesRequest) -> Result<BaselineList> {
        let settings = self.settings(&self.flags())?;
        let registry = self.registry(&settings, Intent::Existing)?;
        Ok(BaselineList { items: baseline::list(&registry, self.kinds(), request.name.as_deref())? })
    }
}

impl Operations<ShowBaselineRequest> for Workspace<'_> {
    fn run(&self, request: &ShowBaselineRequest) -> Result<BaselineDetails> {
        let settings = self.settings(&self.flags())?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let version = resolve(registry.store(), self.kinds(), &request.reference)?.version;
        let choice = request.number.map_or(BaselineChoice::Current, BaselineChoice::Number);
        let chosen = baseline::find(&registry, self.kinds(), &version, &choice)?;
        chosen.warnings.into_iter().for_each(|warning| self.warn(warning));
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
}

impl Operations<SetBaselineRequest> for Workspace<'_> {
    fn run(&self, request: &SetBaselineRequest) -> Result<BaselineInUse> {
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
        let settings = self.settings(&self.flags())?;
        let registry = self.registry(&settings, Intent::Existing)?;
        let reference = &request.reference;
        self.confirm_where_protected(&settings, &reference.name, &format!("choose the drift baseline of {reference}"))?;
        let version = baseline::set(&registry, self.kinds(), reference, number, self.reason().as_deref())?;
        Ok(BaselineInUse { model: version.name, version: version.version, number })
    }
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
