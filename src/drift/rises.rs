//! How much larger a requester's share of a window can be than his share before, without any change, estimated
//! from windows resampled out of the baseline's own requester-weeks.

use super::blocks::WeightedSample;
use super::observations::CategoricalColumn;
use crate::features::encoded::UNKNOWN;
use crate::statistics::random::SplitMix64;

/// Windows that are drawn; the smallest p-value is `1 / (WINDOWS + 1)`.
const WINDOWS: usize = 199;
const SEED: u64 = 42;
/// A rise counts when it is so many times the largest one that was drawn.
const BEYOND: f64 = 1.5;

/// The largest rise of any requester's share in each drawn window.
#[derive(Clone, Debug, PartialEq)]
pub struct Rises {
    largest: Vec<f64>,
}

/// How unusual one rise is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rise {
    /// Chance that any requester rises so much without change.
    pub p_value: f64,
    /// How many standard deviations it lies above the mean of the largest drawn rises.
    pub evidence: f64,
    /// Whether it is well beyond all of them.
    pub is_beyond: bool,
}

impl Rises {
    /// Draws windows of `rows` tickets (counted as the baseline's are) and at most one week of each requester: every
    /// one with a week of his own drawn evenly, among them those in which he asked for nothing. Tickets count with the
    /// weights of the baseline's side. `None` where the baseline has no requesters or no tickets.
    pub fn draw(baseline: &WeightedSample, requesters: &CategoricalColumn, rows: f64) -> Option<Rises> {
        let weeks = Weeks::of(baseline, requesters)?;
        let mut random = SplitMix64::new(SEED);
        let mut order: Vec<usize> = (0..weeks.of_requester.len()).collect();
        let window = |_| {
            random.shuffle(&mut order);
            weeks.largest_rise(&order, rows, &mut random)
        };
        Some(Rises { largest: (0..WINDOWS).map(window).collect() })
    }

    /// Compares a rise of a share (0–1) with the drawn ones.
    pub fn judge(&self, rise: f64) -> Rise {
        let count = self.largest.len() as f64;
        let mean = self.largest.iter().sum::<f64>() / count;
        let variance = self.largest.iter().map(|largest| (largest - mean).powi(2)).sum::<f64>() / count;
        let as_large = self.largest.iter().filter(|largest| **largest >= rise).count() as f64;
        let most = self.largest.iter().copied().fold(0.0, f64::max);
        Rise {
            p_value: (as_large + 1.0) / (count + 1.0),
            // A spread of nothing would make any rise infinitely sure.
            evidence: (rise - mean) / variance.sqrt().max(0.005),
            is_beyond: rise > BEYOND * most,
        }
    }
}

/// Weights of the weeks of each requester.
struct Weeks {
    of_requester: Vec<Vec<f64>>,
    /// Share of each in the whole baseline, 0–1.
    shares: Vec<f64>,
    /// Weeks of the requester who has most.
    count: usize,
    /// What one ticket weighs on average.
    ticket: f64,
}

impl Weeks {
    fn of(baseline: &WeightedSample, requesters: &CategoricalColumn) -> Option<Weeks> {
        let blocking = &baseline.by_requester;
        let mut blocks = vec![(UNKNOWN, 0.0); blocking.count];
        for ((&block, &requester), weight) in blocking.block.iter().zip(&requesters.codes).zip(&baseline.weights) {
            let cell = &mut blocks[block as usize];
            if cell.1 > 0.0 && cell.0 != requester {
                // Days are blocks where most tickets name nobody.
                return None;
            }
            *cell = (requester, cell.1 + weight);
        }
        let mut of_requester = vec![Vec::new(); requesters.names.len()];
        for (requester, weight) in blocks {
            if let Some(weeks) = of_requester.get_mut(requester as usize).filter(|_| weight > 0.0) {
                weeks.push(weight);
            }
        }
        let weighing = baseline.weights.iter().filter(|weight| **weight > 0.0).count();
        let shares: Vec<f64> = of_requester.iter().map(|weeks| weeks.iter().sum()).collect();
        let count = of_requester.iter().map(Vec::len).max().filter(|count| *count > 0)?;
        Some(Weeks { of_requester, shares, count, ticket: 1.0 / weighing as f64 })
    }

    fn largest_rise(&self, order: &[usize], rows: f64, random: &mut SplitMix64) -> f64 {
        let wanted = rows * self.ticket;
        let (mut total, mut drawn) = (0.0, Vec::new());
        for &requester in order {
            if let Some(weight) = self.of_requester[requester].get(random.below(self.count)) {
                let weight = weight.min(wanted - total);
                total += weight;
                drawn.push((requester, weight));
            }
            if total >= wanted {
                break;
            }
        }
        let rise = |&(requester, weight): &(usize, f64)| weight / total - self.shares[requester];
        drawn.iter().map(rise).fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drift::blocks::Blocking;
    use crate::drift::season;

    /// Forty requesters in four weeks; in the last the first one asks for `burst` tickets, all else for ten a week.
    fn baseline(burst: usize) -> (WeightedSample, CategoricalColumn) {
        let (mut codes, mut weeks) = (Vec::new(), Vec::new());
        for week in 0..4u32 {
            for requester in 0..40u32 {
                let rows = if week == 3 && requester == 0 { burst } else { 10 };
                codes.extend(std::iter::repeat_n(requester, rows));
                weeks.extend(std::iter::repeat_n(week, rows));
            }
        }
        let blocking = Blocking::by(codes.iter().zip(&weeks));
        let rows = codes.len();
        let names = (0..40).map(|name| name.to_string()).collect();
        (WeightedSample::of(season::even(rows), vec![0; rows], blocking.clone(), blocking), CategoricalColumn { names, codes })
    }

    #[test]
    fn a_rise_is_judged_by_the_bursts_that_were_there() {
        let (side, requesters) = baseline(10);
        let quiet = Rises::draw(&side, &requesters, 400.0).unwrap();
        let rise = quiet.judge(0.2);
        assert!(rise.is_beyond && rise.p_value == 0.005 && rise.evidence > 5.0, "{rise:?}");
        assert!(!quiet.judge(0.0).is_beyond);
        let (side, requesters) = baseline(200);
        let bursty = Rises::draw(&side, &requesters, 400.0).unwrap();
        assert!(!bursty.judge(0.2).is_beyond, "a fifth is what a burst of the baseline already was");
        assert!(bursty.judge(0.6).is_beyond);
        assert_eq!(bursty, Rises::draw(&side, &requesters, 400.0).unwrap());
    }

    #[test]
    fn without_requesters_there_are_no_rises() {
        let day = Blocking { block: vec![0; 4], count: 1 };
        let side = WeightedSample::of(season::even(4), vec![0; 4], day.clone(), day);
        let words = |codes: Vec<u32>| CategoricalColumn { names: vec!["a".into(), "b".into()], codes };
        assert_eq!(Rises::draw(&side, &words(vec![0, 1, 0, 1]), 4.0), None);
        assert_eq!(Rises::draw(&side, &words(vec![UNKNOWN; 4]), 4.0), None);
    }
}
