//! The blend that is being tried: shares of the bases, what they are of, what makes rows count differently by period, which
//! branches keep weights of their own, and the amounts all that would give.

use domain::basis::{WHOLE_PPM, brought_to, rescaled};
use domain::level::Level;
use domain::money::Minor;
use domain::plan::{
    Basis, BasisWeights, Factor, FactorKind, NodeIndex, OwnWeights, PlanCommand, Refusal, Spread,
};
use domain::split::{Counted, InForce, OwnShares};
use leptos::prelude::*;

use super::tried::Tried;
use crate::split::board::Board;
use crate::split::send::Sender;

/// Amounts are given to the minor unit.
pub(super) const STEP: Minor = Minor(1);

/// A blend that is being tried on the open plan.
#[derive(Clone, Copy)]
pub struct Blend {
    pub(super) board: Board,
    /// The share of each known basis in millionths, in the order of the plan's bases; they make [`WHOLE_PPM`].
    pub(super) shares: RwSignal<Vec<(Basis, u32)>>,
    /// What is split: the root, or a branch.
    pub(super) node: RwSignal<NodeIndex>,
    /// Which kinds of factors count.
    pub(super) kinds: RwSignal<Vec<FactorKind>>,
    /// What is known of the rows beside their weights; none until it was fetched.
    counted: RwSignal<Option<Counted>>,
    /// Whether branches within what is split keep weights of their own.
    pub(super) keeps_own: RwSignal<bool>,
    /// Whether the rows show what the blend would give.
    pub(super) tried: RwSignal<bool>,
    /// Why it cannot be done.
    pub(super) refusal: RwSignal<Option<Refusal>>,
    /// The shares the whole was last split by, as stored; all nothing where it follows no basis.
    in_force: Memo<Vec<(Basis, u32)>>,
    /// How that split went beside its shares.
    beside: Memo<InForce>,
    /// What was worked out of it.
    pub(super) amounts: Tried,
}

impl Blend {
    /// The blend in force, or where the numbers follow none, the one that is proposed.
    pub(super) fn new(board: Board) -> Self {
        let in_force = Memo::new(move |_| {
            let known: Vec<Basis> = board.about(|open| open.bases.iter().map(|basis| basis.basis).collect());
            let share = |basis: Basis| (basis, board.share_ppm(basis).unwrap_or(0));
            known.into_iter().map(share).collect::<Vec<_>>()
        });
        let beside = Memo::new(move |_| board.in_force());
        let kinds = Memo::new(move |_| beside.with(|beside| beside.kinds.clone()));
        let blend = Self {
            board,
            shares: RwSignal::new(start(&in_force.get_untracked())),
            node: RwSignal::new(NodeIndex(0)),
            kinds: RwSignal::new(kinds.get_untracked()),
            counted: RwSignal::new(None),
            keeps_own: RwSignal::new(true),
            tried: RwSignal::new(false),
            refusal: RwSignal::new(None),
            in_force,
            beside,
            amounts: Tried::new(),
        };
        // After an undo, or when somebody else split anew, the sliders follow, unless somebody is trying something.
        Effect::watch(
            move || (in_force.get(), beside.get()),
            move |_, _, _| {
                if !blend.tried.get_untracked() {
                    blend.shares.set(start(&blend.standing()));
                }
            },
            false,
        );
        Effect::watch(
            move || kinds.get(),
            move |kinds, _, _| {
                if !blend.tried.get_untracked() {
                    blend.kinds.set(kinds.clone());
                }
            },
            false,
        );
        // So they do after a split that was sent and is not taken, here or by the server, and after a way out of what was tried.
        Effect::new(move |_| {
            board.track_settled();
            let waits = board.unsaved.get_untracked() > 0;
            if !waits && !blend.tried.get_untracked() {
                blend.show_standing();
            }
        });
        // What others do changes what the blend would give.
        Effect::new(move |_| {
            let _ = board.share_ppm(Basis::Equal);
            if blend.tried.get_untracked() {
                blend.soon();
            }
        });
        // What a hand drags stands in its place until it lets go, and another level while somebody looks at that.
        Effect::new(move |_| {
            if board.shows_target() && !board.is_in_drag() && blend.tried.get_untracked() {
                blend.soon();
            }
        });
        // What comes into sight shows it too.
        Effect::new(move |_| {
            board.rows_in_sight.track();
            if blend.tried.get_untracked() {
                blend.more_in_sight();
            }
        });
        blend
    }

    /// Whether the numbers of the whole follow bases; tracks changes.
    pub(super) fn is_by_bases(&self) -> bool {
        self.in_force
            .with(|shares| shares.iter().any(|(_, share_ppm)| *share_ppm > 0))
    }

    /// The share of a basis, millionths; tracks changes.
    pub(super) fn share_ppm(&self, of: Basis) -> u32 {
        self.shares.with(|shares| {
            let found = shares.iter().find(|(basis, _)| *basis == of);
            found.map_or(0, |(_, share_ppm)| *share_ppm)
        })
    }

    /// Moves one slider; the others keep their proportions.
    pub(super) fn slide(&self, basis: Basis, to_ppm: u32) {
        self.shares.update(|shares| {
            let Some(moved) = shares.iter().position(|(known, _)| *known == basis) else {
                return;
            };
            let parts: Vec<u32> = shares.iter().map(|(_, share_ppm)| *share_ppm).collect();
            for ((_, share_ppm), part) in shares.iter_mut().zip(rescaled(&parts, moved, to_ppm)) {
                *share_ppm = part;
            }
        });
        self.try_out();
    }

    /// Sets all sliders: those that are not named to nothing.
    pub(super) fn take(&self, wanted: &[(Basis, u32)]) {
        self.shares.update(|shares| {
            for (basis, share_ppm) in shares.iter_mut() {
                let found = wanted.iter().find(|(known, _)| known == basis);
                *share_ppm = found.map_or(0, |(_, share_ppm)| *share_ppm);
            }
        });
        self.try_out();
    }

    /// Splits the whole plan, or only a branch of it; sliders that nobody moved show the weights that branch has.
    pub(super) fn aim_at(&self, node: NodeIndex) {
        self.node.set(node);
        if self.tried.get_untracked() {
            self.soon();
        } else {
            self.shares.set(start(&self.standing()));
        }
    }

    /// Takes in what was fetched of the rows.
    pub(super) fn know(&self, counted: Counted) {
        self.counted.set(Some(counted));
        self.amounts.forget();
        if self.tried.get_untracked() {
            self.soon();
        }
    }

    /// Whether it is known which rows count differently by period; tracks changes.
    pub(super) fn is_ready(&self) -> bool {
        self.counted.with(Option::is_some)
    }

    /// How many rows of what is split a kind of factor concerns; none until that is known. Tracks changes.
    pub(super) fn concerned(&self, kind: FactorKind) -> Option<usize> {
        let node = self.node.get();
        self.counted.with(|counted| {
            let counted = counted.as_ref()?;
            Some(self.board.shape(|shape| counted.concerned(shape, node, kind)))
        })
    }

    /// The kinds that count and concern anybody, as they are told; tracks changes.
    pub(super) fn counting(&self) -> Vec<FactorKind> {
        let chosen = self.kinds.get();
        FactorKind::ALL
            .into_iter()
            .filter(|kind| chosen.contains(kind) && self.concerned(*kind) != Some(0))
            .collect()
    }

    /// Lets a kind of factor count, or not.
    pub(super) fn count(&self, kind: FactorKind, wanted: bool) {
        self.kinds.update(|kinds| {
            kinds.retain(|known| *known != kind);
            if wanted {
                kinds.push(kind);
            }
        });
        self.try_out();
    }

    /// The branches within what is split that have weights of their own; tracks changes.
    pub(super) fn branches(&self) -> Vec<OwnShares> {
        let node = self.node.get();
        self.beside.with(|beside| self.inside(beside, node))
    }

    /// Lets branches keep weights of their own, or not.
    pub(super) fn keep_own(&self, keeps: bool) {
        self.keeps_own.set(keeps);
        self.try_out();
    }

    fn inside(&self, beside: &InForce, node: NodeIndex) -> Vec<OwnShares> {
        let end = self.board.shape(|shape| shape.end(node));
        let inside = |own: &&OwnShares| node < own.node && own.node < end;
        beside.own.iter().filter(inside).cloned().collect()
    }

    /// The shares that what is split now goes by: those of the whole, or of the branch around it that has its own.
    fn standing(&self) -> Vec<(Basis, u32)> {
        let node = self.node.get_untracked();
        let whole = self.in_force.get_untracked();
        let own = self.beside.with_untracked(|beside| {
            self.board.shape(|shape| {
                let around =
                    |own: &&OwnShares| own.node <= node && shape.has(own.node) && node < shape.end(own.node);
                let nearest = beside.own.iter().filter(around).max_by_key(|own| own.node);
                nearest.map(|own| own.shares.clone())
            })
        });
        let Some(own) = own else { return whole };
        let share = |(basis, _): (Basis, u32)| {
            let found = own.iter().find(|(known, _)| *known == basis);
            (basis, found.map_or(0, |(_, share_ppm)| *share_ppm))
        };
        whole.into_iter().map(share).collect()
    }

    /// Makes the split.
    pub(super) fn apply(&self, sender: &Sender) {
        self.end();
        sender.send(self.command());
        // What is given up is chosen anew each time.
        self.keeps_own.set(true);
    }

    /// Trying ends: the rows show what there is again.
    pub(super) fn end(&self) {
        self.tried.set(false);
        self.amounts.forget();
        self.refusal.set(None);
        self.board.preview(None, Vec::new());
    }

    /// The rows show what there is again, and the sliders what is in force.
    pub(super) fn discard(&self) {
        self.tried.set(false);
        self.amounts.forget();
        self.refusal.set(None);
        self.show_standing();
        self.keeps_own.set(true);
        self.board.preview(None, Vec::new());
    }

    /// The sliders show the weights that hold of what is split, and the boxes what counts. Does not track.
    fn show_standing(&self) {
        let shares = start(&self.standing());
        if self.shares.with_untracked(|shown| *shown != shares) {
            self.shares.set(shares);
        }
        let kinds = self.beside.with_untracked(|beside| beside.kinds.clone());
        if self.kinds.with_untracked(|shown| *shown != kinds) {
            self.kinds.set(kinds);
        }
    }

    fn try_out(&self) {
        // What a change would do is seen on the target.
        if !self.board.shows_target_now() {
            self.board.show_aim(Level::Target);
        }
        self.tried.set(true);
        self.soon();
    }

    /// The bases of a branch with these shares, as they count with the chosen factors.
    fn bases(&self, top: NodeIndex, shares: &[(Basis, u32)], kinds: &[FactorKind]) -> Vec<BasisWeights> {
        // Weights are of every node below the root: those of a branch follow on its own place.
        let end = self.board.shape(|shape| shape.end(top));
        let below = top.0 as usize..(end.0 as usize).saturating_sub(1);
        let mut bases = self.board.about(|open| {
            let part = |basis: &BasisWeights| {
                let (_, share_ppm) = shares.iter().find(|(known, _)| *known == basis.basis)?;
                (*share_ppm > 0).then(|| BasisWeights {
                    basis: basis.basis,
                    share_ppm: *share_ppm,
                    weights: basis.weights.get(below.clone()).unwrap_or_default().to_vec(),
                })
            };
            open.bases.iter().filter_map(part).collect::<Vec<_>>()
        });
        self.counted.with_untracked(|counted| {
            if let Some(counted) = counted {
                counted.fit(top, &mut bases, kinds);
            }
        });
        bases
    }

    /// What is split by, with these shares of the bases: those that have one, what makes rows count differently, and the branches that
    /// go by weights of their own. Does not track.
    pub(super) fn parts(&self, shares: &[(Basis, u32)]) -> (Vec<BasisWeights>, Vec<Factor>, Vec<OwnWeights>) {
        let node = self.node.get_untracked();
        let kinds = self.kinds.get_untracked();
        let factors = self.counted.with_untracked(|counted| {
            let factors = counted
                .as_ref()
                .map(|counted| self.board.shape(|shape| counted.factors(shape, node, &kinds)));
            factors.unwrap_or_default()
        });
        let kept = if self.keeps_own.get_untracked() {
            self.beside.with_untracked(|beside| self.inside(beside, node))
        } else {
            Vec::new()
        };
        let own = kept.into_iter().map(|kept| OwnWeights {
            node: kept.node,
            bases: self.bases(kept.node, &kept.shares, &kinds),
        });
        let own = own.filter(|own| !own.bases.is_empty()).collect();
        (self.bases(node, shares, &kinds), factors, own)
    }

    /// The split that is tried. Does not track.
    pub(super) fn command(&self) -> PlanCommand {
        let (bases, factors, own) = self.parts(&self.shares.get_untracked());
        PlanCommand::Split {
            node: self.node.get_untracked(),
            spread: Spread::Subtree,
            bases,
            factors,
            own,
            proposals: Vec::new(),
            uplift_ppm: Vec::new(),
            step: STEP,
            reason: None,
        }
    }
}

/// Where the sliders begin: at what is in force, else at history, which is proposed where it is known, else at the first.
fn start(in_force: &[(Basis, u32)]) -> Vec<(Basis, u32)> {
    let mut parts: Vec<u32> = in_force.iter().map(|(_, share_ppm)| *share_ppm).collect();
    if parts.iter().all(|share_ppm| *share_ppm == 0) {
        let history = in_force.iter().position(|(basis, _)| *basis == Basis::History);
        if let Some(part) = parts.get_mut(history.unwrap_or(0)) {
            *part = WHOLE_PPM;
        }
    }
    let whole = brought_to(&parts, WHOLE_PPM);
    in_force.iter().map(|(basis, _)| *basis).zip(whole).collect()
}

#[cfg(test)]
mod tests {
    use domain::plan::Basis;

    use super::start;

    #[test]
    fn sliders_begin_at_what_is_in_force_or_proposed() {
        let known = |history, equal| [(Basis::Equal, equal), (Basis::History, history)];
        assert_eq!(start(&known(800_000, 200_000)), known(800_000, 200_000));
        assert_eq!(start(&known(400_000, 100_000)), known(800_000, 200_000));
        assert_eq!(start(&known(0, 0)), known(1_000_000, 0));
        assert_eq!(start(&[(Basis::Equal, 0)]), [(Basis::Equal, 1_000_000)]);
        assert!(start(&[]).is_empty());
    }
}
