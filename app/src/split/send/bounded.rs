//! What is in the way of a step back or forth and can give way to it: a lock, a floor or a cap.

use domain::format;
use domain::id::UserId;
use domain::money::Minor;
use domain::plan::{Intent, Refusal};

use crate::split::board::{Board, Place};
use crate::words::{Words, lang, t_string};

/// What a step can have out of its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InTheWay {
    /// A lock, to be released.
    Lock(Place),
    /// A floor or cap, to be moved.
    Bound(Bound),
}

/// A floor or cap that is in the way of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bound {
    /// Where.
    pub(super) place: Place,
    is_floor: bool,
    limit: Minor,
    /// What the step leaves there, to which the bound is moved.
    amount: Minor,
}

/// What of that refuses a step; none where nothing can give way.
pub(super) fn in_the_way(refusal: &Refusal) -> Option<InTheWay> {
    let (place, bound, amount) = match refusal {
        Refusal::Locked { node, period, .. } => return Some(InTheWay::Lock((*node, *period))),
        Refusal::BelowFloor {
            node,
            period,
            floor: bound,
            amount,
        }
        | Refusal::AboveCap {
            node,
            period,
            cap: bound,
            amount,
        }
        // One that comes back with the step and does not fit what others made of the amount.
        | Refusal::OutsideBound {
            node,
            period,
            amount,
            bound,
        } => ((*node, *period), *bound, *amount),
        _ => return None,
    };
    let is_floor = amount < bound;
    // A cap of zero in a period says that nobody is there.
    let is_shut = !is_floor && bound == Minor(0) && place.1.is_some();
    (!is_shut).then_some(InTheWay::Bound(Bound {
        place,
        is_floor,
        limit: bound,
        amount,
    }))
}

impl InTheWay {
    /// What the button says that makes it give way and takes the step.
    pub(super) fn label(&self, board: Board, words: Words, intent: Intent) -> String {
        let Self::Bound(bound) = self else {
            return match intent {
                Intent::Undo => t_string!(words, unsaved.undo_unlocking).to_owned(),
                Intent::Redo => t_string!(words, unsaved.redo_unlocking).to_owned(),
            };
        };
        let to = exact(board, words, bound.amount);
        match (bound.is_floor, intent) {
            (true, Intent::Undo) => t_string!(words, unsaved.undo_floor, bound = to).to_string(),
            (true, Intent::Redo) => t_string!(words, unsaved.redo_floor, bound = to).to_string(),
            (false, Intent::Undo) => t_string!(words, unsaved.undo_cap, bound = to).to_string(),
            (false, Intent::Redo) => t_string!(words, unsaved.redo_cap, bound = to).to_string(),
        }
    }
}

impl Bound {
    /// Who set it where, to what exactly, and what the step would leave there.
    pub(super) fn told(&self, board: Board, words: Words, by: UserId) -> String {
        let by = Some(board.person(by))
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| t_string!(words, unsaved.somebody).to_owned());
        let (node, period) = self.place;
        let name = board.name(node);
        let period =
            period.and_then(|period| board.about(|open| open.periods.get(usize::from(period.0)).cloned()));
        let place = match period {
            Some(period) => format!("{name} · {}", format::period(&period, lang(words.get_locale()))),
            None => name,
        };
        let (bound, amount) = (exact(board, words, self.limit), exact(board, words, self.amount));
        if self.is_floor {
            t_string!(
                words,
                unsaved.step_floor,
                place = place,
                by = by,
                bound = bound,
                amount = amount
            )
            .to_string()
        } else {
            t_string!(
                words,
                unsaved.step_cap,
                place = place,
                by = by,
                bound = bound,
                amount = amount
            )
            .to_string()
        }
    }
}

fn exact(board: Board, words: Words, amount: Minor) -> String {
    format::currency_words(amount, &board.currency(), lang(words.get_locale()))
}

#[cfg(test)]
mod tests {
    use domain::plan::{NodeIndex, PeriodIndex};

    use super::*;

    const NODE: NodeIndex = NodeIndex(3);

    #[test]
    fn floors_and_caps_give_way_but_not_a_period_in_which_nobody_is_there() {
        let cap = |period: Option<PeriodIndex>, cap: i64| Refusal::AboveCap {
            node: NODE,
            period,
            cap: Minor(cap),
            amount: Minor(7),
        };
        let period = Some(PeriodIndex(1));
        let found = |refusal: &Refusal| match in_the_way(refusal) {
            Some(InTheWay::Bound(bound)) => Some((bound.place, bound.is_floor, bound.amount.0)),
            _ => None,
        };
        assert_eq!(found(&cap(period, 5)), Some(((NODE, period), false, 7)));
        assert_eq!(found(&cap(None, 0)), Some(((NODE, None), false, 7)));
        assert_eq!(found(&cap(period, 0)), None);
        let floor = Refusal::BelowFloor {
            node: NODE,
            period: None,
            floor: Minor(9),
            amount: Minor(7),
        };
        assert_eq!(found(&floor), Some(((NODE, None), true, 7)));
        let own = Refusal::OutsideBound {
            node: NODE,
            period,
            amount: Minor(0),
            bound: Minor(4),
        };
        assert_eq!(found(&own), Some(((NODE, period), true, 0)));
        assert_eq!(found(&Refusal::NoChildren { node: NODE }), None);
    }
}
