//! Who asks, and how far they see. The first argument of every query.

use domain::access::{Grants, Permission, Reach, Role};
use domain::id::{MemberId, OrganizationId, TokenId, UnitId, UserId};

/// Who asks; written to the audit log with every change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The program itself: migrations, jobs, the command line; with what it is doing.
    System(&'static str),
    /// A signed-in person.
    User {
        /// Who.
        id: UserId,
        /// The name shown beside changes.
        name: String,
    },
    /// A program with an API token made by a person.
    Token {
        /// Which token.
        id: TokenId,
        /// On whose behalf.
        user: UserId,
        /// The token's name.
        name: String,
    },
}

impl Actor {
    /// The name shown beside changes; the program itself is called by what it is doing.
    pub fn name(&self) -> &str {
        match self {
            Self::System(purpose) => purpose,
            Self::User { name, .. } | Self::Token { name, .. } => name,
        }
    }

    /// The person who acts, or on whose behalf a program acts; the program itself is nobody.
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::System(_) => None,
            Self::User { id, .. } => Some(*id),
            Self::Token { user, .. } => Some(*user),
        }
    }
}

/// The view of one actor on one organization. There is no query without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The organization; first column of every key.
    pub organization: OrganizationId,
    /// Who asks.
    pub actor: Actor,
    /// What the actor may do.
    pub role: Role,
    /// What the sign-in lets through of that: everything but for API tokens.
    pub grants: Grants,
    /// How far the actor sees.
    pub reach: Reach,
    /// The person behind the actor, where there is one.
    pub member: Option<MemberId>,
    /// The units the reach starts from (those led today, or belonged to where none is led); empty for `Everything`.
    pub roots: Vec<UnitId>,
    /// `roots` with everything below by today's tree, sorted; empty for `Everything`.
    pub units: Vec<UnitId>,
    /// Members that belong today to `units`, and the own member, sorted; empty for `Everything`.
    pub members: Vec<MemberId>,
}

impl Scope {
    /// The whole organization in the name of the program itself.
    pub fn system(organization: OrganizationId, purpose: &'static str) -> Self {
        Self {
            organization,
            actor: Actor::System(purpose),
            role: Role::Owner,
            grants: Grants::ALL,
            reach: Reach::Everything,
            member: None,
            roots: Vec::new(),
            units: Vec::new(),
            members: Vec::new(),
        }
    }

    /// Whether the actor's role carries the permission and the sign-in lets it through.
    pub fn may(&self, permission: Permission) -> bool {
        self.role.may(permission) && self.grants.allow(permission)
    }

    /// Whether nothing of the organization is hidden.
    pub fn sees_everything(&self) -> bool {
        self.reach == Reach::Everything
    }

    /// Whether a member is within reach today.
    pub fn sees_member(&self, member: MemberId) -> bool {
        self.sees_everything() || self.member == Some(member) || self.members.binary_search(&member).is_ok()
    }

    /// Whether a unit is within reach today.
    pub fn sees_unit(&self, unit: UnitId) -> bool {
        self.sees_everything() || self.units.binary_search(&unit).is_ok()
    }
}
