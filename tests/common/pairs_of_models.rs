//! How often one of two models is called better than the other: forests that differ in their seed alone, and forests
//! against ones that learned less.

use hivectl::error::Result;
use hivectl::features::FeatureFrame;
use hivectl::kinds::{Algorithm, Answers, Catalogue, FitRequest, Hyperparameters, Outcomes, TrainingContext, TrainingData};
use hivectl::statistics::{Difference, Resampling};

/// How the forests are grown.
#[derive(Clone, Copy, Debug)]
pub struct Forests {
    pub trees: usize,
    pub depth: usize,
    /// Every so many of the training tickets; 1 takes all.
    pub every: usize,
}

/// What one forest for each seed says of the tickets that judge.
pub struct Judged {
    pub actual: Outcomes,
    pub answers: Vec<Answers>,
}

/// Grows one forest for each seed from 1 on, as `train` does, and judges it on the holdout of `data`.
pub fn judge(data: &TrainingData, forests: Forests, seeds: u64) -> Result<Judged> {
    let kinds = Catalogue::all();
    let kind = kinds.require("duration")?;
    let (algorithm, n_estimators, max_depth) = (Some(Algorithm::Forest), Some(forests.trees), Some(forests.depth));
    let hyperparameters = Hyperparameters { algorithm, n_estimators, max_depth, ..Hyperparameters::default() };
    let request = FitRequest { hyperparameters, ..FitRequest::default() };
    let frame: FeatureFrame = data.frame(&kind.schema(&request)?.into())?;
    let mut split = data.split.clone();
    split.train = split.train.into_iter().step_by(forests.every).collect();
    let data = TrainingData { timeline: data.timeline.clone(), rows: data.rows.clone(), split };
    let holdout = frame.select(&data.split.holdout);
    let mut actual = None;
    let mut answers = Vec::new();
    for seed in 1..=seeds {
        let fitted = kind.fit(&request, &data, &frame, &TrainingContext { threads: 1, seed, progress: &|_| () })?;
        answers.push(fitted.answers(&holdout.columns()?, 1)?);
        actual.get_or_insert_with(|| fitted.holdout().actual.clone());
    }
    Ok(Judged { actual: actual.unwrap_or(Outcomes::DurationsMs(Vec::new())), answers })
}

/// The difference of each pair, the first of which serves: of unlike seeds, at most `pairs`.
pub fn differences(serving: &Judged, challenging: &Judged, pairs: usize, resampling: &Resampling) -> Result<Vec<Difference>> {
    let seeds = serving.answers.len();
    let all = (1..seeds).flat_map(|apart| (0..seeds).map(move |first| (first, (first + apart) % seeds)));
    let mut found = Vec::new();
    for (first, second) in all.take(pairs) {
        found.extend(serving.answers[first].gain(&challenging.answers[second], &serving.actual, resampling)?);
    }
    Ok(found)
}

/// The same where only the tickets are counted.
pub fn over_tickets(judged: &Judged) -> Judged {
    let without = |answers: &Answers| Answers { without: Vec::new(), ..answers.clone() };
    Judged { actual: judged.actual.clone(), answers: judged.answers.iter().map(without).collect() }
}

/// The share of pairs whose second is called better, 0–1.
pub fn share_better(differences: &[Difference]) -> f64 {
    differences.iter().filter(|difference| difference.is_positive()).count() as f64 / differences.len() as f64
}

/// The mean error of the forests, in ms.
pub fn mean_error(judged: &Judged) -> f64 {
    let errors = judged.answers.iter().filter_map(|answers| judged.actual.score(&answers.said).ok().flatten());
    errors.sum::<f64>() / judged.answers.len() as f64
}
