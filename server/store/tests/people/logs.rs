//! Audit log and outbox.

use std::time::Duration;

use domain::event::Event;
use domain::id::{TokenId, UserId};
use store::{Actor, Database, Dialect, Scope};
use uuid::Uuid;

#[tokio::test]
async fn logs_count_without_gaps_in_the_order_of_commits() {
    kit::on_each(async |database: Database| {
        let (scope, _) = kit::organization(&database).await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let (database, scope) = (database.clone(), scope.clone());
            tasks.spawn(async move {
                let writer = database.writer().await.unwrap();
                store::audit::record(
                    &writer,
                    &scope,
                    "user.create",
                    "user:1",
                    &serde_json::json!({"名": 1}),
                )
                .await
                .unwrap();
                let seq = store::outbox::append(&writer, &scope, &Event::PeopleChanged)
                    .await
                    .unwrap();
                if seq % 3 == 0 {
                    writer.rollback().await.unwrap();
                } else {
                    writer.commit().await.unwrap();
                }
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        let reader = database.reader();
        let head = store::outbox::head(&reader, &scope).await.unwrap();
        let entries = store::outbox::since(&reader, &scope, 0, 100).await.unwrap();
        let numbers: Vec<i64> = entries.iter().map(|entry| entry.seq).collect();
        assert_eq!(numbers, (1..=head).collect::<Vec<_>>());
        assert!(
            entries
                .iter()
                .all(|entry| entry.event == Event::PeopleChanged && entry.at_ms > 1_600_000_000_000)
        );
        assert_eq!(
            store::outbox::since(&reader, &scope, head - 1, 100)
                .await
                .unwrap()
                .len(),
            1
        );

        let lines = store::audit::list(&reader, &scope, None, 2).await.unwrap();
        assert_eq!(lines.len(), 2);
        assert_eq!(
            (
                lines[0].seq,
                lines[0].actor_kind.as_str(),
                lines[0].actor_name.as_str()
            ),
            (head, "system", "test")
        );
        assert_eq!(lines[0].detail, serde_json::json!({"名": 1}));
        let token = Scope {
            actor: Actor::Token {
                id: TokenId(Uuid::now_v7()),
                user: UserId::default(),
                name: "CRM".to_owned(),
            },
            ..scope.clone()
        };
        let writer = database.writer().await.unwrap();
        store::audit::record(&writer, &token, "x.y", "", &serde_json::Value::Null)
            .await
            .unwrap();
        writer.commit().await.unwrap();
        let line = &store::audit::list(&reader, &scope, None, 1).await.unwrap()[0];
        assert_eq!((line.actor_kind.as_str(), line.seq), ("token", head + 1));
    })
    .await;
}

#[tokio::test]
async fn whoever_watches_hears_of_every_event() {
    kit::on_each(async |database: Database| {
        let mut before = store::outbox::watch(database.clone()).await.unwrap();
        assert_eq!(*before.borrow_and_update(), 0, "there is no organization yet");
        let (scope, _) = kit::organization(&database).await;
        // Another process: connections of its own.
        let other = Database::open(database.url()).await.unwrap();
        for expected in 1..=3 {
            let writer = other.writer().await.unwrap();
            store::outbox::append(&writer, &scope, &Event::BusinessDateChanged)
                .await
                .unwrap();
            writer.commit().await.unwrap();
            tokio::time::timeout(Duration::from_secs(10), before.wait_for(|head| *head == expected))
                .await
                .unwrap()
                .unwrap();
        }
        other.close().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_logs_do_not_wait_for_whoever_keeps_imports_out() {
    kit::on_each(async |database: Database| {
        if database.dialect() == Dialect::Sqlite {
            // It has one writer, who waits for nobody.
            return;
        }
        let (scope, _) = kit::organization(&database).await;
        let holding = database.writer().await.unwrap();
        store::organization::lock(&holding, &scope).await.unwrap();
        let writer = database.writer().await.unwrap();
        let detail = serde_json::json!({});
        let written = async {
            store::audit::record(&writer, &scope, "user.create", "user:1", &detail)
                .await
                .unwrap();
            store::outbox::append(&writer, &scope, &Event::PeopleChanged)
                .await
                .unwrap();
        };
        tokio::time::timeout(Duration::from_secs(10), written)
            .await
            .unwrap();
        writer.commit().await.unwrap();
        // Another one who keeps imports out does.
        let (second, same) = (database.clone(), scope.clone());
        let waiting = tokio::spawn(async move {
            let writer = second.writer().await.unwrap();
            store::organization::lock(&writer, &same).await.unwrap();
            writer.rollback().await.unwrap();
        });
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(!waiting.is_finished());
        holding.rollback().await.unwrap();
        waiting.await.unwrap();
    })
    .await;
}
