//! The ways out of a refusal: what would have to give way, and offered only where it is enough. For a single amount each is one step
//! to take back.

mod cleared;

use domain::money::Minor;
use domain::plan::{
    self, Blocker, Cause, Deltas, Give, GiveWay, Grid, Keep, MOST_STEPS, NodeRef, PlanCommand, Refusal, Step,
};

use super::board::{Board, Place};
use super::handle::money_words;
use super::refusal::locks;
use crate::words::{Words, lang, t_string};

/// What leads out of a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Out {
    /// A change, as one step.
    Do(PlanCommand),
    /// Locks are released one by one, and then the change is made.
    Unlock(Vec<Place>),
    /// Changes, one after the other.
    Each(Vec<PlanCommand>),
    /// Another page.
    Open(String),
}

/// A way out, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Way {
    /// What the button says.
    pub(super) label: String,
    /// What it does.
    pub(super) out: Out,
    /// Whether it only releases locks, which is said beside it.
    pub(super) unlocks: bool,
}

/// What leads out of the refusal of a command on the open plan. Does not track.
pub(super) fn out(board: Board, refused: &Refusal, command: &PlanCommand, words: Words) -> Vec<Way> {
    let money = money_words(board, lang(words.get_locale_untracked()));
    let name = |node| board.name(node);
    let mut ways = Vec::new();
    let mut offer = |label: String, out: Out, unlocks: bool| ways.push(Way { label, out, unlocks });
    let fits = |command: &PlanCommand| board.grid(|grid| leads_out(grid, command));
    let locks = locks(refused);
    let is_enough = !locks.is_empty() && board.fits_unlocked(&locks, command);
    if is_enough {
        let out = match set_step(command).filter(|_| locks.len() < MOST_STEPS) {
            Some(set) => {
                let unlock = locks.iter().map(|(node, period)| Step::Unlock {
                    node: *node,
                    period: *period,
                });
                Out::Do(PlanCommand::Steps {
                    steps: unlock.chain(std::iter::once(set)).collect(),
                })
            }
            None => Out::Unlock(locks),
        };
        offer(t_string!(words, split.unlock_and_do).to_owned(), out, true);
    }
    let moved = board.grid(|grid| bounds_moved(grid, refused, command));
    if let Some(Moved { steps, kind }) = moved.filter(|moved| moved.steps.len() <= MOST_STEPS) {
        let command = PlanCommand::Steps { steps };
        if fits(&command) {
            let label = match kind {
                Kind::Cap(bound) => t_string!(words, split.way_cap, bound = money(bound)).to_string(),
                Kind::Floor(bound) => t_string!(words, split.way_floor, bound = money(bound)).to_string(),
                Kind::CapAndAmount(bound) => {
                    t_string!(words, split.way_cap_and_amount, bound = money(bound)).to_string()
                }
                Kind::FloorAndAmount(bound) => {
                    t_string!(words, split.way_floor_and_amount, bound = money(bound)).to_string()
                }
                Kind::Amount(amount) => {
                    t_string!(words, split.way_amount, amount = money(amount)).to_string()
                }
                Kind::Named => t_string!(words, split.way_bounds).to_owned(),
                Kind::NamedAndLocks => t_string!(words, split.way_loosen).to_owned(),
            };
            offer(label, Out::Do(command), false);
        }
    }
    let cleared = board.grid(|grid| cleared::cleared(grid, refused, command));
    if let Some(cleared) = cleared.filter(|cleared| cleared.moves_bounds || !is_enough) {
        let label = match (cleared.moves_bounds, cleared.locks) {
            (true, 0) => t_string!(words, split.way_bounds).to_owned(),
            (true, _) => t_string!(words, split.way_loosen).to_owned(),
            (false, count) => t_string!(words, split.way_unlock_all, count = count).to_string(),
        };
        offer(label, Out::Each(cleared.changes), false);
    }
    if let Some((gives, command)) = cleared::entered_otherwise(command).filter(|(_, command)| fits(command)) {
        let label = match gives {
            GiveWay::Siblings => t_string!(words, split.way_siblings),
            GiveWay::Above => t_string!(words, split.way_above),
        };
        offer(label.to_owned(), Out::Do(command), false);
    }
    for (give, command) in given_otherwise(refused, command) {
        if !fits(&command) {
            continue;
        }
        let label = match give {
            Give::Siblings => t_string!(words, split.way_siblings).to_owned(),
            Give::Hedge => t_string!(words, split.way_hedge).to_owned(),
            Give::ParentGrows => {
                let node = command.named().first().map(|(node, _)| *node);
                let parent = node.and_then(|node| board.shape(|shape| shape.parent(node)));
                let Some(parent) = parent else { continue };
                t_string!(words, split.way_parent, name = name(parent)).to_string()
            }
        };
        offer(label, Out::Do(command), false);
    }
    if let Some(unit) = empty_unit(board, refused) {
        let label = t_string!(words, split.way_people, name = unit).to_string();
        offer(label, Out::Open(crate::staffing::address(board.version())), false);
    }
    ways
}

/// Whether a command can be made and changes anything.
fn leads_out(grid: &Grid, command: &PlanCommand) -> bool {
    plan::apply(grid, command).is_ok_and(|deltas| !deltas.is_empty())
}

/// A command that sets one amount, as a step.
fn set_step(command: &PlanCommand) -> Option<Step> {
    match command {
        PlanCommand::Set {
            node,
            period,
            amount,
            keep,
            give,
            ..
        } => Some(Step::Set {
            node: *node,
            period: *period,
            amount: *amount,
            keep: *keep,
            give: *give,
        }),
        _ => None,
    }
}

/// Steps that move bounds as far as the change needs.
struct Moved {
    steps: Vec<Step>,
    kind: Kind,
}

/// Which bounds are moved.
#[derive(Clone, Copy)]
enum Kind {
    /// The row's own cap, to this.
    Cap(Minor),
    /// The row's own floor, to this.
    Floor(Minor),
    /// The row's own cap, and the number with it.
    CapAndAmount(Minor),
    /// The row's own floor, and the number with it.
    FloorAndAmount(Minor),
    /// No other bound, but the number.
    Amount(Minor),
    /// Those of the rows that are named.
    Named,
    /// Those of the rows that are named, which are unlocked too.
    NamedAndLocks,
}

/// The steps that move the bounds in the way of a command, if such are in its way.
fn bounds_moved(grid: &Grid, refused: &Refusal, command: &PlanCommand) -> Option<Moved> {
    let moved = |steps: Vec<Step>, kind: Kind| Some(Moved { steps, kind });
    let to_bound = |(node, period): Place, amount: Minor| Step::Set {
        node,
        period,
        amount,
        keep: Keep::default_for(period),
        give: Give::Siblings,
    };
    let floor = |(node, period): Place, amount: Minor| Step::Floor {
        node,
        period,
        amount: Some(amount),
    };
    let cap = |(node, period): Place, amount: Minor| Step::Cap {
        node,
        period,
        amount: Some(amount),
    };
    match refused {
        // A cap of zero says that nobody is there.
        Refusal::AboveCap {
            node,
            period,
            cap: bound,
            amount,
        } if *bound != Minor(0) => {
            let set = set_step(command)?;
            moved(vec![cap((*node, *period), *amount), set], Kind::Cap(*amount))
        }
        Refusal::BelowFloor {
            node, period, amount, ..
        } => {
            let set = set_step(command)?;
            moved(vec![floor((*node, *period), *amount), set], Kind::Floor(*amount))
        }
        // What the row has lies between its bounds, so that it goes where both meet.
        Refusal::Crossed {
            node,
            period,
            floor: low,
            cap: high,
        } => {
            let place = (*node, *period);
            match command {
                PlanCommand::Floor { .. } => moved(
                    vec![cap(place, *low), to_bound(place, *low), floor(place, *low)],
                    Kind::CapAndAmount(*low),
                ),
                PlanCommand::Cap { .. } => moved(
                    vec![floor(place, *high), to_bound(place, *high), cap(place, *high)],
                    Kind::FloorAndAmount(*high),
                ),
                _ => None,
            }
        }
        Refusal::OutsideBound {
            node, period, bound, ..
        } => {
            let place = (*node, *period);
            let bounds = match command {
                PlanCommand::Floor { .. } => floor(place, *bound),
                PlanCommand::Cap { .. } => cap(place, *bound),
                _ => return None,
            };
            moved(vec![to_bound(place, *bound), bounds], Kind::Amount(*bound))
        }
        Refusal::Blocked { blockers, .. } => loosened(grid, blockers, set_step(command)?),
        _ => None,
    }
}

/// Moves the floors and caps of the rows that are named as far as a change takes them, and unlocks those that are locked.
fn loosened(grid: &Grid, blockers: &[Blocker], set: Step) -> Option<Moved> {
    let (mut steps, mut bounds) = (Vec::new(), Vec::new());
    let mut unlocks = false;
    for blocker in blockers {
        let (node, period) = (blocker.node, blocker.period);
        match blocker.cause {
            Cause::Lock { .. } => {
                unlocks = true;
                steps.push(Step::Unlock { node, period });
            }
            Cause::Cap if blocker.amount == Minor(0) => return None,
            Cause::Floor => {
                steps.push(Step::Floor {
                    node,
                    period,
                    amount: None,
                });
                bounds.push(*blocker);
            }
            Cause::Cap => {
                steps.push(Step::Cap {
                    node,
                    period,
                    amount: None,
                });
                bounds.push(*blocker);
            }
            Cause::Proposal | Cause::Empty | Cause::Kept => return None,
        }
    }
    if bounds.is_empty() {
        return None;
    }
    steps.push(set);
    // Each bound is set again where the change leaves its row.
    let free = PlanCommand::Steps { steps: steps.clone() };
    let deltas: Deltas = plan::apply(grid, &free).ok()?;
    let mut after = grid.clone();
    after.fold(&deltas).ok()?;
    for blocker in bounds {
        let (node, period) = (blocker.node, blocker.period);
        let now = after.amount(node, period);
        steps.push(if blocker.cause == Cause::Floor {
            let amount = Some(now.min(blocker.amount));
            Step::Floor { node, period, amount }
        } else {
            let amount = Some(now.max(blocker.amount));
            Step::Cap { node, period, amount }
        });
    }
    let kind = if unlocks { Kind::NamedAndLocks } else { Kind::Named };
    Some(Moved { steps, kind })
}

/// The same change, balanced by somebody else.
fn given_otherwise(refused: &Refusal, command: &PlanCommand) -> Vec<(Give, PlanCommand)> {
    let (of_period, keep, give) = match command {
        PlanCommand::Set {
            period, keep, give, ..
        } => (period.is_some(), *keep, *give),
        PlanCommand::SetSpan { keep, give, .. } => (true, *keep, *give),
        _ => return Vec::new(),
    };
    if !matches!(refused, Refusal::Blocked { .. } | Refusal::Hedge { .. }) {
        return Vec::new();
    }
    let other = |by: Give, kept: Keep| {
        let mut other = command.clone();
        if let PlanCommand::Set { keep, give, .. } | PlanCommand::SetSpan { keep, give, .. } = &mut other {
            (*keep, *give) = (kept, by);
        }
        other
    };
    // A period whose row is kept is balanced by the row's other periods: where these cannot, the row grows with it.
    let grows = if of_period { Keep::None } else { keep };
    [
        (Give::Siblings, keep),
        (Give::ParentGrows, grows),
        (Give::Hedge, keep),
    ]
    .into_iter()
    .filter(|(other, _)| *other != give)
    .map(|(give, keep)| (give, other(give, keep)))
    .collect()
}

/// The unit in which nobody is whom a refusal needs, by name.
fn empty_unit(board: Board, refused: &Refusal) -> Option<String> {
    let node = match refused {
        Refusal::NoChildren { node }
        | Refusal::AboveCap {
            node, cap: Minor(0), ..
        } => *node,
        Refusal::Blocked { blockers, .. } => {
            let absent = |blocker: &&Blocker| blocker.cause == Cause::Cap && blocker.amount == Minor(0);
            blockers.iter().find(absent)?.node
        }
        _ => return None,
    };
    board.shape(|shape| {
        let here = Some(node).filter(|node| shape.has(*node))?;
        let is_unit = matches!(shape.reference(here), NodeRef::Unit(_));
        let unit = if is_unit { here } else { shape.parent(here)? };
        Some(shape.name(unit).to_owned())
    })
}
