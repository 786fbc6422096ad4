//! From XGBoost's document to an ensemble.

use super::binary::BASE_IS_MARGIN;
use super::damage::tree_count;
use super::document::{ModelDocument, bad};
use crate::error::Result;
use crate::formats::arrange::{ValueBudget, arrange, blank};
use crate::formats::read_model::{BoostingRounds, ColumnCategories};
use crate::statistics::ClassLabel;
use crate::trees::{
    Aggregation, CategoricalSplit, EnsembleTask, LinkFunction, Precision, ThresholdComparison, Transformation, Tree, TreeEnsemble,
};

/// Most columns or classes a model may have.
const MOST_COLUMNS: usize = 100_000;

/// What one expectile is above the one before it at least.
const LEAST_RISE: f32 = 1e-6;

/// Categories are whole numbers below this: above, neighbours are one 32-bit float.
const CATEGORIES: f64 = 16_777_216.0;

/// The ensemble of a saved booster, from a file of so many bytes; with `up_to_best` the trees after the best iteration
/// are left out, where early stopping noted one.
pub(super) fn ensemble(document: &ModelDocument, file_bytes: usize, up_to_best: bool) -> Result<(TreeEnsemble, BoostingRounds)> {
    let learner = document.get("learner")?;
    let parameters = learner.get("learner_model_param")?;
    let features = count(parameters, "num_feature")?;
    let objective = learner.get("objective")?.text_of("name")?;
    let (task, outputs) = task(objective, count(parameters, "num_class")?)?;
    let version = version(document);
    let links = Links {
        base: base_link(objective, version, &task),
        is_margin: matches!(parameters.find(BASE_IS_MARGIN), Some(ModelDocument::Boolean(true))),
    };
    let targets = if parameters.find("num_target").is_some() { count(parameters, "num_target")?.max(1) } else { 1 };
    let outputs = match (&task, targets) {
        (_, 1) => outputs,
        (EnsembleTask::Regression | EnsembleTask::Transformed(_), targets) => targets,
        (_, targets) => {
            return Err(bad(format_args!("it tells {targets} labels of a row at once ({objective:.40} with num_target {targets})"))
                .hint("train one model a label, each with `save_model('LABEL.ubj')`"));
        }
    };
    let task = match objective {
        "reg:quantileerror" if outputs > 1 && version >= (3, 4) => EnsembleTask::Transformed(Transformation::Ascending),
        "reg:expectileerror" if outputs > 1 => EnsembleTask::Transformed(Transformation::Rising),
        _ => task,
    };
    let booster = learner.get("gradient_booster")?;
    let (model, drops) = match booster.text_of("name")? {
        // Since 3.3 dart is a way to train, and its weights stand in the model.
        "gbtree" => {
            let model = booster.get("model")?;
            let holder = [model, booster].into_iter().find(|holder| holder.find("weight_drop").is_some());
            let drops = holder.map(|holder| holder.numbers_of("weight_drop")).transpose()?;
            (model, drops.filter(|drops| !drops.is_empty()))
        }
        "dart" => (booster.get("gbtree")?.get("model")?, Some(booster.numbers_of("weight_drop")?)),
        "gblinear" => return Err(bad("it is a linear model (gblinear), which has no trees")),
        other => return Err(bad(format_args!("the booster {other:.40}"))),
    };
    let saved = model.get("trees")?.items().ok_or_else(|| bad("'trees' is no list"))?;
    tree_count(model, saved.len())?;
    let groups = model.numbers_of("tree_info")?;
    if groups.len() != saved.len() || drops.as_ref().is_some_and(|drops| drops.len() != saved.len()) {
        return Err(bad(format_args!("{} trees, but {} in tree_info", saved.len(), groups.len())));
    }
    let mut trees = Vec::with_capacity(saved.len());
    let mut budget = ValueBudget::new(file_bytes);
    for (number, (saved, group)) in saved.iter().zip(&groups).enumerate() {
        let output = *group as usize;
        if *group < 0.0 || output >= outputs {
            return Err(bad(format_args!("tree {number} gives to class {group} of {outputs}")));
        }
        let scale = drops.as_ref().map_or(1.0, |drops| f64::from(drops[number] as f32));
        // Up to 1.6 a category that no set could hold was missing; later ones send it where others go.
        let output = Output { place: output, of: outputs, scale, bounds_categories: ((1, 0)..(1, 7)).contains(&version) };
        trees.push(tree(saved, number, output, &mut budget)?);
    }
    let noted = noted_rounds(document, groups.len(), outputs)?;
    let mut used = noted.trained;
    if let Some((best, end)) = noted.best.filter(|_| up_to_best) {
        trees.truncate(end);
        used = best + 1;
    }
    let rounds = BoostingRounds { trained: noted.trained, used, best_iteration: noted.best.map(|(best, _)| best) };
    let ensemble = TreeEnsemble {
        base: base(parameters.text_of("base_score")?, &links, outputs)?,
        task,
        feature_names: feature_names(learner, features)?,
        outputs,
        // Before 1.3 the trees were added up first.
        aggregation: if version < (1, 3) && version > (0, 0) { Aggregation::Sum } else { Aggregation::SumFromBase },
        comparison: ThresholdComparison::Less,
        precision: Precision::Single,
        trees,
    };
    ensemble.check()?;
    Ok((ensemble, rounds))
}

/// The class of the scikit-learn wrapper that saved it, which notes its own settings beside the booster's; `None` for a
/// booster's own.
pub(super) fn wrapper(document: &ModelDocument) -> Option<&'static str> {
    let ModelDocument::Text(settings) = document.find("learner")?.find("attributes")?.find("scikit_learn")? else { return None };
    let said = |kind: &str| settings.contains(&format!("\"{kind}\""));
    Some(match () {
        () if said("classifier") => "xgboost.sklearn.XGBClassifier",
        () if said("ranker") => "xgboost.sklearn.XGBRanker",
        () => "xgboost.sklearn.XGBRegressor",
    })
}

/// The names of categories, which XGBoost notes since 3.1 where a table with categories trained it. It refuses others.
///
/// Errors: a note that is damaged.
pub(super) fn categories(document: &ModelDocument, features: usize) -> Result<Vec<ColumnCategories>> {
    let booster = document.get("learner")?.get("gradient_booster")?;
    let model = booster.find("gbtree").unwrap_or(booster).get("model")?;
    let Some(columns) = model.find("cats").and_then(|noted| noted.find("enc")).and_then(ModelDocument::items) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for (feature, column) in columns.iter().enumerate() {
        let values = column.numbers_of("values")?;
        if values.is_empty() {
            continue;
        }
        let labels: Option<Vec<ClassLabel>> = match column.find("offsets") {
            Some(_) => texts(&values, &column.numbers_of("offsets")?),
            None => Some(values.into_iter().map(ClassLabel::Number).collect()),
        };
        match labels {
            Some(labels) if feature < features => found.push(ColumnCategories { feature, labels, is_unseen_missing: false }),
            _ => return Err(bad(format_args!("the categories of feature {feature}"))),
        }
    }
    Ok(found)
}

/// The texts between offsets, of the bytes of all.
fn texts(bytes: &[f64], offsets: &[f64]) -> Option<Vec<ClassLabel>> {
    let bytes: Vec<u8> =
        bytes.iter().map(|&byte| if (-128.0..256.0).contains(&byte) { Some(byte as i64 as u8) } else { None }).collect::<Option<_>>()?;
    let text = |ends: &[f64]| {
        let part = bytes.get(ends[0] as usize..ends[1] as usize)?;
        String::from_utf8(part.to_vec()).ok().map(ClassLabel::Text)
    };
    offsets.windows(2).map(text).collect()
}

/// The first two numbers of the version that wrote it; zeros where none is noted.
fn version(document: &ModelDocument) -> (u32, u32) {
    match document.numbers_of("version").unwrap_or_default().as_slice() {
        [major, minor, ..] => (*major as u32, *minor as u32),
        _ => (0, 0),
    }
}

/// The name of the objective; empty where there is none.
pub(super) fn objective(document: &ModelDocument) -> &str {
    match document.find("learner").and_then(|learner| learner.find("objective")?.find("name")) {
        Some(ModelDocument::Text(name)) => name,
        _ => "",
    }
}

/// Whether the booster itself answers by classes.
pub(super) fn tells_classes(document: &ModelDocument) -> bool {
    matches!(objective(document), "multi:softmax" | "binary:hinge")
}

/// Whether the answers put rows in an order and estimate nothing: ranking, and risk beside others.
pub(super) fn only_orders(document: &ModelDocument) -> bool {
    let name = objective(document);
    name.starts_with("rank:") || name == "survival:cox"
}

/// What a model notes of its rounds.
struct NotedRounds {
    trained: usize,
    /// The best iteration, counted from 0, and the trees up to its end.
    best: Option<(usize, usize)>,
}

/// The rounds of a model with so many `trees`.
///
/// Errors: a best iteration that is none of them.
fn noted_rounds(document: &ModelDocument, trees: usize, outputs: usize) -> Result<NotedRounds> {
    let learner = document.get("learner")?;
    let booster = learner.get("gradient_booster")?;
    let model = booster.find("gbtree").unwrap_or(booster).get("model")?;
    let starts = model.find("iteration_indptr").map(|_| model.numbers_of("iteration_indptr")).transpose()?;
    // Up to 1.7 it was not noted where rounds begin: all are of one size.
    let parallel = model.find("gbtree_model_param").and_then(|parameters| parameters.find("num_parallel_tree"));
    let attribute = |key: &str| match learner.find("attributes").and_then(|attributes| attributes.find(key)) {
        Some(ModelDocument::Text(value)) => value.parse::<usize>().ok(),
        _ => None,
    };
    // Up to 1.5 their number was told by the trees of the best rounds alone.
    let of_best = || Some(attribute("best_ntree_limit")? / attribute("best_iteration")?.checked_add(1)?);
    let parallel = match parallel {
        Some(ModelDocument::Text(count)) => count.parse().unwrap_or(1),
        _ => of_best().unwrap_or(1usize),
    };
    let round = parallel.clamp(1, trees.max(1)).saturating_mul(outputs);
    let trained = starts.as_ref().map_or(trees / round, |starts| starts.len().saturating_sub(1));
    let Some(ModelDocument::Text(best)) = learner.find("attributes").and_then(|attributes| attributes.find("best_iteration")) else {
        return Ok(NotedRounds { trained, best: None });
    };
    let best: usize = best.parse().map_err(|_| bad(format_args!("the best iteration {best:.40}")))?;
    let rounds = best.saturating_add(1);
    let end = match &starts {
        Some(starts) => starts.get(rounds).map(|&end| end as usize),
        None => Some(rounds.saturating_mul(round)),
    };
    match end {
        Some(end) if (1..=trees).contains(&end) => Ok(NotedRounds { trained, best: Some((best, end)) }),
        _ => Err(bad(format_args!("the best iteration {best} of {trained}"))),
    }
}

/// A count that is written as a text.
fn count(parameters: &ModelDocument, key: &str) -> Result<usize> {
    let text = parameters.text_of(key)?;
    match text.parse::<usize>() {
        Ok(count) if count <= MOST_COLUMNS => Ok(count),
        _ => Err(bad(format_args!("'{key}' is {text:.40}"))),
    }
}

fn task(objective: &str, classes: usize) -> Result<(EnsembleTask, usize)> {
    match objective {
        "count:poisson" | "reg:gamma" | "reg:tweedie" | "survival:cox" | "survival:aft" => {
            Ok((EnsembleTask::Transformed(Transformation::Exponential), 1))
        }
        "reg:logistic" => Ok((EnsembleTask::Transformed(Transformation::Logistic), 1)),
        "rank:pairwise" | "rank:ndcg" | "rank:map" => Ok((EnsembleTask::Regression, 1)),
        "reg:squarederror"
        | "reg:linear"
        | "reg:absoluteerror"
        | "reg:pseudohubererror"
        | "reg:quantileerror"
        | "reg:expectileerror"
        | "reg:squaredlogerror" => Ok((EnsembleTask::Regression, 1)),
        // The margin itself, which only a classifier of the wrapper takes for more.
        "binary:logitraw" => Ok((EnsembleTask::Regression, 1)),
        "binary:hinge" => Ok((EnsembleTask::Classification { classes: ClassLabel::numbered(2), link: LinkFunction::Step }, 1)),
        "binary:logistic" => Ok((EnsembleTask::Classification { classes: ClassLabel::numbered(2), link: LinkFunction::Logistic }, 1)),
        "multi:softprob" | "multi:softmax" if classes > 1 => {
            Ok((EnsembleTask::Classification { classes: ClassLabel::numbered(classes), link: LinkFunction::Softmax }, classes))
        }
        other => Err(bad(format_args!("the objective {other:.40}"))),
    }
}

fn feature_names(learner: &ModelDocument, features: usize) -> Result<Vec<String>> {
    let names = learner.find("feature_names").and_then(ModelDocument::items).unwrap_or(&[]);
    if names.is_empty() {
        return Ok((0..features).map(|index| format!("feature_{index}")).collect());
    }
    let text = |name: &ModelDocument| {
        if let ModelDocument::Text(name) = name { Ok(name.clone()) } else { Err(bad("a feature name that is no text")) }
    };
    match names.len() == features {
        true => names.iter().map(text).collect(),
        false => Err(bad(format_args!("{} names for {features} features", names.len()))),
    }
}

/// `base_score`: `5E-1` up to version 3.0, `[5E-1]` or one number a class since. It is an answer, and the margin is what
/// gives it: the logit of a probability, the logarithm of a count or an amount.
fn base(text: &str, links: &Links, outputs: usize) -> Result<Vec<f64>> {
    let numbers = text.trim_start_matches('[').trim_end_matches(']').split(',').map(|number| number.trim().parse::<f32>());
    let numbers =
        numbers.collect::<std::result::Result<Vec<f32>, _>>().map_err(|error| bad(format_args!("base_score {text:.40}: {error}")))?;
    let margin = |score: f32| match links.base {
        _ if links.is_margin => score,
        BaseLink::Itself | BaseLink::Rises => score,
        BaseLink::Logarithm => f64::from(score).ln() as f32,
        BaseLink::Logit => {
            // Where all labels were of one class the score is 0 or 1, and XGBoost steps inside as it loads.
            let score = score.clamp(1e-6, 1.0 - 1e-6);
            -(f64::from(1.0 / score - 1.0).ln() as f32)
        }
    };
    // XGBoost keeps the margin in 32 bits.
    let mut margins: Vec<f64> = numbers.into_iter().map(|score| f64::from(margin(score))).collect();
    if matches!(links.base, BaseLink::Rises) {
        if let [one] = margins.as_slice() {
            margins = vec![*one; outputs];
        }
        for place in (1..margins.len()).rev() {
            let rise = ((margins[place] - margins[place - 1]) as f32 - LEAST_RISE).max(LEAST_RISE);
            margins[place] = f64::from(f64::from(rise).exp_m1().ln() as f32);
        }
    }
    match margins.as_slice() {
        _ if margins.iter().any(|margin| !margin.is_finite()) => Err(bad(format_args!("base_score {text:.40}"))),
        [one] => Ok(vec![*one; outputs]),
        several if several.len() == outputs => Ok(margins),
        several => Err(bad(format_args!("{} base scores for {outputs} outputs", several.len()))),
    }
}

/// How a base score becomes the margin that the sums begin with.
struct Links {
    base: BaseLink,
    /// Whether it is the margin already.
    is_margin: bool,
}

enum BaseLink {
    Itself,
    Logarithm,
    Logit,
    /// The first is itself, and the next ones are told by what they are above the one before.
    Rises,
}

fn base_link(objective: &str, version: (u32, u32), task: &EnsembleTask) -> BaseLink {
    match task {
        _ if objective == "reg:expectileerror" => BaseLink::Rises,
        // Since 1.3 it is kept as the margin that it is.
        _ if objective == "binary:logitraw" && version < (1, 3) => BaseLink::Logit,
        EnsembleTask::Classification { link: LinkFunction::Logistic, .. } | EnsembleTask::Transformed(Transformation::Logistic) => {
            BaseLink::Logit
        }
        EnsembleTask::Transformed(_) => BaseLink::Logarithm,
        _ => BaseLink::Itself,
    }
}

/// Which output a tree contributes to, and its weight among the others.
struct Output {
    place: usize,
    of: usize,
    scale: f64,
    /// Whether categories beyond the words of a set are missing ones.
    bounds_categories: bool,
}

fn tree(saved: &ModelDocument, number: usize, output: Output, budget: &mut ValueBudget) -> Result<Tree> {
    let left = saved.numbers_of("left_children")?;
    let nodes = left.len();
    // XGBoost's own numbers are of 32 bits; a text of them may look like more.
    let column = |key: &str| match saved.numbers_of(key)? {
        numbers if numbers.len() == nodes => Ok(numbers.into_iter().map(|number| f64::from(number as f32)).collect::<Vec<f64>>()),
        numbers => Err(bad(format_args!("tree {number}: '{key}' has {} entries for {nodes} nodes", numbers.len()))),
    };
    if nodes == 0 {
        return Err(bad(format_args!("tree {number} has no nodes")));
    }
    budget.take(nodes, output.of)?;
    let (right, features, conditions) = (column("right_children")?, column("split_indices")?, column("split_conditions")?);
    let mut tree = blank(nodes, output.of);
    tree.missing_left = column("default_left")?.into_iter().map(|flag| flag != 0.0).collect();
    let is_vector = matches!(saved.find("tree_param").and_then(|parameters| parameters.find("size_leaf_vector")),
        Some(ModelDocument::Text(size)) if size.parse::<usize>().is_ok_and(|size| size > 1));
    if is_vector {
        // Before 3.2 such trees kept no statistics.
        for (key, kept) in [("sum_hessian", &mut tree.weight), ("loss_changes", &mut tree.gain)] {
            if saved.find(key).is_some() {
                *kept = column(key)?;
            }
        }
        return with_vectors(tree, saved, number, output, budget);
    }
    (tree.weight, tree.gain) = (column("sum_hessian")?, column("loss_changes")?);
    let inner = column("base_weights")?;
    for node in 0..nodes {
        if left[node] == -1.0 {
            tree.value[node * output.of + output.place] = f64::from((conditions[node] * output.scale) as f32);
            tree.missing_left[node] = false;
            continue;
        }
        tree.value[node * output.of + output.place] = inner[node];
        split(&mut tree, (number, node), (left[node], right[node]), features[node], conditions[node])?;
    }
    split_by_category(&mut tree, saved, number, output.bounds_categories.then_some(budget))?;
    arrange(tree, 0, number)
}

/// Makes a node of the tree with that number a split.
///
/// Errors: children and features that there are not.
fn split(tree: &mut Tree, (number, node): (usize, usize), children: (f64, f64), feature: f64, condition: f64) -> Result<()> {
    let nodes = tree.len();
    let child = |child: f64| {
        if (0.0..nodes as f64).contains(&child) {
            Ok(child as u32)
        } else {
            Err(bad(format_args!("tree {number}, node {node}: child {child} of {nodes} nodes")))
        }
    };
    (tree.left[node], tree.right[node]) = (child(children.0)?, child(children.1)?);
    tree.threshold[node] = condition;
    tree.feature[node] = if (0.0..MOST_COLUMNS as f64).contains(&feature) {
        feature as u32
    } else {
        return Err(bad(format_args!("tree {number}, node {node}: feature {feature}")));
    };
    Ok(())
}

/// A tree whose leaves hold one number a target (`multi_strategy=multi_output_tree`): since 3.2 a leaf's right child is its
/// place among their values, before they stood with those of the other nodes.
///
/// Errors: other counts than nodes, leaves and targets come to.
fn with_vectors(mut tree: Tree, saved: &ModelDocument, number: usize, output: Output, budget: &mut ValueBudget) -> Result<Tree> {
    let (left, right) = (saved.numbers_of("left_children")?, saved.numbers_of("right_children")?);
    let (features, conditions) = (saved.numbers_of("split_indices")?, saved.numbers_of("split_conditions")?);
    let (inner, leaves) =
        (saved.numbers_of("base_weights")?, saved.find("leaf_weights").map(|_| saved.numbers_of("leaf_weights")).transpose()?);
    if inner.len() != tree.len() * output.of || right.len() != tree.len() || conditions.len() != tree.len() {
        return Err(bad(format_args!("tree {number}: {} weights for {} nodes and {} targets", inner.len(), tree.len(), output.of)));
    }
    for node in 0..tree.len() {
        let own = node * output.of..(node + 1) * output.of;
        if left[node] != -1.0 {
            tree.value[own.clone()].copy_from_slice(&inner[own]);
            split(&mut tree, (number, node), (left[node], right[node]), features[node], f64::from(conditions[node] as f32))?;
            continue;
        }
        tree.missing_left[node] = false;
        let values = match &leaves {
            None => &inner[own.clone()],
            Some(leaves) => {
                let first = (right[node] >= 0.0).then(|| (right[node] as usize).checked_mul(output.of)).flatten();
                let values = first.and_then(|first| leaves.get(first..first.checked_add(output.of)?));
                values.ok_or_else(|| bad(format_args!("tree {number}, node {node}: leaf {} of {}", right[node], leaves.len())))?
            }
        };
        for (value, given) in tree.value[own].iter_mut().zip(values) {
            *value = f64::from((f64::from(*given as f32) * output.scale) as f32);
        }
    }
    split_by_category(&mut tree, saved, number, output.bounds_categories.then_some(budget))?;
    arrange(tree, 0, number)
}

/// XGBoost sends the categories of a set to the right; the children change places here.
///
/// Given `bounded`, a category beyond the last word of the set is missing.
fn split_by_category(tree: &mut Tree, saved: &ModelDocument, number: usize, mut bounded: Option<&mut ValueBudget>) -> Result<()> {
    let column = |key: &str| saved.find(key).map_or(Ok(Vec::new()), |_| saved.numbers_of(key));
    let (nodes, starts, sizes, categories) =
        (column("categories_nodes")?, column("categories_segments")?, column("categories_sizes")?, column("categories")?);
    let by_category = column("split_type")?.iter().filter(|&&kind| kind == 1.0).count();
    if by_category != nodes.len() || starts.len() != nodes.len() || sizes.len() != nodes.len() {
        return Err(bad(format_args!("tree {number}: {by_category} splits by category, sets for {}", nodes.len())));
    }
    if sizes.iter().sum::<f64>() > categories.len() as f64 {
        return Err(bad(format_args!("tree {number}: sets of more than {} categories", categories.len())));
    }
    for ((&node, &start), &size) in nodes.iter().zip(&starts).zip(&sizes) {
        let set = (start >= 0.0 && size >= 0.0).then(|| categories.get(start as usize..(start + size) as usize)).flatten();
        let set =
            set.ok_or_else(|| bad(format_args!("tree {number}, node {node}: {size} categories from {start} of {}", categories.len())))?;
        let place = node as usize;
        if node < 0.0 || place >= tree.len() || tree.is_leaf(place) {
            return Err(bad(format_args!("tree {number}: a set of categories for node {node}")));
        }
        if let Some(category) = set.iter().find(|&&category| !(0.0..CATEGORIES).contains(&category) || category.fract() != 0.0) {
            return Err(bad(format_args!("tree {number}, node {node}: the category {category}")));
        }
        let mut left: Vec<u32> = set.iter().map(|&category| category as u32).collect();
        left.sort_unstable();
        left.dedup();
        tree.threshold[place] = 0.0;
        if let (Some(budget), false, Some(&last)) = (&mut bounded, tree.missing_left[place], left.last()) {
            // What is missing goes with the set, and so does what is beyond it: the rest of its words is the set that does not.
            let words = (last / 32 + 1) * 32;
            budget.take(words as usize, 1)?;
            left = (0..words).filter(|category| left.binary_search(category).is_err()).collect();
        } else {
            (tree.left[place], tree.right[place]) = (tree.right[place], tree.left[place]);
            tree.missing_left[place] = !tree.missing_left[place];
        }
        tree.categorical.push(CategoricalSplit { node: place as u32, left });
    }
    tree.categorical.sort_unstable_by_key(|split| split.node);
    Ok(())
}
