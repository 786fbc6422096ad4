//! Versions that come from outside, go there, or are kept on this machine.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Document, Place, Request, Timestamp};
use crate::formats::Rounds;
use crate::lifecycle::{ModelRef, Stage};
use crate::statistics::ClassLabel;

/// Register a model that another tool made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RegisterRequest {
    /// Model file, or folder with an `MLmodel`.
    pub path: PathBuf,
    /// Name to register under.
    pub name: String,
    /// Run that made the model: 32 hexadecimal digits.
    pub run_id: Option<String>,
    /// Metrics as a JSON object, or `@FILE` that holds one.
    pub metrics: Option<String>,
    /// Parameters; the last of one key counts.
    pub params: Vec<(String, String)>,
    /// Tags; the last of one key counts.
    pub tags: Vec<(String, String)>,
    /// What the model is.
    pub description: String,
    /// Show what would be registered and change nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// Registers a model that another tool made, in no stage.
impl Request for RegisterRequest {
    type Report = RegisterReport;
    const NAME: &'static str = "ml.models.register";
}

/// Register an exported version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportRequest {
    /// File that export wrote.
    pub file: PathBuf,
    /// Another name to register under.
    pub name: Option<String>,
    /// Show what would be registered and change nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// Registers an exported version, in no stage.
impl Request for ImportRequest {
    type Report = ImportReport;
    const NAME: &'static str = "ml.models.import";
}

/// A version that was registered, or was there already.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RegisteredVersion {
    /// The model.
    pub model: String,
    /// Its number; null where a new version would be registered.
    pub version: Option<u32>,
    /// Where it is in its life.
    pub stage: Stage,
    /// `false` where the same bytes were there already, or nothing was to be written.
    pub changed: bool,
    /// The registry that it would be registered in; absent where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The run that made it.
    pub run_id: Option<String>,
}

/// What `register` came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RegisterReport(pub RegisteredVersion);

impl Document for RegisterReport {
    const SCHEMA: &'static str = "hivectl.ml.models.register/v1";
}

/// What `import` came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportReport {
    /// The version here.
    #[serde(flatten)]
    pub registered: RegisteredVersion,
    /// The stage that it had where it was exported.
    pub exported_stage: Stage,
}

impl Document for ImportReport {
    const SCHEMA: &'static str = "hivectl.ml.models.import/v1";
}

/// Write versions into files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportRequest {
    /// One version into one file.
    Version {
        /// The version.
        reference: ModelRef,
        /// The file.
        file: PathBuf,
    },
    /// Every version in Production, each into a file of its own.
    Production {
        /// The folder of the files.
        folder: PathBuf,
    },
}

/// Writes versions into files.
impl Request for ExportRequest {
    type Report = ExportReport;
    const NAME: &'static str = "ml.models.export";
}

/// The files that were written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportReport {
    /// One a file.
    pub items: Vec<ExportedVersion>,
}

impl Document for ExportReport {
    const SCHEMA: &'static str = "hivectl.ml.models.export/v1";
}

/// One file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedVersion {
    /// The model.
    pub model: String,
    /// Its number.
    pub version: u32,
    /// The file.
    pub file: PathBuf,
    /// Its size.
    pub size_bytes: u64,
}

/// Copy a version into another registry, or from one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CopyRequest {
    /// The version.
    pub reference: ModelRef,
    /// The other registry: a path that ends in .db, or the URL of an MLflow server.
    pub other: String,
    /// Another name to register under.
    pub name: Option<String>,
    /// Show what would be copied and change nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// Copy a version into another registry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PushRequest(pub CopyRequest);

/// Copies a version into another registry.
impl Request for PushRequest {
    type Report = PushReport;
    const NAME: &'static str = "ml.models.push";
}

/// Copy a version from another registry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PullRequest(pub CopyRequest);

/// Copies a version from another registry.
impl Request for PullRequest {
    type Report = PullReport;
    const NAME: &'static str = "ml.models.pull";
}

/// A version that was copied from one registry into another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CopiedVersion {
    /// The version there.
    pub from: CopiedFrom,
    /// The model here.
    pub model: String,
    /// Its number here; null where a new version would be made.
    pub version: Option<u32>,
    /// The registry of the copy.
    pub registry: String,
    /// Files that were compared with their digests.
    pub files: usize,
    /// One digest over all files, where they are recorded.
    pub package_digest: Option<String>,
    /// `false` where the copy was there already, or nothing was to be written.
    pub changed: bool,
    /// Whether it was only shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
}

/// Where a copy comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CopiedFrom {
    /// The model.
    pub model: String,
    /// Its number.
    pub version: u32,
    /// Where it is in its life.
    pub stage: Stage,
}

/// What `push` came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PushReport(pub CopiedVersion);

impl Document for PushReport {
    const SCHEMA: &'static str = "hivectl.ml.models.push/v1";
}

/// What `pull` came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PullReport(pub CopiedVersion);

impl Document for PullReport {
    const SCHEMA: &'static str = "hivectl.ml.models.pull/v1";
}

/// List the copies of models on this machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListCacheRequest {}

/// The versions of which there are copies on this machine.
impl Request for ListCacheRequest {
    type Report = CacheList;
    const NAME: &'static str = "ml.models.cache.list";
}

/// Fetch all files of a version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WarmCacheRequest {
    /// The version.
    pub reference: ModelRef,
}

/// Fetches all files of a version, so that it can be used while the server is away.
impl Request for WarmCacheRequest {
    type Report = WarmedVersion;
    const NAME: &'static str = "ml.models.cache.warm";
}

/// Remove copies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClearCacheRequest {
    /// The model; `None` for all.
    pub name: Option<String>,
}

/// Removes copies; nothing is lost.
impl Request for ClearCacheRequest {
    type Report = ClearedCache;
    const NAME: &'static str = "ml.models.cache.clear";
}

/// The copies of a server's models on this machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CacheList {
    /// One a version.
    pub items: Vec<CachedVersion>,
    /// Seconds that what a server said counts while it is away.
    pub ttl_seconds: u64,
}

impl Document for CacheList {
    const SCHEMA: &'static str = "hivectl.ml.models.cache.list/v1";
}

/// A version of which there are copies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CachedVersion {
    /// The server's address, without secrets.
    pub server: String,
    /// The model.
    pub model: String,
    /// Its number.
    pub version: u32,
    /// Where it was in its life.
    pub stage: Stage,
    /// Files that are here.
    pub files: usize,
    /// Files that are recorded.
    pub recorded_files: usize,
    /// Size of those that are here.
    pub size_bytes: u64,
    /// When the server said so.
    pub said_at: Timestamp,
    /// Whether that still counts.
    pub fresh: bool,
}

/// A version that is here whole now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarmedVersion {
    /// The model.
    pub model: String,
    /// Its number.
    pub version: u32,
    /// Files that are here; 0 where none are needed.
    pub files: u64,
    /// Their size.
    pub size_bytes: u64,
    /// The registry, where it is on this machine and needs no copies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_registry: Option<String>,
}

impl Document for WarmedVersion {
    const SCHEMA: &'static str = "hivectl.ml.models.cache.warm/v1";
}

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClearedCache {
    /// Models of which something was remembered.
    pub models: u64,
    /// Files.
    pub files: u64,
    /// Their size.
    pub bytes: u64,
}

impl Document for ClearedCache {
    const SCHEMA: &'static str = "hivectl.ml.models.cache.clear/v1";
}

/// Tell what a model file is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectRequest {
    /// A file; what is no file is looked for in the registry.
    pub model: PathBuf,
    /// Which rounds to look at of a model that stopped early, where its own way is not wanted.
    #[serde(default)]
    pub rounds: Option<Rounds>,
}

/// Tells what a model file or a registered version is, without executing anything.
impl Request for InspectRequest {
    type Report = InspectReport;
    const NAME: &'static str = "ml.models.inspect";
}

/// What a model file is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InspectReport {
    /// Name of the form.
    pub format: String,
    /// The library that reads it.
    pub flavor: String,
    /// What it answers.
    pub task: String,
    /// Trees.
    pub trees: usize,
    /// Features.
    pub features: usize,
    /// Their names, where they have some.
    pub feature_names: Vec<String>,
    /// Nodes of all trees.
    pub nodes: usize,
    /// Edges from a root to the deepest leaf.
    pub depth: usize,
    /// Numbers that one row gives.
    pub outputs: usize,
    /// The classes.
    pub classes: Vec<ClassLabel>,
    /// Whether it splits on categories.
    pub categories: bool,
    /// Rounds of boosting that were trained; `None` where the file notes none.
    #[serde(default)]
    pub rounds: Option<usize>,
    /// Rounds that answer.
    #[serde(default)]
    pub used_rounds: Option<usize>,
    /// Where early stopping found the best one, counted from 0.
    #[serde(default)]
    pub best_iteration: Option<usize>,
    /// The three in words.
    #[serde(default)]
    pub rounds_summary: Option<String>,
}

impl Document for InspectReport {
    const SCHEMA: &'static str = "hivectl.ml.models.inspect/v1";
}
