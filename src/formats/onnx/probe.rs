//! The arithmetic behind the trees, tried out: whether a graph answers what its trees are taken for.

use std::collections::HashMap;

use super::graph::{Model, Node, bad};
use crate::error::Result;

/// The graph's outputs for one row, given what each tree operator makes of it; all in 64 bits.
///
/// Errors: an operator that is not understood on the way to an output, with its name; an output that does not come
/// from the trees.
pub(super) fn outputs(model: &Model<'_>, given: &HashMap<&str, f64>) -> Result<Vec<f64>> {
    let mut known: HashMap<&str, f64> = given.clone();
    let mut stranger = None;
    for node in model.nodes.iter().filter(|node| !node.operator.starts_with("TreeEnsemble")) {
        let inputs: Option<Vec<f64>> = node
            .inputs
            .iter()
            .filter(|name| !name.is_empty())
            .map(|&name| known.get(name).copied().or_else(|| model.scalar(name)))
            .collect();
        // What only reshapes says how in a second input, which is no single number.
        let first = || known.get(node.inputs.first().copied().unwrap_or_default()).copied();
        let computed = match node.operator {
            "Reshape" | "Squeeze" | "Unsqueeze" => first(),
            _ => inputs.filter(|inputs| !inputs.is_empty()).and_then(|inputs| apply(node, &inputs)),
        };
        match (computed, node.outputs.first()) {
            (Some(value), Some(output)) if node.is(node.operator) => {
                known.insert(output, value);
            }
            _ if first().is_some() => {
                stranger.get_or_insert(node);
            }
            _ => {}
        }
    }
    let missing = |name: &str| match stranger {
        Some(node) => bad(format_args!("behind the trees it computes {}, which is not understood", node.called())),
        None => bad(format_args!("the output '{name:.60}' does not come from the trees")),
    };
    model.outputs.iter().map(|&name| known.get(name).copied().ok_or_else(|| missing(name))).collect()
}

fn apply(node: &Node<'_>, inputs: &[f64]) -> Option<f64> {
    let truth = |holds: bool| Some(f64::from(u8::from(holds)));
    let (first, second) = (inputs[0], inputs.get(1).copied());
    match node.operator {
        "Identity" | "Flatten" => Some(first),
        // Of types only truth values change a number that arises here.
        "Cast" => Some(match node.attribute("to").map_or(0, |to| to.integer) {
            6 | 7 => first.trunc(),
            9 => f64::from(u8::from(first != 0.0)),
            _ => first,
        }),
        "LabelEncoder" => {
            let place = node.integers("keys_int64s").iter().position(|&key| key as f64 == first)?;
            node.attribute("values_floats")?.floats.get(place).copied()
        }
        "Neg" => Some(-first),
        "Abs" => Some(first.abs()),
        "Log" => Some(first.ln()),
        "Exp" => Some(first.exp()),
        "Sqrt" => Some(first.sqrt()),
        "Not" => truth(first == 0.0),
        "Add" => Some(first + second?),
        "Sub" => Some(first - second?),
        "Mul" => Some(first * second?),
        "Div" => Some(first / second?),
        "Pow" => Some(first.powf(second?)),
        "Equal" => truth(first == second?),
        "Greater" => truth(first > second?),
        "GreaterOrEqual" => truth(first >= second?),
        "Less" => truth(first < second?),
        "LessOrEqual" => truth(first <= second?),
        "And" => truth(first != 0.0 && second? != 0.0),
        "Or" => truth(first != 0.0 || second? != 0.0),
        "Sum" => Some(inputs.iter().sum()),
        "Max" => inputs.iter().copied().reduce(f64::max),
        "Min" => inputs.iter().copied().reduce(f64::min),
        "Where" => Some(if first != 0.0 { second? } else { *inputs.get(2)? }),
        _ => None,
    }
}
