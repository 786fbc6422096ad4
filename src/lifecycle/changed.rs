//! What changes came to: of stages, of aliases, of tags.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ModelVersion, Observed, Plan, Pointer, Stage};

/// What a change of stages came to. The fields are those of the JSON form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    pub model: String,
    pub version: u32,
    pub from_stage: Stage,
    pub to_stage: Stage,
    /// What moved.
    #[serde(default, skip_serializing_if = "Pointer::is_default")]
    pub pointer: Pointer,
    pub previous_champion: Option<u32>,
    /// The version that serves afterwards, by stage or alias; absent where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serves: Option<u32>,
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
            pointer: Pointer::default(),
            previous_champion: champion.map(|champion| champion.version),
            serves: champion.map(|champion| champion.version),
            archived: Vec::new(),
            changed: false,
            plan_digest: None,
            audit_id: None,
        }
    }

    /// The same, by what a promotion would have moved.
    #[must_use]
    pub(crate) fn by(self, pointer: Pointer) -> Changed {
        Changed { pointer, ..self }
    }

    /// A version that is to be taken out of service, and loses what `service` says.
    pub(crate) fn to_be_archived(observed: &Observed, target: &ModelVersion, service: &Pointer) -> Changed {
        Changed {
            to_stage: if service.moves_stage() { Stage::Archived } else { target.stage },
            pointer: service.clone(),
            serves: observed.newest_serving(Some(target.version)).map(|left| left.version),
            archived: vec![target.version],
            ..Changed::nothing(target, observed.newest_serving(None))
        }
    }

    /// A version that was taken out of service now.
    pub(crate) fn archived_now(observed: &Observed, target: &ModelVersion, service: &Pointer, audit_id: String) -> Changed {
        Changed { changed: true, audit_id: Some(audit_id), ..Changed::to_be_archived(observed, target, service) }
    }

    /// Whether the version began to serve or ceased to.
    pub fn changes_service(&self) -> bool {
        match &self.pointer {
            Pointer::Alias { serves, .. } => *serves,
            Pointer::Both { .. } | Pointer::Stage => [self.from_stage, self.to_stage].contains(&Stage::Production),
        }
    }

    /// Whether a version that served was taken out of service.
    pub fn ends_service(&self) -> bool {
        self.changes_service() && self.archived == [self.version]
    }

    /// The alias that went to the version while its stage stayed, of one that is in Production.
    pub fn alias_that_joined(&self) -> Option<&str> {
        self.pointer.alias_without_stage(self.from_stage, self.to_stage).filter(|_| self.pointer.moves_stage())
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
            pointer: plan.pointer.clone(),
            previous_champion: plan.champion,
            serves: if plan.makes_serving() { Some(plan.version) } else { plan.champion },
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
