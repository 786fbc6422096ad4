//! What is stored of a model: the trees in the forms that Python loads, MLflow's files around them,
//! and hivectl's own card and history.
//!
//! There is one form of the trees: hivectl reads its models back from the file that Python loads, a scikit-learn
//! pickle for forests (parsed, never executed) and XGBoost's UBJ for boosted trees, so both score the same bytes. ONNX
//! stands beside it. Boosted trees may add up to less than nothing; hivectl tells 0 then, Python the sum.

use super::anomaly::AnomalyModel;
use super::card::{CARD_PATH, Importance, ModelCard};
use super::duration::DurationModel;
use super::gate::Gate;
use super::learner::{Algorithm, Learner};
use super::{AnomalyVariant, ModelKind, OUTCOME_WORD, VARIANT_TAG};
use crate::error::{Error, ErrorKind, Result};
use crate::features::{FeatureFrame, History};
use crate::formats::mlmodel::{self, Flavor, PackageDescription, PredictionType};
use crate::formats::sklearn::{ForestFamily, ForestHyperparameters, MaxFeatures};
use crate::formats::{onnx, pickle, xgboost};
use crate::kinds::anomaly_rules::RuleStatistics;
use crate::statistics::errors::RegressionErrors;
use crate::trees::TreeEnsemble;
use crate::trees::interval::IntervalModel;
use std::collections::BTreeMap;

/// Where the trees stand as ONNX.
pub const ONNX_PATH: &str = "model.onnx";
/// Where the history stands that serves predictions.
pub const HISTORY_PATH: &str = "hivectl/history.json";

/// The form in which the trees stand as their own library reads them, and as hivectl reads them back.
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
            TreesForm::Xgboost => xgboost::read_ubj(bytes),
        }
    }
}

/// Rows of the input example.
const EXAMPLE_ROWS: usize = 3;

/// A trained and judged model of any kind.
#[derive(Clone, Debug)]
pub enum Trained {
    Duration(DurationModel),
    Anomaly(AnomalyModel),
}

impl Trained {
    pub fn ensemble(&self) -> &TreeEnsemble {
        match self {
            Trained::Duration(model) => &model.ensemble,
            Trained::Anomaly(model) => &model.ensemble,
        }
    }

    /// How durations were learned; `None` for anomaly detectors.
    pub fn learner(&self) -> Option<&Learner> {
        match self {
            Trained::Duration(model) => Some(&model.learner),
            Trained::Anomaly(_) => None,
        }
    }

    /// The form of the trees in the package.
    pub fn form(&self) -> TreesForm {
        match self.learner().map(Learner::algorithm) {
            Some(Algorithm::Boosting) => TreesForm::Xgboost,
            Some(Algorithm::Forest) | None => TreesForm::Pickle,
        }
    }

    pub fn metrics(&self) -> &BTreeMap<String, f64> {
        match self {
            Trained::Duration(model) => &model.metrics,
            Trained::Anomaly(model) => &model.metrics,
        }
    }

    pub fn importances(&self) -> &[Importance] {
        match self {
            Trained::Duration(model) => &model.importances,
            Trained::Anomaly(model) => &model.importances,
        }
    }

    pub fn by_task_type(&self) -> BTreeMap<String, RegressionErrors> {
        match self {
            Trained::Duration(model) => model.by_task_type.clone(),
            Trained::Anomaly(_) => BTreeMap::new(),
        }
    }

    pub fn interval(&self) -> Option<&IntervalModel> {
        match self {
            Trained::Duration(model) => model.interval.as_ref(),
            Trained::Anomaly(_) => None,
        }
    }

    pub fn rules(&self) -> Option<&RuleStatistics> {
        match self {
            Trained::Duration(_) => None,
            Trained::Anomaly(model) => Some(&model.rules),
        }
    }
}

/// The ids that stand inside the files.
#[derive(Clone, Debug)]
pub struct Identity {
    pub model_id: String,
    pub run_id: String,
    /// Milliseconds since the epoch.
    pub created_at: i64,
}

/// All files of the package: path and bytes. The trees' files depend on data, parameters and seed
/// alone; the ids and the time stand in MLflow's files only.
pub fn files(
    card: &ModelCard,
    trained: &Trained,
    history: &History,
    frame: &FeatureFrame,
    identity: &Identity,
) -> Result<Vec<(String, Vec<u8>)>> {
    let (ensemble, form) = (trained.ensemble(), trained.form());
    // An example has to be finite to be JSON; what is missing in a real row is 0 in the example.
    let finite = |value: f32| if value.is_finite() { f64::from(value) } else { 0.0 };
    let example: Vec<Vec<f64>> = (0..frame.rows().min(EXAMPLE_ROWS)).map(|row| frame.row(row).into_iter().map(finite).collect()).collect();
    let description = PackageDescription {
        model_id: &identity.model_id,
        run_id: &identity.run_id,
        artifact_path: "model",
        created_at: identity.created_at,
        feature_names: &ensemble.feature_names,
        example_rows: &example,
        prediction: match (card.kind, form) {
            (ModelKind::Anomaly, _) => PredictionType::Integer,
            (_, TreesForm::Pickle) => PredictionType::Double,
            (_, TreesForm::Xgboost) => PredictionType::Float,
        },
        flavors: &[form.flavor(), Flavor::Onnx],
    };
    let trees = match form {
        TreesForm::Pickle => pickle::write_forest(ensemble, &hyperparameters(card, trained))?,
        TreesForm::Xgboost => xgboost::write_ubj(ensemble)?,
    };
    let mut files = vec![
        (form.path().to_owned(), trees),
        (ONNX_PATH.to_owned(), onnx::write(ensemble)?),
        (CARD_PATH.to_owned(), card.to_bytes()?),
        (
            HISTORY_PATH.to_owned(),
            serde_json::to_vec(history).map_err(|error| Error::new(ErrorKind::Internal, "cannot write the history").because(error))?,
        ),
    ];
    files.extend(mlmodel::package_files(&description)?);
    Ok(files)
}

fn hyperparameters(card: &ModelCard, trained: &Trained) -> ForestHyperparameters {
    let seed = u32::try_from(card.training.seed).ok();
    let training_rows = card.training.samples.train;
    match trained.learner() {
        Some(Learner::Forest(forest)) => ForestHyperparameters {
            family: ForestFamily::RandomForest,
            max_depth: Some(forest.depth as u32),
            min_samples_split: forest.min_split as u32,
            min_samples_leaf: forest.min_leaf as u32,
            max_features: MaxFeatures::Share(forest.column_share),
            bootstrap: true,
            seed,
            training_rows,
        },
        Some(Learner::Boosting(_)) | None => ForestHyperparameters {
            family: ForestFamily::Isolation,
            max_depth: None,
            min_samples_split: 2,
            min_samples_leaf: 1,
            max_features: MaxFeatures::Share(1.0),
            bootstrap: false,
            seed,
            training_rows,
        },
    }
}

/// Tags of the version that say how it was judged and on what.
pub fn tags(card: &ModelCard) -> BTreeMap<String, String> {
    let gate_document = |gate: &Gate| serde_json::to_string(gate).unwrap_or_default();
    let mut tags = BTreeMap::from([
        ("hivectl.kind".to_owned(), card.kind.word().to_owned()),
        ("hivectl.gate".to_owned(), if card.gate.passed { "passed" } else { "failed" }.to_owned()),
        ("hivectl.gate.criteria".to_owned(), gate_document(&card.gate)),
        ("hivectl.schema".to_owned(), card.schema.name.clone()),
        ("hivectl.schema.fingerprint".to_owned(), card.schema_fingerprint.clone()),
    ]);
    if card.training.synthetic {
        tags.insert("hivectl.synthetic".into(), "true".into());
    }
    if card.variant == AnomalyVariant::Outcome {
        tags.insert(VARIANT_TAG.into(), OUTCOME_WORD.into());
    }
    tags
}
