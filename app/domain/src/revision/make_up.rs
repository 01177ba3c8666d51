//! What is still missing of a target, spread again over the people and periods that are left.
//!
//! The smallest change (engine.md C5): each number that is still open moves as little as possible from what it is, nobody
//! below what is booked already, in proportion to what each is still expected to bring; the numbers sum to what is missing.

use serde::{Deserialize, Serialize};

use crate::allocation::{AllocationError, Wish, project};
use crate::money::Minor;
use crate::plan::MAX_AMOUNT;

/// A number that is still open: a person's, in a period that is not over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenNumber {
    /// What it is now.
    pub target: Minor,
    /// What is booked of it: it does not fall below.
    pub booked: Minor,
    /// What is expected besides: who brings more takes and gives more.
    pub to_come: Minor,
    /// Not less than this, if somebody set a floor.
    pub floor: Option<Minor>,
    /// Not more than this, if somebody set a cap. What is booked beyond it stays.
    pub cap: Option<Minor>,
    /// Whether it is locked: it stays, unless more is booked already.
    pub locked: bool,
}

impl OpenNumber {
    /// The least and the most it may be.
    fn bounds(&self) -> (i64, i64) {
        let booked = self.booked.0.max(0);
        if self.locked {
            let held = self.target.0.max(booked);
            return (held, held);
        }
        let least = self.floor.map_or(booked, |floor| booked.max(floor.0));
        let most = self.cap.map_or(MAX_AMOUNT, |cap| cap.0).max(least);
        (least, most)
    }
}

/// How what is missing was spread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeUp {
    /// One amount for each open number, in the order given.
    pub amounts: Vec<Minor>,
    /// Already more than the total by so much: then every number is the least it may be.
    pub beyond: Minor,
}

/// Why what is missing has no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum MakeUpRefusal {
    /// Nothing is open.
    #[error("no number is open")]
    NothingOpen,
    /// Locks and caps leave too little room.
    #[error("{} minor units cannot be placed: locks and caps allow {}", missing.0, reachable.0)]
    NoRoom {
        /// What the open numbers may sum to at most.
        reachable: Minor,
        /// What is left beyond that.
        missing: Minor,
    },
    /// More than a plan can hold.
    #[error("the numbers are larger than a plan can hold")]
    TooLarge,
}

/// Brings the open numbers to sum to `total`. Ties of rounding go to the earlier number: the order must not depend on how
/// rows happen to be listed.
pub fn make_up(total: Minor, open: &[OpenNumber]) -> Result<MadeUp, MakeUpRefusal> {
    if open.is_empty() {
        return Err(MakeUpRefusal::NothingOpen);
    }
    let bounds: Vec<(i64, i64)> = open.iter().map(OpenNumber::bounds).collect();
    let least: i128 = bounds.iter().map(|(least, _)| i128::from(*least)).sum();
    if i128::from(total.0) <= least {
        return Ok(MadeUp {
            amounts: bounds.iter().map(|(least, _)| Minor(*least)).collect(),
            beyond: Minor(i64::try_from(least - i128::from(total.0)).map_err(|_| MakeUpRefusal::TooLarge)?),
        });
    }
    let free = |place: usize| bounds.get(place).is_some_and(|(least, most)| least < most);
    let sum = |of: fn(&OpenNumber) -> Minor| -> i128 {
        let numbers = open.iter().enumerate().filter(|(place, _)| free(*place));
        numbers.map(|(_, number)| i128::from(of(number).0.max(0))).sum()
    };
    // Where nothing is expected of anybody, equal changes relative to what there is; where there is nothing, equal ones.
    let (to_come, targets) = (sum(|number| number.to_come), sum(|number| number.target));
    let ease = |number: &OpenNumber| match (to_come, targets) {
        (0, 0) => 1,
        (0, _) => number.target.0.max(0).unsigned_abs(),
        _ => number.to_come.0.max(0).unsigned_abs(),
    };
    let wishes: Vec<Wish> = (0..)
        .zip(open.iter().zip(&bounds))
        .map(|(key, (number, (least, most)))| Wish {
            key,
            amount: number.target.0,
            ease: ease(number).min(MAX_AMOUNT.unsigned_abs()),
            lo: *least,
            hi: *most,
        })
        .collect();
    match project(total.0, &wishes) {
        Ok(found) => Ok(MadeUp {
            amounts: found.amounts.into_iter().map(Minor).collect(),
            beyond: Minor(0),
        }),
        Err(AllocationError::Infeasible {
            reachable, missing, ..
        }) => Err(MakeUpRefusal::NoRoom {
            reachable: Minor(reachable),
            missing: Minor(missing),
        }),
        Err(_) => Err(MakeUpRefusal::TooLarge),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(target: i64, booked: i64, to_come: i64) -> OpenNumber {
        OpenNumber {
            target: Minor(target),
            booked: Minor(booked),
            to_come: Minor(to_come),
            floor: None,
            cap: None,
            locked: false,
        }
    }

    fn amounts(total: i64, open: &[OpenNumber]) -> Vec<i64> {
        let made = make_up(Minor(total), open).unwrap();
        made.amounts.into_iter().map(|amount| amount.0).collect()
    }

    #[test]
    fn who_is_expected_to_bring_more_takes_more_of_what_is_missing() {
        let open = [number(100, 0, 300), number(100, 40, 100)];
        assert_eq!(amounts(240, &open), [130, 110]);
        // Nobody below what is booked.
        let open = [number(100, 0, 300), number(100, 95, 100)];
        assert_eq!(amounts(160, &open), [65, 95]);
        // Nothing expected: relative to what they are; nothing there: equally.
        assert_eq!(amounts(330, &[number(100, 0, 0), number(200, 0, 0)]), [110, 220]);
        assert_eq!(amounts(30, &[number(0, 0, 0), number(0, 0, 0)]), [15, 15]);
    }

    #[test]
    fn locks_and_caps_hold_and_say_so() {
        let locked = OpenNumber {
            locked: true,
            ..number(100, 20, 100)
        };
        let capped = OpenNumber {
            cap: Some(Minor(120)),
            ..number(100, 0, 100)
        };
        assert_eq!(
            amounts(350, &[locked, capped, number(100, 0, 100)]),
            [100, 120, 130]
        );
        assert_eq!(
            make_up(Minor(250), &[locked, capped]),
            Err(MakeUpRefusal::NoRoom {
                reachable: Minor(220),
                missing: Minor(30)
            })
        );
        let booked_beyond = OpenNumber {
            locked: true,
            ..number(100, 130, 0)
        };
        assert_eq!(amounts(230, &[booked_beyond, number(100, 0, 0)]), [130, 100]);
        assert_eq!(make_up(Minor(1), &[]), Err(MakeUpRefusal::NothingOpen));
    }

    #[test]
    fn more_than_the_target_leaves_everybody_at_what_is_booked() {
        let made = make_up(Minor(50), &[number(100, 40, 9), number(100, 30, 9)]).unwrap();
        assert_eq!(
            (made.amounts, made.beyond),
            (vec![Minor(40), Minor(30)], Minor(20))
        );
    }

    fn any_number() -> impl Strategy<Value = OpenNumber> {
        let amount = || 0_i64..5_000_000;
        (amount(), amount(), amount(), any::<[bool; 3]>(), amount()).prop_map(
            |(target, booked, to_come, [floored, capped, locked], bound)| OpenNumber {
                floor: floored.then_some(Minor(bound / 2)),
                cap: capped.then_some(Minor(bound)),
                locked,
                ..number(target, booked / 4, to_come)
            },
        )
    }

    proptest! {
        #[test]
        fn it_sums_keeps_bounds_and_changes_least(
            open in proptest::collection::vec(any_number(), 1..12),
            more in -3_000_000_i64..3_000_000,
        ) {
            let total = (open.iter().map(|number| number.target.0).sum::<i64>() + more).max(0);
            let Ok(made) = make_up(Minor(total), &open) else {
                let most: i64 = open.iter().map(|number| number.bounds().1).sum();
                prop_assert!(most < total, "refused only where there is no room");
                return Ok(());
            };
            let sum: i64 = made.amounts.iter().map(|amount| amount.0).sum();
            prop_assert_eq!(sum, total + made.beyond.0);
            for (number, amount) in open.iter().zip(&made.amounts) {
                let (least, most) = number.bounds();
                prop_assert!((least..=most).contains(&amount.0));
                prop_assert!(amount.0 >= number.booked.0);
            }
            // Nobody gives while another, who may, takes: the change of everybody free has one sign.
            if made.beyond.0 == 0 {
                let moved: Vec<i64> = open
                    .iter()
                    .zip(&made.amounts)
                    .filter(|(number, amount)| {
                        let (least, most) = number.bounds();
                        least < amount.0 && amount.0 < most
                    })
                    .map(|(number, amount)| amount.0 - number.target.0)
                    .collect();
                let up = moved.iter().any(|change| *change > 1);
                let down = moved.iter().any(|change| *change < -1);
                prop_assert!(!(up && down), "{:?}", moved);
            }
        }
    }
}
