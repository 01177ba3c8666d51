use super::*;
use crate::basis::{Ramp, ramp_factor};
use crate::calendar::WorkingDays;
use crate::money::Minor;
use crate::plan::PlanPeriod;
use crate::target::Span;
use proptest::prelude::*;

const WHOLE_PPM: u32 = 1_000_000;

fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

fn span(from: &str, to: &str) -> Span {
    Span {
        starts_on: day(from),
        ends_on: day(to),
    }
}

/// The months of 2018.
fn months() -> Vec<PlanPeriod> {
    (1..=12)
        .map(|month| PlanPeriod {
            starts_on: Day::from_ymd(2018, month, 1).unwrap(),
            ends_on: Day::from_ymd(2018 + i32::from(month) / 12, month % 12 + 1, 1).unwrap(),
        })
        .collect()
}

fn year() -> Vec<(Span, u32)> {
    vec![(span("2018-01-01", "2019-01-01"), WHOLE_PPM)]
}

/// The days of each period before a day and from it on.
fn days_from(
    periods: &[PlanPeriod],
    there: &[(Span, u32)],
    away: &[Span],
    on: Day,
    working: &WorkingDays,
) -> Vec<Days> {
    let since = Span {
        starts_on: on,
        ends_on: Day(i32::MAX),
    };
    days_within(periods, there, away, since, working)
}

fn row(key: u128, amounts: &[i64]) -> Row {
    Row {
        key,
        amounts: amounts.iter().map(|amount| Minor(*amount)).collect(),
        takes: vec![true; amounts.len()],
    }
}

fn sums(amounts: &[Vec<Minor>]) -> Vec<i64> {
    (0..amounts.first().map_or(0, Vec::len))
        .map(|period| amounts.iter().map(|row| row[period].0).sum())
        .collect()
}

#[test]
fn a_month_is_parted_by_the_working_days_of_china() {
    let china = WorkingDays::named("cn").unwrap();
    // February 2018 has 17 working days in China, 6 of them before the 12th (the 11th is made up).
    let days = days_from(&months(), &year(), &[], day("2018-02-12"), &china);
    let (stays, moves) = (
        china.count(day("2018-02-01"), day("2018-02-12")),
        china.count(day("2018-02-12"), day("2018-03-01")),
    );
    assert_eq!(stays + moves, 17);
    let million = |days: i32| u64::from(days.unsigned_abs()) * u64::from(WHOLE_PPM);
    assert_eq!(
        days[1],
        Days {
            stays: million(stays),
            moves: million(moves)
        }
    );
    assert_eq!(
        (days[0].moves, days[2].stays),
        (0, 0),
        "all of it before, and after"
    );
    let part = days[1].part(Minor(1_700_000));
    assert_eq!(part, Minor(100_000 * i64::from(moves)));
    // Who is on leave for the rest of the month has worked all of their days.
    let away = [span("2018-02-12", "2018-03-01")];
    let days = days_from(&months(), &year(), &away, day("2018-02-12"), &china);
    assert_eq!(days[1].moves, 0);
    // Nobody is there in a whole month: its own days count, as its amount has to fall somewhere.
    let days = days_from(
        &months(),
        &year(),
        &[span("2018-02-01", "2018-03-01")],
        day("2018-02-12"),
        &china,
    );
    assert_eq!(days[1].moves, million(moves));
}

#[test]
fn a_period_without_working_days_counts_by_its_days() {
    let weekend = [PlanPeriod {
        starts_on: day("2018-02-03"),
        ends_on: day("2018-02-05"),
    }];
    let days = days_from(
        &weekend,
        &year(),
        &[],
        day("2018-02-04"),
        &WorkingDays::weekdays(),
    );
    assert_eq!(days[0].part(Minor(101)), Minor(50), "a tie stays before");
}

#[test]
fn what_a_leaver_leaves_goes_where_it_is_to_go() {
    let rows = [
        row(9, &[100, 90]),
        row(1, &[60, 0]),
        row(2, &[30, 0]),
        row(3, &[0, 0]),
    ];
    let parts = [Minor(10), Minor(90)];
    let moved = |taker| after(&rows, &leaves(&rows, 0, 3, &parts, taker).unwrap());
    let amounts = |rows: Vec<Vec<Minor>>| -> Vec<Vec<i64>> {
        rows.iter()
            .map(|row| row.iter().map(|amount| amount.0).collect())
            .collect()
    };
    assert_eq!(
        amounts(moved(Taker::Nobody)),
        [vec![90, 0], vec![60, 0], vec![30, 0], vec![10, 90]]
    );
    // By what they have in the period (6.67 and 3.33), and where that is nothing by what they have over all.
    assert_eq!(
        amounts(moved(Taker::Colleagues(&[1, 2]))),
        [vec![90, 0], vec![67, 60], vec![33, 30], vec![0, 0]]
    );
    // A beginner carries half of the second period, the rest is nobody's.
    assert_eq!(
        amounts(moved(Taker::Successor(1, &[0, 500_000]))),
        [vec![90, 0], vec![60, 45], vec![30, 0], vec![10, 45]]
    );
    // Who is not there takes nothing.
    let mut gone = rows.clone();
    gone[1].takes = vec![true, false];
    gone[2].takes = vec![true, false];
    let moves = leaves(&gone, 0, 3, &parts, Taker::Colleagues(&[1, 2])).unwrap();
    assert_eq!(amounts(after(&gone, &moves))[3], [0, 90]);
}

#[test]
fn who_comes_takes_what_one_of_them_has_as_far_as_they_are_there_and_ramped() {
    let weekdays = WorkingDays::weekdays();
    let months = months();
    let rows = [row(1, &[900; 12]), row(2, &[600; 12]), row(3, &[0; 12])];
    let on = day("2018-03-01");
    let days = days_from(&months, &year(), &[], on, &weekdays);
    let whole = vec![WHOLE_PPM; 12];
    let moves = joins(&rows, 2, Giver::Colleagues(&[0, 1]), &days, &whole).unwrap();
    let now = after(&rows, &moves);
    assert_eq!((now[2][1], now[2][2]), (Minor(0), Minor(500)), "a third of 1,500");
    assert_eq!((now[0][2], now[1][2]), (Minor(600), Minor(400)));
    // With the usual ramp nothing is expected in the first month, a quarter in the second.
    let ramp = ramp_factor(&Ramp::default(), on, &months, &weekdays).unwrap();
    let moves = joins(&rows, 2, Giver::Colleagues(&[0, 1]), &days, &ramp).unwrap();
    let now = after(&rows, &moves);
    let carried: Vec<i64> = now[2].iter().map(|amount| amount.0).collect();
    assert_eq!(carried, [0, 0, 0, 125, 250, 375, 500, 500, 500, 500, 500, 500]);
    // What is nobody's is taken as far as it goes.
    let rows = [row(1, &[700; 12]), row(2, &[0; 12])];
    let moves = joins(&rows, 1, Giver::Nobody(0), &days, &whole).unwrap();
    assert_eq!(after(&rows, &moves)[0][2..], vec![Minor(0); 10]);
}

#[test]
fn a_row_that_is_not_there_is_no_row() {
    let rows = [row(1, &[1])];
    assert_eq!(
        leaves(&rows, 0, 5, &[Minor(1)], Taker::Nobody),
        Err(StaffingError::NoRow { row: 5 })
    );
}

#[test]
fn pieces_of_a_span_are_what_nothing_covers() {
    let year = span("2018-01-01", "2019-01-01");
    let pieces = without(
        year,
        &[
            span("2018-05-01", "2018-06-01"),
            span("2017-12-01", "2018-02-01"),
            span("2018-05-15", "2018-07-01"),
            span("2018-12-01", "2020-01-01"),
            span("2021-01-01", "2021-02-01"),
        ],
    );
    assert_eq!(
        pieces,
        [span("2018-02-01", "2018-05-01"), span("2018-07-01", "2018-12-01")]
    );
    assert_eq!(without(year, &[span("2017-01-01", "2020-01-01")]), []);
    assert_eq!(without(year, &[]), [year]);
}

fn team() -> impl Strategy<Value = Vec<Row>> {
    proptest::collection::vec(proptest::collection::vec(0_i64..1_000_000_000, 12), 3..8).prop_map(|rows| {
        rows.iter()
            .enumerate()
            .map(|(place, amounts)| row(place as u128 * 7 + 1, amounts))
            .collect()
    })
}

proptest! {
    /// Every change keeps each period's sum, and what lies before the day.
    #[test]
    fn sums_stay_and_so_does_what_was_before(rows in team(), on in 17_532_i32..17_897, ramp in any::<bool>()) {
        let (months, china) = (months(), WorkingDays::named("cn").unwrap());
        let on = Day(on);
        let days = days_from(&months, &year(), &[], on, &china);
        let ppm = if ramp {
            ramp_factor(&Ramp::default(), on, &months, &china).unwrap()
        } else {
            vec![WHOLE_PPM; 12]
        };
        let own = parts(&rows[0].amounts, &days);
        let others: Vec<usize> = (2..rows.len()).collect();
        let before: Vec<Vec<Minor>> = rows.iter().map(|row| row.amounts.clone()).collect();
        for moves in [
            leaves(&rows, 0, 1, &own, Taker::Nobody).unwrap(),
            leaves(&rows, 0, 1, &own, Taker::Colleagues(&others)).unwrap(),
            leaves(&rows, 0, 1, &own, Taker::Successor(2, &ppm)).unwrap(),
            joins(&rows, 0, Giver::Nobody(1), &days, &ppm).unwrap(),
            joins(&rows, 0, Giver::Colleagues(&others), &days, &ppm).unwrap(),
            goes(0, 2, &own),
        ] {
            let now = after(&rows, &moves);
            prop_assert_eq!(sums(&now), sums(&before));
            prop_assert!(now.iter().flatten().all(|amount| amount.0 >= 0));
            for (period, month) in months.iter().enumerate() {
                if month.ends_on <= on {
                    prop_assert!(moves.iter().all(|one| one.period != period));
                }
            }
            // Taken back: as it was.
            let back: Vec<Move> = moves.iter().map(|one| Move { from: one.to, to: one.from, ..*one }).collect();
            let there: Vec<Row> = now.iter().zip(&rows).map(|(amounts, row)| Row { amounts: amounts.clone(), ..row.clone() }).collect();
            prop_assert_eq!(after(&there, &back), before.clone());
        }
    }

    /// Who moves and comes back on the same day has what they had: the new row is all of days from the day on.
    #[test]
    fn there_and_back_on_a_day_is_as_before(amounts in proptest::collection::vec(0_i64..1_000_000_000, 12), on in 17_532_i32..17_897) {
        let (months, china) = (months(), WorkingDays::named("cn").unwrap());
        let on = Day(on);
        let rows = [row(1, &amounts), row(2, &[0; 12])];
        let days = days_from(&months, &year(), &[], on, &china);
        let moved = after(&rows, &goes(0, 1, &parts(&rows[0].amounts, &days)));
        let since = [(Span { starts_on: on, ends_on: day("2019-01-01") }, WHOLE_PPM)];
        let days = days_from(&months, &since, &[], on, &china);
        let there = [
            Row { amounts: moved[0].clone(), ..rows[0].clone() },
            Row { amounts: moved[1].clone(), ..rows[1].clone() },
        ];
        let back = after(&there, &goes(1, 0, &parts(&there[1].amounts, &days)));
        prop_assert_eq!(&back[0], &rows[0].amounts);
        prop_assert!(back[1].iter().all(|amount| amount.0 == 0));
    }

    /// In whichever order colleagues are listed, each gets the same.
    #[test]
    fn the_order_of_colleagues_does_not_matter(rows in team(), on in 17_532_i32..17_897) {
        let days = days_from(&months(), &year(), &[], Day(on), &WorkingDays::weekdays());
        let own = parts(&rows[0].amounts, &days);
        let forth: Vec<usize> = (2..rows.len()).collect();
        let back: Vec<usize> = forth.iter().rev().copied().collect();
        let moved = |order: &[usize]| after(&rows, &leaves(&rows, 0, 1, &own, Taker::Colleagues(order)).unwrap());
        prop_assert_eq!(moved(&forth), moved(&back));
    }
}

#[test]
fn what_personnel_systems_call_leave_is_known() {
    for kind in LeaveKind::ALL {
        for lang in [Lang::ZhCn, Lang::En] {
            assert_eq!(LeaveKind::meant(kind.words(lang)), Some(kind));
        }
    }
    for (word, kind) in [
        (" Maternity Leave ", LeaveKind::Parental),
        ("病假（带薪）", LeaveKind::Sick),
        ("PTO", LeaveKind::Annual),
        ("调休", LeaveKind::Other),
        ("bereavement", LeaveKind::Other),
    ] {
        assert_eq!(LeaveKind::meant(word), Some(kind), "{word}");
    }
    assert_eq!(LeaveKind::meant("探亲假"), None);
    assert_eq!(LeaveKind::meant(" "), None);
}
