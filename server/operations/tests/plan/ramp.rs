//! The ramp that an organization chooses for its beginners.

use domain::basis::Ramp;
use domain::plan::{FactorKind, NodeIndex, NodeRef};
use domain::split::Insist;
use store::Database;

use crate::factors::{EQUALLY, asked, hire, months, open};
use crate::{code, company};

#[tokio::test]
async fn a_ramp_that_is_chosen_counts_in_the_next_split_and_not_in_the_last() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let planner = company.planner();
        let new = hire(&company).await;
        let version = company.plan(&planner).await.version;
        let first = open(&company, &planner, version).await;
        let find = |of| first.grid.shape().find(of).unwrap();
        let (c, f) = (
            find(NodeRef::Member(company.people[2])),
            find(NodeRef::Member(new)),
        );
        let of_new = async || {
            let counted = operations.split_counted(&planner, version).await.unwrap();
            let mut factors = counted.factors.into_iter();
            factors
                .find(|factor| factor.kind == FactorKind::Ramp)
                .map(|factor| factor.ppm)
        };
        assert_eq!(operations.ramp(&planner).await.unwrap(), Ramp::default());
        assert_eq!(of_new().await, Some(vec![1_000_000, 0, 250_000]));

        // What is no ramp changes nothing, nor does who does not plan.
        for wrong in [vec![], vec![500_000], vec![500_000, 250_000, 1_000_000]] {
            assert_eq!(code(operations.set_ramp(&planner, wrong).await), "bad_ramp");
        }
        let rep = company.rep(company.people[0]);
        assert_eq!(
            code(operations.set_ramp(&rep, vec![1_000_000]).await),
            "not_found"
        );
        assert_eq!(of_new().await, Some(vec![1_000_000, 0, 250_000]));

        let half = vec![500_000, 1_000_000];
        operations.set_ramp(&planner, half.clone()).await.unwrap();
        assert_eq!(operations.ramp(&planner).await.unwrap().steps_ppm, half);
        assert_eq!(of_new().await, Some(vec![1_000_000, 500_000, 1_000_000]));
        let unchanged = open(&company, &planner, version).await;
        assert_eq!(
            months(&unchanged, f),
            months(&first, f),
            "what was split before stays"
        );

        let both = [FactorKind::Assignment, FactorKind::Ramp];
        operations
            .apply(
                &planner,
                version,
                2,
                asked(NodeIndex(0), &EQUALLY, &both, Vec::new()),
                Insist::Ask,
            )
            .await
            .unwrap();
        let after = open(&company, &planner, version).await;
        let (one, other) = (months(&after, c), months(&after, f));
        assert_eq!(other[0], 0);
        assert!((one[1] - 2 * other[1]).abs() <= 3, "{one:?} {other:?}");
        assert!((one[2] - other[2]).abs() <= 1, "{one:?} {other:?}");

        // A shorter one leaves no step of the longer one behind.
        operations.set_ramp(&planner, vec![1_000_000]).await.unwrap();
        assert_eq!(of_new().await, None, "nobody is a beginner any more");
    })
    .await;
}
