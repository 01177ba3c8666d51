use domain::forecast::intermittent::{Demand, Method, Pattern, automatic, forecast, rates};
use domain::forecast::{self as plain, ForecastError};
use domain::statistics::{Random, mean};
use proptest::prelude::*;

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} for {expected}");
}

/// A demand of `size` in the last of every `interval` periods.
fn regular(size: f64, interval: usize, times: usize) -> Vec<f64> {
    let mut values = vec![0.0; interval * times];
    values
        .iter_mut()
        .skip(interval - 1)
        .step_by(interval)
        .for_each(|value| *value = size);
    values
}

#[test]
fn regular_demand_has_its_rate() {
    let values = regular(12.0, 4, 10);
    let last = |method| *rates(&values, method, 0.1).last().unwrap();
    near(last(Method::Croston), 3.0);
    near(last(Method::SyntetosBoylan), 0.95 * 3.0);
    // The chance follows p ← p + 0.1 (d − p): over one turn of four periods its fixed point after the demand is
    // 0.1 / (1 − 0.9⁴), from a start at a quarter.
    let turn = 0.9 * 0.9 * 0.9 * 0.9_f64;
    let fixed = 0.1 / (1.0 - turn);
    near(
        last(Method::TeunterSyntetosBabai),
        12.0 * (fixed + (0.25 - fixed) * [turn; 10].iter().product::<f64>()),
    );
}

#[test]
fn the_methods_follow_their_recursions() {
    // Two demands, 6 after two periods and 3 after one more; means 4.5 and an interval of 2 over four periods.
    let values = [0.0, 6.0, 3.0, 0.0];
    let found = rates(&values, Method::Croston, 0.2);
    let after = [(4.5, 2.0), (4.5, 2.0), (4.8, 2.0), (4.44, 1.8), (4.44, 1.8)];
    for (found, (size, interval)) in found.iter().zip(after) {
        near(*found, size / interval);
    }
    let found = rates(&values, Method::TeunterSyntetosBabai, 0.2);
    let after = [
        (4.5, 0.5),
        (4.5, 0.4),
        (4.8, 0.52),
        (4.44, 0.616),
        (4.44, 0.492_8),
    ];
    for (found, (size, chance)) in found.iter().zip(after) {
        near(*found, size * chance);
    }
}

#[test]
fn patterns_have_the_published_borders() {
    let of = |values: &[f64]| Demand::of(values).unwrap();
    assert_eq!(of(&[5.0, 6.0, 5.0, 6.0]).pattern, Pattern::Smooth);
    assert_eq!(of(&regular(5.0, 3, 4)).pattern, Pattern::Intermittent);
    // Sizes 1, 1, 1, 13: mean 4, variance 27 over n, CV² 27 / 16.
    let erratic = of(&[1.0, 1.0, 1.0, 13.0]);
    assert_eq!(erratic.pattern, Pattern::Erratic);
    near(erratic.variation, 27.0 / 16.0);
    let lumpy = of(&[1.0, 0.0, 1.0, 0.0, 1.0, f64::NAN, 13.0, 0.0, 0.0]);
    assert_eq!(lumpy.pattern, Pattern::Lumpy);
    near(lumpy.interval, 2.0);
    assert_eq!(Demand::of(&[0.0, f64::NAN]), None);
}

#[test]
fn the_method_follows_the_pattern() {
    let of = |values: &[f64]| forecast(values, 3, &[]).unwrap().members[0].method.clone();
    assert_eq!(of(&[5.0, 6.0, 5.0, 6.0]), "croston");
    assert_eq!(of(&regular(5.0, 3, 4)), "syntetos-boylan");
    let mut ended = regular(5.0, 3, 8);
    ended.extend([0.0; 12]);
    assert_eq!(of(&ended), "teunter-syntetos-babai");
    let rate = forecast(&ended, 1, &[]).unwrap().mean[0];
    assert!(rate < 0.5 * 5.0 * 8.0 / 36.0, "{rate}");
}

#[test]
fn intervals_hold_what_they_promise() {
    // Demand with chance 0.3 a period, of sizes 20 to 60.
    let (mut inside, mut all) = (0.0, 0.0);
    for seed in 0..60 {
        let mut random = Random::new(seed);
        let mut draw = || {
            if random.unit() < 0.3 {
                20.0 + 40.0 * random.unit()
            } else {
                0.0
            }
        };
        let values: Vec<f64> = (0..80).map(|_| draw()).collect();
        let band = forecast(&values, 1, &[90.0]).unwrap().bands[0].steps[0];
        for _ in 0..40 {
            inside += f64::from(u8::from(band.contains(draw())));
            all += 1.0;
        }
    }
    let coverage = inside / all;
    // Nothing is exceeded with a chance of 0.7: the lower end is 0, so that 95 % lie inside.
    assert!((0.93..0.97).contains(&coverage), "{coverage}");
    let sure = forecast(&regular(8.0, 2, 20), 4, &[80.0]).unwrap();
    near(sure.bands[0].steps[3].low, 0.0);
    near(sure.bands[0].steps[3].high, 8.0);
    near(sure.total_spread[3], 2.0 * sure.spread[0]);
}

#[test]
fn what_is_sold_in_winter_only_has_a_season() {
    let mut random = Random::new(4);
    let winter: Vec<f64> = (0..60)
        .map(|month| {
            if [0, 1, 10, 11].contains(&(month % 12)) {
                90.0 + 10.0 * random.unit()
            } else {
                0.0
            }
        })
        .collect();
    let seasonal = automatic(&winter, 12, 12, &[]).unwrap();
    assert_eq!(seasonal, plain::forecast(&winter, 12, 12, &[]).unwrap());
    let scattered: Vec<f64> = (0..60)
        .map(|_| if random.unit() < 0.3 { 50.0 } else { 0.0 })
        .collect();
    assert_eq!(
        automatic(&scattered, 12, 12, &[80.0]).unwrap(),
        forecast(&scattered, 12, &[80.0]).unwrap()
    );
    let returned: Vec<f64> = scattered.iter().map(|value| 25.0 - value).collect();
    assert_eq!(
        automatic(&returned, 12, 2, &[]).unwrap(),
        plain::forecast(&returned, 12, 2, &[]).unwrap()
    );
}

#[test]
fn nothing_is_forecast_as_nothing_and_bad_input_refused() {
    let nothing = forecast(&[0.0, f64::NAN, 0.0], 2, &[95.0]).unwrap();
    assert_eq!(nothing.mean, [0.0, 0.0]);
    assert_eq!(
        (nothing.bands[0].steps[0].low, nothing.bands[0].steps[0].high),
        (0.0, 0.0)
    );
    let error = |values: &[f64], horizon, level| forecast(values, horizon, &[level]).unwrap_err();
    assert_eq!(error(&[], 1, 80.0), ForecastError::NoValues);
    assert_eq!(error(&[f64::NAN], 1, 80.0), ForecastError::NoValues);
    assert_eq!(
        error(&[1.0, f64::INFINITY], 1, 80.0),
        ForecastError::TooLarge { place: 1 }
    );
    assert_eq!(
        error(&[1.0, -1.0, 0.0, 0.0, 1.0, -1.0], 1, 80.0),
        ForecastError::Negative { place: 1 }
    );
    assert_eq!(error(&[1.0], 0, 80.0), ForecastError::Horizon { horizon: 0 });
    assert_eq!(error(&[1.0], 1, 100.0), ForecastError::Level { level: 100.0 });
    assert!(matches!(error(&[1.0], 1, f64::NAN), ForecastError::Level { .. }));
}

fn any_demand() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => Just(0.0),
        3 => 0.0..1e4_f64,
        1 => -50.0..50.0_f64,
        1 => Just(f64::NAN),
        1 => Just(1e100),
        1 => Just(f64::MIN_POSITIVE),
    ]
}

proptest! {
    #[test]
    fn every_answer_is_a_number(values in prop::collection::vec(any_demand(), 1..60)) {
        let Ok(found) = forecast(&values, 3, &[80.0, 99.9]) else {
            prop_assert!(values.iter().all(|value| value.is_nan()) || values.iter().any(|value| *value < 0.0));
            return Ok(());
        };
        for band in &found.bands {
            for (interval, mean) in band.steps.iter().zip(&found.mean) {
                prop_assert!(interval.low <= *mean && *mean <= interval.high, "{interval:?} {mean}");
            }
        }
        prop_assert!(found.spread.iter().chain(&found.residuals).all(|number| !number.is_nan()));
    }

    #[test]
    fn a_rate_lies_between_none_and_the_largest(values in prop::collection::vec(prop_oneof![Just(0.0), 0.1..9.0_f64], 1..80)) {
        let largest = values.iter().copied().fold(0.0, f64::max);
        for method in [Method::Croston, Method::SyntetosBoylan, Method::TeunterSyntetosBabai] {
            for rate in rates(&values, method, 0.1) {
                prop_assert!((0.0..=largest + 1e-9).contains(&rate), "{method:?} {rate}");
            }
        }
    }

    #[test]
    fn independent_demand_is_forecast_without_bias(seed in 0_u64..1_000) {
        // The mean of many forecasts is the true rate of 0.25 · 10 within four standard errors.
        let mut random = Random::new(seed);
        let found: Vec<f64> = (0..200).map(|_| {
            let values: Vec<f64> = (0..60).map(|_| if random.unit() < 0.25 { 10.0 } else { 0.0 }).collect();
            *rates(&values, Method::TeunterSyntetosBabai, 0.1).last().unwrap()
        }).collect();
        prop_assert!((mean(&found).unwrap() - 2.5).abs() < 0.32);
    }
}

#[test]
fn chances_and_totals_agree_with_what_may_come() {
    let tenth: Vec<f64> = (0..60)
        .map(|period| {
            if period % 10 == 4 {
                100.0 + f64::from(period)
            } else {
                0.0
            }
        })
        .collect();
    let made = domain::forecast::intermittent::automatic(&tenth, 12, 6, &[80.0, 95.0]).unwrap();
    assert_eq!(made.chance_of_reaching(0, 0.0), Some(1.0));
    for amount in [1.0, 50.0] {
        let chance = made.chance_of_reaching(0, amount).unwrap();
        assert!((0.05..0.2).contains(&chance), "{amount}: {chance}");
    }
    let total = made.total(6, 95.0).unwrap();
    assert!(total.low == 0.0 && total.high > 150.0, "{total:?}");
    let (one, six) = (made.chance_of_total(1, 50.0), made.chance_of_total(6, 50.0));
    assert!(six > one, "{one:?} {six:?}");
}
