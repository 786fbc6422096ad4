//! The way from a graph's inputs to the trees: every operator on it, or its name.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::graph::{MOST_COLUMNS, Model, Node, NumberType, bad};
use crate::error::Result;
use crate::formats::prepared::{Derived, Preparation, Step};
use crate::trees::Precision;

/// Most columns that all operators together may make of a file's.
const MOST_DERIVED: usize = 4_000_000;

/// Columns somewhere on the way.
#[derive(Clone)]
struct Traced {
    columns: Rc<[Derived]>,
    kind: NumberType,
}

/// What the operators before the trees make of the graph's inputs.
pub(super) struct Inputs<'m, 'a> {
    model: &'m Model<'a>,
    /// Names of the graph's columns.
    pub(super) names: Vec<String>,
    traced: HashMap<&'a str, Traced>,
    derived: usize,
}

/// What a tree operator looks at.
pub(super) struct Prepared {
    pub(super) preparation: Preparation,
    /// How wide the numbers are that the trees compare and add.
    pub(super) precision: Precision,
}

impl<'m, 'a> Inputs<'m, 'a> {
    /// Follows the graph to the tensors `wanted`; `used` is how many columns the trees look at, for graphs that do not
    /// say how many there are.
    ///
    /// Errors: [`BadModelFile`](crate::error::ErrorKind::BadModelFile) with the name of an operator that is not understood.
    pub(super) fn follow(model: &'m Model<'a>, wanted: &[&'a str], used: usize) -> Result<Inputs<'m, 'a>> {
        let mut inputs = Inputs { model, names: Vec::new(), traced: HashMap::new(), derived: 0 };
        inputs.begin(wanted, used)?;
        let needed = inputs.needed(wanted);
        for node in model.nodes.iter().filter(|node| node.outputs.iter().any(|output| needed.contains(output))) {
            let made = inputs.through(node)?;
            for (&output, columns) in node.outputs.iter().zip(made) {
                inputs.derived += columns.columns.len();
                if inputs.derived > MOST_DERIVED || columns.columns.len() > MOST_COLUMNS {
                    return Err(bad(format_args!("{} makes too many columns", node.called())));
                }
                inputs.traced.insert(output, columns);
            }
        }
        Ok(inputs)
    }

    /// What stands between the graph's inputs and the tensor.
    ///
    /// Errors: a tensor that was not followed to.
    pub(super) fn prepared(&self, tensor: &str) -> Result<Prepared> {
        let Some(Traced { columns, kind }) = self.traced.get(tensor) else {
            return Err(bad("the trees look at what is no input"));
        };
        let mut columns = columns.to_vec();
        let mut single = self.model.inputs.iter().all(|input| input.kind() == Some(NumberType::Single));
        // Rounded first, wide numbers are as good as narrow ones.
        if !single && columns.iter().all(|column| column.steps.first() == Some(&Step::Single)) {
            for column in &mut columns {
                column.steps.remove(0);
            }
            single = true;
        }
        let precision = match kind {
            NumberType::Single => Precision::Single,
            _ if single => Precision::SingleValues,
            NumberType::Double | NumberType::Whole => Precision::Double,
        };
        Ok(Prepared { preparation: Preparation { columns, single, codes: Default::default() }, precision })
    }

    /// The graph's inputs, one column after the other.
    fn begin(&mut self, wanted: &[&'a str], used: usize) -> Result<()> {
        let noted = self.model.note("feature_names").and_then(|names| serde_json::from_str::<Vec<String>>(names).ok());
        let only = self.model.inputs.len() == 1;
        for input in &self.model.inputs {
            let kind = input.kind().ok_or_else(|| bad(format_args!("the input '{:.60}' is no column of numbers", input.name)))?;
            let width = match (input.columns(), &noted) {
                (Some(columns), _) if columns > 0 => usize::try_from(columns).unwrap_or(usize::MAX),
                (_, Some(names)) if only => names.len(),
                _ if only && wanted.iter().all(|&wanted| wanted == input.name) => used,
                _ => return Err(bad(format_args!("how many columns the input '{:.60}' has is not stated", input.name))),
            };
            let first = self.names.len();
            if width > MOST_COLUMNS || first + width > MOST_COLUMNS {
                return Err(bad(format_args!("{width} columns in one input")));
            }
            self.traced.insert(input.name, Traced { columns: (first..first + width).map(Derived::given).collect(), kind });
            self.names.extend((0..width).map(|place| match (only, width) {
                (true, _) => format!("feature_{place}"),
                (false, 1) => input.name.to_owned(),
                (false, _) => format!("{}_{place}", input.name),
            }));
        }
        if let Some(names) = noted.filter(|names| names.len() == self.names.len()) {
            self.names = names;
        }
        Ok(())
    }

    /// Everything on the way to `wanted`.
    fn needed(&self, wanted: &[&'a str]) -> HashSet<&'a str> {
        let mut needed: HashSet<&str> = HashSet::new();
        let mut open = wanted.to_vec();
        while let Some(name) = open.pop() {
            if !name.is_empty() && self.model.constant(name).is_none() && needed.insert(name) {
                open.extend(self.model.maker(name).into_iter().flat_map(|node| node.inputs.iter().copied()));
            }
        }
        needed
    }

    fn traced(&self, node: &Node<'a>, place: usize) -> Result<&Traced> {
        let name = node.inputs.get(place).copied().unwrap_or_default();
        self.traced.get(name).ok_or_else(|| bad(format_args!("{} takes '{name:.60}', which nothing before it makes", node.called())))
    }

    /// Whole numbers that a node takes as a constant.
    fn integers(&self, node: &Node<'a>, place: usize) -> Result<Option<Vec<i64>>> {
        match node.inputs.get(place).copied().filter(|name| !name.is_empty()) {
            None => Ok(None),
            Some(name) => match self.model.constant(name) {
                Some(tensor) => Ok(Some(tensor.values.iter().map(|&value| value as i64).collect())),
                None => Err(bad(format_args!("{} takes '{name:.60}', which is no constant", node.called()))),
            },
        }
    }

    /// What comes out of a node, output by output.
    fn through(&self, node: &Node<'a>) -> Result<Vec<Traced>> {
        let columns_axis = |axis: i64| if axis == 1 || axis == -1 { Ok(()) } else { Err(bad(format_args!("{} over rows", node.called()))) };
        let axis = |otherwise: i64| columns_axis(node.attribute("axis").map_or(otherwise, |axis| axis.integer));
        let is = |operator: &str| node.is(operator);
        let one = |columns: Rc<[Derived]>, kind: NumberType| Ok(vec![Traced { columns, kind }]);
        if is("Concat") || is("FeatureVectorizer") {
            if is("Concat") {
                axis(1)?;
            }
            let parts = (0..node.inputs.len()).map(|place| self.traced(node, place)).collect::<Result<Vec<_>>>()?;
            let kind = parts.first().map_or(NumberType::Single, |part| part.kind);
            if parts.iter().any(|part| part.kind != kind) || parts.iter().map(|part| part.columns.len()).sum::<usize>() > MOST_COLUMNS {
                return Err(bad(format_args!("{} of numbers of different types", node.called())));
            }
            let columns: Rc<[Derived]> = parts.iter().flat_map(|part| part.columns.iter().cloned()).collect();
            return match is("FeatureVectorizer") {
                true => one(each(&columns, |_, column| rounded(column, kind)), NumberType::Single),
                false => one(columns, kind),
            };
        }
        if let Some(steps) = self.arithmetic(node)? {
            return Ok(vec![steps]);
        }
        let Traced { columns, kind } = self.traced(node, 0)?;
        let (count, kind) = (columns.len(), *kind);
        let chosen = |places: &[i64]| -> Result<Vec<Traced>> {
            let place =
                |&place: &i64| usize::try_from(if place < 0 { place + count as i64 } else { place }).ok().filter(|&place| place < count);
            let chosen = places.iter().map(|number| {
                place(number)
                    .map(|place| columns[place].clone())
                    .ok_or_else(|| bad(format_args!("{} takes column {number} of {count}", node.called())))
            });
            one(chosen.collect::<Result<Vec<_>>>()?.into(), kind)
        };
        match node.operator {
            _ if is("Identity") || is("Flatten") && node.attribute("axis").is_none_or(|axis| axis.integer == 1) => {
                one(columns.clone(), kind)
            }
            _ if is("Reshape") => match self.integers(node, 1)?.as_deref() {
                Some([-1 | 0, width]) if *width == -1 || *width == count as i64 => one(columns.clone(), kind),
                _ => Err(bad("Reshape to another form than rows of the same columns")),
            },
            _ if is("Cast") => match NumberType::of(node.attribute("to").map_or(0, |to| to.integer)) {
                Some(NumberType::Single) => one(each(columns, |_, column| rounded(column, kind)), NumberType::Single),
                Some(NumberType::Double) => one(columns.clone(), NumberType::Double),
                Some(NumberType::Whole) if kind == NumberType::Whole => one(columns.clone(), kind),
                Some(NumberType::Whole) => one(each(columns, |_, column| column.then(Step::Truncate)), NumberType::Whole),
                None => Err(bad("Cast to what is no number")),
            },
            _ if is("ArrayFeatureExtractor") || is("Gather") => {
                if is("Gather") {
                    axis(0)?;
                }
                chosen(&self.integers(node, 1)?.unwrap_or_default())
            }
            _ if is("Slice") => chosen(&self.slice(node, count)?),
            _ if is("Split") => {
                axis(0)?;
                let sizes = self.integers(node, 1)?.unwrap_or_else(|| node.integers("split").to_vec());
                let outputs = node.outputs.len();
                let sizes = if sizes.is_empty() {
                    // As equal as possible, the last one shorter.
                    let size = count.div_ceil(outputs.max(1));
                    (0..outputs).map(|part| size.min(count.saturating_sub(part * size)) as i64).collect()
                } else {
                    sizes
                };
                if sizes.len() != outputs
                    || sizes.iter().any(|&size| size < 0 || size > count as i64)
                    || sizes.iter().sum::<i64>() != count as i64
                {
                    return Err(bad(format_args!("Split of {count} columns into {sizes:?}")));
                }
                let mut first = 0;
                let part = |size: i64| {
                    let part = Traced { columns: columns[first..first + size as usize].into(), kind };
                    first += size as usize;
                    part
                };
                Ok(sizes.into_iter().map(part).collect())
            }
            _ => Err(bad(format_args!("before the trees it computes {}, which is not understood", node.called()))),
        }
    }

    /// The columns that a slice takes.
    fn slice(&self, node: &Node<'a>, count: usize) -> Result<Vec<i64>> {
        let list = |name: &str, place: usize| -> Result<Vec<i64>> {
            Ok(self.integers(node, place)?.unwrap_or_else(|| node.integers(name).to_vec()))
        };
        let (starts, ends, axes, steps) = (list("starts", 1)?, list("ends", 2)?, list("axes", 3)?, list("steps", 4)?);
        match (starts.as_slice(), ends.as_slice(), axes.as_slice(), steps.as_slice()) {
            (&[start], &[end], [1 | -1], [] | [1]) => {
                let place = |place: i64| (if place < 0 { place.saturating_add(count as i64) } else { place }).clamp(0, count as i64);
                Ok((place(start)..place(end)).collect())
            }
            _ => Err(bad("Slice of anything but neighbouring columns")),
        }
    }

    /// Operators that compute each number by itself; `None` for any other.
    fn arithmetic(&self, node: &Node<'a>) -> Result<Option<Traced>> {
        let is = |operator: &str| node.is(operator);
        let numbers = |values: &[f64], count: usize| match values.len() {
            1 => Ok(vec![values[0]; count]),
            length if length == count => Ok(values.to_vec()),
            length => Err(bad(format_args!("{} with {length} numbers for {count} columns", node.called()))),
        };
        if ["Add", "Sub", "Mul", "Div"].iter().any(|operator| is(operator)) {
            let constant = (0..2).find(|&place| node.inputs.get(place).is_some_and(|name| self.model.constant(name).is_some()));
            let Some(constant) = constant else { return Err(bad(format_args!("{} of two columns", node.called()))) };
            let Traced { columns, kind } = self.traced(node, 1 - constant)?;
            let tensor = self.model.constant(node.inputs[constant]).ok_or_else(|| bad("a constant that is none"))?;
            if tensor.values.len() > 1 && tensor.shape.last().copied() != Some(columns.len() as i64) {
                return Err(bad(format_args!("{} by a number a row", node.called())));
            }
            let numbers = numbers(&tensor.values, columns.len())?;
            let step = |number: f64| match (node.operator, constant) {
                ("Add", _) => Some(Step::Add(number)),
                ("Mul", _) => Some(Step::Multiply(number)),
                ("Sub", 1) => Some(Step::Subtract(number)),
                ("Sub", _) => Some(Step::SubtractFrom(number)),
                ("Div", 1) if *kind != NumberType::Whole => Some(Step::Divide(number)),
                _ => None,
            };
            if step(1.0).is_none() {
                return Err(bad(format_args!("{} by a column, or of whole numbers", node.called())));
            }
            let columns = each(columns, |place, column| {
                step(numbers[place]).map_or_else(|| column.clone(), |step| narrow(column.clone().then(step), *kind))
            });
            return Ok(Some(Traced { columns, kind: *kind }));
        }
        let known = ["Scaler", "Imputer", "Clip", "Neg", "Sqrt"];
        if !known.iter().any(|operator| is(operator)) {
            return Ok(None);
        }
        let Traced { columns, kind } = self.traced(node, 0)?;
        let (count, kind) = (columns.len(), *kind);
        let list = |name: &str| node.attribute(name).map_or(&[][..], |attribute| &attribute.floats);
        let columns = match node.operator {
            "Scaler" => {
                let (offsets, scales) = (numbers(list("offset"), count)?, numbers(list("scale"), count)?);
                let scaled = |place: usize, column: Derived| {
                    let column = narrow(column.then(Step::Subtract(offsets[place])), kind);
                    column.then(Step::Multiply(scales[place])).then(Step::Single)
                };
                return Ok(Some(Traced { columns: each(columns, scaled), kind: NumberType::Single }));
            }
            "Imputer" => {
                let replaced = node.attribute("replaced_value_float").and_then(|replaced| replaced.float);
                if !replaced.is_some_and(f64::is_nan) || kind == NumberType::Whole {
                    return Err(bad("Imputer of another value than NaN"));
                }
                let values = numbers(list("imputed_value_floats"), count)?;
                each(columns, |place, column| column.then(Step::Fill(values[place])))
            }
            "Clip" => {
                let end = |name: &str, place: usize, otherwise: f64| match node.inputs.get(place).copied().filter(|name| !name.is_empty()) {
                    Some(input) => self.model.scalar(input).ok_or_else(|| bad("Clip by what is no number")),
                    None => Ok(node.attribute(name).and_then(|attribute| attribute.float).unwrap_or(otherwise)),
                };
                let (low, high) = (end("min", 1, f64::NEG_INFINITY)?, end("max", 2, f64::INFINITY)?);
                each(columns, |_, column| column.then(Step::Clip(low, high)))
            }
            "Neg" => each(columns, |_, column| column.then(Step::Multiply(-1.0))),
            _ => each(columns, |_, column| narrow(column.then(Step::SquareRoot), kind)),
        };
        Ok(Some(Traced { columns, kind }))
    }
}

fn each(columns: &[Derived], change: impl Fn(usize, Derived) -> Derived) -> Rc<[Derived]> {
    columns.iter().enumerate().map(|(place, column)| change(place, column.clone())).collect()
}

/// Cast to 32 bits.
fn rounded(column: Derived, kind: NumberType) -> Derived {
    if kind == NumberType::Single { column } else { column.then(Step::Single) }
}

/// What arithmetic of that type leaves.
fn narrow(column: Derived, kind: NumberType) -> Derived {
    if kind == NumberType::Single { column.then(Step::Single) } else { column }
}
