//! Every figure beside an amount is told in steps that sum to exactly what the page shows, and a reason travels with a change.

use domain::explain::StepKind;
use domain::money::Minor;
use domain::plan::{NodeIndex, NodeRef, PeriodIndex, PlanCommand};
use domain::reason::LONGEST_REASON;
use domain::split::{CellBase, Insist};
use domain::why::{Other, Why};
use store::Database;

use crate::compared::sell;
use crate::{code, company, set};

fn sum(why: &Why) -> i64 {
    let sum = why.explanation.steps.iter().map(|step| step.amount.0).sum();
    assert_eq!(why.explanation.amount, Minor(sum), "{:?}", why.explanation.steps);
    sum
}

#[tokio::test]
async fn every_figure_is_told_in_steps_that_sum_to_it() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        sell(&company).await;
        let operations = &company.operations;
        let planner = company.planner();
        let version = company.plan(&planner).await.version;
        let over = PlanCommand::OverAssign {
            node: NodeIndex(0),
            uplift_ppm: vec![50_000],
            reason: Some("预留流失".to_owned()),
        };
        let applied = operations
            .apply(&planner, version, 0, over, Insist::Ask)
            .await
            .unwrap();
        assert!(applied.is_done(), "{:?}", applied.refused);
        operations.publish(&planner, version).await.unwrap();
        let draft = operations
            .branch_version(&planner, version, None)
            .await
            .unwrap()
            .version;
        let open = operations.open_grid(&planner, draft, None).await.unwrap();
        let at = open
            .grid
            .shape()
            .find(NodeRef::Member(company.people[0]))
            .unwrap();
        let more = open.grid.amount(at, None).0 + 1_001;
        let applied = operations
            .apply(&planner, draft, 0, set(at.0, more), Insist::Ask)
            .await
            .unwrap();
        assert!(applied.is_done(), "{:?}", applied.refused);

        let open = operations.open_grid(&planner, draft, None).await.unwrap();
        let rows: Vec<NodeIndex> = open.grid.shape().nodes().collect();
        let told = async |row: NodeIndex, period: Option<PeriodIndex>, other: Other| {
            let found = operations.why_other(&planner, draft, row, period, other).await;
            found.unwrap()
        };
        for (against, other) in [
            (CellBase::LastYear, Other::LastYear),
            (CellBase::Record, Other::Record),
        ] {
            let shown = operations
                .compared(&planner, draft, against, &rows)
                .await
                .unwrap();
            let mut compared = 0;
            for (row, bases) in shown.rows() {
                let bases: Vec<Option<Minor>> = bases.to_vec();
                for (place, base) in (0..).map(PeriodIndex).zip(&bases) {
                    if let Some(base) = base {
                        compared += 1;
                        let why = told(row, Some(place), other.clone()).await;
                        assert_eq!(sum(&why), base.0, "{other:?} of {row:?} in {place:?}");
                    }
                }
                let whole: i64 = bases.iter().flatten().map(|base| base.0).sum();
                if bases.iter().any(Option::is_some) {
                    assert_eq!(sum(&told(row, None, other.clone()).await), whole, "{other:?}");
                }
            }
            assert!(compared > 5, "{compared} cells of {other:?}");
        }
        // The number on record is told from the log of its own version: not with what the draft has since.
        let record = told(at, None, Other::Record).await;
        assert!(!record.formula.is_empty());
        assert_eq!(sum(&record), more - 1_001);
        let now = operations.why(&planner, draft, at, None).await.unwrap();
        assert_eq!(sum(&now), more);
        let said = |why: &Why, words: &str| {
            why.explanation
                .steps
                .iter()
                .any(|step| matches!(&step.kind, StepKind::Change { reason, .. } if reason.as_deref() == Some(words)))
        };
        assert!(said(&now, "以客户为准") && !said(&record, "以客户为准"));

        let mut hedged = 0;
        for row in &rows {
            for period in std::iter::once(None).chain(open.grid.periods().map(Some)) {
                let why = told(*row, period, Other::Hedge).await;
                let hedge = open.grid.hedge(*row, period);
                hedged += usize::from(hedge != Minor(0));
                assert_eq!(sum(&why), hedge.0, "{row:?} in {period:?}");
                assert_eq!(hedge != Minor(0), said(&why, "预留流失"));
            }
        }
        assert!(hedged > 0);
    })
    .await;
}

#[tokio::test]
async fn nobody_speaks_for_the_program() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let planner = company.planner();
        let version = company.plan(&planner).await.version;
        let open = operations.open_grid(&planner, version, None).await.unwrap();
        let because = |why: &str| PlanCommand::EvenOut {
            node: NodeIndex(0),
            reason: Some(why.to_owned()),
        };
        let apply = async |command: PlanCommand| {
            operations
                .apply(&planner, version, open.head, command, Insist::Ask)
                .await
        };
        assert_eq!(code(apply(because("attain:agreed")).await), "reason_reserved");
        let long = "长".repeat(LONGEST_REASON + 1);
        assert_eq!(code(apply(because(&long)).await), "reason_too_long");
        let done = apply(because("attain:pasted")).await.unwrap();
        assert!(done.is_done(), "{:?}", done.refused);

        // Other figures are told to who sees the row, as its amount is.
        let rep = company.rep(company.people[0]);
        let foreign = operations
            .why_other(&rep, version, NodeIndex(0), None, Other::Hedge)
            .await;
        assert_eq!(code(foreign), "not_found");
        let nowhere = operations
            .why_other(&planner, version, NodeIndex(99), None, Other::Record)
            .await;
        assert_eq!(code(nowhere), "not_found");
    })
    .await;
}
