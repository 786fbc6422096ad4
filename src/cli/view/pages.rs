//! What hivectl says of itself, as people read it.

use std::fmt::Write as _;

use super::{Screen, View};
use crate::api::pages::{
    AlertExplanation, CodeExplanation, CompletionScript, Explanation, InstalledCompletions, ManualPage, RunbookTitle, ScriptExplanation,
    VersionReport,
};
use crate::base::{Hint, commands};

impl View for VersionReport {
    fn text(&self, _: &Screen) -> String {
        let VersionReport { version, build, registry_schema, registry_schema_newest, package_format, .. } = self;
        format!(
            "hivectl {version} ({}, {} {}, commit {})\nembedded registry: MLflow schema {registry_schema}, up to {registry_schema_newest}\nmodel package: format {package_format}\n",
            build.profile, build.system, build.processor, build.commit
        )
    }
}

impl View for CompletionScript {
    fn text(&self, _: &Screen) -> String {
        self.text.clone()
    }

    fn is_verbatim(&self) -> bool {
        true
    }
}

impl View for InstalledCompletions {
    fn text(&self, _: &Screen) -> String {
        let file = self.file.display();
        match (self.changed, &self.left) {
            (true, None) => format!("wrote {file}; it works in the next shell\n"),
            (true, Some(left)) => format!("wrote {file}; it does not work yet:\n{left}; then it works in the next shell\n"),
            (false, None) => format!("{file} is so already; nothing was changed\n"),
            (false, Some(left)) => format!("{file} is so already; nothing was changed\nwhere it does not work: {left}\n"),
        }
    }

    fn is_verbatim(&self) -> bool {
        true
    }
}

impl View for ManualPage {
    fn text(&self, _: &Screen) -> String {
        self.text.clone()
    }

    fn is_verbatim(&self) -> bool {
        true
    }
}

impl View for Explanation {
    fn text(&self, screen: &Screen) -> String {
        match self {
            Explanation::Code(code) => of_code(code),
            Explanation::Alert(alert) => of_alert(alert),
            Explanation::Script(script) => of_script(script),
            Explanation::Several { items } => items.iter().map(|item| item.text(screen)).collect::<Vec<_>>().join("\n"),
        }
    }

    fn names(&self) -> Vec<String> {
        match self {
            Explanation::Script(script) => vec![script.command.to_string()],
            Explanation::Code(_) | Explanation::Alert(_) | Explanation::Several { .. } => Vec::new(),
        }
    }

    fn next(&self) -> Vec<Hint> {
        match self {
            Explanation::Alert(alert) => alert.runbooks.iter().map(|id| commands::runbook_run(id).into()).collect(),
            Explanation::Several { items } => items.iter().flat_map(View::next).collect(),
            Explanation::Code(_) | Explanation::Script(_) => Vec::new(),
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
