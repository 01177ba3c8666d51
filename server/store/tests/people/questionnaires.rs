//! Questionnaires: who sees which, answers that replace each other, and what goes with a draft.

use domain::access::Reach;
use domain::calendar::Day;
use domain::id::{MemberId, QuestionnaireId};
use domain::money::Minor;
use domain::questionnaire::{Audience, Draft, Question, Ready, Reply, Status};
use domain::target::Span;
use store::questionnaire::Questionnaire;
use store::{Database, Scope, StoreError};
use uuid::Uuid;

fn questionnaire() -> Questionnaire {
    Questionnaire {
        id: QuestionnaireId(Uuid::now_v7()),
        metric_key: "bookings".to_owned(),
        span: Span {
            starts_on: Day(20_000),
            ends_on: Day(20_365),
        },
        version: None,
        status: Status::Open,
        draft: Draft {
            title: "2027".to_owned(),
            introduction: String::new(),
            due_on: Day(19_990),
            remind_days: 2,
            questions: vec![Question::ready(Ready::Proposal, true)],
            audience: Audience::default(),
        },
        created_by: "Planner".to_owned(),
        created_at_ms: 1,
        sent_at_ms: Some(2),
        closed_at_ms: None,
    }
}

fn only(system: &Scope, member: MemberId) -> Scope {
    Scope {
        reach: Reach::Own,
        member: Some(member),
        members: vec![member],
        ..system.clone()
    }
}

#[tokio::test]
async fn each_sees_what_is_within_reach_and_an_answer_replaces_the_one_before() {
    kit::on_each(async |database: Database| {
        let (system, _) = kit::organization(&database).await;
        let members = ["a", "b", "c"].map(kit::member);
        let [a, b, c] = [0, 1, 2].map(|place: usize| members[place].id);
        let new = questionnaire();
        let writer = database.writer().await.unwrap();
        store::member::insert(&writer, &system, &members).await.unwrap();
        store::questionnaire::insert(&writer, &system, &new)
            .await
            .unwrap();
        store::questionnaire::add_members(&writer, &system, new.id, &[a, b])
            .await
            .unwrap();
        // Naming somebody again changes nothing.
        store::questionnaire::add_members(&writer, &system, new.id, &[b])
            .await
            .unwrap();
        for amount in [1, 2] {
            let reply = Reply::Proposal {
                amount: Minor(amount),
                reason: "because".to_owned(),
            };
            store::questionnaire::put_answer(&writer, &system, new.id, a, 0, Some(&reply), amount)
                .await
                .unwrap();
        }
        store::questionnaire::mark_reminded(&writer, &system, new.id, &[b], Day(19_988))
            .await
            .unwrap();
        writer.commit().await.unwrap();

        let reader = database.reader();
        assert_eq!(
            store::questionnaire::get(&reader, &system, new.id).await.unwrap(),
            new
        );
        let answers = store::questionnaire::answers(&reader, &system, Some(new.id))
            .await
            .unwrap();
        assert_eq!((answers.len(), answers[0].at_ms), (1, 2));
        let asked = store::questionnaire::asked(&reader, &system, None).await.unwrap();
        let reminded: Vec<_> = asked.iter().filter_map(|one| one.reminded_on).collect();
        assert_eq!((asked.len(), reminded), (2, vec![Day(19_988)]));
        // Who was asked sees it and the own answers; others find nothing.
        let of_b = only(&system, b);
        assert_eq!(store::questionnaire::list(&reader, &of_b).await.unwrap().len(), 1);
        assert!(
            store::questionnaire::answers(&reader, &of_b, None)
                .await
                .unwrap()
                .is_empty()
        );
        let of_c = only(&system, c);
        assert!(
            store::questionnaire::list(&reader, &of_c)
                .await
                .unwrap()
                .is_empty()
        );
        let hidden = store::questionnaire::get(&reader, &of_c, new.id).await;
        assert!(matches!(hidden, Err(StoreError::NotFound(_))));
        let used = store::member::used(&reader, &system, &[a.0, c.0]).await.unwrap();
        assert_eq!(used, [a.0], "whoever is asked is not taken back with an import");

        let writer = database.writer().await.unwrap();
        store::questionnaire::put_answer(&writer, &system, new.id, a, 0, None, 3)
            .await
            .unwrap();
        store::questionnaire::remove(&writer, &system, new.id)
            .await
            .unwrap();
        writer.commit().await.unwrap();
        assert!(
            store::questionnaire::asked(&reader, &system, None)
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}
