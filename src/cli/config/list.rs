//! `hivectl config list`, `get` and `path`.

use clap::Args;
use serde_json::json;

use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::view::table::{Column, table};
use crate::config::{SETTINGS, Setting, SettingSpec, config_path, files};
use crate::error::Result;

/// Show every setting, its value and where it comes from
///
/// A flag wins over the environment, the environment over the context, the context over the files.
/// Changes nothing.
#[derive(Debug, Args)]
pub struct ListArgs {}

/// Show one setting, its value and where it comes from
///
/// The password of a URL is masked; of a secret only its place is shown. Changes nothing.
#[derive(Debug, Args)]
pub struct GetArgs {
    /// Name of the setting
    pub key: String,
}

/// Show which files are read
///
/// The project's file wins over the user's. Changes nothing.
#[derive(Debug, Args)]
pub struct PathArgs {}

impl GetArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let spec = SettingSpec::named(&self.key)?;
        let settings = session.settings_to_show()?;
        let setting = settings.get(spec.key);
        let value = setting.map(Setting::shown);
        let data = json!({
            "key": spec.key,
            "value": value,
            "origin": setting.map(|setting| setting.origin.to_string()),
            "environment": spec.environment,
            "about": spec.about,
        });
        let mut report = Report::verbatim("hivectl.config.get/v1", format!("{}\n", value.unwrap_or_else(|| "-".into()))).with_data(data);
        match setting {
            Some(setting) => report.next.push(format!("set by {}", setting.origin)),
            None => report.next.push(format!("hivectl config set {} VALUE", spec.key)),
        }
        report.names = vec![spec.key.into()];
        Ok(report)
    }
}

impl PathArgs {
    pub fn run(&self, _: &Session<'_>) -> Result<Report> {
        let found = files()?;
        let items: Vec<_> = found.iter().map(|file| json!({ "layer": file.layer, "file": file.path, "exists": file.exists })).collect();
        let names = found.iter().map(|file| file.path.display().to_string()).collect();
        let rows: Vec<Vec<String>> = found
            .iter()
            .map(|file| vec![file.layer.into(), if file.exists { "yes" } else { "no" }.into(), file.path.display().to_string()])
            .collect();
        let text = move |screen: &crate::cli::view::Screen| {
            table(&[Column::Text("LAYER"), Column::Text("EXISTS"), Column::Text("FILE")], &rows, screen)
        };
        Ok(Report { names, ..Report::new("hivectl.config.path/v1", json!({ "items": items }), text) })
    }
}

impl ListArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let settings = session.settings_to_show()?;
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
