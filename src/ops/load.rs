//! A registered version as a model that can be run.

use std::collections::BTreeMap;

use super::mlmodel::{MLMODEL, unreadable};
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};
use crate::formats::package::{self, PackagedModel};
use crate::formats::signature::Signature;
use crate::formats::{self, Loader, ReadModel, ReadOptions, Rounds};
use crate::kinds::{CARD_PATH, Catalogue, LoadedModel, ModelCard, PackageFiles, SERIES_PATH, SeriesModel, external};
use crate::lifecycle::ModelVersion;
use crate::registry::ModelStore;

/// The files of a version where they stand.
struct Registered<'a> {
    registry: &'a dyn ModelStore,
    version: &'a ModelVersion,
}

impl PackageFiles for Registered<'_> {
    fn label(&self) -> String {
        format!("{}@{}", self.version.name, self.version.version)
    }

    fn holds(&self, path: &str) -> bool {
        self.version.artifacts.iter().any(|artifact| artifact.path == path)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>> {
        self.registry.read_artifact(self.version, path)
    }
}

/// Loads a version that hivectl made, each file verified against its digest.
///
/// Errors: [`ErrorKind::BadModelFile`] when the version was not made by hivectl or is damaged,
/// [`ErrorKind::DigestMismatch`].
pub fn own(registry: &dyn ModelStore, kinds: &Catalogue, version: &ModelVersion) -> Result<LoadedModel> {
    let files = Registered { registry, version };
    if !files.holds(CARD_PATH) {
        return Err(Error::new(
            ErrorKind::BadModelFile,
            format!("{} was not made by hivectl, so its features are not known", files.label()),
        )
        .hint(("train a model with `", commands::train(), "`")));
    }
    let card = ModelCard::from_bytes(&files.read(CARD_PATH)?)?;
    LoadedModel::own(kinds, card, &files, version.created_at)
}

/// What hivectl recorded of a version; `None` where another tool made it.
///
/// Errors: those of reading the card.
pub fn card(registry: &dyn ModelStore, version: &ModelVersion) -> Result<Option<ModelCard>> {
    let files = Registered { registry, version };
    files.holds(CARD_PATH).then(|| ModelCard::from_bytes(&files.read(CARD_PATH)?)).transpose()
}

/// Loads a version, hivectl's own by its card, another by its trees.
///
/// Errors: those of [`own`] and of reading the trees; [`ErrorKind::SchemaMismatch`] for trees on features that hivectl
/// does not make.
pub fn model(registry: &dyn ModelStore, kinds: &Catalogue, version: &ModelVersion) -> Result<LoadedModel> {
    model_with(registry, kinds, version, None)
}

/// Like [`model`]; with `rounds` other rounds of a model of another tool answer than its library would take.
///
/// Errors: those of [`model`]; [`ErrorKind::Usage`] for `rounds` of a model that hivectl made, whose rounds all answer.
pub fn model_with(registry: &dyn ModelStore, kinds: &Catalogue, version: &ModelVersion, rounds: Option<Rounds>) -> Result<LoadedModel> {
    let files = Registered { registry, version };
    if files.holds(CARD_PATH) {
        if rounds.is_some() {
            return Err(Error::new(ErrorKind::Usage, format!("{} was made by hivectl, and all its rounds answer", files.label()))
                .hint("leave out `--rounds`"));
        }
        return own(registry, kinds, version);
    }
    let (path, read) = trees(registry, version, rounds)?;
    if let Some(column) = read.categories.iter().find(|column| !column.is_identity()) {
        let name = read.ensemble.feature_names.get(column.feature).map_or("one", String::as_str);
        return Err(Error::new(
            ErrorKind::SchemaMismatch,
            format!("{} looks at named categories in '{}'", files.label(), name.escape_debug()),
        )
        .because("what hivectl makes of tickets are numbers")
        .hint(("give it a table of its own columns: `", commands::predict_rows(files.label()), "`")));
    }
    if read.committee.is_some() {
        return Err(Error::new(ErrorKind::SchemaMismatch, format!("{} is several models that answer together", files.label()))
            .because("on tickets one set of trees is run")
            .hint(("give it a table of its own columns: `", commands::predict_rows(files.label()), "`")));
    }
    let external = external::adopt(kinds, read.ensemble, &format!("{path} of {}", files.label()))?;
    Ok(LoadedModel::external(external, version.created_at))
}

/// The trees of a version, whichever tool made it, with the file they stand in; their columns are named by the signature
/// where they have no names of their own. With `rounds` other rounds answer than its loader would take.
///
/// Errors: those of [`file_of_trees`] and of reading the trees; [`ErrorKind::Usage`] where signature and trees name
/// different columns.
pub fn trees(registry: &dyn ModelStore, version: &ModelVersion, rounds: Option<Rounds>) -> Result<(String, ReadModel)> {
    let PackagedModel { path, loader, signature, tells_probabilities } = file_of_trees(registry, version)?;
    let bytes = registry.read_artifact(version, &path)?;
    let mut read = formats::read(&bytes, ReadOptions { loader, rounds }).map_err(|error| unreadable(registry, version, error))?;
    external::name_by_signature(&mut read.ensemble, &signature.names)?;
    Ok((path, ReadModel { signature, tells_probabilities, ..read }))
}

/// The forecaster of a version that hivectl made; `None` where it is none.
///
/// Errors: those of reading it.
pub fn series(registry: &dyn ModelStore, version: &ModelVersion) -> Result<Option<SeriesModel>> {
    let files = Registered { registry, version };
    files.holds(SERIES_PATH).then(|| SeriesModel::from_bytes(&files.label(), &files.read(SERIES_PATH)?)).transpose()
}

/// The file of a version that is a model of Prophet's; `None` for another.
///
/// Errors: those of reading it, and of an `MLmodel` that is none.
pub fn prophet(registry: &dyn ModelStore, version: &ModelVersion) -> Result<Option<Vec<u8>>> {
    let paths = registry.file_paths(version)?;
    if !paths.iter().any(|path| path == MLMODEL) {
        return Ok(None);
    }
    let named = package::prophet_of(&registry.read_artifact(version, MLMODEL)?)?;
    named.map(|path| registry.read_artifact(version, &path)).transpose()
}

/// The file with the trees of a version, whichever tool wrote it: the one that its `MLmodel` names, and where there is
/// no `MLmodel` the one of a usual name.
///
/// Errors: [`ErrorKind::BadModelFile`] naming the files that there are, and those of [`package::model_of`];
/// [`ErrorKind::FileNotFound`] where there are none.
pub fn file_of_trees(registry: &dyn ModelStore, version: &ModelVersion) -> Result<PackagedModel> {
    let mut paths = registry.file_paths(version)?;
    if paths.is_empty() {
        return Err(version.without_files());
    }
    if paths.iter().any(|path| path == MLMODEL) {
        let mlmodel = registry.read_artifact(version, MLMODEL)?;
        return package::model_of(&mlmodel, &paths).map_err(|error| unreadable(registry, version, error));
    }
    match external::place_of_trees(&paths) {
        Some(place) => {
            let path = paths.swap_remove(place);
            Ok(PackagedModel { path, loader: Loader::Noted, signature: Signature::default(), tells_probabilities: false })
        }
        None => {
            let error = Error::new(ErrorKind::BadModelFile, format!("{}@{} holds no trees", version.name, version.version))
                .because(format!("its files are {}", paths.join(", ")));
            Err(unreadable(registry, version, error))
        }
    }
}

/// The recorded metrics of a version, each under one name: the running system calls some otherwise.
pub fn recorded_metrics(version: &ModelVersion) -> BTreeMap<String, f64> {
    let mut metrics = version.metrics.clone();
    for (ours, theirs) in [("mae_pct", "mae_percentage"), ("f1", "f1_score")] {
        if let Some(value) = metrics.remove(theirs) {
            metrics.entry(ours.into()).or_insert(value);
        }
    }
    metrics
}
