//! Bringing run and files of a version to the server, in steps that can be taken again.
//!
//! Everything that is made carries the operation's id as a tag, so that a step whose answer was lost, or whose
//! process died, finds what it made and goes on from there.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use super::api::absent_is_none;
use super::client::Client;
use super::deleted::{self, DELETED};
use super::dto;
use super::files::{self, Folder};
use super::own_tags::OPERATION;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{Artifact, CONTEXT_TAG, RunDataset};
use crate::registry::ArtifactFile;
use crate::registry::NewVersion;
use crate::registry::clock::now_ms;
use crate::registry::package::{MLMODEL, ModelIds, with_ids};

/// What MLflow takes in one batch.
const MOST_METRICS: usize = 1000;
const MOST_PARAMS: usize = 100;

/// The longest value of a parameter that every server keeps whole.
const LONGEST_PARAM: usize = 500;

/// The folder of a run in which a server before 3 keeps the model.
const MODEL_FOLDER: &str = "model";

/// What is on the server, and only lacks its version number.
#[derive(Debug)]
pub(super) struct Uploaded {
    pub(super) run_id: String,
    pub(super) model_id: Option<String>,
    /// MLflow's address of the files.
    pub(super) source: String,
    pub(super) artifacts: Vec<Artifact>,
}

/// The run that a version comes from.
struct Origin {
    info: dto::RunInfo,
    made: RunCreator,
}

/// Who made a run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RunCreator {
    /// This command: nothing hangs on it yet.
    ThisCommand,
    /// This command when it was given before, and did not come to its end.
    EarlierAttempt,
    /// Somebody else.
    SomebodyElse,
}

/// One upload.
pub(super) struct Upload<'a> {
    pub(super) client: &'a Client,
    pub(super) new: &'a NewVersion,
    /// The same for the same command typed again, where it is known; otherwise used once.
    pub(super) operation: &'a str,
    /// The run is one that the caller made up, so that nobody else has made it.
    pub(super) is_new_run: bool,
}

impl Upload<'_> {
    /// Takes all steps.
    pub(super) fn run(&self) -> Result<Uploaded> {
        let has_logged_models = self.client.server_version()?.split('.').next().and_then(|major| major.parse().ok()).unwrap_or(0u32) >= 3;
        let experiment_id = self.experiment()?;
        let run = self.find_or_make_run(&experiment_id)?;
        self.log(&run.info.run_id, None)?;
        self.name_datasets(&run.info.run_id)?;
        let uploaded = match has_logged_models {
            true => self.as_logged_model(&experiment_id, &run)?,
            false => self.as_run_artifacts(&run.info)?,
        };
        if run.made != RunCreator::SomebodyElse {
            self.end_run(&uploaded.run_id, "FINISHED")?;
        }
        Ok(uploaded)
    }

    /// What cannot become a version is marked as such.
    pub(super) fn end_run(&self, run_id: &str, status: &str) -> Result<()> {
        let body = json!({ "run_id": run_id, "status": status, "end_time": self.new.run.ended_at.max(self.new.run.started_at) });
        self.client.write::<dto::Nothing>(Method::POST, "runs/update", body, "end the run")?;
        Ok(())
    }

    fn experiment(&self) -> Result<String> {
        let name = &self.new.run.experiment;
        for _ in 0..2 {
            if let Some(found) = self.client.experiment_named(name)? {
                if found.lifecycle_stage == DELETED {
                    return Err(deleted::refused(self.client, &found));
                }
                return Ok(found.experiment_id);
            }
            match self.client.make::<dto::ExperimentMade>("experiments/create", json!({ "name": name }), "make the experiment") {
                Ok(made) => return Ok(made.experiment_id),
                // Somebody else made it at the same moment, or the answer was lost: the next look tells.
                Err(failure) if failure.is_already_there() || failure.effect_unknown => {}
                Err(failure) => return Err(failure.into()),
            }
        }
        Err(Error::new(ErrorKind::ServerFailed, format!("the experiment '{name}' is neither there nor can it be made")))
    }

    /// The run to log to.
    fn find_or_make_run(&self, experiment_id: &str) -> Result<Origin> {
        let origin = |run: dto::Run, made: RunCreator| Origin { info: run.info, made };
        // A run that made several models, named by the caller.
        if !self.is_new_run {
            if let Some(named) = self.client.run(&self.new.run.run_id)? {
                return Ok(origin(named, RunCreator::SomebodyElse));
            }
            if let Some(found) = self.find_run(experiment_id)? {
                return Ok(origin(found, RunCreator::EarlierAttempt));
            }
        }
        let run = &self.new.run;
        let mut tags: BTreeMap<&str, &str> = run.tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        tags.entry("mlflow.source.name").or_insert("hivectl");
        tags.entry("mlflow.source.type").or_insert("LOCAL");
        tags.insert("mlflow.runName", &run.run_name);
        tags.insert(OPERATION, self.operation);
        let tags: Vec<Value> = tags.into_iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
        let user = run.tags.get("mlflow.user").map(String::as_str).unwrap_or_default();
        let started_at = if run.started_at > 0 { run.started_at } else { now_ms() };
        let body =
            json!({ "experiment_id": experiment_id, "start_time": started_at, "run_name": run.run_name, "user_id": user, "tags": tags });
        let mut tries = 0;
        loop {
            tries += 1;
            match self.client.make::<dto::RunAnswer>("runs/create", body.clone(), "make the run") {
                Ok(made) => return Ok(origin(made.run, RunCreator::ThisCommand)),
                Err(failure) if failure.effect_unknown => {
                    if let Some(found) = self.find_run(experiment_id)? {
                        return Ok(origin(found, RunCreator::ThisCommand));
                    }
                    if tries == 3 {
                        return Err(failure.into());
                    }
                }
                Err(failure) => return Err(failure.into()),
            }
        }
    }

    fn find_run(&self, experiment_id: &str) -> Result<Option<dto::Run>> {
        let filter = format!("tags.`{OPERATION}` = '{}'", self.operation);
        let found = self.client.runs(&[experiment_id.to_owned()], &filter, "look for the run of an earlier attempt")?;
        Ok(found.into_iter().next())
    }

    /// Parameters and metrics of the run; with `model_id` the metrics of the logged model too.
    fn log(&self, run_id: &str, model_id: Option<&str>) -> Result<()> {
        let run = &self.new.run;
        let timestamp = if run.ended_at > 0 { run.ended_at } else { now_ms() };
        let metrics: Vec<Value> = run
            .metrics
            .iter()
            .filter(|(_, value)| value.is_finite())
            .map(|(key, value)| {
                let mut metric = json!({ "key": key, "value": value, "timestamp": timestamp, "step": 0 });
                if let Some(model_id) = model_id {
                    metric["model_id"] = model_id.into();
                }
                metric
            })
            .collect();
        let params: Vec<Value> = run.params.iter().map(|(key, value)| json!({ "key": key, "value": shortened(value) })).collect();
        let write = |body: Value| self.client.write::<dto::Nothing>(Method::POST, "runs/log-batch", body, "record parameters and metrics");
        for some in metrics.chunks(MOST_METRICS) {
            write(json!({ "run_id": run_id, "metrics": some }))?;
        }
        if model_id.is_none() {
            for some in params.chunks(MOST_PARAMS) {
                write(json!({ "run_id": run_id, "params": some }))?;
            }
        }
        Ok(())
    }

    /// Says what the run took in. Said twice it stands there once.
    fn name_datasets(&self, run_id: &str) -> Result<()> {
        let datasets: Vec<Value> = self
            .new
            .run
            .datasets
            .iter()
            .map(|dataset| {
                let RunDataset { name, digest, source_type, source, schema, profile, context } = dataset;
                let mut told = json!({ "name": name, "digest": digest, "source_type": source_type, "source": source });
                let more = [("schema", schema), ("profile", profile)].into_iter();
                more.filter_map(|(key, text)| Some((key, text.as_deref()?))).for_each(|(key, text)| told[key] = text.into());
                let tags = if context.is_empty() { json!([]) } else { json!([{ "key": CONTEXT_TAG, "value": context }]) };
                json!({ "dataset": told, "tags": tags })
            })
            .collect();
        if datasets.is_empty() {
            return Ok(());
        }
        let body = json!({ "run_id": run_id, "datasets": datasets });
        self.client.write::<dto::Nothing>(Method::POST, "runs/log-inputs", body, "record what the run learned from")?;
        Ok(())
    }

    fn as_run_artifacts(&self, run: &dto::RunInfo) -> Result<Uploaded> {
        let Some(root) = Folder::from_uri(&run.artifact_uri) else { return Err(self.no_proxy(&run.artifact_uri)) };
        let artifacts = self.store(&root.below(MODEL_FOLDER), &run.run_id, None)?;
        Ok(Uploaded { source: format!("runs:/{}/{MODEL_FOLDER}", run.run_id), run_id: run.run_id.clone(), model_id: None, artifacts })
    }

    fn as_logged_model(&self, experiment_id: &str, run: &Origin) -> Result<Uploaded> {
        let model = self.find_or_make_logged_model(experiment_id, run)?;
        let run = &run.info;
        let id = model.info.model_id;
        let Some(folder) = Folder::from_uri(&model.info.artifact_uri) else { return Err(self.no_proxy(&model.info.artifact_uri)) };
        // The records are made while the files are on their way: neither needs the other.
        let (recorded, stored) = std::thread::scope(|scope| {
            let recorded = scope.spawn(|| self.link(&run.run_id, &id).and_then(|()| self.log(&run.run_id, Some(&id))));
            let stored = self.store(&folder, &run.run_id, Some(&id));
            (recorded.join(), stored)
        });
        let artifacts = stored?;
        recorded.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        let ready = json!({ "model_id": id, "status": "LOGGED_MODEL_READY" });
        self.client.write::<dto::Nothing>(Method::PATCH, &format!("logged-models/{id}"), ready, "mark the logged model as complete")?;
        Ok(Uploaded { source: format!("models:/{id}"), run_id: run.run_id.clone(), model_id: Some(id), artifacts })
    }

    /// Says that the run made the model. MLflow refuses to be told twice, with an error of its database.
    fn link(&self, run_id: &str, model_id: &str) -> Result<()> {
        let body = json!({ "run_id": run_id, "models": [{ "model_id": model_id, "step": 0 }] });
        let Err(failure) = self.client.write::<dto::Nothing>(Method::POST, "runs/outputs", body, "link the model with its run") else {
            return Ok(());
        };
        let outputs = self.client.run(run_id)?.map(|run| run.outputs.model_outputs).unwrap_or_default();
        match outputs.iter().any(|output| output.model_id == model_id) {
            true => Ok(()),
            false => Err(failure.into()),
        }
    }

    fn find_or_make_logged_model(&self, experiment_id: &str, run: &Origin) -> Result<dto::LoggedModel> {
        let Origin { info: run, made } = run;
        let find = || -> Result<Option<dto::LoggedModel>> {
            let body =
                json!({ "experiment_ids": [run.experiment_id], "filter": format!("source_run_id = '{}'", run.run_id), "max_results": 50 });
            let found: dto::LoggedModels =
                self.client.write(Method::POST, "logged-models/search", body, "look for the logged model of an earlier attempt")?;
            let is_own = |model: &dto::LoggedModel| model.info.tags.iter().any(|tag| tag.key == OPERATION && tag.value == self.operation);
            Ok(found.models.into_iter().find(is_own))
        };
        // On a new run there is none, and ids that the caller chose are used once.
        if *made != RunCreator::ThisCommand
            && let Some(found) = find()?
        {
            return Ok(found);
        }
        // These letters are not allowed in the name of a logged model.
        let name = self.new.name.replace(['/', ':', '.', '%', '"', '\''], "-");
        let params: Vec<Value> = self.new.run.params.iter().map(|(key, value)| json!({ "key": key, "value": shortened(value) })).collect();
        let body = json!({
            "experiment_id": experiment_id,
            "name": name,
            "source_run_id": run.run_id,
            "params": params,
            "tags": [{ "key": OPERATION, "value": self.operation }],
        });
        let mut tries = 0;
        loop {
            tries += 1;
            match self.client.make::<dto::LoggedModelAnswer>("logged-models", body.clone(), "make the logged model") {
                Ok(made) => return Ok(made.model),
                Err(failure) if failure.effect_unknown => {
                    if let Some(found) = find()? {
                        return Ok(found);
                    }
                    if tries == 3 {
                        return Err(failure.into());
                    }
                }
                Err(failure) => return Err(failure.into()),
            }
        }
    }

    /// Stores the files and answers with what they are.
    fn store(&self, folder: &Folder, run_id: &str, model_id: Option<&str>) -> Result<Vec<Artifact>> {
        let mut artifacts = Vec::with_capacity(self.new.files.len());
        for file in &self.new.files {
            let file = self.as_stored(file, run_id, model_id)?;
            files::put(self.client, folder, &file)?;
            artifacts.push(file.artifact().clone());
        }
        Ok(artifacts)
    }

    /// The file as it is stored: `MLmodel` with the ids that the server gave, where it names any.
    fn as_stored(&self, file: &ArtifactFile, run_id: &str, model_id: Option<&str>) -> Result<ArtifactFile> {
        if file.path() != MLMODEL {
            return Ok(file.clone());
        }
        let bytes = file.bytes()?;
        let Ok(text) = std::str::from_utf8(&bytes) else { return Ok(file.clone()) };
        let place = model_id.map_or_else(|| MODEL_FOLDER.to_owned(), |model_id| format!("models:/{model_id}"));
        Ok(ArtifactFile::new(MLMODEL, with_ids(text, &ModelIds { run_id, model_id, place: &place })))
    }

    fn no_proxy(&self, uri: &str) -> Error {
        Error::new(ErrorKind::BadConfiguration, format!("{} does not take files itself", self.client.shown()))
            .because(format!("it sends its clients to {}", crate::base::redact::without_passwords(uri)))
            .hint("start it with '--serve-artifacts --artifacts-destination PLACE', and use an experiment made since then")
    }
}

fn shortened(value: &str) -> String {
    value.chars().take(LONGEST_PARAM).collect()
}

impl Client {
    /// The experiment of this name, also one that was deleted.
    pub(super) fn experiment_named(&self, name: &str) -> Result<Option<dto::Experiment>> {
        let found = self.get("experiments/get-by-name", vec![("experiment_name", name.to_owned())], "look for the experiment");
        Ok(absent_is_none(found)?.map(|answer: dto::ExperimentAnswer| answer.experiment))
    }

    /// An experiment, also one that was deleted; `None` for one that is gone.
    pub(super) fn experiment(&self, experiment_id: &str) -> Result<Option<dto::Experiment>> {
        let found = self.get("experiments/get", vec![("experiment_id", experiment_id.to_owned())], "read the experiment");
        Ok(absent_is_none(found)?.map(|answer: dto::ExperimentAnswer| answer.experiment))
    }

    /// The name of an experiment; empty for one that is gone.
    pub(super) fn experiment_name(&self, experiment_id: &str) -> Result<String> {
        Ok(self.experiment(experiment_id)?.map(|experiment| experiment.name).unwrap_or_default())
    }
}
