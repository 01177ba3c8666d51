//! What a change that is not in the plan was to do.

use domain::format;
use domain::money::Minor;
use domain::plan::{NodeIndex, PeriodIndex, PlanCommand, Step};
use domain::split::Quarter;

use crate::split::board::Board;
use crate::split::handle::money_words;
use crate::words::{Words, lang, t_string};

/// What a change was to do, in few words.
pub(super) fn what(board: Board, command: &PlanCommand, words: Words) -> String {
    let money = money_words(board, lang(words.get_locale()));
    let name = |node: NodeIndex| {
        let known = board.shape(|shape| shape.has(node));
        if known { board.name(node) } else { String::new() }
    };
    let place = |node: NodeIndex, period: Option<PeriodIndex>| {
        let period = period.and_then(|period| {
            let found = board.about(|open| open.periods.get(usize::from(period.0)).cloned())?;
            Some(format::period(&found, lang(words.get_locale())))
        });
        match period {
            Some(period) => format!("{} · {period}", name(node)),
            None => name(node),
        }
    };
    let set = |place: String, amount: String| {
        t_string!(words, unsaved.set, place = place, amount = amount).to_string()
    };
    let act = |act: &'static str, place: String| {
        t_string!(words, unsaved.act, act = act, place = place).to_string()
    };
    let bound = |amount: Option<Minor>| match amount {
        Some(amount) => money(amount),
        None => t_string!(words, unsaved.none).to_string(),
    };
    match command {
        PlanCommand::Set {
            node, period, amount, ..
        } => set(place(*node, *period), money(*amount)),
        PlanCommand::SetSpan {
            node, first, amount, ..
        } => {
            let is_meant = |quarter: &&Quarter| quarter.first == *first;
            let found = board.about(|open| open.quarters.iter().find(is_meant).cloned());
            let place = found.map_or_else(
                || name(*node),
                |quarter| {
                    let named = format::period(&quarter.period, lang(words.get_locale()));
                    format!("{} · {named}", name(*node))
                },
            );
            set(place, money(*amount))
        }
        PlanCommand::SetTotal { amount, .. } => set(name(NodeIndex(0)), money(*amount)),
        PlanCommand::Enter { amounts, .. } | PlanCommand::Staff { amounts, .. } => {
            let first = amounts.first();
            let first = first.map_or_else(String::new, |first| place(first.node, first.period));
            t_string!(words, unsaved.enter, count = amounts.len(), place = first).to_string()
        }
        PlanCommand::Move { from, to, .. } | PlanCommand::SendShare { from, to, .. } => {
            t_string!(words, unsaved.moved, from = name(*from), to = name(*to)).to_string()
        }
        PlanCommand::Lock { node, period, .. } => {
            act(t_string!(words, split.menu_lock), place(*node, *period))
        }
        PlanCommand::Unlock { node, period } => {
            act(t_string!(words, split.menu_unlock), place(*node, *period))
        }
        PlanCommand::Floor { node, period, amount } => act(
            t_string!(words, unsaved.floor),
            set(place(*node, *period), bound(*amount)),
        ),
        PlanCommand::Cap { node, period, amount } => act(
            t_string!(words, unsaved.cap),
            set(place(*node, *period), bound(*amount)),
        ),
        PlanCommand::EvenOut { node, .. } => act(t_string!(words, split.menu_even), name(*node)),
        PlanCommand::OverAssign { node, .. } => act(t_string!(words, split.why_over_assign), name(*node)),
        PlanCommand::Steps { steps } => {
            let is_set = |step: &&Step| matches!(step, Step::Set { .. });
            let told = steps.iter().find(is_set).or(steps.last());
            told.map_or_else(String::new, |step| what(board, &step.command(), words))
        }
        PlanCommand::Split { node, .. } => act(t_string!(words, split.apply_bases), name(*node)),
        PlanCommand::Restore { .. } => act(t_string!(words, split.undo), String::new()),
    }
}
