//! What is recorded of two versions, side by side.

use std::collections::{BTreeMap, BTreeSet};

use super::Side;
use crate::api::compare::{Better, ImportanceRow, MetricRow, ParameterRow, SchemaComparison};
use crate::kinds::{Importance, ModelCard};
use crate::ops::evaluation::recorded_metrics;

impl Better {
    /// The direction of a metric by its name.
    pub fn of(metric: &str) -> Better {
        const LOWER: [&str; 11] = [
            "mae",
            "mae_pct",
            "rmse",
            "mse",
            "mape",
            "median_absolute_error",
            "p90_absolute_error",
            "out_of_bag_mae",
            "false_positive_rate",
            "log_loss",
            "brier_score",
        ];
        const HIGHER: [&str; 9] =
            ["r2", "precision", "recall", "f1", "accuracy", "roc_auc", "average_precision", "out_of_bag_r2", "balanced_accuracy"];
        match metric {
            metric if LOWER.contains(&metric) => Better::Lower,
            metric if HIGHER.contains(&metric) => Better::Higher,
            "bias" => Better::NearerZero,
            _ => Better::Neither,
        }
    }

    /// Whether `second` is better than `first`; `None` where they are equal or the metric is no merit.
    pub fn improves(self, first: f64, second: f64) -> Option<bool> {
        let gain = match self {
            Better::Lower => first - second,
            Better::Higher => second - first,
            Better::NearerZero => first.abs() - second.abs(),
            Better::Neither => return None,
        };
        (gain != 0.0).then_some(gain > 0.0)
    }
}

/// Two sets of metrics side by side, by name.
pub fn metric_rows(first: &BTreeMap<String, f64>, second: &BTreeMap<String, f64>) -> Vec<MetricRow> {
    let names: BTreeSet<&String> = first.keys().chain(second.keys()).collect();
    let row = |metric: &String| {
        let finite = |metrics: &BTreeMap<String, f64>| metrics.get(metric).copied().filter(|value| value.is_finite());
        let (one, two) = (finite(first), finite(second));
        let both = one.zip(two);
        let better = Better::of(metric);
        MetricRow {
            metric: metric.clone(),
            first: one,
            second: two,
            difference: both.map(|(one, two)| two - one),
            better,
            improved: both.and_then(|(one, two)| better.improves(one, two)),
        }
    };
    names.into_iter().map(row).collect()
}

pub(super) fn metrics(first: &Side, second: &Side) -> Vec<MetricRow> {
    metric_rows(&recorded_metrics(&first.resolved.version), &recorded_metrics(&second.resolved.version))
}

pub(super) fn parameters(first: &Side, second: &Side) -> Vec<ParameterRow> {
    let (one, two) = (&first.resolved.version.params, &second.resolved.version.params);
    let names: BTreeSet<&String> = one.keys().chain(two.keys()).collect();
    let differing = names.into_iter().filter(|name| one.get(*name) != two.get(*name));
    differing.map(|name| ParameterRow { parameter: name.clone(), first: one.get(name).cloned(), second: two.get(name).cloned() }).collect()
}

pub(super) fn schema(first: &Side, second: &Side) -> Option<SchemaComparison> {
    let (one, two) = (first.card.as_ref()?, second.card.as_ref()?);
    let (names, others) = (one.schema.names(), two.schema.names());
    let missing = |of: &[String], from: &[String]| of.iter().filter(|name| !from.contains(name)).cloned().collect();
    Some(SchemaComparison {
        same: one.schema_fingerprint == two.schema_fingerprint,
        only_first: missing(&names, &others),
        only_second: missing(&others, &names),
    })
}

/// By the greater of both shares, falling.
pub(super) fn importances(first: &Side, second: &Side) -> Vec<ImportanceRow> {
    let of = |card: &Option<ModelCard>| card.as_ref().map_or_else(Vec::new, |card| card.importances.clone());
    let (one, two) = (of(&first.card), of(&second.card));
    let names: BTreeSet<&String> = one.iter().chain(&two).map(|importance| &importance.feature).collect();
    let value = |all: &[Importance], name: &str| all.iter().find(|importance| importance.feature == name).map(|found| found.value);
    let mut rows: Vec<ImportanceRow> = names
        .into_iter()
        .map(|name| ImportanceRow { feature: name.clone(), first: value(&one, name), second: value(&two, name) })
        .collect();
    let greater = |row: &ImportanceRow| row.first.unwrap_or(0.0).max(row.second.unwrap_or(0.0));
    rows.sort_by(|one, other| greater(other).total_cmp(&greater(one)).then_with(|| one.feature.cmp(&other.feature)));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_metric_is_better_in_its_own_direction() {
        let of = |pairs: &[(&str, f64)]| pairs.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect::<BTreeMap<_, _>>();
        let rows = metric_rows(
            &of(&[("mae", 10.0), ("r2", 0.5), ("bias", -3.0), ("prevalence", 0.1), ("recall", 0.5)]),
            &of(&[("mae", 8.0), ("r2", 0.4), ("bias", 2.0), ("prevalence", 0.2), ("precision", 0.9)]),
        );
        let told = |name: &str| rows.iter().find(|row| row.metric == name).map(|row| (row.difference, row.improved)).expect("a row");
        assert_eq!(told("mae"), (Some(-2.0), Some(true)));
        assert_eq!(told("r2").1, Some(false));
        assert_eq!(told("bias"), (Some(5.0), Some(true)));
        assert_eq!(told("prevalence").1, None);
        assert_eq!((told("precision"), told("recall")), ((None, None), (None, None)));
    }
}
