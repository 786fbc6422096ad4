//! Python objects as plain data: what a pickle or a skops file holds, with nothing of it executed.
//!
//! Objects live in an [`Arena`] and refer to each other by [`Id`], as Python's own references do, so
//! that shared and even cyclic objects are data like any other. Who interprets them walks a fixed
//! number of steps and never follows a reference blindly.

use std::borrow::Cow;

pub(super) use super::allow_list::Global;
use super::numpy::{Array, ElementType, NumberKind};
use crate::error::{Error, ErrorKind, Result};

/// Place of an object in its [`Arena`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Id(u32);

/// One Python object.
#[derive(Clone, Debug)]
pub(super) enum Object<'a> {
    None,
    Boolean(bool),
    Integer(i64),
    Float(f64),
    Text(Cow<'a, str>),
    Bytes(Cow<'a, [u8]>),
    Tuple(Vec<Id>),
    List(Vec<Id>),
    Dictionary(Vec<(Id, Id)>),
    /// A class or function of the allow-list.
    Global(Global),
    /// What calling `constructor` with `arguments` would give, and the state it would be given then.
    Instance {
        constructor: Global,
        arguments: Id,
        state: Option<Id>,
    },
    Array(Box<Array<'a>>),
    /// A class outside of the allow-list, or an object made of one: nothing else is known of it. A model that is read may hold
    /// it where nobody asks, as a search its folds.
    Foreign {
        name: String,
        is_made: bool,
    },
}

/// Owner of the objects of one file.
#[derive(Debug, Default)]
pub(super) struct Arena<'a> {
    objects: Vec<Object<'a>>,
}

impl<'a> Arena<'a> {
    /// Objects a file may hold. The largest forests in use have some hundred thousand; a crafted
    /// file must not turn one byte into unbounded memory.
    const MOST_OBJECTS: usize = 2_000_000;

    /// Stores an object. `None` when the file holds more than any model does.
    pub(super) fn try_push(&mut self, object: Object<'a>) -> Option<Id> {
        if self.objects.len() >= Self::MOST_OBJECTS {
            return None;
        }
        self.objects.push(object);
        Some(Id(self.objects.len() as u32 - 1))
    }

    /// Stores an object that this program made itself.
    pub(super) fn push(&mut self, object: Object<'a>) -> Id {
        self.objects.push(object);
        Id(self.objects.len() as u32 - 1)
    }

    /// The object of an id that this arena gave.
    pub(super) fn get(&self, id: Id) -> &Object<'a> {
        &self.objects[id.0 as usize]
    }

    /// The object, to be completed in place.
    pub(super) fn get_mut(&mut self, id: Id) -> &mut Object<'a> {
        &mut self.objects[id.0 as usize]
    }

    /// A named view for interpretation.
    pub(super) fn view(&self, id: Id, name: impl Into<String>) -> ObjectView<'_, 'a> {
        ObjectView { arena: self, id, name: name.into() }
    }
}

/// An object with the path that led to it, so that a failure can say which part of the model is wrong.
#[derive(Clone, Debug)]
pub(super) struct ObjectView<'v, 'a> {
    arena: &'v Arena<'a>,
    id: Id,
    name: String,
}

impl<'v, 'a> ObjectView<'v, 'a> {
    /// The object itself.
    pub(super) fn object(&self) -> &'v Object<'a> {
        self.arena.get(self.id)
    }

    /// A failure that names this part of the model.
    pub(super) fn fail(&self, what: impl std::fmt::Display) -> Error {
        if let Object::Foreign { name, .. } = self.object() {
            let what = what.to_string();
            let what = if what.is_empty() { String::new() } else { format!("{what}: ") };
            let what = format!("{what}{name:.120} is not on the list of what a tree model holds");
            return Error::new(ErrorKind::BadModelFile, format!("cannot understand this model: {}: {what}", self.name))
                .hint("nothing in the file was executed; tree models of scikit-learn, XGBoost and LightGBM are read from pickles");
        }
        Error::new(ErrorKind::BadModelFile, format!("cannot understand this model: {}: {what}", self.name))
    }

    fn child(&self, id: Id, name: String) -> ObjectView<'v, 'a> {
        ObjectView { arena: self.arena, id, name }
    }

    /// The class of an instance.
    pub(super) fn class(&self) -> Result<Global> {
        match self.object() {
            Object::Instance { constructor, .. } => Ok(*constructor),
            Object::Foreign { .. } => Err(self.fail("")),
            _ => Err(self.fail("an object of a class was expected")),
        }
    }

    /// The arguments an instance was made with.
    pub(super) fn arguments(&self) -> Result<Vec<ObjectView<'v, 'a>>> {
        match self.object() {
            Object::Instance { arguments, .. } => self.child(*arguments, format!("{}()", self.name)).items(),
            _ => Err(self.fail("an object of a class was expected")),
        }
    }

    /// The state an instance was given.
    pub(super) fn state(&self) -> Result<ObjectView<'v, 'a>> {
        match self.object() {
            Object::Instance { state: Some(state), .. } => Ok(self.child(*state, self.name.clone())),
            _ => Err(self.fail("an object with a state was expected")),
        }
    }

    /// The entry `key` of a dictionary, or of the dictionary that is an instance's state. The last
    /// one counts, as in Python.
    pub(super) fn find(&self, key: &str) -> Result<Option<ObjectView<'v, 'a>>> {
        let dictionary = match self.object() {
            Object::Instance { .. } => self.state()?,
            _ => self.clone(),
        };
        let Object::Dictionary(entries) = dictionary.object() else {
            return Err(self.fail("a dictionary was expected"));
        };
        let is_key = |id: Id| matches!(self.arena.get(id), Object::Text(text) if text == key);
        let found = entries.iter().rev().find(|entry| is_key(entry.0));
        Ok(found.map(|entry| self.child(entry.1, format!("{}.{key}", self.name))))
    }

    /// Like [`ObjectView::find`], where the entry must be.
    pub(super) fn attribute(&self, key: &str) -> Result<ObjectView<'v, 'a>> {
        self.find(key)?.ok_or_else(|| self.fail(format_args!("'{key}' is missing")))
    }

    /// The dictionary that this is, or is by another class of Python's and scikit-learn's.
    pub(super) fn dictionary(&self) -> Option<ObjectView<'v, 'a>> {
        match self.object() {
            Object::Dictionary(_) => Some(self.clone()),
            Object::Instance { constructor: Global::DefaultDictionary | Global::OrderedDictionary | Global::Bunch, .. } => {
                self.state().ok().filter(|state| matches!(state.object(), Object::Dictionary(_)))
            }
            _ => None,
        }
    }

    /// The module and the name of what is not on the allow-list, or of an object of it.
    pub(super) fn foreign(&self) -> Option<&'v str> {
        if let Object::Foreign { name, .. } = self.object() { Some(name) } else { None }
    }

    /// The entries of a dictionary whose keys are texts, with their names.
    pub(super) fn entries(&self) -> Result<Vec<(String, ObjectView<'v, 'a>)>> {
        let Object::Dictionary(entries) = self.object() else { return Err(self.fail("a dictionary was expected")) };
        let named = |&(key, value): &(Id, Id)| match self.arena.get(key) {
            Object::Text(text) => Some((format!("'{text}'"), self.child(value, format!("{}.{text}", self.name)))),
            _ => None,
        };
        Ok(entries.iter().filter_map(named).collect())
    }

    /// The values of a dictionary, whatever their keys; none of anything else.
    pub(super) fn values(&self) -> Vec<ObjectView<'v, 'a>> {
        let Object::Dictionary(entries) = self.object() else { return Vec::new() };
        entries.iter().map(|&(_, value)| self.child(value, self.name.clone())).collect()
    }

    /// The elements of a list or tuple.
    pub(super) fn items(&self) -> Result<Vec<ObjectView<'v, 'a>>> {
        match self.object() {
            Object::Tuple(items) | Object::List(items) => {
                Ok(items.iter().enumerate().map(|(index, &id)| self.child(id, format!("{}[{index}]", self.name))).collect())
            }
            _ => Err(self.fail("a list was expected")),
        }
    }

    /// The objects of an array of objects, row by row.
    pub(super) fn elements(&self) -> Result<Vec<ObjectView<'v, 'a>>> {
        let array = self.array()?;
        match array.element {
            ElementType::Object => {
                Ok(array.objects.iter().enumerate().map(|(index, &id)| self.child(id, format!("{}[{index}]", self.name))).collect())
            }
            _ => Err(self.fail("an array of objects was expected")),
        }
    }

    /// A text.
    pub(super) fn text(&self) -> Result<&'v str> {
        match self.object() {
            Object::Text(text) => Ok(text),
            _ => Err(self.fail("a text was expected")),
        }
    }

    /// A truth value.
    pub(super) fn boolean(&self) -> Result<bool> {
        match self.object() {
            Object::Boolean(value) => Ok(*value),
            _ => Err(self.fail("true or false was expected")),
        }
    }

    /// The path that led here.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whether this is Python's `None`.
    pub(super) fn is_none(&self) -> bool {
        matches!(self.object(), Object::None)
    }

    /// The class or function that this names.
    pub(super) fn global(&self) -> Option<Global> {
        if let Object::Global(global) = self.object() { Some(*global) } else { None }
    }

    /// Whether this is a dictionary or list without elements.
    pub(super) fn is_empty(&self) -> bool {
        match self.object() {
            Object::Dictionary(entries) => entries.is_empty(),
            Object::List(items) | Object::Tuple(items) => items.is_empty(),
            _ => false,
        }
    }

    /// A Python integer.
    pub(super) fn integer(&self) -> Option<i64> {
        if let Object::Integer(value) = self.object() { Some(*value) } else { None }
    }

    /// Whether this is a Python integer.
    pub(super) fn is_integer(&self) -> bool {
        matches!(self.object(), Object::Integer(_))
    }

    /// All texts of an array of texts.
    pub(super) fn texts(&self) -> Result<Vec<String>> {
        let array = self.array()?;
        if let Some(texts) = array.texts() {
            return Ok(texts);
        }
        let text = |(index, &id): (usize, &Id)| self.child(id, format!("{}[{index}]", self.name)).text().map(str::to_owned);
        match array.element {
            ElementType::Object => array.objects.iter().enumerate().map(text).collect(),
            _ => Err(self.fail("texts were expected")),
        }
    }

    /// All numbers of an array of numbers, also where they are Python's own.
    pub(super) fn numbers(&self) -> Result<Vec<f64>> {
        let array = self.array()?;
        let number = |(index, &id): (usize, &Id)| self.child(id, format!("{}[{index}]", self.name)).number();
        match array.numbers() {
            Some(numbers) => Ok(numbers),
            None if matches!(array.element, ElementType::Object) => array.objects.iter().enumerate().map(number).collect(),
            None => Err(self.fail("numbers were expected")),
        }
    }

    /// A whole number that is not negative.
    pub(super) fn count(&self) -> Result<usize> {
        let number = self.number()?;
        if number >= 0.0 && number.fract() == 0.0 && number <= 2f64.powi(53) {
            return Ok(number as usize);
        }
        Err(self.fail(format_args!("{number} is no count")))
    }

    /// A number: an integer, a float or a numpy scalar.
    pub(super) fn number(&self) -> Result<f64> {
        match self.object() {
            Object::Integer(value) => Ok(*value as f64),
            Object::Float(value) => Ok(*value),
            Object::Array(_) | Object::Instance { constructor: Global::Scalar, .. } => match self.array()?.numbers() {
                Some(numbers) if numbers.len() == 1 => Ok(numbers[0]),
                _ => Err(self.fail("a number was expected")),
            },
            _ => Err(self.fail("a number was expected")),
        }
    }
}

/// Making objects to be written.
impl Arena<'static> {
    pub(super) fn none(&mut self) -> Id {
        self.push(Object::None)
    }

    pub(super) fn boolean(&mut self, value: bool) -> Id {
        self.push(Object::Boolean(value))
    }

    pub(super) fn integer(&mut self, value: impl Into<i64>) -> Id {
        self.push(Object::Integer(value.into()))
    }

    pub(super) fn float(&mut self, value: f64) -> Id {
        self.push(Object::Float(value))
    }

    pub(super) fn text(&mut self, text: &str) -> Id {
        self.push(Object::Text(Cow::Owned(text.to_owned())))
    }

    pub(super) fn tuple(&mut self, items: Vec<Id>) -> Id {
        self.push(Object::Tuple(items))
    }

    pub(super) fn list(&mut self, items: Vec<Id>) -> Id {
        self.push(Object::List(items))
    }

    pub(super) fn dictionary(&mut self, entries: Vec<(&str, Id)>) -> Id {
        let entries = entries.into_iter().map(|(key, value)| (self.text(key), value)).collect();
        self.push(Object::Dictionary(entries))
    }

    /// An instance of a class that is made without arguments and then given its attributes.
    pub(super) fn instance(&mut self, constructor: Global, attributes: Vec<(&str, Id)>) -> Id {
        let arguments = self.tuple(Vec::new());
        let state = Some(self.dictionary(attributes));
        self.push(Object::Instance { constructor, arguments, state })
    }

    /// An array of little-endian 64-bit floats.
    pub(super) fn floats(&mut self, shape: Vec<usize>, values: impl IntoIterator<Item = f64>) -> Id {
        let data = values.into_iter().flat_map(f64::to_le_bytes).collect();
        self.push(Object::Array(Box::new(Array {
            element: ElementType::number(NumberKind::Float, 8),
            shape,
            data: Cow::Owned(data),
            objects: Vec::new(),
        })))
    }

    /// A vector of little-endian 64-bit integers.
    pub(super) fn integers(&mut self, values: impl IntoIterator<Item = i64>) -> Id {
        let data: Vec<u8> = values.into_iter().flat_map(i64::to_le_bytes).collect();
        let shape = vec![data.len() / 8];
        self.push(Object::Array(Box::new(Array {
            element: ElementType::number(NumberKind::Signed, 8),
            shape,
            data: Cow::Owned(data),
            objects: Vec::new(),
        })))
    }

    /// A vector of Python texts.
    pub(super) fn texts(&mut self, texts: &[String]) -> Id {
        let objects: Vec<Id> = texts.iter().map(|text| self.text(text)).collect();
        self.push(Object::Array(Box::new(Array {
            element: ElementType::Object,
            shape: vec![objects.len()],
            data: Cow::Borrowed(&[]),
            objects,
        })))
    }
}
