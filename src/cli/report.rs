//! What a command answers: one value that can be written in every form.

use serde_json::Value;

use super::sanitize;
use super::view::table::folded_text;
use super::view::{Screen, View};
use crate::base::Hint;
use crate::base::time::{parse_moment, rfc3339, whole_second};
use crate::error::{Error, ErrorKind, Result};

/// The answer of a command.
pub struct Report {
    /// Name of the document, such as `hivectl.ml.train/v1`.
    pub schema: &'static str,
    /// What `-o json` and `-o yaml` hold under `data`.
    pub data: Value,
    /// What `-o table` and `-o wide` print.
    pub text: Box<dyn Fn(&Screen) -> String>,
    /// What `-o name` prints, one a line.
    pub names: Vec<String>,
    /// What `-o jsonl` prints; `None` prints `data.items`, or `data` itself on one line.
    pub lines: Option<Vec<Value>>,
    /// What people should know beside the result; also on stderr.
    pub warnings: Vec<String>,
    /// Commands to type next; on stderr, where a person watches.
    pub next: Vec<Hint>,
    pub exit_code: u8,
    /// The command has written its rows to stdout itself (a stream), so nothing more belongs there.
    pub streamed: bool,
}

impl Report {
    /// A report with a table and a document. Its text is folded to the screen.
    pub fn new(schema: &'static str, data: Value, text: impl Fn(&Screen) -> String + 'static) -> Report {
        Report {
            schema,
            data,
            text: Box::new(move |screen| {
                let text = text(screen);
                folded_text(&if screen.plain { sanitize::in_ascii(&text) } else { text }, screen)
            }),
            names: Vec::new(),
            lines: None,
            warnings: Vec::new(),
            next: Vec::new(),
            exit_code: 0,
            streamed: false,
        }
    }

    /// The report of a job: its document, and the text that is rendered from it.
    pub fn of<D: View + 'static>(document: D) -> Result<Report> {
        let unwritten = |error| Error::new(ErrorKind::Internal, format!("{} cannot be written", D::SCHEMA)).because(error);
        let mut data = serde_json::to_value(&document).map_err(unwritten)?;
        let (names, mut lines, warnings, next) = (document.names(), document.lines(), document.warnings(), document.next());
        lines.iter_mut().flatten().chain([&mut data]).for_each(cut_fractions);
        let exit_code = document.exit_code();
        let report = match document.is_verbatim() {
            true => Report { text: Box::new(move |screen| document.text(screen)), ..Report::new(D::SCHEMA, data, |_| String::new()) },
            false => Report::new(D::SCHEMA, data, move |screen| document.text(screen)),
        };
        Ok(Report { names, lines, warnings, next, exit_code, ..report })
    }

    /// What stands one an item: the lines, or the items of the document; `None` where the report has neither.
    pub fn items(&self) -> Option<&[Value]> {
        let items = || self.data.get("items")?.as_array().map(Vec::as_slice);
        self.lines.as_deref().or_else(items)
    }
}

/// Records and plans keep moments to the millisecond, under `at` or a name that ends so; they are told to the second, as
/// every other. Rows about tickets hold what the tickets hold, and tags and parameters what somebody wrote.
fn cut_fractions(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(cut_fractions),
        Value::Object(fields) if !fields.contains_key("ticket_id") => {
            for (key, value) in fields.iter_mut().filter(|(key, _)| !["tags", "params"].contains(&key.as_str())) {
                let is_moment = |text: &&str| text.contains('.') && (key == "at" || key.ends_with("_at"));
                match value.as_str().filter(is_moment).and_then(|text| parse_moment(text).ok()) {
                    Some(moment) => *value = rfc3339(whole_second(moment)).into(),
                    None => cut_fractions(value),
                }
            }
        }
        _ => {}
    }
}
