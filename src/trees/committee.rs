//! Models that answer together: what each says of a row, and the rule that makes one answer of it.

use super::arithmetic::Arithmetic;
use super::calibrator::Calibrator;
use super::ensemble::{EnsembleTask, Precision, TreeEnsemble};
use super::linear::LinearModel;
use super::linear_trees::LinearTrees;
use super::link::LinkFunction;
use super::wide::score_wide;
use crate::error::{Error, ErrorKind, Result};

/// Whatever answers rows.
///
/// ```
/// use hivectl::trees::{LinearModel, Model};
///
/// let sum = Model::Linear(LinearModel { coefficients: vec![vec![1.0, 2.0]], intercepts: vec![0.5], link: None });
/// assert_eq!(sum.answers(&[vec![1.0], vec![10.0]], 1)?, [21.5]);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Model {
    Trees(Box<TreeEnsemble>),
    Linear(LinearModel),
    LinearTrees(Box<LinearTrees>),
    Committee(Box<Committee>),
}

impl Model {
    /// Row-major answers, given one column of values a feature; NaN is missing: one number a row of a regression, one
    /// probability a class of a classifier.
    ///
    /// Errors: those of [`score_wide`].
    pub fn answers(&self, columns: &[Vec<f64>], threads: usize) -> Result<Vec<f64>> {
        match self {
            Model::Trees(trees) => Ok(shares(trees, score_wide(trees, columns, threads)?)),
            Model::Linear(linear) => Ok(linear.answers(columns)),
            Model::LinearTrees(linear) => Ok(shares(&linear.trees, linear.answers(columns)?)),
            Model::Committee(committee) => committee.answers(columns, threads),
        }
    }

    /// Numbers that it answers a row.
    pub fn width(&self) -> usize {
        let width = |trees: &TreeEnsemble| match &trees.task {
            EnsembleTask::Classification { classes, .. } => classes.len(),
            _ => trees.outputs,
        };
        match self {
            Model::Trees(trees) => width(trees),
            Model::LinearTrees(linear) => width(&linear.trees),
            Model::Linear(linear) => linear.width(),
            Model::Committee(committee) => committee.width(),
        }
    }

    /// Columns that it looks at.
    pub fn features(&self) -> usize {
        match self {
            Model::Trees(trees) => trees.features(),
            Model::LinearTrees(linear) => linear.trees.features(),
            Model::Linear(linear) => linear.coefficients.first().map_or(0, Vec::len),
            Model::Committee(committee) => committee.features,
        }
    }

    /// Does something to all ensembles that look at the given columns; the first failure ends it.
    ///
    /// Errors: those of `change`.
    pub fn change_trees(&mut self, change: &mut dyn FnMut(&mut TreeEnsemble) -> Result<()>) -> Result<()> {
        match self {
            Model::Trees(trees) => change(trees),
            Model::LinearTrees(linear) => change(&mut linear.trees),
            Model::Linear(_) => Ok(()),
            Model::Committee(committee) => committee.change_trees(change),
        }
    }

    /// Looks at every ensemble in it.
    pub fn visit_trees<'m>(&'m self, visit: &mut dyn FnMut(&'m TreeEnsemble)) {
        match self {
            Model::Trees(trees) => visit(trees),
            Model::LinearTrees(linear) => visit(&linear.trees),
            Model::Linear(_) => {}
            Model::Committee(committee) => committee.visit_trees(visit),
        }
    }

    /// Whether a part that is no tree looks at the given columns themselves.
    pub fn looks_beside_trees(&self) -> bool {
        match self {
            Model::Trees(_) => false,
            Model::Linear(_) | Model::LinearTrees(_) => true,
            Model::Committee(committee) => committee.looks_beside_trees(),
        }
    }
}

/// Scores of trees as one probability a class, also where the trees tell only that of the second of two.
pub fn shares(trees: &TreeEnsemble, scores: Vec<f64>) -> Vec<f64> {
    match &trees.task {
        EnsembleTask::Classification { classes, .. } if trees.outputs == 1 && classes.len() == 2 => {
            // Libraries that answer in 32 bits take the difference there.
            let single = trees.precision == Precision::Single;
            let first = |second: f64| if single { f64::from(1.0 - second as f32) } else { 1.0 - second };
            scores.iter().flat_map(|&second| [first(second), second]).collect()
        }
        _ => scores,
    }
}

/// One of a committee.
///
/// ```
/// use hivectl::trees::{LinearModel, Member, Model};
///
/// let model = Model::Linear(LinearModel { coefficients: vec![vec![1.0]], intercepts: vec![0.0], link: None });
/// assert_eq!(Member { model, classes: vec![0] }.model.width(), 1);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    pub model: Model,
    /// The place of each number that it answers among those of the committee.
    pub classes: Vec<usize>,
}

/// How answers become one.
///
/// ```
/// use hivectl::trees::Rule;
///
/// assert_ne!(Rule::Mean { weights: None }, Rule::Majority { weights: vec![1.0] });
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// `Σ w·answer / Σ w`; without weights the plain mean.
    Mean { weights: Option<Vec<f64>> },
    /// The sum of the answers, each multiplied by its weight where it has one, and what is done to the sum then, as ONNX
    /// Runtime computes it: in the order of the members, every step in 32 bits or, where it `is_wide`, in 64.
    Summed { weights: Vec<Option<f64>>, then: Vec<Arithmetic>, is_wide: bool },
    /// The shares of the votes, each member having as many as its weight.
    Majority { weights: Vec<f64> },
    /// The least or the greatest answer.
    Extreme { is_greatest: bool },
    /// The first answer, from below, up to which half of the weight lies.
    WeightedMedian { weights: Vec<f64> },
    /// AdaBoost's margins as probabilities: of votes, or (`SAMME.R`) of logarithms of probabilities.
    Boosted {
        weights: Vec<f64>,
        /// What the margins are divided by.
        total: f64,
        by_probability: bool,
        /// Whether a vote for one class counts against the others, as it does since scikit-learn 1.3.
        counts_against: bool,
    },
    /// The mean of what calibrators, one a member and number that it answers, make of the members.
    Calibrated { calibrators: Vec<Vec<Calibrator>> },
    /// Another model answers, given what the members say, and with `passes` also the columns themselves behind it.
    Stacked { last: Box<Model>, takes: Vec<Taken>, passes: bool },
}

/// What of a member's answer a stacked model is given.
///
/// ```
/// use hivectl::trees::Taken;
///
/// assert_eq!(Taken::Shares.columns(2), 1);
/// assert_eq!(Taken::Shares.columns(3), 3);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Its number.
    Number,
    /// Its probabilities; of two classes that of the second.
    Shares,
    /// The place of its class.
    Class,
}

impl Taken {
    /// How many columns that are, of an answer of so many numbers.
    pub fn columns(self, width: usize) -> usize {
        match self {
            Taken::Shares if width != 2 => width,
            _ => 1,
        }
    }
}

/// Models on the same columns that answer together.
///
/// ```
/// use hivectl::trees::{Committee, LinearModel, Member, Model, Rule};
///
/// let constant = |number: f64| Member {
///     model: Model::Linear(LinearModel { coefficients: vec![vec![0.0]], intercepts: vec![number], link: None }),
///     classes: vec![0],
/// };
/// let median = Committee {
///     members: [1.0, 5.0, 2.0].map(constant).to_vec(),
///     rule: Rule::WeightedMedian { weights: vec![1.0; 3] },
///     classes: None,
///     features: 1,
/// };
/// median.check()?;
/// assert_eq!(median.answers(&[vec![0.0]], 1)?, [2.0]);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Committee {
    pub members: Vec<Member>,
    pub rule: Rule,
    /// How many classes it tells; `None` for a regression.
    pub classes: Option<usize>,
    /// Columns that it is given.
    pub features: usize,
}

impl Committee {
    /// Numbers that it answers a row.
    pub fn width(&self) -> usize {
        self.classes.unwrap_or(1)
    }

    /// Whether members, rule and columns fit each other, so that [`Committee::answers`] ends.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] with what does not.
    pub fn check(&self) -> Result<()> {
        let bad = |what: String| Err(Error::new(ErrorKind::BadModelFile, "the parts of this model do not fit each other").because(what));
        let width = self.width();
        if self.members.is_empty() || width == 0 {
            return bad("it has no members".into());
        }
        let is_mapped = !matches!(self.rule, Rule::Stacked { .. });
        for (place, member) in self.members.iter().enumerate() {
            let outside = member.classes.iter().any(|&class| class >= width);
            if member.model.features() != self.features || (is_mapped && (member.classes.len() != member.model.width() || outside)) {
                return bad(format!(
                    "member {place} looks at {} of {} columns or tells other classes",
                    member.model.features(),
                    self.features
                ));
            }
        }
        let (weights, count) = match &self.rule {
            Rule::Mean { weights } => (weights.as_deref().unwrap_or_default(), weights.as_ref().map(|_| self.members.len())),
            Rule::Majority { weights } | Rule::WeightedMedian { weights } | Rule::Boosted { weights, .. } => {
                (weights.as_slice(), Some(self.members.len()))
            }
            Rule::Calibrated { .. } | Rule::Stacked { .. } | Rule::Extreme { .. } | Rule::Summed { .. } => (&[][..], None),
        };
        let sum: f64 = weights.iter().sum();
        if count.is_some_and(|count| weights.len() != count || !sum.is_finite() || sum <= 0.0) {
            return bad(format!("{} weights of {} members, {sum} in all", weights.len(), self.members.len()));
        }
        match &self.rule {
            Rule::Boosted { total, .. } if !(total.is_finite() && *total > 0.0) => bad(format!("the weights are divided by {total}")),
            Rule::Boosted { .. } | Rule::Majority { .. } | Rule::Calibrated { .. } if self.classes.is_none_or(|classes| classes < 2) => {
                bad("it votes on fewer than two classes".into())
            }
            Rule::WeightedMedian { .. } | Rule::Extreme { .. } if self.classes.is_some() => bad("a median or an extreme of classes".into()),
            Rule::Summed { weights, then, .. } => {
                let sound = weights.iter().flatten().all(|weight| weight.is_finite()) && then.iter().all(|step| step.is_sound());
                match sound && weights.len() == self.members.len() {
                    true => Ok(()),
                    false => bad(format!("{} weights of {} members, or such as are no numbers", weights.len(), self.members.len())),
                }
            }
            Rule::Calibrated { calibrators } => {
                let fits = |(member, calibrators): (&Member, &Vec<Calibrator>)| {
                    let wanted = if width == 2 { 1 } else { member.classes.len() };
                    calibrators.len() == wanted && calibrators.iter().all(Calibrator::is_sound)
                };
                match calibrators.len() == self.members.len() && self.members.iter().zip(calibrators).all(fits) {
                    true => Ok(()),
                    false => bad("other calibrators than classes".into()),
                }
            }
            Rule::Stacked { last, takes, passes } => {
                let columns = self.members.iter().zip(takes).map(|(member, taken)| taken.columns(member.model.width())).sum::<usize>();
                let columns = columns + if *passes { self.features } else { 0 };
                match takes.len() == self.members.len() && last.features() == columns && last.width() == width {
                    true => Ok(()),
                    false => bad(format!("its last model looks at {} columns, and {columns} are made", last.features())),
                }
            }
            _ => Ok(()),
        }
    }

    /// Row-major answers; see [`Model::answers`]. Nothing is checked.
    ///
    /// Errors: those of [`score_wide`].
    pub fn answers(&self, columns: &[Vec<f64>], threads: usize) -> Result<Vec<f64>> {
        let (rows, width) = (columns.first().map_or(0, Vec::len), self.width());
        let mut sums = vec![0.0; rows * width];
        let answers = |member: &Member| member.model.answers(columns, threads);
        match &self.rule {
            Rule::Mean { weights } => {
                for (place, member) in self.members.iter().enumerate() {
                    let weight = weights.as_ref().map_or(1.0, |weights| weights[place]);
                    scatter(&mut sums, width, &answers(member)?, &member.classes, &mut |sum, answer| *sum += answer * weight);
                }
                let whole = weights.as_ref().map_or(self.members.len() as f64, |weights| weights.iter().sum());
                sums.iter_mut().for_each(|sum| *sum /= whole);
            }
            Rule::Summed { weights, then, is_wide } => {
                let kept = |number: f64| if *is_wide { number } else { Arithmetic::Round.of(number) };
                for (place, (member, weight)) in self.members.iter().zip(weights).enumerate() {
                    scatter(&mut sums, width, &answers(member)?, &member.classes, &mut |sum, answer| {
                        let part = weight.map_or(answer, |weight| kept(answer * weight));
                        *sum = if place == 0 { part } else { kept(*sum + part) };
                    });
                }
                sums.iter_mut().for_each(|sum| *sum = then.iter().fold(*sum, |sum, step| kept(step.of(sum))));
            }
            Rule::Majority { weights } => {
                for (member, weight) in self.members.iter().zip(weights) {
                    for (sums, answer) in sums.chunks_exact_mut(width).zip(answers(member)?.chunks_exact(member.classes.len())) {
                        sums[member.classes[highest(answer)]] += weight;
                    }
                }
                let whole: f64 = weights.iter().sum();
                sums.iter_mut().for_each(|sum| *sum /= whole);
            }
            Rule::Extreme { is_greatest } => {
                for (place, member) in self.members.iter().enumerate() {
                    for (best, answer) in sums.iter_mut().zip(answers(member)?) {
                        if place == 0 || (if *is_greatest { answer > *best } else { answer < *best }) {
                            *best = answer;
                        }
                    }
                }
            }
            Rule::WeightedMedian { weights } => {
                let said = self.members.iter().map(answers).collect::<Result<Vec<_>>>()?;
                for (row, sum) in sums.iter_mut().enumerate() {
                    let mut order: Vec<(f64, f64)> = said.iter().zip(weights).map(|(said, &weight)| (said[row], weight)).collect();
                    order.sort_by(|one, other| one.0.total_cmp(&other.0));
                    *sum = weighted_median(&order);
                }
            }
            Rule::Boosted { weights, total, by_probability, counts_against } => {
                let against = if *counts_against { -1.0 / (width - 1) as f64 } else { 0.0 };
                for (member, &weight) in self.members.iter().zip(weights) {
                    let answer = answers(member)?;
                    for (sums, answer) in sums.chunks_exact_mut(width).zip(answer.chunks_exact(member.classes.len())) {
                        match by_probability {
                            true => boost(sums, answer, &member.classes),
                            false => {
                                let voted = member.classes[highest(answer)];
                                let vote = |class| if class == voted { weight } else { against * weight };
                                sums.iter_mut().enumerate().for_each(|(class, sum)| *sum += vote(class));
                            }
                        }
                    }
                }
                sums.chunks_exact_mut(width).for_each(|sums| margins_to_shares(sums, *total));
            }
            Rule::Calibrated { calibrators } => {
                for (member, calibrators) in self.members.iter().zip(calibrators) {
                    let answer = answers(member)?;
                    for (sums, answer) in sums.chunks_exact_mut(width).zip(answer.chunks_exact(member.classes.len())) {
                        let calibrated = calibrated(answer, &member.classes, calibrators, width);
                        sums.iter_mut().zip(calibrated).for_each(|(sum, share)| *sum += share);
                    }
                }
                sums.iter_mut().for_each(|sum| *sum /= self.members.len() as f64);
            }
            Rule::Stacked { last, takes, passes } => {
                let mut made: Vec<Vec<f64>> = Vec::new();
                for (member, taken) in self.members.iter().zip(takes) {
                    let (answer, wide) = (answers(member)?, member.model.width());
                    let column = |place: usize| answer.iter().skip(place).step_by(wide).copied().collect::<Vec<f64>>();
                    match taken {
                        Taken::Number => made.push(column(0)),
                        Taken::Shares if wide == 2 => made.push(column(1)),
                        Taken::Shares => made.extend((0..wide).map(column)),
                        Taken::Class => made.push(answer.chunks_exact(wide).map(|shares| highest(shares) as f64).collect()),
                    }
                }
                if *passes {
                    made.extend(columns.iter().cloned());
                }
                return last.answers(&made, threads);
            }
        }
        Ok(sums)
    }

    /// See [`Model::change_trees`]: the members, not what stands behind them.
    ///
    /// Errors: those of `change`.
    pub fn change_trees(&mut self, change: &mut dyn FnMut(&mut TreeEnsemble) -> Result<()>) -> Result<()> {
        self.members.iter_mut().try_for_each(|member| match &mut member.model {
            Model::Committee(inner) => inner.change_trees(change),
            other => other.change_trees(change),
        })
    }

    /// Looks at every ensemble in it, also at what stands behind the members.
    pub fn visit_trees<'m>(&'m self, visit: &mut dyn FnMut(&'m TreeEnsemble)) {
        self.members.iter().for_each(|member| member.model.visit_trees(visit));
        if let Rule::Stacked { last, .. } = &self.rule {
            last.visit_trees(visit);
        }
    }

    /// Whether a part that is no tree looks at the given columns themselves.
    pub fn looks_beside_trees(&self) -> bool {
        matches!(self.rule, Rule::Stacked { passes: true, .. }) || self.members.iter().any(|member| member.model.looks_beside_trees())
    }

    /// Says that it is given so many columns, down to the last committee in it; whoever changes its trees does.
    pub fn set_features(&mut self, features: usize) {
        self.features = features;
        for member in &mut self.members {
            if let Model::Committee(inner) = &mut member.model {
                inner.set_features(features);
            }
        }
    }
}

/// The place of the highest number, the first of equals.
pub fn highest(numbers: &[f64]) -> usize {
    (0..numbers.len()).fold(0, |best, place| if numbers[place] > numbers[best] { place } else { best })
}

/// Adds a member's answers to the numbers of the committee that they are for.
fn scatter(sums: &mut [f64], width: usize, answers: &[f64], classes: &[usize], add: &mut dyn FnMut(&mut f64, f64)) {
    for (sums, answers) in sums.chunks_exact_mut(width).zip(answers.chunks_exact(classes.len())) {
        classes.iter().zip(answers).for_each(|(&class, &answer)| add(&mut sums[class], answer));
    }
}

/// Of answers in ascending order, each with its weight.
fn weighted_median(order: &[(f64, f64)]) -> f64 {
    let whole = order.iter().fold(0.0, |sum, (_, weight)| sum + weight);
    let mut sum = 0.0;
    for &(answer, weight) in order {
        sum += weight;
        if sum >= 0.5 * whole {
            return answer;
        }
    }
    order.last().map_or(f64::NAN, |&(answer, _)| answer)
}

/// What one member adds to the margins of a boosted committee.
fn boost(sums: &mut [f64], answer: &[f64], classes: &[usize]) {
    let others = (sums.len() - 1) as f64;
    let logarithms: Vec<f64> = answer.iter().map(|share| share.max(f64::EPSILON).ln()).collect();
    let mean = logarithms.iter().sum::<f64>() / sums.len() as f64;
    classes.iter().zip(logarithms).for_each(|(&class, logarithm)| sums[class] += others * (logarithm - mean));
}

/// The margins of a boosted committee as probabilities.
fn margins_to_shares(margins: &mut [f64], total: f64) {
    margins.iter_mut().for_each(|margin| *margin /= total);
    if let [first, second] = margins {
        let margin = *second - *first;
        (*first, *second) = (-margin / 2.0, margin / 2.0);
    } else {
        let others = (margins.len() - 1) as f64;
        margins.iter_mut().for_each(|margin| *margin /= others);
    }
    LinkFunction::Softmax.apply(margins);
}

/// The calibrated probabilities of one member's answer.
fn calibrated(answer: &[f64], classes: &[usize], calibrators: &[Calibrator], width: usize) -> Vec<f64> {
    if width == 2 {
        // Of two classes only the second is calibrated.
        let second = calibrators[0].of(answer[answer.len() - 1]);
        return vec![1.0 - second, second];
    }
    let mut shares = vec![0.0; width];
    classes.iter().zip(answer).zip(calibrators).for_each(|((&class, &answer), calibrator)| shares[class] = calibrator.of(answer));
    let sum: f64 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share = if sum == 0.0 { 1.0 / width as f64 } else { *share / sum });
    shares
}
