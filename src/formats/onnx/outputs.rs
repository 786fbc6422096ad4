//! The way from the trees to a graph's outputs: every operator on it, or its name.

use super::graph::{Model, Node, NumberType, bad};
use crate::error::Result;

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

/// Follows a classifier's outputs, and gives its classes the names that the graph gives them; text labels are told by
/// their places in `classes`.
///
/// Errors: an operator that does anything else, with its name.
pub(super) fn classes(model: &Model<'_>, trees: &Node<'_>, ways: &[Way<'_, '_>], classes: &mut Vec<f64>) -> Result<ClassOutputs> {
    let mut found = ClassOutputs::default();
    let mut renamed: Option<Vec<f64>> = None;
    for way in ways {
        let is_label = trees.outputs.first() == Some(&way.from);
        found.label |= is_label;
        let mut names: Option<Vec<f64>> = is_label.then(|| classes.clone());
        for &node in way.steps.iter().filter(|node| !passes(node)) {
            match (node.operator, &names) {
                _ if !node.is(node.operator) => return Err(unknown(node)),
                // Labels as whole numbers or as texts stay the labels they are.
                ("Cast", Some(_)) => {}
                ("LabelEncoder", Some(before)) => names = Some(mapped(node, trees, before)?),
                ("ZipMap", None) => {}
                ("Normalizer", None) if node.text("norm") == b"L1" => found.normalized = true,
                ("ArgMax", None) if node.attribute("axis").is_some_and(|axis| matches!(axis.integer, 1 | -1)) => {
                    names = Some((0..classes.len()).map(|place| place as f64).collect());
                }
                ("ArrayFeatureExtractor" | "Gather", Some(before)) => {
                    let table = node.inputs.first().and_then(|table| model.constant(table)).ok_or_else(|| unknown(node))?;
                    let named = before.iter().map(|&place| table.values.get(place as usize).copied());
                    // A table of texts holds no numbers: they are told by their places.
                    names = Some(if table.values.is_empty() {
                        before.clone()
                    } else {
                        named.collect::<Option<Vec<_>>>().ok_or_else(|| unknown(node))?
                    });
                }
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

fn unknown(node: &Node<'_>) -> crate::error::Error {
    bad(format_args!("behind the trees it computes {}, which is not understood", node.called()))
}

/// The labels after a table from label to label; those that it makes texts stay what they are.
fn mapped(node: &Node<'_>, trees: &Node<'_>, before: &[f64]) -> Result<Vec<f64>> {
    let texts = |name: &str| node.attribute(name).map_or(&[][..], |attribute| &attribute.texts);
    let (whole, floats) = (node.integers("values_int64s"), node.attribute("values_floats").map_or(&[][..], |values| &values.floats));
    if whole.is_empty() && floats.is_empty() {
        return if texts("values_strings").is_empty() { Err(unknown(node)) } else { Ok(before.to_vec()) };
    }
    let value = |place: usize| whole.get(place).map(|&value| value as f64).or_else(|| floats.get(place).copied());
    let labels = trees.attribute("classlabels_strings").map_or(&[][..], |labels| &labels.texts);
    let keys = node.integers("keys_int64s");
    let place = |class: usize, label: f64| match labels.get(class) {
        Some(label) => texts("keys_strings").iter().position(|key| key == label),
        None => keys.iter().position(|&key| key as f64 == label),
    };
    let mapped = before.iter().enumerate().map(|(class, &label)| place(class, label).and_then(value));
    mapped.collect::<Option<Vec<f64>>>().ok_or_else(|| bad("LabelEncoder knows not all classes"))
}
