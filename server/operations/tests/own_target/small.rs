//! In a small company nobody is compared.

use store::Database;

use crate::company;

#[tokio::test]
async fn two_people_are_not_compared() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let made = company.published().await;
        let rep = company.rep(company.people[0]);
        let mine = company.mine(company.people[0]).await.remove(0);
        let why = company
            .operations
            .why_own(&rep, made.version, mine.node, None)
            .await
            .unwrap();
        assert_eq!(why.peers, None);
        assert!(!why.formula.is_empty());
    })
    .await;
}
