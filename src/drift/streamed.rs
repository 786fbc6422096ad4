//! The PSI of features and the distance of durations from a stream: one pass, memory that does not grow with it.
//!
//! [`Durations`] counts for the rule of [`robust`](super::robust). [`Streamed`] serves programs that hold no tickets; of
//! hivectl's own only the measurements in `tests/bench/drift_speed.rs` use it, since `drift check` holds its window.

use rayon::prelude::*;

use super::baseline::Baseline;
use super::observations::feature_names;
use crate::statistics::ks::asymptotic_p_value;
use crate::statistics::psi::{Bins, Psi, psi};

/// Bins of a feature, and how many values each holds, then and now.
type Feature = (Bins, Vec<u64>, Vec<u64>);

/// Counts of a stream of tickets in the bins of a baseline.
#[derive(Clone, Debug)]
pub struct Streamed {
    /// By feature; `None` where the baseline held only NaN.
    features: Vec<Option<Feature>>,
    durations: Durations,
}

impl Streamed {
    /// Counts nothing yet. Memory is that of the baseline's kept durations, whatever comes.
    pub fn new(baseline: &Baseline) -> Streamed {
        let bins = |name: String| {
            baseline.variables.get(&name).map(|known| (known.bins.clone(), known.counts.clone(), vec![0; known.counts.len()]))
        };
        Streamed {
            features: feature_names().into_iter().map(bins).collect(),
            durations: Durations::new(&baseline.observations.duration_ms),
        }
    }

    /// Takes tickets: their features by column, in the order of [`feature_names`], and their durations in ms.
    ///
    /// A NaN duration counts as above all others.
    pub fn add(&mut self, features: &[Vec<f32>], durations_ms: &[f64]) {
        self.features.par_iter_mut().zip(features).for_each(|(known, column)| {
            if let Some((bins, _, counts)) = known {
                bins.add_counts(column, counts);
            }
        });
        self.durations.add(durations_ms);
    }

    /// Tickets so far.
    pub fn rows(&self) -> u64 {
        self.durations.rows
    }

    /// The PSI of each feature whose bins the baseline knows.
    pub fn psi_by_feature(&self) -> Vec<(String, Psi)> {
        let named = feature_names().into_iter().zip(&self.features);
        named.filter_map(|(name, known)| known.as_ref().and_then(|(_, then, now)| Some((name, psi(then, now)?)))).collect()
    }

    /// The distance of the durations from those that the baseline keeps; `None` before the first ticket.
    pub fn distance(&self) -> Option<Distance> {
        self.durations.distance()
    }
}

/// Parts of the range of durations, at most, in which the search for one begins.
const MOST_PARTS: u64 = 1 << 15;
/// Durations that are worth a thread of their own.
const PER_THREAD: usize = 200_000;

/// Counts of a stream of durations between those of a baseline.
#[derive(Clone, Debug)]
pub struct Durations {
    /// The baseline's, ascending and each once, and how many of them lie at or below each.
    known: Vec<f64>,
    at_or_below: Vec<u64>,
    /// Where the search begins, by the leading bits of a positive number; each part has the place of its first and
    /// of the next one's first.
    parts: Vec<u32>,
    first_part: u64,
    shift: u32,
    /// Of the stream, by place: those below the baseline's there and above the one before, and those equal to it. The
    /// last place of the first holds what lies above all.
    between: Vec<u64>,
    equal: Vec<u64>,
    rows: u64,
}

impl Durations {
    /// Counts nothing yet.
    pub fn new(baseline_ms: &[f64]) -> Durations {
        let mut sorted: Vec<f64> = baseline_ms.iter().copied().filter(|duration| !duration.is_nan()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let (mut known, mut at_or_below) = (Vec::new(), Vec::new());
        for equal in sorted.chunk_by(|left, right| left == right) {
            known.push(equal[0]);
            at_or_below.push(at_or_below.last().copied().unwrap_or(0) + equal.len() as u64);
        }
        // Positive numbers are ordered as their bits are.
        let ends = known.first().zip(known.last()).filter(|(first, _)| **first > 0.0);
        let (low, high) = ends.map_or((0, 0), |(first, last)| (first.to_bits(), last.to_bits()));
        let shift = (0..63).find(|shift| (high >> shift) - (low >> shift) < MOST_PARTS).unwrap_or(63);
        let first_part = low >> shift;
        let place_of = |part: u64| known.partition_point(|known: &f64| known.to_bits() >> shift < part) as u32;
        let parts = if ends.is_some() { (first_part..=(high >> shift) + 1).map(place_of).collect() } else { Vec::new() };
        Durations { between: vec![0; known.len() + 1], equal: vec![0; known.len()], known, at_or_below, parts, first_part, shift, rows: 0 }
    }

    /// Takes durations in ms; a NaN counts as above all others.
    pub fn add(&mut self, durations_ms: &[f64]) {
        if durations_ms.len() < 2 * PER_THREAD {
            return self.add_here(durations_ms);
        }
        let (left, right) = durations_ms.split_at(durations_ms.len() / 2);
        let mut other = Durations { between: vec![0; self.between.len()], equal: vec![0; self.equal.len()], rows: 0, ..self.clone() };
        rayon::join(|| self.add(left), || other.add(right));
        let add = |counts: &mut [u64], more: &[u64]| counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
        add(&mut self.between, &other.between);
        add(&mut self.equal, &other.equal);
        self.rows += other.rows;
    }

    fn add_here(&mut self, durations_ms: &[f64]) {
        for &duration in durations_ms {
            let place = self.place(duration);
            match self.known.get(place) {
                Some(&known) if known == duration => self.equal[place] += 1,
                _ if duration.is_nan() => *self.between.last_mut().unwrap_or(&mut 0) += 1,
                _ => self.between[place] += 1,
            }
        }
        self.rows += durations_ms.len() as u64;
    }

    /// How many of the baseline's are below.
    fn place(&self, duration: f64) -> usize {
        let part = (duration.to_bits() >> self.shift).wrapping_sub(self.first_part) as usize;
        let within = self.parts.get(part).zip(self.parts.get(part.wrapping_add(1))).filter(|_| duration > 0.0);
        let (from, to) = within.map_or((0, self.known.len()), |(&from, &to)| (from as usize, to as usize));
        from + self.known[from..to].partition_point(|&known| known < duration)
    }

    /// The distance of the stream from the baseline: exact, because between two of the baseline's durations only the
    /// stream's function moves. `None` before the first.
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

/// The largest distance of two distribution functions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distance {
    /// Exact, 0–1.
    pub statistic: f64,
    /// Kolmogorov's limit.
    pub p_value: f64,
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
        let found_psi = streamed.psi_by_feature();
        assert_eq!(found_psi.len(), feature_names().len());
        assert!(found_psi.iter().all(|(_, psi)| psi.value > 0.05), "{found_psi:?}");
        let mut constant = Durations::new(&[1.0]);
        constant.add(&[f64::NAN, 0.5]);
        assert_eq!(constant.distance().unwrap().statistic, 0.5);
    }
    #[test]
    fn many_durations_are_counted_as_a_few_are() {
        let mut random = SplitMix64::new(32);
        let mut draw = |rows: usize| (0..rows).map(|_| (12.0 * random.unit()).exp().floor()).collect::<Vec<f64>>();
        let (then, mut now) = (draw(5_000), draw(900_000));
        now[..4].copy_from_slice(&[0.0, -3.0, 1e300, f64::INFINITY]);
        let expected = two_sample(&then, &now, PValue::Asymptotic).unwrap();
        // Positive numbers are looked up by their leading bits, others are not.
        for then in [then.clone(), then.iter().map(|value| value - 5.0).collect()] {
            let mut counted = Durations::new(&then);
            counted.add(&now);
            let expected = two_sample(&then, &now, PValue::Asymptotic).unwrap();
            assert!((counted.distance().unwrap().statistic - expected.statistic).abs() < 1e-12);
        }
        assert!(expected.statistic < 0.05);
    }
}
