//! From stages to aliases and back.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Document, Place, Request};
use crate::lifecycle::{Migration, MigrationTarget};

/// Let aliases, stages or both tell what serves, in a whole registry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MigrateRequest {
    /// What shall tell it; absent where a kept plan says so.
    pub to: Option<MigrationTarget>,
    /// The file of a kept plan to apply.
    pub plan: Option<PathBuf>,
    /// Show what would change and change nothing.
    pub dry_run: bool,
    /// Keep the plan in this file and change nothing.
    pub plan_out: Option<PathBuf>,
}

/// Lets aliases, stages or both tell what serves. What serves of each model goes on serving.
///
/// Errors: [`crate::error::ErrorKind::InvariantBroken`] where it is not certain what serves of a model;
/// [`crate::error::ErrorKind::Conflict`] where a model is not as the plan saw it.
impl Request for MigrateRequest {
    type Report = MigrationReport;
    const NAME: &'static str = "ml.models.migrate";
}

/// What a migration changed, or would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MigrationReport {
    /// Model by model; none where everything is as wanted already.
    #[serde(flatten)]
    pub migration: Migration,
    /// Whether it was done.
    pub changed: bool,
    /// The registry.
    pub place: Place,
    /// The file that the plan was kept in.
    pub file: Option<PathBuf>,
}

impl Document for MigrationReport {
    const SCHEMA: &'static str = "hivectl.ml.models.migrate/v1";
}
