//! The form of a runbook: Markdown with one command a step.
//!
//! `# Title`, a summary, a line with the alerts and one with the error codes it is for; then a `## Step` each with its
//! text, one fenced command (`hivectl`, `hivectl change` or `external`) and what is to be expected of it: exit codes and
//! words of the output (`this|that` is either). Words in braces, such as `{model}`, are filled in.

use serde::{Deserialize, Serialize};

/// What a step's command does; in documents `look`, `change` or `external`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// A hivectl command that changes nothing.
    Look,
    /// A hivectl command that changes something.
    Change,
    /// A line for another tool: shown, and never run.
    External,
}

/// What a command should come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// Any of these exit codes.
    pub exit_codes: Vec<u8>,
    /// All of these in its output; one with bars says what may stand there instead.
    pub words: Vec<String>,
}

impl Expected {
    /// The first of the words that is not in the output.
    pub fn missing(&self, output: &str) -> Option<&str> {
        self.words.iter().map(String::as_str).find(|word| !word.split('|').any(|either| output.contains(either)))
    }
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub title: String,
    pub text: String,
    pub kind: StepKind,
    /// The command as it is written, with its braces.
    pub line: String,
    pub expected: Option<Expected>,
}

/// A runbook in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runbook {
    pub id: String,
    pub title: String,
    pub summary: String,
    pub alerts: Vec<String>,
    pub codes: Vec<String>,
    pub steps: Vec<Step>,
    /// The Markdown.
    pub source: &'static str,
}

impl Runbook {
    /// Reads the Markdown of a runbook; what has no meaning here is text.
    pub(super) fn parse(id: &str, source: &'static str) -> Runbook {
        let mut parts = source.split("\n## ");
        let head = parts.next().unwrap_or_default();
        let mut runbook = Runbook {
            id: id.to_owned(),
            title: String::new(),
            summary: String::new(),
            alerts: Vec::new(),
            codes: Vec::new(),
            steps: Vec::new(),
            source,
        };
        for line in head.lines() {
            if let Some(title) = line.strip_prefix("# ") {
                runbook.title = title.to_owned();
            } else if starts_with(line, &["Alerts:", "Alertas:"]) {
                runbook.alerts = quoted(line);
            } else if starts_with(line, &["Codes:", "Códigos:"]) {
                runbook.codes = quoted(line);
            } else if !line.is_empty() {
                runbook.summary = format!("{} {line}", runbook.summary).trim().to_owned();
            }
        }
        runbook.steps = parts.map(step).collect();
        runbook
    }

    /// The words in braces that its commands hold, each once.
    pub fn variables(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for name in self.steps.iter().flat_map(|step| variables(&step.line)) {
            if !found.contains(&name) {
                found.push(name);
            }
        }
        found
    }
}

impl Step {
    /// The command with each word in braces as `value` gives it; a word without a value in capitals.
    pub fn filled(&self, value: impl Fn(&str) -> Option<String>) -> String {
        filled(&self.line, value)
    }
}

/// A text with each word in braces as `value` gives it; a word without a value in capitals.
pub fn filled(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    variables(text).into_iter().fold(text.to_owned(), |text, name| {
        let word = value(&name).unwrap_or_else(|| name.to_uppercase());
        text.replace(&format!("{{{name}}}"), &word)
    })
}

/// The words in braces of a command. Only lower-case words count, so that another tool's braces stay as they are.
fn variables(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in line.split('{').skip(1) {
        if let Some((name, _)) = part
            .split_once('}')
            .filter(|(name, _)| !name.is_empty() && name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_'))
        {
            found.push(name.to_owned());
        }
    }
    found
}

fn step(part: &'static str) -> Step {
    let (title, body) = part.split_once('\n').unwrap_or((part, ""));
    let mut step = Step { title: title.to_owned(), text: String::new(), kind: StepKind::External, line: String::new(), expected: None };
    let mut fenced = false;
    for line in body.lines() {
        match line.strip_prefix("```") {
            Some(_) if fenced => fenced = false,
            Some(kind) => {
                fenced = true;
                step.kind = match kind {
                    "hivectl" => StepKind::Look,
                    "hivectl change" => StepKind::Change,
                    _ => StepKind::External,
                };
            }
            None if fenced => step.line = line.to_owned(),
            None if starts_with(line, &["Expect:", "Espere:"]) => {
                let numbers = line.split('`').next().unwrap_or_default().split(|letter: char| !letter.is_ascii_digit());
                step.expected =
                    Some(Expected { exit_codes: numbers.filter_map(|number| number.parse().ok()).collect(), words: quoted(line) });
            }
            None if line.is_empty() => {}
            None => step.text = format!("{} {line}", step.text).trim().to_owned(),
        }
    }
    step
}

fn starts_with(line: &str, words: &[&str]) -> bool {
    words.iter().any(|word| line.starts_with(word))
}

/// The words between backquotes.
fn quoted(line: &str) -> Vec<String> {
    line.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Title\n\nWhat it is.\n\nAlerts: `A`, `B`\n\nCodes: `HML-1400`\n\n## One\n\nLook.\n\n```hivectl\nhivectl x {model}\n```\n\nExpect: exit code 0 or 14, `one`, `two`\n\n## Two\n\n```external\nkubectl get {namespace} '{a: 1}'\n```\n";

    #[test]
    fn a_text_is_read_into_its_steps() {
        let runbook = Runbook::parse("id", TEXT);
        assert_eq!((runbook.title.as_str(), runbook.summary.as_str()), ("Title", "What it is."));
        assert_eq!((runbook.alerts.len(), runbook.codes.len(), runbook.steps.len()), (2, 1, 2));
        let expected = runbook.steps[0].expected.clone().expect("expected");
        assert_eq!((expected.exit_codes, expected.words), (vec![0, 14], vec!["one".to_owned(), "two".to_owned()]));
        let either = Expected { exit_codes: vec![0], words: vec!["a|b".into(), "c".into()] };
        assert_eq!((either.missing("b c"), either.missing("c"), either.missing("a")), (None, Some("a|b"), Some("c")));
        assert_eq!(runbook.steps[0].filled(|_| Some("m".into())), "hivectl x m");
        assert_eq!(runbook.steps[1].filled(|_| None), "kubectl get NAMESPACE '{a: 1}'");
        assert_eq!(runbook.variables(), ["model", "namespace"]);
    }
}
