//! What of a plan reaches nobody: whoever decides on it is told before it is too late.

use serde::{Deserialize, Serialize};

use crate::money::{Currency, Minor};

/// Names of one list; the others are counted.
const NAMED: usize = 20;

/// Some of several, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// How many there are.
    pub count: u64,
    /// The first of them.
    pub first: Vec<String>,
}

impl Named {
    /// Of all there are, the first.
    pub fn of(names: impl IntoIterator<Item = String>) -> Self {
        let mut named = Self::default();
        for name in names {
            named.count += 1;
            if named.first.len() < NAMED {
                named.first.push(name);
            }
        }
        named
    }

    /// How many are not named.
    pub fn more(&self) -> u64 {
        self.count.saturating_sub(self.first.len() as u64)
    }
}

/// Numbers that nobody carries: nobody is told of them, and nobody confirms them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nobodys {
    /// What they sum to.
    pub amount: Minor,
    /// Of the amount.
    pub currency: Currency,
    /// The units whose numbers they are.
    pub of: Named,
}

/// What of a plan reaches nobody, within reach of whoever asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gaps {
    /// Numbers that nobody carries; none where there are none.
    pub nobodys: Option<Nobodys>,
    /// Units that have no row in it, of several below each other the highest. Of a version in work: later ones are no matter of
    /// what is on record.
    pub left_out: Named,
    /// Units somebody else leads by now than whoever carries their number; of a version on record, as the next one gives it to them.
    pub other_leaders: Named,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_named_and_all_are_counted() {
        let named = Named::of((0..NAMED + 3).map(|number| number.to_string()));
        assert_eq!((named.count, named.first.len(), named.more()), (23, NAMED, 3));
        assert_eq!(named.first[0], "0");
        assert_eq!(Named::of([]).more(), 0);
    }
}
