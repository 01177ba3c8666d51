//! Tests of `ets.rs`.

use super::*;

const NONE: Form = Form {
    error: Kind::Additive,
    trend: Trend::None,
    season: None,
};

fn run(form: Form, values: &[f64], with: &Parameters, seasons: &mut [f64]) -> (f64, Vec<(f64, f64)>) {
    let mut states = Vec::new();
    let likelihood = form.run(
        values,
        with,
        seasons.len() - values.len(),
        seasons,
        |level, growth| {
            states.push((level, growth));
        },
    );
    (likelihood, states)
}

/// Simple exponential smoothing by hand: levels 10, 11, 10.5 with α = ½, errors 2 and −1.
#[test]
fn one_step_of_each_recursion_by_hand() {
    let with = Parameters {
        alpha: 0.5,
        beta: 0.25,
        gamma: 0.1,
        phi: 0.9,
        level: 10.0,
        growth: 0.0,
    };
    let (likelihood, states) = run(NONE, &[12.0, 10.0], &with, &mut [0.0; 3]);
    assert_eq!(
        states.iter().map(|state| state.0).collect::<Vec<_>>(),
        [11.0, 10.725]
    );
    // The second expectation is 11 + 0.9 · 0.5 = 11.45: β and φ are used wherever they are not zero and one.
    let mean_square = f64::midpoint(4.0, 1.45 * 1.45);
    assert!((likelihood - 2.0 * mean_square.ln()).abs() < 1e-12);

    let season = Form {
        season: Some(Kind::Multiplicative),
        error: Kind::Multiplicative,
        trend: Trend::Damped,
    };
    let mut seasons = [1.2, 0.8, 0.0, 0.0];
    let (_, states) = run(season, &[15.0, 8.0], &with, &mut seasons);
    // Expected 12, error 3: level 10 + ½·3/1.2, growth ¼·3/1.2, index 1.2 + 0.1·3/10.
    assert!((states[0].0 - 11.25).abs() < 1e-12 && (states[0].1 - 0.625).abs() < 1e-12);
    assert!((seasons[2] - 1.23).abs() < 1e-12);
}

#[test]
fn a_damped_trend_fades_and_a_season_repeats() {
    let fitted = Ets {
        form: Form {
            trend: Trend::Damped,
            season: Some(Kind::Additive),
            ..NONE
        },
        aicc: 0.0,
        lag: 2,
        phi: 0.5,
        states: vec![(10.0, 4.0)],
        seasons: vec![1.0, -1.0, 1.0],
    };
    let mut steps = [0.0; 4];
    fitted.add_ahead(1, 1.0, &mut steps);
    for (step, expected) in steps.iter().zip([11.0, 14.0, 12.5, 14.75]) {
        assert!((step - expected).abs() < 1e-12, "{steps:?}");
    }
}

#[test]
fn the_criterion_finds_the_form_that_made_a_series() {
    let mut random = crate::statistics::Random::new(5);
    let pattern = [0.7, 1.3, 1.1, 0.9];
    let values: Vec<f64> = (0..80)
        .map(|place| (20.0 + place as f64) * pattern[place % 4] * (1.0 + 0.03 * random.normal()))
        .collect();
    let best = Form::all(true, true)
        .filter_map(|form| {
            Ets::fit(
                &values,
                form,
                &Season::unshrunk(&values, 4, form.season.unwrap_or(Kind::Additive)),
            )
        })
        .min_by(|a, b| a.aicc.total_cmp(&b.aicc))
        .unwrap();
    assert_eq!(
        (best.form.error, best.form.season),
        (Kind::Multiplicative, Some(Kind::Multiplicative))
    );
    assert_ne!(best.form.trend, Trend::None);
    assert_eq!(Form::all(true, true).count(), 12);
    assert_eq!(Form::all(false, false).count(), 3);
}

#[test]
fn too_few_values_fit_nothing() {
    let season = Season {
        kind: Kind::Additive,
        indices: vec![0.0],
    };
    assert!(Ets::fit(&[1.0, 2.0, 3.0], NONE, &season).is_none());
    assert!(Ets::fit(&[], NONE, &season).is_none());
    assert!(Ets::fit(&[2.0; 8], NONE, &season).is_some());
}
