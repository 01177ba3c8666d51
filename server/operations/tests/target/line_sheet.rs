//! Lines as columns of a grid: what travels once gives every row the lines that the server tells of it.

use domain::access::Role;
use domain::id::{NodeId, VersionId};
use domain::line::LineBy;
use domain::line::profile::Profile;
use domain::line::rows::{LineAnswer, NewRowLine, SeenLine};
use domain::line::sheet::{LineSheet, OpenSheet};
use domain::money::Minor;
use domain::plan::NodeIndex;
use domain::target::NodeRef;
use operations::{Operations, Scope};
use store::Database;

use crate::planning;
use crate::refusal::code;
use crate::{company, set_total};

const BY: Option<LineBy> = Some(LineBy::Product);

/// The sheet of an open grid; every row of it has the lines that [`Operations::row_lines`] tells.
async fn same_as_told(
    operations: &Operations,
    scope: &Scope,
    version: VersionId,
    root: Option<NodeId>,
) -> LineSheet {
    let grid = operations.open_grid(scope, version, root).await.unwrap();
    let top = NodeIndex(grid.offset);
    let found = operations.line_sheet(scope, version, top, BY, None).await;
    let sheet = found.unwrap().unwrap();
    let profile = Profile::unpack(sheet.profile.as_deref().unwrap()).unwrap();
    let mut open = OpenSheet::new(sheet.clone(), profile);
    for node in grid.grid.shape().nodes() {
        let row = NodeIndex(node.0 + grid.offset);
        let told = operations.row_lines(scope, version, row, BY, 50).await;
        let told = told.unwrap().unwrap();
        assert_eq!(told.may_edit, sheet.may_edit);
        for (head, cell) in told.columns.iter().zip(&told.row.cells) {
            let place = sheet
                .lines
                .iter()
                .position(|line| line.head.as_ref() == Some(head))
                .unwrap();
            let total = |node: NodeIndex| grid.grid.amount(node, None);
            let mine = open.cell(grid.grid.shape(), &total, (node, place)).unwrap();
            assert_eq!(
                (mine.amount, &mine.set),
                (cell.amount, &cell.set),
                "row {}",
                row.0
            );
        }
    }
    sheet
}

#[tokio::test]
async fn a_sheet_gives_every_row_the_lines_that_are_told_of_it() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let version = company.plan(1_200_003).await.version;
        let sheet = same_as_told(operations, planner, version, None).await;
        assert!(sheet.may_edit && sheet.set.is_empty());

        // What was set is in it; what the rows brought is not sent to who has it.
        let told = operations.row_lines(planner, version, NodeIndex(1), BY, 0).await;
        let told = told.unwrap().unwrap();
        let wanted = Minor(told.row.cells[0].amount.0 - 1_000);
        let new = NewRowLine {
            node: NodeIndex(1),
            by: LineBy::Product,
            key: told.columns[0].key.clone(),
            period: None,
            amount: wanted,
            reason: None,
            seen: SeenLine::Free,
        };
        let answer = operations.set_row_line(planner, version, new).await;
        assert_eq!(answer.unwrap(), LineAnswer::Done);
        let set = same_as_told(operations, planner, version, None).await;
        assert_eq!(set.set.len(), 1);
        assert_eq!((set.set[0].node, set.set[0].set.amount), (NodeIndex(1), wanted));
        let known = operations
            .line_sheet(planner, version, NodeIndex(0), BY, Some(&sheet.mark))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(known.profile, None);
        assert_eq!((known.mark, known.set), (sheet.mark, set.set));

        // Where it cannot be met any more both say the same, too.
        let head = operations.open_grid(planner, version, None).await.unwrap().head;
        operations
            .decide(planner, version, head, set_total(1_000))
            .await
            .unwrap();
        same_as_told(operations, planner, version, None).await;
    })
    .await;
}

#[tokio::test]
async fn who_leads_a_part_gets_the_sheet_of_it_and_no_other() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let version = company.plan(1_000_000).await.version;
        let nodes = store::version::nodes(&database.reader(), &company.system, version)
            .await
            .unwrap();
        let person = nodes
            .iter()
            .rfind(|node| matches!(node.of, NodeRef::Member(_)))
            .unwrap();
        let NodeRef::Member(member) = person.of else {
            panic!("{person:?}")
        };
        let above = nodes.iter().find(|node| Some(node.id) == person.parent).unwrap();
        let NodeRef::Unit(unit) = above.of else {
            panic!("{above:?}")
        };
        assert!(above.ordinal > 1, "a part that does not begin the tree");
        let leader = planning::user(&company.system, Role::Manager, None, &[unit], &[member]);
        let sheet = same_as_told(operations, &leader, version, Some(above.id)).await;
        assert!(!sheet.may_edit);
        let whole = operations.line_sheet(&leader, version, NodeIndex(0), BY, None);
        assert_eq!(code(whole.await), "not_found");
        let rep = planning::user(&company.system, Role::Rep, Some(member), &[], &[]);
        let asked = operations.line_sheet(&rep, version, NodeIndex(person.ordinal), BY, None);
        assert_eq!(code(asked.await), "not_found");
    })
    .await;
}
