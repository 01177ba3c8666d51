//! Lines of rows: they sum both ways, what is set stays or is refused, and they go with the version.

use domain::access::Role;
use domain::id::VersionId;
use domain::import::Options;
use domain::line::LineBy;
use domain::line::rows::{LineAnswer, LineRow, NewRowLine, RowFault, RowLines, SeenLine};
use domain::money::Minor;
use domain::plan::NodeIndex;
use domain::target::NodeRef;
use operations::import::Origin;
use store::Database;

use crate::files::{file, wanted};
use crate::refusal::code;
use crate::{Company, company, planning, set_total};

mod parts;
mod seen;
mod several;

impl Company {
    async fn rows(&self, version: VersionId, node: u32) -> RowLines {
        let by = Some(LineBy::Product);
        let found = self
            .operations
            .row_lines(&self.planner, version, NodeIndex(node), by, 50)
            .await;
        found.unwrap().unwrap()
    }

    async fn set_line(
        &self,
        version: VersionId,
        node: NodeIndex,
        key: &str,
        amount: i64,
    ) -> Result<(), operations::Error> {
        let new = NewRowLine {
            node,
            by: LineBy::Product,
            key: key.to_owned(),
            period: None,
            amount: Minor(amount),
            reason: Some(" 新客户 ".to_owned()),
            seen: SeenLine::Any,
        };
        let answer = self.operations.set_row_line(&self.planner, version, new).await?;
        assert_eq!(answer, LineAnswer::Done);
        Ok(())
    }
}

fn amounts(row: &LineRow) -> Vec<i64> {
    row.cells.iter().map(|cell| cell.amount.0).collect()
}

/// Every row sums to its total, and every line of the rows below to what the table says they sum to.
fn assert_exact(lines: &RowLines) {
    for row in std::iter::once(&lines.row).chain(&lines.below) {
        assert_eq!(amounts(row).iter().sum::<i64>(), row.total.0, "{row:?}");
        assert!(amounts(row).iter().all(|amount| *amount >= 0), "{row:?}");
    }
    let Some(sum) = &lines.sum else {
        assert!(lines.below.is_empty());
        return;
    };
    assert_eq!(lines.more, 0);
    let below: i64 = lines.below.iter().map(|row| row.total.0).sum();
    for (column, sum) in sum.iter().enumerate() {
        let of_line: i64 = lines.below.iter().map(|row| row.cells[column].amount.0).sum();
        assert_eq!(of_line, sum.0);
        if below == lines.row.total.0 {
            assert_eq!(*sum, lines.row.cells[column].amount);
        }
    }
}

#[tokio::test]
async fn rows_have_lines_that_sum_both_ways() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let made = company.plan(1_200_003).await;
        let version = made.version;
        let whole = company.rows(version, 0).await;
        assert_eq!(
            (whole.known[0], whole.by, whole.below.len()),
            (LineBy::Product, LineBy::Product, 2)
        );
        assert!(whole.may_edit && !whole.row.may_set && whole.faults.is_empty());
        assert_exact(&whole);
        // The whole has the lines of the target.
        let board = company.board(made).await;
        for (head, cell) in whole.columns.iter().zip(&whole.row.cells) {
            let lines = &board
                .lines
                .iter()
                .find(|lines| lines.by == LineBy::Product)
                .unwrap()
                .lines;
            let line = lines.iter().find(|line| line.key == head.key).unwrap();
            assert_eq!(line.amount, cell.amount);
        }
        let nodes = store::version::nodes(&database.reader(), &company.system, version)
            .await
            .unwrap();
        for node in &nodes {
            assert_exact(&company.rows(version, node.ordinal).await);
        }

        // One is set: it stays, the others of its row and its line give.
        let (first, second) = (whole.below[0].node, whole.below[1].node);
        let key = whole.columns[0].key.clone();
        let wanted = whole.below[0].cells[0].amount.0 - 1_000;
        company.set_line(version, first, &key, wanted).await.unwrap();
        let now = company.rows(version, 0).await;
        assert_exact(&now);
        assert_eq!(now.below[0].cells[0].amount, Minor(wanted));
        let set = now.below[0].cells[0].set.clone().unwrap();
        assert_eq!(
            (set.amount, set.reason.as_deref()),
            (Minor(wanted), Some("新客户"))
        );
        assert_eq!(
            now.below[1].cells[0].amount.0,
            whole.below[1].cells[0].amount.0 + 1_000
        );
        assert_eq!(now.row, whole.row);
        for node in &nodes {
            assert_exact(&company.rows(version, node.ordinal).await);
        }

        // What cannot be met is refused, and nothing is changed.
        let too_much = now.below[0].total.0 + 1;
        let refused = [
            (first, key.as_str(), too_much, "row_lines_misfit"),
            (second, key.as_str(), wanted, "row_lines_misfit"),
            (first, key.as_str(), i64::MAX, "row_lines_misfit"),
            (first, key.as_str(), -1, "negative_line"),
            (first, "no such line", 1, "unknown_line"),
            (NodeIndex(0), key.as_str(), 1, "row_line_of_whole"),
            (NodeIndex(99), key.as_str(), 1, "not_found"),
        ];
        for (node, key, amount, expected) in refused {
            assert_eq!(code(company.set_line(version, node, key, amount).await), expected);
        }
        assert_eq!(company.rows(version, 0).await, now);

        // It goes with a branch; let go there, it stays here.
        let branch = operations
            .branch_version(planner, version, None)
            .await
            .unwrap()
            .version;
        assert_eq!(
            amounts(&company.rows(branch, 0).await.below[0]),
            amounts(&now.below[0])
        );
        let of_line = (LineBy::Product, key.as_str());
        let freed = operations.free_row_line(planner, branch, (first, None), of_line, SeenLine::Any);
        assert_eq!(freed.await.unwrap(), LineAnswer::Done);
        let freed = company.rows(branch, 0).await;
        assert_eq!(amounts(&freed.below[0]), amounts(&whole.below[0]));
        assert!(freed.below[0].cells[0].set.is_none());
        assert!(company.rows(version, 0).await.below[0].cells[0].set.is_some());

        // Numbers below what is set: it is said, and what there is room for stands in its place.
        company.set_line(branch, first, &key, wanted).await.unwrap();
        operations
            .decide(planner, branch, freed.head, set_total(1_000))
            .await
            .unwrap();
        let small = company.rows(branch, 0).await;
        assert_exact(&small);
        assert!(!small.faults.is_empty());
        assert_eq!(
            small.below[0].cells[0].set.as_ref().map(|set| set.amount),
            Some(Minor(wanted))
        );

        // Frozen: it is read as it was, and neither the program nor the database changes it.
        operations.publish(planner, version).await.unwrap();
        let published = company.rows(version, 0).await;
        assert!(!published.may_edit);
        assert_eq!(amounts(&published.below[0]), amounts(&now.below[0]));
        assert_eq!(
            code(company.set_line(version, first, &key, 1).await),
            "version_frozen"
        );
        let freed = operations.free_row_line(planner, version, (first, None), of_line, SeenLine::Any);
        assert_eq!(code(freed.await), "version_frozen");
        for sql in ["UPDATE row_line SET amount = 1", "DELETE FROM row_line"] {
            assert!(!kit::lets_through(&database, sql).await, "{sql}");
        }
    })
    .await;
}

#[tokio::test]
async fn lines_of_rows_are_seen_within_reach_and_nobody_sets_the_own() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let version = company.plan(1_000_000).await.version;
        let nodes = store::version::nodes(&database.reader(), &company.system, version)
            .await
            .unwrap();
        let person = nodes
            .iter()
            .find(|node| matches!(node.of, NodeRef::Member(_)))
            .unwrap();
        let NodeRef::Member(member) = person.of else {
            panic!("{person:?}")
        };
        let above = nodes.iter().find(|node| Some(node.id) == person.parent).unwrap();
        let NodeRef::Unit(unit) = above.of else {
            panic!("{above:?}")
        };
        let own = planning::user(&company.system, Role::Planner, Some(member), &[], &[]);
        let lines = operations
            .row_lines(&own, version, NodeIndex(person.ordinal), None, 50)
            .await
            .unwrap()
            .unwrap();
        assert!(lines.may_edit && !lines.row.may_set && lines.below.is_empty() && lines.sum.is_none());
        assert_exact(&lines);
        let new = NewRowLine {
            node: NodeIndex(person.ordinal),
            by: lines.by,
            key: lines.columns[0].key.clone(),
            period: None,
            amount: Minor(1),
            reason: None,
            seen: SeenLine::Any,
        };
        assert_eq!(
            code(operations.set_row_line(&own, version, new.clone()).await),
            "own_quota"
        );

        let leader = planning::user(&company.system, Role::Manager, None, &[unit], &[member]);
        let seen = operations
            .row_lines(&leader, version, NodeIndex(above.ordinal), None, 50)
            .await
            .unwrap()
            .unwrap();
        assert!(!seen.may_edit);
        assert_exact(&seen);
        assert_eq!(
            code(operations.set_row_line(&leader, version, new).await),
            "not_found"
        );
        assert_eq!(
            code(
                operations
                    .row_lines(&leader, version, NodeIndex(0), None, 50)
                    .await
            ),
            "not_found"
        );
        let rep = planning::user(&company.system, Role::Rep, Some(member), &[], &[]);
        let asked = operations.row_lines(&rep, version, NodeIndex(person.ordinal), None, 50);
        assert_eq!(code(asked.await), "not_found");
    })
    .await;
}

#[tokio::test]
async fn a_line_that_cannot_be_met_takes_no_other_with_it_and_is_not_published() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let version = company.plan(1_200_003).await.version;
        let whole = company.rows(version, 0).await;
        let (first, second) = (whole.below[0].node, whole.below[1].node);
        let (key, other) = (whole.columns[0].key.clone(), whole.columns[1].key.clone());
        let stays = whole.below[1].cells[1].amount.0 / 4;
        company.set_line(version, second, &other, stays).await.unwrap();
        // With two rows and two lines the others follow from it; one of them is set as it is.
        let set = company.rows(version, 0).await.below[0].cells[0].amount;
        company.set_line(version, first, &key, set.0).await.unwrap();
        assert!(company.rows(version, 0).await.faults.is_empty());

        // Half the total: the first has room for less, the other line is as it was set.
        operations
            .decide(planner, version, whole.head, set_total(600_000))
            .await
            .unwrap();
        let now = company.rows(version, 0).await;
        assert_exact(&now);
        assert_eq!(now.below[1].cells[1].amount, Minor(stays));
        let [RowFault::Line(unmet)] = &now.faults[..] else {
            panic!("{:?}", now.faults)
        };
        assert_eq!(
            (unmet.node, unmet.key.as_str(), unmet.set, unmet.fits),
            (first, key.as_str(), set, now.below[0].cells[0].amount)
        );
        assert!(unmet.may_set && unmet.excess().0 > 0 && unmet.reason.as_deref() == Some("新客户"));
        assert_eq!(now.more_faults, 0);
        assert_eq!(
            now.below[0].cells[0].set.as_ref().map(|by_hand| by_hand.amount),
            Some(set)
        );

        // It is not published so; what fits is taken, and it is.
        assert_eq!(
            code(operations.publish(planner, version).await),
            "row_lines_unmet"
        );
        company
            .set_line(version, first, &key, unmet.fits.0)
            .await
            .unwrap();
        assert!(company.rows(version, 0).await.faults.is_empty());
        operations.publish(planner, version).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_is_published_stays_whatever_is_imported_later_and_is_seen_by_who_carries_it() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let version = company.plan(1_200_003).await.version;
        operations.publish(planner, version).await.unwrap();
        let nodes = store::version::nodes(&database.reader(), &company.system, version)
            .await
            .unwrap();
        let mut before = Vec::new();
        for node in &nodes {
            before.push(company.rows(version, node.ordinal).await);
        }

        // Much more of the small product by one of the two.
        let folder = tempfile::tempdir().unwrap();
        let text = "opportunity_id,sales_agent,product,account,deal_stage,close_date,close_value\n\
                    later,a,Valve,Acme,Won,2017-05-15,100000\n";
        let pipeline = file(folder.path(), "sales_pipeline.csv", text);
        let import = wanted(&[pipeline], Options::default(), Origin::CommandLine);
        let view = operations.import_now(&company.system, import).await.unwrap();
        assert_eq!((view.counts.created, view.counts.rejected), (1, 0));
        for (node, before) in nodes.iter().zip(&before) {
            assert_eq!(&company.rows(version, node.ordinal).await, before);
        }
        // A draft made of it follows what is known now.
        let draft = operations
            .branch_version(planner, version, None)
            .await
            .unwrap()
            .version;
        let followed = company.rows(draft, 0).await;
        assert_exact(&followed);
        assert_ne!(amounts(&followed.below[0]), amounts(&before[0].below[0]));
        for sql in ["UPDATE row_profile SET line_by = 'x'", "DELETE FROM row_profile"] {
            assert!(!kit::lets_through(&database, sql).await, "{sql}");
        }

        // Who carries a number sees its lines, and nobody else does by that way.
        let person = nodes
            .iter()
            .find(|node| matches!(node.of, NodeRef::Member(_)))
            .unwrap();
        let NodeRef::Member(member) = person.of else {
            panic!("{person:?}")
        };
        let own = planning::user(&company.system, Role::Rep, Some(member), &[], &[member]);
        let lines = operations
            .own_lines(&own, version, &[person.id])
            .await
            .unwrap()
            .remove(0);
        let product = lines.iter().find(|lines| lines.by == LineBy::Product).unwrap();
        let sum: i64 = product.lines.iter().map(|line| line.amount.0).sum();
        let at = nodes.iter().position(|node| node.id == person.id).unwrap();
        assert_eq!(sum, before[at].row.total.0);
        let persons = [person.id];
        let other = operations.own_lines(planner, version, &persons);
        assert_eq!(code(other.await), "not_found");
    })
    .await;
}
