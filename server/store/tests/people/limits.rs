//! Limits of fairness.

use domain::fairness::{Limit, Limits, Measure};
use store::Database;

#[tokio::test]
async fn limits_are_the_usual_ones_until_somebody_chooses() {
    kit::on_each(async |database: Database| {
        let (scope, _) = kit::organization(&database).await;
        let known = async || store::fairness::limits(&database.reader(), &scope).await.unwrap();
        assert_eq!(known().await, Limits::default());
        let gini = |warn_ppm, block_ppm| Limit {
            measure: Measure::Gini,
            warn_ppm,
            block_ppm,
        };
        for chosen in [
            gini(Some(80_000), Some(150_000)),
            gini(None, Some(1)),
            gini(None, None),
        ] {
            let limits = Limits::with(&[chosen]);
            let writer = database.writer().await.unwrap();
            store::fairness::set_limits(&writer, &scope, &limits)
                .await
                .unwrap();
            writer.commit().await.unwrap();
            assert_eq!(known().await, limits);
        }
    })
    .await;
}
