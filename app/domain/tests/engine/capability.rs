//! Laws of `domain::capability`: estimates lie between the own figure and the mean, intervals hold what they promise, and
//! whatever comes in, an answer or a refusal comes out.
#![expect(clippy::disallowed_methods, reason = "squares of what was missed")]

#[path = "capability/drawn.rs"]
mod drawn;

use domain::capability::{
    CapabilityError, Difference, Estimate, Observation, Parts, PersonRecord, Pooled, Tally, Trials, counts,
    expected, rates, records, values,
};
use domain::statistics::Interval;
use proptest::prelude::*;

fn observation(value: f64, weight: f64) -> Observation {
    Observation { value, weight }
}

fn lists(values: &[Vec<f64>]) -> Vec<Vec<Observation>> {
    values
        .iter()
        .map(|list| list.iter().map(|value| observation(*value, 1.0)).collect())
        .collect()
}

/// Each estimate lies between its raw figure and the mean, weights grow from 0 to below 1, intervals contain the value.
fn sound(found: &Pooled) -> Result<(), TestCaseError> {
    let slack = 1e-9 * found.mean.abs().max(1.0);
    for own in &found.estimates {
        prop_assert!((0.0..=1.0).contains(&own.weight));
        let raw = own.raw.unwrap_or(found.mean);
        let (low, high) = (raw.min(found.mean), raw.max(found.mean));
        prop_assert!(
            low - slack <= own.value && own.value <= high + slack,
            "{own:?} {}",
            found.mean
        );
        prop_assert!(own.interval.low <= own.interval.high && own.error >= 0.0);
        prop_assert!(
            own.interval.low.is_finite() && own.interval.high.is_finite(),
            "{own:?}"
        );
        prop_assert!(own.interval.contains(own.value), "{own:?}");
        prop_assert!((own.raw.is_none()) <= (own.weight == 0.0));
    }
    prop_assert!((0.0..=1.0).contains(&found.chance) && found.between >= 0.0);
    Ok(())
}

proptest! {
    #[test]
    fn rates_are_sound_and_order_does_not_matter(
        people in prop::collection::vec((0_u64..400, 0_u64..400), 1..40),
    ) {
        let people: Vec<Trials> = people.iter().map(|(won, lost)| Trials { successes: *won, trials: won + lost }).collect();
        prop_assume!(people.iter().any(|own| own.trials > 0));
        let found = rates(&people, 0.9).unwrap();
        sound(&found)?;
        prop_assert!(found.estimates.iter().all(|own| own.interval.low >= 0.0 && own.interval.high <= 1.0));
        let reversed: Vec<Trials> = people.iter().rev().copied().collect();
        let again = rates(&reversed, 0.9).unwrap();
        for (a, b) in found.estimates.iter().zip(again.estimates.iter().rev()) {
            prop_assert!((a.value - b.value).abs() < 1e-9 && (a.interval.low - b.interval.low).abs() < 1e-6);
        }
        // Won and lost are two sides of one figure.
        let lost: Vec<Trials> = people.iter().map(|own| Trials { successes: own.trials - own.successes, ..*own }).collect();
        for (a, b) in found.estimates.iter().zip(rates(&lost, 0.9).unwrap().estimates) {
            prop_assert!((a.value + b.value - 1.0).abs() < 1e-9);
            prop_assert!((a.interval.low + b.interval.high - 1.0).abs() < 1e-6, "{a:?} {b:?}");
        }
    }

    #[test]
    fn counts_are_sound_and_time_has_no_unit(
        people in prop::collection::vec((0_u64..500, 1_u32..40), 1..40),
    ) {
        let with = |unit: f64| -> Vec<Tally> {
            people.iter().map(|(events, periods)| Tally { events: *events, periods: f64::from(*periods) * unit }).collect()
        };
        let found = counts(&with(1.0), 0.9).unwrap();
        sound(&found)?;
        prop_assert!(found.estimates.iter().all(|own| own.interval.low >= 0.0));
        // Twelve months are a year: rates a year are twelve times those a month.
        for (a, b) in found.estimates.iter().zip(counts(&with(1.0 / 12.0), 0.9).unwrap().estimates) {
            prop_assert!((a.value * 12.0 - b.value).abs() <= 1e-7 * b.value.max(1.0), "{a:?} {b:?}");
            prop_assert!((a.interval.high * 12.0 - b.interval.high).abs() <= 1e-5 * b.interval.high.max(1.0));
        }
    }

    #[test]
    fn values_are_sound_and_move_and_scale_with_their_unit(
        people in prop::collection::vec(prop::collection::vec(-1e4_f64..1e5, 0..8), 1..30),
        scale in 0.01_f64..100.0, shift in -1e4_f64..1e4,
    ) {
        prop_assume!(people.iter().any(|list| !list.is_empty()));
        let found = values(&lists(&people), 0.9).unwrap();
        sound(&found)?;
        let moved: Vec<Vec<f64>> = people.iter()
            .map(|list| list.iter().map(|value| value * scale + shift).collect()).collect();
        for (a, b) in found.estimates.iter().zip(values(&lists(&moved), 0.9).unwrap().estimates) {
            let slack = 1e-5 * (scale * 1e5 + 1e4);
            prop_assert!((a.value * scale + shift - b.value).abs() < slack, "{a:?} {b:?}");
            prop_assert!((a.interval.high * scale + shift - b.interval.high).abs() < slack);
        }
        // The unit of the weights does not matter either.
        let heavy: Vec<Vec<Observation>> = lists(&people).iter()
            .map(|list| list.iter().map(|one| observation(one.value, 7.0)).collect()).collect();
        for (a, b) in found.estimates.iter().zip(values(&heavy, 0.9).unwrap().estimates) {
            prop_assert!((a.value - b.value).abs() < 1e-3 && (a.error - b.error).abs() < 1e-3, "{a:?} {b:?}");
        }
    }

    #[test]
    fn whatever_numbers_come_in_an_answer_or_a_refusal_comes_out(
        numbers in prop::collection::vec((prop::num::f64::ANY, prop::num::f64::ANY, any::<u64>(), any::<u64>(), 0_u32..3), 0..12),
        chance in prop::num::f64::ANY, ramp in prop::num::f64::ANY,
    ) {
        let trials: Vec<Trials> = numbers.iter().map(|row| Trials { successes: row.2, trials: row.3 }).collect();
        let tallies: Vec<Tally> = numbers.iter().map(|row| Tally { events: row.2, periods: row.0 }).collect();
        let one: Vec<Vec<Observation>> = numbers.iter().map(|row| vec![observation(row.0, row.1)]).collect();
        let people: Vec<PersonRecord> = numbers.iter()
            .map(|row| PersonRecord { team: row.4, periods: vec![observation(row.0, row.1), observation(row.1, 1.0)] }).collect();
        for chance in [chance, 0.9] {
            for pooled in [rates(&trials, chance), counts(&tallies, chance), values(&one, chance)].into_iter().flatten() {
                prop_assert!(pooled.estimates.iter().all(|own| own.value.is_finite() && own.interval.width().is_finite() && own.interval.contains(own.value)), "{pooled:?}");
                for own in &pooled.estimates {
                    let parts = Parts { deals: *own, rate: Some(*own), value: *own, value_sd: 1.0, ramp };
                    if let Ok(money) = expected(&parts, chance) {
                        prop_assert!(money.mean >= 0.0 && money.interval.low >= 0.0, "{money:?}");
                    }
                }
            }
            if let Ok(found) = records(&people, chance) {
                prop_assert_eq!(found.people.len(), people.len());
                prop_assert!(found.people.iter().all(|own| own.value.is_finite()));
            }
        }
    }
}

#[test]
fn bad_input_is_refused_by_name() {
    assert_eq!(rates(&[], 0.9), Err(CapabilityError::Nobody));
    assert_eq!(rates(&[Trials::default()], 0.9), Err(CapabilityError::NoData));
    let wrong = Trials {
        successes: 2,
        trials: 1,
    };
    assert_eq!(
        rates(&[Trials::default(), wrong], 0.9),
        Err(CapabilityError::Successes { person: 1 })
    );
    assert_eq!(
        rates(
            &[Trials {
                successes: 1,
                trials: 2
            }],
            1.0
        ),
        Err(CapabilityError::Chance)
    );
    let timeless = Tally {
        events: 3,
        periods: 0.0,
    };
    assert_eq!(
        counts(&[timeless], 0.9),
        Err(CapabilityError::Number { person: 0 })
    );
    assert_eq!(
        values(&lists(&[vec![1.0], vec![f64::NAN]]), 0.9),
        Err(CapabilityError::Number { person: 1 })
    );
    assert_eq!(
        values(&[vec![observation(1.0, -1.0)]], 0.9),
        Err(CapabilityError::Number { person: 0 })
    );
    assert_eq!(records(&[], 0.9), Err(CapabilityError::Nobody));
}

#[test]
fn where_everybody_is_the_same_nobody_differs_and_the_new_one_is_like_them() {
    let same = vec![
        Trials {
            successes: 30,
            trials: 60
        };
        9
    ];
    let found = rates(&same, 0.95).unwrap();
    assert_eq!(
        (found.between, found.prior, found.difference()),
        (0.0, None, Difference::NotSeen)
    );
    assert!(
        found
            .estimates
            .iter()
            .all(|own| (own.value - 0.5).abs() < 1e-12 && own.weight == 0.0)
    );
    // Nobody ever won: the interval is that of the whole, not a point.
    let never = rates(
        &[Trials {
            successes: 0,
            trials: 10,
        }; 3],
        0.95,
    )
    .unwrap();
    assert!(never.estimates[0].value == 0.0 && never.estimates[0].interval.high > 0.08);
    let nothing = counts(
        &[Tally {
            events: 0,
            periods: 4.0,
        }],
        0.95,
    )
    .unwrap();
    assert!((nothing.estimates[0].interval.high - 2.995_732 / 4.0).abs() < 1e-5);
    let one = values(&lists(&[vec![5.0]]), 0.9).unwrap();
    assert!((one.estimates[0].value - 5.0).abs() < 1e-12);
    // One observation each: nothing tells people from chance.
    let once = values(&lists(&[vec![1.0], vec![9.0], vec![5.0]]), 0.9).unwrap();
    assert_eq!(once.difference(), Difference::NotSeen);
    assert!(
        once.estimates
            .iter()
            .all(|own| (own.value - 5.0).abs() < 1e-12 && own.interval.width() > 4.0)
    );
}

#[test]
fn where_people_differ_much_and_are_well_known_the_figures_are_their_own() {
    let apart = [
        Trials {
            successes: 900,
            trials: 1_000,
        },
        Trials {
            successes: 100,
            trials: 1_000,
        },
        Trials::default(),
    ];
    let found = rates(&apart, 0.95).unwrap();
    assert!(found.estimates[0].weight > 0.99 && (found.estimates[0].value - 0.9).abs() < 0.01);
    assert_eq!(found.difference(), Difference::Seen { higher: 0, lower: 1 });
    assert!(
        found.estimates[2].interval.width() > 0.9,
        "{:?}",
        found.estimates[2]
    );
}

/// With equal periods the moments are those of the textbook: α = m²/(v − m), β = α/m.
#[test]
fn equal_periods_give_the_moments_of_the_gamma_distribution() {
    let events = [2_u64, 9, 4, 15, 7, 1];
    let tallies: Vec<Tally> = events
        .iter()
        .map(|events| Tally {
            events: *events,
            periods: 1.0,
        })
        .collect();
    let found = counts(&tallies, 0.9).unwrap();
    let numbers: Vec<f64> = events.iter().map(|events| *events as f64).collect();
    let (m, v) = (
        domain::statistics::mean(&numbers).unwrap(),
        domain::statistics::variance(&numbers).unwrap(),
    );
    let (alpha, beta) = (m * m / (v - m), m / (v - m));
    for (own, events) in found.estimates.iter().zip(&numbers) {
        assert!((own.value - (alpha + events) / (beta + 1.0)).abs() < 1e-9);
    }
}

#[test]
fn a_person_without_a_record_is_like_the_team_and_a_team_without_one_like_the_company() {
    let of = |team, values: &[f64]| PersonRecord {
        team,
        periods: values.iter().map(|value| observation(*value, 1.0)).collect(),
    };
    let people = [
        of(1, &[1.1, 1.2, 1.15]),
        of(1, &[1.12, 1.18, 1.2]),
        of(1, &[]),
        of(2, &[0.6, 0.7, 0.65]),
        of(2, &[0.62, 0.66, 0.7]),
        of(3, &[]),
    ];
    let found = records(&people, 0.9).unwrap();
    assert!((found.people[2].value - found.teams[&1].value).abs() < 1e-12);
    assert!((found.people[5].value - found.mean).abs() < 1e-12);
    assert!(
        found.people[2].value > 1.1 && found.people[5].interval.width() > found.people[2].interval.width()
    );
    assert!(matches!(found.difference(), Difference::Seen { .. }));
    let constant = records(&[of(1, &[1.0, 1.0]), of(2, &[0.5, 0.5])], 0.9).unwrap();
    assert!((constant.people[0].value - 1.0).abs() < 1e-12 && (constant.people[1].value - 0.5).abs() < 1e-12);
}

/// The rates of a person of a whole period are the own ones where another shows that people differ without bounds: seven
/// in one period, with what chance leaves of that (Poisson: a standard error of √7).
#[test]
fn an_own_figure_beside_an_absurd_one_keeps_its_error() {
    let tally = |events, periods| Tally { events, periods };
    let found = counts(&[tally(7, 1.0), tally(1, 1e-18), tally(1, 12.0)], 0.9).unwrap();
    sound(&found).unwrap();
    let own = found.estimates[0];
    assert!(
        (own.value - 7.0).abs() < 1e-9 && (own.error - 7.0_f64.sqrt()).abs() < 1e-6,
        "{own:?}"
    );
    assert!(
        (3.0..4.0).contains(&own.interval.low) && (11.0..13.0).contains(&own.interval.high),
        "{own:?}"
    );
}

fn point(value: f64, error: f64) -> Estimate {
    Estimate {
        raw: None,
        value,
        weight: 0.0,
        error,
        interval: Interval {
            low: value,
            high: value,
        },
    }
}

#[test]
fn negative_parts_of_money_are_refused() {
    let parts = |deals: f64, rate: f64, value: f64| Parts {
        deals: point(deals, 0.5),
        rate: Some(point(rate, 0.1)),
        value: point(value, 100.0),
        value_sd: 100.0,
        ramp: 1.0,
    };
    for (deals, rate, value) in [
        (-2.0, 1.0, -1e4),
        (-2.0, 0.5, 1e4),
        (2.0, -0.5, 1e4),
        (2.0, 0.5, -1e4),
    ] {
        assert_eq!(
            expected(&parts(deals, rate, value), 0.9),
            Err(CapabilityError::Negative)
        );
    }
    let mut backwards = parts(2.0, 0.5, 1e4);
    backwards.deals.error = -1.0;
    assert_eq!(expected(&backwards, 0.9), Err(CapabilityError::Negative));
    assert!(expected(&parts(0.0, 0.5, 1e4), 0.9).unwrap().interval.high <= 0.0);
}

/// 0.00375 deals a period: 99.6 % of periods bring nothing, so that is where the outcome lies, though the mean does not.
#[test]
fn the_outcome_of_few_rare_deals_is_mostly_nothing() {
    let parts = Parts {
        deals: point(0.05, 0.3),
        rate: Some(point(0.3, 0.2)),
        value: point(1e6, 9e5),
        value_sd: 2e6,
        ramp: 0.25,
    };
    let found = expected(&parts, 0.95).unwrap();
    assert!(
        (found.mean - 3_750.0).abs() < 1e-6 && found.interval.contains(found.mean),
        "{found:?}"
    );
    assert!(found.outcome.low >= 0.0 && found.outcome.high < 1e-6, "{found:?}");
}

#[test]
fn money_is_the_product_and_a_ramp_scales_it() {
    let parts = |ramp| Parts {
        deals: point(10.0, 1.0),
        rate: Some(point(0.5, 0.05)),
        value: point(200.0, 20.0),
        value_sd: 100.0,
        ramp,
    };
    let full = expected(&parts(1.0), 0.9).unwrap();
    assert!((full.mean - 1_000.0).abs() < 1e-9);
    // Relative errors of 10 % each: √(1.01³ − 1) = 17.4 %; the 90 % interval is about ± 1.64 of it.
    assert!(
        (full.interval.width() - 2.0 * 1.645 * 174.1).abs() < 10.0,
        "{full:?}"
    );
    assert!(full.outcome.width() > full.interval.width());
    let half = expected(&parts(0.5), 0.9).unwrap();
    assert!((half.mean - 500.0).abs() < 1e-9 && half.interval.high < full.interval.high);
    assert!(expected(&parts(0.0), 0.9).unwrap().mean == 0.0);
    assert_eq!(expected(&parts(1.5), 0.9), Err(CapabilityError::Ramp));
}
