//! The `extended` schema: recency, calendar and ratios beside what the ticket says of itself.
//!
//! On real job logs the last durations of the same requester tell more than everything else
//! together. Nothing is filled in: what is not known is NaN, and the trees learn where it belongs.

use super::facts::TicketFacts;
use super::facts::{NO_TIME, UNKNOWN};
use super::recent::{Grouping, RecentStatistic};
use super::reference::{CONSISTENCY, DELIVERY, DURABILITY, RISK, TASK, score};
use super::schema::{Configuration, Feature, FeatureSpec, Plain, Statistic};

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// The columns, in order; those of a field that is not configured are left out.
pub(super) fn features(configuration: &Configuration) -> Vec<FeatureSpec> {
    let (requester, executable, size) =
        (configuration.requester.is_some(), configuration.executable.is_some(), configuration.size.is_some());
    let mut features: Vec<Feature> = [
        Plain::RiskWeight,
        Plain::DeliveryScore,
        Plain::ConsistencyScore,
        Plain::DurabilityScore,
        Plain::CapabilitiesCount,
        Plain::TaskTypeCode,
        Plain::ParametersSize,
        Plain::EstimatedDuration,
        Plain::SlaTimeout,
        Plain::EstimateToSla,
        Plain::RetryCount,
        Plain::TimeOfDay,
        Plain::DayOfWeek,
    ]
    .into_iter()
    .map(Feature::Plain)
    .collect();
    let optional = [(requester, Plain::RequesterCode), (executable, Plain::ExecutableCode), (size, Plain::Size)];
    features.extend(optional.into_iter().filter(|(configured, _)| *configured).map(|(_, plain)| Feature::Plain(plain)));
    let statistics = [Statistic::AverageDurationByTask, Statistic::SuccessRate, Statistic::StandardDeviation, Statistic::EstimateToAverage];
    features.extend(statistics.map(Feature::Statistic));
    if requester {
        let groupings = Grouping::ALL.iter().copied().filter(|grouping| match grouping {
            Grouping::RequesterExecutable => executable,
            Grouping::RequesterEstimateSize => size,
            Grouping::Requester | Grouping::RequesterTask | Grouping::RequesterEstimate => true,
        });
        features
            .extend(groupings.flat_map(|grouping| RecentStatistic::ALL.iter().map(move |&statistic| Feature::Recent(grouping, statistic))));
    }
    features.into_iter().map(|feature| FeatureSpec::new(feature, None)).collect()
}

impl Plain {
    /// The number for a ticket; NaN where the ticket does not say.
    pub fn of(self, facts: &TicketFacts) -> f32 {
        let code = |code: u32| if code == UNKNOWN { f32::NAN } else { code as f32 };
        match self {
            Plain::RiskWeight => score(RISK, facts.risk_level),
            Plain::DeliveryScore => score(DELIVERY, facts.delivery_level),
            Plain::ConsistencyScore => score(CONSISTENCY, facts.consistency_level),
            Plain::DurabilityScore => score(DURABILITY, facts.durability_level),
            Plain::CapabilitiesCount => facts.capabilities_count as f32,
            Plain::TaskTypeEncoded => score(TASK, facts.task_level),
            Plain::ParametersSize => facts.parameters_size as f32,
            Plain::EstimatedDuration => facts.estimated_duration_ms as f32,
            Plain::SlaTimeout => facts.sla_timeout_ms as f32,
            Plain::RetryCount => facts.retry_count().map_or(f32::NAN, |count| count as f32),
            Plain::HourOfDay => {
                if facts.hour == u8::MAX {
                    f32::NAN
                } else {
                    f32::from(facts.hour)
                }
            }
            Plain::TimeOfDay => calendar(facts, |time| (time.rem_euclid(DAY_MS) as f64 / 3_600_000.0) as f32),
            // The epoch began on a Thursday.
            Plain::DayOfWeek => calendar(facts, |time| (time.div_euclid(DAY_MS) + 3).rem_euclid(7) as f32),
            Plain::EstimateToSla => (facts.estimated_duration_ms / facts.sla_timeout_ms) as f32,
            Plain::Size => facts.size,
            Plain::TaskTypeCode => code(facts.task_type),
            Plain::RequesterCode => code(facts.requester),
            Plain::ExecutableCode => code(facts.executable),
        }
    }
}

fn calendar(facts: &TicketFacts, of: impl Fn(i64) -> f32) -> f32 {
    if facts.created_at == NO_TIME { f32::NAN } else { of(facts.created_at) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Vocabulary;
    use crate::ticket::Ticket;

    fn facts(created_at: Option<i64>) -> TicketFacts {
        TicketFacts::look_up(&Ticket { created_at, ..Ticket::default() }, &Vocabulary::default())
    }

    #[test]
    fn the_calendar_is_utc_and_the_week_begins_on_monday() {
        // 2026-01-01T11:30:00Z was a Thursday; 1969-12-31T23:00:00Z a Wednesday.
        let noon = facts(Some(1_767_267_000_000));
        assert_eq!((Plain::TimeOfDay.of(&noon), Plain::DayOfWeek.of(&noon)), (11.5, 3.0));
        let before = facts(Some(-3_600_000));
        assert_eq!((Plain::TimeOfDay.of(&before), Plain::DayOfWeek.of(&before)), (23.0, 2.0));
        assert!(Plain::TimeOfDay.of(&facts(None)).is_nan() && Plain::DayOfWeek.of(&facts(None)).is_nan());
    }

    #[test]
    fn columns_of_fields_that_are_not_configured_are_left_out() {
        let named = |configuration: Configuration| features(&configuration).iter().map(FeatureSpec::name).collect::<Vec<_>>();
        let none = named(Configuration::default());
        assert!(!none.iter().any(|name| name.starts_with("requester") || name.starts_with("executable") || name == "size"));
        let requester = named(Configuration { requester: Some("who".into()), ..Configuration::default() });
        assert!(requester.contains(&"requester_task_last_duration_ms".to_owned()));
        assert!(!requester.iter().any(|name| name.contains("executable") || name.contains("size_")));
    }
}
