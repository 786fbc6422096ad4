//! From scikit-learn's objects to an ensemble.

use super::parts::{fill_gains, tree_of_records};
use super::{Forest, ForestFamily, ForestHyperparameters, MaxFeatures};
use crate::error::Result;
use crate::formats::object::{Global, ObjectView};
use crate::formats::path_length::node_depths;
use crate::statistics::ClassLabel;
use crate::trees::average_path_length;
use crate::trees::{EnsembleTask, IsolationScore, LinkFunction, Tree, TreeEnsemble};

/// Most features a model may have, so that names can be made up for them.
const MOST_FEATURES: usize = 100_000;

/// Most targets of one regression.
const MOST_TARGETS: usize = 10_000;

/// Reads a fitted forest. `file_size` bounds what the trees may take: a crafted file that names one
/// table a thousand times is refused.
///
/// Errors: the part of the model that is missing or not what it should be.
pub(in crate::formats) fn read_forest(model: ObjectView<'_, '_>, file_size: usize) -> Result<Forest> {
    let family = match model.class()? {
        Global::RandomForestRegressor | Global::RandomForestClassifier => ForestFamily::RandomForest,
        Global::ExtraTreesRegressor | Global::ExtraTreesClassifier => ForestFamily::ExtraTrees,
        Global::IsolationForest => ForestFamily::Isolation,
        // A single tree answers as a forest of one.
        Global::DecisionTreeRegressor | Global::DecisionTreeClassifier => ForestFamily::RandomForest,
        Global::ExtraTreeRegressor | Global::ExtraTreeClassifier => ForestFamily::ExtraTrees,
        other => return Err(model.fail(format_args!("{}.{} is no forest or tree", other.module(), other.symbol()))),
    };
    let feature_names = feature_names(&model)?;
    let task = task(&model)?;
    let outputs = match &task {
        EnsembleTask::Classification { classes, .. } => classes.len(),
        EnsembleTask::Isolation(_) => 1,
        _ => model.find("n_outputs_")?.map_or(Ok(1), |count| count.count())?.clamp(1, MOST_TARGETS),
    };
    let is_votes = matches!(task, EnsembleTask::Classification { .. });
    let mut trees = TreeReader { features: feature_names.len(), outputs, is_votes, bytes_left: file_size };
    let estimators = if model.find("tree_")?.is_some() { vec![model.clone()] } else { model.attribute("estimators_")?.items()? };
    let trees: Vec<Tree> = match &task {
        EnsembleTask::Isolation(_) => {
            let columns = model.attribute("estimators_features_")?.items()?;
            if columns.len() != estimators.len() {
                return Err(model.fail(format_args!("{} trees and columns of {}", estimators.len(), columns.len())));
            }
            estimators.iter().zip(&columns).map(|(estimator, columns)| trees.isolation_tree(estimator, columns)).collect::<Result<_>>()?
        }
        _ => estimators.iter().map(|estimator| trees.valued_tree(estimator)).collect::<Result<_>>()?,
    };
    let ensemble = TreeEnsemble::averaged(task, feature_names, outputs, trees);
    ensemble.check()?;
    Ok(Forest { ensemble, hyperparameters: hyperparameters(&model, family)? })
}

/// Names of the columns; made up as `feature_0`, `feature_1`, … where the model was fitted without.
pub(super) fn feature_names(model: &ObjectView<'_, '_>) -> Result<Vec<String>> {
    let count_view = model.attribute("n_features_in_")?;
    let count = count_view.count()?;
    if count > MOST_FEATURES {
        return Err(count_view.fail(format_args!("{count} features")));
    }
    let Some(names) = model.find("feature_names_in_")? else {
        return Ok((0..count).map(|index| format!("feature_{index}")).collect());
    };
    let texts = names.texts()?;
    if texts.len() != count {
        return Err(names.fail(format_args!("{} names for {count} features", texts.len())));
    }
    Ok(texts)
}

fn task(model: &ObjectView<'_, '_>) -> Result<EnsembleTask> {
    match model.class()? {
        Global::IsolationForest => {
            let contamination = model.attribute("contamination")?;
            let offset = model.attribute("offset_")?.number()?;
            if !offset.is_finite() {
                return Err(model.fail(format_args!("offset_ {offset}")));
            }
            let contamination = if contamination.text().is_ok() { None } else { Some(contamination.number()?) };
            Ok(EnsembleTask::Isolation(IsolationScore { subsample: model.attribute("max_samples_")?.count()?, offset, contamination }))
        }
        Global::RandomForestClassifier | Global::ExtraTreesClassifier | Global::DecisionTreeClassifier | Global::ExtraTreeClassifier => {
            Ok(EnsembleTask::Classification { classes: class_labels(model)?, link: LinkFunction::Identity })
        }
        _ => Ok(EnsembleTask::Regression),
    }
}

/// Labels of the classes, numbers or texts.
pub(super) fn class_labels(model: &ObjectView<'_, '_>) -> Result<Vec<ClassLabel>> {
    let classes = model.attribute("classes_")?;
    if let Ok(targets) = classes.items() {
        let count = targets.len();
        return Err(classes.fail(format_args!("it tells {count} labels of a row at once")).hint("fit and save one model a label"));
    }
    let labels = labels(&classes)?;
    if labels.is_empty() || labels.len() > MOST_FEATURES {
        return Err(classes.fail(format_args!("{} classes", labels.len())));
    }
    Ok(labels)
}

/// The labels in an array of numbers, of truth values, of texts, or of objects that are either.
pub(in crate::formats) fn labels(array: &ObjectView<'_, '_>) -> Result<Vec<ClassLabel>> {
    let found = array.array()?;
    if let Some(integers) = found.integers() {
        return Ok(integers.into_iter().map(ClassLabel::from).collect());
    }
    match (found.numbers(), array.texts()) {
        (Some(numbers), _) if found.is_boolean() => Ok(numbers.into_iter().map(|number| ClassLabel::Flag(number != 0.0)).collect()),
        (Some(numbers), _) => Ok(numbers.into_iter().map(ClassLabel::Number).collect()),
        (None, Ok(texts)) => Ok(texts.into_iter().map(ClassLabel::Text).collect()),
        (None, Err(_)) => array.elements()?.iter().map(label).collect(),
    }
}

/// One label that stands by itself.
fn label(object: &ObjectView<'_, '_>) -> Result<ClassLabel> {
    match (object.integer(), object.boolean(), object.text()) {
        (Some(whole), ..) => Ok(ClassLabel::from(whole)),
        (_, Ok(flag), _) => Ok(ClassLabel::Flag(flag)),
        (_, _, Ok(text)) => Ok(ClassLabel::from(text)),
        _ => object.number().map(ClassLabel::Number),
    }
}

pub(super) struct TreeReader {
    pub(super) features: usize,
    pub(super) outputs: usize,
    /// Whether the outputs are shares of classes, not targets.
    pub(super) is_votes: bool,
    /// How many bytes of arrays the file can still account for.
    pub(super) bytes_left: usize,
}

impl TreeReader {
    /// A tree with the values that it holds itself.
    pub(super) fn valued_tree(&mut self, estimator: &ObjectView<'_, '_>) -> Result<Tree> {
        let all: Vec<u32> = (0..self.features as u32).collect();
        let (mut tree, state) = self.nodes(estimator, &all)?;
        let values = state.attribute("values")?;
        let array = values.array()?;
        self.account(&values, array.data.len())?;
        let numbers = array.numbers().ok_or_else(|| values.fail("numbers were expected"))?;
        if numbers.len() != tree.len() * self.outputs {
            return Err(values.fail(format_args!("{} values for {} nodes and {} outputs", numbers.len(), tree.len(), self.outputs)));
        }
        tree.value = numbers;
        if self.is_votes {
            // Up to 1.2 a node held the counts of the classes, since then their shares.
            tree.value.chunks_exact_mut(self.outputs).for_each(normalize);
        }
        fill_gains(&mut tree);
        Ok(tree)
    }

    /// A tree whose values are path lengths.
    fn isolation_tree(&mut self, estimator: &ObjectView<'_, '_>, columns: &ObjectView<'_, '_>) -> Result<Tree> {
        let numbers = columns.array()?.numbers().ok_or_else(|| columns.fail("numbers were expected"))?;
        self.account(columns, numbers.len())?;
        let column = |number: f64| {
            if (0.0..self.features as f64).contains(&number) {
                Ok(number as u32)
            } else {
                Err(columns.fail(format_args!("column {number} of {}", self.features)))
            }
        };
        let columns = numbers.into_iter().map(column).collect::<Result<Vec<u32>>>()?;
        let (mut tree, _) = self.nodes(estimator, &columns)?;
        let forward =
            (0..tree.len()).all(|node| tree.is_leaf(node) || (tree.left[node] as usize > node && tree.right[node] as usize > node));
        if !forward {
            return Err(estimator.fail("a child stands before its parent"));
        }
        tree.value = node_depths(&tree)
            .iter()
            .zip(&tree.rows)
            .map(|(&depth, &rows)| f64::from(depth) + average_path_length(rows as usize))
            .collect();
        Ok(tree)
    }

    fn nodes<'v, 'a>(&mut self, estimator: &ObjectView<'v, 'a>, columns: &[u32]) -> Result<(Tree, ObjectView<'v, 'a>)> {
        let tree = estimator.attribute("tree_")?;
        if tree.class()? != Global::Tree {
            return Err(tree.fail("a tree was expected"));
        }
        let targets = tree.arguments()?.get(2).map_or(Ok(1), ObjectView::count)?;
        if targets != if self.is_votes { 1 } else { self.outputs } {
            return Err(tree.fail(format_args!("a tree of {targets} targets")));
        }
        let state = tree.state()?;
        let nodes = state.attribute("nodes")?;
        let records = nodes.array()?;
        self.account(&nodes, records.data.len())?;
        Ok((tree_of_records(&records, columns, nodes.name())?, state))
    }

    fn account(&mut self, part: &ObjectView<'_, '_>, bytes: usize) -> Result<()> {
        match self.bytes_left.checked_sub(bytes) {
            Some(left) => {
                self.bytes_left = left;
                Ok(())
            }
            None => Err(part.fail("the trees take more bytes than the file has")),
        }
    }
}

fn normalize(values: &mut [f64]) {
    let sum: f64 = values.iter().sum();
    if sum > 0.0 && (sum - 1.0).abs() > 1e-6 {
        values.iter_mut().for_each(|value| *value /= sum);
    }
}

fn hyperparameters(model: &ObjectView<'_, '_>, family: ForestFamily) -> Result<ForestHyperparameters> {
    let whole = |key: &str, otherwise: u32| match model.find(key)? {
        Some(value) => Ok::<u32, crate::error::Error>(value.count().map_or(otherwise, |count| u32::try_from(count).unwrap_or(otherwise))),
        None => Ok(otherwise),
    };
    let optional = |key: &str| {
        Ok::<_, crate::error::Error>(model.find(key)?.and_then(|value| value.count().ok()).and_then(|count| u32::try_from(count).ok()))
    };
    let max_features = match model.find("max_features")? {
        Some(value) => match (value.text(), value.number()) {
            (Ok("sqrt" | "auto"), _) => MaxFeatures::SquareRoot,
            (Ok("log2"), _) => MaxFeatures::Logarithm,
            (_, Ok(number)) if number > 1.0 || value.is_integer() => MaxFeatures::Count(number as u32),
            (_, Ok(number)) => MaxFeatures::Share(number),
            _ => MaxFeatures::Share(1.0),
        },
        None => MaxFeatures::Share(1.0),
    };
    Ok(ForestHyperparameters {
        family,
        max_depth: optional("max_depth")?,
        min_samples_split: whole("min_samples_split", 2)?,
        min_samples_leaf: whole("min_samples_leaf", 1)?,
        max_features,
        bootstrap: model.find("bootstrap")?.is_some_and(|value| value.boolean().unwrap_or(false)),
        seed: optional("random_state")?,
        training_rows: model.find("_n_samples")?.and_then(|value| value.count().ok()).unwrap_or(0) as u64,
    })
}
