//! The numbers of who leads a unit.

use domain::access::Role;
use domain::calendar::PeriodKind;
use domain::id::VersionId;
use domain::plan::NodeRef;
use domain::target::{Answer, Confirmation};
use store::Database;

use crate::company;

#[tokio::test]
async fn who_is_alone_in_the_unit_they_lead_carries_its_number() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let made = company.published().await;
        let open = company
            .operations
            .open_grid(&company.system, made.version, None)
            .await
            .unwrap();
        open.grid.check().unwrap();
        let shape = open.grid.shape();
        let amount = |of| open.grid.amount(shape.find(of).unwrap(), None).0;
        let [first, second] = company.teams.map(NodeRef::Unit);
        // Three carry the company's number in equal parts: nothing of it went to the other team.
        assert!((amount(second) - 333_333).abs() <= 3, "{}", amount(second));
        assert_eq!(amount(first) + amount(second), 1_000_000);
        assert_eq!(amount(NodeRef::Member(company.leaders[1])), amount(second));
        assert!(
            shape.find(NodeRef::Member(company.leaders[0])).is_none(),
            "who leads others is no leaf"
        );
        let mine = company.mine(company.leaders[1]).await;
        let carried: Vec<_> = mine.iter().map(|target| (target.of, target.total.0)).collect();
        assert_eq!(carried.len(), 2, "the unit's number and the own");
        assert!(carried.iter().all(|(_, total)| *total == amount(second)));
    })
    .await;
}

#[tokio::test]
async fn a_leader_with_an_own_number_keeps_one_in_the_next_plan() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        company.published().await;
        let [_, leader] = company.leaders;
        // A newcomer joins the team of the one who was alone.
        let newcomer = kit::member("new");
        let writer = database.writer().await.unwrap();
        store::member::insert(&writer, &company.system, std::slice::from_ref(&newcomer))
            .await
            .unwrap();
        let home = kit::assignment(newcomer.id, company.teams[1]);
        store::assignment::insert(&writer, &company.system, &[home])
            .await
            .unwrap();
        writer.commit().await.unwrap();
        let made = company.plan("2018-04-01", "2018-07-01", PeriodKind::Month).await;
        let open = company
            .operations
            .open_grid(&company.system, made.version, None)
            .await
            .unwrap();
        let shape = open.grid.shape();
        for member in [leader, newcomer.id, company.people[0]] {
            let node = shape.find(NodeRef::Member(member)).unwrap();
            assert!((open.grid.amount(node, None).0 - 250_000).abs() <= 3);
        }
        open.grid.check().unwrap();
    })
    .await;
}

#[tokio::test]
async fn who_leads_a_unit_by_now_carries_its_number_in_what_is_published_next() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let made = company.published().await;
        let ([leader, _], [_, b]) = (company.leaders, company.people);
        let mine = company.mine(b).await.remove(0);
        operations
            .acknowledge(
                &company.rep(b),
                made.version,
                mine.node,
                &mine.hash,
                Answer::Confirmed,
                None,
            )
            .await
            .unwrap();
        // One draft is made before somebody else leads the team, one after.
        let early = operations
            .branch_version(&company.system, made.version, None)
            .await
            .unwrap()
            .version;
        let next = kit::member("next");
        let writer = database.writer().await.unwrap();
        store::member::insert(&writer, &company.system, std::slice::from_ref(&next))
            .await
            .unwrap();
        let mut team = store::unit::get(&writer, &company.system, company.teams[0])
            .await
            .unwrap();
        team.manager = Some(next.id);
        store::unit::update(&writer, &company.system, &team)
            .await
            .unwrap();
        writer.commit().await.unwrap();
        let late = operations
            .branch_version(&company.system, made.version, None)
            .await
            .unwrap()
            .version;
        let leads = async |version: VersionId| {
            let nodes = store::version::nodes(&database.reader(), &company.system, version).await;
            let of = NodeRef::Unit(company.teams[0]);
            let node = nodes.unwrap().into_iter().find(|node| node.of == of);
            node.unwrap().carrier
        };
        assert_eq!(leads(late).await, Some(next.id));
        // What is on record stays as it was published.
        assert_eq!(leads(made.version).await, Some(leader));
        assert!(company.mine(next.id).await.is_empty());
        let planner = company.user(Role::Planner, None);
        let others = async |version: VersionId| {
            let before = operations.before_publishing(&planner, version, false).await;
            before.unwrap().gaps.other_leaders.first
        };
        assert_eq!(others(made.version).await, ["T1"], "whoever plans is told");

        for version in [early, late] {
            operations.publish(&company.system, version).await.unwrap();
            assert!(company.mine(leader).await.is_empty());
            assert!(others(version).await.is_empty());
            let theirs = company.mine(next.id).await;
            assert_eq!(theirs.len(), 1);
            assert_eq!(theirs[0].of, NodeRef::Unit(company.teams[0]));
            assert_eq!(theirs[0].confirmation, Confirmation::Open, "they are asked");
            let same = company.mine(b).await.remove(0);
            assert!(matches!(same.confirmation, Confirmation::Confirmed { .. }));
        }
        assert_eq!(leads(made.version).await, Some(leader));
    })
    .await;
}
