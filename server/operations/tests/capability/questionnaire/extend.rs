//! What still changes when a questionnaire was sent, and where those who are asked find it.

use domain::notice::Notice;
use domain::questionnaire::{AskedMore, Audience, Progress, Status};
use store::Database;

use super::{draft, east, given, sent, told};
use crate::planning::day;
use crate::refusal::code;
use crate::{Company, company, fiscal_2027};

/// When the reminders that wait are due, the earliest first.
async fn reminders(company: &Company) -> Vec<i64> {
    let jobs = company.operations.jobs(&company.system).await.unwrap();
    let reminders = jobs.list.iter().filter(|job| job.kind == "remind_questionnaire");
    let mut due: Vec<i64> = reminders.map(|job| job.run_at_ms).collect();
    due.sort_unstable();
    due
}

#[tokio::test]
async fn reminders_follow_another_due_date() {
    kit::on_each(async |database: Database| {
        let mut company = company(&database).await;
        let id = sent(&company, &fiscal_2027()).await;
        let other = sent(&company, &fiscal_2027()).await;
        let planner = company.planner();
        let before = reminders(&company).await;
        let operations = &company.operations;
        operations
            .postpone_questionnaire(&planner, id, day("2026-12-15"))
            .await
            .unwrap();
        // Friday the 11th and Tuesday the 15th in place of the 4th and the 8th; the other one stays as it was.
        let after = reminders(&company).await;
        let week_ms = 7 * 86_400_000;
        assert_eq!(before, [before[0], before[0], before[2], before[2]]);
        assert_eq!(
            after,
            [before[0], before[2], before[0] + week_ms, before[2] + week_ms]
        );
        let form = operations.questionnaire_form(&company.rep(1), id).await.unwrap();
        assert_eq!(form.due_on, day("2026-12-15"));
        assert_eq!(
            told(&company, &company.rep(1)).await.len(),
            2,
            "a date is no news by itself"
        );
        // Back again: a day that was taken back can be asked for anew.
        operations
            .postpone_questionnaire(&planner, id, day("2026-12-08"))
            .await
            .unwrap();
        assert_eq!(reminders(&company).await, before);

        let past = operations
            .postpone_questionnaire(&planner, id, day("2026-11-26"))
            .await;
        assert_eq!(code(past), "questionnaire_due");
        let by_rep = operations
            .postpone_questionnaire(&company.rep(1), id, day("2026-12-15"))
            .await;
        assert_eq!(code(by_rep), "not_found");
        operations.close_questionnaire(&planner, other).await.unwrap();
        let closed = operations
            .postpone_questionnaire(&planner, other, day("2026-12-15"))
            .await;
        assert_eq!(code(closed), "questionnaire_closed");
        let written = operations
            .write_questionnaire(&planner, &fiscal_2027(), None, draft(east(&company)))
            .await
            .unwrap();
        let unsent = operations
            .postpone_questionnaire(&planner, written.id, day("2026-12-15"))
            .await;
        assert_eq!(code(unsent), "questionnaire_not_sent");

        // The overdue one takes nobody in before it is due another day.
        company.operations.today = Some(day("2026-12-09"));
        let late = company.operations.ask_more(&planner, id, east(&company)).await;
        assert_eq!(code(late), "questionnaire_overdue");
    })
    .await;
}

#[tokio::test]
async fn more_people_are_asked_and_told_once() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let planner = company.planner();
        let only_ann = Audience {
            members: vec![company.ann],
            ..Audience::default()
        };
        let written = operations
            .write_questionnaire(&planner, &fiscal_2027(), None, draft(only_ann))
            .await
            .unwrap();
        let id = written.id;
        let early = operations.ask_more(&planner, id, east(&company)).await;
        assert_eq!(code(early), "questionnaire_not_sent");
        operations.send_questionnaire(&planner, id).await.unwrap();
        let bob = company.rep(2);
        assert_eq!(code(operations.questionnaire_form(&bob, id).await), "not_found");

        let asked = operations.ask_more(&planner, id, east(&company)).await.unwrap();
        let expected = AskedMore {
            added: 3,
            told: 2,
            already: 1,
        };
        assert_eq!(asked, expected, "Lead, Bob, and Cat who cannot sign in");
        let again = operations.ask_more(&planner, id, east(&company)).await.unwrap();
        assert_eq!((again.added, again.told, again.already), (0, 0, 4));
        for place in 0..3 {
            let notices = told(&company, &company.rep(place)).await;
            assert!(
                matches!(&notices[..], [Notice::QuestionnaireSent { .. }]),
                "{place}: {notices:?}"
            );
        }
        operations.questionnaire_form(&bob, id).await.unwrap();
        let results = operations.questionnaire_results(&planner, id).await.unwrap();
        assert_eq!(results.written.recipients.len(), 4);

        let nobody = operations.ask_more(&planner, id, Audience::default()).await;
        assert_eq!(code(nobody), "questionnaire_nobody");
        let strange = Audience {
            members: vec![domain::id::MemberId::default()],
            ..Audience::default()
        };
        assert_eq!(
            code(operations.ask_more(&planner, id, strange).await),
            "unknown_recipient"
        );
        let by_manager = operations.ask_more(&company.manager(), id, east(&company)).await;
        assert_eq!(code(by_manager), "not_found");
        operations.close_questionnaire(&planner, id).await.unwrap();
        let closed = operations.ask_more(&planner, id, east(&company)).await;
        assert_eq!(code(closed), "questionnaire_closed");
    })
    .await;
}

#[tokio::test]
async fn who_is_asked_finds_it_and_nobody_else_does() {
    kit::on_each(async |database: Database| {
        let mut company = company(&database).await;
        let planner = company.planner();
        let ann = company.rep(1);
        let bob = company.rep(2);
        let own =
            async |company: &Company, scope| company.operations.own_questionnaires(scope).await.unwrap();
        let is_asked = async |company: &Company, scope| company.operations.me(scope).await.unwrap().is_asked;
        assert!(own(&company, &ann).await.is_empty() && !is_asked(&company, &ann).await);
        let first = sent(&company, &fiscal_2027()).await;
        let second = sent(&company, &fiscal_2027()).await;
        company
            .operations
            .postpone_questionnaire(&planner, first, day("2026-12-20"))
            .await
            .unwrap();
        // What is due first stands first.
        let ids: Vec<_> = own(&company, &ann).await.iter().map(|row| row.id).collect();
        assert_eq!(ids, [second, first]);
        let manager = company.manager();
        assert!(is_asked(&company, &ann).await && is_asked(&company, &manager).await);
        assert!(own(&company, &planner).await.is_empty() && !is_asked(&company, &planner).await);

        let answers = vec![given(0, "1000", ""), given(1, "0", "")];
        company
            .operations
            .answer_questionnaire(&ann, second, answers)
            .await
            .unwrap();
        company.operations.today = Some(day("2026-12-21"));
        let rows = own(&company, &ann).await;
        let seen: Vec<_> = rows
            .iter()
            .map(|row| (row.id, row.progress, row.overdue))
            .collect();
        assert_eq!(
            seen,
            [(first, Progress::None, true), (second, Progress::Answered, true)]
        );
        // Closed ones stay with who answered them, and with nobody else.
        for id in [first, second] {
            company
                .operations
                .close_questionnaire(&planner, id)
                .await
                .unwrap();
        }
        let rows = own(&company, &ann).await;
        assert_eq!(
            rows.iter().map(|row| (row.id, row.status)).collect::<Vec<_>>(),
            [(second, Status::Closed)]
        );
        assert!(is_asked(&company, &ann).await);
        assert!(own(&company, &bob).await.is_empty() && !is_asked(&company, &bob).await);
    })
    .await;
}
