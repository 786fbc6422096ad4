//! Percentiles with linear interpolation, the default rule of `numpy.percentile` (type 7 of Hyndman
//! and Fan, "Sample Quantiles in Statistical Packages", 1996).

/// The value below which `percent` (0–100) of ascending `sorted` lies; `None` for no values.
///
/// The rank is `percent / 100 · (n - 1)`; between two ranks the value runs straight.
pub fn percentile_of_sorted(sorted: &[f64], percent: f64) -> Option<f64> {
    let (below, above, share) = ranks(sorted.len(), percent)?;
    Some(between(sorted[below], sorted[above], share))
}

/// As [`percentile_of_sorted`] for values in any order, which it reorders; `None` for no values or
/// when one is NaN.
pub fn percentile(values: &mut [f64], percent: f64) -> Option<f64> {
    if values.iter().any(|value| value.is_nan()) {
        return None;
    }
    let (below, above, share) = ranks(values.len(), percent)?;
    let (_, &mut low, rest) = values.select_nth_unstable_by(below, f64::total_cmp);
    let high = if above == below { low } else { rest.iter().copied().fold(f64::INFINITY, f64::min) };
    Some(between(low, high, share))
}

fn ranks(count: usize, percent: f64) -> Option<(usize, usize, f64)> {
    let last = count.checked_sub(1)?;
    let rank = (percent / 100.0).clamp(0.0, 1.0) * last as f64;
    let below = (rank.floor() as usize).min(last);
    Some((below, (below + 1).min(last), rank - below as f64))
}

/// numpy's `lerp`: exact at both ends and monotone in `share`.
fn between(low: f64, high: f64, share: f64) -> f64 {
    // Also keeps infinities from becoming NaN.
    if share == 0.0 || low == high {
        return low;
    }
    let step = high - low;
    if share < 0.5 { low + step * share } else { high - step * (1.0 - share) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numpy_gives_the_same() {
        // numpy.percentile([15, 20, 35, 40, 50], [0, 5, 30, 40, 75, 100])
        let sorted = [15.0, 20.0, 35.0, 40.0, 50.0];
        let expected = [(0.0, 15.0), (5.0, 16.0), (30.0, 23.0), (40.0, 29.0), (75.0, 40.0), (100.0, 50.0)];
        for (percent, value) in expected {
            assert!((percentile_of_sorted(&sorted, percent).unwrap() - value).abs() < 1e-12);
            assert_eq!(percentile(&mut [50.0, 15.0, 40.0, 20.0, 35.0], percent), percentile_of_sorted(&sorted, percent));
        }
    }

    #[test]
    fn nothing_and_not_a_number_have_no_percentile() {
        assert_eq!(percentile(&mut [], 50.0), None);
        assert_eq!(percentile(&mut [1.0, f64::NAN], 50.0), None);
        assert_eq!(percentile(&mut [7.0], 99.0), Some(7.0));
        assert_eq!(percentile(&mut [f64::NEG_INFINITY, f64::INFINITY], 0.0), Some(f64::NEG_INFINITY));
    }
}
