//! A line of a row of the grid: shown, marked for copying, typed into, and the reason where it was not taken.

pub mod field;
pub mod refused;

use domain::format;
use domain::line::rows::{LineHead, SetByHand};
use domain::line::sheet::SheetCell;
use domain::money::Minor;
use domain::people::actor;
use domain::plan::NodeIndex;
use domain::why::Other;
use leptos::prelude::*;

use self::refused::Refused;
use super::board::{Board, Column, Columns};
use super::clipboard::is_field;
use super::line_columns::period_name;
use super::line_send::{WantedLine, enter};
use super::why::other::Asking;
use crate::frame::moment;
use crate::ui::{Glyph, Icon, IconSize};
use crate::words::{Words, lang, t, t_string, use_i18n};
use field::LineEdit;

/// Columns of a row before its lines.
const BEFORE: u16 = 10;

/// Opens the field of a cell, with what was typed, what was typed there before and is no amount, or what is there.
pub(super) fn begin(board: Board, (node, line): (NodeIndex, u16), typed: Option<String>) {
    if !board.may_set_line(node) {
        return;
    }
    let Some(cell) = board.line_cell_now(node, line) else {
        return;
    };
    let text = typed
        .or_else(|| wrong_text(board, node, line))
        .unwrap_or_else(|| format::full(asked_for(&cell), &board.currency()));
    board.edit_line(Some((node, line, text)));
}

/// What was typed into a cell and is no amount. Does not track.
fn wrong_text(board: Board, node: NodeIndex, line: u16) -> Option<String> {
    let heads = board.line_heads().unwrap_or_default();
    let (_, head) = heads.into_iter().find(|(at, _)| *at == line)?;
    let place = (node, board.line_period_now());
    untrack(|| board.wrong_line(place, &head.key))
}

/// Lets a line go that somebody set, over the whole plan or in the period that is shown: it is proposed again.
pub(super) fn let_go(board: Board, node: NodeIndex, line: u16) {
    let heads = board.line_heads().unwrap_or_default();
    let is_set = board
        .line_cell_now(node, line)
        .is_some_and(|cell| cell.set.is_some());
    let head = heads.into_iter().find(|(at, _)| *at == line);
    if let Some((_, head)) = head.filter(|_| is_set && board.may_set_line(node)) {
        let wanted = WantedLine {
            place: (node, board.line_period_now()),
            key: head.key,
            set: None,
        };
        enter(board, vec![wanted]);
    }
}

/// Asks why so much of a row is to come from a line. A row in which nothing is known of the line has nothing to tell.
pub(super) fn ask(board: Board, node: NodeIndex, line: u16) {
    let heads = board.line_heads().unwrap_or_default();
    let head = heads.into_iter().find(|(at, _)| *at == line);
    let is_known = board.line_cell_now(node, line).is_some();
    if let (Columns::Lines(by), Some((_, head)), true) = (board.columns_now(), head, is_known) {
        let other = Other::Line { by, key: head.key };
        board.why_other.set(Some(((node, None), other)));
    }
}

/// What a cell says: as it was set, also where there is no room for it.
fn asked_for(cell: &SheetCell) -> Minor {
    cell.set.as_ref().map_or(cell.amount, |set| set.amount)
}

/// How much of a row is to come from a line.
#[component]
pub(super) fn LineCell(
    board: Board,
    node: NodeIndex,
    /// The number of its row in the list.
    at: usize,
    /// The place of the line among those that are shown.
    line: u16,
    head: LineHead,
    cell: Callback<Minor, String>,
    full: Callback<Minor, String>,
) -> impl IntoView {
    let i18n = use_i18n();
    // What the grid is settled with; a drag moves the amount only.
    let found = Memo::new(move |_| board.line_cell(node, line));
    let shown = Memo::new(move |_| board.line_amount(node, line));
    // The row; over the whole plan, or in the period that is shown.
    let place = move || (node, board.line_period());
    let key = StoredValue::new(head.key.clone());
    let head = StoredValue::new(head);
    let is = move |holds: fn(&SheetCell) -> bool| found.with(|found| found.as_ref().is_some_and(holds));
    let by_hand = move || is(|cell| cell.set.is_some());
    let asked = move || found.with(|found| found.as_ref()?.set.as_ref().map(|set| set.amount));
    let unmet = move || {
        let excess = asked()?.0.saturating_sub(shown.get()?.0);
        (excess != 0).then_some(excess)
    };
    let apart = move || found.with(|found| found.as_ref()?.apart);
    let is_apart = move || apart().is_some_and(|apart| apart != Minor(0));
    let text = move || {
        let amount = asked().or_else(|| shown.get());
        amount.map_or_else(|| format::NONE.to_owned(), |amount| cell.run(amount))
    };
    // To the last unit, whose it is, and how the rows below stand to it.
    let title = move || {
        found.with(|found| {
            let found = found.as_ref()?;
            let mut words = words(found, full, i18n);
            if let Some(period) = board.line_period() {
                let period = period_name(board, period, i18n);
                let whole = full.run(board.line_cell_of((node, None), line)?.amount);
                let of =
                    t_string!(i18n, line_columns.part_title, period = period, amount = whole).to_string();
                words.insert(1, of);
            }
            Some(words.join(" · "))
        })
    };
    let refused = Memo::new(move |_| key.with_value(|key| board.refused_line(place(), key)));
    // What was typed and is no amount stays in its field.
    let editing = Memo::new(move |_| {
        let is_wrong = key.with_value(|key| board.wrong_line(place(), key).is_some());
        is_wrong || board.begun_line(node, line).is_some()
    });
    let column_index = (line + BEFORE).to_string();
    let has_focus = move || board.selected.get() == node && board.column.get() == Column::Line(line);
    let is_marked = move || {
        board
            .block
            .get()
            .is_some_and(|block| block.holds_column(at, Column::Line(line)))
    };
    let asking = Asking::new();
    // Who types or pastes meanwhile, or went on, does not ask.
    let ask_still = move || {
        if untrack(|| has_focus() && !editing.get() && board.pasting.with(Option::is_none)) {
            ask(board, node, line);
        }
    };
    view! {
        <div
            class="td num amount line"
            class:by-hand=by_hand
            class:is-far=move || unmet().is_some()
            class:lent=move || is(|cell| cell.is_lent && cell.set.is_none())
            class:uneven=is_apart
            class:ranged=is_marked
            role="gridcell"
            tabindex=move || if has_focus() { "0" } else { "-1" }
            aria-colindex=column_index
            aria-selected=move || (is_marked() || has_focus()).to_string()
            data-line=line
            data-minor=move || shown.get().map(|amount| amount.0)
            data-set=move || by_hand().to_string()
            data-unmet=unmet
            data-apart=move || apart().map(|apart| apart.0)
            title=title
            on:click=move |event| {
                event.stop_propagation();
                // The first click chooses the cell, another one asks, two at once type.
                let asks = untrack(has_focus) && !event.shift_key() && !untrack(|| editing.get());
                board.focus(node, Column::Line(line), event.shift_key());
                asking.click(if asks { event.detail() } else { 2 }, ask_still);
            }
            on:dblclick=move |_| begin(board, (node, line), None)
            on:contextmenu=move |event| {
                // A field has the browser's own menu. The menu key comes here, too.
                if event.target().is_some_and(|target| is_field(&target)) {
                    return;
                }
                event.prevent_default();
                event.stop_propagation();
                board.focus(node, Column::Line(line), false);
                ask(board, node, line);
            }
        >
            {move || by_hand().then(|| view! {
                <span class="hand">
                    <Icon glyph=Glyph::Edit size=IconSize::Small />
                    <span class="sr">{t!(i18n, lines.by_hand)}</span>
                </span>
            })}
            {move || {
                // A field is of the period it was opened in.
                let place = place();
                if editing.get() {
                    view! { <LineEdit board=board place=place line=line head=head.get_value() /> }.into_any()
                } else {
                    view! { <span class="line-figure">{text}</span> }.into_any()
                }
            }}
            {move || refused.get().map(|refused| view! { <Refused board=board refused=refused /> })}
        </div>
    }
}

/// What somebody set: how much, who, when, and why where they said.
pub(super) fn set_words(set: &SetByHand, amount: &str, i18n: Words) -> Vec<String> {
    // A line that is on its way has no name yet.
    if set.by.is_empty() {
        return vec![t_string!(i18n, lines.by_hand).to_owned()];
    }
    let lang = lang(i18n.get_locale());
    let name = actor(&set.by, lang).to_owned();
    let when = moment(set.at_ms, lang);
    let words = t_string!(
        i18n,
        lines.set_by,
        amount = amount.to_owned(),
        name = name,
        when = when
    )
    .to_string();
    std::iter::once(words).chain(set.reason.clone()).collect()
}

/// What a cell says to who asks further.
fn words(cell: &SheetCell, full: Callback<Minor, String>, i18n: Words) -> Vec<String> {
    let mut words = vec![full.run(asked_for(cell))];
    match &cell.set {
        Some(set) => words.extend(set_words(set, &full.run(set.amount), i18n)),
        None if cell.is_lent => words.push(t_string!(i18n, line_columns.lent).to_owned()),
        None => {}
    }
    let excess = asked_for(cell).0.saturating_sub(cell.amount.0);
    let by = full.run(Minor(excess.saturating_abs()));
    match excess {
        1.. => words.push(t_string!(i18n, lines.too_much, amount = by).to_string()),
        ..0 => words.push(t_string!(i18n, lines.too_little, amount = by).to_string()),
        0 => {}
    }
    match cell.apart {
        Some(Minor(over @ 1..)) => {
            let amount = full.run(Minor(over));
            words.push(t_string!(i18n, line_columns.over, amount = amount).to_string());
        }
        Some(Minor(0)) | None => {}
        Some(Minor(under)) => {
            let amount = full.run(Minor(under.saturating_abs()));
            words.push(t_string!(i18n, line_columns.under, amount = amount).to_string());
        }
    }
    words
}
