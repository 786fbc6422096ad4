//! The record of a run: Markdown for the post-mortem, from which the run can be resumed.

use std::fmt::Write as _;

/// What came of one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub title: String,
    /// The command as it was run or shown.
    pub line: String,
    /// RFC 3339.
    pub at: String,
    pub duration_ms: u128,
    /// `None` for a line of another tool, and for a step that was passed over.
    pub exit_code: Option<i32>,
    /// What it printed, or what was answered.
    pub output: String,
    /// What was thought of it: as expected, not as expected, skipped.
    pub verdict: String,
}

/// A record as it grows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcript {
    pub id: String,
    /// Steps that are behind, counted from 0.
    pub done: usize,
    pub values: Vec<(String, String)>,
    pub text: String,
}

/// What the last line of a record begins with: where a run goes on.
const MARK: &str = "<!-- hivectl runbook: ";

impl Transcript {
    /// The head of a new record.
    pub fn begin(id: &str, title: &str, at: &str, by: &str, place: &str, values: Vec<(String, String)>) -> Transcript {
        let mut text = format!("# {title}\n\n`hivectl runbook run {id}`, begun {at} by {by}\n\n{place}\n");
        for (name, value) in &values {
            let _ = writeln!(text, "- {name}: `{value}`");
        }
        Transcript { id: id.to_owned(), done: 0, values, text }
    }

    /// Adds a step.
    pub fn add(&mut self, entry: &Entry) {
        let code = entry.exit_code.map_or_else(String::new, |code| format!(", exit code {code}"));
        let fence = if entry.output.contains("```") { "````" } else { "```" };
        let _ = write!(
            self.text,
            "\n## {}. {}\n\n{}, {} ms{code}: {}\n\n    {}\n\n{fence}\n{}\n{fence}\n",
            self.done + 1,
            entry.title,
            entry.at,
            entry.duration_ms,
            entry.verdict,
            entry.line,
            entry.output.trim_end()
        );
        self.done += 1;
    }

    /// The record as a file, with the mark to go on from.
    pub fn to_file(&self) -> String {
        let values: serde_json::Map<String, serde_json::Value> =
            self.values.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
        // A comment of HTML must not hold two dashes in a row.
        let state = serde_json::json!({ "id": self.id, "done": self.done, "values": values }).to_string().replace("--", "-\\u002d");
        format!("{}\n{MARK}{state} -->\n", self.text.trim_end())
    }

    /// Reads a record back; `None` for another file.
    pub fn from_file(text: &str) -> Option<Transcript> {
        let at = text.rfind(MARK)?;
        let state = text[at + MARK.len()..].trim_end().strip_suffix("-->")?.trim_end();
        let state: serde_json::Value = serde_json::from_str(state).ok()?;
        let values = state["values"].as_object()?;
        Some(Transcript {
            id: state["id"].as_str()?.to_owned(),
            done: usize::try_from(state["done"].as_u64()?).ok()?,
            values: values.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect(),
            text: format!("{}\n", text[..at].trim_end()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_goes_on_where_it_ended() {
        let values = vec![("reason".to_owned(), "a --> b -- c".to_owned())];
        let mut transcript = Transcript::begin("rollback", "Roll back", "2026-01-01T00:00:00Z", "me@here", "registry x", values);
        let entry = Entry {
            title: "See".into(),
            line: "hivectl x".into(),
            at: "2026-01-01T00:00:01Z".into(),
            duration_ms: 3,
            exit_code: Some(0),
            output: "```\nx".into(),
            verdict: "as expected".into(),
        };
        transcript.add(&entry);
        let file = transcript.to_file();
        assert!(file.contains("## 1. See") && file.contains("exit code 0: as expected"), "{file}");
        let read = Transcript::from_file(&file).expect("a record");
        assert_eq!((read.id.as_str(), read.done, &read.values), ("rollback", 1, &transcript.values));
        assert_eq!(read.to_file(), file);
        assert_eq!(Transcript::from_file("# other"), None);
    }
}
