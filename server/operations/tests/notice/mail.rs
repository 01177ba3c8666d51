//! What is mailed, in which language, and when it is not.

use domain::access::Role;
use domain::format::Lang;
use domain::id::NoticeId;
use domain::notice::{Channel, Delivery, Mail};
use operations::job::Tried;
use operations::{MailService, clock};
use store::Database;

use crate::{Company, company};

const BASE: &str = "https://attain.example";

async fn delivery(company: &Company, id: NoticeId) -> Option<Delivery> {
    let reader = company.operations.database.reader();
    store::notice::delivery(&reader, &company.system, id, Channel::Mail)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_mail_is_in_the_language_of_its_person() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let [lead, a, _] = company.users;
        company
            .change_user(a, |user| user.language = Some("en".to_owned()))
            .await;
        company.published().await;
        for (user, lang, subject) in [
            (a, Lang::En, "Your target is published: please confirm it"),
            (lead, Lang::ZhCn, "你的目标已发布，请确认"),
        ] {
            let id = company.told(user).await[0].id;
            let mail = company
                .operations
                .outgoing(&company.system, id, BASE)
                .await
                .unwrap();
            let mail = mail.unwrap();
            assert_eq!((mail.lang, mail.letter.subject.as_str()), (lang, subject));
            assert!(mail.letter.text.contains("https://attain.example/my-target"));
            assert!(mail.letter.text.contains("云杉仪器"), "{}", mail.letter.text);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_read_or_not_wanted_is_not_mailed() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let [lead, a, b] = company.users;
        let scope = |id| company.scope(id, Role::Rep);
        // Not wanted before it happened: nothing is even queued.
        assert_eq!(operations.notices(&scope(b)).await.unwrap().mail, Mail::Wanted);
        operations.set_notice_mail(&scope(b), false).await.unwrap();
        assert_eq!(operations.notices(&scope(b)).await.unwrap().mail, Mail::Unwanted);
        company.published().await;
        assert_eq!(company.mails().await, 2);
        let id = company.told(b).await[0].id;
        assert_eq!(delivery(&company, id).await, None);

        let outgoing = async |id| operations.outgoing(&company.system, id, BASE).await.unwrap();
        let of_lead = company.told(lead).await[0].id;
        assert_eq!(delivery(&company, of_lead).await, Some(Delivery::Waiting));
        operations.read_notices(&scope(lead)).await.unwrap();
        assert!(outgoing(of_lead).await.is_none(), "read");
        let of_a = company.told(a).await[0].id;
        assert!(outgoing(of_a).await.is_some());
        operations.set_notice_mail(&scope(a), false).await.unwrap();
        assert!(outgoing(of_a).await.is_none(), "not wanted any more");
        operations.set_notice_mail(&scope(a), true).await.unwrap();
        company.change_user(a, |user| user.disabled_at_ms = Some(1)).await;
        assert!(outgoing(of_a).await.is_none(), "may not sign in any more");
        company
            .change_user(a, |user| {
                user.disabled_at_ms = None;
                user.demo = true;
            })
            .await;
        assert!(outgoing(of_a).await.is_none(), "the address is made up");
        assert_eq!(operations.notices(&scope(a)).await.unwrap().mail, Mail::Sample);

        let mut silent = operations.clone();
        silent.mail = MailService::Off;
        assert_eq!(silent.notices(&scope(lead)).await.unwrap().mail, Mail::NotSent);
    })
    .await;
}

#[tokio::test]
async fn a_mail_that_comes_too_late_is_left_out() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        company.published().await;
        let id = company.told(company.users[1]).await[0].id;
        let week = 7 * 24 * 3_600_000;
        let sql = format!("UPDATE notice SET created_at_ms = created_at_ms - {week}");
        kit::damage(&database, &sql).await;
        let mail = company.operations.outgoing(&company.system, id, BASE).await;
        assert_eq!(mail.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn how_a_mail_went_is_written_down() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        company.published().await;
        let reference = || "ABCD1234".to_owned();
        let ends = [
            (Tried::Done, Delivery::Sent),
            (Tried::Needless, Delivery::Needless),
            (
                Tried::Hopeless {
                    reference: reference(),
                },
                Delivery::Failed,
            ),
        ];
        for (tried, state) in ends {
            let now_ms = clock::now_ms();
            let held = operations
                .claim_job(&company.system, now_ms)
                .await
                .unwrap()
                .unwrap();
            let Some(domain::job::Job::DeliverMail { notice }) = held.job else {
                panic!("{held:?}")
            };
            assert_eq!(delivery(&company, notice).await, Some(Delivery::Waiting));
            operations
                .end_job(&company.system, &held, tried, now_ms)
                .await
                .unwrap();
            assert_eq!(delivery(&company, notice).await, Some(state));
        }
    })
    .await;
}
