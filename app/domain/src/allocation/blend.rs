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
        if basis.weights.len() != len - 1 {
            return Err(Refusal::Weights {
                expected: len as u64 - 1,
                got: basis.weights.len() as u64,
            });
        }
        if basis.share_ppm == 0 {
            continue;
        }
        let mut whole: Vec<u128> = std::iter::once(0)
            .chain(basis.weights.iter().copied())
            .map(u128::from)
            .collect();
        for local in (1..len).rev() {
            let parent = shape.parents()[top.0 as usize + local] - top.0;
            whole[parent as usize] += whole[local];
        }
        let mut groups = whole.clone();
        for (local, group) in groups.iter_mut().enumerate() {
            // What lies below, without the node's own weight.
            *group -= if local == 0 {
                0
            } else {
                u128::from(basis.weights[local - 1])
            };
        }
        for local in 1..len {
            let parent = (shape.parents()[top.0 as usize + local] - top.0) as usize;
            if let Some(share) = share_of(whole[local], groups[parent]) {
                blended[local] += u64::from(basis.share_ppm) * share;
            }
        }
    }
    Ok(blended)
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
