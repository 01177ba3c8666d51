//! What of a plan reaches nobody is told to whoever decides on it.

use domain::access::Role;
use operations::Scope;
use store::Database;

use crate::company;

#[tokio::test]
async fn a_branch_without_people_is_told_before_it_is_published_without_it() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let planner = company.planner();
        let west = kit::unit(company.root, "region", "West", None);
        let writer = database.writer().await.unwrap();
        store::unit::insert(&writer, &company.system, &[west])
            .await
            .unwrap();
        writer.commit().await.unwrap();
        let version = company.plan(&planner).await.version;
        let gaps = async |scope: &Scope| {
            let before = company.operations.before_publishing(scope, version, false).await;
            before.unwrap().gaps
        };
        let told = gaps(&planner).await;
        assert_eq!(
            (told.left_out.count, told.left_out.first),
            (1, vec!["West".to_owned()])
        );
        assert_eq!(told.nobodys, None, "somebody carries each number");
        // It is no matter of who leads another branch.
        let manager = Role::Manager;
        let (leader, teams) = (company.leaders[0], &company.units[1..2]);
        let leader = company.user(manager, Some(leader), teams, &company.people[..2]);
        assert_eq!(gaps(&leader).await.left_out.count, 0);
        // On record stands what was published.
        company.operations.publish(&planner, version).await.unwrap();
        assert_eq!(gaps(&planner).await.left_out.count, 0);
    })
    .await;
}
