//! P5 and P6 on the files themselves: bases of `AdventureWorks`, split within bounds and by the smallest change.

use std::collections::BTreeMap;

use domain::allocation::{
    Allocation, AllocationError, Held, Rounding, Share, Wish, allocate, allocate_in_steps, project,
    project_in_steps,
};
use domain::basis::{history, quantise};
use domain::money::Fact;

use super::{amount, rows};

/// In ten-thousandths, as everything here.
const UNIT: i64 = 10_000;
const TOTAL: i64 = 40_000_000 * UNIT;

/// What each person did in the last four quarters, by the sample's own figure, in order of ids.
fn bases() -> Option<Vec<(u128, Fact)>> {
    let (people, _) = rows("adventureworks/SalesPerson.csv")?;
    let mut bases: Vec<(u128, Fact)> = people
        .iter()
        .map(|person| {
            (
                person["BusinessEntityID"].parse().unwrap(),
                amount(&person["SalesYTD"]),
            )
        })
        .collect();
    bases.sort_unstable();
    assert_eq!(bases.len(), 17);
    let sum: i64 = bases.iter().map(|(_, base)| base.0).sum();
    assert_eq!(sum, 362_775_919_034);
    Some(bases)
}

/// ½·b/Σb + ½/17.
fn weights(bases: &[(u128, Fact)]) -> Vec<f64> {
    let amounts: Vec<Fact> = bases.iter().map(|(_, base)| *base).collect();
    let history = history(&amounts, &[]).unwrap();
    let sum: f64 = history.iter().sum();
    history.iter().map(|base| 0.5 * base / sum + 0.5 / 17.0).collect()
}

/// 1.00·b and 1.20·b, the cap to the next ten-thousandth.
fn bounds(base: Fact) -> (i64, i64) {
    (base.0, (base.0 * 12 + 9) / 10)
}

fn shares(bases: &[(u128, Fact)]) -> Vec<Share> {
    let weights = quantise(&weights(bases)).unwrap();
    let share = |((key, base), weight): (&(u128, Fact), u64)| {
        let (lo, hi) = bounds(*base);
        Share::free(*key, weight).within(lo, hi)
    };
    bases.iter().zip(weights).map(share).collect()
}

/// Equal changes relative to the base, from the share by weight.
fn wishes(bases: &[(u128, Fact)]) -> Vec<Wish> {
    let wish = |((key, base), weight): (&(u128, Fact), f64)| {
        let (lo, hi) = bounds(*base);
        Wish {
            key: *key,
            amount: (TOTAL as f64 * weight).round() as i64,
            ease: base.0.unsigned_abs(),
            lo,
            hi,
        }
    };
    bases.iter().zip(weights(bases)).map(wish).collect()
}

/// A column of the oracle, by id.
fn expected(column: &str) -> BTreeMap<u128, f64> {
    let (rows, _) = rows("expected/alloc_T40m_a050_b100_120_u1000.csv").unwrap();
    rows.iter()
        .map(|row| {
            (
                row["BusinessEntityID"].parse().unwrap(),
                row[column].parse().unwrap(),
            )
        })
        .collect()
}

fn agree(bases: &[(u128, Fact)], amounts: &[i64], column: &str) {
    let expected = expected(column);
    assert_eq!((expected.len(), amounts.iter().sum()), (17, TOTAL));
    for ((id, _), amount) in bases.iter().zip(amounts) {
        let (found, expected) = (*amount as f64 / UNIT as f64, expected[id]);
        assert!(
            (found - expected).abs() < 0.01,
            "{column} of {id}: {found}, not {expected}"
        );
    }
}

#[test]
fn p5_filled_like_water() {
    let Some(bases) = bases() else { return };
    let shares = shares(&bases);
    let split = allocate(TOTAL, &shares).unwrap();
    agree(&bases, &split.amounts, "wf");
    let ends = |end| split.held.iter().filter(|held| **held == end).count();
    assert_eq!((ends(Held::Low), ends(Held::High)), (3, 10));
    // λ for weights that sum to one.
    let (numerator, denominator) = split.level.unwrap();
    let all: u64 = shares.iter().map(|share| share.weight).sum();
    let lambda = numerator as f64 / denominator as f64 * all as f64 / UNIT as f64;
    assert!((lambda - 45_705_382.18).abs() < 0.01, "{lambda}");
    let stepped = allocate_in_steps(TOTAL, &shares, 1_000 * UNIT, Rounding::Nearest).unwrap();
    agree(&bases, &stepped.amounts, "wf_round");
}

#[test]
fn p5_by_the_smallest_change() {
    let Some(bases) = bases() else { return };
    let wishes = wishes(&bases);
    let least = project(TOTAL, &wishes).unwrap();
    agree(&bases, &least.amounts, "quad");
    let (numerator, denominator) = least.shift.unwrap();
    let mu = numerator as f64 / denominator as f64;
    assert!((mu - 0.137_691_4).abs() < 0.000_000_05, "{mu}");
    let stepped = project_in_steps(TOTAL, &wishes, 1_000 * UNIT, Rounding::Nearest).unwrap();
    agree(&bases, &stepped.amounts, "quad_round");
}

#[test]
fn p5_more_than_the_caps_is_refused_with_the_gap() {
    let Some(bases) = bases() else { return };
    let total = 45_000_000 * UNIT;
    for refused in [
        allocate(total, &shares(&bases)).unwrap_err(),
        project(total, &wishes(&bases)).unwrap_err(),
    ] {
        let AllocationError::Infeasible {
            reachable,
            missing,
            binding,
        } = refused
        else {
            panic!("{refused:?}");
        };
        assert_eq!(binding.len(), 17);
        assert!(
            (reachable as f64 / 1e4 - 43_533_110.28).abs() < 0.01,
            "{reachable}"
        );
        assert!((missing as f64 / 1e4 - 1_466_889.72).abs() < 0.01, "{missing}");
    }
}

#[test]
fn p6_pure_shares_in_thousands() {
    let Some(bases) = bases() else { return };
    let amounts: Vec<Fact> = bases.iter().map(|(_, base)| *base).collect();
    let weights = quantise(&history(&amounts, &[]).unwrap()).unwrap();
    let shares: Vec<Share> = bases
        .iter()
        .zip(weights)
        .map(|((key, _), weight)| Share::free(*key, weight))
        .collect();
    let Allocation { amounts, .. } =
        allocate_in_steps(TOTAL, &shares, 1_000 * UNIT, Rounding::Inside).unwrap();
    let thousands: Vec<i64> = amounts.iter().map(|amount| amount / (1_000 * UNIT)).collect();
    let expected = [
        617, 4_149, 4_688, 3_517, 1_603, 2_553, 1_491, 2_711, 2_872, 1_734, 1_738, 190, 1_568, 573, 2_015,
        4_539, 3_442,
    ];
    assert_eq!(thousands, expected);
    assert_eq!(amounts.iter().sum::<i64>(), TOTAL);
}
