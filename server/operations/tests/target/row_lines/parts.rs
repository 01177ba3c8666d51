//! A line of a row in a period: what is set keeps the line over the plan and the row's number of the period, or is refused; it goes
//! with the version and is let go.

use domain::access::Role;
use domain::calendar::PeriodKind;
use domain::id::VersionId;
use domain::line::LineBy;
use domain::line::profile::Profile;
use domain::line::rows::{LineAnswer, NewRowLine, RowFault, SeenLine};
use domain::line::sheet::OpenSheet;
use domain::money::Minor;
use domain::plan::{NodeIndex, PeriodIndex};
use domain::target::{NewPlan, NodeRef};
use store::Database;

use crate::refusal::code;
use crate::{Company, company, planning, set_total};

const PERIODS: usize = 12;
/// The period that is set.
const AT: usize = 2;

impl Company {
    async fn set_part(
        &self,
        version: VersionId,
        (node, period): (NodeIndex, usize),
        key: &str,
        amount: i64,
        seen: SeenLine,
    ) -> Result<LineAnswer, operations::Error> {
        let new = NewRowLine {
            node,
            by: LineBy::Product,
            key: key.to_owned(),
            period: Some(PeriodIndex(u16::try_from(period).unwrap())),
            amount: Minor(amount),
            reason: None,
            seen,
        };
        self.operations.set_row_line(&self.planner, version, new).await
    }

    /// For each period the lines of a row, as a grid shows them; the largest line of the whole first.
    async fn parts(&self, version: VersionId, node: NodeIndex) -> Vec<Vec<i64>> {
        let (operations, planner) = (&self.operations, &self.planner);
        let opened = operations.open_grid(planner, version, None).await.unwrap();
        let grid = &opened.grid;
        let by = Some(LineBy::Product);
        let sheet = operations.line_sheet(planner, version, NodeIndex(0), by, None);
        let sheet = sheet.await.unwrap().unwrap();
        let profile = Profile::unpack(sheet.profile.as_deref().unwrap()).unwrap();
        let mut open = OpenSheet::new(sheet, profile);
        let total = |node: NodeIndex| grid.amount(node, None);
        let periods = |node: NodeIndex| -> Vec<Minor> {
            let periods = grid.periods();
            periods.map(|period| grid.amount(node, Some(period))).collect()
        };
        let mut parts = Vec::new();
        for (period, number) in periods(node).into_iter().enumerate() {
            let part = open.part(grid.shape(), &total, &periods, (node, period)).unwrap();
            let part: Vec<i64> = part.into_iter().map(|amount| amount.0).collect();
            assert_eq!(part.iter().sum::<i64>(), number.0, "period {period}");
            parts.push(part);
        }
        parts
    }
}

/// What the lines have over the periods.
fn over(parts: &[Vec<i64>]) -> [i64; 2] {
    [0, 1].map(|line| parts.iter().map(|part| part[line]).sum())
}

#[tokio::test]
async fn a_line_in_a_period_is_set_keeps_its_line_and_its_period_and_is_let_go() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let version = company.plan(1_200_003).await.version;
        let whole = company.rows(version, 0).await;
        let (first, second) = (whole.below[0].node, whole.below[1].node);
        let (key, other) = (whole.columns[0].key.clone(), whole.columns[1].key.clone());
        let before = company.parts(version, first).await;
        let beside = company.parts(version, second).await;
        assert_eq!(before.len(), PERIODS);

        // What is seen of the whole line is not what is seen of a period of it.
        let wanted = before[AT][0] - 1_000;
        let set = company.set_part(version, (first, AT), &key, wanted, SeenLine::Free);
        assert_eq!(set.await.unwrap(), LineAnswer::Done);
        let stale = company.set_part(version, (first, AT), &key, wanted - 1, SeenLine::Free);
        assert!(matches!(stale.await.unwrap(), LineAnswer::Changed(_)));
        let now = company.parts(version, first).await;
        assert_eq!(now[AT], [wanted, before[AT][1] + 1_000]);
        assert_eq!(over(&now), over(&before));
        assert!(now.iter().flatten().all(|amount| *amount >= 0));
        for (now, before) in now.iter().zip(&before) {
            assert_eq!(now.iter().sum::<i64>(), before.iter().sum::<i64>());
        }
        // Programs read the same.
        let place = (first, Some(PeriodIndex(u16::try_from(AT).unwrap())));
        let by = Some(LineBy::Product);
        let told = operations.row_lines_in(planner, version, place, by, 0).await;
        let told = told.unwrap().unwrap();
        assert_eq!(told.columns[0].key, key);
        let amounts: Vec<i64> = told.row.cells.iter().map(|cell| cell.amount.0).collect();
        assert_eq!(amounts, now[AT]);
        assert_eq!(told.row.total.0, now[AT].iter().sum::<i64>());
        let set: Vec<bool> = told.row.cells.iter().map(|cell| cell.set.is_some()).collect();
        assert_eq!(set, [true, false]);
        assert_eq!(company.parts(version, second).await, beside);
        assert_eq!(company.rows(version, 0).await, whole, "lines over the plan stay");

        // What cannot be met is refused, and nothing is changed: of the period, of what else is set, of the line.
        let too_much = before[AT].iter().sum::<i64>() + 1;
        for (place, key, amount, expected) in [
            ((first, AT), &key, too_much, "row_lines_misfit"),
            ((first, AT), &other, before[AT][1], "row_lines_misfit"),
            ((first, AT), &key, -1, "negative_line"),
            ((first, PERIODS), &key, 1, "not_found"),
            ((NodeIndex(0), AT), &key, 1, "row_line_of_whole"),
        ] {
            let refused = company.set_part(version, place, key, amount, SeenLine::Any);
            assert_eq!(code(refused.await), expected, "{place:?} {amount}");
        }
        // Over the plan the other line has to have what is left to it in the period.
        let refused = company.set_line(version, first, &other, before[AT][1]);
        assert_eq!(code(refused.await), "row_lines_misfit");
        assert_eq!(company.parts(version, first).await, now);

        // It goes with a branch; let go there, it stays here.
        let branch = operations.branch_version(planner, version, None).await;
        let branch = branch.unwrap().version;
        assert_eq!(company.parts(branch, first).await, now);
        let of_line = (LineBy::Product, key.as_str());
        let of_whole = operations.free_row_line(planner, branch, (first, None), of_line, SeenLine::Any);
        assert_eq!(of_whole.await.unwrap(), LineAnswer::Done);
        assert_eq!(
            company.parts(branch, first).await,
            now,
            "nothing was set over the plan"
        );
        let seen = SeenLine::Set(Minor(wanted));
        let freed = operations.free_row_line(planner, branch, place, of_line, seen);
        assert_eq!(freed.await.unwrap(), LineAnswer::Done);
        assert_eq!(company.parts(branch, first).await, before);
        assert_eq!(company.parts(version, first).await, now);

        // Numbers below what is set: it is said of which period, and not published so.
        let again = company.set_part(branch, (first, AT), &key, wanted, SeenLine::Free);
        assert_eq!(again.await.unwrap(), LineAnswer::Done);
        let head = company.rows(branch, 0).await.head;
        operations
            .decide(planner, branch, head, set_total(1_000))
            .await
            .unwrap();
        let small = company.parts(branch, first).await;
        let faults = company.rows(branch, 0).await.faults;
        let [RowFault::Line(unmet)] = &faults[..] else {
            panic!("{faults:?}")
        };
        assert_eq!(unmet.period.as_ref().map(|of| usize::from(of.at.0)), Some(AT));
        assert_eq!(
            (unmet.node, unmet.set, unmet.fits),
            (first, Minor(wanted), Minor(small[AT][0]))
        );
        assert_eq!(code(operations.publish(planner, branch).await), "row_lines_unmet");
        // Who leads the row alone is told, too: it is of its own numbers, and not of those above.
        let nodes = store::version::nodes(&database.reader(), &company.system, branch).await;
        let nodes = nodes.unwrap();
        let of = nodes.iter().find(|node| node.ordinal == first.0).unwrap().of;
        let NodeRef::Unit(unit) = of else { panic!("{of:?}") };
        let leader = planning::user(&company.system, Role::Manager, None, &[unit], &[]);
        let seen = operations.row_lines(&leader, branch, first, Some(LineBy::Product), 50);
        let faults = seen.await.unwrap().unwrap().faults;
        assert!(
            matches!(&faults[..], [RowFault::Line(line)] if line.node == first && !line.may_set),
            "{faults:?}"
        );

        // Frozen: it is read as it was.
        operations.publish(planner, version).await.unwrap();
        assert_eq!(company.parts(version, first).await, now);
        let freed = operations.free_row_line(planner, version, place, of_line, SeenLine::Any);
        assert_eq!(code(freed.await), "version_frozen");
    })
    .await;
}

#[tokio::test]
async fn of_a_plan_of_one_period_the_whole_line_is_set() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let new = NewPlan {
            total: Minor(1_200_003),
            ..planning::plan("2018-01-01", "2018-02-01", PeriodKind::Month)
        };
        let made = company.operations.create_plan(&company.planner, new).await;
        let version = made.unwrap().version;
        let whole = company.rows(version, 0).await;
        let (node, cell) = (whole.below[0].node, &whole.below[0].cells[0]);
        let (key, amount) = (whole.columns[0].key.as_str(), cell.amount.0);
        let refused = company.set_part(version, (node, 0), key, amount, SeenLine::Any);
        assert_eq!(code(refused.await), "row_line_one_period");
        let beyond = company.set_part(version, (node, 1), key, amount, SeenLine::Any);
        assert_eq!(code(beyond.await), "not_found");
        company.set_line(version, node, key, amount - 1).await.unwrap();
    })
    .await;
}
