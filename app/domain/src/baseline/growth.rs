//! Growth of periods: against the same period of the year before, and against the one before.

use serde::{Deserialize, Serialize};

use super::Coverage;
use crate::money::{Fact, Minor};

/// A period of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// What it brought.
    pub amount: Minor,
    /// Whether its facts are all there; what is not whole is compared with nothing.
    pub coverage: Coverage,
}

/// How a period compares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Growth {
    /// Against the same period of the year before (同比): 0.1 for 10 % more; none where either is not whole or there was
    /// nothing to grow from.
    pub on_year: Option<f64>,
    /// Against the period before (环比).
    pub on_period: Option<f64>,
}

/// How periods that follow each other compare; `in_year` of them make a year (12 months, 4 quarters, 1 year).
pub fn growth(periods: &[Amount], in_year: usize) -> Vec<Growth> {
    let against = |place: usize, back: usize| {
        let before = periods.get(place.checked_sub(back).filter(|_| back > 0)?)?;
        let now = periods.get(place)?;
        let whole = |one: &Amount| one.coverage == Coverage::Whole;
        (whole(before) && whole(now))
            .then(|| crate::history::growth(Fact(now.amount.0), Fact(before.amount.0)))
            .flatten()
    };
    (0..periods.len())
        .map(|place| Growth {
            on_year: against(place, in_year),
            on_period: against(place, 1),
        })
        .collect()
}

/// Compound growth from the first whole year to the last, and how many years lie between; none without two.
pub fn compound(years: &[Amount]) -> Option<(f64, u16)> {
    let whole = |year: &&(usize, &Amount)| year.1.coverage == Coverage::Whole;
    let years: Vec<(usize, &Amount)> = years.iter().enumerate().collect();
    let (first, last) = (years.iter().find(whole)?, years.iter().rfind(whole)?);
    let between = u16::try_from(last.0 - first.0).ok().filter(|years| *years > 0)?;
    let of = |year: &Amount| Fact(year.amount.0);
    crate::history::compound_growth(of(first.1), of(last.1), between).map(|yearly| (yearly, between))
}

/// Stretches of periods without anything in a history that had something before and after: rather missing than nothing. Each
/// is its first place and its length; shorter ones than `least` are pauses.
pub fn holes(amounts: &[Minor], least: usize) -> Vec<(usize, usize)> {
    let Some(last) = amounts.iter().rposition(|amount| amount.0 != 0) else {
        return Vec::new();
    };
    let first = amounts.iter().position(|amount| amount.0 != 0).unwrap_or(last);
    let mut found = Vec::new();
    let mut length = 0;
    for (place, amount) in amounts.iter().enumerate().take(last + 1).skip(first) {
        if amount.0 == 0 {
            length += 1;
        } else {
            if length >= least.max(1) {
                found.push((place - length, length));
            }
            length = 0;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(amounts: &[i64]) -> Vec<Amount> {
        let of = |amount: &i64| Amount {
            amount: Minor(*amount),
            coverage: Coverage::Whole,
        };
        amounts.iter().map(of).collect()
    }

    /// P10: the years of Superstore.
    #[test]
    fn the_years_of_superstore() {
        let years = whole(&[48_424_750, 47_053_251, 60_920_560, 73_321_526]);
        let grown: Vec<Option<f64>> = growth(&years, 1).iter().map(|growth| growth.on_year).collect();
        assert_eq!(grown[0], None);
        for (grown, expected) in grown[1..].iter().zip([-0.0283, 0.2947, 0.2036]) {
            assert!((grown.unwrap() - expected).abs() < 5e-5, "{grown:?}");
        }
        let (yearly, years) = compound(&years).unwrap();
        assert!((yearly - 0.1483).abs() < 5e-5, "{yearly}");
        assert_eq!(years, 3);
    }

    #[test]
    fn what_is_not_whole_is_compared_with_nothing() {
        let mut quarters = whole(&[10, 20, 30, 40, 20]);
        let all = growth(&quarters, 4);
        assert_eq!(
            (all[4].on_year, all[4].on_period, all[1].on_period),
            (Some(1.0), Some(-0.5), Some(1.0))
        );
        quarters[4].coverage = Coverage::EndsEarly;
        assert_eq!(growth(&quarters, 4)[4], Growth::default());
        quarters[0].coverage = Coverage::StartsLate;
        assert_eq!(growth(&quarters, 4)[1].on_period, None);
        assert_eq!(growth(&whole(&[0, 5]), 12)[1].on_period, None);
        assert_eq!(growth(&whole(&[5, 5]), 0)[1].on_year, None);
        assert!(growth(&[], 12).is_empty());
        assert_eq!(compound(&quarters[..1]), None);
        assert_eq!(compound(&quarters).map(|(_, years)| years), Some(2));
    }

    #[test]
    fn six_empty_months_are_a_hole_and_one_is_a_pause() {
        let mut months = [Minor(5); 24];
        months[3] = Minor(0);
        for month in &mut months[10..16] {
            *month = Minor(0);
        }
        months[23] = Minor(0);
        assert_eq!(holes(&months, 2), [(10, 6)]);
        assert_eq!(holes(&months, 1), [(3, 1), (10, 6)]);
        assert_eq!(holes(&months, 0), [(3, 1), (10, 6)]);
        assert!(holes(&[Minor(0); 5], 1).is_empty());
        assert!(holes(&[], 1).is_empty());
    }
}
