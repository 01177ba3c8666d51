//! Seasons and spans of a first split.

use uuid::Uuid;

use super::*;

fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

fn months(kind: PeriodKind) -> (Span, Vec<Period>) {
    let span = Span {
        starts_on: day("2018-01-01"),
        ends_on: day("2018-04-01"),
    };
    (
        span,
        Fiscal::default().periods(kind, span.starts_on, span.ends_on),
    )
}

/// Maven's bookings: they begin in March, and a quarter's last month is its largest.
fn maven() -> History {
    let member = MemberId(Uuid::from_u128(1));
    let amounts = [
        1_134_672, 721_932, 1_025_713, 1_338_466, 696_932, 1_050_059, 1_235_264, 731_980, 938_943, 1_131_573,
    ];
    History::of(
        (3..)
            .zip(amounts)
            .map(|(month, amount)| (member, Day::from_ymd(2017, month, 1).unwrap(), amount)),
    )
}

#[test]
fn season_of_an_unknown_year_before_is_that_of_whole_quarters() {
    let (span, periods) = months(PeriodKind::Month);
    let seasons = maven().seasons(span, day("2017-12-31"), Fiscal::default(), &periods);
    assert_eq!(
        seasons,
        [
            721_932 + 696_932 + 731_980,
            1_025_713 + 1_050_059 + 938_943,
            1_338_466 + 1_235_264 + 1_131_573
        ]
    );
}

#[test]
fn season_of_a_known_year_before_is_the_years() {
    let span = Span {
        starts_on: day("2018-04-01"),
        ends_on: day("2018-10-01"),
    };
    let periods = Fiscal::default().periods(PeriodKind::Quarter, span.starts_on, span.ends_on);
    let seasons = maven().seasons(span, day("2018-03-31"), Fiscal::default(), &periods);
    assert_eq!(
        seasons,
        [721_932 + 1_025_713 + 1_338_466, 696_932 + 1_050_059 + 1_235_264]
    );
}

/// Two years and ten months, in which December is three times an average month.
fn with_decembers() -> History {
    let member = MemberId(Uuid::from_u128(1));
    let first = Month::of(day("2015-01-01"));
    History::of((0..34).map(|back| {
        let month = first.plus(back);
        (
            member,
            month.first_day(),
            if month.month() == 12 { 3_000 } else { 1_000 },
        )
    }))
}

#[test]
fn season_of_a_year_that_is_not_over_is_that_of_the_years_before() {
    let span = Span {
        starts_on: day("2018-01-01"),
        ends_on: day("2019-01-01"),
    };
    let fiscal = Fiscal::default();
    let quarters = fiscal.periods(PeriodKind::Quarter, span.starts_on, span.ends_on);
    // November has begun and says nothing yet; December of this year is not there at all.
    let seasons = with_decembers().seasons(span, day("2017-11-20"), fiscal, &quarters);
    assert_eq!(seasons[0], seasons[1]);
    assert!(seasons[3] > seasons[0] * 5 / 4, "{seasons:?}");
    let months = fiscal.periods(PeriodKind::Month, span.starts_on, span.ends_on);
    let seasons = with_decembers().seasons(span, day("2017-11-20"), fiscal, &months);
    assert!(seasons[11] > seasons[0] * 2, "{seasons:?}");
}

#[test]
fn a_month_that_is_not_over_is_no_season() {
    let mut history = with_decembers();
    let member = MemberId(Uuid::from_u128(1));
    let _ = history.months.insert((member, day("2017-11-01")), 1_000);
    let _ = history.months.insert((member, day("2017-12-01")), 10);
    let span = Span {
        starts_on: day("2018-01-01"),
        ends_on: day("2019-01-01"),
    };
    let fiscal = Fiscal::default();
    let months = fiscal.periods(PeriodKind::Month, span.starts_on, span.ends_on);
    let seasons = history.seasons(span, day("2017-12-03"), fiscal, &months);
    assert!(seasons[11] > seasons[0] * 2, "{seasons:?}");
}

#[test]
fn without_history_days_count() {
    let (span, periods) = months(PeriodKind::Month);
    let seasons = History::default().seasons(span, day("2017-12-31"), Fiscal::default(), &periods);
    assert_eq!(seasons, [31, 28, 31]);
}

#[test]
fn trailing_year_ends_where_facts_do() {
    let (span, _) = months(PeriodKind::Month);
    let before = trailing(span, day("2017-11-20"));
    assert_eq!(
        before,
        Span {
            starts_on: day("2016-12-01"),
            ends_on: day("2017-12-01")
        }
    );
    let after = trailing(span, day("2026-11-20"));
    assert_eq!(
        after,
        Span {
            starts_on: day("2017-01-01"),
            ends_on: day("2018-01-01")
        }
    );
}
