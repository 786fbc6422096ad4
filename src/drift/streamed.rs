//! Stability indices and the distance of durations from a stream: one pass, memory that does not grow with it.

use super::baseline::Baseline;
use super::observations::feature_names;
use crate::statistics::ks::asymptotic_p_value;
use crate::statistics::psi::{Bins, Stability, stability};

/// Bins of a feature, and how many values each holds, then and now.
type Feature = (Bins, Vec<u64>, Vec<u64>);

/// Counts of a stream of tickets in the bins of a baseline.
#[derive(Clone, Debug)]
pub struct Streamed {
    /// By feature; `None` where the baseline held no number.
    features: Vec<Option<Feature>>,
    /// The baseline's durations, ascending and each once, and how many of them lie at or below each.
    durations: Vec<f64>,
    at_or_below: Vec<u64>,
    /// Durations of the stream: by place, those below the baseline's duration there and above the one before, and those
    /// equal to it. The last place of the first holds what lies above all.
    between: Vec<u64>,
    equal: Vec<u64>,
    rows: u64,
}

/// The largest distance of two distribution functions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distance {
    /// Exact, 0–1.
    pub statistic: f64,
    /// Kolmogorov's limit.
    pub p_value: f64,
}

impl Streamed {
    /// Counts nothing yet. Memory is that of the baseline's kept durations, whatever comes.
    pub fn new(baseline: &Baseline) -> Streamed {
        let bins = |name: String| {
            baseline.variables.get(&name).map(|known| (known.bins.clone(), known.counts.clone(), vec![0; known.counts.len()]))
        };
        let mut sorted = baseline.observations.duration_ms.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let (mut durations, mut at_or_below) = (Vec::new(), Vec::new());
        for equal in sorted.chunk_by(|left, right| left == right) {
            durations.push(equal[0]);
            at_or_below.push(at_or_below.last().copied().unwrap_or(0) + equal.len() as u64);
        }
        Streamed {
            features: feature_names().into_iter().map(bins).collect(),
            between: vec![0; durations.len() + 1],
            equal: vec![0; durations.len()],
            durations,
            at_or_below,
            rows: 0,
        }
    }

    /// Takes tickets: their features by column, in the order of [`feature_names`], and their durations in ms.
    ///
    /// A duration that is no number counts as above all.
    pub fn add(&mut self, features: &[Vec<f32>], durations_ms: &[f64]) {
        for (known, column) in self.features.iter_mut().zip(features) {
            if let Some((bins, _, counts)) = known {
                let places = bins.places(column.iter().map(|&value| f64::from(value)));
                places.into_iter().for_each(|place| counts[usize::from(place)] += 1);
            }
        }
        for &duration in durations_ms {
            let place = self.durations.partition_point(|&known| known < duration);
            match self.durations.get(place) {
                Some(&known) if known == duration => self.equal[place] += 1,
                _ if duration.is_nan() => *self.between.last_mut().unwrap_or(&mut 0) += 1,
                _ => self.between[place] += 1,
            }
        }
        self.rows += durations_ms.len() as u64;
    }

    /// Tickets so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The index of each feature whose bins the baseline knows.
    pub fn indices(&self) -> Vec<(String, Stability)> {
        let named = feature_names().into_iter().zip(&self.features);
        named.filter_map(|(name, known)| known.as_ref().and_then(|(_, then, now)| Some((name, stability(then, now)?)))).collect()
    }

    /// The distance of the durations from those that the baseline keeps: exact, because between two of the baseline's
    /// durations only the stream's function moves. `None` before the first ticket.
    pub fn distance(&self) -> Option<Distance> {
        let total = self.at_or_below.last().copied().filter(|_| self.rows > 0)?;
        let (mut passed, mut before, mut statistic) = (0u64, 0u64, 0.0f64);
        for (place, &then) in self.at_or_below.iter().enumerate() {
            let gap = |then: u64, now: u64| (then as f64 / total as f64 - now as f64 / self.rows as f64).abs();
            passed += self.between[place];
            statistic = statistic.max(gap(before, passed));
            passed += self.equal[place];
            statistic = statistic.max(gap(then, passed));
            before = then;
        }
        Some(Distance { statistic, p_value: asymptotic_p_value(total, self.rows, statistic) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drift::{BaselineOrigin, Observations};
    use crate::statistics::ks::{PValue, two_sample};
    use crate::statistics::random::SplitMix64;

    fn tickets(random: &mut SplitMix64, rows: usize, shift: f64) -> Observations {
        let duration_ms: Vec<f64> = (0..rows).map(|_| (100.0 * (random.unit() + random.unit() + shift)).round()).collect();
        let column = |random: &mut SplitMix64| (0..rows).map(|_| (random.unit() + shift) as f32).collect::<Vec<f32>>();
        let mut made =
            Observations { completed_at: vec![0; rows], estimated_duration_ms: vec![1.0; rows], duration_ms, ..Observations::default() };
        made.features = (0..feature_names().len()).map(|_| column(random)).collect();
        for words in [&mut made.requester, &mut made.task_type, &mut made.risk_band] {
            (words.names, words.codes) = (vec!["a".into()], vec![0; rows]);
        }
        made
    }

    #[test]
    fn a_stream_in_parts_says_what_both_samples_say() {
        let mut random = SplitMix64::new(31);
        let (then, now) = (tickets(&mut random, 3_000, 0.0), tickets(&mut random, 5_000, 0.1));
        let baseline = Baseline::learn(BaselineOrigin::default(), then.clone(), None).unwrap();
        let mut streamed = Streamed::new(&baseline);
        assert_eq!(streamed.distance(), None);
        for part in [0..10, 10..4_000, 4_000..5_000] {
            let part = now.select(&part.collect::<Vec<usize>>());
            streamed.add(&part.features, &part.duration_ms);
        }
        let expected = two_sample(&then.duration_ms, &now.duration_ms, PValue::Asymptotic).unwrap();
        let found = streamed.distance().unwrap();
        assert!((found.statistic - expected.statistic).abs() < 1e-12 && (found.p_value - expected.p_value).abs() < 1e-12);
        assert_eq!(streamed.rows(), 5_000);
        let indices = streamed.indices();
        assert_eq!(indices.len(), feature_names().len());
        assert!(indices.iter().all(|(_, index)| index.index > 0.05), "{indices:?}");
        let constant = Streamed { between: vec![0, 0], equal: vec![0], durations: vec![1.0], at_or_below: vec![1], ..streamed };
        let mut constant = Streamed { rows: 0, ..constant };
        constant.add(&[], &[f64::NAN, 0.5]);
        assert_eq!(constant.distance().unwrap().statistic, 0.5);
    }
}
