//! The record of a run: Markdown for the post-mortem, from which the run can be resumed.

use crate::base::commands;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// What a step came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    AsExpected,
    /// What is different from what the runbook says.
    Unexpected(String),
    /// A look at a registry that has no model yet, which found none.
    NothingYet,
    /// A change that the operator said no to.
    PassedOver,
    /// A line for another tool, of which the operator told what came out.
    Told,
    /// A line for another tool, of which nobody told anything.
    Untold,
}

impl Outcome {
    /// For people.
    pub fn words(&self) -> String {
        match self {
            Outcome::AsExpected => "as expected".into(),
            Outcome::Unexpected(why) => format!("not as expected: {why}"),
            Outcome::NothingYet => "without a model to look at: the registry has none yet".into(),
            Outcome::PassedOver => "passed over, not run: the answer was no".into(),
            Outcome::Told => "told by the operator".into(),
            Outcome::Untold => "for another tool, not run by hivectl, and nothing was told of it".into(),
        }
    }

    /// Whether the step came to what the runbook is about; a line for another tool always does, and a look that found no model
    /// does where a later step makes one.
    pub fn is_well(&self) -> bool {
        !matches!(self, Outcome::Unexpected(_) | Outcome::PassedOver)
    }
}

/// What came of one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub title: String,
    /// The command as it was run or shown.
    pub line: String,
    /// Whether the command is one that changes something.
    pub changes: bool,
    /// RFC 3339.
    pub at: String,
    pub duration_ms: u128,
    /// `None` for a line of another tool, and for a step that was passed over.
    pub exit_code: Option<i32>,
    /// What it printed, or what was answered.
    pub output: String,
    pub outcome: Outcome,
}

/// A step that is behind, as the record remembers it for who goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Behind {
    pub title: String,
    pub line: String,
    pub changes: bool,
    pub exit_code: Option<i32>,
    pub outcome: Outcome,
}

/// Where a run works.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranscriptPlace {
    /// The registry, named so that two names of one place are equal.
    pub registry: String,
    pub context: Option<String>,
}

/// A record as it grows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    pub id: String,
    pub place: TranscriptPlace,
    pub values: Vec<(String, String)>,
    /// The steps that are behind.
    pub steps: Vec<Behind>,
    /// The Markdown so far.
    #[serde(skip)]
    pub text: String,
}

/// What the last line of a record begins with: where a run goes on.
const MARK: &str = "<!-- hivectl runbook: ";

impl Transcript {
    /// The record with its head: `title` of the runbook, when (`at`) and `by` whom it was begun, and `place` for people.
    #[must_use]
    pub fn with_header(mut self, title: &str, at: &str, by: &str, place: &str) -> Transcript {
        self.text = format!("# {title}\n\n`{}`, begun {at} by {by}\n\n{place}\n", commands::runbook_run(&self.id));
        for (name, value) in &self.values {
            let _ = writeln!(self.text, "- {name}: `{value}`");
        }
        self
    }

    /// How many steps are behind.
    pub fn done(&self) -> usize {
        self.steps.len()
    }

    /// Adds a step.
    pub fn add(&mut self, entry: &Entry) {
        let code = entry.exit_code.map_or_else(String::new, |code| format!(", exit code {code}"));
        let fence = if entry.output.contains("```") { "````" } else { "```" };
        let _ = write!(
            self.text,
            "\n## {}. {}\n\n{}, {} ms{code}: {}\n\n    {}\n\n{fence}\n{}\n{fence}\n",
            self.done() + 1,
            entry.title,
            entry.at,
            entry.duration_ms,
            entry.outcome.words(),
            entry.line,
            entry.output.trim_end()
        );
        self.steps.push(Behind {
            title: entry.title.clone(),
            line: entry.line.clone(),
            changes: entry.changes,
            exit_code: entry.exit_code,
            outcome: entry.outcome.clone(),
        });
    }

    /// The steps that were run and change something, such as `step 2 (Roll back)`.
    pub fn changed(&self) -> Vec<String> {
        let run = self.steps.iter().enumerate().filter(|(_, step)| step.changes && step.exit_code.is_some());
        let told = |(index, step): (usize, &Behind)| match step.exit_code {
            Some(code) if code != 0 => format!("step {} ({}, exit code {code})", index + 1, step.title),
            _ => format!("step {} ({})", index + 1, step.title),
        };
        run.map(told).collect()
    }

    /// The record as a file, with the mark to go on from.
    pub fn to_file(&self) -> String {
        // A comment of HTML must not hold two dashes in a row. A record holds nothing that JSON cannot say.
        let state = serde_json::to_string(self).unwrap_or_default().replace("--", "-\\u002d");
        format!("{}\n{MARK}{state} -->\n", self.text.trim_end())
    }

    /// Reads a record back; `None` for another file.
    pub fn from_file(text: &str) -> Option<Transcript> {
        let at = text.rfind(MARK)?;
        let state = text[at + MARK.len()..].trim_end().strip_suffix("-->")?.trim_end();
        let read: Transcript = serde_json::from_str(state).ok()?;
        Some(Transcript { text: format!("{}\n", text[..at].trim_end()), ..read })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_goes_on_where_it_ended() {
        let values = vec![("reason".to_owned(), "a --> b -- c".to_owned())];
        let place = TranscriptPlace { registry: "/a---b.db".into(), context: None };
        let transcript = Transcript { id: "rollback".into(), place, values, ..Transcript::default() };
        let mut transcript = transcript.with_header("Roll back", "2026-01-01T00:00:00Z", "me@here", "registry x");
        let entry = Entry {
            title: "See".into(),
            line: "hivectl x".into(),
            changes: true,
            at: "2026-01-01T00:00:01Z".into(),
            duration_ms: 3,
            exit_code: Some(0),
            output: "```\nx".into(),
            outcome: Outcome::AsExpected,
        };
        transcript.add(&entry);
        transcript.add(&Entry { title: "Do".into(), exit_code: None, outcome: Outcome::PassedOver, ..entry.clone() });
        transcript.add(&Entry { title: "Try".into(), exit_code: Some(4), outcome: Outcome::Unexpected("a -- b".into()), ..entry });
        let file = transcript.to_file();
        assert!(file.contains("## 1. See") && file.contains("exit code 0: as expected"), "{file}");
        assert!(!file[file.rfind(MARK).expect("a mark") + 4..].trim_end().trim_end_matches("-->").contains("--"), "{file}");
        let read = Transcript::from_file(&file).expect("a record");
        assert_eq!((read.done(), &read), (3, &transcript));
        assert_eq!(read.to_file(), file);
        assert_eq!(read.changed(), ["step 1 (See)", "step 3 (Try, exit code 4)"]);
        assert_eq!(read.steps.iter().map(|step| step.outcome.is_well()).collect::<Vec<_>>(), [true, false, false]);
        assert_eq!(Transcript::from_file("# other"), None);
    }
}
