//! The challenger against the champion, on the same tickets.
//!
//! A champion is compared on the tickets of the holdout that it had not learned from; fewer than 30 decide nothing.

use super::load;
use crate::error::Result;
use crate::features::FeatureFrame;
use crate::forecast::Trial;
use crate::kinds::{Catalogue, DecidingMetric, FittedModel, Kind, SeriesModel, TrainingData};
use crate::lifecycle::ModelVersion;
use crate::registry::ModelStore;
use crate::statistics::bootstrap::{Difference, Resampling, mae_difference};

/// Fewer common tickets than this decide nothing.
const FEWEST_ROWS: usize = 30;

/// How the challenger did against the version in Production.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub champion: u32,
    pub metric: DecidingMetric,
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
        let verdict = match (difference.is_positive(), difference.is_negative()) {
            (true, _) => "better",
            (_, true) => "worse",
            _ => "not clearly better",
        };
        format!("{verdict} than the champion, version {}: {}", self.champion, self.metric.change(difference, self.rows))
    }
}

/// Runs the version that serves on the holdout; `None` when there is none. `frame` holds the features of all used tickets as the
/// challenger sees them.
pub fn compare(
    registry: &dyn ModelStore,
    kinds: &Catalogue,
    (kind, name): (&Kind, &str),
    (data, frame): (&TrainingData, &FeatureFrame),
    challenger: &dyn FittedModel,
) -> Result<Option<Comparison>> {
    let Some(champion) = serving(registry, name)? else { return Ok(None) };
    let metric = kind.deciding_metric();
    let mut comparison = Comparison { champion: champion.version, metric, rows: 0, difference: None, obstacle: None };
    let loaded = match load::own(registry, kinds, &champion) {
        Ok(loaded) if loaded.info().kind == *kind => loaded,
        Ok(_) => {
            comparison.obstacle = Some("it is a model of another kind".into());
            return Ok(Some(comparison));
        }
        Err(error) => {
            comparison.obstacle = Some(format!("it cannot be run here: {error}"));
            return Ok(Some(comparison));
        }
    };
    let created = |position: u32| data.timeline.tickets()[data.rows[position as usize] as usize].created_at;
    let holdout = data.split.holdout.iter().enumerate();
    let unseen: Vec<usize> =
        holdout.filter(|(_, position)| created(**position) >= loaded.learned_until()).map(|(place, _)| place).collect();
    comparison.rows = unseen.len();
    if unseen.len() < FEWEST_ROWS {
        comparison.obstacle =
            Some(format!("{} of the tickets that judge are later than its training, {FEWEST_ROWS} are needed", unseen.len()));
        return Ok(Some(comparison));
    }
    let positions: Vec<u32> = unseen.iter().map(|&place| data.split.holdout[place]).collect();
    let judging = loaded.frame_of(data)?.select(&positions);
    let serves = loaded.estimator().answers(&judging.columns()?, 1)?;
    let challenges = challenger.answers(&frame.select(&positions).columns()?, 1)?;
    comparison.difference = serves.gain(&challenges, &challenger.holdout().actual.select(&unseen), &Resampling::default())?;
    if comparison.difference.is_none() {
        comparison.obstacle = Some("the tickets that judge hold no anomaly and no alarm".into());
    }
    Ok(Some(comparison))
}

/// Fewer moments than this decide nothing.
const FEWEST_MOMENTS: usize = 10;

/// Judges the forecaster that serves at the moments that judge the challenger, those of them that came after its training;
/// `None` when there is none. What each candidate said there, both blend.
pub fn compare_series(
    registry: &dyn ModelStore,
    (kind, name): (&Kind, &str),
    challenger: &SeriesModel,
    tried: &Trial,
) -> Result<Option<Comparison>> {
    let Some(champion) = serving(registry, name)? else { return Ok(None) };
    let mut comparison =
        Comparison { champion: champion.version, metric: kind.deciding_metric(), rows: 0, difference: None, obstacle: None };
    let serves = match load::series(registry, &champion) {
        Ok(Some(serves)) if (serves.plan, serves.measure) == (challenger.plan, challenger.measure) => serves,
        Ok(Some(_)) => {
            comparison.obstacle = Some("it forecasts another series, or in other buckets".into());
            return Ok(Some(comparison));
        }
        Ok(None) => {
            comparison.obstacle = Some("it is no forecaster that hivectl made".into());
            return Ok(Some(comparison));
        }
        Err(error) => {
            comparison.obstacle = Some(format!("it cannot be run here: {error}"));
            return Ok(Some(comparison));
        }
    };
    let Some(theirs) = tried.of(&serves.forecaster.blend) else {
        comparison.obstacle = Some("a candidate that counts in it cannot answer on this series".into());
        return Ok(Some(comparison));
    };
    let pairs = tried.times.iter().zip(theirs.into_iter().zip(tried.own()));
    let unseen = pairs.filter(|(time, (theirs, own))| **time >= serves.known_until && theirs.is_finite() && own.is_finite());
    let (theirs, own): (Vec<f64>, Vec<f64>) = unseen.map(|(_, errors)| errors).unzip();
    comparison.rows = own.len();
    if own.len() < FEWEST_MOMENTS {
        let message = format!("{} of the moments that judge are later than its training, {FEWEST_MOMENTS} are needed", own.len());
        comparison.obstacle = Some(message);
        return Ok(Some(comparison));
    }
    // Errors are how far from zero they are.
    comparison.difference = mae_difference(&vec![0.0; own.len()], &theirs, &own, &Resampling::default())?;
    Ok(Some(comparison))
}

/// The version that serves, the highest where another tool left several in Production.
pub fn serving(registry: &dyn ModelStore, name: &str) -> Result<Option<ModelVersion>> {
    let versions = registry.versions(name)?;
    let serves = registry.serving_rule().serving(&versions).champion();
    Ok(versions.into_iter().find(|version| Some(version.version) == serves))
}
