//! Why a row is to bring so much of a line: steps that sum to it, also after several lines were set, and for who carries it.

use domain::access::Role;
use domain::explain::StepKind;
use domain::id::VersionId;
use domain::line::LineBy;
use domain::line::rows::{NewRowLine, RowLines};
use domain::money::Minor;
use domain::plan::NodeIndex;
use domain::target::NodeRef;
use domain::why::{Other, Why};
use store::Database;

use crate::refusal::code;
use crate::{Company, company, planning};

const BY: LineBy = LineBy::Product;

async fn told(company: &Company, version: VersionId, node: NodeIndex) -> RowLines {
    let found = company
        .operations
        .row_lines(&company.planner, version, node, Some(BY), 50)
        .await;
    found.unwrap().unwrap()
}

async fn set(company: &Company, version: VersionId, node: NodeIndex, column: usize, less: i64) {
    let told = told(company, version, node).await;
    let new = NewRowLine {
        node,
        by: BY,
        key: told.columns[column].key.clone(),
        period: None,
        amount: Minor(told.row.cells[column].amount.0 - less),
        reason: Some("试点".to_owned()),
        seen: domain::line::rows::SeenLine::Any,
    };
    let answer = company
        .operations
        .set_row_line(&company.planner, version, new)
        .await;
    assert_eq!(answer.unwrap(), domain::line::rows::LineAnswer::Done);
}

fn sum(why: &Why) -> i64 {
    let sum = why.explanation.steps.iter().map(|step| step.amount.0).sum();
    assert_eq!(why.explanation.amount, Minor(sum), "{:?}", why.explanation.steps);
    sum
}

#[tokio::test]
async fn lines_are_told_in_steps_that_sum_to_them() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let version = company.plan(1_200_003).await.version;
        let below: Vec<NodeIndex> = told(&company, version, NodeIndex(0))
            .await
            .below
            .iter()
            .map(|row| row.node)
            .collect();
        let line = async |node: NodeIndex, key: &str| {
            let other = Other::Line {
                by: BY,
                key: key.to_owned(),
            };
            operations.why_other(planner, version, node, None, other).await
        };
        let exact = async || {
            let open = operations.open_grid(planner, version, None).await.unwrap();
            let mut set = 0;
            for node in open.grid.shape().nodes() {
                let told = told(&company, version, node).await;
                for (head, cell) in told.columns.iter().zip(&told.row.cells) {
                    let why = line(node, &head.key).await.unwrap();
                    assert_eq!(sum(&why), cell.amount.0, "{} of {node:?}", head.key);
                    set += why
                        .explanation
                        .steps
                        .iter()
                        .filter(|step| matches!(&step.kind, StepKind::LineSet { reason, by, .. } if reason.as_deref() == Some("试点") && !by.is_empty()))
                        .count();
                }
            }
            set
        };
        assert_eq!(exact().await, 0, "nothing is set");
        set(&company, version, below[0], 0, 1_000).await;
        let one = exact().await;
        assert!(one > 0);
        set(&company, version, below[0], 0, -300).await;
        assert!(exact().await > 0, "set again, told once as it stands");
        assert_eq!(code(line(below[0], "nothing").await), "not_found");
        assert_eq!(code(line(NodeIndex(99), "nothing").await), "not_found");

        // Who carries a number is told the same of its lines.
        operations.publish(planner, version).await.unwrap();
        let nodes = store::version::nodes(&database.reader(), &company.system, version)
            .await
            .unwrap();
        let member = nodes.iter().find_map(|node| match node.of {
            NodeRef::Member(member) => Some(member),
            NodeRef::Unit(_) => None,
        });
        let member = member.unwrap();
        let rep = planning::user(&company.system, Role::Rep, Some(member), &[], &[member]);
        let mine = operations.my_targets(&rep).await.unwrap().remove(0);
        let own = operations.own_lines(&rep, version, &[mine.node]).await.unwrap();
        let mut lines = 0;
        for cut in &own[0] {
            for one in &cut.lines {
                let why = operations
                    .why_own_line(&rep, version, mine.node, cut.by, &one.head.key)
                    .await
                    .unwrap();
                assert_eq!(sum(&why), one.amount.0);
                lines += 1;
            }
        }
        assert!(lines > 1);
        let foreign = nodes.iter().find(|node| node.carrier != Some(member)).unwrap();
        let refused = operations
            .why_own_line(&rep, version, foreign.id, BY, &own[0][0].lines[0].head.key)
            .await;
        assert_eq!(code(refused), "not_found");
    })
    .await;
}
