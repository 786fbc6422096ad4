//! `hivectl config contexts`, `use` and `check`.

use clap::Args;
use serde_json::json;

use super::change::report;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::view::table::{Column, table};
use crate::config::{Flags, SETTINGS, Settings, files, layers, refuse_writable_by_others};
use crate::error::{Error, Result};
use crate::ops::settings;

/// List the contexts
///
/// A context names a registry, a source of tickets, Prometheus, a Kubernetes namespace, and whether it is protected.
/// Changes nothing.
#[derive(Debug, Args)]
pub struct ContextsArgs {}

/// Make a context the current one
///
/// The user's file names it; `--context` and HIVECTL_CONTEXT win over it for one command or shell.
#[derive(Debug, Args)]
pub struct UseArgs {
    /// Name of the context
    pub name: String,
}

/// Check the files, every value in force, and that each secret can be read
///
/// Every context is checked. Nothing is contacted but the places of secrets. Changes nothing.
#[derive(Debug, Args)]
pub struct CheckArgs {}

/// What a context says that people choose it by.
const SHOWN: [&str; 5] = ["registry", "tickets", "prometheus", "namespace", "protected"];

impl ContextsArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let current = session.settings_to_show()?.context;
        let mut items = Vec::new();
        let mut rows = Vec::new();
        let names = settings::contexts()?;
        for name in &names {
            let inside = Settings::resolve(&Flags { values: Vec::new(), context: Some(name.clone()) })?;
            let value = |key: &str| inside.get(key).map(crate::config::Setting::shown);
            let mut item = json!({ "name": name, "current": current.as_ref() == Some(name) });
            for key in SHOWN {
                item[key] = json!(value(key));
            }
            item["protected"] = inside.protected().into();
            let mark = if current.as_ref() == Some(name) { "*" } else { "" };
            rows.push(
                [mark.to_owned(), name.clone()].into_iter().chain(SHOWN.map(|key| value(key).unwrap_or_else(|| "-".into()))).collect(),
            );
            items.push(item);
        }
        let empty = items.is_empty();
        let text = move |screen: &crate::cli::view::Screen| {
            const COLUMNS: [Column; 7] = [
                Column::Text(""),
                Column::Text("NAME"),
                Column::Text("REGISTRY"),
                Column::Text("TICKETS"),
                Column::Text("PROMETHEUS"),
                Column::Text("NAMESPACE"),
                Column::Text("PROTECTED"),
            ];
            table(&COLUMNS, &rows, screen)
        };
        let mut report = Report { names, ..Report::new("hivectl.config.contexts/v1", json!({ "items": items }), text) };
        if empty {
            report.next.push("to make a context: hivectl config set registry PLACE --context NAME".into());
        }
        Ok(report)
    }
}

impl UseArgs {
    pub fn run(&self, _: &Session<'_>) -> Result<Report> {
        // Refuses a name that no file knows.
        Settings::resolve(&Flags { values: Vec::new(), context: Some(self.name.clone()) })?;
        let changed = settings::prepare(false, &["current_context"], Some(&self.name))?.write()?;
        let mut report = report(&changed, false);
        if let Some(over) = std::env::var("HIVECTL_CONTEXT").ok().filter(|over| !over.is_empty() && *over != self.name) {
            report.warnings.push(format!("HIVECTL_CONTEXT is set and wins: the context in force is still {over}"));
        }
        let of_project = layers()?.into_iter().next().flatten().and_then(|file| file.current_context);
        if let Some(over) = of_project.filter(|over| over.value != self.name) {
            report.warnings.push(format!("{} wins here: the context in force is still {}", over.origin, over.value));
        }
        Ok(report)
    }
}

impl CheckArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let (current, unknown) = Settings::resolve_to_show(&session.flags())?;
        files()?.iter().filter(|file| file.exists).try_for_each(|file| refuse_writable_by_others(&file.path))?;
        check(&current)?;
        let names = settings::contexts()?;
        for name in &names {
            check(&Settings::resolve(&Flags { values: Vec::new(), context: Some(name.clone()) })?)?;
        }
        let read: Vec<String> = files()?.iter().filter(|file| file.exists).map(|file| file.path.display().to_string()).collect();
        if let Some(error) = unknown {
            return Ok(without_context(&read, &names, &error));
        }
        let text = match read.as_slice() {
            [] => "there is no file of settings; environment and defaults are in force\n".to_owned(),
            files => format!("{}: as it should be, with {}\n", files.join(", "), crate::ops::counted(names.len(), "context")),
        };
        let data = json!({ "files": read, "contexts": names, "current_context": current.context });
        Ok(Report::plain("hivectl.config.check/v1", text).with_data(data))
    }
}

/// Everything is as it should be but the context in force, without which no other command goes on.
fn without_context(read: &[String], names: &[String], error: &Error) -> Report {
    let data = json!({ "files": read, "contexts": names, "current_context": null });
    let text = format!("{}: {error}; the rest is as it should be, with {}\n", read.join(", "), crate::ops::counted(names.len(), "context"));
    let mut report = Report::plain("hivectl.config.check/v1", text).with_data(data);
    report.warnings.push(error.to_string());
    report.next = error.hints().to_vec();
    report.exit_code = error.kind().exit_code();
    report
}

/// Every value in its form, every secret readable.
fn check(settings: &Settings) -> Result<()> {
    for (spec, setting) in SETTINGS.iter().filter_map(|spec| Some((spec, settings.get(spec.key)?))) {
        spec.check(setting)?;
        setting.revealed()?;
    }
    Ok(())
}
