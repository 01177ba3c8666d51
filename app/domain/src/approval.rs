//! Approval: the chain a version passes before it is published, and what the page shows of it.
//!
//! Each step is one or several people who may decide; one of them is enough. Nobody approves what they handed in themselves
//! where somebody else could.

mod page;

use serde::{Deserialize, Serialize};

use crate::access::Role;
use crate::id::{UserId, VersionId};

pub use page::{
    Against, ApprovalQuery, Approvals, Chain, Decided, Difference, DifferenceRow, InReview, Look, May, Named,
    Queue, Reason, Seen, Shown, Step, StepState, Submission,
};

/// The page.
pub const PAGE: &str = "/set/approval";
/// Steps of a chain.
pub const MOST_STEPS: usize = 8;

/// Where the approval of a version is.
pub fn address(version: VersionId) -> String {
    format!("{PAGE}?version={version}")
}

/// Who decides a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "approver")]
pub enum Approver {
    /// Whoever may publish: an owner or a planner.
    Planners,
    /// Anybody with a role.
    Role {
        /// Which.
        role: Role,
    },
    /// One person.
    Person {
        /// Who.
        user: UserId,
    },
}

/// Somebody who signs in, as far as approval is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// Whether they may sign in.
    pub enabled: bool,
}

impl Approver {
    /// Whether somebody is meant.
    pub fn means(self, signer: &Signer) -> bool {
        match self {
            Self::Planners => matches!(signer.role, Role::Owner | Role::Planner),
            Self::Role { role } => signer.role == role,
            Self::Person { user } => signer.id == user,
        }
    }
}

/// Whether a role may be asked to approve: it must see what is not published yet.
pub fn can_approve(role: Role) -> bool {
    matches!(role, Role::Owner | Role::Planner | Role::Manager)
}

/// Who may decide a step now: those who are meant and may sign in. Whoever handed it in is not among them where somebody else
/// is.
pub fn deciders(approver: Approver, signers: &[Signer], submitter: Option<UserId>) -> Vec<UserId> {
    let meant = signers
        .iter()
        .filter(|signer| signer.enabled && can_approve(signer.role) && approver.means(signer));
    let all: Vec<UserId> = meant.map(|signer| signer.id).collect();
    let others: Vec<UserId> = all.iter().copied().filter(|id| Some(*id) != submitter).collect();
    if others.is_empty() { all } else { others }
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// A step is passed.
    Approved,
    /// It goes back to be worked on.
    Returned,
    /// Whoever handed it in took it back.
    TakenBack,
    /// An owner published without the rest of the chain.
    Overridden,
    /// An owner published beyond limits of fairness that block.
    BeyondLimits,
    /// An owner published an adjustment of a version that was on record no more.
    ReplacedBase,
}

impl Decision {
    /// Every decision.
    const ALL: [Self; 6] = [
        Self::Approved,
        Self::Returned,
        Self::TakenBack,
        Self::Overridden,
        Self::BeyondLimits,
        Self::ReplacedBase,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Returned => "returned",
            Self::TakenBack => "taken_back",
            Self::Overridden => "overridden",
            Self::BeyondLimits => "beyond_limits",
            Self::ReplacedBase => "replaced_base",
        }
    }

    /// The decision of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decision| decision.as_str() == name)
    }
}

/// Where something that was handed in stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Somebody has to decide.
    Open,
    /// Every step is passed.
    Approved,
    /// It went back.
    Returned,
    /// It was published.
    Published,
}

impl Progress {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Returned => "returned",
            Self::Published => "published",
        }
    }

    /// The progress of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Open, Self::Approved, Self::Returned, Self::Published]
            .into_iter()
            .find(|progress| progress.as_str() == name)
    }

    /// Whether the version is closed by it.
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::Open | Self::Approved)
    }
}

/// Whether a version needs to be approved, for the head of its grid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// It can be published as it is.
    #[default]
    NotNeeded,
    /// It has to be handed in first.
    Needed,
    /// It waits for those who decide.
    Open,
    /// It is approved, and can be published.
    Approved,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(number: u128, role: Role) -> Signer {
        Signer {
            id: UserId(uuid::Uuid::from_u128(number)),
            name: format!("{number}"),
            role,
            enabled: true,
        }
    }

    #[test]
    fn nobody_approves_the_own_where_somebody_else_could() {
        let signers = [
            signer(1, Role::Owner),
            signer(2, Role::Planner),
            signer(3, Role::Rep),
        ];
        let ids = |found: Vec<UserId>| found.iter().map(|id| id.0.as_u128()).collect::<Vec<_>>();
        let submitter = Some(signers[1].id);
        assert_eq!(ids(deciders(Approver::Planners, &signers, submitter)), [1]);
        assert_eq!(ids(deciders(Approver::Planners, &signers, None)), [1, 2]);
        assert_eq!(
            ids(deciders(Approver::Planners, &signers[1..], submitter)),
            [2],
            "alone"
        );
        let person = Approver::Person { user: signers[2].id };
        assert!(
            deciders(person, &signers, submitter).is_empty(),
            "a rep sees no drafts"
        );
        let mut gone = signers.to_vec();
        gone[0].enabled = false;
        let person = Approver::Person { user: gone[0].id };
        assert!(deciders(person, &gone, submitter).is_empty());
    }

    #[test]
    fn stored_names_read_back() {
        for decision in Decision::ALL {
            assert_eq!(Decision::parse(decision.as_str()), Some(decision));
        }
        for progress in [
            Progress::Open,
            Progress::Approved,
            Progress::Returned,
            Progress::Published,
        ] {
            assert_eq!(Progress::parse(progress.as_str()), Some(progress));
        }
    }
}
