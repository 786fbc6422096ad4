//! What scikit-learn puts before a model: pipelines of scalers, selectors and imputers, and the searches around them.

use std::collections::BTreeSet;

use super::committee::read_committee;
use super::container::opened;
use super::encoders::encoded;
use super::limits::{Budget, Reading};
use super::reading::{feature_names, labels, read_forest};
use super::{read_gradient_boosting, read_histogram_boosting};
use crate::error::{Error, ErrorKind, Result};
use crate::formats::object::{Global, ObjectView};
use crate::formats::pickle::boosters;
use crate::formats::prepared::{Derived, Preparation, Step, with_missing};
use crate::formats::read_model::{ColumnCategories, ReadOptions, ReadTrees, RefusedValues};
use crate::trees::{EnsembleTask, Precision, Transformation, TreeEnsemble};

/// Deepest nesting of pipelines and searches.
const DEEPEST: usize = 8;
/// Most steps of one model, each time it is named: a crafted one may stand in itself.
const MOST_STEPS: usize = 500;
/// Most columns that steps may make.
const MOST_COLUMNS: usize = 100_000;

/// Reads a fitted model of any kind that is understood, alone, as the last step of a `Pipeline` or as what a search
/// found best; the steps before it become part of the trees, in 64 bits. `file_size` bounds what the trees may take.
///
/// Errors: a step that is not understood, by its class; those of the model's own reader.
pub(in crate::formats) fn read_model(model: ObjectView<'_, '_>, file_size: usize, options: ReadOptions) -> Result<ReadTrees> {
    let (model, place) = opened(model)?;
    let budget = Budget::new(file_size);
    Ok(ReadTrees { place, ..read_within(model, Reading::new(file_size, options, &budget))? })
}

/// Reads a model that stands by itself or as a part of another.
///
/// Errors: as [`read_model`].
pub(super) fn read_within(mut model: ObjectView<'_, '_>, reading: Reading<'_>) -> Result<ReadTrees> {
    let (file_size, options) = (reading.file_size, reading.options);
    let mut before: Option<(Vec<String>, Vec<Derived>)> = None;
    let mut context =
        Context { left: MOST_STEPS, categories: Vec::new(), taken: BTreeSet::new(), scales: false, is_sparse: reading.is_sparse };
    let mut target = None;
    for _ in 0..DEEPEST {
        match model.class()? {
            Global::GridSearch | Global::RandomizedSearch | Global::HalvingGridSearch | Global::HalvingRandomSearch => {
                model = model.attribute("best_estimator_")?;
            }
            Global::FrozenEstimator => model = model.attribute("estimator")?,
            Global::TransformedTarget if target.is_none() => {
                target = Some(target_of(&model)?);
                model = model.attribute("regressor_")?;
            }
            Global::Pipeline => {
                let mut steps = model.attribute("steps")?.items()?.into_iter().map(|step| second(&step)).collect::<Result<Vec<_>>>()?;
                let last = steps.pop().ok_or_else(|| model.fail("a pipeline without steps"))?;
                // What only computes did not note how many columns it takes before 1.2: as many as what follows.
                let counted = steps.iter().filter(|step| !passes(step)).chain([&last]).find(|step| knows_columns(step)).unwrap_or(&last);
                let counted = &counter(counted.clone())?;
                for step in steps.iter().filter(|step| !passes(step)) {
                    context.scales |= !matches!(step.class()?, Global::ColumnTransformer | Global::FunctionTransformer | Global::Pipeline);
                    let (_, columns) = match &mut before {
                        Some(before) => before,
                        // A pipeline as the first step notes it in its own first.
                        None => match counter(step.clone())? {
                            noted if knows_columns(&noted) => before.insert(given(&noted)?),
                            _ => before.insert(given(counted)?),
                        },
                    };
                    *columns = transformed(step, std::mem::take(columns), &mut context)?;
                }
                model = last;
            }
            _ => {
                // Isolation forests and histogram boosting take what is infinite, and the other boosting nothing that is missing.
                let class = model.class()?;
                let is_boosting = matches!(class, Global::GradientBoostingRegressor | Global::GradientBoostingClassifier);
                // Histogram boosting brings its own encoder of categories.
                let is_histogram = matches!(class, Global::HistogramRegressor | Global::HistogramClassifier);
                if let Some(encoder) = model.find("_preprocessor")?.filter(|encoder| is_histogram && !encoder.is_none()) {
                    let (names, columns) = match before.take() {
                        Some(before) => before,
                        None => given(&model)?,
                    };
                    before = Some((names, transformed(&encoder, columns, &mut context)?));
                }
                let reading = Reading { is_sparse: context.is_sparse, ..reading };
                let committee = read_committee(&model, reading)?;
                let has_own_rules = committee.is_some();
                let found = match committee {
                    Some(read) => Some(read),
                    None => boosters::read(&model, options)?,
                };
                let mut read = match found {
                    Some(read) => read,
                    None => match boosted(&model, file_size)? {
                        Some(trees) => trees.into(),
                        None => ReadTrees {
                            refuses: RefusedValues { infinite: class != Global::IsolationForest, missing: false },
                            ..read_forest(model.clone(), file_size)?.ensemble.into()
                        },
                    },
                };
                if context.is_sparse && class.module().starts_with("xgboost.") {
                    read.ensemble = with_missing(read.ensemble, 0.0)?;
                }
                if is_boosting {
                    read.refuses.infinite = true;
                    read.refuses.missing = true;
                }
                // What fills in what is missing stands before the model.
                if (is_boosting || has_own_rules) && before.is_some() {
                    read.refuses.missing = false;
                }
                read.refuses.infinite |= context.scales;
                if let Some(target) = target {
                    if read.committee.is_some() {
                        return Err(model.fail(format_args!("a function on the target of several models ({})", class.symbol())));
                    }
                    read.ensemble = with_target(read.ensemble, target)?;
                }
                let Some((names, columns)) = before else { return Ok(read) };
                let (made, features) = (columns.len(), read.ensemble.features());
                if made != features {
                    return Err(bad(format_args!("the steps before the trees make {made} columns, and the trees look at {features}")));
                }
                if !read.categories.is_empty() {
                    return Err(model.fail(format_args!("behind steps {} looks at columns with named categories", class.symbol())));
                }
                let Context { mut categories, taken, .. } = context;
                let codes = categories.iter().map(|column| column.feature).collect();
                categories.extend((0..names.len()).filter(|column| !taken.contains(column)).map(ColumnCategories::ignored));
                let preparation = Preparation { columns, single: false, codes };
                return Ok(ReadTrees { categories, ..behind(preparation, names, read)? });
            }
        }
    }
    Err(model.fail("pipelines nested too deep"))
}

/// The columns that a step or a model is given, before anything is done to them.
fn given(step: &ObjectView<'_, '_>) -> Result<(Vec<String>, Vec<Derived>)> {
    let names = feature_names(step)?;
    let columns = (0..names.len()).map(Derived::given).collect();
    Ok((names, columns))
}

/// The part of a model that notes how many columns it takes: the model, or the first of those that it is made of.
fn counter<'v, 'a>(model: ObjectView<'v, 'a>) -> Result<ObjectView<'v, 'a>> {
    let mut part = model;
    for _ in 0..DEEPEST {
        if part.find("n_features_in_")?.is_some() {
            break;
        }
        part = match part.class()? {
            Global::Pipeline => {
                let steps = part.attribute("steps")?.items()?.iter().map(second).collect::<Result<Vec<_>>>()?;
                match steps.into_iter().find(|step| !passes(step)) {
                    Some(step) => step,
                    None => break,
                }
            }
            Global::GridSearch | Global::RandomizedSearch | Global::HalvingGridSearch | Global::HalvingRandomSearch => {
                part.attribute("best_estimator_")?
            }
            Global::TransformedTarget => part.attribute("regressor_")?,
            _ => match part.find("estimators_")?.and_then(|members| members.items().ok()?.into_iter().next()) {
                Some(member) => member,
                None => break,
            },
        };
    }
    Ok(part)
}

/// Whether a step notes its columns itself.
fn knows_columns(step: &ObjectView<'_, '_>) -> bool {
    !step.class().is_ok_and(|class| class == Global::FunctionTransformer) || step.find("n_features_in_").is_ok_and(|count| count.is_some())
}

/// What was read, on the columns that are called `names` and prepared for it.
///
/// Errors: those of [`Preparation::fold`]; models that are no trees and look at prepared columns.
fn behind(preparation: Preparation, names: Vec<String>, read: ReadTrees) -> Result<ReadTrees> {
    let Some(mut committee) = read.committee else {
        return Ok(ReadTrees { ensemble: preparation.fold(names, read.ensemble)?, committee: None, ..read });
    };
    if committee.looks_beside_trees() {
        return Err(bad(
            "behind steps stands a model that looks at columns beside its trees (a stacked one with passthrough, linear trees)",
        ));
    }
    committee.change_trees(&mut |trees| {
        let outline = TreeEnsemble::averaged(EnsembleTask::Regression, Vec::new(), trees.outputs, Vec::new());
        *trees = preparation.fold(names.clone(), std::mem::replace(trees, outline))?;
        Ok(())
    })?;
    committee.set_features(names.len());
    committee.check()?;
    let ensemble = TreeEnsemble { feature_names: names, precision: Precision::Double, ..read.ensemble };
    Ok(ReadTrees { ensemble, committee: Some(committee), ..read })
}

/// What the steps of one model share.
struct Context {
    /// How many steps it may still have.
    left: usize,
    /// Of the given columns that hold names.
    categories: Vec<ColumnCategories>,
    /// The given columns that some step or the model looks at.
    taken: BTreeSet<usize>,
    /// Whether all columns go through a step that takes nothing infinite.
    scales: bool,
    /// Whether the table is sparse by now.
    is_sparse: bool,
}

/// From what trees answer to the target that was meant.
#[derive(Clone, Copy)]
enum Target {
    Function(Transformation),
    /// The answer times the first, and the second.
    Linear(f64, f64),
}

/// How a `TransformedTargetRegressor` turns answers back.
///
/// Errors: a function or a transformer that is not understood, by its name.
fn target_of(model: &ObjectView<'_, '_>) -> Result<Target> {
    let transformer = model.attribute("transformer_")?;
    // One target has one number of each.
    let number = |key: &str| {
        let part = transformer.attribute(key)?;
        match part.numbers()?.as_slice() {
            [number] => Ok(*number),
            numbers => Err(part.fail(format_args!("{} numbers for one target", numbers.len()))),
        }
    };
    match transformer.class()? {
        Global::FunctionTransformer => {
            let inverse = transformer.attribute("inverse_func")?;
            match inverse.global() {
                None if inverse.is_none() => Ok(Target::Linear(1.0, 0.0)),
                Some(Global::ExpLessOne) => Ok(Target::Function(Transformation::ExpLessOne)),
                Some(Global::Exponential) => Ok(Target::Function(Transformation::Exponential)),
                Some(Global::Square) => Ok(Target::Function(Transformation::Square)),
                Some(other) => {
                    Err(inverse.fail(format_args!("{}.{} on the target, which is not understood", other.module(), other.symbol())))
                }
                None => Err(inverse.fail("a function on the target that is not understood")),
            }
        }
        Global::MinMaxScaler => {
            let (scale, min) = (number("scale_")?, number("min_")?);
            Ok(Target::Linear(1.0 / scale, -min / scale))
        }
        Global::MaxAbsScaler => Ok(Target::Linear(number("scale_")?, 0.0)),
        Global::RobustScaler => {
            let has = |key: &str| Ok::<bool, Error>(transformer.find(key)?.is_some_and(|part| !part.is_none()));
            Ok(Target::Linear(if has("scale_")? { number("scale_")? } else { 1.0 }, if has("center_")? { number("center_")? } else { 0.0 }))
        }
        Global::StandardScaler => {
            let has = |key: &str| Ok::<bool, Error>(transformer.find(key)?.is_some_and(|part| !part.is_none()));
            Ok(Target::Linear(if has("scale_")? { number("scale_")? } else { 1.0 }, if has("mean_")? { number("mean_")? } else { 0.0 }))
        }
        other => Err(transformer.fail(format_args!("{}.{} on the target, which is not understood", other.module(), other.symbol()))),
    }
}

/// The trees, answering in the unit of the target.
fn with_target(mut trees: TreeEnsemble, target: Target) -> Result<TreeEnsemble> {
    if trees.task != EnsembleTask::Regression || trees.outputs != 1 {
        return Err(bad("a function on the target of a model that has one already"));
    }
    match target {
        Target::Function(transformation) => trees.task = EnsembleTask::Transformed(transformation),
        Target::Linear(factor, addend) => {
            trees.trees.iter_mut().for_each(|tree| tree.value.iter_mut().for_each(|value| *value *= factor));
            trees.base[0] = trees.base[0] * factor + addend;
        }
    }
    trees.check()?;
    Ok(trees)
}

/// The trees of one of scikit-learn's own boosters; `None` for anything else.
fn boosted(model: &ObjectView<'_, '_>, file_size: usize) -> Result<Option<TreeEnsemble>> {
    match read_histogram_boosting(model, file_size)? {
        None => read_gradient_boosting(model, file_size),
        found => Ok(found),
    }
}

fn bad(what: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::BadModelFile, format!("cannot understand this model: {what}"))
}

/// The object of a pair of name and object.
fn second<'v, 'a>(pair: &ObjectView<'v, 'a>) -> Result<ObjectView<'v, 'a>> {
    pair.items()?.into_iter().nth(1).ok_or_else(|| pair.fail("a name with an object was expected"))
}

fn take_one(left: &mut usize, step: &ObjectView<'_, '_>) -> Result<()> {
    *left = left.checked_sub(1).ok_or_else(|| step.fail(format_args!("more than {MOST_STEPS} steps")))?;
    Ok(())
}

fn passes(step: &ObjectView<'_, '_>) -> bool {
    step.is_none() || step.text().is_ok_and(|text| text == "passthrough")
}

/// Whether a function is scikit-learn's check of a table, with some of its words given.
fn is_check(function: &ObjectView<'_, '_>) -> bool {
    let checks = |arguments: &[ObjectView<'_, '_>]| arguments.first().is_some_and(|first| first.global() == Some(Global::CheckArray));
    function.class().is_ok_and(|class| class == Global::Partial) && function.arguments().is_ok_and(|arguments| checks(&arguments))
}

/// The columns after a transformer.
fn transformed(step: &ObjectView<'_, '_>, columns: Vec<Derived>, context: &mut Context) -> Result<Vec<Derived>> {
    let count = columns.len();
    take_one(&mut context.left, step)?;
    // A transformer of columns looks at those of its parts alone.
    if !matches!(step.class()?, Global::ColumnTransformer | Global::Pipeline) {
        context.taken.extend(columns.iter().map(|column| column.source));
    }
    let numbers = |key: &str| -> Result<Vec<f64>> {
        let view = step.attribute(key)?;
        match view.numbers()? {
            numbers if numbers.len() == count => Ok(numbers),
            numbers => Err(view.fail(format_args!("{} numbers for {count} columns", numbers.len()))),
        }
    };
    let is_set = |key: &str| Ok::<bool, Error>(step.find(key)?.is_some_and(|flag| flag.boolean().unwrap_or(false)));
    // One step for every column, with its own number.
    let each = |columns: Vec<Derived>, numbers: Vec<f64>, step: fn(f64) -> Step| -> Vec<Derived> {
        columns.into_iter().zip(numbers).map(|(column, number)| column.then(step(number))).collect()
    };
    let chosen = |columns: Vec<Derived>, keep: Vec<bool>| -> Vec<Derived> {
        columns.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(column, _)| column).collect()
    };
    match step.class()? {
        Global::StandardScaler | Global::RobustScaler => {
            let keys = match step.class()? {
                Global::StandardScaler => [("with_mean", "mean_"), ("with_std", "scale_")],
                _ => [("with_centering", "center_"), ("with_scaling", "scale_")],
            };
            let columns = if is_set(keys[0].0)? { each(columns, numbers(keys[0].1)?, Step::Subtract) } else { columns };
            Ok(if is_set(keys[1].0)? { each(columns, numbers(keys[1].1)?, Step::Divide) } else { columns })
        }
        Global::MinMaxScaler => {
            let columns = each(each(columns, numbers("scale_")?, Step::Multiply), numbers("min_")?, Step::Add);
            if !is_set("clip")? {
                return Ok(columns);
            }
            match step.attribute("feature_range")?.items()?.as_slice() {
                [low, high] => {
                    let clip = Step::Clip(low.number()?, high.number()?);
                    Ok(columns.into_iter().map(|column| column.then(clip)).collect())
                }
                _ => Err(step.fail("a range of two numbers was expected")),
            }
        }
        Global::MaxAbsScaler if !is_set("clip")? => Ok(each(columns, numbers("scale_")?, Step::Divide)),
        Global::SimpleImputer => {
            let missing = step.attribute("missing_values")?;
            let filled = step.attribute("statistics_")?;
            // A constant or the most frequent of names.
            if filled.numbers().is_err() {
                let names = labels(&filled)?;
                if !missing.number().is_ok_and(f64::is_nan) || is_set("add_indicator")? || names.len() != count {
                    return Err(step.fail("another value than NaN is filled in, or a column is added for what was"));
                }
                return Ok(columns.into_iter().zip(names).map(|(column, name)| Derived { filled: Some(name), ..column }).collect());
            }
            if !missing.number().is_ok_and(f64::is_nan) {
                return Err(step.fail("SimpleImputer fills in another value than NaN"));
            }
            let values = numbers("statistics_")?;
            if values.iter().any(|value| value.is_nan()) {
                return Err(step.fail("SimpleImputer had no value at all of a column in training"));
            }
            // Behind the columns stands for some of them whether they were missing.
            let indicator = step.find("indicator_")?.filter(|indicator| !indicator.is_none());
            let noted = match indicator.map(|indicator| indicator.attribute("features_")).transpose()? {
                Some(places) => places.numbers()?,
                None => Vec::new(),
            };
            let told = noted.iter().map(|&place| match columns.get(place as usize) {
                Some(column) if place >= 0.0 && place.fract() == 0.0 => Ok(column.clone().then(Step::IsMissing)),
                _ => Err(step.fail(format_args!("a column of {count} was expected, not {place}"))),
            });
            let told = told.collect::<Result<Vec<_>>>()?;
            Ok(each(columns, values, Step::Fill).into_iter().chain(told).collect())
        }
        Global::VarianceThreshold => {
            let threshold = step.attribute("threshold")?.number()?;
            Ok(chosen(columns, numbers("variances_")?.into_iter().map(|variance| variance > threshold).collect()))
        }
        Global::SelectKBest => {
            let wanted = step.attribute("k")?;
            let wanted = if wanted.text().is_ok_and(|text| text == "all") { count } else { wanted.count()?.min(count) };
            let scores = numbers("scores_")?;
            let mut order: Vec<usize> = (0..count).collect();
            // What has no score comes last; of equal scores the later column is the better one.
            let score = |place: usize| if scores[place].is_nan() { f64::MIN } else { scores[place] };
            order.sort_by(|&one, &other| score(one).total_cmp(&score(other)));
            let best = &order[count - wanted..];
            Ok(chosen(columns, (0..count).map(|place| best.contains(&place)).collect()))
        }
        Global::OneHotEncoder | Global::OrdinalEncoder => {
            let is_dense = ["sparse_output", "sparse"]
                .iter()
                .any(|key| step.find(key).is_ok_and(|flag| flag.is_some_and(|flag| matches!(flag.boolean(), Ok(false)))));
            context.is_sparse = step.class()? == Global::OneHotEncoder && !is_dense;
            encoded(step, columns, &mut context.categories)
        }
        Global::FunctionTransformer => {
            let words = step.find("kw_args")?.is_some_and(|words| !words.is_none() && !words.is_empty());
            let function = step.find("func")?.filter(|function| !function.is_none());
            let done = match function.as_ref().map(ObjectView::global) {
                _ if words => Err(function.as_ref().unwrap_or(step).fail("a function with words of its own (kw_args)")),
                None => return Ok(columns),
                // It only looks whether the numbers are numbers.
                Some(None) if function.as_ref().is_some_and(is_check) => return Ok(columns),
                Some(Some(Global::LogOnePlus)) => Ok(Step::LogOnePlus),
                Some(Some(Global::ExpLessOne)) => Ok(Step::ExpLessOne),
                Some(Some(Global::Logarithm)) => Ok(Step::Logarithm),
                Some(Some(Global::Exponential)) => Ok(Step::Exponential),
                Some(Some(Global::SquareRoot)) => Ok(Step::SquareRoot),
                Some(Some(other)) => {
                    Err(step.fail(format_args!("the function {}.{} does not keep the order of numbers", other.module(), other.symbol())))
                }
                Some(None) => Err(function.as_ref().unwrap_or(step).fail("a function that is not understood")),
            }?;
            Ok(columns.into_iter().map(|column| column.then(done)).collect())
        }
        Global::ColumnTransformer => {
            let mut made = Vec::new();
            let places = step.find("_transformer_to_input_indices")?;
            let weights = step.find("transformer_weights")?.filter(|weights| !weights.is_none());
            let was_sparse = context.is_sparse;
            for part in step.attribute("transformers_")?.items()? {
                let name = part.items()?.into_iter().next().ok_or_else(|| part.fail("a name was expected"))?;
                let transformer = second(&part)?;
                take_one(&mut context.left, &part)?;
                if transformer.text().is_ok_and(|text| text == "drop") {
                    continue;
                }
                let column = |place: &ObjectView<'_, '_>| {
                    columns.get(place.count()?).cloned().ok_or_else(|| place.fail(format_args!("a column of {count} was expected")))
                };
                // Before 1.0 the places stood with the transformer alone, as they were given.
                let given = match &places {
                    Some(places) => places.attribute(name.text()?)?,
                    None => part.items()?.into_iter().nth(2).ok_or_else(|| part.fail("columns were expected"))?,
                };
                let taken = given.items()?.iter().map(column).collect::<Result<Vec<Derived>>>()?;
                // What no column was chosen for was never fitted.
                if taken.is_empty() {
                    continue;
                }
                context.is_sparse = was_sparse;
                let part = if passes(&transformer) {
                    context.taken.extend(taken.iter().map(|column| column.source));
                    taken
                } else {
                    transformed(&transformer, taken, context)?
                };
                let weight = weights.as_ref().map(|weights| weights.find(name.text()?)).transpose()?.flatten();
                match weight.map(|weight| weight.number()).transpose()? {
                    Some(weight) => made.extend(part.into_iter().map(|column| column.then(Step::Multiply(weight)))),
                    None => made.extend(part),
                }
                if made.len() > MOST_COLUMNS {
                    return Err(step.fail(format_args!("it makes {} columns", made.len())));
                }
            }
            context.is_sparse = is_set("sparse_output_")?;
            Ok(made)
        }
        Global::Pipeline => {
            let steps = step.attribute("steps")?.items()?;
            steps.iter().try_fold(columns, |columns, part| {
                let part = second(part)?;
                if passes(&part) { Ok(columns) } else { transformed(&part, columns, context) }
            })
        }
        other => Err(step.fail(format_args!("before the trees stands {}.{}, which is not understood", other.module(), other.symbol()))),
    }
}
