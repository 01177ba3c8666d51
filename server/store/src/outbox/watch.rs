//! Hearing of news: one task for a server, whoever wrote them, this process or another.

use std::time::Duration;

use sea_orm::sqlx::postgres::PgListener;
use sea_orm::{ConnectionTrait, Statement};
use tokio::sync::watch::{Receiver, Sender, channel};
use tokio::time::{sleep, timeout};

use super::CHANNEL;
use crate::{Database, Dialect, Session, StoreError};

/// How often SQLite's head is read; one row by its key.
const POLL_SQLITE: Duration = Duration::from_millis(100);
/// How long PostgreSQL may be silent before its head is read all the same: a notification is lost with its connection.
const POLL_POSTGRES: Duration = Duration::from_secs(2);
/// Rest after a failure, for instance while the database restarts.
const REST: Duration = Duration::from_secs(1);

/// The number of the last event, now and whenever it grows; 0 while there is none. The task behind it ends with the last
/// receiver.
pub async fn watch(database: Database) -> Result<Receiver<i64>, StoreError> {
    let (sender, receiver) = channel(head(&database).await?);
    tokio::spawn(async move {
        match database.dialect() {
            Dialect::Sqlite => poll(&database, &sender).await,
            Dialect::Postgres => listen(&database, &sender).await,
        }
    });
    Ok(receiver)
}

async fn poll(database: &Database, sender: &Sender<i64>) {
    while !sender.is_closed() {
        let rest = if refresh(database, sender).await {
            POLL_SQLITE
        } else {
            REST
        };
        sleep(rest).await;
    }
}

async fn listen(database: &Database, sender: &Sender<i64>) {
    while !sender.is_closed() {
        match PgListener::connect(database.url()).await {
            Ok(mut listener) => {
                if let Err(error) = listen_on(&mut listener, database, sender).await {
                    tracing::warn!(%error, "the listener for events lost its connection");
                }
            }
            Err(error) => tracing::warn!(%error, "no connection to listen for events"),
        }
        refresh(database, sender).await;
        sleep(REST).await;
    }
}

async fn listen_on(
    listener: &mut PgListener,
    database: &Database,
    sender: &Sender<i64>,
) -> Result<(), sea_orm::sqlx::Error> {
    listener.listen(CHANNEL).await?;
    while !sender.is_closed() {
        // `None`: the connection was lost and will be made anew; silence and news are answered alike.
        if let Ok(news) = timeout(POLL_POSTGRES, listener.try_recv()).await {
            news?;
        }
        refresh(database, sender).await;
    }
    Ok(())
}

/// Reads the head and tells it on; whether the database answered.
async fn refresh(database: &Database, sender: &Sender<i64>) -> bool {
    match head(database).await {
        Ok(head) => {
            sender.send_if_modified(|last| std::mem::replace(last, head) != head);
            true
        }
        Err(error) => {
            tracing::warn!(%error, "the head of the events cannot be read");
            false
        }
    }
}

/// Without a scope: an installation serves one organization, and may not have one yet.
async fn head(database: &Database) -> Result<i64, StoreError> {
    let reader = database.reader();
    let executor = reader.executor();
    let statement = Statement::from_string(
        executor.get_database_backend(),
        "SELECT COALESCE(MAX(outbox_seq), 0) FROM log_head",
    );
    let row = executor
        .query_one_raw(statement)
        .await?
        .ok_or(StoreError::Damaged("log_head"))?;
    Ok(row.try_get_by_index(0)?)
}
