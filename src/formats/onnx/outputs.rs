//! The way from the trees to a graph's outputs: every operator on it, or its name.

use super::graph::{Model, Node, NumberType, bad};
use crate::error::Result;
use crate::statistics::ClassLabel;

/// One output of a graph: where it comes from and what was done on the way, nearest to the trees first.
pub(super) struct Way<'m, 'a> {
    /// The tensor of the tree operator.
    pub(super) from: &'a str,
    pub(super) steps: Vec<&'m Node<'a>>,
}

/// The ways of all outputs from the tree operator `trees`.
///
/// Errors: an output that does not come from the trees alone, or through an operator that joins several tensors.
pub(super) fn ways<'m, 'a>(model: &'m Model<'a>, trees: &Node<'a>) -> Result<Vec<Way<'m, 'a>>> {
    if model.outputs.is_empty() {
        return Err(bad("the graph has no output"));
    }
    model.outputs.iter().map(|&output| way(model, trees, output)).collect()
}

fn way<'m, 'a>(model: &'m Model<'a>, trees: &Node<'a>, output: &'a str) -> Result<Way<'m, 'a>> {
    let mut steps = Vec::new();
    let mut name = output;
    while !trees.outputs.contains(&name) {
        let Some(node) = model.maker(name).filter(|_| steps.len() <= model.nodes.len()) else {
            return Err(bad(format_args!("the output '{output:.60}' does not come from the trees")));
        };
        let mut tensors = node.inputs.iter().filter(|input| !input.is_empty() && model.constant(input).is_none());
        match (tensors.next(), tensors.next()) {
            (Some(&only), None) => name = only,
            (None, _) => return Err(bad(format_args!("the output '{output:.60}' does not come from the trees"))),
            _ => return Err(bad(format_args!("behind the trees {} joins several tensors", node.called()))),
        }
        steps.push(node);
    }
    steps.reverse();
    Ok(Way { from: name, steps })
}

/// Whether the operator passes numbers on as they are.
pub(super) fn passes(node: &Node<'_>) -> bool {
    let cast = || NumberType::of(node.attribute("to").map_or(0, |to| to.integer));
    match node.operator {
        "Identity" | "Reshape" | "Flatten" | "Squeeze" | "Unsqueeze" => node.is(node.operator),
        "Cast" => node.is("Cast") && matches!(cast(), Some(NumberType::Single | NumberType::Double)),
        _ => false,
    }
}

/// Takes the exponential off the end of every way, where each ends with one or with one times a number above 0: converters put
/// it behind objectives of counts and amounts. Gives what is added before it: 0, or the logarithm of that number.
pub(super) fn take_exponential(model: &Model<'_>, ways: &mut [Way<'_, '_>]) -> Option<f64> {
    let place = |way: &Way<'_, '_>| {
        let mut steps = (0..way.steps.len()).rev().filter(|&place| !passes(way.steps[place]));
        let last = steps.next()?;
        let factor = |node: &Node<'_>| node.inputs.iter().find_map(|input| model.scalar(input)).filter(|factor| *factor > 0.0);
        match way.steps[last] {
            node if node.is("Exp") => Some((last, last, 1.0)),
            node if node.is("Mul") => {
                steps.next().filter(|&before| way.steps[before].is("Exp")).and_then(|before| Some((before, last, factor(node)?)))
            }
            _ => None,
        }
    };
    let places: Vec<(usize, usize, f64)> = ways.iter().map(place).collect::<Option<_>>()?;
    let factor = places.first()?.2;
    if places.iter().any(|place| place.2 != factor) {
        return None;
    }
    for (way, (from, to, _)) in ways.iter_mut().zip(&places) {
        way.steps.drain(from..=to);
    }
    Some(factor.ln())
}

/// What is done to the trees' only number on its way: a factor and what is added then.
///
/// Errors: several different answers; an operator that does anything else, with its name.
pub(super) fn factor_and_addend(model: &Model<'_>, ways: &[Way<'_, '_>]) -> Result<(f64, f64)> {
    let mut found = None;
    for way in ways {
        let (mut factor, mut addend) = (1.0, 0.0);
        for &node in way.steps.iter().filter(|node| !passes(node)) {
            let constant = (0..2).find_map(|place| Some((place, model.scalar(node.inputs.get(place)?)?)));
            let step = match (node.operator, constant) {
                ("Mul", Some((_, number))) => Some((number, 0.0)),
                ("Div", Some((1, number))) => Some((1.0 / number, 0.0)),
                ("Add", Some((_, number))) => Some((1.0, number)),
                ("Sub", Some((1, number))) => Some((1.0, -number)),
                ("Sub", Some((_, number))) => Some((-1.0, number)),
                ("Neg", None) => Some((-1.0, 0.0)),
                _ => None,
            };
            let (by, plus) = step
                .filter(|(by, plus)| node.is(node.operator) && by.is_finite() && plus.is_finite())
                .ok_or_else(|| bad(format_args!("behind the trees it computes {}, which is not understood", node.called())))?;
            (factor, addend) = (factor * by, addend * by + plus);
        }
        if *found.get_or_insert((factor, addend)) != (factor, addend) {
            return Err(bad("its outputs are different numbers"));
        }
    }
    Ok(found.unwrap_or((1.0, 0.0)))
}

/// What a classifier's outputs make of the trees' label and probabilities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ClassOutputs {
    /// The trees' own label is answered.
    pub(super) label: bool,
    /// Probabilities are divided by their sum.
    pub(super) normalized: bool,
}

/// Follows a classifier's outputs, and gives its classes the names that the graph gives them.
///
/// Errors: an operator that does anything else, with its name.
pub(super) fn classes(model: &Model<'_>, trees: &Node<'_>, ways: &[Way<'_, '_>], classes: &mut Vec<ClassLabel>) -> Result<ClassOutputs> {
    let mut found = ClassOutputs::default();
    let mut renamed: Option<Vec<ClassLabel>> = None;
    for way in ways {
        let is_label = trees.outputs.first() == Some(&way.from);
        found.label |= is_label;
        let mut names: Option<Vec<ClassLabel>> = is_label.then(|| classes.clone());
        for &node in way.steps.iter().filter(|node| !passes(node)) {
            match (node.operator, &names) {
                _ if !node.is(node.operator) => return Err(unknown(node)),
                // Labels as whole numbers or as texts stay the labels they are.
                ("Cast", Some(_)) => {}
                ("LabelEncoder", Some(before)) => names = Some(mapped(node, before)?),
                ("ZipMap", None) => {}
                // Converters multiply by 1 where a model could have several scales.
                ("Mul", None) if node.inputs.iter().any(|input| model.scalar(input) == Some(1.0)) => {}
                ("Normalizer", None) if node.text("norm") == b"L1" => found.normalized = true,
                ("ArgMax", None) if node.attribute("axis").is_some_and(|axis| matches!(axis.integer, 1 | -1)) => {
                    names = Some(ClassLabel::numbered(classes.len()));
                }
                ("ArrayFeatureExtractor" | "Gather", Some(before)) => names = Some(chosen(model, node, before)?),
                _ => return Err(unknown(node)),
            }
        }
        if let Some(names) = names
            && *renamed.get_or_insert_with(|| names.clone()) != names
        {
            return Err(bad("its outputs give the classes different names"));
        }
    }
    if let Some(names) = renamed {
        *classes = names;
    }
    Ok(found)
}

/// The entries of a constant table at the places that were told before.
pub(super) fn chosen(model: &Model<'_>, node: &Node<'_>, before: &[ClassLabel]) -> Result<Vec<ClassLabel>> {
    let table = node.inputs.first().and_then(|table| model.constant(table)).ok_or_else(|| unknown(node))?;
    let entry = |place: usize| match table.texts.get(place) {
        Some(text) => Some(ClassLabel::Text(text.clone())),
        None => table.values.get(place).copied().map(ClassLabel::Number),
    };
    let named = before.iter().map(|place| place.number().and_then(|place| entry(place as usize)));
    named.collect::<Option<Vec<_>>>().ok_or_else(|| unknown(node))
}

pub(super) fn unknown(node: &Node<'_>) -> crate::error::Error {
    bad(format_args!("behind the trees it computes {}, which is not understood", node.called()))
}

/// The labels after a table from label to label.
pub(super) fn mapped(node: &Node<'_>, before: &[ClassLabel]) -> Result<Vec<ClassLabel>> {
    let texts = |name: &str| node.attribute(name).map_or(&[][..], |attribute| &attribute.texts);
    let floats = |name: &str| node.attribute(name).map_or(&[][..], |attribute| &attribute.floats);
    let entries = |whole: &str, float: &str, text: &str| -> Vec<ClassLabel> {
        let whole = node.integers(whole).iter().copied().map(ClassLabel::from);
        let float = floats(float).iter().copied().map(ClassLabel::Number);
        whole.chain(float).chain(texts(text).iter().map(|text| ClassLabel::Text(String::from_utf8_lossy(text).into_owned()))).collect()
    };
    let (keys, values) =
        (entries("keys_int64s", "keys_floats", "keys_strings"), entries("values_int64s", "values_floats", "values_strings"));
    if values.is_empty() {
        return Err(unknown(node));
    }
    let mapped = before.iter().map(|label| values.get(keys.iter().position(|key| key == label)?).cloned());
    mapped.collect::<Option<Vec<_>>>().ok_or_else(|| bad("LabelEncoder knows not all classes"))
}
