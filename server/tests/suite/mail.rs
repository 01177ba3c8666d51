//! Notices by mail, from the publishing to the mail server: what is said, what is tried again, and that nothing is sent twice.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::calendar::Day;
use operations::job::LEASE_MS;
use operations::{Database, Operations, clock};
use serde_json::{Value, json};
use server::jobs::Jobs;
use server::mail::{Mailer, SmtpUrl};
use server::shutdown::Shutdown;
use tokio::task::JoinHandle;

use crate::client::Answer;
use crate::house::{House, Who};
use crate::post::{Post, Verdict};

pub(crate) const FROM: &str = "达成 <attain@attain.test>";
/// Those of the house who carry numbers and sign in.
const CARRIERS: [&str; 4] = [
    "rep@attain.test",
    "sibling@attain.test",
    "manager@attain.test",
    "other@attain.test",
];

fn mailer(post: &Post) -> Mailer {
    let url: SmtpUrl = format!("smtp://user:password@{}", post.address).parse().unwrap();
    Mailer::of(Some(&url), Some(FROM), None).unwrap().unwrap()
}

/// A server's runner.
fn runner(operations: &Operations, post: &Post) -> (JoinHandle<()>, Shutdown) {
    runner_of(operations, mailer(post))
}

/// The same with a mailer.
pub(crate) fn runner_of(operations: &Operations, mailer: Mailer) -> (JoinHandle<()>, Shutdown) {
    let jobs = Jobs {
        operations: operations.clone(),
        mailer: Some(mailer),
        base: "https://attain.test".to_owned(),
        shutdown: Shutdown::default(),
    };
    let shutdown = jobs.shutdown.clone();
    (tokio::spawn(jobs.run()), shutdown)
}

/// The jobs as the owner's program sees them.
pub(crate) async fn jobs(house: &House) -> Answer {
    let answer = house.client(Who::TokenAdmin).get("/api/v1/jobs").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer
}

/// Waits until so many jobs are in a state.
pub(crate) async fn until(house: &House, state: &str, count: u64) {
    let patience = Instant::now() + Duration::from_secs(40);
    while jobs(house).await.json()[state] != count {
        assert!(Instant::now() < patience, "{}", jobs(house).await.text());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Mails in a state; publishing asks for reminders too, whose days are not there yet.
fn mails(seen: &Value, state: &str) -> usize {
    let jobs = seen["unfinished"].as_array().unwrap();
    jobs.iter()
        .filter(|job| job["kind"] == "deliver_mail" && job["state"] == state)
        .count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_carries_a_published_number_gets_a_mail_in_the_own_language() {
    let house = House::start().await;
    let rep = house.signed_in(Who::Rep).await;
    house.operations.set_language(&rep, "en").await.unwrap();
    let post = Post::open().await;
    let (_jobs, _) = runner(&house.operations, &post);
    house.published().await;
    post.until("everybody has a mail", |post| {
        post.mails().len() == CARRIERS.len()
    })
    .await;
    until(&house, "done", CARRIERS.len() as u64).await;

    let mails = post.mails();
    let to: BTreeSet<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
    assert_eq!(to, BTreeSet::from(CARRIERS));
    let of = |to: &str| mails.iter().find(|mail| mail.to == to).unwrap();
    for (to, subject, language, look) in [
        (
            "rep@attain.test",
            "Your target is published: please confirm it",
            "en",
            "Have a look",
        ),
        (
            "sibling@attain.test",
            "你的目标已发布，请确认",
            "zh-CN",
            "打开看看",
        ),
    ] {
        let mail = of(to);
        assert_eq!(mail.header("Subject"), subject);
        assert!(
            mail.data.is_ascii() || mail.raw("Subject").is_ascii(),
            "headers are ASCII"
        );
        assert_eq!(mail.header("From"), FROM);
        assert!(
            mail.header("To").ends_with(&format!("<{to}>")),
            "{}",
            mail.header("To")
        );
        assert_eq!(mail.raw("Content-Language"), language);
        assert_eq!(mail.raw("List-Unsubscribe"), "<https://attain.test/notices>");
        assert_eq!(mail.raw("Auto-Submitted"), "auto-generated");
        assert!(mail.raw("Message-ID").ends_with("@attain.test>"));
        assert!(!mail.raw("Date").is_empty() && mail.raw("MIME-Version") == "1.0");
        for part in ["text/plain", "text/html"] {
            let text = mail.part(part);
            assert!(text.contains("https://attain.test/my-target"), "{part}: {text}");
            assert!(text.contains("https://attain.test/notices"), "{part}: {text}");
            assert!(text.contains(look), "{part}: {text}");
            assert!(
                !text.contains("9,000") && !text.contains("90,000"),
                "no figures: {text}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_mail_server_puts_off_is_tried_again_and_what_it_refuses_is_not() {
    let house = House::start().await;
    let post = Post::open().await;
    let [later, never, ..] = CARRIERS;
    post.answer(later, Verdict::Later);
    post.answer(never, Verdict::Never);
    let (_jobs, _) = runner(&house.operations, &post);
    house.published().await;
    until(&house, "done", 2).await;
    until(&house, "failed", 1).await;
    let seen = jobs(&house).await.json();
    assert_eq!(mails(&seen, "queued"), 1, "{seen}");
    let (failed, queued) = (&seen["unfinished"][0], &seen["unfinished"][1]);
    for (job, state) in [(failed, "failed"), (queued, "queued")] {
        assert_eq!(
            (&job["state"], &job["attempts"]),
            (&json!(state), &json!(1)),
            "{job}"
        );
        assert_eq!(job["reference"].as_str().unwrap().len(), 8, "{job}");
    }
    let wait_ms = queued["run_at_ms"].as_i64().unwrap() - clock::now_ms();
    assert!((15_000..=30_000).contains(&wait_ms), "{wait_ms}");

    // Its time comes, and the mail server is in a better mood.
    post.answer(later, Verdict::Take);
    let sql = "UPDATE job SET run_at_ms = 0 WHERE state = 'queued' AND kind = 'deliver_mail'";
    kit::damage(&house.operations.database, sql).await;
    house
        .operations
        .set_business_date(&house.scope, Day::from_ymd(2018, 2, 15))
        .await
        .unwrap();
    until(&house, "done", 3).await;
    assert_eq!((post.asked(later), post.asked(never)), (2, 1));

    // Only when an owner wants it.
    let path = format!("/api/v1/jobs/{}/retry", failed["id"].as_str().unwrap());
    let retry = async || {
        let client = house.client(Who::Owner);
        client.call(Method::POST, &path, "", Body::empty()).await.status
    };
    assert_eq!(retry().await, StatusCode::ACCEPTED);
    post.until("it is tried again", |post| post.asked(never) == 2)
        .await;
    until(&house, "failed", 1).await;
    assert_eq!(post.mails().len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn two_servers_send_nothing_twice() {
    const ROUNDS: usize = 6;
    let house = House::start().await;
    let post = Post::open().await;
    let other = Operations::new(Database::open(&house.database_url()).await.unwrap());
    let (first, stop_first) = runner(&house.operations, &post);
    let (second, stop_second) = runner(&other, &post);
    let mut version = house.published().await;
    for _ in 1..ROUNDS {
        let operations = &house.operations;
        let next = operations
            .branch_version(&house.scope, version, None)
            .await
            .unwrap();
        version = next.version;
        operations.publish(&house.scope, version).await.unwrap();
    }
    let all = ROUNDS * CARRIERS.len();
    until(&house, "done", all as u64).await;
    let mails = post.mails();
    let named: BTreeSet<String> = mails.iter().map(|mail| mail.raw("Message-ID")).collect();
    assert_eq!((mails.len(), named.len()), (all, all));
    // Who has nothing to do stops at once.
    let begun = Instant::now();
    for (runner, stop) in [(first, stop_first), (second, stop_second)] {
        stop.begin();
        runner.await.unwrap();
    }
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_server_held_that_is_gone_is_sent_by_the_next() {
    let house = House::start().await;
    house.published().await;
    // It was killed a lease ago, with everything in its hands.
    let then_ms = clock::now_ms() + 1_000 - LEASE_MS;
    let sql = "UPDATE job SET run_at_ms = 0 WHERE kind = 'deliver_mail'";
    kit::damage(&house.operations.database, sql).await;
    for _ in CARRIERS {
        let held = house.operations.claim_job(&house.scope, then_ms).await.unwrap();
        assert!(held.is_some());
    }
    let post = Post::open().await;
    let (_jobs, _) = runner(&house.operations, &post);
    assert!(post.mails().is_empty(), "the lease is not over");
    post.until("all are sent", |post| post.mails().len() == CARRIERS.len())
        .await;
    until(&house, "done", CARRIERS.len() as u64).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_gives_back_what_it_is_at() {
    let house = House::start().await;
    let silent = Post::open().await;
    for to in CARRIERS {
        silent.answer(to, Verdict::Silence);
    }
    let (jobs_of_it, stop) = runner(&house.operations, &silent);
    house.published().await;
    let asked = |post: &Post| CARRIERS.iter().any(|to| post.asked(to) > 0);
    silent.until("a mail is on its way", asked).await;
    let begun = Instant::now();
    stop.begin();
    jobs_of_it.await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    let seen = jobs(&house).await.json();
    assert_eq!(
        (mails(&seen, "queued"), &seen["running"]),
        (4, &json!(0)),
        "{seen}"
    );
    let post = Post::open().await;
    let (_jobs, _) = runner(&house.operations, &post);
    post.until("the next sends all", |post| post.mails().len() == CARRIERS.len())
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_mail_server_nothing_waits_for_one() {
    let house = House::start().await;
    let jobs = Jobs {
        operations: house.operations.clone(),
        mailer: None,
        base: String::new(),
        shutdown: Shutdown::default(),
    };
    tokio::spawn(jobs.run());
    house.published().await;
    until(&house, "done", CARRIERS.len() as u64).await;
}
