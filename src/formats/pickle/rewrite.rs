//! A pickle on its way from joblib's form into Python's own: opcodes as they are, arrays as numpy pickles them.

use super::printer::print_array;
use crate::formats::numpy::Array;

/// What joblib puts around an array, and what stands there in the copy: a class of Python's own that takes any attributes.
const NAMES: [(&[u8], &[u8]); 2] = [(b"joblib.numpy_pickle", b"types"), (b"NumpyArrayWrapper", b"SimpleNamespace")];

/// The pickle as far as it is copied.
#[derive(Debug, Default)]
pub(super) struct Copy {
    bytes: Vec<u8>,
    /// How many objects are remembered: pickles inside of it have numbers of their own, which are told apart here.
    remembered: u32,
    /// Whether what stands for the opcode at work is written already.
    is_written: bool,
}

impl Copy {
    /// The pickle that is copied to its end.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.bytes.push(b'.');
        self.bytes
    }

    /// Copies an opcode with its arguments.
    pub(super) fn step(&mut self, opcode: u8, bytes: &[u8], depth: usize) {
        if std::mem::take(&mut self.is_written) {
            return;
        }
        match opcode {
            // Frames state lengths that change, and the protocol is stated once.
            0x95 => {}
            0x80 if depth > 0 => {}
            b'c' if bytes.starts_with(b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n") => self.bytes.extend(b"ctypes\nSimpleNamespace\n"),
            0x8c | b'X' => match NAMES.iter().find(|(name, _)| bytes.ends_with(name) && bytes.len() <= name.len() + 5) {
                Some((_, name)) => {
                    self.bytes.push(b'X');
                    self.bytes.extend((name.len() as u32).to_le_bytes());
                    self.bytes.extend(*name);
                }
                None => self.bytes.extend(bytes),
            },
            _ => self.bytes.extend(bytes),
        }
    }

    /// Remembers what is on top of the stack; its number.
    pub(super) fn remember(&mut self) -> u32 {
        self.bytes.push(b'r');
        self.bytes.extend(self.remembered.to_le_bytes());
        self.remembered += 1;
        self.is_written = true;
        self.remembered - 1
    }

    /// Puts what was remembered as that number on the stack.
    pub(super) fn recall(&mut self, number: u32) {
        self.bytes.push(b'j');
        self.bytes.extend(number.to_le_bytes());
        self.is_written = true;
    }

    /// Takes from the stack what stood around an array; the array comes next.
    pub(super) fn drop_wrapper(&mut self) {
        self.bytes.extend(b"b0");
    }

    /// The opcode at work stands in the copy already.
    pub(super) fn is_written(&mut self) {
        self.is_written = true;
    }

    /// Puts an array on the stack.
    pub(super) fn array(&mut self, array: &Array<'_>) {
        print_array(array, &mut self.bytes);
        self.is_written = true;
    }
}
