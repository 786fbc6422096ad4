//! How much one file may make of its models: one that names a member a thousand times is no larger for it.

use std::cell::Cell;

use crate::error::Result;
use crate::formats::object::ObjectView;
use crate::formats::read_model::ReadOptions;

/// Deepest nesting of models in models.
const DEEPEST: usize = 4;

/// Fewest bytes that any form keeps a node in.
const NODE_BYTES: usize = 24;

/// How the models of one file are read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'r> {
    /// Bytes of the file.
    pub(super) file_size: usize,
    pub(super) options: ReadOptions,
    pub(super) budget: &'r Budget,
    /// Whether the model is given a sparse table, in which XGBoost takes what is 0 for missing.
    pub(super) is_sparse: bool,
    pub(super) depth: usize,
}

impl<'r> Reading<'r> {
    /// The outermost model of a file.
    pub(super) fn new(file_size: usize, options: ReadOptions, budget: &'r Budget) -> Self {
        Reading { file_size, options, budget, is_sparse: false, depth: 0 }
    }

    /// A model in this one.
    ///
    /// Errors: more models in each other than any is made of.
    pub(super) fn deeper(self, model: &ObjectView<'_, '_>) -> Result<Self> {
        if self.depth >= DEEPEST {
            return Err(model.fail("models nested too deep"));
        }
        Ok(Reading { depth: self.depth + 1, ..self })
    }
}

/// The bytes that nodes of members can still account for.
pub(super) struct Budget(Cell<usize>);

impl Budget {
    /// Of a file of so many bytes.
    pub(super) fn new(file_size: usize) -> Self {
        Budget(Cell::new(file_size))
    }

    /// Takes what so many nodes need at least.
    ///
    /// Errors: there are more than the file can hold.
    pub(super) fn take(&self, nodes: usize) -> std::result::Result<(), ()> {
        self.0.set(nodes.checked_mul(NODE_BYTES).and_then(|bytes| self.0.get().checked_sub(bytes)).ok_or(())?);
        Ok(())
    }
}
