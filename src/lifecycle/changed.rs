//! What changes came to: of stages, of aliases, of tags.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ModelVersion, Observed, Plan, Stage};

/// What a change of stages came to. The fields are those of the JSON form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    pub model: String,
    pub version: u32,
    pub from_stage: Stage,
    pub to_stage: Stage,
    pub previous_champion: Option<u32>,
    pub archived: Vec<u32>,
    /// `false` where everything was as wanted already.
    pub changed: bool,
    pub plan_digest: Option<String>,
    /// The name of the record in the audit log.
    pub audit_id: Option<String>,
}

impl Changed {
    /// Everything was as wanted already.
    pub fn nothing(version: &ModelVersion, champion: Option<&ModelVersion>) -> Changed {
        Changed {
            model: version.name.clone(),
            version: version.version,
            from_stage: version.stage,
            to_stage: version.stage,
            previous_champion: champion.map(|champion| champion.version),
            archived: Vec::new(),
            changed: false,
            plan_digest: None,
            audit_id: None,
        }
    }

    /// A version that was archived now.
    pub(crate) fn archived_now(observed: &Observed, target: &ModelVersion, audit_id: String) -> Changed {
        Changed {
            to_stage: Stage::Archived,
            archived: vec![target.version],
            changed: true,
            audit_id: Some(audit_id),
            ..Changed::nothing(target, observed.newest_in_production(None))
        }
    }

    /// A plan that is not applied.
    pub fn planned(plan: &Plan) -> Changed {
        Changed { archived: plan.archives.clone(), ..Changed::applied_before(plan) }
    }

    /// A plan that was applied before.
    pub(crate) fn applied_before(plan: &Plan) -> Changed {
        Changed {
            model: plan.model.clone(),
            version: plan.version,
            from_stage: plan.from_stage,
            to_stage: plan.to_stage,
            previous_champion: plan.champion,
            archived: Vec::new(),
            changed: false,
            plan_digest: Some(plan.digest()),
            audit_id: None,
        }
    }

    /// A plan that was applied now.
    pub(crate) fn applied_now(plan: &Plan, audit_id: String) -> Changed {
        Changed { changed: true, audit_id: Some(audit_id), ..Changed::planned(plan) }
    }
}

/// What a change of an alias came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AliasChanged {
    pub model: String,
    pub alias: String,
    pub from_version: Option<u32>,
    pub to_version: Option<u32>,
    pub changed: bool,
    pub audit_id: Option<String>,
}

/// What a change of tags came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagsChanged {
    pub model: String,
    pub version: u32,
    pub before: BTreeMap<String, Option<String>>,
    pub after: BTreeMap<String, Option<String>>,
    pub changed: bool,
    pub audit_id: Option<String>,
}

/// A version to take out of service, and the stage that the decision was made about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archival {
    pub model: String,
    pub version: u32,
    pub from_stage: Stage,
    pub reason: Option<String>,
}
