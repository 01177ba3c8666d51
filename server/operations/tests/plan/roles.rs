//! What each role sees and does.

use domain::access::Role;
use domain::id::NodeId;
use domain::money::Minor;
use domain::plan::{NodeIndex, NodeRef, PlanCommand};
use domain::split::Insist;
use operations::Scope;
use store::Database;

use crate::{code, company, set};

#[tokio::test]
async fn each_role_sees_and_does_its_part() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let planner = company.planner();
        let made = company.plan(&planner).await;
        let [north, first, second, _] = company.units;
        let people = &company.people;
        let leader = company.user(
            Role::Manager,
            Some(company.leaders[0]),
            &[first],
            &[people[0], people[1], company.leaders[0]],
        );
        let regional = company.user(Role::Manager, None, &[north, first, second], &people[..3]);
        let rep = company.rep(people[0]);
        let viewer = company.user(Role::Viewer, None, &[], &[]);

        // A leader opens the own part, reads it and changes nothing.
        let open = operations.open_grid(&leader, made.version, None).await.unwrap();
        let whole = operations.open_grid(&planner, made.version, None).await.unwrap();
        assert_eq!(
            (open.grid.shape().len(), open.offset, open.roots.len()),
            (3, 2, 1)
        );
        assert_eq!(
            open.grid.amount(NodeIndex(0), None),
            whole.grid.amount(NodeIndex(2), None)
        );
        assert_eq!(open.start.len(), 3);
        assert!(!open.may_edit && open.bases.is_empty());
        // What rows are called is told to whom the grid is opened, and of nothing beside it.
        let names = operations
            .row_names(&leader, made.version, open.offset, &[0, 1])
            .await
            .unwrap();
        let shape = open.grid.shape();
        let shown: Vec<&str> = shape.nodes().map(|node| shape.name(node)).collect();
        assert_eq!(names[0], shown);
        assert!(names[1].is_empty(), "a page behind the last row");
        let all = operations
            .row_names(&planner, made.version, 0, &[0])
            .await
            .unwrap();
        assert_eq!(all[0].len(), whole.grid.shape().len());
        for top in [0, 1, 5, u32::MAX] {
            assert_eq!(
                code(operations.row_names(&leader, made.version, top, &[0]).await),
                "not_found"
            );
        }
        for nobody in [&rep, &viewer] {
            assert!(operations.row_names(nobody, made.version, 0, &[0]).await.is_err());
        }
        assert_eq!(
            code(operations.row_names(&planner, made.version, 0, &[0; 65]).await),
            "too_many_pages"
        );
        let regional = operations.open_grid(&regional, made.version, None).await.unwrap();
        assert_eq!((regional.grid.shape().len(), regional.offset), (6, 1));
        let root = store::version::nodes(&database.reader(), &company.system, made.version)
            .await
            .unwrap()[0]
            .id;
        assert_eq!(
            code(operations.open_grid(&leader, made.version, Some(root)).await),
            "not_found"
        );
        // Who leads two units opens the one they choose, and the first where it is none of theirs.
        let both = company.user(Role::Manager, None, &[first, second], &people[..3]);
        let opened = async |scope: &Scope, part: Option<NodeId>| {
            let open = operations.open_work(scope, Some(made.version), part).await;
            open.unwrap().unwrap()
        };
        let one = opened(&both, None).await;
        assert_eq!((one.offset, one.grid.shape().len(), one.roots.len()), (2, 3, 2));
        let chosen = Some(one.roots[1].node);
        let other = opened(&both, chosen).await;
        assert_eq!((other.offset, other.grid.shape().len()), (5, 2));
        assert_eq!(
            other.grid.amount(NodeIndex(0), None),
            whole.grid.amount(NodeIndex(5), None)
        );
        assert_eq!(opened(&both, Some(root)).await.offset, 2);
        assert_eq!(
            opened(&planner, chosen).await.offset,
            0,
            "changes name rows of the whole"
        );
        for scope in [&leader, &rep, &viewer] {
            assert_eq!(
                code(
                    operations
                        .apply(scope, made.version, 2, set(3, 1), Insist::Ask)
                        .await
                ),
                "not_found"
            );
            assert_eq!(
                code(operations.undo(scope, made.version, 2, Insist::Ask).await),
                "not_found"
            );
            assert_eq!(
                code(operations.changes_since(scope, made.version, 0).await),
                "not_found"
            );
            assert_eq!(code(operations.publish(scope, made.version).await), "not_found");
            assert_eq!(code(operations.verify(scope, made.version).await), "not_found");
            assert_eq!(
                code(operations.branch_version(scope, made.version, None).await),
                "not_found"
            );
        }
        for scope in [&rep, &viewer] {
            assert_eq!(
                code(operations.open_grid(scope, made.version, None).await),
                "not_found"
            );
            assert_eq!(
                code(operations.unconfirmed(scope, made.version).await),
                "not_found"
            );
            assert!(operations.plans(scope).await.unwrap().is_empty());
        }

        // A planner who sells changes everybody's number but the own.
        let seller = company.user(Role::Planner, Some(people[0]), &[], &[]);
        let open = operations.open_grid(&seller, made.version, None).await.unwrap();
        assert_eq!(open.own, [NodeIndex(3)]);
        let own = operations
            .apply(&seller, made.version, 2, set(3, 1), Insist::Ask)
            .await;
        assert_eq!(code(own), "own_quota");
        let from = PlanCommand::Move {
            from: NodeIndex(3),
            to: NodeIndex(9),
            period: None,
            amount: Minor(5),
            reason: None,
        };
        assert_eq!(
            code(
                operations
                    .apply(&seller, made.version, 2, from, Insist::Ask)
                    .await
            ),
            "own_quota"
        );
        assert!(
            operations
                .apply(&seller, made.version, 2, set(9, 5), Insist::Ask)
                .await
                .unwrap()
                .is_done()
        );

        operations.publish(&planner, made.version).await.unwrap();
        let waiting = operations.unconfirmed(&leader, made.version).await.unwrap();
        let names: Vec<&str> = waiting.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["N1", "a", "b"]);
        assert_eq!(waiting[0].carrier_name, "lead 1");
        assert_eq!(
            operations
                .unconfirmed(&planner, made.version)
                .await
                .unwrap()
                .len(),
            7
        );
        let mine = operations.my_targets(&leader).await.unwrap();
        assert_eq!((mine.len(), mine[0].of), (1, NodeRef::Unit(first)));
        assert!(operations.my_targets(&viewer).await.unwrap().is_empty());
    })
    .await;
}
