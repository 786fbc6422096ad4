//! The classifiers of the running system's specialists: not trained here, but known by name and by their gate.

use super::kind::{AnswerForm, DataNeed, ModelKind};
use super::prediction::PredictionColumn;
use crate::lifecycle::{Criterion, Operator};

/// The kind `specialist`.
pub(super) struct Specialist;

impl ModelKind for Specialist {
    fn word(&self) -> &'static str {
        "specialist"
    }

    fn help(&self) -> &'static str {
        "What a specialist would decide"
    }

    fn registered_name(&self, _variant: &str) -> &'static str {
        "specialist-evaluator"
    }

    fn other_names(&self) -> &'static [&'static str] {
        &[
            "business-evaluator",
            "technical-evaluator",
            "behavior-evaluator",
            "evolution-evaluator",
            "architecture-evaluator",
            "neural-hive-specialists_business",
            "neural-hive-specialists_technical",
            "neural-hive-specialists_behavior",
            "neural-hive-specialists_evolution",
            "neural-hive-specialists_architecture",
        ]
    }

    fn needs(&self) -> DataNeed {
        DataNeed::NotTrained
    }

    fn answer_form(&self) -> AnswerForm {
        AnswerForm::Mark
    }

    /// The running system's script that judges them, every criterion required.
    fn default_gate(&self) -> Vec<Criterion> {
        let at_least = |metric, threshold| Criterion::required(metric, Operator::AtLeast, threshold);
        vec![
            at_least("confidence_mean", 0.70),
            at_least("f1_macro", 0.65),
            at_least("lowest_class_precision", 0.60),
            at_least("lowest_class_recall", 0.60),
            at_least("accuracy", 0.65),
        ]
    }

    fn columns(&self) -> &'static [PredictionColumn] {
        &[]
    }
}
