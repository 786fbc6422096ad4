//! A regression of each step ahead on what was known at its origin: the profile of the week and of the day, learned as time
//! goes on, and the newest values, whose weight fades by horizon of its own accord.

use ndarray::Array2;

use super::prophet::solver::solve_symmetric;
use super::rules::same_time;
use super::series::{Cycle, Series};

/// Columns of a row.
const COLUMNS: usize = 13;
/// How fast the profile of the week and that of the day follow what they see.
const WEEK_RATE: f64 = 0.15;
const DAY_RATE: f64 = 0.06;
/// Rows that one step is fitted from, at most; older ones count for the profiles alone.
const ROWS: usize = 1_000;
/// Rounds in which the squares become absolute errors.
const ROUNDS: usize = 3;
/// Errors smaller than this share of the mean one count as large as it.
const LEAST_ERROR: f64 = 0.1;

/// Forecasts `steps` buckets of values on a scale; NaN is not known. `None` where there are too few values.
pub fn forecast(history: &Series, steps: usize) -> Option<Vec<f64>> {
    let (values, cycle) = (&history.values, history.cycle());
    let known = Knowledge::of(values, &cycle)?;
    let knots = knots(steps);
    let origin = values.len();
    let mut predicted = Vec::with_capacity(steps);
    let weights: Vec<[f64; COLUMNS]> = knots.iter().map(|&knot| known.fit(knot)).collect::<Option<_>>()?;
    for step in 1..=steps {
        let above = knots.iter().position(|&knot| knot >= step)?;
        let row = known.row(origin, step);
        let at = |index: usize| dot(&row, &weights[index]);
        predicted.push(match above {
            0 => at(0),
            _ => {
                let (low, high) = (knots[above - 1], knots[above]);
                let share = (step - low) as f64 / (high - low) as f64;
                at(above - 1) * (1.0 - share) + at(above) * share
            }
        });
    }
    Some(predicted)
}

fn dot(row: &[f64; COLUMNS], weights: &[f64; COLUMNS]) -> f64 {
    row.iter().zip(weights).map(|(value, weight)| value * weight).sum()
}

/// The steps that have weights of their own: dense at first, then ever wider; those between are between.
fn knots(steps: usize) -> Vec<usize> {
    let mut knots: Vec<usize> = Vec::new();
    let mut next = 1.0_f64;
    while (next as usize) < steps {
        if knots.last() != Some(&(next as usize)) {
            knots.push(next as usize);
        }
        next *= 1.5;
    }
    knots.push(steps);
    knots
}

/// What was known at each origin.
struct Knowledge<'s> {
    values: &'s [f64],
    cycle: Cycle,
    /// The profile of the week for the value at an index, as it was before that value was known.
    week: Vec<f64>,
    /// That of the day.
    day: Vec<f64>,
    /// The profiles after everything.
    now: (Vec<f64>, Vec<f64>),
    /// Sums of the values less the profile before an index, for means of any span.
    sums: Vec<f64>,
    mean: f64,
}

impl<'s> Knowledge<'s> {
    fn of(values: &'s [f64], cycle: &Cycle) -> Option<Knowledge<'s>> {
        let finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        if finite.len() < 4 * COLUMNS {
            return None;
        }
        let mean = finite.iter().sum::<f64>() / finite.len() as f64;
        let mut week_profile = vec![f64::NAN; cycle.slots()];
        let mut day_profile = vec![f64::NAN; 3 * cycle.day.unwrap_or(1)];
        let mut seen = vec![0u32; cycle.slots()];
        let mut seen_day = vec![0u32; day_profile.len()];
        let (mut week, mut day, mut sums) = (Vec::with_capacity(values.len()), Vec::with_capacity(values.len()), vec![0.0]);
        for (index, &value) in values.iter().enumerate() {
            let (slot, slot_of_day) = (cycle.slot(index), cycle.slot_of_day(index));
            let of_day = if day_profile[slot_of_day].is_nan() { mean } else { day_profile[slot_of_day] };
            let of_week = if week_profile[slot].is_nan() { of_day } else { week_profile[slot] };
            week.push(of_week);
            day.push(of_day);
            let off = if value.is_finite() { value - of_week } else { 0.0 };
            sums.push(sums[index] + off);
            if value.is_finite() {
                seen[slot] += 1;
                seen_day[slot_of_day] += 1;
                week_profile[slot] = follow(of_week, value, WEEK_RATE.max(1.0 / (f64::from(seen[slot]) + 1.0)));
                day_profile[slot_of_day] = follow(of_day, value, DAY_RATE.max(1.0 / f64::from(seen_day[slot_of_day])));
            }
        }
        Some(Knowledge { values, cycle: *cycle, week, day, now: (week_profile, day_profile), sums, mean })
    }

    /// The profiles for an index at an origin: those before it where it is past, those after everything where it is not.
    fn profiles(&self, index: usize) -> (f64, f64) {
        if index < self.values.len() {
            return (self.week[index], self.day[index]);
        }
        let of_day = self.now.1[self.cycle.slot_of_day(index)];
        let of_day = if of_day.is_nan() { self.mean } else { of_day };
        let of_week = self.now.0[self.cycle.slot(index)];
        (if of_week.is_nan() { of_day } else { of_week }, of_day)
    }

    /// Mean of how far the values were off their profile in the `span` before `origin`.
    fn off(&self, origin: usize, span: usize) -> f64 {
        let from = origin.saturating_sub(span.max(1));
        (self.sums[origin] - self.sums[from]) / (origin - from).max(1) as f64
    }

    /// The value of the same time one or more periods before, as of `origin`, less its profile.
    fn same(&self, origin: usize, target: usize, period: Option<usize>, instead: f64) -> f64 {
        let Some(period) = period.filter(|period| *period <= target) else { return 0.0 };
        let back = (target - origin) / period + 1;
        let value = same_time(&self.values[..origin], target - (back - 1) * period, period);
        if value.is_finite() { value - instead } else { 0.0 }
    }

    /// The row for `step` ahead of `origin`, which is the first index that is not known.
    fn row(&self, origin: usize, step: usize) -> [f64; COLUMNS] {
        let target = origin + step - 1;
        let (week, day) = self.profiles(target);
        let per_day = self.cycle.day.unwrap_or(12);
        let per_week = self.cycle.week.unwrap_or(7 * per_day);
        let last = self.off(origin, 1);
        let scaled = |value: f64| if self.mean.abs() > 1e-9 { value * week / self.mean } else { 0.0 };
        [
            1.0,
            week,
            day - week,
            last,
            self.off(origin, 2),
            self.off(origin, (per_day / 8).max(3)),
            self.off(origin, per_day / 3),
            self.off(origin, per_day),
            self.off(origin, per_week),
            self.same(origin, target, self.cycle.day, week),
            self.same(origin, target, self.cycle.week, week),
            scaled(last),
            scaled(self.off(origin, per_day)),
        ]
    }

    /// The weights of one step: least squares, then least absolute errors.
    fn fit(&self, step: usize) -> Option<[f64; COLUMNS]> {
        let count = self.values.len();
        let start = (0).max(self.cycle.week.map_or(2 * COLUMNS, |week| week.min(count / 3)));
        let rows: Vec<([f64; COLUMNS], f64)> = (start..=count.saturating_sub(step))
            .step_by((count / ROWS).max(1))
            .filter(|origin| origin + step <= count && self.values[origin + step - 1].is_finite())
            .map(|origin| (self.row(origin, step), self.values[origin + step - 1]))
            .collect();
        if rows.len() < 2 * COLUMNS {
            return None;
        }
        let mut weights = [0.0; COLUMNS];
        let mut spread = f64::INFINITY;
        for _ in 0..=ROUNDS {
            let mut sums = [[0.0; COLUMNS + 1]; COLUMNS];
            let mut total = 0.0;
            for (row, value) in &rows {
                let error = (value - dot(row, &weights)).abs();
                total += error;
                let weight = 1.0 / (error / spread).max(LEAST_ERROR);
                let mut wide = [*value; COLUMNS + 1];
                wide[..COLUMNS].copy_from_slice(row);
                for (sum, cell) in sums.iter_mut().zip(row) {
                    let cell = cell * weight;
                    sum.iter_mut().zip(&wide).for_each(|(sum, value)| *sum += cell * value);
                }
            }
            spread = (total / rows.len() as f64).max(1e-9);
            weights = solve(&sums)?;
        }
        Some(weights)
    }
}

/// The weights under a ridge that holds them back to "the profile of the week", the more the fewer rows there are.
fn solve(sums: &[[f64; COLUMNS + 1]; COLUMNS]) -> Option<[f64; COLUMNS]> {
    let ridge = |index: usize| 3.0 + 0.002 * sums[index][index];
    let mut matrix =
        Array2::from_shape_fn((COLUMNS, COLUMNS), |(row, column)| sums[row][column] + if row == column { ridge(row) } else { 0.0 });
    let mut right = Array2::from_shape_fn((COLUMNS, 1), |(row, _)| sums[row][COLUMNS] + if row == 1 { ridge(row) } else { 0.0 });
    solve_symmetric(&mut matrix, &mut right)?;
    Some(std::array::from_fn(|row| right[[row, 0]]))
}

/// `old` moved by a share of the way to `seen`.
fn follow(old: f64, seen: f64, rate: f64) -> f64 {
    old + rate.min(1.0) * (seen - old)
}
