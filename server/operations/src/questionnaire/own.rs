//! The questionnaires somebody is asked to answer.

use domain::access::Permission;
use domain::questionnaire::{OwnRow, Progress, Status};

use super::form::{how_far, own};
use crate::scope::require;
use crate::{Error, Operations, Scope};

impl Operations {
    /// What whoever asks is asked: what waits for them first, by its due date, then the rest, the latest first. Empty for who
    /// is no member.
    pub async fn own_questionnaires(&self, scope: &Scope) -> Result<Vec<OwnRow>, Error> {
        require(scope, Permission::Acknowledge)?;
        let Ok((_, own)) = own(scope) else {
            return Ok(Vec::new());
        };
        let reader = self.database.reader();
        let today = self.business_date(scope).await?;
        let answers = store::questionnaire::answers(&reader, &own, None).await?;
        let asked = store::questionnaire::asked(&reader, &own, None).await?;
        let mut rows = Vec::new();
        for one in store::questionnaire::list(&reader, &own).await? {
            if one.status == Status::Draft || !asked.iter().any(|asked| asked.questionnaire == one.id) {
                continue;
            }
            let of: Vec<_> = answers
                .iter()
                .filter(|answer| answer.questionnaire == one.id)
                .cloned()
                .collect();
            let progress = how_far(&one, &of);
            // What is closed and was never begun is no longer of use to anybody who was asked.
            if one.status == Status::Closed && progress == Progress::None {
                continue;
            }
            rows.push(OwnRow {
                id: one.id,
                progress,
                overdue: today > one.draft.due_on,
                title: one.draft.title,
                created_by: one.created_by,
                span: one.span,
                status: one.status,
                due_on: one.draft.due_on,
            });
        }
        // The list comes with the latest first, and sorting keeps that among the rest.
        rows.sort_by_key(|row| {
            let waits = row.status == Status::Open && row.progress != Progress::Answered;
            (!waits, waits.then_some(row.due_on))
        });
        Ok(rows)
    }
}
