//! Amounts that come back: what differs, what is written, what holds, and what others did meanwhile.

use calamine::Data;
use domain::money::Minor;
use domain::plan::{Entered, Give, Keep, NodeIndex, PeriodIndex, PlanCommand};
use domain::split::Insist;
use domain::workbook::{Blanks, CellChange, Note, Obstacle};
use operations::Scope;
use store::Database;

use crate::refusal::code;
use crate::{JANUARY, TOTAL, desk};

#[tokio::test]
async fn what_was_changed_is_shown_and_then_written_as_one_step() {
    kit::on_each(async |database: Database| {
        let desk = desk(&database).await;
        let before = desk.amount(0, None).await;
        let own = desk.amount(2, Some(0)).await;
        let path = desk.saved(&desk.exported().await, |cells| {
            // One person up; the units above stay as they were in the file, as where formulas were lost.
            cells[3][JANUARY] = Data::String("￥5,000.00".to_owned());
            // A whole team down in February: those below follow.
            cells[5][JANUARY + 1] = Data::Float(100.0);
            // Blank says nothing.
            cells[4][JANUARY] = Data::Empty;
            cells[4][JANUARY + 2] = Data::String("about 5".to_owned());
        });
        let found = desk.compare(&path, Blanks::Keep).await.unwrap();
        assert_eq!(found.changes.len(), 2, "{found:?}");
        assert_eq!(
            (found.changes[0].before, found.changes[0].after),
            (Minor(own), Minor(500_000))
        );
        assert_eq!(found.before, Minor(before));
        assert!(
            found.notes.contains(&Note::Blank { count: 1 }),
            "{:?}",
            found.notes
        );
        assert!(
            found
                .notes
                .iter()
                .any(|note| matches!(note, Note::NotAnAmount { row: 5, .. }))
        );
        assert_eq!(desk.amount(0, None).await, before, "nothing is written yet");

        let taken = desk.take(&found).await.unwrap();
        assert_eq!(taken.entered, 2);
        assert_eq!(desk.amount(2, Some(0)).await, 500_000);
        assert_eq!(desk.amount(4, Some(1)).await, 10_000);
        let below = desk.amount(5, Some(1)).await + desk.amount(6, Some(1)).await;
        assert_eq!(below, 10_000, "those below follow to the cent");
        assert_eq!(Minor(desk.amount(0, None).await), found.after);
        assert!(matches!(
            desk.operations.verify(&desk.planner, desk.version).await.unwrap(),
            domain::target::Verdict::Sound { .. }
        ));
        // One step back.
        desk.operations
            .undo(&desk.planner, desk.version, taken.head, Insist::Ask)
            .await
            .unwrap();
        assert_eq!(desk.amount(0, None).await, before);
        assert_eq!(desk.amount(2, Some(0)).await, own);
    })
    .await;
}

#[tokio::test]
async fn blank_means_zero_only_where_one_says_so() {
    let fresh = kit::Fresh::sqlite().await;
    let desk = desk(&fresh.database).await;
    let path = desk.saved(&desk.exported().await, |cells| cells[4][JANUARY] = Data::Empty);
    let found = desk.compare(&path, Blanks::Zero).await.unwrap();
    assert_eq!(found.changes.len(), 1);
    assert_eq!(found.changes[0].after, Minor(0));
    fresh.close().await;
}

#[tokio::test]
async fn locks_hold_and_are_named() {
    kit::on_each(async |database: Database| {
        let desk = desk(&database).await;
        let bytes = desk.exported().await;
        let team = desk.amount(1, Some(0)).await;
        desk.do_it(PlanCommand::Lock {
            node: NodeIndex(1),
            period: Some(PeriodIndex(0)),
            by: domain::id::UserId::default(),
        })
        .await;
        // One of the locked team alone is refused …
        let path = desk.saved(&bytes, |cells| cells[3][JANUARY] = Data::Float(1.0));
        let found = desk.compare(&path, Blanks::Keep).await.unwrap();
        assert!(found.changes.is_empty());
        let Obstacle::Lock { name, amount, .. } = &found.refused[0].obstacle else {
            panic!("{:?}", found.refused)
        };
        assert_eq!((name.as_str(), amount.0), ("一组", team));
        // … a shift within it goes through.
        let (a, b) = (desk.amount(2, Some(0)).await, desk.amount(3, Some(0)).await);
        let path = desk.saved(&bytes, |cells| {
            cells[3][JANUARY] = Data::Float((a - 100) as f64 / 100.0);
            cells[4][JANUARY] = Data::Float((b + 100) as f64 / 100.0);
        });
        let found = desk.compare(&path, Blanks::Keep).await.unwrap();
        assert_eq!((found.changes.len(), found.refused.len()), (2, 0), "{found:?}");
        desk.take(&found).await.unwrap();
        assert_eq!(desk.amount(1, Some(0)).await, team);
    })
    .await;
}

#[tokio::test]
async fn what_moved_since_is_shown_and_nothing_of_it_is_lost() {
    kit::on_each(async |database: Database| {
        let desk = desk(&database).await;
        let bytes = desk.exported().await;
        let written = desk.amount(2, Some(0)).await;
        let set = |node, period: u16, amount| PlanCommand::Set {
            node: NodeIndex(node),
            period: Some(PeriodIndex(period)),
            amount: Minor(amount),
            keep: Keep::None,
            give: Give::Siblings,
            reason: None,
        };
        desk.do_it(set(2, 0, 1_234)).await;
        desk.do_it(set(3, 1, 4_321)).await;
        let path = desk.saved(&bytes, |cells| {
            cells[3][JANUARY] = Data::Float(99.0);
            cells[6][JANUARY] = Data::Float(77.0);
        });
        let found = desk.compare(&path, Blanks::Keep).await.unwrap();
        assert!(
            found.notes.contains(&Note::Moved { commands: 2, both: 1 }),
            "{:?}",
            found.notes
        );
        let clash = found
            .changes
            .iter()
            .find(|change| change.node == NodeIndex(2))
            .unwrap();
        assert_eq!(
            (clash.written, clash.before, clash.after),
            (Some(Minor(written)), Minor(1_234), Minor(9_900))
        );
        // Taken over without the clash: what others did stays, also where the sheet has the old number.
        let own: Vec<Entered> = found
            .changes
            .iter()
            .filter(|change| change.written.is_none())
            .map(CellChange::entered)
            .collect();
        desk.operations
            .enter_workbook(&desk.planner, desk.version, found.head, own, &[], "x")
            .await
            .unwrap();
        assert_eq!(desk.amount(2, Some(0)).await, 1_234);
        assert_eq!(desk.amount(3, Some(1)).await, 4_321);
        assert_eq!(desk.amount(5, Some(0)).await, 7_700);
        // Compared before somebody else set the same amount: not written.
        let path = desk.saved(&bytes, |cells| cells[7][JANUARY] = Data::Float(66.0));
        let found = desk.compare(&path, Blanks::Keep).await.unwrap();
        let other = Scope {
            actor: operations::Actor::User {
                id: domain::id::UserId(uuid::Uuid::now_v7()),
                name: "另一位".to_owned(),
            },
            ..desk.planner.clone()
        };
        desk.operations
            .apply(&other, desk.version, found.head, set(6, 0, 5), Insist::Ask)
            .await
            .unwrap();
        assert_eq!(code(desk.take(&found).await), "workbook_moved");
        assert_eq!(desk.amount(6, Some(0)).await, 5);
    })
    .await;
}

#[tokio::test]
async fn sums_that_do_not_agree_are_told_and_what_is_further_down_counts() {
    let fresh = kit::Fresh::sqlite().await;
    let desk = desk(&fresh.database).await;
    let others = desk.amount(3, Some(0)).await;
    let path = desk.saved(&desk.exported().await, |cells| {
        cells[3][JANUARY] = Data::Float(10.0);
        cells[2][JANUARY] = Data::Float(9_999.0);
    });
    let found = desk.compare(&path, Blanks::Keep).await.unwrap();
    assert_eq!(found.changes.len(), 1, "{found:?}");
    let told = Note::Overruled {
        name: "一组".to_owned(),
        period: Some(PeriodIndex(0)),
        said: Minor(999_900),
        becomes: Minor(1_000 + others),
    };
    assert!(found.notes.contains(&told), "{:?}", found.notes);
    // A total of a row is spread over its periods.
    let path = desk.saved(&desk.exported().await, |cells| {
        cells[3][TOTAL] = Data::Float(30.0);
    });
    let found = desk.compare(&path, Blanks::Keep).await.unwrap();
    assert_eq!(found.changes[0].period, None);
    desk.take(&found).await.unwrap();
    assert_eq!(desk.amount(2, None).await, 3_000);
    fresh.close().await;
}
