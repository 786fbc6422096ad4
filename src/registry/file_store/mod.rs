//! MLflow's file store: a folder such as `./mlruns` with a file a fact, as MLflow before 3 keeps models where nothing is set.
//!
//! It is read and never written: MLflow itself gives these stores up, and `mlflow migrate-filestore` makes a database of one.

mod read;

use std::path::{Path, PathBuf};

use self::read::Meta;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{ModelSummary, ModelVersion, RunRecord, ServingRule};
use crate::registry::ModelStore;
use crate::registry::package::check_path;

/// Folders and files that are looked through in one model.
const MOST_FILES: usize = 10_000;

/// The models in a folder of MLflow's file store.
#[derive(Clone, Debug)]
pub struct FileStore {
    root: PathBuf,
    serving_rule: ServingRule,
}

impl FileStore {
    /// The store in `root`.
    ///
    /// Errors: [`ErrorKind::FileNotFound`] where there is no such folder.
    pub fn open(root: &Path, serving_rule: ServingRule) -> Result<FileStore> {
        let root = root.canonicalize().map_err(|source| Error::file("read", root, &source))?;
        Ok(FileStore { root, serving_rule })
    }

    fn models(&self) -> PathBuf {
        self.root.join("models")
    }

    /// The folder of a version's files, below this store.
    ///
    /// Errors: [`ErrorKind::FileNotFound`], [`ErrorKind::BadModelFile`] for a place outside of the store.
    fn files_of(&self, version: &ModelVersion) -> Result<PathBuf> {
        let lost = |why: String| Error::new(ErrorKind::FileNotFound, format!("the files of {} cannot be found", version.id())).because(why);
        let shown = crate::base::redact::without_passwords(&version.source);
        let candidates = self.places(version);
        if candidates.is_empty() {
            return Err(Error::new(ErrorKind::BadModelFile, format!("the files of {} are outside of this store", version.id()))
                .because(format!("they are at {shown}"))
                .hint("fetch them with that store's own tool and register the folder"));
        }
        let found = candidates.into_iter().find_map(|place| place.canonicalize().ok().filter(|place| place.is_dir()));
        let folder = found.ok_or_else(|| lost(format!("nothing is at {shown}")))?;
        // A link may lead anywhere.
        match folder.starts_with(&self.root) {
            true => Ok(folder),
            false => Err(Error::new(ErrorKind::BadModelFile, format!("the files of {} are outside of this store", version.id()))
                .because(format!("{shown} leads to {}", folder.display()))),
        }
    }

    /// Where the files of a version may be: as the store was written, and as it is where it was moved since.
    fn places(&self, version: &ModelVersion) -> Vec<PathBuf> {
        let source = version.source.as_str();
        if let Some(id) = source.strip_prefix("models:/").filter(|id| id.starts_with("m-") && check_path(id).is_ok()) {
            return self.experiments().into_iter().map(|experiment| experiment.join("models").join(id).join("artifacts")).collect();
        }
        let of_run = |run: &str, path: &str| -> Vec<PathBuf> {
            let runs = self.experiments().into_iter().map(|experiment| experiment.join(run).join("artifacts").join(path));
            runs.chain(self.logged_by(run, path)).collect()
        };
        if let Some(rest) = source.strip_prefix("runs:/") {
            let (run, path) = rest.split_once('/').unwrap_or((rest, ""));
            return if check_path(rest).is_ok() { of_run(run, path) } else { Vec::new() };
        }
        let path = source.strip_prefix("file://").unwrap_or(source);
        if path.contains("://") {
            return Vec::new();
        }
        // A store that was moved has the same folders below another one.
        let below =
            |run: &String| path.split_once(&format!("/{run}/artifacts/")).map(|(_, rest)| rest.to_owned()).map(|rest| of_run(run, &rest));
        let moved = version.run_id.as_ref().and_then(below).unwrap_or_default();
        std::iter::once(PathBuf::from(path)).filter(|path| path.starts_with(&self.root)).chain(moved).collect()
    }

    /// The logged models of a run by that name: MLflow 3 keeps them beside the run.
    fn logged_by(&self, run: &str, name: &str) -> Vec<PathBuf> {
        let models = self.experiments().into_iter().flat_map(|experiment| read::folders(&experiment.join("models")));
        let is_its = |model: &PathBuf| {
            Meta::read(&model.join("meta.yaml")).is_ok_and(|meta| meta.text("source_run_id") == run && meta.text("name") == name)
        };
        models.filter(is_its).map(|model| model.join("artifacts")).collect()
    }

    fn experiments(&self) -> Vec<PathBuf> {
        let is_experiment = |folder: &PathBuf| folder.file_name().is_some_and(|name| name != "models" && name != ".trash");
        read::folders(&self.root).into_iter().filter(is_experiment).collect()
    }
}

impl ModelStore for FileStore {
    fn location(&self) -> String {
        self.root.display().to_string()
    }

    fn is_shared(&self) -> bool {
        false
    }

    fn serving_rule(&self) -> ServingRule {
        self.serving_rule.clone()
    }

    fn remedy_for_reading_only(&self) -> Option<String> {
        Some(format!(
            "this is a file store of MLflow, which hivectl reads and never writes: 'mlflow migrate-filestore --source {} --target \
             sqlite:///mlflow.db' makes a database of it, for `--registry sqlite:///mlflow.db`",
            shlex::try_quote(&self.location()).map_or_else(|_| "FOLDER".into(), |quoted| quoted.into_owned())
        ))
    }

    fn list(&self) -> Result<Vec<ModelSummary>> {
        let mut models = Vec::new();
        for folder in read::folders(&self.models()) {
            let meta = Meta::read(&folder.join("meta.yaml"))?;
            let versions = read::versions(&folder)?;
            let count = u32::try_from(versions.len()).unwrap_or(u32::MAX);
            let tags = read::texts(&folder.join("tags"));
            let summary = ModelSummary::of(meta.text("name").to_owned(), &versions, count, &self.serving_rule, None);
            models.push(ModelSummary { tags, ..summary });
        }
        models.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(models)
    }

    fn versions(&self, name: &str) -> Result<Vec<ModelVersion>> {
        if check_path(name).is_err() || name.contains('/') {
            return Ok(Vec::new());
        }
        let folder = self.models().join(name);
        if folder.is_dir() { read::versions(&folder) } else { Ok(Vec::new()) }
    }

    fn version(&self, name: &str, version: u32) -> Result<Option<ModelVersion>> {
        Ok(self.versions(name)?.into_iter().find(|found| found.version == version))
    }

    fn file_paths(&self, version: &ModelVersion) -> Result<Vec<String>> {
        read::paths_below(&self.files_of(version)?, MOST_FILES)
    }

    fn read_artifact(&self, version: &ModelVersion, path: &str) -> Result<Vec<u8>> {
        check_path(path)?;
        let place = self.files_of(version)?.join(path);
        let real = place.canonicalize().map_err(|source| Error::file("read", &place, &source))?;
        if !real.starts_with(&self.root) {
            return Err(Error::new(ErrorKind::BadModelFile, format!("{path} of {} leads out of the store", version.id())));
        }
        std::fs::read(&real).map_err(|source| Error::file("read", &real, &source))
    }

    fn check_files(&self, version: &ModelVersion) -> Result<()> {
        match self.file_paths(version)?.is_empty() {
            true => Err(Error::new(ErrorKind::FileNotFound, format!("the files of {} are gone", version.id()))),
            false => Ok(()),
        }
    }

    fn run_of(&self, version: &ModelVersion) -> Result<Option<RunRecord>> {
        let Some(run) = version.run_id.as_ref().filter(|run| check_path(run).is_ok()) else { return Ok(None) };
        let folder = self.experiments().into_iter().map(|experiment| experiment.join(run)).find(|folder| folder.is_dir());
        folder.map(|folder| read::run(run, &folder)).transpose()
    }
}
