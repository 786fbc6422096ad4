//! `hivectl ml drift check`.

use clap::{Args, ValueEnum};

use super::{WindowArgs, days};
use crate::cli::ml::train::positive;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::view;
use crate::drift::Status;
use crate::drift::reference::Limits;
use crate::error::{Error, ErrorKind, Result};
use crate::ops::drift::{BaselineChoice, CheckRequest, Method, check};
use crate::registry::ModelRef;

/// Compare recent tickets with a version's baseline
///
/// The error of the version now over the one of its baseline is the alarm; which features, requesters and kinds of
/// work changed is the diagnosis. Tickets come in bursts, so bursts are counted and not tickets, and the baseline
/// is weighted to the calendar of the window. Too little data ends with exit code 14, never as ok.
#[derive(Debug, Args)]
pub struct CheckArgs {
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

    /// End with exit code 20 where there is drift
    #[arg(long)]
    pub exit_code: bool,

    /// As --exit-code, from this status on
    #[arg(long, value_enum, value_name = "STATUS")]
    pub fail_on: Option<FailOn>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MethodWord {
    /// Bursts counted, the calendar weighted
    Robust,
    /// The running system's rule with its own numbers
    Reference,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    Warning,
    Critical,
}

impl CheckArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let mut flags = session.flags();
        self.window.source.note(&mut flags);
        flags.set("drift_window_days", "--window-days", self.window_days);
        let settings = session.settings(&flags)?;
        let registry = session.registry_to_watch(&settings)?;
        let mut source = self.window.source.open(&settings)?;
        let number = |key: &str| Ok::<Option<f64>, Error>(settings.parse(key, "a number")?);
        let usual = Limits::default();
        let request = CheckRequest {
            reference: self.model.clone(),
            method: match self.method {
                MethodWord::Robust => Method::Robust,
                MethodWord::Reference => Method::Reference,
            },
            baseline: self.choice()?,
            limits: Limits {
                index: number("drift_psi_threshold")?.unwrap_or(usual.index),
                error_ratio: number("drift_mae_ratio_threshold")?.unwrap_or(usual.error_ratio),
                p_value: number("drift_ks_p_value_threshold")?.unwrap_or(usual.p_value),
            },
            now_ms: jiff::Timestamp::now().as_millisecond(),
        };
        check_limits(&request.limits)?;
        let judging = self.window.request(positive(&settings, "drift_window_days")?);
        let report = check::run(registry.as_ref(), &request, &judging, source.as_mut(), &session.progress())?;
        Ok(view::drift::report(report, self.least()))
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

    fn least(&self) -> Option<Status> {
        match (self.fail_on, self.exit_code) {
            (Some(FailOn::Critical), _) => Some(Status::Critical),
            (Some(FailOn::Warning), _) | (None, true) => Some(Status::Warning),
            (None, false) => None,
        }
    }
}

fn check_limits(limits: &Limits) -> Result<()> {
    let sound = limits.index > 0.0 && limits.error_ratio > 1.0 && limits.p_value > 0.0 && limits.p_value < 1.0;
    if sound {
        return Ok(());
    }
    Err(Error::new(ErrorKind::BadConfiguration, "a drift threshold is out of range")
        .because(format!(
            "drift_psi_threshold {} (above 0), drift_mae_ratio_threshold {} (above 1), drift_ks_p_value_threshold {} (0 to 1)",
            limits.index, limits.error_ratio, limits.p_value
        ))
        .hint("`hivectl config list` shows where each comes from"))
}
