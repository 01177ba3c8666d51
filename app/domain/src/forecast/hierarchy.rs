//! Reconciliation: forecasts of a whole and of its parts, each made on its own, are moved as little as needed until the
//! parts sum to the whole (Wickramasuriya, Athanasopoulos and Hyndman 2019).
//!
//! With `U` the constraints "a node less its children" and `W` the covariance of the errors, the reconciled forecasts are
//! `ŷ − W U (Uᵀ W U)⁻¹ Uᵀ ŷ`, which equals `S (Sᵀ W⁻¹ S)⁻¹ Sᵀ W⁻¹ ŷ` and needs no inverse of `W`. Where `W` is diagonal the
//! tree itself solves it exactly in two passes, whatever its size. Forecasts are reconciled; targets are allocated
//! ([`crate::allocation`]): two different operations.

mod dense;
mod diagonal;
mod sign;
mod tree;

use serde::{Deserialize, Serialize};

use self::dense::Covariance;
use self::tree::Tree;
use super::{Band, Forecast, MAX_VALUE};
use crate::statistics::{Interval, normal_quantile};

/// One series of the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Place of the whole it is a part of; `None` of the root.
    pub parent: Option<usize>,
    /// Its own forecast; as many steps and the same levels in every node.
    pub forecast: Forecast,
    /// Its errors one step ahead in the past, for the same periods in every node. May be empty in every node where the
    /// method needs none; the intervals then keep their widths.
    pub residuals: Vec<f64>,
}

/// What the errors of the forecasts are taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The wholes are the sums of the leaves; their own forecasts are not looked at.
    BottomUp,
    /// All errors are alike (`W = I`).
    LeastSquares,
    /// Errors grow with the number of leaves below (`W = diag(S 1)`).
    Structural,
    /// Errors vary as they did in the past, independently (`W = diag(Σ̂)`).
    Variance,
    /// Errors vary together as they did in the past: minimum trace with the covariance shrunk towards its diagonal
    /// (Schäfer and Strimmer 2005). Trees of more than [`MAX_DENSE`] nodes are solved by `Variance` instead.
    MinimumTrace,
}

/// Which values a series may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// Any.
    Free,
    /// None below zero: the nearest coherent forecasts without a negative leaf (Wickramasuriya, Turlach and Hyndman 2020).
    NonNegative,
}

/// Forecasts that add up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reconciled {
    /// One forecast a node, in the order given. Every mean of a whole is the sum of those of its parts.
    pub forecasts: Vec<Forecast>,
    /// The method that was used.
    pub method: Method,
    /// How far the correlations were shrunk, 0 to 1, where the method looks at them.
    pub shrinkage: Option<f64>,
}

/// Why forecasts cannot be reconciled. Nodes are named by their place in the list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum HierarchyError {
    /// No node at all.
    #[error("there is no series")]
    Empty,
    /// More than one node without a parent.
    #[error("series {first} and series {second} both have no parent; a tree has one root")]
    Roots {
        /// The first root.
        first: usize,
        /// The next.
        second: usize,
    },
    /// A parent that is not in the list.
    #[error("the parent {parent} of series {node} is not in the list")]
    UnknownParent {
        /// Whose parent.
        node: usize,
        /// The place it names.
        parent: usize,
    },
    /// A node that no way leads to from the root: its ancestors form a ring.
    #[error("series {node} is among its own ancestors, or below such a one")]
    Cycle {
        /// The first such node.
        node: usize,
    },
    /// A forecast of another number of steps than that of the first node, or whose bands have other levels or lengths.
    #[error("the forecast of series {node} has other steps or levels than that of series 0")]
    Shape {
        /// Which.
        node: usize,
    },
    /// As many residuals as the first node has are needed in every node.
    #[error("series {node} has {found} residuals, series 0 has {expected}")]
    Residuals {
        /// Which.
        node: usize,
        /// How many it has.
        found: usize,
        /// How many the first has.
        expected: usize,
    },
    /// The method learns from residuals and needs two at least.
    #[error("the method needs 2 residuals or more of every series, not {found}")]
    FewResiduals {
        /// How many there are.
        found: usize,
    },
    /// A number of the forecast or a residual that is not finite, or beyond [`MAX_VALUE`] to either side.
    #[error("series {node} has a number that is not finite or too large")]
    NotFinite {
        /// Where.
        node: usize,
    },
}

/// Trees of more nodes than this are not solved with a full covariance: its memory grows with the square of the nodes
/// (8 MB here), the time with the cube of the wholes.
pub const MAX_DENSE: usize = 1_000;

/// A variance is at least this share of the mean variance: a series that never erred may still have to move.
const SMALLEST_VARIANCE: f64 = 1e-12;

/// Below this share of what it errs by now, the errors a node had say nothing of its width.
const SMALLEST_ERROR: f64 = 1e-6;

/// Makes the forecasts of a tree add up.
///
/// The intervals go along: those of a node move with its mean and widen or narrow as its residuals do when they are
/// reconciled the same way, so that correlated errors count as what they are; by minimum trace as its variance does in the
/// shrunk covariance. Low ends that were cut at 0 are cut anew, where the sign is [`Sign::NonNegative`], after they moved.
pub fn reconcile(nodes: &[Node], method: Method, sign: Sign) -> Result<Reconciled, HierarchyError> {
    let tree = Tree::of(nodes)?;
    check(nodes)?;
    let periods = nodes.first().map_or(0, |node| node.residuals.len());
    if periods < 2 && matches!(method, Method::Variance | Method::MinimumTrace) {
        return Err(HierarchyError::FewResiduals { found: periods });
    }
    let solver = Solver::new(&tree, nodes, method);
    let steps = nodes.first().map_or(0, |node| node.forecast.mean.len());
    let mut means = vec![Vec::with_capacity(steps); nodes.len()];
    for step in 0..steps {
        let base: Vec<f64> = nodes.iter().map(|node| node.forecast.mean[step]).collect();
        let values = match sign {
            Sign::Free => solver.solve(&base),
            Sign::NonNegative => sign::solve(&tree, &base, |fixed| solver.solve_fixed(&base, fixed)),
        };
        for (mean, value) in means.iter_mut().zip(values) {
            mean.push(value);
        }
    }
    let changes = solver.changes(nodes);
    let forecasts = nodes
        .iter()
        .zip(means)
        .zip(changes)
        .map(|((node, mean), change)| carried(&node.forecast, mean, change, sign))
        .collect();
    Ok(Reconciled {
        forecasts,
        method: solver.method,
        shrinkage: solver.shrinkage(),
    })
}

/// Refuses lists that do not fit together and numbers one cannot reckon with.
fn check(nodes: &[Node]) -> Result<(), HierarchyError> {
    let Some(first) = nodes.first() else {
        return Err(HierarchyError::Empty);
    };
    let expected = first.residuals.len();
    for (place, node) in nodes.iter().enumerate() {
        let forecast = &node.forecast;
        let same_levels = forecast.bands.len() == first.forecast.bands.len()
            && forecast
                .bands
                .iter()
                .zip(&first.forecast.bands)
                .all(|(band, other)| {
                    band.level.total_cmp(&other.level).is_eq() && band.steps.len() == forecast.mean.len()
                });
        if forecast.mean.len() != first.forecast.mean.len() || !same_levels {
            return Err(HierarchyError::Shape { node: place });
        }
        if node.residuals.len() != expected {
            let found = node.residuals.len();
            return Err(HierarchyError::Residuals {
                node: place,
                found,
                expected,
            });
        }
        let ends = forecast
            .bands
            .iter()
            .flat_map(|band| band.steps.iter().flat_map(|step| [step.low, step.high]));
        let lists = [
            &forecast.mean,
            &forecast.spread,
            &forecast.total_spread,
            &node.residuals,
        ];
        let mut numbers = lists.into_iter().flatten().copied().chain(ends);
        if numbers.any(|number| number.is_nan() || number.abs() > MAX_VALUE) {
            return Err(HierarchyError::NotFinite { node: place });
        }
    }
    Ok(())
}

/// How the errors are taken, ready to solve.
struct Solver<'a> {
    tree: &'a Tree,
    method: Method,
    /// The variance of each node's errors.
    variances: Vec<f64>,
    /// The whole covariance with its projection, where the method has one.
    dense: Option<(Covariance, dense::Projection)>,
}

impl<'a> Solver<'a> {
    fn new(tree: &'a Tree, nodes: &[Node], method: Method) -> Self {
        let variances = match method {
            Method::BottomUp => tree.map(1.0, |_| f64::INFINITY),
            Method::LeastSquares => vec![1.0; nodes.len()],
            Method::Structural => tree.leaves_below(),
            Method::Variance | Method::MinimumTrace => {
                let squares: Vec<f64> = nodes.iter().map(|node| mean_square(&node.residuals)).collect();
                let least = SMALLEST_VARIANCE * squares.iter().sum::<f64>() / squares.len() as f64;
                // Where nothing ever erred all are alike.
                let floor = if least > 0.0 { least } else { 1.0 };
                squares.into_iter().map(|square| square.max(floor)).collect()
            }
        };
        let dense = (method == Method::MinimumTrace && nodes.len() <= MAX_DENSE).then(|| {
            let residuals: Vec<&[f64]> = nodes.iter().map(|node| node.residuals.as_slice()).collect();
            let covariance = Covariance::shrunk(&residuals, &variances);
            let projection = covariance.projection(tree, &vec![false; nodes.len()])?;
            Some((covariance, projection))
        });
        let dense = dense.flatten();
        let method = match method {
            Method::MinimumTrace if dense.is_none() => Method::Variance,
            method => method,
        };
        Self {
            tree,
            method,
            variances,
            dense,
        }
    }

    fn shrinkage(&self) -> Option<f64> {
        self.dense.as_ref().map(|(covariance, _)| covariance.shrinkage)
    }

    /// The nearest coherent values.
    fn solve(&self, base: &[f64]) -> Vec<f64> {
        match &self.dense {
            Some((_, projection)) => projection.solve(self.tree, base).values,
            None => diagonal::solve(self.tree, base, &self.variances, &[]).values,
        }
    }

    /// The same with some leaves held at zero; `None` where that cannot be solved.
    fn solve_fixed(&self, base: &[f64], fixed: &[bool]) -> Option<Solved> {
        match &self.dense {
            Some((covariance, _)) => {
                let projection = covariance.projection(self.tree, fixed)?;
                Some(projection.solve(self.tree, base))
            }
            None => Some(diagonal::solve(self.tree, base, &self.variances, fixed)),
        }
    }

    /// What becomes of the errors of each node in the past.
    fn changes(&self, nodes: &[Node]) -> Vec<Change> {
        let periods = nodes.first().map_or(0, |node| node.residuals.len());
        let mut errors = vec![Vec::with_capacity(periods); nodes.len()];
        for period in 0..periods {
            let before: Vec<f64> = nodes.iter().map(|node| node.residuals[period]).collect();
            for (errors, after) in errors.iter_mut().zip(self.solve(&before)) {
                errors.push(after);
            }
        }
        // Where the errors themselves chose the projection they look smaller than they are; the shrunk covariance does not.
        let shrunk = self
            .dense
            .as_ref()
            .map(|(covariance, projection)| covariance.variances_after(projection));
        let changes = nodes.iter().zip(errors).enumerate();
        changes
            .map(|(place, (node, errors))| {
                let known = shrunk
                    .as_ref()
                    .map(|shrunk| (self.variances[place], shrunk[place]));
                let (before, after) =
                    known.unwrap_or_else(|| (mean_square(&node.residuals), mean_square(&errors)));
                Change {
                    before: before.sqrt(),
                    after: after.sqrt(),
                    errors,
                }
            })
            .collect()
    }
}

/// Coherent values, and how strongly each leaf held at zero is pulled above it (below, where negative).
struct Solved {
    values: Vec<f64>,
    pulls: Vec<f64>,
}

/// A node's errors: their size before and after, and what they are now.
struct Change {
    before: f64,
    after: f64,
    errors: Vec<f64>,
}

/// A node's forecast about its new mean, with the errors it has now.
fn carried(old: &Forecast, mean: Vec<f64>, change: Change, sign: Sign) -> Forecast {
    let Change {
        before,
        after,
        errors,
    } = change;
    // A series that never erred has no width to scale: it gets that of the errors it now bears.
    let (ratio, added) = if before > SMALLEST_ERROR * after {
        (after / before, 0.0)
    } else {
        (1.0, after)
    };
    let lowest = match sign {
        Sign::Free => f64::NEG_INFINITY,
        Sign::NonNegative => 0.0,
    };
    let bands = old
        .bands
        .iter()
        .map(|band| {
            let half = if added > 0.0 {
                added * normal_quantile(0.5 + band.level / 200.0)
            } else {
                0.0
            };
            let steps = band.steps.iter().zip(&old.mean).zip(&mean);
            let steps = steps.map(|((step, old), new)| Interval {
                low: (new - below(step, *old) * ratio - half).max(lowest),
                high: (new + (step.high - old) * ratio + half).max(lowest),
            });
            Band {
                level: band.level,
                steps: steps.collect(),
            }
        })
        .collect();
    let spread = old.spread.iter().map(|spread| spread * ratio + added).collect();
    let steps = (1_u32..).map(f64::from);
    let total_spread = old.total_spread.iter().zip(steps);
    Forecast {
        mean,
        bands,
        spread,
        total_spread: total_spread
            .map(|(spread, steps)| spread * ratio + added * steps.sqrt())
            .collect(),
        residuals: errors,
        ..old.clone()
    }
}

/// How far an interval reaches below its mean. A low end of exactly 0 was cut there, which says where the series ends and not
/// how far it may be off: then it reaches as far as above the mean at least.
fn below(interval: &Interval, mean: f64) -> f64 {
    let (below, above) = (mean - interval.low, interval.high - mean);
    below.max(if interval.low == 0.0 { above } else { below })
}

fn mean_square(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum::<f64>() / values.len().max(1) as f64
}
