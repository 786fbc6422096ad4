//! What stands between the columns that are given and those that trees look at: one form for scikit-learn's pipelines
//! and ONNX's graphs.
//!
//! Every step leaves the order of numbers as it is or turns it round, also after rounding. So a threshold on a prepared
//! column is a threshold on the given one, and [`Preparation::fold`] finds it exactly, to the last bit, by asking the
//! steps themselves: what comes out are trees on the given columns, and nobody behind this room needs to know.

use std::collections::{BTreeMap, BTreeSet};

use super::fold::Fold;
use super::unfold::{UnfoldBudget, unfold};
use crate::error::{Error, ErrorKind, Result};
use crate::statistics::ClassLabel;
use crate::trees::{Precision, ThresholdComparison, Tree, TreeEnsemble};

/// One step on one number; arithmetic is of 64 bits, [`Step::Single`] behind it makes it that of 32.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step {
    Add(f64),
    /// The number less this.
    Subtract(f64),
    /// This less the number.
    SubtractFrom(f64),
    Multiply(f64),
    Divide(f64),
    /// Rounded to 32 bits.
    Single,
    /// Cut to a whole number, towards zero.
    Truncate,
    Clip(f64, f64),
    /// What takes the place of NaN.
    Fill(f64),
    /// This number counts as missing.
    MissingIs(f64),
    /// 1 where the number is missing, else 0.
    IsMissing,
    SquareRoot,
    /// `ln(1 + x)`.
    LogOnePlus,
    /// `e^x - 1`.
    ExpLessOne,
    Logarithm,
    Exponential,
    /// The column holds places of categories, which stay as they are.
    Code,
    /// 1 where the column holds the category of this place, else 0.
    Is(u32),
}

impl Step {
    fn apply(self, value: f64) -> f64 {
        match self {
            Step::Add(number) => value + number,
            Step::Subtract(number) => value - number,
            Step::SubtractFrom(number) => number - value,
            Step::Multiply(number) => value * number,
            Step::Divide(number) => value / number,
            Step::Single => f64::from(value as f32),
            Step::Truncate => value.trunc(),
            // `f64::clamp` panics where the ends are in the wrong order.
            Step::Clip(low, high) if !value.is_nan() => value.max(low).min(high),
            Step::Fill(number) if value.is_nan() => number,
            Step::MissingIs(number) if value == number => f64::NAN,
            Step::Clip(..) | Step::Fill(_) | Step::MissingIs(_) => value,
            Step::IsMissing => f64::from(u8::from(value.is_nan())),
            Step::SquareRoot => value.sqrt(),
            Step::LogOnePlus => value.ln_1p(),
            Step::ExpLessOne => value.exp_m1(),
            Step::Logarithm => value.ln(),
            Step::Exponential => value.exp(),
            Step::Code => value,
            Step::Is(place) => f64::from(u8::from(value == f64::from(place))),
        }
    }

    /// Whether some numbers have no value behind it.
    pub(super) fn has_edges(self) -> bool {
        matches!(self, Step::SquareRoot | Step::LogOnePlus | Step::Logarithm)
    }

    /// Whether its numbers keep the order of what passes.
    fn is_sound(self) -> bool {
        match self {
            Step::Add(number) | Step::Subtract(number) | Step::SubtractFrom(number) | Step::Fill(number) | Step::MissingIs(number) => {
                number.is_finite()
            }
            Step::Multiply(number) | Step::Divide(number) => number.is_finite() && number != 0.0,
            Step::Clip(low, high) => low <= high,
            _ => true,
        }
    }
}

/// A column that trees look at: a given one, and what was done to it in this order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Derived {
    pub(super) source: usize,
    pub(super) steps: Vec<Step>,
    /// The category that takes the place of a missing one, as long as its place is not known.
    pub(super) filled: Option<ClassLabel>,
}

impl Derived {
    /// The given column itself.
    pub(super) fn given(source: usize) -> Derived {
        Derived { source, steps: Vec::new(), filled: None }
    }

    /// The same with one step more.
    pub(super) fn then(mut self, step: Step) -> Derived {
        self.steps.push(step);
        self
    }

    pub(super) fn apply(&self, value: f64) -> f64 {
        self.steps.iter().fold(value, |value, step| step.apply(value))
    }

    /// The same with every number taken for itself, also one that counts as missing: what keeps the order of numbers.
    pub(super) fn apply_in_order(&self, value: f64) -> f64 {
        let in_order = self.steps.iter().filter(|step| !matches!(step, Step::MissingIs(_)));
        in_order.fold(value, |value, step| step.apply(value))
    }
}

/// Most steps on one column: real pipelines have a handful.
const MOST_STEPS: usize = 64;

/// All columns that trees look at.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Preparation {
    /// The trees' columns, in their order.
    pub(super) columns: Vec<Derived>,
    /// Whether the given numbers are of 32 bits.
    pub(super) single: bool,
    /// The given columns that hold places of categories.
    pub(super) codes: BTreeSet<usize>,
}

impl Preparation {
    /// Whether the given columns are the trees' own.
    fn is_identity(&self, given: usize) -> bool {
        given == self.columns.len() && (0..self.columns.len()).all(|place| self.columns[place] == Derived::given(place))
    }

    /// The trees on the given columns, which are called `names`: the same answers, bit for bit, for every number and
    /// for NaN.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] where the number of columns differs or a step does not keep the order of
    /// numbers (a scale of 0, a category that was scaled), and where the trees grow too large because numbers in between go
    /// the way of the missing (a root of what is negative, a number that counts as missing).
    pub(super) fn fold(&self, names: Vec<String>, mut ensemble: TreeEnsemble) -> Result<TreeEnsemble> {
        if !self.is_identity(names.len()) {
            self.check(names.len())?;
            let mut budget = UnfoldBudget::of_trees(&ensemble.trees);
            for (number, tree) in ensemble.trees.iter_mut().enumerate() {
                self.fold_tree(tree, (ensemble.comparison, ensemble.precision), &mut budget)
                    .map_err(|error| error.because(format!("tree {number}")))?;
            }
            ensemble.comparison = ThresholdComparison::LessOrEqual;
            ensemble.precision = if self.single { ensemble.precision } else { Precision::Double };
        } else if let Some(feature) =
            ensemble.trees.iter().find_map(|tree| tree.feature.iter().find(|&&feature| feature as usize >= names.len()))
        {
            return Err(beyond(*feature as usize, names.len()));
        }
        ensemble.feature_names = names;
        Ok(ensemble)
    }

    /// Whether every column is made of one of `given` by steps that keep the order of numbers.
    ///
    /// Errors: as [`Preparation::fold`].
    pub(super) fn check(&self, given: usize) -> Result<()> {
        for (place, column) in self.columns.iter().enumerate() {
            if column.source >= given || column.steps.len() > MOST_STEPS {
                return Err(bad(format_args!("column {place} is made of column {} of {given}", column.source)));
            }
            let is_coded = column.steps.iter().any(|step| matches!(step, Step::Code | Step::Is(_)));
            if column.filled.is_some() || is_coded != self.codes.contains(&column.source) {
                return Err(bad(format_args!("column {} is taken for categories and for numbers", column.source)));
            }
            if let Some(step) = column.steps.iter().find(|step| !step.is_sound()) {
                return Err(bad(format_args!("column {place} goes through {step:?}")));
            }
        }
        Ok(())
    }

    /// One tree of such an ensemble; afterwards it compares by `<=`.
    ///
    /// Errors: as [`Preparation::fold`].
    pub(super) fn fold_tree(
        &self,
        tree: &mut Tree,
        (comparison, precision): (ThresholdComparison, Precision),
        budget: &mut UnfoldBudget,
    ) -> Result<()> {
        let mut questions = BTreeMap::new();
        for node in 0..tree.len() {
            if tree.is_leaf(node) {
                continue;
            }
            let feature = tree.feature[node] as usize;
            let column = self.columns.get(feature).ok_or_else(|| beyond(feature, self.columns.len()))?;
            let fold = Fold { column, comparison, precision, single: self.single };
            let category = column.steps.iter().find_map(|step| if let Step::Is(place) = step { Some(*place) } else { None });
            let moved = match (tree.categorical_split(node), category) {
                (Some(_), _) => by_category(tree, node, column, precision),
                (None, Some(place)) => {
                    fold.category(tree, node, place);
                    Ok(())
                }
                (None, None) => fold.node(tree, node).map(|question| questions.extend(question.map(|question| (node, question)))),
            };
            moved.map_err(|error| error.because(format!("node {node}, on column {}", column.source)))?;
            tree.feature[node] = column.source as u32;
        }
        tree.categorical.sort_unstable_by_key(|split| split.node);
        if !questions.is_empty() {
            let outputs = tree.value.len() / tree.len();
            *tree = unfold(tree, &questions, outputs, budget)?.0;
            tree.categorical.sort_unstable_by_key(|split| split.node);
        }
        Ok(())
    }
}

/// The trees where one number counts as missing, as XGBoost's `missing` says and as the zeros of a sparse table do there.
///
/// Errors: as [`Preparation::fold`].
pub(super) fn with_missing(ensemble: TreeEnsemble, number: f64) -> Result<TreeEnsemble> {
    let columns = (0..ensemble.features()).map(|place| Derived::given(place).then(Step::MissingIs(number))).collect();
    let names = ensemble.feature_names.clone();
    let single = ensemble.precision == Precision::Single;
    Preparation { columns, single, codes: BTreeSet::new() }.fold(names, ensemble)
}

/// A category passes as it is, or in the place of NaN.
fn by_category(tree: &mut Tree, node: usize, column: &Derived, precision: Precision) -> Result<()> {
    for step in &column.steps {
        match step {
            Step::Fill(number) => {
                tree.missing_left[node] = tree.categorical_split(node).is_some_and(|split| split.goes_left(*number, precision));
            }
            Step::MissingIs(number) => {
                let missing_left = tree.missing_left[node];
                if let Some(split) = tree.categorical.iter_mut().find(|split| split.node as usize == node)
                    && *number >= 0.0
                    && number.fract() == 0.0
                    && *number <= f64::from(u32::MAX)
                {
                    let place = *number as u32;
                    split.left.retain(|&category| category != place);
                    if missing_left {
                        split.left.push(place);
                        split.left.sort_unstable();
                    }
                }
            }
            Step::Single | Step::Code => {}
            other => return Err(bad(format_args!("a category goes through {other:?}"))),
        }
    }
    Ok(())
}

fn beyond(feature: usize, columns: usize) -> Error {
    bad(format_args!("the trees look at column {feature} of {columns}"))
}

pub(super) fn bad(what: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::BadModelFile, format!("cannot follow what is done to the columns before the trees: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::arrange::blank;
    use crate::statistics::random::SplitMix64;
    use crate::trees::{CategoricalSplit, EnsembleTask};

    /// One split on the column 0.
    fn stump(threshold: f64, missing_left: bool) -> Tree {
        let mut tree = blank(3, 1);
        (tree.left[0], tree.right[0], tree.threshold[0], tree.missing_left[0]) = (1, 2, threshold, missing_left);
        tree.value = vec![0.0, -1.0, 1.0];
        tree
    }

    fn ensemble(tree: Tree, comparison: ThresholdComparison, precision: Precision) -> TreeEnsemble {
        let averaged = TreeEnsemble::averaged(EnsembleTask::Regression, vec!["prepared".into()], 1, vec![tree]);
        TreeEnsemble { comparison, precision, ..averaged }
    }

    fn answer(ensemble: &TreeEnsemble, value: f64) -> f64 {
        let tree = &ensemble.trees[0];
        tree.value[tree.child(0, value, ensemble.comparison, ensemble.precision)]
    }

    fn folded(steps: &[Step], single: bool, ensemble: &TreeEnsemble) -> Result<TreeEnsemble> {
        let column = Derived { steps: steps.to_vec(), ..Derived::given(1) };
        Preparation { columns: vec![column], single, codes: BTreeSet::new() }.fold(vec!["other".into(), "given".into()], ensemble.clone())
    }

    #[test]
    fn a_folded_split_answers_as_the_steps_and_the_split_do() {
        let mut random = SplitMix64::new(11);
        let mut number = || (random.below(2001) as f64 - 1000.0) / 7.0;
        let chains = |number: &mut dyn FnMut() -> f64| -> Vec<Vec<Step>> {
            vec![
                vec![Step::Subtract(number()), Step::Single, Step::Multiply(number() + 0.1), Step::Single],
                vec![Step::Multiply(-3.0), Step::Add(number())],
                vec![Step::SubtractFrom(number()), Step::Divide(0.3)],
                vec![Step::Fill(number()), Step::Divide(-7.0)],
                vec![Step::Truncate, Step::Clip(-50.0, 60.0)],
                vec![Step::Clip(-1e3, 1e3), Step::Single],
            ]
        };
        let mut both_ways = 0;
        for _ in 0..60 {
            for steps in chains(&mut number) {
                for (comparison, precision) in [
                    (ThresholdComparison::LessOrEqual, Precision::Double),
                    (ThresholdComparison::Less, Precision::Double),
                    (ThresholdComparison::Less, Precision::Single),
                    (ThresholdComparison::LessOrEqual, Precision::SingleValues),
                ] {
                    let (single, missing_left) = (precision == Precision::Single, number() > 0.0);
                    let whole = ensemble(stump(number(), missing_left), comparison, precision);
                    let folded = folded(&steps, single, &whole).unwrap();
                    let tree = &folded.trees[0];
                    assert_eq!((tree.feature[0], folded.comparison), (1, ThresholdComparison::LessOrEqual));
                    let edge = tree.threshold[0];
                    let neighbours = match single {
                        true => [f64::from((edge as f32).next_down()), f64::from((edge as f32).next_up())],
                        false => [edge.next_down(), edge.next_up()],
                    };
                    let column = Derived { steps: steps.clone(), ..Derived::given(1) };
                    for value in
                        [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, edge, number(), number(), neighbours[0], neighbours[1]]
                    {
                        let value = if single { f64::from(value as f32) } else { value };
                        assert_eq!(answer(&folded, value), answer(&whole, column.apply(value)), "{steps:?} {value}");
                    }
                    both_ways += usize::from(edge.is_finite());
                }
            }
        }
        assert!(both_ways > 700, "{both_ways} splits part finite numbers");
    }

    #[test]
    fn what_has_no_value_or_counts_as_missing_goes_the_way_of_the_missing() {
        let chains: [&[Step]; 9] = [
            &[Step::SquareRoot],
            &[Step::LogOnePlus, Step::Subtract(1.0)],
            &[Step::Multiply(-2.0), Step::Logarithm],
            &[Step::MissingIs(0.0)],
            &[Step::MissingIs(-999.0)],
            &[Step::Multiply(-2.0), Step::MissingIs(-8.0), Step::Add(1.0), Step::MissingIs(3.0)],
            &[Step::Truncate, Step::MissingIs(2.0)],
            &[Step::SquareRoot, Step::MissingIs(2.0)],
            &[Step::IsMissing],
        ];
        let edges =
            [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -999.0, -4.5, -1.0, -0.5, -0.0, 0.0, 0.3, 1.0, 2.0, 2.9, 3.0, 4.0, 4.1, 60.0];
        let mut unlike = 0;
        for steps in chains {
            for (threshold, missing_left, single) in [-3.0, 0.0, 0.5, 2.0]
                .into_iter()
                .flat_map(|edge| [(edge, true, false), (edge, false, false), (edge, true, true), (edge, false, true)])
            {
                let (comparison, precision) = match single {
                    true => (ThresholdComparison::Less, Precision::Single),
                    false => (ThresholdComparison::LessOrEqual, Precision::Double),
                };
                let whole = ensemble(stump(threshold, missing_left), comparison, precision);
                let folded = folded(steps, single, &whole).unwrap();
                let column = Derived { steps: steps.to_vec(), ..Derived::given(1) };
                for value in edges.into_iter().flat_map(|value| [value, value.next_up(), value.next_down()]) {
                    let value = if single { f64::from(value as f32) } else { value };
                    assert_eq!(walked(&folded, value), answer(&whole, column.apply(value)), "{steps:?} {threshold} {missing_left} {value}");
                }
                unlike += usize::from(folded.trees[0].len() > whole.trees[0].len());
            }
        }
        assert!(unlike > 20, "{unlike} trees ask more than once");
    }

    fn walked(ensemble: &TreeEnsemble, value: f64) -> f64 {
        let (tree, mut node) = (&ensemble.trees[0], 0);
        while !tree.is_leaf(node) {
            node = tree.child(node, value, ensemble.comparison, ensemble.precision);
        }
        tree.value[node]
    }

    #[test]
    fn what_does_not_keep_the_order_is_refused() {
        let whole = ensemble(stump(2.0, true), ThresholdComparison::LessOrEqual, Precision::Double);
        for step in [Step::Multiply(0.0), Step::Divide(f64::NAN), Step::Add(f64::INFINITY), Step::Clip(2.0, 1.0)] {
            assert!(folded(&[step], false, &whole).is_err(), "{step:?}");
        }
        let outside = Preparation { columns: vec![Derived::given(5)], single: false, codes: BTreeSet::new() };
        assert!(outside.fold(vec!["only".into()], whole.clone()).is_err());
        let none = Preparation { columns: Vec::new(), single: false, codes: BTreeSet::new() };
        assert!(none.fold(vec!["only".into()], whole).is_err());
    }

    #[test]
    fn a_column_of_categories_is_split_by_sets() {
        // Of three categories: whether it is the one of place 1, and the place itself.
        for (step, threshold, answers) in [
            (Step::Is(1), 0.5, [-1.0, 1.0, -1.0, -1.0]),
            (Step::Code, 0.5, [-1.0, 1.0, 1.0, 1.0]),
            (Step::Code, 1.5, [-1.0, -1.0, 1.0, 1.0]),
        ] {
            let whole = ensemble(stump(threshold, false), ThresholdComparison::LessOrEqual, Precision::SingleValues);
            let column = Derived::given(1).then(step);
            let preparation = Preparation { columns: vec![column], single: false, codes: BTreeSet::from([1]) };
            let folded = preparation.fold(vec!["other".into(), "given".into()], whole).unwrap();
            folded.check().unwrap();
            assert_eq!([0.0, 1.0, 2.0, f64::NAN].map(|value| answer(&folded, value)), answers, "{step:?} {threshold}");
        }
        let mixed = Preparation { columns: vec![Derived::given(1)], single: false, codes: BTreeSet::from([1]) };
        let whole = ensemble(stump(0.5, false), ThresholdComparison::LessOrEqual, Precision::Double);
        assert!(
            mixed.fold(vec!["other".into(), "given".into()], whole).unwrap_err().to_string().contains("for categories and for numbers")
        );
    }

    #[test]
    fn a_category_may_be_filled_and_not_scaled() {
        let mut tree = stump(0.0, false);
        tree.categorical.push(CategoricalSplit { node: 0, left: vec![3] });
        let whole = ensemble(tree, ThresholdComparison::LessOrEqual, Precision::Double);
        let filled = folded(&[Step::Fill(3.0)], false, &whole).unwrap();
        assert_eq!([f64::NAN, 3.0, 4.0].map(|value| answer(&filled, value)), [-1.0, -1.0, 1.0]);
        assert!(folded(&[Step::Multiply(2.0)], false, &whole).is_err());
    }
}
