//! A questionnaire from its draft to its end.

use domain::access::Role;
use domain::assumption::PlanningQuery;
use domain::calendar::PeriodKind;
use domain::id::QuestionnaireId;
use domain::money::Minor;
use domain::notice::Notice;
use domain::questionnaire::{
    Ask, Audience, Draft, Given, Progress, Question, Ready, Reminded, Status, Summary, Wording,
};
use operations::Scope;
use store::Database;

use crate::planning::{day, plan};
use crate::refusal::code;
use crate::{Company, company, fiscal_2027};

fn draft(audience: Audience) -> Draft {
    let own = Wording::Own {
        text: "Which line will grow?".to_owned(),
        ask: Ask::Choice {
            options: vec!["Meters".to_owned(), "Valves".to_owned()],
        },
    };
    Draft {
        title: "2027".to_owned(),
        introduction: "Five minutes.".to_owned(),
        due_on: day("2026-12-08"),
        remind_days: 3,
        questions: vec![
            Question::ready(Ready::Proposal, true),
            Question {
                wording: own,
                required: true,
            },
            Question::ready(Ready::CustomersMore, false),
        ],
        audience,
    }
}

fn east(company: &Company) -> Audience {
    Audience {
        units: vec![company.east],
        members: vec![company.cat],
        ..Audience::default()
    }
}

fn given(question: u16, value: &str, reason: &str) -> Given {
    Given {
        question,
        value: value.to_owned(),
        reason: reason.to_owned(),
    }
}

async fn sent(company: &Company, query: &PlanningQuery) -> QuestionnaireId {
    let operations = &company.operations;
    let planner = company.planner();
    let written = operations
        .write_questionnaire(&planner, query, None, draft(east(company)))
        .await
        .unwrap();
    operations.send_questionnaire(&planner, written.id).await.unwrap();
    written.id
}

async fn told(company: &Company, scope: &Scope) -> Vec<Notice> {
    let notices = company.operations.notices(scope).await.unwrap().list;
    notices.into_iter().map(|told| told.notice).collect()
}

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

#[tokio::test]
async fn own_numbers_are_summed_beside_the_draft_and_gaps_are_named() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        company
            .deals(2025..=2025, &[("Ann", 1_000), ("Bob", 2_000)])
            .await;
        company.deals(2024..=2024, &[("Ann", 500)]).await;
        let operations = &company.operations;
        let planner = company.planner();
        let mut new = plan("2027-01-01", "2028-01-01", PeriodKind::Quarter);
        new.total = Minor(9_000_000);
        let made = operations.create_plan(&planner, new).await.unwrap();
        let query = PlanningQuery {
            version: Some(made.version),
            period: None,
        };
        let id = sent(&company, &query).await;
        let ann = company.rep(1);
        let form = operations.questionnaire_form(&ann, id).await.unwrap();
        let history: Vec<_> = form
            .history
            .iter()
            .map(|one| (one.span.starts_on, one.actual, one.target))
            .collect();
        assert_eq!(
            history,
            [
                (day("2026-01-01"), Minor(0), None),
                (day("2025-01-01"), Minor(1_200_000), None)
            ]
        );
        assert_eq!(form.history[0].until, Some(day("2026-11-27")));
        let answers = vec![given(0, "15,000", ""), given(1, "0", "")];
        operations.answer_questionnaire(&ann, id, answers).await.unwrap();
        let results = operations.questionnaire_results(&planner, id).await.unwrap();
        let sum = results.bottom_up.unwrap();
        // The comparable days are the last twelve whole months: November 2025 to October 2026.
        assert_eq!((sum.proposals, sum.proposed), (1, Minor(1_500_000)));
        assert_eq!(sum.before.starts_on, day("2025-11-01"));
        assert_eq!(sum.proposed_before, Some(Minor(200_000)));
        let filled: Vec<_> = sum
            .filled
            .iter()
            .map(|one| (one.name.as_str(), one.amount))
            .collect();
        assert_eq!(
            filled,
            [("Bob", Some(Minor(400_000))), ("Cat", None), ("Lead", None)]
        );
        assert_eq!((sum.filled_total, sum.total), (Minor(400_000), Minor(1_900_000)));
        let top_down = sum.top_down.unwrap();
        assert_eq!((top_down.whole, top_down.not_asked), (Minor(9_000_000), 0));
        assert_eq!(top_down.of_asked, Minor(9_000_000));
        // A manager sees what is within reach.
        let of_east = operations
            .questionnaire_results(&company.manager(), id)
            .await
            .unwrap();
        let of_east = of_east.bottom_up.unwrap();
        assert_eq!(of_east.total, Minor(1_900_000));
        let top_down = of_east.top_down.unwrap();
        assert!(
            top_down.in_part && top_down.whole < Minor(9_000_000),
            "{top_down:?}"
        );
        assert_eq!(top_down.whole, top_down.of_asked);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_in_words() {
    let fresh = kit::Fresh::sqlite().await;
    let company = company(&fresh.database).await;
    let operations = &company.operations;
    let planner = company.planner();
    let write = async |draft: Draft| {
        operations
            .write_questionnaire(&planner, &fiscal_2027(), None, draft)
            .await
    };
    let nobody = write(draft(Audience::default())).await.unwrap();
    let refused = operations.send_questionnaire(&planner, nobody.id).await;
    assert_eq!(code(refused), "questionnaire_nobody");
    let mut late = draft(east(&company));
    late.due_on = day("2026-11-26");
    let late = write(late).await.unwrap();
    assert_eq!(
        code(operations.send_questionnaire(&planner, late.id).await),
        "questionnaire_due"
    );
    let strange = Audience {
        units: vec![domain::id::UnitId::default()],
        ..Audience::default()
    };
    assert_eq!(code(write(draft(strange)).await), "unknown_recipient");
    let mut empty = draft(east(&company));
    empty.questions.clear();
    assert_eq!(code(write(empty).await), "questionnaire_questions");
    let rep = company.rep(1);
    let by_rep = operations
        .write_questionnaire(&rep, &fiscal_2027(), None, draft(east(&company)))
        .await;
    assert_eq!(code(by_rep), "not_found");
    operations.delete_questionnaire(&planner, late.id).await.unwrap();
    assert_eq!(
        code(operations.delete_questionnaire(&planner, late.id).await),
        "not_found"
    );
    // By role: those who sign in with it.
    let managers = Audience {
        roles: vec![Role::Manager],
        ..Audience::default()
    };
    let written = write(draft(managers)).await.unwrap();
    let names: Vec<_> = written.recipients.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Lead"]);
    fresh.close().await;
}
