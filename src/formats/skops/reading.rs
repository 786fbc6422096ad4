//! From a skops file to objects.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind, Result};
use crate::formats::npy;
use crate::formats::numpy::Array;
use crate::formats::object::{Arena, Global, Id, Object};
use crate::formats::zip::unpack;

/// Largest schema: three hundred trees take 4 MB.
const LARGEST_SCHEMA: usize = 64 << 20;
/// Deepest nesting of nodes; a forest has 9, models of models of models some 30.
const DEEPEST: usize = 40;

/// How much small arrays that several objects share may add up to.
const SHARED: usize = 1 << 20;

/// Reads a skops file: its objects, the root, and how many bytes of data it holds in all.
///
/// Errors: [`ErrorKind::BadModelFile`] for an archive without a schema, a schema that is not JSON, a
/// class that is not on the allow-list, a file that is not there.
pub(super) fn parse(bytes: &[u8]) -> Result<(Arena<'_>, Id, usize)> {
    let mut files = unpack(bytes)?;
    let schema = files.remove("schema.json").ok_or_else(|| bad("it holds no schema.json"))?;
    if schema.len() > LARGEST_SCHEMA {
        return Err(bad(format_args!("schema.json of {} bytes", schema.len())));
    }
    let size: usize = files.values().map(|file| file.len()).sum();
    let root: &RawValue = serde_json::from_slice(&schema).map_err(|error| bad(format_args!("schema.json: {error}")))?;
    let mut reader = Reader { arena: Arena::default(), files, bytes_left: 2 * size + SHARED };
    let root = reader.object(root, 0)?;
    // Texts, as LightGBM's models are, stand in the schema itself.
    Ok((reader.arena, root, size + schema.len()))
}

fn bad(what: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::BadModelFile, format!("cannot read this skops file: {what}"))
}

/// The schema of a file, as it is.
///
/// Errors: an archive that is none, or holds no schema.
pub(super) fn schema(bytes: &[u8]) -> Result<serde_json::Value> {
    let mut files = unpack(bytes)?;
    let schema =
        files.remove("schema.json").filter(|schema| schema.len() <= LARGEST_SCHEMA).ok_or_else(|| bad("it holds no schema.json"))?;
    serde_json::from_slice(&schema).map_err(|error| bad(format_args!("schema.json: {error}")))
}

/// Classes and functions of the allow-list that a file names, as `module.name`: what skops asks about before it loads one.
///
/// Errors: as [`parse`], but for classes that are not on the list.
pub(super) fn named(bytes: &[u8]) -> Result<BTreeSet<String>> {
    let root = schema(bytes)?;
    let (mut found, mut open) = (BTreeSet::new(), vec![&root]);
    while let Some(value) = open.pop() {
        if let (Some(module), Some(name)) = (value["__module__"].as_str(), value["__class__"].as_str())
            && !matches!(module, "builtins" | "numpy")
            && Global::find(module, name).is_some()
        {
            found.insert(format!("{module}.{name}"));
        }
        open.extend(value.as_array().into_iter().flatten().chain(value.as_object().into_iter().flat_map(serde_json::Map::values)));
    }
    Ok(found)
}

fn unlisted(module: &str, name: &str) -> Error {
    bad(format_args!("it names {module:.80}.{name:.80}, which is not on the list of what a tree model holds"))
}

/// One node of the schema; what its content is depends on the loader.
#[derive(Deserialize)]
struct Node<'s> {
    #[serde(rename = "__class__", borrow)]
    class: Cow<'s, str>,
    #[serde(rename = "__module__", borrow)]
    module: Cow<'s, str>,
    #[serde(rename = "__loader__", borrow)]
    loader: Cow<'s, str>,
    #[serde(borrow)]
    content: Option<&'s RawValue>,
    #[serde(borrow)]
    file: Option<Cow<'s, str>>,
    #[serde(rename = "__reduce__", borrow)]
    reduce: Option<Reduce<'s>>,
    #[serde(borrow)]
    shape: Option<&'s RawValue>,
}

#[derive(Deserialize)]
struct Reduce<'s> {
    #[serde(borrow)]
    args: &'s RawValue,
}

struct Reader<'a> {
    arena: Arena<'a>,
    files: HashMap<String, Cow<'a, [u8]>>,
    /// How much the arrays may still take: a file that many nodes name is not copied for each.
    bytes_left: usize,
}

impl<'a> Reader<'a> {
    fn object(&mut self, text: &RawValue, depth: usize) -> Result<Id> {
        if depth > DEEPEST {
            return Err(bad(format_args!("nodes nested deeper than {DEEPEST}")));
        }
        let node: Node<'_> = parsed(text)?;
        let object = match &*node.loader {
            "JsonNode" => scalar(&parsed::<Cow<'_, str>>(content(&node)?)?)?,
            "ListNode" => Object::List(self.objects(content(&node)?, depth)?),
            "TupleNode" => Object::Tuple(self.objects(content(&node)?, depth)?),
            "DictNode" => Object::Dictionary(self.entries(content(&node)?, depth)?),
            "ObjectNode" | "TreeNode" | "LossNode" => self.instance(&node, depth)?,
            "NdArrayNode" => self.array(&node, depth)?,
            "BytearrayNode" | "BytesNode" => Object::Bytes(self.file(node.file.as_deref().unwrap_or_default())?),
            "FunctionNode" => Object::Global(Global::find(&node.module, &node.class).ok_or_else(|| unlisted(&node.module, &node.class))?),
            "PartialNode" => self.partial(content(&node)?, depth)?,
            // Types of keys, random states, evaluation results and what columns were called play no part in scoring.
            "SliceNode" | "DefaultDictNode" | "TypeNode" | "DTypeNode" | "RandomStateNode" | "RandomGeneratorNode" => Object::None,
            other => return Err(bad(format_args!("a node of the kind {other:.80}"))),
        };
        self.arena.try_push(object).ok_or_else(|| bad("more objects than any model holds"))
    }

    fn objects(&mut self, list: &RawValue, depth: usize) -> Result<Vec<Id>> {
        parsed::<Vec<&RawValue>>(list)?.into_iter().map(|node| self.object(node, depth + 1)).collect()
    }

    fn entries(&mut self, map: &RawValue, depth: usize) -> Result<Vec<(Id, Id)>> {
        let mut entries = Vec::new();
        for (key, value) in parsed::<BTreeMap<String, &RawValue>>(map)? {
            let key = self.arena.try_push(Object::Text(Cow::Owned(key))).ok_or_else(|| bad("more objects than any model holds"))?;
            entries.push((key, self.object(value, depth + 1)?));
        }
        Ok(entries)
    }

    /// A function with some of its words given; the words are left out.
    fn partial(&mut self, parts: &RawValue, depth: usize) -> Result<Object<'static>> {
        let mut parts = parsed::<BTreeMap<String, &RawValue>>(parts)?;
        let function = parts.remove("func").ok_or_else(|| bad("a partial function without its function"))?;
        let function = self.object(function, depth + 1)?;
        let arguments = self.arena.try_push(Object::Tuple(vec![function])).ok_or_else(|| bad("more objects than any model holds"))?;
        Ok(Object::Instance { constructor: Global::Partial, arguments, state: None })
    }

    fn instance(&mut self, node: &Node<'_>, depth: usize) -> Result<Object<'static>> {
        let constructor = Global::find(&node.module, &node.class).ok_or_else(|| unlisted(&node.module, &node.class))?;
        let arguments = match &node.reduce {
            Some(reduce) => self.object(reduce.args, depth + 1)?,
            None => self.arena.try_push(Object::Tuple(Vec::new())).ok_or_else(|| bad("more objects than any model holds"))?,
        };
        let state = node.content.map(|state| self.object(state, depth + 1)).transpose()?;
        Ok(Object::Instance { constructor, arguments, state })
    }
}

impl<'a> Reader<'a> {
    fn file(&mut self, name: &str) -> Result<Cow<'a, [u8]>> {
        let file = self.files.get(name).ok_or_else(|| bad(format_args!("{name:.80} is not in it")))?;
        self.bytes_left = self.bytes_left.checked_sub(file.len()).ok_or_else(|| bad(format_args!("{name:.80} is named too often")))?;
        Ok(file.clone())
    }

    fn array(&mut self, node: &Node<'_>, depth: usize) -> Result<Object<'a>> {
        if let Some(name) = &node.file {
            return Ok(Object::Array(Box::new(npy::parse(self.file(name)?)?)));
        }
        let mut objects = self.objects(content(node)?, depth)?;
        let shape: Vec<usize> = match node.shape {
            Some(shape) => {
                let shape = self.object(shape, depth + 1)?;
                self.arena.view(shape, "shape").items()?.iter().map(|length| length.count()).collect::<Result<_>>()?
            }
            None => vec![objects.len()],
        };
        // What has several dimensions is a list of lists.
        for _ in 1..shape.len().min(DEEPEST) {
            let rows: Option<Vec<&Vec<Id>>> =
                objects.iter().map(|&row| if let Object::List(row) = self.arena.get(row) { Some(row) } else { None }).collect();
            let Some(rows) = rows else { break };
            objects = rows.into_iter().flatten().copied().collect();
        }
        let array = Array::of_objects(shape, objects).ok_or_else(|| bad("an array whose shape is not the number of its elements"))?;
        Ok(Object::Array(Box::new(array)))
    }
}

fn content<'s>(node: &Node<'s>) -> Result<&'s RawValue> {
    node.content.ok_or_else(|| bad(format_args!("a {:.80} without content", node.loader)))
}

fn parsed<'s, T: Deserialize<'s>>(text: &'s RawValue) -> Result<T> {
    serde_json::from_str(text.get()).map_err(|error| bad(format_args!("schema.json: {error}, in {:.60}", text.get())))
}

/// A Python value as JSON.
fn scalar(text: &str) -> Result<Object<'static>> {
    let object = match text {
        "null" => Object::None,
        "true" => Object::Boolean(true),
        "false" => Object::Boolean(false),
        "NaN" => Object::Float(f64::NAN),
        "Infinity" => Object::Float(f64::INFINITY),
        "-Infinity" => Object::Float(f64::NEG_INFINITY),
        _ if text.starts_with('"') => {
            Object::Text(Cow::Owned(serde_json::from_str(text).map_err(|error| bad(format_args!("the text {text:.60}: {error}")))?))
        }
        _ => match (text.parse::<i64>(), text.parse::<f64>()) {
            (Ok(integer), _) => Object::Integer(integer),
            (_, Ok(float)) => Object::Float(float),
            _ => return Err(bad(format_args!("{text:.60} is no value"))),
        },
    };
    Ok(object)
}
