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
    /// What is given: graph inputs that are no constants.
    pub(super) inputs: Vec<Input<'a>>,
    /// What is answered.
    pub(super) outputs: Vec<&'a str>,
    /// Notes by key.
    pub(super) notes: Vec<(&'a str, &'a str)>,
    /// Places of the operators that take an output, by its name.
    takers: HashMap<&'a str, Vec<usize>>,
    /// Places of the operators that make an output, by its name.
    makers: HashMap<&'a str, usize>,
}

/// One operator.
#[derive(Clone, Debug, Default)]
pub(super) struct Node<'a> {
    pub(super) operator: &'a str,
    domain: &'a str,
    pub(super) inputs: Vec<&'a str>,
    pub(super) outputs: Vec<&'a str>,
    pub(super) attributes: Vec<Attribute<'a>>,
}

/// A named value of an operator; only one of the kinds is set.
#[derive(Clone, Debug, Default)]
pub(super) struct Attribute<'a> {
    pub(super) name: &'a str,
    pub(super) integer: i64,
    /// A single float.
    pub(super) float: Option<f64>,
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
    /// Of a constant of texts.
    pub(super) texts: Vec<String>,
    /// Whether the numbers are of 64 bits.
    pub(super) wide: bool,
    /// Whether they are of 16 bits, which are not read.
    pub(super) is_half: bool,
    /// Lengths of its dimensions; none for a single number.
    pub(super) shape: Vec<i64>,
}

/// A graph input; features are the second dimension where it is stated.
#[derive(Clone, Debug, Default)]
pub(super) struct Input<'a> {
    pub(super) name: &'a str,
    kind: i64,
    dimensions: Vec<Option<i64>>,
}

impl Input<'_> {
    /// Columns of the input, where stated.
    pub(super) fn columns(&self) -> Option<i64> {
        self.dimensions.get(1).copied().flatten()
    }

    /// Its numbers' type; `None` where it is no number.
    pub(super) fn kind(&self) -> Option<NumberType> {
        NumberType::of(self.kind)
    }
}

/// Types of numbers that columns have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberType {
    Single,
    Double,
    Whole,
}

impl NumberType {
    /// The type that ONNX gives this number.
    pub(super) fn of(kind: i64) -> Option<NumberType> {
        match kind {
            FLOAT => Some(NumberType::Single),
            DOUBLE => Some(NumberType::Double),
            INT32 | INT64 => Some(NumberType::Whole),
            _ => None,
        }
    }
}

impl<'a> Node<'a> {
    /// Whether it is that operator of ONNX or ONNX-ML, and none of the same name from elsewhere.
    pub(super) fn is(&self, operator: &str) -> bool {
        self.operator == operator && matches!(self.domain, "" | "ai.onnx" | "ai.onnx.ml")
    }

    /// Its name for messages, with the domain where it is a stranger.
    pub(super) fn called(&self) -> String {
        let domain = if matches!(self.domain, "" | "ai.onnx" | "ai.onnx.ml") { String::new() } else { format!("{}.", self.domain) };
        crate::base::sanitize::line(&format!("{domain}{:.60}", self.operator))
    }

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
        let is_constant = |name: &str| model.constants.iter().any(|(constant, _)| *constant == name);
        model.inputs = std::mem::take(&mut model.inputs).into_iter().filter(|input| !is_constant(input.name)).collect();
        for (place, node) in model.nodes.iter().enumerate() {
            if let Some(&twice) = node.outputs.iter().find(|output| !output.is_empty() && model.makers.contains_key(*output)) {
                return Err(bad(format_args!("'{twice}' is made by two operators")));
            }
            model.makers.extend(node.outputs.iter().map(|&output| (output, place)));
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
                12 => self.outputs.push(input(field.bytes(&graph)?)?.name),
                _ => {}
            }
            Ok(())
        })
    }

    /// The constant of that name: an initializer, or what an operator `Constant` holds.
    pub(super) fn constant(&self, name: &str) -> Option<&Tensor> {
        let known = self.constants.iter().find(|(constant, _)| *constant == name).map(|(_, tensor)| tensor);
        known.or_else(|| self.maker(name).filter(|node| node.is("Constant"))?.attribute("value")?.tensor.as_ref())
    }

    /// The constant of that name, where it is a single number.
    pub(super) fn scalar(&self, name: &str) -> Option<f64> {
        self.constant(name).filter(|tensor| tensor.values.len() == 1).map(|tensor| tensor.values[0])
    }

    /// The operator that makes `output`.
    pub(super) fn maker(&self, output: &str) -> Option<&Node<'a>> {
        self.makers.get(output).map(|&place| &self.nodes[place])
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
            7 => node.domain = field.text(&bytes)?,
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
            2 => {
                let mut float = Vec::new();
                field.floats(&bytes, &mut float)?;
                attribute.float = float.pop();
            }
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
    let mut shape = Vec::new();
    let mut values = Vec::new();
    let mut texts = Vec::new();
    let mut raw = None;
    fields(bytes.clone(), |field| {
        match field.number {
            1 => field.integers(&bytes, &mut shape)?,
            2 => kind = field.integer(&bytes)?,
            4 => field.floats(&bytes, &mut values)?,
            5 | 7 => {
                let mut integers = Vec::new();
                field.integers(&bytes, &mut integers)?;
                values.extend(integers.into_iter().map(|value| value as f64));
            }
            6 => texts.push(field.text(&bytes)?.to_owned()),
            8 => name = field.text(&bytes)?,
            9 => raw = Some(field.bytes(&bytes)?),
            10 => field.doubles(&bytes, &mut values)?,
            13 => {
                return Err(bad("a constant lies in another file")
                    .hint("save it as one file: `onnx.save_model(model, path, save_as_external_data=False)`"));
            }
            14 if field.integer(&bytes)? != 0 => return Err(bad("a constant lies in another file")),
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
                // Booleans play no part in what is understood.
                _ => f64::from(raw.byte()?),
            });
        }
    }
    Ok((name, Tensor { values, texts, wide: kind == DOUBLE, is_half: matches!(kind, HALF | SHORT_HALF), shape }))
}

/// Element types of tensors, as ONNX numbers them.
const FLOAT: i64 = 1;
const INT32: i64 = 6;
const INT64: i64 = 7;
const HALF: i64 = 10;
const DOUBLE: i64 = 11;
/// The sixteen-bit float with the exponent of a longer one.
const SHORT_HALF: i64 = 16;

fn input<'a>(bytes: Cursor<'a>) -> Result<Input<'a>> {
    let mut input = Input::default();
    fields(bytes.clone(), |field| {
        match field.number {
            1 => input.name = field.text(&bytes)?,
            2 => {
                let kind = field.bytes(&bytes)?;
                (input.kind, input.dimensions) = (element(kind.clone())?, dimensions(kind)?);
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(input)
}

/// Type → tensor type → element type; 0 where it is no tensor.
fn element(bytes: Cursor<'_>) -> Result<i64> {
    let mut kind = 0;
    within(&bytes, 1, |tensor| {
        fields(tensor.clone(), |field| {
            if field.number == 1 {
                kind = field.integer(&tensor)?;
            }
            Ok(())
        })
    })?;
    Ok(kind)
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
