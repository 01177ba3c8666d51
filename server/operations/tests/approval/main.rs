//! Approval: the chain, handing in, deciding, remarks, and what changed since one looked; on both databases.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod chain;
mod news;
#[path = "../shared/planning.rs"]
mod planning;
#[path = "../shared/refusal.rs"]
mod refusal;
mod remarks;
mod seen;

use domain::access::Role;
use domain::approval::{ApprovalQuery, Approver, Shown};
use domain::calendar::PeriodKind;
use domain::id::{UnitId, UserId, VersionId};
use domain::money::Minor;
use domain::notice::Notice;
use domain::plan::{Give, Keep, NodeIndex, PeriodIndex, PlanCommand};
use domain::split::Insist;
use domain::target::VersionStatus;
use operations::{Actor, NewUser, Operations, Scope};
use planning::day;
use store::Database;

/// A company of two teams with two people each, and people who sign in.
struct House {
    operations: Operations,
    system: Scope,
    teams: [UnitId; 2],
    people: [domain::id::MemberId; 4],
    owner: Scope,
    planner: Scope,
    version: VersionId,
}

impl House {
    async fn of(database: &Database) -> Self {
        let (system, root) = kit::organization(database).await;
        let mut operations = Operations::new(database.clone());
        operations.today = Some(day("2017-12-20"));
        let members = ["甲", "乙", "丙", "丁"].map(kit::member);
        let first = kit::unit(root, "team", "一组", None);
        let second = kit::unit(root, "team", "二组", None);
        let teams = [first.id, second.id];
        let assignments: Vec<_> = members
            .iter()
            .zip([first.id, first.id, second.id, second.id])
            .map(|(member, unit)| kit::assignment(member.id, unit))
            .collect();
        let people = [members[0].id, members[1].id, members[2].id, members[3].id];
        let writer = database.writer().await.unwrap();
        store::member::insert(&writer, &system, &members).await.unwrap();
        store::unit::insert(&writer, &system, &[first, second])
            .await
            .unwrap();
        store::assignment::insert(&writer, &system, &assignments)
            .await
            .unwrap();
        writer.commit().await.unwrap();
        let mut house = Self {
            operations,
            owner: system.clone(),
            planner: system.clone(),
            system,
            teams,
            people,
            version: VersionId::default(),
        };
        house.owner = house.user(Role::Owner, "老板").await;
        house.planner = house.user(Role::Planner, "计划员").await;
        house
            .operations
            .set_approval_chain(&house.owner, vec![Approver::Planners])
            .await
            .unwrap();
        let plan = planning::plan("2018-01-01", "2018-04-01", PeriodKind::Month);
        house.version = house
            .operations
            .create_plan(&house.planner, plan)
            .await
            .unwrap()
            .version;
        house
    }

    /// Somebody who signs in, as their session sees things.
    async fn user(&self, role: Role, name: &str) -> Scope {
        let new = NewUser {
            email: format!("{}@attain.test", uuid::Uuid::now_v7().simple()),
            name: name.to_owned(),
            role,
            password: "corridor-lantern-43".to_owned(),
            member: None,
            language: None,
        };
        let id = self.operations.create_user(&self.system, new).await.unwrap();
        Scope {
            actor: Actor::User {
                id,
                name: name.to_owned(),
            },
            ..planning::user(&self.system, role, None, &[], &[])
        }
    }

    async fn shown(&self, scope: &Scope) -> Shown {
        let query = ApprovalQuery {
            version: Some(self.version),
        };
        self.operations
            .approvals(scope, query)
            .await
            .unwrap()
            .shown
            .unwrap()
    }

    async fn status(&self) -> VersionStatus {
        self.shown(&self.owner).await.status
    }

    async fn set(&self, scope: &Scope, node: u32, amount: i64) -> Result<u64, operations::Error> {
        let command = PlanCommand::Set {
            node: NodeIndex(node),
            period: Some(PeriodIndex(0)),
            amount: Minor(amount),
            keep: Keep::None,
            give: Give::Siblings,
            reason: None,
        };
        let head = self
            .operations
            .open_grid(&self.owner, self.version, None)
            .await
            .unwrap()
            .head;
        let applied = self
            .operations
            .apply(scope, self.version, head, command, Insist::Ask)
            .await?;
        assert_eq!(applied.refused, None);
        Ok(applied.head)
    }

    async fn told(&self, scope: &Scope) -> Vec<Notice> {
        let notices = self.operations.notices(scope).await.unwrap();
        notices.list.into_iter().map(|told| told.notice).collect()
    }
}

fn id(scope: &Scope) -> UserId {
    scope.actor.user().unwrap()
}
