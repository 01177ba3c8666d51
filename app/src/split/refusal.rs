//! Why the grid refuses, in the reader's language: what blocks, by how much.

use domain::format;
use domain::money::Minor;
use domain::plan::{Blocker, Cause, NodeIndex, Refusal, Shape};

use super::board::{Board, Place, UNNAMED};
use super::handle::money_words;
use crate::words::{Locale, is_chinese, lang, td_string};

/// At most so many blocking rows are named; the grid marks all of them.
const NAMED_BLOCKERS: usize = 5;

/// The sentence for a refusal of the open plan: what cannot be placed to the last minor unit, all else short.
pub(super) fn said(board: Board, locale: Locale, refusal: &Refusal) -> String {
    let lang = lang(locale);
    let currency = board.currency();
    let money = money_words(board, lang);
    let exact = move |amount: Minor| format::currency_words(amount, &currency, lang);
    let rows = board.shape(|shape| named(shape, refusal));
    // Asks for those that are not known, and tells them where they come.
    for row in rows {
        board.name(row);
    }
    board.shape(|shape| sentence(locale, shape, refusal, &money, &exact))
}

/// The rows that the sentence for a refusal names.
pub(super) fn named(shape: &Shape, refusal: &Refusal) -> Vec<NodeIndex> {
    let rows = match refusal {
        Refusal::Negative { node, .. }
        | Refusal::TooLarge { node, .. }
        | Refusal::Locked { node, .. }
        | Refusal::BelowFloor { node, .. }
        | Refusal::AboveCap { node, .. }
        | Refusal::Hedge { node, .. }
        | Refusal::NoChildren { node }
        | Refusal::Factor { node }
        | Refusal::Proposal { node }
        | Refusal::OutsideBound { node, .. }
        | Refusal::Crossed { node, .. }
        | Refusal::Covered { node, .. }
        | Refusal::Unbalanced { node, .. } => vec![*node],
        Refusal::SameLine { from, to } => vec![*from, *to],
        Refusal::Changed { cell, .. } => vec![shape.place(*cell).0],
        Refusal::Blocked { blockers, .. } => {
            let first = blockers.iter().take(NAMED_BLOCKERS);
            first.map(|blocker| blocker.node).collect()
        }
        Refusal::UnknownNode { .. }
        | Refusal::UnknownPeriod { .. }
        | Refusal::Weights { .. }
        | Refusal::Shares { .. }
        | Refusal::Step { .. } => Vec::new(),
    };
    rows.into_iter().filter(|row| shape.has(*row)).collect()
}

/// The sentence for a refusal; `money` writes an amount with its unit, `exact` one that can be typed elsewhere.
pub(super) fn sentence(
    locale: Locale,
    shape: &Shape,
    refusal: &Refusal,
    money: &dyn Fn(Minor) -> String,
    exact: &dyn Fn(Minor) -> String,
) -> String {
    let name = |node: NodeIndex| name(shape, node);
    match refusal {
        Refusal::UnknownNode { .. } => td_string!(locale, split.r_unknown_node).to_string(),
        Refusal::UnknownPeriod { .. } => td_string!(locale, split.r_unknown_period).to_string(),
        Refusal::Negative { node, amount, .. } => td_string!(
            locale,
            split.r_negative,
            name = name(*node),
            amount = money(*amount)
        )
        .to_string(),
        Refusal::TooLarge {
            node, amount, limit, ..
        } => td_string!(
            locale,
            split.r_too_large,
            name = name(*node),
            amount = money(*amount),
            limit = money(*limit)
        )
        .to_string(),
        Refusal::Locked { node, amount, .. } => td_string!(
            locale,
            split.r_locked,
            name = name(*node),
            amount = money(*amount)
        )
        .to_string(),
        Refusal::BelowFloor {
            node, floor, amount, ..
        } => td_string!(
            locale,
            split.r_below_floor,
            name = name(*node),
            amount = money(*amount),
            bound = money(*floor)
        )
        .to_string(),
        // A change of staff shuts periods; a cap of zero on a total was set by hand, and is told as any other.
        Refusal::AboveCap {
            node,
            cap,
            period: Some(_),
            ..
        } if *cap == Minor(0) => td_string!(locale, staffing.r_absent, name = name(*node)).to_string(),
        Refusal::AboveCap {
            node, cap, amount, ..
        } => td_string!(
            locale,
            split.r_above_cap,
            name = name(*node),
            amount = money(*amount),
            bound = money(*cap)
        )
        .to_string(),
        Refusal::Blocked {
            missing, blockers, ..
        } => {
            let blockers = blocking(locale, shape, blockers, money);
            td_string!(
                locale,
                split.r_blocked,
                amount = exact(*missing),
                blockers = blockers
            )
            .to_string()
        }
        Refusal::Hedge {
            node, hedge, limit, ..
        } => td_string!(
            locale,
            split.r_hedge,
            name = name(*node),
            amount = money(*hedge),
            limit = money(*limit)
        )
        .to_string(),
        Refusal::NoChildren { node } => {
            td_string!(locale, split.r_no_children, name = name(*node)).to_string()
        }
        Refusal::Weights { expected, got } => {
            td_string!(locale, split.r_weights, expected = *expected, got = *got).to_string()
        }
        Refusal::Shares { .. } => td_string!(locale, split.r_shares).to_string(),
        Refusal::Factor { node } => td_string!(locale, split.r_factor, name = name(*node)).to_string(),
        Refusal::Proposal { node } => td_string!(locale, split.r_proposal, name = name(*node)).to_string(),
        Refusal::Step { step } => td_string!(locale, split.r_step, amount = money(*step)).to_string(),
        Refusal::SameLine { from, to } => {
            td_string!(locale, split.r_same_line, from = name(*from), to = name(*to)).to_string()
        }
        Refusal::OutsideBound {
            node, amount, bound, ..
        } => td_string!(
            locale,
            split.r_outside_bound,
            name = name(*node),
            amount = money(*amount),
            bound = money(*bound)
        )
        .to_string(),
        Refusal::Crossed { node, floor, cap, .. } => td_string!(
            locale,
            split.r_crossed,
            name = name(*node),
            floor = money(*floor),
            cap = money(*cap)
        )
        .to_string(),
        Refusal::Changed { cell, found, .. } => {
            let (node, _) = shape.place(*cell);
            td_string!(locale, split.r_changed, name = name(node), amount = money(*found)).to_string()
        }
        Refusal::Covered { node, .. } => td_string!(locale, split.r_covered, name = name(*node)).to_string(),
        Refusal::Unbalanced { node, .. } => {
            td_string!(locale, split.r_unbalanced, name = name(*node)).to_string()
        }
    }
}

/// The rows a refusal names as standing in the way.
pub(super) fn blockers(refusal: &Refusal) -> Vec<NodeIndex> {
    match refusal {
        Refusal::Blocked { blockers, .. } => blockers.iter().map(|blocker| blocker.node).collect(),
        Refusal::Locked { node, .. } | Refusal::BelowFloor { node, .. } | Refusal::AboveCap { node, .. } => {
            vec![*node]
        }
        _ => Vec::new(),
    }
}

/// The locks a refusal names as standing in the way.
pub(super) fn locks(refusal: &Refusal) -> Vec<Place> {
    match refusal {
        Refusal::Locked { node, period, .. } => vec![(*node, *period)],
        Refusal::Blocked { blockers, .. } => blockers
            .iter()
            .filter(|blocker| matches!(blocker.cause, Cause::Lock { .. }))
            .map(|blocker| (blocker.node, blocker.period))
            .collect(),
        _ => Vec::new(),
    }
}

fn blocking(locale: Locale, shape: &Shape, blockers: &[Blocker], money: &dyn Fn(Minor) -> String) -> String {
    let comma = if is_chinese(locale) { "，" } else { ", " };
    let mut parts: Vec<String> = blockers
        .iter()
        .take(NAMED_BLOCKERS)
        .map(|blocker| {
            let (name, amount) = (name(shape, blocker.node), money(blocker.amount));
            match blocker.cause {
                Cause::Lock { .. } => {
                    td_string!(locale, split.b_lock, name = name, amount = amount).to_string()
                }
                Cause::Floor => td_string!(locale, split.b_floor, name = name, amount = amount).to_string(),
                // A cap of zero in a period may say that nobody is there, which is no bound to be widened.
                Cause::Cap if blocker.amount == Minor(0) && blocker.period.is_some() => {
                    let known = Some(blocker.node).filter(|node| shape.has(*node));
                    let unit = known.and_then(|node| shape.parent(node));
                    let unit = unit.map(|unit| self::name(shape, unit)).unwrap_or_default();
                    td_string!(locale, staffing.b_absent, name = name, unit = unit).to_string()
                }
                Cause::Cap => td_string!(locale, split.b_cap, name = name, amount = amount).to_string(),
                Cause::Proposal => {
                    td_string!(locale, split.b_proposal, name = name, amount = amount).to_string()
                }
                Cause::Empty => td_string!(locale, split.b_empty, name = name).to_string(),
                Cause::Kept => td_string!(locale, split.b_kept, name = name, amount = amount).to_string(),
            }
        })
        .collect();
    let more = blockers.len().saturating_sub(NAMED_BLOCKERS);
    if more > 0 {
        parts.push(td_string!(locale, split.b_more, count = more).to_string());
    }
    parts.join(comma)
}

fn name(shape: &Shape, node: NodeIndex) -> String {
    if !shape.has(node) {
        return String::new();
    }
    Some(shape.name(node))
        .filter(|name| !name.is_empty())
        .unwrap_or(UNNAMED)
        .to_owned()
}
