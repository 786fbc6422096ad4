//! How much evidence there is behind metrics, from what was recorded beside them.

use std::collections::BTreeMap;

use crate::lifecycle::{JUDGED_TICKETS, POSITIVES};

/// Under which names others log how many rows judged: the running system's trainers, and MLflow's own `evaluate`.
const JUDGED_ELSEWHERE: [&str; 2] = ["test_samples", "example_count"];

/// The metrics with how many tickets judged and how many positives there were, where that is known; what was logged under
/// these very names stays.
pub fn with_evidence(mut metrics: BTreeMap<String, f64>, judged: Option<u64>) -> BTreeMap<String, f64> {
    let logged = |names: &[&str]| names.iter().find_map(|name| metrics.get(*name).copied());
    let judged = logged(&[JUDGED_TICKETS]).or(judged.map(|judged| judged as f64)).or_else(|| logged(&JUDGED_ELSEWHERE));
    let positives = logged(&[POSITIVES]).or_else(|| counted(&metrics)).or_else(|| shared(&metrics, judged?));
    let known = [(JUDGED_TICKETS, judged), (POSITIVES, positives)];
    metrics.extend(known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    metrics
}

/// From the counts that MLflow's `evaluate` logs.
fn counted(metrics: &BTreeMap<String, f64>) -> Option<f64> {
    let count = |name: &str| metrics.get(name).copied();
    let (found, missed, wrong) = (count("true_positives")?, count("false_negatives")?, count("false_positives")?);
    Some((found + missed).min(found + wrong))
}

/// From the shares of tickets that are anomalies and that were marked.
fn shared(metrics: &BTreeMap<String, f64>, judged: f64) -> Option<f64> {
    let share = metrics.get("prevalence")?.min(metrics.get("anomaly_rate").copied().unwrap_or(1.0));
    Some((share * judged).round())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(metrics: &[(&str, f64)], judged: Option<u64>) -> (Option<f64>, Option<f64>) {
        let metrics = with_evidence(metrics.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect(), judged);
        (metrics.get(JUDGED_TICKETS).copied(), metrics.get(POSITIVES).copied())
    }

    #[test]
    fn counts_are_found_under_the_names_of_every_tool() {
        assert_eq!(evidence(&[("mae", 1.0)], None), (None, None));
        assert_eq!(evidence(&[("test_samples", 80.0)], None), (Some(80.0), None));
        assert_eq!(evidence(&[("example_count", 80.0), ("judged_tickets", 70.0)], Some(60)).0, Some(70.0));
        assert_eq!(evidence(&[("test_samples", 80.0)], Some(60)).0, Some(60.0));
        let evaluated = [("true_positives", 9.0), ("false_negatives", 4.0), ("false_positives", 1.0), ("example_count", 54.0)];
        assert_eq!(evidence(&evaluated, None), (Some(54.0), Some(10.0)));
        // 4 anomalies of 54, or 4 alarms: precision and recall stand on four.
        assert_eq!(evidence(&[("prevalence", 4.0 / 54.0), ("anomaly_rate", 0.5)], Some(54)).1, Some(4.0));
        assert_eq!(evidence(&[("prevalence", 0.5), ("anomaly_rate", 4.0 / 54.0)], Some(54)).1, Some(4.0));
        assert_eq!(evidence(&[("prevalence", f64::NAN)], Some(54)).1.is_some_and(f64::is_nan), false);
    }
}
