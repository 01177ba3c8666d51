//! Bases blended to one weight a node, in integers; where factors differ by period, one for each period.

mod groups;

pub(crate) use groups::Groups;

use crate::plan::{BasisWeights, Factor, FactorKind, NodeIndex, OwnWeights, Refusal, Shape};

/// Bits of a child's share in its group, so that a share times 1,000,000 stays below 2^60: as far as the filling checks
/// its quotients in 64 bits. So a share is off by up to 2^-40 of the group, and by as much of each sibling where they are
/// brought to one sum: nothing that shows up to some 10^11 minor units, a thousand of the largest amount. Other bits would
/// break ties of blends the other way, and plans split before would be explained by other figures than they have.
const SHARE_BITS: u32 = 39;
/// Weights are taken times this before factors lessen them, so that a weight of 1 can be divided.
const FINE: u128 = 1_000_000_000_000;

/// One weight for each node of a subtree (its top has 0), by index less the top's.
pub(crate) enum Blend {
    /// The same in every period.
    Same(Vec<u64>),
    /// By period.
    ByPeriod(Vec<Vec<u64>>),
}

/// Blends the bases for the subtree of `top`.
///
/// Within each sibling group every basis is first brought to shares of that group, so a basis counts by its share of
/// the blend, whatever its unit. A basis that says nothing about a group (all zero) leaves it to the others. Where the
/// factors leave nothing of a whole group in a period, they are left out for it: somebody has to carry the amount.
///
/// Below a branch with weights of its own those decide: a weight only counts within its sibling group, so they simply take
/// the place of the others.
pub(crate) fn of_subtree(
    shape: &Shape,
    top: NodeIndex,
    bases: &[BasisWeights],
    factors: &[Factor],
    own: &[OwnWeights],
) -> Result<Blend, Refusal> {
    check_factors(shape, top, factors)?;
    let branches = Branch::all(shape, top, bases, own)?;
    let mut plain = vec![0_u64; (shape.end(top).0 - top.0) as usize];
    for branch in &branches {
        put(&mut plain, branch.start, &branch.plain);
    }
    if factors.is_empty() {
        return Ok(Blend::Same(plain));
    }
    let of_period = |period: usize| -> Result<Vec<u64>, Refusal> {
        let mut weights = plain.clone();
        for branch in &branches {
            let scales = Scale::of(shape, branch.node, factors, period, &FactorKind::ALL);
            let own = scaled(shape, branch.node, branch.bases, &scales, &branch.plain)?;
            put(&mut weights, branch.start, &own);
        }
        Ok(weights)
    };
    let by_period: Result<Vec<Vec<u64>>, Refusal> = (0..shape.periods().len()).map(of_period).collect();
    by_period.map(Blend::ByPeriod)
}

/// A part of a split that has bases of its own: the whole of it first, then the branches from the outer to the inner ones.
struct Branch<'a> {
    node: NodeIndex,
    /// Its place below the top.
    start: usize,
    bases: &'a [BasisWeights],
    /// Its weights without factors.
    plain: Vec<u64>,
}

impl<'a> Branch<'a> {
    /// Refuses branches that are not below the top, have nothing below them, or are there twice.
    fn all(
        shape: &Shape,
        top: NodeIndex,
        bases: &'a [BasisWeights],
        own: &'a [OwnWeights],
    ) -> Result<Vec<Self>, Refusal> {
        let mut parts: Vec<(NodeIndex, &'a [BasisWeights])> = vec![(top, bases)];
        parts.extend(own.iter().map(|own| (own.node, own.bases.as_slice())));
        // In pre-order the outer ones come first, the top before all of them.
        parts.sort_by_key(|(node, _)| *node);
        let mut branches: Vec<Self> = Vec::with_capacity(parts.len());
        for (node, bases) in parts {
            let below = top <= node && node < shape.end(top) && !shape.is_leaf(node);
            if !below || branches.last().is_some_and(|before| before.node == node) {
                return Err(Refusal::UnknownNode { node });
            }
            branches.push(Self {
                node,
                start: (node.0 - top.0) as usize,
                bases,
                plain: blended(shape, node, bases, &[])?,
            });
        }
        Ok(branches)
    }
}

/// Puts the weights of a branch in their place; that of its top is the business of what is above it.
fn put(weights: &mut [u64], start: usize, own: &[u64]) {
    let places = weights.iter_mut().skip(start + 1);
    for (weight, own) in places.zip(own.iter().skip(1)) {
        *weight = *own;
    }
}

/// The weights of one period; `plain` are those without factors.
pub(crate) fn scaled(
    shape: &Shape,
    top: NodeIndex,
    bases: &[BasisWeights],
    scales: &[Scale],
    plain: &[u64],
) -> Result<Vec<u64>, Refusal> {
    if scales.is_empty() {
        return Ok(plain.to_vec());
    }
    let mut weights = blended(shape, top, bases, scales)?;
    let mut groups = vec![0_u64; weights.len()];
    for local in 1..weights.len() {
        // At most 2^59 a node, and only compared with zero.
        let group = &mut groups[above(shape, top, local)];
        *group = group.saturating_add(weights[local]);
    }
    for local in 1..weights.len() {
        if groups[above(shape, top, local)] == 0 {
            weights[local] = plain[local];
        }
    }
    Ok(weights)
}

/// The weights of one period, zero in groups of which the factors leave nothing.
fn blended(
    shape: &Shape,
    top: NodeIndex,
    bases: &[BasisWeights],
    scales: &[Scale],
) -> Result<Vec<u64>, Refusal> {
    let len = (shape.end(top).0 - top.0) as usize;
    check_shares(bases.iter().map(|basis| basis.share_ppm))?;
    let mut blended = vec![0_u64; len];
    for basis in bases {
        let shares = Shares::of(shape, top, basis, scales)?;
        for (sum, part) in blended.iter_mut().zip(&shares.parts) {
            *sum += u64::from(basis.share_ppm) * part;
        }
    }
    Ok(blended)
}

/// Refuses shares that are nothing, or more than the whole.
fn check_shares(shares: impl Iterator<Item = u32>) -> Result<(), Refusal> {
    let sum_ppm: u64 = shares.map(u64::from).sum();
    if sum_ppm == 0 || sum_ppm > 1_000_000 {
        return Err(Refusal::Shares { sum_ppm });
    }
    Ok(())
}

/// The factor of one node in one period.
pub(crate) struct Scale {
    /// By local index.
    local: usize,
    ppm: u32,
}

impl Scale {
    /// The factors of some kinds in one period that change anything below `top`, by node; they must have been checked.
    pub(crate) fn of(
        shape: &Shape,
        top: NodeIndex,
        factors: &[Factor],
        period: usize,
        kinds: &[FactorKind],
    ) -> Vec<Self> {
        let below = |node| top < node && node < shape.end(top);
        let mut found: Vec<(usize, FactorKind, u32)> = factors
            .iter()
            .filter(|factor| kinds.contains(&factor.kind) && below(factor.node))
            .filter_map(|factor| {
                let ppm = factor.ppm.get(period).copied()?;
                let local = (factor.node.0 - top.0) as usize;
                (ppm != Factor::WHOLE_PPM).then_some((local, factor.kind, ppm))
            })
            .collect();
        found.sort_unstable();
        found
            .into_iter()
            .map(|(local, _, ppm)| Self { local, ppm })
            .collect()
    }
}

/// Refuses factors that do not fit the plan, or of which a node has two of one kind.
fn check_factors(shape: &Shape, top: NodeIndex, factors: &[Factor]) -> Result<(), Refusal> {
    let mut seen = Vec::with_capacity(factors.len());
    for factor in factors {
        let node = factor.node;
        let below = top < node && node < shape.end(top);
        let fits = factor.ppm.len() == shape.periods().len();
        if !below || !fits || factor.ppm.iter().any(|ppm| *ppm > Factor::MAX_PPM) {
            return Err(Refusal::Factor { node });
        }
        seen.push((node, factor.kind));
    }
    seen.sort_unstable();
    match seen.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Refusal::Factor { node: pair[0].0 }),
        None => Ok(()),
    }
}

/// What one basis says about a subtree.
pub(crate) struct Shares {
    /// By local index: the share of its sibling group in 2^39ths; 0 where the group is nothing.
    pub(crate) parts: Vec<u64>,
    /// By local index: the weight of the node with everything below it; [`FINE`] times that where there are factors.
    pub(crate) whole: Vec<u128>,
}

impl Shares {
    /// With the factors of a period in order of nodes; without any for a split that has none.
    pub(crate) fn of(
        shape: &Shape,
        top: NodeIndex,
        basis: &BasisWeights,
        scales: &[Scale],
    ) -> Result<Self, Refusal> {
        let (whole, groups) = sums(shape, top, basis, scales)?;
        let len = whole.len();
        let parts = (0..len)
            .map(|local| {
                if local == 0 {
                    0
                } else {
                    share_of(whole[local], groups[above(shape, top, local)]).unwrap_or(0)
                }
            })
            .collect();
        Ok(Self { parts, whole })
    }
}

/// What one basis says about a subtree, by local index: the weight of each node with everything below it, and that of its children
/// together. In [`FINE`] parts where there are factors, which stand in the order of nodes.
fn sums(
    shape: &Shape,
    top: NodeIndex,
    basis: &BasisWeights,
    scales: &[Scale],
) -> Result<(Vec<u128>, Vec<u128>), Refusal> {
    let len = (shape.end(top).0 - top.0) as usize;
    if basis.weights.len() != len - 1 {
        return Err(Refusal::Weights {
            expected: len as u64 - 1,
            got: basis.weights.len() as u64,
        });
    }
    let fine = if scales.is_empty() { 1 } else { FINE };
    let mut whole: Vec<u128> = std::iter::once(0)
        .chain(basis.weights.iter().copied())
        .map(|weight| u128::from(weight) * fine)
        .collect();
    let mut groups = vec![0_u128; len];
    let mut scales = scales.iter().rev().peekable();
    for local in (1..len).rev() {
        let too_large = || Refusal::Factor {
            node: NodeIndex(top.0 + local as u32),
        };
        let mut weight = whole[local];
        while let Some(scale) = scales.next_if(|scale| scale.local == local) {
            weight = times(weight, scale.ppm).ok_or_else(too_large)?;
        }
        whole[local] = weight;
        let parent = above(shape, top, local);
        whole[parent] = whole[parent].checked_add(weight).ok_or_else(too_large)?;
        groups[parent] = groups[parent].checked_add(weight).ok_or_else(too_large)?;
    }
    Ok((whole, groups))
}

/// The local index of the parent.
fn above(shape: &Shape, top: NodeIndex, local: usize) -> usize {
    (shape.parents()[top.0 as usize + local] - top.0) as usize
}

/// `weight · ppm / 1,000,000`, rounded down; `None` where it does not fit.
fn times(weight: u128, ppm: u32) -> Option<u128> {
    const MILLION: u128 = 1_000_000;
    let ppm = u128::from(ppm);
    let whole = (weight / MILLION).checked_mul(ppm)?;
    whole.checked_add(weight % MILLION * ppm / MILLION)
}

/// `part / whole` in 2^39ths, rounded to the nearest; `None` where the whole is nothing.
fn share_of(part: u128, whole: u128) -> Option<u64> {
    if whole == 0 {
        return None;
    }
    // Sums may take up to 128 bits: bring both down first where a share would not fit.
    let drop = (128 - whole.leading_zeros()).saturating_sub(128 - SHARE_BITS - 1);
    let (part, whole) = (part >> drop, whole >> drop);
    Some((((part << SHARE_BITS) + whole / 2) / whole) as u64)
}
