use super::*;
use crate::calendar::{Day, Month};
use crate::outlook::CHANCES;

/// A series with a trend and a season, and noise of a seed.
fn sold(months: usize, level: f64, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    (0..months)
        .map(|month| {
            let season = [0.8, 0.6, 1.1, 0.9, 1.0, 1.2, 0.9, 0.9, 1.1, 1.0, 1.1, 1.4][month % 12];
            (level * season * (1.0 + 0.01 * month as f64) * (1.0 + 0.1 * random.normal()))
                .max(0.0)
                .round()
        })
        .collect()
}

/// A whole of two parts, of which one has two of its own.
fn tree(months: usize) -> Vec<Series> {
    let leaves = [sold(months, 4e6, 1), sold(months, 2e6, 2), sold(months, 1e6, 3)];
    let sum = |parts: &[usize]| -> Vec<f64> {
        (0..months)
            .map(|month| parts.iter().map(|part| leaves[*part][month]).sum())
            .collect()
    };
    let series = |above, values| Series {
        above,
        values,
        so_far: Minor(0),
        booked: Minor(0),
    };
    vec![
        series(None, sum(&[0, 1, 2])),
        series(Some(0), leaves[0].clone()),
        series(Some(0), sum(&[1, 2])),
        series(Some(2), leaves[1].clone()),
        series(Some(2), leaves[2].clone()),
    ]
}

fn reckon(series: &[Series], steps: usize, span: Range<usize>) -> Vec<Expected> {
    let forecasts = series
        .iter()
        .map(|series| alone(&series.values, &Calendar::plain(), steps))
        .collect();
    together(series, forecasts, &span)
}

/// Every month and the span: a parent is the sum of its children at P50, to the cent.
fn adds_up(series: &[Series], expected: &[Expected], span: &Range<usize>) {
    for place in 0..series.len() {
        let below: Vec<&Expected> = (0..series.len())
            .filter(|child| series[*child].above == Some(place))
            .map(|child| &expected[child])
            .collect();
        if below.is_empty() {
            continue;
        }
        for (step, month) in expected[place].fan.iter().enumerate() {
            let sum: i64 = below.iter().map(|child| child.fan[step].p50.0).sum();
            assert_eq!(sum, month.p50.0, "step {step} of {place}");
        }
        let sum: i64 = below.iter().map(|child| child.total.p50().0).sum();
        assert_eq!(sum, expected[place].total.p50().0, "{place}");
        let own = &expected[place];
        for step in 0..own.fan.len() {
            let at = |of: fn(&Fan) -> Minor| -> (i64, i64) {
                let sum = below.iter().map(|child| of(&child.fan[step]).0).sum();
                (of(&own.fan[step]).0, sum)
            };
            for (own, sum) in [at(|fan| fan.p10), at(|fan| fan.p25)] {
                assert!(own >= sum, "step {step} of {place}: {own} below {sum}");
            }
            for (own, sum) in [at(|fan| fan.p75), at(|fan| fan.p90)] {
                assert!(own <= sum, "step {step} of {place}: {own} above {sum}");
            }
        }
        for (level, chance) in CHANCES.iter().enumerate() {
            let own = own.total.amounts()[level].0;
            let sum: i64 = below.iter().map(|child| child.total.amounts()[level].0).sum();
            assert!(
                if *chance < 0.5 { own >= sum } else { own <= sum },
                "{chance} of {place}: {own} beside {sum}"
            );
        }
    }
    for one in expected {
        // No span is off by more than its months together.
        let months =
            |of: fn(&Fan) -> Minor| -> i64 { one.fan[span.clone()].iter().map(|fan| of(fan).0).sum() };
        let beside = one.total.p50().0 - months(|fan| fan.p50);
        if !span.is_empty() {
            assert!(one.total.p10().0 >= beside + months(|fan| fan.p10), "{one:?}");
            assert!(one.total.p25().0 >= beside + months(|fan| fan.p25), "{one:?}");
            assert!(one.total.p75().0 <= beside + months(|fan| fan.p75), "{one:?}");
            assert!(one.total.p90().0 <= beside + months(|fan| fan.p90), "{one:?}");
        }
        for month in &one.fan {
            assert!(
                month.p10 <= month.p25
                    && month.p25 <= month.p50
                    && month.p50 <= month.p75
                    && month.p75 <= month.p90
            );
        }
        assert!(one.total.p10() <= one.total.p50() && one.total.p50() <= one.total.p90());
    }
}

#[test]
fn branches_add_up_to_the_cent() {
    let series = tree(48);
    let expected = reckon(&series, 14, 2..14);
    adds_up(&series, &expected, &(2..14));
    let whole = &expected[0];
    let months: i64 = whole.fan[2..].iter().map(|month| month.p50.0).sum();
    assert_eq!(whole.total.p50().0, months);
    // A year is surer than its months.
    let width = |law: &Distribution| (law.p90().0 - law.p10().0) as f64 / law.p50().0 as f64;
    let month = whole.fan[5];
    assert!(width(&whole.total) < (month.p90.0 - month.p10.0) as f64 / month.p50.0 as f64);
    assert!((whole.total.chance_of(whole.total.p50()) - 0.5).abs() < 1e-9);
}

#[test]
fn what_is_done_counts_as_done() {
    let mut series = tree(48);
    for (place, booked) in [(0, 600), (1, 500), (2, 100), (3, 100), (4, 0)] {
        series[place].booked = Minor(booked);
    }
    let expected = reckon(&series, 3, 0..3);
    let months: i64 = expected[0].fan.iter().map(|month| month.p50.0).sum();
    assert_eq!(expected[0].total.p50().0, 600 + months);
    assert!(expected[0].total.chance_of(Minor(600)) > 1.0 - 1e-12);
    let over = reckon(&series, 1, 0..0);
    assert_eq!(over[1].total, Distribution::certain(Minor(500)));
    // A month that brought more than was expected of it is not taken back.
    for place in [0, 1] {
        series[place].so_far = Minor(1_000_000_000);
    }
    let expected = reckon(&series, 3, 0..3);
    adds_up(&series, &expected, &(0..3));
    assert_eq!(expected[1].fan[0].p50, Minor(1_000_000_000));
    assert!(expected[1].fan[0].p10 >= Minor(1_000_000_000));
}

#[test]
fn histories_of_any_kind_are_reckoned_with() {
    let hole: Vec<f64> = sold(40, 1e6, 9)
        .into_iter()
        .enumerate()
        .map(|(month, value)| {
            if (20..26).contains(&month) {
                f64::NAN
            } else {
                value
            }
        })
        .collect();
    let late: Vec<f64> = sold(40, 1e6, 4)
        .into_iter()
        .enumerate()
        .map(|(month, value)| if month < 38 { f64::NAN } else { value })
        .collect();
    for values in [
        vec![],
        vec![5.0],
        vec![0.0; 40],
        vec![f64::NAN; 40],
        vec![1e6, f64::NAN, 3e6, 0.0, 7.0],
        sold(7, 1e6, 5),
        hole,
        late,
        vec![-4e5, 1e6, 3e5, -2e6, 1e6, 8e5, 1e6, 2e5],
        vec![1e15; 30],
    ] {
        let series = vec![
            Series {
                above: None,
                values: values.clone(),
                so_far: Minor(0),
                booked: Minor(0),
            },
            Series {
                above: Some(0),
                values: values.clone(),
                so_far: Minor(0),
                booked: Minor(0),
            },
            Series {
                above: Some(0),
                values: vec![0.0; values.len()],
                so_far: Minor(0),
                booked: Minor(0),
            },
        ];
        let expected = reckon(&series, 18, 6..18);
        adds_up(&series, &expected, &(6..18));
        accuracy(&values, &Calendar::plain());
    }
}

#[test]
fn accuracy_is_tried_on_months_held_back() {
    let found: Vec<Accuracy> = (0..16)
        .filter_map(|seed| accuracy(&sold(60, 1e6, seed), &Calendar::plain()))
        .collect();
    assert_eq!(found.len(), 16);
    for one in &found {
        assert_eq!((one.tries, one.ahead, one.months), (8, 12, 3 + 6 + 9 + 12 * 5));
        assert!(one.off.unwrap() < 0.3 && one.year_off.unwrap() < 0.25, "{one:?}");
    }
    // Of all months together about as many lie in the range as it promises.
    let inside: u32 = found.iter().map(|one| one.inside).sum();
    let part = f64::from(inside) / (16.0 * 78.0);
    assert!((0.68..0.92).contains(&part), "{part}");
    assert_eq!(accuracy(&sold(12, 1e6, 1), &Calendar::plain()), None);
}

#[test]
fn a_calendar_covers_what_it_is_asked_for() {
    let first = Month::parse("2022-01").unwrap();
    let calendar = Calendar::china(first, 48);
    assert!(calendar.over(48).is_some() && calendar.over(49).is_none());
    let made = alone(&sold(36, 1e6, 3), &calendar, 12);
    assert_eq!(made.mean.len(), 12);
    assert!(Calendar::china(Month::parse("2090-01").unwrap(), 12).is_plain());
}

/// Four years in which ten days around the festival bring nothing, whatever month they fall into.
#[test]
fn a_festival_that_moves_is_found_in_the_history() {
    let first = Month::parse("2014-01").unwrap();
    let festivals =
        ["2014-01-31", "2015-02-19", "2016-02-08", "2017-01-28"].map(|day| Day::parse_iso(day).unwrap());
    let steady = sold(48, 1e6, 5);
    let values: Vec<f64> = (0..48)
        .map(|step| {
            let month = first.plus(step);
            let days = (month.first_day().0..month.end().0).map(Day);
            let (all, shut) = days.fold((0.0, 0.0), |(all, shut), day| {
                let near = festivals
                    .iter()
                    .any(|festival| (-5..5).contains(&(day.0 - festival.0)));
                (all + 1.0, shut + f64::from(u8::from(near)))
            });
            steady[step as usize] * (1.0 - shut / all)
        })
        .collect();
    let calendar = Calendar::china(first, 60);
    let found = festival(&values, &calendar).unwrap();
    assert!((-0.5..-0.1).contains(&found), "{found}");
    assert_eq!(festival(&values[..23], &calendar), None);
    assert_eq!(festival(&values, &Calendar::plain()), None);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]
    #[test]
    fn whatever_the_history_branches_add_up(
        months in 1_usize..30,
        levels in proptest::collection::vec(0.0_f64..1e9, 3),
        seed: u64,
    ) {
        let leaves: Vec<Vec<f64>> = levels
            .iter()
            .enumerate()
            .map(|(place, level)| sold(months, *level, seed.wrapping_add(place as u64)))
            .collect();
        let whole = (0..months).map(|month| leaves.iter().map(|leaf| leaf[month]).sum()).collect();
        let series = |above, values| Series { above, values, so_far: Minor(0), booked: Minor(7) };
        let mut all = vec![series(None, whole)];
        all[0].booked = Minor(21);
        all.extend(leaves.into_iter().map(|leaf| series(Some(0), leaf)));
        let expected = reckon(&all, 6, 0..6);
        adds_up(&all, &expected, &(0..6));
    }
}
