//! What is on record stays as it is.

use domain::access::Role;
use domain::calendar::PeriodKind;
use domain::id::{UserId, VersionId};
use domain::money::Minor;
use domain::people::{MemberInput, Share, UnitInput};
use domain::plan::{NodeIndex, NodeRef, PlanCommand};
use domain::split::Insist;
use domain::target::VersionStatus;
use store::version::{CommandKind, NewCommand};
use store::{Database, Dialect};
use uuid::Uuid;

use crate::{Company, code, company, day, set};

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
