//! `hivectl config`.

use clap::{Args, Subcommand};
use serde_json::json;

use super::report::Report;
use super::session::Session;
use super::view::table::{Column, table};
use crate::config::{SETTINGS, Setting, config_path};
use crate::error::Result;

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Show every setting, its value and where it comes from
    List(ListArgs),
}

/// Show every setting, its value and where it comes from
///
/// A flag wins over the environment, the environment over the context, the context over the files.
/// Changes nothing.
#[derive(Debug, Args)]
pub struct ListArgs {}

impl ConfigCommand {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let ConfigCommand::List(_) = self;
        let settings = session.settings(&session.flags())?;
        let path = config_path()?;
        let items: Vec<_> = SETTINGS
            .iter()
            .map(|spec| {
                let setting = settings.get(spec.key);
                json!({
                    "key": spec.key,
                    "value": setting.map(Setting::shown),
                    "origin": setting.map(|setting| setting.origin.to_string()),
                    "environment": spec.environment,
                    "about": spec.about,
                })
            })
            .collect();
        let rows: Vec<Vec<String>> = SETTINGS
            .iter()
            .map(|spec| {
                let setting = settings.get(spec.key);
                let value = setting.map_or("-".into(), Setting::shown);
                let origin = setting.map_or("-".into(), |setting| setting.origin.to_string());
                vec![spec.key.into(), value, origin, spec.environment.join(" "), spec.about.into()]
            })
            .collect();
        let data = json!({ "items": items, "current_context": settings.context, "file": path });
        let mut report = Report::new("hivectl.config.list/v1", data, move |screen| {
            const COLUMNS: [Column; 5] =
                [Column::Text("KEY"), Column::Text("VALUE"), Column::Text("ORIGIN"), Column::Text("ENVIRONMENT"), Column::Text("ABOUT")];
            let shown = if screen.all_columns { 5 } else { 3 };
            let rows: Vec<Vec<String>> = rows.iter().map(|row| row[..shown].to_vec()).collect();
            table(&COLUMNS[..shown], &rows, screen)
        });
        report.names = SETTINGS.iter().map(|spec| spec.key.to_owned()).collect();
        Ok(report)
    }
}
