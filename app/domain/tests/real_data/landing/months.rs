//! How often the interval of a month holds the truth, on the orders of `aw_dw2020`.

use std::collections::BTreeMap;

use domain::calendar::{Day, Fiscal, PeriodKind, WorkingDays};
use domain::landing::{Booked, Clock, Forecast, Outlook, landing};
use domain::money::{Fact, Minor};
use domain::pace::Curve;

use super::{cents, iso};
use crate::{amount, day, rows};

/// Orders of the resellers: day, seller, amount in cents.
fn orders() -> Option<Vec<(Day, String, Minor)>> {
    let (rows, _) = rows("aw_dw2020/FactResellerSales.csv")?;
    let mut orders: BTreeMap<(Day, String, String), i64> = BTreeMap::new();
    for row in &rows {
        let key = (
            day(&row["OrderDate"]),
            row["EmployeeKey"].clone(),
            row["SalesOrderNumber"].clone(),
        );
        *orders.entry(key).or_default() += amount(&row["SalesAmount"]).0;
    }
    Some(
        orders
            .into_iter()
            .map(|((day, seller, _), sum)| (day, seller, cents(Fact(sum))))
            .collect(),
    )
}

/// The landing of each month of resellers' orders, of the whole and of each seller, against the six months before.
#[test]
fn intervals_of_months_hold_about_as_often_as_they_say() {
    const PAST: usize = 6;
    let Some(orders) = orders() else {
        return;
    };
    let weekdays = WorkingDays::weekdays();
    let months = Fiscal::default().periods(PeriodKind::Month, iso("2017-07-01"), iso("2020-06-01"));
    let all: Vec<(Day, Fact)> = orders
        .iter()
        .map(|(day, _, value)| (*day, Fact(value.0 * 100)))
        .collect();
    let mut sellers: BTreeMap<Option<&str>, Vec<(Day, Minor)>> = BTreeMap::new();
    for (day, seller, value) in &orders {
        sellers.entry(None).or_default().push((*day, *value));
        sellers.entry(Some(seller)).or_default().push((*day, *value));
    }
    let sum = |orders: &[(Day, Minor)], from: Day, to: Day| {
        let first = orders.partition_point(|(day, _)| *day < from);
        let last = orders.partition_point(|(day, _)| *day < to);
        Booked::of(
            &orders[first..last]
                .iter()
                .map(|(_, value)| *value)
                .collect::<Vec<_>>(),
        )
    };
    for date in [5, 10, 15, 20, 25] {
        // Held and counted, of the whole and of sellers.
        let mut counts = [(0, 0); 2];
        for (index, month) in months.iter().enumerate().skip(12) {
            let today = month.start.plus(date - 1);
            let curve = Curve::known_by(today, &months[..index], &all, &weekdays);
            let clock = Clock::of(&curve, month, today, &weekdays);
            for (seller, orders) in &sellers {
                let past: Vec<Booked> = months[index - PAST..index]
                    .iter()
                    .map(|past| sum(orders, past.start, past.end))
                    .collect();
                // Who sold in half of the months or fewer had just come or was about to go.
                if past.iter().filter(|past| past.deals == 0).count() * 2 >= PAST {
                    continue;
                }
                let outlook = Outlook::Forecast(Forecast::of_past(&past).unwrap());
                let booked = sum(orders, month.start, today.plus(1));
                let landing = landing(&clock, booked, None, outlook, |_, _| 0.0, 3).unwrap();
                let truth = sum(orders, month.start, month.end).amount;
                let (held, counted) = &mut counts[usize::from(seller.is_some())];
                *held += i32::from(landing.p10 <= truth && truth <= landing.p90);
                *counted += 1;
            }
        }
        let [whole, sellers] = counts.map(|(held, counted)| f64::from(held) / f64::from(counted));
        println!(
            "80 % intervals on day {date}: whole {whole:.3} of {}, sellers {sellers:.3} of {}",
            counts[0].1, counts[1].1
        );
        assert!((0.70..=0.95).contains(&whole), "{whole}");
        assert!((0.70..=0.90).contains(&sellers), "{sellers}");
    }
}
