//! The challenger against the champion, on the same tickets.
//!
//! A champion is compared on the tickets of the holdout that it had not learned from; fewer than 30 decide nothing.

use std::sync::Arc;

use super::load;
use crate::error::Result;
use crate::kinds::{ModelCard, Trained, TrainingData, anomaly, duration};
use crate::lifecycle::ModelVersion;
use crate::registry::ModelStore;
use crate::statistics::bootstrap::{Difference, Resampling, f1_difference, mae_difference};
use crate::trees::score;

/// Fewer common tickets than this decide nothing.
const FEWEST_ROWS: usize = 30;

/// How the challenger did against the version in Production.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub champion: u32,
    /// `mae` or `f1`.
    pub metric: &'static str,
    /// Holdout tickets that the champion had not learned from.
    pub rows: usize,
    /// Positive where the challenger is better; `None` where nothing could be compared.
    pub difference: Option<Difference>,
    /// Why nothing could be compared.
    pub obstacle: Option<String>,
}

impl Comparison {
    /// Whether the whole interval of the difference is on the challenger's side.
    pub fn challenger_is_better(&self) -> bool {
        self.difference.as_ref().is_some_and(Difference::is_positive)
    }

    /// The comparison in one line.
    pub fn sentence(&self) -> String {
        let Some(difference) = &self.difference else {
            let obstacle = self.obstacle.as_deref().unwrap_or("nothing could be compared");
            return format!("the champion, version {}, stays: {obstacle}", self.champion);
        };
        let interval =
            format!("{:.4} (95 % interval {:.4} to {:.4}) on {} tickets", difference.estimate, difference.low, difference.high, self.rows);
        match (difference.is_positive(), difference.is_negative()) {
            (true, _) => format!("better than the champion, version {}: {} improves by {interval}", self.champion, self.metric),
            (_, true) => format!("worse than the champion, version {}: {} changes by {interval}", self.champion, self.metric),
            _ => format!("not clearly better than the champion, version {}: {} changes by {interval}", self.champion, self.metric),
        }
    }
}

/// Runs the version in Production on the holdout; `None` when there is none.
pub fn compare(
    registry: &dyn ModelStore,
    name: &str,
    data: &TrainingData,
    trained: &Trained,
    card: &ModelCard,
) -> Result<Option<Comparison>> {
    let Some(champion) = production(registry, name)? else { return Ok(None) };
    let mut comparison =
        Comparison { champion: champion.version, metric: card.kind.deciding_metric(), rows: 0, difference: None, obstacle: None };
    let loaded = match load::package(registry, &champion) {
        Ok(loaded) if loaded.card.kind == card.kind => loaded,
        Ok(_) => {
            comparison.obstacle = Some("it is a model of another kind".into());
            return Ok(Some(comparison));
        }
        Err(error) => {
            comparison.obstacle = Some(format!("it cannot be run here: {error}"));
            return Ok(Some(comparison));
        }
    };
    let fair = rows_new_to(&loaded.card, data);
    comparison.rows = fair.len();
    if fair.len() < FEWEST_ROWS {
        comparison.obstacle =
            Some(format!("it has learned from all but {} of the tickets that judge, {FEWEST_ROWS} are needed", fair.len()));
        return Ok(Some(comparison));
    }
    let frame = data.frame_continuing(&Arc::new(loaded.card.schema.clone()), &load::history(registry, &champion)?)?;
    let positions: Vec<u32> = fair.iter().map(|&index| data.split.holdout[index]).collect();
    let judging = frame.select(&positions);
    let resampling = Resampling::default();
    comparison.difference = match trained {
        Trained::Duration(model) => {
            let challenger: Vec<f64> = fair.iter().map(|&index| model.holdout_predictions[index]).collect();
            let champions = duration::predictions_ms(&loaded.ensemble, &judging.columns()?, 1)?;
            mae_difference(&data.durations_ms(&positions), &champions, &challenger, &resampling)?
        }
        Trained::Anomaly(model) => {
            let of = |all: &[bool]| fair.iter().map(|&index| all[index]).collect::<Vec<bool>>();
            let scores = score(&loaded.ensemble, &judging.columns()?, 1)?;
            f1_difference(&of(&model.holdout_labels), &anomaly::flags(&loaded.ensemble, &scores)?, &of(&model.holdout_flags), &resampling)?
        }
    };
    if comparison.difference.is_none() {
        comparison.obstacle = Some("the tickets that judge hold no anomaly and no alarm".into());
    }
    Ok(Some(comparison))
}

/// The version in Production, the highest where another tool left several.
pub fn production(registry: &dyn ModelStore, name: &str) -> Result<Option<ModelVersion>> {
    let versions = registry.versions(name)?;
    Ok(versions.into_iter().filter(|version| version.stage == crate::lifecycle::Stage::Production).max_by_key(|version| version.version))
}

/// Places in the holdout of the tickets that the champion had not learned from.
fn rows_new_to(champion: &ModelCard, data: &TrainingData) -> Vec<usize> {
    let learned_until = if champion.training.split == "time" { champion.training.holdout_from } else { champion.training.to + 1 };
    let created = |position: u32| data.timeline.tickets()[data.rows[position as usize] as usize].created_at;
    data.split.holdout.iter().enumerate().filter(|(_, position)| created(**position) >= learned_until).map(|(index, _)| index).collect()
}
