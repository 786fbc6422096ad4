//! The platform's own rules for what an anomaly is: they label the tickets that judge a detector, and
//! give a marked ticket its type. Source: reference-system notes, the anomaly detector's label
//! heuristics and its list of types.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::features::{EncodedTicket, FeatureSchema, Vocabulary};
use crate::statistics::RunningMoments;
use crate::ticket::TicketStatus;

/// A duration this many times its task type's mean is an anomaly.
const MEAN_MULTIPLE: f64 = 3.0;
/// So many retries are an anomaly.
const RETRIES: u32 = 3;
/// A ticket that used more of its SLA than this is an anomaly.
const SLA_UTILIZATION: f64 = 0.95;
/// What the platform takes for an SLA timeout that is absent or 0, in ms.
const DEFAULT_SLA_TIMEOUT_MS: f64 = 300_000.0;
/// A duration this many standard deviations from its task type's mean is an anomaly.
const DEVIATIONS: f64 = 3.0;
/// Keeps the deviation finite where all durations are equal, in ms.
const SMALLEST_DEVIATION_MS: f64 = 1e-6;

/// Durations by task type, from the training tickets, that the rules compare with.
///
/// ```
/// use hivectl::kinds::anomaly_rules::RuleStatistics;
/// let nothing = RuleStatistics::learn([], &hivectl::features::Vocabulary::default());
/// assert_eq!(nothing, RuleStatistics::default());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RuleStatistics {
    by_task_type: BTreeMap<String, DurationStatistics>,
    overall: DurationStatistics,
}

/// Moments of durations in ms, as they stand in a package.
#[derive(Serialize, Deserialize)]
#[serde(remote = "RunningMoments")]
struct WrittenMoments {
    count: u64,
    #[serde(rename = "mean_ms")]
    mean: f64,
    squared_deviation: f64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
struct DurationStatistics(#[serde(with = "WrittenMoments")] RunningMoments);

impl RuleStatistics {
    /// Learns from labelled tickets; one without a label teaches nothing.
    pub fn learn<'a>(tickets: impl IntoIterator<Item = &'a EncodedTicket>, vocabulary: &Vocabulary) -> RuleStatistics {
        let mut statistics = RuleStatistics::default();
        for encoded in tickets.into_iter().filter(|encoded| encoded.is_labelled()) {
            statistics.overall.0.learn(encoded.duration_ms);
            statistics.by_task_type.entry(task_type(encoded, vocabulary).to_owned()).or_default().0.learn(encoded.duration_ms);
        }
        statistics
    }

    /// Whether an ended ticket is an anomaly by any rule: it took more than three times its task type's
    /// mean, was retried three times or more, used more than 95 % of its SLA, failed, or lies more than
    /// three standard deviations from the mean. A task type that training never saw is compared with all.
    pub fn is_anomaly(&self, encoded: &EncodedTicket, vocabulary: &Vocabulary) -> bool {
        let DurationStatistics(durations_ms) = self.by_task_type.get(task_type(encoded, vocabulary)).unwrap_or(&self.overall);
        let spread_ms = durations_ms.sample_deviation().unwrap_or(0.0);
        let sla_timeout_ms = if encoded.sla_timeout_ms > 0.0 { encoded.sla_timeout_ms } else { DEFAULT_SLA_TIMEOUT_MS };
        let deviation = (encoded.duration_ms - durations_ms.mean).abs() / (spread_ms + SMALLEST_DEVIATION_MS);
        encoded.status == TicketStatus::Failed
            || encoded.retry_count().is_some_and(|retries| retries >= RETRIES)
            || encoded.duration_ms > MEAN_MULTIPLE * durations_ms.mean
            || encoded.duration_ms / sla_timeout_ms > SLA_UTILIZATION
            || deviation > DEVIATIONS
    }
}

fn task_type<'a>(encoded: &EncodedTicket, vocabulary: &'a Vocabulary) -> &'a str {
    vocabulary.task_types.words().get(encoded.task_type as usize).map_or("", |word| word.as_str())
}

/// What kind of anomaly a row of features looks like; the first rule that holds.
///
/// ```
/// assert_eq!(hivectl::kinds::anomaly_rules::AnomalyType::DurationOutlier.to_string(), "duration_outlier");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum AnomalyType {
    /// Little risk, yet more than 5 capabilities.
    ResourceMismatch,
    /// Little risk, yet the strictest delivery.
    QosInconsistency,
    /// An estimate more than three standard deviations from the history's mean.
    DurationOutlier,
    /// More than 10 capabilities.
    CapabilityAnomaly,
    Unknown,
}

impl AnomalyType {
    /// Reads the columns that the platform's rules use; a schema without one of them never meets a rule
    /// on it.
    pub fn of(schema: &FeatureSchema, row: &[f32]) -> AnomalyType {
        let value = |name: &str| schema.position(name).map_or(f32::NAN, |place| row[place]);
        let little_risk = value("risk_weight") < 0.5;
        let capabilities = value("capabilities_count");
        let spread = value("std_duration_by_task");
        let distance = (value("estimated_duration_ms") - value("avg_duration_by_task")).abs();
        match () {
            () if little_risk && capabilities > 5.0 => AnomalyType::ResourceMismatch,
            () if little_risk && value("qos_delivery_score") >= 1.0 => AnomalyType::QosInconsistency,
            () if spread > 0.0 && distance / spread > 3.0 => AnomalyType::DurationOutlier,
            () if capabilities > 10.0 => AnomalyType::CapabilityAnomaly,
            () => AnomalyType::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::TicketTable;
    use crate::ticket::{LabelSource, Ticket, TicketOutcome};

    fn encoded(durations: &[f64], change: impl Fn(usize, &mut Ticket)) -> (Vec<EncodedTicket>, Vocabulary) {
        let mut table = TicketTable::default();
        for (index, &duration_ms) in durations.iter().enumerate() {
            let mut ticket = Ticket {
                task_type: "BUILD".into(),
                status: TicketStatus::Completed,
                created_at: Some(index as i64),
                sla_timeout_ms: Some(1e9),
                ..Ticket::default()
            };
            change(index, &mut ticket);
            table.push(&ticket, Some(&TicketOutcome { duration_ms, source: LabelSource::Actual, known_at: index as i64 + 1 }));
        }
        let timeline = table.into_timeline();
        (timeline.tickets().to_vec(), timeline.vocabulary().clone())
    }

    #[test]
    fn each_rule_marks_on_its_own() {
        let ordinary: Vec<f64> = (0..100).map(|index| 1000.0 + f64::from(index % 10)).collect();
        let (training, words) = encoded(&ordinary, |_, _| ());
        let rules = RuleStatistics::learn(&training, &words);
        let judged = |duration: f64, change: fn(usize, &mut Ticket)| {
            let (judged, _) = encoded(&[duration], change);
            rules.is_anomaly(&judged[0], &words)
        };
        assert!(!judged(1005.0, |_, _| ()));
        assert!(judged(3100.0, |_, _| ()));
        assert!(judged(1020.0, |_, _| ()), "more than three deviations");
        assert!(judged(1005.0, |_, ticket| ticket.retry_count = Some(3)));
        assert!(!judged(1005.0, |_, ticket| ticket.retry_count = Some(2)));
        assert!(judged(1005.0, |_, ticket| ticket.sla_timeout_ms = Some(1050.0)));
        assert!(judged(1005.0, |_, ticket| ticket.status = TicketStatus::Failed));
    }

    #[test]
    fn the_first_type_that_fits_is_given() {
        let schema = FeatureSchema::reference();
        let typed = |changes: &[(&str, f32)]| {
            let mut row = vec![0.7, 0.5, 0.85, 1.0, 2.0, 0.0, 10.0, 60_000.0, 300_000.0, 60_000.0, 60_000.0, 0.95, 15_000.0, 0.0, 12.0];
            changes.iter().for_each(|(name, value)| row[schema.position(name).expect("a feature")] = *value);
            AnomalyType::of(&schema, &row)
        };
        assert_eq!(typed(&[]), AnomalyType::Unknown);
        assert_eq!(typed(&[("risk_weight", 0.3), ("capabilities_count", 6.0)]), AnomalyType::ResourceMismatch);
        assert_eq!(typed(&[("risk_weight", 0.3), ("qos_delivery_score", 1.0)]), AnomalyType::QosInconsistency);
        assert_eq!(typed(&[("estimated_duration_ms", 200_000.0)]), AnomalyType::DurationOutlier);
        assert_eq!(typed(&[("capabilities_count", 11.0)]), AnomalyType::CapabilityAnomaly);
    }
}
