//! The log and the state under random commands.

use domain::id::UserId;
use domain::money::Minor;
use domain::plan::{Give, Grid, Keep, NodeIndex, PeriodIndex, PlanCommand};
use domain::split::{Applied, Insist};
use domain::target::Verdict;
use operations::Operations;
use store::{Database, Dialect};

use crate::{company, set};

/// A small reproducible source of choices.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// Folds what is new into what a client has, and answers how many commands that were.
fn follow(mirror: &mut Grid, head: &mut u64, applied: Applied) -> u64 {
    let before = *head;
    for entry in applied.entries {
        if entry.seq > *head {
            assert_eq!(entry.seq, *head + 1);
            mirror.fold(&entry.deltas).unwrap();
            *head = entry.seq;
        }
    }
    assert_eq!(applied.head, *head);
    *head - before
}

#[tokio::test]
async fn the_log_is_the_state_whatever_is_done() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let planners = [company.planner(), company.planner()];
        let made = company.plan(&planners[0]).await;
        let mut mirror = operations
            .open_grid(&planners[0], made.version, None)
            .await
            .unwrap()
            .grid;
        let mut head = 2;
        let mut dice = Dice(7);
        let (mut done, mut refused) = (0, 0);
        for _ in 0..230 {
            let node = NodeIndex(dice.roll(10) as u32);
            let period = (dice.roll(2) == 0).then(|| PeriodIndex(dice.roll(3) as u16));
            let amount = Minor(dice.roll(400_000) as i64);
            let author = &planners[dice.roll(2) as usize];
            let ask = match dice.roll(12) {
                0 => PlanCommand::Lock {
                    node,
                    period,
                    by: UserId::default(),
                },
                1 => PlanCommand::Unlock { node, period },
                2 => PlanCommand::Floor {
                    node,
                    period,
                    amount: (amount.0 > 200_000).then_some(Minor(10)),
                },
                3 => PlanCommand::EvenOut { node, reason: None },
                4 => PlanCommand::SetTotal {
                    amount: Minor(800_000 + amount.0),
                    seasons: Vec::new(),
                    reason: None,
                },
                5 => PlanCommand::Move {
                    from: node,
                    to: NodeIndex(dice.roll(10) as u32),
                    period,
                    amount: Minor(amount.0 / 20),
                    reason: None,
                },
                _ => PlanCommand::Set {
                    node,
                    period,
                    amount,
                    keep: Keep::default_for(period),
                    give: Give::Siblings,
                    reason: None,
                },
            };
            // A third of the clients has not heard of the last commands.
            let base = if dice.roll(3) == 0 {
                head - dice.roll(3).min(head)
            } else {
                head
            };
            let applied: Applied = match dice.roll(8) {
                0 => operations
                    .undo(author, made.version, base, Insist::At(head))
                    .await
                    .unwrap(),
                1 => operations
                    .redo(author, made.version, base, Insist::At(head))
                    .await
                    .unwrap(),
                _ => operations
                    .apply(author, made.version, base, ask, Insist::At(head))
                    .await
                    .unwrap(),
            };
            if applied.refused.is_some() {
                refused += 1;
            }
            done += follow(&mut mirror, &mut head, applied);
        }
        assert!(done > 100 && refused > 5, "{done} done, {refused} refused");
        // On to the next snapshot, with nothing held any more.
        for node in (0..10).map(NodeIndex) {
            for period in [
                None,
                Some(PeriodIndex(0)),
                Some(PeriodIndex(1)),
                Some(PeriodIndex(2)),
            ] {
                for free in [
                    PlanCommand::Unlock { node, period },
                    PlanCommand::Floor {
                        node,
                        period,
                        amount: None,
                    },
                ] {
                    let applied = operations
                        .apply(&planners[0], made.version, head, free, Insist::Ask)
                        .await
                        .unwrap();
                    follow(&mut mirror, &mut head, applied);
                }
            }
        }
        while head < 205 {
            let amount = mirror.amount(NodeIndex(0), None).0 / 3 + head as i64;
            let applied = operations
                .apply(&planners[0], made.version, head, set(1, amount), Insist::Ask)
                .await
                .unwrap();
            assert!(applied.is_done() && applied.head == head + 1, "{applied:?}");
            follow(&mut mirror, &mut head, applied);
        }
        let open = operations
            .open_grid(&planners[1], made.version, None)
            .await
            .unwrap();
        assert_eq!((open.head, &open.grid), (head, &mirror));
        mirror.check().unwrap();
        assert!(matches!(
            operations.verify(&planners[0], made.version).await.unwrap(),
            Verdict::Sound { commands, .. } if commands == head
        ));
        // What the projection wrote is what the log says.
        assert_eq!(
            operations.project(&planners[0], made.version).await.unwrap(),
            head
        );
        let reader = database.reader();
        for (node, cells) in store::cell::of_version(&reader, &company.system, made.version)
            .await
            .unwrap()
        {
            for (place, cell) in (0..).zip(cells) {
                assert_eq!(
                    cell.amount,
                    mirror.amount(NodeIndex(node.ordinal), Some(PeriodIndex(place)))
                );
            }
        }
        // A delta that does not fit and a snapshot that does not follow are found.
        let blob = match database.dialect() {
            Dialect::Sqlite => "x'02'",
            Dialect::Postgres => "'\\x02'::bytea",
        };
        kit::damage(
            &database,
            &format!("UPDATE plan_snapshot SET blob = {blob} WHERE seq = 200"),
        )
        .await;
        assert_eq!(
            operations.verify(&planners[0], made.version).await.unwrap(),
            Verdict::State { seq: 200 }
        );
        kit::damage(
            &database,
            &format!("UPDATE plan_command SET deltas = {blob} WHERE seq = 77"),
        )
        .await;
        assert_eq!(
            operations.verify(&planners[0], made.version).await.unwrap(),
            Verdict::Chain { seq: 77 }
        );
    })
    .await;
}

#[tokio::test]
async fn what_a_step_puts_back_is_told_once_by_who_made_it_and_by_who_reads_it() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let planner = company.planner();
        let version = company.plan(&planner).await.version;
        let open = operations.open_grid(&planner, version, None).await.unwrap();
        let made = operations
            .apply(&planner, version, open.head, set(3, 250_000), Insist::Ask)
            .await
            .unwrap();
        let back = operations
            .undo(&planner, version, made.head, Insist::Ask)
            .await
            .unwrap();
        let kept = operations
            .changes_since(&planner, version, made.head)
            .await
            .unwrap();
        let read = Operations::new(database.clone())
            .changes_since(&planner, version, made.head)
            .await
            .unwrap();
        assert_eq!(kept.entries, back.entries);
        assert_eq!(read.entries, back.entries);
        let entry = &back.entries[0];
        assert!(!entry.deltas.is_empty());
        assert!(
            matches!(&entry.command, PlanCommand::Restore { deltas, .. } if deltas.is_empty()),
            "{entry:?}"
        );
        // The grid that was open stands where it did.
        let mut grid = open.grid.clone();
        for entry in made.entries.iter().chain(&back.entries) {
            grid.fold(&entry.deltas).unwrap();
        }
        assert_eq!(grid, open.grid);
    })
    .await;
}
