//! A model that learned from rows of features, as it is registered.

use crate::drift::baseline::BASELINE_PATH;
use crate::error::Result;
use crate::features::{FeatureFrame, learn_all};
use crate::kinds::{FittedModel, Identity, ModelCard, PackageContext, TrainingData, package};
use crate::lifecycle::RunDataset;
use crate::ops::drift;
use crate::ops::learned_from;
use crate::ops::register::Registrable;

/// A fitted model with the tickets that taught it.
pub(super) struct RowModel<'a> {
    /// The name that it is registered under.
    pub name: &'a str,
    pub fitted: &'a dyn FittedModel,
    pub data: &'a TrainingData,
    /// Where the tickets are, without secrets.
    pub places: &'a [String],
    pub frame: &'a FeatureFrame,
}

impl Registrable for RowModel<'_> {
    fn params(&self) -> Vec<(&'static str, String)> {
        self.fitted.params()
    }

    fn files(&self, card: &ModelCard, identity: &Identity) -> Result<Vec<(String, Vec<u8>)>> {
        // What had become known by the moment of training serves predictions.
        let history = learn_all(&card.schema, &self.data.timeline, card.training.as_of);
        let example = self.frame.select(&self.data.split.holdout[..self.data.split.holdout.len().min(3)]);
        let context = PackageContext { card, history: &history, example: &example, identity };
        let mut files = package::files(self.fitted, &context)?;
        let baseline = drift::baseline::of_training(self.name, card, self.fitted.holdout(), self.data)?;
        files.extend(baseline.map(|bytes| (BASELINE_PATH.to_owned(), bytes)));
        Ok(files)
    }

    fn dataset(&self, card: &ModelCard) -> Result<RunDataset> {
        learned_from::dataset(self.places, &self.data.timeline, &card.training)
    }

    fn learned_from(&self, card: &ModelCard) -> String {
        let samples = &card.training.samples;
        format!("{} tickets, judged on {}", samples.train, samples.holdout)
    }
}
