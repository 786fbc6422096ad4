//! `hivectl ml models archive`.

use clap::Args;

use crate::cli::prompt::{self, Typed};
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::view;
use crate::config::Settings;
use crate::error::Result;
use crate::lifecycle::{Approved, Archival, Changed, ModelRef, Stage};
use crate::ops::change;

/// Versions in Staging that `--older` always leaves.
const KEPT: usize = 3;

/// Take versions out of service
///
/// One version, or with --older every version in Staging but the three newest. Taking the version in
/// Production out of service asks to type the model's name; another stage asks y/N. In a protected context all
/// ask for a name: the model's, or for all models the context's. Nothing is deleted.
#[derive(Debug, Args)]
pub struct ArchiveArgs {
    /// Version to archive: NAME@7 or NAME@latest; with --older a model's name, or nothing for all models
    #[arg(required_unless_present = "older")]
    pub reference: Option<ModelRef>,

    /// Archive the versions in Staging but the newest
    #[arg(long)]
    pub older: bool,

    /// How many of the newest to keep in Staging; at least 3
    #[arg(long, value_name = "COUNT", default_value_t = KEPT as u64, value_parser = clap::value_parser!(u64).range(KEPT as u64..), requires = "older")]
    pub keep: u64,

    /// Show what would be archived and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

impl ArchiveArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let settings = session.settings(&session.flags())?;
        if self.older {
            return self.older(session, &settings);
        }
        let Some(reference) = &self.reference else { unreachable_without_reference()? };
        let mut registry = session.registry_to_change(&settings)?;
        let version = change::version_to_change(registry.as_ref(), reference)?;
        // The newest where there are several: archiving is how that is repaired.
        let serving = registry.observe(&version.name)?.versions.into_iter().find(|other| other.stage == Stage::Production);
        let champion = serving.map(|champion| champion.version);
        if version.stage == Stage::Archived && !version.has_champion_alias() {
            let changed = Changed { previous_champion: champion, ..Changed::nothing(&version, None) };
            return Ok(view::change::already_so(changed));
        }
        if self.dry_run {
            return Ok(view::change::would_archive_one(&version, champion, &session.place_line(&settings, registry.as_ref())));
        }
        let named = format!("{}@{}", version.name, version.version);
        let question = format!("Archive {named}, which is in {}?", version.stage.name());
        let approval = if version.stage == Stage::Production || version.has_champion_alias() || settings.protected() {
            let typed = Typed { name: &version.name, accepted: vec![named.clone()], given: session.global.confirm.as_deref() };
            prompt::typed(session, &prompt::PRODUCTION, &typed)?
        } else {
            prompt::yes(session, &prompt::STAGE, &question)?
        };
        let archival = Archival {
            model: version.name.clone(),
            version: version.version,
            from_stage: version.stage,
            reason: session.global.reason.clone(),
        };
        let changed = registry.archive(&Approved::new(archival, approval))?;
        Ok(view::change::changed(changed, &super::super::planned::cache_sentence(&settings)))
    }

    fn older(&self, session: &Session<'_>, settings: &Settings) -> Result<Report> {
        let mut registry = session.registry_to_change(settings)?;
        let name = self.reference.as_ref().map(|reference| change::exact_name(registry.as_ref(), &reference.name)).transpose()?;
        let keep = usize::try_from(self.keep).unwrap_or(usize::MAX);
        let older = crate::ops::models::older_in_staging(registry.as_ref(), name.as_deref(), keep)?;
        if self.dry_run || older.is_empty() {
            return Ok(view::change::would_archive(&older, &session.place_line(settings, registry.as_ref())));
        }
        match (settings.protected(), &name, &settings.context) {
            (true, Some(word), _) | (true, None, Some(word)) => {
                let typed = Typed { name: word, accepted: vec![word.clone()], given: session.global.confirm.as_deref() };
                prompt::typed(session, &prompt::PRODUCTION, &typed)?
            }
            _ => prompt::yes(session, &prompt::STAGE, &format!("Archive {} in Staging?", crate::ops::counted(older.len(), "version")))?,
        };
        let changed = registry.archive_older(name.as_deref(), keep, session.global.reason.as_deref())?;
        Ok(view::change::archived(changed))
    }
}

/// clap demands the reference without --older; this answers if it ever does not.
fn unreachable_without_reference<T>() -> Result<T> {
    use crate::error::{Error, ErrorKind};
    Err(Error::new(ErrorKind::Usage, "no version was named").hint("name one, such as NAME@7, or add --older"))
}
