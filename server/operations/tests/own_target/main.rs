//! The number somebody carries: who gets one, that it stays until the next is published, what it tells of its past, and
//! that nothing changes it once it is on record. On both databases.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod history;
mod leaders;
#[path = "../shared/planning.rs"]
mod planning;
mod record;
#[path = "../shared/refusal.rs"]
mod refusal;
mod small;

use domain::access::Role;
use domain::calendar::PeriodKind;
use domain::id::{MemberId, UnitId, VersionId};
use domain::money::Minor;
use domain::plan::{Give, Keep, NodeIndex, NodeRef, PlanCommand};
use domain::split::Insist;
use domain::target::{Made, MyTarget};
use operations::{Operations, Scope};
use planning::day;
use refusal::code;
use store::Database;

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
        planning::user(&self.system, role, member, &[], member.as_slice())
    }

    fn rep(&self, member: MemberId) -> Scope {
        self.user(Role::Rep, Some(member))
    }

    async fn plan(&self, from: &str, to: &str, kind: PeriodKind) -> Made {
        let new = planning::plan(from, to, kind);
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
