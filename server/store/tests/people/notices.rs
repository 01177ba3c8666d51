//! Jobs and notices.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::access::Role;
use domain::id::{ImportId, JobId, NoticeId, UserId};
use domain::job::{Job, JobState};
use domain::notice::{Channel, Delivery, Notice};
use store::job::{Claimed, Ending, NewJob};
use store::notice::NewNotice;
use store::{Actor, Database, Scope, StoreError, Writer};
use tokio::sync::Barrier;
use uuid::Uuid;

use crate::user;

fn job(run_at_ms: i64, key: Option<&str>) -> NewJob {
    NewJob {
        id: JobId(Uuid::now_v7()),
        job: Job::DeliverMail {
            notice: NoticeId(Uuid::now_v7()),
        },
        key: key.map(str::to_owned),
        run_at_ms,
        created_at_ms: 1,
    }
}

async fn enqueue(database: &Database, scope: &Scope, jobs: &[NewJob]) {
    let writer = database.writer().await.unwrap();
    store::job::enqueue(&writer, scope, jobs).await.unwrap();
    writer.commit().await.unwrap();
}

async fn claim(database: &Database, scope: &Scope, now_ms: i64) -> Option<Claimed> {
    let writer = database.writer().await.unwrap();
    let claimed = store::job::claim(&writer, scope, now_ms, now_ms + 100)
        .await
        .unwrap();
    writer.commit().await.unwrap();
    claimed
}

async fn end(database: &Database, scope: &Scope, held: &Claimed, ending: Ending, now_ms: i64) -> bool {
    let writer = database.writer().await.unwrap();
    let ended = store::job::end(&writer, scope, held, &ending, now_ms)
        .await
        .unwrap();
    writer.commit().await.unwrap();
    ended
}

#[tokio::test]
async fn a_job_is_claimed_when_due_kept_by_its_lease_and_ended_by_its_holder() {
    kit::on_each(async |database: Database| {
        let (scope, _) = kit::organization(&database).await;
        assert_eq!(claim(&database, &scope, 1_000).await, None);
        let (late, early, twin) = (job(20, None), job(10, Some("a")), job(5, Some("a")));
        enqueue(&database, &scope, &[late.clone(), early.clone()]).await;
        enqueue(&database, &scope, std::slice::from_ref(&twin)).await;
        let reader = database.reader();
        assert_eq!(
            store::job::count(&reader, &scope, JobState::Queued)
                .await
                .unwrap(),
            2
        );
        assert_eq!(store::job::next_ms(&reader, &scope).await.unwrap(), Some(10));
        assert_eq!(claim(&database, &scope, 9).await, None, "not due");

        let first = claim(&database, &scope, 30).await.unwrap();
        assert_eq!((first.id, first.attempts), (early.id, 1));
        assert_eq!(first.job, Some(early.job.clone()));
        let second = claim(&database, &scope, 30).await.unwrap();
        assert_eq!(second.id, late.id);
        assert_eq!(claim(&database, &scope, 129).await, None, "both are held");
        assert_eq!(store::job::next_ms(&reader, &scope).await.unwrap(), Some(130));

        // The first holder is gone: its lease ends, the next one takes over, and the first may say nothing any more.
        let again = claim(&database, &scope, 130).await.unwrap();
        assert_eq!((again.id, again.attempts), (early.id, 2));
        assert!(!end(&database, &scope, &first, Ending::Done, 131).await);
        let trouble = Ending::Again {
            run_at_ms: 500,
            reference: "ABCD1234".to_owned(),
        };
        assert!(end(&database, &scope, &again, trouble, 131).await);
        assert!(end(&database, &scope, &second, Ending::GivenBack, 131).await);
        let second = claim(&database, &scope, 131).await.unwrap();
        assert_eq!(
            (second.id, second.attempts),
            (late.id, 1),
            "what was given back was not tried"
        );
        assert!(end(&database, &scope, &second, Ending::Done, 132).await);
        assert_eq!(store::job::next_ms(&reader, &scope).await.unwrap(), Some(500));
        let third = claim(&database, &scope, 500).await.unwrap();
        assert_eq!(third.attempts, 3);
        let hopeless = Ending::Failed {
            reference: "EFGH5678".to_owned(),
        };
        assert!(end(&database, &scope, &third, hopeless, 600).await);
        assert_eq!(store::job::next_ms(&reader, &scope).await.unwrap(), None);

        let list = store::job::list(&reader, &scope, 10).await.unwrap();
        assert_eq!(list.len(), 1);
        assert_eq!((list[0].id, list[0].state), (early.id, JobState::Failed));
        assert_eq!(list[0].reference.as_deref(), Some("EFGH5678"));
        assert_eq!((list[0].attempts, list[0].ended_at_ms), (3, Some(600)));

        let writer = database.writer().await.unwrap();
        let done = store::job::retry(&writer, &scope, late.id, 1).await;
        assert!(matches!(done, Err(StoreError::NotFound(_))), "it was done");
        store::job::retry(&writer, &scope, early.id, 700).await.unwrap();
        writer.commit().await.unwrap();
        let fresh = claim(&database, &scope, 700).await.unwrap();
        assert_eq!((fresh.id, fresh.attempts), (early.id, 1));

        // What was done keeps its key until it is forgotten.
        assert!(!store::job::any_done(&reader, &scope, 132).await.unwrap());
        assert!(store::job::any_done(&reader, &scope, 133).await.unwrap());
        let writer = database.writer().await.unwrap();
        assert_eq!(store::job::remove_done(&writer, &scope, 133).await.unwrap(), 1);
        writer.commit().await.unwrap();
        let narrow = Scope {
            reach: domain::access::Reach::Own,
            ..scope.clone()
        };
        assert!(store::job::list(&reader, &narrow, 10).await.unwrap().is_empty());
        assert_eq!(
            store::job::count(&reader, &narrow, JobState::Running)
                .await
                .unwrap(),
            0
        );
    })
    .await;
}

#[tokio::test]
async fn a_job_of_a_newer_build_is_left_alone() {
    kit::on_each(async |database: Database| {
        let (scope, _) = kit::organization(&database).await;
        enqueue(&database, &scope, &[job(1, None)]).await;
        let sql = "UPDATE job SET kind = 'water_plants', payload = '{}'";
        kit::damage(&database, sql).await;
        assert_eq!(
            store::job::next_ms(&database.reader(), &scope).await.unwrap(),
            None
        );
        assert_eq!(claim(&database, &scope, 10).await, None);
        // Of a kind that is known, what cannot be read is handed out as that.
        let sql = "UPDATE job SET kind = 'deliver_mail'";
        kit::damage(&database, sql).await;
        assert_eq!(claim(&database, &scope, 10).await.unwrap().job, None);
    })
    .await;
}

/// Several servers, each with connections of its own, take what there is at the same moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn no_job_is_claimed_twice() {
    const JOBS: usize = 40;
    const SERVERS: usize = 4;
    kit::on_each(async |database: Database| {
        let (scope, _) = kit::organization(&database).await;
        let jobs: Vec<NewJob> = (0..JOBS).map(|_| job(1, None)).collect();
        enqueue(&database, &scope, &jobs).await;
        let barrier = Arc::new(Barrier::new(SERVERS));
        let mut servers = tokio::task::JoinSet::new();
        for _ in 0..SERVERS {
            let (url, scope, barrier) = (database.url().to_owned(), scope.clone(), Arc::clone(&barrier));
            servers.spawn(async move {
                let own = Database::open(&url).await.unwrap();
                barrier.wait().await;
                let mut taken = Vec::new();
                // On PostgreSQL nothing may be left for a moment while another claim is not yet committed.
                let mut empty = 0;
                while empty < 3 {
                    match claim(&own, &scope, 10).await {
                        Some(claimed) => taken.push(claimed.id),
                        None => empty += 1,
                    }
                }
                own.close().await.unwrap();
                taken
            });
        }
        let mut taken = Vec::new();
        while let Some(done) = servers.join_next().await {
            taken.extend(done.unwrap());
        }
        assert_eq!(taken.len(), JOBS);
        assert_eq!(taken.iter().collect::<BTreeSet<_>>().len(), JOBS);
    })
    .await;
}

fn as_user(scope: &Scope, id: UserId) -> Scope {
    Scope {
        actor: Actor::User {
            id,
            name: "x".to_owned(),
        },
        ..scope.clone()
    }
}

async fn tell(writer: &Writer, scope: &Scope, user: UserId, at_ms: i64) -> NoticeId {
    let id = NoticeId(Uuid::now_v7());
    let notice = NewNotice {
        id,
        user,
        notice: Notice::ImportFailed {
            import: ImportId::default(),
            files: "订单.csv".to_owned(),
        },
        at_ms,
        channels: vec![Channel::Mail],
    };
    store::notice::insert(writer, scope, &[notice]).await.unwrap();
    id
}

#[tokio::test]
async fn notices_are_read_by_whom_they_are_for_and_nobody_else() {
    kit::on_each(async |database: Database| {
        let (scope, _) = kit::organization(&database).await;
        let (one, other) = (user("a@x.example", Role::Rep), user("b@x.example", Role::Owner));
        let writer = database.writer().await.unwrap();
        for person in [&one, &other] {
            store::user::insert(&writer, &scope, person, None).await.unwrap();
        }
        let first = tell(&writer, &scope, one.id, 10).await;
        let second = tell(&writer, &scope, one.id, 20).await;
        let foreign = tell(&writer, &scope, other.id, 30).await;
        writer.commit().await.unwrap();

        let reader = database.reader();
        let mine = as_user(&scope, one.id);
        let list = store::notice::list(&reader, &mine, 10).await.unwrap();
        assert_eq!(
            list.iter().map(|told| told.id).collect::<Vec<_>>(),
            [second, first]
        );
        assert_eq!(store::notice::list(&reader, &mine, 1).await.unwrap().len(), 1);
        assert_eq!(store::notice::unread(&reader, &mine).await.unwrap(), 2);
        assert!(store::notice::has(&reader, &mine, first).await.unwrap());
        assert!(!store::notice::has(&reader, &mine, foreign).await.unwrap());
        // The program itself has none, and only it brings them to people.
        assert!(store::notice::list(&reader, &scope, 10).await.unwrap().is_empty());
        assert_eq!(store::notice::unread(&reader, &scope).await.unwrap(), 0);
        assert!(
            store::notice::to_deliver(&reader, &mine, first)
                .await
                .unwrap()
                .is_none()
        );
        let (whose, told) = store::notice::to_deliver(&reader, &scope, first)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((whose, told.id, told.read_at_ms), (one.id, first, None));

        let writer = database.writer().await.unwrap();
        assert_eq!(
            store::notice::mark_read(&writer, &mine, Some(foreign), 99)
                .await
                .unwrap(),
            0
        );
        assert_eq!(
            store::notice::mark_read(&writer, &mine, Some(first), 40)
                .await
                .unwrap(),
            1
        );
        assert_eq!(
            store::notice::mark_read(&writer, &mine, None, 50).await.unwrap(),
            1
        );
        assert_eq!(
            store::notice::mark_read(&writer, &mine, None, 60).await.unwrap(),
            0
        );
        let state = Delivery::Sent;
        store::notice::mark_delivery(&writer, &scope, first, Channel::Mail, state, 2, Some(70))
            .await
            .unwrap();
        writer.commit().await.unwrap();
        let read: Vec<_> = store::notice::list(&reader, &mine, 10)
            .await
            .unwrap()
            .iter()
            .map(|told| told.read_at_ms)
            .collect();
        assert_eq!(read, [Some(50), Some(40)], "the first time counts");
        assert_eq!(
            store::notice::unread(&reader, &as_user(&scope, other.id))
                .await
                .unwrap(),
            1
        );
        for (id, state) in [(first, Delivery::Sent), (second, Delivery::Waiting)] {
            let found = store::notice::delivery(&reader, &scope, id, Channel::Mail)
                .await
                .unwrap();
            assert_eq!(found, Some(state));
        }
    })
    .await;
}

#[tokio::test]
async fn mails_go_to_those_who_want_them() {
    kit::on_each(async |database: Database| {
        let (scope, _) = kit::organization(&database).await;
        let wants = user("a@x.example", Role::Rep);
        let unwilling = user("b@x.example", Role::Rep);
        let mut disabled = user("c@x.example", Role::Rep);
        disabled.disabled_at_ms = Some(1);
        let mut sample = user("d@x.example", Role::Rep);
        sample.demo = true;
        let people = [wants, unwilling, disabled, sample];
        let writer = database.writer().await.unwrap();
        for person in &people {
            store::user::insert(&writer, &scope, person, None).await.unwrap();
        }
        store::user::set_wants_mail(&writer, &scope, people[1].id, false)
            .await
            .unwrap();
        // A change of the rest leaves the choice alone.
        store::user::update(&writer, &scope, &people[1]).await.unwrap();
        let nobody = UserId(Uuid::now_v7());
        assert!(
            store::user::set_wants_mail(&writer, &scope, nobody, true)
                .await
                .is_err()
        );
        writer.commit().await.unwrap();
        let reader = database.reader();
        let ids: Vec<UserId> = people.iter().map(|person| person.id).chain([nobody]).collect();
        let found = store::user::who_get_mail(&reader, &scope, &ids).await.unwrap();
        assert_eq!(found, [people[0].id]);
        assert!(
            store::user::who_get_mail(&reader, &scope, &[])
                .await
                .unwrap()
                .is_empty()
        );
        for (person, wants) in people.iter().zip([true, false]) {
            let found = store::user::wants_mail(&reader, scope.organization, person.id)
                .await
                .unwrap();
            assert_eq!(found, wants);
        }
    })
    .await;
}
