//! Two people at once.

use domain::id::{CommandId, UserId};
use domain::money::Minor;
use domain::plan::{Give, Intent, Keep, NodeIndex, PeriodIndex, PlanCommand, Refusal};
use domain::split::{Insist, Seen};
use domain::target::Verdict;
use operations::{Actor, Operations};
use store::Database;
use uuid::Uuid;

use crate::{code, company, set};

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

#[tokio::test]
async fn what_is_sent_again_is_done_once() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let (wang, li) = (company.planner(), company.planner());
        let made = company.plan(&wang).await;
        let key = || Some(CommandId(Uuid::now_v7()));
        let (change, back) = (key(), key());
        let send = async |key, base| {
            operations
                .apply_once(&wang, made.version, base, key, set(3, 250_000), Insist::Ask)
                .await
        };
        let first = send(change, 2).await.unwrap();
        assert!(first.is_done() && first.head == 3);
        let other = operations
            .apply(&li, made.version, 3, set(9, 300_000), Insist::Ask)
            .await
            .unwrap();
        // The answer was lost: it comes again, with what others did since.
        let again = send(change, 2).await.unwrap();
        assert!(again.is_done() && again.head == other.head);
        assert_eq!(
            again.entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(),
            [3, 4]
        );
        // So does a step back: two of the same are one.
        for _ in 0..2 {
            let undone = operations
                .step_once(&wang, made.version, 4, back, Intent::Undo, Insist::At(4))
                .await
                .unwrap();
            assert_eq!((undone.head, undone.undoable.undo), (5, 0));
        }
        // Two at once.
        let change = key();
        let (one, same) = tokio::join!(send(change, 5), send(change, 5));
        assert_eq!((one.unwrap().head, same.unwrap().head), (6, 6));
        operations.publish(&wang, made.version).await.unwrap();
        assert!(
            send(change, 5).await.unwrap().is_done(),
            "it was done before that"
        );
        assert_eq!(code(send(key(), 6).await), "version_frozen");
        let verdict = operations.verify(&wang, made.version).await.unwrap();
        assert!(
            matches!(verdict, Verdict::Sound { commands: 6, .. }),
            "{verdict:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn who_works_in_two_places_overwrites_nothing_unseen() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let wang = company.planner();
        let made = company.plan(&wang).await;
        let send = async |amount: i64, own: &[u64]| {
            let seen = Seen {
                base: 2,
                own: Some(own.to_vec()),
            };
            let sent = operations.apply_seen(&wang, made.version, seen, None, set(3, amount), Insist::Ask);
            sent.await.unwrap()
        };
        let first = send(250_000, &[]).await;
        assert_eq!((first.is_done(), first.head), (true, 3));
        // In the same tab, made while the first was on its way.
        let next = send(255_000, &[3]).await;
        assert_eq!((next.is_done(), next.head), (true, 4));
        // From a tab that slept since: shown and asked about, although it is the same person.
        let stale = send(240_000, &[]).await;
        assert_eq!((stale.is_done(), stale.head), (false, 4));
        let now: i64 = stale.differences.iter().map(|difference| difference.now.0).sum();
        assert_eq!(now, 255_000);
        // Half of it is not all of it.
        assert!(!send(240_000, &[3]).await.is_done());
        assert!(send(240_000, &[3, 4]).await.is_done());
    })
    .await;
}

#[tokio::test]
async fn a_grid_far_behind_is_told_so_and_nothing_is_overwritten_unseen() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        // Two servers on one database, each with what it keeps in memory.
        let mut second = Operations::new(database.clone());
        second.today = company.operations.today;
        let servers = [&company.operations, &second];
        let (wang, li) = (company.planner(), company.planner());
        let made = company.plan(&wang).await;
        for step in 0..501_u64 {
            let done = servers[(step / 3 % 2) as usize]
                .apply(
                    &wang,
                    made.version,
                    2 + step,
                    set(3, 250_000 + step as i64),
                    Insist::Ask,
                )
                .await
                .unwrap();
            assert_eq!((done.is_done(), done.head), (true, 3 + step));
        }
        let news = second.changes_since(&li, made.version, 2).await.unwrap();
        assert!(news.behind && news.entries.is_empty() && news.head == 503);
        // The same number: asked about, although it is long ago.
        let asked = servers[0]
            .apply(&li, made.version, 2, set(3, 1_000), Insist::Ask)
            .await
            .unwrap();
        assert!(asked.behind && !asked.differences.is_empty() && asked.head == 503);
        // Another one: done.
        let done = servers[0]
            .apply(&li, made.version, 2, set(9, 300_000), Insist::Ask)
            .await
            .unwrap();
        assert!(done.behind && done.is_done() && done.head == 504);
        let near = second.changes_since(&li, made.version, 503).await.unwrap();
        assert_eq!((near.behind, near.entries.len()), (false, 1));
        let open = second.open_grid(&li, made.version, None).await.unwrap();
        let same = servers[0].open_grid(&li, made.version, None).await.unwrap();
        assert_eq!((open.head, &open.grid), (504, &same.grid));
        let verdict = second.verify(&wang, made.version).await.unwrap();
        assert!(matches!(verdict, Verdict::Sound { .. }), "{verdict:?}");
    })
    .await;
}

#[tokio::test]
async fn months_set_as_one_meet_what_others_made_of_one_of_them() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let (wang, li) = (company.planner(), company.planner());
        let version = company.plan(&wang).await.version;
        let node = NodeIndex(1);
        let months = [0, 1].map(|month| Some(PeriodIndex(month)));
        let open = operations.open_grid(&wang, version, None).await.unwrap();
        let had = months.map(|month| open.grid.amount(node, month).0);
        let month = |period, amount: i64| PlanCommand::Set {
            node,
            period,
            amount: Minor(amount),
            keep: Keep::None,
            give: Give::Siblings,
            reason: None,
        };
        let wanted = had.iter().sum::<i64>() + 6_001;
        let both = || PlanCommand::SetSpan {
            node,
            first: PeriodIndex(0),
            periods: 2,
            amount: Minor(wanted),
            keep: Keep::None,
            give: Give::Siblings,
            reason: None,
        };
        let (first, second) = (open.head, open.head + 1);
        let theirs = operations.apply(&wang, version, first, month(months[1], had[1] + 500), Insist::Ask);
        assert!(theirs.await.unwrap().is_done());

        // Begun before it: asked about, with that month alone, and nothing is overwritten.
        let asked = operations
            .apply(&li, version, first, both(), Insist::Ask)
            .await
            .unwrap();
        assert_eq!((asked.is_done(), asked.head), (false, second));
        let [difference] = asked.differences[..] else {
            panic!("{:?}", asked.differences)
        };
        let told = (difference.left.0, difference.now.0, difference.seq);
        assert_eq!(told, (had[1], had[1] + 500, second));
        let done = operations.apply(&li, version, first, both(), Insist::At(second));
        assert!(done.await.unwrap().is_done());
        let now = operations.open_grid(&wang, version, None).await.unwrap().grid;
        let has = months.map(|month| now.amount(node, month).0);
        assert_eq!(has.iter().sum::<i64>(), wanted);

        // And a month that is set by who has not seen them set together.
        let asked = operations.apply(&wang, version, second, month(months[0], 1), Insist::Ask);
        let asked = asked.await.unwrap();
        assert!(!asked.is_done() && asked.differences.len() == 1, "{asked:?}");
    })
    .await;
}
