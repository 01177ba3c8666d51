//! Threads of which one number lies within another, agreed on in any order and by different people: all of them can be had together.

use domain::negotiation::{About, MoveKind, Subject};
use domain::plan::{GiveWay, PeriodIndex};
use store::Database;

use crate::{code, company};

const SUBJECTS: [Subject; 3] = [
    Subject::Period(PeriodIndex(0)),
    Subject::Span {
        first: PeriodIndex(0),
        periods: 3,
    },
    Subject::Total,
];
const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

#[tokio::test]
async fn a_month_in_a_quarter_in_a_total_are_had_together_in_whatever_order_they_were_agreed_on() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let version = company.draft_until("2018-07-01").await;
        let mut agreed = Vec::new();
        for (person, order) in ORDERS.into_iter().enumerate() {
            let (row, _) = company.number(version, company.people[person]).await;
            let open = operations.open_grid(planner, version, None).await.unwrap();
            let mut threads = Vec::new();
            for (subject, more) in SUBJECTS.into_iter().zip([300, 900, 1_200]) {
                let amount = subject.sum(|period| open.grid.amount(row, period)).0 + more;
                let about = About::Row { row, subject };
                let id = company
                    .begin(planner, version, about, amount + 100)
                    .await
                    .unwrap();
                let rep = &company.reps[person];
                company
                    .act(rep, id, MoveKind::Counter, Some(amount))
                    .await
                    .unwrap();
                threads.push((id, subject, amount));
            }
            for at in order {
                // Where the leader agrees, who may not change the draft, it does not have the number yet.
                let who = if at == person % 3 {
                    &company.leader
                } else {
                    planner
                };
                company
                    .act(who, threads[at].0, MoveKind::Agree, None)
                    .await
                    .unwrap();
            }
            agreed.extend(
                threads
                    .into_iter()
                    .map(|(_, subject, amount)| (row, subject, amount)),
            );
        }
        let entered = operations
            .enter_agreed(planner, version, GiveWay::Above, None)
            .await
            .unwrap();
        assert!(
            entered.entered > 0 && entered.left.is_empty(),
            "{:?}",
            entered.left
        );
        let grid = operations.open_grid(planner, version, None).await.unwrap().grid;
        for (row, subject, amount) in agreed {
            let has = subject.sum(|period| grid.amount(row, period)).0;
            assert_eq!(has, amount, "{row:?} {subject:?}");
        }
        let again = operations
            .enter_agreed(planner, version, GiveWay::Above, None)
            .await;
        assert_eq!(code(again), "nothing_agreed");
    })
    .await;
}
