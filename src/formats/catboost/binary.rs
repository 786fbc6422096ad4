//! CatBoost's own form: four letters, the length of the model and the model as a FlatBuffer, behind which stand the
//! statistics of categories, where it has such.

use super::flat::{Flat, Table};
use super::meaning::Info;
use super::shapes::{Part, Question, Shaping};
use super::{Column, Facts, MAGIC, bad};
use crate::error::{Error, ErrorKind, Result};
use crate::formats::arrange::ValueBudget;
use crate::formats::read_model::{Loader, ReadTrees};
use crate::trees::Tree;

/// What all files of CatBoost 0.1 to 1.2 are called within, with the letter that is missing.
const VERSION: &str = "FlabuffersModel_v1";

/// Slots of the model.
const FORM: usize = 0;
const TREES: usize = 1;
const NOTES: usize = 2;

/// Slots of the trees.
const OUTPUTS: usize = 0;
const SPLITS: usize = 1;
const SIZES: usize = 2;
const STARTS: usize = 3;
const CATEGORIES: usize = 4;
const FLOATS: usize = 5;
const ONE_HOT: usize = 6;
const STATISTICS: usize = 7;
const LEAF_VALUES: usize = 8;
const LEAF_WEIGHTS: usize = 9;
const STEPS: usize = 10;
const LEAVES: usize = 11;
const TEXTS: usize = 12;
const ESTIMATED: usize = 13;
const SCALE: usize = 14;
const ONE_BIAS: usize = 15;
const BIAS: usize = 16;
const EMBEDDINGS: usize = 18;

/// Slots of a column of numbers.
const HAS_MISSING: usize = 0;
const PLACE: usize = 2;
const BORDERS: usize = 3;
const NAME: usize = 4;
const TREATMENT: usize = 5;

/// What is missing is above all borders.
const ABOVE: u8 = 2;

/// All that a file holds, before it is asked what it means.
struct Held<'a> {
    facts: Facts,
    questions: Vec<Question>,
    splits: &'a [[u8; 4]],
    sizes: &'a [[u8; 4]],
    starts: &'a [[u8; 4]],
    values: Vec<f64>,
    weights: Vec<f64>,
    /// Of trees that are not symmetric: how far below and above are.
    steps: &'a [[u8; 4]],
    /// The first number of the leaf that a step may end in.
    leaves: &'a [[u8; 4]],
}

/// See [`read_binary_as`](super::read_binary_as).
pub(super) fn read(bytes: &[u8], loader: Loader) -> Result<ReadTrees> {
    let held = held(bytes)?;
    held.facts.only_numbers()?;
    let outputs = held.facts.bias.len();
    let mut shaping = Shaping { outputs, scale: held.facts.scale, budget: ValueBudget::new(bytes.len()) };
    let trees = if held.steps.is_empty() { held.symmetric(&mut shaping)? } else { held.any_shape(&mut shaping)? };
    held.facts.model(trees, loader)
}

/// What is noted of the training, of a file all of whose parts are there.
pub(super) fn info(bytes: &[u8]) -> Result<Info> {
    held(bytes).map(|held| held.facts.info)
}

fn held(bytes: &[u8]) -> Result<Held<'_>> {
    let stated = bytes.strip_prefix(MAGIC).and_then(|rest| rest.first_chunk::<4>()).map(|length| u32::from_le_bytes(*length) as usize);
    let core = stated.and_then(|length| bytes.get(8..8usize.checked_add(length)?));
    let core = core.ok_or_else(|| {
        let told = stated.map_or("its length is cut off".to_owned(), |stated| format!("{stated} bytes are stated"));
        Error::new(ErrorKind::BadModelFile, format!("cannot read this CatBoost model: it ends after {} bytes, and {told}", bytes.len()))
    })?;
    let flat = Flat::new(core, 8);
    let root = flat.root()?;
    let form = root.text(FORM)?;
    if form != VERSION {
        return Err(bad(format_args!("the form '{:.40}', and {VERSION} is read", form.escape_debug().to_string())));
    }
    let trees = root.table(TREES)?.ok_or_else(|| bad("it holds no trees"))?;
    let mut notes = Vec::new();
    for note in root.tables(NOTES)? {
        notes.push((note.text(0)?.to_owned(), note.text(1)?.into()));
    }
    let (columns, questions) = columns(&trees)?;
    let outputs = whole(&trees, OUTPUTS, 0)?.filter(|outputs| (1..=super::MOST_COLUMNS).contains(outputs));
    let outputs = outputs.ok_or_else(|| bad("no numbers in a leaf, or too many"))?;
    let number = |slot: usize, otherwise: f64| trees.number(slot).map(|number| number.map_or(otherwise, f64::from_le_bytes));
    let mut bias = numbers(trees.list(BIAS)?);
    if bias.is_empty() {
        bias = vec![number(ONE_BIAS, 0.0)?; outputs];
    }
    if bias.len() != outputs {
        return Err(bad(format_args!("{} numbers are added to {outputs} sums", bias.len())));
    }
    let count = |slots: &[usize]| -> Result<usize> {
        let counts = slots.iter().map(|&slot| trees.list::<4>(slot).map(<[_]>::len)).collect::<Result<Vec<_>>>()?;
        Ok(counts.into_iter().max().unwrap_or(0))
    };
    let facts = Facts {
        columns,
        strange: [
            ("categorical", count(&[CATEGORIES, ONE_HOT, STATISTICS])?),
            ("text", count(&[TEXTS])?),
            ("embedding", count(&[EMBEDDINGS, ESTIMATED])?),
        ],
        scale: number(SCALE, 1.0)?,
        bias,
        info: Info::of(notes),
    };
    Ok(Held {
        facts,
        questions,
        splits: trees.list(SPLITS)?,
        sizes: trees.list(SIZES)?,
        starts: trees.list(STARTS)?,
        values: numbers(trees.list(LEAF_VALUES)?),
        weights: numbers(trees.list(LEAF_WEIGHTS)?),
        steps: trees.list(STEPS)?,
        leaves: trees.list(LEAVES)?,
    })
}

/// The columns of numbers, and the questions that trees ask by their place among all borders.
fn columns(trees: &Table<'_, '_>) -> Result<(Vec<Column>, Vec<Question>)> {
    let (mut columns, mut questions) = (Vec::new(), Vec::new());
    for float in trees.tables(FLOATS)? {
        let place = whole(&float, PLACE, -1)?.ok_or_else(|| bad("a column without a place"))?;
        let flag = |slot: usize| float.number::<1>(slot).map(|flag| flag.map_or(0, |[flag]| flag));
        let missing_above = flag(HAS_MISSING)? != 0 && flag(TREATMENT)? == ABOVE;
        let borders = float.list(BORDERS)?;
        questions.extend(borders.iter().map(|border| Question { column: place, border: f32::from_le_bytes(*border), missing_above }));
        columns.push(Column { place, name: float.text(NAME)?.to_owned(), missing_above });
    }
    Ok((columns, questions))
}

impl Held<'_> {
    fn question(&self, place: usize) -> Result<Question> {
        let split = self.splits.get(place).map(|split| i32::from_le_bytes(*split));
        let split = split.ok_or_else(|| bad(format_args!("the question {place} of {}", self.splits.len())))?;
        let question = usize::try_from(split).ok().and_then(|split| self.questions.get(split));
        question.copied().ok_or_else(|| bad(format_args!("the border {split} of {}", self.questions.len())))
    }

    /// The parts of each tree: where they begin and how many they are.
    fn parts(&self) -> Result<Vec<(usize, usize)>> {
        if self.starts.len() != self.sizes.len() {
            return Err(bad(format_args!("{} trees that begin and {} that end", self.starts.len(), self.sizes.len())));
        }
        let place = |number: &[u8; 4]| usize::try_from(i32::from_le_bytes(*number)).map_err(|_| bad("a tree that begins before the first"));
        let part = |(start, size)| {
            let (start, size) = (place(start)?, place(size)?);
            match start.checked_add(size).is_some_and(|end| end <= self.splits.len()) {
                true => Ok((start, size)),
                false => Err(bad(format_args!("a tree of {size} questions from {start} on, of {}", self.splits.len()))),
            }
        };
        self.starts.iter().zip(self.sizes).map(part).collect()
    }

    fn symmetric(&self, shaping: &mut Shaping) -> Result<Vec<Tree>> {
        let mut made = Vec::new();
        let mut leaf = 0usize;
        for (number, (start, size)) in self.parts()?.into_iter().enumerate() {
            let questions = (start..start + size).map(|place| self.question(place)).collect::<Result<Vec<_>>>()?;
            let end = if size < 32 { leaf.saturating_add(1 << size) } else { usize::MAX };
            let values = end.checked_mul(shaping.outputs).and_then(|end| self.values.get(leaf * shaping.outputs..end));
            let values = values.ok_or_else(|| bad(format_args!("tree {number}: its leaves are beyond {} numbers", self.values.len())))?;
            let weights = self.weights.get(leaf..end).unwrap_or_default();
            made.push(shaping.symmetric(&questions, values, weights).map_err(|error| error.because(format!("tree {number}")))?);
            leaf = end;
        }
        match self.values.len() == leaf * shaping.outputs {
            true => Ok(made),
            false => Err(bad(format_args!("{} numbers for {leaf} leaves", self.values.len()))),
        }
    }

    /// Trees whose nodes tell how far ahead the next ones stand; where nothing is told the answer is the node's own.
    fn any_shape(&self, shaping: &mut Shaping) -> Result<Vec<Tree>> {
        if self.steps.len() != self.splits.len() || self.leaves.len() != self.splits.len() {
            return Err(bad(format_args!("{} steps of {} nodes", self.steps.len(), self.splits.len())));
        }
        let mut made = Vec::new();
        for (number, (start, size)) in self.parts()?.into_iter().enumerate() {
            let parts = self.nodes(start, size, shaping.outputs).and_then(|parts| shaping.any(&parts, number));
            made.push(parts.map_err(|error| error.because(format!("tree {number}")))?);
        }
        Ok(made)
    }

    fn nodes(&self, start: usize, size: usize, outputs: usize) -> Result<Vec<Part<'_>>> {
        let mut parts: Vec<Part<'_>> = Vec::with_capacity(size);
        // Where one side of a node is its own answer, that becomes a leaf behind all nodes.
        let mut answers = Vec::new();
        for node in 0..size {
            let [below, above] =
                [[0, 1], [2, 3]].map(|bytes| u32::from(u16::from_le_bytes(bytes.map(|byte| self.steps[start + node][byte]))));
            let mut side = |ahead: u32| -> Result<u32> {
                if ahead > 0 {
                    return Ok(node as u32 + ahead);
                }
                answers.push(self.leaf(start + node, outputs)?);
                Ok((size + answers.len() - 1) as u32)
            };
            parts.push(match (below, above) {
                (0, 0) => self.leaf(start + node, outputs)?,
                // A step beyond the tree leads to none of its answers.
                (below, above) if [below, above].iter().any(|&ahead| ahead as usize >= size - node) => {
                    return Err(bad(format_args!("node {node} leads to {below} and {above} nodes ahead of {size}")));
                }
                (below, above) => Part::Split(self.question(start + node)?, side(below)?, side(above)?),
            });
        }
        parts.append(&mut answers);
        Ok(parts)
    }

    fn leaf(&self, node: usize, outputs: usize) -> Result<Part<'_>> {
        let first = u32::from_le_bytes(self.leaves[node]) as usize;
        let values = first.checked_add(outputs).and_then(|end| self.values.get(first..end));
        let values = values.ok_or_else(|| bad(format_args!("the leaf at {first} of {} numbers", self.values.len())))?;
        Ok(Part::Leaf(values, self.weights.get(first / outputs).copied().unwrap_or(0.0)))
    }
}

/// A whole number that is not negative; `None` for any other.
fn whole(table: &Table<'_, '_>, slot: usize, otherwise: i32) -> Result<Option<usize>> {
    let number = table.number(slot)?.map_or(otherwise, i32::from_le_bytes);
    Ok(usize::try_from(number).ok())
}

fn numbers(list: &[[u8; 8]]) -> Vec<f64> {
    list.iter().map(|number| f64::from_le_bytes(*number)).collect()
}
