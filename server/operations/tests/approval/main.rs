//! Approval: the chain, handing in, deciding, remarks, and what changed since one looked; on both databases.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

#[path = "../shared/planning.rs"]
mod planning;
#[path = "../shared/refusal.rs"]
mod refusal;

use domain::access::Role;
use domain::approval::{ApprovalQuery, Approver, Decision, Progress, Review, Shown, StepState};
use domain::calendar::PeriodKind;
use domain::id::{UnitId, UserId, VersionId};
use domain::money::Minor;
use domain::notice::Notice;
use domain::plan::{Give, Keep, NodeIndex, PeriodIndex, PlanCommand};
use domain::remark::About;
use domain::split::Insist;
use domain::target::VersionStatus;
use operations::{Actor, NewUser, Operations, Scope};
use planning::day;
use refusal::code;
use store::Database;

/// A company of two teams with two people each, and people who sign in.
struct House {
    operations: Operations,
    system: Scope,
    teams: [UnitId; 2],
    people: [domain::id::MemberId; 4],
    owner: Scope,
    planner: Scope,
    version: VersionId,
}

impl House {
    async fn of(database: &Database) -> Self {
        let (system, root) = kit::organization(database).await;
        let mut operations = Operations::new(database.clone());
        operations.today = Some(day("2017-12-20"));
        let members = ["甲", "乙", "丙", "丁"].map(kit::member);
        let first = kit::unit(root, "team", "一组", None);
        let second = kit::unit(root, "team", "二组", None);
        let teams = [first.id, second.id];
        let assignments: Vec<_> = members
            .iter()
            .zip([first.id, first.id, second.id, second.id])
            .map(|(member, unit)| kit::assignment(member.id, unit))
            .collect();
        let people = [members[0].id, members[1].id, members[2].id, members[3].id];
        let writer = database.writer().await.unwrap();
        store::member::insert(&writer, &system, &members).await.unwrap();
        store::unit::insert(&writer, &system, &[first, second])
            .await
            .unwrap();
        store::assignment::insert(&writer, &system, &assignments)
            .await
            .unwrap();
        writer.commit().await.unwrap();
        let mut house = Self {
            operations,
            owner: system.clone(),
            planner: system.clone(),
            system,
            teams,
            people,
            version: VersionId::default(),
        };
        house.owner = house.user(Role::Owner, "老板").await;
        house.planner = house.user(Role::Planner, "计划员").await;
        house
            .operations
            .set_approval_chain(&house.owner, vec![Approver::Planners])
            .await
            .unwrap();
        let plan = planning::plan("2018-01-01", "2018-04-01", PeriodKind::Month);
        house.version = house
            .operations
            .create_plan(&house.planner, plan)
            .await
            .unwrap()
            .version;
        house
    }

    /// Somebody who signs in, as their session sees things.
    async fn user(&self, role: Role, name: &str) -> Scope {
        let new = NewUser {
            email: format!("{}@attain.test", uuid::Uuid::now_v7().simple()),
            name: name.to_owned(),
            role,
            password: "corridor-lantern-43".to_owned(),
            member: None,
            language: None,
        };
        let id = self.operations.create_user(&self.system, new).await.unwrap();
        Scope {
            actor: Actor::User {
                id,
                name: name.to_owned(),
            },
            ..planning::user(&self.system, role, None, &[], &[])
        }
    }

    async fn shown(&self, scope: &Scope) -> Shown {
        let query = ApprovalQuery {
            version: Some(self.version),
        };
        self.operations
            .approvals(scope, query)
            .await
            .unwrap()
            .shown
            .unwrap()
    }

    async fn status(&self) -> VersionStatus {
        self.shown(&self.owner).await.status
    }

    async fn set(&self, scope: &Scope, node: u32, amount: i64) -> Result<u64, operations::Error> {
        let command = PlanCommand::Set {
            node: NodeIndex(node),
            period: Some(PeriodIndex(0)),
            amount: Minor(amount),
            keep: Keep::None,
            give: Give::Siblings,
            reason: None,
        };
        let head = self
            .operations
            .open_grid(&self.owner, self.version, None)
            .await
            .unwrap()
            .head;
        let applied = self
            .operations
            .apply(scope, self.version, head, command, Insist::Ask)
            .await?;
        assert_eq!(applied.refused, None);
        Ok(applied.head)
    }

    async fn told(&self, scope: &Scope) -> Vec<Notice> {
        let notices = self.operations.notices(scope).await.unwrap();
        notices.list.into_iter().map(|told| told.notice).collect()
    }
}

fn id(scope: &Scope) -> UserId {
    scope.actor.user().unwrap()
}

#[tokio::test]
async fn a_draft_is_handed_in_closed_returned_approved_and_published() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let (operations, version) = (&house.operations, house.version);
        // Without a step nothing has to be approved.
        let none = operations.set_approval_chain(&house.owner, Vec::new()).await;
        none.unwrap();
        let open = operations.open_grid(&house.planner, version, None).await.unwrap();
        assert_ne!(open.review, Review::Needed);
        // An owner or planner other than whoever hands it in.
        let chain = vec![Approver::Planners];
        operations.set_approval_chain(&house.owner, chain).await.unwrap();
        let open = operations.open_grid(&house.planner, version, None).await.unwrap();
        assert_eq!(open.review, Review::Needed);
        assert_eq!(
            code(operations.publish(&house.planner, version).await),
            "approval_needed"
        );
        assert_eq!(
            code(operations.approve_version(&house.owner, version, None).await),
            "not_in_review"
        );
        operations
            .submit_version(&house.planner, version, Some("请审阅"))
            .await
            .unwrap();
        assert_eq!(house.status().await, VersionStatus::InReview);
        assert!(matches!(
            house.told(&house.owner).await[0],
            Notice::ApprovalAsked { .. }
        ));

        // Closed: for changes, workbooks, handing in again, and publishing.
        assert_eq!(code(house.set(&house.planner, 2, 5).await), "version_in_review");
        assert_eq!(
            code(operations.undo(&house.planner, version, 0, Insist::Ask).await),
            "version_in_review"
        );
        assert_eq!(
            code(operations.submit_version(&house.planner, version, None).await),
            "version_in_review"
        );
        assert_eq!(
            code(operations.publish(&house.owner, version).await),
            "approval_open"
        );

        // Not the own one, where somebody else could; a reason to return; nobody below.
        assert_eq!(
            code(operations.approve_version(&house.planner, version, None).await),
            "own_submission"
        );
        assert_eq!(
            code(operations.return_version(&house.owner, version, Some(" ")).await),
            "reason_missing"
        );
        let manager = house.user(Role::Manager, "主管").await;
        let rep = house.user(Role::Rep, "销售").await;
        assert_eq!(
            code(operations.approve_version(&rep, version, None).await),
            "not_found"
        );
        let waiting = operations
            .approvals(&house.owner, ApprovalQuery::default())
            .await
            .unwrap()
            .waiting;
        assert_eq!((waiting.len(), waiting[0].version), (1, version));
        let own = operations
            .approvals(&house.planner, ApprovalQuery::default())
            .await
            .unwrap();
        assert_eq!((own.waiting.len(), own.others.len()), (0, 1));
        assert_eq!(
            code(operations.return_version(&manager, version, Some("x")).await),
            "not_found"
        );

        operations
            .return_version(&house.owner, version, Some("一组太高"))
            .await
            .unwrap();
        assert_eq!(house.status().await, VersionStatus::Draft);
        let Notice::ApprovalReturned { reason, .. } = &house.told(&house.planner).await[0] else {
            panic!()
        };
        assert_eq!(reason, "一组太高");
        house.set(&house.planner, 2, 5).await.unwrap();

        // Again: approved, published, and everything that was decided stays.
        operations
            .submit_version(&house.planner, version, None)
            .await
            .unwrap();
        operations
            .approve_version(&house.owner, version, Some("同意"))
            .await
            .unwrap();
        assert_eq!(
            code(operations.approve_version(&house.owner, version, None).await),
            "already_approved"
        );
        assert!(matches!(
            house.told(&house.planner).await[0],
            Notice::ApprovalGiven { .. }
        ));
        assert_eq!(code(house.set(&house.planner, 2, 6).await), "version_in_review");
        operations.publish(&house.planner, version).await.unwrap();
        let shown = house.shown(&house.planner).await;
        assert_eq!(shown.status, VersionStatus::Published);
        assert_eq!(shown.submission.unwrap().progress, Progress::Published);
        let decided: Vec<Decision> = shown.decided.iter().map(|one| one.decision).collect();
        assert_eq!(decided, [Decision::Approved, Decision::Returned]);
        assert!(matches!(&shown.steps[0].state, StepState::Passed { by, .. } if by == "老板"));
        assert_eq!(
            code(operations.submit_version(&house.planner, version, None).await),
            "version_frozen"
        );
    })
    .await;
}

#[tokio::test]
async fn a_chain_of_several_steps_goes_in_order_and_can_be_passed_over_with_a_reason() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let (operations, version) = (&house.operations, house.version);
        let manager = house.user(Role::Manager, "主管").await;
        let manager = Scope {
            units: house.teams.to_vec(),
            roots: house.teams.to_vec(),
            ..manager
        };
        let rep = house.user(Role::Rep, "销售").await;
        let person = |scope: &Scope| Approver::Person { user: id(scope) };
        for bad in [
            vec![person(&rep)],
            vec![Approver::Role { role: Role::Viewer }],
            vec![Approver::Planners; 9],
        ] {
            assert!(operations.set_approval_chain(&house.planner, bad).await.is_err());
        }
        assert_eq!(
            code(operations.set_approval_chain(&manager, Vec::new()).await),
            "not_found"
        );
        let steps = vec![person(&manager), Approver::Role { role: Role::Owner }];
        operations
            .set_approval_chain(&house.planner, steps)
            .await
            .unwrap();
        operations
            .submit_version(&house.planner, version, None)
            .await
            .unwrap();
        assert_eq!(
            code(operations.approve_version(&house.owner, version, None).await),
            "not_your_turn"
        );
        operations.approve_version(&manager, version, None).await.unwrap();
        assert!(matches!(
            house.told(&house.owner).await[0],
            Notice::ApprovalAsked { .. }
        ));
        assert_eq!(
            code(operations.approve_version(&manager, version, None).await),
            "not_your_turn"
        );
        operations
            .approve_version(&house.owner, version, None)
            .await
            .unwrap();
        assert_eq!(
            house.shown(&house.owner).await.submission.unwrap().progress,
            Progress::Approved
        );

        // What was handed in can be taken back, also when it is approved.
        operations
            .return_version(&house.planner, version, None)
            .await
            .unwrap();
        assert_eq!(house.status().await, VersionStatus::Draft);

        // Somebody of the chain is gone: it says so, and an owner publishes with a reason that stays.
        operations
            .submit_version(&house.planner, version, None)
            .await
            .unwrap();
        let gone = domain::people::Access::Disabled;
        operations
            .set_access(&house.system, id(&manager), gone)
            .await
            .unwrap();
        assert_eq!(
            code(operations.approve_version(&house.owner, version, None).await),
            "nobody_decides"
        );
        assert!(house.shown(&house.owner).await.steps[0].names.is_empty());
        assert_eq!(
            code(operations.publish_anyway(&house.planner, version, "急").await),
            "not_found"
        );
        assert_eq!(
            code(operations.publish_anyway(&house.owner, version, "  ").await),
            "reason_missing"
        );
        operations
            .publish_anyway(&house.owner, version, "主管已离职")
            .await
            .unwrap();
        let shown = house.shown(&house.planner).await;
        assert_eq!(shown.status, VersionStatus::Published);
        let last = &shown.decided[0];
        assert_eq!(
            (last.decision, last.note.as_deref()),
            (Decision::Overridden, Some("主管已离职"))
        );

        // Without any step nobody is asked.
        operations
            .set_approval_chain(&house.planner, Vec::new())
            .await
            .unwrap();
        let next = operations
            .branch_version(&house.planner, version, None)
            .await
            .unwrap()
            .version;
        assert_eq!(
            code(operations.submit_version(&house.planner, next, None).await),
            "no_chain"
        );
        operations.publish(&house.planner, next).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_difference_to_the_plan_of_record_is_by_row_and_period() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        assert_eq!(
            house.shown(&house.planner).await.difference,
            None,
            "nothing is on record"
        );
        house
            .operations
            .publish_anyway(&house.owner, house.version, "第一版")
            .await
            .unwrap();
        assert_eq!(
            house.shown(&house.planner).await.difference,
            None,
            "it is what is on record"
        );
        house.version = house
            .operations
            .branch_version(&house.planner, house.version, None)
            .await
            .unwrap()
            .version;
        let same = house.shown(&house.planner).await.difference.unwrap();
        assert!(same.rows.is_empty() && same.before == same.after && same.gone == 0);
        let before = house
            .operations
            .open_grid(&house.planner, house.version, None)
            .await
            .unwrap();
        let own = before.grid.amount(NodeIndex(2), Some(PeriodIndex(0))).0;
        house.set(&house.planner, 2, own + 700).await.unwrap();
        let difference = house.shown(&house.planner).await.difference.unwrap();
        assert_eq!(difference.after.0 - difference.before.0, 700);
        let rows: Vec<(u32, i64)> = difference
            .rows
            .iter()
            .map(|row| (row.node.0, row.after.0 - row.before.unwrap().0))
            .collect();
        assert_eq!(rows, [(0, 700), (1, 700), (2, 700)]);
        let (was, is) = difference.rows[2].periods[0];
        assert_eq!((was, is), (Some(Minor(own)), Minor(own + 700)));
        let (was, is) = difference.rows[2].periods[1];
        assert_eq!(was, Some(is));
    })
    .await;
}

#[tokio::test]
async fn what_changed_since_one_looked_is_told_with_who_did_it() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let operations = &house.operations;
        let shown = house.shown(&house.owner).await;
        assert_eq!((shown.look.at_ms, shown.look.count), (None, 0));
        operations
            .look_at_version(&house.owner, house.version, shown.head)
            .await
            .unwrap();
        let open = operations
            .open_grid(&house.owner, house.version, None)
            .await
            .unwrap();
        let own = open.grid.amount(NodeIndex(2), Some(PeriodIndex(0)));
        house.set(&house.planner, 2, own.0 + 10).await.unwrap();
        house.set(&house.planner, 2, own.0 + 20).await.unwrap();
        // One's own changes are no news, and what is as before is none either.
        house.set(&house.owner, 5, 7).await.unwrap();
        let look = house.shown(&house.owner).await.look;
        let cell = look.cells.iter().find(|seen| seen.node == NodeIndex(2)).unwrap();
        assert_eq!(
            (cell.before, cell.after, cell.by.as_str()),
            (own, Minor(own.0 + 20), "计划员")
        );
        assert!(look.cells.iter().all(|seen| seen.node != NodeIndex(5)));
        assert_eq!(look.count as usize, look.cells.len());
        house.set(&house.planner, 2, own.0).await.unwrap();
        let look = house.shown(&house.owner).await.look;
        assert!(
            look.cells.iter().all(|seen| seen.node != NodeIndex(2)),
            "{look:?}"
        );
        let head = house.shown(&house.owner).await.head;
        operations
            .look_at_version(&house.owner, house.version, head)
            .await
            .unwrap();
        // An older page does not make one forget what one has seen.
        operations
            .look_at_version(&house.owner, house.version, 1)
            .await
            .unwrap();
        assert_eq!(house.shown(&house.owner).await.look.count, 0);
    })
    .await;
}

#[tokio::test]
async fn remarks_are_said_within_reach_answered_and_settled() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let (operations, version) = (&house.operations, house.version);
        let manager = house.user(Role::Manager, "一组主管").await;
        let manager = Scope {
            units: vec![house.teams[0]],
            roots: vec![house.teams[0]],
            members: {
                let mut own = house.people[..2].to_vec();
                own.sort_unstable();
                own
            },
            ..manager
        };
        let on = |node: u32, period: Option<u16>| About {
            node: Some(NodeIndex(node)),
            period: period.map(PeriodIndex),
        };
        operations
            .say(&house.planner, version, About::default(), None, "总数够吗？")
            .await
            .unwrap();
        operations
            .say(&house.planner, version, on(4, Some(1)), None, "二组偏低")
            .await
            .unwrap();
        operations
            .say(&manager, version, on(2, Some(0)), None, " 甲要休假\n一个月 ")
            .await
            .unwrap();
        // Beyond reach: neither said nor read.
        assert_eq!(
            code(operations.say(&manager, version, on(4, None), None, "x").await),
            "not_found"
        );
        assert_eq!(
            code(
                operations
                    .say(&house.planner, version, on(2, Some(9)), None, "x")
                    .await
            ),
            "not_found"
        );
        assert_eq!(
            code(
                operations
                    .say(&house.planner, version, on(99, None), None, "x")
                    .await
            ),
            "not_found"
        );
        assert_eq!(
            code(
                operations
                    .say(&house.planner, version, About::default(), None, " ")
                    .await
            ),
            "text_missing"
        );
        let long = "长".repeat(2_001);
        assert_eq!(
            code(
                operations
                    .say(&house.planner, version, About::default(), None, &long)
                    .await
            ),
            "bad_words"
        );
        let seen = operations.remarks(&manager, version).await.unwrap();
        assert_eq!(seen.len(), 2, "{seen:?}");
        let own = seen
            .iter()
            .find(|thread| thread.node == Some(NodeIndex(2)))
            .unwrap();
        assert_eq!(
            (own.period, own.said[0].text.as_str()),
            (Some(PeriodIndex(0)), "甲要休假\n一个月")
        );
        let hidden = operations.remarks(&house.owner, version).await.unwrap();
        let hidden = hidden
            .iter()
            .find(|thread| thread.node == Some(NodeIndex(4)))
            .unwrap();
        assert_eq!(
            code(operations.settle_thread(&manager, version, hidden.id, true).await),
            "not_found"
        );
        assert_eq!(
            code(
                operations
                    .say(&manager, version, About::default(), Some(hidden.id), "x")
                    .await
            ),
            "not_found"
        );

        operations
            .say(
                &house.planner,
                version,
                About::default(),
                Some(own.id),
                "已按一个月调整",
            )
            .await
            .unwrap();
        operations
            .settle_thread(&manager, version, own.id, true)
            .await
            .unwrap();
        let threads = operations.remarks(&house.owner, version).await.unwrap();
        assert_eq!(threads.len(), 3);
        let last = threads.last().unwrap();
        assert_eq!((last.id, last.said.len()), (own.id, 2));
        assert_eq!(last.resolved.as_ref().unwrap().by, "一组主管");
        operations
            .settle_thread(&house.planner, version, own.id, false)
            .await
            .unwrap();
        assert!(
            operations
                .remarks(&house.owner, version)
                .await
                .unwrap()
                .iter()
                .all(|thread| thread.resolved.is_none())
        );
        let rep = house.user(Role::Rep, "销售").await;
        assert_eq!(code(operations.remarks(&rep, version).await), "not_found");
    })
    .await;
}
