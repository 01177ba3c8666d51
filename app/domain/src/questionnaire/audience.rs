//! Who is asked: people by their unit, by their role, or one by one.

use serde::{Deserialize, Serialize};

use super::Progress;
use crate::access::Role;
use crate::id::{MemberId, UnitId};

/// Whom a planner chose; together they are everybody who is in any of the three.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    /// Everybody in these units and below.
    #[serde(default)]
    pub units: Vec<UnitId>,
    /// Everybody who signs in with one of these roles.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// These people.
    #[serde(default)]
    pub members: Vec<MemberId>,
}

impl Audience {
    /// Chooses these too.
    pub fn add(&mut self, more: Self) {
        fn join<T: PartialEq>(list: &mut Vec<T>, more: Vec<T>) {
            for one in more {
                if !list.contains(&one) {
                    list.push(one);
                }
            }
        }
        join(&mut self.units, more.units);
        join(&mut self.roles, more.roles);
        join(&mut self.members, more.members);
    }

    /// Whether nobody is chosen.
    pub fn is_empty(&self) -> bool {
        self.units.is_empty() && self.roles.is_empty() && self.members.is_empty()
    }
}

/// Somebody who is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// Who.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// Whether they can sign in: who cannot is not reached.
    pub signs_in: bool,
    /// How far they came.
    pub progress: Progress,
}

/// Whom one can choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// The units there are today, with how deep in the tree, parents before their children.
    pub units: Vec<(UnitId, String, u8)>,
    /// The people there are today, with whether they can sign in.
    pub members: Vec<(MemberId, String, bool)>,
}
