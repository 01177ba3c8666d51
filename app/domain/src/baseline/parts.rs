//! Who brings how much: shares of a year, how they move from one year to the next, and how much hangs on a few.

use serde::{Deserialize, Serialize};

use crate::history::contributions;
use crate::money::{Fact, Minor};
use crate::statistics::gini;

/// What one part brought in two years that follow each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// Its place among the parts given.
    pub part: usize,
    /// Its share of the year before, 0 to 1; none where that brought nothing.
    pub share_before: Option<f64>,
    /// Its share of the year.
    pub share: Option<f64>,
    /// What it gave to the growth of the whole, as a share of the whole before: all of these sum to the growth.
    pub points: Option<f64>,
}

/// How shares moved, the largest movers first; parts that brought nothing in either year are left out.
pub fn drift(years: &[(Minor, Minor)]) -> Vec<Drift> {
    let whole = |side: fn(&(Minor, Minor)) -> Minor| -> i128 {
        years.iter().map(|year| i128::from(side(year).0)).sum()
    };
    let (before, now) = (whole(|year| year.0), whole(|year| year.1));
    let share = |amount: Minor, whole: i128| (whole > 0).then(|| amount.0 as f64 / whole as f64);
    let facts: Vec<(Fact, Fact)> = years
        .iter()
        .map(|(before, now)| (Fact(before.0), Fact(now.0)))
        .collect();
    let points = contributions(&facts);
    let mut moved: Vec<Drift> = years
        .iter()
        .enumerate()
        .filter(|(_, (before, now))| before.0 != 0 || now.0 != 0)
        .map(|(part, (was, is))| Drift {
            part,
            share_before: share(*was, before),
            share: share(*is, now),
            points: points.as_ref().and_then(|points| points.get(part).copied()),
        })
        .collect();
    let size = |drift: &Drift| {
        let shares = drift.share.unwrap_or_default() - drift.share_before.unwrap_or_default();
        shares.abs()
    };
    moved.sort_by(|a, b| size(b).total_cmp(&size(a)).then(a.part.cmp(&b.part)));
    moved
}

/// How much hangs on a few.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Concentration {
    /// How many parts brought something.
    pub parts: usize,
    /// How many of the largest bring four fifths of the whole, the last of them counted whole.
    pub four_fifths: usize,
    /// The share of the largest, 0 to 1.
    pub largest: f64,
    /// As if so many parts of the same size brought the whole: one over the sum of the squared shares (Herfindahl 1950;
    /// Laakso and Taagepera 1979).
    pub equal_parts: f64,
    /// How uneven they are: 0 where all bring the same, towards 1 where one brings everything (Gini 1912).
    pub gini: f64,
}

impl Concentration {
    /// Of what parts brought. Less than nothing counts as nothing; `None` where nobody brought anything.
    pub fn of(amounts: &[Minor]) -> Option<Self> {
        let mut positive: Vec<i128> = amounts
            .iter()
            .map(|amount| i128::from(amount.0))
            .filter(|amount| *amount > 0)
            .collect();
        positive.sort_unstable_by(|a, b| b.cmp(a));
        let whole: i128 = positive.iter().sum();
        let largest = *positive.first()?;
        let mut sum = 0;
        let four_fifths = positive
            .iter()
            .take_while(|amount| {
                let goes_on = sum * 5 < whole * 4;
                sum += **amount;
                goes_on
            })
            .count();
        let share = |amount: &i128| *amount as f64 / whole as f64;
        let sizes: Vec<f64> = positive.iter().map(|amount| *amount as f64).collect();
        let squares: f64 = positive.iter().map(|amount| share(amount) * share(amount)).sum();
        Some(Self {
            parts: positive.len(),
            four_fifths,
            largest: share(&largest),
            equal_parts: 1.0 / squares,
            gini: gini(&sizes).unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn minor(amounts: &[i64]) -> Vec<Minor> {
        amounts.iter().copied().map(Minor).collect()
    }

    /// P10: Superstore by region, 2016 to 2017: Central, East, South, West.
    #[test]
    fn the_drift_of_superstore_sums_to_its_growth() {
        let years = [
            (14_742_955, 14_709_815),
            (18_068_555, 21_308_224),
            (9_361_113, 12_290_587),
            (18_747_937, 25_012_900),
        ]
        .map(|(before, now)| (Minor(before), Minor(now)));
        let moved = drift(&years);
        let points: f64 = moved.iter().filter_map(|drift| drift.points).sum();
        assert!((points - 0.2036).abs() < 5e-5, "{points}");
        let of = |part: usize| {
            moved
                .iter()
                .find(|drift| drift.part == part)
                .and_then(|drift| drift.points)
                .map(|points| (points * 10_000.0).round() / 100.0)
        };
        assert_eq!(
            [of(0), of(1), of(2), of(3)],
            [Some(-0.05), Some(5.32), Some(4.81), Some(10.28)]
        );
        assert_eq!(moved[0].part, 0, "Central lost most of its share");
    }

    #[test]
    fn what_was_not_there_has_no_share() {
        let moved = drift(&[(Minor(0), Minor(5)), (Minor(0), Minor(0)), (Minor(0), Minor(15))]);
        assert_eq!(moved.len(), 2);
        assert!(
            moved
                .iter()
                .all(|drift| drift.share_before.is_none() && drift.points.is_none())
        );
        assert_eq!((moved[0].part, moved[0].share), (2, Some(0.75)));
        assert!(drift(&[]).is_empty());
    }

    #[test]
    fn few_large_ones_make_the_most() {
        let of = |amounts: &[i64]| Concentration::of(&minor(amounts)).unwrap();
        let even = of(&[10; 10]);
        assert_eq!((even.parts, even.four_fifths), (10, 8));
        assert!((even.equal_parts - 10.0).abs() < 1e-9 && (even.largest - 0.1).abs() < 1e-12);
        assert!(even.gini.abs() < 1e-12);
        let one = of(&[1_000, 1, 1, 0, -5]);
        assert_eq!((one.parts, one.four_fifths), (3, 1));
        assert!(one.equal_parts < 1.01 && one.largest > 0.99);
        assert_eq!(Concentration::of(&minor(&[0, -3])), None);
        assert_eq!(Concentration::of(&[]), None);
    }

    proptest! {
        #[test]
        fn concentration_lies_between_one_and_all(amounts in prop::collection::vec(-50_i64..i64::MAX / 2, 1..40)) {
            let Some(found) = Concentration::of(&minor(&amounts)) else { return Ok(()) };
            prop_assert!((1..=found.parts).contains(&found.four_fifths));
            prop_assert!(found.equal_parts >= 1.0 - 1e-9 && found.equal_parts <= found.parts as f64 + 1e-9);
            prop_assert!(found.largest > 0.0 && found.largest <= 1.0);
            prop_assert!((-1e-9..=1.0).contains(&found.gini));
        }

        #[test]
        fn shares_sum_to_one_and_points_to_the_growth(years in prop::collection::vec((0_i64..1 << 40, 0_i64..1 << 40), 1..30)) {
            let years: Vec<_> = years.into_iter().map(|(before, now)| (Minor(before), Minor(now))).collect();
            let moved = drift(&years);
            let sum = |of: fn(&Drift) -> Option<f64>| moved.iter().filter_map(of).sum::<f64>();
            let whole = |side: fn(&(Minor, Minor)) -> i64| years.iter().map(side).sum::<i64>();
            let (before, now) = (whole(|year| year.0.0), whole(|year| year.1.0));
            if now > 0 {
                prop_assert!((sum(|drift| drift.share) - 1.0).abs() < 1e-9);
            }
            if before > 0 {
                let growth = (now - before) as f64 / before as f64;
                prop_assert!((sum(|drift| drift.points) - growth).abs() < 1e-9 * (1.0 + growth.abs()));
            }
        }
    }
}
