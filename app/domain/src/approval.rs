//! Approval: the chain a version passes before it is published, and what the page shows of it.
//!
//! Each step is one or several people who may decide; one of them is enough. Nobody approves what they handed in themselves
//! where somebody else could.

use serde::{Deserialize, Serialize};

use crate::access::Role;
use crate::calendar::Period;
use crate::id::{PlanId, SubmissionId, UserId, VersionId};
use crate::money::{Currency, Minor};
use crate::plan::{NodeIndex, PeriodIndex};
use crate::revision::Cause;
use crate::target::VersionStatus;

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
}

impl Decision {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Returned => "returned",
            Self::TakenBack => "taken_back",
            Self::Overridden => "overridden",
        }
    }

    /// The decision of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Approved, Self::Returned, Self::TakenBack, Self::Overridden]
            .into_iter()
            .find(|decision| decision.as_str() == name)
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

/// Which version is looked at; none: what waits for whoever asks, or else what is in review.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalQuery {
    /// The version.
    #[serde(default)]
    pub version: Option<VersionId>,
}

/// The page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approvals {
    /// What waits for a decision of whoever asks.
    pub waiting: Vec<InReview>,
    /// Everything else that is in review within sight.
    pub others: Vec<InReview>,
    /// The chain.
    pub chain: Chain,
    /// The version that is looked at.
    pub shown: Option<Shown>,
}

/// A version that is in review, as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InReview {
    /// The version.
    pub version: VersionId,
    /// Its plan's name.
    pub plan: String,
    /// Its number.
    pub number: u32,
    /// Who handed it in.
    pub by: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// Where it stands.
    pub progress: Progress,
}

/// The chain as it holds for what is handed in from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// Its steps; without any, nothing has to be approved.
    pub steps: Vec<Approver>,
    /// Whether whoever asks may change it.
    pub may_change: bool,
    /// Those who can be named in it, for who may change it.
    pub people: Vec<Named>,
}

/// Somebody a step can name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// What they are.
    pub role: Role,
}

/// A version with everything one decides by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The version.
    pub version: VersionId,
    /// Its plan.
    pub plan: PlanId,
    /// The plan's name.
    pub plan_name: String,
    /// The version's number.
    pub number: u32,
    /// Where it stands.
    pub status: VersionStatus,
    /// Its last command.
    pub head: u64,
    /// The currency of the amounts.
    pub currency: Currency,
    /// The periods, by their index.
    pub periods: Vec<Period>,
    /// Why there is this version, where it adjusts a published plan.
    pub reason: Option<Reason>,
    /// The steps: of what is handed in, or those it would pass.
    pub steps: Vec<Step>,
    /// What was handed in last.
    pub submission: Option<Submission>,
    /// Everything that was decided, the latest first.
    pub decided: Vec<Decided>,
    /// What whoever asks may do.
    pub may: May,
    /// The difference to what is on record; none where nothing is.
    pub difference: Option<Difference>,
    /// What changed since whoever asks looked last.
    pub look: Look,
}

/// Why a version adjusts a published plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// What called for it.
    pub cause: Cause,
    /// What was said when it was opened.
    pub words: Option<String>,
}

/// A step as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Who decides it.
    pub approver: Approver,
    /// The names of those who may; empty where nobody can, because they may not sign in any more.
    pub names: Vec<String>,
    /// Where it stands.
    pub state: StepState,
}

/// Where a step stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum StepState {
    /// Its turn has not come.
    Later,
    /// Somebody has to decide.
    Now,
    /// It is passed.
    Passed {
        /// Who approved.
        by: String,
        /// When, milliseconds since the epoch.
        at_ms: i64,
    },
}

/// Something that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// Which.
    pub id: SubmissionId,
    /// Who handed it in.
    pub by: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// What they said.
    pub note: Option<String>,
    /// Where it stands.
    pub progress: Progress,
}

/// Something that was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// What.
    pub decision: Decision,
    /// Who.
    pub by: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// Why.
    pub note: Option<String>,
}

/// What whoever asks may do with a version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a button of its own")]
pub struct May {
    /// Hand it in.
    pub submit: bool,
    /// Approve the step whose turn it is.
    pub approve: bool,
    /// Send it back.
    pub send_back: bool,
    /// Take back what one handed in oneself.
    pub take_back: bool,
    /// Publish it.
    pub publish: bool,
    /// Publish it without the rest of the chain.
    pub publish_anyway: bool,
    /// Say something of it.
    pub remark: bool,
}

/// The difference of a version to what is on record for its periods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// On record, over all rows that are seen at the top.
    pub before: Minor,
    /// In this version.
    pub after: Minor,
    /// Rows that differ in any period, in the order of the tree.
    pub rows: Vec<DifferenceRow>,
    /// Rows that differ and are not listed.
    pub more: u64,
    /// Rows on record that this version does not have.
    pub gone: u64,
}

/// A row that differs from what is on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DifferenceRow {
    /// The row.
    pub node: NodeIndex,
    /// What it is called.
    pub name: String,
    /// How deep it stands.
    pub depth: u8,
    /// Its total on record; none where it was not.
    pub before: Option<Minor>,
    /// Its total in this version.
    pub after: Minor,
    /// The same by period.
    pub periods: Vec<(Option<Minor>, Minor)>,
}

/// What changed since somebody looked last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// When they did, milliseconds since the epoch; none: never.
    pub at_ms: Option<i64>,
    /// Amounts that others changed since and that are another now.
    pub count: u64,
    /// The first of them by size.
    pub cells: Vec<Seen>,
}

/// An amount that changed since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The row.
    pub node: NodeIndex,
    /// What it is called.
    pub name: String,
    /// The period.
    pub period: PeriodIndex,
    /// What it was.
    pub before: Minor,
    /// What it is.
    pub after: Minor,
    /// Who changed it last.
    pub by: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
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
        for decision in [
            Decision::Approved,
            Decision::Returned,
            Decision::TakenBack,
            Decision::Overridden,
        ] {
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
