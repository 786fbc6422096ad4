//! What a model file is, and the copies of a server's model files on this machine.

use std::path::Path;

use super::evaluation::file_of_trees;
use super::mlmodel::{MLMODEL, unreadable};
use super::resolve::resolve;
use super::workspace::{Intent, Workspace, model_cache};
use crate::api::transfer::{
    CacheList, CachedVersion, ClearCacheRequest, ClearedCache, InspectReport, InspectRequest, ListCacheRequest, WarmCacheRequest,
    WarmedVersion,
};
use crate::api::{Operations, Timestamp};
use crate::base::command_line::quoted;
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};
use crate::formats;
use crate::formats::package::{self, PackagedModel};
use crate::formats::{ReadOptions, Rounds};
use crate::kinds::external::has_made_up_names;
use crate::lifecycle::ModelRef;
use crate::registry::{ModelFiles, read_model};

/// Larger than any model of trees; keeps a mistaken path from being read whole.
const LARGEST_BYTES: u64 = 4 << 30;

impl Operations<InspectRequest> for Workspace<'_> {
    fn run(&self, request: &InspectRequest) -> Result<InspectReport> {
        let reference = request.model.to_str().filter(|_| !request.model.exists()).and_then(|word| word.parse::<ModelRef>().ok());
        match reference {
            Some(reference) => registered(self, &reference, request.rounds),
            None if request.model.is_dir() => in_folder(&request.model, request.rounds),
            None => told(&file(&request.model)?, ReadOptions { rounds: request.rounds, ..ReadOptions::default() }),
        }
    }
}

/// The model of a folder that MLflow saved, as its `MLmodel` says.
fn in_folder(folder: &Path, rounds: Option<Rounds>) -> Result<InspectReport> {
    let shown = folder.display();
    let no_model = |why: String| {
        Error::new(ErrorKind::BadModelFile, format!("{shown} is a folder without a model that is read"))
            .because(why)
            .hint("name a model file in it, or the folder that mlflow's save_model wrote")
    };
    let mlmodel = folder.join(MLMODEL);
    if !mlmodel.is_file() {
        stranger_in(folder)?;
        return Err(no_model(format!("it holds no file {MLMODEL}")));
    }
    let ModelFiles { files, .. } = read_model(folder)?;
    let paths: Vec<String> = files.iter().map(|file| file.path().to_owned()).collect();
    let PackagedModel { path, loader, signature, .. } = package::model_of(&file(&mlmodel)?, &paths)?;
    let mut found = told(&file(&folder.join(path))?, ReadOptions { loader, rounds })?;
    if has_made_up_names(&found.feature_names) && signature.names.len() == found.features {
        found.feature_names = signature.names;
    }
    Ok(found)
}

/// Errors: the folder is one that a tool saved whose models are not read, by the tool's name.
fn stranger_in(folder: &Path) -> Result<()> {
    let entries = std::fs::read_dir(folder).map_err(|error| Error::file("look into", folder, &error))?;
    let names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    formats::stranger_folder(names.iter().map(String::as_str)).map_or(Ok(()), Err)
}

fn file(path: &Path) -> Result<Vec<u8>> {
    let failed = |error: &std::io::Error| Error::file("read the model file", path, error);
    let metadata = std::fs::metadata(path).map_err(|error| failed(&error))?;
    if !metadata.is_file() || metadata.len() > LARGEST_BYTES {
        return Err(Error::new(ErrorKind::BadModelFile, format!("{} is no model file", path.display())).because(if metadata.is_file() {
            format!("it has {} bytes", metadata.len())
        } else {
            "it is no file".into()
        }));
    }
    let bytes = std::fs::read(path).map_err(|error| failed(&error))?;
    if crate::registry::bundle::is_bundle(&bytes) {
        let path = path.display();
        return Err(Error::new(ErrorKind::BadModelFile, format!("{path} is an export of a registered version, no model file"))
            .hint(("register it: `", commands::models_import(&path), "`"))
            .hint(format!("or look at its files: `tar -tf {}`", quoted(&path.to_string()))));
    }
    Ok(bytes)
}

fn registered(workspace: &Workspace<'_>, reference: &ModelRef, rounds: Option<Rounds>) -> Result<InspectReport> {
    let settings = workspace.settings(&workspace.flags())?;
    let registry = workspace.registry(&settings, Intent::Load)?;
    let version = resolve(registry.store(), workspace.kinds(), reference)?.version;
    let PackagedModel { path, loader, signature, .. } = file_of_trees(registry.store(), &version)?;
    workspace.interaction().note(&format!("{path} of {}@{}", version.name, version.version));
    let options = ReadOptions { loader, rounds };
    let found = told(&registry.store().read_artifact(&version, &path)?, options);
    let mut found = found.map_err(|error| unreadable(registry.store(), &version, error))?;
    if has_made_up_names(&found.feature_names) && signature.names.len() == found.features {
        found.feature_names = signature.names;
    }
    Ok(found)
}

fn told(bytes: &[u8], options: ReadOptions) -> Result<InspectReport> {
    let found = formats::inspect(bytes, options)?;
    Ok(InspectReport {
        format: found.format.name().to_owned(),
        flavor: found.format.flavor().to_owned(),
        task: found.task.to_owned(),
        trees: found.trees,
        features: found.features,
        feature_names: found.feature_names,
        nodes: found.nodes,
        depth: found.depth,
        outputs: found.outputs,
        classes: found.classes,
        categories: found.has_categories,
        rounds: found.rounds.map(|rounds| rounds.trained),
        used_rounds: found.rounds.map(|rounds| rounds.used),
        best_iteration: found.rounds.and_then(|rounds| rounds.best_iteration),
        rounds_summary: found.rounds.map(|rounds| rounds.to_string()),
    })
}

impl Operations<ListCacheRequest> for Workspace<'_> {
    fn run(&self, _: &ListCacheRequest) -> Result<CacheList> {
        let settings = self.settings(&self.flags())?;
        let cache = model_cache(&settings)?;
        let mut items = Vec::new();
        for said in &cache.list()? {
            let fresh = cache.is_fresh(said.said_at_ms);
            items.extend(cache.copies(said).into_iter().map(|copied| CachedVersion {
                server: said.server.clone(),
                model: copied.version.name.clone(),
                version: copied.version.version,
                stage: copied.version.stage,
                files: copied.file_count,
                recorded_files: copied.recorded_count,
                size_bytes: copied.size_bytes,
                said_at: Timestamp(said.said_at_ms),
                fresh,
            }));
        }
        Ok(CacheList { items, ttl_seconds: cache.time_to_live().as_secs() })
    }
}

impl Operations<WarmCacheRequest> for Workspace<'_> {
    fn run(&self, request: &WarmCacheRequest) -> Result<WarmedVersion> {
        let settings = self.settings(&self.flags())?;
        let registry = self.registry(&settings, Intent::Load)?;
        let version = resolve(registry.store(), self.kinds(), &request.reference)?.version;
        let mut warmed =
            WarmedVersion { model: version.name.clone(), version: version.version, files: 0, size_bytes: 0, local_registry: None };
        if !registry.store().is_shared() {
            return Ok(WarmedVersion { local_registry: Some(registry.store().location()), ..warmed });
        }
        for path in registry.store().file_paths(&version)? {
            warmed.size_bytes += registry.store().read_artifact(&version, &path)?.len() as u64;
            warmed.files += 1;
        }
        Ok(warmed)
    }
}

impl Operations<ClearCacheRequest> for Workspace<'_> {
    fn run(&self, request: &ClearCacheRequest) -> Result<ClearedCache> {
        let settings = self.settings(&self.flags())?;
        let cleared = model_cache(&settings)?.clear(request.name.as_deref())?;
        Ok(ClearedCache { models: cleared.models, files: cleared.files, bytes: cleared.bytes })
    }
}
