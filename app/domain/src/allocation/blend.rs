//! Bases blended to one weight a node, in integers.

use crate::plan::{BasisWeights, NodeIndex, Refusal, Shape};

/// Bits of a child's share in its group, so that a share times 1,000,000 stays below 2^60.
const SHARE_BITS: u32 = 39;

/// One weight a node of the subtree of `top` (which has 0), by index less `top`.
///
/// Within each sibling group every basis is first brought to shares of that group, so a basis counts by its share of
/// the blend, whatever its unit. A basis that says nothing about a group (all zero) leaves it to the others.
pub(crate) fn of_subtree(shape: &Shape, top: NodeIndex, bases: &[BasisWeights]) -> Result<Vec<u64>, Refusal> {
    let len = (shape.end(top).0 - top.0) as usize;
    let sum_ppm: u64 = bases.iter().map(|basis| u64::from(basis.share_ppm)).sum();
    if sum_ppm == 0 || sum_ppm > 1_000_000 {
        return Err(Refusal::Shares { sum_ppm });
    }
    let mut blended = vec![0_u64; len];
    for basis in bases {
        let shares = Shares::of(shape, top, basis)?;
        for (sum, part) in blended.iter_mut().zip(&shares.parts) {
            *sum += u64::from(basis.share_ppm) * part;
        }
    }
    Ok(blended)
}

/// What one basis says about a subtree.
pub(crate) struct Shares {
    /// By local index: the share of its sibling group in 2^39ths; 0 where the group is nothing.
    pub(crate) parts: Vec<u64>,
    /// By local index: the weight of the node with everything below it.
    pub(crate) whole: Vec<u128>,
}

impl Shares {
    pub(crate) fn of(shape: &Shape, top: NodeIndex, basis: &BasisWeights) -> Result<Self, Refusal> {
        let len = (shape.end(top).0 - top.0) as usize;
        if basis.weights.len() != len - 1 {
            return Err(Refusal::Weights {
                expected: len as u64 - 1,
                got: basis.weights.len() as u64,
            });
        }
        let above = |local: usize| (shape.parents()[top.0 as usize + local] - top.0) as usize;
        let mut whole: Vec<u128> = std::iter::once(0)
            .chain(basis.weights.iter().copied())
            .map(u128::from)
            .collect();
        let mut groups = vec![0_u128; len];
        for local in (1..len).rev() {
            let weight = whole[local];
            whole[above(local)] += weight;
            groups[above(local)] += weight;
        }
        let parts = (0..len)
            .map(|local| {
                if local == 0 {
                    0
                } else {
                    share_of(whole[local], groups[above(local)]).unwrap_or(0)
                }
            })
            .collect();
        Ok(Self { parts, whole })
    }
}

/// `part / whole` in 2^39ths, rounded to the nearest; `None` where the whole is nothing.
fn share_of(part: u128, whole: u128) -> Option<u64> {
    if whole == 0 {
        return None;
    }
    // Weights are u64 and nodes fewer than 2^31, so sums stay below 2^95 and this cannot overflow 2^128 by much: bring
    // both down first where it could.
    let drop = (128 - whole.leading_zeros()).saturating_sub(128 - SHARE_BITS - 1);
    let (part, whole) = (part >> drop, whole >> drop);
    Some((((part << SHARE_BITS) + whole / 2) / whole) as u64)
}
