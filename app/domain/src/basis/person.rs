//! The bases that are sums of somebody's records: what was done, whose accounts, which deals.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{BasisError, checked};
use crate::money::Fact;

/// A deal that will not come again and is to teach nothing about the next period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneOff {
    /// Its record.
    pub record: u128,
    /// Whose, by position.
    pub node: usize,
    /// How much of it was credited to the node.
    pub amount: Fact,
}

/// What each node did in comparable periods, less the deals flagged as one-off; what that leaves below zero counts as
/// nothing.
pub fn history(amounts: &[Fact], one_offs: &[OneOff]) -> Result<Vec<f64>, BasisError> {
    let mut left: Vec<i128> = amounts.iter().map(|amount| i128::from(amount.0)).collect();
    let mut seen = BTreeSet::new();
    for (record, one_off) in one_offs.iter().enumerate() {
        let node = one_off.node;
        if !seen.insert((one_off.record, node)) {
            return Err(BasisError::Twice { record });
        }
        *left.get_mut(node).ok_or(BasisError::UnknownNode { node })? -= i128::from(one_off.amount.0);
    }
    Ok(left.into_iter().map(|amount| amount.max(0) as f64).collect())
}

/// An estimate with the interval it comes with.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The number that counts.
    pub value: f64,
    /// It may as well be as low as this.
    pub low: f64,
    /// Or as high as this.
    pub high: f64,
}

/// What each node is capable of: the estimates, which are shrunk towards the team already where little is known. The
/// interval decides nothing; one that does not contain its estimate is refused, for then one of both is wrong.
pub fn capability(estimates: &[Estimate]) -> Result<Vec<f64>, BasisError> {
    let value = |(node, estimate): (usize, &Estimate)| {
        let Estimate { value, low, high } = *estimate;
        let value = checked(node, value)?;
        // Also refuses bounds that are no numbers.
        if low <= value && value <= high {
            Ok(value)
        } else {
            Err(BasisError::Interval { node })
        }
    };
    estimates.iter().enumerate().map(value).collect()
}

/// A part of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ownership {
    /// Who owns it, by position.
    pub node: usize,
    /// Of the account, in millionths.
    pub share_ppm: u32,
}

/// An account with what is expected of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// What it is expected to bring in the plan's time.
    pub expected: f64,
    /// Who owns it; the shares come to at most the whole.
    pub owners: Vec<Ownership>,
}

/// The customer resources of `nodes` nodes: what the accounts they own are expected to bring, by their share. What nobody
/// owns counts for nobody.
///
/// A negative expectation is refused with the account's first owner.
pub fn customers(nodes: usize, accounts: &[Account]) -> Result<Vec<f64>, BasisError> {
    let mut parts = vec![Vec::new(); nodes];
    for (of, account) in accounts.iter().enumerate() {
        let sum_ppm: u64 = account
            .owners
            .iter()
            .map(|owner| u64::from(owner.share_ppm))
            .sum();
        if sum_ppm > 1_000_000 {
            return Err(BasisError::Shares { of, sum_ppm });
        }
        for &Ownership { node, share_ppm } in &account.owners {
            let part = checked(node, account.expected)? * (f64::from(share_ppm) / 1_000_000.0);
            parts
                .get_mut(node)
                .ok_or(BasisError::UnknownNode { node })?
                .push(part);
        }
    }
    sums(parts)
}

/// An open deal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deal {
    /// Whose, by position.
    pub node: usize,
    /// What it would bring.
    pub value: f64,
    /// How likely it is won in the plan's time, 0 to 1.
    pub probability: f64,
}

/// The open pipeline of `nodes` nodes: the sum of value × probability.
pub fn pipeline(nodes: usize, deals: &[Deal]) -> Result<Vec<f64>, BasisError> {
    let mut parts = vec![Vec::new(); nodes];
    for &Deal {
        node,
        value,
        probability,
    } in deals
    {
        if !(0.0..=1.0).contains(&probability) {
            return Err(BasisError::Probability {
                node,
                value: probability,
            });
        }
        parts
            .get_mut(node)
            .ok_or(BasisError::UnknownNode { node })?
            .push(checked(node, value)? * probability);
    }
    sums(parts)
}

/// The sum of each node's parts, whatever their order.
fn sums(parts: Vec<Vec<f64>>) -> Result<Vec<f64>, BasisError> {
    let sum = |(node, mut parts): (usize, Vec<f64>)| {
        parts.sort_unstable_by(f64::total_cmp);
        checked(node, parts.iter().sum())
    };
    parts.into_iter().enumerate().map(sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn history_leaves_one_offs_out() {
        let amounts = [Fact(100), Fact(50), Fact(-7)];
        let one_off = |record, node, amount| OneOff {
            record,
            node,
            amount: Fact(amount),
        };
        let trimmed = history(
            &amounts,
            &[one_off(1, 0, 60), one_off(2, 1, 80), one_off(1, 1, 1)],
        );
        assert_eq!(trimmed, Ok(vec![40.0, 0.0, 0.0]));
        let twice = history(&amounts, &[one_off(1, 0, 60), one_off(1, 0, 60)]);
        assert_eq!(twice, Err(BasisError::Twice { record: 1 }));
        let nobody = history(&amounts, &[one_off(1, 3, 60)]);
        assert_eq!(nobody, Err(BasisError::UnknownNode { node: 3 }));
    }

    #[test]
    fn accounts_count_for_their_owners_by_share() {
        let own = |node, share_ppm| Ownership { node, share_ppm };
        let account = |expected, owners: &[Ownership]| Account {
            expected,
            owners: owners.to_vec(),
        };
        let accounts = [
            account(100.0, &[own(0, 750_000), own(1, 250_000)]),
            account(40.0, &[own(1, 1_000_000)]),
            account(9.0, &[]),
        ];
        assert_eq!(customers(3, &accounts), Ok(vec![75.0, 65.0, 0.0]));
        let shared = [account(1.0, &[own(0, 750_000), own(1, 250_001)])];
        assert_eq!(
            customers(2, &shared),
            Err(BasisError::Shares {
                of: 0,
                sum_ppm: 1_000_001
            })
        );
        let huge = [
            account(f64::MAX, &[own(0, 1_000_000)]),
            account(f64::MAX, &[own(0, 1_000_000)]),
        ];
        assert_eq!(customers(1, &huge), Err(BasisError::NotFinite { node: 0 }));
    }

    #[test]
    fn deals_count_by_their_probability() {
        let deal = |node, value, probability| Deal {
            node,
            value,
            probability,
        };
        let open = [deal(1, 200.0, 0.25), deal(0, 10.0, 1.0), deal(1, 50.0, 0.5)];
        assert_eq!(pipeline(2, &open), Ok(vec![10.0, 75.0]));
        for bad in [1.5, -0.1, f64::NAN] {
            let refused = pipeline(1, &[deal(0, 1.0, bad)]);
            assert!(matches!(refused, Err(BasisError::Probability { node: 0, .. })));
        }
    }

    #[test]
    fn an_estimate_lies_in_its_interval() {
        let estimate = |value, low, high| Estimate { value, low, high };
        assert_eq!(capability(&[estimate(0.9, 0.7, 1.1)]), Ok(vec![0.9]));
        for bad in [estimate(0.9, 1.0, 1.1), estimate(0.9, f64::NAN, 1.1)] {
            assert_eq!(capability(&[bad]), Err(BasisError::Interval { node: 0 }));
        }
        assert!(capability(&[estimate(-1.0, -2.0, 0.0)]).is_err());
    }
}
