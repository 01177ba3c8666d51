//! Back and forth past what others did since: asked about first, and then done without taking anything of theirs away.

use domain::format::Lang;
use domain::id::{UserId, VersionId};
use domain::money::Minor;
use domain::plan::{Give, Intent, Keep, MOST_STEPS, NodeIndex, PeriodIndex, PlanCommand, Refusal, Step};
use domain::split::{Applied, Back, Frees, Insist};
use domain::target::Verdict;
use operations::{Actor, Error, Operations, Scope};
use store::Database;

use crate::{code, company, set};

const NODE: NodeIndex = NodeIndex(3);
const SIBLING: NodeIndex = NodeIndex(4);

async fn total(operations: &Operations, scope: &Scope, version: VersionId, node: NodeIndex) -> i64 {
    let open = operations.open_grid(scope, version, None).await.unwrap();
    open.grid.amount(node, None).0
}

fn lock(node: NodeIndex) -> PlanCommand {
    PlanCommand::Lock {
        node,
        period: None,
        by: UserId::default(),
    }
}

#[tokio::test]
async fn a_step_past_a_change_of_somebody_else_is_asked_about_and_then_made() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let (wang, li) = (company.planner(), company.planner());
        let version = company.plan(&wang).await.version;
        let before = total(operations, &wang, version, NODE).await;
        let make = async |scope: &Scope, head: u64, amount: i64| {
            let made = operations.apply(scope, version, head, set(NODE.0, amount), Insist::Ask);
            assert!(made.await.unwrap().is_done());
        };
        let by = |applied: &Applied, seq: u64| {
            !applied.differences.is_empty() && applied.differences.iter().all(|one| one.seq == seq)
        };
        make(&wang, 2, 250_000).await;
        make(&li, 3, 260_000).await;

        let asked = operations.undo(&wang, version, 4, Insist::Ask).await.unwrap();
        assert!(by(&asked, 4) && asked.head == 4, "{asked:?}");
        // By these a page is told of no more rows than can be read.
        let open = operations.open_grid(&wang, version, None).await.unwrap();
        assert_eq!(asked.rows as usize, open.grid.shape().len());
        // What was shown is not what there is any more: asked again.
        let stale = operations.undo(&wang, version, 4, Insist::At(3)).await.unwrap();
        assert!(by(&stale, 4) && stale.head == 4, "{stale:?}");
        let undone = operations.undo(&wang, version, 4, Insist::At(4)).await.unwrap();
        assert!(undone.is_done() && undone.head == 5, "{undone:?}");
        assert_eq!((undone.undoable.undo, undone.undoable.redo), (0, 1));
        // Only the own change is gone out of it.
        let now = total(operations, &wang, version, NODE).await;
        assert_eq!(now, before + 10_000);

        make(&li, 5, before).await;
        let asked = operations.redo(&wang, version, 6, Insist::Ask).await.unwrap();
        assert!(by(&asked, 6) && asked.head == 6, "{asked:?}");
        let redone = operations.redo(&wang, version, 6, Insist::At(6)).await.unwrap();
        assert!(redone.is_done() && redone.head == 7, "{redone:?}");
        assert_eq!(total(operations, &wang, version, NODE).await, 250_000);
        let verdict = operations.verify(&wang, version).await.unwrap();
        assert!(
            matches!(verdict, Verdict::Sound { commands: 7, .. }),
            "{verdict:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_lock_that_somebody_else_released_does_not_bar_the_steps_before_it() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let (wang, li) = (company.planner(), company.planner());
        let version = company.plan(&wang).await.version;
        let before = operations.open_grid(&wang, version, None).await.unwrap().grid;
        let unlock = PlanCommand::Unlock {
            node: SIBLING,
            period: None,
        };
        for (scope, head, command) in [
            (&wang, 2, set(9, 300_000)),
            (&wang, 3, lock(SIBLING)),
            (&li, 4, unlock),
        ] {
            let made = operations.apply(scope, version, head, command, Insist::Ask);
            assert!(made.await.unwrap().is_done());
        }
        assert_eq!(
            code(operations.undo(&wang, version, 5, Insist::Ask).await),
            "constraint_changed"
        );
        assert_eq!(
            code(operations.undo(&wang, version, 5, Insist::At(4)).await),
            "constraint_changed"
        );
        // Nothing is left of it to take back, and the one before is next.
        let undone = operations.undo(&wang, version, 5, Insist::At(5)).await.unwrap();
        assert_eq!((undone.head, undone.undoable.undo), (6, 1));
        let undone = operations.undo(&wang, version, 6, Insist::Ask).await.unwrap();
        assert_eq!((undone.head, undone.undoable.undo), (7, 0));
        let open = operations.open_grid(&wang, version, None).await.unwrap();
        assert_eq!(open.grid, before);
        for (head, left) in [(8, 1), (9, 0)] {
            let redone = operations
                .redo(&wang, version, head - 1, Insist::Ask)
                .await
                .unwrap();
            assert_eq!((redone.head, redone.undoable.redo), (head, left));
        }
        let verdict = operations.verify(&wang, version).await.unwrap();
        assert!(
            matches!(verdict, Verdict::Sound { commands: 9, .. }),
            "{verdict:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_lock_in_the_way_is_released_with_the_step_and_comes_back_with_it() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let (wang, li) = (company.planner(), company.planner());
        let version = company.plan(&wang).await.version;
        let before = total(operations, &wang, version, NODE).await;
        for (scope, head, command) in [(&wang, 2, set(NODE.0, 250_000)), (&li, 3, lock(SIBLING))] {
            let made = operations.apply(scope, version, head, command, Insist::Ask);
            assert!(made.await.unwrap().is_done());
        }
        let refused = operations.undo(&wang, version, 4, Insist::Ask).await.unwrap();
        let Some(Refusal::Locked { node, period, .. }) = refused.refused else {
            panic!("{refused:?}")
        };
        assert_eq!((node, period, refused.head), (SIBLING, None, 4));
        let back = Back {
            intent: Intent::Undo,
            insist: Insist::At(4),
            frees: Frees {
                unlocks: vec![(node, period)],
                loosens: Vec::new(),
            },
        };
        let undone = operations.step_back(&wang, version, 4, None, back).await.unwrap();
        assert!(undone.is_done() && undone.head == 5, "{undone:?}");
        assert_eq!(total(operations, &wang, version, NODE).await, before);
        let held = async || {
            let open = operations.open_grid(&wang, version, None).await.unwrap();
            open.grid.constraint(SIBLING, None).lock
        };
        assert_eq!(held().await, None);
        let redone = operations.redo(&wang, version, 5, Insist::Ask).await.unwrap();
        assert!(redone.is_done(), "{redone:?}");
        let Actor::User { id, .. } = li.actor else {
            unreachable!()
        };
        assert_eq!(held().await, Some(id), "signed by whose it was");
        assert_eq!(total(operations, &wang, version, NODE).await, 250_000);
    })
    .await;
}

#[tokio::test]
async fn a_floor_in_the_way_is_told_with_who_set_it_and_gives_way_with_the_step() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let (wang, li) = (company.planner(), company.planner());
        let Actor::User { id: theirs, .. } = li.actor else {
            unreachable!()
        };
        let version = company.plan(&wang).await.version;
        let before = total(operations, &wang, version, NODE).await;
        let floor = PlanCommand::Floor {
            node: NODE,
            period: None,
            amount: Some(Minor(before + 5_000)),
        };
        for (scope, head, command) in [(&wang, 2, set(NODE.0, before + 10_000)), (&li, 3, floor)] {
            let made = operations.apply(scope, version, head, command, Insist::Ask);
            assert!(made.await.unwrap().is_done());
        }
        let refused = operations.undo(&wang, version, 4, Insist::Ask).await.unwrap();
        let Some(Refusal::BelowFloor {
            node,
            period,
            floor,
            amount,
        }) = refused.refused
        else {
            panic!("{refused:?}")
        };
        assert_eq!((node, period, refused.head), (NODE, None, 4));
        assert_eq!((floor, amount), (Minor(before + 5_000), Minor(before)));
        assert_eq!(refused.bounded_by, Some(theirs));
        let held = async || {
            let open = operations.open_grid(&wang, version, None).await.unwrap();
            open.grid.constraint(NODE, None).floor
        };
        assert_eq!(held().await, Some(floor), "a refusal changes nothing");
        let back = Back {
            intent: Intent::Undo,
            insist: Insist::At(4),
            frees: Frees {
                unlocks: Vec::new(),
                loosens: vec![(node, period)],
            },
        };
        let undone = operations.step_back(&wang, version, 4, None, back).await.unwrap();
        assert!(undone.is_done() && undone.head == 5, "{undone:?}");
        assert_eq!(total(operations, &wang, version, NODE).await, before);
        assert_eq!(held().await, Some(Minor(before)), "no further than it needs");
        let redone = operations.redo(&wang, version, 5, Insist::Ask).await.unwrap();
        assert!(redone.is_done() && redone.bounded_by.is_none(), "{redone:?}");
        assert_eq!(held().await, Some(floor));
        let verdict = operations.verify(&wang, version).await.unwrap();
        assert!(
            matches!(verdict, Verdict::Sound { commands: 6, .. }),
            "{verdict:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_cap_in_the_way_gives_way_but_not_of_too_many_places() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let (wang, li) = (company.planner(), company.planner());
        let version = company.plan(&wang).await.version;
        let before = total(operations, &wang, version, SIBLING).await;
        let own = set(NODE.0, total(operations, &wang, version, NODE).await + 10_000);
        let made = operations.apply(&wang, version, 2, own, Insist::Ask).await;
        assert!(made.unwrap().is_done());
        let left = total(operations, &wang, version, SIBLING).await;
        assert!(left < before);
        let cap = PlanCommand::Cap {
            node: SIBLING,
            period: None,
            amount: Some(Minor(left)),
        };
        let made = operations.apply(&li, version, 3, cap, Insist::Ask).await;
        assert!(made.unwrap().is_done());
        let back = |loosens: Vec<(NodeIndex, Option<PeriodIndex>)>| Back {
            intent: Intent::Undo,
            insist: Insist::Ask,
            frees: Frees {
                unlocks: Vec::new(),
                loosens,
            },
        };
        let refused = operations
            .step_back(&wang, version, 4, None, back(Vec::new()))
            .await;
        let refused = refused.unwrap().refused;
        assert!(
            matches!(refused, Some(Refusal::AboveCap { node: SIBLING, .. })),
            "{refused:?}"
        );
        let many = vec![(SIBLING, None); MOST_STEPS + 1];
        let many = operations.step_back(&wang, version, 4, None, back(many)).await;
        assert_eq!(code(many), "too_many_steps");
        let undone = operations
            .step_back(&wang, version, 4, None, back(vec![(SIBLING, None)]))
            .await;
        assert!(undone.unwrap().is_done());
        let open = operations.open_grid(&wang, version, None).await.unwrap();
        let cap = open.grid.constraint(SIBLING, None).cap;
        assert_eq!(cap, Some(Minor(before)));
        assert_eq!(open.grid.amount(SIBLING, None).0, before);
    })
    .await;
}

#[tokio::test]
async fn a_floor_that_somebody_else_moved_is_told_with_its_exact_amount() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let (wang, li) = (company.planner(), company.planner());
        let version = company.plan(&wang).await.version;
        let floor = |amount: i64| PlanCommand::Floor {
            node: SIBLING,
            period: None,
            amount: Some(Minor(amount)),
        };
        for (scope, head, command) in [(&wang, 2, floor(1_000)), (&li, 3, floor(2_345))] {
            let made = operations.apply(scope, version, head, command, Insist::Ask);
            assert!(made.await.unwrap().is_done());
        }
        let refused = operations.undo(&wang, version, 4, Insist::Ask).await;
        let Err(Error::Conflict(refused)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(refused.code, "constraint_changed");
        let organization = store::organization::get(&database.reader(), &wang).await.unwrap();
        let open = operations.open_grid(&wang, version, None).await.unwrap();
        for (words, lang) in [(&refused.words.zh, Lang::ZhCn), (&refused.words.en, Lang::En)] {
            let exact = domain::format::currency_words(Minor(2_345), &organization.currency, lang);
            let name = open.grid.shape().name(SIBLING);
            assert!(words.contains(&exact) && words.contains(name), "{words}");
        }
        // Theirs stays, and nothing else was there to take back.
        let undone = operations.undo(&wang, version, 4, Insist::At(4)).await.unwrap();
        assert_eq!((undone.head, undone.undoable.undo), (5, 0));
        let open = operations.open_grid(&wang, version, None).await.unwrap();
        assert_eq!(open.grid.constraint(SIBLING, None).floor, Some(Minor(2_345)));
    })
    .await;
}

#[tokio::test]
async fn who_goes_on_past_a_floor_of_others_is_told_of_the_amounts_first() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let (wang, li) = (company.planner(), company.planner());
        let version = company.plan(&wang).await.version;
        let before = total(operations, &wang, version, NODE).await;
        let (own, theirs) = (before + 10_000, before + 25_000);
        let both = PlanCommand::Steps {
            steps: vec![
                Step::Floor {
                    node: SIBLING,
                    period: None,
                    amount: Some(Minor(1_000)),
                },
                Step::Set {
                    node: NODE,
                    period: None,
                    amount: Minor(own),
                    keep: Keep::Column,
                    give: Give::Siblings,
                },
            ],
        };
        let floor = PlanCommand::Floor {
            node: SIBLING,
            period: None,
            amount: Some(Minor(2_345)),
        };
        for (scope, head, command) in [(&wang, 2, both), (&li, 3, set(NODE.0, theirs)), (&li, 4, floor)] {
            let made = operations.apply(scope, version, head, command, Insist::Ask);
            assert!(made.await.unwrap().is_done());
        }
        let refused = operations.undo(&wang, version, 5, Insist::Ask).await;
        let Err(Error::Conflict(refused)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(refused.code, "constraint_changed");
        let organization = store::organization::get(&database.reader(), &wang).await.unwrap();
        for (words, lang) in [(&refused.words.zh, Lang::ZhCn), (&refused.words.en, Lang::En)] {
            let at = |amount: i64| {
                let exact = domain::format::currency_words(Minor(amount), &organization.currency, lang);
                let at = words.find(&exact);
                at.unwrap_or_else(|| panic!("{exact} is not told: {words}"))
            };
            let told = [own, theirs, before + 15_000].map(at);
            assert!(told.is_sorted() && told[2] < at(2_345), "{words}");
        }
        // What was told is what is done: the own part is gone out of the amount, and the floor stays.
        let undone = operations.undo(&wang, version, 5, Insist::At(5)).await.unwrap();
        assert!(undone.is_done() && undone.head == 6, "{undone:?}");
        assert_eq!(total(operations, &wang, version, NODE).await, before + 15_000);
        let open = operations.open_grid(&wang, version, None).await.unwrap();
        assert_eq!(open.grid.constraint(SIBLING, None).floor, Some(Minor(2_345)));
    })
    .await;
}
