//! The `extended` schema: recency, calendar and ratios beside what the ticket says of itself.
//!
//! On real job logs the last durations of the same requester tell more than everything else
//! together. Nothing is filled in: what is not known is NaN, and the trees learn where it belongs.

use super::feature::{Feature, Statistic, TicketFeature};
use super::recent::{Grouping, RecentStatistic};
use super::schema::{Configuration, FeatureSpec};

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
    features.extend(optional.into_iter().filter(|(configured, _)| *configured).map(|(_, feature)| Feature::Ticket(feature)));
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

#[cfg(test)]
mod tests {
    use super::*;

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
