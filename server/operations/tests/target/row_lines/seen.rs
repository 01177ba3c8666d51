//! A line is changed by who has seen what is set: what somebody else set meanwhile is asked about, and what is sent twice is done
//! once.

use domain::access::Role;
use domain::line::LineBy;
use domain::line::rows::{LineAnswer, NewRowLine, SeenLine};
use domain::money::Minor;
use store::Database;

use crate::{company, planning};

#[tokio::test]
async fn what_somebody_else_set_meanwhile_is_asked_about_and_what_is_sent_twice_is_done_once() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let version = company.plan(1_200_003).await.version;
        let whole = company.rows(version, 0).await;
        let (node, key) = (whole.below[0].node, whole.columns[0].key.clone());
        let before = whole.below[0].cells[0].amount.0;
        let other = planning::user(&company.system, Role::Planner, None, &[], &[]);
        let new = |amount: i64, seen: SeenLine| NewRowLine {
            node,
            by: LineBy::Product,
            key: key.clone(),
            period: None,
            amount: Minor(amount),
            reason: None,
            seen,
        };
        let is_set = async || {
            let rows = company.rows(version, 0).await;
            rows.below[0].cells[0].set.as_ref().map(|set| set.amount)
        };

        // Both saw that nothing was set; the second is told of the first.
        let (first, second) = (before - 1_000, before - 2_000);
        let answer = operations.set_row_line(&other, version, new(first, SeenLine::Free));
        assert_eq!(answer.await.unwrap(), LineAnswer::Done);
        let answer = operations.set_row_line(planner, version, new(second, SeenLine::Free));
        let LineAnswer::Changed(changed) = answer.await.unwrap() else {
            panic!("it was overwritten unseen")
        };
        assert_eq!(changed.now.as_ref().map(|set| set.amount), Some(Minor(first)));
        assert_eq!(changed.wanted, Some(Minor(second)));
        assert_eq!(is_set().await, Some(Minor(first)));

        // Set anyway, by who has seen it; its answer is lost and it is sent again: it is done, and not asked about.
        let insisted = new(second, SeenLine::of(changed.now.as_ref()));
        for _ in 0..2 {
            let answer = operations.set_row_line(planner, version, insisted.clone());
            assert_eq!(answer.await.unwrap(), LineAnswer::Done);
        }
        assert_eq!(is_set().await, Some(Minor(second)));

        // Let go by who saw what was set before: asked about; by who saw what is set: done, and done again.
        let of_line = (LineBy::Product, key.as_str());
        let stale = operations.free_row_line(
            &other,
            version,
            (node, None),
            of_line,
            SeenLine::Set(Minor(first)),
        );
        let LineAnswer::Changed(changed) = stale.await.unwrap() else {
            panic!("it was given up unseen")
        };
        assert_eq!(changed.now.map(|set| set.amount), Some(Minor(second)));
        assert_eq!(is_set().await, Some(Minor(second)));
        for _ in 0..2 {
            let seen = SeenLine::Set(Minor(second));
            let freed = operations.free_row_line(&other, version, (node, None), of_line, seen);
            assert_eq!(freed.await.unwrap(), LineAnswer::Done);
        }
        assert_eq!(is_set().await, None);
        // What was given up meanwhile is asked about as well.
        let stale = operations.set_row_line(planner, version, new(first, SeenLine::Set(Minor(second))));
        let LineAnswer::Changed(changed) = stale.await.unwrap() else {
            panic!("it was set unseen")
        };
        assert_eq!((changed.now, changed.wanted), (None, Some(Minor(first))));
    })
    .await;
}
