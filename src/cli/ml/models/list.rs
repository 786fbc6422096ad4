//! `hivectl ml models list`.

use clap::Args;

use crate::api::models::{ListModelsRequest, ListVersionsRequest};
use crate::base::commands;
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{ModelRef, Selector, Stage};

/// List models, or the versions of one
///
/// One line a model: what is in Production and Staging, what came last and how good it is. With a name,
/// one line a version. Changes nothing.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Model whose versions to list
    #[arg(add = complete::models())]
    pub name: Option<String>,

    /// Only what has a version in this stage: none, staging, production or archived
    #[arg(long, value_name = "STAGE", value_parser = super::stage)]
    #[arg(add = complete::stages(&[Stage::Production, Stage::Staging, Stage::Archived, Stage::None]))]
    pub stage: Option<Stage>,

    /// Only these models: a pattern such as 'ticket-*', or MLflow's filter of name and tags.KEY with =, !=, LIKE, ILIKE and
    /// AND, such as "name LIKE 'ticket-%' AND tags.team = 'load'"
    #[arg(long, value_name = "FILTER", conflicts_with = "name", add = complete::models())]
    pub filter: Option<String>,
}

impl VerbArgs for ListArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml models list",
        examples: &[
            ("Every model and its live versions", "hivectl ml models list"),
            ("All versions of one model", "hivectl ml models list ticket-duration-predictor"),
            ("Names for a script, those in Staging alone", "hivectl ml models list --stage staging -o name"),
        ],
        exit_codes: &[4, 9, 10, 11],
        has_rows: true,
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        let Some(name) = &self.name else {
            return session.answer(&ListModelsRequest { stage: self.stage, filter: self.filter.clone() });
        };
        let names_one = name.parse::<ModelRef>().is_ok_and(|reference| reference.selector != Selector::Default);
        if names_one {
            return Err(Error::new(ErrorKind::Usage, format!("'{name}' names one version, and list shows all of a model")).hint((
                "show it with `",
                commands::models_show(name),
                "`",
            )));
        }
        session.answer(&ListVersionsRequest { name: name.clone(), stage: self.stage })
    }
}
