//! Reports as people read them: what every text is made of, and the texts that several verbs or none have. The text of one
//! verb stands beside its arguments.

pub mod age;
pub mod backfill;
pub mod bar;
pub mod baseline;
pub mod change;
pub mod chart;
pub mod models;
pub mod screen;
mod settings;
pub mod svg;
pub mod table;
pub mod time;
pub mod train;
mod transfer;
mod tune;

pub use crate::base::number;
pub use screen::Screen;

use serde_json::Value;

use crate::api::Document;
use crate::base::Hint;

/// How a document looks to people, and what stands beside it.
pub trait View: Document {
    /// What `-o table` and `-o wide` print.
    fn text(&self, screen: &Screen) -> String;

    /// Whether the text is one by nature (a document, a value) and stays as it is.
    fn is_verbatim(&self) -> bool {
        false
    }

    /// What `-o name` prints, one a line.
    fn names(&self) -> Vec<String> {
        Vec::new()
    }

    /// What `-o jsonl` prints; `None` for the items of the document, or itself on one line.
    fn lines(&self) -> Option<Vec<Value>> {
        None
    }

    /// What people should know beside the result.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }

    /// What to type next.
    fn next(&self) -> Vec<Hint> {
        Vec::new()
    }
}
