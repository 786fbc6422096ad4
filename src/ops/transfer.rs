//! The jobs that bring versions in and out: register, import, export, push, pull.

use std::collections::BTreeMap;
use std::path::Path;

use super::change::version_to_copy;
use super::workspace::{Intent, Workspace, place_of};
use crate::api::transfer::{
    CopiedFrom, CopiedVersion, ExportReport, ExportRequest, ExportedVersion, ImportReport, ImportRequest, PullReport, PullRequest,
    PushReport, PushRequest, RegisterReport, RegisterRequest, RegisteredVersion,
};
use crate::api::{Operations, Question};
use crate::base::commands;
use crate::base::write_whole;
use crate::config::Settings;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{ModelVersion, check_name};
use crate::registry::bundle::Bundle;
use crate::registry::transfer::{self, Stated, register_by_hand};
use crate::registry::{ModelFiles, ModelStore, Registration, Registry, Submission, read_model};

fn usable_name(name: &str) -> Result<()> {
    check_name(name).map_err(|why| Error::new(ErrorKind::Usage, format!("'{name}' cannot be a model's name: {why}")))
}

fn registered(version: &ModelVersion, changed: bool) -> RegisteredVersion {
    RegisteredVersion {
        model: version.name.clone(),
        version: Some(version.version),
        stage: version.stage,
        changed,
        place: None,
        run_id: version.run_id.clone(),
    }
}

/// What registering would come to: the version that is there, or a new one.
fn to_be_registered(workspace: &Workspace<'_>, settings: &Settings, submission: &Submission) -> Result<RegisteredVersion> {
    let registry = workspace.registry(settings, Intent::Create)?;
    let place = Some(place_of(settings, registry.store().location()));
    let there = transfer::find(registry.store(), submission)?.map(|there| registered(&there, false));
    let new = || RegisteredVersion {
        model: submission.version.name.clone(),
        version: None,
        stage: submission.version.stage,
        changed: false,
        place: None,
        run_id: None,
    };
    Ok(RegisteredVersion { place, ..there.unwrap_or_else(new) })
}

impl Operations<RegisterRequest> for Workspace<'_> {
    fn run(&self, request: &RegisterRequest) -> Result<RegisterReport> {
        let name = &request.name;
        usable_name(name)?;
        let ModelFiles { files, unreadable, rewritten } = read_model(&request.path).map_err(|error| match error.kind() {
            ErrorKind::FileNotFound => {
                error.hint(("name a model file or a folder with an MLmodel: `", commands::models_register("PATH", name), "`"))
            }
            _ => error,
        })?;
        let stated = Stated {
            name: name.clone(),
            run_id: request.run_id.clone(),
            description: request.description.clone(),
            metrics: claimed_metrics(request.metrics.as_deref())?,
            params: request.params.iter().cloned().collect(),
            tags: request.tags.iter().cloned().collect(),
            reason: self.reason(),
            user: self.actor().user,
        };
        let settings = self.settings(&self.flags())?;
        if request.dry_run {
            return to_be_registered(self, &settings, &transfer::registered_by_hand(stated, files)?).map(RegisterReport);
        }
        self.confirm_where_protected(&settings, name, &format!("register {} as a version of {name}", request.path.display()))?;
        let registry = self.registry(&settings, Intent::Create)?;
        let (version, is_new) = register_by_hand(registry.registration()?, stated, files)?;
        if let Some(rewritten) = rewritten {
            self.interaction().note(&rewritten);
        }
        if let Some(why) = unreadable {
            self.interaction()
                .note(&format!("{} is registered, and what serves it may use it; hivectl itself cannot run it: {why}", version.id()));
        }
        Ok(RegisterReport(registered(&version, is_new)))
    }
}

fn claimed_metrics(word: Option<&str>) -> Result<BTreeMap<String, f64>> {
    let Some(word) = word else { return Ok(BTreeMap::new()) };
    let (place, text) = match word.strip_prefix('@') {
        None => ("--metrics", word.to_owned()),
        Some(path) => (path, std::fs::read_to_string(path).map_err(|error| Error::file("read the metrics", path.as_ref(), &error))?),
    };
    serde_json::from_str(&text).map_err(|error| {
        Error::new(ErrorKind::BadInput, format!("{place}:{}: this is no JSON object of numbers", error.line())).because(error)
    })
}

impl Operations<ImportRequest> for Workspace<'_> {
    fn run(&self, request: &ImportRequest) -> Result<ImportReport> {
        if let Some(name) = &request.name {
            usable_name(name)?;
        }
        let bytes = read_export(&request.file)?;
        let bundle = Bundle::from_bytes(&request.file.display().to_string(), &bytes)?;
        let exported_stage = bundle.manifest.stage;
        let settings = self.settings(&self.flags())?;
        if request.dry_run {
            let registered = to_be_registered(self, &settings, &transfer::imported(bundle, request.name.as_deref())?)?;
            return Ok(ImportReport { registered, exported_stage });
        }
        let name = request.name.as_deref().unwrap_or(&bundle.manifest.name);
        self.confirm_where_protected(&settings, name, &format!("import {} as a version of {name}", request.file.display()))?;
        let registry = self.registry(&settings, Intent::Create)?;
        let (version, is_new) = transfer::import(registry.registration()?, bundle, request.name.as_deref())?;
        Ok(ImportReport { registered: registered(&version, is_new), exported_stage })
    }
}

/// The bytes of an export.
fn read_export(path: &Path) -> Result<Vec<u8>> {
    let shown = path.display();
    if path.is_dir() {
        return Err(Error::new(ErrorKind::BadInput, format!("{shown} is a folder, and an export is one file"))
            .because(format!("`{}` writes it", commands::models_export()))
            .hint(("a folder with an MLmodel is taken in by `", commands::models_register(&shown, "NAME"), "`")));
    }
    std::fs::read(path).map_err(|error| {
        let export = commands::models_export_to("NAME@VERSION", &shown);
        Error::file("read the export", path, &error).hint(("an export is made by `", export, "`"))
    })
}

impl Operations<ExportRequest> for Workspace<'_> {
    fn run(&self, request: &ExportRequest) -> Result<ExportReport> {
        let settings = self.settings(&self.flags())?;
        let registry = self.registry(&settings, Intent::Existing)?;
        match request {
            ExportRequest::Version { reference, file } => {
                let version = version_to_copy(&registry, self.kinds(), reference)?;
                Ok(ExportReport { items: vec![write_export(&registry, &version, file)?] })
            }
            ExportRequest::Production { folder } => export_production(&registry, folder),
        }
    }
}

fn export_production(registry: &Registry, folder: &Path) -> Result<ExportReport> {
    std::fs::create_dir_all(folder).map_err(|error| Error::file("make the folder", folder, &error))?;
    let (mut items, mut failures) = (Vec::new(), Vec::new());
    for version in registry.store().list()?.into_iter().filter_map(|model| model.serves) {
        let file = folder.join(format!("{}@{}.hivectl-model", version.name, version.version));
        match write_export(registry, &version, &file) {
            Ok(written) => items.push(written),
            Err(error) => failures.push(error),
        }
    }
    if let Some(failed) = some_failed(items.len(), failures) {
        return Err(failed);
    }
    if items.is_empty() {
        return Err(Error::new(ErrorKind::ModelNotFound, "no model has a version in Production, so there is nothing to export").hint((
            "`",
            commands::models_list(),
            "` shows what there is",
        )));
    }
    Ok(ExportReport { items })
}

/// A model that cannot be saved must not keep the others from it; alone it is the failure.
fn some_failed(written: usize, mut failures: Vec<Error>) -> Option<Error> {
    if written == 0 {
        return failures.pop();
    }
    let total = written + failures.len();
    let error = Error::new(ErrorKind::PartlyDone, format!("{written} of {total} models were exported"));
    let hint = ("`", commands::models_verify(), "` tells what is wrong with the others");
    (!failures.is_empty()).then(|| failures.into_iter().fold(error, Error::because).hint(hint))
}

fn write_export(registry: &Registry, version: &ModelVersion, file: &Path) -> Result<ExportedVersion> {
    let bytes = transfer::export(registry, version)?.to_bytes()?;
    write_whole(file, &bytes)?;
    Ok(ExportedVersion { model: version.name.clone(), version: version.version, file: file.to_owned(), size_bytes: bytes.len() as u64 })
}

impl Operations<PushRequest> for Workspace<'_> {
    fn run(&self, request: &PushRequest) -> Result<PushReport> {
        let PushRequest(request) = request;
        let settings = self.settings(&self.flags())?;
        let source = self.registry(&settings, Intent::Existing)?;
        let version = version_to_copy(&source, self.kinds(), &request.reference)?;
        let name = request.name.as_deref().unwrap_or(&version.name);
        if request.dry_run {
            let destination = self.other_registry(&settings, "--destination", &request.other, Intent::Create)?;
            return to_be_copied(&source, destination.store(), &version, request.name.as_deref()).map(PushReport);
        }
        let what = format!("copy {}@{} to {} as a version of {name}", version.name, version.version, request.other);
        if let Some(context) = protected_context_at(self, &request.other)?.filter(|_| !settings.protected()) {
            self.interaction().note(&format!("context {context} [protected]: would {what}"));
            self.interaction().ask(&Question::Name { accepted: vec![context.clone()], name: context })?;
        }
        self.confirm_where_protected(&settings, name, &what)?;
        let destination = self.other_registry(&settings, "--destination", &request.other, Intent::Create)?;
        copy(&source, destination.registration()?, &version, request.name.as_deref()).map(PushReport)
    }
}

impl Operations<PullRequest> for Workspace<'_> {
    fn run(&self, request: &PullRequest) -> Result<PullReport> {
        let PullRequest(request) = request;
        let settings = self.settings(&self.flags())?;
        let source = self.other_registry(&settings, "--source", &request.other, Intent::Existing)?;
        let version = version_to_copy(&source, self.kinds(), &request.reference)?;
        let name = request.name.as_deref().unwrap_or(&version.name);
        if request.dry_run {
            let destination = self.registry(&settings, Intent::Create)?;
            return to_be_copied(&source, destination.store(), &version, request.name.as_deref()).map(PullReport);
        }
        let what = format!("copy {}@{} here as a version of {name}", version.name, version.version);
        self.confirm_where_protected(&settings, name, &what)?;
        let destination = self.registry(&settings, Intent::Create)?;
        copy(&source, destination.registration()?, &version, request.name.as_deref()).map(PullReport)
    }
}

/// The protected context whose registry this is.
fn protected_context_at(workspace: &Workspace<'_>, registry: &str) -> Result<Option<String>> {
    for context in super::settings::contexts()? {
        let inside = super::settings::of_context(workspace, &context)?;
        if inside.protected() && inside.text("registry") == Some(registry) {
            return Ok(Some(context));
        }
    }
    Ok(None)
}

/// Refuses to copy a version to where it is.
fn check_places(source: &Registry, destination: &dyn ModelStore, name: Option<&str>) -> Result<()> {
    match source.store().location() == destination.location() && name.is_none() {
        false => Ok(()),
        true => Err(Error::new(ErrorKind::Usage, format!("both registries are {}", source.store().location()))
            .hint("give the copy another name: add '--name NAME'")),
    }
}

/// What copying would come to. The source is read and compared with its digests, as for a copy.
fn to_be_copied(source: &Registry, destination: &dyn ModelStore, version: &ModelVersion, name: Option<&str>) -> Result<CopiedVersion> {
    check_places(source, destination, name)?;
    let submission = transfer::imported(transfer::export(source, version)?, name)?;
    let there = transfer::find(destination, &submission)?;
    Ok(CopiedVersion {
        from: CopiedFrom { model: version.name.clone(), version: version.version, stage: version.stage },
        package_digest: version.package_digest(),
        files: submission.version.files.len(),
        model: submission.version.name,
        version: there.map(|there| there.version),
        registry: destination.location(),
        changed: false,
        dry_run: true,
    })
}

fn copy(source: &Registry, destination: &dyn Registration, version: &ModelVersion, name: Option<&str>) -> Result<CopiedVersion> {
    check_places(source, destination, name)?;
    let (copied, changed) = transfer::copy(source, version, destination, name)?;
    Ok(CopiedVersion {
        from: CopiedFrom { model: version.name.clone(), version: version.version, stage: version.stage },
        package_digest: copied.package_digest(),
        files: copied.artifacts.len(),
        model: copied.name,
        version: Some(copied.version),
        registry: destination.location(),
        changed,
        dry_run: false,
    })
}
