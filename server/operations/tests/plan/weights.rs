//! Which weights are shown beside the grid.

use domain::plan::{Basis, NodeIndex};
use domain::split::Insist;
use store::Database;

use crate::{company, set};

#[tokio::test]
async fn the_panel_shows_the_weights_in_force() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let planner = company.planner();
        company.sell().await;
        let made = company.plan(&planner).await;
        let shares = async |version| {
            let open = operations.open_grid(&planner, version, None).await.unwrap();
            let mut shares: Vec<(Basis, u32)> = open
                .bases
                .iter()
                .map(|basis| (basis.basis, basis.share_ppm))
                .collect();
            shares.sort_by_key(|(_, share)| *share);
            (open.head, shares)
        };
        let by = |history_ppm| {
            [
                (Basis::History, history_ppm),
                (Basis::Equal, 1_000_000 - history_ppm),
            ]
        };
        let split = async |version, history_ppm| {
            let (head, _) = shares(version).await;
            let shares = by(history_ppm);
            let done = operations.split(&planner, version, head, NodeIndex(0), &shares);
            assert_eq!(done.await.unwrap().head, head + 1);
        };
        let first = shares(made.version).await.1;
        assert_eq!(first, [(Basis::Equal, 200_000), (Basis::History, 800_000)]);
        split(made.version, 300_000).await;
        let used = by(300_000);
        assert_eq!(shares(made.version).await.1, used);
        // What was taken back is not in force.
        let (head, _) = shares(made.version).await;
        split(made.version, 400_000).await;
        let undone = operations
            .undo(&planner, made.version, head + 1, Insist::Ask)
            .await
            .unwrap();
        assert_eq!(shares(made.version).await.1, used);
        // An open grid hears of it.
        let told = |of| {
            undone
                .shares
                .iter()
                .flatten()
                .find(|(basis, _)| *basis == of)
                .copied()
        };
        assert_eq!(
            [told(Basis::History), told(Basis::Equal)].map(Option::unwrap),
            used
        );
        // Nor does publishing forget, nor a new version, nor a long log.
        operations.publish(&planner, made.version).await.unwrap();
        assert_eq!(shares(made.version).await.1, used);
        let next = operations
            .branch_version(&planner, made.version, None)
            .await
            .unwrap();
        assert_eq!(shares(next.version).await.1, used);
        split(next.version, 200_000).await;
        for amount in 0..510 {
            let (version, command) = (next.version, set(3, 150_000 + amount));
            operations
                .apply(&planner, version, amount as u64 + 1, command, Insist::Ask)
                .await
                .unwrap();
        }
        assert_eq!(shares(next.version).await, (511, by(200_000).to_vec()));
        assert_eq!(shares(made.version).await.1, used);
    })
    .await;
}
