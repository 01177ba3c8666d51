//! Working days and the festival make no season, gaps leave the longest stretch, and nothing panics.

use super::*;

fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

fn months(first: &str, count: i32) -> Vec<Month> {
    let first = Month::parse(first).unwrap();
    (0..count).map(|step| first.plus(step)).collect()
}

fn name(month: Month) -> String {
    month.year().to_string()
}

/// So much on every working day.
fn steady(months: &[Month], working: &WorkingDays, amount: i64) -> Vec<(Day, Fact)> {
    let (first, last) = (months[0].first_day(), months[months.len() - 1].end());
    (first.0..last.0)
        .map(Day)
        .filter(|day| working.is_working(*day))
        .map(|day| (day, Fact(amount)))
        .collect()
}

#[test]
fn what_is_not_known_does_not_count_for_the_average() {
    let all = months("2017-02", 2);
    let days = [(day("2017-02-05"), Fact(50)), (day("2017-03-05"), Fact(150))];
    let weekdays = WorkingDays::weekdays();
    let calendar = Calendar {
        working: &weekdays,
        festival_of: None,
    };
    let season = season(&days, &all, Month::parse("2017-01").unwrap(), &calendar, name);
    assert_eq!(season.years.len(), 1);
    assert_eq!(season.years[0].raw[..4], [None, Some(0.5), Some(1.5), None]);
    assert_eq!((season.raw, season.used), (None, None));
}

#[test]
fn working_days_do_not_make_a_season() {
    let working = holidays::china();
    let all = months("2019-01", 60);
    let days = steady(&all, &working, 1_000_000);
    let calendar = Calendar {
        working: &working,
        festival_of: None,
    };
    let season = season(&days, &all, all[0], &calendar, name);
    // October has fewer working days than September in every year, but the same in all of them.
    let october = |year: usize| season.years[year].adjusted[9].unwrap();
    for year in 1..5 {
        assert!((october(year) - october(0)).abs() < 0.02, "{year}");
    }
    assert!((season.used.unwrap().iter().sum::<f64>() - 12.0).abs() < 1e-9);
}

#[test]
fn a_festival_that_moves_is_no_season() {
    let working = holidays::china();
    let all = months("2019-01", 72);
    // Double on the ten working days before the festival, as in many a trade.
    let days: Vec<(Day, Fact)> = steady(&all, &working, 1_000_000)
        .into_iter()
        .map(|(day, amount)| {
            let festival = spring_festival(day.ymd().0).unwrap();
            let rush = (festival.0 - 14..festival.0).contains(&day.0);
            (day, Fact(amount.0 * if rush { 3 } else { 1 }))
        })
        .collect();
    let calendar = Calendar {
        working: &working,
        festival_of: Some(2025),
    };
    let season = season(&days, &all, all[0], &calendar, name);
    let spread = |of: fn(&SeasonYear) -> &Vec<Option<f64>>, month: usize| {
        let values: Vec<f64> = season.years.iter().filter_map(|year| of(year)[month]).collect();
        assert_eq!(values.len(), 6);
        values.iter().copied().fold(f64::MIN, f64::max) - values.iter().copied().fold(f64::MAX, f64::min)
    };
    let (raw, aligned) = (spread(|year| &year.raw, 0), spread(|year| &year.adjusted, 0));
    println!("January: raw {raw:.3}, aligned {aligned:.3}");
    assert!(raw > 0.3 && aligned < raw / 3.0, "{raw} {aligned}");
    let (raw, aligned) = (spread(|year| &year.raw, 1), spread(|year| &year.adjusted, 1));
    println!("February: raw {raw:.3}, aligned {aligned:.3}");
    assert!(aligned < raw / 2.0, "{raw} {aligned}");
    assert_eq!(season.festival, spring_festival(2025));
    assert_eq!(season.festivals.len(), 6);
}

#[test]
fn the_festival_of_the_planned_year_itself_changes_nothing() {
    let working = holidays::china();
    let all = months("2024-01", 12);
    let days = steady(&all, &working, 7);
    let calendar = Calendar {
        working: &working,
        festival_of: Some(2024),
    };
    let season = season(&days, &all, all[0], &calendar, name);
    for month in 0..12 {
        let (raw, adjusted) = (season.years[0].raw[month], season.years[0].adjusted[month]);
        assert!((raw.unwrap() - adjusted.unwrap()).abs() < 1e-12, "{month}");
    }
}

#[test]
fn a_gap_leaves_the_longest_stretch() {
    let mut all = months("2018-01", 12);
    all.extend(months("2019-07", 30));
    let weekdays = WorkingDays::weekdays();
    let days = steady(&months("2018-01", 60), &weekdays, 3);
    let calendar = Calendar {
        working: &weekdays,
        festival_of: Some(2030),
    };
    let season = season(&days, &all, Month::parse("2018-07").unwrap(), &calendar, name);
    assert_eq!(season.months, 30);
    assert_eq!(season.years.len(), 5);
    assert!(season.years[0].raw[..6].iter().all(Option::is_none));
    assert!(season.used.is_some());
}

proptest::proptest! {
    #[test]
    fn odd_days_never_panic(
        amounts in proptest::collection::vec((-20_000_i32..40_000, i64::MIN..i64::MAX), 0..60),
        first in 20_000_i32..25_000,
        count in 0_i32..70,
        planned in 1960_i32..2060,
    ) {
        let days: Vec<(Day, Fact)> = amounts.into_iter().map(|(day, amount)| (Day(day), Fact(amount))).collect();
        let all: Vec<Month> = (0..count).map(|step| Month(first + step)).collect();
        let working = holidays::china();
        let calendar = Calendar { working: &working, festival_of: Some(planned) };
        let season = season(&days, &all, Month(first), &calendar, name);
        for ratio in season.years.iter().flat_map(|year| year.raw.iter().chain(&year.adjusted)).flatten() {
            proptest::prop_assert!(ratio.is_finite());
        }
    }
}
