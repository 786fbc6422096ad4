//! `hivectl config set` and `unset`.

use clap::Args;
use serde_json::json;

use crate::cli::prompt;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::config::SettingSpec;
use crate::error::Result;
use crate::ops::settings::{self, Change, Changed, Guard};

/// Set a setting in the user's file
///
/// With --context the setting belongs to that context, which is made where there is none of that name. One line
/// changes; comments and order stay. A secret is set by its place: '{file: PATH}', '{command: COMMAND}' or
/// '{env: NAME}'; a command runs for 10 seconds at most. A context is protected as soon as one file protects it, and every
/// change of it, in whichever file, asks to type its name; so does one that takes its protection or its registry away.
#[derive(Debug, Args)]
pub struct SetArgs {
    /// Name of the setting
    pub key: String,

    /// Its new value
    pub value: String,

    #[command(flatten)]
    pub place: PlaceArgs,
}

/// Remove a setting from the user's file
///
/// What is not there is no failure. A context is protected as soon as one file protects it, and every change of it, in
/// whichever file, asks to type its name.
#[derive(Debug, Args)]
pub struct UnsetArgs {
    /// Name of the setting, current_context, or contexts.NAME for a whole context, contexts.NAME.KEY for one of its settings
    pub key: String,

    #[command(flatten)]
    pub place: PlaceArgs,
}

#[derive(Debug, Args)]
pub struct PlaceArgs {
    /// Change the project's file (.hivectl.yaml in the working folder) instead of the user's
    #[arg(long)]
    pub project: bool,

    /// Show what would be changed and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

impl SetArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let spec = SettingSpec::named(&self.key)?;
        let path = match &session.global.context {
            Some(context) => vec!["contexts", context.as_str(), spec.key],
            None => vec![spec.key],
        };
        conclude(session, &path, Some(&self.value), &self.place)
    }
}

impl UnsetArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let key = match self.key.as_str() {
            "current_context" => "current_context",
            key if key.starts_with("contexts.") => key,
            key => SettingSpec::named(key)?.key,
        };
        let path = match (&session.global.context, key.strip_prefix("contexts.")) {
            (_, Some(inside)) => match inside.rsplit_once('.').filter(|(_, key)| SettingSpec::named(key).is_ok()) {
                Some((context, key)) => vec!["contexts", context, key],
                None => vec!["contexts", inside],
            },
            (Some(context), None) => vec!["contexts", context.as_str(), key],
            (None, None) => vec![key],
        };
        conclude(session, &path, None, &self.place)
    }
}

fn conclude(session: &Session<'_>, path: &[&str], value: Option<&str>, place: &PlaceArgs) -> Result<Report> {
    let change = settings::prepare(place.project, path, value)?;
    if let Some(guard) = change.guard.as_ref().filter(|_| change.differs()) {
        if let Some(context) = &guard.context {
            session.enter(context);
        }
        session.printer.note(&told(guard, &change));
        if !place.dry_run {
            prompt::typed(session.terminal, &prompt::PROTECTED, &prompt::by_name(session.terminal, guard.name()))?;
        }
    }
    let changed = if place.dry_run { change.planned() } else { change.write()? };
    Ok(report(&changed, place.dry_run))
}

/// The line before the question: the context, what protects it, and what would change.
fn told(guard: &Guard, change: &Change) -> String {
    let context = guard.context.as_ref().map_or_else(|| "without a context".to_owned(), |context| format!("context {context}"));
    format!("{context} [protected by {}]: would change {}", guard.protected_by, change.described())
}

/// What a change of a file came to.
pub fn report(changed: &Changed, dry_run: bool) -> Report {
    let data = json!({
        "file": changed.file,
        "key": changed.key,
        "before": changed.before,
        "after": changed.after,
        "changed": changed.changed && !dry_run,
    });
    let text = match (changed.changed, dry_run) {
        (false, _) => format!("{} is so already in {}; nothing was changed\n", changed.key, changed.file.display()),
        (true, true) => format!("would change {}\nnothing was changed\n", changed.described()),
        (true, false) => format!("{}\n", changed.described()),
    };
    let mut report = Report::plain("hivectl.config.change/v1", text).with_data(data);
    report.next.push("hivectl config check".into());
    report.names = vec![changed.key.clone()];
    report
}
