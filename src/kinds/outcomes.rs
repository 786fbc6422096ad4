//! What became of tickets, or what a model says of them, in the form that its kind answers in.

use crate::error::{Error, ErrorKind, Result};
use crate::statistics::bootstrap::{Difference, Resampling, f1_difference, mae_difference};
use crate::statistics::mcnemar::{McNemar, mcnemar};
use crate::statistics::{Confusion, RegressionErrors};

/// One a ticket.
///
/// ```
/// use hivectl::kinds::Outcomes;
/// let actual = Outcomes::DurationsMs(vec![10.0, 20.0]);
/// let said = Outcomes::DurationsMs(vec![12.0, 20.0]);
/// assert_eq!(actual.score(&said).expect("the same form"), Some(1.0));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Outcomes {
    /// In ms.
    DurationsMs(Vec<f64>),
    /// Whether a ticket is unusual.
    Marks(Vec<bool>),
}

fn part<T: Copy>(all: &[T], places: &[usize]) -> Vec<T> {
    places.iter().map(|&place| all[place]).collect()
}

fn of_other_form() -> Error {
    Error::new(ErrorKind::Internal, "answers of two forms cannot be compared")
}

impl Outcomes {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Outcomes::DurationsMs(values) => values.len(),
            Outcomes::Marks(marks) => marks.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Those at these places.
    #[must_use]
    pub fn select(&self, places: &[usize]) -> Outcomes {
        match self {
            Outcomes::DurationsMs(values) => Outcomes::DurationsMs(part(values, places)),
            Outcomes::Marks(marks) => Outcomes::Marks(part(marks, places)),
        }
    }

    /// The deciding metric of what was said, against these: the mean absolute error in ms, or F1; `None` where it is
    /// undefined.
    ///
    /// Errors: [`ErrorKind::Internal`] for another form or length.
    pub fn score(&self, said: &Outcomes) -> Result<Option<f64>> {
        match (self, said) {
            (Outcomes::DurationsMs(actual), Outcomes::DurationsMs(said)) => {
                Ok(RegressionErrors::measure(actual, said)?.map(|errors| errors.mae))
            }
            (Outcomes::Marks(actual), Outcomes::Marks(said)) => Ok(Confusion::count(actual.iter().copied().zip(said.iter().copied())).f1()),
            _ => Err(of_other_form()),
        }
    }

    /// By how much the second is better than the first, with its interval; `None` where the tickets decide nothing.
    ///
    /// Errors: [`ErrorKind::Internal`] for another form or length.
    pub fn difference(&self, first: &Outcomes, second: &Outcomes, resampling: &Resampling) -> Result<Option<Difference>> {
        match (self, first, second) {
            (Outcomes::DurationsMs(actual), Outcomes::DurationsMs(first), Outcomes::DurationsMs(second)) => {
                mae_difference(actual, first, second, resampling)
            }
            (Outcomes::Marks(actual), Outcomes::Marks(first), Outcomes::Marks(second)) => f1_difference(actual, first, second, resampling),
            _ => Err(of_other_form()),
        }
    }

    /// Whether the two decide differently by more than chance; marks only.
    ///
    /// Errors: those of [`mcnemar`].
    pub fn mcnemar(&self, first: &Outcomes, second: &Outcomes) -> Result<Option<McNemar>> {
        match (self, first, second) {
            (Outcomes::Marks(actual), Outcomes::Marks(first), Outcomes::Marks(second)) => mcnemar(actual, first, second),
            _ => Ok(None),
        }
    }
}
