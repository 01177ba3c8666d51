//! Who has confirmed, as a list: what is sought in it, and reminding those who are listed.

use domain::access::Role;
use domain::acknowledgement::{AnswerFilter, AnswerQuery, Stance};
use domain::id::{MemberId, VersionId};
use store::Database;

use crate::remind::{another_team, confirm, published_again, reminded, row_of_a};
use crate::{code, company, planning};

#[tokio::test]
async fn the_list_is_sought_by_name_and_by_where_people_stand_and_those_listed_are_reminded() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        another_team(&company).await;
        let operations = &company.operations;
        let version = company.published().await;
        let planner = company.planner();
        let list = async |version: VersionId, search: &str, stance: Option<Stance>| {
            let filter = AnswerFilter {
                search: search.to_owned(),
                stance,
            };
            let query = AnswerQuery { filter, offset: 0 };
            operations.answer_page(&planner, version, &query).await.unwrap()
        };
        let page = list(version, "", None).await;
        assert_eq!((page.counts.asked, page.counts.not_asked), (3, 2), "{page:?}");
        assert_eq!((page.matching, page.may_remind, page.voice), (5, 5, true));
        let not_asked = list(version, "", Some(Stance::NotAsked)).await;
        let names: Vec<&str> = not_asked.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["other", "c"], "they cannot sign in");
        assert_eq!(not_asked.counts, page.counts, "whatever is sought");
        assert_eq!(list(version, "OTHER", None).await.matching, 1);
        assert!(list(version, "nobody", None).await.rows.is_empty());

        // Those listed, and nobody else.
        let a = list(version, "", None).await.rows;
        let a = a.iter().find(|row| row.carrier == company.members[1]).unwrap();
        let only = AnswerFilter {
            search: a.name.clone(),
            stance: Some(Stance::Asked),
        };
        let sought = list(version, &a.name, Some(Stance::Asked)).await;
        let done = operations.remind_listed(&planner, version, &only).await.unwrap();
        assert_eq!(u64::from(done.told), sought.may_remind);
        assert!(done.told >= 1 && done.unreachable == 0);
        let after = list(version, "", None).await;
        let left = page.may_remind - sought.may_remind;
        assert_eq!(
            after.may_remind, left,
            "a list that was looked at before is read anew"
        );
        let nobody = AnswerFilter {
            search: String::new(),
            stance: Some(Stance::Confirmed),
        };
        let none = operations
            .remind_listed(&planner, version, &nobody)
            .await
            .unwrap();
        assert_eq!(none, reminded(0, 0, 0));

        // Who confirmed and is asked for another number is asked again; the others are asked.
        confirm(&company, version).await;
        assert_eq!(row_of_a(&company, version).await.stance, Stance::Confirmed);
        let next = published_again(&company, version).await;
        let again = list(next, "", Some(Stance::AskedAgain)).await;
        let carriers: Vec<MemberId> = again.rows.iter().map(|row| row.carrier).collect();
        assert_eq!(carriers, [company.members[1]]);
        assert_eq!(again.counts.asked, 2);
        let viewer = planning::user(&company.system, Role::Viewer, None, &[], &[]);
        let hidden = operations
            .answer_page(&viewer, next, &AnswerQuery::default())
            .await;
        assert_eq!(code(hidden), "not_found");
        let mute = operations.remind_listed(&viewer, next, &nobody).await;
        assert_eq!(code(mute), "not_found");
    })
    .await;
}
