//! What a version of another tool is, told by its trees.

use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};
use crate::features::{Configuration, FeatureSchema};
use crate::formats::inspect;
use crate::kinds::{AnomalyVariant, ModelKind, anomaly};
use crate::lifecycle::ModelVersion;
use crate::ops::described::unreadable;
use crate::registry::ModelStore;
use crate::trees::{EnsembleTask, TreeEnsemble};

/// Where MLflow's flavors keep the trees, the surest form first.
const USUAL_PLACES: [&str; 9] =
    ["model.pkl", "model.skops", "model.onnx", "model.xgb", "model.ubj", "model.json", "model.lgb", "model.txt", "data/model.onnx"];

/// Endings of files that can only be a model.
const ENDINGS: [&str; 5] = [".pkl", ".joblib", ".skops", ".onnx", ".ubj"];

/// A version whose trees could be read and whose features hivectl makes.
pub(in crate::ops) struct Foreign {
    pub kind: ModelKind,
    pub schema: FeatureSchema,
    pub ensemble: TreeEnsemble,
    /// The trees name no features.
    pub features_assumed: bool,
}

/// Reads the trees of a version.
///
/// Errors: [`ErrorKind::BadModelFile`] where no file holds trees that can be used here;
/// [`ErrorKind::SchemaMismatch`] for features that hivectl does not make.
pub(in crate::ops) fn load(registry: &dyn ModelStore, version: &ModelVersion) -> Result<Foreign> {
    let path = file_of_trees(registry, version)?;
    let (_, ensemble) = inspect::read(&registry.read_artifact(version, &path)?).map_err(|error| unreadable(registry, version, error))?;
    let kind = match ensemble.task {
        EnsembleTask::Regression => ModelKind::Duration,
        EnsembleTask::Isolation(_) => ModelKind::Anomaly,
        EnsembleTask::Classification { .. } => {
            return Err(Error::new(ErrorKind::BadModelFile, format!("{path} of {} tells classes", version.id()))
                .because("models of durations and anomaly detectors can be run on tickets"));
        }
    };
    let (schema, features_assumed) = schema_of(&ensemble.feature_names)?;
    Ok(Foreign { kind, schema, ensemble, features_assumed })
}

/// The path of the file with the trees of a version, whichever tool wrote it.
///
/// Errors: [`ErrorKind::BadModelFile`] naming the files that there are; [`ErrorKind::FileNotFound`] where there are none.
pub fn file_of_trees(registry: &dyn ModelStore, version: &ModelVersion) -> Result<String> {
    let mut paths = registry.file_paths(version)?;
    if paths.is_empty() {
        return Err(version.without_files());
    }
    let usual = USUAL_PLACES.into_iter().find_map(|place| paths.iter().position(|path| path == place));
    match usual.or_else(|| paths.iter().position(|path| ENDINGS.iter().any(|ending| path.ends_with(ending)))) {
        Some(place) => Ok(paths.swap_remove(place)),
        None => {
            let error = Error::new(ErrorKind::BadModelFile, format!("{} holds no trees", version.id()))
                .because(format!("its files are {}", paths.join(", ")));
            Err(unreadable(registry, version, error))
        }
    }
}

/// The schema with these names in this order; trees without names and with as many features as the running
/// system has are taken for its own.
fn schema_of(names: &[String]) -> Result<(FeatureSchema, bool)> {
    let bases = [FeatureSchema::reference(), FeatureSchema::named("extended", Configuration::default())?];
    for base in bases {
        for variant in [AnomalyVariant::Scheduling, AnomalyVariant::Outcome] {
            let schema = anomaly::schema(base.clone(), variant);
            if schema.names() == names {
                return Ok((schema, false));
            }
        }
    }
    let reference = FeatureSchema::reference();
    let made_up = |name: &String, place: usize| ["feature_", "Column_", "f", "x"].iter().any(|prefix| *name == format!("{prefix}{place}"));
    if names.len() == reference.len() && names.iter().enumerate().all(|(place, name)| made_up(name, place)) {
        return Ok((reference, true));
    }
    let known = reference.names();
    let stranger = names.iter().find(|name| !known.contains(name)).map_or("their order".into(), |name| format!("'{name}'"));
    Err(Error::new(ErrorKind::SchemaMismatch, format!("the {} features of the trees are not those that hivectl makes", names.len()))
        .because(format!("{stranger} is not of 'reference' or 'extended'"))
        .hint(("train a model on the same tickets with `", commands::train(), "`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_told_by_names_or_where_there_are_none_by_their_number() {
        let reference = FeatureSchema::reference();
        assert_eq!(schema_of(&reference.names()).expect("known"), (reference.clone(), false));
        let unnamed: Vec<String> = (0..15).map(|place| format!("feature_{place}")).collect();
        assert_eq!(schema_of(&unnamed).expect("as many"), (reference.clone(), true));
        assert_eq!(schema_of(&unnamed[..14]).expect_err("one less").kind(), ErrorKind::SchemaMismatch);
        let mut turned = reference.names();
        turned.swap(0, 1);
        assert!(schema_of(&turned).expect_err("another order").to_string().contains("their order"));
        let outcome = anomaly::schema(reference, AnomalyVariant::Outcome);
        assert_eq!(schema_of(&outcome.names()).expect("known"), (outcome, false));
    }
}
