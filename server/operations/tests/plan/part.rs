//! Who leads a part of a plan follows it while others change the whole, and is told nothing of the rest.

use domain::access::Role;
use domain::money::Minor;
use domain::plan::{NodeIndex, PeriodIndex, PlanCommand};
use domain::split::{Insist, PartNews};
use operations::{Actor, Operations};
use store::Database;

use crate::{code, company, set};

#[tokio::test]
async fn a_leader_follows_the_own_part_and_is_told_of_no_other() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let planner = company.planner();
        let made = company.plan(&planner).await;
        let people = &company.people;
        let leader = company.user(
            Role::Manager,
            Some(company.leaders[0]),
            &[company.units[1]],
            &[people[0], people[1], company.leaders[0]],
        );
        let open = operations.open_grid(&leader, made.version, None).await.unwrap();
        let (top, mut part) = (NodeIndex(open.offset), open.grid);
        let since = async |operations: &Operations, after: u64| -> PartNews {
            let news = operations
                .part_changes_since(&leader, made.version, top, after)
                .await;
            news.unwrap()
        };

        // In the South: that there is a later command, and not whose.
        let elsewhere = operations
            .apply(&planner, made.version, open.head, set(9, 300_000), Insist::Ask)
            .await
            .unwrap();
        assert!(elsewhere.is_done());
        let news = since(operations, open.head).await;
        assert_eq!((news.head, news.behind), (elsewhere.head, false));
        assert!(news.changes.is_empty() && news.people.is_empty(), "{news:?}");

        // In the own part, by its own rows; of the whole, what becomes of them; a lock with who signed it.
        let lock = PlanCommand::Lock {
            node: NodeIndex(4),
            period: None,
            by: domain::id::UserId::default(),
        };
        let total = PlanCommand::SetTotal {
            amount: Minor(1_500_000),
            seasons: Vec::new(),
            reason: Some("董事会的决定".to_owned()),
        };
        let mut head = elsewhere.head;
        for (command, named) in [
            (set(3, 250_000), vec![(NodeIndex(1), None::<PeriodIndex>)]),
            (total, Vec::new()),
            (lock, vec![(NodeIndex(2), None)]),
        ] {
            let done = operations
                .apply(&planner, made.version, head, command, Insist::Ask)
                .await
                .unwrap();
            assert!(done.is_done(), "{:?}", done.refused);
            let news = since(operations, head).await;
            assert_eq!(
                since(&Operations::new(database.clone()), head).await,
                news,
                "read anew"
            );
            let [change] = &news.changes[..] else {
                panic!("one command is one change: {news:?}");
            };
            let Actor::User { id, .. } = &planner.actor else {
                unreachable!()
            };
            assert_eq!((change.seq, &change.author), (done.head, id));
            assert_eq!(change.places, named);
            let cells = part.shape().cells();
            let mut deltas = change.deltas.cells.iter().chain(&change.deltas.hedges);
            assert!(deltas.all(|delta| (delta.cell.0 as usize) < cells));
            let told = serde_json::to_string(&news).unwrap();
            for word in ["客户", "董事会", "1500000"] {
                assert!(!told.contains(word), "the command stays out: {told}");
            }
            part.fold(&change.deltas).unwrap();
            head = done.head;
        }
        let open = operations.open_grid(&leader, made.version, None).await.unwrap();
        assert_eq!((&open.grid, open.head), (&part, head));

        // All at once as one by one; from a state there never was, the part is to be opened anew.
        assert_eq!(since(operations, elsewhere.head).await.changes.len(), 3);
        assert!(since(operations, head + 1).await.behind);

        // No other part, no person, no whole; and nobody who sees no plan.
        for beyond in [0, 1, 3, 5, 7, 99] {
            let asked = operations.part_changes_since(&leader, made.version, NodeIndex(beyond), head);
            assert_eq!(code(asked.await), "not_found", "{beyond}");
        }
        let rep = company.rep(people[0]);
        let viewer = company.user(Role::Viewer, None, &[], &[]);
        for scope in [&rep, &viewer] {
            let asked = operations.part_changes_since(scope, made.version, top, head);
            assert_eq!(code(asked.await), "not_found");
        }
    })
    .await;
}

#[tokio::test]
async fn what_an_opening_keeps_is_not_taken_for_what_another_server_wrote_since() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let planner = company.planner();
        let made = company.plan(&planner).await;
        let (here, there) = (
            Operations::new(database.clone()),
            Operations::new(database.clone()),
        );
        let open = async |operations: &Operations| {
            let open = operations.open_grid(&planner, made.version, None).await;
            open.unwrap()
        };
        let first = open(&there).await;
        let again = open(&there).await;
        assert_eq!(
            (&again.grid, again.head),
            (&first.grid, first.head),
            "as it was kept"
        );

        let done = here
            .apply(&planner, made.version, first.head, set(3, 250_000), Insist::Ask)
            .await
            .unwrap();
        assert!(done.is_done(), "{:?}", done.refused);
        let second = open(&there).await;
        assert_eq!(second.head, done.head);
        assert_ne!(second.grid, first.grid);

        // A change on the head that an opening kept is one on the head that is written.
        let done = there
            .apply(&planner, made.version, second.head, set(9, 300_000), Insist::Ask)
            .await
            .unwrap();
        assert!(done.is_done(), "{:?}", done.refused);
        let (kept, anew) = (open(&there).await, open(&Operations::new(database.clone())).await);
        assert_eq!(kept.head, done.head);
        assert_eq!(
            (&kept.grid, kept.head),
            (&anew.grid, anew.head),
            "as it is read anew"
        );
    })
    .await;
}
