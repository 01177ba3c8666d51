//! The check of a target.

use domain::calendar::PeriodKind;
use domain::money::Minor;
use domain::smart::{Fault, Letter};
use domain::target::{NewPlan, NewPurpose, TargetBoard};
use store::Database;

use crate::{company, planning, set_total};

fn faults(board: &TargetBoard, letter: Letter) -> Vec<Fault> {
    let finding = board
        .smart
        .iter()
        .find(|finding| finding.letter == letter)
        .unwrap();
    finding.faults.clone()
}

#[tokio::test]
async fn the_check_is_computed() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let made = company.plan(1_200_000).await;
        let board = company.board(made).await;
        let law = board.outlook.clone().unwrap();
        // What holds holds, what nobody said is found.
        assert_eq!(faults(&board, Letter::Specific), []);
        assert_eq!(faults(&board, Letter::Measurable), []);
        assert_eq!(faults(&board, Letter::TimeBound), []);
        assert_eq!(faults(&board, Letter::Relevant), [Fault::NoLink]);
        let asks = NewPurpose {
            name: "Board".to_owned(),
            asks: Some(Minor(1_300_000)),
        };
        operations.set_purpose(planner, made.version, asks).await.unwrap();
        let short = faults(&company.board(made).await, Letter::Relevant);
        assert_eq!(
            short,
            [Fault::Short {
                of: "Board".to_owned(),
                missing: Minor(100_000)
            }]
        );
        // In the middle of the outlook it can be reached; far above it is a wish.
        let middle = operations
            .decide(planner, made.version, board.head, set_total(law.p50().0))
            .await
            .unwrap();
        let board = company.board(made).await;
        assert_eq!(faults(&board, Letter::Achievable), []);
        let place = board.percentile(board.total).unwrap();
        assert!((49.0..=51.0).contains(&place), "{place}");
        operations
            .decide(planner, made.version, middle, set_total(law.p50().0 * 10))
            .await
            .unwrap();
        let board = company.board(made).await;
        assert!(matches!(
            faults(&board, Letter::Achievable)[..],
            [Fault::TooHigh { .. }]
        ));
        // A quarter serves the plan of record that contains it, and is held to what that asks.
        operations
            .set_purpose(
                planner,
                made.version,
                NewPurpose {
                    name: String::new(),
                    asks: None,
                },
            )
            .await
            .unwrap();
        operations.publish(planner, made.version).await.unwrap();
        let new = NewPlan {
            total: Minor(7),
            ..planning::plan("2018-01-01", "2018-04-01", PeriodKind::Month)
        };
        let quarter = operations.create_plan(planner, new).await.unwrap();
        let part = company.board(quarter).await;
        let purpose = part.purpose.clone().unwrap();
        assert!(purpose.found);
        assert_eq!(purpose.asks, Some(board.quarters[0].amount));
        assert!(matches!(
            faults(&part, Letter::Relevant)[..],
            [Fault::Short { .. }]
        ));
    })
    .await;
}
