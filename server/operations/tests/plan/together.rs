//! Two people at once.

use domain::id::UserId;
use domain::money::Minor;
use domain::plan::{NodeIndex, PlanCommand, Refusal};
use domain::split::Insist;
use domain::target::Verdict;
use operations::Actor;
use store::Database;
use uuid::Uuid;

use crate::{company, set};

#[tokio::test]
async fn two_people_split_at_once() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let (wang, li) = (company.planner(), company.planner());
        let made = company.plan(&wang).await;
        let before = operations
            .open_grid(&wang, made.version, None)
            .await
            .unwrap()
            .grid;

        let first = operations
            .apply(&wang, made.version, 2, set(3, 250_000), Insist::Ask)
            .await
            .unwrap();
        assert!(first.is_done());
        assert_eq!((first.head, first.undoable.undo), (3, 1));
        // Another row from the same base is solved at the head, with what was missed before it.
        let second = operations
            .apply(&li, made.version, 2, set(9, 300_000), Insist::Ask)
            .await
            .unwrap();
        assert!(second.is_done());
        assert_eq!(
            second.entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(),
            [3, 4]
        );
        // The same row is shown and asked about, then done where one insists.
        let asked = operations
            .apply(&li, made.version, 2, set(3, 260_000), Insist::Ask)
            .await
            .unwrap();
        assert_eq!((asked.is_done(), asked.head), (false, 4));
        let sum = |of: fn(&domain::plan::Difference) -> i64| asked.differences.iter().map(of).sum::<i64>();
        assert_eq!(sum(|difference| difference.now.0), 250_000);
        assert_eq!(sum(|difference| difference.becomes.0), 260_000);
        assert!(asked.differences.iter().all(|difference| difference.seq == 3));
        let stale = operations
            .apply(&li, made.version, 2, set(3, 260_000), Insist::At(3))
            .await
            .unwrap();
        assert!(!stale.is_done(), "the head has moved on since");
        let done = operations
            .apply(&li, made.version, 4, set(3, 260_000), Insist::At(4))
            .await
            .unwrap();
        assert!(done.is_done());

        // Each takes back only the own: Li both, then Wang; the plan is as it began.
        for (author, left) in [(&li, 1), (&li, 0), (&wang, 0)] {
            let head = operations
                .open_grid(author, made.version, None)
                .await
                .unwrap()
                .head;
            let undone = operations
                .undo(author, made.version, head, Insist::At(head))
                .await
                .unwrap();
            assert!(undone.is_done() && undone.head == head + 1);
            assert_eq!(undone.undoable.undo, left);
        }
        let open = operations.open_grid(&wang, made.version, None).await.unwrap();
        assert_eq!(open.grid, before);
        assert_eq!((open.undoable.undo, open.undoable.redo), (0, 1));
        let nothing = operations
            .undo(&wang, made.version, open.head, Insist::Ask)
            .await
            .unwrap();
        assert_eq!(nothing.head, open.head, "the first split is nobody's");
        let redone = operations
            .redo(&wang, made.version, open.head, Insist::Ask)
            .await
            .unwrap();
        assert!(redone.is_done());
        let open = operations.open_grid(&wang, made.version, None).await.unwrap();
        assert_eq!(open.grid.amount(NodeIndex(3), None), Minor(250_000));

        // A lock is signed by who set it and named where it stands in the way.
        let lock = PlanCommand::Lock {
            node: NodeIndex(4),
            period: None,
            by: UserId(Uuid::now_v7()),
        };
        let locked = operations
            .apply(&li, made.version, open.head, lock, Insist::Ask)
            .await
            .unwrap();
        let Actor::User { id, .. } = li.actor else {
            unreachable!()
        };
        let shown = operations.open_grid(&wang, made.version, None).await.unwrap();
        assert_eq!(shown.grid.constraint(NodeIndex(4), None).lock, Some(id));
        let blocked = operations
            .apply(&wang, made.version, locked.head, set(3, 260_000), Insist::Ask)
            .await
            .unwrap();
        assert!(
            matches!(blocked.refused, Some(Refusal::Blocked { .. })),
            "{:?}",
            blocked.refused
        );
        assert_eq!(blocked.head, locked.head);
        let negative = operations
            .apply(&wang, made.version, locked.head, set(3, -1), Insist::Ask)
            .await
            .unwrap();
        assert!(
            matches!(negative.refused, Some(Refusal::Negative { .. })),
            "{:?}",
            negative.refused
        );
    })
    .await;
}

#[tokio::test]
async fn concurrent_commands_get_numbers_of_their_own() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let planner = company.planner();
        let made = company.plan(&planner).await;
        let task = |amount: i64| {
            let (operations, scope) = (company.operations.clone(), company.planner());
            tokio::spawn(async move {
                operations
                    .apply(&scope, made.version, 2, set(8, amount), Insist::At(u64::MAX))
                    .await
                    .unwrap()
            })
        };
        let tasks: Vec<_> = (0..12).map(|step| task(150_000 + step)).collect();
        for task in tasks {
            task.await.unwrap();
        }
        let verdict = company.operations.verify(&planner, made.version).await.unwrap();
        assert!(matches!(verdict, Verdict::Sound { .. }), "{verdict:?}");
    })
    .await;
}
