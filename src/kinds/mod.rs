//! The kinds of model: what each needs, how it is trained, judged, gated, packaged and run, behind one seam.
//!
//! [`ModelKind`] is the seam, [`Catalogue`] the value that holds every kind; nothing outside this room asks which
//! kind a model is of. A kind is asked to [`fit`] from [`training`] data; [`card`] is what is known of the result,
//! [`package`] what is stored of it, [`instructions`] what training was told,
//! [`known_tickets`] which ones taught it. [`loaded`] is a model that can be run by its [`Estimator`], [`Answers`] what it says where it is judged,
//! [`external`] one that another tool made, [`chunks`] answers for more tickets than memory holds. `duration` and
//! `scheduling` share [`regression`] and a [`learner`]; [`anomaly`] judges by the platform's [`anomaly_rules`]; the kinds of
//! `load` learn no rows but a series ([`SeriesModel`]).

pub mod anomaly;
pub mod anomaly_rules;
mod answers;
pub mod card;
mod catalogue;
pub mod chunks;
mod deciding_metric;
mod estimator;
pub mod external;
pub mod fit;
mod hyperparameters;
pub mod instructions;
mod kind;
pub mod known_tickets;
pub mod learner;
mod load;
pub mod loaded;
mod outcomes;
pub mod package;
mod prediction;
pub mod regression;
mod regression_kind;
mod series;
mod specialist;
pub mod table_model;
pub mod training;
pub mod tuning;

pub use answers::Answers;
pub use card::{CARD_PATH, Importance, ModelCard, PACKAGE_FORMAT, Samples, Training};
pub use catalogue::{Catalogue, Kind, USUAL_MODEL};
pub use deciding_metric::DecidingMetric;
pub use estimator::{Estimator, RowPredictor};
pub use fit::{FitRequest, FittedModel, Holdout, PackageContext};
pub use hyperparameters::Hyperparameters;
pub use instructions::{Instructions, Settled, TypedInstructions};
pub use kind::{AnswerForm, DataNeed, FixedSettings, ModelKind, NumberFormat, ThresholdSetting, USUAL_VARIANT, VARIANT_TAG, Variant};
pub use learner::{Algorithm, BoostingParameters, ForestParameters, Learner, Loss};
pub use loaded::{LoadedModel, ModelInfo, PackageFiles, Scores};
pub use outcomes::Outcomes;
pub use package::{HISTORY_PATH, Identity, ONNX_PATH, TreesForm};
pub use prediction::{PredictedValue, Prediction, PredictionColumn, Reason, ValueForm, marks};
pub use series::{SERIES_PATH, SeriesModel, SeriesPlan, SeriesSummary};
pub use training::{TrainingContext, TrainingData};
