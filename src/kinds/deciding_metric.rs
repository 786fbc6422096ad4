//! The metric that decides between two models, and how a difference of it is told: the same everywhere.

use crate::base::number::counted;
use crate::statistics::Difference;

/// A metric, its unit, and which way it is better.
///
/// ```
/// use hivectl::kinds::DecidingMetric;
/// assert_eq!(DecidingMetric::MAE.worsening(100.0, 150.0), 1.5);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecidingMetric {
    pub name: &'static str,
    /// `ms`, or `%`; empty for a share of 1.
    pub unit: &'static str,
    pub lower_is_better: bool,
    /// What judges, one by one: `ticket`, or `moment`.
    pub sample: &'static str,
}

impl DecidingMetric {
    /// Mean absolute error of durations.
    pub const MAE: DecidingMetric = DecidingMetric { name: "mae", unit: "ms", lower_is_better: true, sample: "ticket" };
    /// That error as a share of the mean duration.
    pub const MAE_PCT: DecidingMetric = DecidingMetric { name: "mae_pct", unit: "%", lower_is_better: true, sample: "ticket" };
    /// Mean absolute error of forecasts of load, a bucket.
    pub const MAE_OF_LOAD: DecidingMetric = DecidingMetric { name: "mae", unit: "tickets", lower_is_better: true, sample: "moment" };
    /// Of marks.
    pub const F1: DecidingMetric = DecidingMetric { name: "f1", unit: "", lower_is_better: false, sample: "ticket" };

    /// The metric of this name; `None` for one that decides nothing.
    pub fn named(name: &str) -> Option<DecidingMetric> {
        [DecidingMetric::MAE, DecidingMetric::MAE_PCT, DecidingMetric::F1].into_iter().find(|metric| metric.name == name)
    }

    /// The factor by which `now` is worse than `then`; below 1 where it is better, not finite where a value is 0.
    pub fn worsening(&self, then: f64, now: f64) -> f64 {
        if self.lower_is_better { now / then } else { then / now }
    }

    /// How the metric moves from the first model to the second, in one line: which way, by how much, whether that is
    /// better, and its interval, with what that counts: the tickets, and where a model is the mean of its trees also their choice. `difference` is a gain: positive where the second is better.
    ///
    /// ```
    /// use hivectl::kinds::DecidingMetric;
    /// use hivectl::statistics::Difference;
    ///
    /// let loss = Difference { estimate: -54.99, low: -90.0, high: -20.0, standard_error: 17.0, confidence: 0.95, trees_standard_error: None };
    /// let told = "mae 54.99 ms higher (worse; 95 % interval over tickets 20.00 ms to 90.00 ms higher) on 1 ticket";
    /// assert_eq!(DecidingMetric::MAE.change(&loss, 1), told);
    /// ```
    pub fn change(&self, difference: &Difference, samples: usize) -> String {
        let verdict = match (difference.is_positive(), difference.is_negative()) {
            (true, _) => "better",
            (_, true) => "worse",
            _ => "no clear difference",
        };
        let (name, percent) = (self.name, difference.confidence * 100.0);
        let (change, interval) = (self.moved(difference.estimate), self.interval(difference));
        let trees = if difference.trees_standard_error.is_some() { " and trees" } else { "" };
        let over = format!("over {}s{trees}", self.sample);
        format!("{name} {change} ({verdict}; {percent:.0} % interval {over} {interval}) on {}", counted(samples, self.sample))
    }

    /// The interval alone: `1.00 ms to 2.00 ms higher`, or `1.00 ms lower to 2.00 ms higher` around no change.
    pub fn interval(&self, difference: &Difference) -> String {
        let (from, to) = if self.lower_is_better { (difference.high, difference.low) } else { (difference.low, difference.high) };
        match self.direction(from) == self.direction(to) {
            true if from == to => self.moved(from),
            // The smaller change first, as a distance is told.
            true if self.amount(from).1 <= self.amount(to).1 => format!("{} to {}", self.amount(from).0, self.moved(to)),
            true => format!("{} to {}", self.amount(to).0, self.moved(from)),
            false => format!("{} to {}", self.moved(from), self.moved(to)),
        }
    }

    /// A gain as what the metric does: `54.99 ms higher`, `0.0310 lower`, `the same`.
    pub fn moved(&self, gain: f64) -> String {
        match self.direction(gain) {
            "" => "the same".into(),
            direction => format!("{} {direction}", self.amount(gain).0),
        }
    }

    fn direction(&self, gain: f64) -> &'static str {
        match (gain == 0.0, (gain > 0.0) == self.lower_is_better) {
            (true, _) => "",
            (false, true) => "lower",
            (false, false) => "higher",
        }
    }

    fn amount(&self, gain: f64) -> (String, f64) {
        let amount = gain.abs();
        let text = if self.unit.is_empty() { format!("{amount:.4}") } else { format!("{amount:.2} {}", self.unit) };
        (text, amount)
    }
}

#[cfg(test)]
mod tests {
    use super::DecidingMetric;
    use crate::statistics::Difference;

    #[test]
    fn a_change_has_one_sign_and_one_unit() {
        let trees_standard_error = Some(0.5);
        let difference =
            |estimate, low, high| Difference { estimate, low, high, standard_error: 1.0, confidence: 0.95, trees_standard_error };
        let told = |metric: DecidingMetric, gain| metric.change(&gain, 1_200);
        assert_eq!(
            told(DecidingMetric::MAE, difference(54.986, -1.0, 99.0)),
            "mae 54.99 ms lower (no clear difference; 95 % interval over tickets and trees 99.00 ms lower to 1.00 ms higher) on 1200 tickets"
        );
        assert_eq!(
            told(DecidingMetric::F1, difference(0.03, 0.01, 0.05)),
            "f1 0.0300 higher (better; 95 % interval over tickets and trees 0.0100 to 0.0500 higher) on 1200 tickets"
        );
        assert_eq!(
            told(DecidingMetric::MAE, difference(54.986, 20.0, 99.0)),
            "mae 54.99 ms lower (better; 95 % interval over tickets and trees 20.00 ms to 99.00 ms lower) on 1200 tickets"
        );
        assert_eq!(
            told(DecidingMetric::F1, difference(0.0, 0.0, 0.0)),
            "f1 the same (no clear difference; 95 % interval over tickets and trees the same) on 1200 tickets"
        );
    }
}
