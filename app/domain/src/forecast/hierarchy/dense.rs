//! Reconciliation with a full covariance of the errors.

use super::super::linear::{Cholesky, dot};
use super::Solved;
use super::tree::Tree;

/// Correlations are shrunk by this much at least: it keeps the covariance invertible where residuals add up exactly.
const LEAST_SHRINKAGE: f64 = 1e-6;

/// The covariance of the errors of all nodes.
pub(super) struct Covariance {
    rows: Vec<Vec<f64>>,
    /// How far correlations were shrunk to none, 0 to 1.
    pub(super) shrinkage: f64,
}

impl Covariance {
    /// The covariance about zero with correlations shrunk by the amount that minimises the expected squared error (Schäfer
    /// and Strimmer 2005), each variance as given.
    pub(super) fn shrunk(residuals: &[&[f64]], variances: &[f64]) -> Self {
        let standard: Vec<Vec<f64>> = residuals
            .iter()
            .zip(variances)
            .map(|(errors, variance)| errors.iter().map(|error| error / variance.sqrt()).collect())
            .collect();
        let periods = standard.first().map_or(0, Vec::len) as f64;
        let mut rows = vec![vec![0.0; standard.len()]; standard.len()];
        let (mut noise, mut signal) = (0.0, 0.0);
        for one in 0..standard.len() {
            for other in 0..one {
                let products = standard[one].iter().zip(&standard[other]).map(|(a, b)| a * b);
                let (sum, squares) = products.fold((0.0, 0.0), |(sum, squares), product| {
                    (sum + product, squares + product * product)
                });
                let correlation = sum / periods;
                noise += (squares - sum * sum / periods) / (periods * (periods - 1.0));
                signal += correlation * correlation;
                rows[one][other] = correlation;
            }
        }
        let shrinkage = if signal > 0.0 { noise / signal } else { 1.0 };
        let shrinkage = shrinkage.clamp(LEAST_SHRINKAGE, 1.0);
        for one in 0..rows.len() {
            rows[one][one] = variances[one];
            for other in 0..one {
                let scale = (variances[one] * variances[other]).sqrt();
                let covariance = (1.0 - shrinkage) * rows[one][other] * scale;
                rows[one][other] = covariance;
                rows[other][one] = covariance;
            }
        }
        Self { rows, shrinkage }
    }

    /// The variance of each node's errors after a projection, `diag(W − W C (Cᵀ W C)⁻¹ Cᵀ W)`.
    pub(super) fn variances_after(&self, projection: &Projection) -> Vec<f64> {
        let mut column = vec![0.0; projection.covered.len()];
        let variances = self.rows.iter().enumerate().map(|(node, row)| {
            for (entry, covered) in column.iter_mut().zip(&projection.covered) {
                *entry = covered[node];
            }
            (row[node] - dot(&column, &projection.factor.solve(&column))).max(0.0)
        });
        variances.collect()
    }

    /// The projection onto what adds up and has the fixed leaves at zero; `None` where the covariance is degenerate.
    pub(super) fn projection(&self, tree: &Tree, fixed: &[bool]) -> Option<Projection> {
        let mut constraints = Vec::new();
        let mut of_whole = vec![0; tree.len()];
        for (node, place) in of_whole.iter_mut().enumerate() {
            if !tree.is_leaf(node) {
                *place = constraints.len();
                constraints.push(vec![(node, 1.0)]);
            }
        }
        for (node, parent) in tree.down() {
            if let Some(parent) = parent {
                constraints[of_whole[parent]].push((node, -1.0));
            }
        }
        let wholes = constraints.len();
        let fixed = (0..tree.len()).filter(|node| fixed[*node]);
        constraints.extend(fixed.map(|leaf| vec![(leaf, 1.0)]));
        let covered: Vec<Vec<f64>> = constraints
            .iter()
            .map(|constraint| {
                let mut row = vec![0.0; tree.len()];
                for (node, sign) in constraint {
                    for (entry, covariance) in row.iter_mut().zip(&self.rows[*node]) {
                        *entry += sign * covariance;
                    }
                }
                row
            })
            .collect();
        let matrix = covered
            .iter()
            .enumerate()
            .map(|(place, row)| {
                let earlier = constraints[..=place].iter();
                earlier.map(|constraint| along(constraint, row)).collect()
            })
            .collect();
        Some(Projection {
            factor: Cholesky::of(&matrix)?,
            constraints,
            covered,
            wholes,
        })
    }
}

/// `ŷ − W C (Cᵀ W C)⁻¹ Cᵀ ŷ`, factored, for constraints `C`.
pub(super) struct Projection {
    /// Each constraint as the nodes it has and their signs: the wholes', then the fixed leaves'.
    constraints: Vec<Vec<(usize, f64)>>,
    /// `W C`, a row a constraint.
    covered: Vec<Vec<f64>>,
    factor: Cholesky,
    wholes: usize,
}

impl Projection {
    /// The coherent values nearest to `base`.
    pub(super) fn solve(&self, tree: &Tree, base: &[f64]) -> Solved {
        let gaps: Vec<f64> = self
            .constraints
            .iter()
            .map(|constraint| along(constraint, base))
            .collect();
        let multipliers = self.factor.solve(&gaps);
        let mut values = base.to_vec();
        for (row, multiplier) in self.covered.iter().zip(&multipliers) {
            for (value, covered) in values.iter_mut().zip(row) {
                *value -= multiplier * covered;
            }
        }
        let mut pulls = vec![0.0; tree.len()];
        let fixed = self.constraints.iter().zip(&multipliers).skip(self.wholes);
        for (leaf, multiplier) in
            fixed.filter_map(|(constraint, multiplier)| Some((constraint.first()?.0, multiplier)))
        {
            values[leaf] = 0.0;
            pulls[leaf] = *multiplier;
        }
        // What rounding left: the wholes are sums of the leaves to the last bit.
        tree.sum_up(&mut values);
        Solved { values, pulls }
    }
}

/// A constraint applied to one number a node.
fn along(constraint: &[(usize, f64)], values: &[f64]) -> f64 {
    constraint.iter().map(|(node, sign)| sign * values[*node]).sum()
}
