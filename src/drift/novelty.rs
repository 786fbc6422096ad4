//! Values that the baseline never had.

use statrs::distribution::{Binomial, DiscreteCDF};

use rayon::prelude::*;

use super::blocks::{Side, Tally};
use super::shape::Variable;
use super::verdict::{Status, Threshold, adjusted, judge};
use crate::statistics::psi::Bins;

/// How much of a variable is new.
#[derive(Clone, Debug, PartialEq)]
pub struct Novelty {
    pub name: String,
    /// Share of the tickets now, 0–1.
    pub share: f64,
    /// Blocks now that hold such a value.
    pub blocks: usize,
    pub p_value: f64,
    pub adjusted_p: f64,
    pub status: Status,
}

/// Counts the requester-weeks now that hold a value outside the baseline's range, or a new level.
///
/// Without change each would with chance `(u + 1) / G` of the baseline's G blocks, where u is how many of the
/// smallest and largest values (or levels) stand in one block alone: what is that rare could as well have been
/// missing. The p-value is that of the binomial distribution.
pub fn look(variables: &[Variable], tallies: &[Tally], baseline: &Side, now: &Side) -> Vec<Novelty> {
    let pairs = variables.par_iter().zip(tallies);
    let mut found: Vec<Novelty> = pairs.map(|(variable, tally)| one(variable, tally, baseline, now)).collect();
    let corrected = adjusted(&found.iter().map(|novelty| novelty.p_value).collect::<Vec<_>>());
    for (novelty, adjusted_p) in found.iter_mut().zip(corrected) {
        novelty.adjusted_p = adjusted_p;
        novelty.status = judge(adjusted_p, Threshold::NOVELTY.reached(novelty.share));
    }
    found
}

fn one(variable: &Variable, tally: &Tally, baseline: &Side, now: &Side) -> Novelty {
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
    let chance = ((rare(variable, &before.block) + 1) as f64 / before.count.max(1) as f64).min(1.0);
    let p_value = match Binomial::new(chance, after.count as u64) {
        Ok(distribution) if blocks > 0 => distribution.sf(blocks as u64 - 1),
        _ => 1.0,
    };
    let share: f64 = tally.shares.iter().enumerate().filter(|(bin, _)| is_new(*bin)).map(|(_, share)| share).sum();
    // Whole tickets, so that exactly a limit is not missed by a rounding.
    let share = (share * variable.rows_now() as f64).round() / variable.rows_now().max(1) as f64;
    Novelty { name: variable.name.clone(), share, blocks, p_value, adjusted_p: p_value, status: Status::Ok }
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
    use crate::drift::blocks::Blocking;
    use crate::drift::season;

    fn side(rows: usize, block: usize) -> Side {
        let blocking = Blocking::by((0..rows).map(|row| row / block));
        Side::of(season::even(rows), vec![0; rows], blocking.clone(), blocking)
    }

    fn novel(variables: &[Variable], baseline: &Side, now: &Side) -> Vec<Novelty> {
        let tallies: Vec<Tally> = variables.iter().map(|variable| variable.tally_now(now)).collect();
        look(variables, &tallies, baseline, now)
    }

    #[test]
    fn a_new_range_in_many_blocks_alarms_and_in_one_it_does_not() {
        let baseline: Vec<f64> = (0..4_000).map(|row| f64::from(row % 400)).collect();
        let mut spread: Vec<f64> = (0..200).map(|row| f64::from(row % 400)).collect();
        let mut bunched = spread.clone();
        spread.iter_mut().step_by(20).for_each(|value| *value = 1e6);
        bunched.iter_mut().take(10).for_each(|value| *value = 1e6);
        let variable = |now: Vec<f64>| Variable::new("size", None, baseline.clone(), now.into_iter()).unwrap();
        let found = novel(&[variable(spread), variable(bunched)], &side(4_000, 20), &side(200, 10));
        assert_eq!((found[0].blocks, found[0].status), (10, Status::Critical), "{found:?}");
        assert_eq!((found[1].blocks, found[1].status), (1, Status::Ok), "{found:?}");
        assert!((found[0].share - 0.05).abs() < 1e-12);
    }

    #[test]
    fn a_new_level_and_values_that_go_missing_are_new() {
        let baseline = vec![1.0, 2.0, 3.0, 1.0, 2.0, 3.0];
        let variable = Variable::new("level", None, baseline, [4.0, f64::NAN, 1.0].into_iter()).unwrap();
        let found = novel(&[variable], &side(6, 1), &side(3, 1));
        assert_eq!(found[0].blocks, 2);
        let variable = Variable::new("level", None, vec![1.0, f64::NAN], [f64::NAN].into_iter()).unwrap();
        assert_eq!(novel(&[variable], &side(2, 1), &side(1, 1))[0].blocks, 0);
    }
}
