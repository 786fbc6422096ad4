//! What a model says of tickets that judge it, and how much of that is the chance of its own trees.

use super::outcomes::Outcomes;
use crate::error::Result;
use crate::statistics::bootstrap::{Difference, Resampling};
use crate::statistics::jackknife::{self, LeftOut};
use crate::trees::WithoutPart;

/// What a model says of tickets, and what it would say without each part of its trees.
///
/// A forest is the mean of trees that chance draws alike and independently of each other, so its own trees tell how
/// far another seed could move its error. Boosted trees are a sequence that no part can be taken from; without row
/// and column sampling no chance is in them, with it none is counted.
///
/// ```
/// use hivectl::kinds::{Answers, Outcomes};
/// use hivectl::statistics::Resampling;
///
/// let actual = Outcomes::DurationsMs(vec![10.0, 20.0, 30.0]);
/// let says = |said: [f64; 3]| Answers { said: Outcomes::DurationsMs(said.into()), without: Vec::new() };
/// let gain = says([20.0, 30.0, 40.0]).gain(&says([12.0, 22.0, 32.0]), &actual, &Resampling::default())?.expect("a gain");
/// assert_eq!((gain.estimate, gain.trees_standard_error), (8.0, None));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    pub said: Outcomes,
    /// By part: the share of the trees that it has, and what the others say. Empty where the answer is no mean of trees.
    pub without: Vec<(f64, Outcomes)>,
}

impl Answers {
    /// Makes them of scores by `outcomes`, which says what scores mean.
    ///
    /// Errors: those of `outcomes`.
    pub fn of(scores: &[f64], without: &[WithoutPart], outcomes: impl Fn(&[f64]) -> Result<Outcomes>) -> Result<Answers> {
        let without = without.iter().map(|part| Ok((part.share, outcomes(&part.answers)?))).collect::<Result<_>>()?;
        Ok(Answers { said: outcomes(scores)?, without })
    }

    /// Those at these places.
    #[must_use]
    pub fn select(&self, places: &[usize]) -> Answers {
        let without = self.without.iter().map(|(share, said)| (*share, said.select(places))).collect();
        Answers { said: self.said.select(places), without }
    }

    /// By how much `other` is better on tickets that became `actual`, with its interval over the tickets and over the
    /// trees of both; `None` where the tickets decide nothing.
    ///
    /// The two are added as if independent. A ticket on which trees disagree counts in both, so the interval is rather
    /// too wide than too narrow (Owen, 2007, on resampling rows and columns).
    ///
    /// Errors: [`crate::error::ErrorKind::Internal`] for another form or length.
    pub fn gain(&self, other: &Answers, actual: &Outcomes, resampling: &Resampling) -> Result<Option<Difference>> {
        let Some(over_tickets) = actual.difference(&self.said, &other.said, resampling)? else { return Ok(None) };
        let variances = [self.trees_variance(actual)?, other.trees_variance(actual)?];
        Ok(Some(match variances.into_iter().flatten().reduce(|one, two| one + two) {
            Some(variance) => over_tickets.widened(variance),
            None => over_tickets,
        }))
    }

    /// The variance of the deciding metric over the choice of trees, in the square of its unit; `None` where that cannot
    /// be told.
    fn trees_variance(&self, actual: &Outcomes) -> Result<Option<f64>> {
        let Some(all) = actual.score(&self.said)? else { return Ok(None) };
        let mut parts = Vec::with_capacity(self.without.len());
        for (share, said) in &self.without {
            parts.push(LeftOut { share: *share, value: actual.score(said)?.unwrap_or(f64::NAN) });
        }
        Ok(jackknife::variance(all, &parts))
    }
}
