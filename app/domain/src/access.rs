//! Who may do what: roles, reach and permissions. The store applies the reach; operations ask for the permission.

use serde::{Deserialize, Serialize};

/// What a person is in this organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sets up organization, people, roles, metrics; sees the audit log. May do everything a planner may.
    Owner,
    /// Turns history into targets, splits, publishes, imports.
    Planner,
    /// Sees and discusses the numbers of the own unit and below.
    Manager,
    /// Sees the own numbers and confirms them.
    Rep,
    /// Reads boards of everything without personal detail.
    Viewer,
}

impl Role {
    /// Every role, highest first.
    pub const ALL: [Self; 5] = [Self::Owner, Self::Planner, Self::Manager, Self::Rep, Self::Viewer];

    /// The wire and command-line name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Planner => "planner",
            Self::Manager => "manager",
            Self::Rep => "rep",
            Self::Viewer => "viewer",
        }
    }

    /// The role of a wire name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// How far this role sees unless narrowed.
    pub fn reach(self) -> Reach {
        match self {
            Self::Owner | Self::Planner | Self::Viewer => Reach::Everything,
            Self::Manager => Reach::UnitAndBelow,
            Self::Rep => Reach::Own,
        }
    }

    /// Whether this role carries the permission.
    pub fn may(self, permission: Permission) -> bool {
        use Permission as P;
        match permission {
            P::ManagePeople | P::ManageOrganization => self == Self::Owner,
            P::Import | P::EditPlan | P::Publish | P::ReadBaseline | P::SetBusinessDate => {
                matches!(self, Self::Owner | Self::Planner)
            }
            P::ReadPeople => matches!(self, Self::Owner | Self::Planner | Self::Manager),
            P::ReadAttainment => true,
            P::ReadRecords => self != Self::Viewer,
            P::Acknowledge => matches!(self, Self::Manager | Self::Rep | Self::Owner | Self::Planner),
        }
    }
}

/// Which part of the organization's data an actor sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Only what is credited to or carried by the own member.
    Own,
    /// The own member and those who report directly to the own unit.
    OwnAndReports,
    /// The units led or belonged to, without those below.
    Unit,
    /// The units led or belonged to and everything below.
    UnitAndBelow,
    /// The whole organization.
    Everything,
}

/// A thing one may be allowed to do; what is not listed needs only a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Create users, set roles, disable people, change units.
    ManagePeople,
    /// Change the organization's settings, load or remove the sample company.
    ManageOrganization,
    /// Run and undo imports.
    Import,
    /// See history by every dimension.
    ReadBaseline,
    /// Create plans and versions, split, lock, undo.
    EditPlan,
    /// Freeze a version as plan of record.
    Publish,
    /// Override the business date.
    SetBusinessDate,
    /// See units and people.
    ReadPeople,
    /// See attainment within one's reach.
    ReadAttainment,
    /// See single records (opportunities) within one's reach.
    ReadRecords,
    /// Confirm the own target.
    Acknowledge,
}
