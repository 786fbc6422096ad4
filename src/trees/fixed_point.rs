//! Targets as integers, so that sums are exact and do not depend on the order of the rows.

use crate::error::{Error, ErrorKind, Result};

/// Bits of the largest encoded target; with a weight of 8 bits it still fits a row's 64-bit value.
const TARGET_BITS: i32 = 46;

/// Bits of the largest sum.
const SUM_BITS: i32 = 61;

/// `integer = round((target - offset) * scale)` with a power of two as scale.
///
/// Whole-number targets (milliseconds) keep a scale of 1 and lose nothing while their range is
/// below 2^46 and range × rows below 2^61. Others are rounded to a grid of at most
/// `range * rows / 2^61` or `range / 2^46`, whichever is coarser.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct FixedPoint {
    pub(crate) offset: f64,
    pub(crate) scale: f64,
}

impl FixedPoint {
    /// The encoding of `targets`; the offset is their rounded mean.
    ///
    /// Errors: [`ErrorKind::BadInput`] at a NaN or an infinity, with its row.
    pub(crate) fn of(targets: &[f64]) -> Result<Self> {
        if let Some(row) = targets.iter().position(|target| !target.is_finite()) {
            return Err(Error::new(ErrorKind::BadInput, format!("the target of row {} is {}", row + 1, targets[row]))
                .because("a target must be a finite number")
                .hint("leave out rows without a known outcome before training"));
        }
        let low = targets.iter().copied().fold(f64::INFINITY, f64::min);
        let high = targets.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if high / 2.0 - low / 2.0 > f64::MAX / 8.0 {
            return Err(Error::new(ErrorKind::BadInput, format!("the targets range from {low:e} to {high:e}"))
                .because("their differences do not fit a 64-bit float"));
        }
        let whole = targets.iter().all(|target| target.fract() == 0.0);
        let mean = targets.iter().map(|target| target / targets.len().max(1) as f64).sum::<f64>().clamp(low.min(high), high.max(low));
        let offset = if whole { mean.round() } else { mean };
        let range = (high - offset).max(offset - low);
        if targets.is_empty() || range == 0.0 {
            return Ok(FixedPoint { offset: if targets.is_empty() { 0.0 } else { offset }, scale: 1.0 });
        }
        let bits_of_rows = usize::BITS - targets.len().leading_zeros();
        let bits = TARGET_BITS.min(SUM_BITS - bits_of_rows as i32);
        let exponent = bits - (range.log2().floor() as i32 + 1);
        let exponent = if whole { exponent.min(0) } else { exponent.min(1000) };
        Ok(FixedPoint { offset, scale: f64::powi(2.0, exponent) })
    }

    /// A target as an integer.
    pub(crate) fn encode(self, target: f64) -> i64 {
        ((target - self.offset) * self.scale).round() as i64
    }

    /// The mean of targets whose encodings add up to `sum` over a total `weight` > 0.
    pub(crate) fn mean(self, sum: i64, weight: f64) -> f64 {
        self.offset + sum as f64 / weight / self.scale
    }
}

/// The integer nearest to `value`, which is less than 2^51 away from zero; of two the even one. Unlike a
/// conversion it is an addition, so loops over it are vectorised.
pub(crate) fn nearest_integer(value: f64) -> i64 {
    // From 1.5·2^52 on, neighbouring floats are 1 apart and their bits count up.
    const FAR: f64 = 1.5 * (1u64 << 52) as f64;
    ((value + FAR).to_bits() as i64).wrapping_sub(FAR.to_bits() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_exact() {
        let targets = [0.0, 4e9, 17.0, 123_456_789.0];
        let fixed = FixedPoint::of(&targets).expect("finite");
        assert_eq!(fixed.scale, 1.0);
        for target in targets {
            assert_eq!(fixed.mean(fixed.encode(target), 1.0), target);
        }
    }

    #[test]
    fn fractions_are_close_and_sums_fit() {
        let targets: Vec<f64> = (0..100_000).map(|row| f64::from(row).ln_1p() - 3.0).collect();
        let fixed = FixedPoint::of(&targets).expect("finite");
        let mut sum = 0i64;
        for &target in &targets {
            assert!((fixed.mean(fixed.encode(target), 1.0) - target).abs() < 1e-11);
            sum = sum.checked_add(fixed.encode(target).abs()).expect("no overflow");
        }
    }

    #[test]
    fn the_nearest_integer_is_found_by_adding() {
        for value in [0.0f64, -0.0, 0.5, 1.5, -0.5, -2.5, 1e6 + 0.25, -7.75, (1u64 << 46) as f64, -(1i64 << 50) as f64, 12_345.678] {
            assert_eq!(nearest_integer(value), value.round_ties_even() as i64, "{value}");
        }
    }

    #[test]
    fn extremes() {
        assert!(FixedPoint::of(&[1.0, f64::NAN]).is_err());
        assert!(FixedPoint::of(&[f64::INFINITY]).is_err());
        assert!(FixedPoint::of(&[-1e308, 1e308]).is_err());
        assert!(FixedPoint::of(&[]).is_ok());
        for targets in [vec![1e300, 3e300], vec![1e-280, 2e-280], vec![5.5; 4], vec![-3.0]] {
            let fixed = FixedPoint::of(&targets).expect("finite");
            for &target in &targets {
                let back = fixed.mean(fixed.encode(target), 1.0);
                assert!((back - target).abs() <= target.abs() * 1e-9, "{target} came back as {back}");
            }
        }
    }
}
