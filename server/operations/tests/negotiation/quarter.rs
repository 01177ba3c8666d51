//! A quarter of a number: begun on as one number, set as a whole within what holds its months, and entered as a whole or not at all.

use domain::calendar::PeriodKind;
use domain::format::{self, Lang};
use domain::id::{UserId, VersionId};
use domain::negotiation::{About, MoveKind, Status, Subject};
use domain::plan::{GiveWay, Grid, NodeIndex, PeriodIndex, PlanCommand};
use domain::split::Insist;
use domain::target::Verdict;
use store::Database;

use crate::{Company, code, company, planning};

const Q1: Subject = Subject::Span {
    first: PeriodIndex(0),
    periods: 3,
};

impl Company {
    async fn grid(&self, version: VersionId) -> Grid {
        let open = self.operations.open_grid(&self.planner, version, None).await;
        open.unwrap().grid
    }

    /// What a row has in the first quarter.
    async fn first_quarter(&self, version: VersionId, row: NodeIndex) -> i64 {
        let grid = self.grid(version).await;
        Q1.sum(|period| grid.amount(row, period)).0
    }

    async fn change(&self, version: VersionId, command: PlanCommand) {
        let open = self.operations.open_grid(&self.planner, version, None).await;
        let head = open.unwrap().head;
        let applied = self
            .operations
            .apply(&self.planner, version, head, command, Insist::Ask)
            .await
            .unwrap();
        assert!(applied.is_done());
    }

    async fn lock(&self, version: VersionId, node: NodeIndex, month: u16) {
        let lock = PlanCommand::Lock {
            node,
            period: Some(PeriodIndex(month)),
            by: UserId::default(),
        };
        self.change(version, lock).await;
    }

    async fn unlock(&self, version: VersionId, node: NodeIndex, month: u16) {
        let period = Some(PeriodIndex(month));
        self.change(version, PlanCommand::Unlock { node, period }).await;
    }

    /// A published half-year.
    async fn half_year(&self) -> VersionId {
        let version = self.draft_until("2018-07-01").await;
        self.operations.publish(&self.planner, version).await.unwrap();
        version
    }
}

fn of_row(row: NodeIndex) -> About {
    About::Row { row, subject: Q1 }
}

#[tokio::test]
async fn who_carries_a_number_begins_on_a_quarter_of_it_that_bears_its_name() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let version = company.half_year().await;
        let rep = &company.reps[0];
        let target = operations.my_targets(rep).await.unwrap().remove(0);
        let sums: Vec<i64> = target.quarters.iter().map(|part| part.amount.0).collect();
        let months = |range: std::ops::Range<usize>| -> i64 {
            target.periods[range].iter().map(|part| part.amount.0).sum()
        };
        assert_eq!(sums, [months(0..3), months(3..6)]);
        let quarter = &target.quarters[0];
        let about = About::Own {
            node: target.node,
            from: quarter.period.start,
            until: quarter.period.end,
        };
        let begin = async |amount| company.begin(rep, version, about, amount).await;
        assert_eq!(code(begin(sums[0]).await), "negotiation_same_amount");
        assert_eq!(code(begin(-1).await), "negotiation_amount");
        assert_eq!(code(begin(i64::MAX).await), "negotiation_amount");
        begin(sums[0] - 2_000).await.unwrap();
        assert_eq!(code(begin(sums[0] - 3_000).await), "negotiation_move");
        for sees in [rep, &company.leader, &company.planner] {
            let talk = company.talks(sees, version).await.remove(0);
            assert_eq!((talk.subject, talk.number.0), (Q1, sums[0]));
            assert_eq!(talk.difference().0, -2_000);
            let name = talk.period.unwrap();
            let words = [Lang::En, Lang::ZhCn].map(|lang| format::period(&name, lang));
            assert_eq!(words, ["Q1 2018", "2018年1季度"]);
        }
        // Its first month is a number of its own, and so is the total.
        let row = company.number(version, company.people[0]).await.0;
        for subject in [Subject::Period(PeriodIndex(0)), Subject::Total] {
            let about = About::Row { row, subject };
            company.begin(rep, version, about, 1).await.unwrap();
        }
        // Months that make no quarter are no number.
        for (first, periods) in [(1, 3), (0, 2), (3, 4), (0, 6), (0, 0)] {
            let first = PeriodIndex(first);
            let subject = Subject::Span { first, periods };
            let refused = company.begin(rep, version, About::Row { row, subject }, 1).await;
            assert_eq!(code(refused), "not_found", "{subject:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_plan_of_one_quarter_has_no_quarter_beside_its_total() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let version = company.published().await;
        let rep = &company.reps[0];
        let target = company.operations.my_targets(rep).await.unwrap().remove(0);
        assert!(target.quarters.is_empty());
        let (from, until) = (target.periods[0].period.start, target.periods[2].period.end);
        let node = target.node;
        let about = About::Own { node, from, until };
        company.begin(rep, version, about, 1).await.unwrap();
        let talk = company.talks(rep, version).await.remove(0);
        assert_eq!((talk.subject, talk.period), (Subject::Total, None));
    })
    .await;
}

#[tokio::test]
async fn a_quarter_of_which_another_plan_holds_a_month_is_none_any_more() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let version = company.half_year().await;
        let march = planning::plan("2018-03-01", "2018-04-01", PeriodKind::Month);
        let other = operations.create_plan(&company.planner, march).await.unwrap();
        operations.publish(&company.planner, other.version).await.unwrap();
        let rep = &company.reps[0];
        let targets = operations.my_targets(rep).await.unwrap();
        let target = targets.iter().find(|target| target.version == version).unwrap();
        assert_eq!(target.periods.len(), 5);
        let names: Vec<String> = target
            .quarters
            .iter()
            .map(|quarter| format::period(&quarter.period, Lang::En))
            .collect();
        assert_eq!(names, ["Q2 2018"], "what is offered can be asked for");
        let about = |from, until| About::Own {
            node: target.node,
            from,
            until,
        };
        let rest = about(target.periods[0].period.start, target.periods[1].period.end);
        assert_eq!(code(company.begin(rep, version, rest, 1).await), "not_found");
        let quarter = &target.quarters[0].period;
        let second = about(quarter.start, quarter.end);
        company.begin(rep, version, second, 1).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn agreeing_on_a_quarter_of_a_draft_sets_it_within_what_holds_its_months() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let version = company.draft_until("2018-07-01").await;
        let (row, total) = company.number(version, company.people[0]).await;
        let rep = &company.reps[0];
        let had = company.first_quarter(version, row).await;
        let id = company
            .begin(&company.planner, version, of_row(row), had + 900)
            .await
            .unwrap();
        company
            .act(rep, id, MoveKind::Counter, Some(had + 600))
            .await
            .unwrap();
        for month in 0..3 {
            company.lock(version, row, month).await;
        }
        let refused = company.act(&company.planner, id, MoveKind::Agree, None).await;
        assert_eq!(code(refused), "plan_refuses");
        let own = operations.own_negotiations(rep).await.unwrap();
        assert_eq!(own[0].standing.status, Status::Open, "nothing was agreed");
        assert_eq!(company.first_quarter(version, row).await, had);
        for month in [0, 2] {
            company.unlock(version, row, month).await;
        }
        let before = company.grid(version).await;
        company
            .act(&company.planner, id, MoveKind::Agree, None)
            .await
            .unwrap();
        let after = company.grid(version).await;
        assert_eq!(company.first_quarter(version, row).await, had + 600);
        let february = Some(PeriodIndex(1));
        assert_eq!(
            after.amount(row, february),
            before.amount(row, february),
            "it is locked"
        );
        assert_eq!(
            company.number(version, company.people[0]).await.1,
            total,
            "the other months give"
        );
        assert!(matches!(
            operations.verify(&company.planner, version).await.unwrap(),
            Verdict::Sound { .. }
        ));
        let desk = operations.negotiations(&company.planner, version).await.unwrap();
        assert_eq!((desk.agreed.len(), desk.agreed[0].subject), (1, Q1));
    })
    .await;
}

#[tokio::test]
async fn an_agreed_quarter_is_entered_into_the_next_draft_as_a_whole_or_not_at_all() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let version = company.half_year().await;
        let (row, _) = company.number(version, company.people[0]).await;
        let had = company.first_quarter(version, row).await;
        let id = company
            .begin(&company.reps[0], version, of_row(row), had - 3_000)
            .await
            .unwrap();
        company
            .act(&company.planner, id, MoveKind::Agree, None)
            .await
            .unwrap();
        assert_eq!(
            company.first_quarter(version, row).await,
            had,
            "what is published stays"
        );
        let draft = operations
            .branch_version(&company.planner, version, None)
            .await
            .unwrap()
            .version;
        let row = company.number(draft, company.people[0]).await.0;
        let talks = company.talks(&company.planner, draft).await;
        assert_eq!((talks.len(), talks[0].subject, talks[0].on), (1, Q1, Some(1)));
        // All of its months are held: it cannot be had either way, and why is told.
        for month in 0..3 {
            company.lock(draft, row, month).await;
        }
        for way in operations
            .weigh_agreed(&company.planner, draft)
            .await
            .unwrap()
            .ways
        {
            assert_eq!((way.entered, way.left.len()), (0, 1));
            assert!(!way.left[0].zh.is_empty() && !way.left[0].en.is_empty());
        }
        // Its unit is held in one month: with the totals above following it cannot be had, and no other month is entered.
        let unit = company.grid(draft).await.shape().parent(row).unwrap();
        for month in 0..3 {
            company.unlock(draft, row, month).await;
        }
        company.lock(draft, unit, 0).await;
        let before = company.grid(draft).await;
        let none = operations
            .enter_agreed(&company.planner, draft, GiveWay::Above, None)
            .await
            .unwrap();
        assert_eq!((none.entered, none.left.len()), (0, 1));
        assert_eq!(company.grid(draft).await, before);
        // Where the siblings give, the unit stays as it is; a locked month is shared by the others.
        company.lock(draft, row, 1).await;
        let entered = operations
            .enter_agreed(&company.planner, draft, GiveWay::Siblings, None)
            .await
            .unwrap();
        assert_eq!((entered.entered, entered.left.len()), (1, 0));
        assert_eq!(company.first_quarter(draft, row).await, had - 3_000);
        let after = company.grid(draft).await;
        for month in 0..6 {
            let month = Some(PeriodIndex(month));
            assert_eq!(after.amount(unit, month), before.amount(unit, month));
        }
        let february = Some(PeriodIndex(1));
        assert_eq!(after.amount(row, february), before.amount(row, february));
        let again = operations
            .enter_agreed(&company.planner, draft, GiveWay::Siblings, None)
            .await;
        assert_eq!(code(again), "nothing_agreed");
        assert!(company.talks(&company.planner, draft).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_agreed_month_holds_within_an_agreed_quarter() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let version = company.half_year().await;
        let (row, _) = company.number(version, company.people[0]).await;
        let january = Some(PeriodIndex(0));
        let month = company.grid(version).await.amount(row, january).0 + 400;
        let quarter = company.first_quarter(version, row).await - 3_000;
        let of_month = About::Row {
            row,
            subject: Subject::from(january),
        };
        for (about, amount) in [(of_row(row), quarter), (of_month, month)] {
            let begun = company.begin(&company.reps[0], version, about, amount).await;
            company
                .act(&company.planner, begun.unwrap(), MoveKind::Agree, None)
                .await
                .unwrap();
        }
        let draft = operations
            .branch_version(&company.planner, version, None)
            .await
            .unwrap()
            .version;
        for way in operations
            .weigh_agreed(&company.planner, draft)
            .await
            .unwrap()
            .ways
        {
            assert_eq!((way.entered, way.left.len()), (2, 0));
        }
        let entered = operations
            .enter_agreed(&company.planner, draft, GiveWay::Siblings, None)
            .await
            .unwrap();
        assert_eq!((entered.entered, entered.left.len()), (2, 0));
        let row = company.number(draft, company.people[0]).await.0;
        assert_eq!(company.first_quarter(draft, row).await, quarter);
        assert_eq!(company.grid(draft).await.amount(row, january).0, month);
        let again = operations
            .enter_agreed(&company.planner, draft, GiveWay::Siblings, None)
            .await;
        assert_eq!(code(again), "nothing_agreed");
    })
    .await;
}
