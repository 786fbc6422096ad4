//! The card: what hivectl knows of a model beside its trees; travels in the package as JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::instructions::Instructions;
use crate::error::{Error, ErrorKind, Result};
use crate::features::FeatureSchema;
use crate::lifecycle::Gate;

/// Version of the package's form; a reader refuses a newer one.
pub const PACKAGE_FORMAT: u32 = 1;

/// Where the card stands in the package.
pub const CARD_PATH: &str = "hivectl/model.json";

/// What hivectl knows of a model beside its trees: a head that all kinds have, and what the kind adds.
///
/// ```
/// let error = hivectl::kinds::ModelCard::from_bytes(b"{}").expect_err("no card");
/// assert!(error.to_string().contains("no model card"));
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ModelCard {
    pub format: u32,
    /// The kind's word.
    pub kind: String,
    pub variant: String,
    pub schema: FeatureSchema,
    pub schema_fingerprint: String,
    /// By the names of the field (`mae`, `mae_pct`, `precision`, …); finite numbers only.
    pub metrics: BTreeMap<String, f64>,
    pub gate: Gate,
    pub training: Training,
    /// Share of the total gain by feature, descending.
    pub importances: Vec<Importance>,
    /// What training was told about tickets; `None` in packages of hivectl 0.1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<Instructions>,
    /// What the kind adds, such as how it was learned, its interval or its rules.
    #[serde(flatten)]
    pub own: Map<String, Value>,
}

/// How a model came to be.
///
/// ```
/// let training = hivectl::kinds::Training {
///     from: 0,
///     to: 9,
///     as_of: 10,
///     holdout_from: 8,
///     samples: Default::default(),
///     synthetic: false,
///     seed: 42,
///     split: "time".into(),
///     tickets_sha256: None,
/// };
/// assert!(training.holdout_from <= training.to);
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Training {
    /// First and last `created_at` of the tickets used, milliseconds since the epoch.
    pub from: i64,
    pub to: i64,
    /// Outcomes up to this moment were known, milliseconds since the epoch.
    pub as_of: i64,
    /// First `created_at` of the holdout; everything known of the holdout is later than training.
    pub holdout_from: i64,
    pub samples: Samples,
    pub synthetic: bool,
    pub seed: u64,
    pub split: String,
    /// Of the tickets that taught the trees ([`super::known_tickets::digest`]); packages of older versions have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tickets_sha256: Option<String>,
}

impl Training {
    /// The trees know tickets created before this, milliseconds since the epoch: the holdout's first, or the one after the
    /// last where the holdout was drawn from all.
    pub fn trees_until(&self) -> i64 {
        if self.split == "time" { self.holdout_from } else { self.to + 1 }
    }
}

/// How many tickets went where.
///
/// ```
/// assert_eq!(hivectl::kinds::Samples::default().used, 0);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Samples {
    pub read: u64,
    pub used: u64,
    pub train: u64,
    pub holdout: u64,
    pub refused: BTreeMap<String, u64>,
    pub labels: BTreeMap<String, u64>,
}

/// How much a feature matters.
///
/// ```
/// let importance = hivectl::kinds::Importance { feature: "risk_weight".into(), value: 0.25 };
/// assert!(importance.value <= 1.0);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Importance {
    pub feature: String,
    /// Share of the total gain, 0–1.
    pub value: f64,
}

impl ModelCard {
    /// What the kind added under this key; `None` where it is absent or null.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] for another form than is asked for.
    pub fn part<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
        let Some(value) = self.own.get(key).filter(|value| !value.is_null()) else { return Ok(None) };
        T::deserialize(value)
            .map(Some)
            .map_err(|error| Error::new(ErrorKind::BadModelFile, format!("'{key}' of {CARD_PATH} cannot be read")).because(error))
    }

    /// The card as it stands in the package.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        serde_json::to_vec_pretty(self).map_err(|error| Error::new(ErrorKind::Internal, "cannot write the model's card").because(error))
    }

    /// Reads a card.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] when it is damaged, of a newer form, or its schema is not the
    /// one its fingerprint says.
    pub fn from_bytes(bytes: &[u8]) -> Result<ModelCard> {
        let card: ModelCard = serde_json::from_slice(bytes)
            .map_err(|error| Error::new(ErrorKind::BadModelFile, format!("{CARD_PATH} is no model card")).because(error))?;
        if card.format > PACKAGE_FORMAT {
            let message = format!("{CARD_PATH} has format {}, this hivectl reads up to {PACKAGE_FORMAT}", card.format);
            return Err(Error::new(ErrorKind::BadModelFile, message).hint("use the version of hivectl that trained the model"));
        }
        if card.schema.fingerprint() != card.schema_fingerprint {
            return Err(Error::new(
                ErrorKind::SchemaMismatch,
                "this hivectl computes the model's features in another way than the one that trained it",
            )
            .hint("train the model again with this version"));
        }
        Ok(card)
    }
}
