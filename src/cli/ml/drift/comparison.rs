//! The words that say what is compared with what.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{WindowArgs, days};
use crate::base::redact::without_passwords;
use crate::base::write_whole;
use crate::cli::ml::train::number;
use crate::cli::session::Session;
use crate::cli::suggestion::Place;
use crate::config::{Origin, Setting, Settings};
use crate::drift::reference::ReferenceLimits;
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::USUAL_MODEL;
use crate::lifecycle::ModelRef;
use crate::ops::drift::{BaselineChoice, CheckReport, CheckRequest, Method, check, metrics};
use crate::ops::judging::JudgeRequest;
use crate::registry::Registry;
use crate::telemetry::PushGateway;

/// What is compared with what.
#[derive(Debug, Args)]
pub struct ComparisonArgs {
    /// Version to check: NAME, NAME@7 or NAME#staging
    #[arg(long, value_name = "REF", default_value = USUAL_MODEL)]
    pub model: ModelRef,

    /// Days of tickets to look at, counted back over completed_at [default: 7]
    #[arg(long, value_name = "DAYS")]
    pub window_days: Option<f64>,

    #[command(flatten)]
    pub window: WindowArgs,

    /// Whose rule decides
    #[arg(long, value_enum, default_value_t = MethodWord::Robust)]
    pub method: MethodWord,

    /// Compare with a saved baseline (its number), or with the one of another version
    #[arg(long, value_name = "REF", conflicts_with = "against_days")]
    pub baseline: Option<String>,

    /// Compare with the tickets of so many days before the window
    #[arg(long, value_name = "DAYS")]
    pub against_days: Option<f64>,

    /// Write the result as metrics in the text form of Prometheus, for the node exporter to pick up
    #[arg(long, value_name = "FILE")]
    pub metrics_file: Option<PathBuf>,

    /// Send the same metrics to a Prometheus Pushgateway, such as http://HOST:9091, in place of the model's last ones
    #[arg(long, value_name = "URL")]
    pub push_gateway: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MethodWord {
    /// Bursts counted, the calendar weighted
    Robust,
    /// The running system's rule with its own numbers
    Reference,
}

/// What was typed, with the settings.
pub struct Comparison {
    pub settings: Settings,
    request: CheckRequest,
    judging: JudgeRequest,
    gateway: Option<PushGateway>,
}

/// A check, and why its metrics did not arrive.
pub struct Checked {
    pub report: CheckReport,
    pub undelivered: Option<Error>,
}

impl ComparisonArgs {
    /// Resolves the settings and checks what was typed.
    pub fn resolve(&self, session: &Session<'_>) -> Result<Comparison> {
        let mut flags = session.flags();
        self.window.source.note(&mut flags);
        flags.set("drift_window_days", "--window-days", self.window_days);
        flags.set("push_gateway", "--push-gateway", self.push_gateway.as_ref());
        let settings = session.settings(&flags)?;
        let gateway = settings.get("push_gateway").map(gateway).transpose()?;
        let request = CheckRequest {
            reference: self.model.clone(),
            method: match self.method {
                MethodWord::Robust => Method::Robust,
                MethodWord::Reference => Method::Reference,
            },
            baseline: self.choice()?,
            limits: limits(&settings)?,
            now_ms: jiff::Timestamp::now().as_millisecond(),
        };
        let judging = self.window.request(number(&settings, "drift_window_days")?);
        Ok(Comparison { settings, request, judging, gateway })
    }

    /// Makes one check and delivers its metrics where that was asked for. What was found is worth telling also where
    /// nobody takes its metrics.
    pub fn check(&self, comparison: &Comparison, registry: &Registry, session: &Session<'_>) -> Result<Checked> {
        let mut source = self.window.source.open(&comparison.settings)?;
        let now_ms = jiff::Timestamp::now().as_millisecond();
        let request = CheckRequest { now_ms, ..comparison.request.clone() };
        let mut report = check::run(registry, session.kinds(), &request, &comparison.judging, source.as_mut(), &session.progress())?;
        report.recommendation.command = Place::typed(session.global).command(report.recommendation.command);
        let undelivered = self.deliver(comparison, &report, now_ms).err();
        Ok(Checked { report, undelivered })
    }

    fn deliver(&self, comparison: &Comparison, report: &CheckReport, now_ms: i64) -> Result<()> {
        if self.metrics_file.is_none() && comparison.gateway.is_none() {
            return Ok(());
        }
        let text = metrics::text(report, now_ms);
        let written = self.metrics_file.as_ref().map_or(Ok(()), |path| write_whole(path, text.as_bytes()));
        // A full disk here is no reason to keep the numbers from the gateway.
        let model = [("model_name", report.model.version.name.as_str())];
        let pushed = comparison.gateway.as_ref().map_or(Ok(()), |gateway| gateway.replace(metrics::JOB, &model, &text));
        written.and(pushed)
    }

    fn choice(&self) -> Result<BaselineChoice> {
        match (&self.baseline, self.against_days) {
            (_, Some(against)) => Ok(BaselineChoice::Against { days: days("--against-days", against)? }),
            (None, None) => Ok(BaselineChoice::Current),
            (Some(typed), None) => match typed.parse() {
                Ok(number) => Ok(BaselineChoice::Number(number)),
                Err(_) => typed.parse().map(BaselineChoice::Of),
            },
        }
    }
}

fn gateway(setting: &Setting) -> Result<PushGateway> {
    let has_password = without_passwords(&setting.value) != setting.value;
    if has_password && matches!(setting.origin, Origin::Flag(_)) {
        return Err(Error::new(ErrorKind::Usage, "--push-gateway carries a password, which would stay in the shell's history")
            .hint("put the whole URL into the environment variable HIVECTL_PUSH_GATEWAY and leave `--push-gateway` out"));
    }
    PushGateway::new(&setting.value)
}

/// The limits of the settings.
///
/// Errors: [`ErrorKind::BadConfiguration`] for one out of range.
pub fn limits(settings: &Settings) -> Result<ReferenceLimits> {
    let usual = ReferenceLimits::default();
    Ok(ReferenceLimits {
        psi: settings.parse("drift_psi_threshold")?.unwrap_or(usual.psi),
        error_ratio: settings.parse("drift_mae_ratio_threshold")?.unwrap_or(usual.error_ratio),
        p_value: settings.parse("drift_ks_p_value_threshold")?.unwrap_or(usual.p_value),
    })
}
