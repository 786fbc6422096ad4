//! How long an answer takes: here, and as the service measures itself.

use std::time::{Duration, Instant};

use super::Check;
use crate::api::CheckState;
use crate::error::{ErrorKind, Result};
use crate::kinds::LoadedModel;
use crate::lifecycle::{KIND_TAG, ModelVersion};
use crate::statistics::percentile::percentile_of_sorted;
use crate::telemetry::Prometheus;

/// What the running system promises of its 95th percentile (operators' guides, "SLO").
const LIMIT_MS: f64 = 100.0;

/// The service's histogram of the time that a prediction takes, in seconds.
const SERVICE_METRIC: &str = "orchestration_ml_prediction_duration_seconds";

/// One answer of this process: what features and score of all tickets took together, by ticket, and the 95th percentile of
/// single scores on top. `examples` are rows of features, `all` the time for so many `tickets`.
///
/// Errors: those of preparing the model to score one row.
pub(super) fn here(model: &LoadedModel, examples: &[Vec<f32>], (all, tickets): (Duration, usize)) -> Result<Check> {
    let scorer = model.estimator().row_scorer()?;
    let timed = |row: &Vec<f32>| {
        let begun = Instant::now();
        std::hint::black_box(scorer(row));
        begun.elapsed().as_secs_f64() * 1e3
    };
    // The first answers find caches cold, which those of a service do not.
    let _ = examples.iter().take(100).map(timed).sum::<f64>();
    let mut scores: Vec<f64> = examples.iter().map(timed).collect();
    scores.sort_unstable_by(f64::total_cmp);
    let Some(score_p95) = percentile_of_sorted(&scores, 95.0) else {
        return Ok(Check::new("latency", CheckState::Skipped, "no ticket was scored").meaning(ErrorKind::NotEnoughData));
    };
    let mean = all.as_secs_f64() * 1e3 / tickets.max(1) as f64;
    let p95 = mean + score_p95;
    let evidence = format!(
        "95 % of the answers within {p95:.3} ms in this process ({mean:.3} ms for features and score on average, {score_p95:.3} ms for one score alone), {LIMIT_MS} ms are allowed"
    );
    let state = if p95 < LIMIT_MS { CheckState::Pass } else { CheckState::Fail };
    Ok(Check::new("latency", state, evidence).with([("p95_ms", p95), ("mean_ms", mean), ("score_p95_ms", score_p95)]))
}

/// What the service measured of itself in a day, for versions of the same kind once.
#[derive(Default)]
pub(super) struct ServiceLatency {
    /// `None` where no Prometheus is configured; why it cannot be asked where that is so.
    prometheus: Option<Result<Prometheus, String>>,
    known: Vec<(String, Check)>,
}

impl ServiceLatency {
    /// Of the Prometheus at `url`, asked when the first version wants to know.
    pub(super) fn of(url: Option<&str>) -> ServiceLatency {
        let prometheus = url.map(|url| Prometheus::new(url).map_err(|error| error.to_string()));
        ServiceLatency { prometheus, known: Vec::new() }
    }

    /// The check of a version. What cannot be asked or is not measured passes nothing.
    pub(super) fn check(&mut self, version: &ModelVersion) -> Check {
        let skipped = |why: String| Check::new("service_latency", CheckState::Skipped, why);
        let Some(prometheus) = &self.prometheus else { return skipped("no Prometheus is configured (setting prometheus)".into()) };
        let Some(kind) = version.tags.get(KIND_TAG) else { return skipped("the version does not say of which kind it is".into()) };
        if let Some((_, check)) = self.known.iter().find(|(known, _)| known == kind) {
            return check.clone();
        }
        let check = match prometheus {
            Ok(prometheus) => asked(prometheus, kind),
            Err(why) => Check::new("service_latency", CheckState::Warn, why.as_str()),
        };
        self.known.push((kind.clone(), check.clone()));
        check
    }
}

fn asked(prometheus: &Prometheus, kind: &str) -> Check {
    let expression = format!("histogram_quantile(0.95, sum by (le) (increase({SERVICE_METRIC}_bucket{{model_type=\"{kind}\"}}[24h])))");
    match prometheus.number(&expression) {
        Err(error) => Check::new("service_latency", CheckState::Warn, error.to_string()),
        Ok(None) => {
            let why = format!("{} has no {SERVICE_METRIC} with model_type={kind} of the last 24 h", prometheus.place());
            Check::new("service_latency", CheckState::Skipped, why)
        }
        Ok(Some(seconds)) => {
            let p95 = seconds * 1e3;
            let state = if p95 < LIMIT_MS { CheckState::Pass } else { CheckState::Fail };
            let evidence = format!(
                "95 % of the answers of the service within {p95:.1} ms over 24 h, by {}; {LIMIT_MS} ms are allowed",
                prometheus.place()
            );
            Check::new("service_latency", state, evidence).with([("service_p95_ms", p95)])
        }
    }
}
