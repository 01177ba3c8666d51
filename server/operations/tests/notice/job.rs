//! When jobs are tried again, when they are given up, and what owners see and do.

use domain::access::Role;
use domain::event::Event;
use domain::id::NoticeId;
use domain::job::{Job, JobState};
use operations::clock;
use operations::job::{LEASE_MS, Tried};
use store::Database;
use store::job::NewJob;

use crate::{Company, code, company};

async fn ask(company: &Company, run_at_ms: i64) {
    let new = NewJob {
        id: clock::new_id().into(),
        job: Job::DeliverMail {
            notice: NoticeId(clock::new_id()),
        },
        key: None,
        run_at_ms,
        created_at_ms: run_at_ms,
    };
    let writer = company.operations.database.writer().await.unwrap();
    store::job::enqueue(&writer, &company.system, &[new])
        .await
        .unwrap();
    writer.commit().await.unwrap();
}

fn trouble() -> Tried {
    Tried::Trouble {
        reference: "ABCD1234".to_owned(),
    }
}

#[tokio::test]
async fn what_does_not_succeed_is_tried_again_later_and_later_and_then_given_up() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, system) = (&company.operations, &company.system);
        let claim = async |now_ms| operations.claim_job(system, now_ms).await.unwrap();
        let mut now_ms = 1_000_000;
        ask(&company, now_ms).await;
        let patience = Job::DeliverMail {
            notice: NoticeId::default(),
        }
        .patience();
        let last = patience.attempts.get();
        for attempt in 1..=last {
            assert_eq!(operations.next_job_ms(system).await.unwrap(), Some(now_ms));
            assert!(claim(now_ms - 1).await.is_none(), "attempt {attempt} is not due");
            let held = claim(now_ms).await.unwrap();
            assert_eq!(held.attempts, attempt);
            operations
                .end_job(system, &held, trouble(), now_ms + 5)
                .await
                .unwrap();
            if let Some(pause_ms) = patience.pause_ms(attempt) {
                now_ms += 5 + pause_ms;
            }
        }
        assert_eq!(operations.next_job_ms(system).await.unwrap(), None);

        let owner = company.scope(company.owner, Role::Owner);
        let jobs = operations.jobs(&owner).await.unwrap();
        assert_eq!((jobs.queued, jobs.running, jobs.done, jobs.failed), (0, 0, 0, 1));
        let failed = &jobs.list[0];
        assert_eq!((failed.state, failed.attempts), (JobState::Failed, last));
        assert_eq!(failed.reference.as_deref(), Some("ABCD1234"));
        assert_eq!(failed.kind, "deliver_mail");
        for other in [company.planner(), company.scope(company.users[0], Role::Manager)] {
            assert_eq!(code(operations.jobs(&other).await), "not_found");
            assert_eq!(code(operations.retry_job(&other, failed.id).await), "not_found");
        }

        let seq = operations.last_event(system).await.unwrap();
        operations.retry_job(&owner, failed.id).await.unwrap();
        assert_eq!(code(operations.retry_job(&owner, failed.id).await), "not_found");
        let events = operations.events_since(system, seq).await.unwrap();
        assert_eq!(events[0].event, Event::JobsChanged);
        let held = claim(clock::now_ms()).await.unwrap();
        assert_eq!(held.attempts, 1, "from the beginning");
        operations
            .end_job(system, &held, Tried::Done, clock::now_ms())
            .await
            .unwrap();
        assert_eq!(operations.jobs(&owner).await.unwrap().done, 1);
    })
    .await;
}

#[tokio::test]
async fn a_server_that_is_gone_loses_its_job_to_the_next() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, system) = (&company.operations, &company.system);
        ask(&company, 1_000).await;
        let gone = operations.claim_job(system, 1_000).await.unwrap().unwrap();
        assert!(
            operations
                .claim_job(system, 1_000 + LEASE_MS - 1)
                .await
                .unwrap()
                .is_none()
        );
        let next = operations
            .claim_job(system, 1_000 + LEASE_MS)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((next.id, next.attempts), (gone.id, 2));
        // It comes back after all.
        operations
            .end_job(system, &gone, trouble(), 1_001 + LEASE_MS)
            .await
            .unwrap();
        let owner = company.scope(company.owner, Role::Owner);
        assert_eq!(operations.jobs(&owner).await.unwrap().running, 1);
        operations
            .end_job(system, &next, Tried::Done, 1_002 + LEASE_MS)
            .await
            .unwrap();
        assert_eq!(operations.jobs(&owner).await.unwrap().done, 1);
    })
    .await;
}

#[tokio::test]
async fn a_server_that_stops_gives_its_job_back_at_once() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, system) = (&company.operations, &company.system);
        ask(&company, 1_000).await;
        let held = operations.claim_job(system, 1_000).await.unwrap().unwrap();
        let seq = operations.last_event(system).await.unwrap();
        operations
            .end_job(system, &held, Tried::Interrupted, 1_001)
            .await
            .unwrap();
        let events = operations.events_since(system, seq).await.unwrap();
        assert_eq!(events[0].event, Event::JobsChanged, "others hear of it");
        let next = operations.claim_job(system, 1_001).await.unwrap().unwrap();
        assert_eq!((next.id, next.attempts), (held.id, 1));
    })
    .await;
}

#[tokio::test]
async fn what_was_done_long_ago_is_forgotten() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, system) = (&company.operations, &company.system);
        let long_ago = clock::now_ms() - 30 * 24 * 3_600_000;
        for at_ms in [long_ago, clock::now_ms()] {
            ask(&company, at_ms).await;
            let held = operations.claim_job(system, at_ms).await.unwrap().unwrap();
            operations
                .end_job(system, &held, Tried::Done, at_ms)
                .await
                .unwrap();
        }
        operations
            .tidy(system, operations::Tidied::default())
            .await
            .unwrap();
        assert_eq!(company.rows("job").await, 1);
    })
    .await;
}
