//! The words of knowledge that requests and reports are made of, so that a face needs no room but this one.

pub use crate::features::FeatureSchema;
pub use crate::forecast::{LocalTime, Measure};
pub use crate::formats::Rounds;
pub use crate::kinds::{
    Algorithm, Catalogue, Hyperparameters, Loss, PredictedValue, TypedInstructions, USUAL_MODEL, USUAL_VARIANT, ValueForm,
};
pub use crate::statistics::errors::RegressionErrors;
pub use crate::ticket::{LabelRule, LabelWanted, TicketStatus, ZeroDurations};
