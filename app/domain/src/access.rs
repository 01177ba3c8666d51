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

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 11] = [
        Self::ManagePeople,
        Self::ManageOrganization,
        Self::Import,
        Self::ReadBaseline,
        Self::EditPlan,
        Self::Publish,
        Self::SetBusinessDate,
        Self::ReadPeople,
        Self::ReadAttainment,
        Self::ReadRecords,
        Self::Acknowledge,
    ];
}

/// One of the things an API token may be made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grant {
    /// Read people, history, attainment and records.
    Read,
    /// Run and undo imports.
    Import,
    /// Change, publish and confirm plans; set the business date.
    Plan,
    /// Change people, units, users and the organization.
    Admin,
}

impl Grant {
    /// Every grant.
    pub const ALL: [Self; 4] = [Self::Read, Self::Import, Self::Plan, Self::Admin];

    /// The wire and command-line name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Import => "import",
            Self::Plan => "plan",
            Self::Admin => "admin",
        }
    }
}

/// What an actor's sign-in lets through of the role's permissions; everything but for API tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Grants(u8);

impl Grants {
    /// Nothing is held back.
    pub const ALL: Self = Self(0b1111);

    /// Reads words separated by spaces or commas; `Err` carries the first unknown word, or nothing where there is none at all.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut grants = 0;
        for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
            let grant = Grant::ALL.into_iter().find(|grant| grant.as_str() == word);
            grants |= 1 << grant.ok_or_else(|| word.to_owned())? as u8;
        }
        if grants == 0 {
            Err(String::new())
        } else {
            Ok(Self(grants))
        }
    }

    /// Whether a grant is among them.
    pub fn contains(self, grant: Grant) -> bool {
        self.0 & (1 << grant as u8) != 0
    }

    /// Whether they let a permission through.
    pub fn allow(self, permission: Permission) -> bool {
        use Permission as P;
        self.contains(match permission {
            P::ReadPeople | P::ReadBaseline | P::ReadAttainment | P::ReadRecords => Grant::Read,
            P::Import => Grant::Import,
            P::EditPlan | P::Publish | P::Acknowledge | P::SetBusinessDate => Grant::Plan,
            P::ManagePeople | P::ManageOrganization => Grant::Admin,
        })
    }
}

impl std::fmt::Display for Grants {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words: Vec<&str> = Grant::ALL
            .into_iter()
            .filter(|grant| self.contains(*grant))
            .map(Grant::as_str)
            .collect();
        f.write_str(&words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants_read_back_and_hold_back() {
        let grants = Grants::parse("import, read").unwrap();
        assert_eq!(grants.to_string(), "read import");
        assert!(grants.allow(Permission::Import) && grants.allow(Permission::ReadAttainment));
        assert!(!grants.allow(Permission::EditPlan) && !grants.allow(Permission::ManagePeople));
        assert_eq!(Grants::parse("read write"), Err("write".to_owned()));
        assert_eq!(Grants::parse(" "), Err(String::new()));
        assert_eq!(Grants::parse("read import plan admin"), Ok(Grants::ALL));
    }
}
