//! The distribution of the Kolmogorov–Smirnov statistic of one sample, `P(D ≥ d)` for `n` values.
//!
//! Which method computes it where follows Simard & L'Ecuyer, "Computing the Two-Sided
//! Kolmogorov–Smirnov Distribution", Journal of Statistical Software 39(11), 2011, as SciPy does.

use std::f64::consts::PI;

use ndarray::Array2;
use statrs::function::gamma::ln_gamma;

/// `P(D ≥ d)` for `n` values of a continuous distribution, in [0, 1]; 1 for `d` ≤ 0, 0 for `d` ≥ 1.
/// NaN when `n` is 0 or `d` is NaN.
pub fn survival(n: u64, d: f64) -> f64 {
    if n == 0 || d.is_nan() {
        return f64::NAN;
    }
    if d <= 0.0 || d >= 1.0 {
        return if d <= 0.0 { 1.0 } else { 0.0 };
    }
    let (size, steps) = (n as f64, n as f64 * d);
    let probability = if steps <= 1.0 {
        1.0 - within_one_step(n, steps)
    } else if steps >= size - 1.0 {
        2.0 * (size * (-d).ln_1p()).exp()
    } else if d >= 0.5 || steps * d > if n <= 140 { 4.0 } else { 2.2 } {
        // Above, only one of the two sides can be exceeded, or both so rarely that it does not count.
        if steps * d >= 370.0 { 0.0 } else { 2.0 * one_sided_survival(n, d) }
    } else if n <= 140 || (n <= 100_000 && size * d.powf(1.5) <= 1.4) {
        1.0 - durbin_matrix(n, d)
    } else {
        1.0 - pelz_good(size, d)
    };
    probability.clamp(0.0, 1.0)
}

/// `P(D < d)` where `steps = n·d` ≤ 1: `n! · ((2·steps - 1) / n)^n` (Ruben & Gambino, 1982).
fn within_one_step(n: u64, steps: f64) -> f64 {
    if steps <= 0.5 {
        return 0.0;
    }
    let size = n as f64;
    let log_power = size * (2.0 * steps - 1.0).ln();
    (log_power + 0.5 * (2.0 * PI * size).ln() - size + stirling_rest(size)).exp()
}

/// `P(D⁺ ≥ d)`, the chance that the sample's distribution exceeds the true one by `d` (Smirnov, 1944):
/// `d · Σ_j C(n, j) · (d + j/n)^(j-1) · (1 - d - j/n)^(n-j)` over j ≤ n·(1 - d).
///
/// Each term is a binomial probability in the saddle-point form of Loader (2000) times a factor whose
/// large parts cancel, so no digits are lost for any `n`. Where the terms are many they change slowly
/// and vanish with all derivatives at both ends, so that every s-th term, times s, gives the same sum.
pub fn one_sided_survival(n: u64, d: f64) -> f64 {
    const TERMS: u64 = 4_096;
    if d <= 0.0 || d >= 1.0 {
        return if d <= 0.0 { 1.0 } else { 0.0 };
    }
    let size = n as f64;
    let stride = (n / TERMS).max(1);
    let last = ((size * (1.0 - d)).floor() as u64).min(n - 1);
    let whole = stirling_rest(size);
    let term = |j: u64| {
        let (hits, misses) = (j as f64, (n - j) as f64);
        let (above, below) = (d * size / hits, -d * size / misses);
        if below <= -1.0 {
            return 0.0;
        }
        let binomial = whole - stirling_rest(hits) - stirling_rest(misses);
        let shifted = hits * log_1p_less_argument(above) + misses * log_1p_less_argument(below);
        (binomial + shifted).exp() * (size / (2.0 * PI * hits * misses)).sqrt() / (hits / size + d)
    };
    let sum: f64 = (1..=last / stride).map(|place| term(place * stride)).sum();
    let first = (size * (-d).ln_1p()).exp();
    (first + d * sum * stride as f64).min(1.0)
}

/// `ln(1 + x) - x` without cancellation.
fn log_1p_less_argument(x: f64) -> f64 {
    if x.abs() > 0.1 {
        return x.ln_1p() - x;
    }
    let (mut sum, mut power) = (0.0, x);
    for order in 2..18 {
        power *= -x;
        sum += power / f64::from(order);
    }
    sum
}

/// `ln n! - (n ln n - n + ½ ln(2πn))`, what Stirling's formula leaves.
fn stirling_rest(n: f64) -> f64 {
    if n < 16.0 {
        return ln_gamma(n + 1.0) - (n * n.ln() - n + 0.5 * (2.0 * PI * n).ln());
    }
    let square = n * n;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / (1188.0 * square)) / square) / square) / square) / n
}

/// `P(D < d)` as the middle element of a matrix power, `n! / n^n · Hⁿ` (Durbin, 1968; Marsaglia, Tsang
/// & Wang, 2003). Exact; the matrix has about 2·n·d rows.
fn durbin_matrix(n: u64, d: f64) -> f64 {
    let steps = n as f64 * d;
    let middle = steps.ceil() as usize;
    let rest = middle as f64 - steps;
    let size = 2 * middle - 1;
    let mut factorial = vec![1.0; size + 1];
    (1..=size).for_each(|factor| factorial[factor] = factorial[factor - 1] * factor as f64);
    let edge = |row: usize| (1.0 - rest.powi(row as i32 + 1)) / factorial[row + 1];
    let corner = (1.0 - 2.0 * rest.powi(size as i32) + (2.0 * rest - 1.0).max(0.0).powi(size as i32)) / factorial[size];
    let matrix = Array2::from_shape_fn((size, size), |(row, column)| match (row, column) {
        (row, 0) if row == size - 1 => corner,
        (row, 0) => edge(row),
        (row, column) if row == size - 1 => edge(size - 1 - column),
        (row, column) if row + 1 >= column => 1.0 / factorial[row + 1 - column],
        _ => 0.0,
    });
    let (power, mut exponent) = scaled_power(matrix, n, middle - 1);
    let mut probability = power[(middle - 1, middle - 1)];
    for factor in 1..=n {
        probability *= factor as f64 / n as f64;
        if probability < 2f64.powi(-400) {
            probability *= 2f64.powi(400);
            exponent -= 400;
        }
    }
    probability * 2f64.powf(f64::from(exponent))
}

/// `matrix` to the power `n`, divided by 2 to the returned exponent so that nothing overflows.
fn scaled_power(matrix: Array2<f64>, n: u64, watched: usize) -> (Array2<f64>, i32) {
    let (mut square, mut square_exponent) = (matrix.clone(), 0);
    let (mut power, mut exponent) = (Array2::eye(matrix.nrows()), 0);
    let mut left = n;
    while left > 0 {
        if left % 2 == 1 {
            power = power.dot(&square);
            exponent += square_exponent;
        }
        square = square.dot(&square);
        square_exponent *= 2;
        if square[(watched, watched)] > 2f64.powi(128) {
            square *= 2f64.powi(-128);
            square_exponent += 128;
        }
        left /= 2;
    }
    (power, exponent)
}

/// `P(D < d)` for many values by the expansion in 1/√n of Pelz & Good (1976), whose four terms are
/// sums of `exp(-(2k-1)²π² / 8z²)` and `exp(-k²π² / 2z²)` with `z = √n·d`.
fn pelz_good(n: f64, d: f64) -> f64 {
    let z = n.sqrt() * d;
    let (z2, pi2) = (z * z, PI * PI);
    let (z4, z6) = (z2 * z2, z2 * z2 * z2);
    let terms = (16.0 * z / PI).ceil() as u32;
    let mut order = [0.0; 4];
    for k in (1..=terms).rev() {
        let odd = f64::from(2 * k - 1);
        let a = pi2 * odd * odd;
        let weight = (-a / (8.0 * z2)).exp();
        order[0] += weight;
        order[1] += weight * (a / 4.0 - z2);
        order[2] += weight * (6.0 * z6 + 2.0 * z4 + (2.0 * z4 - 5.0 * z2) * a / 4.0 + (1.0 - 2.0 * z2) * a * a / 16.0);
        let third = -30.0 * z6 - 90.0 * z4 * z4 + (135.0 * z4 - 96.0 * z6) * a / 4.0;
        order[3] += weight * (third + (212.0 * z4 - 60.0 * z2) * a * a / 16.0 + (5.0 - 30.0 * z2) * a * a * a / 64.0);
    }
    let scale = (2.0 * PI).sqrt();
    let divisors = [z, 6.0 * z4, 72.0 * z6 * z, 6_480.0 * z6 * z4];
    order.iter_mut().zip(divisors).for_each(|(term, divisor)| *term *= scale / divisor);
    for k in (1..=terms).rev() {
        let a = pi2 * f64::from(k * k);
        let weight = (-a / (2.0 * z2)).exp();
        order[2] -= weight * a * scale / (36.0 * z2 * z);
        order[3] += weight * a * (3.0 * z2 - a) * scale / (216.0 * z6);
    }
    order[0] + order[1] / n.sqrt() + order[2] / n + order[3] / n.powf(1.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(left: f64, right: f64, relative: f64) {
        assert!((left - right).abs() <= relative * right.abs(), "{left} is not {right}");
    }

    /// Above a million values SciPy's own number is an approximation, `exp(-(6nd + 1)² / 18n)`.
    fn tolerance(n: u64) -> f64 {
        if n > 1_000_000 { 2e-6 } else { 1e-9 }
    }

    #[test]
    fn scipy_gives_the_same_in_every_region() {
        // scipy.stats.kstwo.sf(d, n), SciPy 1.17.1.
        for (n, d, expected) in KNOWN {
            near(survival(n, d), expected, tolerance(n));
        }
    }

    #[test]
    fn scipy_gives_the_same_on_one_side() {
        // scipy.special.smirnov(n, d).
        for (n, d, expected) in KNOWN_ONE_SIDED {
            near(one_sided_survival(n, d), expected, tolerance(n));
        }
    }

    #[test]
    fn the_ends_are_certain() {
        assert_eq!((survival(10, 0.0), survival(10, 1.0), survival(10, 0.04)), (1.0, 0.0, 1.0));
        assert_eq!((survival(1_000_000, 0.5), one_sided_survival(5, 0.0)), (0.0, 1.0));
        assert!(survival(0, 0.5).is_nan() && survival(5, f64::NAN).is_nan());
    }

    #[test]
    fn methods_agree_where_they_meet() {
        for n in [141, 200, 1_000] {
            let d = (2.2f64 / n as f64).sqrt();
            near(1.0 - durbin_matrix(n, d), 2.0 * one_sided_survival(n, d), 1e-5);
            near(1.0 - pelz_good(n as f64, d), 1.0 - durbin_matrix(n, d), 1e-4);
        }
    }

    const KNOWN: [(u64, f64, f64); 24] = [
        (1, 0.7, 0.6000000000000001),
        (3, 0.3, 0.8862222222222222),
        (5, 0.18, 0.987417088),
        (5, 0.9, 1.9999999999999978e-05),
        (8, 0.6, 0.002778486523437502),
        (20, 0.12, 0.9031355120796009),
        (50, 0.1, 0.6623112704658186),
        (50, 0.15, 0.19026366518248072),
        (100, 0.12, 0.1033037490181987),
        (140, 0.2, 2.1981563302200222e-05),
        (140, 0.05, 0.8576480297656114),
        (141, 0.05, 0.854845693009663),
        (500, 0.002, 1.0),
        (500, 0.03, 0.7473166700457021),
        (1000, 0.04, 0.07933956059000224),
        (1000, 0.055, 0.004533426371782312),
        (8571, 0.0125, 0.13615476760673229),
        (8571, 0.02, 0.002075777528008902),
        (90000, 0.0004, 1.0),
        (166667, 0.01, 6.627054007312699e-15),
        (500000, 0.0015, 0.21034190155828947),
        (500000, 0.003, 0.00024632301239186754),
        (50000000, 0.0001, 0.6993347714914335),
        (50000000, 0.0005, 2.776663061276634e-11),
    ];

    const KNOWN_ONE_SIDED: [(u64, f64, f64); 9] = [
        (1, 0.3, 0.7),
        (5, 0.2, 0.58528),
        (20, 0.31, 0.016618224284657035),
        (300, 0.1, 0.0022978368284863105),
        (4096, 0.03, 0.0006150049446095243),
        (9000, 0.02, 0.000736355759876801),
        (500000, 0.003, 0.00012316150619593377),
        (50000000, 0.0003, 0.00012338512445679966),
        (2000, 0.43, 0.0),
    ];
}
