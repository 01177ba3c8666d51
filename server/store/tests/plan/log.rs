//! The log of a version.

use sea_orm::ConnectionTrait;
use store::plan::Which;
use store::version::{CommandKind, NewCommand};
use store::{Database, Scope};

use crate::{Opening, Planned, append, put_draft};

#[tokio::test]
async fn log_is_a_chain_and_any_changed_byte_breaks_it() {
    kit::on_each(async |database: Database| {
        let Opening { scope, planned, .. } = Opening::of(&database).await;
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

/// The draft of the [`Opening`] again, with three commands.
async fn restore(database: &Database, scope: &Scope, planned: &Planned) {
    put_draft(database, scope, planned).await;
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
        let Opening { scope, planned, .. } = Opening::of(&database).await;
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
