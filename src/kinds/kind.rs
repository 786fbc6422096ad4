//! What a kind of model says of itself: the seam that everything else goes through.

use serde::{Deserialize, Serialize};

use super::card::ModelCard;
use super::deciding_metric::DecidingMetric;
use super::estimator::Estimator;
use super::fit::{FitRequest, FittedModel};
use super::loaded::PackageFiles;
use super::prediction::PredictionColumn;
use super::series::SeriesPlan;
use super::training::{TrainingContext, TrainingData};
use super::tuning::{Candidate, Search};
use crate::error::{Error, ErrorKind, Result};
use crate::features::{FeatureFrame, FeatureSchema};
use crate::lifecycle::Criterion;
use crate::trees::TreeEnsemble;
use std::collections::BTreeMap;

/// The variant of a kind that has several, unless another is asked for.
pub const USUAL_VARIANT: &str = "scheduling";

/// The tag of a version that says which variant of its kind it is, where that is not the usual one.
pub const VARIANT_TAG: &str = "hivectl.variant";

/// What a model says of a ticket, whatever its kind.
///
/// ```
/// use hivectl::kinds::{AnswerForm, Catalogue};
/// assert_eq!(Catalogue::all().get("anomaly").map(|kind| kind.answer_form()), Some(AnswerForm::Mark));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerForm {
    /// A duration in ms, judged by its error.
    DurationMs,
    /// Whether it is unusual, judged by precision and recall.
    Mark,
    /// Nothing: it forecasts how many tickets come.
    Series,
}

/// One way in which a kind may be trained, for `--variant`.
///
/// ```
/// use hivectl::kinds::Catalogue;
/// let kinds = Catalogue::all();
/// assert_eq!(kinds.get("anomaly").expect("a kind").variants()[1].name, "outcome");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variant {
    pub name: &'static str,
    /// One line of help.
    pub help: &'static str,
}

/// What has to be there before a kind can be trained.
///
/// ```
/// use hivectl::kinds::{Catalogue, DataNeed};
/// assert_eq!(Catalogue::all().get("specialist").map(|kind| kind.needs()), Some(DataNeed::NotTrained));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataNeed {
    /// Tickets with an outcome.
    LabelledTickets,
    /// Tickets as a series over time.
    Series(SeriesPlan),
    /// It cannot be trained here; its gate alone is known.
    NotTrained,
}

/// A setting of older guides that moves a threshold of the gate.
///
/// ```
/// use hivectl::kinds::Catalogue;
/// let kinds = Catalogue::all();
/// let moved = kinds.get("duration").and_then(|kind| kind.threshold_setting()).expect("one");
/// assert_eq!((moved.metric, moved.factor), ("mae_pct", 100.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThresholdSetting {
    /// The setting's name.
    pub key: &'static str,
    pub metric: &'static str,
    /// The setting times this is the threshold.
    pub factor: f64,
}

/// How numbers are written for people; the face brings it.
///
/// ```
/// use hivectl::kinds::NumberFormat;
/// let plain = NumberFormat { milliseconds: |ms| format!("{ms} ms"), metric: |value| format!("{value:?}") };
/// assert_eq!((plain.milliseconds)(2.0), "2 ms");
/// ```
#[derive(Clone, Copy)]
pub struct NumberFormat {
    /// A duration given in ms.
    pub milliseconds: fn(f64) -> String,
    /// Any metric, `-` where it is missing.
    pub metric: fn(Option<f64>) -> String,
}

/// What of the settings was asked for by name, so that tuning keeps to it.
///
/// ```
/// assert!(!hivectl::kinds::FixedSettings::default().features);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FixedSettings {
    pub features: bool,
    pub algorithm: bool,
}

/// Everything that differs from kind to kind. Nothing outside this room asks which kind a model is of.
///
/// ```
/// use hivectl::kinds::Catalogue;
/// let kinds = Catalogue::all();
/// assert_eq!(kinds.get("duration").expect("a kind").deciding_metric().name, "mae");
/// ```
pub trait ModelKind: Send + Sync {
    /// The word typed for the kind, in its card, its tag and policies.
    fn word(&self) -> &'static str;

    /// The word that means several kinds together, such as all that forecast load.
    fn family(&self) -> Option<&'static str> {
        None
    }

    /// One line of help for the word.
    fn help(&self) -> &'static str;

    /// The name under which it is registered unless another is given.
    fn registered_name(&self, variant: &str) -> &'static str;

    /// Other words that stand for the registered name, such as those of the guides.
    fn aliases(&self) -> &'static [&'static str] {
        &[]
    }

    /// The variants that `--variant` takes; none where there is one way only.
    fn variants(&self) -> &'static [Variant] {
        &[]
    }

    /// Other names under which the running system registers models of the kind.
    fn other_names(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether a version of this exact name, without a card and a tag, is of this kind.
    fn claims(&self, name: &str) -> bool {
        let variants = self.variants().iter().map(|variant| variant.name).chain([USUAL_VARIANT]);
        let mut registered = variants.map(|variant| self.registered_name(variant));
        registered.any(|known| known == name) || self.aliases().contains(&name) || self.other_names().contains(&name)
    }

    /// Whether it is trained when every usual kind is.
    fn is_usual(&self) -> bool {
        false
    }

    /// What training needs.
    fn needs(&self) -> DataNeed {
        DataNeed::LabelledTickets
    }

    /// What it says of a ticket.
    fn answer_form(&self) -> AnswerForm;

    /// What decides between two models of the kind.
    fn deciding_metric(&self) -> DecidingMetric {
        match self.answer_form() {
            AnswerForm::DurationMs => DecidingMetric::MAE,
            AnswerForm::Mark => DecidingMetric::F1,
            AnswerForm::Series => DecidingMetric::MAE_OF_LOAD,
        }
    }

    /// The metric by which a version is compared with what was recorded of it at training.
    fn recorded_metric(&self) -> DecidingMetric {
        self.deciding_metric()
    }

    /// The gate unless a policy says otherwise.
    fn default_gate(&self) -> Vec<Criterion>;

    /// The setting that moves a threshold of the gate, where a guide knows one.
    fn threshold_setting(&self) -> Option<ThresholdSetting> {
        None
    }

    /// The running system's word for the kind, a tag of the run.
    fn model_type(&self) -> String {
        self.word().to_owned()
    }

    /// What a prediction holds, in order.
    fn columns(&self) -> &'static [PredictionColumn];

    /// How a model did, for people, a line each.
    fn sentences(&self, metrics: &BTreeMap<String, f64>, format: &NumberFormat) -> Vec<String> {
        let metric = self.deciding_metric().name;
        vec![format!("{metric} {}", (format.metric)(metrics.get(metric).copied()))]
    }

    /// The features that a model of the kind sees.
    ///
    /// Errors: [`ErrorKind::Usage`] for an unknown table of features.
    fn schema(&self, request: &FitRequest) -> Result<FeatureSchema> {
        FeatureSchema::named(&request.features, request.fields.clone())
    }

    /// The names of the [`super::Hyperparameters`] that a training for `request` uses.
    fn hyperparameters(&self, _request: &FitRequest) -> &'static [&'static str] {
        &[]
    }

    /// Checks what was asked for before anything is read.
    ///
    /// Errors: [`ErrorKind::Usage`] that names what is out of range.
    fn check(&self, _request: &FitRequest) -> Result<()> {
        Ok(())
    }

    /// What is told while it learns, and how many trees that takes at most.
    fn step(&self, _request: &FitRequest) -> (String, usize) {
        (format!("training the {} model", self.word()), 0)
    }

    /// Trains on the earlier tickets and judges on the holdout. `frame` holds the features of all used tickets.
    ///
    /// Errors: [`ErrorKind::NotEnoughData`] for an empty holdout; [`ErrorKind::Usage`] for parameters out of range,
    /// and for a kind that is not trained here.
    fn fit(
        &self,
        _request: &FitRequest,
        _data: &TrainingData,
        _frame: &FeatureFrame,
        _context: &TrainingContext<'_>,
    ) -> Result<Box<dyn FittedModel>> {
        Err(Error::new(ErrorKind::Usage, format!("{} models are not trained here", self.word())))
    }

    /// What tuning may vary; `None` for a kind that is not tuned.
    fn search(&self, _request: &FitRequest, _fixed: FixedSettings, _seed: u64) -> Option<Search> {
        None
    }

    /// How a candidate does on the second of two parts of the used tickets when the first teaches it.
    ///
    /// Errors: those of [`ModelKind::fit`].
    fn trial(
        &self,
        _candidate: &Candidate,
        _data: &TrainingData,
        _frame: &FeatureFrame,
        _parts: [&[u32]; 2],
        _context: &TrainingContext<'_>,
    ) -> Result<f64> {
        Err(Error::new(ErrorKind::Usage, format!("{} models are not tuned", self.word())))
    }

    /// Reads a packaged model back.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] for a damaged package.
    fn load(&self, _card: &ModelCard, files: &dyn PackageFiles) -> Result<Box<dyn Estimator>> {
        Err(Error::new(ErrorKind::BadModelFile, format!("{} holds a {} model, which cannot be run here", files.label(), self.word())))
    }

    /// Takes trees of another tool as a model of this kind; `None` where they answer something else.
    fn adopt(&self, _trees: TreeEnsemble) -> Option<Box<dyn Estimator>> {
        None
    }
}
