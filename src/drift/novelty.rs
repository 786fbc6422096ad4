//! Values that the baseline never had: beyond its range, and between its own.

use std::collections::hash_map::Entry;

use foldhash::{HashMap, HashMapExt as _};
use rayon::prelude::*;
use statrs::distribution::{Binomial, DiscreteCDF};

use super::blocks::{BinWeights, Blocking, WeightedSample};
use super::shape::Variable;
use super::verdict::{DriftStatus, Threshold, adjusted, judge};
use crate::statistics::psi::Bins;

/// What makes a value new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewKind {
    /// It is below or above every value of the baseline, or a level that the baseline does not have.
    Outside,
    /// It lies within the range but is not one of the values that recur in the baseline: another unit, another default.
    Between,
}

/// How much of a variable is new.
#[derive(Clone, Debug, PartialEq)]
pub struct Novelty {
    pub name: String,
    pub kind: NewKind,
    /// Share of the tickets now, 0–1; between, less the share that was new in the baseline too.
    pub share: f64,
    /// Blocks now that hold such a value.
    pub blocks: usize,
    pub p_value: f64,
    pub adjusted_p: f64,
    pub status: DriftStatus,
}

/// Counts the requester-weeks now that hold a value outside the baseline's range, or a new level.
///
/// Without change each would with chance `(u + 1) / G` of the baseline's G blocks, where u is how many of the
/// smallest and largest values (or levels) stand in one block alone: what is that rare could as well have been
/// missing. The p-value is that of the binomial distribution.
pub fn look(variables: &[Variable], tallies: &[BinWeights], baseline: &WeightedSample, now: &WeightedSample) -> Vec<Novelty> {
    let pairs = variables.par_iter().zip(tallies);
    let looks = pairs.flat_map_iter(|(variable, tally)| {
        let outside = outside(variable, tally, baseline, now);
        std::iter::once(outside).chain(between(variable, baseline, now))
    });
    let mut found: Vec<Novelty> = looks.collect();
    let corrected = adjusted(&found.iter().map(|novelty| novelty.p_value).collect::<Vec<_>>());
    for (novelty, adjusted_p) in found.iter_mut().zip(corrected) {
        novelty.adjusted_p = adjusted_p;
        let limits = match novelty.kind {
            NewKind::Outside => Threshold::NOVELTY,
            NewKind::Between => Threshold::UNHEARD,
        };
        novelty.status = judge(adjusted_p, limits.reached(novelty.share));
    }
    found
}

fn outside(variable: &Variable, tally: &BinWeights, baseline: &WeightedSample, now: &WeightedSample) -> Novelty {
    let (before, after) = (&baseline.by_requester, &now.by_requester);
    let known_missing = variable.baseline.iter().any(|value| value.is_nan());
    let is_new = |bin: usize| {
        let count = variable.bins.count();
        match &variable.bins {
            Bins::Levels(levels) if bin == levels.len() => true,
            Bins::Range(_) if bin == 0 || bin == count - 2 => true,
            _ => bin == count - 1 && !known_missing,
        }
    };
    let blocks = tally.blocks_with(is_new);
    let chance = (rare(variable, &before.block) + 1) as f64 / before.count.max(1) as f64;
    let p_value = at_least(blocks, after.count, chance);
    let share: f64 = tally.shares.iter().enumerate().filter(|(bin, _)| is_new(*bin)).map(|(_, share)| share).sum();
    // Whole tickets, so that exactly a limit is not missed by a rounding.
    let share = (share * variable.now.len() as f64).round() / variable.now.len().max(1) as f64;
    Novelty { name: variable.name.clone(), kind: NewKind::Outside, share, blocks, p_value, adjusted_p: p_value, status: DriftStatus::Ok }
}

/// The chance that `blocks` or more of `all` hold what each holds with `chance`.
fn at_least(blocks: usize, all: usize, chance: f64) -> f64 {
    match Binomial::new(chance.min(1.0), all as u64) {
        Ok(distribution) if blocks > 0 => distribution.sf(blocks as u64 - 1),
        _ => 1.0,
    }
}

/// A value that more than one block of the baseline has.
const SEVERAL: u32 = u32::MAX;
/// Where a larger share of the values occurs in one block only, the variable has no recurring values.
const MOST_SINGULAR: f64 = 0.5;

/// Counts the requester-weeks now most of whose values the baseline does not have, for a range whose values
/// recur (people ask for an hour, not for 59 minutes and a half). Without change a block is so with the
/// chance of a baseline block most of whose values stand in it alone. `None` for levels and for values that hardly
/// ever come twice.
fn between(variable: &Variable, baseline: &WeightedSample, now: &WeightedSample) -> Option<Novelty> {
    let Bins::Range(edges) = &variable.bins else { return None };
    let (lowest, highest) = (*edges.first()?, *edges.last()?);
    let (before, after) = (&baseline.by_requester, &now.by_requester);
    let mut owner: HashMap<u64, u32> = HashMap::new();
    let key = |value: f64| (value + 0.0).to_bits();
    for (&value, &block) in variable.baseline.iter().zip(&before.block) {
        match owner.entry(key(value)) {
            Entry::Vacant(place) => {
                place.insert(block);
            }
            Entry::Occupied(mut place) if *place.get() != block => {
                place.insert(SEVERAL);
            }
            Entry::Occupied(_) => {}
        }
        if owner.len() as f64 > MOST_SINGULAR * variable.baseline.len() as f64 {
            return None;
        }
    }
    let then = majority(before, variable.baseline.iter().map(|&value| owner.get(&key(value)) != Some(&SEVERAL)));
    // What lies outside is counted there.
    let is_inside = |value: f64| value >= lowest && value <= highest;
    let own = majority(after, variable.now.iter().map(|&value| is_inside(value) && !owner.contains_key(&key(value))));
    if then.1 > MOST_SINGULAR {
        return None;
    }
    let p_value = at_least(own.0, after.count, (then.0 + 1) as f64 / before.count.max(1) as f64);
    let share = (own.1 - then.1).max(0.0);
    Some(Novelty {
        name: variable.name.clone(),
        kind: NewKind::Between,
        share,
        blocks: own.0,
        p_value,
        adjusted_p: p_value,
        status: DriftStatus::Ok,
    })
}

/// Number of blocks most of whose tickets are marked, and the share of all tickets that are.
fn majority(blocks: &Blocking, is_so: impl Iterator<Item = bool>) -> (usize, f64) {
    let mut counts = vec![(0u32, 0u32); blocks.count];
    let mut all = 0usize;
    for (&block, is_so) in blocks.block.iter().zip(is_so) {
        let cell = &mut counts[block as usize];
        *cell = (cell.0 + 1, cell.1 + u32::from(is_so));
        all += usize::from(is_so);
    }
    let most = counts.iter().filter(|(rows, so)| 2 * so > *rows).count();
    (most, all as f64 / blocks.block.len().max(1) as f64)
}

/// How many of the smallest and largest values, or of the levels, stand in one block alone.
fn rare(variable: &Variable, block: &[u32]) -> usize {
    let ends: Vec<f64> = match &variable.bins {
        Bins::Levels(levels) => levels.clone(),
        Bins::Range(edges) => [edges.first(), edges.last()].into_iter().flatten().copied().collect(),
    };
    let in_one_block = |end: f64| {
        let mut blocks = variable.baseline.iter().zip(block).filter(|(value, _)| **value == end).map(|(_, block)| block);
        blocks.next().is_some_and(|first| blocks.all(|block| block == first))
    };
    ends.into_iter().filter(|&end| in_one_block(end)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drift::season;

    fn side(rows: usize, block: usize) -> WeightedSample {
        let blocking = Blocking::by((0..rows).map(|row| row / block));
        WeightedSample::of(season::even(rows), vec![0; rows], blocking.clone(), blocking)
    }

    fn novel(variables: &[Variable], baseline: &WeightedSample, now: &WeightedSample) -> Vec<Novelty> {
        let tallies: Vec<BinWeights> = variables.iter().map(|variable| variable.tally_now(now)).collect();
        look(variables, &tallies, baseline, now)
    }

    #[test]
    fn a_new_range_in_many_blocks_alarms_and_in_one_it_does_not() {
        let baseline: Vec<f64> = (0..4_000).map(|row| f64::from(row % 400)).collect();
        let mut spread: Vec<f64> = (0..200).map(|row| f64::from(row % 400)).collect();
        let mut bunched = spread.clone();
        spread.iter_mut().step_by(20).for_each(|value| *value = 1e6);
        bunched.iter_mut().take(10).for_each(|value| *value = 1e6);
        let variable = |now: Vec<f64>| Variable::new("size", None, baseline.clone(), now).unwrap();
        let mut found = novel(&[variable(spread), variable(bunched)], &side(4_000, 20), &side(200, 10));
        found.retain(|novelty| novelty.kind == NewKind::Outside);
        assert_eq!((found[0].blocks, found[0].status), (10, DriftStatus::Critical), "{found:?}");
        assert_eq!((found[1].blocks, found[1].status), (1, DriftStatus::Ok), "{found:?}");
        assert!((found[0].share - 0.05).abs() < 1e-12);
    }

    #[test]
    fn values_between_those_that_come_again_and_again_are_new_and_single_ones_tell_nothing() {
        // Half hours up to ten hours, and the same by a factor: most lie within and are none of them.
        let baseline: Vec<f64> = (0..4_000).map(|row| f64::from(1 + row * 7 % 20) * 1_800.0).collect();
        let now: Vec<f64> = (0..400).map(|row| f64::from(1 + row * 7 % 12) * 1_800.0 * 1.3).collect();
        let variable = |baseline: &[f64], now: Vec<f64>| Variable::new("estimate", None, baseline.to_vec(), now).unwrap();
        let kinds = [variable(&baseline, now.clone()), variable(&baseline, baseline[..400].to_vec())];
        let found = novel(&kinds, &side(4_000, 20), &side(400, 20));
        let between: Vec<&Novelty> = found.iter().filter(|novelty| novelty.kind == NewKind::Between).collect();
        assert_eq!(between.iter().map(|novelty| novelty.status).collect::<Vec<_>>(), [DriftStatus::Warning, DriftStatus::Ok], "{found:?}");
        assert!((0.85..=1.0).contains(&between[0].share) && between[1].blocks == 0, "{found:?}");
        let continuous: Vec<f64> = (0..4_000).map(|row| f64::from(row).sqrt()).collect();
        let found = novel(&[variable(&continuous, now)], &side(4_000, 20), &side(400, 20));
        assert!(found.iter().all(|novelty| novelty.kind == NewKind::Outside));
    }

    #[test]
    fn a_new_level_and_values_that_go_missing_are_new() {
        let baseline = vec![1.0, 2.0, 3.0, 1.0, 2.0, 3.0];
        let variable = Variable::new("level", None, baseline, vec![4.0, f64::NAN, 1.0]).unwrap();
        let found = novel(&[variable], &side(6, 1), &side(3, 1));
        assert_eq!(found[0].blocks, 2);
        let variable = Variable::new("level", None, vec![1.0, f64::NAN], vec![f64::NAN]).unwrap();
        assert_eq!(novel(&[variable], &side(2, 1), &side(1, 1))[0].blocks, 0);
    }
}
