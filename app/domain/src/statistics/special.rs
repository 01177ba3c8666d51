//! Distribution functions: normal, gamma, beta, Student. Errors below 1e-10 unless said.

#![expect(
    clippy::disallowed_methods,
    reason = "statistics; nothing here decides a cell"
)]

/// Rounds of a continued fraction or a series; each converges in far fewer.
const ROUNDS: usize = 500;
const TINY: f64 = 1e-300;

/// The density of the standard normal distribution.
pub fn normal_density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

/// `P(Z ≤ z)` of the standard normal distribution; NaN for NaN.
pub fn normal_below(z: f64) -> f64 {
    if z.is_nan() {
        return z;
    }
    let half = gamma_below(0.5, 0.5 * z * z) / 2.0;
    if z < 0.0 {
        normal_tail(-z, half)
    } else {
        0.5 + half
    }
}

/// The lower tail: far out by its own continued fraction, so that it does not vanish in 0.5 − 0.5.
fn normal_tail(z: f64, half: f64) -> f64 {
    if z < 5.0 {
        return 0.5 - half;
    }
    let mut fraction = 0.0;
    for round in (1..=60).rev() {
        fraction = f64::from(round) / (z + fraction);
    }
    normal_density(z) / (z + fraction)
}

/// The z with `P(Z ≤ z) = part` (Wichura 1988, AS 241); ±∞ at 1 and 0, NaN outside.
pub fn normal_quantile(part: f64) -> f64 {
    if !(0.0..=1.0).contains(&part) {
        return f64::NAN;
    }
    let q = part - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * ratio(r, &CENTRE.0, &CENTRE.1);
    }
    let tail = if q < 0.0 { part } else { 1.0 - part };
    if tail <= 0.0 {
        return if q < 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let r = (-tail.ln()).sqrt();
    let z = if r <= 5.0 {
        ratio(r - 1.6, &MIDDLE.0, &MIDDLE.1)
    } else {
        ratio(r - 5.0, &FAR.0, &FAR.1)
    };
    if q < 0.0 { -z } else { z }
}

fn ratio(x: f64, above: &[f64; 8], below: &[f64; 8]) -> f64 {
    let at = |terms: &[f64; 8]| terms.iter().rev().fold(0.0, |sum, term| sum * x + term);
    at(above) / at(below)
}

type Terms = ([f64; 8], [f64; 8]);

const CENTRE: Terms = (
    [
        3.387_132_872_796_366_5,
        1.331_416_678_917_843_8e2,
        1.971_590_950_306_551_3e3,
        1.373_169_376_550_946e4,
        4.592_195_393_154_987e4,
        6.726_577_092_700_87e4,
        3.343_057_558_358_813e4,
        2.509_080_928_730_122_7e3,
    ],
    [
        1.0,
        4.231_333_070_160_091e1,
        6.871_870_074_920_579e2,
        5.394_196_021_424_751e3,
        2.121_379_430_158_659_7e4,
        3.930_789_580_009_271e4,
        2.872_908_573_572_194_3e4,
        5.226_495_278_852_854e3,
    ],
);

const MIDDLE: Terms = (
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        2.417_807_251_774_506e-1,
        2.272_384_498_926_918_4e-2,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        6.897_673_349_851e-1,
        1.481_039_764_274_800_8e-1,
        1.519_866_656_361_645_7e-2,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
);

const FAR: Terms = (
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        2.965_605_718_285_048_7e-1,
        2.653_218_952_657_612_4e-2,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        5.998_322_065_558_88e-1,
        1.369_298_809_227_358e-1,
        1.487_536_129_085_061_5e-2,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
);

/// The logarithm of the gamma function for `x > 0` (Lanczos, g = 7); NaN otherwise.
pub fn ln_gamma(x: f64) -> f64 {
    const TERMS: [f64; 8] = [
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    if x < 0.5 {
        // Γ(x) = Γ(x + 1) / x.
        return ln_gamma(x + 1.0) - x.ln();
    }
    let x = x - 1.0;
    let sum = TERMS
        .iter()
        .enumerate()
        .fold(0.999_999_999_999_809_9, |sum, (place, term)| {
            sum + term / (x + place as f64 + 1.0)
        });
    let t = x + 7.5;
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

/// `P(X ≤ x)` of the gamma distribution of shape `a` and scale 1, the regularised lower incomplete gamma function.
/// `P(Poisson(μ) ≥ k)` is `gamma_below(k, μ)`. NaN for `a ≤ 0`.
pub fn gamma_below(a: f64, x: f64) -> f64 {
    if a.is_nan() || x.is_nan() || a <= 0.0 {
        return f64::NAN;
    }
    if x <= 0.0 {
        return 0.0;
    }
    if x.is_infinite() {
        return 1.0;
    }
    let scale = (a * x.ln() - x - ln_gamma(a)).exp();
    if x < a + 1.0 {
        let (mut term, mut sum) = (1.0 / a, 1.0 / a);
        let rounds = ROUNDS + 20 * a.sqrt() as usize;
        for round in 1..rounds {
            term *= x / (a + round as f64);
            sum += term;
            if term < sum * 1e-16 {
                break;
            }
        }
        return (scale * sum).clamp(0.0, 1.0);
    }
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (1.0 / TINY, 1.0 / b);
    let mut fraction = d;
    let rounds = ROUNDS + 20 * a.sqrt() as usize;
    for round in 1..rounds {
        let n = round as f64;
        let an = -n * (n - a);
        b += 2.0;
        d = an * d + b;
        d = 1.0 / if d.abs() < TINY { TINY } else { d };
        c = b + an / c;
        c = if c.abs() < TINY { TINY } else { c };
        fraction *= d * c;
        if (d * c - 1.0).abs() < 1e-16 {
            break;
        }
    }
    (1.0 - scale * fraction).clamp(0.0, 1.0)
}

/// `P(X ≤ x)` of the beta distribution, the regularised incomplete beta function; NaN unless both shapes are positive.
pub fn beta_below(a: f64, b: f64, x: f64) -> f64 {
    if x.is_nan() || a.is_nan() || b.is_nan() || a <= 0.0 || b <= 0.0 {
        return f64::NAN;
    }
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p()).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        (front * beta_fraction(a, b, x) / a).clamp(0.0, 1.0)
    } else {
        (1.0 - front * beta_fraction(b, a, 1.0 - x) / b).clamp(0.0, 1.0)
    }
}

fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let safe = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / safe(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    let rounds = ROUNDS + 5 * (a + b).sqrt() as usize;
    for round in 1..rounds {
        let m = round as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / safe(1.0 + even * d);
        c = safe(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / safe(1.0 + odd * d);
        c = safe(1.0 + odd / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < 1e-16 {
            break;
        }
    }
    fraction
}

/// `P(T ≤ t)` of Student's distribution with `freedom` degrees of freedom.
pub fn student_below(t: f64, freedom: f64) -> f64 {
    let tail = beta_below(freedom / 2.0, 0.5, freedom / (freedom + t * t)) / 2.0;
    if t > 0.0 { 1.0 - tail } else { tail }
}

/// The t with `P(T ≤ t) = part` of Student's distribution with `freedom` degrees of freedom, by bisection; ±∞ at 1 and 0,
/// NaN outside.
pub fn student_quantile(part: f64, freedom: f64) -> f64 {
    if part.is_nan() || freedom.is_nan() || !(0.0..=1.0).contains(&part) || freedom <= 0.0 {
        return f64::NAN;
    }
    // Of the lower half, where no digits are lost in 1 − tail.
    let tail = part.min(1.0 - part);
    if tail <= 0.0 {
        return if part < 0.5 {
            f64::NEG_INFINITY
        } else {
            f64::INFINITY
        };
    }
    let (mut low, mut high) = (-1.0, 0.0);
    while student_below(low, freedom) > tail && low > -f64::MAX / 4.0 {
        (low, high) = (low * 2.0, low);
    }
    for _ in 0..ROUNDS {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if student_below(middle, freedom) < tail {
            low = middle;
        } else {
            high = middle;
        }
    }
    if part > 0.5 { -high } else { high }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_student() {
        near(student_quantile(0.975, 5.0), 2.570_581_835_636_314);
        near(student_quantile(0.1, 3.0), -1.637_744_353_696_211);
        assert!(student_quantile(0.5, 3.0).abs() < 1e-7);
        assert!(student_quantile(1.0, 3.0).is_infinite());
        assert!(student_quantile(1.1, 3.0).is_nan() && student_quantile(0.5, 0.0).is_nan());
        assert!(student_quantile(1e-12, 0.01).is_finite());
    }

    fn near(value: f64, expected: f64) {
        assert!(
            (value - expected).abs() < 1e-10 * expected.abs().max(1.0),
            "{value} is not {expected}"
        );
    }

    /// Reference values: R 4 (`pnorm`, `qnorm`, `lgamma`, `ppois`, `pbeta`, `pt`).
    #[test]
    fn known_values() {
        near(normal_below(1.959_963_984_540_054), 0.975);
        near(normal_below(-1.0), 0.158_655_253_931_457_05);
        near(normal_below(-8.0) * 1e15, 0.622_096_057_427_178_4);
        near(normal_quantile(0.975), 1.959_963_984_540_054);
        near(normal_quantile(1e-10), -6.361_340_902_404_056);
        near(ln_gamma(10.0), 12.801_827_480_081_469);
        near(ln_gamma(0.1), 2.252_712_651_734_206);
        // P(Poisson(3) ≥ 5).
        near(gamma_below(5.0, 3.0), 0.184_736_755_476_228);
        near(beta_below(2.0, 3.0, 0.4), 0.524_8);
        near(student_below(2.0, 10.0), 0.963_305_982_614_629);
        assert!(normal_quantile(0.0).is_infinite() && normal_quantile(1.5).is_nan());
        assert!(gamma_below(-1.0, 1.0).is_nan() && ln_gamma(-3.0).is_nan());
    }

    proptest::proptest! {
        #[test]
        fn quantile_and_distribution_are_inverse(part in 1e-9_f64..0.999_999_999) {
            proptest::prop_assert!((normal_below(normal_quantile(part)) - part).abs() < 1e-12);
        }

        #[test]
        fn whatever_comes_in_an_answer_comes_out(a in proptest::num::f64::ANY, b in proptest::num::f64::ANY, x in proptest::num::f64::ANY) {
            for value in [normal_below(x), gamma_below(a.abs().min(1e6), x), beta_below(a.abs().min(1e6), b.abs().min(1e6), x)] {
                proptest::prop_assert!(value.is_nan() || (0.0..=1.0).contains(&value), "{value}");
            }
        }
    }
}
