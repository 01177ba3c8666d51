//! Several lines that are set together are decided one after the other: what one is refused for does not hold up the others.

use domain::line::LineBy;
use domain::line::rows::{LineAnswer, RowLines, SeenLine};
use domain::money::Minor;
use operations::{Error, WantedLine};
use store::Database;

use crate::company;
use crate::refusal::code;

fn set_of(rows: &RowLines, row: usize) -> Option<Minor> {
    rows.below[row].cells[0].set.as_ref().map(|set| set.amount)
}

#[tokio::test]
async fn what_one_line_is_refused_for_does_not_hold_up_the_others() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let version = company.plan(1_200_003).await.version;
        let whole = company.rows(version, 0).await;
        let key = whole.columns[0].key.clone();
        let wanted = |row: usize, key: &str, amount: Option<i64>, seen: SeenLine| WantedLine {
            node: whole.below[row].node,
            key: key.to_owned(),
            period: None,
            amount: amount.map(Minor),
            reason: None,
            seen,
        };
        let first = whole.below[0].cells[0].amount.0 - 1_000;
        let block = vec![
            wanted(0, &key, Some(first), SeenLine::Free),
            wanted(0, "nothing of the kind", Some(5), SeenLine::Any),
            // Nothing is set there: it is given up already.
            wanted(1, &key, None, SeenLine::Free),
        ];
        // Sent again because its answer was lost: the same becomes of it.
        for _ in 0..2 {
            let sent = operations.set_row_lines(planner, version, LineBy::Product, block.clone());
            let answers = sent.await.unwrap();
            assert!(
                matches!(
                    answers.as_slice(),
                    [
                        Ok(LineAnswer::Done),
                        Err(Error::Conflict(_) | Error::Invalid(_)),
                        Ok(LineAnswer::Done)
                    ]
                ),
                "{answers:?}"
            );
            let now = company.rows(version, 0).await;
            assert_eq!((set_of(&now, 0), set_of(&now, 1)), (Some(Minor(first)), None));
        }

        // Who has not seen what is set is told, and the rest of the block is done.
        let block = vec![
            wanted(0, &key, Some(first - 500), SeenLine::Free),
            wanted(
                1,
                &key,
                Some(whole.below[1].cells[0].amount.0 + 1_000),
                SeenLine::Free,
            ),
        ];
        let sent = operations.set_row_lines(planner, version, LineBy::Product, block);
        let answers = sent.await.unwrap();
        assert!(
            matches!(
                answers.as_slice(),
                [Ok(LineAnswer::Changed(_)), Ok(LineAnswer::Done)]
            ),
            "{answers:?}"
        );

        // What makes no sense as a block is not begun.
        let twice = vec![
            wanted(0, &key, Some(first - 500), SeenLine::Any),
            wanted(0, &key, None, SeenLine::Any),
        ];
        let sent = operations.set_row_lines(planner, version, LineBy::Product, twice);
        assert_eq!(code(sent.await), "line_twice");
        let now = company.rows(version, 0).await;
        assert_eq!(set_of(&now, 0), Some(Minor(first)));

        // And nothing of a plan on record is changed.
        operations.publish(planner, version).await.unwrap();
        let late = vec![wanted(0, &key, None, SeenLine::Any)];
        let sent = operations.set_row_lines(planner, version, LineBy::Product, late);
        assert_eq!(code(sent.await), "version_frozen");
    })
    .await;
}
