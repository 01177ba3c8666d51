//! Which branch of the tree: a unit, a person in a unit, or what in a unit belongs to nobody.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{MemberId, UnitId};
use crate::target::NodeRef;

/// Who a branch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// The unit itself, with all below it.
    Unit,
    /// A person in it.
    Member(MemberId),
    /// What was credited to nobody there, or to people who are not there any more.
    Nobody,
}

/// A branch of the tree. Written `unit:<id>`, `member:<id>@<unit>`, `nobody@<unit>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Place {
    /// The unit, or the unit it lies directly below.
    pub unit: UnitId,
    /// Who it is.
    pub who: Who,
}

impl Place {
    /// A unit.
    pub fn unit(unit: UnitId) -> Self {
        Self { unit, who: Who::Unit }
    }

    /// A node of a plan, and the unit above it where it is a person's.
    pub fn of_node(node: NodeRef, below: UnitId) -> Self {
        match node {
            NodeRef::Unit(unit) => Self::unit(unit),
            NodeRef::Member(member) => Self {
                unit: below,
                who: Who::Member(member),
            },
        }
    }

    /// Whether it is a unit.
    pub fn is_unit(self) -> bool {
        self.who == Who::Unit
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = self.unit;
        match self.who {
            Who::Unit => write!(f, "unit:{unit}"),
            Who::Member(member) => write!(f, "member:{member}@{unit}"),
            Who::Nobody => write!(f, "nobody@{unit}"),
        }
    }
}

/// A text that names no branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a branch: unit:<id>, member:<id>@<unit> or nobody@<unit>")]
pub struct NoPlace;

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        if let Some(unit) = text.strip_prefix("unit:") {
            return unit.parse().map(Self::unit).map_err(|_| NoPlace);
        }
        let (who, unit) = text.split_once('@').ok_or(NoPlace)?;
        let who = match who.strip_prefix("member:") {
            Some(member) => Who::Member(member.parse().map_err(|_| NoPlace)?),
            None if who == "nobody" => Who::Nobody,
            None => return Err(NoPlace),
        };
        let unit = unit.parse().map_err(|_| NoPlace)?;
        Ok(Self { unit, who })
    }
}

impl TryFrom<String> for Place {
    type Error = NoPlace;

    fn try_from(text: String) -> Result<Self, NoPlace> {
        text.parse()
    }
}

impl From<Place> for String {
    fn from(place: Place) -> Self {
        place.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back() {
        let unit = UnitId(uuid::Uuid::from_u128(7));
        let member = MemberId(uuid::Uuid::from_u128(8));
        for who in [Who::Unit, Who::Member(member), Who::Nobody] {
            let place = Place { unit, who };
            assert_eq!(place.to_string().parse(), Ok(place));
        }
        for bad in ["", "unit:", "unit:x", "member:1@2", "somebody@", "nobody@x"] {
            assert_eq!(bad.parse::<Place>(), Err(NoPlace), "{bad}");
        }
    }
}
