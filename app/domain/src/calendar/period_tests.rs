use super::*;
use crate::calendar::Fiscal;

fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

fn name(month: u8, kind: PeriodKind, text: &str) -> String {
    Fiscal::new(month).unwrap().period_of(kind, day(text)).name
}

#[test]
fn periods_bear_the_year_in_which_the_fiscal_year_ends() {
    assert_eq!(name(1, PeriodKind::Quarter, "2017-03-31"), "2017-Q1");
    assert_eq!(name(4, PeriodKind::Quarter, "2017-03-31"), "2017-Q4");
    assert_eq!(name(4, PeriodKind::Quarter, "2017-04-01"), "2018-Q1");
    assert_eq!(name(4, PeriodKind::Year, "2017-04-01"), "2018");
    assert_eq!(name(4, PeriodKind::Half, "2017-10-01"), "2018-H2");
    assert_eq!(name(4, PeriodKind::Month, "2017-04-30"), "2017-04");
    assert_eq!(name(12, PeriodKind::Year, "2017-12-01"), "2018");
    // ISO weeks: 1 January 2017 was a Sunday of 2016's last week.
    assert_eq!(name(1, PeriodKind::Week, "2017-01-01"), "2016-W52");
    assert_eq!(name(1, PeriodKind::Week, "2018-12-31"), "2019-W01");
    assert_eq!(name(1, PeriodKind::Week, "2021-01-03"), "2020-W53");
    assert_eq!(Fiscal::new(13), Err(CalendarError::StartMonth(13)));
}

#[test]
fn the_last_periods_of_the_calendar_end_after_they_start() {
    for month in [1, 7] {
        let fiscal = Fiscal::new(month).unwrap();
        for text in [
            "9999", "9999-H2", "9999-Q4", "9999-12", "9999-W01", "0001", "0001-Q1", "0001-01",
        ] {
            let period = fiscal.named(text).unwrap();
            assert!(period.start < period.end, "{month} {text}: {period:?}");
        }
    }
    let last = Fiscal::default().named("9999").unwrap();
    assert_eq!((last.days(), last.last_day()), (365, day("9999-12-31")));
}

#[test]
fn neighbours_and_last_year() {
    let fiscal = Fiscal::default();
    let q1 = fiscal.named("2018-Q1").unwrap();
    assert_eq!(fiscal.step(&q1, -1).name, "2017-Q4");
    assert_eq!(fiscal.step(&q1, 4).name, "2019-Q1");
    assert_eq!(fiscal.year_before(&q1).name, "2017-Q1");
    assert_eq!(
        fiscal.year_before(&fiscal.named("2018-03").unwrap()).name,
        "2017-03"
    );
    for bad in [
        "2018-Q5", "2018-Q0", "2018-W54", "2018-13", "18-Q1", "2018-q1", "", "2018-H3", "2018-W00",
    ] {
        assert_eq!(fiscal.named(bad), None, "{bad}");
    }
}

#[test]
fn a_company_may_have_its_own_quarters() {
    let calendar = Calendar::from_boundaries(
        PeriodKind::Quarter,
        &[(5, 30), (8, 30), (11, 30), (2, 28)],
        2011,
        3,
    )
    .unwrap();
    let listed: Vec<_> = calendar
        .periods()
        .iter()
        .map(|p| (p.name.as_str(), p.start.to_string()))
        .collect();
    assert_eq!(listed.len(), 12);
    assert_eq!(listed[0], ("2012-Q1", "2011-05-30".to_owned()));
    assert_eq!(listed[3], ("2012-Q4", "2012-02-28".to_owned()));
    assert_eq!(listed[11], ("2014-Q4", "2014-02-28".to_owned()));
    assert_eq!(calendar.periods()[11].end, day("2014-05-30"));
    assert_eq!(calendar.period_of(day("2013-08-29")).unwrap().name, "2014-Q1");
    assert_eq!(calendar.period_of(day("2013-08-30")).unwrap().name, "2014-Q2");
    assert_eq!(calendar.period_of(day("2011-05-29")), None);
    assert_eq!(calendar.period_of(day("2014-05-30")), None);
    assert_eq!(calendar.between(day("2012-02-27"), day("2012-02-29")).len(), 2);
    assert_eq!(calendar.named("2013-Q2").unwrap().start, day("2012-08-30"));
    assert_eq!(
        Calendar::from_boundaries(PeriodKind::Quarter, &[(5, 30), (13, 1)], 2011, 1),
        Err(CalendarError::Boundary(13, 1))
    );
    assert!(Calendar::from_boundaries(PeriodKind::Quarter, &[(5, 30), (5, 30)], 2011, 1).is_err());
    assert!(Calendar::from_boundaries(PeriodKind::Quarter, &[], 2011, 1).is_err());
}

#[test]
fn lists_with_gaps_are_refused() {
    let starts = [day("2014-01-01"), day("2014-03-01"), day("2014-02-01")];
    assert!(matches!(
        Calendar::from_starts(PeriodKind::Month, &starts, day("2014-04-01")),
        Err(CalendarError::Empty(name)) if name == "2014-03-01"
    ));
    let mut periods = Fiscal::default().periods(PeriodKind::Month, day("2014-01-01"), day("2014-04-01"));
    periods.remove(1);
    assert!(matches!(
        Calendar::new(periods),
        Err(CalendarError::NotAdjacent { .. })
    ));
    assert_eq!(
        Calendar::new(Vec::new()),
        Err(CalendarError::Empty(String::new()))
    );
    let all = Calendar::regular(Fiscal::default(), PeriodKind::Week, Day(0), Day(1_000_000));
    assert_eq!(all.unwrap().periods().len(), Calendar::MAX_PERIODS);
}

proptest::proptest! {
    #[test]
    fn periods_tile_the_days(start_month in 1_u8..=12, from in 0_i32..30_000, length in 1_i32..1_500) {
        let fiscal = Fiscal::new(start_month).unwrap();
        for kind in PeriodKind::ALL {
            let calendar = Calendar::regular(fiscal, kind, Day(from), Day(from + length)).unwrap();
            let periods = calendar.periods();
            proptest::prop_assert!(periods[0].contains(Day(from)));
            proptest::prop_assert!(periods[periods.len() - 1].contains(Day(from + length - 1)));
            for period in periods {
                proptest::prop_assert_eq!(fiscal.named(&period.name), Some(period.clone()));
                proptest::prop_assert_eq!(fiscal.step(&fiscal.step(period, 1), -1), period.clone());
                proptest::prop_assert_eq!(calendar.period_of(period.last_day()), Some(period));
            }
        }
    }

    #[test]
    fn quarters_make_the_year(start_month in 1_u8..=12, at in 0_i32..30_000) {
        let fiscal = Fiscal::new(start_month).unwrap();
        let year = fiscal.period_of(PeriodKind::Year, Day(at));
        for kind in [PeriodKind::Month, PeriodKind::Quarter, PeriodKind::Half] {
            let parts = fiscal.periods(kind, year.start, year.end);
            proptest::prop_assert_eq!(parts.len() as i32, 12 / kind.months().unwrap());
            proptest::prop_assert_eq!(parts.iter().map(Period::days).sum::<i32>(), year.days());
            proptest::prop_assert_eq!(parts[0].start, year.start);
        }
    }
}
