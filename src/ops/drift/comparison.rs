//! What a check and a watch have in common: the settings in force, one check, and its metrics where they are wanted.

use std::path::PathBuf;

use super::baseline::BaselineChoice;
use super::check::{self, CheckRequest, DriftCheck};
use super::metrics;
use crate::api::Tickets;
use crate::api::drift::DriftComparison;
use crate::base::redact::without_passwords;
use crate::base::write_whole;
use crate::config::{Origin, Setting, Settings};
use crate::drift::reference::ReferenceLimits;
use crate::error::{Error, ErrorKind, Result};
use crate::ops::AgeLimit;
use crate::ops::evaluation::EvaluationRequest;
use crate::ops::workspace::{Workspace, judge_request_over, note, number};
use crate::registry::Registry;
use crate::telemetry::PushGateway;

/// What the settings say of drift.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::ops) struct DriftSettings {
    /// From which PSI, error ratio and p-value on it is critical.
    pub(in crate::ops) limits: ReferenceLimits,
    /// Days of tickets that are looked at.
    pub(in crate::ops) window_days: f64,
}

impl DriftSettings {
    /// Reads them.
    ///
    /// Errors: [`ErrorKind::BadConfiguration`] for one out of range.
    pub(in crate::ops) fn of(settings: &Settings) -> Result<DriftSettings> {
        let usual = ReferenceLimits::default();
        let limits = ReferenceLimits {
            psi: settings.parse("drift_psi_threshold")?.unwrap_or(usual.psi),
            error_ratio: settings.parse("drift_mae_ratio_threshold")?.unwrap_or(usual.error_ratio),
            p_value: settings.parse("drift_ks_p_value_threshold")?.unwrap_or(usual.p_value),
        };
        Ok(DriftSettings { limits, window_days: number(settings, "drift_window_days")? })
    }
}

/// The setting that switches checks.
const SWITCH: &str = "drift_detection";

/// Why no check is to be made, naming the setting and where it is set; `None` where checks are on.
///
/// Errors: [`ErrorKind::BadConfiguration`] for a setting that is neither yes nor no.
pub(in crate::ops) fn switched_off(settings: &Settings) -> Result<Option<String>> {
    if settings.is_on(SWITCH)? {
        return Ok(None);
    }
    let origin = settings.get(SWITCH).map(|setting| format!(", set by {}", setting.origin)).unwrap_or_default();
    Ok(Some(format!("drift checks are switched off: {SWITCH} is no{origin}")))
}

/// What is compared with what, the settings resolved.
pub(super) struct PreparedCheck {
    /// Those in force.
    pub(super) settings: Settings,
    request: CheckRequest,
    judging: EvaluationRequest,
    tickets: Tickets,
    metrics_file: Option<PathBuf>,
    gateway: Option<PushGateway>,
}

/// A check, and why its metrics did not arrive.
pub(super) struct DeliveredCheck {
    pub(super) report: DriftCheck,
    pub(super) undelivered: Option<Error>,
}

impl PreparedCheck {
    /// Resolves the settings and checks what was asked for; nothing is opened yet.
    pub(super) fn resolve(workspace: &Workspace<'_>, request: &DriftComparison) -> Result<PreparedCheck> {
        let mut flags = workspace.flags();
        note(&request.judging.tickets, &mut flags);
        flags.set("drift_window_days", "--window-days", request.judging.window_days);
        flags.set("push_gateway", "--push-gateway", request.push_gateway.as_ref());
        let settings = workspace.settings(&flags)?;
        let gateway = settings.get("push_gateway").map(gateway).transpose()?;
        let baseline = choice(request)?;
        let DriftSettings { limits, window_days } = DriftSettings::of(&settings)?;
        Ok(PreparedCheck {
            request: CheckRequest { reference: request.reference.clone(), method: request.method, baseline, limits, now_ms: now_ms() },
            judging: EvaluationRequest {
                max_age: Some(AgeLimit::of(&settings, window_days)?),
                ..judge_request_over(&request.judging, window_days)
            },
            tickets: request.judging.tickets.clone(),
            metrics_file: request.metrics_file.clone(),
            settings,
            gateway,
        })
    }

    /// Makes one check and delivers its metrics where that was asked for. What was found is worth telling also where
    /// nobody takes its metrics.
    pub(super) fn check(&self, workspace: &Workspace<'_>, registry: &Registry) -> Result<DeliveredCheck> {
        let mut source = workspace.tickets(&self.settings, &self.tickets)?;
        let request = CheckRequest { now_ms: now_ms(), ..self.request.clone() };
        let report = check::run(registry, workspace.kinds(), &request, &self.judging, source.as_mut(), workspace.progress())?;
        let undelivered = self.deliver(&report, request.now_ms).err();
        Ok(DeliveredCheck { report, undelivered })
    }

    fn deliver(&self, report: &DriftCheck, now_ms: i64) -> Result<()> {
        if self.metrics_file.is_none() && self.gateway.is_none() {
            return Ok(());
        }
        let text = metrics::text(report, now_ms);
        let written = self.metrics_file.as_ref().map_or(Ok(()), |path| write_whole(path, text.as_bytes()));
        // A full disk here is no reason to keep the numbers from the gateway.
        let model = [("model_name", report.model.version.name.as_str())];
        let pushed = self.gateway.as_ref().map_or(Ok(()), |gateway| gateway.replace(metrics::JOB, &model, &text));
        written.and(pushed)
    }
}

fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

fn choice(request: &DriftComparison) -> Result<BaselineChoice> {
    match (&request.baseline, request.against_days) {
        (_, Some(against)) => Ok(BaselineChoice::Against { days: positive_days("--against-days", against)? }),
        (None, None) => Ok(BaselineChoice::Current),
        (Some(typed), None) => match typed.parse() {
            Ok(number) => Ok(BaselineChoice::Number(number)),
            Err(_) => typed.parse().map(BaselineChoice::Of),
        },
    }
}

/// Refuses days that are no length of time.
pub(super) fn positive_days(flag: &str, days: f64) -> Result<f64> {
    if days.is_finite() && days > 0.0 {
        return Ok(days);
    }
    Err(Error::new(ErrorKind::Usage, format!("{flag} is {days}, expected a number above 0")))
}

fn gateway(setting: &Setting) -> Result<PushGateway> {
    let has_password = without_passwords(&setting.value) != setting.value;
    if has_password && matches!(setting.origin, Origin::Flag(_)) {
        return Err(Error::new(ErrorKind::Usage, "--push-gateway carries a password, which would stay in the shell's history")
            .hint("put the whole URL into the environment variable HIVECTL_PUSH_GATEWAY and leave `--push-gateway` out"));
    }
    PushGateway::new(&setting.value)
}
