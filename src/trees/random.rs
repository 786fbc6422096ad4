//! Random numbers that any thread can draw without asking another.
//!
//! SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014).
//! Written here because model bytes depend on every draw: a generator from elsewhere could change
//! between releases.

/// A stream of 64-bit numbers, fixed by a seed and a stream number.
#[derive(Clone, Debug)]
pub(crate) struct Random {
    state: u64,
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Random {
    /// The stream `stream` (a tree, a node) of `seed`.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        Random { state: mix(mix(seed).wrapping_add(stream.wrapping_mul(GOLDEN))) }
    }

    /// Uniform over all 64-bit numbers.
    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// Uniform in `0..bound` up to a bias of `bound / 2^64`; `bound` 0 gives 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// Uniform in [0, 1) with 53 random bits.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn streams_are_fixed_and_differ() {
        let draw = |seed, stream| {
            (0..4)
                .map({
                    let mut random = Random::new(seed, stream);
                    move |_| random.next()
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(draw(42, 7), draw(42, 7));
        assert_ne!(draw(42, 7), draw(42, 8));
        assert_ne!(draw(42, 7), draw(43, 7));
    }

    #[test]
    fn draws_are_uniform() {
        let mut random = Random::new(1, 0);
        let mut counts = [0u32; 10];
        let mut mean = 0.0;
        for _ in 0..100_000 {
            counts[random.below(10)] += 1;
            mean += random.unit() / 100_000.0;
        }
        assert!(counts.iter().all(|&count| (9_600..10_400).contains(&count)), "{counts:?}");
        assert!((mean - 0.5).abs() < 0.005, "{mean}");
        assert_eq!(random.below(0), 0);
    }
}
