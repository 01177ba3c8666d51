//! The number somebody carries: who gets one, that it stays until the next is published, what it tells of its past, and
//! that nothing changes it once it is on record. On both databases.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod history;
mod leaders;
mod record;

use domain::access::Role;
use domain::calendar::{Day, PeriodKind};
use domain::id::{MemberId, UnitId, UserId, VersionId};
use domain::money::Minor;
use domain::plan::{Give, Keep, NodeIndex, NodeRef, PlanCommand};
use domain::split::Insist;
use domain::target::{Made, MyTarget, NewPlan};
use operations::{Actor, Error, Operations, Scope};
use store::Database;
use uuid::Uuid;

fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result.unwrap_err() {
        Error::Invalid(refusal) | Error::Conflict(refusal) => refusal.code,
        Error::NotFound(_) => "not_found".to_owned(),
        other => other.to_string(),
    }
}

/// Two teams below the company: in the first a leader with two people, in the second nobody but who leads it.
struct Company {
    operations: Operations,
    system: Scope,
    teams: [UnitId; 2],
    leaders: [MemberId; 2],
    people: [MemberId; 2],
}

async fn company(database: &Database) -> Company {
    let (system, root) = kit::organization(database).await;
    let mut operations = Operations::new(database.clone());
    operations.today = Some(day("2017-12-20"));
    let members = ["lead 1", "lead 2", "a", "b"].map(kit::member);
    let [lead, alone, a, b] = [0, 1, 2, 3].map(|place: usize| members[place].id);
    let units = [
        kit::unit(root, "team", "T1", Some(lead)),
        kit::unit(root, "team", "T2", Some(alone)),
    ];
    let teams = [units[0].id, units[1].id];
    let homes = [
        kit::assignment(lead, teams[0]),
        kit::assignment(a, teams[0]),
        kit::assignment(b, teams[0]),
        kit::assignment(alone, teams[1]),
    ];
    let writer = database.writer().await.unwrap();
    store::member::insert(&writer, &system, &members).await.unwrap();
    store::unit::insert(&writer, &system, &units).await.unwrap();
    store::assignment::insert(&writer, &system, &homes).await.unwrap();
    writer.commit().await.unwrap();
    Company {
        operations,
        system,
        teams,
        leaders: [lead, alone],
        people: [a, b],
    }
}

impl Company {
    fn user(&self, role: Role, member: Option<MemberId>) -> Scope {
        Scope {
            actor: Actor::User {
                id: UserId(Uuid::now_v7()),
                name: format!("{role:?}"),
            },
            role,
            reach: role.reach(),
            member,
            members: member.into_iter().collect(),
            ..self.system.clone()
        }
    }

    fn rep(&self, member: MemberId) -> Scope {
        self.user(Role::Rep, Some(member))
    }

    async fn plan(&self, from: &str, to: &str, kind: PeriodKind) -> Made {
        let new = NewPlan {
            metric: "bookings".to_owned(),
            from: day(from),
            to: day(to),
            period_kind: kind,
            total: Minor(1_000_000),
            name: None,
        };
        self.operations.create_plan(&self.system, new).await.unwrap()
    }

    async fn published(&self) -> Made {
        let made = self.plan("2018-01-01", "2018-04-01", PeriodKind::Month).await;
        self.operations.publish(&self.system, made.version).await.unwrap();
        made
    }

    /// A number of the draft changed by a planner.
    async fn set(&self, version: VersionId, of: NodeRef, amount: i64, reason: &str) {
        let planner = self.user(Role::Planner, None);
        self.set_as(&planner, version, of, amount, reason).await;
    }

    async fn set_as(&self, planner: &Scope, version: VersionId, of: NodeRef, amount: i64, reason: &str) {
        let open = self.operations.open_grid(planner, version, None).await.unwrap();
        let node = open.grid.shape().find(of).unwrap();
        let applied = self
            .operations
            .apply(
                planner,
                version,
                open.head,
                set(node, amount, reason),
                Insist::Ask,
            )
            .await
            .unwrap();
        assert!(applied.is_done(), "{:?}", applied.refused);
    }

    async fn mine(&self, member: MemberId) -> Vec<MyTarget> {
        self.operations.my_targets(&self.rep(member)).await.unwrap()
    }
}

fn set(node: NodeIndex, amount: i64, reason: &str) -> PlanCommand {
    PlanCommand::Set {
        node,
        period: None,
        amount: Minor(amount),
        keep: Keep::Column,
        give: Give::Siblings,
        reason: Some(reason.to_owned()),
    }
}
