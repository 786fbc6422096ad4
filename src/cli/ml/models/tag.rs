//! `hivectl ml models tag`.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;

use crate::cli::prompt;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::view;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::ModelRef;
use crate::ops::change;

/// Set and remove tags of a version
///
/// KEY=VALUE sets, KEY- removes. Keys that begin with hivectl. or mlflow. are not for hand.
#[derive(Debug, Args)]
pub struct TagArgs {
    /// Version to tag: NAME@7, NAME@latest or NAME#production
    pub reference: ModelRef,

    /// KEY=VALUE to set, KEY- to remove
    #[arg(required = true, value_name = "KEY=VALUE|KEY-")]
    pub tags: Vec<String>,
}

impl TagArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let (set, remove) = self.words()?;
        let settings = session.settings(&session.flags())?;
        let mut registry = session.registry_to_change(&settings)?;
        let version = change::version_to_change(registry.as_ref(), &self.reference)?;
        let what = format!("change tags of {}@{}: {}", version.name, version.version, self.tags.join(", "));
        prompt::where_protected(session, &settings, &version.name, &what)?;
        let changed = registry.set_tags(&version.name, version.version, &set, &remove, session.global.reason.as_deref())?;
        Ok(view::change::tags(changed))
    }

    fn words(&self) -> Result<(BTreeMap<String, String>, BTreeSet<String>)> {
        let (mut set, mut remove) = (BTreeMap::new(), BTreeSet::new());
        for word in &self.tags {
            match (word.split_once('='), word.strip_suffix('-')) {
                (Some((key, value)), _) if !key.is_empty() => {
                    set.insert(key.to_owned(), value.to_owned());
                }
                (None, Some(key)) if !key.is_empty() => {
                    remove.insert(key.to_owned());
                }
                _ => {
                    return Err(Error::new(ErrorKind::Usage, format!("'{word}' is no tag")).hint("KEY=VALUE sets a tag, KEY- removes it"));
                }
            }
        }
        match set.keys().find(|key| remove.contains(*key)) {
            Some(key) => Err(Error::new(ErrorKind::Usage, format!("'{key}' is set and removed in one command"))),
            None => Ok((set, remove)),
        }
    }
}
