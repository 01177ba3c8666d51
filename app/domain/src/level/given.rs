//! What was decided of the levels of a whole plan: each a ratio of the target or an amount, or nothing yet.

use serde::{Deserialize, Serialize};

use super::{Above, Level, LevelError, Levels, MAX_PPM, Override, Ratios, TARGET_PPM, Value};
use crate::money::Minor;
use crate::plan::{Grid, NodeIndex};

/// The levels of a whole plan as they were decided. What nobody decided has no amount; it follows its neighbour in what is
/// worked out, so that the others can be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// What must not be missed.
    pub floor: Option<Value>,
    /// More than the target.
    pub stretch: Option<Value>,
    /// The most that is thought possible.
    pub challenge: Option<Value>,
}

impl Given {
    /// What was decided of a level; nothing for the target, which is what the plan says.
    pub fn get(&self, level: Level) -> Option<Value> {
        match level {
            Level::Floor => self.floor,
            Level::Target => None,
            Level::Stretch => self.stretch,
            Level::Challenge => self.challenge,
        }
    }

    /// The same with another level; the target stays what the plan says.
    pub fn with(mut self, level: Level, value: Option<Value>) -> Self {
        match level {
            Level::Floor => self.floor = value,
            Level::Target => {}
            Level::Stretch => self.stretch = value,
            Level::Challenge => self.challenge = value,
        }
        self
    }

    /// The same as ratios of the target, for who does not see the whole: an amount of it says how much that is. What is no ratio of
    /// the target is left out.
    #[must_use]
    pub fn as_ratios(self, target: Minor) -> Self {
        let ratio = |value: Option<Value>| match value? {
            Value::Ratio { ppm } => Some(Value::Ratio { ppm }),
            Value::Amount { amount } if target.0 > 0 => {
                let ppm = i128::from(amount.0) * i128::from(TARGET_PPM) / i128::from(target.0);
                u32::try_from(ppm).ok().map(|ppm| Value::Ratio { ppm })
            }
            Value::Amount { .. } => None,
        };
        Self {
            floor: ratio(self.floor),
            stretch: ratio(self.stretch),
            challenge: ratio(self.challenge),
        }
    }

    /// Whether nothing was decided.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The amounts of every level in every cell of a plan; none where nothing was decided.
    pub fn levels(&self, target: &Grid) -> Result<Option<Levels>, LevelError> {
        self.levels_with(target, &[])
    }

    /// The same with what rows below the topmost have instead; of a level that nobody decided they must have nothing.
    pub(super) fn levels_with(&self, target: &Grid, rows: &[Override]) -> Result<Option<Levels>, LevelError> {
        if self.is_empty() {
            return Ok(None);
        }
        let root = NodeIndex(0);
        let total = target.amount(root, None).0;
        let ppm = |value: Option<Value>| match value {
            Some(Value::Ratio { ppm }) => Some(ppm),
            // The nodes below share an amount of the whole as nearly as they share the target.
            Some(Value::Amount { amount }) if total > 0 => {
                let ppm = i128::from(amount.0) * i128::from(TARGET_PPM) / i128::from(total);
                Some(u32::try_from(ppm.clamp(0, i128::from(MAX_PPM))).unwrap_or(MAX_PPM))
            }
            Some(Value::Amount { .. }) | None => None,
        };
        let is_ratio = |value: Option<Value>| matches!(value, Some(Value::Ratio { .. }));
        // A ratio that was asked for is judged as it is, one that only comes near an amount must be in order.
        let floor_ppm = ppm(self.floor).map_or(TARGET_PPM, |found| {
            if is_ratio(self.floor) {
                found
            } else {
                found.min(TARGET_PPM)
            }
        });
        let stretch_ppm = ppm(self.stretch).map_or(TARGET_PPM, |found| {
            if is_ratio(self.stretch) {
                found
            } else {
                found.max(TARGET_PPM)
            }
        });
        let challenge_ppm = ppm(self.challenge).map_or(stretch_ppm, |found| {
            if is_ratio(self.challenge) {
                found
            } else {
                found.max(stretch_ppm)
            }
        });
        let overrides: Vec<Override> = [
            (Level::Floor, self.floor),
            (Level::Stretch, self.stretch),
            (Level::Challenge, self.challenge),
        ]
        .into_iter()
        .filter_map(|(level, value)| match value {
            Some(value @ Value::Amount { .. }) => Some(Override {
                node: root,
                level,
                value,
                above: Above::Stays,
            }),
            _ => None,
        })
        .chain(rows.iter().copied())
        .collect();
        let ratios = Ratios {
            floor_ppm,
            stretch_ppm,
            challenge_ppm,
        };
        let has_challenge = self.challenge.is_some();
        Levels::work_out(target, ratios, &overrides, has_challenge).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::calendar::Day;
    use crate::id::{MemberId, UnitId};
    use crate::plan::{NodeRef, NodeSpec, PlanPeriod, Shape};

    /// A company of two people over four quarters, of 1,000,003 in all.
    fn grid() -> Grid {
        let node = |parent, reference| NodeSpec {
            parent,
            reference,
            name: String::new(),
        };
        let member = |id: u128| NodeRef::Member(MemberId(uuid::Uuid::from_u128(id)));
        let nodes = vec![
            node(None, NodeRef::Unit(UnitId(uuid::Uuid::from_u128(1)))),
            node(Some(NodeIndex(0)), member(2)),
            node(Some(NodeIndex(0)), member(3)),
        ];
        let periods = (0..4)
            .map(|place| PlanPeriod {
                starts_on: Day(place * 90),
                ends_on: Day(place * 90 + 90),
            })
            .collect();
        let shape = Arc::new(Shape::new(nodes, periods).unwrap());
        let quarters = [200_001_i64, 250_001, 250_001, 300_000];
        let amounts = quarters
            .iter()
            .flat_map(|quarter| [*quarter, quarter / 3, quarter - quarter / 3])
            .map(Minor)
            .collect();
        Grid::from_amounts(shape, amounts).unwrap()
    }

    fn sums(given: Given) -> Result<[i64; 4], LevelError> {
        let grid = grid();
        let levels = given.levels(&grid)?.unwrap();
        Ok(Level::ALL.map(|level| {
            let periods: i64 = grid
                .periods()
                .map(|period| levels.amount(level, NodeIndex(0), Some(period)).0)
                .sum();
            let total = levels.amount(level, NodeIndex(0), None).0;
            assert_eq!(periods, total);
            for period in grid.periods() {
                let below: i64 = (1..3)
                    .map(|node| levels.amount(level, NodeIndex(node), Some(period)).0)
                    .sum();
                assert_eq!(below, levels.amount(level, NodeIndex(0), Some(period)).0);
            }
            total
        }))
    }

    #[test]
    fn nothing_decided_is_nothing() {
        assert_eq!(Given::default().levels(&grid()), Ok(None));
    }

    #[test]
    fn as_ratios_no_amount_is_told() {
        let given = Given {
            floor: Some(Value::Ratio { ppm: 900_000 }),
            stretch: Some(Value::Amount { amount: Minor(1_234) }),
            challenge: Some(Value::Amount { amount: Minor(-1) }),
        };
        let told = given.as_ratios(Minor(1_000));
        assert_eq!((told.floor, told.challenge), (given.floor, None));
        assert_eq!(told.stretch, Some(Value::Ratio { ppm: 1_234_000 }));
        assert_eq!(given.as_ratios(Minor(0)).stretch, None);
        assert_eq!(told.as_ratios(Minor(0)), told);
    }

    #[test]
    fn ratios_and_amounts_sum_in_every_period() {
        let ratio = |ppm| Some(Value::Ratio { ppm });
        let amount = |amount| {
            Some(Value::Amount {
                amount: Minor(amount),
            })
        };
        let [floor, target, stretch, challenge] = sums(Given {
            floor: ratio(900_000),
            stretch: amount(1_100_000),
            challenge: None,
        })
        .unwrap();
        assert!((floor - 900_003).abs() <= 2, "{floor}");
        assert_eq!((target, stretch), (1_000_003, 1_100_000));
        // What nobody decided follows.
        assert_eq!(challenge, stretch);
        let [.., stretch, challenge] = sums(Given {
            floor: None,
            stretch: ratio(1_100_000),
            challenge: amount(1_234_567),
        })
        .unwrap();
        assert!((stretch - 1_100_003).abs() <= 2);
        assert_eq!(challenge, 1_234_567);
    }

    #[test]
    fn what_is_out_of_order_is_refused() {
        let ratio = |ppm| Some(Value::Ratio { ppm });
        let amount = |amount| {
            Some(Value::Amount {
                amount: Minor(amount),
            })
        };
        let wrong = [
            Given {
                floor: amount(1_000_004),
                ..Given::default()
            },
            Given {
                floor: ratio(1_000_001),
                ..Given::default()
            },
            Given {
                stretch: amount(1_000_002),
                ..Given::default()
            },
            Given {
                stretch: ratio(1_200_000),
                challenge: amount(1_100_000),
                ..Given::default()
            },
            Given {
                stretch: amount(1_200_000),
                challenge: ratio(1_100_000),
                ..Given::default()
            },
            Given {
                floor: amount(-1),
                ..Given::default()
            },
        ];
        for given in wrong {
            let error = sums(given).unwrap_err();
            let level = match &error {
                LevelError::Ratio { level, .. } | LevelError::Order { level, .. } => *level,
                other => panic!("{other:?}"),
            };
            assert_ne!(level, Level::Target);
        }
    }
}
