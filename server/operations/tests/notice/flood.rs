//! Nobody's mailbox is flooded and nothing is left out; and notices are not kept for ever.

use domain::access::Role;
use domain::id::{NoticeId, UserId};
use domain::job::Job;
use domain::notice::{Channel, Delivery, HOUR_MS, MAILS_AN_HOUR, Notice};
use operations::job::Tried;
use operations::{Outgoing, Tidied, clock};
use store::Database;
use store::job::NewJob;
use store::notice::NewNotice;

use crate::{Company, company};

const BASE: &str = "https://attain.example";
const DAY_MS: i64 = 24 * HOUR_MS;

impl Company {
    /// Tells somebody that imports failed, each with its mail to be sent.
    async fn tell(&self, user: UserId, files: std::ops::Range<usize>) -> Vec<NoticeId> {
        let at_ms = clock::now_ms();
        let (mut notices, mut jobs) = (Vec::new(), Vec::new());
        for file in files {
            let id = NoticeId(clock::new_id());
            notices.push(NewNotice {
                id,
                user,
                notice: Notice::ImportFailed {
                    import: clock::new_id().into(),
                    files: format!("file {file}.csv"),
                },
                at_ms,
                channels: vec![Channel::Mail],
            });
            jobs.push(NewJob {
                id: clock::new_id().into(),
                job: Job::DeliverMail { notice: id },
                key: Some(format!("mail:{id}")),
                run_at_ms: at_ms,
                created_at_ms: at_ms,
            });
        }
        let writer = self.operations.database.writer().await.unwrap();
        store::notice::insert(&writer, &self.system, &notices)
            .await
            .unwrap();
        store::job::enqueue(&writer, &self.system, &jobs).await.unwrap();
        writer.commit().await.unwrap();
        notices.into_iter().map(|notice| notice.id).collect()
    }

    /// Does what a server does with the jobs that are due, but for the sending.
    async fn deliver(&self) -> Vec<Outgoing> {
        let (operations, system) = (&self.operations, &self.system);
        let mut sent = Vec::new();
        let mut now_ms = clock::now_ms();
        while let Some(held) = operations.claim_job(system, clock::now_ms()).await.unwrap() {
            let Some(Job::DeliverMail { notice }) = held.job else {
                panic!("{held:?}")
            };
            now_ms += 1;
            let tried = match operations.mail_put_off(system, notice).await.unwrap() {
                Some(until_ms) => {
                    assert!(until_ms > now_ms, "it would be tried without end");
                    Tried::PutOff { until_ms }
                }
                None => match operations.outgoing(system, notice, BASE).await.unwrap() {
                    None => Tried::Needless,
                    Some(mail) => {
                        let with = mail.with.clone();
                        sent.push(mail);
                        if with.is_empty() {
                            Tried::Done
                        } else {
                            Tried::DoneWith { notices: with }
                        }
                    }
                },
            };
            operations.end_job(system, &held, tried, now_ms).await.unwrap();
        }
        sent
    }

    async fn delivered(&self, id: NoticeId) -> Delivery {
        let reader = self.operations.database.reader();
        store::notice::delivery(&reader, &self.system, id, Channel::Mail)
            .await
            .unwrap()
            .unwrap()
    }
}

#[tokio::test]
async fn the_last_mail_of_an_hour_tells_everything_that_waits() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let [lead, a, _] = company.users;
        let most = MAILS_AN_HOUR as usize;
        let told = company.tell(a, 0..most + 15).await;
        // Somebody else's mails are none of theirs.
        company.tell(lead, 0..2).await;
        let sent = company.deliver().await;
        let of_a: Vec<_> = sent.iter().filter(|mail| mail.to == "a@x.example").collect();
        assert_eq!((sent.len(), of_a.len()), (most + 2, most));
        assert!(of_a[..most - 1].iter().all(|mail| mail.with.is_empty()));
        let last = of_a[most - 1];
        assert_eq!(last.with.len(), 15);
        assert!(last.letter.subject.contains("16"), "{}", last.letter.subject);
        for file in most - 1..most + 15 {
            assert!(last.letter.text.contains(&format!("file {file}.csv")), "{}", last.letter.text);
        }
        for id in &told {
            assert_eq!(company.delivered(*id).await, Delivery::Sent);
        }
        let scope = company.scope(a, Role::Rep);
        assert_eq!(company.operations.notices(&scope).await.unwrap().unread as usize, told.len());

        // What happens then waits, and does not count as a failed attempt.
        let later = company.tell(a, 100..103).await;
        assert!(company.deliver().await.is_empty());
        assert_eq!(company.delivered(later[0]).await, Delivery::Waiting);
        let put_off = company
            .operations
            .mail_put_off(&company.system, later[0])
            .await
            .unwrap()
            .unwrap();
        let wait_ms = put_off - clock::now_ms();
        assert!((HOUR_MS - 120_000..=HOUR_MS + 1_000).contains(&wait_ms), "{wait_ms}");

        // One of the hour's mails is an hour old: there is room for one, which tells all three; the oldest leads.
        let oldest = "UPDATE delivery SET sent_at_ms = sent_at_ms - 7200000 WHERE sent_at_ms = (SELECT MIN(sent_at_ms) FROM delivery \
                      JOIN notice ON notice.id = delivery.notice_id JOIN \"user\" ON \"user\".id = notice.user_id \
                      WHERE \"user\".email = 'a@x.example')";
        kit::damage(&database, oldest).await;
        let put_off = async |id| company.operations.mail_put_off(&company.system, id).await.unwrap();
        assert_eq!(put_off(later[0]).await, None);
        assert!(put_off(later[1]).await.unwrap() <= clock::now_ms() + 60_000);
        kit::damage(&database, "UPDATE job SET run_at_ms = 0 WHERE state = 'queued'").await;
        let sent = company.deliver().await;
        assert_eq!(sent.len(), 1, "{sent:?}");
        assert_eq!(sent[0].with, later[1..]);

        // What was read meanwhile is not told again.
        let read = company.tell(a, 200..202).await;
        company.operations.read_notice(&scope, read[0]).await.unwrap();
        kit::damage(&database, "UPDATE delivery SET sent_at_ms = sent_at_ms - 7200000").await;
        let sent = company.deliver().await;
        assert_eq!(sent.len(), 1);
        assert!(sent[0].letter.text.contains("file 201.csv"));
        assert_eq!(company.delivered(read[0]).await, Delivery::Needless);
    })
    .await;
}

#[tokio::test]
async fn old_notices_are_tidied_away() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let [lead, a, _] = company.users;
        let scope = company.scope(a, Role::Rep);
        let told = company.tell(a, 0..4).await;
        let of_lead = company.tell(lead, 0..1).await;
        let age = async |file: usize, days: i64| {
            let sql = format!(
                "UPDATE notice SET created_at_ms = created_at_ms - {} WHERE notice LIKE '%file {file}.csv%' AND user_id IN \
                 (SELECT id FROM \"user\" WHERE email = 'a@x.example')",
                days * DAY_MS
            );
            kit::damage(&database, &sql).await;
        };
        for read in [told[0], told[1]] {
            company.operations.read_notice(&scope, read).await.unwrap();
        }
        age(0, 91).await; // read, older than three months
        age(1, 89).await; // read, younger
        age(2, 399).await; // never read
        age(3, 401).await; // never read, older than any is kept
        let left = async |user| -> Vec<NoticeId> { company.told(user).await.iter().map(|told| told.id).collect() };
        company
            .operations
            .tidy(&company.system, Tidied::default())
            .await
            .unwrap();
        assert_eq!(left(a).await, [told[1], told[2]]);
        assert_eq!(left(lead).await, of_lead);
        assert_eq!((company.rows("notice").await, company.rows("delivery").await), (3, 3));
        // A mail whose notice is gone is needless.
        assert_eq!(
            company.operations.outgoing(&company.system, told[3], BASE).await.unwrap(),
            None
        );
        let sent = company.deliver().await;
        assert_eq!(sent.len(), 1, "only what is of late: {sent:?}");
    })
    .await;
}
