//! Numbers that look random and are the same for the same seed, for bootstraps and for ties nobody may win by order.

#![expect(
    clippy::disallowed_methods,
    reason = "statistics; nothing here decides a cell"
)]

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

    /// A draw of the gamma distribution of this shape and scale 1 (Marsaglia and Tsang 2000); 0 unless the shape is
    /// positive and finite.
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if !(shape > 0.0 && shape.is_finite()) {
            return 0.0;
        }
        if shape < 1.0 {
            // Γ(a) is Γ(a + 1) times a power of a uniform number.
            let power = (1.0 - self.unit()).powf(1.0 / shape);
            return self.gamma(shape + 1.0) * power;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            // More than 95 of 100 draws are kept, whatever the shape.
            let z = self.normal();
            let cube = (1.0 + c * z) * (1.0 + c * z) * (1.0 + c * z);
            if cube > 0.0 && (1.0 - self.unit()).ln() < 0.5 * z * z + d * (1.0 - cube + cube.ln()) {
                return d * cube;
            }
        }
    }

    /// A draw of the beta distribution of two positive shapes.
    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        let (x, y) = (self.gamma(a), self.gamma(b));
        // Both vanish only where both shapes are tiny: then it is one end or the other.
        if x + y > 0.0 {
            x / (x + y)
        } else if self.unit() * (a + b) < a {
            1.0
        } else {
            0.0
        }
    }

    /// A draw of the Poisson distribution; above a mean of 500 of the normal one that it then is. 0 unless the mean is
    /// positive and finite.
    pub fn poisson(&mut self, mean: f64) -> f64 {
        if !(mean > 0.0 && mean.is_finite()) {
            return 0.0;
        }
        if mean > 500.0 {
            return (mean + mean.sqrt() * self.normal()).round().max(0.0);
        }
        // Arrivals with exponential gaps until the time is up.
        let mut count = 0.0;
        let mut time = -(1.0 - self.unit()).ln();
        while time < mean {
            count += 1.0;
            time -= (1.0 - self.unit()).ln();
        }
        count
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

    #[test]
    fn draws_have_the_mean_and_the_variance_of_their_distribution() {
        use crate::statistics::{mean, variance};
        let mut random = Random::new(11);
        let mut check = |mean_is: f64, variance_is: f64, draw: &mut dyn FnMut(&mut Random) -> f64| {
            let draws: Vec<f64> = (0..20_000).map(|_| draw(&mut random)).collect();
            let (level, spread) = (mean(&draws).unwrap(), variance(&draws).unwrap());
            assert!((level / mean_is - 1.0).abs() < 0.03, "{level} is not {mean_is}");
            assert!(
                (spread / variance_is - 1.0).abs() < 0.08,
                "{spread} is not {variance_is}"
            );
        };
        for shape in [0.3, 1.0, 7.5, 900.0] {
            check(shape, shape, &mut |random| random.gamma(shape));
        }
        for rate in [0.2, 4.0, 90.0, 2_000.0] {
            check(rate, rate, &mut |random| random.poisson(rate));
        }
        check(0.25, 0.25 * 0.75 / 13.0, &mut |random| random.beta(3.0, 9.0));
        assert_eq!((random.gamma(f64::NAN), random.gamma(-1.0)), (0.0, 0.0));
        assert_eq!((random.poisson(f64::INFINITY), random.poisson(0.0)), (0.0, 0.0));
        let end = random.beta(1e-320, 1e-320);
        assert!((0.0..=1.0).contains(&end));
    }
}
