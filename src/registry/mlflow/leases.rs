//! Who retrains a model: a lease that is kept until it is released.

use std::sync::{MutexGuard, PoisonError};

use serde_json::json;

use super::dto;
use super::lease::{Kept, Lease, Subject};
use super::registry::MlflowRegistry;
use crate::error::Result;
use crate::registry::Leases;

/// The tag of a model that counts its retrainings.
const RETRAININGS_TAG: &str = "hivectl.retrainings";

/// How long a retraining may take.
const RETRAINING: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

impl MlflowRegistry {
    fn kept_flags(&self) -> MutexGuard<'_, Vec<(String, Kept)>> {
        self.kept_flags.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leases for MlflowRegistry {
    fn take(&self, model: &str) -> Result<u32> {
        let subject = Subject { name: format!("{model}-retraining"), model: model.to_owned() };
        let lease = Lease::take(&self.client, &subject, &self.actor, std::time::Duration::ZERO, RETRAINING, &self.notices)?;
        let flag = lease.keep();
        self.kept_flags().push((model.to_owned(), flag));
        let Some(known) = self.client.model(model)? else { return Ok(1) };
        let count = known.tags.iter().find(|tag| tag.key == RETRAININGS_TAG).and_then(|tag| tag.value.parse().ok()).unwrap_or(0u32) + 1;
        let body = json!({ "name": model, "key": RETRAININGS_TAG, "value": count.to_string() });
        self.client.write::<dto::Nothing>(reqwest::Method::POST, "registered-models/set-tag", body, "count the retraining")?;
        Ok(count)
    }

    fn release(&self, model: &str) -> Result<()> {
        let own: Vec<(String, Kept)> = self.kept_flags().extract_if(.., |(of, _)| of == model).collect();
        own.iter().try_for_each(|(_, flag)| flag.give_back(&self.client))
    }
}
