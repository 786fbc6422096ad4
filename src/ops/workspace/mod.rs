//! What every job stands on: the settings in force, and the registry and tickets that they name.
//!
//! A workspace belongs to one job. It resolves the settings once, opens what a job asks for, and asks whoever started the job
//! ([`Interaction`]) before a change. Faces hold one and ask it through [`crate::api::Operations`], which
//! each job implements in its own file.

mod confirmation;
mod job_state;
mod judging;
mod recording;
mod registry;
mod tickets;

use crate::api::{Interaction, Place, Progress, Scope, SettingLine};
use crate::audit::Actor;
use crate::config::{Flags, Settings};
use crate::error::Result;
use crate::kinds::Catalogue;
use crate::registry::Warnings;

pub use job_state::{CompletedChange, JobState};
pub(in crate::ops) use judging::{judge_request, judge_request_over, note_judging, number, place_of_policy, policy};
pub use registry::registry_uri;
pub(in crate::ops) use registry::{Intent, model_cache, open_existing};
pub(in crate::ops) use tickets::{field_paths, location, note};

/// The surroundings of one job.
pub struct Workspace<'a> {
    scope: Scope,
    interaction: &'a dyn Interaction,
    kinds: Catalogue,
    warnings: Warnings,
    state: JobState,
}

impl<'a> Workspace<'a> {
    /// A workspace for what `scope` says; nothing is read or opened yet.
    pub fn new(scope: Scope, interaction: &'a dyn Interaction) -> Workspace<'a> {
        Workspace { scope, interaction, kinds: Catalogue::all(), warnings: Warnings::default(), state: JobState::begin() }
    }

    /// The same with other kinds of models.
    #[must_use]
    pub fn with_kinds(self, kinds: Catalogue) -> Workspace<'a> {
        Workspace { kinds, ..self }
    }

    /// The kinds of models that there are.
    pub fn kinds(&self) -> &Catalogue {
        &self.kinds
    }

    /// What is known of the job while it runs.
    pub fn state(&self) -> &JobState {
        &self.state
    }

    /// What is worth knowing beside the result, such as the age of an answer that stands in for a server's.
    pub fn warnings(&self) -> Vec<String> {
        self.warnings.lock().map(|warnings| warnings.clone()).unwrap_or_default()
    }

    /// Tells beside the result what is worth knowing.
    pub(super) fn warn(&self, warning: String) {
        if let Ok(mut warnings) = self.warnings.lock() {
            warnings.push(warning);
        }
    }

    /// Why the job is done, where somebody said so.
    pub(super) fn reason(&self) -> Option<String> {
        self.scope.reason.clone()
    }

    /// Who does it.
    pub(super) fn actor(&self) -> Actor {
        super::actor_of_process()
    }

    pub(super) fn interaction(&self) -> &'a dyn Interaction {
        self.interaction
    }

    pub(super) fn progress(&self) -> &'a dyn Progress {
        self.interaction.progress()
    }

    /// What the scope says of settings, to which a request adds its own words.
    pub(super) fn flags(&self) -> Flags {
        let mut flags = Flags { values: Vec::new(), context: self.scope.context.clone(), commands: self.state.commands() };
        flags.set("registry", "--registry", self.scope.registry.as_ref());
        flags.set("workspace", "--workspace", self.scope.workspace.as_ref());
        flags
    }

    /// Resolves the settings: `flags` over environment, context, files and defaults.
    ///
    /// Errors: those of [`Settings::resolve`].
    pub(super) fn settings(&self, flags: &Flags) -> Result<Settings> {
        let settings = Settings::resolve(flags)?;
        self.announce(&settings);
        Ok(settings)
    }

    /// Resolves the settings for a job that shows settings: a current context that does not exist is a warning.
    ///
    /// Errors: those of [`Settings::resolve_to_show`].
    pub(super) fn settings_to_show(&self) -> Result<Settings> {
        let (settings, unknown) = Settings::resolve_to_show(&self.flags())?;
        if let Some(context) = &settings.context {
            self.interaction.enter(context);
        }
        if let (Some(error), Ok(mut warnings)) = (unknown, self.warnings.lock()) {
            let hints: Vec<String> = error.hints().iter().map(ToString::to_string).collect();
            warnings.push(format!("{error}; {}", hints.join("; ")));
        }
        Ok(settings)
    }

    /// The context that the scope names.
    pub(super) fn context_of_scope(&self) -> Option<&str> {
        self.scope.context.as_deref()
    }

    /// Tells whoever started the job which settings are in force.
    pub fn announce(&self, settings: &Settings) {
        let lines: Vec<SettingLine> = settings
            .all()
            .map(|(key, setting)| SettingLine { key: key.to_owned(), value: setting.shown(), origin: setting.origin.to_string() })
            .collect();
        self.interaction.resolved(&place_as_set(settings), &lines);
    }
}

/// The registry before it is opened, with its name as it is set.
pub(in crate::ops) fn place_as_set(settings: &Settings) -> Place {
    let registry = settings.get("registry");
    let is_server = registry.is_some_and(|setting| setting.value.trim_start().starts_with("http"));
    Place {
        registry: registry.map(|registry| registry.shown()).unwrap_or_default(),
        origin: registry.map(|registry| registry.origin.to_string()).unwrap_or_default(),
        workspace: settings.get("workspace").filter(|_| is_server).map(|workspace| workspace.shown()),
        context: settings.context.clone(),
        protected: settings.protected(),
    }
}

/// An opened registry.
pub(super) fn place_of(settings: &Settings, location: String) -> Place {
    Place { registry: location, ..place_as_set(settings) }
}
