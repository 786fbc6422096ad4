//! The catalogue: what each kind of model needs, how it is trained, judged, gated and packaged.

pub mod gate;
mod kind;

pub use gate::{Criterion, CriterionResult, Gate, Operator, Policy};
pub use kind::{AnomalyVariant, ModelKind, registered_name_behind};
