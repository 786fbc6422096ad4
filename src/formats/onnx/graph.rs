//! The parts of an ONNX model that tell what it computes.

use std::collections::HashMap;

use super::protobuf::fields;
use crate::error::{Error, ErrorKind, Result};
use crate::formats::cursor::Cursor;

/// Most columns or classes a model may have.
pub(super) const MOST_COLUMNS: usize = 100_000;

/// An ONNX model, as far as it matters.
#[derive(Clone, Debug, Default)]
pub(super) struct Model<'a> {
    /// Bytes of the file.
    pub(super) size: usize,
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) constants: Vec<(&'a str, Tensor)>,
    pub(super) inputs: Vec<Input<'a>>,
    /// Notes by key.
    pub(super) notes: Vec<(&'a str, &'a str)>,
    /// Places of the operators that take an output, by its name.
    takers: HashMap<&'a str, Vec<usize>>,
}

/// One operator.
#[derive(Clone, Debug, Default)]
pub(super) struct Node<'a> {
    pub(super) operator: &'a str,
    pub(super) inputs: Vec<&'a str>,
    pub(super) outputs: Vec<&'a str>,
    pub(super) attributes: Vec<Attribute<'a>>,
}

/// A named value of an operator; only one of the kinds is set.
#[derive(Clone, Debug, Default)]
pub(super) struct Attribute<'a> {
    pub(super) name: &'a str,
    pub(super) integer: i64,
    pub(super) text: &'a [u8],
    pub(super) tensor: Option<Tensor>,
    pub(super) floats: Vec<f64>,
    pub(super) integers: Vec<i64>,
    pub(super) texts: Vec<&'a [u8]>,
}

/// A constant's numbers, whatever their type.
#[derive(Clone, Debug, Default)]
pub(super) struct Tensor {
    pub(super) values: Vec<f64>,
    /// Whether the numbers are of 64 bits.
    pub(super) wide: bool,
}

/// A graph input; features are the second dimension where it is stated.
#[derive(Clone, Debug, Default)]
pub(super) struct Input<'a> {
    pub(super) name: &'a str,
    dimensions: Vec<Option<i64>>,
}

impl Input<'_> {
    /// Columns of the input, where stated.
    pub(super) fn columns(&self) -> Option<i64> {
        self.dimensions.get(1).copied().flatten()
    }
}

impl<'a> Node<'a> {
    /// The attribute of that name.
    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute<'a>> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// Whole numbers; none where the attribute is absent.
    pub(super) fn integers(&self, name: &str) -> &[i64] {
        self.attribute(name).map_or(&[], |attribute| &attribute.integers)
    }

    /// Floats, from the attribute or from its twin `…_as_tensor`, and whether they are of 64 bits.
    pub(super) fn numbers(&self, name: &str) -> (&[f64], bool) {
        if let Some(Attribute { tensor: Some(tensor), .. }) = self.attribute(&format!("{name}_as_tensor")) {
            return (&tensor.values, tensor.wide);
        }
        (self.attribute(name).map_or(&[], |attribute| &attribute.floats), false)
    }

    /// A text; empty where the attribute is absent.
    pub(super) fn text(&self, name: &str) -> &'a [u8] {
        self.attribute(name).map_or(&[], |attribute| attribute.text)
    }
}

impl<'a> Model<'a> {
    /// Reads a model.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] with the byte; a file without a graph.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Model<'a>> {
        let place = Cursor::new(bytes, "ONNX model");
        let mut model = Model { size: bytes.len(), ..Model::default() };
        let mut graphs = 0;
        fields(place.clone(), |field| {
            match field.number {
                7 => {
                    graphs += 1;
                    model.read_graph(field.bytes(&place)?)?;
                }
                14 => model.notes.push(note(field.bytes(&place)?)?),
                _ => {}
            }
            Ok(())
        })?;
        for (place, node) in model.nodes.iter().enumerate() {
            for &input in &node.inputs {
                model.takers.entry(input).or_default().push(place);
            }
        }
        match graphs {
            1 => Ok(model),
            _ => Err(Error::new(ErrorKind::BadModelFile, format!("cannot read this ONNX model: {graphs} graphs, expected 1"))),
        }
    }

    fn read_graph(&mut self, graph: Cursor<'a>) -> Result<()> {
        fields(graph.clone(), |field| {
            match field.number {
                1 => self.nodes.push(node(field.bytes(&graph)?)?),
                5 => self.constants.push(tensor(field.bytes(&graph)?)?),
                11 => self.inputs.push(input(field.bytes(&graph)?)?),
                _ => {}
            }
            Ok(())
        })
    }

    /// The constant of that name, where it is a single number.
    pub(super) fn scalar(&self, name: &str) -> Option<f64> {
        let (_, tensor) = self.constants.iter().find(|(constant, _)| *constant == name)?;
        (tensor.values.len() == 1).then(|| tensor.values[0])
    }

    /// The note of that key.
    pub(super) fn note(&self, key: &str) -> Option<&'a str> {
        self.notes.iter().find(|(known, _)| *known == key).map(|(_, value)| *value)
    }

    /// The operators that take `output`.
    pub(super) fn takers(&self, output: &str) -> impl Iterator<Item = &Node<'a>> {
        self.takers.get(output).into_iter().flatten().map(|&place| &self.nodes[place])
    }
}

/// A note's key and value.
fn note<'a>(bytes: Cursor<'a>) -> Result<(&'a str, &'a str)> {
    let (mut key, mut value) = ("", "");
    fields(bytes.clone(), |field| {
        match field.number {
            1 => key = field.text(&bytes)?,
            2 => value = field.text(&bytes)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok((key, value))
}

fn node<'a>(bytes: Cursor<'a>) -> Result<Node<'a>> {
    let mut node = Node::default();
    fields(bytes.clone(), |field| {
        match field.number {
            1 => node.inputs.push(field.text(&bytes)?),
            2 => node.outputs.push(field.text(&bytes)?),
            4 => node.operator = field.text(&bytes)?,
            5 => node.attributes.push(attribute(field.bytes(&bytes)?)?),
            _ => {}
        }
        Ok(())
    })?;
    Ok(node)
}

fn attribute<'a>(bytes: Cursor<'a>) -> Result<Attribute<'a>> {
    let mut attribute = Attribute::default();
    fields(bytes.clone(), |field| {
        match field.number {
            1 => attribute.name = field.text(&bytes)?,
            3 => attribute.integer = field.integer(&bytes)?,
            4 => attribute.text = field.bytes(&bytes)?.rest(),
            5 => attribute.tensor = Some(tensor(field.bytes(&bytes)?)?.1),
            7 => field.floats(&bytes, &mut attribute.floats)?,
            8 => field.integers(&bytes, &mut attribute.integers)?,
            9 => attribute.texts.push(field.bytes(&bytes)?.rest()),
            _ => {}
        }
        Ok(())
    })?;
    Ok(attribute)
}

fn tensor<'a>(bytes: Cursor<'a>) -> Result<(&'a str, Tensor)> {
    let mut name = "";
    let mut kind = 0;
    let mut values = Vec::new();
    let mut raw = None;
    fields(bytes.clone(), |field| {
        match field.number {
            2 => kind = field.integer(&bytes)?,
            4 => field.floats(&bytes, &mut values)?,
            5 | 7 => {
                let mut integers = Vec::new();
                field.integers(&bytes, &mut integers)?;
                values.extend(integers.into_iter().map(|value| value as f64));
            }
            8 => name = field.text(&bytes)?,
            9 => raw = Some(field.bytes(&bytes)?),
            10 => field.doubles(&bytes, &mut values)?,
            _ => {}
        }
        Ok(())
    })?;
    if let Some(mut raw) = raw {
        while raw.remaining() > 0 {
            values.push(match kind {
                FLOAT => f64::from(f32::from_le_bytes(raw.array()?)),
                INT32 => f64::from(i32::from_le_bytes(raw.array()?)),
                INT64 => i64::from_le_bytes(raw.array()?) as f64,
                DOUBLE => f64::from_le_bytes(raw.array()?),
                // Booleans and texts play no part in what is understood.
                _ => f64::from(raw.byte()?),
            });
        }
    }
    Ok((name, Tensor { values, wide: kind == DOUBLE }))
}

/// Element types of tensors, as ONNX numbers them.
const FLOAT: i64 = 1;
const INT32: i64 = 6;
const INT64: i64 = 7;
const DOUBLE: i64 = 11;

fn input<'a>(bytes: Cursor<'a>) -> Result<Input<'a>> {
    let mut input = Input::default();
    fields(bytes.clone(), |field| {
        match field.number {
            1 => input.name = field.text(&bytes)?,
            2 => input.dimensions = dimensions(field.bytes(&bytes)?)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(input)
}

/// Type → tensor type → shape → dimensions.
fn dimensions(bytes: Cursor<'_>) -> Result<Vec<Option<i64>>> {
    let mut dimensions = Vec::new();
    within(&bytes, 1, |tensor| {
        within(&tensor, 2, |shape| {
            within(&shape, 1, |dimension| {
                let mut length = None;
                fields(dimension.clone(), |field| {
                    if field.number == 1 {
                        length = Some(field.integer(&dimension)?);
                    }
                    Ok(())
                })?;
                dimensions.push(length);
                Ok(())
            })
        })
    })?;
    Ok(dimensions)
}

/// Every message in the fields of that number.
fn within<'a>(bytes: &Cursor<'a>, number: u32, mut each: impl FnMut(Cursor<'a>) -> Result<()>) -> Result<()> {
    fields(bytes.clone(), |field| if field.number == number { each(field.bytes(bytes)?) } else { Ok(()) })
}

/// A model that parses but means something an ensemble cannot hold.
pub(super) fn bad(what: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::BadModelFile, format!("cannot understand this ONNX model: {what}"))
}

/// Names of the columns: from the notes, else made up for as many as the input or the trees have.
pub(super) fn feature_names(model: &Model<'_>, used: usize) -> Result<Vec<String>> {
    let stated = model.inputs.iter().find_map(|input| input.columns());
    let count = match stated {
        Some(columns) if columns > 0 => usize::try_from(columns).unwrap_or(usize::MAX),
        _ => used,
    };
    if count > MOST_COLUMNS || used > count {
        return Err(bad(format!("the trees use {used} features of {count}")));
    }
    let noted = model.note("feature_names").and_then(|names| serde_json::from_str::<Vec<String>>(names).ok());
    Ok(noted.filter(|names| names.len() == count).unwrap_or_else(|| (0..count).map(|index| format!("feature_{index}")).collect()))
}
