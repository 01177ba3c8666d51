//! Plans, versions with their chained log, cells of record and acknowledgements, on both databases.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

use domain::access::{Reach, Role};
use domain::calendar::{Day, Period, PeriodKind};
use domain::id::{MemberId, NodeId, PlanId, UnitId, VersionId};
use domain::money::Minor;
use domain::target::{Answer, NodeRef, Span, VersionStatus};
use sea_orm::ConnectionTrait;
use store::acknowledgement::NewAcknowledgement;
use store::cell::Cell;
use store::member::Member;
use store::plan::{Plan, Which};
use store::version::{Basis, CommandKind, NewCommand, Node, Snapshot, Version, WHOLE};
use store::{Database, Scope, StoreError};
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

async fn member(database: &Database, scope: &Scope, name: &str) -> MemberId {
    let id = MemberId(Uuid::now_v7());
    let writer = database.writer().await.unwrap();
    let member = Member {
        id,
        external_id: None,
        name: name.to_owned(),
        pinyin: name.to_owned(),
        email: None,
        hired_on: None,
        left_on: None,
        import: None,
        demo: false,
    };
    store::member::insert(&writer, scope, &[member]).await.unwrap();
    writer.commit().await.unwrap();
    id
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
    let writer = database.writer().await.unwrap();
    store::plan::insert(&writer, scope, &plan).await.unwrap();
    let row = Version {
        id: version,
        plan: plan.id,
        number: 1,
        name: "v1".to_owned(),
        status: VersionStatus::Draft,
        parent: None,
        head: 0,
        head_hash: [0; 32],
        cells_head: None,
        hash: None,
        published_at_ms: None,
        published_by: None,
        archived_at_ms: None,
        created_at_ms: 1,
        created_by: "王琳".to_owned(),
    };
    store::version::insert(&writer, scope, &row).await.unwrap();
    store::version::insert_nodes(&writer, scope, version, &nodes)
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
    Planned { plan, version, nodes }
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

#[tokio::test]
async fn log_is_a_chain_and_any_changed_byte_breaks_it() {
    kit::on_each(async |database: Database| {
        let (scope, root) = kit::organization(&database).await;
        let people = [
            member(&database, &scope, "赵一").await,
            member(&database, &scope, "钱二").await,
        ];
        let planned = draft(&database, &scope, root, people).await;
        let reader = database.reader();
        assert_eq!(
            store::version::broken_link(&reader, &scope, planned.version)
                .await
                .unwrap(),
            None
        );
        for (expected, kind) in [
            (1, CommandKind::Do),
            (2, CommandKind::Undo { of: 1 }),
            (3, CommandKind::Redo { of: 1 }),
        ] {
            assert_eq!(append(&database, &scope, planned.version, kind).await, expected);
        }
        let version = store::version::get(&reader, &scope, planned.version)
            .await
            .unwrap();
        assert_eq!(version.head, 3);
        let log = store::version::commands(&reader, &scope, planned.version, 1, 9)
            .await
            .unwrap();
        assert_eq!(log.len(), 2);
        assert_eq!(log[0].kind, CommandKind::Undo { of: 1 });
        assert_eq!(log[1].prev_hash, log[0].hash);
        assert_eq!(log[1].hash, version.head_hash);
        assert_eq!(log[1].actor_name, "test");
        assert_eq!(
            store::version::broken_link(&reader, &scope, planned.version)
                .await
                .unwrap(),
            None
        );

        let connection = kit::connection(database.url()).await;
        let blob = match database.dialect() {
            store::Dialect::Sqlite => "x'01'",
            store::Dialect::Postgres => "'\\x01'::bytea",
        };
        let damages = [
            (format!("UPDATE plan_snapshot SET blob = {blob}"), 1),
            ("UPDATE plan_node SET name = 'x' WHERE ordinal = 1".to_owned(), 1),
            ("UPDATE plan_basis SET weight = 2 WHERE period = -1".to_owned(), 1),
            (
                format!("UPDATE plan_command SET deltas = {blob} WHERE seq = 2"),
                2,
            ),
            (
                "UPDATE plan_command SET command = '{}' WHERE seq = 2".to_owned(),
                2,
            ),
            ("UPDATE plan_command SET at_ms = 3 WHERE seq = 3".to_owned(), 3),
            (
                "UPDATE plan_command SET actor_name = 'other' WHERE seq = 1".to_owned(),
                1,
            ),
            ("UPDATE plan_command SET engine = '2' WHERE seq = 3".to_owned(), 3),
            ("UPDATE plan_command SET of_seq = 2 WHERE seq = 2".to_owned(), 2),
            (format!("UPDATE plan_command SET hash = {blob} WHERE seq = 2"), 2),
            ("DELETE FROM plan_command WHERE seq = 3".to_owned(), 2),
            ("DELETE FROM plan_command WHERE seq = 1".to_owned(), 1),
            ("UPDATE version SET head_seq = 2".to_owned(), 3),
        ];
        for (sql, expected) in damages {
            connection.execute_unprepared("BEGIN").await.unwrap();
            connection.execute_unprepared(&sql).await.unwrap();
            connection.execute_unprepared("COMMIT").await.unwrap();
            let found = store::version::broken_link(&reader, &scope, planned.version)
                .await
                .unwrap();
            assert_eq!(found, Some(expected), "{sql}");
            // Put the version back for the next damage.
            let writer = database.writer().await.unwrap();
            store::plan::remove(&writer, &scope, Which::Plan(planned.plan.id))
                .await
                .unwrap();
            writer.commit().await.unwrap();
            restore(&database, &scope, &planned).await;
            assert_eq!(
                store::version::broken_link(&reader, &scope, planned.version)
                    .await
                    .unwrap(),
                None
            );
        }
        connection.close().await.unwrap();
    })
    .await;
}

/// The version of [`draft`] again, with three commands.
async fn restore(database: &Database, scope: &Scope, planned: &Planned) {
    let writer = database.writer().await.unwrap();
    store::plan::insert(&writer, scope, &planned.plan).await.unwrap();
    let row = Version {
        id: planned.version,
        plan: planned.plan.id,
        number: 1,
        name: "v1".to_owned(),
        status: VersionStatus::Draft,
        parent: None,
        head: 0,
        head_hash: [0; 32],
        cells_head: None,
        hash: None,
        published_at_ms: None,
        published_by: None,
        archived_at_ms: None,
        created_at_ms: 1,
        created_by: "王琳".to_owned(),
    };
    store::version::insert(&writer, scope, &row).await.unwrap();
    store::version::insert_nodes(&writer, scope, planned.version, &planned.nodes)
        .await
        .unwrap();
    let bases: Vec<Basis> = planned
        .nodes
        .iter()
        .map(|node| Basis {
            basis: "equal".to_owned(),
            node: node.id,
            period: WHOLE,
            weight: 1,
        })
        .collect();
    store::version::put_bases(&writer, scope, planned.version, &bases)
        .await
        .unwrap();
    let start = Snapshot {
        seq: 0,
        engine: "1".to_owned(),
        blob: vec![1, 2, 3],
    };
    store::version::begin(&writer, scope, planned.version, &start)
        .await
        .unwrap();
    writer.commit().await.unwrap();
    for kind in [
        CommandKind::Do,
        CommandKind::Undo { of: 1 },
        CommandKind::Redo { of: 1 },
    ] {
        append(database, scope, planned.version, kind).await;
    }
}

#[tokio::test]
async fn an_abandoned_transaction_leaves_the_head_where_it_was() {
    kit::on_each(async |database: Database| {
        let (scope, root) = kit::organization(&database).await;
        let people = [
            member(&database, &scope, "赵一").await,
            member(&database, &scope, "钱二").await,
        ];
        let planned = draft(&database, &scope, root, people).await;
        let writer = database.writer().await.unwrap();
        let locked = store::version::lock(&writer, &scope, planned.version)
            .await
            .unwrap();
        let new = NewCommand {
            kind: CommandKind::Do,
            command: "{}",
            deltas: &[1],
            engine: "1",
            at_ms: 2,
        };
        store::version::append(&writer, &scope, &locked, &new)
            .await
            .unwrap();
        drop(writer);
        let reader = database.reader();
        assert_eq!(
            store::version::get(&reader, &scope, planned.version)
                .await
                .unwrap()
                .head,
            0
        );
        assert_eq!(
            append(&database, &scope, planned.version, CommandKind::Do).await,
            1
        );
        assert_eq!(
            store::version::broken_link(&reader, &scope, planned.version)
                .await
                .unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn record_holds_the_latest_version_and_each_sees_the_own_part() {
    kit::on_each(async |database: Database| {
        let (scope, root) = kit::organization(&database).await;
        let people = [
            member(&database, &scope, "赵一").await,
            member(&database, &scope, "钱二").await,
        ];
        let first = draft(&database, &scope, root, people).await;
        let reader = database.reader();
        let rep = of(&scope, Role::Rep, people[0]);
        let everything = (Q1.starts_on, Q2.ends_on);

        // A draft is nobody's target, and a rep does not know of it.
        assert!(
            store::cell::published_targets(&reader, &scope, "bookings", everything.0, everything.1)
                .await
                .unwrap()
                .is_empty()
        );
        assert!(store::plan::list(&reader, &rep).await.unwrap().is_empty());
        for refused in [
            store::version::get(&reader, &rep, first.version).await.err(),
            store::version::nodes(&reader, &rep, first.version).await.err(),
            store::cell::of_version(&reader, &rep, first.version).await.err(),
            store::version::commands(&reader, &rep, first.version, 0, 9)
                .await
                .err(),
        ] {
            assert!(matches!(refused, Some(StoreError::NotFound(_))));
        }

        put_cells(&database, &scope, &first, 100).await;
        let targets = store::cell::published_targets(&reader, &scope, "bookings", everything.0, everything.1)
            .await
            .unwrap();
        assert_eq!(targets.len(), 6);
        assert_eq!(
            (targets[0].node, targets[0].period, targets[0].amount),
            (NodeRef::Unit(root), Q1, Minor(100))
        );
        let one_day =
            store::cell::published_targets(&reader, &scope, "bookings", Q2.starts_on, Q2.starts_on.plus(1));
        assert!(one_day.await.unwrap().iter().all(|target| target.period == Q2));
        let own = store::cell::published_targets(&reader, &rep, "bookings", everything.0, everything.1)
            .await
            .unwrap();
        assert_eq!(own.len(), 2);
        assert!(own.iter().all(|target| target.node == NodeRef::Member(people[0])));
        assert_eq!(
            store::version::nodes(&reader, &rep, first.version)
                .await
                .unwrap()
                .len(),
            1
        );
        assert!(store::version::bases(&reader, &rep, first.version).await.is_err());
        assert_eq!(store::plan::list(&reader, &rep).await.unwrap().len(), 1);

        let second = draft(&database, &scope, root, people).await;
        put_cells(&database, &scope, &second, 1_000).await;
        let targets = store::cell::published_targets(&reader, &scope, "bookings", everything.0, everything.1)
            .await
            .unwrap();
        assert_eq!(targets.len(), 6);
        assert_eq!(targets[0].amount, Minor(1_000));
        let old = store::version::get(&reader, &scope, first.version).await.unwrap();
        assert_eq!(
            (old.status, old.archived_at_ms),
            (VersionStatus::Archived, Some(9))
        );
        let records = store::cell::records(&reader, &scope, "bookings", Q1)
            .await
            .unwrap();
        assert_eq!(records.len(), 2);
        assert!(records.iter().any(|record| record.version == first.version
            && record.until_ms == Some(9)
            && record.superseded_by == Some(second.version)));

        // A plan in the middle of a succession hands over: the first stays replaced, now by the third.
        let third = draft(&database, &scope, root, people).await;
        put_cells(&database, &scope, &third, 5_000).await;
        let writer = database.writer().await.unwrap();
        store::plan::remove(&writer, &scope, Which::Plan(second.plan.id))
            .await
            .unwrap();
        writer.commit().await.unwrap();
        let records = store::cell::records(&reader, &scope, "bookings", Q1)
            .await
            .unwrap();
        assert_eq!(
            records.iter().filter(|record| record.until_ms.is_none()).count(),
            1
        );
        assert!(
            records
                .iter()
                .any(|record| record.version == first.version && record.superseded_by == Some(third.version))
        );

        // What had been replaced comes back when the plan that replaced it goes.
        let writer = database.writer().await.unwrap();
        assert_eq!(
            store::plan::remove(&writer, &scope, Which::Plan(third.plan.id))
                .await
                .unwrap(),
            1
        );
        writer.commit().await.unwrap();
        let old = store::version::get(&reader, &scope, first.version).await.unwrap();
        assert_eq!((old.status, old.archived_at_ms), (VersionStatus::Published, None));
        let targets = store::cell::published_targets(&reader, &scope, "bookings", everything.0, everything.1)
            .await
            .unwrap();
        assert_eq!((targets.len(), targets[0].amount), (6, Minor(100)));
    })
    .await;
}

#[tokio::test]
async fn answers_are_kept_and_seen_within_reach() {
    kit::on_each(async |database: Database| {
        let (scope, root) = kit::organization(&database).await;
        let people = [
            member(&database, &scope, "赵一").await,
            member(&database, &scope, "钱二").await,
        ];
        let planned = draft(&database, &scope, root, people).await;
        put_cells(&database, &scope, &planned, 100).await;
        let rep = of(&scope, Role::Rep, people[0]);
        let sibling = of(&scope, Role::Rep, people[1]);
        let leader = Scope {
            reach: Reach::UnitAndBelow,
            units: vec![root],
            ..of(&scope, Role::Manager, people[1])
        };
        let node = planned.nodes[1].id;
        let answer = |state, comment: Option<&str>| NewAcknowledgement {
            node,
            member: people[0],
            hash: [5; 32],
            state,
            comment: comment.map(str::to_owned),
            at_ms: 3,
        };
        let writer = database.writer().await.unwrap();
        let countered = answer(Answer::Countered, Some("太高"));
        store::acknowledgement::append(&writer, &rep, planned.version, countered)
            .await
            .unwrap();
        let confirmed = answer(Answer::Confirmed, None);
        store::acknowledgement::append(&writer, &rep, planned.version, confirmed)
            .await
            .unwrap();
        let foreign = store::acknowledgement::append(
            &writer,
            &sibling,
            planned.version,
            answer(Answer::Confirmed, None),
        );
        assert!(matches!(foreign.await, Err(StoreError::NotFound(_))));
        writer.commit().await.unwrap();

        let reader = database.reader();
        let answers = store::acknowledgement::of_version(&reader, &rep, planned.version)
            .await
            .unwrap();
        assert_eq!(answers.len(), 2);
        assert_eq!(
            (answers[0].seq, answers[0].state, answers[0].comment.as_deref()),
            (1, Answer::Countered, Some("太高"))
        );
        assert_eq!(
            (answers[1].seq, answers[1].state, answers[1].hash),
            (2, Answer::Confirmed, [5; 32])
        );
        assert!(
            store::acknowledgement::of_version(&reader, &sibling, planned.version)
                .await
                .unwrap()
                .is_empty()
        );
        let seen = store::acknowledgement::of_version(&reader, &leader, planned.version)
            .await
            .unwrap();
        assert_eq!(seen.len(), 0, "people outside the leader's members are not seen");
        let leader = Scope {
            members: people.to_vec(),
            ..leader
        };
        assert_eq!(
            store::acknowledgement::of_version(&reader, &leader, planned.version)
                .await
                .unwrap()
                .len(),
            2
        );
    })
    .await;
}
