//! The number somebody carries: who gets one, that it stays until the next is published, what it tells of its past, and
//! that nothing changes it once it is on record. On both databases.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

use domain::access::Role;
use domain::calendar::{Day, PeriodKind};
use domain::explain::StepKind;
use domain::id::{MemberId, UnitId, UserId, VersionId};
use domain::money::Minor;
use domain::people::{MemberInput, Share, UnitInput};
use domain::plan::{Basis, Give, Intent, Keep, NodeIndex, NodeRef, PlanCommand};
use domain::split::Insist;
use domain::target::{Answer, Confirmation, Made, MyTarget, NewPlan, VersionStatus};
use operations::{Actor, Error, Operations, Scope};
use store::version::{CommandKind, NewCommand};
use store::{Database, Dialect};
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

#[tokio::test]
async fn who_is_alone_in_the_unit_they_lead_carries_its_number() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let made = company.published().await;
        let open = company
            .operations
            .open_grid(&company.system, made.version, None)
            .await
            .unwrap();
        open.grid.check().unwrap();
        let shape = open.grid.shape();
        let amount = |of| open.grid.amount(shape.find(of).unwrap(), None).0;
        let [first, second] = company.teams.map(NodeRef::Unit);
        // Three carry the company's number in equal parts: nothing of it went to the other team.
        assert!((amount(second) - 333_333).abs() <= 3, "{}", amount(second));
        assert_eq!(amount(first) + amount(second), 1_000_000);
        assert_eq!(amount(NodeRef::Member(company.leaders[1])), amount(second));
        assert!(
            shape.find(NodeRef::Member(company.leaders[0])).is_none(),
            "who leads others is no leaf"
        );
        let mine = company.mine(company.leaders[1]).await;
        let carried: Vec<_> = mine.iter().map(|target| (target.of, target.total.0)).collect();
        assert_eq!(carried.len(), 2, "the unit's number and the own");
        assert!(carried.iter().all(|(_, total)| *total == amount(second)));
    })
    .await;
}

#[tokio::test]
async fn a_leader_with_an_own_number_keeps_one_in_the_next_plan() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        company.published().await;
        let [_, leader] = company.leaders;
        // A newcomer joins the team of the one who was alone.
        let newcomer = kit::member("new");
        let writer = database.writer().await.unwrap();
        store::member::insert(&writer, &company.system, std::slice::from_ref(&newcomer))
            .await
            .unwrap();
        let home = kit::assignment(newcomer.id, company.teams[1]);
        store::assignment::insert(&writer, &company.system, &[home])
            .await
            .unwrap();
        writer.commit().await.unwrap();
        let made = company.plan("2018-04-01", "2018-07-01", PeriodKind::Month).await;
        let open = company
            .operations
            .open_grid(&company.system, made.version, None)
            .await
            .unwrap();
        let shape = open.grid.shape();
        for member in [leader, newcomer.id, company.people[0]] {
            let node = shape.find(NodeRef::Member(member)).unwrap();
            assert!((open.grid.amount(node, None).0 - 250_000).abs() <= 3);
        }
        open.grid.check().unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_number_stays_until_the_next_is_published_and_then_tells_of_it() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let [a, _] = company.people;
        let rep = company.rep(a);
        let made = company.plan("2018-01-01", "2018-04-01", PeriodKind::Month).await;
        company
            .set(made.version, NodeRef::Member(a), 300_000, "大客户")
            .await;
        operations.publish(&company.system, made.version).await.unwrap();
        let first = company.mine(a).await.remove(0);
        let confirm = async |target: &MyTarget| {
            operations
                .acknowledge(
                    &rep,
                    target.version,
                    target.node,
                    &target.hash,
                    Answer::Confirmed,
                    None,
                )
                .await
        };
        confirm(&first).await.unwrap();

        let next = operations
            .branch_version(&company.system, made.version, None)
            .await
            .unwrap();
        // A change that is taken back is not told; one that is done again is told once.
        let planner = company.user(Role::Planner, None);
        let change = async |amount, reason| {
            company
                .set_as(&planner, next.version, NodeRef::Member(a), amount, reason)
                .await;
        };
        let step = async |intent| {
            let (scope, version) = (&planner, next.version);
            let head = operations.open_grid(scope, version, None).await.unwrap().head;
            let done = match intent {
                Intent::Undo => operations.undo(scope, version, head, Insist::Ask).await,
                Intent::Redo => operations.redo(scope, version, head, Insist::Ask).await,
            };
            assert_eq!(done.unwrap().head, head + 1);
        };
        change(340_000, "手误").await;
        step(Intent::Undo).await;
        change(350_000, "新产品").await;
        step(Intent::Undo).await;
        step(Intent::Redo).await;
        let between = company.mine(a).await;
        assert_eq!(between.len(), 1, "a draft takes nothing off");
        assert_eq!((between[0].version, between[0].total.0), (made.version, 300_000));
        assert!(matches!(between[0].confirmation, Confirmation::Confirmed { .. }));

        operations.publish(&company.system, next.version).await.unwrap();
        let after = company.mine(a).await;
        assert_eq!(after.len(), 1);
        assert_eq!((after[0].version, after[0].total.0), (next.version, 350_000));
        assert_eq!(
            after[0].confirmation,
            Confirmation::Open,
            "another number asks again"
        );
        let told: Vec<_> = after[0]
            .changes
            .iter()
            .map(|change| (change.before.0, change.after.0, change.reason.as_deref()))
            .collect();
        let split = told[0].1;
        assert_eq!(
            told,
            [
                (0, split, None),
                (split, 300_000, Some("大客户")),
                (300_000, 350_000, Some("新产品"))
            ]
        );
        assert_eq!(code(confirm(&first).await), "target_changed");
        confirm(&after[0]).await.unwrap();

        // The steps go back to the first split, base first and rounding last, and add up to the number.
        let why = operations
            .why_own(&rep, next.version, after[0].node)
            .await
            .unwrap()
            .explanation;
        assert_eq!(why.amount, after[0].total);
        assert_eq!(
            why.steps.iter().map(|step| step.amount.0).sum::<i64>(),
            why.amount.0
        );
        assert!(
            matches!(
                why.steps[0].kind,
                StepKind::Basis {
                    basis: Basis::Equal,
                    ..
                }
            ),
            "{:?}",
            why.steps
        );
        let changes = why
            .steps
            .iter()
            .filter(|step| matches!(step.kind, StepKind::Change { .. }))
            .count();
        assert_eq!(changes, 2);
        let rounding = why
            .steps
            .iter()
            .position(|step| matches!(step.kind, StepKind::Rounding { .. }));
        assert!(rounding.is_none_or(|at| at + 1 == why.steps.len()));

        // Another plan takes one of the months over: the number is what is left, and so are its steps.
        let february = company.plan("2018-02-01", "2018-03-01", PeriodKind::Month).await;
        operations
            .publish(&company.system, february.version)
            .await
            .unwrap();
        let mine = company.mine(a).await;
        assert_eq!(
            mine.iter().map(|target| target.periods.len()).collect::<Vec<_>>(),
            [2, 1]
        );
        for target in &mine {
            let why = operations
                .why_own(&rep, target.version, target.node)
                .await
                .unwrap()
                .explanation;
            assert_eq!(why.amount, target.total);
            assert_eq!(
                why.steps.iter().map(|step| step.amount.0).sum::<i64>(),
                target.total.0
            );
        }
        let left = mine.iter().find(|target| target.version == next.version).unwrap();
        assert_eq!(left.changes.last().unwrap().after, left.total);

        // A plan of its own for the same months takes the place: its number tells of the one before.
        let anew = company.plan("2018-01-01", "2018-04-01", PeriodKind::Month).await;
        operations.publish(&company.system, anew.version).await.unwrap();
        let again = company.plan("2018-01-01", "2018-04-01", PeriodKind::Month).await;
        company
            .set(again.version, NodeRef::Member(a), 310_000, "再议")
            .await;
        operations.publish(&company.system, again.version).await.unwrap();
        let mine = company.mine(a).await;
        assert_eq!(mine.len(), 1);
        let told: Vec<_> = mine[0]
            .changes
            .iter()
            .map(|change| (change.before.0, change.after.0))
            .collect();
        assert_eq!(told, [(0, split), (split, split), (split, 310_000)]);
    })
    .await;
}

/// While versions are published one after the other, somebody looks at their number all the time.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn there_is_a_number_at_every_moment_of_publishing() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let [a, _] = company.people;
        let mut last = company.published().await.version;
        let (operations, rep) = (company.operations.clone(), company.rep(a));
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let looking = tokio::spawn(async move {
            let mut stopped = stopped;
            let mut looks = 0;
            while stopped.try_recv().is_err() {
                let mine = operations.my_targets(&rep).await.unwrap();
                assert_eq!(mine.len(), 1, "look {looks}");
                assert_eq!(mine[0].periods.len(), 3);
                looks += 1;
                tokio::task::yield_now().await;
            }
            looks
        });
        for _ in 0..12 {
            last = company
                .operations
                .branch_version(&company.system, last, None)
                .await
                .unwrap()
                .version;
            company.operations.publish(&company.system, last).await.unwrap();
        }
        stop.send(()).unwrap();
        assert!(looking.await.unwrap() > 3);
    })
    .await;
}

/// Everything a version says, as bytes that differ when any of it does.
async fn fingerprint(company: &Company, version: VersionId) -> String {
    let (reader, all) = (company.operations.database.reader(), &company.system);
    let row = store::version::get(&reader, all, version).await.unwrap();
    let plan = store::plan::get(&reader, all, row.plan).await.unwrap();
    format!(
        "{:?}",
        (
            (
                row.plan,
                row.number,
                &row.name,
                row.head,
                row.head_hash,
                row.cells_head,
                row.hash
            ),
            (
                row.published_at_ms,
                &row.published_by,
                row.created_at_ms,
                &row.created_by
            ),
            (plan.metric_key, plan.span, plan.period_kind, plan.periods),
            store::version::nodes(&reader, all, version).await.unwrap(),
            store::version::bases(&reader, all, version).await.unwrap(),
            store::version::snapshot_at(&reader, all, version, u64::MAX >> 1)
                .await
                .unwrap(),
            store::version::commands(&reader, all, version, 0, u64::MAX >> 1)
                .await
                .unwrap(),
            store::cell::of_version(&reader, all, version).await.unwrap(),
        )
    )
}

#[tokio::test]
async fn no_operation_changes_what_was_published() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let (system, planner) = (&company.system, company.user(Role::Planner, None));
        let [a, b] = company.people;
        let made = company.plan("2018-01-01", "2018-04-01", PeriodKind::Month).await;
        company
            .set(made.version, NodeRef::Member(a), 300_000, "大客户")
            .await;
        operations.publish(system, made.version).await.unwrap();
        let before = fingerprint(&company, made.version).await;

        // Commands of every kind are refused.
        let at = NodeIndex(3);
        for command in [
            set(at, 1, "x"),
            PlanCommand::SetTotal {
                amount: Minor(5),
                seasons: Vec::new(),
                reason: None,
            },
            PlanCommand::EvenOut {
                node: at,
                reason: None,
            },
            PlanCommand::Lock {
                node: at,
                period: None,
                by: UserId::default(),
            },
            PlanCommand::Floor {
                node: at,
                period: None,
                amount: Some(Minor(1)),
            },
        ] {
            let refused = operations
                .apply(&planner, made.version, 3, command, Insist::Ask)
                .await;
            assert_eq!(code(refused), "version_frozen");
        }
        for step in [
            operations.undo(&planner, made.version, 3, Insist::Ask).await,
            operations.redo(&planner, made.version, 3, Insist::Ask).await,
        ] {
            assert_eq!(code(step), "version_frozen");
        }
        assert_eq!(
            code(operations.publish(system, made.version).await),
            "version_frozen"
        );
        operations.project(system, made.version).await.unwrap();

        // The organization goes on: people move, are renamed, leave; units too.
        let renamed = MemberInput {
            name: "renamed".to_owned(),
            external_id: None,
            email: None,
            hired_on: None,
            left_on: Some(day("2018-01-15")),
        };
        operations.update_member(system, a, renamed).await.unwrap();
        let share = Share {
            unit: company.teams[1],
            share_ppm: 1_000_000,
        };
        operations
            .assign(system, b, day("2018-01-10"), &[share])
            .await
            .unwrap();
        let unit = UnitInput {
            parent: company.teams[1],
            level: "squad".to_owned(),
            name: "elsewhere".to_owned(),
            code: None,
            manager: Some(company.leaders[0]),
        };
        operations
            .update_unit(system, company.teams[0], unit)
            .await
            .unwrap();
        let mut settings = operations.settings(system).await.unwrap();
        settings.working_calendar = "weekdays".to_owned();
        operations.update_settings(system, settings).await.unwrap();
        // Others are made from it, and take its place.
        let next = operations
            .branch_version(system, made.version, Some("v2"))
            .await
            .unwrap();
        company.set(next.version, NodeRef::Member(b), 100, "少").await;
        operations.publish(system, next.version).await.unwrap();
        let row = store::version::get(&database.reader(), system, made.version)
            .await
            .unwrap();
        assert_eq!(row.status, VersionStatus::Archived);
        assert_eq!(fingerprint(&company, made.version).await, before);
        assert!(matches!(
            operations.verify(system, made.version).await.unwrap(),
            domain::target::Verdict::Sound { .. }
        ));

        // Nor does the store, were it asked to.
        for version in [made.version, next.version] {
            let before = fingerprint(&company, version).await;
            let reader = database.reader();
            let locked = store::version::get(&reader, system, version).await.unwrap();
            let mut nodes = store::version::nodes(&reader, system, version).await.unwrap();
            nodes[0].id = domain::id::NodeId(Uuid::now_v7());
            let bases = store::version::bases(&reader, system, version).await.unwrap();
            let snapshot = store::version::snapshot_at(&reader, system, version, 0)
                .await
                .unwrap();
            let command = NewCommand {
                kind: CommandKind::Do,
                command: "{}",
                deltas: &[],
                engine: "1",
                at_ms: 0,
            };
            let writer = async || database.writer().await.unwrap();
            assert!(
                store::cell::replace(&writer().await, system, version, &[])
                    .await
                    .is_err()
            );
            assert!(
                store::version::append(&writer().await, system, &locked, &command)
                    .await
                    .is_err()
            );
            assert!(
                store::version::insert_nodes(&writer().await, system, version, &nodes[..1])
                    .await
                    .is_err()
            );
            assert!(
                store::version::put_bases(&writer().await, system, version, &bases)
                    .await
                    .is_err()
            );
            assert!(
                store::version::mark_cells(&writer().await, system, version, 77)
                    .await
                    .is_err()
            );
            assert!(
                store::version::publish(&writer().await, system, version, [0; 32], 1, "x")
                    .await
                    .is_err()
            );
            let later = store::version::Snapshot { seq: 9, ..snapshot };
            assert!(
                store::version::put_snapshot(&writer().await, system, version, &later)
                    .await
                    .is_err()
            );
            assert_eq!(fingerprint(&company, version).await, before);
        }

        // Nor does whoever writes to the database past us.
        let id = match database.dialect() {
            Dialect::Sqlite => format!("x'{}'", made.version.0.simple()),
            Dialect::Postgres => format!("'{}'", made.version.0),
        };
        for sql in [
            format!("UPDATE cell SET amount = amount + 1 WHERE version_id = {id}"),
            format!("DELETE FROM cell WHERE version_id = {id}"),
            format!("UPDATE plan_node SET name = 'x' WHERE version_id = {id}"),
            format!("DELETE FROM plan_command WHERE version_id = {id}"),
            format!("UPDATE plan_command SET at_ms = 1 WHERE version_id = {id}"),
            format!("UPDATE plan_basis SET weight = weight + 1 WHERE version_id = {id}"),
            format!("DELETE FROM plan_snapshot WHERE version_id = {id}"),
            format!("UPDATE version SET status = 'draft' WHERE id = {id}"),
            format!("UPDATE version SET published_by = 'x' WHERE id = {id}"),
            format!("UPDATE version SET hash = NULL WHERE id = {id}"),
            format!("UPDATE plan_record SET starts_on = 1 WHERE version_id = {id}"),
            "UPDATE plan SET starts_on = starts_on + 1".to_owned(),
        ] {
            assert!(!kit::lets_through(&database, &sql).await, "{sql}");
        }
        assert_eq!(fingerprint(&company, made.version).await, before);
    })
    .await;
}
