//! From an ensemble to scikit-learn's objects.

use std::borrow::Cow;

use super::parts::{record_type, records_of_tree};
use super::{ForestFamily, ForestHyperparameters, MaxFeatures, WRITTEN_VERSION};
use crate::error::{Error, ErrorKind, Result};
use crate::formats::numpy::Array;
use crate::formats::object::{Arena, Global, Id, Object};
use crate::formats::path_length::node_depths;
use crate::statistics::ClassLabel;
use crate::trees::{Aggregation, EnsembleTask, IsolationScore, LinkFunction, Precision, ThresholdComparison, Tree, TreeEnsemble};

/// The fitted estimator that answers as `ensemble` does.
///
/// Errors: [`ErrorKind::Usage`] when scikit-learn has no such estimator: boosted ensembles, a base
/// value, `<` comparisons.
pub(in crate::formats) fn forest_object(ensemble: &TreeEnsemble, hyperparameters: &ForestHyperparameters) -> Result<(Arena<'static>, Id)> {
    ensemble.check()?;
    let is_forest = ensemble.aggregation == Aggregation::Mean
        && ensemble.comparison == ThresholdComparison::LessOrEqual
        && ensemble.precision == Precision::SingleValues
        && !ensemble.has_categories()
        && ensemble.base.iter().all(|&base| base == 0.0);
    if !is_forest {
        return Err(Error::new(ErrorKind::Usage, "cannot write this ensemble as a scikit-learn forest")
            .because("it is not a mean of trees that split 64-bit thresholds by <="));
    }
    let mut writer = Writer { arena: Arena::default(), ensemble, hyperparameters };
    let root = match &ensemble.task {
        EnsembleTask::Regression => writer.forest(None),
        EnsembleTask::Classification { classes, link: LinkFunction::Identity } => writer.forest(Some(classes)),
        EnsembleTask::Isolation(score) => writer.isolation_forest(score),
        EnsembleTask::Classification { .. } | EnsembleTask::Transformed(_) => {
            return Err(Error::new(ErrorKind::Usage, "cannot write this ensemble as a scikit-learn forest")
                .because("it answers by a function of the sum of its leaves"));
        }
    };
    Ok((writer.arena, root))
}

struct Writer<'e> {
    arena: Arena<'static>,
    ensemble: &'e TreeEnsemble,
    hyperparameters: &'e ForestHyperparameters,
}

/// Hyperparameters that a forest hands to its trees, in scikit-learn's order.
const HANDED_TO_TREES: [&str; 11] = [
    "criterion",
    "max_depth",
    "min_samples_split",
    "min_samples_leaf",
    "min_weight_fraction_leaf",
    "max_features",
    "max_leaf_nodes",
    "min_impurity_decrease",
    "random_state",
    "ccp_alpha",
    "monotonic_cst",
];

impl Writer<'_> {
    fn forest(&mut self, classes: Option<&Vec<ClassLabel>>) -> Id {
        let extra = self.hyperparameters.family == ForestFamily::ExtraTrees;
        let (class, tree_class) = match (extra, classes.is_some()) {
            (false, false) => (Global::RandomForestRegressor, Global::DecisionTreeRegressor),
            (false, true) => (Global::RandomForestClassifier, Global::DecisionTreeClassifier),
            (true, false) => (Global::ExtraTreesRegressor, Global::ExtraTreeRegressor),
            (true, true) => (Global::ExtraTreesClassifier, Global::ExtraTreeClassifier),
        };
        let hyperparameters = self.hyperparameters.clone();
        let criterion = if classes.is_some() { "gini" } else { "squared_error" };
        let splitter = if extra { "random" } else { "best" };
        let unfitted = ForestHyperparameters { max_depth: None, ..ForestHyperparameters::default() };
        let unfitted = self.tree_parameters(criterion, splitter, &unfitted, None, None);
        let estimator = self.arena.instance(tree_class, unfitted);
        let handed = HANDED_TO_TREES.map(|name| self.arena.text(name)).to_vec();
        let depth = hyperparameters.max_depth;
        let trees =
            (0..self.ensemble.trees.len()).map(|number| self.tree_estimator(number, tree_class, criterion, splitter, depth)).collect();
        let rows = hyperparameters.training_rows as i64;
        let mut attributes = vec![
            ("estimator", estimator),
            ("n_estimators", self.arena.integer(self.ensemble.trees.len() as i64)),
            ("estimator_params", self.arena.tuple(handed)),
            ("bootstrap", self.arena.boolean(hyperparameters.bootstrap)),
            ("oob_score", self.arena.boolean(false)),
            ("n_jobs", self.arena.none()),
            ("random_state", self.optional(self.hyperparameters.seed)),
            ("verbose", self.arena.integer(0)),
            ("warm_start", self.arena.boolean(false)),
            ("class_weight", self.arena.none()),
            ("max_samples", self.arena.none()),
        ];
        attributes.extend(self.growth(criterion, &hyperparameters, hyperparameters.max_depth));
        attributes.extend(self.feature_attributes());
        attributes.extend([
            ("_n_samples", self.arena.integer(rows)),
            ("n_outputs_", self.arena.integer(1)),
            ("_sample_weight", self.arena.none()),
            ("_n_samples_bootstrap", if hyperparameters.bootstrap { self.arena.integer(rows) } else { self.arena.none() }),
            ("estimator_", estimator),
            ("estimators_", self.arena.list(trees)),
        ]);
        if let Some(classes) = classes {
            let numbers: Option<Vec<f64>> = classes.iter().map(ClassLabel::number).collect();
            let labels = match numbers {
                Some(numbers) => self.arena.floats(vec![classes.len()], numbers),
                None => self.arena.texts(&classes.iter().map(ClassLabel::to_string).collect::<Vec<_>>()),
            };
            attributes.push(("classes_", labels));
            attributes.push(("n_classes_", self.arena.integer(classes.len() as i64)));
        }
        attributes.push(("_sklearn_version", self.arena.text(WRITTEN_VERSION)));
        self.arena.instance(class, attributes)
    }

    fn isolation_forest(&mut self, score: &IsolationScore) -> Id {
        let trees = self.ensemble.trees.len();
        let features = self.ensemble.features();
        // As `IsolationForest.fit` sets it: ceil(log2(max(subsample, 2))).
        let depth = Some(score.subsample.max(2).next_power_of_two().trailing_zeros());
        let unfitted = ForestHyperparameters { max_depth: depth, max_features: MaxFeatures::Count(1), ..ForestHyperparameters::default() };
        let unfitted = self.tree_parameters("squared_error", "random", &unfitted, depth, self.hyperparameters.seed);
        let estimator = self.arena.instance(Global::ExtraTreeRegressor, unfitted);
        let estimators =
            (0..trees).map(|number| self.tree_estimator(number, Global::ExtraTreeRegressor, "squared_error", "random", depth)).collect();
        let columns = (0..trees).map(|_| self.arena.integers(0..features as i64)).collect();
        let (averages, paths) = (0..trees).map(|number| self.path_lengths(number)).unzip();
        let rows = self.hyperparameters.training_rows.max(score.subsample as u64) as i64;
        let subsample = score.subsample as i64;
        let mut attributes = vec![
            ("estimator", self.arena.none()),
            ("n_estimators", self.arena.integer(trees as i64)),
            ("estimator_params", self.arena.tuple(Vec::new())),
            ("max_samples", self.arena.integer(subsample)),
            ("max_features", self.arena.float(1.0)),
            ("bootstrap", self.arena.boolean(self.hyperparameters.bootstrap)),
            ("bootstrap_features", self.arena.boolean(false)),
            ("oob_score", self.arena.boolean(false)),
            ("warm_start", self.arena.boolean(false)),
            ("n_jobs", self.arena.none()),
            ("random_state", self.optional(self.hyperparameters.seed)),
            ("verbose", self.arena.integer(0)),
            (
                "contamination",
                match score.contamination {
                    Some(share) => self.arena.float(share),
                    None => self.arena.text("auto"),
                },
            ),
        ];
        attributes.extend(self.feature_attributes());
        attributes.extend([
            ("max_samples_", self.arena.integer(subsample)),
            ("_n_samples", self.arena.integer(rows)),
            ("estimator_", estimator),
            ("_max_samples", self.arena.integer(subsample)),
            ("_max_features", self.arena.integer(features as i64)),
            ("_sample_weight", self.arena.none()),
            ("estimators_", self.arena.list(estimators)),
            ("estimators_features_", self.arena.list(columns)),
            // scikit-learn's own seeds of the trees' samples; these samples were drawn otherwise.
            ("_seeds", self.arena.integers(std::iter::repeat_n(0, trees))),
            ("_average_path_length_per_tree", self.arena.tuple(averages)),
            ("_decision_path_lengths", self.arena.tuple(paths)),
            ("offset_", self.arena.float(score.offset)),
            ("_sklearn_version", self.arena.text(WRITTEN_VERSION)),
        ]);
        self.arena.instance(Global::IsolationForest, attributes)
    }

    /// What scikit-learn adds up for a leaf, as two arrays over the nodes: the average path length
    /// of the rows in it, and the nodes on the way to it (one more than edges).
    fn path_lengths(&mut self, number: usize) -> (Id, Id) {
        let tree = &self.ensemble.trees[number];
        let depths = node_depths(tree);
        let averages = tree.value.iter().zip(&depths).map(|(value, &depth)| value - f64::from(depth));
        (self.arena.floats(vec![tree.len()], averages), self.arena.integers(depths.iter().map(|&depth| i64::from(depth) + 1)))
    }

    fn tree_estimator(&mut self, number: usize, class: Global, criterion: &str, splitter: &str, max_depth: Option<u32>) -> Id {
        let isolation = matches!(self.ensemble.task, EnsembleTask::Isolation(_));
        let mut hyperparameters = self.hyperparameters.clone();
        if isolation {
            hyperparameters = ForestHyperparameters { max_features: MaxFeatures::Count(1), ..ForestHyperparameters::default() };
        }
        let mut attributes = self.tree_parameters(criterion, splitter, &hyperparameters, max_depth, None);
        let features = self.ensemble.features();
        let looked_at = match hyperparameters.max_features {
            MaxFeatures::Share(share) => ((share * features as f64) as usize).max(1),
            MaxFeatures::Count(count) => count as usize,
            MaxFeatures::SquareRoot => (features as f64).sqrt() as usize,
            MaxFeatures::Logarithm => (features as f64).log2() as usize,
        };
        let classes = self.ensemble.outputs;
        if matches!(self.ensemble.task, EnsembleTask::Classification { .. }) {
            attributes.push(("classes_", self.arena.floats(vec![classes], (0..classes).map(|class| class as f64))));
            attributes.push(("n_classes_", self.arena.integer(classes as i64)));
        }
        attributes.extend([
            ("n_features_in_", self.arena.integer(features as i64)),
            ("n_outputs_", self.arena.integer(1)),
            ("max_features_", self.arena.integer(looked_at.max(1) as i64)),
            ("tree_", self.tree(&self.ensemble.trees[number], isolation)),
        ]);
        self.arena.instance(class, attributes)
    }

    fn tree(&mut self, tree: &Tree, isolation: bool) -> Id {
        let outputs = self.ensemble.outputs;
        let classes = [self.arena.integer(self.ensemble.features() as i64), self.arena.integers([outputs as i64]), self.arena.integer(1)];
        let arguments = self.arena.tuple(classes.to_vec());
        let records =
            Array { element: record_type(), shape: vec![tree.len()], data: Cow::Owned(records_of_tree(tree)), objects: Vec::new() };
        // An isolation tree's own values are never looked at: only where a row ends counts.
        let values = if isolation {
            self.arena.floats(vec![tree.len(), 1, 1], tree.value.iter().map(|_| 0.0))
        } else {
            self.arena.floats(vec![tree.len(), 1, outputs], tree.value.iter().copied())
        };
        let state = vec![
            ("max_depth", self.arena.integer(tree.depth() as i64)),
            ("node_count", self.arena.integer(tree.len() as i64)),
            ("nodes", self.arena.push(Object::Array(Box::new(records)))),
            ("values", values),
        ];
        let state = Some(self.arena.dictionary(state));
        self.arena.push(Object::Instance { constructor: Global::Tree, arguments, state })
    }

    /// All parameters of a tree estimator.
    fn tree_parameters(
        &mut self,
        criterion: &str,
        splitter: &str,
        from: &ForestHyperparameters,
        max_depth: Option<u32>,
        seed: Option<u32>,
    ) -> Vec<(&'static str, Id)> {
        let mut attributes = vec![("splitter", self.arena.text(splitter))];
        attributes.extend(self.growth(criterion, from, max_depth));
        attributes.extend([
            ("random_state", self.optional(seed)),
            ("class_weight", self.arena.none()),
            ("_sklearn_version", self.arena.text(WRITTEN_VERSION)),
        ]);
        attributes
    }

    /// The parameters that forests and their trees have in common.
    fn growth(&mut self, criterion: &str, from: &ForestHyperparameters, max_depth: Option<u32>) -> Vec<(&'static str, Id)> {
        let max_features = match from.max_features {
            MaxFeatures::Share(share) => self.arena.float(share),
            MaxFeatures::Count(count) => self.arena.integer(count),
            MaxFeatures::SquareRoot => self.arena.text("sqrt"),
            MaxFeatures::Logarithm => self.arena.text("log2"),
        };
        vec![
            ("criterion", self.arena.text(criterion)),
            ("max_depth", self.optional(max_depth)),
            ("min_samples_split", self.arena.integer(from.min_samples_split)),
            ("min_samples_leaf", self.arena.integer(from.min_samples_leaf)),
            ("min_weight_fraction_leaf", self.arena.float(0.0)),
            ("max_features", max_features),
            ("max_leaf_nodes", self.arena.none()),
            ("min_impurity_decrease", self.arena.float(0.0)),
            ("ccp_alpha", self.arena.float(0.0)),
            ("monotonic_cst", self.arena.none()),
        ]
    }

    fn feature_attributes(&mut self) -> [(&'static str, Id); 2] {
        [
            ("n_features_in_", self.arena.integer(self.ensemble.features() as i64)),
            ("feature_names_in_", self.arena.texts(&self.ensemble.feature_names)),
        ]
    }

    fn optional(&mut self, number: Option<u32>) -> Id {
        match number {
            Some(number) => self.arena.integer(number),
            None => self.arena.none(),
        }
    }
}
