//! A questionnaire from its draft to its end, and its reminders.

use domain::access::Role;
use domain::id::QuestionnaireId;
use domain::notice::Notice;
use domain::questionnaire::{Progress, Reminded, Status, Summary};
use store::Database;

use super::{draft, east, given, sent, told};
use crate::planning::day;
use crate::refusal::code;
use crate::{company, fiscal_2027};

#[tokio::test]
async fn a_questionnaire_is_written_sent_answered_read_and_closed() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let planner = company.planner();
        let written = operations
            .write_questionnaire(&planner, &fiscal_2027(), None, draft(east(&company)))
            .await
            .unwrap();
        let names = |written: &domain::questionnaire::Written| {
            let people = written.recipients.iter();
            people
                .map(|one| (one.name.clone(), one.signs_in))
                .collect::<Vec<_>>()
        };
        let reached = [("Ann", true), ("Bob", true), ("Cat", false), ("Lead", true)];
        let reached = reached.map(|(name, signs_in)| (name.to_owned(), signs_in));
        assert_eq!(names(&written), reached);
        // Nobody but those who plan knows of a draft.
        let id = written.id;
        assert!(told(&company, &company.rep(1)).await.is_empty());
        assert_eq!(
            code(operations.questionnaire_form(&company.rep(1), id).await),
            "not_found"
        );
        assert_eq!(
            code(operations.questionnaire_results(&company.manager(), id).await),
            "not_found"
        );
        assert_eq!(
            code(operations.close_questionnaire(&planner, id).await),
            "questionnaire_not_sent"
        );

        operations.send_questionnaire(&planner, id).await.unwrap();
        assert_eq!(
            code(operations.send_questionnaire(&planner, id).await),
            "questionnaire_sent"
        );
        assert_eq!(
            code(operations.delete_questionnaire(&planner, id).await),
            "questionnaire_sent"
        );
        let again = operations
            .write_questionnaire(&planner, &fiscal_2027(), Some(id), draft(east(&company)))
            .await;
        assert_eq!(code(again), "questionnaire_sent");
        for place in 0..3 {
            let notices = told(&company, &company.rep(place)).await;
            assert!(
                matches!(&notices[..], [Notice::QuestionnaireSent { by, .. }] if by == "Planner"),
                "{notices:?}"
            );
        }

        // Ann answers, changes her mind, and types something that is no number.
        let ann = company.rep(1);
        let saved = operations
            .answer_questionnaire(&ann, id, vec![given(0, "120万", "the hospital")])
            .await
            .unwrap();
        assert_eq!(saved.progress, Progress::Begun);
        let wrong = vec![given(0, "much", ""), given(1, "1", ""), given(2, "华东医院", "")];
        assert_eq!(
            code(operations.answer_questionnaire(&ann, id, wrong).await),
            "bad_reply"
        );
        let form = operations.questionnaire_form(&ann, id).await.unwrap();
        assert_eq!(form.progress, Progress::Answered, "what could be read is kept");
        assert!(form.replies.iter().all(Option::is_some) && !form.may_read_results && !form.overdue);
        let unknown = vec![given(9, "x", "")];
        assert_eq!(
            code(operations.answer_questionnaire(&ann, id, unknown).await),
            "bad_reply"
        );
        let saved = operations
            .answer_questionnaire(&ann, id, vec![given(2, "", "")])
            .await
            .unwrap();
        assert_eq!(saved.progress, Progress::Answered, "it is not required");

        // Whoever is not asked finds nothing, and a rep reads nobody's answers.
        assert_eq!(
            code(operations.questionnaire_form(&planner, id).await),
            "not_found"
        );
        assert_eq!(
            code(operations.questionnaire_results(&ann, id).await),
            "not_found"
        );
        let viewer = crate::planning::user(&company.system, Role::Viewer, None, &[], &[]);
        assert_eq!(
            code(operations.questionnaire_results(&viewer, id).await),
            "not_found"
        );

        let results = operations.questionnaire_results(&planner, id).await.unwrap();
        assert_eq!(results.written.recipients.len(), 4);
        let Summary::Numbers { of, quotes } = &results.summaries[0] else {
            panic!("{results:?}")
        };
        assert_eq!((of.median, quotes[0].name.as_str()), (120_000_000, "Ann"));
        assert!(matches!(&results.summaries[1], Summary::Counts { counts, .. } if counts == &[0, 1]));
        assert_eq!(results.summaries[2], Summary::Nothing);
        // A manager sees those within reach.
        let of_east = operations
            .questionnaire_results(&company.manager(), id)
            .await
            .unwrap();
        assert_eq!(of_east.written.recipients.len(), 3);
        assert!(!of_east.may_write);
        let desk = operations
            .questionnaires(&company.manager(), &fiscal_2027())
            .await
            .unwrap();
        assert_eq!((desk.rows[0].asked, desk.rows[0].answered), (3, 1));
        assert!(!desk.may_write && desk.chosen.members.is_empty());
        let stranger = crate::planning::user(&company.system, Role::Manager, None, &[company.south], &[]);
        assert_eq!(
            code(operations.questionnaire_results(&stranger, id).await),
            "not_found"
        );
        assert!(
            operations
                .questionnaires(&stranger, &fiscal_2027())
                .await
                .unwrap()
                .rows
                .is_empty()
        );

        operations.close_questionnaire(&planner, id).await.unwrap();
        operations.close_questionnaire(&planner, id).await.unwrap();
        let late = operations
            .answer_questionnaire(&ann, id, vec![given(1, "0", "")])
            .await;
        assert_eq!(code(late), "questionnaire_closed");
        assert_eq!(
            code(operations.remind_questionnaire(&planner, id).await),
            "questionnaire_closed"
        );
        let form = operations.questionnaire_form(&ann, id).await.unwrap();
        assert_eq!(form.status, Status::Closed);
    })
    .await;
}

#[tokio::test]
async fn reminders_come_once_a_day_to_those_who_have_not_answered() {
    kit::on_each(async |database: Database| {
        let mut company = company(&database).await;
        let id = sent(&company, &fiscal_2027()).await;
        let planner = company.planner();
        let jobs = company.operations.jobs(&company.system).await.unwrap();
        let reminders = jobs.list.iter().filter(|job| job.kind == "remind_questionnaire");
        let mut due: Vec<i64> = reminders.map(|job| job.run_at_ms).collect();
        due.sort_unstable();
        // Friday the 4th and Tuesday the 8th of December: three days before the 8th is a Saturday.
        assert_eq!(due.len(), 2);
        assert_eq!((due[1] - due[0]) / 86_400_000, 4);

        let ann = company.rep(1);
        let answers = vec![given(0, "1000", ""), given(1, "0", "")];
        company
            .operations
            .answer_questionnaire(&ann, id, answers)
            .await
            .unwrap();
        let reminded = company
            .operations
            .remind_questionnaire(&planner, id)
            .await
            .unwrap();
        let expected = Reminded {
            told: 2,
            already: 0,
            unreachable: 1,
        };
        assert_eq!(reminded, expected, "Cat cannot sign in");
        let again = company
            .operations
            .remind_questionnaire(&planner, id)
            .await
            .unwrap();
        assert_eq!((again.told, again.already), (0, 2));
        assert!(
            !company
                .operations
                .remind_when_due(&company.system, id)
                .await
                .unwrap()
        );
        assert_eq!(told(&company, &ann).await.len(), 1);
        assert_eq!(told(&company, &company.rep(2)).await.len(), 2);

        company.operations.today = Some(day("2026-12-04"));
        assert!(
            company
                .operations
                .remind_when_due(&company.system, id)
                .await
                .unwrap()
        );
        let notices = told(&company, &company.rep(2)).await;
        assert!(matches!(notices[0], Notice::QuestionnaireReminder { .. }));
        company
            .operations
            .close_questionnaire(&planner, id)
            .await
            .unwrap();
        company.operations.today = Some(day("2026-12-08"));
        assert!(
            !company
                .operations
                .remind_when_due(&company.system, id)
                .await
                .unwrap()
        );
        let gone = QuestionnaireId::default();
        assert!(
            !company
                .operations
                .remind_when_due(&company.system, gone)
                .await
                .unwrap()
        );
    })
    .await;
}
