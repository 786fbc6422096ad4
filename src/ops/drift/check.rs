//! One check: a window of tickets against a baseline, by our rule or by the running system's.

use std::collections::BTreeMap;

use super::baseline::{self, BaselineChoice, Chosen};
use super::predictions::{self, Errors, Sources, Whose};
use super::window::Tickets;
use crate::base::number::{counted, plural};
use crate::base::time::MS_PER_DAY;
use crate::base::{CommandLine, commands};
use crate::drift::error_ratio::{ErrorRatio, MeanError, ratio, recent_mae};
use crate::drift::reference::{self, MOST_PREDICTIONS, RecentErrors, ReferenceLimits, ReferenceReport};
use crate::drift::robust::{self, Frozen, RobustReport};
use crate::drift::{DriftStatus, Method, Threshold};
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::{Catalogue, Kind, LoadedModel, USUAL_VARIANT, VARIANT_TAG};
use crate::lifecycle::ModelRef;
use crate::ops::evaluation::EvaluationRequest;
use crate::ops::{Progress, Resolved, TicketAge, load, resolve};
use crate::registry::Registry;
use crate::source::TicketSource;

/// Where more than one of so many tickets has impossible times, nothing is ok.
const MOST_IMPOSSIBLE: usize = 5;

/// What is checked, and how.
#[derive(Clone, Debug)]
pub struct CheckRequest {
    pub reference: ModelRef,
    pub method: Method,
    pub baseline: BaselineChoice,
    /// From which PSI and error ratio on it is critical.
    pub limits: ReferenceLimits,
    /// The real time, milliseconds since the epoch.
    pub now_ms: i64,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct DriftCheck {
    pub model: Resolved,
    pub method: Method,
    pub baseline: Chosen,
    /// First and last moment of the window, milliseconds since the epoch.
    pub window: (i64, i64),
    pub window_days: f64,
    /// Tickets in the window.
    pub rows: usize,
    pub status: DriftStatus,
    pub errors: RecentErrors,
    pub ratio: Option<ErrorRatio>,
    /// Why there is no error ratio.
    pub without_ratio: Option<String>,
    /// Where the predictions of the window come from.
    pub predictions: Sources,
    /// Tickets of the window that could not judge the version, by reason.
    pub left_out: BTreeMap<&'static str, usize>,
    pub finding: RuleFinding,
    pub limits: ReferenceLimits,
    pub recommendation: NextStep,
    pub tickets: String,
    /// Of the newest ticket that could be used.
    pub age: Option<TicketAge>,
    pub warnings: Vec<String>,
}

impl DriftCheck {
    /// Whether training again is what follows: the error has grown, or what comes in is no longer what was learned from
    /// and nothing tells that the error has not.
    pub fn calls_for_training(&self) -> bool {
        self.recommendation.trains
    }
}

/// The numbers of either rule.
#[derive(Clone, Debug)]
pub enum RuleFinding {
    Robust(Box<RobustReport>),
    Reference(ReferenceReport),
}

/// What to do next, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextStep {
    pub why: String,
    pub command: CommandLine,
    /// Whether it is training again.
    pub trains: bool,
}

/// Checks a version.
///
/// Errors: those of resolving, of reading and of [`baseline::find`]; [`ErrorKind::SchemaMismatch`] for a baseline of other
/// features; [`ErrorKind::NotEnoughData`] for a window without
/// tickets. Too few tickets are no error but [`DriftStatus::NotEnoughData`].
pub fn run(
    registry: &Registry,
    kinds: &Catalogue,
    request: &CheckRequest,
    judging: &EvaluationRequest,
    source: &mut dyn TicketSource,
    progress: &dyn Progress,
) -> Result<DriftCheck> {
    let model = resolve(registry.store(), kinds, &request.reference)?;
    let loaded = load::model(registry.store(), kinds, &model.version)?;
    let stored = match &request.baseline {
        BaselineChoice::Against { .. } => None,
        choice => Some(baseline::find(registry, kinds, &model.version, choice)?.or_former(registry, &model.version, choice)?),
    };
    if let Some(stored) = &stored {
        fits(stored, &loaded, &model)?;
    }
    let (judging, fields, notes) = &judging.settled(loaded.info(), &model.version.id().to_string(), false)?;
    let mut told = fields.clone().map(|fields| source.with_fields(fields));
    let source = told.as_deref_mut().unwrap_or(source);
    let mut tickets =
        Tickets::read(judging, (request.now_ms, &Whose::of(&model.version, &registry.store().serving_rule())), source, progress)?;
    let (end_ms, days) = (tickets.end_ms, judging.window_days);
    let from = end_ms.saturating_sub((days * MS_PER_DAY as f64) as i64);
    let rows = tickets.rows(end_ms, days);
    if rows.is_empty() {
        return Err(empty(&tickets, days));
    }
    let chosen = match (stored, &request.baseline) {
        (None, BaselineChoice::Against { days }) => baseline::before(&model.version, &mut tickets, &loaded, from, *days, judging.threads)?,
        (stored, _) => stored.ok_or_else(|| Error::new(ErrorKind::Internal, "no baseline was chosen"))?,
    };
    progress.begin("comparing", None);
    let errors = predictions::errors(&loaded, &mut tickets, &rows, judging.threads)?;
    let sources = errors.as_ref().map(|errors| errors.sources);
    let mut warnings = warnings(&tickets, &chosen, (from, sources));
    warnings.extend(notes.iter().cloned());
    let report = compare(request, &tickets, &rows, (from, end_ms), days, (model, loaded.info().kind.clone(), chosen, errors))?;
    progress.finish(&format!("{} compared with {}", counted(rows.len(), "ticket"), report.baseline.baseline.tickets));
    if let RuleFinding::Robust(robust) = &report.finding {
        warnings.extend(robust.frozen.iter().filter_map(Frozen::warning));
    }
    Ok(DriftCheck { warnings, ..report })
}

/// Refuses the baseline of a version that sees other features: its error says nothing of this one's.
fn fits(stored: &Chosen, loaded: &LoadedModel, model: &Resolved) -> Result<()> {
    if stored.baseline.origin.schema_fingerprint == loaded.info().schema.fingerprint() {
        return Ok(());
    }
    let label = model.version.id().to_string();
    Err(Error::new(ErrorKind::SchemaMismatch, format!("the baseline was made for a version that sees other features than {label}"))
        .because(format!("it is that of {}", stored.origin))
        .hint(("compare with its own: `", commands::drift_check_of(&label), "`"))
        .hint(("or with earlier tickets: `", commands::drift_check_against_earlier(&label), "`")))
}

fn empty(tickets: &Tickets, days: f64) -> Error {
    let error = Error::new(ErrorKind::NotEnoughData, format!("no ticket was completed in the {days} days of the window"));
    error.because(tickets.evaluation_set.sentence.clone()).hint(format!("look further back: `--window-days {}`", days * 4.0))
}

fn warnings(tickets: &Tickets, chosen: &Chosen, (from, sources): (i64, Option<Sources>)) -> Vec<String> {
    let mut warnings = chosen.warnings.clone();
    warnings.extend(tickets.evaluation_set.stale.clone());
    if tickets.future > 0 {
        warnings.push(format!(
            "{} {} completed after now; {} left out",
            counted(tickets.future, "ticket"),
            plural(tickets.future, "says that it was", "say that they were"),
            plural(tickets.future, "it is", "they are")
        ));
    }
    if tickets.stored.backwards > 0 {
        let jumped = tickets.stored.backwards;
        warnings.push(format!(
            "{} {} created: a clock jumped; the outcome counts from creation on",
            counted(jumped, "ticket"),
            plural(jumped, "was completed before it was", "were completed before they were")
        ));
    }
    if let Some(sources) = sources.filter(|sources| sources.stored > 0 && sources.recomputed > 0) {
        let (stored, all) = (sources.stored, sources.stored + sources.recomputed);
        warnings.push(format!("{stored} of {all} tickets have a stored prediction of the version; those of the others were recomputed"));
    }
    if chosen.baseline.to > from {
        warnings.push("the baseline and the window overlap, so a change shows smaller than it is".into());
    }
    if tickets.evaluation_set.synthetic {
        warnings.push("the tickets say of themselves that they were made up".into());
    }
    warnings
}

fn compare(
    request: &CheckRequest,
    tickets: &Tickets,
    rows: &[u32],
    window: (i64, i64),
    window_days: f64,
    (model, kind, baseline, errors): (Resolved, Kind, Chosen, Option<Errors>),
) -> Result<DriftCheck> {
    let now = tickets.observe(rows)?;
    let recent = errors.as_ref().map(|errors| recent_errors(errors, window, request.method)).unwrap_or_default();
    let limits = Threshold::ERROR_RATIO.scaled(1.0, request.limits.error_ratio);
    let measured = errors.as_ref().and_then(|errors| MeanError::measure(&errors.tickets, &errors.absolute_ms));
    let ratio = measured.zip(baseline.baseline.error).and_then(|(now, then)| ratio(now, then, limits));
    let without_ratio = ratio.is_none().then(|| obstacle(errors.as_ref(), &baseline));
    let (finding, status) = match request.method {
        Method::Robust => {
            let index = Threshold::PSI.scaled(0.0, request.limits.psi);
            let mut report = robust::check(&baseline.baseline, &now, window.1, ratio.as_ref().map(|ratio| (ratio, limits)), index)
                .ok_or_else(|| Error::new(ErrorKind::Internal, "an empty window was compared"))?;
            let silent = without_ratio.as_ref().filter(|_| errors.is_some()).cloned();
            report.doubt(silent.into_iter().chain(impossible_times(tickets)));
            let status = report.status;
            (RuleFinding::Robust(Box::new(report)), status)
        }
        Method::Reference => {
            let training = baseline.baseline.error.map(|error| error.mae);
            let report = reference::check(&baseline.baseline.reference, &now, &recent, training, &request.limits);
            // Where the running system answers ok for want of data, nothing was compared.
            let status = if report.target_drift.is_none() { DriftStatus::NotEnoughData } else { report.status };
            (RuleFinding::Reference(report), status)
        }
    };
    let recommendation = recommend((&model, &kind), status, (ratio.as_ref(), limits), &finding, window_days);
    Ok(DriftCheck {
        model,
        method: request.method,
        baseline,
        window,
        window_days,
        rows: rows.len(),
        status,
        errors: recent,
        ratio,
        without_ratio,
        predictions: errors.as_ref().map(|errors| errors.sources).unwrap_or_default(),
        left_out: errors.map(|errors| errors.left_out).unwrap_or_default(),
        finding,
        limits: request.limits,
        recommendation,
        tickets: tickets.evaluation_set.sentence.clone(),
        age: tickets.evaluation_set.age,
        warnings: Vec::new(),
    })
}

/// Why times are no evidence: too many tickets that ended before they began, or after now.
fn impossible_times(tickets: &Tickets) -> Option<String> {
    let (impossible, all) = (tickets.future + tickets.stored.backwards, tickets.evaluation_set.timeline.labelled().len());
    (impossible > all / MOST_IMPOSSIBLE).then(|| format!("{impossible} of {all} tickets have times that cannot be"))
}

fn recent_errors(errors: &Errors, (from, end): (i64, i64), method: Method) -> RecentErrors {
    // The running system looks at the last five hundred predictions of each window.
    let first = if method == Method::Reference { errors.tickets.len().saturating_sub(MOST_PREDICTIONS) } else { 0 };
    let rows: Vec<usize> = (first..errors.tickets.len()).collect();
    let (tickets, absolute) = (errors.tickets.select(&rows), &errors.absolute_ms[first..]);
    let within = |days: i64| {
        let reaches = end.saturating_sub(days * MS_PER_DAY) >= from;
        reaches.then(|| recent_mae(&tickets, absolute, end, days)).flatten()
    };
    RecentErrors { mae_1d: within(1), mae_3d: within(3), mae_7d: within(7) }
}

fn obstacle(errors: Option<&Errors>, baseline: &Chosen) -> String {
    match (errors, baseline.baseline.error) {
        (None, _) => "the version predicts no durations".into(),
        (_, None) => "the baseline has no error of the version on tickets that it had not learned from".into(),
        (Some(errors), _) => {
            let reasons: Vec<String> =
                errors.left_out.iter().map(|(reason, count)| format!("{count} {}", reason.replace('_', " "))).collect();
            let reasons = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) };
            format!("{} of the window can judge the version{reasons}, 30 are needed", counted(errors.tickets.len(), "ticket"))
        }
    }
}

const UNCHANGED: &str = "nothing has changed beyond what bursts and the calendar explain";

/// What is ok and still worth knowing.
fn unalarming(report: &RobustReport) -> String {
    match report.segments.iter().find(|segment| segment.is_hit) {
        Some(segment) => format!("neither errors nor shapes have changed, but {} {} has", segment.dimension, segment.value),
        None => UNCHANGED.into(),
    }
}

fn recommend(
    (model, kind): (&Resolved, &Kind),
    status: DriftStatus,
    (ratio, limits): (Option<&ErrorRatio>, Threshold),
    finding: &RuleFinding,
    days: f64,
) -> NextStep {
    let (name, version) = (&model.version.name, model.version.version);
    let label = format!("{name}@{version}");
    let known = |word: &&String| kind.variants().iter().any(|variant| variant.name == word.as_str());
    let variant = model.version.tags.get(VARIANT_TAG).filter(known).map(String::as_str);
    let usual = kind.registered_name(variant.unwrap_or(USUAL_VARIANT));
    // A model of another name than its kind's was trained with --name, and has to be again.
    let own_name = (name != usual).then_some(name.as_str());
    let train = commands::train_and_promote(kind.word(), variant, own_name);
    let worse = ratio.filter(|ratio| ratio.status != DriftStatus::Ok);
    let error = |ratio: &ErrorRatio| {
        format!("the error is {:.2} times what it was (90 % interval {:.2} to {:.2})", ratio.ratio, ratio.low, ratio.high)
    };
    let trains = |why: String| NextStep { why, command: train.clone(), trains: true };
    let looks = |why: String, days: f64| NextStep { why, command: commands::drift_check_over(&label, days), trains: false };
    match (status, worse) {
        (DriftStatus::Ok, _) => {
            let why = match finding {
                RuleFinding::Robust(report) => unalarming(report),
                RuleFinding::Reference(_) => UNCHANGED.into(),
            };
            looks(why, days)
        }
        (DriftStatus::NotEnoughData, _) => {
            let why = match finding {
                RuleFinding::Robust(report) => report.obstacles.join("; "),
                RuleFinding::Reference(_) => "fewer than 50 tickets in the window".into(),
            };
            looks(why, days * 2.0)
        }
        (_, Some(ratio)) => trains(error(ratio)),
        (DriftStatus::Critical, None) if !ratio.is_some_and(|ratio| ratio.is_within(limits)) => {
            trains("what comes in is no longer what the version learned from".into())
        }
        (_, None) => {
            let error = ratio.map_or("whether the error has is not known".into(), error);
            looks(format!("what comes in has changed, {error}: look again over a longer window before training"), days * 2.0)
        }
    }
}
