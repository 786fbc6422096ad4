//! What is stored of a model: the trees in the forms that Python loads, MLflow's files around them,
//! and hivectl's own card and history.
//!
//! There is one form of the trees: hivectl reads its models back from the file that Python loads, a scikit-learn
//! pickle for forests (parsed, never executed) and XGBoost's UBJ for boosted trees, so both score the same bytes. ONNX
//! stands beside it. Boosted trees may add up to less than nothing; hivectl tells 0 then, Python the sum.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::card::{CARD_PATH, ModelCard};
use super::fit::{FittedModel, PackageContext};
use super::kind::{USUAL_VARIANT, VARIANT_TAG};
use super::loaded::PackageFiles;
use super::series::SeriesModel;
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};
use crate::formats::mlmodel::{self, Flavor, PackageDescription, PredictionType};
use crate::formats::sklearn::ForestHyperparameters;
use crate::formats::{onnx, pickle, xgboost};
use crate::trees::{Aggregation, Precision, TreeEnsemble};

/// Where the trees stand as ONNX.
pub const ONNX_PATH: &str = "model.onnx";
/// Where the history stands that serves predictions.
pub const HISTORY_PATH: &str = "hivectl/history.json";

/// The form in which the trees stand as their own library reads them, and as hivectl reads them back.
///
/// ```
/// assert_eq!(hivectl::kinds::TreesForm::Pickle.path(), "model.pkl");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TreesForm {
    /// scikit-learn's pickle: forests.
    Pickle,
    /// XGBoost's UBJ: boosted trees.
    Xgboost,
}

impl TreesForm {
    /// Both forms.
    pub const ALL: [TreesForm; 2] = [TreesForm::Pickle, TreesForm::Xgboost];

    fn flavor(self) -> Flavor {
        match self {
            TreesForm::Pickle => Flavor::Sklearn,
            TreesForm::Xgboost => Flavor::Xgboost,
        }
    }

    /// Where the trees stand in the package.
    pub fn path(self) -> &'static str {
        self.flavor().file()
    }

    /// Reads the trees back.
    ///
    /// Errors: [`ErrorKind::BadModelFile`].
    pub fn read(self, bytes: &[u8]) -> Result<TreeEnsemble> {
        match self {
            TreesForm::Pickle => pickle::read(bytes),
            // Added up as in training: in 64 bits and the base last, where XGBoost begins with it and adds in 32.
            TreesForm::Xgboost => {
                Ok(TreeEnsemble { aggregation: Aggregation::Sum, precision: Precision::SingleValues, ..xgboost::read_ubj(bytes)? })
            }
        }
    }
}

/// Rows of the input example.
const EXAMPLE_ROWS: usize = 3;

/// The ids that stand inside the files.
///
/// ```
/// let identity = hivectl::kinds::Identity { model_id: "m-1".into(), run_id: "r".into(), created_at: 0 };
/// assert_eq!(identity.run_id, "r");
/// ```
#[derive(Clone, Debug)]
pub struct Identity {
    pub model_id: String,
    pub run_id: String,
    /// Milliseconds since the epoch.
    pub created_at: i64,
}

/// The files around trees: as their own library reads them, as ONNX, and MLflow's description.
pub(super) struct TreeFiles<'a> {
    pub trees: &'a TreeEnsemble,
    pub form: TreesForm,
    pub prediction: PredictionType,
    /// What scikit-learn wants to know of a forest; for [`TreesForm::Pickle`].
    pub hyperparameters: Option<ForestHyperparameters>,
}

impl TreeFiles<'_> {
    /// Path and bytes. The trees' files depend on data, parameters and seed alone; the ids and the time stand in
    /// MLflow's files only.
    pub(super) fn write(&self, context: &PackageContext<'_>) -> Result<Vec<(String, Vec<u8>)>> {
        // An example has to be finite to be JSON; what is missing in a real row is 0 in the example.
        let finite = |value: f32| if value.is_finite() { f64::from(value) } else { 0.0 };
        let example = context.example;
        let rows: Vec<Vec<f64>> =
            (0..example.rows().min(EXAMPLE_ROWS)).map(|row| example.row(row).into_iter().map(finite).collect()).collect();
        let description = PackageDescription {
            model_id: &context.identity.model_id,
            run_id: &context.identity.run_id,
            artifact_path: &format!("models:/{}", context.identity.model_id),
            created_at: context.identity.created_at,
            feature_names: &self.trees.feature_names,
            example_rows: &rows,
            prediction: self.prediction,
            flavors: &[self.form.flavor(), Flavor::Onnx],
        };
        let trees = match &self.hyperparameters {
            Some(hyperparameters) => pickle::write_forest(self.trees, hyperparameters)?,
            None => xgboost::write_ubj(self.trees)?,
        };
        let mut files = vec![(self.form.path().to_owned(), trees), (ONNX_PATH.to_owned(), onnx::write(self.trees)?)];
        files.extend(mlmodel::package_files(&description)?);
        Ok(files)
    }
}

/// Where card and history stand among the files: after the model itself in two forms.
const PLACE_OF_CARD: usize = 2;

/// All files of the package: path and bytes.
///
/// Errors: those of the formats.
pub fn files(fitted: &dyn FittedModel, context: &PackageContext<'_>) -> Result<Vec<(String, Vec<u8>)>> {
    let history =
        serde_json::to_vec(context.history).map_err(|error| Error::new(ErrorKind::Internal, "cannot write the history").because(error))?;
    let mut files = fitted.files(context)?;
    let place = files.len().min(PLACE_OF_CARD);
    files.splice(place..place, [(CARD_PATH.to_owned(), context.card.to_bytes()?), (HISTORY_PATH.to_owned(), history)]);
    Ok(files)
}

/// All files of the package of a forecaster, the model first: path and bytes.
///
/// Errors: those of writing them.
pub fn series_files(model: &SeriesModel, card: &ModelCard, identity: &Identity) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = model.files(identity)?;
    files.insert(1, (CARD_PATH.to_owned(), card.to_bytes()?));
    Ok(files)
}

/// The trees of a package, in whichever form they stand.
///
/// Errors: [`ErrorKind::BadModelFile`] where there are none or damaged ones; [`ErrorKind::SchemaMismatch`] for trees
/// on other features than the card says.
pub(super) fn read_trees(card: &ModelCard, files: &dyn PackageFiles) -> Result<TreeEnsemble> {
    let label = files.label();
    let Some(form) = TreesForm::ALL.into_iter().find(|form| files.holds(form.path())) else {
        return Err(Error::new(ErrorKind::BadModelFile, format!("{label} has a card but no trees")).hint((
            "look at its files with `",
            commands::models_show(&label),
            "`",
        )));
    };
    let trees = form.read(&files.read(form.path())?)?;
    if trees.feature_names != card.schema.names() {
        let message = format!("the trees of {label} were grown on other features than its card says");
        return Err(Error::new(ErrorKind::SchemaMismatch, message));
    }
    Ok(trees)
}

/// A kind's part of the card.
pub(super) fn card_part<const N: usize>(parts: [(&str, serde_json::Result<Value>); N]) -> Result<Map<String, Value>> {
    let refused = |error| Error::new(ErrorKind::Internal, "cannot write the model's card").because(error);
    parts.into_iter().map(|(key, value)| Ok((key.to_owned(), value.map_err(refused)?))).collect()
}

/// The longest value of a tag that every MLflow takes, in bytes.
const LONGEST_TAG: usize = 5000;

/// Tags of the version that say how it was judged and on what.
pub fn tags(card: &ModelCard) -> BTreeMap<String, String> {
    let mut tags = BTreeMap::from([
        ("hivectl.kind".to_owned(), card.kind.clone()),
        ("hivectl.gate".to_owned(), if card.gate.passed { "passed" } else { "failed" }.to_owned()),
        ("hivectl.schema".to_owned(), card.schema.name.clone()),
        ("hivectl.schema.fingerprint".to_owned(), card.schema_fingerprint.clone()),
    ]);
    // A long policy stands in the card alone.
    let criteria = serde_json::to_string(&card.gate).unwrap_or_default();
    if criteria.len() <= LONGEST_TAG {
        tags.insert("hivectl.gate.criteria".into(), criteria);
    }
    if card.training.synthetic {
        tags.insert("hivectl.synthetic".into(), "true".into());
    }
    if card.variant != USUAL_VARIANT {
        tags.insert(VARIANT_TAG.into(), card.variant.clone());
    }
    tags
}
