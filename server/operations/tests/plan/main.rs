//! Plans from the tree and the history, the log under random commands and two authors, publishing and confirmation, on both
//! databases.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod log;
mod making;
mod maven;
mod publishing;
mod roles;
mod together;
mod weights;

use std::collections::BTreeMap;

use domain::access::Role;
use domain::calendar::{Day, PeriodKind};
use domain::id::{AssignmentId, MemberId, UnitId, UserId};
use domain::money::Minor;
use domain::plan::{Give, Keep, NodeIndex, NodeRef, PlanCommand};
use domain::target::{Made, NewPlan};
use operations::{Actor, Error, Operations, Scope};
use store::Database;
use store::assignment::{Assignment, WHOLE_PPM};
use store::member::Member;
use store::unit::Unit;
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

/// Two regions; the first has two teams, each led by somebody who is no leaf; five people in all.
struct Company {
    operations: Operations,
    system: Scope,
    root: UnitId,
    /// North, its teams N1 and N2, South.
    units: [UnitId; 4],
    /// Leads N1, leads N2.
    leaders: [MemberId; 2],
    /// Two in N1, one in N2, two in South.
    people: [MemberId; 5],
}

fn unit(parent: UnitId, level: &str, name: &str, manager: Option<MemberId>) -> Unit {
    Unit {
        id: UnitId(Uuid::now_v7()),
        parent: Some(parent),
        level: level.to_owned(),
        name: name.to_owned(),
        code: None,
        pinyin: name.to_owned(),
        manager,
        starts_on: Day(0),
        ends_on: None,
        import: None,
        demo: false,
    }
}

async fn company(database: &Database) -> Company {
    let (system, root) = kit::organization(database).await;
    let mut operations = Operations::new(database.clone());
    operations.today = Some(day("2017-12-20"));
    let member = |name: &str| Member {
        id: MemberId(Uuid::now_v7()),
        external_id: None,
        name: name.to_owned(),
        pinyin: name.to_owned(),
        email: None,
        hired_on: None,
        left_on: None,
        import: None,
        demo: false,
    };
    let names = ["a", "b", "c", "d", "e", "lead 1", "lead 2"];
    let members: Vec<Member> = names.into_iter().map(member).collect();
    let leaders = [members[5].id, members[6].id];
    let people = [
        members[0].id,
        members[1].id,
        members[2].id,
        members[3].id,
        members[4].id,
    ];
    let north = unit(root, "region", "North", None);
    let first = unit(north.id, "team", "N1", Some(leaders[0]));
    let second = unit(north.id, "team", "N2", Some(leaders[1]));
    let south = unit(root, "region", "South", None);
    let units = [north.id, first.id, second.id, south.id];
    let homes = [
        units[1], units[1], units[2], units[3], units[3], units[1], units[2],
    ];
    let assignments: Vec<Assignment> = members
        .iter()
        .zip(homes)
        .map(|(member, unit)| Assignment {
            id: AssignmentId(Uuid::now_v7()),
            member: member.id,
            unit,
            share_ppm: WHOLE_PPM,
            starts_on: Day(0),
            ends_on: None,
        })
        .collect();
    let writer = database.writer().await.unwrap();
    store::member::insert(&writer, &system, &members).await.unwrap();
    store::unit::insert(&writer, &system, &[north, first, second, south])
        .await
        .unwrap();
    store::assignment::insert(&writer, &system, &assignments)
        .await
        .unwrap();
    writer.commit().await.unwrap();
    Company {
        operations,
        system,
        root,
        units,
        leaders,
        people,
    }
}

impl Company {
    /// The view of a user with a role who is this member.
    fn user(&self, role: Role, member: Option<MemberId>, units: &[UnitId], members: &[MemberId]) -> Scope {
        let (mut units, mut members) = (units.to_vec(), members.to_vec());
        units.sort_unstable();
        members.sort_unstable();
        Scope {
            actor: Actor::User {
                id: UserId(Uuid::now_v7()),
                name: format!("{role:?}"),
            },
            role,
            reach: role.reach(),
            member,
            roots: units.clone(),
            units,
            members,
            ..self.system.clone()
        }
    }

    fn planner(&self) -> Scope {
        self.user(Role::Planner, None, &[], &[])
    }

    fn rep(&self, member: MemberId) -> Scope {
        self.user(Role::Rep, Some(member), &[], &[member])
    }

    async fn plan(&self, scope: &Scope) -> Made {
        let new = NewPlan {
            metric: "bookings".to_owned(),
            from: day("2018-01-01"),
            to: day("2018-04-01"),
            period_kind: PeriodKind::Month,
            total: Minor(1_000_000),
            name: None,
        };
        self.operations.create_plan(scope, new).await.unwrap()
    }

    async fn targets(&self, scope: &Scope) -> BTreeMap<NodeRef, i64> {
        let reader = self.operations.database.reader();
        let found =
            store::cell::published_targets(&reader, scope, "bookings", day("2018-01-01"), day("2018-04-01"));
        let mut sums = BTreeMap::new();
        for target in found.await.unwrap() {
            *sums.entry(target.node).or_default() += target.amount.0;
        }
        sums
    }
}

fn set(node: u32, amount: i64) -> PlanCommand {
    PlanCommand::Set {
        node: NodeIndex(node),
        period: None,
        amount: Minor(amount),
        keep: Keep::Column,
        give: Give::Siblings,
        reason: Some("以客户为准".to_owned()),
    }
}
