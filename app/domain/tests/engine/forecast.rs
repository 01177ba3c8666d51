//! `domain::forecast`.

use domain::forecast::{Forecast, ForecastError, MAX_HORIZON, MAX_SEASON, forecast};
use domain::statistics::Random;
use proptest::prelude::*;

const LEVELS: [f64; 2] = [80.0, 95.0];

/// Whatever was forecast makes sense.
fn sound(made: &Forecast, horizon: usize) {
    assert_eq!(
        (made.mean.len(), made.spread.len(), made.total_spread.len()),
        (horizon, horizon, horizon)
    );
    assert_eq!(made.residuals.len(), made.used);
    let finite = |values: &[f64]| values.iter().all(|value| value.is_finite());
    assert!(
        finite(&made.mean) && finite(&made.spread) && finite(&made.total_spread) && finite(&made.residuals)
    );
    assert!(
        made.spread
            .iter()
            .chain(&made.total_spread)
            .all(|spread| *spread >= 0.0)
    );
    let parts: f64 = made.members.iter().map(|member| member.weight).sum();
    assert!((parts - 1.0).abs() < 1e-9, "{parts}");
    for pair in made.bands.windows(2) {
        for ((inner, outer), mean) in pair[0].steps.iter().zip(&pair[1].steps).zip(&made.mean) {
            assert!(
                outer.low <= inner.low && inner.low <= *mean,
                "{inner:?} {outer:?} {mean}"
            );
            assert!(
                outer.high >= inner.high && inner.high >= *mean,
                "{inner:?} {outer:?} {mean}"
            );
        }
    }
    for band in &made.bands {
        assert!(
            band.steps
                .iter()
                .all(|step| step.low.is_finite() && step.high.is_finite())
        );
    }
    if let Some(held_back) = made.held_back {
        assert!(held_back.mase >= 0.0 && held_back.naive_mase >= 0.0);
    }
}

/// A series with a trend, a season and noise.
fn series(count: usize, season: usize, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    (0..count)
        .map(|place| {
            let part = (place % season) as f64 / season as f64 * std::f64::consts::TAU;
            (100.0 + place as f64) * (1.0 + 0.3 * part.cos()) * (1.0 + 0.05 * random.normal())
        })
        .collect()
}

fn any_series() -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![
        6 => -1e3_f64..1e6,
        2 => Just(0.0),
        1 => Just(f64::NAN),
        1 => -1e100_f64..1e100,
        1 => Just(f64::MIN_POSITIVE / 4.0),
    ];
    proptest::collection::vec(value, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn anything_gives_a_sound_forecast_or_a_refusal(values in any_series(), season in 1_usize..14, horizon in 1_usize..30) {
        match forecast(&values, season, horizon, &LEVELS) {
            Ok(made) => sound(&made, horizon),
            Err(error) => {
                prop_assert_eq!(error, ForecastError::NoValues);
                prop_assert!(values.iter().all(|value| value.is_nan()));
            }
        }
    }

    #[test]
    fn another_unit_gives_the_same_forecast(seed in 0_u64..1_000, count in 4_usize..70, power in -40_i32..40) {
        // Powers of two are not rounded, so nothing may differ at all.
        let factor = (0..power.abs()).fold(1.0, |factor, _| if power < 0 { factor / 2.0 } else { factor * 2.0 });
        let values = series(count, 4, seed);
        let scaled: Vec<f64> = values.iter().map(|value| value * factor).collect();
        let (plain, other) = (forecast(&values, 4, 8, &LEVELS).unwrap(), forecast(&scaled, 4, 8, &LEVELS).unwrap());
        for (a, b) in plain.mean.iter().zip(&other.mean).chain(plain.spread.iter().zip(&other.spread)) {
            prop_assert!((a * factor - b).abs() <= 1e-9 * b.abs(), "{a} {b}");
        }
    }

    #[test]
    fn values_never_below_zero_are_not_forecast_below(values in proptest::collection::vec(0.0_f64..10.0, 1..50)) {
        let made = forecast(&values, 12, 24, &LEVELS).unwrap();
        prop_assert!(made.mean.iter().all(|mean| *mean >= 0.0));
        prop_assert!(made.bands.iter().flat_map(|band| &band.steps).all(|step| step.low >= 0.0));
    }
}

#[test]
fn the_same_values_give_the_same_forecast() {
    let values = series(90, 12, 1);
    let made = forecast(&values, 12, 12, &LEVELS).unwrap();
    assert_eq!(made, forecast(&values, 12, 12, &LEVELS).unwrap());
    // Steps do not depend on how many more are asked for, but for the parts of the members.
    assert_eq!(
        made.mean[..5],
        forecast(&values, 12, 5, &LEVELS).unwrap().mean[..]
    );
    assert_eq!(
        made.spread[..5],
        forecast(&values, 12, 5, &LEVELS).unwrap().spread[..]
    );
}

#[test]
fn bad_input_is_refused_by_name() {
    let values = [1.0, 2.0, 3.0];
    let refusal = |values: &[f64], season, horizon, levels: &[f64]| {
        forecast(values, season, horizon, levels).unwrap_err()
    };
    assert_eq!(refusal(&[], 12, 1, &[]), ForecastError::NoValues);
    assert_eq!(refusal(&[f64::NAN; 5], 12, 1, &[]), ForecastError::NoValues);
    for bad in [f64::INFINITY, f64::NEG_INFINITY, 1.1e100] {
        assert_eq!(
            refusal(&[1.0, bad], 12, 1, &[]),
            ForecastError::TooLarge { place: 1 }
        );
    }
    for horizon in [0, MAX_HORIZON + 1, usize::MAX] {
        assert_eq!(
            refusal(&values, 12, horizon, &[]),
            ForecastError::Horizon { horizon }
        );
    }
    for season in [0, MAX_SEASON + 1, usize::MAX] {
        assert_eq!(refusal(&values, season, 1, &[]), ForecastError::Season { season });
    }
    for level in [0.0, 100.0, -5.0, f64::INFINITY] {
        assert_eq!(
            refusal(&values, 1, 1, &[80.0, level]),
            ForecastError::Level { level }
        );
    }
    assert!(matches!(
        refusal(&values, 1, 1, &[f64::NAN]),
        ForecastError::Level { .. }
    ));
}

#[test]
fn constants_stay_and_one_value_is_unsure() {
    for constant in [0.0, 7.0, -7.0] {
        let made = forecast(&[constant; 40], 12, 6, &LEVELS).unwrap();
        for (mean, spread) in made.mean.iter().zip(&made.spread) {
            assert!(
                (mean - constant).abs() < 0.01 && *spread < 0.05,
                "{mean} {spread}"
            );
        }
    }
    let one = forecast(&[90.0], 12, 3, &LEVELS).unwrap();
    sound(&one, 3);
    assert_eq!((one.mean[0], one.held_back), (90.0, None));
    assert!(one.spread[0] > 10.0);
}

#[test]
fn a_season_and_a_trend_go_on() {
    let values = series(72, 12, 9);
    let next = series(84, 12, 9);
    let made = forecast(&values, 12, 12, &LEVELS).unwrap();
    for (said, actual) in made.mean.iter().zip(&next[72..]) {
        assert!((said / actual - 1.0).abs() < 0.2, "{said} {actual}");
    }
    let held_back = made.held_back.unwrap();
    assert!(held_back.mase < held_back.naive_mase, "{held_back:?}");
    assert_eq!(made.used, 72);
}

/// Nothing can beat the seasonal naive forecast of a season that repeats exactly.
#[test]
fn what_is_worse_than_the_seasonal_naive_forecast_gives_way_to_it() {
    let values: Vec<f64> = (0..60)
        .map(|place| f64::from([3, 9, 1, 40, 7, 2][place % 6]))
        .collect();
    let made = forecast(&values, 6, 8, &LEVELS).unwrap();
    assert_eq!(
        made.members
            .iter()
            .map(|member| member.method.as_str())
            .collect::<Vec<_>>(),
        ["seasonal naive"]
    );
    assert_eq!(made.mean, [3.0, 9.0, 1.0, 40.0, 7.0, 2.0, 3.0, 9.0]);
    assert_eq!(made.chance_of_reaching(3, 40.0), Some(1.0));
}

#[test]
fn missing_values_are_filled_and_those_at_the_end_forecast() {
    let whole = series(72, 12, 4);
    let mut gaps = whole.clone();
    gaps[30] = f64::NAN;
    let made = forecast(&gaps, 12, 6, &LEVELS).unwrap();
    assert_eq!((made.filled, made.used), (1, 72));
    let full = forecast(&whole, 12, 6, &LEVELS).unwrap();
    for (a, b) in made.mean.iter().zip(&full.mean) {
        assert!((a / b - 1.0).abs() < 0.1, "{a} {b}");
    }
    // Two missing at the end: the first step asked for is the third from there.
    let mut late = vec![f64::NAN; 3];
    late.extend(&whole);
    late.extend([f64::NAN; 2]);
    let late = forecast(&late, 12, 4, &LEVELS).unwrap();
    assert_eq!((late.used, late.filled), (72, 0));
    assert_eq!(late.mean[..], full.mean[2..]);
    assert_eq!(late.spread[..], full.spread[2..]);
}

#[test]
fn what_is_missing_makes_bands_wider() {
    let two = forecast(&[1.0, 2.0], 12, 3, &LEVELS).unwrap();
    let gap = forecast(&[1.0, f64::NAN, 2.0], 12, 3, &LEVELS).unwrap();
    assert_eq!((&gap.mean, &gap.bands), (&two.mean, &two.bands));
    let (mut inside, mut wider) = (0, 0);
    for seed in 0..300 {
        let mut random = Random::new(seed);
        let whole: Vec<f64> = (0..49).map(|_| 100.0 + 10.0 * random.normal()).collect();
        let gaps: Vec<f64> = whole[..48]
            .iter()
            .enumerate()
            .map(|(place, value)| {
                let missing = random.unit() < 0.6 && place < 47;
                if missing { f64::NAN } else { *value }
            })
            .collect();
        let made = forecast(&gaps, 12, 1, &LEVELS).unwrap();
        let full = forecast(&whole[..48], 12, 1, &LEVELS).unwrap();
        inside += usize::from(made.bands[1].steps[0].contains(whole[48]));
        wider += usize::from(made.spread[0] > full.spread[0]);
    }
    assert!(inside >= 270, "{inside} of 300");
    assert!(wider >= 210, "{wider} of 300");
}

#[test]
fn chances_agree_with_bands() {
    let values = series(60, 12, 2);
    let made = forecast(&values, 12, 6, &LEVELS).unwrap();
    let near = |chance: Option<f64>, expected: f64| {
        let chance = chance.unwrap();
        assert!((chance - expected).abs() < 1e-6, "{chance}");
    };
    near(made.chance_of_reaching(2, made.mean[2]), 0.5);
    near(made.chance_of_reaching(2, made.bands[0].steps[2].high), 0.1);
    near(made.chance_of_reaching(2, made.bands[1].steps[2].low), 0.975);
    let total: f64 = made.mean.iter().sum();
    near(made.chance_of_total(6, total), 0.5);
    near(made.chance_of_total(6, made.total(6, 80.0).unwrap().high), 0.1);
    near(made.chance_of_total(1, made.bands[0].steps[0].high), 0.1);
    near(made.chance_of_reaching(0, f64::NEG_INFINITY), 1.0);
    near(made.chance_of_reaching(0, f64::INFINITY), 0.0);
    assert_eq!(
        (made.chance_of_reaching(6, 1.0), made.chance_of_total(7, 1.0)),
        (None, None)
    );
    assert_eq!(
        (made.chance_of_total(0, 1.0), made.chance_of_reaching(0, f64::NAN)),
        (None, None)
    );
    assert_eq!((made.total(0, 80.0), made.total(6, 100.0)), (None, None));
    // Steps are not independent, nor all the same: the total is between both.
    let (apart, together) = made.spread.iter().fold((0.0_f64, 0.0), |(squares, sum), spread| {
        (squares + spread * spread, sum + spread)
    });
    assert!(made.total_spread[5] <= together && made.total_spread[5] > 0.5 * apart.sqrt());
}

#[test]
fn a_million_values_take_no_longer_than_the_latest_ones() {
    let values = series(1_000_000, 12, 3);
    let start = std::time::Instant::now();
    let made = forecast(&values, 12, 18, &LEVELS).unwrap();
    sound(&made, 18);
    assert!(made.used < 1_000);
    let latest = forecast(&values[values.len() - made.used..], 12, 18, &LEVELS).unwrap();
    assert_eq!(made.mean, latest.mean);
    let long = forecast(&values, MAX_SEASON, MAX_HORIZON, &LEVELS).unwrap();
    sound(&long, MAX_HORIZON);
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn what_was_never_negative_reaches_nothing_for_certain() {
    let made = forecast(&[1.0, 2.0], 12, 3, &[95.0]).unwrap();
    assert_eq!(
        (made.chance_of_reaching(0, 0.0), made.chance_of_total(3, -1.0)),
        (Some(1.0), Some(1.0))
    );
    assert!(made.total(3, 95.0).unwrap().low >= 0.0);
    let below = forecast(&[1.0, -2.0, 1.5], 1, 3, &[95.0]).unwrap();
    assert!(below.chance_of_reaching(0, 0.0).unwrap() < 1.0);
}
