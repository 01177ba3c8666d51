//! Agreed numbers on their way into a draft: who gives, what is told before, and where it is told.

use domain::id::VersionId;
use domain::negotiation::{MoveKind, Status};
use domain::plan::{GiveWay, NodeIndex, PlanCommand};
use domain::split::Insist;
use domain::target::{Confirmation, Verdict};
use store::Database;

use crate::{Company, code, company};

impl Company {
    /// Somebody asks for so much more on a version, and whoever plans agrees; answers what it is to be.
    async fn agreed(&self, version: VersionId, index: usize, more: i64) -> i64 {
        let (row, number) = self.number(version, self.people[index]).await;
        let id = self
            .propose(&self.reps[index], version, row, number + more)
            .await
            .unwrap();
        self.act(&self.planner, id, MoveKind::Agree, None).await.unwrap();
        number + more
    }

    async fn branched(&self, version: VersionId) -> VersionId {
        let made = self.operations.branch_version(&self.planner, version, None).await;
        made.unwrap().version
    }

    /// What the whole version has.
    async fn top(&self, version: VersionId) -> i64 {
        let open = self.operations.open_grid(&self.planner, version, None).await;
        open.unwrap().grid.amount(NodeIndex(0), None).0
    }
}

#[tokio::test]
async fn siblings_give_or_the_total_above_follows_exactly_as_it_was_weighed() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let version = company.published().await;
        // Two siblings: neither gives to the other.
        let first = company.agreed(version, 0, 5_000).await;
        let second = company.agreed(version, 1, 1_000).await;
        let top = company.top(version).await;
        for gives in GiveWay::ALL {
            let draft = company.branched(version).await;
            assert_eq!(
                code(operations.weigh_agreed(&company.leader, draft).await),
                "not_found"
            );
            let weighed = operations.weigh_agreed(&company.planner, draft).await.unwrap();
            assert_eq!(weighed.ways[0].gives, GiveWay::Siblings, "proposed first");
            let way = weighed.ways.iter().find(|way| way.gives == gives).unwrap();
            assert_eq!((way.entered, way.left.len(), way.more), (2, 0, 0));
            let becomes = match gives {
                GiveWay::Siblings => top,
                GiveWay::Above => top + 6_000,
            };
            let told = way.totals.last().unwrap();
            assert_eq!((told.before.0, told.after.0), (top, becomes));
            let late = operations
                .enter_agreed(&company.planner, draft, gives, Some(weighed.head + 1))
                .await;
            assert_eq!(code(late), "agreed_moved");
            let entered = operations
                .enter_agreed(&company.planner, draft, gives, Some(weighed.head))
                .await
                .unwrap();
            assert_eq!((entered.entered, entered.left.len()), (2, 0));
            assert_eq!(company.top(draft).await, becomes);
            assert_eq!(company.number(draft, company.people[0]).await.1, first);
            assert_eq!(company.number(draft, company.people[1]).await.1, second);
            assert!(matches!(
                operations.verify(&company.planner, draft).await.unwrap(),
                Verdict::Sound { .. }
            ));
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_weighed_is_entered_right_then_or_not_at_all() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let version = company.published().await;
        company.agreed(version, 0, 5_000).await;
        for _ in 0..5 {
            let draft = company.branched(version).await;
            let head = operations
                .weigh_agreed(&company.planner, draft)
                .await
                .unwrap()
                .head;
            // Somebody else changes what is beside it, at the same moment: nothing that would clash.
            let (node, _) = company.number(draft, company.people[2]).await;
            let lock = PlanCommand::Lock {
                node,
                period: None,
                by: domain::id::UserId::default(),
            };
            let (entered, other) = tokio::join!(
                operations.enter_agreed(&company.planner, draft, GiveWay::Above, Some(head)),
                operations.apply(&company.planner, draft, head, lock, Insist::Ask)
            );
            assert!(other.unwrap().is_done());
            let log = operations
                .changes_since(&company.planner, draft, head)
                .await
                .unwrap();
            let place = log
                .entries
                .iter()
                .find(|entry| matches!(entry.command, PlanCommand::Enter { .. }));
            match entered {
                Ok(entered) => {
                    assert_eq!(entered.entered, 1);
                    assert_eq!(place.map(|entry| entry.seq), Some(head + 1));
                }
                refused => {
                    assert_eq!(code(refused), "agreed_moved");
                    assert!(place.is_none());
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn siblings_that_cannot_give_are_told_and_nothing_is_entered() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let version = company.published().await;
        company.agreed(version, 0, 5_000).await;
        let draft = company.branched(version).await;
        let open = operations.open_grid(&company.planner, draft, None).await.unwrap();
        let (row, number) = company.number(draft, company.people[0]).await;
        let parent = open.grid.shape().parent(row).unwrap();
        let siblings: Vec<NodeIndex> = open
            .grid
            .shape()
            .children(parent)
            .filter(|sibling| *sibling != row)
            .collect();
        let mut head = open.head;
        for sibling in siblings {
            let lock = PlanCommand::Lock {
                node: sibling,
                period: None,
                by: domain::id::UserId::default(),
            };
            let applied = operations
                .apply(&company.planner, draft, head, lock, Insist::Ask)
                .await
                .unwrap();
            assert!(applied.is_done());
            head = applied.head;
        }
        let weighed = operations.weigh_agreed(&company.planner, draft).await.unwrap();
        let entered: Vec<u32> = weighed.ways.iter().map(|way| way.entered).collect();
        assert_eq!(entered, [0, 1]);
        assert!(!weighed.ways[0].left[0].zh.is_empty() && !weighed.ways[0].left[0].en.is_empty());
        let nothing = operations
            .enter_agreed(&company.planner, draft, GiveWay::Siblings, Some(head))
            .await
            .unwrap();
        assert_eq!((nothing.entered, nothing.left.len()), (0, 1));
        assert_eq!(company.number(draft, company.people[0]).await.1, number);
    })
    .await;
}

#[tokio::test]
async fn a_draft_tells_of_the_threads_on_what_it_came_from() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let version = company.published().await;
        let (row, number) = company.number(version, company.people[0]).await;
        let rep = &company.reps[0];
        let id = company.propose(rep, version, row, number - 3_000).await.unwrap();
        let draft = company.branched(version).await;
        // It goes on: whoever plans answers it from the draft.
        let talks = company.talks(&company.planner, draft).await;
        assert_eq!(talks.len(), 1);
        assert_eq!((talks[0].version, talks[0].on), (version, Some(1)));
        assert_eq!(talks[0].row, company.number(draft, company.people[0]).await.0);
        assert_eq!(company.talks(&company.planner, version).await[0].on, None);
        assert!(company.talks(&company.other, draft).await.is_empty());
        company
            .act(&company.planner, id, MoveKind::Agree, None)
            .await
            .unwrap();
        let talks = company.talks(&company.planner, draft).await;
        assert_eq!(talks[0].standing.status, Status::Agreed);
        let desk = operations.negotiations(&company.planner, draft).await.unwrap();
        assert_eq!((desk.agreed.len(), desk.agreed[0].id), (1, id));
        operations
            .enter_agreed(&company.planner, draft, GiveWay::Siblings, None)
            .await
            .unwrap();
        // It is in the draft, and no more to be told of there.
        assert!(company.talks(&company.planner, draft).await.is_empty());
        assert_eq!(company.talks(&company.planner, version).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_own_target_says_what_was_agreed_on_and_whether_the_plan_has_it() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let version = company.published().await;
        let rep = &company.reps[0];
        let target = operations.my_targets(rep).await.unwrap().remove(0);
        assert_eq!(target.agreed, None);
        let countered = operations
            .counter_target(rep, version, target.node, &target.hash, "太高", Some("1,000"))
            .await
            .unwrap();
        assert!(matches!(countered.confirmation, Confirmation::Countered { .. }));
        assert_eq!(countered.agreed, None, "it goes on");
        let talk = operations.own_negotiations(rep).await.unwrap().remove(0);
        company
            .act(&company.planner, talk.id, MoveKind::Agree, None)
            .await
            .unwrap();
        let target = operations.my_targets(rep).await.unwrap().remove(0);
        assert_eq!(target.agreed.unwrap().amount.0, 100_000);
        assert_ne!(target.total.0, 100_000, "the plan does not have it yet");
        let draft = company.branched(version).await;
        operations
            .enter_agreed(&company.planner, draft, GiveWay::Siblings, None)
            .await
            .unwrap();
        operations.publish(&company.planner, draft).await.unwrap();
        let target = operations.my_targets(rep).await.unwrap().remove(0);
        assert_eq!(target.version, draft);
        assert_eq!(target.agreed.map(|agreed| agreed.amount), Some(target.total));
        assert_eq!(target.confirmation, Confirmation::Open);
    })
    .await;
}
