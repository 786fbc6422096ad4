//! Commands about the models of a registry.

use std::fmt::Display;

use super::{changes, reads};
use crate::base::CommandLine;

/// The models.
pub fn models_list() -> CommandLine {
    reads("ml models list")
}

/// The versions of a model.
pub fn models_list_of(name: impl Display) -> CommandLine {
    models_list().with(name)
}

/// One version.
pub fn models_show(reference: impl Display) -> CommandLine {
    reads("ml models show").with(reference)
}

/// One version of another registry.
pub fn models_show_in(registry: impl Display, reference: impl Display) -> CommandLine {
    models_show(reference).option("--registry", registry)
}

/// Two versions side by side, by what is recorded of them.
pub fn models_compare(first: impl Display, second: impl Display) -> CommandLine {
    reads("ml models compare").with(first).with(second)
}

/// Two versions side by side, on tickets.
pub fn models_compare_on_tickets(first: impl Display, second: impl Display) -> CommandLine {
    models_compare(first, second).option("--tickets", "FILE")
}

/// Puts a version into Production.
pub fn models_promote(reference: impl Display) -> CommandLine {
    changes("ml models promote").with(reference)
}

/// Puts a version of another registry into Production there.
pub fn models_promote_in(registry: impl Display, reference: impl Display) -> CommandLine {
    models_promote(reference).option("--registry", registry)
}

/// The same without a question.
pub fn models_promote_confirmed(reference: impl Display) -> CommandLine {
    models_promote(&reference).option("--confirm", reference)
}

/// What promoting would change.
pub fn models_promote_dry_run(reference: impl Display) -> CommandLine {
    reads("ml models promote").with(reference).with("--dry-run")
}

/// Keeps the plan of a promotion in a file.
pub fn models_promote_plan(reference: impl Display, file: impl Display) -> CommandLine {
    models_promote(reference).option("--plan-out", file)
}

/// Puts a version into a stage, such as `staging`.
pub fn models_promote_to(reference: impl Display, stage: &str) -> CommandLine {
    models_promote(reference).option("--to", stage)
}

/// Puts the version of before back into Production.
pub fn models_rollback(name: impl Display) -> CommandLine {
    changes("ml models rollback").with(name)
}

/// What going back would change.
pub fn models_rollback_dry_run(name: impl Display) -> CommandLine {
    reads("ml models rollback").with(name).with("--dry-run")
}

/// Puts one version back into Production.
pub fn models_rollback_to(name: impl Display, version: impl Display) -> CommandLine {
    models_rollback(name).option("--to", version)
}

/// The same with what a choice of one's own needs, without a question.
pub fn models_rollback_to_confirmed(name: impl Display, version: u32) -> CommandLine {
    let confirmed = format!("{name}@{version}");
    models_rollback_to(name, version).option("--reason", "TEXT").option("--confirm", confirmed)
}

/// Keeps the plan of a rollback in a file.
pub fn models_rollback_plan(name: impl Display, version: u32, file: impl Display) -> CommandLine {
    models_rollback_to(name, version).option("--plan-out", file)
}

/// Takes a version out of service.
pub fn models_archive(reference: impl Display) -> CommandLine {
    changes("ml models archive").with(reference)
}

/// The same without a question.
pub fn models_archive_confirmed(reference: impl Display) -> CommandLine {
    models_archive(&reference).option("--confirm", reference)
}

/// The same though nothing serves after it.
pub fn models_archive_forced(reference: impl Display) -> CommandLine {
    models_archive(reference).with("--force").option("--reason", "TEXT")
}

/// What a migration to aliases, stages or both would change.
pub fn models_migrate_dry_run(to: &str) -> CommandLine {
    reads("ml models migrate").option("--to", to).with("--dry-run")
}

/// Applies the plan of a migration.
pub fn models_migrate_kept(file: impl Display) -> CommandLine {
    changes("ml models migrate").option("--plan", file)
}

/// Which versions nobody uses.
pub fn models_archive_older_dry_run() -> CommandLine {
    reads("ml models archive").with("--older").with("--dry-run")
}

/// Gives a version an alias.
pub fn models_alias_set(name: impl Display, alias: impl Display, version: impl Display) -> CommandLine {
    changes("ml models alias set").with(name).with(alias).with(version)
}

/// The same without a question.
pub fn models_alias_set_confirmed(name: impl Display, alias: impl Display, version: impl Display) -> CommandLine {
    let confirmed = format!("{name}@{version}");
    models_alias_set(name, alias, version).option("--confirm", confirmed)
}

/// What happened to a model.
pub fn models_history(name: impl Display) -> CommandLine {
    reads("ml models history").with(name)
}

/// All files against their digests.
pub fn models_verify() -> CommandLine {
    reads("ml models verify")
}

/// The files of one model against their digests.
pub fn models_verify_of(name: impl Display) -> CommandLine {
    models_verify().with(name)
}

/// Exports.
pub fn models_export() -> CommandLine {
    reads("ml models export")
}

/// Exports a version into a file.
pub fn models_export_to(reference: impl Display, file: impl Display) -> CommandLine {
    models_export().with(reference).with(file)
}

/// Registers an exported version.
pub fn models_import(file: impl Display) -> CommandLine {
    changes("ml models import").with(file)
}

/// Registers a model that another tool made.
pub fn models_register(path: impl Display, name: impl Display) -> CommandLine {
    changes("ml models register").with(path).option("--name", name)
}

/// Copies a version from one registry into another.
pub fn models_push_from(registry: impl Display, reference: impl Display, destination: impl Display) -> CommandLine {
    changes("ml models push").with(reference).option("--destination", destination).option("--registry", registry)
}

/// The copies on this machine.
pub fn models_cache_list() -> CommandLine {
    reads("ml models cache list")
}

/// Copies a version to this machine.
pub fn models_cache_warm(reference: impl Display) -> CommandLine {
    changes("ml models cache warm").with(reference)
}
