//! Questionnaires: what their tests share.

mod course;
mod extend;
mod refused;
mod sums;

use domain::assumption::PlanningQuery;
use domain::id::QuestionnaireId;
use domain::notice::Notice;
use domain::questionnaire::{Ask, Audience, Draft, Given, Question, Ready, Wording};
use operations::Scope;

use crate::Company;
use crate::planning::day;

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
