//! `hivectl ml models`.

use clap::{Args, Subcommand};

use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::view;
use crate::config::Settings;
use crate::error::{Error, ErrorKind, Result};
use crate::ops::models::{self, ListRequest};
use crate::registry::{ModelRef, Selector, Stage};

#[derive(Debug, Subcommand)]
pub enum ModelsCommand {
    /// List models, or the versions of one
    List(ListArgs),

    /// Show everything known about one version
    Show(ShowArgs),
}

/// List models, or the versions of one
///
/// One line a model: what is in Production and Staging, what came last and how good it is. With a name,
/// one line a version. Changes nothing.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Model whose versions to list
    pub name: Option<String>,

    /// Only what has a version in this stage: none, staging, production or archived
    #[arg(long, value_name = "STAGE", value_parser = stage)]
    pub stage: Option<Stage>,

    /// Only models whose name matches this pattern, such as 'ticket-*'
    #[arg(long, value_name = "GLOB", conflicts_with = "name")]
    pub filter: Option<String>,
}

/// Show everything known about one version
///
/// Metrics, gate with numbers, training window, features, artifacts with digests, and what the model
/// looks at. A bare name is the version in Production, else the newest in Staging, else the latest.
/// Changes nothing.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Version to show: NAME, NAME@7, NAME@latest, NAME#production or NAME:alias
    pub reference: ModelRef,
}

fn stage(word: &str) -> Result<Stage, String> {
    Stage::parse(word).map_err(|error| error.to_string())
}

impl ModelsCommand {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let settings = Settings::resolve(&session.flags())?;
        let registry = session.registry(&settings)?;
        match self {
            ModelsCommand::List(ListArgs { name: Some(name), stage, .. }) => {
                let names_one = name.parse::<ModelRef>().is_ok_and(|reference| reference.selector != Selector::Default);
                if names_one {
                    return Err(Error::new(ErrorKind::Usage, format!("'{name}' names one version, and list shows all of a model"))
                        .hint(format!("show it with `hivectl ml models show {name}`")));
                }
                let versions = models::versions(registry.as_ref(), name, *stage)?;
                Ok(view::models::versions(versions))
            }
            ModelsCommand::List(arguments) => {
                let request = ListRequest { stage: arguments.stage, filter: arguments.filter.clone() };
                let location = registry.location();
                Ok(view::models::list(models::list(registry.as_ref(), &request)?, &location))
            }
            ModelsCommand::Show(arguments) => Ok(view::models::show(models::show(registry.as_ref(), &arguments.reference)?)),
        }
    }
}
