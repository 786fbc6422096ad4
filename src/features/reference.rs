//! The running system's encodings and its fifteen features, in its order.
//!
//! A model trained on this schema can be served by the platform's own service. Two things differ on
//! purpose from that service: the historical statistics are those known when the ticket was created
//! (it computes them over the rows it then judges), and a ticket with an unusable number is refused
//! before it gets here (it becomes a row of defaults there).

use super::feature::{Feature, Statistic, TicketFeature};
use super::schema::FeatureSpec;

/// Words and the number each stands for; a word is matched in any case.
pub(super) type Encoding = [(&'static str, f32)];

/// `risk_weight` by risk band.
pub(super) const RISK: &Encoding = &[("critical", 1.0), ("high", 0.7), ("medium", 0.5), ("low", 0.3)];
/// `qos_delivery_score` by delivery mode.
pub(super) const DELIVERY: &Encoding = &[("at_least_once", 0.5), ("at_most_once", 0.6), ("exactly_once", 1.0)];
/// `qos_consistency_score` by consistency.
pub(super) const CONSISTENCY: &Encoding = &[("eventual", 0.85), ("strong", 1.0), ("causal", 0.95)];
/// `qos_durability_score` by durability.
pub(super) const DURABILITY: &Encoding = &[("ephemeral", 0.9), ("transient", 0.9), ("persistent", 1.0)];
/// `task_type_encoded` by task type.
pub(super) const TASK: &Encoding =
    &[("build", 0.0), ("deploy", 1.0), ("test", 2.0), ("validate", 3.0), ("execute", 4.0), ("plan", 5.0), ("consolidate", 6.0)];

/// A word no encoding knows.
pub(super) const NO_LEVEL: u8 = u8::MAX;

/// Position of `word` in `encoding`, [`NO_LEVEL`] when it is not there.
pub(super) fn level(encoding: &Encoding, word: &str) -> u8 {
    encoding.iter().position(|(known, _)| known.eq_ignore_ascii_case(word)).map_or(NO_LEVEL, |position| position as u8)
}

/// The number at `level`, NaN when the word was not known.
pub(super) fn score(encoding: &Encoding, level: u8) -> f32 {
    encoding.get(usize::from(level)).map_or(f32::NAN, |&(_, score)| score)
}

/// The fifteen features with the running system's defaults for what is absent.
pub(super) fn features() -> Vec<FeatureSpec> {
    use Feature::{Statistic as Known, Ticket};
    let feature = |feature, missing| FeatureSpec::new(feature, Some(missing));
    vec![
        feature(Ticket(TicketFeature::RiskWeight), 0.5),
        feature(Ticket(TicketFeature::DeliveryScore), 0.5),
        feature(Ticket(TicketFeature::ConsistencyScore), 0.85),
        feature(Ticket(TicketFeature::DurabilityScore), 1.0),
        feature(Ticket(TicketFeature::CapabilitiesCount), 0.0),
        feature(Ticket(TicketFeature::TaskTypeEncoded), 4.0),
        feature(Ticket(TicketFeature::ParametersSize), 0.0),
        feature(Ticket(TicketFeature::EstimatedDuration), 60_000.0),
        feature(Ticket(TicketFeature::SlaTimeout), 300_000.0),
        feature(Known(Statistic::AverageDurationByTask), 60_000.0),
        feature(Known(Statistic::AverageDurationByRisk), 60_000.0),
        feature(Known(Statistic::SuccessRate), 0.95),
        feature(Known(Statistic::StandardDeviation), 15_000.0),
        feature(Ticket(TicketFeature::RetryCount), 0.0),
        feature(Ticket(TicketFeature::HourOfDay), 12.0),
    ]
}

#[cfg(test)]
mod tests {
    use crate::features::{FeatureSchema, History, features_at};
    use crate::ticket::Ticket;

    fn golden() -> Ticket {
        Ticket {
            risk_band: "high".into(),
            task_type: "DEPLOY".into(),
            delivery_mode: "EXACTLY_ONCE".into(),
            consistency: "STRONG".into(),
            durability: "PERSISTENT".into(),
            capabilities_count: 2,
            parameters_size: 65,
            estimated_duration_ms: Some(120_000.0),
            sla_timeout_ms: Some(360_000.0),
            retry_count: Some(1),
            created_at: Some(1_767_265_200_000),
            created_hour: Some(11),
            ..Ticket::default()
        }
    }

    fn row(ticket: &Ticket) -> Vec<f32> {
        let schema = FeatureSchema::reference();
        features_at(&schema, &History::new(&schema), ticket)
    }

    #[test]
    fn the_golden_ticket_has_the_golden_row() {
        let expected = [0.7, 1.0, 1.0, 1.0, 2.0, 1.0, 65.0, 120_000.0, 360_000.0, 60_000.0, 60_000.0, 0.95, 15_000.0, 1.0, 11.0];
        assert_eq!(row(&golden()), expected);
    }

    #[test]
    fn an_estimate_that_is_null_is_an_absent_one() {
        let mut expected = row(&golden());
        expected[7] = 60_000.0;
        assert_eq!(row(&Ticket { estimated_duration_ms: None, ..golden() }), expected);
    }

    #[test]
    fn an_empty_ticket_has_the_defaults() {
        let expected = [0.5, 0.5, 0.85, 1.0, 0.0, 4.0, 0.0, 60_000.0, 300_000.0, 60_000.0, 60_000.0, 0.95, 15_000.0, 0.0, 12.0];
        assert_eq!(row(&Ticket::default()), expected);
    }

    #[test]
    fn words_are_read_in_any_case_and_unknown_ones_take_the_default() {
        let shouted = Ticket { risk_band: "CRITICAL".into(), durability: "Ephemeral".into(), consistency: "causal".into(), ..golden() };
        let row_of = row(&shouted);
        assert_eq!((row_of[0], row_of[2], row_of[3]), (1.0, 0.95, 0.9));
        let unknown = Ticket { task_type: "TRANSFORM".into(), delivery_mode: "twice".into(), ..golden() };
        assert_eq!((row(&unknown)[5], row(&unknown)[1]), (4.0, 0.5));
    }
}
