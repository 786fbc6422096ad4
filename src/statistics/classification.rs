//! How well classes were predicted, over all rows and for each class.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::class_label::ClassLabel;

/// One class against the rest. What is undefined is `None`, never 0: nobody measured it.
///
/// ```
/// use hivectl::statistics::{ClassLabel, Classification};
///
/// let [no, yes] = [ClassLabel::from("no"), ClassLabel::from("yes")];
/// let (actual, predicted) = ([&no, &no, &yes], [&no, &yes, &yes]);
/// let judged = Classification::measure(&actual, &predicted, &[0.9, 0.6, 0.8], &[no.clone(), yes.clone()]).expect("rows");
/// let first = &judged.classes[0];
/// assert_eq!((first.support, first.precision, first.recall), (2, Some(1.0), Some(0.5)));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassScores {
    /// Its label.
    pub class: ClassLabel,
    /// Rows that are of this class.
    #[serde(rename = "support_count")]
    pub support: u64,
    /// Share of the rows predicted to be of this class that are; `None` when none was predicted so.
    pub precision: Option<f64>,
    /// Share of the rows of this class that were found; `None` when there is none.
    pub recall: Option<f64>,
    /// `2 tp / (2 tp + fp + fn)`; `None` when the class was neither present nor predicted.
    pub f1: Option<f64>,
}

/// How a classifier did.
///
/// ```
/// use hivectl::statistics::{ClassLabel, Classification};
///
/// let [no, yes] = [ClassLabel::from("no"), ClassLabel::from("yes")];
/// let (actual, predicted) = ([&no, &no, &yes], [&no, &yes, &yes]);
/// let judged = Classification::measure(&actual, &predicted, &[0.9, 0.6, 0.8], &[no.clone(), yes.clone()]).expect("rows");
/// assert_eq!(judged.accuracy, 2.0 / 3.0);
/// assert_eq!(judged.confusion, [[1, 1], [0, 1]]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Classification {
    pub rows: u64,
    /// Share of the rows whose class was predicted correctly.
    pub accuracy: f64,
    /// By ascending label: every class that the model knows or that a row is of.
    pub classes: Vec<ClassScores>,
    /// Rows by true class (outer) and predicted class (inner), in the order of `classes`.
    pub confusion: Vec<Vec<u64>>,
    /// Mean and standard deviation (of the population) of the probability of the predicted class.
    pub confidence_mean: f64,
    pub confidence_std: f64,
}

impl Classification {
    /// Compares the predicted classes and their probabilities with the labels; `known` are the labels that the model
    /// can predict. `None` without rows, for slices of several lengths, and for a probability that is NaN.
    pub fn measure(labels: &[&ClassLabel], predicted: &[&ClassLabel], confidence: &[f64], known: &[ClassLabel]) -> Option<Self> {
        let rows = labels.len();
        if rows == 0 || predicted.len() != rows || confidence.len() != rows {
            return None;
        }
        if confidence.iter().any(|probability| probability.is_nan()) {
            return None;
        }
        let mut classes: Vec<&ClassLabel> = labels.iter().chain(predicted).copied().chain(known).collect();
        classes.sort_unstable();
        classes.dedup();
        let mut confusion = vec![vec![0u64; classes.len()]; classes.len()];
        let place = |label: &ClassLabel| classes.binary_search(&label).ok();
        for (label, predicted) in labels.iter().zip(predicted) {
            confusion[place(label)?][place(predicted)?] += 1;
        }
        let right: u64 = (0..classes.len()).map(|class| confusion[class][class]).sum();
        let mean = confidence.iter().sum::<f64>() / rows as f64;
        let variance = confidence.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / rows as f64;
        Some(Classification {
            rows: rows as u64,
            accuracy: right as f64 / rows as f64,
            classes: classes.iter().enumerate().map(|(place, class)| scores(&confusion, place, class)).collect(),
            confusion,
            confidence_mean: mean,
            confidence_std: variance.sqrt(),
        })
    }

    /// Mean over the classes; `None` where it is undefined for one of them.
    pub fn macro_mean(&self, of: impl Fn(&ClassScores) -> Option<f64>) -> Option<f64> {
        let values: Option<Vec<f64>> = self.classes.iter().map(of).collect();
        values.map(|values| values.iter().sum::<f64>() / values.len() as f64)
    }

    /// The lowest over the classes; `None` where it is undefined for one of them.
    pub fn lowest(&self, of: impl Fn(&ClassScores) -> Option<f64>) -> Option<f64> {
        let values: Option<Vec<f64>> = self.classes.iter().map(of).collect();
        values.and_then(|values| values.into_iter().min_by(f64::total_cmp))
    }

    /// By the names of the field; what is undefined is left out.
    pub fn metrics(&self) -> BTreeMap<String, f64> {
        let measured = [
            ("accuracy", Some(self.accuracy)),
            ("precision_macro", self.macro_mean(|class| class.precision)),
            ("recall_macro", self.macro_mean(|class| class.recall)),
            ("f1_macro", self.macro_mean(|class| class.f1)),
            ("lowest_class_precision", self.lowest(|class| class.precision)),
            ("lowest_class_recall", self.lowest(|class| class.recall)),
            ("confidence_mean", Some(self.confidence_mean)),
            ("confidence_std", Some(self.confidence_std)),
        ];
        measured.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }
}

fn scores(confusion: &[Vec<u64>], place: usize, class: &ClassLabel) -> ClassScores {
    let right = confusion[place][place];
    let support: u64 = confusion[place].iter().sum();
    let predicted: u64 = confusion.iter().map(|row| row[place]).sum();
    let ratio = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
    ClassScores {
        class: class.clone(),
        support,
        precision: ratio(right, predicted),
        recall: ratio(right, support),
        f1: ratio(2 * right, support + predicted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The measure of labels that are numbers.
    fn measure(labels: &[f64], predicted: &[f64], confidence: &[f64], known: usize) -> Option<Classification> {
        let named = |numbers: &[f64]| numbers.iter().copied().map(ClassLabel::Number).collect::<Vec<_>>();
        let (labels, predicted) = (named(labels), named(predicted));
        let (labels, predicted) = (labels.iter().collect::<Vec<_>>(), predicted.iter().collect::<Vec<_>>());
        Classification::measure(&labels, &predicted, confidence, &ClassLabel::numbered(known))
    }

    #[test]
    fn scikit_learn_says_the_same() {
        // precision_recall_fscore_support(y, p), accuracy_score, confusion_matrix of
        // y = [0,0,0,1,1,2,2,2,2,1], p = [0,0,1,1,2,2,2,0,2,1]
        let labels = [0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 1.0];
        let predicted = [0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 2.0, 0.0, 2.0, 1.0];
        let judged = measure(&labels, &predicted, &[0.9; 10], 3).expect("measured");
        assert_eq!(judged.accuracy, 0.7);
        assert_eq!(judged.confusion, [[2, 1, 0], [0, 2, 1], [1, 0, 3]]);
        let thirds = 2.0 / 3.0;
        assert_eq!(judged.classes[0].precision, Some(thirds));
        assert_eq!((judged.classes[2].precision, judged.classes[2].recall, judged.classes[2].support), (Some(0.75), Some(0.75), 4));
        assert!((judged.macro_mean(|class| class.f1).expect("defined") - (thirds + thirds + 0.75) / 3.0).abs() < 1e-12);
        assert_eq!(judged.lowest(|class| class.recall), Some(thirds));
        assert!((judged.confidence_mean - 0.9).abs() < 1e-12 && judged.confidence_std < 1e-12);
    }

    #[test]
    fn a_class_that_was_never_there_or_never_predicted_leaves_its_metric_undefined() {
        let judged = measure(&[0.0, 1.0], &[0.0, 0.0], &[1.0, 1.0], 3).expect("measured");
        assert_eq!((judged.classes[1].precision, judged.classes[1].recall, judged.classes[1].f1), (None, Some(0.0), Some(0.0)));
        assert_eq!(judged.classes[2].recall, None);
        let metrics = judged.metrics();
        assert!(!metrics.contains_key("lowest_class_recall") && !metrics.contains_key("f1_macro") && metrics["accuracy"] == 0.5);
        assert_eq!(measure(&[], &[], &[], 1), None);
        assert_eq!(measure(&[0.0], &[0.0], &[f64::NAN], 1), None);
    }
}
