//! Orders that may have been entered twice.

use std::collections::{BTreeMap, BTreeSet};

use super::{Evidence, Finding, Order, Settings, Severity, total};
use crate::calendar::Day;
use crate::funnel::days;
use crate::import::half_width;
use crate::money::Fact;

/// Orders that may be the same one: with the same reference apart from case, width, spaces and punctuation, or of the same
/// customer and amount within `settings.duplicate_days`, unless so many are to be expected by chance: customers that
/// order the same again and again, and amounts that everybody pays. Each order is in one finding at most. The stake is
/// what would be counted twice.
pub fn duplicates(orders: &[Order], settings: &Settings) -> Vec<Finding> {
    let all = total(orders.iter().map(|order| Fact(order.amount.0.saturating_abs())));
    let when = || orders.iter().map(|order| order.day);
    let span = when()
        .min()
        .zip(when().max())
        .map_or(0, |(first, last)| days(first, last));
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let mut findings = Vec::new();
    let mut add = |places: &[usize], same_reference, by_chance| {
        findings.push(finding(orders, places, same_reference, by_chance, all, settings));
    };
    let mut references: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, order) in orders.iter().enumerate() {
        let reference = order
            .reference
            .as_deref()
            .map(plain)
            .filter(|text| !text.is_empty());
        if let Some(reference) = reference {
            references.entry(reference).or_default().push(place);
        }
    }
    for places in references.values().filter(|places| places.len() > 1) {
        taken.extend(places);
        add(places, true, 0.0);
    }
    let mut customers: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut amounts: BTreeMap<i64, u64> = BTreeMap::new();
    for (place, order) in orders.iter().enumerate() {
        *amounts.entry(order.amount.0).or_default() += 1;
        let customer = order
            .customer
            .as_deref()
            .map(plain)
            .filter(|text| !text.is_empty());
        if let Some(customer) = customer {
            customers.entry(customer).or_default().push(place);
        }
    }
    for places in customers.values_mut() {
        places.sort_unstable_by_key(|place| (orders[*place].day, *place));
        let when: Vec<Day> = places.iter().map(|place| orders[*place].day).collect();
        for same in same_amounts(orders, places, &taken) {
            let own = same.len() as u64;
            for near in close_together(orders, &same, settings.duplicate_days) {
                let count = near.len() as u64;
                let (Some(first), Some(last)) = (near.first(), near.last()) else {
                    continue;
                };
                if count < 2 {
                    continue;
                }
                let amount = orders[*first].amount.0;
                // What of this amount everybody orders, and what this customer orders of it at other times.
                let others = amounts.get(&amount).map_or(0, |these| these - count) as f64;
                let common = others / (orders.len() as u64 - count).max(1) as f64;
                let reach = i32::try_from(settings.duplicate_days).unwrap_or(i32::MAX);
                let from = when.partition_point(|day| *day < orders[*first].day.plus(-reach));
                let to = when.partition_point(|day| *day <= orders[*last].day.plus(reach));
                let window = 2.0 * f64::from(settings.duplicate_days) + 1.0;
                let habit = (own - count) as f64 * window / f64::from(span).max(window);
                let by_chance = habit.max(common * (to - from - 1) as f64);
                if by_chance <= settings.duplicate_chance {
                    add(near, false, by_chance);
                }
            }
        }
    }
    super::rank(&mut findings);
    findings
}

/// The orders of one customer by amount, each sorted by day; those without an amount say nothing.
fn same_amounts(orders: &[Order], places: &[usize], taken: &BTreeSet<usize>) -> Vec<Vec<usize>> {
    let mut by_amount: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for place in places
        .iter()
        .filter(|place| orders[**place].amount.0 != 0 && !taken.contains(place))
    {
        by_amount.entry(orders[*place].amount.0).or_default().push(*place);
    }
    by_amount.into_values().filter(|same| same.len() > 1).collect()
}

/// Orders sorted by day, cut where one is more than some days after the first of its part.
fn close_together<'a>(orders: &[Order], same: &'a [usize], within: u32) -> Vec<&'a [usize]> {
    let mut parts = Vec::new();
    let mut rest = same;
    while let Some(first) = rest.first() {
        let length = rest.partition_point(|place| days(orders[*first].day, orders[*place].day) <= within);
        let (part, later) = rest.split_at(length.max(1));
        parts.push(part);
        rest = later;
    }
    parts
}

fn finding(
    orders: &[Order],
    places: &[usize],
    same_reference: bool,
    by_chance: f64,
    all: Fact,
    settings: &Settings,
) -> Finding {
    let amounts = || {
        places
            .iter()
            .map(|place| Fact(orders[*place].amount.0.saturating_abs()))
    };
    let when = || places.iter().map(|place| orders[*place].day);
    let dearest = amounts().max().unwrap_or_default();
    let stake = Fact(total(amounts()).0.saturating_sub(dearest.0));
    let (first, last) = (when().min(), when().max());
    Finding {
        severity: Severity::of(stake, all, settings),
        stake,
        since: first,
        records: places.iter().map(|place| orders[*place].key.clone()).collect(),
        evidence: Evidence::Duplicates {
            amount: dearest,
            count: places.len() as u64,
            apart: first.zip(last).map_or(0, |(first, last)| days(first, last)),
            same_reference,
            by_chance,
        },
    }
}

/// A text without what does not tell one from another.
fn plain(text: &str) -> String {
    let letters = text
        .chars()
        .map(half_width)
        .filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
