//! Objects as a pickle of protocol 4.

use std::collections::HashMap;

use crate::formats::numpy::{Array, ElementType};
use crate::formats::object::{Arena, Global, Id, Object};

/// The pickle of one object. Texts, names and element types that repeat are written once.
pub(super) fn print(arena: &Arena<'_>, root: Id) -> Vec<u8> {
    let mut printer = Printer { arena, bytes: vec![0x80, 4], memo: Some(HashMap::new()) };
    printer.object(root);
    printer.bytes.push(b'.');
    printer.bytes
}

/// Writes an array without references behind the opcodes of another pickle, whose memory it leaves alone.
pub(super) fn print_array(array: &Array<'_>, bytes: &mut Vec<u8>) {
    let mut printer = Printer { arena: &Arena::default(), bytes: std::mem::take(bytes), memo: None };
    printer.array(array);
    *bytes = printer.bytes;
}

/// What is worth remembering.
#[derive(PartialEq, Eq, Hash)]
enum Remembered {
    Text(String),
    Global(Global),
    ElementType(String),
}

struct Printer<'p, 'a> {
    arena: &'p Arena<'a>,
    bytes: Vec<u8>,
    /// `None` where nothing is remembered.
    memo: Option<HashMap<Remembered, u32>>,
}

impl Printer<'_, '_> {
    fn object(&mut self, id: Id) {
        let arena = self.arena;
        match arena.get(id) {
            Object::None => self.bytes.push(b'N'),
            Object::Boolean(value) => self.bytes.push(if *value { 0x88 } else { 0x89 }),
            Object::Integer(value) => self.integer(*value),
            Object::Float(value) => self.float(*value),
            Object::Text(text) => self.text(text),
            Object::Bytes(bytes) => self.raw(bytes),
            Object::Tuple(items) => self.tuple(items),
            Object::List(items) => self.list(items),
            Object::Dictionary(entries) => self.dictionary(entries),
            Object::Global(global) => self.global(*global),
            Object::Instance { constructor, arguments, state } => {
                self.global(*constructor);
                self.object(*arguments);
                // A plain class is made by `__new__`, a function or a type with a reducer is called.
                self.bytes.push(if *constructor == Global::Tree { b'R' } else { 0x81 });
                if let Some(state) = state {
                    self.object(*state);
                    self.bytes.push(b'b');
                }
            }
            Object::Array(array) => self.array(array),
            // None is ever written.
            Object::Foreign { .. } => self.bytes.push(b'N'),
        }
    }

    fn integer(&mut self, value: i64) {
        if let Ok(byte) = u8::try_from(value) {
            self.bytes.extend([b'K', byte]);
        } else if let Ok(short) = i32::try_from(value) {
            self.bytes.push(b'J');
            self.bytes.extend(short.to_le_bytes());
        } else {
            self.bytes.extend([0x8a, 8]);
            self.bytes.extend(value.to_le_bytes());
        }
    }

    fn float(&mut self, value: f64) {
        self.bytes.push(b'G');
        self.bytes.extend(value.to_be_bytes());
    }

    /// Writes a reference to what was written before; otherwise the caller writes it and calls `remember`.
    fn recall(&mut self, what: &Remembered) -> bool {
        let Some(&index) = self.memo.as_ref().and_then(|memo| memo.get(what)) else { return false };
        match u8::try_from(index) {
            Ok(index) => self.bytes.extend([b'h', index]),
            Err(_) => {
                self.bytes.push(b'j');
                self.bytes.extend(index.to_le_bytes());
            }
        }
        true
    }

    fn remember(&mut self, what: Remembered) {
        if let Some(memo) = &mut self.memo {
            self.bytes.push(0x94);
            memo.insert(what, memo.len() as u32);
        }
    }

    fn text(&mut self, text: &str) {
        let what = Remembered::Text(text.to_owned());
        if self.recall(&what) {
            return;
        }
        match u8::try_from(text.len()) {
            Ok(length) => self.bytes.extend([0x8c, length]),
            Err(_) => {
                self.bytes.push(0x8d);
                self.bytes.extend((text.len() as u64).to_le_bytes());
            }
        }
        self.bytes.extend(text.as_bytes());
        self.remember(what);
    }

    fn raw(&mut self, bytes: &[u8]) {
        match u32::try_from(bytes.len()) {
            Ok(length) => {
                self.bytes.push(b'B');
                self.bytes.extend(length.to_le_bytes());
            }
            Err(_) => {
                self.bytes.push(0x8e);
                self.bytes.extend((bytes.len() as u64).to_le_bytes());
            }
        }
        self.bytes.extend(bytes);
    }

    fn tuple(&mut self, items: &[Id]) {
        if items.is_empty() {
            self.bytes.push(b')');
            return;
        }
        self.bytes.push(b'(');
        items.iter().for_each(|&item| self.object(item));
        self.bytes.push(b't');
    }

    fn list(&mut self, items: &[Id]) {
        self.bytes.extend([b']', b'(']);
        items.iter().for_each(|&item| self.object(item));
        self.bytes.push(b'e');
    }

    fn dictionary(&mut self, entries: &[(Id, Id)]) {
        self.bytes.extend([b'}', b'(']);
        for &(key, value) in entries {
            self.object(key);
            self.object(value);
        }
        self.bytes.push(b'u');
    }

    fn global(&mut self, global: Global) {
        let what = Remembered::Global(global);
        if self.recall(&what) {
            return;
        }
        self.text(global.module());
        self.text(global.symbol());
        self.bytes.push(0x93);
        self.remember(what);
    }

    fn array(&mut self, array: &Array<'_>) {
        self.global(Global::Reconstruct);
        self.bytes.push(b'(');
        self.global(Global::NumpyArray);
        self.bytes.extend([b'K', 0, 0x85]);
        self.raw(b"b");
        self.bytes.extend(b"tR(K\x01(");
        array.shape.iter().for_each(|&length| self.integer(length as i64));
        self.bytes.push(b't');
        self.element_type(&array.element);
        self.bytes.push(0x89);
        match array.element {
            ElementType::Object => self.list(&array.objects),
            _ => self.raw(&array.data),
        }
        self.bytes.extend(b"tb");
    }

    fn element_type(&mut self, element: &ElementType) {
        let what = Remembered::ElementType(format!("{}{}", element.byte_order(), element.code()));
        if self.recall(&what) {
            return;
        }
        self.global(Global::NumpyType);
        self.text(&element.code());
        self.bytes.extend([0x89, 0x88, 0x87, b'R', b'(', b'K', 3]);
        self.text(element.byte_order());
        self.bytes.push(b'N');
        match element {
            ElementType::Record { fields, size } => {
                self.bytes.push(b'(');
                fields.iter().for_each(|field| self.text(&field.name));
                self.bytes.extend(b"t}(");
                for field in fields {
                    self.text(&field.name);
                    self.element_type(&field.element);
                    self.integer(field.offset as i64);
                    self.bytes.push(0x86);
                }
                self.bytes.push(b'u');
                // Size and alignment of the record, and the flag of an aligned structure.
                self.integer(*size as i64);
                self.bytes.extend([b'K', 1, b'K', 16]);
            }
            ElementType::Text { characters, .. } => {
                self.bytes.extend(b"NN");
                self.integer(4 * *characters as i64);
                self.bytes.extend([b'K', 4, b'K', 8]);
            }
            _ => {
                self.bytes.extend(b"NN");
                self.integer(-1);
                self.integer(-1);
                self.integer(if matches!(element, ElementType::Object) { 63 } else { 0 });
            }
        }
        self.bytes.extend(b"tb");
        self.remember(what);
    }
}
