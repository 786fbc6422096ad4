//! Files, features, stages and age of a version: what can be checked without tickets.

use super::{Check, ValidationSettings};
use crate::api::CheckState;
use crate::base::number::counted;
use crate::base::time::MS_PER_DAY;
use crate::error::{ErrorKind, Result};
use crate::kinds::Catalogue;
use crate::lifecycle::{ModelVersion, Stage, several_in_production};
use crate::ops::load;
use crate::registry::ModelStore;
use crate::ticket::quality::thousands;

/// Every check of this room, in the order of what each stands on.
pub(super) fn checks(
    registry: &dyn ModelStore,
    kinds: &Catalogue,
    version: &ModelVersion,
    request: &ValidationSettings,
) -> Result<Vec<Check>> {
    let digest = digest(registry, version);
    let schema = if digest.state == CheckState::Fail {
        Check::new("schema", CheckState::Skipped, "the files are not those that were registered")
    } else {
        schema(registry, kinds, version)
    };
    Ok(vec![digest, schema, one_production(registry, version)?, staleness(version, request)])
}

fn digest(registry: &dyn ModelStore, version: &ModelVersion) -> Check {
    if version.artifacts.is_empty() {
        return Check::new("digest", CheckState::Skipped, "another tool made this version and recorded no digests")
            .meaning(ErrorKind::NotEnoughData);
    }
    let (files, bytes) = (version.artifacts.len(), version.artifacts.iter().map(|artifact| artifact.size_bytes).sum::<u64>());
    let numbers = [("file_count", files as f64), ("size_bytes", bytes as f64)];
    match registry.check_files(version) {
        Ok(()) => Check::new("digest", CheckState::Pass, format!("{}, {} bytes, as registered", counted(files, "file"), thousands(bytes)))
            .with(numbers),
        Err(error) => Check::new("digest", CheckState::Fail, error.to_string()).with(numbers).meaning(ErrorKind::DigestMismatch),
    }
}

fn schema(registry: &dyn ModelStore, kinds: &Catalogue, version: &ModelVersion) -> Check {
    match load::series(registry, version) {
        Ok(None) => {}
        Ok(Some(model)) => {
            let steps = model.plan.steps();
            let evidence = format!("forecasts {} and sees no features of a ticket", counted(steps, "bucket"));
            return Check::new("schema", CheckState::Pass, evidence).with([("bucket_count", steps as f64)]);
        }
        Err(error) => return Check::new("schema", CheckState::Fail, error.to_string()),
    }
    match load::model(registry, kinds, version) {
        Ok(model) => {
            let info = model.info();
            let (name, features) = (&info.schema.name, info.schema.len());
            let fingerprint: String = info.schema.fingerprint().chars().take(12).collect();
            let (state, evidence) = match info.features_assumed {
                false => (CheckState::Pass, format!("{name} ({}), {fingerprint}", counted(features, "feature"))),
                true => {
                    (CheckState::Warn, format!("the trees name none of their {features} features, which are taken for those of '{name}'"))
                }
            };
            Check::new("schema", state, evidence).with([("feature_count", features as f64)])
        }
        Err(error) => Check::new("schema", CheckState::Fail, error.to_string()),
    }
}

fn one_production(registry: &dyn ModelStore, version: &ModelVersion) -> Result<Check> {
    let versions = registry.versions(&version.name)?;
    let serving = registry.serving_rule().serving(&versions);
    let there: Vec<u32> = versions.iter().filter(|other| other.stage == Stage::Production).map(|other| other.version).collect();
    let numbers = [("production_count", there.len() as f64)];
    let check = match there.as_slice() {
        [_] if serving.disagreement().is_some() => {
            Check::new("one_production", CheckState::Fail, serving.to_string()).meaning(ErrorKind::InvariantBroken)
        }
        [one] => Check::new("one_production", CheckState::Pass, format!("version {one} is in Production")),
        [] => match serving.version() {
            Some(number) => {
                Check::new("one_production", CheckState::Pass, format!("version {number} serves by the alias {}", serving.alias))
            }
            None => Check::new("one_production", CheckState::Warn, "no version is in Production: services have no model"),
        },
        several => Check::new("one_production", CheckState::Fail, several_in_production(&version.name, several.iter().copied()).message())
            .meaning(ErrorKind::InvariantBroken),
    };
    Ok(check.with(numbers))
}

fn staleness(version: &ModelVersion, request: &ValidationSettings) -> Check {
    let days = (request.now_ms - version.created_at) as f64 / MS_PER_DAY as f64;
    let state = if days > request.max_age_days { CheckState::Warn } else { CheckState::Pass };
    Check::new("staleness", state, format!("registered {days:.1} days ago, at most {} are wanted", request.max_age_days))
        .with([("age_days", days), ("max_age_days", request.max_age_days)])
}
