//! The `extended` schema: recency, calendar and ratios beside what the ticket says of itself.
//!
//! On real job logs the last durations of the same requester tell more than everything else
//! together. Nothing is filled in: what is not known is NaN, and the trees learn where it belongs.

use super::encoded::EncodedTicket;
use super::encoded::{NO_TIME, UNKNOWN};
use super::recent::{Grouping, RecentStatistic};
use super::reference::{CONSISTENCY, DELIVERY, DURABILITY, RISK, TASK, score};
use super::schema::{Configuration, Feature, FeatureSpec, Statistic, TicketFeature};

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// The columns, in order; those of a field that is not configured are left out.
pub(super) fn features(configuration: &Configuration) -> Vec<FeatureSpec> {
    let (requester, executable, size) =
        (configuration.requester.is_some(), configuration.executable.is_some(), configuration.size.is_some());
    let mut features: Vec<Feature> = [
        TicketFeature::RiskWeight,
        TicketFeature::DeliveryScore,
        TicketFeature::ConsistencyScore,
        TicketFeature::DurabilityScore,
        TicketFeature::CapabilitiesCount,
        TicketFeature::TaskTypeCode,
        TicketFeature::ParametersSize,
        TicketFeature::EstimatedDuration,
        TicketFeature::SlaTimeout,
        TicketFeature::EstimateToSla,
        TicketFeature::RetryCount,
        TicketFeature::TimeOfDay,
        TicketFeature::DayOfWeek,
    ]
    .into_iter()
    .map(Feature::Ticket)
    .collect();
    let optional = [(requester, TicketFeature::RequesterCode), (executable, TicketFeature::ExecutableCode), (size, TicketFeature::Size)];
    features.extend(optional.into_iter().filter(|(configured, _)| *configured).map(|(_, plain)| Feature::Ticket(plain)));
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

impl TicketFeature {
    /// The number for a ticket; NaN where the ticket does not say.
    pub fn of(self, encoded: &EncodedTicket) -> f32 {
        let code = |code: u32| if code == UNKNOWN { f32::NAN } else { code as f32 };
        match self {
            TicketFeature::RiskWeight => score(RISK, encoded.risk_level),
            TicketFeature::DeliveryScore => score(DELIVERY, encoded.delivery_level),
            TicketFeature::ConsistencyScore => score(CONSISTENCY, encoded.consistency_level),
            TicketFeature::DurabilityScore => score(DURABILITY, encoded.durability_level),
            TicketFeature::CapabilitiesCount => encoded.capabilities_count as f32,
            TicketFeature::TaskTypeEncoded => score(TASK, encoded.task_level),
            TicketFeature::ParametersSize => encoded.parameters_size as f32,
            TicketFeature::EstimatedDuration => encoded.estimated_duration_ms as f32,
            TicketFeature::SlaTimeout => encoded.sla_timeout_ms as f32,
            TicketFeature::RetryCount => encoded.retry_count().map_or(f32::NAN, |count| count as f32),
            TicketFeature::HourOfDay => {
                if encoded.hour == u8::MAX {
                    f32::NAN
                } else {
                    f32::from(encoded.hour)
                }
            }
            TicketFeature::TimeOfDay => calendar(encoded, |time| (time.rem_euclid(DAY_MS) as f64 / 3_600_000.0) as f32),
            // The epoch began on a Thursday.
            TicketFeature::DayOfWeek => calendar(encoded, |time| (time.div_euclid(DAY_MS) + 3).rem_euclid(7) as f32),
            TicketFeature::EstimateToSla => (encoded.estimated_duration_ms / encoded.sla_timeout_ms) as f32,
            TicketFeature::Size => encoded.size,
            TicketFeature::TaskTypeCode => code(encoded.task_type),
            TicketFeature::RequesterCode => code(encoded.requester),
            TicketFeature::ExecutableCode => code(encoded.executable),
        }
    }
}

fn calendar(encoded: &EncodedTicket, of: impl Fn(i64) -> f32) -> f32 {
    if encoded.created_at == NO_TIME { f32::NAN } else { of(encoded.created_at) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Vocabulary;
    use crate::ticket::Ticket;

    fn encoded(created_at: Option<i64>) -> EncodedTicket {
        EncodedTicket::look_up(&Ticket { created_at, ..Ticket::default() }, &Vocabulary::default())
    }

    #[test]
    fn the_calendar_is_utc_and_the_week_begins_on_monday() {
        // 2026-01-01T11:30:00Z was a Thursday; 1969-12-31T23:00:00Z a Wednesday.
        let noon = encoded(Some(1_767_267_000_000));
        assert_eq!((TicketFeature::TimeOfDay.of(&noon), TicketFeature::DayOfWeek.of(&noon)), (11.5, 3.0));
        let before = encoded(Some(-3_600_000));
        assert_eq!((TicketFeature::TimeOfDay.of(&before), TicketFeature::DayOfWeek.of(&before)), (23.0, 2.0));
        assert!(TicketFeature::TimeOfDay.of(&encoded(None)).is_nan() && TicketFeature::DayOfWeek.of(&encoded(None)).is_nan());
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
