//! A plan: what a promotion or a rollback will do, what it saw, and what speaks for it.
//!
//! Making a plan changes nothing. It is applied only where and while what it saw still is.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::migration::SCHEMA as MIGRATION_SCHEMA;
use super::{Gate, Pointer, Serving, Stage};
use crate::audit::Actor;
use crate::base::commands;
use crate::base::sha256_hex;
use crate::error::{Error, ErrorKind, Result};

/// The form of plan files.
const SCHEMA: &str = "hivectl.plan/v1";

/// What a plan does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanAction {
    Promote,
    Rollback,
}

/// Which registry a plan was made for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistryIdentity {
    /// The same for every path that leads to this registry.
    pub id: String,
    /// For people.
    pub location: String,
}

/// One metric of the version and of the champion, on the same tickets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricComparison {
    pub metric: String,
    pub version: Option<f64>,
    pub champion: Option<f64>,
    /// Positive where the version is better; estimate and both ends of its 95 % interval.
    pub difference: Option<[f64; 3]>,
    /// Tickets that both were judged on.
    pub rows: u64,
}

/// What a comparison on the same tickets comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// `promote`, `keep` or `undecided`.
    pub advice: String,
    /// With its numbers; or why nothing could be compared.
    pub reason: String,
    /// Labelled tickets that judged both.
    pub ticket_count: u64,
    /// Whether the tickets say of themselves that they were made up.
    pub synthetic: bool,
}

/// What a promotion or a rollback will do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Random, so that no two plans are the same.
    pub id: String,
    pub action: PlanAction,
    pub registry: RegistryIdentity,
    /// The number of the last recorded move of this model's stages when the plan was made.
    pub revision: u64,
    pub model: String,
    pub version: u32,
    pub from_stage: Stage,
    /// The same as `from_stage` where an alias moves alone.
    pub to_stage: Stage,
    /// What moves.
    #[serde(default, skip_serializing_if = "Pointer::is_default")]
    pub pointer: Pointer,
    /// The version that served when the plan was made.
    pub champion: Option<u32>,
    /// By what that was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serving: Option<Serving>,
    /// Versions that will be archived.
    pub archives: Vec<u32>,
    /// Digest of the version's files; absent where nothing was recorded.
    pub package_digest: Option<String>,
    pub gate: Option<Gate>,
    /// The gate did not pass and the version is promoted all the same.
    pub forced: bool,
    /// The version beside the champion; empty without tickets to judge by.
    pub comparison: Vec<MetricComparison>,
    /// `None` where no tickets were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// What measured the metrics that the gate judged, where they had been claimed before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured_on: Option<String>,
    pub author: Actor,
    pub reason: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub expires_at: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanFile {
    schema: String,
    digest: String,
    plan: Plan,
}

impl Plan {
    /// Whether the version serves once this is applied.
    pub fn makes_serving(&self) -> bool {
        self.pointer.makes_serving(self.to_stage)
    }

    /// SHA-256 of the plan as compact JSON, lower-case hexadecimal.
    pub fn digest(&self) -> String {
        sha256_hex(serde_json::to_string(self).unwrap_or_default().as_bytes())
    }

    /// The plan as a file: JSON with its digest.
    pub fn to_file(&self) -> Result<String> {
        let unwritten = |source| Error::new(ErrorKind::Internal, "cannot write the plan").because(source);
        let plan = serde_json::to_value(self).map_err(unwritten)?;
        let document = Value::from_iter([("schema", Value::from(SCHEMA)), ("digest", self.digest().into()), ("plan", plan)]);
        serde_json::to_string_pretty(&document).map(|text| text + "\n").map_err(unwritten)
    }

    /// Reads a plan file; `name` is its path, for messages.
    ///
    /// Errors: [`ErrorKind::BadInput`] for a file that is no plan, or not the one that was written.
    pub fn from_file(name: &str, text: &str) -> Result<Plan> {
        let again = || ("make it anew: `", commands::models_promote_plan("NAME@VERSION", "FILE"), "`");
        let is_plan = serde_json::from_str::<Value>(text).ok().and_then(|value| value.get("schema")?.as_str().map(str::to_owned));
        if is_plan.as_deref() == Some(MIGRATION_SCHEMA) {
            return Err(Error::new(ErrorKind::BadInput, format!("{name} is the plan of a migration, not of a promotion or a rollback"))
                .hint(("apply it: `", commands::models_migrate_kept(name), "`")));
        }
        if let Some(schema) = is_plan.filter(|schema| schema != SCHEMA) {
            return Err(Error::new(ErrorKind::BadInput, format!("{name} is no plan that this hivectl reads"))
                .because(format!("its schema is '{schema}'"))
                .hint(again()));
        }
        let file: PlanFile = serde_json::from_str(text).map_err(|source| {
            Error::new(ErrorKind::BadInput, format!("{name}:{}: this is no plan", source.line())).because(source).hint(again())
        })?;
        if file.schema != SCHEMA || file.digest != file.plan.digest() {
            return Err(Error::new(ErrorKind::BadInput, format!("{name} was altered after it was made"))
                .because(format!("its digest says {}, its content makes {}", short(&file.digest), short(&file.plan.digest())))
                .hint(again()));
        }
        Ok(file.plan)
    }
}

/// Enough of a digest to tell it from another.
fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        Plan {
            id: "1".into(),
            action: PlanAction::Promote,
            registry: RegistryIdentity { id: "r".into(), location: "/r.db".into() },
            revision: 3,
            model: "m".into(),
            version: 2,
            from_stage: Stage::Staging,
            to_stage: Stage::Production,
            pointer: Pointer::default(),
            champion: Some(1),
            serving: None,
            archives: vec![1],
            package_digest: None,
            gate: None,
            forced: false,
            comparison: vec![MetricComparison {
                metric: "mae".into(),
                version: Some(0.1),
                champion: Some(1e-300),
                difference: None,
                rows: 3,
            }],
            verdict: Some(Verdict { advice: "keep".into(), reason: "worse".into(), ticket_count: 3, synthetic: false }),
            measured_on: Some("40 tickets".into()),
            author: Actor::default(),
            reason: Some("because".into()),
            created_at: "2026-01-01T00:00:00Z".into(),
            expires_at: "2026-01-02T00:00:00Z".into(),
        }
    }

    #[test]
    fn a_plan_is_read_as_it_was_written() {
        let text = plan().to_file().expect("written");
        assert_eq!(Plan::from_file("p", &text).expect("read"), plan());
    }

    #[test]
    fn every_altered_byte_is_noticed_or_means_nothing() {
        let text = plan().to_file().expect("written");
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            let Ok(altered) = String::from_utf8(bytes) else { continue };
            match Plan::from_file("p", &altered) {
                Ok(read) => assert_eq!(read, plan(), "byte {at}"),
                Err(error) => assert_eq!(error.kind(), ErrorKind::BadInput, "byte {at}"),
            }
        }
        for length in 0..text.trim_end().len() {
            assert_eq!(Plan::from_file("p", &text[..length]).expect_err("cut").kind(), ErrorKind::BadInput);
        }
    }
}
