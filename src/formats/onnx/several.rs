//! Several tree operators in one graph whose answers are added up: means, weighted sums and votes by probability.
//!
//! What each tensor behind the trees is made of is noted on the way: which operators' answers, in which order, by which
//! factors, and what was done to their sum. Anything that is no such sum is refused by the operator's name.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::graph::{Model, Node, NumberType, bad};
use super::inputs::Inputs;
use super::outputs::{ClassOutputs, chosen, mapped, unknown};
use super::reading::{Votes, base, votes};
use super::trees::{TreeTable, tree_table};
use crate::error::{Error, Result};
use crate::formats::arrange::ValueBudget;
use crate::formats::read_model::ReadTrees;
use crate::statistics::ClassLabel;
use crate::trees::{
    Aggregation, Arithmetic, Committee, EnsembleTask, LinkFunction, Member, Model as Answering, Precision, Rule, TreeEnsemble,
};

/// Most columns that all operators together look at: each knows their names.
const MOST_NAMES: usize = 1_000_000;

/// Most answers that all tensors together are noted to be made of.
const MOST_TERMS: usize = 4_000_000;

/// Reads a graph of several tree operators.
///
/// Errors: an operator that does anything but add up what they answer, by its name.
pub(super) fn read(model: &Model<'_>, nodes: &[&Node<'_>]) -> Result<ReadTrees> {
    let (ensembles, names) = members(model, nodes)?;
    let widths = ensembles.iter().map(|ensemble| match &ensemble.task {
        EnsembleTask::Classification { classes, .. } => classes.len(),
        _ => 1,
    });
    let mut tracing = Tracing { model, known: HashMap::new(), terms: 0 };
    for (place, (node, width)) in nodes.iter().zip(widths).enumerate() {
        // A classifier's own label stands before what it votes.
        let answer = node.outputs.get(usize::from(node.is("TreeEnsembleClassifier"))).copied().unwrap_or_default();
        let terms = vec![(place, None)];
        tracing.known.insert(answer, Value::Sum(Rc::new(Sum { terms, then: Vec::new(), width, is_wide: false })));
    }
    let (sum, renamed) = match tracing.answered(nodes)? {
        Answered::Sum(sum, renamed) => (sum, renamed),
        Answered::Side(sums) => return side_by_side(ensembles, names, &sums, model.size),
    };
    let told = |ensemble: &TreeEnsemble| match &ensemble.task {
        EnsembleTask::Classification { classes, .. } => classes.clone(),
        _ => Vec::new(),
    };
    let mut own = sum.terms.iter().map(|(place, _)| told(&ensembles[*place]));
    let first = own.next().unwrap_or_default();
    if own.any(|other| other.len() != first.len() || (renamed.is_none() && other != first)) {
        return Err(bad("tree operators that tell other classes than their neighbours"));
    }
    let classes = renamed.unwrap_or(first);
    let task = match classes.len() {
        0 => EnsembleTask::Regression,
        _ => EnsembleTask::Classification { classes, link: LinkFunction::Identity },
    };
    let mut ensembles: Vec<Option<TreeEnsemble>> = ensembles.into_iter().map(Some).collect();
    let members = sum.terms.iter().filter_map(|(place, _)| {
        let trees = ensembles[*place].take()?;
        Some(Member { model: Answering::Trees(Box::new(trees)), classes: (0..sum.width).collect() })
    });
    let members: Vec<Member> = members.collect();
    let rule =
        Rule::Summed { weights: sum.terms.iter().map(|(_, weight)| *weight).collect(), then: sum.then.clone(), is_wide: sum.is_wide };
    let told = matches!(task, EnsembleTask::Classification { .. }).then_some(sum.width);
    let committee = Committee { members, rule, classes: told, features: names.len() };
    committee.check()?;
    let outline = TreeEnsemble { precision: Precision::Single, ..TreeEnsemble::averaged(task, names, sum.width, Vec::new()) };
    Ok(ReadTrees { committee: Some(committee), ..outline.into() })
}

/// Operators each of which answers a number of its own: one ensemble, whose trees say nothing of the others' numbers.
fn side_by_side(ensembles: Vec<TreeEnsemble>, names: Vec<String>, sums: &[Rc<Sum>], size: usize) -> Result<ReadTrees> {
    let outputs = sums.len();
    let mut ensembles: Vec<Option<TreeEnsemble>> = ensembles.into_iter().map(Some).collect();
    let (mut budget, mut made): (ValueBudget, Option<TreeEnsemble>) = (ValueBudget::new(size), None);
    for (place, sum) in sums.iter().enumerate() {
        let member = match sum.terms.as_slice() {
            [(member, None)] if sum.is_open() && !sum.is_wide => ensembles[*member].take(),
            _ => None,
        };
        let member = member.filter(|member| member.aggregation == Aggregation::Sum && member.task == EnsembleTask::Regression);
        let mut member = member.ok_or_else(|| bad("several numbers a row, of which one is no tree operator's own answer").hint(WAY_OUT))?;
        for tree in &mut member.trees {
            budget.take(tree.len(), outputs)?;
            let mut values = vec![0.0; tree.len() * outputs];
            values.chunks_exact_mut(outputs).zip(&tree.value).for_each(|(values, value)| values[place] = *value);
            tree.value = values;
        }
        let whole = made.get_or_insert_with(|| TreeEnsemble { base: Vec::new(), trees: Vec::new(), outputs, ..member.clone() });
        if (whole.comparison, whole.precision) != (member.comparison, member.precision) {
            return Err(bad("tree operators that compare in different ways").hint(WAY_OUT));
        }
        whole.base.extend(member.base);
        whole.trees.extend(member.trees);
    }
    let whole = made.ok_or_else(|| bad("the graph has no output"))?;
    let whole = TreeEnsemble { feature_names: names, ..whole };
    whole.check()?;
    Ok(whole.into())
}

/// The trees of each operator on the graph's own columns, and what these are called.
fn members(model: &Model<'_>, nodes: &[&Node<'_>]) -> Result<(Vec<TreeEnsemble>, Vec<String>)> {
    let mut budget = ValueBudget::new(model.size);
    let read = nodes.iter().map(|node| by_itself(node, &mut budget)).collect::<Result<Vec<_>>>()?;
    let wanted: Vec<&str> = nodes.iter().map(|node| node.inputs.first().copied().unwrap_or_default()).collect();
    let used = read.iter().map(|(table, _)| table.features).max().unwrap_or(0);
    let inputs = Inputs::follow(model, &wanted, used)?;
    if inputs.names.len().saturating_mul(nodes.len()) > MOST_NAMES {
        return Err(bad(format_args!("{} tree operators on {} columns", nodes.len(), inputs.names.len())));
    }
    let mut made = Vec::with_capacity(nodes.len());
    for ((table, outline), tensor) in read.into_iter().zip(&wanted) {
        let prepared = inputs.prepared(tensor)?;
        if prepared.precision != Precision::Single {
            return Err(bad("several tree operators on numbers of 64 bits").hint(WAY_OUT));
        }
        let trees = TreeEnsemble { comparison: table.comparison, precision: prepared.precision, trees: table.trees, ..outline };
        let trees = prepared.preparation.fold(inputs.names.clone(), trees)?;
        trees.check()?;
        made.push(trees);
    }
    Ok((made, inputs.names))
}

/// An operator's trees, and the ensemble that they are part of.
fn by_itself(node: &Node<'_>, budget: &mut ValueBudget) -> Result<(TreeTable, TreeEnsemble)> {
    let outline = |task, outputs| TreeEnsemble::averaged(task, Vec::new(), outputs, Vec::new());
    if node.is("TreeEnsembleClassifier") {
        let Votes { told, link, outputs, base, table } = votes(node, |_| Ok(ClassOutputs::default()), budget)?;
        let task = EnsembleTask::Classification { classes: told, link };
        return Ok((table, TreeEnsemble { base, aggregation: Aggregation::Sum, ..outline(task, outputs) }));
    }
    let aggregation = match node.text("aggregate_function") {
        _ if !node.is("TreeEnsembleRegressor") => return Err(unknown(node).hint(WAY_OUT)),
        b"" | b"SUM" => Aggregation::Sum,
        b"AVERAGE" => Aggregation::Mean,
        _ => return Err(bad("one of several tree operators whose trees are not added up").hint(WAY_OUT)),
    };
    let targets = node.attribute("n_targets").map_or(1, |targets| targets.integer);
    if targets != 1 || !matches!(node.text("post_transform"), b"" | b"NONE") {
        return Err(bad(format_args!("one of several tree operators that answers {targets} numbers, or changes them")).hint(WAY_OUT));
    }
    let table = tree_table(node, "target", 1, budget)?;
    Ok((table, TreeEnsemble { base: base(node, 1)?, aggregation, ..outline(EnsembleTask::Regression, 1) }))
}

const WAY_OUT: &str = "save the model in its library's own form, which is read: `pickle.dump(model, file)` of scikit-learn, `save_model` of \
                       XGBoost, LightGBM and CatBoost; with onnxmltools leave out `split`";

/// What sums, means and labels are made with.
const KNOWN: [&str; 20] = [
    "Identity",
    "ZipMap",
    "Flatten",
    "Cast",
    "Reshape",
    "Mul",
    "Div",
    "Add",
    "Sub",
    "Neg",
    "Sum",
    "Mean",
    "Concat",
    "ReduceMean",
    "ReduceSum",
    "LinearRegressor",
    "ArgMax",
    "ArrayFeatureExtractor",
    "Gather",
    "LabelEncoder",
];

/// Most strangers that are named.
const MOST_TOLD: usize = 6;

/// Answers that were added up.
#[derive(Clone, Debug, PartialEq)]
struct Sum {
    /// In order: the place of an operator, and the factor of what it answers.
    terms: Vec<(usize, Option<f64>)>,
    /// What was done to the sum.
    then: Vec<Arithmetic>,
    /// Numbers a row.
    width: usize,
    /// Whether it was added in 64 bits.
    is_wide: bool,
}

impl Sum {
    /// Whether it is still nothing but a sum.
    fn is_open(&self) -> bool {
        self.then.is_empty()
    }

    fn then(&self, step: Arithmetic) -> Sum {
        let mut made = self.clone();
        match (made.terms.as_mut_slice(), step) {
            ([(_, factor @ None)], Arithmetic::Multiply(by)) if made.then.is_empty() => *factor = Some(by),
            _ => made.then.push(step),
        }
        made
    }
}

/// What a tensor behind the trees is.
#[derive(Clone)]
enum Value {
    Sum(Rc<Sum>),
    /// Sums that lie behind each other.
    Stack(Vec<Rc<Sum>>),
    /// Single numbers that stand side by side.
    Side(Vec<Rc<Sum>>),
    /// The place of the highest number of a sum, by the names of all places.
    Label(Rc<Sum>, Vec<ClassLabel>),
}

/// What a graph answers.
enum Answered {
    /// A sum, and how the graph calls the classes, where it gives a label.
    Sum(Rc<Sum>, Option<Vec<ClassLabel>>),
    /// Several numbers a row.
    Side(Vec<Rc<Sum>>),
}

struct Tracing<'m, 'a> {
    model: &'m Model<'a>,
    known: HashMap<&'a str, Value>,
    /// How many answers all values are made of.
    terms: usize,
}

impl<'a> Tracing<'_, 'a> {
    /// What all outputs come to.
    fn answered(&mut self, trees: &[&Node<'a>]) -> Result<Answered> {
        let model = self.model;
        let needed = self.needed();
        self.only_known(&needed)?;
        let is_tree = |node: &Node<'a>| trees.iter().any(|tree| tree.outputs.first() == node.outputs.first());
        for node in model.nodes.iter().filter(|node| node.outputs.iter().any(|output| needed.contains(output)) && !is_tree(node)) {
            let value = self.through(node)?;
            self.terms += match &value {
                Value::Sum(sum) | Value::Label(sum, _) => sum.terms.len() + sum.then.len(),
                Value::Stack(sums) | Value::Side(sums) => sums.len(),
            };
            if self.terms > MOST_TERMS {
                return Err(bad("its tree operators are joined too often"));
            }
            if let Some(output) = node.outputs.first() {
                self.known.insert(output, value);
            }
        }
        if let [only] = model.outputs.as_slice()
            && let Some(Value::Side(sums)) = self.known.get(only)
        {
            return Ok(Answered::Side(sums.clone()));
        }
        let (mut found, mut names): (Option<Rc<Sum>>, Option<Vec<ClassLabel>>) = (None, None);
        for output in &model.outputs {
            let sum = match self.known.get(output) {
                Some(Value::Sum(sum)) => sum,
                Some(Value::Label(sum, told)) if names.get_or_insert_with(|| told.clone()) == told => sum,
                Some(Value::Label(..)) => return Err(bad("its outputs give the classes different names")),
                Some(_) => return Err(bad(format_args!("the output '{output:.60}' is several numbers a row")).hint(WAY_OUT)),
                None => {
                    return Err(bad(format_args!("the output '{output:.60}' is the label of one of several tree operators")).hint(WAY_OUT));
                }
            };
            if found.get_or_insert_with(|| sum.clone()) != sum {
                return Err(bad("its outputs are different numbers").hint(WAY_OUT));
            }
        }
        let sum = found.ok_or_else(|| bad("the graph has no output"))?;
        Ok(Answered::Sum(sum, names))
    }

    /// Everything between the trees and the outputs.
    fn needed(&self) -> HashSet<&'a str> {
        let mut needed = HashSet::new();
        let mut open = self.model.outputs.clone();
        while let Some(name) = open.pop() {
            let is_between = !name.is_empty() && !self.known.contains_key(name) && self.model.constant(name).is_none();
            if is_between && needed.insert(name) {
                let maker = self.model.maker(name).filter(|node| !node.operator.starts_with("TreeEnsemble"));
                open.extend(maker.into_iter().flat_map(|node| node.inputs.iter().copied()));
            }
        }
        needed
    }

    /// Refuses operators that no sum is made with, all of them by their names.
    fn only_known(&self, needed: &HashSet<&'a str>) -> Result<()> {
        let behind = self.model.nodes.iter().filter(|node| node.outputs.iter().any(|output| needed.contains(output)));
        let is_known = |node: &Node<'a>| node.operator.starts_with("TreeEnsemble") || KNOWN.iter().any(|operator| node.is(operator));
        let strangers: BTreeSet<String> = behind.filter(|node| !is_known(node)).map(Node::called).collect();
        if strangers.is_empty() {
            return Ok(());
        }
        let told = strangers.iter().take(MOST_TOLD).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = if strangers.len() > MOST_TOLD { " and more" } else { "" };
        Err(bad(format_args!("behind its tree operators it computes {told}{more}, which no sum of their answers is made with"))
            .hint(WAY_OUT))
    }

    /// The values that an operator takes, without constants.
    fn taken(&self, node: &Node<'a>) -> Result<Vec<&Value>> {
        let tensors = node.inputs.iter().filter(|input| !input.is_empty() && self.model.constant(input).is_none());
        let value = |input: &&'a str| self.known.get(*input).ok_or_else(|| unknown(node).hint(WAY_OUT));
        tensors.map(value).collect()
    }

    fn through(&self, node: &Node<'a>) -> Result<Value> {
        let refused = || -> Error { unknown(node).hint(WAY_OUT) };
        if !node.is(node.operator) {
            return Err(refused());
        }
        let taken = self.taken(node)?;
        let integer = |name: &str| node.attribute(name).map(|attribute| attribute.integer);
        let is_columns = |axis: Option<i64>| matches!(axis, Some(1 | -1));
        Ok(match (node.operator, taken.as_slice()) {
            ("Identity" | "ZipMap", [value]) => (*value).clone(),
            ("Cast", [value @ Value::Side(_)]) if NumberType::of(integer("to").unwrap_or(0)) == Some(NumberType::Single) => {
                (*value).clone()
            }
            ("Flatten", [value @ Value::Sum(_)]) if integer("axis").is_none_or(|axis| axis == 1) => (*value).clone(),
            ("Cast" | "Reshape" | "Flatten", [value @ Value::Label(..)]) => (*value).clone(),
            ("Cast", [Value::Sum(sum)]) => match NumberType::of(integer("to").unwrap_or(0)) {
                Some(NumberType::Single) if sum.is_wide => Value::Sum(Rc::new(sum.then(Arithmetic::Round))),
                Some(NumberType::Single) => Value::Sum(sum.clone()),
                Some(NumberType::Double)
                    if sum.is_open() && sum.terms.iter().all(|(_, factor)| factor.is_none()) && sum.terms.len() == 1 =>
                {
                    Value::Sum(Rc::new(Sum { is_wide: true, ..(**sum).clone() }))
                }
                _ => return Err(refused()),
            },
            ("Reshape", [Value::Sum(sum)]) => {
                let shape = node.inputs.get(1).and_then(|name| self.model.constant(name));
                let shape: Vec<i64> = shape.map_or(&[][..], |shape| &shape.values).iter().map(|&length| length as i64).collect();
                let width = sum.width as i64;
                match shape.as_slice() {
                    [1, -1, last] if *last == width => Value::Stack(vec![sum.clone()]),
                    [-1 | 0, last] if *last == width => Value::Sum(sum.clone()),
                    [-1] if width == 1 => Value::Sum(sum.clone()),
                    _ => return Err(refused()),
                }
            }
            ("Mul" | "Div" | "Add" | "Sub", [Value::Sum(sum)]) => {
                let constant = (0..2).find_map(|place| Some((place, self.model.scalar(node.inputs.get(place)?)?)));
                let steps = match (node.operator, constant) {
                    ("Mul", Some((_, number))) => vec![Arithmetic::Multiply(number)],
                    ("Div", Some((1, number))) => vec![Arithmetic::Divide(number)],
                    ("Add", Some((_, number))) => vec![Arithmetic::Add(number)],
                    ("Sub", Some((1, number))) => vec![Arithmetic::Add(-number)],
                    ("Sub", Some((_, number))) => vec![Arithmetic::Multiply(-1.0), Arithmetic::Add(number)],
                    _ => return Err(refused()),
                };
                if sum.then.contains(&Arithmetic::Round) {
                    return Err(refused());
                }
                Value::Sum(Rc::new(steps.into_iter().fold((**sum).clone(), |sum, step| sum.then(step))))
            }
            ("Neg", [Value::Sum(sum)]) if !sum.then.contains(&Arithmetic::Round) => {
                Value::Sum(Rc::new(sum.then(Arithmetic::Multiply(-1.0))))
            }
            ("Add" | "Sum" | "Mean", values) if values.len() == node.inputs.len() => {
                let sums = all(values, |value| if let Value::Sum(sum) = value { Some(sum.clone()) } else { None }).ok_or_else(refused)?;
                Value::Sum(Rc::new(self.joined(node, &sums, node.operator == "Mean")?))
            }
            ("Concat", values) if values.len() == node.inputs.len() && integer("axis") == Some(0) => {
                let stacks = all(values, |value| if let Value::Stack(sums) = value { Some(sums) } else { None }).ok_or_else(refused)?;
                Value::Stack(stacks.into_iter().flatten().cloned().collect())
            }
            ("Concat", values) if values.len() == node.inputs.len() && is_columns(integer("axis")) => {
                let single = |value: &Value| match value {
                    Value::Sum(sum) if sum.width == 1 => Some(sum.clone()),
                    _ => None,
                };
                Value::Side(all(values, single).ok_or_else(refused)?)
            }
            ("ReduceMean" | "ReduceSum", [Value::Stack(sums)]) if integer("keepdims") == Some(0) => {
                let stated = node.inputs.get(1).and_then(|name| self.model.constant(name));
                let axes =
                    stated.map_or_else(|| node.integers("axes").to_vec(), |axes| axes.values.iter().map(|&axis| axis as i64).collect());
                if axes != [0] {
                    return Err(refused());
                }
                Value::Sum(Rc::new(self.joined(node, sums, node.operator == "ReduceMean")?))
            }
            ("LinearRegressor", [Value::Side(sums)]) => Value::Sum(Rc::new(self.weighted(node, sums)?)),
            ("ArgMax", [Value::Sum(sum)])
                if is_columns(integer("axis")) && integer("select_last_index").unwrap_or(0) == 0 && sum.width > 1 =>
            {
                Value::Label(sum.clone(), ClassLabel::numbered(sum.width))
            }
            ("ArrayFeatureExtractor" | "Gather", [Value::Label(sum, before)]) => {
                Value::Label(sum.clone(), chosen(self.model, node, before)?)
            }
            ("LabelEncoder", [Value::Label(sum, before)]) => Value::Label(sum.clone(), mapped(node, before)?),
            _ => return Err(refused()),
        })
    }

    /// Sums added up, in their order.
    fn joined(&self, node: &Node<'_>, sums: &[Rc<Sum>], is_mean: bool) -> Result<Sum> {
        let Some(first) = sums.first() else { return Err(unknown(node)) };
        let alike = |sum: &Rc<Sum>| sum.is_open() && sum.width == first.width && sum.is_wide == first.is_wide;
        let terms: Vec<(usize, Option<f64>)> = sums.iter().flat_map(|sum| &sum.terms).copied().take(MOST_TERMS).collect();
        // ONNX Runtime adds what is in brackets first; more than one number in a bracket behind the first changes the order.
        let is_in_order = sums.iter().skip(1).all(|sum| sum.terms.len() == 1);
        let apart: HashSet<usize> = terms.iter().map(|(place, _)| *place).collect();
        if !sums.iter().all(alike) || !is_in_order || apart.len() != terms.len() {
            return Err(unknown(node).hint(WAY_OUT));
        }
        let then = if is_mean { vec![Arithmetic::Divide(sums.len() as f64)] } else { Vec::new() };
        Ok(Sum { terms, then, width: first.width, is_wide: first.is_wide })
    }

    /// What a linear model makes of single answers.
    fn weighted(&self, node: &Node<'_>, sums: &[Rc<Sum>]) -> Result<Sum> {
        let floats = |name: &str| node.attribute(name).map_or(&[][..], |attribute| &attribute.floats);
        let (coefficients, intercepts) = (floats("coefficients"), floats("intercepts"));
        let targets = node.attribute("targets").map_or(1, |targets| targets.integer);
        let is_plain = matches!(node.text("post_transform"), b"" | b"NONE") && targets == 1 && intercepts.len() < 2;
        if !is_plain || coefficients.len() != sums.len() {
            return Err(unknown(node).hint(WAY_OUT));
        }
        let by = |(sum, coefficient): (&Rc<Sum>, &f64)| Rc::new(sum.then(Arithmetic::Multiply(*coefficient)));
        let parts: Vec<Rc<Sum>> = sums.iter().zip(coefficients).map(by).collect();
        let sum = self.joined(node, &parts, false)?;
        Ok(intercepts.iter().fold(sum, |sum, intercept| sum.then(Arithmetic::Add(*intercept))))
    }
}

/// What `of` makes of each; `None` where it makes nothing of one.
fn all<'v, T>(values: &[&'v Value], of: impl Fn(&'v Value) -> Option<T>) -> Option<Vec<T>> {
    values.iter().map(|value| of(value)).collect()
}
