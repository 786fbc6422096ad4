//! The catalogue: what each kind of model needs, how it is trained, judged, gated and packaged.
//!
//! [`duration`] and [`anomaly`] train and judge from [`training`] data, durations by a [`learner`]; [`gate`] decides; [`card`] is what
//! is known of the result, [`package`] what is stored of it.

pub mod anomaly;
pub mod anomaly_rules;
pub mod card;
pub mod duration;
pub mod gate;
mod kind;
pub mod learner;
pub mod package;
pub mod training;
pub mod tuning;

pub use card::{CARD_PATH, Importance, ModelCard, PACKAGE_FORMAT, Samples, Training};
pub use gate::{Criterion, CriterionResult, Gate, Operator, Policy};
pub use kind::{AnomalyVariant, ModelKind, OUTCOME_WORD, VARIANT_TAG, is_specialist, registered_name_behind};
pub use learner::{Algorithm, BoostingParameters, ForestParameters, Learner, Loss};
pub use package::{HISTORY_PATH, ONNX_PATH, Trained, TreesForm};
pub use training::{TrainingData, Work};
