//! Reconciliation where errors are independent: two passes over the tree, exact, in time that grows with its nodes.
//!
//! Going up, the leaves below a node say what it should be and how surely (the sums of their values and variances); its
//! own forecast is a second opinion, and the two are weighed by their variances. Going down, what a whole gained is handed
//! to its parts in proportion to theirs. This is the normal equations of weighted least squares eliminated leaf by leaf.

use super::Solved;
use super::tree::Tree;

/// What a subtree says of a node.
#[derive(Clone, Copy, Default)]
struct Belief {
    /// The sum of what the children say.
    parts: f64,
    parts_variance: f64,
    /// That weighed with the node's own forecast.
    value: f64,
    variance: f64,
}

/// The coherent values nearest to `base`, each distance divided by its variance (which may be infinite: that forecast does
/// not count), with the leaves in `fixed` at zero (nothing is fixed where the list is shorter).
pub(super) fn solve(tree: &Tree, base: &[f64], variances: &[f64], fixed: &[bool]) -> Solved {
    let is_fixed = |node: usize| fixed.get(node).copied().unwrap_or(false);
    let mut beliefs = vec![Belief::default(); tree.len()];
    for (node, parent) in tree.down().rev() {
        let mut belief = beliefs[node];
        if !tree.is_leaf(node) {
            // An infinite or no variance of the parts leaves their sum as it is.
            let trust = belief.parts_variance / (belief.parts_variance + variances[node]);
            let trust = if trust.is_finite() { trust } else { 0.0 };
            belief.value = belief.parts + trust * (base[node] - belief.parts);
            belief.variance = belief.parts_variance * (1.0 - trust);
        } else if !is_fixed(node) {
            belief.value = base[node];
            belief.variance = variances[node];
        }
        beliefs[node] = belief;
        if let Some(parent) = parent {
            beliefs[parent].parts += belief.value;
            beliefs[parent].parts_variance += belief.variance;
        }
    }
    let mut values = vec![0.0; tree.len()];
    for (node, parent) in tree.down() {
        let belief = beliefs[node];
        values[node] = belief.value;
        if let Some(parent) = parent {
            let above = beliefs[parent];
            let rate = (values[parent] - above.parts) / above.parts_variance;
            if rate.is_finite() {
                values[node] += belief.variance * rate;
            }
        }
    }
    tree.sum_up(&mut values);
    // The slope of the squared distance in each leaf: what the leaf and every whole above it miss.
    let mut pulls = vec![0.0; tree.len()];
    for (node, parent) in tree.down() {
        let above = parent.map_or(0.0, |parent| pulls[parent]);
        pulls[node] = above + (base[node] - values[node]) / variances[node];
    }
    Solved { values, pulls }
}
