//! What the periods of rows are held against, by the database.

use domain::access::Role;
use domain::id::{NodeId, UnitId, VersionId};
use domain::money::Minor;
use domain::target::NodeRef;
use store::Database;
use store::cell::RecordCell;
use store::version::{Basis, Node};
use uuid::Uuid;

use crate::{Opening, Planned, Q1, Q2, draft, of, put_cells, put_draft};

#[tokio::test]
async fn weights_are_summed_over_each_part_of_the_tree() {
    kit::on_each(async |database: Database| {
        let Opening {
            scope,
            root,
            people,
            planned,
        } = Opening::of(&database).await;
        // Two teams of one under the root.
        let team = || NodeRef::Unit(UnitId(Uuid::now_v7()));
        let rows = [
            (None, NodeRef::Unit(root)),
            (Some(0), team()),
            (Some(1), NodeRef::Member(people[0])),
            (Some(0), team()),
            (Some(3), NodeRef::Member(people[1])),
        ];
        let ids: Vec<NodeId> = rows.iter().map(|_| NodeId(Uuid::now_v7())).collect();
        let nodes: Vec<Node> = (0..)
            .zip(rows)
            .zip(&ids)
            .map(|((ordinal, (above, of)), id)| Node {
                id: *id,
                ordinal,
                parent: above.map(|above: usize| ids[above]),
                of,
                level: "team".to_owned(),
                name: format!("{ordinal}"),
                carrier: None,
            })
            .collect();
        let mut plan = planned.plan;
        plan.id = domain::id::PlanId(Uuid::now_v7());
        let tree = Planned {
            plan,
            version: VersionId(Uuid::now_v7()),
            nodes,
        };
        put_draft(&database, &scope, &tree).await;
        let weight = |place: usize, period: i32, weight: u64| Basis {
            basis: "year_before".to_owned(),
            node: ids[place],
            period,
            weight,
        };
        let writer = database.writer().await.unwrap();
        let weights = [weight(2, 0, 10), weight(2, 1, 20), weight(4, 1, 5)];
        store::version::put_bases(&writer, &scope, tree.version, &weights)
            .await
            .unwrap();
        writer.commit().await.unwrap();

        let reader = database.reader();
        let sums = async |tops: &[u32]| {
            let found = store::version::part_sums(&reader, &scope, tree.version, "year_before", tops);
            let mut found: Vec<(u32, i32, u64)> = found
                .await
                .unwrap()
                .into_iter()
                .map(|sum| (sum.top, sum.period, sum.weight))
                .collect();
            found.sort_unstable();
            found
        };
        assert_eq!(
            sums(&[0, 1, 2, 3, 4]).await,
            [
                (0, 0, 10),
                (0, 1, 25),
                (1, 0, 10),
                (1, 1, 20),
                (2, 0, 10),
                (2, 1, 20),
                (3, 1, 5),
                (4, 1, 5)
            ]
        );
        assert!(sums(&[]).await.is_empty());
        let rep = of(&scope, Role::Rep, people[0]);
        let refused = store::version::part_sums(&reader, &rep, tree.version, "year_before", &[0]).await;
        assert!(refused.is_err(), "weights tell of everybody");
    })
    .await;
}

#[tokio::test]
async fn rows_find_what_their_carriers_have_on_record() {
    kit::on_each(async |database: Database| {
        let Opening {
            scope,
            root,
            people,
            planned: first,
        } = Opening::of(&database).await;
        put_cells(&database, &scope, &first, 100).await;
        let second = draft(&database, &scope, root, people).await;
        let reader = database.reader();
        let found = async |scope: &store::Scope, version: VersionId, periods: &[domain::target::Span]| {
            let cells =
                store::cell::record_cells(&reader, scope, "bookings", periods, version, &[0, 1, 2, 9]);
            let mut cells = cells.await.unwrap();
            cells.sort_unstable_by_key(|cell| (cell.ordinal, cell.period));
            cells
        };
        let cell = |ordinal, period, amount| RecordCell {
            ordinal,
            period,
            amount: Minor(amount),
        };
        let both = [
            cell(0, 0, 100),
            cell(0, 1, 100),
            cell(1, 0, 200),
            cell(1, 1, 200),
            cell(2, 0, 300),
            cell(2, 1, 300),
        ];
        assert_eq!(found(&scope, second.version, &[Q1, Q2]).await, both);
        assert_eq!(
            found(&scope, second.version, &[Q2]).await,
            [cell(0, 0, 100), cell(1, 0, 200), cell(2, 0, 300)]
        );
        assert!(found(&scope, second.version, &[]).await.is_empty());
        // Who sees only the own number finds no other.
        let rep = of(&scope, Role::Rep, people[0]);
        assert_eq!(
            found(&rep, second.version, &[Q1, Q2]).await,
            [cell(1, 0, 200), cell(1, 1, 200)]
        );
        // Below another unit somebody carries another number.
        let elsewhere = draft(&database, &scope, UnitId(Uuid::now_v7()), people).await;
        assert!(found(&scope, elsewhere.version, &[Q1, Q2]).await.is_empty());
    })
    .await;
}
