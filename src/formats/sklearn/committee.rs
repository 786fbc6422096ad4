//! scikit-learn's models of models: bagging, AdaBoost, voting, stacking and calibration, of members that are read.

use std::collections::BTreeMap;

use super::limits::Reading;
use super::linear::read_linear;
use super::pipeline::read_within;
use super::reading::{class_labels, feature_names};
use crate::error::Result;
use crate::formats::object::{Global, ObjectView};
use crate::formats::read_model::{ColumnCategories, ReadTrees, RefusedValues};
use crate::statistics::ClassLabel;
use crate::trees::{
    Aggregation, Calibrator, Committee, EnsembleTask, LinkFunction, Member, Model, Precision, Rule, Taken, Tree, TreeEnsemble,
};

/// Reads a fitted model of models; `None` for an object of another class.
///
/// Errors: what is not understood, by its name: a member, a method of calibration, a model behind others; parts that do
/// not fit each other.
pub(super) fn read_committee(model: &ObjectView<'_, '_>, reading: Reading<'_>) -> Result<Option<ReadTrees>> {
    let class = model.class()?;
    let is_classifier = match class {
        Global::BaggingRegressor | Global::AdaBoostRegressor | Global::VotingRegressor | Global::StackingRegressor => false,
        Global::BaggingClassifier
        | Global::AdaBoostClassifier
        | Global::VotingClassifier
        | Global::StackingClassifier
        | Global::CalibratedClassifier => true,
        _ => return Ok(None),
    };
    let classes = if is_classifier { class_labels(model)? } else { Vec::new() };
    let mut parts = Parts { reading, classes, names: Vec::new(), refuses: RefusedValues::default(), categories: BTreeMap::new() };
    let (members, rule) = match class {
        Global::BaggingRegressor | Global::BaggingClassifier => parts.bagging(model)?,
        Global::AdaBoostRegressor | Global::AdaBoostClassifier => parts.boosting(model)?,
        Global::VotingRegressor | Global::VotingClassifier => parts.voting(model)?,
        Global::StackingRegressor | Global::StackingClassifier => parts.stacking(model)?,
        _ => parts.calibration(model)?,
    };
    let Parts { classes, names, refuses, categories, .. } = parts;
    let categories: Vec<ColumnCategories> = categories.into_values().flatten().collect();
    let task = match classes.len() {
        0 => EnsembleTask::Regression,
        _ => EnsembleTask::Classification { classes: classes.clone(), link: LinkFunction::Identity },
    };
    let outputs = classes.len().max(1);
    let is_hard = matches!(rule, Rule::Majority { .. });
    let committee = Committee { members, rule, classes: (!classes.is_empty()).then_some(outputs), features: names.len() };
    let committee = match in_one(committee, outputs) {
        Ok(trees) => {
            let ensemble = TreeEnsemble::averaged(task, names, outputs, trees);
            ensemble.check()?;
            return Ok(Some(ReadTrees { refuses, categories, ..ensemble.into() }));
        }
        Err(committee) => committee,
    };
    committee.check()?;
    let note = is_hard.then(|| "it votes (voting='hard'), so its probabilities are shares of the votes".to_owned());
    let mut is_wide = true;
    committee.visit_trees(&mut |trees| is_wide &= trees.precision == Precision::Double);
    let precision = if is_wide { Precision::Double } else { Precision::SingleValues };
    let outline = TreeEnsemble { precision, ..TreeEnsemble::averaged(task, names, outputs, Vec::new()) };
    Ok(Some(ReadTrees { committee: Some(committee), refuses, categories, note, ..outline.into() }))
}

/// The trees of members that are one averaged tree each, on all classes: together they are a forest, to the last bit.
fn in_one(committee: Committee, outputs: usize) -> std::result::Result<Vec<Tree>, Committee> {
    let is_tree = |member: &Member| match &member.model {
        Model::Trees(trees) => {
            trees.trees.len() == 1
                && trees.outputs == outputs
                && trees.aggregation == Aggregation::Mean
                && trees.precision == Precision::SingleValues
                && trees.base.iter().all(|base| *base == 0.0)
                && matches!(&trees.task, EnsembleTask::Regression | EnsembleTask::Classification { link: LinkFunction::Identity, .. })
                && member.classes.iter().copied().eq(0..outputs)
        }
        _ => false,
    };
    if committee.rule != (Rule::Mean { weights: None }) || !committee.members.iter().all(is_tree) {
        return Err(committee);
    }
    let trees =
        committee.members.into_iter().filter_map(|member| if let Model::Trees(trees) = member.model { Some(trees.trees) } else { None });
    Ok(trees.flatten().collect())
}

/// What is known while the members of one committee are read.
struct Parts<'r> {
    reading: Reading<'r>,
    /// None for a regression.
    classes: Vec<ClassLabel>,
    /// The given columns; empty as long as no member told them.
    names: Vec<String>,
    refuses: RefusedValues,
    /// Of each given column that some member looks at: `None` where it is one of numbers.
    categories: BTreeMap<usize, Option<ColumnCategories>>,
}

/// What stands for each class in what a member was taught.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taught {
    Label,
    Place,
}

impl Parts<'_> {
    /// One member, on the columns at `places` of the given ones, or on all of them.
    fn member(&mut self, view: &ObjectView<'_, '_>, places: Option<&[usize]>, taught: Taught) -> Result<Member> {
        let read = read_within(view.clone(), self.reading.deeper(view)?)?;
        self.refuses.infinite |= read.refuses.infinite;
        self.refuses.missing |= read.refuses.missing;
        let own = read.ensemble.features();
        if self.names.is_empty() {
            self.names = read.ensemble.feature_names.clone();
        }
        let names = self.names.clone();
        let all: Vec<usize> = (0..own).collect();
        let places = places.unwrap_or(&all);
        if places.len() != own || places.iter().any(|&place| place >= names.len()) || (places.len() == all.len() && own > names.len()) {
            return Err(view.fail(format_args!("a member looks at {own} columns of {}", names.len())));
        }
        self.note_categories(view, places, &read.categories)?;
        let told = match &read.ensemble.task {
            EnsembleTask::Classification { classes, .. } => classes.clone(),
            EnsembleTask::Isolation(_) => return Err(view.fail("a member marks anomalies")),
            _ => Vec::new(),
        };
        let mut model = match read.committee {
            Some(committee) => Model::Committee(Box::new(committee)),
            None => Model::Trees(Box::new(read.ensemble)),
        };
        let is_turned = !places.iter().copied().eq(0..names.len());
        if is_turned && model.looks_beside_trees() {
            return Err(view.fail("a member that passes columns on, given some of them"));
        }
        model.change_trees(&mut |trees| {
            for feature in trees.trees.iter_mut().flat_map(|tree| &mut tree.feature) {
                *feature = places.get(*feature as usize).map_or(0, |&place| place as u32);
            }
            trees.feature_names.clone_from(&names);
            Ok(())
        })?;
        if let Model::Committee(inner) = &mut model {
            inner.set_features(names.len());
        }
        let mut left = Ok(());
        model.visit_trees(&mut |trees| {
            if left.is_ok() {
                // Where zeros count as missing a node became several.
                left = self.reading.budget.take(if self.reading.is_sparse { trees.nodes() / 4 } else { trees.nodes() });
            }
        });
        left.map_err(|()| view.fail("its members take more bytes than the file has"))?;
        let classes = match (self.classes.is_empty(), told.is_empty()) {
            (true, true) => vec![0],
            (false, false) => told.iter().map(|label| self.class_of(view, label, taught)).collect::<Result<_>>()?,
            (true, false) => return Err(view.fail("a classifier among regressors")),
            (false, true) => return Err(view.fail("a regressor among classifiers")),
        };
        Ok(Member { model, classes })
    }

    /// Notes how the columns at `places` are written that a member is given, by what it says of its own.
    ///
    /// Errors: a column that another member takes for something else.
    fn note_categories(&mut self, view: &ObjectView<'_, '_>, places: &[usize], own: &[ColumnCategories]) -> Result<()> {
        for (feature, &place) in places.iter().enumerate() {
            let found =
                own.iter().find(|column| column.feature == feature).map(|column| ColumnCategories { feature: place, ..column.clone() });
            let known = match (self.categories.remove(&place), found) {
                (None, found) => found,
                (Some(Some(known)), found) if known.is_ignored() => found,
                (Some(known), Some(found)) if found.is_ignored() => known,
                (Some(None), None) => None,
                // What one member refuses the whole model refuses.
                (Some(Some(known)), Some(found)) if known.labels == found.labels => {
                    Some(ColumnCategories { is_unseen_missing: known.is_unseen_missing && found.is_unseen_missing, ..known })
                }
                _ => {
                    let class = view.class()?.symbol();
                    return Err(view.fail(format_args!(
                        "a member ({class}) takes column {place} for other categories, or for numbers, than another does"
                    )));
                }
            };
            self.categories.insert(place, known);
        }
        Ok(())
    }

    /// The place of a member's class among all.
    fn class_of(&self, view: &ObjectView<'_, '_>, label: &ClassLabel, taught: Taught) -> Result<usize> {
        let is_same = |other: &ClassLabel| other == label || (other.number().is_some() && other.number() == label.number());
        let found = match taught {
            Taught::Label => self.classes.iter().position(is_same),
            Taught::Place => label.number().filter(|place| place.fract() == 0.0 && *place >= 0.0).map(|place| place as usize),
        };
        found
            .filter(|&place| place < self.classes.len())
            .ok_or_else(|| view.fail(format_args!("a member tells the class {label}, which is none")))
    }

    /// Takes the names of the given columns, where the model has them itself.
    fn name_columns(&mut self, model: &ObjectView<'_, '_>) -> Result<()> {
        if model.find("n_features_in_")?.is_some() {
            self.names = feature_names(model)?;
        }
        Ok(())
    }

    fn bagging(&mut self, model: &ObjectView<'_, '_>) -> Result<(Vec<Member>, Rule)> {
        self.name_columns(model)?;
        let (estimators, columns) = (model.attribute("estimators_")?.items()?, model.attribute("estimators_features_")?.items()?);
        if estimators.len() != columns.len() {
            return Err(model.fail(format_args!("{} members and columns of {}", estimators.len(), columns.len())));
        }
        let mut members = Vec::new();
        for (estimator, columns) in estimators.iter().zip(&columns) {
            let places = places(columns)?;
            members.push(self.member(estimator, Some(&places), Taught::Place)?);
        }
        Ok((members, Rule::Mean { weights: None }))
    }

    fn boosting(&mut self, model: &ObjectView<'_, '_>) -> Result<(Vec<Member>, Rule)> {
        self.name_columns(model)?;
        let members = self.members(&model.attribute("estimators_")?.items()?, Taught::Label)?;
        let mut weights = model.attribute("estimator_weights_")?.numbers()?;
        let total = weights.iter().sum();
        // Where learning stopped early the others are 0.
        weights.truncate(members.len());
        // It checks what it is given before its trees see it.
        self.refuses = RefusedValues { infinite: true, missing: true };
        let rule = match self.classes.is_empty() {
            true => Rule::WeightedMedian { weights },
            false => {
                let by_probability = model.find("algorithm")?.is_some_and(|algorithm| algorithm.text().is_ok_and(|name| name == "SAMME.R"));
                Rule::Boosted { weights, total, by_probability, counts_against: is_since(model, (1, 3))? }
            }
        };
        Ok((members, rule))
    }

    fn voting(&mut self, model: &ObjectView<'_, '_>) -> Result<(Vec<Member>, Rule)> {
        let members = self.members(&model.attribute("estimators_")?.items()?, Taught::Place)?;
        let weights = match model.find("weights")?.filter(|weights| !weights.is_none()) {
            Some(weights) => Some(self.kept(model, numbers(&weights)?)?),
            None => None,
        };
        let is_hard = !self.classes.is_empty() && model.attribute("voting")?.text()? == "hard";
        let count = members.len();
        Ok((
            members,
            if is_hard { Rule::Majority { weights: weights.unwrap_or_else(|| vec![1.0; count]) } } else { Rule::Mean { weights } },
        ))
    }

    /// The numbers of those that were not dropped.
    fn kept(&self, model: &ObjectView<'_, '_>, numbers: Vec<f64>) -> Result<Vec<f64>> {
        let given = model.attribute("estimators")?.items()?;
        if given.len() != numbers.len() {
            return Err(model.fail(format_args!("{} weights of {} members", numbers.len(), given.len())));
        }
        let mut kept = Vec::new();
        for (pair, number) in given.iter().zip(numbers) {
            let dropped = pair.items()?.get(1).is_some_and(|member| member.text().is_ok_and(|word| word == "drop"));
            if !dropped {
                kept.push(number);
            }
        }
        Ok(kept)
    }

    fn stacking(&mut self, model: &ObjectView<'_, '_>) -> Result<(Vec<Member>, Rule)> {
        // Members that were fitted before know the labels themselves.
        let is_before = model.find("cv")?.is_some_and(|folds| folds.text().is_ok_and(|word| word == "prefit"));
        let taught = if is_before { Taught::Label } else { Taught::Place };
        let members = self.members(&model.attribute("estimators_")?.items()?, taught)?;
        let methods = model.attribute("stack_method_")?.items()?;
        let taken = |(method, _): (&ObjectView<'_, '_>, &Member)| match (method.text()?, self.classes.is_empty()) {
            ("predict", true) => Ok(Taken::Number),
            ("predict", false) => Ok(Taken::Class),
            ("predict_proba", false) => Ok(Taken::Shares),
            (other, _) => Err(method.fail(format_args!("members answer by '{other:.40}'"))),
        };
        if methods.len() != members.len() {
            return Err(model.fail(format_args!("{} members and {} methods", members.len(), methods.len())));
        }
        let takes = methods.iter().zip(&members).map(taken).collect::<Result<Vec<_>>>()?;
        let passes = model.attribute("passthrough")?.boolean()?;
        let view = model.attribute("final_estimator_")?;
        let last = match read_linear(&view)? {
            Some(linear) => {
                // It takes nothing that is missing or infinite, and so none of the columns that are passed on.
                self.refuses.missing |= passes;
                self.refuses.infinite |= passes;
                Model::Linear(linear)
            }
            None => {
                let reading = Reading { is_sparse: false, ..self.reading };
                let read = read_within(view.clone(), reading.deeper(&view)?)?;
                if !read.categories.is_empty() {
                    return Err(view.fail("the last model looks at columns with named categories"));
                }
                match read.committee {
                    Some(committee) => Model::Committee(Box::new(committee)),
                    None => Model::Trees(Box::new(read.ensemble)),
                }
            }
        };
        Ok((members, Rule::Stacked { last: Box::new(last), takes, passes }))
    }

    fn calibration(&mut self, model: &ObjectView<'_, '_>) -> Result<(Vec<Member>, Rule)> {
        self.name_columns(model)?;
        let (mut members, mut calibrators) = (Vec::new(), Vec::new());
        for calibrated in model.attribute("calibrated_classifiers_")?.items()? {
            let method = calibrated.attribute("method")?;
            if !matches!(method.text()?, "sigmoid" | "isotonic") {
                return Err(method.fail(format_args!("calibration by '{:.40}'", method.text()?)));
            }
            let view = match calibrated.find("estimator")? {
                Some(view) => view,
                None => calibrated.attribute("base_estimator")?,
            };
            let mut member = self.member(&view, None, Taught::Label)?;
            // Where a classifier has margins, they are calibrated and not its probabilities.
            let bare = bare_model(&view)?;
            // LightGBM tells margins since 4.7, which notes of its training whether columns had names.
            let has_margins = match bare.class()? {
                Global::GradientBoostingClassifier | Global::HistogramClassifier => true,
                Global::LightgbmClassifier => bare.find("_fitted_with_feature_names")?.is_some(),
                _ => false,
            };
            match (bare.class()?, &mut member.model) {
                (_, Model::Trees(trees)) if has_margins => {
                    trees.task = EnsembleTask::Regression;
                    if trees.outputs == 1 {
                        member.classes = vec![1];
                    }
                }
                (class @ (Global::AdaBoostClassifier | Global::BaggingClassifier | Global::StackingClassifier), _) => {
                    return Err(view.fail(format_args!("the margins of {} are calibrated, which is not understood", class.symbol())));
                }
                _ => {}
            }
            calibrators.push(calibrated.attribute("calibrators")?.items()?.iter().map(calibrator).collect::<Result<Vec<_>>>()?);
            members.push(member);
        }
        Ok((members, Rule::Calibrated { calibrators }))
    }

    fn members(&mut self, estimators: &[ObjectView<'_, '_>], taught: Taught) -> Result<Vec<Member>> {
        estimators.iter().map(|estimator| self.member(estimator, None, taught)).collect()
    }
}

/// Whether a model was fitted by that version of scikit-learn or a later one, as far as it notes which.
fn is_since(model: &ObjectView<'_, '_>, version: (u32, u32)) -> Result<bool> {
    let noted = model.find("_sklearn_version")?;
    let mut numbers = noted.as_ref().and_then(|noted| noted.text().ok()).unwrap_or_default().split('.').map_while(|part| part.parse().ok());
    Ok(numbers.next().zip(numbers.next()).is_none_or(|noted: (u32, u32)| noted >= version))
}

/// A model, or what pipelines and searches around it end with.
fn bare_model<'v, 'a>(model: &ObjectView<'v, 'a>) -> Result<ObjectView<'v, 'a>> {
    let mut model = model.clone();
    // What was read was nested no deeper.
    for _ in 0..32 {
        model = match model.class()? {
            Global::Pipeline => {
                let last = model.attribute("steps")?.items()?.pop().and_then(|step| step.items().ok()?.into_iter().nth(1));
                last.ok_or_else(|| model.fail("a pipeline without steps"))?
            }
            Global::FrozenEstimator => model.attribute("estimator")?,
            Global::GridSearch | Global::RandomizedSearch | Global::HalvingGridSearch | Global::HalvingRandomSearch => {
                model.attribute("best_estimator_")?
            }
            _ => return Ok(model),
        };
    }
    Err(model.fail("pipelines nested too deep"))
}

fn calibrator(view: &ObjectView<'_, '_>) -> Result<Calibrator> {
    match view.class()? {
        Global::SigmoidCalibration => {
            Ok(Calibrator::Sigmoid { slope: view.attribute("a_")?.number()?, shift: view.attribute("b_")?.number()? })
        }
        Global::IsotonicRegression => {
            let (from, to) = (view.attribute("X_thresholds_")?.numbers()?, view.attribute("y_thresholds_")?.numbers()?);
            Ok(Calibrator::Isotonic { from, to })
        }
        other => Err(view.fail(format_args!("calibration by {}.{}", other.module(), other.symbol()))),
    }
}

/// The places of columns, from an array of numbers or from a range.
fn places(columns: &ObjectView<'_, '_>) -> Result<Vec<usize>> {
    let place = |number: &f64| match *number {
        number if (0.0..1e6).contains(&number) && number.fract() == 0.0 => Ok(number as usize),
        number => Err(columns.fail(format_args!("column {number}"))),
    };
    columns.numbers()?.iter().map(place).collect()
}

/// The numbers of a list, a tuple or an array.
fn numbers(list: &ObjectView<'_, '_>) -> Result<Vec<f64>> {
    match list.items() {
        Ok(items) => items.iter().map(ObjectView::number).collect(),
        Err(_) => list.numbers(),
    }
}
