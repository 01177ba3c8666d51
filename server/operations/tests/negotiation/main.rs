//! Negotiating a number: who takes part, how it goes up, what an agreement does to a draft, deadlines, and the pulse of those
//! who confirm. On both databases.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod agreeing;
mod course;
mod entering;
mod overlap;
#[path = "../shared/planning.rs"]
mod planning;
mod pulse;
mod quarter;
mod quiet;
#[path = "../shared/refusal.rs"]
mod refusal;

use domain::access::Role;
use domain::calendar::PeriodKind;
use domain::id::{MemberId, NegotiationId, UnitId, UserId, VersionId};
use domain::money::Minor;
use domain::negotiation::{About, MoveKind, Subject, Talk};
use domain::notice::Notice;
use domain::plan::{Give, NodeIndex, NodeRef};
use operations::{Actor, Ask, Error, Operations, Scope, Step};
use planning::day;
use refusal::code;
use store::Database;
use store::user::User;
use uuid::Uuid;

/// A region with a team of six below it, and another team beside.
struct Company {
    operations: Operations,
    system: Scope,
    planner: Scope,
    /// Leads the region above the team.
    chief: Scope,
    /// Leads the team.
    leader: Scope,
    /// Leads the other team.
    other: Scope,
    people: Vec<MemberId>,
    reps: Vec<Scope>,
}

fn user(name: &str, role: Role, member: Option<MemberId>) -> User {
    User {
        id: UserId(Uuid::now_v7()),
        email: format!("{name}@x.example"),
        name: name.to_owned(),
        role,
        member,
        disabled_at_ms: None,
        language: None,
        demo: false,
        created_at_ms: 1,
    }
}

/// The view of a user who sees these units and members where the role is narrow.
fn view(system: &Scope, user: &User, units: &[UnitId], members: &[MemberId]) -> Scope {
    Scope {
        actor: Actor::User {
            id: user.id,
            name: user.name.clone(),
        },
        ..planning::user(system, user.role, user.member, units, members)
    }
}

async fn company(database: &Database) -> Company {
    let (system, root) = kit::organization(database).await;
    let mut operations = Operations::new(database.clone());
    // A Wednesday.
    operations.today = Some(day("2017-12-20"));
    let members = ["chief", "leader", "other", "a", "b", "c", "d", "e", "f"].map(kit::member);
    let ids = members.each_ref().map(|member| member.id);
    let [chief, leader, other, people @ ..] = ids;
    let region = kit::unit(root, "region", "R", Some(chief));
    let team = kit::unit(region.id, "team", "T1", Some(leader));
    let beside = kit::unit(region.id, "team", "T2", Some(other));
    let mut homes = vec![
        kit::assignment(chief, region.id),
        kit::assignment(leader, team.id),
        kit::assignment(other, beside.id),
    ];
    homes.extend(people.iter().map(|member| kit::assignment(*member, team.id)));
    let planner = user("planner", Role::Planner, None);
    let chief = user("chief", Role::Manager, Some(chief));
    let leader = user("leader", Role::Manager, Some(leader));
    let other = user("other", Role::Manager, Some(other));
    let reps: Vec<User> = members[3..]
        .iter()
        .map(|member| user(&member.name, Role::Rep, Some(member.id)))
        .collect();
    let units = [region.id, team.id, beside.id];
    let writer = database.writer().await.unwrap();
    store::member::insert(&writer, &system, &members).await.unwrap();
    store::unit::insert(&writer, &system, &[region, team, beside])
        .await
        .unwrap();
    store::assignment::insert(&writer, &system, &homes).await.unwrap();
    for user in [&planner, &chief, &leader, &other].into_iter().chain(&reps) {
        store::user::insert(&writer, &system, user, None).await.unwrap();
    }
    writer.commit().await.unwrap();
    let of_team: Vec<MemberId> = [ids[1]].into_iter().chain(people).collect();
    Company {
        planner: view(&system, &planner, &[], &[]),
        chief: view(&system, &chief, &units, &ids),
        leader: view(&system, &leader, &units[1..2], &of_team),
        other: view(&system, &other, &units[2..], &[ids[2]]),
        reps: reps
            .iter()
            .map(|user| view(&system, user, &[], user.member.as_slice()))
            .collect(),
        people: people.to_vec(),
        operations,
        system,
    }
}

impl Company {
    async fn draft(&self) -> VersionId {
        self.draft_until("2018-04-01").await
    }

    /// A draft in months from 2018 on.
    async fn draft_until(&self, until: &str) -> VersionId {
        let new = planning::plan("2018-01-01", until, PeriodKind::Month);
        self.operations
            .create_plan(&self.planner, new)
            .await
            .unwrap()
            .version
    }

    async fn published(&self) -> VersionId {
        let version = self.draft().await;
        self.operations.publish(&self.planner, version).await.unwrap();
        version
    }

    /// The row of somebody, and what it has.
    async fn number(&self, version: VersionId, of: MemberId) -> (NodeIndex, i64) {
        let open = self
            .operations
            .open_grid(&self.planner, version, None)
            .await
            .unwrap();
        let row = open.grid.shape().find(NodeRef::Member(of)).unwrap();
        (row, open.grid.amount(row, None).0)
    }

    async fn propose(
        &self,
        scope: &Scope,
        version: VersionId,
        row: NodeIndex,
        amount: i64,
    ) -> Result<NegotiationId, Error> {
        let about = About::Row {
            row,
            subject: Subject::Total,
        };
        self.begin(scope, version, about, amount).await
    }

    async fn begin(
        &self,
        scope: &Scope,
        version: VersionId,
        about: About,
        amount: i64,
    ) -> Result<NegotiationId, Error> {
        let ask = Ask::Minor(Minor(amount));
        self.operations
            .begin_negotiation(scope, version, about, ask, Some("y"))
            .await
    }

    async fn act(
        &self,
        scope: &Scope,
        id: NegotiationId,
        act: MoveKind,
        amount: Option<i64>,
    ) -> Result<(), Error> {
        let step = Step {
            act,
            amount: amount.map(|amount| Ask::Minor(Minor(amount))),
            words: Some("y".to_owned()),
            give: Give::Siblings,
        };
        self.operations.negotiate(scope, id, step).await
    }

    /// The threads of a version as somebody sees them.
    async fn talks(&self, scope: &Scope, version: VersionId) -> Vec<Talk> {
        self.operations.negotiations(scope, version).await.unwrap().talks
    }

    /// What somebody was told of negotiations, the oldest first.
    async fn told(&self, scope: &Scope) -> Vec<Notice> {
        let told = self.operations.notices(scope).await.unwrap().list;
        told.into_iter()
            .rev()
            .map(|told| told.notice)
            .filter(|notice| {
                matches!(
                    notice,
                    Notice::Negotiated { .. }
                        | Notice::NegotiationDue { .. }
                        | Notice::NegotiationExpired { .. }
                )
            })
            .collect()
    }
}
