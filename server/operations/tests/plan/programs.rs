//! What programs ask of a draft: steps back and forth in a word, and what was done since, page by page.

use domain::money::Minor;
use domain::plan::{Intent, NodeIndex};
use domain::split::{Back, Frees, Insist};
use operations::{MOST_COMMANDS, Stepped};
use store::Database;

use crate::{code, company, set};

fn back(intent: Intent, insist: Insist) -> Back {
    Back {
        intent,
        insist,
        frees: Frees::default(),
    }
}

#[tokio::test]
async fn a_step_is_done_asked_about_or_there_is_none() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let (wang, li) = (company.planner(), company.planner());
        let version = company.plan(&wang).await.version;
        let undo = |insist: Insist| back(Intent::Undo, insist);
        for (intent, expected) in [
            (Intent::Undo, "nothing_to_undo"),
            (Intent::Redo, "nothing_to_redo"),
        ] {
            let none = operations.decide_back(&wang, version, None, back(intent, Insist::Ask));
            assert_eq!(code(none.await), expected);
        }
        for (scope, head, amount) in [(&wang, 2, 250_000), (&li, 3, 260_000)] {
            let made = operations.apply(scope, version, head, set(3, amount), Insist::Ask);
            assert!(made.await.unwrap().is_done());
        }
        let asked = operations
            .decide_back(&wang, version, None, undo(Insist::Ask))
            .await
            .unwrap();
        let Stepped::Asked(since) = asked else {
            panic!("{asked:?}")
        };
        assert_eq!(since.head, 4);
        let own = since
            .rows
            .iter()
            .find(|row| row.row.node == NodeIndex(3))
            .unwrap();
        assert_eq!((own.row.now.0 - own.row.left.0, own.row.seq), (10_000, 4));
        assert!(
            !own.name.is_empty() && since.words.zh.contains(&own.name),
            "{since:?}"
        );
        assert_ne!(since.words.zh, since.words.en);
        // Under a key it is done once, however often it is sent.
        let key = Some(domain::id::CommandId(operations::clock::new_id()));
        for _ in 0..2 {
            let done = operations.decide_back(&wang, version, key, undo(Insist::At(4)));
            let Stepped::Done { head, undoable } = done.await.unwrap() else {
                panic!("it is asked about again")
            };
            assert_eq!((head, undoable.undo, undoable.redo), (5, 0, 1));
        }
        assert_eq!(
            code(
                operations
                    .decide_back(&wang, version, None, undo(Insist::Ask))
                    .await
            ),
            "nothing_to_undo"
        );
    })
    .await;
}

#[tokio::test]
async fn what_was_done_is_told_page_by_page() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let (wang, li) = (company.planner(), company.planner());
        let version = company.plan(&wang).await.version;
        for (head, step) in (2..).zip(0..6) {
            let (scope, amount) = (if step % 2 == 0 { &wang } else { &li }, 250_000 + step * 100);
            let made = operations.apply(scope, version, head, set(3, amount), Insist::Ask);
            assert!(made.await.unwrap().is_done());
        }
        let whole = operations
            .commands_since(&li, version, 2, MOST_COMMANDS)
            .await
            .unwrap();
        assert_eq!((whole.head, whole.next, whole.commands.len()), (8, None, 6));
        assert_eq!(whole.periods.len(), 3);
        for (command, seq) in whole.commands.iter().zip(3_u64..) {
            assert_eq!((command.seq, command.what), (seq, "set"));
            assert_eq!(
                command.own,
                seq % 2 == 0,
                "the second planner made every other one"
            );
            assert_eq!(command.reason.as_deref(), Some("以客户为准"));
            let first = command.amounts.list[0];
            assert_eq!(first.node, NodeIndex(3));
            assert!(first.after != first.before && first.after > Minor(0));
            assert!(whole.names.contains_key(&first.node));
        }
        let mut since = Some(2);
        let mut told = Vec::new();
        while let Some(after) = since {
            let page = operations.commands_since(&li, version, after, 4).await.unwrap();
            assert!(page.commands.len() <= 4);
            told.extend(page.commands);
            since = page.next;
        }
        assert_eq!(told, whole.commands);
        assert_eq!(
            code(operations.commands_since(&li, version, 9, 1).await),
            "beyond_head"
        );
        // Who carries a number is told of nobody else's.
        let rep = company.rep(company.people[0]);
        assert_eq!(
            code(operations.commands_since(&rep, version, 2, 1).await),
            "not_found"
        );
    })
    .await;
}
