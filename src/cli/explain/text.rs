//! Explanations as people read them.

use std::fmt::Write as _;

use crate::api::pages::{AlertExplanation, CodeExplanation, Explanation, RunbookTitle, ScriptExplanation, TopicExplanation};
use crate::base::{Hint, commands};
use crate::cli::view::{Screen, View};

impl View for Explanation {
    fn text(&self, screen: &Screen) -> String {
        match self {
            Explanation::Code(code) => of_code(code),
            Explanation::Alert(alert) => of_alert(alert),
            Explanation::Script(script) => of_script(script),
            Explanation::Topic(topic) => of_topic(topic),
            Explanation::Several { items } => items.iter().map(|item| item.text(screen)).collect::<Vec<_>>().join("\n"),
        }
    }

    fn names(&self) -> Vec<String> {
        match self {
            Explanation::Script(script) => vec![script.command.to_string()],
            Explanation::Code(_) | Explanation::Alert(_) | Explanation::Topic(_) | Explanation::Several { .. } => Vec::new(),
        }
    }

    fn next(&self) -> Vec<Hint> {
        match self {
            Explanation::Alert(alert) => alert.runbooks.iter().map(|id| commands::runbook_run(id).into()).collect(),
            Explanation::Several { items } => items.iter().flat_map(View::next).collect(),
            Explanation::Code(_) | Explanation::Script(_) | Explanation::Topic(_) => Vec::new(),
        }
    }
}

fn of_code(page: &CodeExplanation) -> String {
    let mut text = format!("{} (exit code {})\n\n{}\n\nWhy, and how to tell:\n", page.code, page.exit_code, page.meaning);
    for cause in &page.causes {
        let _ = writeln!(text, "- {}: {}", cause.cause, cause.tell);
    }
    let _ = writeln!(text, "\nWhat to do: {}", page.remedy);
    for command in &page.commands {
        let _ = writeln!(text, "  {command}");
    }
    for runbook in &page.runbooks {
        let _ = writeln!(text, "  {}", commands::runbook_run(runbook));
    }
    text
}

fn of_topic(page: &TopicExplanation) -> String {
    let mut text = format!("{}: {}\n", page.topic, page.title);
    for paragraph in &page.paragraphs {
        let gap = if paragraph.starts_with("- ") { "" } else { "\n" };
        let _ = writeln!(text, "{gap}{paragraph}");
    }
    if let Some(example) = &page.example {
        let _ = write!(text, "\n{example}");
    }
    text.push_str("\nCommands:\n");
    for command in &page.commands {
        let _ = writeln!(text, "  {command}");
    }
    text
}

fn of_alert(page: &AlertExplanation) -> String {
    let told = |book: &RunbookTitle| format!("{}: {}\n{}\n  {}\n", page.alert, book.title, book.summary, commands::runbook_run(&book.id));
    page.pages.iter().map(told).collect()
}

fn of_script(page: &ScriptExplanation) -> String {
    let mut text = format!("{} {}\n\nType instead:\n  {}\n", page.script, page.what, page.command);
    if page.arguments.is_empty() && !page.options.is_empty() {
        text.push_str("\nIts options:\n");
        for option in &page.options {
            let new = option.new.as_deref().unwrap_or_default();
            let old = &option.old;
            let _ = match new.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
                Some((place, _)) => writeln!(text, "  {old:<28} in the place of {place}"),
                None => writeln!(text, "  {old:<28} {}", if new.is_empty() { "needed no more" } else { new }),
            };
        }
    }
    for note in &page.notes {
        let _ = writeln!(text, "note: {note}");
    }
    text
}
