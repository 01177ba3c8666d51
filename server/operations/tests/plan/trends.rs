//! What rows brought before their plan, and who is told.

use domain::access::Role;
use domain::import::Options;
use domain::money::Minor;
use domain::plan::{NodeIndex, NodeRef};
use domain::split::MOST_TREND_ROWS;
use operations::import::Origin;
use store::Database;

use crate::{Company, code, company, day, files};

/// Two whole quarters: a 150 and b 200 in the third, c 300 and d 400 in the fourth.
async fn sell(company: &Company) {
    let folder = tempfile::tempdir().unwrap();
    let deals = "opportunity_id,sales_agent,deal_stage,close_date,close_value\n\
                 1,a,Won,2017-07-03,100\n2,a,Won,2017-09-28,50\n3,b,Won,2017-08-02,200\n\
                 4,c,Won,2017-10-02,300\n5,d,Won,2017-12-29,400\n";
    let path = files::file(folder.path(), "deals.csv", deals);
    let wanted = files::wanted(&[path], Options::default(), Origin::CommandLine);
    let view = company
        .operations
        .import_now(&company.system, wanted)
        .await
        .unwrap();
    assert_eq!(view.counts.created, 5, "{view:?}");
}

#[tokio::test]
async fn rows_in_sight_are_told_what_they_brought_before() {
    kit::on_each(async |database: Database| {
        let mut company = company(&database).await;
        company.operations.today = Some(day("2018-01-10"));
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
            find(NodeRef::Member(c)),
        ];
        let before = operations.trends(&planner, version, &rows).await.unwrap();
        assert!(
            before.quarters.is_empty() && before.rows.is_empty(),
            "no facts yet"
        );

        sell(&company).await;
        let told = operations.trends(&planner, version, &rows).await.unwrap();
        let quarters: Vec<&str> = told
            .quarters
            .iter()
            .map(|quarter| quarter.name.as_str())
            .collect();
        assert_eq!(quarters, ["2017-Q3", "2017-Q4"]);
        let of = |node: NodeIndex| -> Vec<i64> {
            let row = told.rows.iter().find(|row| row.node == node).unwrap();
            row.amounts.iter().map(|Minor(amount)| *amount).collect()
        };
        assert_eq!(of(rows[0]), [35_000, 70_000]);
        assert_eq!(of(rows[1]), [35_000, 30_000], "with the teams below");
        assert_eq!(of(rows[2]), [15_000, 0]);
        assert_eq!(of(rows[3]), [30_000], "nothing is known before the first deal");

        // Who leads a team is told of the team and nothing above it; who is only there, nothing.
        let leader = company.user(Role::Manager, Some(company.leaders[0]), &[first], &[a, b]);
        let told = operations.trends(&leader, version, &rows).await.unwrap();
        let nodes: Vec<NodeIndex> = told.rows.iter().map(|row| row.node).collect();
        assert_eq!(nodes, [rows[2]]);
        let rep = operations.trends(&company.rep(a), version, &rows).await;
        assert_eq!(code(rep), "not_found");

        let many = vec![NodeIndex(0); MOST_TREND_ROWS + 1];
        let refused = operations.trends(&planner, version, &many).await;
        assert_eq!(code(refused), "too_many_rows");
        let none = operations
            .trends(&planner, version, &[NodeIndex(u32::MAX)])
            .await
            .unwrap();
        assert!(none.rows.is_empty());
    })
    .await;
}
