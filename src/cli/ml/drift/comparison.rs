//! The words that say what is compared with what.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{WindowArgs, days};
use crate::cli::ml::train::positive;
use crate::cli::session::Session;
use crate::config::Settings;
use crate::drift::reference::Limits;
use crate::error::{Error, ErrorKind, Result};
use crate::ops::drift::{BaselineChoice, CheckReport, CheckRequest, Method, check, metrics};
use crate::ops::judging::JudgeRequest;
use crate::registry::{ModelRef, Watching, write_whole};

/// What is compared with what.
#[derive(Debug, Args)]
pub struct ComparisonArgs {
    /// Version to check: NAME, NAME@7 or NAME#staging
    #[arg(long, value_name = "REF", default_value = "duration")]
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
}

impl ComparisonArgs {
    /// Resolves the settings and checks what was typed.
    pub fn resolve(&self, session: &Session<'_>) -> Result<Comparison> {
        let mut flags = session.flags();
        self.window.source.note(&mut flags);
        flags.set("drift_window_days", "--window-days", self.window_days);
        let settings = session.settings(&flags)?;
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
        let judging = self.window.request(positive(&settings, "drift_window_days")?);
        Ok(Comparison { settings, request, judging })
    }

    /// Makes one check and writes its metrics where that was asked for.
    pub fn check(&self, comparison: &Comparison, registry: &dyn Watching, session: &Session<'_>) -> Result<CheckReport> {
        let mut source = self.window.source.open(&comparison.settings)?;
        let now_ms = jiff::Timestamp::now().as_millisecond();
        let request = CheckRequest { now_ms, ..comparison.request.clone() };
        let report = check::run(registry, &request, &comparison.judging, source.as_mut(), &session.progress())?;
        if let Some(path) = &self.metrics_file {
            write_whole(path, metrics::text(&report, now_ms).as_bytes())?;
        }
        Ok(report)
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

/// The limits of the settings.
///
/// Errors: [`ErrorKind::BadConfiguration`] for one out of range.
pub fn limits(settings: &Settings) -> Result<Limits> {
    let usual = Limits::default();
    let limits = Limits {
        index: settings.parse("drift_psi_threshold", "a number")?.unwrap_or(usual.index),
        error_ratio: settings.parse("drift_mae_ratio_threshold", "a number")?.unwrap_or(usual.error_ratio),
        p_value: settings.parse("drift_ks_p_value_threshold", "a number")?.unwrap_or(usual.p_value),
    };
    if limits.index > 0.0 && limits.error_ratio > 1.0 && limits.p_value > 0.0 && limits.p_value < 1.0 {
        return Ok(limits);
    }
    Err(Error::new(ErrorKind::BadConfiguration, "a drift threshold is out of range")
        .because(format!(
            "drift_psi_threshold {} (above 0), drift_mae_ratio_threshold {} (above 1), drift_ks_p_value_threshold {} (0 to 1)",
            limits.index, limits.error_ratio, limits.p_value
        ))
        .hint("`hivectl config list` shows where each comes from"))
}
