//! Settings and contexts as people read them.

use super::table::{Column, table};
use super::{Screen, View};
use crate::api::settings::{
    ContextList, ContextSummary, SettingChange, SettingCheck, SettingFile, SettingFiles, SettingList, SettingReport,
};
use crate::base::number::counted;
use crate::base::{Hint, commands};

fn or_dash(value: Option<&String>) -> String {
    value.cloned().unwrap_or_else(|| "-".into())
}

impl View for SettingReport {
    fn text(&self, _: &Screen) -> String {
        format!("{}\n", or_dash(self.value.as_ref()))
    }

    fn is_verbatim(&self) -> bool {
        true
    }

    fn names(&self) -> Vec<String> {
        vec![self.key.clone()]
    }

    fn next(&self) -> Vec<Hint> {
        match &self.origin {
            Some(origin) => vec![format!("set by {origin}").into()],
            None => vec![commands::config_set(&self.key, "VALUE").into()],
        }
    }
}

impl View for SettingList {
    fn text(&self, screen: &Screen) -> String {
        const COLUMNS: [Column; 5] =
            [Column::Text("KEY"), Column::Text("VALUE"), Column::Text("ORIGIN"), Column::Text("ENVIRONMENT"), Column::Text("ABOUT")];
        let shown = if screen.all_columns { 5 } else { 3 };
        let row = |setting: &SettingReport| {
            let (value, origin) = (or_dash(setting.value.as_ref()), or_dash(setting.origin.as_ref()));
            let all = [setting.key.clone(), value, origin, setting.environment.join(" "), setting.about.clone()];
            all.into_iter().take(shown).collect()
        };
        table(&COLUMNS[..shown], &self.items.iter().map(row).collect::<Vec<Vec<String>>>(), screen)
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(|setting| setting.key.clone()).collect()
    }
}

impl View for SettingFiles {
    fn text(&self, screen: &Screen) -> String {
        let row =
            |file: &SettingFile| vec![file.layer.clone(), if file.exists { "yes" } else { "no" }.into(), file.file.display().to_string()];
        let rows: Vec<Vec<String>> = self.items.iter().map(row).collect();
        table(&[Column::Text("LAYER"), Column::Text("EXISTS"), Column::Text("FILE")], &rows, screen)
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(|file| file.file.display().to_string()).collect()
    }
}

impl View for ContextList {
    fn text(&self, screen: &Screen) -> String {
        const COLUMNS: [Column; 7] = [
            Column::Text(""),
            Column::Text("NAME"),
            Column::Text("REGISTRY"),
            Column::Text("TICKETS"),
            Column::Text("PROMETHEUS"),
            Column::Text("NAMESPACE"),
            Column::Text("PROTECTED"),
        ];
        let row = |context: &ContextSummary| {
            let mark = if context.current { "*" } else { "" };
            let values = [&context.registry, &context.tickets, &context.prometheus, &context.namespace];
            let protected = if context.protected { "yes" } else { "no" };
            let protected = context.protected_as_written.as_deref().unwrap_or(protected).to_owned();
            let words = [mark.to_owned(), context.name.clone()];
            words.into_iter().chain(values.map(|value| or_dash(value.as_ref()))).chain([protected]).collect()
        };
        table(&COLUMNS, &self.items.iter().map(row).collect::<Vec<Vec<String>>>(), screen)
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(|context| context.name.clone()).collect()
    }

    fn next(&self) -> Vec<Hint> {
        if self.items.is_empty() { vec![("to make a context: ", commands::config_set_registry("NAME")).into()] } else { Vec::new() }
    }
}

impl View for SettingChange {
    fn text(&self, _: &Screen) -> String {
        match (self.changed || self.would_change == Some(true), self.would_change) {
            (false, _) => format!("{} is so already in {}; nothing was changed\n", self.key, self.file.display()),
            (true, Some(_)) => format!("would change {}\nnothing was changed\n", self.described()),
            (true, None) => format!("{}\n", self.described()),
        }
    }

    fn names(&self) -> Vec<String> {
        vec![self.key.clone()]
    }

    fn warnings(&self) -> Vec<String> {
        self.overridden_by.clone()
    }

    fn next(&self) -> Vec<Hint> {
        vec![commands::config_check().into()]
    }
}

impl View for SettingCheck {
    fn text(&self, _: &Screen) -> String {
        let (files, contexts) = (self.files.join(", "), counted(self.contexts.len(), "context"));
        let policy = self.policy.as_ref().map(|policy| format!("{}: a policy that can be read\n", policy.display())).unwrap_or_default();
        let files = match &self.failure {
            Some(failure) => format!("{files}: {}; the rest is as it should be, with {contexts}\n", failure.message),
            None if self.files.is_empty() => "there is no file of settings; environment and defaults are in force\n".to_owned(),
            None => format!("{files}: as it should be, with {contexts}\n"),
        };
        files + &policy
    }

    fn warnings(&self) -> Vec<String> {
        self.failure.iter().map(|failure| failure.message.clone()).chain(self.notes.clone()).collect()
    }

    fn next(&self) -> Vec<Hint> {
        self.failure.iter().flat_map(|failure| failure.hints.clone()).collect()
    }
}
