//! The pickle machine: opcodes build objects on a stack; none of them calls anything.

use std::borrow::Cow;
use std::collections::HashMap;

use super::lines;
use super::rewrite::Copy;
use crate::error::{Error, Result};
use crate::formats::cursor::Cursor;
use crate::formats::object::{Arena, Global, Id, Object};

/// Reads one pickle; the id is that of its object.
///
/// Errors: an opcode, a name or a shape of the stack that no model has, with its byte.
pub(super) fn parse(bytes: &[u8]) -> Result<(Arena<'_>, Id)> {
    let mut machine = Machine::new(Cursor::new(bytes, "pickle"), Arena::default(), 0);
    let root = machine.run()?;
    Ok((machine.arena, root))
}

/// What joblib wrote as a pickle that Python's own module loads: the same opcodes, with the arrays between them as numpy pickles
/// them.
///
/// Errors: those of [`parse`].
pub(super) fn rewritten(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut machine = Machine::new(Cursor::new(bytes, "pickle"), Arena::default(), 0);
    (machine.copy, machine.strangers) = (Some(Copy::default()), Some(Strangers::default()));
    machine.run()?;
    Ok(machine.copy.map(Copy::finish).unwrap_or_default())
}

/// Reads one pickle in which any class may stand; the id is that of its object.
///
/// Errors: a name that runs what it is told as Python loads the file, with its byte; an opcode or a shape of the stack that
/// is not followed, which says nothing of the pickle.
pub(super) fn outlined(bytes: &[u8]) -> std::result::Result<(Arena<'_>, Id), Unfollowed> {
    let mut machine = Machine::new(Cursor::new(bytes, "pickle"), Arena::default(), 0);
    machine.strangers = Some(Strangers::default());
    let root = machine.run();
    if let Some((place, name)) = machine.strangers.take().and_then(|strangers| strangers.runs) {
        let what = format_args!("it names {name}, which runs what it is told as soon as Python loads the file");
        return Err(Unfollowed::Runs(machine.cursor.fail_at(place, what)));
    }
    root.map(|root| (machine.arena, root)).map_err(|_| Unfollowed::Unknown)
}

/// Like [`parse`], with names outside of the allow-list let through: what they stand for is known by its name alone, and whoever
/// asks more of it is told so.
///
/// Errors: those of [`parse`]; the first name, where Python would run what it is told.
pub(super) fn parse_with_strangers(bytes: &[u8]) -> Result<(Arena<'_>, Id)> {
    let strict = match parse(bytes) {
        Ok(parsed) => return Ok(parsed),
        Err(strict) => strict,
    };
    let mut machine = Machine::new(Cursor::new(bytes, "pickle"), Arena::default(), 0);
    machine.strangers = Some(Strangers { is_read: true, runs: None });
    let root = machine.run();
    match (root, machine.strangers.and_then(|strangers| strangers.runs)) {
        (Ok(root), None) => Ok((machine.arena, root)),
        _ => Err(strict),
    }
}

/// Why a pickle was not followed to its end.
pub(super) enum Unfollowed {
    /// It names what runs commands.
    Runs(Error),
    /// It does what no model that is read does.
    Unknown,
}

/// What is known of names outside of the allow-list, where they are let through.
#[derive(Debug, Default)]
pub(super) struct Strangers {
    /// The first name that runs what it is told, with its byte.
    pub(super) runs: Option<(usize, String)>,
    /// Whether the model is read, and nothing of it may be left out.
    pub(super) is_read: bool,
}

/// A pickle that is read.
pub(super) struct Machine<'a> {
    pub(super) cursor: Cursor<'a>,
    pub(super) arena: Arena<'a>,
    pub(super) stack: Vec<Id>,
    /// Lengths of the stack at each open mark.
    pub(super) marks: Vec<usize>,
    pub(super) memo: HashMap<u32, Id>,
    /// Offset of the opcode at work, for messages.
    pub(super) opcode_at: usize,
    /// How many pickles this one is inside of.
    pub(super) depth: usize,
    /// The same pickle as Python's own module loads it, where that is wanted.
    pub(super) copy: Option<Copy>,
    /// How what is remembered is numbered there.
    pub(super) copied_memo: HashMap<u32, u32>,
    /// Set where names outside of the allow-list are let through.
    pub(super) strangers: Option<Strangers>,
}

impl<'a> Machine<'a> {
    pub(super) fn new(cursor: Cursor<'a>, arena: Arena<'a>, depth: usize) -> Self {
        Machine {
            opcode_at: cursor.position(),
            cursor,
            arena,
            stack: Vec::new(),
            marks: Vec::new(),
            memo: HashMap::new(),
            depth,
            copy: None,
            copied_memo: HashMap::new(),
            strangers: None,
        }
    }

    /// Whether the file is looked over only, so that parts of it may be left out.
    pub(super) fn is_outlined(&self) -> bool {
        self.strangers.as_ref().is_some_and(|strangers| !strangers.is_read)
    }

    pub(super) fn run(&mut self) -> Result<Id> {
        loop {
            self.opcode_at = self.cursor.position();
            let opcode = self.cursor.byte()?;
            if opcode == b'.' {
                return self.pop();
            }
            let known = self.scalar(opcode)? || self.container(opcode)? || self.memory(opcode)? || self.instance(opcode)?;
            if !known {
                return Err(self.fail(format_args!("opcode 0x{opcode:02x} does not occur in a model")));
            }
            if let Some(copy) = &mut self.copy {
                copy.step(opcode, self.cursor.since(self.opcode_at), self.depth);
            }
        }
    }

    pub(super) fn fail(&self, what: impl std::fmt::Display) -> Error {
        self.cursor.fail_at(self.opcode_at, what)
    }

    pub(super) fn new_object(&mut self, object: Object<'a>) -> Result<Id> {
        self.arena.try_push(object).ok_or_else(|| self.fail("more objects than any model holds"))
    }

    pub(super) fn push(&mut self, object: Object<'a>) -> Result<bool> {
        let id = self.new_object(object)?;
        self.stack.push(id);
        Ok(true)
    }

    /// The topmost object above the innermost mark.
    pub(super) fn pop(&mut self) -> Result<Id> {
        let floor = self.marks.last().copied().unwrap_or(0);
        match self.stack.pop() {
            Some(id) if self.stack.len() >= floor => Ok(id),
            _ => Err(self.fail("nothing left on the stack")),
        }
    }

    pub(super) fn top(&self) -> Result<Id> {
        let floor = self.marks.last().copied().unwrap_or(0);
        match self.stack.last() {
            Some(&id) if self.stack.len() > floor => Ok(id),
            _ => Err(self.fail("nothing left on the stack")),
        }
    }

    /// All objects above the innermost mark, which is removed.
    pub(super) fn pop_mark(&mut self) -> Result<Vec<Id>> {
        match self.marks.pop() {
            Some(mark) => Ok(self.stack.split_off(mark)),
            None => Err(self.fail("no mark on the stack")),
        }
    }

    /// Opcodes that push a number, a text or bytes.
    fn scalar(&mut self, opcode: u8) -> Result<bool> {
        match opcode {
            b'N' => self.push(Object::None),
            0x88 => self.push(Object::Boolean(true)),
            0x89 => self.push(Object::Boolean(false)),
            b'J' => {
                let value = i32::from_le_bytes(self.cursor.array()?);
                self.push(Object::Integer(i64::from(value)))
            }
            b'K' => {
                let value = self.cursor.byte()?;
                self.push(Object::Integer(i64::from(value)))
            }
            b'M' => {
                let value = u16::from_le_bytes(self.cursor.array()?);
                self.push(Object::Integer(i64::from(value)))
            }
            0x8a => {
                let length = self.cursor.byte()?;
                self.long(usize::from(length))
            }
            b'G' => {
                let value = f64::from_be_bytes(self.cursor.array()?);
                self.push(Object::Float(value))
            }
            0x8c => {
                let length = self.cursor.byte()?;
                self.text(u64::from(length))
            }
            b'X' => {
                let length = u32::from_le_bytes(self.cursor.array()?);
                self.text(u64::from(length))
            }
            0x8d => {
                let length = u64::from_le_bytes(self.cursor.array()?);
                self.text(length)
            }
            b'C' | b'U' => {
                let length = self.cursor.byte()?;
                self.bytes(u64::from(length))
            }
            b'B' | b'T' => {
                let length = u32::from_le_bytes(self.cursor.array()?);
                self.bytes(u64::from(length))
            }
            0x8e | 0x96 => {
                let length = u64::from_le_bytes(self.cursor.array()?);
                self.bytes(length)
            }
            b'I' | b'L' | b'F' | b'V' => self.written_out(opcode),
            _ => Ok(false),
        }
    }

    /// Protocol 0 writes numbers and texts as lines.
    fn written_out(&mut self, opcode: u8) -> Result<bool> {
        let line = self.cursor.line()?;
        match lines::object(opcode, line) {
            Some(object) => self.push(object),
            None => Err(self.fail("a line that is no number and no text")),
        }
    }

    /// A little-endian two's complement integer.
    fn long(&mut self, length: usize) -> Result<bool> {
        let bytes = self.cursor.take(length)?;
        if length > 8 {
            // Only random generators keep such numbers, and they play no part in scoring.
            return self.push(Object::Bytes(Cow::Borrowed(bytes)));
        }
        let mut wide = [if bytes.last().is_some_and(|&byte| byte >= 0x80) { 0xff } else { 0 }; 8];
        wide[..length].copy_from_slice(bytes);
        self.push(Object::Integer(i64::from_le_bytes(wide)))
    }

    fn text(&mut self, length: u64) -> Result<bool> {
        let bytes = self.cursor.take_stated(length)?;
        match std::str::from_utf8(bytes) {
            Ok(text) => self.push(Object::Text(Cow::Borrowed(text))),
            // numpy's old bytes may be written as text with lone surrogates; a model has none.
            Err(_) if self.is_outlined() => self.push(Object::Bytes(Cow::Borrowed(bytes))),
            Err(_) => Err(self.fail("a text that is not UTF-8")),
        }
    }

    fn bytes(&mut self, length: u64) -> Result<bool> {
        let bytes = self.cursor.take_stated(length)?;
        self.push(Object::Bytes(Cow::Borrowed(bytes)))
    }

    /// Opcodes that make or fill a tuple, list or dictionary.
    fn container(&mut self, opcode: u8) -> Result<bool> {
        match opcode {
            b'(' => {
                self.marks.push(self.stack.len());
                Ok(true)
            }
            b')' => self.push(Object::Tuple(Vec::new())),
            b']' => self.push(Object::List(Vec::new())),
            b'}' => self.push(Object::Dictionary(Vec::new())),
            0x85..=0x87 => {
                let mut items = Vec::with_capacity(3);
                for _ in 0x84..opcode {
                    items.push(self.pop()?);
                }
                items.reverse();
                self.push(Object::Tuple(items))
            }
            b't' => {
                let items = self.pop_mark()?;
                self.push(Object::Tuple(items))
            }
            // Sets are lists here, whose order is nobody's.
            b'l' | 0x91 => {
                let items = self.pop_mark()?;
                self.push(Object::List(items))
            }
            0x8f => self.push(Object::List(Vec::new())),
            b'd' => {
                let entries = self.pop_mark()?;
                self.push(Object::Dictionary(Vec::new()))?;
                self.insert(&entries)
            }
            b'a' => {
                let item = self.pop()?;
                self.extend(vec![item])
            }
            b'e' | 0x90 => {
                let items = self.pop_mark()?;
                self.extend(items)
            }
            b's' => {
                let (value, key) = (self.pop()?, self.pop()?);
                self.insert(&[key, value])
            }
            b'u' => {
                let entries = self.pop_mark()?;
                self.insert(&entries)
            }
            _ => Ok(false),
        }
    }

    fn extend(&mut self, items: Vec<Id>) -> Result<bool> {
        let (list, is_outlined) = (self.top()?, self.is_outlined());
        match self.arena.get_mut(list) {
            Object::List(list) => {
                list.extend(items);
                Ok(true)
            }
            Object::Foreign { .. } if self.strangers.is_some() => Ok(true),
            Object::Instance { .. } if is_outlined => Ok(true),
            _ => Err(self.fail("a list was expected on the stack")),
        }
    }

    fn insert(&mut self, entries: &[Id]) -> Result<bool> {
        let (dictionary, is_outlined) = (self.top()?, self.is_outlined());
        match self.arena.get_mut(dictionary) {
            Object::Dictionary(dictionary) if entries.len().is_multiple_of(2) => {
                dictionary.extend(entries.chunks_exact(2).map(|entry| (entry[0], entry[1])));
                Ok(true)
            }
            // Python's and scikit-learn's own kinds of dictionaries: their entries are their state.
            &mut Object::Instance { constructor: Global::DefaultDictionary | Global::OrderedDictionary | Global::Bunch, state, .. } => {
                let entries = entries.chunks_exact(2).map(|entry| (entry[0], entry[1]));
                match state.map(|state| self.arena.get_mut(state)) {
                    Some(Object::Dictionary(dictionary)) => dictionary.extend(entries),
                    _ => {
                        let made = self.new_object(Object::Dictionary(entries.collect()))?;
                        if let Object::Instance { state, .. } = self.arena.get_mut(dictionary) {
                            *state = Some(made);
                        }
                    }
                }
                Ok(true)
            }
            Object::Foreign { .. } if self.strangers.is_some() => Ok(true),
            Object::Instance { .. } if is_outlined => Ok(true),
            _ => Err(self.fail("a dictionary and pairs were expected on the stack")),
        }
    }

    /// Opcodes about the memo, the stack and the stream itself.
    fn memory(&mut self, opcode: u8) -> Result<bool> {
        match opcode {
            0x80 => match self.cursor.byte()? {
                // Those before have no such mark.
                2..=5 => Ok(true),
                protocol => Err(self.fail(format_args!("protocol {protocol}, expected 0 to 5"))),
            },
            0x95 => {
                self.cursor.take(8)?;
                Ok(true)
            }
            0x94 => self.memoize(self.memo.len() as u32),
            b'q' => {
                let index = self.cursor.byte()?;
                self.memoize(u32::from(index))
            }
            b'r' => {
                let index = u32::from_le_bytes(self.cursor.array()?);
                self.memoize(index)
            }
            b'h' => {
                let index = self.cursor.byte()?;
                self.recall(u32::from(index))
            }
            b'j' => {
                let index = u32::from_le_bytes(self.cursor.array()?);
                self.recall(index)
            }
            b'p' | b'g' => {
                let line = self.cursor.line()?;
                let index = std::str::from_utf8(line).ok().and_then(|line| line.trim().parse::<u32>().ok());
                match index.ok_or_else(|| self.fail("no number to remember by"))? {
                    index if opcode == b'p' => self.memoize(index),
                    index => self.recall(index),
                }
            }
            b'2' => {
                let top = self.top()?;
                self.stack.push(top);
                Ok(true)
            }
            b'0' => self.pop().map(|_| true),
            b'1' => self.pop_mark().map(|_| true),
            _ => Ok(false),
        }
    }

    fn memoize(&mut self, index: u32) -> Result<bool> {
        let top = self.top()?;
        self.memo.insert(index, top);
        if let Some(copy) = &mut self.copy {
            self.copied_memo.insert(index, copy.remember());
        }
        Ok(true)
    }

    fn recall(&mut self, index: u32) -> Result<bool> {
        match self.memo.get(&index) {
            Some(&id) => {
                self.stack.push(id);
                if let Some(copy) = &mut self.copy {
                    copy.recall(self.copied_memo.get(&index).copied().unwrap_or_default());
                }
                Ok(true)
            }
            None => Err(self.fail(format_args!("nothing is remembered as {index}"))),
        }
    }
}
