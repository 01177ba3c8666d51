//! What the periods of rows are held against, and who is told.

use std::collections::BTreeSet;

use domain::access::Role;
use domain::import::Options;
use domain::money::Minor;
use domain::plan::{Give, Keep, NodeIndex, NodeRef, PeriodIndex, PlanCommand};
use domain::split::{CellBase, Compared, Insist, MOST_COMPARED_ROWS};
use operations::import::Origin;
use store::Database;

use crate::{Company, code, company, files};

/// A year before the plan's months: a 300 in January and 50 in March, b 200 in February, d 100 in January.
pub(crate) async fn sell(company: &Company) {
    let folder = tempfile::tempdir().unwrap();
    let deals = "opportunity_id,sales_agent,deal_stage,close_date,close_value\n\
                 1,a,Won,2017-01-10,300\n2,a,Won,2017-03-02,50\n3,b,Won,2017-02-10,200\n4,d,Won,2017-01-05,100\n\
                 5,c,Won,2017-06-01,900\n";
    let path = files::file(folder.path(), "deals.csv", deals);
    let wanted = files::wanted(&[path], Options::default(), Origin::CommandLine);
    let view = company
        .operations
        .import_now(&company.system, wanted)
        .await
        .unwrap();
    assert_eq!(view.counts.created, 5, "{view:?}");
}

fn bases(found: &Compared, node: NodeIndex) -> Vec<Option<i64>> {
    let (_, bases) = found.rows().find(|(row, _)| *row == node).unwrap();
    bases.iter().map(|base| base.map(|base| base.0)).collect()
}

#[tokio::test]
async fn periods_are_held_against_the_same_ones_a_year_before() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        sell(&company).await;
        let operations = &company.operations;
        let planner = company.planner();
        let version = company.plan(&planner).await.version;
        let open = operations.open_grid(&planner, version, None).await.unwrap();
        let find = |of| open.grid.shape().find(of).unwrap();
        let [north, first, ..] = company.units;
        let [a, b, c, ..] = company.people;
        let rows = [
            NodeIndex(0),
            find(NodeRef::Unit(north)),
            find(NodeRef::Member(a)),
            find(NodeRef::Member(b)),
            find(NodeRef::Member(c)),
        ];
        let told = operations
            .compared(&planner, version, CellBase::LastYear, &rows)
            .await
            .unwrap();
        assert_eq!(bases(&told, rows[0]), [Some(40_000), Some(20_000), Some(5_000)]);
        assert_eq!(bases(&told, rows[1]), [Some(30_000), Some(20_000), Some(5_000)]);
        assert_eq!(bases(&told, rows[2]), [Some(30_000), Some(0), Some(5_000)]);
        assert_eq!(bases(&told, rows[3]), [None, Some(20_000), Some(0)]);
        // What c did in June is no month of this plan: there is nothing to hold these months against.
        assert_eq!(bases(&told, rows[4]), [None, None, None]);
        // The bases of a row sum to what its total is held against.
        for row in rows {
            let sum: i64 = bases(&told, row).into_iter().flatten().sum();
            assert_eq!(open.history[row.0 as usize], Some(Minor(sum)));
        }

        // Who leads a team is told of the team and those in it; who is only there, nothing.
        let leader = company.user(Role::Manager, Some(company.leaders[0]), &[first], &[a, b]);
        let published = operations.publish(&planner, version).await;
        assert!(published.is_ok(), "{published:?}");
        for against in [CellBase::LastYear, CellBase::Record] {
            let told = operations
                .compared(&leader, version, against, &rows)
                .await
                .unwrap();
            let nodes: BTreeSet<NodeIndex> = told.rows().map(|(node, _)| node).collect();
            assert_eq!(nodes, BTreeSet::from([rows[2], rows[3]]));
        }
        let rep = operations
            .compared(&company.rep(a), version, CellBase::Record, &rows)
            .await;
        assert_eq!(code(rep), "not_found");
        let many = vec![NodeIndex(0); MOST_COMPARED_ROWS + 1];
        let refused = operations
            .compared(&planner, version, CellBase::LastYear, &many)
            .await;
        assert_eq!(code(refused), "too_many_rows");
    })
    .await;
}

#[tokio::test]
async fn periods_are_held_against_the_plan_of_record() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let planner = company.planner();
        let version = company.plan(&planner).await.version;
        let open = operations.open_grid(&planner, version, None).await.unwrap();
        let at = open
            .grid
            .shape()
            .find(NodeRef::Member(company.people[0]))
            .unwrap();
        let none = operations
            .compared(&planner, version, CellBase::Record, &[at])
            .await
            .unwrap();
        assert_eq!(bases(&none, at), [None, None, None], "nothing is on record");

        let set = |amount| PlanCommand::Set {
            node: at,
            period: Some(PeriodIndex(1)),
            amount: Minor(amount),
            keep: Keep::Column,
            give: Give::Siblings,
            reason: None,
        };
        let applied = operations
            .apply(&planner, version, 0, set(12_345), Insist::Ask)
            .await
            .unwrap();
        assert!(applied.is_done(), "{:?}", applied.refused);
        operations.publish(&planner, version).await.unwrap();
        let draft = operations
            .branch_version(&planner, version, None)
            .await
            .unwrap()
            .version;
        let applied = operations
            .apply(&planner, draft, 0, set(99_999), Insist::Ask)
            .await
            .unwrap();
        assert!(applied.is_done(), "{:?}", applied.refused);
        let record = operations.open_grid(&planner, version, None).await.unwrap();
        let rows: Vec<NodeIndex> = record.grid.shape().nodes().collect();
        let told = operations
            .compared(&planner, draft, CellBase::Record, &rows)
            .await
            .unwrap();
        assert_eq!(told.rows().count(), rows.len());
        assert_eq!(bases(&told, at)[1], Some(12_345), "not what the draft has now");
        // The three months of the whole are a million.
        let whole: i64 = bases(&told, NodeIndex(0)).into_iter().flatten().sum();
        assert_eq!(whole, 1_000_000);
        // Who joined since is not on record: that is not zero.
        let newcomer = kit::member("f");
        let writer = operations.database.writer().await.unwrap();
        store::member::insert(&writer, &company.system, std::slice::from_ref(&newcomer))
            .await
            .unwrap();
        let assigned = kit::assignment(newcomer.id, company.units[1]);
        store::assignment::insert(&writer, &company.system, &[assigned])
            .await
            .unwrap();
        writer.commit().await.unwrap();
        let other = company.plan(&planner).await.version;
        let open = operations.open_grid(&planner, other, None).await.unwrap();
        let find = |of| open.grid.shape().find(of).unwrap();
        let (new, old) = (
            find(NodeRef::Member(newcomer.id)),
            find(NodeRef::Member(company.people[0])),
        );
        let told = operations
            .compared(&planner, other, CellBase::Record, &[new, old])
            .await
            .unwrap();
        assert_eq!(bases(&told, new), [None, None, None]);
        assert_eq!(bases(&told, old)[1], Some(12_345));
    })
    .await;
}
