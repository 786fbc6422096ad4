//! The data that a run took in, as MLflow keeps data sets.

use serde::{Deserialize, Serialize};

/// What MLflow says a run took the data in for, where it learned from it.
pub const TRAINING: &str = "training";

/// A data set of a run. The same name with the same digest is one data set, however many runs took it in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunDataset {
    pub name: String,
    /// At most 36 characters.
    pub digest: String,
    /// The word of MLflow's that says how `source` is to be read: `local` for one file, `code` for what a program fetched.
    pub source_type: String,
    /// Where the data is, as JSON and without secrets.
    pub source: String,
    /// The columns as JSON, where they were recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// How much of it there is, as JSON, where that was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// What the run took it in for, such as [`TRAINING`]; empty where that was not recorded.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub context: String,
}

/// The key of the tag that says the context.
pub(crate) const CONTEXT_TAG: &str = "mlflow.data.context";
