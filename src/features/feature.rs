//! The numbers that a column can hold: of the ticket alone, of its task type and risk band, of the last durations.

use super::encoded::{EncodedTicket, NO_TIME, UNKNOWN};
use super::recent::{Grouping, RecentStatistic};
use super::reference::{CONSISTENCY, DELIVERY, DURABILITY, RISK, TASK, score};
use crate::base::time::{MS_PER_DAY, MS_PER_HOUR};

/// A column that depends on the ticket alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketFeature {
    RiskWeight,
    DeliveryScore,
    ConsistencyScore,
    DurabilityScore,
    CapabilitiesCount,
    TaskTypeEncoded,
    ParametersSize,
    EstimatedDuration,
    SlaTimeout,
    RetryCount,
    /// Whole hour in the offset the creation time was written with.
    HourOfDay,
    /// Hours since midnight UTC with their fraction.
    TimeOfDay,
    /// Monday 0 … Sunday 6, UTC.
    DayOfWeek,
    EstimateToSla,
    Size,
    /// The task type's number in the order of first appearance; finer than [`TicketFeature::TaskTypeEncoded`].
    TaskTypeCode,
    RequesterCode,
    ExecutableCode,
}

/// A column made from the history of the ticket's task type and risk band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// Mean duration of the (task type, risk band).
    AverageDurationByTask,
    /// The same number: the running system fills both columns with it.
    AverageDurationByRisk,
    /// Share of the ended tickets that completed.
    SuccessRate,
    /// Population standard deviation of the durations.
    StandardDeviation,
    /// Estimate over the mean duration.
    EstimateToAverage,
    /// (duration − mean) / standard deviation; known only when the ticket has ended.
    DurationDeviation,
    /// Retries above the mean of the (task type, risk band); final only when the ticket has ended.
    RetryPattern,
}

/// How one column is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    Ticket(TicketFeature),
    Statistic(Statistic),
    Recent(Grouping, RecentStatistic),
}

impl TicketFeature {
    const ALL: &'static [TicketFeature] = &[
        TicketFeature::RiskWeight,
        TicketFeature::DeliveryScore,
        TicketFeature::ConsistencyScore,
        TicketFeature::DurabilityScore,
        TicketFeature::CapabilitiesCount,
        TicketFeature::TaskTypeEncoded,
        TicketFeature::ParametersSize,
        TicketFeature::EstimatedDuration,
        TicketFeature::SlaTimeout,
        TicketFeature::RetryCount,
        TicketFeature::HourOfDay,
        TicketFeature::TimeOfDay,
        TicketFeature::DayOfWeek,
        TicketFeature::EstimateToSla,
        TicketFeature::Size,
        TicketFeature::TaskTypeCode,
        TicketFeature::RequesterCode,
        TicketFeature::ExecutableCode,
    ];

    fn name_and_unit(self) -> (&'static str, &'static str) {
        match self {
            TicketFeature::RiskWeight => ("risk_weight", "score"),
            TicketFeature::DeliveryScore => ("qos_delivery_score", "score"),
            TicketFeature::ConsistencyScore => ("qos_consistency_score", "score"),
            TicketFeature::DurabilityScore => ("qos_durability_score", "score"),
            TicketFeature::CapabilitiesCount => ("capabilities_count", "count"),
            TicketFeature::TaskTypeEncoded => ("task_type_encoded", "code"),
            TicketFeature::ParametersSize => ("parameters_size", "characters"),
            TicketFeature::EstimatedDuration => ("estimated_duration_ms", "ms"),
            TicketFeature::SlaTimeout => ("sla_timeout_ms", "ms"),
            TicketFeature::RetryCount => ("retry_count", "count"),
            TicketFeature::HourOfDay => ("hour_of_day", "hour"),
            TicketFeature::TimeOfDay => ("time_of_day", "hour"),
            TicketFeature::DayOfWeek => ("day_of_week", "day"),
            TicketFeature::EstimateToSla => ("estimate_to_sla", "ratio"),
            TicketFeature::Size => ("size", "count"),
            TicketFeature::TaskTypeCode => ("task_type_code", "code"),
            TicketFeature::RequesterCode => ("requester_code", "code"),
            TicketFeature::ExecutableCode => ("executable_code", "code"),
        }
    }
}

impl Statistic {
    const ALL: &'static [Statistic] = &[
        Statistic::AverageDurationByTask,
        Statistic::AverageDurationByRisk,
        Statistic::SuccessRate,
        Statistic::StandardDeviation,
        Statistic::EstimateToAverage,
        Statistic::DurationDeviation,
        Statistic::RetryPattern,
    ];

    fn name_and_unit(self) -> (&'static str, &'static str) {
        match self {
            Statistic::AverageDurationByTask => ("avg_duration_by_task", "ms"),
            Statistic::AverageDurationByRisk => ("avg_duration_by_risk", "ms"),
            Statistic::SuccessRate => ("success_rate_by_task", "ratio"),
            Statistic::StandardDeviation => ("std_duration_by_task", "ms"),
            Statistic::EstimateToAverage => ("estimate_to_average", "ratio"),
            Statistic::DurationDeviation => ("duration_deviation", "standard deviations"),
            Statistic::RetryPattern => ("retry_pattern", "count"),
        }
    }
}

impl Feature {
    /// The column's name, unique among all features.
    pub fn name(self) -> String {
        match self {
            Feature::Ticket(feature) => feature.name_and_unit().0.to_owned(),
            Feature::Statistic(statistic) => statistic.name_and_unit().0.to_owned(),
            Feature::Recent(grouping, statistic) => format!("{}_{}", grouping.name(), statistic.name()),
        }
    }

    /// The column's unit.
    pub fn unit(self) -> &'static str {
        match self {
            Feature::Ticket(feature) => feature.name_and_unit().1,
            Feature::Statistic(statistic) => statistic.name_and_unit().1,
            Feature::Recent(_, statistic) => statistic.unit(),
        }
    }

    /// Whether the value exists only once the ticket has ended.
    pub fn known_after_completion(self) -> bool {
        matches!(self, Feature::Statistic(Statistic::DurationDeviation | Statistic::RetryPattern))
    }

    pub(super) fn by_name(name: &str) -> Option<Feature> {
        let ticket = TicketFeature::ALL.iter().map(|&feature| Feature::Ticket(feature));
        let statistic = Statistic::ALL.iter().map(|&statistic| Feature::Statistic(statistic));
        let recent =
            Grouping::ALL.iter().flat_map(|&grouping| RecentStatistic::ALL.iter().map(move |&kind| Feature::Recent(grouping, kind)));
        ticket.chain(statistic).chain(recent).find(|feature| feature.name() == name)
    }
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
            TicketFeature::TimeOfDay => calendar(encoded, |time| (time.rem_euclid(MS_PER_DAY) as f64 / MS_PER_HOUR as f64) as f32),
            // The epoch began on a Thursday.
            TicketFeature::DayOfWeek => calendar(encoded, |time| (time.div_euclid(MS_PER_DAY) + 3).rem_euclid(7) as f32),
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
}
