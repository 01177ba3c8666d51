//! Reconciliation without negative leaves: block principal pivoting (Kim and Park 2011), as Wickramasuriya, Turlach and
//! Hyndman (2020) use it for hierarchies.

use super::Solved;
use super::tree::Tree;

/// Rounds before the search for the nearest is given up; a handful is usual.
const ROUNDS: usize = 200;

/// Rounds that may pass without fewer leaves on the wrong side before single leaves are exchanged.
const PATIENCE: usize = 3;

/// The coherent values nearest to `base` with no leaf below zero. `solve` answers for leaves held at zero. Where it does
/// not, or no end is found, negative leaves of the last answer are cut to zero: coherent, but not the nearest.
pub(super) fn solve(tree: &Tree, base: &[f64], solve: impl Fn(&[bool]) -> Option<Solved>) -> Vec<f64> {
    let largest = base
        .iter()
        .fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let tolerance = 1e-10 * largest;
    let mut fixed = vec![false; tree.len()];
    let mut fewest = usize::MAX;
    let mut patience = PATIENCE;
    let mut values = base.to_vec();
    for _ in 0..ROUNDS {
        let Some(solved) = solve(&fixed) else { break };
        values = solved.values;
        let wrong: Vec<usize> = (0..tree.len())
            .filter(|node| tree.is_leaf(*node))
            .filter(|leaf| {
                if fixed[*leaf] {
                    solved.pulls[*leaf] > 0.0
                } else {
                    values[*leaf] < -tolerance
                }
            })
            .collect();
        let Some(last) = wrong.last().copied() else { break };
        if wrong.len() < fewest {
            fewest = wrong.len();
            patience = PATIENCE;
        } else {
            patience = patience.saturating_sub(1);
        }
        if patience > 0 {
            for leaf in wrong {
                fixed[leaf] = !fixed[leaf];
            }
        } else {
            fixed[last] = !fixed[last];
        }
    }
    for (node, value) in values.iter_mut().enumerate() {
        if tree.is_leaf(node) {
            *value = value.max(0.0);
        }
    }
    tree.sum_up(&mut values);
    values
}
