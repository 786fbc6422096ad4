//! How much a statistic of many equal members, such as the trees of a forest, would change with other members.

/// The value of a statistic where some of its members are left out.
///
/// ```
/// use hivectl::statistics::jackknife::LeftOut;
///
/// // The mean of 1, 2 and 6 without the 6.
/// let without = LeftOut { share: 1.0 / 3.0, value: 1.5 };
/// assert!(without.share > 0.0 && without.share < 1.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeftOut {
    /// Share of the members that are left out, in (0, 1); those of all parts add up to 1.
    pub share: f64,
    pub value: f64,
}

/// The variance of a statistic over the choice of its members, which are independent and alike: the jackknife over
/// parts of unequal size (Busing, Meijer & van der Leeden, 1999). With `g` parts of the shares `s`, the statistic `θ` and
/// `θ₋` without a part, it is `1/g Σ s/(1-s) (p - m)²` of the pseudo-values `p = (θ - (1-s) θ₋)/s` and their mean weighted
/// by size, `m = g θ - Σ (1-s) θ₋`.
///
/// It says nothing of the tickets, which stay the same. `None` for fewer than two parts, a share outside (0, 1), or a
/// value that is not finite.
///
/// ```
/// use hivectl::statistics::jackknife::{LeftOut, variance};
///
/// // The mean of 1, 2 and 6 is 3, its standard error s / √3 with s² = 7.
/// let without = [4.0, 3.5, 1.5].map(|value| LeftOut { share: 1.0 / 3.0, value });
/// assert!((variance(3.0, &without).expect("three parts") - 7.0 / 3.0).abs() < 1e-12);
/// ```
pub fn variance(statistic: f64, parts: &[LeftOut]) -> Option<f64> {
    let is_usable = |part: &LeftOut| part.value.is_finite() && part.share > 0.0 && part.share < 1.0;
    if parts.len() < 2 || !statistic.is_finite() || !parts.iter().all(is_usable) {
        return None;
    }
    let count = parts.len() as f64;
    let centre = count * statistic - parts.iter().map(|part| (1.0 - part.share) * part.value).sum::<f64>();
    let spread = |part: &LeftOut| {
        let pseudo = (statistic - (1.0 - part.share) * part.value) / part.share;
        part.share / (1.0 - part.share) * (pseudo - centre).powi(2)
    };
    Some(parts.iter().map(spread).sum::<f64>() / count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::random::SplitMix64;

    /// Members in parts of these sizes, left out of their mean.
    fn of_mean(members: &[f64], sizes: &[usize]) -> f64 {
        let (total, all) = (members.iter().sum::<f64>(), members.len());
        let mut first = 0;
        let parts: Vec<LeftOut> = sizes
            .iter()
            .map(|&size| {
                let part: f64 = members[first..first + size].iter().sum();
                first += size;
                LeftOut { share: size as f64 / all as f64, value: (total - part) / (all - size) as f64 }
            })
            .collect();
        variance(total / all as f64, &parts).unwrap()
    }

    #[test]
    fn the_variance_of_a_mean_is_the_known_one_for_parts_of_any_size() {
        let mut random = SplitMix64::new(3);
        let (mut even, mut uneven, repetitions) = (0.0, 0.0, 400);
        for _ in 0..repetitions {
            let members: Vec<f64> = (0..100).map(|_| random.unit() * 12.0f64.sqrt()).collect();
            even += of_mean(&members, &[4; 25]) / f64::from(repetitions);
            uneven += of_mean(&members, &[[6; 10].as_slice(), &[4; 5], &[2; 10]].concat()) / f64::from(repetitions);
        }
        // Members of variance 1: that of their mean is 1/100.
        assert!((even * 100.0 - 1.0).abs() < 0.05 && (uneven * 100.0 - 1.0).abs() < 0.05, "{even} {uneven}");
    }

    #[test]
    fn what_cannot_be_told_is_none() {
        let part = |share, value| LeftOut { share, value };
        assert_eq!(variance(1.0, &[part(0.5, 1.0)]), None);
        assert_eq!(variance(1.0, &[part(0.5, 1.0), part(0.5, f64::NAN)]), None);
        assert_eq!(variance(1.0, &[part(1.0, 1.0), part(0.5, 1.0)]), None);
        assert_eq!(variance(1.0, &[part(0.5, 1.0), part(0.5, 1.0)]), Some(0.0));
    }
}
