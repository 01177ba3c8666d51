//! One row of the grid: name, what was, what is to be, the bar, the change, the lock, the periods.

use std::time::Duration;

use domain::format::{self, Lang, Scale};
use domain::money::Minor;
use domain::plan::{NodeIndex, PeriodIndex, PlanCommand};
use leptos::prelude::*;
use leptos::{ev, html};

use super::board::{Board, Place};
use super::handle::Handle;
use super::menu::RowMenu;
use super::news::mark_words;
use super::send::Sender;
use super::{edit, focus};
use crate::ui::{Avatar, Glyph, Icon, IconSize, Standing, Tag, TagKind, is_composing, when};
use crate::words::{lang, t, t_string, use_i18n};

/// How long the second click of two may take.
const SECOND_CLICK: Duration = Duration::from_millis(250);

/// The scale of every amount in the grid, chosen by the plan's total so that columns line up.
pub(super) fn scale(board: Board, lang: Lang) -> Scale {
    let total = board
        .start(NodeIndex(0))
        .0
        .max(board.grid(|grid| grid.amount(NodeIndex(0), None)).0);
    Scale::column(Minor(total), &board.currency(), lang)
}

/// A row; `at` is its number in the scrolled list, which the style makes a place.
#[component]
pub(super) fn Row(board: Board, node: NodeIndex, at: usize) -> impl IntoView {
    let i18n = use_i18n();
    let (depth, is_member) = board.shape(|shape| (shape.depth(node), shape.reference(node).is_member()));
    let name = board.name(node);
    let parent = board.shape(|shape| shape.parent(node));
    let currency = StoredValue::new(board.currency());
    let scale = Memo::new(move |_| scale(board, lang(i18n.get_locale())));
    let cell = move |amount: Minor| {
        currency.with_value(|currency| format::money_column(amount, currency, scale.get()))
    };
    let full = move |amount: Minor| currency.with_value(|currency| format::full(amount, currency));
    let history = board.history(node);
    let share = move || {
        let amount = board.amount((node, None)).0;
        let whole = parent.map_or(amount, |parent| board.amount((parent, None)).0);
        if whole > 0 {
            format::percent(amount as f64 / whole as f64)
        } else {
            format::NONE.to_owned()
        }
    };
    let change = move || {
        let change = Minor(board.amount((node, None)).0 - board.start(node).0);
        currency.with_value(|currency| format::change(change, currency, scale.get()))
    };
    let changed = move || board.amount((node, None)) != board.start(node);
    let periods = board.about(|open| open.periods.len());
    let element = NodeRef::<html::Div>::new();
    let class = move || {
        let mut class = String::from("tr");
        if board.selected.get() == node {
            class.push_str(" selected");
        }
        if board.is_blocking(node) {
            class.push_str(" blocking");
        }
        if board.constraint((node, None)).lock.is_some() {
            class.push_str(" locked");
        }
        class
    };
    let on_key = move |event: ev::KeyboardEvent| keys(board, node, &event);
    // The focus goes with the row that the keyboard chose: from handle to handle, from row to row.
    Effect::new(move |was: Option<bool>| {
        let is = board.selected.get() == node;
        if let Some(row) = element.get()
            && is
            && was == Some(false)
        {
            focus::follow(&row);
        }
        is
    });
    let is_hedged = move || board.is_expanded(node).is_some() && board.hedge(node) != Minor(0);
    let hedged = move || {
        let words = move || {
            let amount = |amount: Minor| {
                currency.with_value(|currency| format::money_column(amount, currency, scale.get()))
            };
            match board.hedge(node) {
                Minor(over @ 0..) => t_string!(i18n, split.over, amount = amount(Minor(over))).to_string(),
                Minor(under) => t_string!(i18n, split.under, amount = amount(Minor(-under))).to_string(),
            }
        };
        view! { <Tag kind=TagKind::Standing(Standing::Behind)>{words}</Tag> }.into_any()
    };
    let at_cap = move || {
        board
            .constraint((node, None))
            .cap
            .is_some_and(|cap| board.amount((node, None)) >= cap)
    };
    let at_floor = move || {
        board
            .constraint((node, None))
            .floor
            .is_some_and(|floor| board.amount((node, None)) <= floor)
    };
    view! {
        <div
            node_ref=element
            class=class
            role="row"
            tabindex=move || if board.selected.get() == node { "0" } else { "-1" }
            attr:aria-level=u32::from(depth) + 1
            aria-expanded=move || board.is_expanded(node).map(|open| open.to_string())
            aria-selected=move || (board.selected.get() == node).to_string()
            data-node=node.0
            data-name=name.clone()
            style=("--at", at.to_string())
            on:click=move |_| board.selected.set(node)
            on:keydown=on_key
        >
            <div class="td name" role="rowheader" style=("--depth", depth.to_string())>
                <Twisty board=board node=node />
                {is_member.then(|| view! { <Avatar name=name.clone() quiet=true /> })}
                <span class=if is_member { "" } else { "strong" }>{name.clone()}</span>
                {when(is_hedged, hedged)}
                {when(at_cap, move || view! { <Tag kind=TagKind::Line>{t!(i18n, split.at_cap)}</Tag> }.into_any())}
                {when(at_floor, move || view! { <Tag kind=TagKind::Line>{t!(i18n, split.at_floor)}</Tag> }.into_any())}
            </div>
            <div class="td num muted was" role="gridcell">
                {move || history.map_or_else(|| format::NONE.to_owned(), cell)}
            </div>
            <Amount board=board place=(node, None) cell=Callback::new(cell) full=Callback::new(full) />
            <div class="td share-cell" role="gridcell">
                <Handle board=board node=node />
            </div>
            <div class="td num" role="gridcell" data-figure="share">{share}</div>
            <div class="td num" role="gridcell" class:changed=changed>{change}</div>
            <div class="td lock" role="gridcell">
                <LockButton board=board node=node />
                <RowMenu board=board node=node />
            </div>
            {(0..periods as u16)
                .map(|period| {
                    let place = (node, Some(PeriodIndex(period)));
                    view! { <Amount board=board place=place cell=Callback::new(cell) full=Callback::new(full) /> }
                })
                .collect_view()}
        </div>
    }
}

/// Unfolds what is below.
#[component]
fn Twisty(board: Board, node: NodeIndex) -> impl IntoView {
    move || match board.is_expanded(node) {
        Some(open) => view! {
            <button
                type="button"
                class="twisty"
                class:open=open
                tabindex="-1"
                aria-hidden="true"
                on:click=move |_| board.fold(node, !open)
            >
                <Icon glyph=Glyph::Right size=IconSize::Small />
            </button>
        }
        .into_any(),
        None => view! { <span class="twisty"></span> }.into_any(),
    }
}

/// An amount that can be typed into.
#[component]
fn Amount(
    board: Board,
    place: Place,
    cell: Callback<Minor, String>,
    full: Callback<Minor, String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let total = place.1.is_none();
    // Few cells are marked: the others have nothing to follow.
    let marked = board.is_marked(place).then(|| {
        let words = move || {
            board
                .mark(place)
                .map(|mark| mark_words(&mark, |amount| full.run(amount), i18n))
        };
        view! {
            {move || words().map(|words| {
                let title = words.clone();
                view! { <span class="news" title=title><span class="sr">{words}</span></span> }
            })}
        }
    });
    let locked = move || board.constraint(place).lock.is_some();
    let editing = Memo::new(move |_| {
        board
            .editing
            .with(|editing| editing.as_ref().is_some_and(|(at, _)| *at == place))
    });
    // A click asks why, two clicks type: the card waits for the second one.
    let asking = StoredValue::new(None::<TimeoutHandle>);
    let ask_why = move |clicks: i32| {
        if let Some(before) = asking.try_update_value(Option::take).flatten() {
            before.clear();
        }
        if clicks > 1 {
            return;
        }
        let later = set_timeout_with_handle(move || board.why.set(Some(place)), SECOND_CLICK);
        asking.set_value(later.ok());
    };
    view! {
        <div
            class="td num amount"
            class:total=total
            class:strong=total
            class:held=locked
            role="gridcell"
            data-period=place.1.map(|period| period.0)
            data-minor=move || board.amount(place).0
            title=move || full.run(board.amount(place))
            on:dblclick=move |_| edit::begin(board, place, None)
        >
            {marked}
            {move || {
                if editing.get() {
                    view! { <edit::EditCell board=board place=place /> }.into_any()
                } else {
                    view! {
                        <button type="button" class="figure-button" tabindex="-1" on:click=move |event| {
                            event.stop_propagation();
                            board.selected.set(place.0);
                            ask_why(event.detail());
                        }>{move || cell.run(board.amount(place))}</button>
                    }
                    .into_any()
                }
            }}
        </div>
    }
}

/// Shows the lock and sets or releases it.
#[component]
fn LockButton(board: Board, node: NodeIndex) -> impl IntoView {
    let i18n = use_i18n();
    let sender = expect_context::<Sender>();
    let locked = Memo::new(move |_| board.constraint((node, None)).lock.is_some());
    let label = move || {
        if locked.get() {
            let by = board.locked_by((node, None)).unwrap_or_default();
            format!("{} {by}", t_string!(i18n, split.menu_unlock))
        } else {
            t_string!(i18n, split.menu_lock).to_string()
        }
    };
    view! {
        <button
            type="button"
            class="icb lock-button"
            class:on=move || locked.get()
            tabindex="-1"
            disabled=!board.may_edit()
            aria-pressed=move || locked.get().to_string()
            aria-label=label
            title=label
            on:click=move |event| {
                event.stop_propagation();
                sender.send(lock_command(board, node));
            }
        >
            {move || {
                let glyph = if locked.get() { Glyph::Lock } else { Glyph::Unlock };
                view! { <Icon glyph=glyph /> }
            }}
        </button>
    }
}

/// Sets the lock of a row's total, or releases it.
pub(super) fn lock_command(board: Board, node: NodeIndex) -> PlanCommand {
    if board.grid(|grid| grid.constraint(node, None).lock.is_some()) {
        PlanCommand::Unlock { node, period: None }
    } else {
        PlanCommand::Lock {
            node,
            period: None,
            by: board.about(|open| open.me),
        }
    }
}

/// Keys of the treegrid pattern: arrows move and fold, Enter opens the menu, F2 or typing edits.
fn keys(board: Board, node: NodeIndex, event: &ev::KeyboardEvent) {
    if is_composing(event)
        || board.editing.get_untracked().is_some()
        || event.ctrl_key()
        || event.meta_key()
        || event.alt_key()
    {
        return;
    }
    let rows = board.rows();
    let at = rows.iter().position(|row| *row == node).unwrap_or(0);
    let select = |index: usize| {
        if let Some(row) = rows.get(index) {
            board.selected.set(*row);
        }
    };
    let key = event.key();
    let on_row = event.target() == event.current_target();
    match key.as_str() {
        "ArrowDown" => select(at + 1),
        "ArrowUp" => select(at.saturating_sub(1)),
        "Home" if on_row => select(0),
        "End" if on_row => select(rows.len().saturating_sub(1)),
        "ArrowRight" if on_row && board.is_expanded(node) == Some(false) => board.fold(node, true),
        "ArrowLeft" if on_row && board.is_expanded(node) == Some(true) => board.fold(node, false),
        "ArrowLeft" if on_row => {
            if let Some(parent) = board.shape(|shape| shape.parent(node)) {
                board.selected.set(parent);
            }
        }
        "Enter" if on_row => board.menu.set(Some(node)),
        "ContextMenu" => board.menu.set(Some(node)),
        "F10" if event.shift_key() => board.menu.set(Some(node)),
        "F2" => edit::begin(board, (node, None), None),
        _ if key.chars().count() == 1
            && key
                .chars()
                .all(|typed| typed.is_ascii_digit() || "=+-".contains(typed)) =>
        {
            edit::begin(board, (node, None), Some(key.clone()));
        }
        _ => return,
    }
    event.prevent_default();
}
