//! What a split gave to one node, step by step.

use super::{Step, StepKind, deciding};
use crate::allocation::blend::{Scale, Shares, scaled};
use crate::allocation::{Filler, Rounding, Slot, round};
use crate::money::Minor;
use crate::plan::{
    Basis, BasisWeights, Entry, Factor, FactorKind, Grid, Kept, NodeIndex, PeriodIndex, PlanCommand,
    Proposal, Shape,
};

/// One basis within the sibling group.
struct Part {
    basis: Basis,
    share_ppm: u32,
    /// In 2^39ths of the group.
    own: u64,
    /// Share of the blend times what the basis gives to the group: 2^39ths × millionths, 0 if it says nothing.
    group: u128,
    weight: u128,
    of_weight: u128,
    /// What it gave.
    given: i64,
}

/// What the steps sum up over periods.
#[derive(Default)]
struct Sums {
    had: i64,
    over: i64,
    factors: [i64; FactorKind::ALL.len()],
    hedge: i64,
    bounds: i64,
    absence: i64,
    proposal: i64,
    rounding: i64,
    unweighted: i64,
}

/// The sibling group of a node in a split, looked at as if only its parent were split: what lies elsewhere does not matter
/// to it.
struct Group<'a> {
    shape: &'a Shape,
    parent: NodeIndex,
    /// The weights of everybody below the parent.
    bases: Vec<BasisWeights>,
    factors: &'a [Factor],
    siblings: Vec<NodeIndex>,
    /// Which of the siblings is explained.
    index: usize,
    /// The blended weights without factors, by local index.
    plain: Vec<u64>,
}

impl Group<'_> {
    fn local(&self, node: NodeIndex) -> usize {
        (node.0 - self.parent.0) as usize
    }

    /// What each basis says about the group; fills the group's plain weights.
    fn parts(&mut self, node: NodeIndex) -> Vec<Part> {
        let mut parts = Vec::with_capacity(self.bases.len());
        for basis in &self.bases {
            let Ok(shares) = Shares::of(self.shape, self.parent, basis, &[]) else {
                continue;
            };
            let mut part = Part {
                basis: basis.basis,
                share_ppm: basis.share_ppm,
                own: shares.parts[self.local(node)],
                group: 0,
                weight: shares.whole[self.local(node)],
                of_weight: 0,
                given: 0,
            };
            for sibling in &self.siblings {
                let local = self.local(*sibling);
                part.group += u128::from(basis.share_ppm) * u128::from(shares.parts[local]);
                part.of_weight += shares.whole[local];
            }
            for (sum, share) in self.plain.iter_mut().zip(&shares.parts) {
                *sum += u64::from(basis.share_ppm) * share;
            }
            parts.push(part);
        }
        parts
    }

    /// What the node gets of a total by its weight alone. The total may be more than one amount can be.
    fn own(&self, total: i64, weights: &[u64], step: i64) -> i64 {
        let slot = |sibling: &NodeIndex| Slot::new(sibling.0, weights[self.local(*sibling)], 0, i64::MAX);
        let mut slots: Vec<Slot> = self.siblings.iter().map(slot).collect();
        let key = |id| self.shape.key(id);
        Filler::default().fill(total, &mut slots, key);
        round(&mut slots, step, Rounding::Inside, key);
        slots.get(self.index).map_or(0, |slot| slot.amount)
    }

    /// Whether nothing holds the group in a period but that somebody in it is not there: a cap of zero, for a unit on
    /// everybody in it.
    fn only_absence(&self, grid: &Grid, period: PeriodIndex) -> bool {
        let is_shut = |node: NodeIndex| grid.constraint(node, Some(period)).cap == Some(Minor(0));
        let is_gone = |sibling: NodeIndex| {
            let mut below = (sibling.0..self.shape.end(sibling).0).map(NodeIndex);
            is_shut(sibling) || below.all(|node| !self.shape.is_leaf(node) || is_shut(node))
        };
        let is_held = |sibling: NodeIndex| {
            let places = [Some(period), None];
            places
                .iter()
                .any(|place| !grid.constraint(sibling, *place).is_empty())
        };
        let (gone, there): (Vec<NodeIndex>, Vec<NodeIndex>) = self
            .siblings
            .iter()
            .copied()
            .partition(|sibling| is_gone(*sibling));
        !gone.is_empty() && !there.into_iter().any(is_held)
    }

    /// The weights where no basis says anything.
    fn otherwise(&self, before: &Grid) -> Vec<u64> {
        let mut weights = vec![0; self.plain.len()];
        let stand_in = before.stand_in_weights(&self.siblings);
        for (sibling, weight) in self.siblings.iter().zip(stand_in) {
            weights[self.local(*sibling)] = weight;
        }
        weights
    }

    /// The weights of a period with factors of some kinds; those before where none of them changes anything. The
    /// command was applied, so they fit.
    fn weights(&self, period: PeriodIndex, kinds: &[FactorKind], before: Vec<u64>) -> Vec<u64> {
        let newest = kinds.last().map(std::slice::from_ref).unwrap_or_default();
        let changes = |kinds| {
            Scale::of(
                self.shape,
                self.parent,
                self.factors,
                usize::from(period.0),
                kinds,
            )
        };
        if changes(newest).is_empty() {
            return before;
        }
        let scales = changes(kinds);
        scaled(self.shape, self.parent, &self.bases, &scales, &self.plain).unwrap_or(before)
    }

    /// The factor of one kind that the node has in all of the periods.
    fn own_factor(&self, kind: FactorKind, periods: &[PeriodIndex]) -> Option<u32> {
        let node = self.siblings.get(self.index)?;
        let found = |factor: &&Factor| factor.kind == kind && factor.node == *node;
        let factor = self.factors.iter().find(found)?;
        let mut ppm = periods.iter().map(|period| factor.ppm.get(usize::from(period.0)));
        let first = ppm.next()??;
        ppm.all(|other| other == Some(first)).then_some(*first)
    }
}

/// Appends the steps by which a split brought the node to what it is in `after`; they sum to that exactly.
pub(super) fn steps(
    before: &Grid,
    after: &Grid,
    entry: &Entry,
    node: NodeIndex,
    periods: &[PeriodIndex],
    steps: &mut Vec<Step>,
) {
    let PlanCommand::Split {
        node: top,
        bases,
        factors,
        own,
        proposals,
        step,
        ..
    } = &entry.command
    else {
        return;
    };
    let shape = before.shape();
    let Some(parent) = shape.parent(node) else { return };
    let siblings: Vec<NodeIndex> = shape.children(parent).collect();
    let index = siblings.iter().position(|sibling| *sibling == node);
    let (from, bases) = deciding(shape, *top, bases, own, parent);
    let below = (parent.0 - from.0) as usize..(shape.end(parent).0 - from.0 - 1) as usize;
    // The command was applied, so its weights fit; a log that says otherwise leaves the step out.
    let bases = bases.iter().filter_map(|basis| {
        Some(BasisWeights {
            weights: basis.weights.get(below.clone())?.to_vec(),
            ..*basis
        })
    });
    let mut group = Group {
        shape,
        parent,
        bases: bases.collect(),
        factors,
        index: index.unwrap_or_default(),
        siblings,
        plain: vec![0; below.len() + 1],
    };
    let mut parts = group.parts(node);
    let of_group = |sibling: &NodeIndex| u128::from(group.plain[group.local(*sibling)]);
    let sum: u128 = group.siblings.iter().map(of_group).sum();
    let weighted = sum > 0;
    // Where no basis says anything, none gives anything of it.
    let whole = sum.max(1);
    if !weighted {
        group.plain = group.otherwise(before);
    }
    // Whether a proposal made the amount what it is, where bounds did that much: what is only the least takes nothing away.
    let proposed = |period: Option<PeriodIndex>, held: i64| {
        let amount = after.amount(node, period);
        let decides = |proposal: &Proposal| {
            (proposal.node, proposal.period, proposal.amount) == (node, period, amount)
                && (proposal.kept == Kept::Exactly || held > 0)
        };
        proposals.iter().any(decides)
    };
    let mut sums = Sums::default();
    for &period in periods {
        let had = after.amount(parent, Some(period)).0;
        let over = after.hedge(parent, Some(period)).0;
        let result = after.amount(node, Some(period)).0;
        sums.had += had;
        sums.over += over;
        let mut last = group.own(had, &group.plain, 1);
        let mut ungiven = last;
        for part in &mut parts {
            let weight = u128::from(part.share_ppm) * u128::from(part.own);
            let gives = ((had as u128 * weight + whole / 2) / whole) as i64;
            part.given += gives;
            ungiven -= gives;
        }
        if weighted {
            sums.rounding += ungiven;
        } else {
            sums.unweighted += ungiven;
        }
        let mut weights = group.plain.clone();
        for (place, sum) in sums.factors.iter_mut().enumerate() {
            weights = group.weights(period, &FactorKind::ALL[..=place], weights);
            let now = group.own(had, &weights, 1);
            *sum += now - last;
            last = now;
        }
        let hedged = group.own(had + over, &weights, 1);
        let stepped = group.own(had + over, &weights, step.0);
        sums.hedge += hedged - last;
        sums.rounding += stepped - hedged;
        let held = result - stepped;
        if proposed(Some(period), held) {
            sums.proposal += held;
        } else if held != 0 && group.only_absence(after, period) {
            sums.absence += held;
        } else {
            sums.bounds += held;
        }
    }
    let seq = entry.seq;
    let mut tell = |amount: i64, kind: StepKind| {
        steps.push(Step {
            amount: Minor(amount),
            kind,
        });
    };
    let of = Minor(sums.had);
    if !weighted {
        tell(sums.unweighted, StepKind::Unweighted { seq, of });
    }
    for part in parts.iter().filter(|part| part.group > 0) {
        let kind = StepKind::Basis {
            seq,
            basis: part.basis,
            share_ppm: ((part.group * 1_000_000 + whole / 2) / whole) as u32,
            weight: u64::try_from(part.weight).unwrap_or(u64::MAX),
            of_weight: u64::try_from(part.of_weight).unwrap_or(u64::MAX),
            of,
        };
        tell(part.given, kind);
    }
    for (factor, amount) in FactorKind::ALL.into_iter().zip(sums.factors) {
        let own_ppm = group.own_factor(factor, periods);
        tell(amount, StepKind::Factor { seq, factor, own_ppm });
    }
    let of = Minor(sums.over);
    tell(sums.hedge, StepKind::Hedge { seq, of });
    if proposed(None, sums.bounds) {
        sums.proposal += std::mem::take(&mut sums.bounds);
    }
    tell(sums.proposal, StepKind::Proposal { seq });
    tell(sums.absence, StepKind::Absence { seq });
    tell(sums.bounds, StepKind::Bounds { seq });
    tell(sums.rounding, StepKind::Rounding { seq, step: *step });
}
