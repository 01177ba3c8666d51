//! Plans, versions with their chained log, cells of record and acknowledgements, on both databases.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod compared;
mod log;
mod negotiation;
mod record;
mod row_line;

use domain::access::Role;
use domain::calendar::{Day, Period, PeriodKind};
use domain::id::{MemberId, NodeId, PlanId, UnitId, VersionId};
use domain::money::Minor;
use domain::target::{NodeRef, Span};
use store::cell::Cell;
use store::plan::Plan;
use store::version::{Basis, CommandKind, NewCommand, Node, Snapshot, Version, WHOLE};
use store::{Database, Scope};
use uuid::Uuid;

/// The first quarter and the two months after its first.
const Q1: Span = Span {
    starts_on: Day(17_532),
    ends_on: Day(17_622),
};

const Q2: Span = Span {
    starts_on: Day(17_622),
    ends_on: Day(17_713),
};

fn quarter(name: &str, span: Span) -> Period {
    Period {
        kind: PeriodKind::Quarter,
        name: name.to_owned(),
        start: span.starts_on,
        end: span.ends_on,
    }
}

struct Planned {
    plan: Plan,
    version: VersionId,
    nodes: Vec<Node>,
}

/// What tests begin with: two people of an organization and a draft over them.
struct Opening {
    scope: Scope,
    root: UnitId,
    people: [MemberId; 2],
    planned: Planned,
}

impl Opening {
    async fn of(database: &Database) -> Self {
        let (scope, root) = kit::organization(database).await;
        let members = ["赵一", "钱二"].map(kit::member);
        let people = [members[0].id, members[1].id];
        let writer = database.writer().await.unwrap();
        store::member::insert(&writer, &scope, &members).await.unwrap();
        writer.commit().await.unwrap();
        let planned = draft(database, &scope, root, people).await;
        Self {
            scope,
            root,
            people,
            planned,
        }
    }
}

/// A draft of two periods over the root unit and two people.
async fn draft(database: &Database, scope: &Scope, root: UnitId, people: [MemberId; 2]) -> Planned {
    let plan = Plan {
        id: PlanId(Uuid::now_v7()),
        metric_key: "bookings".to_owned(),
        name: "2018".to_owned(),
        span: Span {
            starts_on: Q1.starts_on,
            ends_on: Q2.ends_on,
        },
        period_kind: PeriodKind::Quarter,
        periods: vec![quarter("2018-Q1", Q1), quarter("2018-Q2", Q2)],
        import: None,
        demo: false,
        created_at_ms: 1,
        created_by: "王琳".to_owned(),
    };
    let version = VersionId(Uuid::now_v7());
    let top = NodeId(Uuid::now_v7());
    let mut nodes = vec![Node {
        id: top,
        ordinal: 0,
        parent: None,
        of: NodeRef::Unit(root),
        level: "company".to_owned(),
        name: "云杉仪器".to_owned(),
        carrier: None,
    }];
    for (ordinal, person) in (1..).zip(people) {
        nodes.push(Node {
            id: NodeId(Uuid::now_v7()),
            ordinal,
            parent: Some(top),
            of: NodeRef::Member(person),
            level: "member".to_owned(),
            name: format!("{ordinal}"),
            carrier: Some(person),
        });
    }
    let planned = Planned { plan, version, nodes };
    put_draft(database, scope, &planned).await;
    planned
}

/// Stores a draft that has no command yet.
async fn put_draft(database: &Database, scope: &Scope, planned: &Planned) {
    let Planned { plan, version, nodes } = planned;
    let version = *version;
    let writer = database.writer().await.unwrap();
    store::plan::insert(&writer, scope, plan).await.unwrap();
    let row = Version::draft(plan.id, version, 1, "v1".to_owned(), 1, "王琳");
    store::version::insert(&writer, scope, &row).await.unwrap();
    store::version::insert_nodes(&writer, scope, version, nodes)
        .await
        .unwrap();
    let bases: Vec<Basis> = nodes
        .iter()
        .map(|node| Basis {
            basis: "equal".to_owned(),
            node: node.id,
            period: WHOLE,
            weight: 1,
        })
        .collect();
    store::version::put_bases(&writer, scope, version, &bases)
        .await
        .unwrap();
    let start = Snapshot {
        seq: 0,
        engine: "1".to_owned(),
        blob: vec![1, 2, 3],
    };
    store::version::begin(&writer, scope, version, &start)
        .await
        .unwrap();
    writer.commit().await.unwrap();
}

async fn append(database: &Database, scope: &Scope, version: VersionId, kind: CommandKind) -> u64 {
    let writer = database.writer().await.unwrap();
    let locked = store::version::lock(&writer, scope, version).await.unwrap();
    let new = NewCommand {
        kind,
        command: "{\"command\":\"lock\"}",
        deltas: &[7, 8, 9],
        engine: "1",
        at_ms: 2,
    };
    let command = store::version::append(&writer, scope, &locked, &new)
        .await
        .unwrap();
    writer.commit().await.unwrap();
    command.seq
}

async fn put_cells(database: &Database, scope: &Scope, planned: &Planned, amount: i64) {
    let writer = database.writer().await.unwrap();
    let mut cells = Vec::new();
    for node in &planned.nodes {
        for period in planned.plan.periods.iter().map(Span::of) {
            let amount = Minor(amount * i64::from(node.ordinal + 1));
            cells.push(Cell {
                node: node.id,
                period,
                amount,
                hedge: Minor(0),
            });
        }
    }
    store::cell::replace(&writer, scope, planned.version, &cells)
        .await
        .unwrap();
    let emptied = store::cell::put_on_record(&writer, scope, "bookings", planned.version, &[Q1, Q2], 9)
        .await
        .unwrap();
    for version in emptied {
        store::version::archive(&writer, scope, version, 9).await.unwrap();
    }
    store::version::publish(&writer, scope, planned.version, [4; 32], 9, "王琳")
        .await
        .unwrap();
    writer.commit().await.unwrap();
}

fn of(scope: &Scope, role: Role, member: MemberId) -> Scope {
    Scope {
        role,
        reach: role.reach(),
        member: Some(member),
        members: vec![member],
        ..scope.clone()
    }
}
