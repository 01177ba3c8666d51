//! Numbers that look random and are the same for the same seed, for bootstraps and for ties nobody may win by order.

/// `SplitMix64` (Steele, Lea and Flood 2014).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// From a seed; seeds come in as arguments, nothing here makes one.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 (included) to 1 (excluded).
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A place below `count`; 0 where `count` is 0.
    pub fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.bits()) * count as u128) >> 64) as usize
    }

    /// A draw of the standard normal distribution.
    pub fn normal(&mut self) -> f64 {
        // Never 0 or 1, where the quantile is not finite.
        super::normal_quantile((self.unit() + f64::EPSILON / 4.0).clamp(1e-16, 1.0 - 1e-16))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_they_fill_the_range() {
        let draw = |seed| {
            let mut random = Random::new(seed);
            (0..2_000).map(|_| random.unit()).collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        let mean: f64 = draw(7).iter().sum::<f64>() / 2_000.0;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
        let mut random = Random::new(1);
        assert!((0..2_000).all(|_| random.below(3) < 3));
        assert_eq!(random.below(0), 0);
        let normal: Vec<f64> = (0..4_000).map(|_| random.normal()).collect();
        assert!((crate::statistics::sd(&normal).unwrap() - 1.0).abs() < 0.04);
    }
}
