//! The sum of the own numbers beside the draft.

use domain::assumption::PlanningQuery;
use domain::calendar::PeriodKind;
use domain::money::Minor;
use store::Database;

use super::{given, sent};
use crate::company;
use crate::planning::{day, plan};

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
