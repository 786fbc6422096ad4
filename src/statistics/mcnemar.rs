//! Whether two classifiers err equally often on the same rows: McNemar's test, in its exact form.
//!
//! Rows on which both are right or both wrong say nothing; of the others each classifier should win half.
//! Source: McNemar, "Note on the sampling error of the difference between correlated proportions or
//! percentages", 1947. The exact binomial form holds for any number of rows, also where the chi-squared
//! approximation does not.

use serde::{Deserialize, Serialize};
use statrs::distribution::{Binomial, DiscreteCDF};

use crate::error::{Error, ErrorKind, Result};

/// The rows on which exactly one of two classifiers is right, and how likely so uneven a split is.
///
/// ```
/// use hivectl::statistics::mcnemar::mcnemar;
///
/// let test = mcnemar(&[true; 4], &[true, true, true, false], &[false, false, true, true])?.expect("rows");
/// assert_eq!((test.only_first_right, test.only_second_right), (2, 1));
/// assert!(test.p_value > 0.99);
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct McNemar {
    /// Rows that only the first gets right.
    pub only_first_right: u64,
    /// Rows that only the second gets right.
    pub only_second_right: u64,
    /// Two-sided, (0, 1]: the chance of a split at least so uneven if both erred equally often; 1 where they
    /// never disagree.
    pub p_value: f64,
}

/// Compares two classifiers' decisions with the truth. `None` for no rows.
///
/// Errors: [`ErrorKind::Internal`] when the lengths differ.
pub fn mcnemar(actual: &[bool], first: &[bool], second: &[bool]) -> Result<Option<McNemar>> {
    if actual.len() != first.len() || actual.len() != second.len() {
        return Err(Error::new(
            ErrorKind::Internal,
            format!("{} and {} decisions for {} tickets", first.len(), second.len(), actual.len()),
        ));
    }
    if actual.is_empty() {
        return Ok(None);
    }
    let wins = |winner: &[bool], loser: &[bool]| {
        actual.iter().zip(winner).zip(loser).filter(|((actual, winner), loser)| actual == winner && actual != loser).count() as u64
    };
    let (only_first_right, only_second_right) = (wins(first, second), wins(second, first));
    let fair = Binomial::new(0.5, only_first_right + only_second_right)
        .map_err(|error| Error::new(ErrorKind::Internal, "cannot compute McNemar's test").because(error))?;
    let p_value = (2.0 * fair.cdf(only_first_right.min(only_second_right))).min(1.0);
    Ok(Some(McNemar { only_first_right, only_second_right, p_value }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decisions with so many rows that only the first, only the second, and both get right.
    fn decisions(first: usize, second: usize, both: usize) -> [Vec<bool>; 3] {
        let row = |first_right: bool, second_right: bool, index: usize| {
            let actual = index.is_multiple_of(2);
            (actual, actual == first_right, actual == second_right)
        };
        let rows = (0..first)
            .map(|index| row(true, false, index))
            .chain((0..second).map(|index| row(false, true, index)))
            .chain((0..both).map(|index| row(true, true, index)));
        let mut columns = [Vec::new(), Vec::new(), Vec::new()];
        rows.for_each(|(actual, first, second)| {
            [actual, first, second].into_iter().zip(&mut columns).for_each(|(value, column)| column.push(value));
        });
        columns
    }

    #[test]
    fn scipy_gives_the_same() {
        // scipy.stats.binomtest(min(b, c), b + c).pvalue
        for (first, second, p_value) in
            [(3, 12, 0.035_156_25), (10, 10, 1.0), (0, 6, 0.031_25), (40, 90, 1.371_506_844_517_543_2e-5), (1, 0, 1.0)]
        {
            let [actual, one, two] = decisions(first, second, 50);
            let told = mcnemar(&actual, &one, &two).unwrap().unwrap();
            assert_eq!((told.only_first_right, told.only_second_right), (first as u64, second as u64));
            assert!((told.p_value - p_value).abs() <= 1e-9 * p_value, "{told:?}, expected {p_value}");
        }
    }

    #[test]
    fn agreement_says_nothing_and_no_rows_say_less() {
        let [actual, one, two] = decisions(0, 0, 20);
        assert_eq!(mcnemar(&actual, &one, &two).unwrap().unwrap().p_value, 1.0);
        assert_eq!(mcnemar(&[], &[], &[]).unwrap(), None);
        assert!(mcnemar(&[true], &[], &[true]).is_err());
    }
}
