//! Where Prophet's model says that values will lie: the rate may change again, as often and as much as it did, and noise comes
//! on top. The bounds of a moment do not depend on which others are asked for.

use super::model::{Growth, Known, ProphetModel};
use crate::statistics::percentile::percentile;
use crate::statistics::random::SplitMix64;

/// Futures that are drawn.
const PATHS: u64 = 1_000;

impl ProphetModel {
    /// Lower and upper bounds of the middle 80 % and 95 % of what may be at `moment_s`, seconds since the epoch, in the unit of
    /// the series; `None` where [`ProphetModel::say`] says nothing. The same `seed` gives the same bounds.
    pub fn bounds(&self, moment_s: f64, known: &impl Known, seed: u64) -> Option<[[f64; 2]; 2]> {
        let said = self.say(moment_s, known)?;
        let time = (moment_s - self.start_s) / self.time_scale_s;
        let (floor, capacity) = match self.growth {
            Growth::Logistic => {
                let floor = if self.floor_is_stated { known.value("floor")? } else { self.floor };
                (floor, (known.value("cap")? - floor) / self.value_scale)
            }
            _ => (said.trend - self.trend(time, 0.0) * self.value_scale, 0.0),
        };
        let mean_change = self.deltas.iter().map(|delta| delta.abs()).sum::<f64>() / self.deltas.len().max(1) as f64 + 1e-8;
        let mut values: Vec<f64> = (0..PATHS)
            .map(|path| {
                let mut random = SplitMix64::stream(seed, path);
                let noise = normal(&mut random) * self.sigma * self.value_scale;
                let scaled = self.drawn(time, mean_change, &mut random).trend(time, capacity);
                let trend = scaled * self.value_scale + floor;
                trend * (1.0 + said.multiplicative) + said.additive + noise
            })
            .collect();
        let mut bounds = |low: f64, high: f64| Some([percentile(&mut values, low)?, percentile(&mut values, high)?]);
        Some([bounds(10.0, 90.0)?, bounds(2.5, 97.5)?])
    }

    /// The same model with changes of the rate between the end of training and `time`: a Poisson process as dense as the
    /// changepoints of training, Laplace changes as large as those were on average.
    fn drawn(&self, time: f64, mean_change: f64, random: &mut SplitMix64) -> ProphetModel {
        let mut drawn = self.clone();
        if self.growth == Growth::Flat || self.changepoints.is_empty() {
            return drawn;
        }
        let mut next = self.last.max(1.0);
        loop {
            next += exponential(random) / self.changepoints.len() as f64;
            if next >= time {
                return drawn;
            }
            drawn.changepoints.push(next);
            let sign = if random.unit() < 0.5 { -1.0 } else { 1.0 };
            drawn.deltas.push(sign * mean_change * exponential(random));
        }
    }
}

/// Of mean 1.
fn exponential(random: &mut SplitMix64) -> f64 {
    -(1.0 - random.unit()).ln()
}

/// Of mean 0 and variance 1 (Box & Muller, "A note on the generation of random normal deviates", 1958).
fn normal(random: &mut SplitMix64) -> f64 {
    let radius = (2.0 * exponential(random)).sqrt();
    radius * (std::f64::consts::TAU * random.unit()).cos()
}
