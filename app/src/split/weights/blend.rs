//! The blend that is being tried: shares of the bases, what they are of, and the amounts they would give.

use std::time::Duration;

use domain::basis::{WHOLE_PPM, brought_to, rescaled};
use domain::money::Minor;
use domain::plan::{Basis, BasisWeights, NodeIndex, PlanCommand, Refusal, Spread};
use leptos::prelude::*;

use crate::split::board::Board;
use crate::split::preview::Overlay;
use crate::split::refusal::blockers;
use crate::split::send::Sender;

/// The amounts are worked out at most this often while a slider moves.
const FRAME: Duration = Duration::from_millis(60);

/// A blend that is being tried on the open plan.
#[derive(Clone, Copy)]
pub struct Blend {
    board: Board,
    /// The share of each known basis in millionths, in the order of the plan's bases; they make [`WHOLE_PPM`].
    pub(super) shares: RwSignal<Vec<(Basis, u32)>>,
    /// What is split: the root, or a branch.
    pub(super) node: RwSignal<NodeIndex>,
    /// Whether the rows show what the blend would give.
    pub(super) tried: RwSignal<bool>,
    /// Why it cannot be done.
    pub(super) refusal: RwSignal<Option<Refusal>>,
    /// The shares the whole was last split by, as stored; all nothing where it follows no basis.
    in_force: Memo<Vec<(Basis, u32)>>,
    /// Whether the amounts will be worked out soon.
    waiting: StoredValue<bool>,
}

impl Blend {
    /// The blend in force, or where the numbers follow none, the one that is proposed.
    pub(super) fn new(board: Board) -> Self {
        let in_force = Memo::new(move |_| {
            let known: Vec<Basis> = board.about(|open| open.bases.iter().map(|basis| basis.basis).collect());
            let share = |basis: Basis| (basis, board.share_ppm(basis).unwrap_or(0));
            known.into_iter().map(share).collect::<Vec<_>>()
        });
        let blend = Self {
            board,
            shares: RwSignal::new(start(&in_force.get_untracked())),
            node: RwSignal::new(NodeIndex(0)),
            tried: RwSignal::new(false),
            refusal: RwSignal::new(None),
            in_force,
            waiting: StoredValue::new(false),
        };
        // After an undo, or when somebody else split anew, the sliders follow, unless somebody is trying something.
        Effect::watch(
            move || in_force.get(),
            move |shares, _, _| {
                if !blend.tried.get_untracked() {
                    blend.shares.set(start(shares));
                }
            },
            false,
        );
        // What others do changes what the blend would give.
        Effect::new(move |_| {
            let _ = board.share_ppm(Basis::Equal);
            if blend.tried.get_untracked() {
                blend.soon();
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

    /// Splits the whole plan, or only a branch of it.
    pub(super) fn aim_at(&self, node: NodeIndex) {
        self.node.set(node);
        if self.tried.get_untracked() {
            self.soon();
        }
    }

    /// Makes the split.
    pub(super) fn apply(&self, sender: &Sender) {
        self.tried.set(false);
        self.refusal.set(None);
        self.board.preview(None, Vec::new());
        sender.send(self.command());
    }

    /// The rows show what there is again, and the sliders what is in force.
    pub(super) fn discard(&self) {
        self.tried.set(false);
        self.refusal.set(None);
        self.shares.set(start(&self.in_force.get_untracked()));
        self.board.preview(None, Vec::new());
    }

    fn try_out(&self) {
        self.tried.set(true);
        self.soon();
    }

    /// Works the amounts out in a moment, once for all that happens until then.
    fn soon(&self) {
        if self.waiting.try_get_value() != Some(false) {
            return;
        }
        self.waiting.set_value(true);
        let blend = *self;
        set_timeout(
            move || {
                // The page may be gone meanwhile.
                if blend.waiting.try_set_value(false).is_none()
                    && blend.tried.try_get_untracked() == Some(true)
                {
                    blend.show();
                }
            },
            FRAME,
        );
    }

    /// Shows every row with what the blend would give it, or says why it cannot be done.
    fn show(&self) {
        let command = self.command();
        let shown = self
            .board
            .grid(|grid| domain::plan::apply(grid, &command).map(|deltas| Overlay::of_deltas(grid, &deltas)));
        match shown {
            Ok(overlay) => {
                self.refusal.set(None);
                self.board.preview(Some(overlay), Vec::new());
            }
            Err(refusal) => {
                self.board.preview(None, blockers(&refusal));
                self.refusal.set(Some(refusal));
            }
        }
    }

    fn command(&self) -> PlanCommand {
        let node = self.node.get_untracked();
        // Weights are of every node below the root: those of a branch follow on its own place.
        let end = self.board.shape(|shape| shape.end(node));
        let below = node.0 as usize..(end.0 as usize).saturating_sub(1);
        let shares = self.shares.get_untracked();
        let bases = self.board.about(|open| {
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
        PlanCommand::Split {
            node,
            spread: Spread::Subtree,
            bases,
            factors: Vec::new(),
            proposals: Vec::new(),
            uplift_ppm: Vec::new(),
            step: Minor(1),
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
