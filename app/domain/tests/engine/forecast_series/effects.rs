#![expect(clippy::unwrap_used, reason = "a test ends where its set-up fails")]

use domain::calendar::holidays::{china, is_published};
use domain::calendar::{Day, Fiscal, Period, PeriodKind};
use domain::forecast::effects::{
    self, Effect, EffectError, FestivalError, Window, spring_festival_share, whole_periods,
    working_days_change,
};
use domain::forecast::{self, ForecastError};
use domain::statistics::Random;
use proptest::prelude::*;

const FIFTEEN_DAYS: Window = Window { before: 7, after: 7 };
const MONTH: (PeriodKind, usize) = (PeriodKind::Month, 12);
const WEEK: (PeriodKind, usize) = (PeriodKind::Week, 52);

pub(super) fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

pub(super) fn periods(kind: PeriodKind, from: &str, to: &str) -> Vec<Period> {
    Fiscal::default().periods(kind, day(from), day(to))
}

fn festival(periods: &[Period]) -> Effect {
    Effect {
        name: "Spring Festival".to_owned(),
        exposure: spring_festival_share(periods, FIFTEEN_DAYS).unwrap(),
    }
}

/// Sales a period of a company that grows by 4 % a year with a level that wanders, a season, and a festival that changes
/// its days by `size`.
fn sales(periods: &[Period], season: usize, size: f64, noise: f64, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    let exposure = festival(periods).exposure;
    let season: Vec<f64> = (0..season)
        .map(|_| (1.0 + 0.15 * random.normal()).max(0.5))
        .collect();
    let mut level = 1_000.0;
    let mut sales = Vec::new();
    for (period, share) in exposure.iter().enumerate() {
        level *= 1.0 + 0.04 / season.len() as f64 + 0.003 * random.normal();
        let usual = level * season[period % season.len()];
        sales.push(usual * (1.0 + size * share) * (1.0 + noise * random.normal()));
    }
    sales
}

fn size_found(values: &[f64], season: usize, effect: &Effect) -> f64 {
    effects::estimate(values, season, std::slice::from_ref(effect)).unwrap()[0].size
}

#[test]
fn a_moving_festival_is_recovered_within_five_points() {
    for ((kind, season), noise) in [(MONTH, 0.01), (WEEK, 0.03)] {
        for (from, to) in [("2010-01-04", "2019-12-30"), ("2016-01-04", "2024-12-30")] {
            let periods = periods(kind, from, to);
            for (seed, size) in (0..8).flat_map(|seed| [(seed, 0.3), (seed, -0.3)]) {
                let values = sales(&periods, season, size, noise, seed);
                let found = size_found(&values, season, &festival(&periods));
                assert!(
                    (found - size).abs() < 0.05,
                    "{kind:?} {from} seed {seed}: {found} for {size}"
                );
            }
        }
    }
}

#[test]
fn what_is_not_there_is_found_in_few_series() {
    let periods = periods(PeriodKind::Month, "2015-01-01", "2024-01-01");
    let found = (0..40).filter(|seed| {
        let values = sales(&periods, 12, 0.0, 0.03, *seed);
        size_found(&values, 12, &festival(&periods)) != 0.0
    });
    // One in twenty is chance.
    let found = found.count();
    assert!(found <= 5, "{found} of 40");
}

/// Summed absolute errors of several series over their last periods, without the effect and with it: in all periods, and
/// in those that had a festival in any year.
fn errors(kind: PeriodKind, season: usize, horizon: usize, size: f64) -> [[f64; 2]; 2] {
    let mut sums = [[0.0; 2]; 2];
    let ends = ["2020-06-01", "2021-05-31", "2022-05-30", "2023-06-05"];
    for (seed, end) in (100..).zip(ends) {
        let periods = periods(kind, "2011-01-03", end);
        let known = periods.len() - horizon;
        let values = sales(&periods, season, size, 0.015, seed);
        let (past, future) = values.split_at(known);
        let effect = festival(&periods);
        let plain = forecast::forecast(past, season, horizon, &[]).unwrap();
        let adjusted = effects::forecast(past, season, horizon, &[], std::slice::from_ref(&effect)).unwrap();
        for (step, value) in future.iter().enumerate() {
            let touched = effect
                .exposure
                .iter()
                .skip((known + step) % season)
                .step_by(season)
                .any(|share| *share > 0.0);
            for (which, mean) in [&plain.mean, &adjusted.forecast.mean].into_iter().enumerate() {
                let error = (mean[step] - value).abs();
                sums[0][which] += error;
                sums[1][which] += if touched { error } else { 0.0 };
            }
        }
    }
    sums
}

#[test]
fn a_forecast_that_knows_the_festival_is_better_and_elsewhere_the_same() {
    for (kind, season, horizon) in [(PeriodKind::Month, 12, 12), (PeriodKind::Week, 52, 52)] {
        for size in [0.3, -0.3] {
            let [all, touched] = errors(kind, season, horizon, size);
            assert!(all[1] < 0.8 * all[0], "{kind:?} {size}: {all:?}");
            assert!(touched[1] < 0.4 * touched[0], "{kind:?} {size}: {touched:?}");
        }
        let [all, _] = errors(kind, season, horizon, 0.0);
        assert!(all[1] < 1.02 * all[0], "{kind:?} without effect: {all:?}");
    }
}

#[test]
fn one_month_gone_mad_and_missing_months_do_not_hide_the_festival() {
    let periods = periods(PeriodKind::Month, "2010-01-01", "2020-01-01");
    for seed in 0..6 {
        let mut values = sales(&periods, 12, 0.3, 0.01, seed);
        values[40] *= 3.0;
        values[61] *= 0.2;
        for missing in [0, 17, 18, 50, 97] {
            values[missing] = f64::NAN;
        }
        let found = size_found(&values, 12, &festival(&periods));
        assert!((found - 0.3).abs() < 0.05, "seed {seed}: {found}");
    }
}

#[test]
fn working_days_and_festival_are_told_apart() {
    let periods = periods(PeriodKind::Month, "2015-01-01", "2026-01-01");
    let working = Effect {
        name: "working days".to_owned(),
        exposure: working_days_change(&periods, 12, &china(), is_published),
    };
    for seed in 0..6 {
        let mut values = sales(&periods, 12, -0.3, 0.006, seed);
        for (value, change) in values.iter_mut().zip(&working.exposure) {
            *value *= 1.0 + 0.6 * change;
        }
        let found = effects::estimate(&values, 12, &[festival(&periods), working.clone()]).unwrap();
        assert!((found[0].size + 0.3).abs() < 0.06, "seed {seed}: {found:?}");
        assert!((found[1].size - 0.6).abs() < 0.15, "seed {seed}: {found:?}");
    }
}

#[test]
fn values_below_zero_have_effects_that_add() {
    let periods = periods(PeriodKind::Month, "2010-01-01", "2020-01-01");
    let effect = festival(&periods);
    let mut random = Random::new(5);
    let values: Vec<f64> = effect
        .exposure
        .iter()
        .enumerate()
        .map(|(period, share)| [-30.0, 10.0, 40.0][period % 3] + 50.0 * share + 0.5 * random.normal())
        .collect();
    let found = effects::estimate(&values, 12, std::slice::from_ref(&effect)).unwrap();
    let mut sizes: Vec<f64> = values.iter().map(|value| value.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    let unit = f64::midpoint(sizes[59], sizes[60]);
    assert!((found[0].size * unit - 50.0).abs() < 2.5, "{found:?}");
}

#[test]
fn intermittent_series_are_left_alone() {
    let periods = periods(PeriodKind::Month, "2010-01-01", "2019-01-01");
    let mut random = Random::new(21);
    let values: Vec<f64> = (0..96)
        .map(|_| if random.unit() < 0.3 { 10.0 } else { 0.0 })
        .collect();
    let adjusted = effects::forecast(&values, 12, 12, &[80.0], &[festival(&periods)]).unwrap();
    assert_eq!((adjusted.effects[0].size, adjusted.effects[0].error), (0.0, None));
    assert_eq!(
        adjusted.forecast,
        forecast::intermittent::forecast(&values, 12, &[80.0]).unwrap()
    );
}

#[test]
fn intervals_are_wider_where_the_festival_comes() {
    let periods = periods(PeriodKind::Month, "2010-01-01", "2020-07-01");
    let effect = festival(&periods);
    let values = sales(&periods[..108], 12, 0.3, 0.02, 3);
    let adjusted = effects::forecast(&values, 12, 18, &[80.0, 95.0], std::slice::from_ref(&effect)).unwrap();
    let [size] = adjusted.effects.as_slice() else {
        panic!("one effect")
    };
    assert!(size.size > 0.2 && size.error.unwrap() > 0.0);
    let usual: Vec<f64> = values
        .iter()
        .zip(&effect.exposure)
        .map(|(value, share)| value / (1.0 + size.size * share))
        .collect();
    let plain = forecast::forecast(&usual, 12, 18, &[80.0, 95.0]).unwrap();
    for (step, share) in effect.exposure[108..].iter().enumerate() {
        let factor = 1.0 + size.size * share;
        assert!((adjusted.forecast.mean[step] - plain.mean[step] * factor).abs() < 1e-6);
        let width = adjusted.forecast.bands[1].steps[step].width();
        let least = plain.bands[1].steps[step].width() * factor;
        assert!(
            if *share > 0.1 {
                width > least * 1.000_1
            } else {
                width > least * 0.999_999
            },
            "{step}"
        );
        assert!(adjusted.forecast.spread[step] >= plain.spread[step] * factor * 0.999_999);
    }
}

#[test]
fn a_month_that_still_runs_is_no_collapse() {
    let periods = periods(PeriodKind::Month, "2014-01-01", "2019-04-01");
    let mut values = sales(&periods, 12, 0.0, 0.01, 8);
    let whole = values.clone();
    // March 2019 is known up to the 8th.
    values[62] *= 0.2;
    let weekdays = domain::calendar::WorkingDays::weekdays();
    let trained = whole_periods(&values, &periods, day("2014-01-01"), day("2019-03-08"), &weekdays);
    assert!(trained[62].is_nan() && trained[..62] == values[..62]);
    let with = |values: &[f64]| forecast::forecast(values, 12, 3, &[]).unwrap().mean[0];
    let (right, kept_out, collapsed) = (with(&whole), with(&trained), with(&values));
    assert!((kept_out / right - 1.0).abs() < 0.03, "{kept_out} for {right}");
    assert!((collapsed / right - 1.0).abs() > (kept_out / right - 1.0).abs());
}

#[test]
fn days_around_a_festival_are_counted_once() {
    let months = periods(PeriodKind::Month, "2018-01-01", "2018-04-01");
    // 9 to 23 February 2018.
    assert_eq!(
        spring_festival_share(&months, FIFTEEN_DAYS).unwrap(),
        [0.0, 15.0 / 28.0, 0.0]
    );
    let months = periods(PeriodKind::Month, "2025-01-01", "2025-03-01");
    // 22 January to 5 February 2025.
    assert_eq!(
        spring_festival_share(&months, FIFTEEN_DAYS).unwrap(),
        [10.0 / 31.0, 5.0 / 28.0]
    );
    let days: f64 = periods(PeriodKind::Week, "2024-12-30", "2025-04-07")
        .iter()
        .zip(
            spring_festival_share(
                &periods(PeriodKind::Week, "2024-12-30", "2025-04-07"),
                FIFTEEN_DAYS,
            )
            .unwrap(),
        )
        .map(|(week, share)| f64::from(week.days()) * share)
        .sum();
    assert!((days - 15.0).abs() < 1e-9);
    let late = periods(PeriodKind::Month, "2050-12-01", "2051-03-01");
    assert_eq!(
        spring_festival_share(&late, FIFTEEN_DAYS),
        Err(FestivalError::UnknownYear { year: 2051 })
    );
    let wide = Window {
        before: u16::MAX,
        after: u16::MAX,
    };
    assert!(spring_festival_share(&late, wide).is_err());
}

#[test]
fn what_cannot_be_estimated_says_so_and_changes_nothing() {
    let effect = |exposure: Vec<f64>| Effect {
        name: "x".to_owned(),
        exposure,
    };
    let year: Vec<f64> = (0..14).map(|period| 100.0 + f64::from(period)).collect();
    for exposure in [
        vec![0.0; 17],
        vec![1.0; 17],
        (0..17).map(|place| f64::from(place % 5)).collect(),
    ] {
        let adjusted = effects::forecast(&year, 12, 3, &[95.0], &[effect(exposure)]).unwrap();
        assert_eq!((adjusted.effects[0].size, adjusted.effects[0].error), (0.0, None));
        assert_eq!(
            adjusted.forecast,
            forecast::forecast(&year, 12, 3, &[95.0]).unwrap()
        );
    }
    let none = effects::forecast(&year, 12, 3, &[], &[]).unwrap();
    assert!(none.effects.is_empty());

    let refused =
        |values: &[f64], effects: &[Effect]| effects::forecast(values, 12, 3, &[], effects).unwrap_err();
    assert_eq!(
        refused(&year, &[effect(vec![0.0; 16])]),
        EffectError::Length {
            effect: 0,
            found: 16,
            expected: 17
        }
    );
    let mut exposure = vec![0.0; 17];
    exposure[4] = f64::NAN;
    assert_eq!(
        refused(&year, &[effect(exposure)]),
        EffectError::Exposure { effect: 0, period: 4 }
    );
    assert_eq!(
        refused(&[1.0, f64::NEG_INFINITY], &[]),
        EffectError::Forecast {
            why: ForecastError::TooLarge { place: 1 }
        }
    );
    assert_eq!(
        refused(&year, &vec![effect(vec![0.0; 17]); 21]),
        EffectError::TooMany { found: 21 }
    );
    assert_eq!(
        refused(&[f64::NAN; 2], &[]),
        EffectError::Forecast {
            why: ForecastError::NoValues
        }
    );
    assert_eq!(
        effects::estimate(&year, 0, &[]).unwrap_err(),
        EffectError::Forecast {
            why: ForecastError::Season { season: 0 }
        }
    );
}

/// Without an effect a value may be twenty times as large.
#[test]
fn the_largest_values_stay_within_what_is_forecast() {
    let usual = [
        2e3, 2.8e3, 8.2e3, 1e99, 2e2, 6.5e3, 8.4e3, 2.2e3, 1e99, 1.1e3, 3.9e3,
    ];
    let values = [&usual[..], &[1e99, 9.8e3, 9.6e3, 8e3, 1.0, 1.0, 3.6e3]].concat();
    let exposure = (0..values.len() + 6)
        .map(|period| if matches!(period, 10 | 11) { 1e90 } else { 0.0 })
        .collect();
    let effect = Effect {
        name: "eleventh".to_owned(),
        exposure,
    };
    for season in 1..14 {
        let made = effects::forecast(&values, season, 6, &[80.0], std::slice::from_ref(&effect)).unwrap();
        assert!(made.forecast.mean.iter().all(|mean| mean.is_finite()));
    }
}

/// Ordinary, extreme and missing values.
fn any_value() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => -1e3..1e4_f64,
        4 => 1.0..1e6_f64,
        1 => Just(0.0),
        1 => Just(f64::NAN),
        1 => Just(1e99),
        1 => Just(1e-300),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn every_answer_is_a_number(
        values in prop::collection::vec(any_value(), 0..90),
        exposures in prop::collection::vec(prop::collection::vec(prop_oneof![-2.0..2.0_f64, Just(0.0), Just(1e90)], 96), 0..3),
        season in 1_usize..14,
    ) {
        let length = values.len() + 6;
        let effects: Vec<Effect> = exposures.into_iter().map(|exposure| Effect {
            name: String::new(),
            exposure: exposure[..length].to_vec(),
        }).collect();
        match effects::forecast(&values, season, 6, &[50.0, 99.0], &effects) {
            Ok(adjusted) => {
                prop_assert!(adjusted.effects.iter().all(|effect| effect.size.is_finite()));
                prop_assert!(adjusted.forecast.mean.iter().all(|mean| !mean.is_nan()));
                for interval in adjusted.forecast.bands.iter().flat_map(|band| &band.steps) {
                    prop_assert!(interval.low <= interval.high, "{interval:?}");
                }
            }
            Err(error) => prop_assert!(
                matches!(error, EffectError::Forecast { why: ForecastError::NoValues }),
                "{error}"
            ),
        }
    }
}
