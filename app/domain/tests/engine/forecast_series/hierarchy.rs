use domain::forecast::hierarchy::{HierarchyError, MAX_DENSE, Method, Node, Reconciled, Sign, reconcile};
use domain::forecast::{Band, Forecast};
use domain::statistics::{Interval, Random};

pub(super) const METHODS: [Method; 5] = [
    Method::BottomUp,
    Method::LeastSquares,
    Method::Structural,
    Method::Variance,
    Method::MinimumTrace,
];

/// A node with means, an interval of 10 either way, and residuals.
pub(super) fn node(parent: Option<usize>, mean: &[f64], residuals: &[f64]) -> Node {
    let steps = mean.iter().map(|mean| Interval {
        low: mean - 10.0,
        high: mean + 10.0,
    });
    Node {
        parent,
        forecast: Forecast {
            mean: mean.to_vec(),
            bands: vec![Band {
                level: 80.0,
                steps: steps.collect(),
            }],
            spread: vec![10.0; mean.len()],
            total_spread: vec![10.0; mean.len()],
            freedom: 30.0,
            members: Vec::new(),
            residuals: residuals.to_vec(),
            held_back: None,
            used: residuals.len(),
            filled: 0,
            range: domain::forecast::Range::Any,
        },
        residuals: residuals.to_vec(),
    }
}

/// A whole of two parts, forecast as 100, 30 and 50.
fn three(residuals: [&[f64]; 3]) -> Vec<Node> {
    vec![
        node(None, &[100.0], residuals[0]),
        node(Some(0), &[30.0], residuals[1]),
        node(Some(0), &[50.0], residuals[2]),
    ]
}

pub(super) fn means(found: &Reconciled) -> Vec<f64> {
    found.forecasts.iter().map(|forecast| forecast.mean[0]).collect()
}

pub(super) fn near(found: &[f64], expected: &[f64]) {
    let close = found
        .iter()
        .zip(expected)
        .all(|(found, expected)| (found - expected).abs() < 1e-6);
    assert!(
        close && found.len() == expected.len(),
        "{found:?} for {expected:?}"
    );
}

#[test]
fn a_gap_is_shared_by_what_the_errors_are() {
    // Mean squares 4, 1 and 4, uncorrelated over four periods.
    let residuals: [&[f64]; 3] = [
        &[2.0, 2.0, 2.0, 2.0],
        &[1.0, -1.0, 1.0, -1.0],
        &[2.0, 2.0, -2.0, -2.0],
    ];
    let of = |method| means(&reconcile(&three(residuals), method, Sign::Free).unwrap());
    near(&of(Method::BottomUp), &[80.0, 30.0, 50.0]);
    // The gap of 20 by variances 1 : 1 : 1, 2 : 1 : 1, 4 : 1 : 4.
    near(
        &of(Method::LeastSquares),
        &[100.0 - 20.0 / 3.0, 30.0 + 20.0 / 3.0, 50.0 + 20.0 / 3.0],
    );
    near(&of(Method::Structural), &[90.0, 35.0, 55.0]);
    let by_variance = [100.0 - 80.0 / 9.0, 30.0 + 20.0 / 9.0, 50.0 + 80.0 / 9.0];
    near(&of(Method::Variance), &by_variance);
    near(&of(Method::MinimumTrace), &by_variance);
}

#[test]
fn correlated_errors_move_together() {
    // The whole errs exactly as the first part does, the second not with them: W = [[1,1,0],[1,1,0],[0,0,1]] before
    // shrinkage λ, so with c = 1 − λ and the gap of 20: UᵀWU = 1 + 1 + 1 − 2c and WU = (1 − c, c − 1, −1).
    let pattern: [f64; 8] = [1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0];
    let other: [f64; 8] = [1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0];
    let found = reconcile(
        &three([&pattern, &pattern, &other]),
        Method::MinimumTrace,
        Sign::Free,
    )
    .unwrap();
    // Products vary only where they are not constant: two of three pairs have variance 8 / (8 · 7), the sum of squared
    // correlations is 1.
    let shrinkage = found.shrinkage.unwrap();
    assert!((shrinkage - 2.0 / 7.0).abs() < 1e-12, "{shrinkage}");
    let together = 1.0 - shrinkage;
    let unit = 20.0 / (3.0 - 2.0 * together);
    near(
        &means(&found),
        &[
            100.0 - unit * (1.0 - together),
            30.0 + unit * (1.0 - together),
            50.0 + unit,
        ],
    );
}

#[test]
fn intervals_follow_the_errors() {
    // The leaves err apart from each other by 1: bottom-up their sum errs by √2 where its own forecast erred by 2.
    let residuals: [&[f64]; 3] = [
        &[2.0, 2.0, 2.0, 2.0],
        &[1.0, -1.0, 1.0, -1.0],
        &[1.0, 1.0, -1.0, -1.0],
    ];
    let found = reconcile(&three(residuals), Method::BottomUp, Sign::Free).unwrap();
    let whole = &found.forecasts[0];
    let half = 10.0 / 2.0_f64.sqrt();
    near(
        &[whole.bands[0].steps[0].low, whole.bands[0].steps[0].high],
        &[80.0 - half, 80.0 + half],
    );
    near(&whole.spread, &[half]);
    near(&whole.residuals, &[2.0, 0.0, 0.0, -2.0]);
    near(&found.forecasts[1].spread, &[10.0]);
    // Uncorrelated errors with variances 4, 1 and 4: two opinions of 4 and 5 on the whole leave 20 / 9.
    let uncorrelated: [&[f64]; 3] = [
        &[2.0, 2.0, 2.0, 2.0],
        &[1.0, -1.0, 1.0, -1.0],
        &[2.0, 2.0, -2.0, -2.0],
    ];
    for method in [Method::Variance, Method::MinimumTrace] {
        let found = reconcile(&three(uncorrelated), method, Sign::Free).unwrap();
        near(
            &found.forecasts[0].spread,
            &[10.0 * (20.0_f64 / 9.0 / 4.0).sqrt()],
        );
    }
    // Without residuals the widths stay.
    let found = reconcile(&three([&[], &[], &[]]), Method::Structural, Sign::Free).unwrap();
    near(&[found.forecasts[0].bands[0].steps[0].width()], &[20.0]);
    // A whole that never erred bears the errors of its parts.
    let residuals: [&[f64]; 3] = [&[0.0; 4], residuals[1], residuals[2]];
    let found = reconcile(&three(residuals), Method::BottomUp, Sign::Free).unwrap();
    assert!(found.forecasts[0].spread[0] > 10.0);
}

#[test]
fn an_interval_cut_at_zero_keeps_its_uncertainty_when_its_mean_moves() {
    let whole = node(None, &[100.0], &[]);
    let part = |low: f64| {
        let mut part = node(Some(0), &[1.0], &[]);
        part.forecast.bands[0].steps[0] = Interval { low, high: 90.0 };
        part
    };
    let of = |low| {
        let nodes = [whole.clone(), part(low), part(low)];
        let found = reconcile(&nodes, Method::LeastSquares, Sign::NonNegative).unwrap();
        let interval = found.forecasts[1].bands[0].steps[0];
        [found.forecasts[1].mean[0], interval.low, interval.high]
    };
    let mean = 1.0 + 98.0 / 3.0;
    near(&of(0.0), &[mean, 0.0, mean + 89.0]);
    // What was not cut moves as it is.
    near(&of(0.5), &[mean, mean - 0.5, mean + 89.0]);
}

#[test]
fn minimum_trace_errs_least_where_parts_offset_each_other() {
    // Two parts whose errors cancel in the whole: the whole is known well, the parts are not. 200 forecasts of the truth
    // (0, 0, 0).
    let mut random = Random::new(11);
    let mut draw = || {
        let (shared, own) = (10.0 * random.normal(), random.normal());
        [
            0.5 * random.normal(),
            shared + own,
            -shared + 3.0 * random.normal(),
        ]
    };
    let past: Vec<[f64; 3]> = (0..80).map(|_| draw()).collect();
    let of = |place: usize| past.iter().map(|errors| errors[place]).collect::<Vec<f64>>();
    let residuals = [of(0), of(1), of(2)];
    let future: Vec<[f64; 3]> = (0..200).map(|_| draw()).collect();
    let steps = |place: usize| future.iter().map(|errors| errors[place]).collect::<Vec<f64>>();
    let nodes = [
        node(None, &steps(0), &residuals[0]),
        node(Some(0), &steps(1), &residuals[1]),
        node(Some(0), &steps(2), &residuals[2]),
    ];
    let error = |method| -> f64 {
        let found = reconcile(&nodes, method, Sign::Free).unwrap();
        found
            .forecasts
            .iter()
            .flat_map(|forecast| &forecast.mean)
            .map(|mean| mean * mean)
            .sum()
    };
    let base: f64 = future.iter().flatten().map(|error| error * error).sum();
    let least = error(Method::MinimumTrace);
    assert!(least < 0.97 * base, "{least} for {base}");
    for method in [
        Method::BottomUp,
        Method::LeastSquares,
        Method::Structural,
        Method::Variance,
    ] {
        assert!(least < error(method), "{method:?}: {least} for {}", error(method));
    }
}

#[test]
fn no_part_is_below_zero_and_the_nearest_is_found() {
    let mut nodes = three([&[], &[], &[]]);
    nodes[0].forecast.mean = vec![5.0];
    nodes[1].forecast.mean = vec![-10.0];
    nodes[2].forecast.mean = vec![9.0];
    let found = reconcile(&nodes, Method::LeastSquares, Sign::NonNegative).unwrap();
    // The first part at zero; the second halves the distance between 5 and 9.
    near(&means(&found), &[7.0, 0.0, 7.0]);
    assert!(
        found
            .forecasts
            .iter()
            .flat_map(|forecast| &forecast.bands[0].steps)
            .all(|step| step.low >= 0.0)
    );
    // A part pushed below zero by the whole comes back when another is held: compare with all choices of leaves at zero.
    let mut random = Random::new(2);
    for _ in 0..60 {
        let mut nodes: Vec<Node> = (0..6)
            .map(|place| {
                let parent = [None, Some(0), Some(0), Some(1), Some(1), Some(2)][place];
                let residuals: Vec<f64> = (0..12).map(|_| random.normal()).collect();
                node(parent, &[8.0 * random.normal()], &residuals)
            })
            .collect();
        for method in [Method::Structural, Method::Variance] {
            let found = means(&reconcile(&nodes, method, Sign::NonNegative).unwrap());
            let weights: Vec<f64> = match method {
                Method::Structural => vec![3.0, 2.0, 1.0, 1.0, 1.0, 1.0],
                _ => nodes
                    .iter()
                    .map(|node| node.residuals.iter().map(|error| error * error).sum::<f64>() / 12.0)
                    .collect(),
            };
            let distance = |values: &[f64]| -> f64 {
                values
                    .iter()
                    .zip(&nodes)
                    .zip(&weights)
                    .map(|((value, node), weight)| {
                        (value - node.forecast.mean[0]) * (value - node.forecast.mean[0]) / weight
                    })
                    .sum()
            };
            let best = distance(&found);
            // No small move of a leaf, within what is allowed, is nearer.
            for leaf in [3, 4, 5] {
                for step in [-1e-3, 1e-3] {
                    let mut moved = found.clone();
                    moved[leaf] = (moved[leaf] + step).max(0.0);
                    moved[1] = moved[3] + moved[4];
                    moved[2] = moved[5];
                    moved[0] = moved[1] + moved[2];
                    assert!(distance(&moved) >= best - 1e-9, "{method:?} {found:?}");
                }
            }
        }
        nodes.truncate(3);
        let dense = reconcile(&nodes, Method::MinimumTrace, Sign::NonNegative).unwrap();
        assert!(means(&dense).iter().all(|mean| *mean >= 0.0));
    }
}

#[test]
fn bad_trees_are_refused_by_what_is_wrong() {
    let refused = |change: &dyn Fn(&mut Vec<Node>), method| {
        let mut nodes = three([&[1.0, 2.0], &[0.5, 1.0], &[0.1, 0.2]]);
        change(&mut nodes);
        reconcile(&nodes, method, Sign::Free).unwrap_err()
    };
    let any = Method::MinimumTrace;
    assert_eq!(refused(&|nodes| nodes.clear(), any), HierarchyError::Empty);
    assert_eq!(
        refused(&|nodes| nodes[2].parent = None, any),
        HierarchyError::Roots { first: 0, second: 2 }
    );
    assert_eq!(
        refused(&|nodes| nodes[2].parent = Some(7), any),
        HierarchyError::UnknownParent { node: 2, parent: 7 }
    );
    assert_eq!(
        refused(&|nodes| nodes[2].parent = Some(2), any),
        HierarchyError::Cycle { node: 2 }
    );
    assert_eq!(
        refused(&|nodes| nodes[0].parent = Some(1), any),
        HierarchyError::Cycle { node: 0 }
    );
    assert_eq!(
        refused(&|nodes| nodes[1].forecast.mean.push(1.0), any),
        HierarchyError::Shape { node: 1 }
    );
    assert_eq!(
        refused(&|nodes| nodes[1].forecast.bands[0].level = 81.0, any),
        HierarchyError::Shape { node: 1 }
    );
    assert_eq!(
        refused(&|nodes| nodes[2].residuals.truncate(1), any),
        HierarchyError::Residuals {
            node: 2,
            found: 1,
            expected: 2
        }
    );
    assert_eq!(
        refused(&|nodes| nodes[1].forecast.mean[0] = f64::NAN, any),
        HierarchyError::NotFinite { node: 1 }
    );
    assert_eq!(
        refused(&|nodes| nodes[1].residuals[0] = 1e101, any),
        HierarchyError::NotFinite { node: 1 }
    );
    assert_eq!(
        refused(
            &|nodes| nodes.iter_mut().for_each(|node| node.residuals.clear()),
            Method::Variance
        ),
        HierarchyError::FewResiduals { found: 0 }
    );
}

#[test]
fn the_largest_full_covariance_is_solved() {
    let mut random = Random::new(9);
    let nodes: Vec<Node> = (0..MAX_DENSE)
        .map(|place| {
            let residuals: Vec<f64> = (0..24).map(|_| random.normal()).collect();
            node(
                (place > 0).then(|| (place - 1) / 3),
                &[10.0 * random.normal()],
                &residuals,
            )
        })
        .collect();
    let found = reconcile(&nodes, Method::MinimumTrace, Sign::NonNegative).unwrap();
    assert_eq!(found.method, Method::MinimumTrace);
    assert!(means(&found).iter().all(|mean| *mean >= 0.0));
}

#[test]
fn a_hundred_thousand_series_and_a_deep_chain_are_solved() {
    let count = 100_000;
    let wide: Vec<Node> = (0..count)
        .map(|place| {
            node(
                (place > 0).then(|| (place - 1) / 10),
                &[place as f64 % 97.0],
                &[1.0, -1.0],
            )
        })
        .collect();
    assert!(count > MAX_DENSE);
    let found = reconcile(&wide, Method::MinimumTrace, Sign::NonNegative).unwrap();
    assert_eq!((found.method, found.shrinkage), (Method::Variance, None));
    let chain: Vec<Node> = (0..count)
        .map(|place| node(place.checked_sub(1), &[place as f64], &[1.0, -1.0]))
        .collect();
    let found = reconcile(&chain, Method::LeastSquares, Sign::Free).unwrap();
    // All are one value: the mean.
    near(&[found.forecasts[0].mean[0]], &[(count - 1) as f64 / 2.0]);
}
