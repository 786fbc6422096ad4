//! From the sums of trees to the probabilities of classes.

/// From raw output to probability.
///
/// ```
/// use hivectl::statistics::ClassLabel;
/// use hivectl::trees::{Columns, EnsembleTask, LinkFunction, Tree, TreeEnsemble, score};
///
/// # let leaf = |value: f64| Tree {
/// #     feature: vec![0], threshold: vec![0.0], left: vec![Tree::LEAF], right: vec![Tree::LEAF], missing_left: vec![false],
/// #     value: vec![value], rows: vec![1], weight: vec![1.0], impurity: vec![0.0], gain: vec![0.0], categorical: Vec::new(),
/// # };
/// let task = EnsembleTask::Classification { classes: ClassLabel::numbered(2), link: LinkFunction::Logistic };
/// let ensemble = TreeEnsemble::averaged(task, vec!["size".into()], 1, vec![leaf(0.0)]);
/// assert_eq!(score(&ensemble, &Columns::new(vec![&[1.0][..]], 1)?, 1)?, [0.5]);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkFunction {
    /// Leaves are probabilities already.
    Identity,
    /// `1 / (1 + e^-raw)`: of one raw output for two classes, or of each class for itself (LightGBM's `multiclassova`, whose
    /// probabilities do not add up to 1).
    Logistic,
    /// `e^raw / Σ e^raw`.
    Softmax,
    /// 1 above 0, else 0: one raw output, two classes (XGBoost's `binary:hinge`).
    Step,
    /// The raw output as it is, which is no share: one raw output, two classes (a classifier of XGBoost's with
    /// `binary:logitraw`, which takes the margin for the probability).
    Margin,
}

impl LinkFunction {
    /// Turns the raw outputs of one row into probabilities.
    pub(super) fn apply(self, raw: &mut [f64]) {
        match self {
            LinkFunction::Identity | LinkFunction::Margin => {}
            LinkFunction::Logistic => raw.iter_mut().for_each(|raw| *raw = 1.0 / (1.0 + (-*raw).exp())),
            LinkFunction::Softmax => {
                let most = raw.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                raw.iter_mut().for_each(|raw| *raw = (*raw - most).exp());
                let total: f64 = raw.iter().sum();
                raw.iter_mut().for_each(|raw| *raw /= total);
            }
            LinkFunction::Step => raw.iter_mut().for_each(|raw| *raw = f64::from(u8::from(*raw > 0.0))),
        }
    }

    /// The same in steps of 32 bits, of raw outputs that are of 32 bits.
    pub(super) fn apply_single(self, raw: &mut [f64]) {
        match self {
            LinkFunction::Identity | LinkFunction::Margin | LinkFunction::Step => self.apply(raw),
            LinkFunction::Logistic => raw.iter_mut().for_each(|raw| *raw = f64::from(1.0 / (1.0 + exp_single(-*raw)))),
            LinkFunction::Softmax => {
                let most = raw.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                raw.iter_mut().for_each(|raw| *raw = f64::from(exp_single(f64::from((*raw - most) as f32))));
                let total = raw.iter().sum::<f64>() as f32;
                raw.iter_mut().for_each(|raw| *raw = f64::from(*raw as f32 / total));
            }
        }
    }
}

/// `e^raw` in 32 bits, as near to it as 32 bits come.
fn exp_single(raw: f64) -> f32 {
    raw.exp() as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(link: LinkFunction, raw: &[f64], is_single: bool) -> Vec<f64> {
        let mut raw = raw.to_vec();
        if is_single {
            link.apply_single(&mut raw)
        } else {
            link.apply(&mut raw)
        }
        raw
    }

    #[test]
    fn a_step_is_above_zero_only_and_a_margin_stays() {
        for is_single in [false, true] {
            assert_eq!([-0.5, 0.0, 1e-9, f64::NAN].map(|raw| after(LinkFunction::Step, &[raw], is_single)[0]), [0.0, 0.0, 1.0, 0.0]);
            assert_eq!(after(LinkFunction::Margin, &[-2.5], is_single), [-2.5]);
        }
    }

    #[test]
    fn what_32_bits_answer_is_a_number_of_32_bits_near_the_other() {
        let raw = [f64::from(1.3f32), f64::from(-2.7f32), f64::from(0.1f32)];
        for link in [LinkFunction::Logistic, LinkFunction::Softmax] {
            for (single, double) in after(link, &raw, true).into_iter().zip(after(link, &raw, false)) {
                assert_eq!(f64::from(single as f32), single);
                assert!((single - double).abs() <= 2e-7 * double, "{single} for {double}");
            }
        }
        assert_eq!(after(LinkFunction::Logistic, &[-200.0, 200.0], true), [0.0, 1.0]);
    }
}
