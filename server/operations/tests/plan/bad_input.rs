//! What people do wrong, or too late: nothing is lost, the reason is said in both languages, and there is a way out.

use domain::id::{CommandId, UserId, VersionId};
use domain::money::Minor;
use domain::plan::{Basis, Cause, Entered, GiveWay, Grid, NodeIndex, PlanCommand, Refusal};
use domain::publish::Looked;
use domain::split::Insist;
use domain::target::VersionStatus;
use operations::{Error, Scope};
use store::Database;
use uuid::Uuid;

use crate::{Company, code, company, set};

/// One of the people, the team above them, somebody elsewhere.
const PERSON: NodeIndex = NodeIndex(3);
const TEAM: u32 = 2;
const ELSEWHERE: u32 = 9;
/// The last command of a new plan.
const FIRST: u64 = 2;

impl Company {
    async fn grid(&self, scope: &Scope, version: VersionId) -> (Grid, u64) {
        let open = self.operations.open_grid(scope, version, None).await.unwrap();
        (open.grid, open.head)
    }

    /// Does something that is accepted, on the plan as it stands; answers its number.
    async fn done(&self, scope: &Scope, version: VersionId, command: PlanCommand) -> u64 {
        let (_, head) = self.grid(scope, version).await;
        let applied = self
            .operations
            .apply(scope, version, head, command, Insist::Ask)
            .await
            .unwrap();
        assert!(applied.is_done(), "{applied:?}");
        applied.head
    }

    /// Tries something that is refused: the grid and its log stay, and the words of both languages say what they should.
    async fn refused(
        &self,
        scope: &Scope,
        version: VersionId,
        command: PlanCommand,
        says: [&str; 2],
    ) -> Refusal {
        let before = self.grid(scope, version).await;
        let applied = self
            .operations
            .apply(scope, version, before.1, command.clone(), Insist::Ask)
            .await
            .unwrap();
        let Err(error) = self.operations.decide(scope, version, before.1, command).await else {
            panic!("it is refused here, too")
        };
        let (_, [zh, en]) = told(&error);
        assert!(zh.contains(says[0]) && en.contains(says[1]), "{zh} {en}");
        assert_eq!(self.grid(scope, version).await, before, "nothing is half done");
        applied.refused.unwrap()
    }
}

fn told(error: &Error) -> (&str, [&str; 2]) {
    match error {
        Error::Invalid(refusal) | Error::Conflict(refusal) => {
            let words = [refusal.words.zh.as_str(), refusal.words.en.as_str()];
            (refusal.code.as_str(), words)
        }
        other => panic!("{other}"),
    }
}

fn lock(node: u32) -> PlanCommand {
    PlanCommand::Lock {
        node: NodeIndex(node),
        period: None,
        by: UserId::default(),
    }
}

#[tokio::test]
async fn locks_that_exceed_what_is_above_them_are_named_and_can_be_released() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let planner = company.planner();
        let version = company.plan(&planner).await.version;
        for person in [3, 4] {
            company.done(&planner, version, lock(person)).await;
        }
        let less = set(TEAM, 100_000);
        let refusal = company
            .refused(&planner, version, less.clone(), ["锁定", "locked"])
            .await;
        let (missing, blockers) = match refusal {
            Refusal::Blocked {
                missing, blockers, ..
            } => (missing, blockers),
            other => panic!("{other:?}"),
        };
        assert!(missing.0 > 0 && !blockers.is_empty());
        assert!(
            blockers
                .iter()
                .all(|blocker| matches!(blocker.cause, Cause::Lock { .. }))
        );
        for blocker in blockers {
            let free = PlanCommand::Unlock {
                node: blocker.node,
                period: blocker.period,
            };
            company.done(&planner, version, free).await;
        }
        company.done(&planner, version, less).await;
    })
    .await;
}

#[tokio::test]
async fn a_cap_below_a_floor_says_so_and_the_floor_can_go_first() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let planner = company.planner();
        let version = company.plan(&planner).await.version;
        let floor = |amount: Option<i64>| PlanCommand::Floor {
            node: PERSON,
            period: None,
            amount: amount.map(Minor),
        };
        let cap = PlanCommand::Cap {
            node: PERSON,
            period: None,
            amount: Some(Minor(100_000)),
        };
        company.done(&planner, version, floor(Some(150_000))).await;
        let refusal = company
            .refused(&planner, version, cap.clone(), ["上限", "floor"])
            .await;
        assert_eq!(
            refusal,
            Refusal::Crossed {
                node: PERSON,
                period: None,
                floor: Minor(150_000),
                cap: Minor(100_000),
            }
        );
        company.done(&planner, version, floor(None)).await;
        // Still more than the cap: the target goes first.
        let refusal = company
            .refused(
                &planner,
                version,
                cap.clone(),
                ["请先改目标", "change the target first"],
            )
            .await;
        assert!(matches!(refusal, Refusal::OutsideBound { .. }), "{refusal:?}");
        company.done(&planner, version, set(PERSON.0, 90_000)).await;
        company.done(&planner, version, cap).await;
    })
    .await;
}

#[tokio::test]
async fn where_nobody_stands_below_nothing_is_split_and_the_number_stays_one() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let planner = company.planner();
        let version = company.plan(&planner).await.version;
        let (before, head) = company.grid(&planner, version).await;
        let shares = [(Basis::Equal, 1_000_000)];
        let refused = company
            .operations
            .split(&planner, version, head, PERSON, &shares)
            .await
            .unwrap();
        assert_eq!(refused.refused, Some(Refusal::NoChildren { node: PERSON }));
        assert_eq!(company.grid(&planner, version).await, (before, head));
        let split = PlanCommand::Split {
            node: PERSON,
            spread: domain::plan::Spread::Subtree,
            bases: vec![domain::plan::BasisWeights {
                basis: Basis::Equal,
                share_ppm: 1_000_000,
                weights: Vec::new(),
            }],
            factors: Vec::new(),
            proposals: Vec::new(),
            uplift_ppm: Vec::new(),
            step: Minor(1),
            own: Vec::new(),
            reason: None,
        };
        company
            .refused(&planner, version, split, ["下面没有人", "Nobody stands below"])
            .await;
        company.done(&planner, version, set(PERSON.0, 150_000)).await;
    })
    .await;
}

#[tokio::test]
async fn of_many_numbers_with_a_wrong_one_none_is_written() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let planner = company.planner();
        let version = company.plan(&planner).await.version;
        let before = company.grid(&planner, version).await;
        let entered = |node: u32, amount: i64| Entered {
            node: NodeIndex(node),
            period: None,
            amount: Minor(amount),
        };
        for wrong in [
            entered(ELSEWHERE, -1),
            entered(ELSEWHERE, i64::MAX),
            entered(99, 5),
            // What covers another one.
            entered(TEAM, 5),
        ] {
            let enter = PlanCommand::Enter {
                amounts: vec![entered(PERSON.0, 150_000), wrong],
                gives: GiveWay::Above,
                reason: None,
            };
            let applied = company
                .operations
                .apply(&planner, version, before.1, enter, Insist::Ask)
                .await
                .unwrap();
            assert!(applied.refused.is_some(), "{wrong:?}");
            assert_eq!(company.grid(&planner, version).await, before, "{wrong:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_tab_of_yesterday_is_told_that_it_was_published_and_goes_on_in_a_new_draft() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let (planner, other) = (company.planner(), company.planner());
        let version = company.plan(&planner).await.version;
        for amount in [210_000, 220_000, 230_000] {
            company.done(&other, version, set(ELSEWHERE, amount)).await;
        }
        operations.publish(&other, version).await.unwrap();
        let (before, _) = company.grid(&planner, version).await;
        let key = Some(CommandId(Uuid::now_v7()));
        let late = operations
            .apply_once(&planner, version, FIRST, key, set(PERSON.0, 150_000), Insist::Ask)
            .await;
        let error = late.unwrap_err();
        let (code, [zh, en]) = told(&error);
        assert_eq!(code, "version_frozen");
        assert!(zh.contains("新建") && en.contains("new version"), "{zh} {en}");
        assert_eq!(company.grid(&planner, version).await.0, before);
        // The same change, under the same key, finds its place in the draft that continues it.
        let next = operations.branch_version(&planner, version, None).await.unwrap();
        let applied = operations
            .apply_once(
                &planner,
                next.version,
                0,
                key,
                set(PERSON.0, 150_000),
                Insist::Ask,
            )
            .await
            .unwrap();
        assert!(applied.is_done(), "{applied:?}");
        let (after, _) = company.grid(&planner, next.version).await;
        assert_eq!(after.amount(PERSON, None), Minor(150_000));
        assert_eq!(
            after.amount(NodeIndex(ELSEWHERE), None),
            Minor(230_000),
            "what the others did is there"
        );
    })
    .await;
}

#[tokio::test]
async fn whoever_publishes_publishes_what_they_saw_or_is_told_what_changed() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let (planner, other) = (company.planner(), company.planner());
        let version = company.plan(&planner).await.version;
        let seen = operations
            .before_publishing(&planner, version, true)
            .await
            .unwrap()
            .head;
        assert_eq!(seen, FIRST);
        let head = company.done(&other, version, set(ELSEWHERE, 300_000)).await;

        let refused = operations
            .publish_seen(&planner, version, Some(Looked::at(seen)))
            .await;
        let error = refused.unwrap_err();
        let (code_of, [zh, en]) = told(&error);
        assert_eq!(code_of, "changed_since_seen");
        for words in [zh, en] {
            assert!(words.contains("Planner"), "who: {words}");
            assert!(words.contains('e'), "which row: {words}");
        }
        assert_eq!(
            code(
                operations
                    .publish_seen(&planner, version, Some(Looked::at(head + 1)))
                    .await
            ),
            "bad_head"
        );
        // It is a draft still, with what the other one did.
        let plans = operations.plans(&planner).await.unwrap();
        assert_eq!(plans[0].versions[0].status, VersionStatus::Draft);
        let (grid, _) = company.grid(&planner, version).await;
        assert_eq!(grid.amount(NodeIndex(ELSEWHERE), None), Minor(300_000));

        // A step that was taken back again changed nothing of what was seen; nor does a lock.
        let head = operations
            .before_publishing(&planner, version, false)
            .await
            .unwrap()
            .head;
        company.done(&other, version, set(ELSEWHERE, 310_000)).await;
        let (_, last) = company.grid(&other, version).await;
        operations.undo(&other, version, last, Insist::Ask).await.unwrap();
        company.done(&other, version, lock(PERSON.0)).await;
        operations
            .publish_seen(&planner, version, Some(Looked::at(head)))
            .await
            .unwrap();
        let targets = company.targets(&company.system).await;
        let person = domain::plan::NodeRef::Member(company.people[4]);
        assert_eq!(targets[&person], 300_000);
    })
    .await;
}

#[tokio::test]
async fn a_number_that_arrives_twice_is_one_number() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let planner = company.planner();
        let version = company.plan(&planner).await.version;
        let total = || PlanCommand::SetTotal {
            amount: Minor(1_200_000),
            seasons: Vec::new(),
            reason: None,
        };
        // Whoever does not know whether the first try arrived sends the same again.
        for _ in 0..2 {
            let head = operations
                .decide(&planner, version, FIRST, total())
                .await
                .unwrap();
            assert_eq!(head, FIRST + 1);
        }
        let key = Some(CommandId(Uuid::now_v7()));
        for _ in 0..2 {
            let applied = operations
                .apply_once(&planner, version, FIRST, key, set(PERSON.0, 150_000), Insist::Ask)
                .await
                .unwrap();
            assert_eq!((applied.is_done(), applied.head), (true, FIRST + 2));
        }
        let (grid, head) = company.grid(&planner, version).await;
        assert_eq!(
            (head, grid.amount(NodeIndex(0), None)),
            (FIRST + 2, Minor(1_200_000))
        );
        assert_eq!(grid.amount(PERSON, None), Minor(150_000));
    })
    .await;
}
