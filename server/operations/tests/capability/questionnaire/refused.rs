//! What cannot be sent.

use domain::access::Role;
use domain::questionnaire::{Audience, Draft};

use super::{draft, east};
use crate::planning::day;
use crate::refusal::code;
use crate::{company, fiscal_2027};

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
