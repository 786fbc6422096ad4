//! Where a job looks, and for how long it waits.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What every request may say beside its own words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Scope {
    /// The registry as it is written at `--registry`; `None` for the one that settings name.
    pub registry: Option<String>,
    /// The workspace of an MLflow server; `None` for the one that settings name.
    pub workspace: Option<String>,
    /// The context of the settings; `None` for the current one.
    pub context: Option<String>,
    /// Longest time that a change waits for another one on the same registry.
    pub lock_timeout: Duration,
    /// Longest time that the server of the registry is waited for in all; `None` for the usual time.
    pub timeout: Option<Duration>,
    /// Why this is done; kept with a change.
    pub reason: Option<String>,
}
