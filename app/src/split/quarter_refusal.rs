//! What is said where a quarter that was typed into cannot be set: which of its months cannot take it.

use domain::format;
use domain::plan::{Cause, PeriodIndex, PlanCommand, Refusal};

use super::board::Board;
use super::line_columns::period_name;
use crate::words::{Words, lang, t_string};

/// At most so many months are named.
const NAMED_MONTHS: usize = 6;

/// What is said further of a quarter that cannot be set: the months in which something is held, and how far it goes.
pub(super) fn more(board: Board, refused: &Refusal, command: &PlanCommand, words: Words) -> Option<String> {
    let PlanCommand::SetSpan { .. } = command else {
        return None;
    };
    let Refusal::Blocked {
        wanted,
        reachable,
        blockers,
        ..
    } = refused
    else {
        return None;
    };
    let lang = lang(words.get_locale());
    let amount = format::currency_words(*reachable, &board.currency(), lang);
    let furthest = if wanted > reachable {
        t_string!(words, line_columns.quarter_most, amount = amount).to_string()
    } else {
        t_string!(words, line_columns.quarter_least, amount = amount).to_string()
    };
    let holds = |cause: Cause| matches!(cause, Cause::Lock { .. } | Cause::Floor | Cause::Cap);
    let held = blockers.iter().filter(|blocker| holds(blocker.cause));
    let mut months: Vec<PeriodIndex> = held.filter_map(|blocker| blocker.period).collect();
    months.sort();
    months.dedup();
    if months.is_empty() {
        return Some(furthest);
    }
    let named = months.iter().take(NAMED_MONTHS);
    let names: Vec<String> = named.map(|month| period_name(board, *month, words)).collect();
    let names = names.join(lang.pick("、", ", "));
    let months = t_string!(words, line_columns.quarter_months, months = names).to_string();
    Some(format!("{months} {furthest}"))
}
