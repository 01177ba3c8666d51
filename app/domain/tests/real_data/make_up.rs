//! What is missing after the quarter of `adventureworks` from 2013-08-30, spread over the two quarters that were left of
//! the year. The expected numbers were reckoned from the raw files without any code of ours.

use domain::money::Minor;
use domain::revision::{OpenNumber, make_up};

use super::fairness::quotas;

/// The quarter from 2013-08-30, counted from the first with quotas.
const QUARTER: u32 = 9;

#[test]
fn what_is_missing_after_a_quarter_is_spread_over_what_is_left_of_the_year() {
    let Some(records) = quotas() else {
        return;
    };
    let cents = |ten_thousandths: i64| (ten_thousandths + 50) / 100;
    let find = |person: u32, quarter: u32| {
        let record = records
            .iter()
            .find(|record| record.person == person && record.period == quarter);
        record.map_or((0, 0), |record| (cents(record.target.0), cents(record.actual.0)))
    };
    let year = QUARTER - 1..QUARTER + 3;
    let mut people: Vec<u32> = records
        .iter()
        .filter(|record| year.contains(&record.period))
        .map(|record| record.person)
        .collect();
    people.sort_unstable();
    people.dedup();
    assert_eq!(people.len(), 17);
    let sum = |of: fn((i64, i64)) -> i64, quarters: std::ops::Range<u32>| -> i64 {
        let cells = people
            .iter()
            .flat_map(|person| quarters.clone().map(|quarter| (*person, quarter)));
        cells.map(|(person, quarter)| of(find(person, quarter))).sum()
    };
    let target = sum(|(target, _)| target, year.clone());
    let booked = sum(|(_, actual)| actual, QUARTER - 1..QUARTER + 1);
    assert_eq!((target, booked), (4_324_000_000, 2_021_972_953));

    // Who sold more in the same quarter a year before takes more.
    let open: Vec<(u32, u32)> = people
        .iter()
        .flat_map(|person| [(*person, QUARTER + 1), (*person, QUARTER + 2)])
        .collect();
    let numbers: Vec<OpenNumber> = open
        .iter()
        .map(|(person, quarter)| OpenNumber {
            target: Minor(find(*person, *quarter).0),
            booked: Minor(0),
            to_come: Minor(find(*person, *quarter - 4).1),
            floor: None,
            cap: None,
            locked: false,
        })
        .collect();
    let made = make_up(Minor(target - booked), &numbers).unwrap();
    assert_eq!(made.beyond, Minor(0));
    let total: i64 = made.amounts.iter().map(|amount| amount.0).sum();
    assert_eq!(booked + total, target, "the year's target, to the cent");
    let amount = |person: u32, quarter: u32| {
        let place = open.iter().position(|cell| *cell == (person, quarter)).unwrap();
        made.amounts[place].0 as f64
    };
    // Each its quota and 0.384181287857 of what was sold a year before.
    for (person, quarter, expected) in [
        (276, QUARTER + 1, 118_994_443.904),
        (276, QUARTER + 2, 149_531_065.766),
        (277, QUARTER + 1, 100_761_286.202),
        (277, QUARTER + 2, 135_474_171.630),
        (289, QUARTER + 1, 119_686_771.013),
        (289, QUARTER + 2, 173_110_463.194),
        // Nothing was sold a year before: the quota stays.
        (285, QUARTER + 1, 700_000.0),
        (285, QUARTER + 2, 2_600_000.0),
    ] {
        let found = amount(person, quarter);
        assert!((found - expected).abs() <= 1.0, "{person} {quarter}: {found}");
    }
}
