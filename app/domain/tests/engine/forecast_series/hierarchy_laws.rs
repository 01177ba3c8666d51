use domain::forecast::hierarchy::{Method, Node, Sign, reconcile};
use domain::statistics::Random;
use proptest::prelude::*;

use super::hierarchy::{METHODS, means, near, node};

/// A tree with forecasts and residuals.
fn any_tree() -> impl Strategy<Value = Vec<Node>> {
    let one = (
        any::<prop::sample::Index>(),
        prop_oneof![-1e6..1e6_f64, Just(0.0), Just(1e90)],
        0_u64..9,
    );
    prop::collection::vec(one, 1..25).prop_map(|ones| {
        ones.iter()
            .enumerate()
            .map(|(place, (parent, mean, seed))| {
                let mut random = Random::new(*seed);
                // Some never err, some err alike.
                let size = if *seed == 0 { 0.0 } else { 1.0 };
                let residuals: Vec<f64> = (0..6).map(|_| size * random.normal()).collect();
                let parent = (place > 0).then(|| parent.index(place));
                node(parent, &[*mean, mean / 3.0], &residuals)
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn parts_sum_to_their_whole_whatever_the_method(nodes in any_tree()) {
        for method in METHODS {
            for sign in [Sign::Free, Sign::NonNegative] {
                let found = reconcile(&nodes, method, sign).unwrap();
                for step in 0..2 {
                    let mut sums = vec![0.0; nodes.len()];
                    let mut sizes = vec![0.0_f64; nodes.len()];
                    for (node, forecast) in nodes.iter().zip(&found.forecasts) {
                        let mean = forecast.mean[step];
                        prop_assert!(mean.is_finite());
                        prop_assert!(sign == Sign::Free || mean >= 0.0);
                        let interval = forecast.bands[0].steps[step];
                        prop_assert!(interval.low <= interval.high);
                        if let Some(parent) = node.parent {
                            sums[parent] += mean;
                            sizes[parent] += mean.abs();
                        }
                    }
                    for ((forecast, sum), size) in found.forecasts.iter().zip(sums).zip(sizes) {
                        if size > 0.0 {
                            prop_assert!((forecast.mean[step] - sum).abs() <= 1e-12 * size, "{method:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_adds_up_stays(nodes in any_tree(), method in prop::sample::select(METHODS.to_vec())) {
        // Bottom-up makes something coherent; every method must leave that as it is.
        let coherent = reconcile(&nodes, Method::BottomUp, Sign::Free).unwrap();
        let nodes: Vec<Node> = nodes.iter().zip(&coherent.forecasts).map(|(node, forecast)| Node {
            forecast: forecast.clone(),
            ..node.clone()
        }).collect();
        let found = reconcile(&nodes, method, Sign::Free).unwrap();
        let largest = nodes.iter().map(|node| node.forecast.mean[0].abs()).fold(1.0, f64::max);
        for (before, after) in nodes.iter().zip(&found.forecasts) {
            prop_assert!((before.forecast.mean[0] - after.mean[0]).abs() <= 1e-9 * largest, "{method:?}");
        }
    }

    #[test]
    fn the_tree_and_the_full_covariance_agree_without_correlation(seed in 0_u64..500) {
        // With residuals that are exactly uncorrelated minimum trace is weighting by variance.
        let parents = [None, Some(0), Some(0), Some(1), Some(1), Some(2), Some(2)];
        let mut random = Random::new(seed);
        let nodes: Vec<Node> = parents.iter().enumerate().map(|(place, parent)| {
            // Rows of a Hadamard matrix of order 8.
            let scale = 1.0 + 9.0 * random.unit();
            let residuals: Vec<f64> = (0..8_usize).map(|period| {
                if (period & (place + 1)).count_ones() % 2 == 0 { scale } else { -scale }
            }).collect();
            node(*parent, &[100.0 * random.normal()], &residuals)
        }).collect();
        let by = |method, sign| means(&reconcile(&nodes, method, sign).unwrap());
        near(&by(Method::Variance, Sign::Free), &by(Method::MinimumTrace, Sign::Free));
        near(&by(Method::Variance, Sign::NonNegative), &by(Method::MinimumTrace, Sign::NonNegative));
    }
}
