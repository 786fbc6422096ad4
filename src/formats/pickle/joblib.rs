//! What joblib writes between the opcodes of a pickle: arrays, and pickles of arrays of objects.

use std::borrow::Cow;

use super::machine::Machine;
use crate::error::Result;
use crate::formats::numpy::{Array, ElementType};
use crate::formats::object::{Id, Object, ObjectView};

/// Deepest nesting of pickles in a joblib file: an array of objects is a pickle of its own.
const DEEPEST: usize = 2;

impl<'a> Machine<'a> {
    /// joblib writes an array as a description, and its bytes right behind, between the opcodes.
    pub(super) fn joblib_array(&mut self, description: Id) -> Result<Object<'a>> {
        let wrapper = self.arena.view(description, "array");
        let element = wrapper.attribute("dtype")?.element_type()?;
        let shape = wrapper.attribute("shape")?.items()?.iter().map(ObjectView::count).collect::<Result<Vec<usize>>>()?;
        let fortran_order = wrapper.attribute("order")?.text()? == "F";
        let is_aligned = wrapper.find("numpy_array_alignment_bytes")?.is_some_and(|bytes| bytes.is_integer());
        if let Some(copy) = &mut self.copy {
            copy.drop_wrapper();
        }
        if element == ElementType::Object {
            return self.nested();
        }
        if is_aligned {
            let padding = self.cursor.byte()?;
            self.cursor.take(usize::from(padding))?;
        }
        let size = shape.iter().try_fold(element.size(), |size, &length| size.checked_mul(length));
        let data = self.cursor.take_stated(size.map_or(u64::MAX, |size| size as u64))?;
        match Array::new(element, shape, fortran_order, Cow::Borrowed(data)) {
            Some(array) => {
                if let Some(copy) = &mut self.copy {
                    copy.array(&array);
                }
                Ok(Object::Array(Box::new(array)))
            }
            None => Err(self.fail("an array in an order that is not understood")),
        }
    }

    /// A pickle inside this one, with its own stack and memo.
    fn nested(&mut self) -> Result<Object<'a>> {
        if self.depth >= DEEPEST {
            return Err(self.fail("pickles nested in pickles"));
        }
        let mut inner = Machine::new(self.cursor.clone(), std::mem::take(&mut self.arena), self.depth + 1);
        (inner.copy, inner.strangers) = (self.copy.take(), self.strangers.take());
        let root = inner.run();
        (self.copy, self.strangers) = (inner.copy, inner.strangers);
        if let Some(copy) = &mut self.copy {
            copy.is_written();
        }
        self.cursor = inner.cursor;
        self.arena = inner.arena;
        Ok(self.arena.get(root?).clone())
    }
}
