//! The one in-memory form of every tree model, whoever trained it.

use super::link::LinkFunction;
use super::transformation::Transformation;
use crate::error::{Error, ErrorKind, Result};
use crate::statistics::ClassLabel;

const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;

/// How the trees' outputs become the ensemble's raw output.
///
/// ```
/// use hivectl::trees::{Aggregation, EnsembleTask, TreeEnsemble};
///
/// let forest = TreeEnsemble::averaged(EnsembleTask::Regression, vec!["size".into()], 1, Vec::new());
/// assert_eq!(forest.aggregation, Aggregation::Mean);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregation {
    /// `Σ leaf + base` (boosting; ONNX).
    Sum,
    /// `base + leaf + leaf …`: the same sum, added up from the base, as XGBoost and scikit-learn's histogram boosting do. The
    /// last bit differs.
    SumFromBase,
    /// `base + Σ leaf / trees` (forests).
    Mean,
}

/// When a value goes to the left child.
///
/// ```
/// use hivectl::trees::{Precision, ThresholdComparison, Tree};
///
/// let tree = Tree { threshold: vec![5.0], left: vec![1], right: vec![2], missing_left: vec![false], ..Tree::default() };
/// assert_eq!(tree.child(0, 5.0, ThresholdComparison::LessOrEqual, Precision::Double), 1);
/// assert_eq!(tree.child(0, 5.0, ThresholdComparison::Less, Precision::Double), 2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThresholdComparison {
    /// `value <= threshold` (scikit-learn, LightGBM).
    LessOrEqual,
    /// `value < threshold` (XGBoost).
    Less,
}

/// How wide the numbers are that trees compare and add.
///
/// ```
/// use hivectl::trees::Precision;
///
/// let milliseconds = 1_767_225_600_001.0;
/// assert_eq!(Precision::Double.value(milliseconds), milliseconds);
/// assert_eq!(Precision::SingleValues.value(milliseconds), 1_767_225_556_992.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// Values and thresholds are compared in 32 bits, leaves are added in 32 bits, in the order of the trees (XGBoost,
    /// ONNX).
    Single,
    /// Values of 32 bits are compared with thresholds of 64; sums are of 64 bits (scikit-learn's forests).
    SingleValues,
    /// Everything is of 64 bits (LightGBM, scikit-learn's histogram boosting).
    Double,
}

impl Precision {
    /// The number that a split compares, of a given one. NaN stays NaN.
    pub fn value(self, given: f64) -> f64 {
        match self {
            Precision::Single | Precision::SingleValues => f64::from(given as f32),
            Precision::Double => given,
        }
    }

    /// The number that it is compared with.
    pub fn threshold(self, threshold: f64) -> f64 {
        if self == Precision::Single { f64::from(threshold as f32) } else { threshold }
    }

    /// A sum as it is kept. Two 32-bit numbers added in 64 bits and rounded are what adding them in 32 bits gives.
    pub fn sum(self, sum: f64) -> f64 {
        if self == Precision::Single { f64::from(sum as f32) } else { sum }
    }
}

/// What the raw output means and how the final one is made from it.
///
/// ```
/// use hivectl::statistics::ClassLabel;
/// use hivectl::trees::{EnsembleTask, LinkFunction, TreeEnsemble};
///
/// let task = EnsembleTask::Classification { classes: ClassLabel::numbered(2), link: LinkFunction::Identity };
/// let forest = TreeEnsemble::averaged(task, vec!["size".into()], 2, Vec::new());
/// assert_eq!(forest.base, [0.0, 0.0]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum EnsembleTask {
    /// One number; the raw output itself.
    Regression,
    /// One number, made of the raw output.
    Transformed(Transformation),
    /// `outputs` class probabilities; `classes` are the labels in order.
    Classification { classes: Vec<ClassLabel>, link: LinkFunction },
    /// Isolation: leaves hold path lengths; see [`IsolationScore`].
    Isolation(IsolationScore),
}

/// scikit-learn's isolation-forest score, `-2^(-mean path / c(subsample))`, and its offset:
/// a row is an anomaly where `score - offset < 0`. Source: `sklearn.ensemble.IsolationForest`.
///
/// ```
/// use hivectl::trees::{Columns, EnsembleTask, IsolationScore, Tree, TreeEnsemble, score};
///
/// # let leaf = |value: f64| Tree {
/// #     feature: vec![0], threshold: vec![0.0], left: vec![Tree::LEAF], right: vec![Tree::LEAF], missing_left: vec![false],
/// #     value: vec![value], rows: vec![1], weight: vec![1.0], impurity: vec![0.0], gain: vec![0.0], categorical: Vec::new(),
/// # };
/// // Among two rows the path has one edge on average; a row on such a path is as unusual as any.
/// let task = EnsembleTask::Isolation(IsolationScore { subsample: 2, offset: -0.5, contamination: None });
/// let ensemble = TreeEnsemble::averaged(task, vec!["size".into()], 1, vec![leaf(1.0)]);
/// assert_eq!(score(&ensemble, &Columns::new(vec![&[1.0][..]], 1)?, 1)?, [-0.5]);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IsolationScore {
    /// Rows each tree was grown on.
    pub subsample: usize,
    /// Score below which a row is an anomaly; in (-1, 0).
    pub offset: f64,
    /// Share of training rows that the offset was set to mark; `None` = sklearn's "auto" (offset -0.5).
    pub contamination: Option<f64>,
}

impl IsolationScore {
    /// What the rounding of sums and powers may move a score by: a row at the offset is normal in scikit-learn, and must
    /// be where the same numbers were added in another order. Scores of different paths lie much further apart.
    pub const TIE: f64 = 5e-15;

    /// Whether a row of that score is an anomaly.
    pub fn marks(&self, score: f64) -> bool {
        score - self.offset < -Self::TIE
    }
}

/// Average path length of an unsuccessful search in a binary tree of `rows` rows, `c(n)`:
/// 0 for n ≤ 1, 1 for n = 2, else `2·(ln(n-1) + γ) - 2·(n-1)/n`.
pub fn average_path_length(rows: usize) -> f64 {
    let n = rows as f64;
    match rows {
        0 | 1 => 0.0,
        2 => 1.0,
        _ => 2.0 * ((n - 1.0).ln() + EULER_GAMMA) - 2.0 * (n - 1.0) / n,
    }
}

/// One binary tree as parallel arrays; node 0 is the root.
///
/// A leaf has `left == Tree::LEAF`. Children always stand after their parent, so a walk ends.
///
/// ```
/// use hivectl::trees::{Precision, ThresholdComparison, Tree};
///
/// let tree = Tree {
///     feature: vec![0, 0, 0],
///     threshold: vec![2.5, 0.0, 0.0],
///     left: vec![1, Tree::LEAF, Tree::LEAF],
///     right: vec![2, Tree::LEAF, Tree::LEAF],
///     missing_left: vec![true, false, false],
///     value: vec![15.0, 10.0, 20.0],
///     ..Tree::default()
/// };
/// assert_eq!((tree.len(), tree.depth()), (3, 1));
/// assert_eq!(tree.value[tree.child(0, 3.0, ThresholdComparison::LessOrEqual, Precision::Double)], 20.0);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree {
    pub feature: Vec<u32>,
    pub threshold: Vec<f64>,
    pub left: Vec<u32>,
    pub right: Vec<u32>,
    /// Where a missing value (NaN) goes.
    pub missing_left: Vec<bool>,
    /// Output of the node: `outputs` numbers a node, row-major. Regression: mean of the target
    /// (also of inner nodes, as SHAP and sklearn's `value` want it). Isolation: path length,
    /// i.e. depth of the leaf in edges + c(rows in the leaf). Boosting: the shrunken leaf weight.
    pub value: Vec<f64>,
    /// Training rows that reached the node (distinct rows; sklearn's `n_node_samples`).
    pub rows: Vec<u64>,
    /// Their weight (bootstrap multiplicity, Hessian sum).
    pub weight: Vec<f64>,
    /// Impurity (variance of the target) of the node; 0 where unknown.
    pub impurity: Vec<f64>,
    /// Loss reduction of the split; 0 at a leaf.
    pub gain: Vec<f64>,
    /// The nodes that split by category instead of by threshold, ascending by node; none in trees
    /// that hivectl grows, only in imported ones.
    pub categorical: Vec<CategoricalSplit>,
}

/// A split by category: a value whose whole part is one of `left` goes left, any other number goes
/// right, a missing value where `missing_left` says. The node's threshold means nothing. In 64 bits the whole part
/// is cut towards zero, as LightGBM does: -0.5 is category 0.
///
/// ```
/// use hivectl::trees::{CategoricalSplit, Precision};
///
/// let split = CategoricalSplit { node: 0, left: vec![2, 3] };
/// assert_eq!([1.0, 2.0, 3.7].map(|value| split.goes_left(value, Precision::Single)), [false, true, true]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CategoricalSplit {
    pub node: u32,
    /// Categories, ascending.
    pub left: Vec<u32>,
}

impl CategoricalSplit {
    /// Whether a value that is not missing goes left.
    pub fn goes_left(&self, value: f64, precision: Precision) -> bool {
        let value = if precision == Precision::Double { value.trunc() } else { value };
        // Above 2^24 neighbouring categories are one 32-bit float; no library makes such codes.
        (0.0..16_777_216.0).contains(&value) && self.left.binary_search(&(value as u32)).is_ok()
    }
}

impl Tree {
    /// Marks a leaf in `left` and `right`.
    pub const LEAF: u32 = u32::MAX;

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.left.len()
    }

    /// Whether the tree has no node at all.
    pub fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    /// Whether `node` is a leaf.
    pub fn is_leaf(&self, node: usize) -> bool {
        self.left[node] == Tree::LEAF
    }

    /// The split by category at `node`, if it is one.
    pub fn categorical_split(&self, node: usize) -> Option<&CategoricalSplit> {
        let place = self.categorical.binary_search_by_key(&node, |split| split.node as usize).ok()?;
        Some(&self.categorical[place])
    }

    /// The child that a row with `value` in the split's column goes to; `node` must not be a leaf. This walk
    /// defines what every faster one must answer.
    pub fn child(&self, node: usize, value: f64, comparison: ThresholdComparison, precision: Precision) -> usize {
        if self.goes_left(node, value, comparison, precision) { self.left[node] as usize } else { self.right[node] as usize }
    }

    /// Whether such a row goes to the left child.
    pub fn goes_left(&self, node: usize, value: f64, comparison: ThresholdComparison, precision: Precision) -> bool {
        let value = precision.value(value);
        if value.is_nan() {
            return self.missing_left[node];
        }
        if let Some(split) = self.categorical_split(node) {
            return split.goes_left(value, precision);
        }
        let threshold = precision.threshold(self.threshold[node]);
        match comparison {
            ThresholdComparison::LessOrEqual => value <= threshold,
            ThresholdComparison::Less => value < threshold,
        }
    }

    /// Depth in edges of the deepest leaf.
    pub fn depth(&self) -> usize {
        let mut depth = vec![0usize; self.len()];
        let mut deepest = 0;
        for node in 0..self.len() {
            deepest = deepest.max(depth[node]);
            if !self.is_leaf(node) {
                depth[self.left[node] as usize] = depth[node] + 1;
                depth[self.right[node] as usize] = depth[node] + 1;
            }
        }
        deepest
    }
}

/// A set of trees that answers together.
///
/// ```
/// use hivectl::trees::{Columns, EnsembleTask, Tree, TreeEnsemble, score};
///
/// # let leaf = |value: f64| Tree {
/// #     feature: vec![0], threshold: vec![0.0], left: vec![Tree::LEAF], right: vec![Tree::LEAF], missing_left: vec![false],
/// #     value: vec![value], rows: vec![1], weight: vec![1.0], impurity: vec![0.0], gain: vec![0.0], categorical: Vec::new(),
/// # };
/// let forest = TreeEnsemble::averaged(EnsembleTask::Regression, vec!["size".into()], 1, vec![leaf(10.0), leaf(20.0)]);
/// forest.check()?;
/// assert_eq!(score(&forest, &Columns::new(vec![&[1.0][..]], 1)?, 1)?, [15.0]);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct TreeEnsemble {
    pub task: EnsembleTask,
    /// Names of the input columns, in order; the length is the number of features.
    pub feature_names: Vec<String>,
    /// Numbers a node holds (1 for regression and isolation, classes for classification).
    pub outputs: usize,
    /// Added to the aggregate; one number an output.
    pub base: Vec<f64>,
    pub aggregation: Aggregation,
    pub comparison: ThresholdComparison,
    pub precision: Precision,
    pub trees: Vec<Tree>,
}

impl TreeEnsemble {
    /// Trees whose mean is the answer, compared as scikit-learn's forests are: up to a 64-bit threshold goes left.
    /// Nothing is checked.
    pub fn averaged(task: EnsembleTask, feature_names: Vec<String>, outputs: usize, trees: Vec<Tree>) -> Self {
        Self {
            task,
            feature_names,
            outputs,
            base: vec![0.0; outputs],
            aggregation: Aggregation::Mean,
            comparison: ThresholdComparison::LessOrEqual,
            precision: Precision::SingleValues,
            trees,
        }
    }

    /// Number of input columns.
    pub fn features(&self) -> usize {
        self.feature_names.len()
    }

    /// Puts the columns into the order of `names`, which must be all of its own; the answers stay what they are.
    pub fn reorder(&mut self, names: &[String]) {
        let places: Vec<Option<usize>> = self.feature_names.iter().map(|own| names.iter().position(|name| name == own)).collect();
        if names.len() != places.len() || places.contains(&None) {
            return;
        }
        for feature in self.trees.iter_mut().flat_map(|tree| &mut tree.feature) {
            *feature = places.get(*feature as usize).copied().flatten().unwrap_or(0) as u32;
        }
        self.feature_names = names.to_vec();
    }

    /// Number of nodes of all trees.
    pub fn nodes(&self) -> usize {
        self.trees.iter().map(Tree::len).sum()
    }

    /// Whether any node splits by category.
    pub fn has_categories(&self) -> bool {
        self.trees.iter().any(|tree| !tree.categorical.is_empty())
    }

    /// Checks every node: children in range and after their parent, each node reached at most once,
    /// feature in range, finite thresholds and values, arrays of one length.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] that names tree and node. An ensemble that passes can be
    /// scored without bounds checks and always ends.
    pub fn check(&self) -> Result<()> {
        if self.trees.is_empty() {
            return Err(Error::new(ErrorKind::BadModelFile, "the model holds no trees"));
        }
        if self.outputs == 0 || self.base.len() != self.outputs {
            return Err(Error::new(ErrorKind::BadModelFile, format!("{} base values for {} outputs", self.base.len(), self.outputs)));
        }
        self.trees.iter().enumerate().try_for_each(|(number, tree)| self.check_tree(number, tree))
    }

    fn check_tree(&self, number: usize, tree: &Tree) -> Result<()> {
        let bad = |node: usize, what: String| Err(Error::new(ErrorKind::BadModelFile, format!("tree {number}, node {node}: {what}")));
        let nodes = tree.len();
        if nodes == 0 {
            return bad(0, "the tree is empty".into());
        }
        let lengths = [
            tree.feature.len(),
            tree.threshold.len(),
            tree.right.len(),
            tree.missing_left.len(),
            tree.rows.len(),
            tree.weight.len(),
            tree.impurity.len(),
            tree.gain.len(),
        ];
        if lengths.iter().any(|&length| length != nodes) || tree.value.len() != nodes * self.outputs {
            return bad(0, "the node arrays differ in length".into());
        }
        let mut reached = vec![false; nodes];
        reached[0] = true;
        for node in 0..nodes {
            let values = &tree.value[node * self.outputs..(node + 1) * self.outputs];
            if values.iter().any(|value| !value.is_finite()) {
                return bad(node, "its value is not a finite number".into());
            }
            if tree.left[node] == Tree::LEAF && tree.right[node] == Tree::LEAF {
                continue;
            }
            if tree.feature[node] as usize >= self.features() {
                return bad(node, format!("feature {} of {}", tree.feature[node], self.features()));
            }
            if tree.threshold[node].is_nan() {
                return bad(node, "its threshold is not a number".into());
            }
            for child in [tree.left[node], tree.right[node]] {
                if child as usize >= nodes || child as usize <= node {
                    return bad(node, format!("child {child} of {nodes} nodes"));
                }
                if std::mem::replace(&mut reached[child as usize], true) {
                    return bad(node, format!("child {child} has two parents"));
                }
            }
        }
        if !tree.categorical.is_sorted_by(|first, second| first.node < second.node) {
            return bad(0, "the splits by category are not in order".into());
        }
        let malformed = |split: &&CategoricalSplit| {
            split.node as usize >= nodes || tree.is_leaf(split.node as usize) || !split.left.is_sorted_by(|first, second| first < second)
        };
        match tree.categorical.iter().find(malformed) {
            Some(split) => bad(split.node as usize, "its split by category is malformed".into()),
            None => Ok(()),
        }
    }
}

/// Share of each feature in the gain of all splits: for forests each tree's gain per unit of its weight
/// (scikit-learn's `feature_importances_`), for boosting the plain sum (XGBoost's "total_gain"). Adds up
/// to 1, or all 0 where no gain is known. A tree without weight counts for nothing.
pub fn gain_importances(ensemble: &TreeEnsemble) -> Vec<f64> {
    let mut importances = vec![0.0; ensemble.features()];
    for tree in &ensemble.trees {
        let unit = if ensemble.aggregation == Aggregation::Mean { tree.weight[0] } else { 1.0 };
        if unit <= 0.0 {
            continue;
        }
        for node in (0..tree.len()).filter(|&node| !tree.is_leaf(node)) {
            importances[tree.feature[node] as usize] += tree.gain[node] / unit;
        }
    }
    let total: f64 = importances.iter().sum();
    if total > 0.0 {
        importances.iter_mut().for_each(|importance| *importance /= total);
    }
    importances
}
