//! MLflow's interface, one method a question. What is asked once is told here; rules are elsewhere.

use std::collections::BTreeSet;

use reqwest::Method;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::client::{Call, Client, Repeat, Sent};
use super::dto;
use super::failure::{Asked, Failure};
use crate::error::ErrorKind;

/// Below this every metadata route is.
const ROOT: &str = "api/2.0/mlflow/";

/// The most models that MLflow puts on a page; of versions it would give more, but more slowly.
const PAGE: &str = "1000";

/// More pages than this are no list.
const MOST_PAGES: usize = 10_000;

/// What a method of [`Client`] answers with.
pub(super) type Asking<T> = std::result::Result<T, Failure>;

impl Client {
    /// Reads from a metadata route.
    pub(super) fn get<T: DeserializeOwned>(&self, route: &str, query: Vec<(&str, String)>, operation: &str) -> Asking<T> {
        let path = format!("{ROOT}{route}");
        self.json(&Call { method: Method::GET, path: &path, query, body: Sent::Nothing, repeat: Repeat::Safe, operation })
    }

    /// Writes something that is the same when it is written twice.
    pub(super) fn write<T: DeserializeOwned>(&self, method: Method, route: &str, body: Value, operation: &str) -> Asking<T> {
        let path = format!("{ROOT}{route}");
        self.json(&Call { method, path: &path, query: Vec::new(), body: Sent::Json(body), repeat: Repeat::Safe, operation })
    }

    /// Makes something new; is never sent again by itself when the answer was lost.
    pub(super) fn make<T: DeserializeOwned>(&self, route: &str, body: Value, operation: &str) -> Asking<T> {
        let path = format!("{ROOT}{route}");
        self.json(&Call { method: Method::POST, path: &path, query: Vec::new(), body: Sent::Json(body), repeat: Repeat::Never, operation })
    }

    /// The version of the server, `3.17.2`.
    pub(super) fn server_version(&self) -> Asking<String> {
        let operation = "ask the server for its version";
        let call = Call { method: Method::GET, path: "version", query: Vec::new(), body: Sent::Nothing, repeat: Repeat::Safe, operation };
        let answer = self.ask(&call, 1 << 16, false)?;
        let text = String::from_utf8_lossy(&answer.bytes).trim().to_owned();
        match text.starts_with(|letter: char| letter.is_ascii_digit()) && text.len() < 40 {
            true => Ok(text),
            false => {
                let asked = Asked { operation, server: self.shown(), attempts: 1 };
                Err(asked.broken(ErrorKind::ServerFailed, "what it says is no version of MLflow", false))
            }
        }
    }

    /// Every page of a list, in order.
    fn pages<P: DeserializeOwned>(
        &self,
        route: &str,
        filter: Option<String>,
        operation: &str,
        mut take: impl FnMut(P) -> String,
    ) -> Asking<()> {
        let mut seen = BTreeSet::new();
        let mut token = String::new();
        for _ in 0..MOST_PAGES {
            let mut query = vec![("max_results", PAGE.to_owned())];
            query.extend(filter.clone().map(|filter| ("filter", filter)));
            if !token.is_empty() {
                query.push(("page_token", token.clone()));
            }
            token = take(self.get(route, query, operation)?);
            if token.is_empty() {
                return Ok(());
            }
            if !seen.insert(token.clone()) {
                break;
            }
        }
        let asked = Asked { operation, server: self.shown(), attempts: 1 };
        Err(asked.broken(ErrorKind::ServerFailed, "its pages lead back to one that was seen already", false))
    }

    /// Registered models, all or those that the filter names, with their aliases.
    pub(super) fn models(&self, filter: Option<String>, operation: &str) -> Asking<Vec<dto::RegisteredModel>> {
        let mut models = Vec::new();
        self.pages("registered-models/search", filter, operation, |page: dto::RegisteredModels| {
            models.extend(page.registered_models);
            page.next_page_token
        })?;
        Ok(models)
    }

    /// Versions, all or those that the filter names. MLflow tells no aliases here.
    pub(super) fn model_versions(&self, filter: Option<String>, operation: &str) -> Asking<Vec<dto::Version>> {
        let mut versions = Vec::new();
        self.pages("model-versions/search", filter, operation, |page: dto::Versions| {
            versions.extend(page.model_versions);
            page.next_page_token
        })?;
        Ok(versions)
    }

    /// One registered model with its aliases.
    pub(super) fn model(&self, name: &str) -> Asking<Option<dto::RegisteredModel>> {
        let found = self.get("registered-models/get", vec![("name", name.to_owned())], &format!("read the model '{name}'"));
        absent_is_none(found.map(|answer: dto::RegisteredModelAnswer| answer.registered_model))
    }

    /// One run.
    pub(super) fn run(&self, run_id: &str) -> Asking<Option<dto::Run>> {
        let found = self.get("runs/get", vec![("run_id", run_id.to_owned())], &format!("read the run {run_id}"));
        absent_is_none(found.map(|answer: dto::RunAnswer| answer.run))
    }

    /// Runs of any experiment.
    pub(super) fn runs(&self, experiments: &[String], filter: &str, operation: &str) -> Asking<Vec<dto::Run>> {
        let body = json!({ "experiment_ids": experiments, "filter": filter, "max_results": 1000 });
        self.write::<dto::Runs>(Method::POST, "runs/search", body, operation).map(|answer| answer.runs)
    }

    /// The ids of all experiments.
    pub(super) fn experiments(&self) -> Asking<Vec<String>> {
        let body = json!({ "max_results": 1000 });
        let found: dto::Experiments = self.write(Method::POST, "experiments/search", body, "list the experiments")?;
        Ok(found.experiments.into_iter().map(|experiment| experiment.experiment_id).collect())
    }

    /// Sets one tag of a version.
    pub(super) fn set_version_tag(&self, name: &str, version: u32, key: &str, value: &str) -> Asking<()> {
        let body = json!({ "name": name, "version": version.to_string(), "key": key, "value": value });
        let operation = format!("tag {name}@{version} with {key}");
        self.write::<dto::Nothing>(Method::POST, "model-versions/set-tag", body, &operation).map(drop)
    }

    /// Removes one tag of a version; one that is not there is removed already.
    pub(super) fn remove_version_tag(&self, name: &str, version: u32, key: &str) -> Asking<()> {
        let body = json!({ "name": name, "version": version.to_string(), "key": key });
        let operation = format!("remove the tag {key} of {name}@{version}");
        absent_is_none(self.write::<dto::Nothing>(Method::DELETE, "model-versions/delete-tag", body, &operation)).map(drop)
    }

    /// Removes a tag of hivectl's own, or empties it: an account that may edit a model may not delete its versions' tags.
    pub(super) fn forget_version_tag(&self, name: &str, version: u32, key: &str) -> Asking<()> {
        match self.remove_version_tag(name, version, key) {
            Err(failure) if failure.error.kind() == ErrorKind::NotAllowed => self.set_version_tag(name, version, key, ""),
            removed => removed,
        }
    }

    /// Points an alias at a version.
    pub(super) fn set_alias(&self, name: &str, alias: &str, version: u32) -> Asking<()> {
        let body = json!({ "name": name, "alias": alias, "version": version.to_string() });
        let operation = format!("point the alias {alias} of {name} at version {version}");
        self.write::<dto::Nothing>(Method::POST, "registered-models/alias", body, &operation).map(drop)
    }

    /// Removes an alias; one that is not there is removed already.
    pub(super) fn remove_alias(&self, name: &str, alias: &str) -> Asking<()> {
        let body = json!({ "name": name, "alias": alias });
        let operation = format!("remove the alias {alias} of {name}");
        absent_is_none(self.write::<dto::Nothing>(Method::DELETE, "registered-models/alias", body, &operation)).map(drop)
    }

    /// Moves a version to a stage; with `archive` every other version leaves that stage.
    pub(super) fn transition(&self, name: &str, version: u32, stage: &str, archive: bool) -> Asking<()> {
        let body = json!({ "name": name, "version": version.to_string(), "stage": stage, "archive_existing_versions": archive });
        let operation = format!("move {name}@{version} to {stage}");
        self.write::<dto::Nothing>(Method::POST, "model-versions/transition-stage", body, &operation).map(drop)
    }
}

/// The same where some servers know no such address: a route of newer ones, or a file, of which some say no more than 404.
pub(super) fn unknown_is_none<T>(found: Asking<T>) -> Asking<Option<T>> {
    match found {
        Err(failure) if failure.is_no_route() => Ok(None),
        found => absent_is_none(found),
    }
}

/// A thing that is not there is an answer, too.
pub(super) fn absent_is_none<T>(found: Asking<T>) -> Asking<Option<T>> {
    match found {
        Ok(value) => Ok(Some(value)),
        Err(failure) if failure.is_not_found() => Ok(None),
        Err(failure) => Err(failure),
    }
}
