//! A line of a row of the grid: shown, marked for copying, typed into, and the reason where it was not taken.

pub mod refused;

use domain::format;
use domain::line::rows::LineHead;
use domain::line::sheet::SheetCell;
use domain::money::{Edit, EditError, Minor};
use domain::people::actor;
use domain::plan::NodeIndex;
use domain::why::Other;
use leptos::prelude::*;
use leptos::{ev, html};

use self::refused::Refused;
use super::board::{Board, Column, Columns};
use super::clipboard::is_field;
use super::focus;
use super::line_send::{WantedLine, enter};
use super::lines::table::named;
use super::why::other::Asking;
use crate::frame::moment;
use crate::ui::{Glyph, Icon, IconSize, is_composing};
use crate::words::{Words, lang, t, t_string, use_i18n};

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
    untrack(|| board.wrong_line(node, &head.key))
}

/// Lets a line go that somebody set: it is proposed again.
pub(super) fn let_go(board: Board, node: NodeIndex, line: u16) {
    let heads = board.line_heads().unwrap_or_default();
    let is_set = board
        .line_cell_now(node, line)
        .is_some_and(|cell| cell.set.is_some());
    let head = heads.into_iter().find(|(at, _)| *at == line);
    if let Some((_, head)) = head.filter(|_| is_set && board.may_set_line(node)) {
        let wanted = WantedLine {
            node,
            key: head.key,
            set: None,
        };
        enter(board, vec![wanted]);
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
    let found = Memo::new(move |_| board.line_cell(node, line));
    let key = StoredValue::new(head.key.clone());
    let head = StoredValue::new(head);
    let is = move |holds: fn(&SheetCell) -> bool| found.with(|found| found.as_ref().is_some_and(holds));
    let by_hand = move || is(|cell| cell.set.is_some());
    let unmet = move || {
        let excess = found.with(|found| {
            let found = found.as_ref()?;
            Some(asked_for(found).0.saturating_sub(found.amount.0))
        });
        excess.filter(|excess| *excess != 0)
    };
    let is_apart = move || is(|cell| cell.apart.is_some_and(|apart| apart != Minor(0)));
    let text = move || {
        let amount = found.with(|found| found.as_ref().map(asked_for));
        amount.map_or_else(|| format::NONE.to_owned(), |amount| cell.run(amount))
    };
    // To the last unit, whose it is, and how the rows below stand to it.
    let title = move || {
        found.with(|found| {
            let found = found.as_ref()?;
            Some(words(found, full, i18n).join(" · "))
        })
    };
    let refused = Memo::new(move |_| key.with_value(|key| board.refused_line(node, key)));
    // What was typed and is no amount stays in its field.
    let editing = Memo::new(move |_| {
        let is_wrong = key.with_value(|key| board.wrong_line(node, key).is_some());
        is_wrong || board.begun_line(node, line).is_some()
    });
    let column_index = (line + BEFORE).to_string();
    let has_focus = move || board.selected.get() == node && board.column.get() == Column::Line(line);
    let is_marked = move || board.block.get().is_some_and(|block| block.holds_line(at, line));
    let asking = Asking::new();
    // A row in which nothing is known of the line has nothing to tell.
    let ask_why = move || {
        if let (Columns::Lines(by), Some(_)) = (board.columns_now(), board.line_cell_now(node, line)) {
            let key = key.get_value();
            board.why_other.set(Some(((node, None), Other::Line { by, key })));
        }
    };
    // Who types meanwhile, or went on, does not ask.
    let ask_still = move || {
        if untrack(|| has_focus() && !editing.get()) {
            ask_why();
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
            data-minor=move || found.with(|found| found.as_ref().map(|found| found.amount.0))
            data-set=move || by_hand().to_string()
            data-unmet=unmet
            data-apart=move || found.with(|found| found.as_ref().and_then(|found| found.apart).map(|apart| apart.0))
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
                ask_why();
            }
        >
            {move || by_hand().then(|| view! {
                <span class="hand">
                    <Icon glyph=Glyph::Edit size=IconSize::Small />
                    <span class="sr">{t!(i18n, lines.by_hand)}</span>
                </span>
            })}
            {move || {
                if editing.get() {
                    view! { <LineEdit board=board node=node line=line head=head.get_value() /> }.into_any()
                } else {
                    view! { <span class="line-figure">{text}</span> }.into_any()
                }
            }}
            {move || refused.get().map(|refused| view! { <Refused board=board refused=refused /> })}
        </div>
    }
}

/// What a cell says to who asks further.
fn words(cell: &SheetCell, full: Callback<Minor, String>, i18n: Words) -> Vec<String> {
    let mut words = vec![full.run(asked_for(cell))];
    match &cell.set {
        // A line that is on its way has no name yet.
        Some(set) if !set.by.is_empty() => {
            let lang = lang(i18n.get_locale());
            words.push(
                t_string!(
                    i18n,
                    lines.set_by,
                    amount = full.run(set.amount),
                    name = actor(&set.by, lang).to_owned(),
                    when = moment(set.at_ms, lang)
                )
                .to_string(),
            );
            words.extend(set.reason.clone());
        }
        Some(_) => words.push(t_string!(i18n, lines.by_hand).to_owned()),
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

/// The field. A text that is no amount stays in it with the reason below, as in the grid ([`super::edit`]), until it is made right,
/// emptied, or given up with Escape.
#[component]
fn LineEdit(board: Board, node: NodeIndex, line: u16, head: LineHead) -> impl IntoView {
    let i18n = use_i18n();
    let element = NodeRef::<html::Input>::new();
    let key = StoredValue::new(head.key.clone());
    let head = StoredValue::new(head);
    let begun = move || board.begun_line(node, line);
    let kept = move || key.with_value(|key| board.wrong_line(node, key));
    let first = untrack(|| begun().or_else(kept)).unwrap_or_default();
    let typed = RwSignal::new(first.clone());
    let is_typed_over = |text: &str| text.chars().count() == 1;
    // A field that was only opened takes nothing over: others may have changed the cell meanwhile.
    let touched = StoredValue::new(is_typed_over(&first));
    Effect::new(move |_| {
        let (Some(text), Some(input)) = (begun(), element.get()) else {
            return;
        };
        // Something else is typed over what stayed there.
        if input.value() != text {
            input.set_value(&text);
            typed.set(text.clone());
            touched.set_value(true);
        }
        if !input.matches(":focus").unwrap_or(false) {
            drop(input.focus());
            if !is_typed_over(&text) {
                input.select();
            }
        }
    });
    let reads = move |text: &str, now: Minor| -> Result<Minor, EditError> {
        Edit::parse(text).and_then(|edit| edit.apply(now, &board.currency()))
    };
    // Why what somebody has ended with is no amount.
    let wrong = Memo::new(move |_| {
        kept()?;
        let now = board
            .line_cell(node, line)
            .map_or(Minor(0), |cell| asked_for(&cell));
        let error = typed.with(|text| reads(text, now)).err()?;
        Some(error.words(lang(i18n.get_locale())))
    });
    let keep_wrong = move |text: &str| key.with_value(|key| board.keep_wrong_line(node, key, text));
    let forget_wrong = move || key.with_value(|key| board.forget_wrong_line(node, key));
    let commit = move |text: &str| {
        if touched.try_get_value() == Some(false) {
            return board.edit_line(None);
        }
        let now = board.line_cell_now(node, line).map(|cell| asked_for(&cell));
        // As in a sheet that is pasted, nothing leaves what is there.
        if text.trim().is_empty() {
            forget_wrong();
            return board.edit_line(None);
        }
        match now.map(|now| (now, reads(text, now))) {
            Some((now, Ok(amount))) => {
                forget_wrong();
                board.edit_line(None);
                if amount != now {
                    enter(board, vec![WantedLine::set(node, key.get_value(), amount)]);
                }
            }
            Some((_, Err(_))) | None => {
                keep_wrong(text);
                board.edit_line(None);
            }
        }
    };
    // The field ends first: one that loses the focus while it is open takes over what is in it.
    let leave = move |event: &ev::KeyboardEvent| {
        board.edit_line(None);
        focus::back(event.target(), board.column.get_untracked());
    };
    let on_key = move |event: ev::KeyboardEvent| {
        event.stop_propagation();
        if is_composing(&event) {
            return;
        }
        let text = event_target_value(&event);
        let (rows, columns) = match event.key().as_str() {
            "Enter" => (1, 0),
            "Tab" if event.shift_key() => (0, -1),
            "Tab" => (0, 1),
            "Escape" => {
                forget_wrong();
                return leave(&event);
            }
            _ => return,
        };
        event.prevent_default();
        // Whoever has ended with something wrong is where it can be made right.
        let now = board
            .line_cell_now(node, line)
            .map_or(Minor(0), |cell| asked_for(&cell));
        let is_said = touched.try_get_value() == Some(true) && !text.trim().is_empty();
        if rows == 1 && is_said && reads(&text, now).is_err() {
            return keep_wrong(&text);
        }
        leave(&event);
        commit(&text);
        board.step(rows, columns, false);
    };
    let label = move || {
        let line = head.with_value(|head| named(head, i18n));
        t_string!(i18n, lines.edit_label, name = board.name(node), line = line).to_string()
    };
    let id = format!("edit-echo-line-{}-{line}", node.0);
    view! {
        <input
            node_ref=element
            class="edit"
            name="line"
            inputmode="decimal"
            autocomplete="off"
            aria-label=label
            aria-invalid=move || wrong.with(Option::is_some).then_some("true")
            aria-describedby=id.clone()
            style=("--chars", move || typed.with(|text| text.chars().count().to_string()))
            value=first
            on:input=move |event| {
                touched.set_value(true);
                typed.set(event_target_value(&event));
            }
            on:keydown=on_key
            on:click=|event| event.stop_propagation()
            on:dblclick=|event| event.stop_propagation()
            // What stayed there is gone on with.
            on:focus=move |event| {
                if untrack(begun).is_none() {
                    board.focus(node, Column::Line(line), false);
                    board.edit_line(Some((node, line, event_target_value(&event))));
                }
            }
            on:blur=move |event| {
                if untrack(begun).is_some() {
                    commit(&event_target_value(&event));
                }
            }
        />
        <span id=id class="edit-echo pop sm is-behind" aria-live="polite" data-echo=move || wrong.with(Option::is_some).then_some("wrong")>
            {move || wrong.get()}
        </span>
    }
}
