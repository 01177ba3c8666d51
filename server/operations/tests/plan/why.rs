//! How a number compares with those of its peers, what another weight would give, and who may ask.

use domain::explain::what_if::Growth;
use domain::plan::{Basis, NodeIndex, NodeRef, PeriodIndex};
use store::Database;

use crate::{code, company};

fn growth(basis: Basis, change_pct: i32) -> Growth {
    Growth { basis, change_pct }
}

#[tokio::test]
async fn a_number_is_compared_and_tried_out() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let planner = company.planner();
        company.sell().await;
        let made = company.plan(&planner).await;
        let version = made.version;
        let open = operations.open_grid(&planner, version, None).await.unwrap();
        let find = |of| open.grid.shape().find(of).unwrap();
        let a = find(NodeRef::Member(company.people[0]));
        let why = operations.why(&planner, version, a, None).await.unwrap();
        let shares: Vec<_> = why
            .formula
            .iter()
            .map(|share| (share.basis, share.share_ppm))
            .collect();
        assert_eq!(shares, [(Basis::History, 800_000), (Basis::Equal, 200_000)]);
        let peers = why.peers.unwrap();
        assert!(peers.members);
        assert_eq!(peers.amount.others, 4, "five people in all");
        assert_eq!(peers.growth, None, "nobody did anything a year before");
        assert_eq!(peers.stretch, None, "three have a record");
        let north = find(NodeRef::Unit(company.units[0]));
        let of_unit = operations.why(&planner, version, north, None).await.unwrap();
        assert_eq!(of_unit.peers, None, "two regions");

        let history = |change| growth(Basis::History, change);
        let tried = async |node: NodeIndex, period: Option<PeriodIndex>, growth: Growth| {
            let found = operations.what_if(&planner, version, node, period, growth).await;
            found.map(|found| found.tried)
        };
        let same = tried(a, None, history(0)).await.unwrap();
        assert_eq!((same.before, same.after), (why.explanation.amount, same.before));
        let more = tried(a, None, history(20)).await.unwrap();
        assert!(more.after > more.before && more.counts);
        assert_eq!(more.others, 1, "the other one of the team");
        let by_period = async |period| {
            let found = tried(a, Some(PeriodIndex(period)), history(20)).await.unwrap();
            (found.before.0, found.after.0)
        };
        let mut sums = (0, 0);
        for period in 0..3 {
            let (before, after) = by_period(period).await;
            sums = (sums.0 + before, sums.1 + after);
        }
        assert_eq!(sums, (more.before.0, more.after.0));
        assert_eq!(code(tried(a, None, history(401)).await), "change_out_of_range");
        let pipeline = growth(Basis::Pipeline, 20);
        assert_eq!(code(tried(a, None, pipeline).await), "basis_not_counted");
        assert_eq!(code(tried(NodeIndex(0), None, history(20)).await), "not_split");
        assert_eq!(code(tried(NodeIndex(99), None, history(20)).await), "not_found");

        // Open deals are no basis here: the number stays, and the chance is what can be said.
        let grown = async |node: NodeIndex, period: Option<PeriodIndex>, change| {
            operations
                .grown_pipeline(&planner, version, node, period, change)
                .await
        };
        let pipeline = grown(a, None, 20).await.unwrap();
        assert_eq!((pipeline.split, pipeline.number), (None, why.explanation.amount));
        assert_eq!((pipeline.open.0, pipeline.grown.0), (0, 0), "nothing is open");
        if let Some(reach) = pipeline.reach {
            assert_eq!((reach.kept, reach.asked), (reach.now, None));
        }
        assert_eq!(grown(a, Some(PeriodIndex(0)), 20).await.unwrap().reach, None);
        assert_eq!(code(grown(a, None, 401).await), "change_out_of_range");
        assert_eq!(code(grown(NodeIndex(99), None, 20).await), "not_found");

        // Who carries the number asks the same of it, and nobody else.
        operations.publish(&planner, version).await.unwrap();
        let rep = company.rep(company.people[0]);
        let mine = operations.my_targets(&rep).await.unwrap().remove(0);
        let own = operations.why_own(&rep, version, mine.node, None).await.unwrap();
        assert_eq!(own.peers, Some(peers));
        assert_eq!(own.formula, why.formula);
        let mut sum = 0;
        for held in &mine.periods {
            let from = Some(held.period.start);
            let why = operations.why_own(&rep, version, mine.node, from).await.unwrap();
            assert_eq!(why.explanation.amount, held.amount);
            assert_eq!(why.period.as_ref(), Some(&held.period));
            sum += why
                .explanation
                .steps
                .iter()
                .map(|step| step.amount.0)
                .sum::<i64>();
        }
        assert_eq!(sum, mine.total.0);
        let own = operations
            .what_if_own(&rep, version, mine.node, None, history(20))
            .await
            .unwrap();
        assert_eq!(own.tried, more);
        let deals = operations
            .grown_pipeline_own(&rep, version, mine.node, None, 20)
            .await
            .unwrap();
        assert_eq!(deals.number, mine.total);
        let other = company.rep(company.people[1]);
        let foreign = operations
            .grown_pipeline_own(&other, version, mine.node, None, 20)
            .await;
        assert_eq!(code(foreign), "not_found");
        let foreign = operations
            .what_if_own(&other, version, mine.node, None, history(20))
            .await;
        assert_eq!(code(foreign), "not_found");
        let foreign = operations.why_own(&other, version, mine.node, None).await;
        assert_eq!(code(foreign), "not_found");
        let everything = operations.what_if(&rep, version, a, None, history(20)).await;
        assert_eq!(code(everything), "not_found");
        let never = Some(crate::day("2019-01-01"));
        let nothing = operations.why_own(&rep, version, mine.node, never).await;
        assert_eq!(code(nothing), "not_found");
    })
    .await;
}
