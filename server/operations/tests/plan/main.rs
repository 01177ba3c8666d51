//! Plans from the tree and the history, the log under random commands and two authors, publishing and confirmation, on both
//! databases.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod back;
mod bad_input;
mod bound;
mod compared;
mod factors;
#[path = "../shared/files.rs"]
mod files;
mod gaps;
mod log;
mod making;
mod maven;
mod models;
mod part;
#[path = "../shared/planning.rs"]
mod planning;
mod programs;
mod publishing;
mod quarters;
mod ramp;
#[path = "../shared/refusal.rs"]
mod refusal;
mod roles;
mod steps;
mod together;
mod trends;
mod weights;
mod why;
mod why_other;

use std::collections::BTreeMap;

use domain::access::Role;
use domain::calendar::PeriodKind;
use domain::id::{MemberId, UnitId};
use domain::import::Options;
use domain::money::Minor;
use domain::plan::{Give, Keep, NodeIndex, NodeRef, PlanCommand};
use domain::target::Made;
use operations::import::Origin;
use operations::{Operations, Scope};
use planning::day;
use refusal::code;
use store::Database;

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

async fn company(database: &Database) -> Company {
    let (system, root) = kit::organization(database).await;
    let mut operations = Operations::new(database.clone());
    operations.today = Some(day("2017-12-20"));
    let members = ["a", "b", "c", "d", "e", "lead 1", "lead 2"].map(kit::member);
    let leaders = [members[5].id, members[6].id];
    let people = [
        members[0].id,
        members[1].id,
        members[2].id,
        members[3].id,
        members[4].id,
    ];
    let north = kit::unit(root, "region", "North", None);
    let first = kit::unit(north.id, "team", "N1", Some(leaders[0]));
    let second = kit::unit(north.id, "team", "N2", Some(leaders[1]));
    let south = kit::unit(root, "region", "South", None);
    let units = [north.id, first.id, second.id, south.id];
    let homes = [
        units[1], units[1], units[2], units[3], units[3], units[1], units[2],
    ];
    let assignments: Vec<_> = members
        .iter()
        .zip(homes)
        .map(|(member, unit)| kit::assignment(member.id, unit))
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
        planning::user(&self.system, role, member, units, members)
    }

    fn planner(&self) -> Scope {
        self.user(Role::Planner, None, &[], &[])
    }

    fn rep(&self, member: MemberId) -> Scope {
        self.user(Role::Rep, Some(member), &[], &[member])
    }

    async fn plan(&self, scope: &Scope) -> Made {
        let new = planning::plan("2018-01-01", "2018-04-01", PeriodKind::Month);
        self.operations.create_plan(scope, new).await.unwrap()
    }

    /// Three of the five won a deal in the quarter before the plan: a 300, b 200, c 100.
    async fn sell(&self) {
        let folder = tempfile::tempdir().unwrap();
        let deals = "opportunity_id,sales_agent,deal_stage,close_date,close_value\n\
                     1,a,Won,2017-10-02,300\n2,b,Won,2017-11-02,200\n3,c,Won,2017-11-02,100\n";
        let path = files::file(folder.path(), "deals.csv", deals);
        let wanted = files::wanted(&[path], Options::default(), Origin::CommandLine);
        let view = self.operations.import_now(&self.system, wanted).await.unwrap();
        assert_eq!(view.counts.created, 3, "{view:?}");
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
