//! The weights of one sibling group after another, where those of a few are needed while shares move: the same as
//! [`super::of_subtree`] finds for everybody. What does not depend on the shares is worked out once.

use super::{FINE, Scale, check_factors, check_shares, share_of, sums, times};
use crate::plan::{BasisWeights, Factor, FactorKind, NodeIndex, OwnWeights, Refusal, Shape};

/// In place of a rank: nothing lies below.
const LEAF: u32 = u32::MAX;

/// What the groups of a subtree are weighed by.
pub(crate) struct Groups {
    top: NodeIndex,
    /// Whether factors may make periods differ.
    by_period: bool,
    /// The whole first, then the branches with weights of their own, from the outer to the inner ones.
    branches: Vec<Branch>,
    /// Branches before this one have everything they need.
    ready: usize,
}

/// A part of the subtree that has bases of its own.
struct Branch {
    node: NodeIndex,
    bases: Vec<Known>,
    /// By local index: the place among those with something below.
    ranks: Vec<u32>,
    /// By period; none where factors change nothing.
    scales: Vec<Vec<Scale>>,
}

/// A basis, with what is below each inner node by it.
struct Known {
    basis: BasisWeights,
    /// Without factors, by rank; none as long as nobody needed it.
    plain: Option<Vec<u128>>,
    /// With those of a period.
    scaled: Vec<Option<Vec<u128>>>,
}

impl Groups {
    /// The groups below `top`; the shares of its own bases are those that move. Refuses what [`super::of_subtree`] does, but for
    /// what is found in the weights themselves: that is found by [`Self::prepare`].
    pub(crate) fn of(
        shape: &Shape,
        top: NodeIndex,
        bases: Vec<BasisWeights>,
        factors: &[Factor],
        own: Vec<OwnWeights>,
    ) -> Result<Self, Refusal> {
        check_factors(shape, top, factors)?;
        for own in &own {
            check_shares(own.bases.iter().map(|basis| basis.share_ppm))?;
        }
        let mut parts = vec![(top, bases)];
        parts.extend(own.into_iter().map(|own| (own.node, own.bases)));
        parts.sort_by_key(|(node, _)| *node);
        let mut branches: Vec<Branch> = Vec::with_capacity(parts.len());
        for (node, bases) in parts {
            let below = top <= node && node < shape.end(top) && !shape.is_leaf(node);
            if !below || branches.last().is_some_and(|before| before.node == node) {
                return Err(Refusal::UnknownNode { node });
            }
            branches.push(Branch::new(shape, node, bases, factors));
        }
        Ok(Self {
            top,
            by_period: !factors.is_empty(),
            branches,
            ready: 0,
        })
    }

    /// Whether there are weights for each period.
    pub(crate) fn by_period(&self) -> bool {
        self.by_period
    }

    /// The shares of the bases of the whole, in their order.
    pub(crate) fn set_shares(&mut self, shares: &[u32]) -> Result<(), Refusal> {
        check_shares(shares.iter().copied())?;
        if let Some(whole) = self.branches.first_mut() {
            for (known, share_ppm) in whole.bases.iter_mut().zip(shares) {
                known.basis.share_ppm = *share_ppm;
            }
        }
        self.ready = 0;
        Ok(())
    }

    /// Works out the next that bases with a share need; how many rows it went through, none where nothing is lacking.
    pub(crate) fn prepare(&mut self, shape: &Shape) -> Result<Option<usize>, Refusal> {
        while let Some(branch) = self.branches.get_mut(self.ready) {
            if branch.prepare(shape)? {
                return Ok(Some(branch.ranks.len()));
            }
            self.ready += 1;
        }
        Ok(None)
    }

    /// Puts the weights of the children of a node in their places, by index less the top's: one list, or one for each period.
    /// Everything has to be prepared.
    pub(crate) fn put(&self, shape: &Shape, parent: NodeIndex, columns: &mut [Vec<u64>]) {
        let Some(branch) = self.branch_of(shape, parent) else {
            return;
        };
        let plain = branch.blended(shape, parent, None);
        for (column, weights) in columns.iter_mut().enumerate() {
            let scaled = branch.blended_in(shape, parent, column);
            for (child, weight) in shape.children(parent).zip(scaled.as_ref().unwrap_or(&plain)) {
                if let Some(place) = weights.get_mut((child.0 - self.top.0) as usize) {
                    *place = *weight;
                }
            }
        }
    }

    /// The innermost branch that decides right below a node.
    fn branch_of(&self, shape: &Shape, parent: NodeIndex) -> Option<&Branch> {
        std::iter::once(parent)
            .chain(shape.ancestors(parent))
            .find_map(|node| {
                let place = self.branches.binary_search_by_key(&node, |branch| branch.node);
                place.ok().and_then(|place| self.branches.get(place))
            })
    }
}

impl Branch {
    fn new(shape: &Shape, node: NodeIndex, bases: Vec<BasisWeights>, factors: &[Factor]) -> Self {
        let periods = if factors.is_empty() {
            0
        } else {
            shape.periods().len()
        };
        let known = |basis: BasisWeights| Known {
            basis,
            plain: None,
            scaled: vec![None; periods],
        };
        let mut inner = 0;
        let ranks = (node.0..shape.end(node).0).map(|row| {
            if shape.is_leaf(NodeIndex(row)) {
                return LEAF;
            }
            inner += 1;
            inner - 1
        });
        Self {
            node,
            ranks: ranks.collect(),
            bases: bases.into_iter().map(known).collect(),
            scales: (0..periods)
                .map(|period| Scale::of(shape, node, factors, period, &FactorKind::ALL))
                .collect(),
        }
    }

    /// Works out the next that is lacking; whether anything was.
    fn prepare(&mut self, shape: &Shape) -> Result<bool, Refusal> {
        let (node, ranks) = (self.node, &self.ranks);
        for known in self.bases.iter_mut().filter(|known| known.basis.share_ppm > 0) {
            let below = |scales: &[Scale]| {
                let (whole, _) = sums(shape, node, &known.basis, scales)?;
                let inner = whole.into_iter().zip(ranks).filter(|(_, rank)| **rank != LEAF);
                Ok::<_, Refusal>(inner.map(|(whole, _)| whole).collect::<Vec<u128>>())
            };
            if known.plain.is_none() {
                known.plain = Some(below(&[])?);
                return Ok(true);
            }
            let mut columns = known.scaled.iter_mut().zip(&self.scales);
            if let Some((scaled, scales)) =
                columns.find(|(scaled, scales)| scaled.is_none() && !scales.is_empty())
            {
                *scaled = Some(below(scales)?);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The weights of the children of a node in a period; none where factors change nothing in it, or leave nothing of them.
    fn blended_in(&self, shape: &Shape, parent: NodeIndex, column: usize) -> Option<Vec<u64>> {
        let scales = self.scales.get(column).filter(|scales| !scales.is_empty())?;
        let blended = self.blended(shape, parent, Some((column, scales.as_slice())));
        blended.iter().any(|weight| *weight > 0).then_some(blended)
    }

    /// The weights of the children of a node, without factors or with those of a period.
    fn blended(&self, shape: &Shape, parent: NodeIndex, period: Option<(usize, &[Scale])>) -> Vec<u64> {
        let mut blended = vec![0_u64; shape.children(parent).count()];
        let mut group = Vec::with_capacity(blended.len());
        for known in self.bases.iter().filter(|known| known.basis.share_ppm > 0) {
            let (below, scales) = match period {
                None => (&known.plain, None),
                Some((column, scales)) => (known.scaled.get(column).unwrap_or(&known.plain), Some(scales)),
            };
            let below = below.as_deref().unwrap_or_default();
            group.clear();
            group.extend(shape.children(parent).map(|child| {
                let local = (child.0 - self.node.0) as usize;
                let inner = self.ranks.get(local).and_then(|rank| below.get(*rank as usize));
                inner
                    .copied()
                    .unwrap_or_else(|| leaf(&known.basis, local, scales))
            }));
            let whole: u128 = group.iter().sum();
            for (sum, part) in blended.iter_mut().zip(&group) {
                *sum += u64::from(known.basis.share_ppm) * share_of(*part, whole).unwrap_or(0);
            }
        }
        blended
    }
}

/// The weight of a node with nothing below it, as [`sums`] has it. What is too large was refused there.
fn leaf(basis: &BasisWeights, local: usize, scales: Option<&[Scale]>) -> u128 {
    let weight = local.checked_sub(1).and_then(|place| basis.weights.get(place));
    let weight = u128::from(weight.copied().unwrap_or(0));
    let Some(scales) = scales else { return weight };
    let from = scales.partition_point(|scale| scale.local < local);
    let until = scales.partition_point(|scale| scale.local <= local);
    let own = scales.get(from..until).unwrap_or_default();
    own.iter().rev().fold(weight * FINE, |weight, scale| {
        times(weight, scale.ppm).unwrap_or(0)
    })
}
