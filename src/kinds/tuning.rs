//! Which settings tuning tries, in which order, and which of them it prefers.
//!
//! Everything is chosen on training tickets alone, by folds in the order of time: each judges on tickets that
//! are later than all that taught it. The sequence of candidates depends on the seed and on what the trials
//! before it showed, so the same data and seed try the same settings.
//!
//! Of candidates within 2 % of the best the one is used whose trees see the least, because the weeks to come are none
//! of the folds. Trials are kept under the data folder until the tickets change, so the same command goes on where it
//! stopped.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::anomaly::AnomalyParameters;
use super::learner::{Algorithm, BoostingParameters, ForestParameters, Learner, Loss};
use crate::statistics::random::SplitMix64;

/// Shares of the training tickets, in the order of creation, at which folds begin to judge and end.
const FOLDS: [(f64, f64); 2] = [(0.6, 0.8), (0.8, 1.0)];

/// A trial whose first fold is worse than the best one's by this factor is not tried on the others.
const HOPELESS: f64 = 1.1;

/// Mean absolute errors within this factor of the best one do not tell two candidates apart.
const AS_GOOD: f64 = 1.02;

/// Share of the tickets that a bootstrap sample of a forest holds: 1 − 1/e.
const BOOTSTRAP_SHARE: f64 = 0.632;

/// Settings that can be tried.
///
/// ```
/// use hivectl::kinds::anomaly::AnomalyParameters;
/// use hivectl::kinds::tuning::Candidate;
///
/// let candidate = Candidate::Anomaly(AnomalyParameters { trees: 100, subsample: 256, contamination: 0.05 });
/// assert_eq!(candidate.summary(), "100 trees of 256 tickets, marks 0.05");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Candidate {
    Durations {
        /// Name of the schema.
        features: String,
        learner: Learner,
    },
    Anomaly(AnomalyParameters),
}

/// What became of a candidate.
///
/// ```
/// use hivectl::kinds::anomaly::AnomalyParameters;
/// use hivectl::kinds::tuning::{Candidate, Trial, best};
///
/// let candidate = Candidate::Anomaly(AnomalyParameters { trees: 100, subsample: 256, contamination: 0.05 });
/// let trial = |number, f1: f64| {
///     let (candidate, folds) = (candidate.clone(), vec![f1, f1]);
///     Trial { number, score: Trial::score_of(&candidate, &folds, 2), candidate, folds, seconds: 0.1 }
/// };
/// assert_eq!(best(&[trial(1, 0.5), trial(2, 0.75)]).and_then(|best| best.score), Some(0.75));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// From 1.
    pub number: usize,
    pub candidate: Candidate,
    /// MAE in ms, or F1, by fold; those after a hopeless first one are missing.
    pub folds: Vec<f64>,
    /// The geometric mean of the MAEs, or the mean of the F1 scores; `None` for a trial given up.
    pub score: Option<f64>,
    pub seconds: f64,
}

/// What may be varied.
///
/// ```
/// use hivectl::kinds::anomaly::AnomalyParameters;
/// use hivectl::kinds::tuning::{Candidate, Search};
///
/// let asked = Candidate::Anomaly(AnomalyParameters { trees: 100, subsample: 256, contamination: 0.05 });
/// let search = Search { asked: asked.clone(), features: Vec::new(), algorithms: Vec::new(), seed: 7 };
/// assert_eq!(search.propose(1, &[]), asked);
/// ```
#[derive(Clone, Debug)]
pub struct Search {
    /// What was asked for; tried first, so that tuning never prefers something that did worse.
    pub asked: Candidate,
    /// Schemas to choose among; at least one for durations.
    pub features: Vec<String>,
    /// Algorithms to choose among; at least one for durations.
    pub algorithms: Vec<Algorithm>,
    pub seed: u64,
}

/// Places of the training tickets that teach and that judge, fold by fold; those with nothing on a side are
/// left out.
pub fn folds(tickets: usize) -> Vec<(Range<usize>, Range<usize>)> {
    let at = |share: f64| (tickets as f64 * share).floor() as usize;
    let fold = |(begin, end): (f64, f64)| (0..at(begin), at(begin)..at(end));
    FOLDS.into_iter().map(fold).filter(|(teach, judge)| !teach.is_empty() && !judge.is_empty()).collect()
}

impl Candidate {
    /// The algorithm's word.
    pub fn algorithm(&self) -> &'static str {
        match self {
            Candidate::Durations { learner, .. } => learner.algorithm().into(),
            Candidate::Anomaly(_) => "isolation",
        }
    }

    /// Whether it is judged by an error in ms, the smaller the better, rather than by F1.
    pub fn has_error(&self) -> bool {
        matches!(self, Candidate::Durations { .. })
    }

    /// The settings in a few words.
    pub fn summary(&self) -> String {
        match self {
            Candidate::Anomaly(anomaly) => {
                format!("{} trees of {} tickets, marks {}", anomaly.trees, anomaly.subsample, anomaly.contamination)
            }
            Candidate::Durations { features, learner: Learner::Forest(forest) } => format!(
                "{features} forest, {} trees, depth {}, leaf {}, columns {}",
                forest.trees, forest.depth, forest.min_leaf, forest.column_share
            ),
            Candidate::Durations { features, learner: Learner::Boosting(boosting) } => format!(
                "{features} boosting, {}, {} rounds of {}, depth {}, leaf {}, rows {}, columns {}, L2 {}",
                boosting.loss.to_string().replace('_', " "),
                boosting.rounds,
                boosting.learning_rate,
                boosting.depth,
                boosting.min_child_weight,
                boosting.row_share,
                boosting.column_share,
                boosting.l2
            ),
        }
    }

    /// Share of the training data, rows times columns, that a tree sees.
    fn share_seen(&self) -> f64 {
        match self {
            Candidate::Durations { learner: Learner::Forest(forest), .. } => BOOTSTRAP_SHARE * forest.column_share,
            Candidate::Durations { learner: Learner::Boosting(boosting), .. } => boosting.row_share * boosting.column_share,
            Candidate::Anomaly(_) => 1.0,
        }
    }
}

impl Trial {
    /// Summarises the folds of a candidate that was tried on all `expected` of them.
    pub fn score_of(candidate: &Candidate, folds: &[f64], expected: usize) -> Option<f64> {
        if folds.len() < expected || folds.is_empty() {
            return None;
        }
        let count = folds.len() as f64;
        Some(match candidate {
            Candidate::Durations { .. } => (folds.iter().map(|mae| mae.max(f64::MIN_POSITIVE).ln()).sum::<f64>() / count).exp(),
            Candidate::Anomaly(_) => folds.iter().sum::<f64>() / count,
        })
    }

    /// Whether this trial did better than `other`; one without a score never did.
    fn beats(&self, other: &Trial) -> bool {
        match (self.score, other.score) {
            (Some(own), Some(others)) => match self.candidate {
                Candidate::Durations { .. } => own < others,
                Candidate::Anomaly(_) => own > others,
            },
            (score, None) => score.is_some(),
            (None, Some(_)) => false,
        }
    }
}

/// The best trial, the earliest of equals; `None` when none was tried on all folds.
pub fn best(trials: &[Trial]) -> Option<&Trial> {
    let mut best: Option<&Trial> = None;
    for trial in trials.iter().filter(|trial| trial.score.is_some()) {
        if best.is_none_or(|best| trial.beats(best)) {
            best = Some(trial);
        }
    }
    best
}

/// The trial whose settings are used: of those that did about as well as the best one, the one whose trees see
/// the least, because folds judge on other weeks than those to come, and trees that see less follow the past less
/// closely (the idea of Breiman's one-standard-error rule, 1984). Among equals the better one.
pub fn chosen(trials: &[Trial]) -> Option<&Trial> {
    let best = best(trials)?;
    let (Candidate::Durations { .. }, Some(least)) = (&best.candidate, best.score) else { return Some(best) };
    let about_as_good = trials.iter().filter(|trial| trial.score.is_some_and(|score| score <= least * AS_GOOD));
    about_as_good.min_by(|left, right| {
        let score = |trial: &Trial| trial.score.unwrap_or(f64::INFINITY);
        left.candidate.share_seen().total_cmp(&right.candidate.share_seen()).then(score(left).total_cmp(&score(right)))
    })
}

/// Whether a first fold is so bad that the others would not mend it.
pub fn is_hopeless(candidate: &Candidate, first_fold: f64, trials: &[Trial]) -> bool {
    let Some(best) = best(trials).and_then(|best| best.folds.first()) else { return false };
    match candidate {
        Candidate::Durations { .. } => first_fold > best * HOPELESS,
        Candidate::Anomaly(_) => first_fold * HOPELESS < *best,
    }
}

impl Search {
    /// The candidate of trial `number`, from 1: what was asked for, then good beginnings, then by turns a
    /// draw from everywhere and a neighbour of the best so far.
    pub fn propose(&self, number: usize, trials: &[Trial]) -> Candidate {
        let mut random = SplitMix64::stream(self.seed, number as u64);
        let beginnings = self.beginnings();
        match number {
            0 | 1 => self.asked.clone(),
            number if number - 2 < beginnings.len() => beginnings[number - 2].clone(),
            _ => match (best(trials), random.unit() < 0.6) {
                (Some(best), true) => self.neighbour(&best.candidate, &mut random),
                _ => self.anywhere(&mut random),
            },
        }
    }

    /// Settings that did well on logs of real jobs, the richest features first.
    fn beginnings(&self) -> Vec<Candidate> {
        if matches!(self.asked, Candidate::Anomaly(_)) {
            let sizes = [(100, 256, 0.02), (100, 1024, 0.05), (200, 512, 0.1)];
            let anomaly = |(trees, subsample, contamination)| Candidate::Anomaly(AnomalyParameters { trees, subsample, contamination });
            return sizes.into_iter().map(anomaly).collect();
        }
        let learners = [
            Learner::Boosting(boosting(800, 7, 0.05, 40.0, 0.5, 0.3, 1.0)),
            Learner::Boosting(boosting(300, 8, 0.08, 20.0, 0.8, 0.8, 1.0)),
            Learner::Forest(ForestParameters { trees: 100, depth: 14, min_split: 10, min_leaf: 5, column_share: 0.4 }),
        ];
        let mut candidates = Vec::new();
        for learner in learners.into_iter().filter(|learner| self.algorithms.contains(&learner.algorithm())) {
            candidates.extend(
                self.features.iter().rev().map(|features| Candidate::Durations { features: features.clone(), learner: learner.clone() }),
            );
        }
        candidates
    }

    fn anywhere(&self, random: &mut SplitMix64) -> Candidate {
        if matches!(self.asked, Candidate::Anomaly(_)) {
            return Candidate::Anomaly(AnomalyParameters {
                trees: pick(&TREES, random),
                subsample: pick(&SUBSAMPLES, random),
                contamination: pick(&CONTAMINATIONS, random),
            });
        }
        let learner = match pick(&self.algorithms, random) {
            Algorithm::Forest => Learner::Forest(ForestParameters {
                trees: pick(&TREES, random),
                depth: pick(&FOREST_DEPTHS, random),
                min_split: 2,
                min_leaf: pick(&MIN_LEAVES, random),
                column_share: pick(&COLUMN_SHARES, random),
            }),
            Algorithm::Boosting => Learner::Boosting(BoostingParameters {
                loss: if random.unit() < 0.7 { Loss::AbsoluteError } else { pick(&Loss::ALL, random) },
                rounds: pick(&ROUNDS, random),
                depth: pick(&BOOSTING_DEPTHS, random),
                learning_rate: pick(&LEARNING_RATES, random),
                l1: 0.0,
                l2: pick(&PENALTIES, random),
                min_child_weight: pick(&MIN_CHILD_WEIGHTS, random),
                row_share: pick(&ROW_SHARES, random),
                column_share: pick(&COLUMN_SHARES, random),
                patience: None,
            }),
        };
        Candidate::Durations { features: pick(&self.features, random), learner }
    }

    /// The best settings with one or two of them a step away.
    fn neighbour(&self, of: &Candidate, random: &mut SplitMix64) -> Candidate {
        let mut candidate = of.clone();
        for _ in 0..=random.below(2) {
            match &mut candidate {
                Candidate::Anomaly(parameters) => match random.below(3) {
                    0 => parameters.trees = step(&TREES, parameters.trees, random),
                    1 => parameters.subsample = step(&SUBSAMPLES, parameters.subsample, random),
                    _ => parameters.contamination = step(&CONTAMINATIONS, parameters.contamination, random),
                },
                Candidate::Durations { features, learner } => {
                    if self.features.len() > 1 && random.below(8) == 0 {
                        *features = pick(&self.features, random);
                    }
                    match learner {
                        Learner::Forest(forest) => move_forest(forest, random),
                        Learner::Boosting(boosting) => move_boosting(boosting, random),
                    }
                }
            }
        }
        candidate
    }
}

fn boosting(
    rounds: usize,
    depth: usize,
    learning_rate: f64,
    min_child_weight: f64,
    row_share: f64,
    column_share: f64,
    l2: f64,
) -> BoostingParameters {
    let loss = Loss::AbsoluteError;
    BoostingParameters { loss, rounds, depth, learning_rate, l1: 0.0, l2, min_child_weight, row_share, column_share, patience: None }
}

const TREES: [usize; 3] = [50, 100, 200];
const SUBSAMPLES: [usize; 5] = [64, 128, 256, 512, 1024];
const CONTAMINATIONS: [f64; 6] = [0.01, 0.02, 0.03, 0.05, 0.1, 0.15];
const FOREST_DEPTHS: [usize; 5] = [8, 10, 12, 14, 18];
const MIN_LEAVES: [usize; 5] = [1, 2, 5, 10, 20];
const COLUMN_SHARES: [f64; 5] = [0.2, 0.3, 0.5, 0.8, 1.0];
const ROW_SHARES: [f64; 4] = [0.4, 0.5, 0.7, 1.0];
const ROUNDS: [usize; 4] = [200, 300, 500, 800];
const BOOSTING_DEPTHS: [usize; 7] = [4, 5, 6, 7, 8, 9, 10];
const LEARNING_RATES: [f64; 5] = [0.02, 0.03, 0.05, 0.08, 0.12];
const PENALTIES: [f64; 4] = [0.0, 1.0, 5.0, 20.0];
const MIN_CHILD_WEIGHTS: [f64; 5] = [5.0, 10.0, 20.0, 40.0, 80.0];

fn move_forest(forest: &mut ForestParameters, random: &mut SplitMix64) {
    match random.below(4) {
        0 => forest.trees = step(&TREES, forest.trees, random),
        1 => forest.depth = step(&FOREST_DEPTHS, forest.depth, random),
        2 => forest.min_leaf = step(&MIN_LEAVES, forest.min_leaf, random),
        _ => forest.column_share = step(&COLUMN_SHARES, forest.column_share, random),
    }
}

fn move_boosting(boosting: &mut BoostingParameters, random: &mut SplitMix64) {
    match random.below(8) {
        0 => boosting.loss = pick(&Loss::ALL, random),
        1 => boosting.rounds = step(&ROUNDS, boosting.rounds, random),
        2 => boosting.depth = step(&BOOSTING_DEPTHS, boosting.depth, random),
        3 => boosting.learning_rate = step(&LEARNING_RATES, boosting.learning_rate, random),
        4 => boosting.l2 = step(&PENALTIES, boosting.l2, random),
        5 => boosting.min_child_weight = step(&MIN_CHILD_WEIGHTS, boosting.min_child_weight, random),
        6 => boosting.row_share = step(&ROW_SHARES, boosting.row_share, random),
        _ => boosting.column_share = step(&COLUMN_SHARES, boosting.column_share, random),
    }
}

/// One of `values`, at least one.
fn pick<T: Clone>(values: &[T], random: &mut SplitMix64) -> T {
    values[random.below(values.len())].clone()
}

/// The next smaller or greater of the ascending `values`.
fn step<T: Copy + PartialOrd>(values: &[T], from: T, random: &mut SplitMix64) -> T {
    let below = values.iter().rev().find(|value| **value < from);
    let above = values.iter().find(|value| **value > from);
    let (first, second) = if random.unit() < 0.5 { (below, above) } else { (above, below) };
    first.or(second).copied().unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(asked: Candidate) -> Search {
        Search {
            asked,
            features: vec!["reference".into(), "extended".into()],
            algorithms: vec![Algorithm::Forest, Algorithm::Boosting],
            seed: 7,
        }
    }

    fn asked() -> Candidate {
        let forest = ForestParameters { trees: 100, depth: 10, min_split: 5, min_leaf: 2, column_share: 1.0 };
        Candidate::Durations { features: "reference".into(), learner: Learner::Forest(forest) }
    }

    fn trial(number: usize, candidate: Candidate, folds: Vec<f64>) -> Trial {
        Trial { number, score: Trial::score_of(&candidate, &folds, 2), candidate, folds, seconds: 0.1 }
    }

    #[test]
    fn folds_judge_on_later_tickets_than_teach() {
        assert_eq!(folds(100), [(0..60, 60..80), (0..80, 80..100)]);
        assert!(folds(1).is_empty() && folds(0).is_empty());
    }

    #[test]
    fn the_sequence_depends_on_the_seed_and_the_trials_alone() {
        let search = search(asked());
        assert_eq!(search.propose(1, &[]), asked());
        let trials = [trial(1, asked(), vec![10.0, 20.0])];
        let sequence = || (1..40).map(|number| search.propose(number, &trials)).collect::<Vec<_>>();
        assert_eq!(sequence(), sequence());
        let other = Search { seed: 8, ..search.clone() };
        assert_ne!(sequence()[20..], (1..40).map(|number| other.propose(number, &trials)).collect::<Vec<_>>()[20..]);
        assert!(sequence().iter().any(|candidate| candidate.algorithm() == "boosting"));
        assert!(sequence().iter().any(|candidate| matches!(candidate, Candidate::Durations { features, .. } if features == "extended")));
    }

    #[test]
    fn the_best_has_the_least_error_or_the_greatest_score_over_all_folds() {
        let trials = [trial(1, asked(), vec![10.0, 10.0]), trial(2, asked(), vec![4.0, 16.0]), trial(3, asked(), vec![1.0])];
        assert_eq!(best(&trials).map(|trial| trial.number), Some(2));
        assert!(is_hopeless(&asked(), 4.5, &trials) && !is_hopeless(&asked(), 4.3, &trials));
        let detector = Candidate::Anomaly(AnomalyParameters { trees: 100, subsample: 256, contamination: 0.05 });
        let trials = [trial(1, detector.clone(), vec![0.2, 0.4]), trial(2, detector.clone(), vec![0.5, 0.3])];
        assert_eq!(best(&trials).map(|trial| trial.number), Some(2));
        assert!(is_hopeless(&detector, 0.4, &trials) && !is_hopeless(&detector, 0.48, &trials));
        assert!(best(&[]).is_none());
    }

    #[test]
    fn of_about_equal_candidates_the_one_that_sees_least_is_used() {
        let sees = |row_share| Candidate::Durations {
            features: "extended".into(),
            learner: Learner::Boosting(boosting(500, 7, 0.05, 40.0, row_share, 0.3, 1.0)),
        };
        let numbers = |worst: f64| {
            let trials = [trial(1, sees(1.0), vec![10.0, 10.0]), trial(2, sees(0.5), vec![worst, worst]), trial(3, sees(0.4), vec![9.0])];
            chosen(&trials).map(|trial| trial.number)
        };
        assert_eq!((numbers(10.1), numbers(10.3)), (Some(2), Some(1)));
        assert!(chosen(&[]).is_none());
    }

    #[test]
    fn a_step_goes_to_a_neighbour_and_turns_back_at_the_end() {
        let mut random = SplitMix64::new(1);
        for _ in 0..50 {
            assert!([10.0, 40.0].contains(&step(&MIN_CHILD_WEIGHTS, 20.0, &mut random)));
            assert_eq!(step(&ROW_SHARES, 1.0, &mut random), 0.7);
            assert_eq!(step(&[3], 3, &mut random), 3);
        }
    }
}
