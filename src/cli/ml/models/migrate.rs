//! `hivectl ml models migrate`.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use strum::VariantNames;

use crate::api::migrate::{MigrateRequest, MigrationReport};
use crate::base::{Hint, commands};
use crate::cli::report::Report;
use crate::cli::sanitize;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::cli::view::table::{Column, table};
use crate::cli::view::{Screen, View};
use crate::error::Result;
use crate::lifecycle::{MigrationTarget, Stage, VersionMigration};

/// Let aliases, stages or both tell what serves
///
/// What serves of each model goes on serving; only what says so changes, in the whole registry. Production is the alias
/// champion (the setting serving_alias), the newest in Staging the alias challenger, and an archived version keeps the tag
/// stage_before. Every migration can be taken back by another one. As long as some services go by stages and others by
/// aliases, both is the way: it takes nothing from either.
#[derive(Debug, Args)]
pub struct MigrateArgs {
    /// What shall tell what serves
    #[arg(long, value_name = "WHAT", required_unless_present = "plan", value_parser = target())]
    pub to: Option<MigrationTarget>,

    /// Apply the plan that --plan-out kept in this file, while everything is as it saw it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["to", "plan_out"])]
    pub plan: Option<PathBuf>,

    /// Show what would change and change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Keep the plan in this file and change nothing
    #[arg(long, value_name = "FILE")]
    pub plan_out: Option<PathBuf>,
}

fn target() -> impl TypedValueParser<Value = MigrationTarget> {
    PossibleValuesParser::new(MigrationTarget::VARIANTS).try_map(|word| word.parse::<MigrationTarget>())
}

impl VerbArgs for MigrateArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml models migrate",
        examples: &[
            ("Give what serves its alias beside its stage", "hivectl ml models migrate --to both --yes"),
            ("See what leaving stages would change", "hivectl ml models migrate --to aliases --dry-run"),
            ("Keep the plan, for somebody else to apply", "hivectl ml models migrate --to aliases --plan-out migration.json"),
        ],
        exit_codes: &[4, 5, 6, 7, 9, 10, 11, 13],
        changes: "Stages, the aliases champion and challenger, and the tag stage_before of all versions; not what serves. With --dry-run nothing, with --plan-out one file.",
        questions: &[("--yes", "ml models migrate --to aliases")],
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&MigrateRequest { to: self.to, plan: self.plan.clone(), dry_run: self.dry_run, plan_out: self.plan_out.clone() })
    }
}

impl View for MigrationReport {
    fn text(&self, screen: &Screen) -> String {
        const COLUMNS: [Column; 4] = [Column::Text("VERSION"), Column::Text("STAGE"), Column::Text("ALIASES"), Column::Text("TAG")];
        let mut text = format!("{}\n", sanitize::line(&self.place.to_string()));
        if self.migration.models.is_empty() {
            return text + "everything is so already; nothing was changed\n";
        }
        let rows: Vec<Vec<String>> =
            self.migration.models.iter().flat_map(|model| model.versions.iter().map(|version| row(&model.model, version))).collect();
        text.push_str(&table(&COLUMNS, &rows, screen));
        for model in &self.migration.models {
            let serves = model.serves.map_or("none".into(), |version| format!("@{version}"));
            let _ = writeln!(text, "{} serves as before: {serves}", sanitize::line(&model.model));
        }
        let would = if self.changed { "" } else { "would " };
        for (ends, by) in [(self.migration.ends_stages(), "stages"), (self.migration.ends_aliases(), "aliases")] {
            if ends {
                let _ = writeln!(text, "services that go by {by} {would}find no version");
            }
        }
        text + if self.changed { "" } else { "nothing was changed\n" }
    }

    fn names(&self) -> Vec<String> {
        self.migration.models.iter().map(|model| model.model.clone()).collect()
    }

    fn next(&self) -> Vec<Hint> {
        match (&self.file, self.migration.models.is_empty(), self.changed) {
            (_, true, _) => Vec::new(),
            (Some(file), ..) => vec![commands::models_migrate_kept(file.display()).into()],
            (None, _, true) => vec![commands::models_list().into()],
            (None, _, false) => vec!["the same command without --dry-run".into()],
        }
    }
}

fn row(model: &str, version: &VersionMigration) -> Vec<String> {
    let stage = match version.from_stage == version.to_stage {
        true => word(version.to_stage),
        false => format!("{} → {}", word(version.from_stage), word(version.to_stage)),
    };
    let gained = version.gains.iter().map(|alias| format!("+{alias}"));
    let aliases: Vec<String> = gained.chain(version.loses.iter().map(|alias| format!("-{alias}"))).collect();
    let tag = match (version.tag_before == version.tag_after, &version.tag_after) {
        (true, _) => "-".into(),
        (false, Some(stage)) => format!("+stage_before: {stage}"),
        (false, None) => "-stage_before".into(),
    };
    let aliases = if aliases.is_empty() { "-".into() } else { aliases.join(" ") };
    vec![format!("{model}@{}", version.version), stage, aliases, tag]
}

fn word(stage: Stage) -> String {
    if stage == Stage::None { "none".into() } else { stage.as_str().into() }
}
