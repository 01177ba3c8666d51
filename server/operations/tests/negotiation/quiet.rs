//! Where nothing is left to agree on, nobody is reminded.

use domain::id::{MemberId, NegotiationId, VersionId};
use domain::negotiation::{Side, Status};
use domain::notice::Notice;
use operations::{Operations, Scope};
use store::Database;

use crate::{Company, company, day};

fn at(company: &Company, date: &str) -> Operations {
    let mut operations = company.operations.clone();
    operations.today = Some(day(date));
    operations
}

/// The day before the deadline of what begins on the company's day.
const REMINDED: &str = "2017-12-26";

/// Lets somebody be gone from a day on.
async fn leaves(database: &Database, system: &Scope, id: MemberId, on: &str) {
    let writer = database.writer().await.unwrap();
    let mut member = store::member::get(&writer, system, id).await.unwrap();
    member.left_on = Some(day(on));
    store::member::update(&writer, system, &member).await.unwrap();
    writer.commit().await.unwrap();
}

async fn begun(company: &Company) -> (NegotiationId, VersionId) {
    let version = company.published().await;
    let (row, number) = company.number(version, company.people[0]).await;
    let begun = company.propose(&company.reps[0], version, row, number - 1_000);
    (begun.await.unwrap(), version)
}

#[tokio::test]
async fn nobody_is_reminded_of_a_version_that_gave_way() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (id, version) = begun(&company).await;
        let before = company.told(&company.leader).await.len();
        let next = company
            .operations
            .branch_version(&company.planner, version, None)
            .await
            .unwrap()
            .version;
        company.operations.publish(&company.planner, next).await.unwrap();
        let watched = at(&company, REMINDED);
        assert!(watched.watch_negotiation(&company.system, id).await.unwrap());
        assert!(!watched.watch_negotiation(&company.system, id).await.unwrap());
        assert_eq!(company.told(&company.leader).await.len(), before);
        assert!(company.told(&company.reps[0]).await.is_empty());
        let own = company
            .operations
            .own_negotiations(&company.reps[0])
            .await
            .unwrap();
        assert_eq!(own[0].standing.status, Status::Expired);
    })
    .await;
}

#[tokio::test]
async fn nobody_is_reminded_of_the_number_of_somebody_who_left() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (id, _) = begun(&company).await;
        leaves(&database, &company.system, company.people[0], "2017-12-25").await;
        let before = company.told(&company.leader).await.len();
        let watched = at(&company, REMINDED);
        assert!(watched.watch_negotiation(&company.system, id).await.unwrap());
        assert_eq!(company.told(&company.leader).await.len(), before);
    })
    .await;
}

#[tokio::test]
async fn who_leads_above_is_asked_in_the_place_of_a_leader_who_left() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (id, _) = begun(&company).await;
        let leader = company.leader.member.unwrap();
        let before = company.told(&company.leader).await.len();
        leaves(&database, &company.system, leader, "2017-12-25").await;
        let watched = at(&company, REMINDED);
        assert!(watched.watch_negotiation(&company.system, id).await.unwrap());
        assert_eq!(company.told(&company.leader).await.len(), before);
        assert!(matches!(
            company.told(&company.chief).await[..],
            [Notice::NegotiationDue { side: Side::Plan, .. }]
        ));
        // With nobody left above, whoever plans is told how it ended.
        let chief = company.chief.member.unwrap();
        leaves(&database, &company.system, chief, "2017-12-27").await;
        let over = at(&company, "2017-12-28");
        assert!(over.watch_negotiation(&company.system, id).await.unwrap());
        for told in [&company.planner, &company.reps[0]] {
            assert!(matches!(
                company.told(told).await[..],
                [Notice::NegotiationExpired { .. }]
            ));
        }
    })
    .await;
}
